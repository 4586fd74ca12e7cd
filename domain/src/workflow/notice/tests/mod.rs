//! The notice of source 004: its conditions by hand, and its states in every order.

mod conditions;
mod machine;
mod terms;

use super::*;
use crate::framework::indicator::Indicator;
use crate::number::decimal::Decimal;
use crate::number::value::Unit;

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn note(text: &str) -> Note {
    Note::new(text).unwrap()
}

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Shares of a hundred at one decimal place, due 45 days after their period.
fn indicator() -> Indicator {
    Indicator { lag_days: 45, ..Indicator::new(Title::new("Initial assessments").unwrap(), Unit::Percent, 1) }
}

fn condition(required: Required, of: &str) -> Condition {
    Condition {
        code: code("NI59"),
        measure: code("NI59"),
        component: None,
        required,
        period: period(of),
        requirement: None,
        note: None,
    }
}

fn requirement(code: &str) -> Requirement {
    Requirement { code: name(code), text: note("Do it."), measures: Vec::new(), priorities: Vec::new() }
}

fn terms() -> Terms {
    Terms {
        title: Title::new("Improvement notice").unwrap(),
        authority: name("Secretary of State"),
        issued_on: day("2010-03-01"),
        requirements: vec![requirement("IN 1.1"), requirement("IN 1.3 & 2.17")],
        conditions: vec![
            condition(Required::AtLeast(d("72")), "2010-06"),
            Condition { code: code("october"), ..condition(Required::AtLeast(d("80")), "2010-10") },
        ],
    }
}
