//! Codes: the short names by which people call organisations, plans, indicators and measures.

use std::{fmt, str::FromStr};

/// A short name that is unique in its parent and never changes: `NI112`, `cypp-2008`, `HW-1d`.
///
/// 1 to [`Code::MAX_LEN`] characters: ASCII letters, digits, `.`, `_` and `-`, the first a letter or digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(String);

/// Why a text is no [`Code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Nothing in it.
    #[error("a code has at least one character")]
    Empty,
    /// Longer than [`Code::MAX_LEN`].
    #[error("a code has at most {} characters", Code::MAX_LEN)]
    TooLong,
    /// A character that a code may not have, or a first one that is no letter or digit.
    #[error("a code has letters, digits, '.', '_' and '-' only, and starts with a letter or digit")]
    Character,
}

impl Code {
    /// The most characters a code has.
    pub const MAX_LEN: usize = 64;

    /// Takes a text that follows the rule above; [`CodeError`] says what is wrong with any other.
    pub fn new(text: impl Into<String>) -> Result<Self, CodeError> {
        let text = text.into();
        let Some(first) = text.bytes().next() else {
            return Err(CodeError::Empty);
        };
        if text.len() > Self::MAX_LEN {
            return Err(CodeError::TooLong);
        }
        let may_stand = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        if !first.is_ascii_alphanumeric() || !text.bytes().all(may_stand) {
            return Err(CodeError::Character);
        }
        Ok(Self(text))
    }

    /// The code made of a title, for indicators without one: lower-case words joined by `-`.
    ///
    /// A title that is too long is cut and closed with a checksum of the whole title (FNV-1a, 32 bits), so
    /// that two titles that begin alike stay two codes, and one title makes the same code every time.
    pub fn from_title(title: &str) -> Self {
        let mut slug = String::new();
        for character in title.chars() {
            if character.is_ascii_alphanumeric() {
                slug.push(character.to_ascii_lowercase());
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let slug = slug.trim_end_matches('-');
        let checksum = title
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        if slug.is_empty() {
            return Self(format!("x-{checksum:08x}"));
        }
        if slug.len() <= Self::MAX_LEN {
            return Self(slug.to_owned());
        }
        let kept: String = slug.chars().take(Self::MAX_LEN - 9).collect();
        Self(format!("{}-{checksum:08x}", kept.trim_end_matches('-')))
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Code {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        Self::new(text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_codes_that_the_reports_use() {
        for text in ["NI112", "HW-1d", "cypp-2008-2011", "IN1.1", "a_b"] {
            assert_eq!(Code::new(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn refuses_what_would_not_stand_in_a_path() {
        assert_eq!(Code::new(""), Err(CodeError::Empty));
        assert_eq!(Code::new("a".repeat(65)), Err(CodeError::TooLong));
        for text in ["a b", "-a", ".a", "a/b", "caf\u{e9}", "a\0"] {
            assert_eq!(Code::new(text), Err(CodeError::Character), "{text:?}");
        }
    }

    #[test]
    fn titles_that_begin_alike_make_two_codes() {
        let common = "Ensure that young people identified with mental health needs are referred in ";
        let acute = Code::from_title(&format!("{common}acute cases"));
        let other = Code::from_title(&format!("{common}non acute cases"));
        assert_ne!(acute, other);
        assert_eq!(Code::new(acute.as_str()), Ok(acute.clone()));
        assert_eq!(Code::from_title("Numbers of foster carers!").as_str(), "numbers-of-foster-carers");
        assert!(Code::new(Code::from_title("\u{2013}").as_str()).is_ok());
    }
}
