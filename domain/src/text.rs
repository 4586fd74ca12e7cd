//! Texts that people write: names, titles and notes, each with its bound.

use std::{fmt, str::FromStr};

/// A text of 1 to `MAX` characters, without white space at its ends and without control characters other
/// than line feed and tab.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(String);

/// A short name: a component, a category, a role, an officer's post.
pub type Name = Text<120>;
/// A title or a line of explanation.
pub type Title = Text<500>;
/// A note or a reason of some paragraphs.
pub type Note = Text<4000>;
/// An account of a quarter, in Markdown.
pub type Narrative = Text<20_000>;

/// Why a text is no [`Text`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// More characters than its bound.
    #[error("the text has more than {0} characters")]
    TooLong(usize),
    /// A control character, a null byte for one.
    #[error("the text has a control character in it")]
    Control,
}

impl<const MAX: usize> Text<MAX> {
    /// The most characters that it has.
    pub const MAX_LEN: usize = MAX;

    /// Trims and checks.
    pub fn new(text: &str) -> Result<Self, TextError> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(TextError::Empty);
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(TextError::Control);
        }
        // No text has more characters than bytes.
        if text.len() > MAX && text.chars().count() > MAX {
            return Err(TextError::TooLong(MAX));
        }
        Ok(Self(trimmed.to_owned()))
    }

    /// The text of a cell as it was written, made to fit: control characters become spaces, and what
    /// passes the bound is cut and closed with an ellipsis. `None` where nothing is left.
    pub fn fitted(text: &str) -> Option<Self> {
        let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let clean = clean.trim();
        let cut = match clean.chars().count() > MAX {
            true => clean.chars().take(MAX.saturating_sub(1)).chain(['\u{2026}']).collect(),
            false => clean.to_owned(),
        };
        Self::new(&cut).ok()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> FromStr for Text<MAX> {
    type Err = TextError;
    fn from_str(text: &str) -> Result<Self, TextError> {
        Self::new(text)
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims_and_bounds() {
        assert_eq!(Name::new("  White group ").unwrap().as_str(), "White group");
        assert_eq!(Name::new(" \t "), Err(TextError::Empty));
        assert_eq!(Name::new("a\0b"), Err(TextError::Control));
        assert_eq!(Name::new(&"\u{e9}".repeat(120)).unwrap().as_str().chars().count(), 120);
        assert_eq!(Name::new(&"e".repeat(121)), Err(TextError::TooLong(120)));
        assert_eq!(Text::<4>::fitted("a\0bcdef").unwrap().as_str(), "a b\u{2026}");
        assert_eq!(Text::<4>::fitted("\0"), None);
    }
}
