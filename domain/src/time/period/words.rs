//! Periods in the words of a report: `December 2009`, `2009/10`, `quarter 3 of 2009/10`.

use super::{Inner, Period};
use chrono::NaiveDate;

/// A day in the words of a report: `31 March 2010`.
pub fn day(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

impl Period {
    /// The period in the words of a report. They are for people; [`Period`]'s `Display` is for machines.
    pub fn words(self) -> String {
        let pair = |year: i32| format!("{year}/{:02}", (year + 1).rem_euclid(100));
        match self.0 {
            Inner::Point(on) => day(on),
            Inner::Month { .. } => self.first_day().format("%B %Y").to_string(),
            Inner::Quarter { year, quarter } => format!("quarter {quarter} of {}", pair(year)),
            Inner::Half { year, half: 1 } => format!("first half of {}", pair(year)),
            Inner::Half { year, .. } => format!("second half of {}", pair(year)),
            Inner::Financial { year } => pair(year),
            Inner::Academic { year } => format!("academic year {}", pair(year)),
            Inner::Calendar { year } => year.to_string(),
            Inner::Span { first, last } => format!("{} to {}", day(first), day(last)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_a_report_would_say_it() {
        for (text, words) in [
            ("2009-12", "December 2009"),
            ("FY2009-10", "2009/10"),
            ("FY2009-10-Q3", "quarter 3 of 2009/10"),
            ("FY2009-10-H2", "second half of 2009/10"),
            ("AY2008-09", "academic year 2008/09"),
            ("CY2009", "2009"),
            ("2009-04-01/2009-12-31", "1 April 2009 to 31 December 2009"),
            ("2009-09-30", "30 September 2009"),
        ] {
            assert_eq!(text.parse::<Period>().unwrap().words(), words);
        }
    }
}
