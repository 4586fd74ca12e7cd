//! Pages of a list: `limit` and `cursor` in, a `next` link out.
//!
//! A cursor holds the key after which the next page begins, and the hash of the query that it belongs to:
//! with another query it is rejected, and never returns a wrong or empty page.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use waymark_domain::code::Code;

use crate::http::problem::{Fault, Kind, Problem};

/// Items on a page if the request has no limit.
pub(crate) const DEFAULT_LIMIT: u16 = 50;
/// The most items on a page.
pub(crate) const MAX_LIMIT: u16 = 500;

/// Which page of a list is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    /// Items to return, 1 to [`MAX_LIMIT`].
    pub limit: u16,
    /// The parts of the key after which the page begins; none for the first page.
    pub after: Option<Vec<String>>,
    /// Path and filters, without limit and cursor.
    list: String,
    has_filter: bool,
}

impl Page {
    /// Reads the parameters of a list at `path`, narrowed by `filter` (a query string without `limit` and
    /// `cursor`, empty if there is no filter). A key of the list has `parts` parts.
    ///
    /// # Errors
    /// 400 if the limit is out of range, or the cursor belongs to another list.
    pub(crate) fn read(
        path: &str,
        filter: &str,
        parts: usize,
        limit: Option<u16>,
        cursor: Option<&str>,
    ) -> Result<Self, Problem> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(fault(
                "limit",
                &format!("found {limit}, expected a whole number from 1 to {MAX_LIMIT}"),
            ));
        }
        let list = if filter.is_empty() { path.to_owned() } else { format!("{path}?{filter}") };
        let page = Self { limit, after: None, list, has_filter: !filter.is_empty() };
        let Some(cursor) = cursor else { return Ok(page) };
        let after = page.decode(cursor).filter(|after| after.len() == parts);
        let after = after.ok_or_else(bad_cursor)?;
        Ok(Self { after: Some(after), ..page })
    }

    /// How many rows to ask the store for: one more than the page has, to see whether there is a next page.
    pub(crate) fn rows(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// Cuts `rows` to the page, and returns the link to the next page, if there is one.
    pub(crate) fn cut<T>(&self, rows: &mut Vec<T>, key: impl Fn(&T) -> Vec<String>) -> Option<String> {
        let limit = usize::from(self.limit);
        if rows.len() <= limit {
            return None;
        }
        rows.truncate(limit);
        let cursor = self.encode(&key(rows.last()?));
        let separator = if self.has_filter { '&' } else { '?' };
        Some(format!("{}{separator}limit={}&cursor={cursor}", self.list, self.limit))
    }

    /// The key after which the page begins, for a list whose keys have one part.
    pub(crate) fn first_key(&self) -> Option<&str> {
        self.after.as_ref()?.first().map(String::as_str)
    }

    /// The code after which the page begins, for a list that is sorted by code.
    ///
    /// # Errors
    /// 400 if the cursor holds no code.
    pub(crate) fn code_after(&self) -> Result<Option<Code>, Problem> {
        self.first_key().map(Code::new).transpose().map_err(|_| bad_cursor())
    }

    fn mark(&self) -> String {
        Sha256::digest(self.list.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    fn encode(&self, after: &[String]) -> String {
        let mut parts = vec![self.mark()];
        parts.extend_from_slice(after);
        URL_SAFE_NO_PAD.encode(serde_json::Value::from(parts).to_string())
    }

    fn decode(&self, cursor: &str) -> Option<Vec<String>> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let mut parts: Vec<String> = serde_json::from_slice(&bytes).ok()?;
        if parts.first() != Some(&self.mark()) || parts.iter().any(|part| part.contains('\0')) {
            return None;
        }
        parts.remove(0);
        Some(parts)
    }
}

/// A cursor that does not belong to its list.
pub(crate) fn bad_cursor() -> Problem {
    fault(
        "cursor",
        "this is not a cursor of this list with these filters: take it from the `next` link of a page, and send the same \
         filters with it",
    )
}

fn fault(name: &str, detail: &str) -> Problem {
    Problem::new(Kind::InvalidQuery).faults([Fault::in_parameter(name, "invalid_value", detail)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor(next: &str) -> String {
        next.rsplit_once("cursor=").unwrap().1.to_owned()
    }

    #[test]
    fn the_next_page_begins_after_the_last_item() {
        let first = Page::read("/v1/x", "theme=a", 1, Some(2), None).unwrap();
        assert_eq!(first.rows(), 3);
        let mut rows = vec!["a", "b", "c"];
        let next = first.cut(&mut rows, |row| vec![(*row).to_owned()]).unwrap();
        assert_eq!(rows, ["a", "b"]);
        assert!(next.starts_with("/v1/x?theme=a&limit=2&cursor="));
        let second = Page::read("/v1/x", "theme=a", 1, Some(2), Some(&cursor(&next))).unwrap();
        assert_eq!(second.after, Some(vec!["b".to_owned()]));
        assert_eq!(second.cut(&mut vec!["c"], |row| vec![(*row).to_owned()]), None);
    }

    #[test]
    fn a_cursor_of_another_list_is_rejected() {
        let next = Page::read("/v1/x", "", 1, Some(1), None)
            .unwrap()
            .cut(&mut vec!["a", "b"], |row| vec![(*row).to_owned()])
            .unwrap();
        let read = |path, filter, parts| Page::read(path, filter, parts, None, Some(&cursor(&next)));
        assert!(read("/v1/x", "", 1).is_ok());
        assert!(read("/v1/y", "", 1).is_err());
        assert!(read("/v1/x", "theme=a", 1).is_err());
        assert!(read("/v1/x", "", 2).is_err());
        assert!(Page::read("/v1/x", "", 1, None, Some("!")).is_err());
        assert!(Page::read("/v1/x", "", 1, Some(0), None).is_err());
        assert!(Page::read("/v1/x", "", 1, Some(501), None).is_err());
    }
}
