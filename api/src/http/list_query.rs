//! The parameters that many reads share: a page, and the moment as of which it is known.

use chrono::{DateTime, Utc};
use form_urlencoded::Serializer;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::http::page::{Page, bad_cursor};
use crate::http::problem::{Fault, Kind, Problem};

/// The moment as of which something is known; none for now.
pub(crate) type Moment = Option<DateTime<Utc>>;

/// Which moment.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct KnownQuery {
    /// Returns what was known at this moment. Defaults to now.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
}

/// Which page, and which moment.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// The number of items on a page.
    #[param(minimum = 1, maximum = 500, default = 50, nullable = false)]
    limit: Option<u16>,
    /// Where the page begins: the cursor in the `next` link of the previous page.
    #[param(max_length = 1000, pattern = "^[A-Za-z0-9_-]+$", nullable = false)]
    cursor: Option<String>,
    /// Returns what was known at this moment. Defaults to now.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
}

/// Which page of a history.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct HistoryQuery {
    /// The number of items on a page.
    #[param(minimum = 1, maximum = 500, default = 50, nullable = false)]
    limit: Option<u16>,
    /// Where the page begins: the cursor in the `next` link of the previous page.
    #[param(max_length = 1000, pattern = "^[A-Za-z0-9_-]+$", nullable = false)]
    cursor: Option<String>,
}

impl KnownQuery {
    /// The moment; none for what is known now.
    ///
    /// # Errors
    /// 400 for a moment in the future.
    pub(crate) fn moment(self) -> Result<Moment, Problem> {
        past(self.as_known_at)
    }
}

impl ListQuery {
    /// The page of the list at `path`, and the moment.
    ///
    /// # Errors
    /// 400 for a bad limit or cursor, or a moment in the future.
    pub(crate) fn read(self, path: &str) -> Result<(Page, Moment), Problem> {
        let Self { limit, cursor, as_known_at } = self;
        let moment = past(as_known_at)?;
        let mut filter = Serializer::new(String::new());
        if let Some(moment) = moment {
            filter.append_pair("as_known_at", &moment.to_rfc3339());
        }
        Ok((Page::read(path, &filter.finish(), 1, limit, cursor.as_deref())?, moment))
    }
}

impl HistoryQuery {
    /// The page of the history at `path`, and the revision before which it begins.
    ///
    /// # Errors
    /// 400 for a bad limit or cursor.
    pub(crate) fn read(self, path: &str) -> Result<(Page, Option<i64>), Problem> {
        let Self { limit, cursor } = self;
        let page = Page::read(path, "", 1, limit, cursor.as_deref())?;
        let before = page.after.as_ref().and_then(|parts| parts.first()).map(|text| text.parse());
        let before = before.transpose().map_err(|_| bad_cursor())?;
        Ok((page, before))
    }
}

/// Rejects a moment in the future: what will be known by then cannot be reproduced.
///
/// # Errors
/// 400 for a moment in the future.
pub(crate) fn past(moment: Moment) -> Result<Moment, Problem> {
    if moment.is_some_and(|moment| moment > Utc::now()) {
        let fault = Fault::in_parameter(
            "as_known_at",
            "in_future",
            "the moment is in the future: send a moment in the past, or omit the parameter",
        );
        return Err(Problem::new(Kind::InvalidQuery).faults([fault]));
    }
    Ok(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(as_known_at: Option<&str>, cursor: Option<String>) -> ListQuery {
        let as_known_at = as_known_at.map(|text| text.parse().unwrap());
        ListQuery { limit: Some(1), cursor, as_known_at }
    }

    fn next(page: &Page) -> String {
        page.cut(&mut vec!["a", "b"], |code| vec![(*code).to_owned()]).unwrap()
    }

    #[test]
    fn the_next_page_is_known_at_the_same_moment() {
        let (page, moment) = list(Some("2011-01-01T00:00:00Z"), None).read("/v1/x").unwrap();
        assert_eq!(moment, Some("2011-01-01T00:00:00Z".parse().unwrap()));
        let link = next(&page);
        assert!(
            link.starts_with("/v1/x?as_known_at=2011-01-01T00%3A00%3A00%2B00%3A00&limit=1&cursor="),
            "{link}"
        );
        let cursor = link.rsplit_once('=').map(|(_, cursor)| cursor.to_owned());
        assert!(list(Some("2011-01-01T00:00:00Z"), cursor.clone()).read("/v1/x").is_ok());
        assert!(list(None, cursor).read("/v1/x").is_err());
    }

    #[test]
    fn a_moment_in_the_future_is_rejected() {
        assert!(list(Some("2999-01-01T00:00:00Z"), None).read("/v1/x").is_err());
    }

    #[test]
    fn a_history_goes_on_below_the_last_revision() {
        let query = |cursor| HistoryQuery { limit: Some(1), cursor };
        let (page, before) = query(None).read("/v1/x/history").unwrap();
        assert_eq!(before, None);
        let cursor_of = |key: &str| {
            let link = page.cut(&mut vec![0, 1], |_| vec![key.to_owned()]).unwrap();
            link.rsplit_once('=').map(|(_, cursor)| cursor.to_owned())
        };
        assert_eq!(query(cursor_of("7")).read("/v1/x/history").unwrap().1, Some(7));
        assert!(query(cursor_of("x")).read("/v1/x/history").is_err());
    }
}
