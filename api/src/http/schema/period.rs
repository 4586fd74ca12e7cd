//! Periods on the wire, and what to say of a text that is not one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::period::{self, PeriodError};

use crate::http::sentence::quoted;
use crate::http::shape::day_first;
use crate::http::validation::{Coded, Faults};

/// A period: `2010-06`, `FY2009-10`, `FY2009-10-Q3`, `FY2009-10-H1`, `AY2008-09`, `CY2009`,
/// `2009-04-01/2009-12-31` or `2009-09-30`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(
    pattern = "^(?:FY(?:19|20|21)[0-9]{2}-[0-9]{2}(?:-(?:Q[1-4]|H[12]))?|AY(?:19|20|21)[0-9]{2}-[0-9]{2}|CY(?:19|20|21)[0-9]{2}|(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01])(?:/(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))?)?)$",
    max_length = 21,
    example = "FY2009-10"
)]
pub(crate) struct Period(pub(super) String);

impl Period {
    /// Into the domain.
    pub(crate) fn read(&self, faults: &mut Faults, field: &str) -> Option<period::Period> {
        let read: Result<period::Period, PeriodError> = self.0.parse();
        read.map_err(|error| faults.note(field, error.code(), not_a_period(&self.0, error))).ok()
    }
}

impl From<period::Period> for Period {
    fn from(period: period::Period) -> Self {
        Self(period.to_string())
    }
}

/// What to say of a text that is not a period, with the period that was probably meant.
pub(crate) fn not_a_period(text: &str, error: PeriodError) -> String {
    let found = quoted(text);
    if let Some((first, last)) = two_years(text) {
        return format!(
            "found {found}; write FY{first}-{last:02} for the financial year (April to March), or AY{first}-{last:02} for \
             the academic year (September to August)"
        );
    }
    if let Some(date) = day_first(text) {
        return format!("found {found}; a date is written year-month-day, here {date}");
    }
    if let Some(year) = text.parse::<u32>().ok().filter(|_| text.len() == 4) {
        let last = (year + 1) % 100;
        return format!(
            "found {found}; write CY{year} for the calendar year, or FY{year}-{last:02} for the financial year"
        );
    }
    match error {
        PeriodError::Form => format!(
            "found {found}; expected a period such as FY2009-10, FY2009-10-Q3, AY2008-09, CY2009, 2010-06, 2009-09-30 or \
             2009-04-01/2009-12-31"
        ),
        error => format!("found {found}: {error}"),
    }
}

/// The years of `2016-17`, `2016/17` or `2016-2017`.
fn two_years(text: &str) -> Option<(u32, u32)> {
    let (first, last) = text.split_once(['-', '/'])?;
    let digits = |part: &str, lengths: &[usize]| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !digits(first, &[4]) || !digits(last, &[2, 4]) {
        return None;
    }
    let (first, last) = (first.parse::<u32>().ok()?, last.parse::<u32>().ok()?);
    ((first + 1) % 100 == last % 100).then_some((first, last % 100))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(text: &str) -> String {
        let mut faults = Faults::default();
        assert_eq!(Period(text.to_owned()).read(&mut faults, ""), None);
        faults.into_found().remove(0).detail
    }

    #[test]
    fn the_period_that_was_meant_is_shown() {
        assert_eq!(
            says("2016-17"),
            "found `2016-17`; write FY2016-17 for the financial year (April to March), or AY2016-17 for the academic year \
             (September to August)"
        );
        assert!(says("1999/2000").contains("FY1999-00"));
        assert_eq!(
            says("31/03/2010"),
            "found `31/03/2010`; a date is written year-month-day, here 2010-03-31"
        );
        assert!(says("2010").contains("CY2010"));
        assert!(says("spring").starts_with("found `spring`; expected a period such as"));
    }

    #[test]
    fn a_month_is_not_taken_for_two_years() {
        assert!(Period("2009-10".to_owned()).read(&mut Faults::default(), "").is_some());
    }
}
