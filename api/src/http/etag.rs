//! Entity tags: of a revision, of bytes, and the conditions that callers set with them.

use std::fmt;
use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{HeaderMap, HeaderName, IF_MATCH, IF_NONE_MATCH},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::http::problem::{Fault, Kind, Problem};

/// The longest tag that is taken from a caller, in characters between the quotes.
const MAX_TAG: usize = 64;
/// What the tag of a compressed response ends with. A condition means the same thing with it and without it.
pub(crate) const COMPRESSED: &str = "-gzip";
/// The most tags in one header.
const MAX_TAGS: usize = 10;

/// A strong entity tag, with its quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ETag(String);

impl ETag {
    /// The tag of one thing at one revision. It is the same for every caller.
    pub(crate) fn of_revision(id: Uuid, revision: i64) -> Self {
        let id = id.simple().to_string();
        // The end of a UUIDv7 is its random part.
        let tail = id.get(20..).unwrap_or(&id);
        Self(format!("\"{revision}-{tail}\""))
    }

    /// The tag of an answer that was worked out: 128 bits of its hash.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        let hash = Sha256::digest(bytes);
        let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Self(format!("\"{hex}\""))
    }

    /// The tag as it stands in headers.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `If-Match` and `If-None-Match` as they were sent.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    if_match: Option<Tags>,
    if_none_match: Option<Tags>,
}

#[derive(Debug, PartialEq, Eq)]
enum Tags {
    Any,
    Listed(Vec<Tag>),
}

#[derive(Debug, PartialEq, Eq)]
struct Tag {
    weak: bool,
    text: String,
}

impl Conditions {
    /// Those of a request.
    ///
    /// # Errors
    /// 400 where what is sent is no entity tag.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        Ok(Self { if_match: tags(headers, &IF_MATCH)?, if_none_match: tags(headers, &IF_NONE_MATCH)? })
    }

    /// Whether the caller has this already (weak comparison, RFC 9110, section 13.1.2).
    pub(crate) fn has_already(&self, current: &ETag) -> bool {
        match &self.if_none_match {
            None => false,
            Some(Tags::Any) => true,
            Some(Tags::Listed(tags)) => tags.iter().any(|tag| tag.text == current.0),
        }
    }

    /// Checks that a change was made from what is there now (strong comparison).
    ///
    /// # Errors
    /// 428 without `If-Match`, 412 where it names another revision.
    pub(crate) fn must_match(&self, current: &ETag) -> Result<(), Problem> {
        let matches = match &self.if_match {
            None => {
                return Err(Problem::new(Kind::PreconditionRequired)
                    .detail("read it first, and send its ETag as If-Match"));
            }
            Some(Tags::Any) => true,
            Some(Tags::Listed(tags)) => tags.iter().any(|tag| !tag.weak && tag.text == current.0),
        };
        if matches {
            return Ok(());
        }
        Err(Problem::new(Kind::PreconditionFailed).detail(
            "it has changed since it was read: read it again, and repeat the change with the new ETag",
        ))
    }
}

impl FromRequest for Conditions {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request.headers()))
    }
}

fn tags(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Tags>, Problem> {
    let mut listed = Vec::new();
    for value in headers.get_all(name) {
        match value.to_str().unwrap_or_default().trim() {
            "*" => return Ok(Some(Tags::Any)),
            text => listed.extend(list(text).ok_or_else(|| {
                let fault = Fault::in_parameter(name.as_str(), "invalid_value", "it is no entity tag");
                Problem::new(Kind::InvalidHeader).faults([fault])
            })?),
        }
    }
    Ok((!listed.is_empty()).then_some(Tags::Listed(listed)))
}

/// Tags with commas between them; a tag may hold commas too.
fn list(text: &str) -> Option<Vec<Tag>> {
    let mut tags = Vec::new();
    let mut rest = text;
    loop {
        let (weak, quoted) = match rest.strip_prefix("W/") {
            Some(quoted) => (true, quoted),
            None => (false, rest),
        };
        let (inner, after) = quoted.strip_prefix('"')?.split_once('"')?;
        if inner.len() > MAX_TAG || !inner.bytes().all(|b| b.is_ascii_graphic()) || tags.len() == MAX_TAGS {
            return None;
        }
        let plain = inner.strip_suffix(COMPRESSED).unwrap_or(inner);
        tags.push(Tag { weak, text: format!("\"{plain}\"") });
        match after.trim_start() {
            "" => return Some(tags),
            more => rest = more.strip_prefix(',')?.trim_start(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn conditions(name: &'static str, value: &'static str) -> Result<Conditions, Problem> {
        let request = TestRequest::default().insert_header((name, value)).to_http_request();
        Conditions::extract(&request).into_inner()
    }

    #[test]
    fn a_known_tag_is_not_sent_again() {
        let current = ETag("\"2-abc\"".into());
        for sent in
            ["\"2-abc\"", "\"2-abc-gzip\"", "\"1,abc\",\"2-abc\"", "\"\" , W/\"2-abc\"", "W/\"2-abc\"", "*"]
        {
            assert!(conditions("if-none-match", sent).unwrap().has_already(&current), "{sent}");
        }
        assert!(!conditions("if-none-match", "\"1-abc\"").unwrap().has_already(&current));
        assert!(!Conditions::default().has_already(&current));
    }

    #[test]
    fn a_change_is_made_from_what_is_there() {
        let current = ETag("\"2-abc\"".into());
        let kind = |sent| {
            conditions("if-match", sent).unwrap().must_match(&current).map_err(|problem| problem.kind())
        };
        assert_eq!(kind("\"2-abc\""), Ok(()));
        assert_eq!(kind("\"2-abc-gzip\""), Ok(()));
        assert_eq!(kind("*"), Ok(()));
        assert_eq!(kind("\"1-abc\""), Err(Kind::PreconditionFailed));
        assert_eq!(kind("W/\"2-abc\""), Err(Kind::PreconditionFailed));
        let missing = Conditions::default().must_match(&current).unwrap_err();
        assert_eq!(missing.kind(), Kind::PreconditionRequired);
    }

    #[test]
    fn what_is_no_entity_tag_is_refused() {
        for sent in
            ["2-abc", "\"a", "\"a\",", ",\"a\"", "\"a\"\"b\"", "\"a b\"", "W/*", "w/\"a\"", "\"a\", *"]
        {
            assert_eq!(conditions("if-match", sent).unwrap_err().kind(), Kind::InvalidHeader, "{sent}");
        }
        assert!(list(&format!("\"{}\"", "a".repeat(64))).is_some());
        assert!(list(&format!("\"{}\"", "a".repeat(65))).is_none());
        assert!(list(&["\"a\""; 10].join(",")).is_some());
        assert!(list(&["\"a\""; 11].join(",")).is_none());
    }

    #[test]
    fn equal_bytes_have_equal_tags() {
        assert_eq!(ETag::of_bytes(b"a"), ETag::of_bytes(b"a"));
        assert_ne!(ETag::of_bytes(b"a"), ETag::of_bytes(b"b"));
        assert_eq!(ETag::of_bytes(b"").as_str(), "\"e3b0c44298fc1c149afbf4c8996fb924\"");
    }
}
