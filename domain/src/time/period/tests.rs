//! Every kind of period by hand, and what holds for all of them.

use super::*;
use proptest::prelude::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// First and last days worked by hand from the definitions in DOMAIN.md.
#[test]
fn every_kind_has_its_days_and_its_text() {
    for (text, kind, first, last) in [
        ("2010-06", PeriodKind::Month, "2010-06-01", "2010-06-30"),
        ("2008-02", PeriodKind::Month, "2008-02-01", "2008-02-29"),
        ("2009-12", PeriodKind::Month, "2009-12-01", "2009-12-31"),
        ("FY2009-10", PeriodKind::FinancialYear, "2009-04-01", "2010-03-31"),
        ("FY1999-00", PeriodKind::FinancialYear, "1999-04-01", "2000-03-31"),
        ("FY2009-10-Q1", PeriodKind::Quarter, "2009-04-01", "2009-06-30"),
        ("FY2009-10-Q3", PeriodKind::Quarter, "2009-10-01", "2009-12-31"),
        ("FY2009-10-Q4", PeriodKind::Quarter, "2010-01-01", "2010-03-31"),
        ("FY2009-10-H1", PeriodKind::Half, "2009-04-01", "2009-09-30"),
        ("FY2009-10-H2", PeriodKind::Half, "2009-10-01", "2010-03-31"),
        ("AY2008-09", PeriodKind::AcademicYear, "2008-09-01", "2009-08-31"),
        ("CY2009", PeriodKind::CalendarYear, "2009-01-01", "2009-12-31"),
        ("2009-04-01/2009-12-31", PeriodKind::Span, "2009-04-01", "2009-12-31"),
        ("2009-09-30", PeriodKind::Point, "2009-09-30", "2009-09-30"),
    ] {
        let period: Period = text.parse().unwrap();
        assert_eq!(period.kind(), kind, "{text}");
        assert_eq!((period.first_day(), period.last_day()), (date(first), date(last)), "{text}");
        assert_eq!(period.to_string(), text);
    }
}

#[test]
fn says_why_a_text_is_no_period() {
    for text in [
        "",
        "2009",
        "2009-1",
        "2009-10-1",
        "FY2009",
        "FY2009-10-",
        "FY2009-10-Q",
        "FY2009-10-X1",
        "fy2009-10",
        "CY09",
        "AY2008-9",
        "2009-04-01/",
        "/",
        "2009-04-01/2009-12",
        "FY2009-10-Q10",
        "FY20\u{e9}9-10-Q1",
        "2009-04-01-01",
    ] {
        assert_eq!(text.parse::<Period>(), Err(PeriodError::Form), "{text:?}");
    }
    for text in ["2009-13", "2009-00", "2009-02-29", "FY2009-10-Q5", "FY2009-10-H0"] {
        assert_eq!(text.parse::<Period>(), Err(PeriodError::NoSuchDate), "{text:?}");
    }
    assert_eq!("FY2009-11".parse::<Period>(), Err(PeriodError::YearsDoNotFollow));
    assert_eq!("2009-12-31/2009-04-01".parse::<Period>(), Err(PeriodError::EndsBeforeItBegins));
    assert_eq!("CY1899".parse::<Period>(), Err(PeriodError::OutOfRange));
    assert_eq!("FY2200-01".parse::<Period>(), Err(PeriodError::OutOfRange));
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0_u64..109_000).prop_map(|days| date("1900-01-01") + Days::new(days))
}

fn any_period() -> impl Strategy<Value = Period> {
    let year = Period::FIRST_YEAR..=Period::LAST_YEAR;
    prop_oneof![
        any_day().prop_map(|day| Period::point(day).unwrap()),
        (year.clone(), 1_u32..=12).prop_map(|(y, m)| Period::month(y, m).unwrap()),
        (year.clone(), 1_u32..=4).prop_map(|(y, q)| Period::quarter(y, q).unwrap()),
        (year.clone(), 1_u32..=2).prop_map(|(y, h)| Period::half(y, h).unwrap()),
        year.clone().prop_map(|y| Period::financial_year(y).unwrap()),
        year.clone().prop_map(|y| Period::academic_year(y).unwrap()),
        year.prop_map(|y| Period::calendar_year(y).unwrap()),
        (any_day(), any_day()).prop_map(|(a, b)| Period::span(a.min(b), a.max(b)).unwrap()),
    ]
}

proptest! {
    #[test]
    fn text_round_trips(period in any_period()) {
        prop_assert_eq!(period.to_string().parse::<Period>(), Ok(period));
    }

    #[test]
    fn never_panics_on_any_text(text in "\\PC{0,24}") {
        if let Ok(period) = text.parse::<Period>() {
            prop_assert_eq!(period.to_string(), text);
        }
    }

    #[test]
    fn begins_before_it_ends_and_orders_by_its_end(a in any_period(), b in any_period()) {
        prop_assert!(a.first_day() <= a.last_day());
        prop_assert!(a.contains(a.first_day()) && a.contains(a.last_day()));
        if a.last_day() < b.last_day() {
            prop_assert!(a < b);
        }
        prop_assert_eq!(a.cmp(&b) == Ordering::Equal, a == b);
    }

    #[test]
    fn the_next_period_begins_the_day_after(period in any_period()) {
        if let Ok(next) = period.next() {
            prop_assert_eq!(next.first_day(), period.last_day() + Days::new(1));
            prop_assert_eq!(next.kind(), period.kind());
        }
    }

    #[test]
    fn quarters_and_halves_tile_the_financial_year(year in 1900_i32..=2198) {
        let whole = Period::financial_year(year).unwrap();
        let quarters: i64 = (1..=4).map(|q| Period::quarter(year, q).unwrap().days()).sum();
        let halves: i64 = (1..=2).map(|h| Period::half(year, h).unwrap().days()).sum();
        let months: i64 = (0..12).map(|m| Period::month(year + i32::from(m > 8), (m + 3) % 12 + 1).unwrap().days()).sum();
        prop_assert_eq!((quarters, halves, months), (whole.days(), whole.days(), whole.days()));
    }
}
