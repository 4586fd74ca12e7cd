//! The words that councils write for polarity, unit and frequency, and for a cell that says nothing.
//!
//! A cell is compared in lower case, without apostrophes, without what stands in brackets at its end (`Annually (July)`),
//! and with single spaces for all signs but `%` and the pound: `It's best to be low` is `its best to be low`.

use crate::framework::indicator::Frequency;
use crate::framework::polarity::Polarity;
use crate::number::value::Unit;

/// What is said of a polarity, a unit or a frequency.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said<T> {
    /// Nothing.
    Nothing,
    /// This.
    Read(T),
    /// Words that are not known.
    Unread,
}

const NOTHING: &[&str] =
    &["", "n a", "na", "none", "tbc", "tba", "not applicable", "not set", "unknown", "to be confirmed"];

const POLARITIES: &[(Polarity, &[&str])] = &[
    (
        Polarity::HigherIsBetter,
        &[
            "high",
            "higher",
            "high is good",
            "high is better",
            "higher is good",
            "higher is better",
            "higher the better",
            "the higher the better",
            "high good",
            "high best",
            "best to be high",
            "good to be high",
            "big",
            "bigger",
            "bigger is better",
            "bigger the better",
            "max",
            "maximise",
            "maximize",
            "aim to maximise",
            "aim to maximize",
            "up",
            "up is good",
            "upward",
            "upwards",
            "increase",
            "increasing",
            "increase is good",
            "increase is better",
            "more",
            "more is better",
            "more is good",
        ],
    ),
    (
        Polarity::LowerIsBetter,
        &[
            "low",
            "lower",
            "low is good",
            "low is better",
            "lower is good",
            "lower is better",
            "lower the better",
            "the lower the better",
            "low good",
            "low best",
            "best to be low",
            "good to be low",
            "small",
            "smaller",
            "smaller is better",
            "smaller the better",
            "min",
            "minimise",
            "minimize",
            "aim to minimise",
            "aim to minimize",
            "down",
            "down is good",
            "downward",
            "downwards",
            "decrease",
            "decreasing",
            "decrease is good",
            "decrease is better",
            "reduce",
            "less",
            "less is better",
            "less is good",
            "fewer",
            "fewer is better",
        ],
    ),
    (
        Polarity::WithinRange,
        &["range", "in range", "within range", "within a range", "in a range", "between", "banded"],
    ),
    (
        Polarity::NearestToPoint,
        &[
            "nearest",
            "nearest to point",
            "nearest to a point",
            "nearest to target",
            "close to target",
            "closest to target",
            "on target",
            "plan is best",
            "to plan",
        ],
    ),
];

const UNITS: &[(Unit, &[&str])] = &[
    (Unit::Percent, &["%", "percent", "per cent", "percentage", "pct", "% age", "a percentage"]),
    (
        Unit::Count,
        &[
            "count",
            "counts",
            "people",
            "persons",
            "children",
            "young people",
            "cases",
            "number of people",
            "number of children",
            "number of young people",
            "number of cases",
        ],
    ),
    (Unit::Points, &["points", "point", "score", "scores", "points score", "point score"]),
    (
        Unit::Number,
        &[
            "number", "numbers", "ratio", "decimal", "\u{a3}", "pounds", "gbp", "days", "weeks", "months",
            "years", "hours", "minutes",
        ],
    ),
];

const FREQUENCIES: &[(Frequency, &[&str])] = &[
    (
        Frequency::Monthly,
        &["m", "month", "monthly", "months", "every month", "each month", "per month", "once a month"],
    ),
    (
        Frequency::Quarterly,
        &[
            "q",
            "qtr",
            "qtrly",
            "quarter",
            "quarterly",
            "quarters",
            "every quarter",
            "each quarter",
            "per quarter",
            "every three months",
        ],
    ),
    (
        Frequency::HalfYearly,
        &[
            "half yearly",
            "half year",
            "six monthly",
            "6 monthly",
            "every six months",
            "every 6 months",
            "twice a year",
            "twice yearly",
        ],
    ),
    (
        Frequency::FinancialYear,
        &[
            "a",
            "annual",
            "annually",
            "year",
            "yearly",
            "every year",
            "each year",
            "per year",
            "once a year",
            "fy",
            "financial",
            "financial year",
            "financial yearly",
        ],
    ),
    (Frequency::AcademicYear, &["ay", "academic", "academic year", "academic yearly", "school year"]),
    (Frequency::CalendarYear, &["cy", "calendar", "calendar year", "calendar yearly"]),
];

/// The polarity that a cell names.
pub(super) fn polarity(text: &str) -> Said<Polarity> {
    // An arrow is the whole of what some say.
    match text.trim() {
        "\u{2191}" | "\u{25b2}" => Said::Read(Polarity::HigherIsBetter),
        "\u{2193}" | "\u{25bc}" => Said::Read(Polarity::LowerIsBetter),
        text => {
            let said = normal(text);
            let said =
                ["its ", "it is ", "is "].iter().find_map(|lead| said.strip_prefix(lead)).unwrap_or(&said);
            find(said, POLARITIES)
        }
    }
}

/// The unit that a cell names. A rate is named by its base: `per 1,000`, `rate per 10,000 population`.
pub(super) fn unit(text: &str) -> Said<Unit> {
    let said = normal(&text.replace(',', ""));
    let rate = said.strip_prefix("rate ").unwrap_or(&said);
    let base = rate.strip_prefix("per ").map(|base| base.split(' ').next().unwrap_or_default());
    let base = base.filter(|base| !base.is_empty() && base.bytes().all(|byte| byte.is_ascii_digit()));
    // `per 3.5` is no base.
    let base = base.filter(|_| !text.contains('.'));
    match base.map(|base| format!("per_{base}").parse()) {
        Some(Ok(unit)) => Said::Read(unit),
        Some(Err(_)) => Said::Unread,
        None => find(&said, UNITS),
    }
}

/// The frequency that a cell names.
pub(super) fn frequency(text: &str) -> Said<Frequency> {
    find(&normal(text), FREQUENCIES)
}

fn find<T: Copy>(said: &str, known: &[(T, &[&str])]) -> Said<T> {
    if NOTHING.contains(&said) {
        return Said::Nothing;
    }
    known
        .iter()
        .find(|(_, words)| words.contains(&said))
        .map_or(Said::Unread, |(value, _)| Said::Read(*value))
}

fn normal(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let text = match text.strip_suffix(')').and_then(|open| open.rsplit_once('(')) {
        Some((before, _)) if !before.trim().is_empty() => before.to_owned(),
        Some(_) | None => text,
    };
    let kept = text.chars().filter(|c| !matches!(c, '\'' | '\u{2019}' | '\u{2018}'));
    let spaced: String =
        kept.map(|c| if c.is_alphanumeric() || matches!(c, '%' | '\u{a3}') { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polarities_in_the_words_of_councils() {
        for text in [
            "Maximise",
            "Bigger",
            "High is good",
            "Higher is better",
            "higher_is_better",
            "UP",
            "It's best to be high",
            "the higher, the better",
            "\u{2191}",
            "Bigger is Better (target is a floor)",
        ] {
            assert_eq!(polarity(text), Said::Read(Polarity::HigherIsBetter), "{text}");
        }
        for text in [
            "Minimise",
            "Smaller",
            "low is good",
            "lower-is-better",
            "It\u{2019}s best to be low",
            "\u{25bc}",
        ] {
            assert_eq!(polarity(text), Said::Read(Polarity::LowerIsBetter), "{text}");
        }
        assert_eq!(polarity("Within a range"), Said::Read(Polarity::WithinRange));
        assert_eq!(polarity("Plan is best"), Said::Read(Polarity::NearestToPoint));
        for text in ["", "-", "\u{2013}", "n/a", "N/A", "TBC", " \u{a0}"] {
            assert_eq!(polarity(text), Said::Nothing, "{text}");
        }
        // Which of two is meant, or whether one is, is for the officer to say.
        for text in ["sideways", "higher or lower", "not lower", "high risk", "better"] {
            assert_eq!(polarity(text), Said::Unread, "{text}");
        }
    }

    #[test]
    fn units_in_the_words_of_councils() {
        for (text, expected) in [
            ("%", Unit::Percent),
            ("Per cent", Unit::Percent),
            ("Number of children", Unit::Count),
            ("count", Unit::Count),
            ("Score", Unit::Points),
            ("Ratio", Unit::Number),
            ("\u{a3}", Unit::Number),
            ("Days", Unit::Number),
            ("per_1000", Unit::Rate { per: 1000 }),
            ("rate_per_10,000", Unit::Rate { per: 10_000 }),
            ("Rate per 10,000 population", Unit::Rate { per: 10_000 }),
        ] {
            assert_eq!(unit(text), Said::Read(expected), "{text}");
        }
        for text in ["bananas", "per head", "per 3.5", "percentage points"] {
            assert_eq!(unit(text), Said::Unread, "{text}");
        }
    }

    #[test]
    fn frequencies_in_the_words_of_councils() {
        for (text, expected) in [
            ("Q", Frequency::Quarterly),
            ("Quarterly", Frequency::Quarterly),
            ("Annually (July)", Frequency::FinancialYear),
            ("Annual", Frequency::FinancialYear),
            ("6-monthly", Frequency::HalfYearly),
            ("half_yearly", Frequency::HalfYearly),
            ("Monthly", Frequency::Monthly),
            ("School year", Frequency::AcademicYear),
        ] {
            assert_eq!(frequency(text), Said::Read(expected), "{text}");
        }
        for text in ["Termly", "often", "bi-annually", "every two years", "weekly"] {
            assert_eq!(frequency(text), Said::Unread, "{text}");
        }
    }
}
