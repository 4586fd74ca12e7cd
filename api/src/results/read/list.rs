//! The results of an organisation, a page at a time, without small counts that the caller may not see.

use std::collections::{BTreeSet, HashMap, HashSet};

use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::disclosure::{may_tell_a_count, suppressed};
use waymark_domain::indicator::Breakdown;
use waymark_domain::observation::{Figure, Observation};
use waymark_domain::organisation::Organisation;
use waymark_domain::text::Name;
use waymark_persistence::results::{ResultFilter, ResultKey, StoredResult, list};
use waymark_persistence::{Connection, Record, indicator, jobs, submission};

use super::schema::{ResultRecord, ResultRecordPage};
use crate::http::page::{Page, bad_cursor};
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::validation::unknown_filter_value;
use crate::store::organisations;

/// Parts of the key of a result, as a cursor holds it.
pub(crate) const KEY_PARTS: usize = 4;

/// What is asked for, and by whom.
#[derive(Clone)]
pub(crate) struct Listing {
    pub(crate) organisation: Code,
    pub(crate) indicator: Option<Code>,
    pub(crate) filter: ResultFilter,
    pub(crate) page: Page,
    pub(crate) sees_small_counts: bool,
}

impl Listing {
    /// Loads the page.
    ///
    /// # Errors
    /// 404 if there is no such organisation, 422 if there is no such indicator or submission, 400 if the cursor has no key.
    pub(crate) fn load(self, connection: &mut Connection) -> Result<ResultRecordPage, Problem> {
        let Self { organisation, indicator, mut filter, page, sees_small_counts } = self;
        let organisation = organisations::find(connection, &organisation)?;
        if let Some(code) = indicator {
            filter.indicators = Some(ids_of(connection, &organisation, &code)?);
        }
        check_submission(connection, &organisation, filter.submission)?;
        let after = page.after.as_deref().map(key_after).transpose()?;
        let own = organisation.versioned.id;
        let mut rows = list(connection, own, &filter, after.as_ref(), page.rows())?;
        let next = page.cut(&mut rows, |row| parts_of(&row.key()));
        let hidden = match sees_small_counts {
            true => HashSet::new(),
            false => hidden(connection, &organisation, &filter, &rows)?,
        };
        let items = rows.iter().map(|row| ResultRecord::of(row, hidden.contains(&row.id))).collect();
        Ok(ResultRecordPage { items, next })
    }
}

/// The indicators of that code: the organisation's own and the catalogue's, since results may have been sent
/// before the organisation had its own.
pub(crate) fn ids_of(
    connection: &mut Connection,
    organisation: &Record<Organisation>,
    code: &Code,
) -> Result<Vec<Uuid>, Problem> {
    let owners = crate::results::ingest::validate::owners(connection, organisation)?;
    let found = indicator::find_many(connection, &owners, std::slice::from_ref(code), None)?;
    if found.is_empty() {
        let mut codes = Vec::new();
        for owner in owners {
            let indicators = indicator::list(connection, owner, None, i64::MAX, None)?;
            codes.extend(indicators.into_iter().map(|record| record.code));
        }
        let codes = codes.iter().map(Code::as_str);
        return Err(unknown_filter_value("indicator", "indicator", code.as_str(), codes));
    }
    Ok(found.into_iter().map(|record| record.versioned.id).collect())
}

/// Checks that the submission of a filter exists.
///
/// # Errors
/// 422 if the organisation has no such submission.
pub(crate) fn check_submission(
    connection: &mut Connection,
    organisation: &Record<Organisation>,
    submission: Option<Uuid>,
) -> Result<(), Problem> {
    let (own, Some(id)) = (organisation.versioned.id, submission) else { return Ok(()) };
    if submission::find(connection, own, id)?.is_some() || jobs::find(connection, own, id)?.is_some() {
        return Ok(());
    }
    let detail =
        format_args!("the organisation has no submission `{id}`: list its submissions for their ids");
    let fault = Fault::in_parameter("submission", "unknown_value", detail);
    Err(Problem::new(Kind::UnknownFilterValue).faults([fault]))
}

/// Which of the rows the caller may not see. What a small count could be worked out from counts as well, so each
/// is weighed together with all results of its indicator and period, whether they are asked for or not.
fn hidden(
    connection: &mut Connection,
    organisation: &Record<Organisation>,
    filter: &ResultFilter,
    rows: &[StoredResult],
) -> Result<HashSet<Uuid>, Problem> {
    let indicators: BTreeSet<Uuid> = rows.iter().map(|row| row.indicator).collect();
    let ids: Vec<Uuid> = indicators.into_iter().collect();
    let around = ResultFilter {
        indicators: Some(ids.clone()),
        from: rows.iter().map(|row| row.observation.period.first_day()).min(),
        to: rows.iter().map(|row| row.observation.period.last_day()).max(),
        known_at: filter.known_at,
        ..ResultFilter::default()
    };
    let weighed = list(connection, organisation.versioned.id, &around, None, i64::MAX)?;
    let threshold = organisation.versioned.content.small_count_threshold;
    let mut of_indicator: HashMap<Uuid, Vec<&StoredResult>> = HashMap::with_capacity(ids.len());
    for result in &weighed {
        of_indicator.entry(result.indicator).or_default().push(result);
    }
    let mut hidden = HashSet::new();
    for record in indicator::of_ids(connection, &ids, None)? {
        let results = of_indicator.remove(&record.versioned.id).unwrap_or_default();
        let observations: Vec<&Observation> = results.iter().map(|result| &result.observation).collect();
        let verdicts = suppressed(&observations, record.versioned.content.unit, threshold);
        for (result, is_small) in results.iter().zip(verdicts) {
            if is_small || is_unread_count(&result.observation.figure) {
                hidden.insert(result.id);
            }
        }
    }
    Ok(hidden)
}

/// An unread cell has no number to compare: where it may hold a count, it is treated as a small one.
pub(crate) fn is_unread_count(figure: &Figure) -> bool {
    match figure {
        Figure::Unread { text, .. } => may_tell_a_count(text.as_str()),
        Figure::Value(_) => false,
    }
}

fn parts_of(key: &ResultKey) -> Vec<String> {
    let ResultKey { indicator, period, breakdown, component } = key;
    let breakdown = breakdown.as_ref().map(ToString::to_string).unwrap_or_default();
    let component = component.as_ref().map(ToString::to_string).unwrap_or_default();
    vec![indicator.to_string(), period.to_string(), breakdown, component]
}

fn key_after(parts: &[String]) -> Result<ResultKey, Problem> {
    let [indicator, period, breakdown, component] = parts else { return Err(bad_cursor()) };
    let key = || {
        let breakdown: Option<Option<Breakdown>> = part(breakdown);
        let component: Option<Option<Name>> = part(component);
        Some(ResultKey {
            indicator: indicator.parse().ok()?,
            period: period.parse().ok()?,
            breakdown: breakdown?,
            component: component?,
        })
    };
    key().ok_or_else(bad_cursor)
}

/// A part of a key, empty where there is none; none where it cannot be read.
fn part<T: std::str::FromStr>(text: &str) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_goes_into_a_cursor_and_comes_out() {
        for (breakdown, component) in [("", ""), ("gender=girls", "Dose 1")] {
            let parts: Vec<String> =
                ["0190a0b0-0000-7000-8000-000000000001", "FY2009-10-Q3", breakdown, component]
                    .map(str::to_owned)
                    .into();
            assert_eq!(parts_of(&key_after(&parts).unwrap()), parts);
        }
        assert!(key_after(&["x".into(), "FY2009-10".into(), String::new(), String::new()]).is_err());
    }
}
