//! Tests of the calendar.

use super::*;
use crate::framework::indicator::Frequency;
use crate::number::value::Unit;
use crate::text::Title;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Quarterly results of a plan from April 2008, published 30 days after the quarter: the first one is due on
/// 30 July 2008, the one of quarter 3 of 2009/10 on 30 January 2010.
#[test]
fn freshness_counts_the_days() {
    let plan: Period = "2008-04-01/2011-03-31".parse().unwrap();
    let mut indicator = Indicator::new(Title::new("Reviews").unwrap(), Unit::Percent, 1);
    assert_eq!(freshness(&indicator, plan, None, day("2010-03-31")), Freshness::Unknown);
    indicator.frequency = Some(Frequency::Quarterly);
    indicator.lag_days = 30;
    let at = |latest: Option<&str>, on: &str| freshness(&indicator, plan, latest.map(day), day(on));
    assert_eq!(at(None, "2008-07-30"), Freshness::NotDue { due: day("2008-07-30") });
    let q3 = "FY2009-10-Q3".parse().unwrap();
    let late = |days_late| Freshness::Overdue { period: q3, due: day("2010-01-30"), days_late };
    assert_eq!(at(Some("2009-09-30"), "2010-03-31"), late(60));
    assert_eq!(at(Some("2009-12-31"), "2010-03-31"), Freshness::Current);
    assert_eq!(at(Some("2009-09-30"), "2010-01-30"), Freshness::Current);
    assert_eq!(at(None, "2010-01-31"), late(1));
    // After the plan nothing more is waited for.
    assert_eq!(at(Some("2011-03-31"), "2013-01-01"), Freshness::Current);
}

fn quarterly(lag_days: u32) -> Indicator {
    let mut indicator = Indicator::new(Title::new("Reviews").unwrap(), Unit::Percent, 1);
    indicator.frequency = Some(Frequency::Quarterly);
    indicator.lag_days = lag_days;
    indicator
}

fn arrival(of: &str, on: &str) -> Arrival {
    Arrival { of: day(of), on: day(on) }
}

/// The quarters of a plan from April 2009 to March 2010, published after 30 days, as they stand on 31 March 2010.
#[test]
fn a_calendar_lists_each_period_and_no_gap_is_silent() {
    let plan: Period = "2009-04-01/2010-03-31".parse().unwrap();
    // Quarter 1 came in time, quarter 2 never, quarter 3 ten days late.
    let came = vec![arrival("2009-06-30", "2009-07-20"), arrival("2009-12-31", "2010-02-09")];
    let listed = awaited(&quarterly(30), plan, &[came], day("2010-03-31"));
    let listed: Vec<(String, String, AwaitedState)> =
        listed.iter().map(|one| (one.period.to_string(), one.due.to_string(), one.state)).collect();
    let row = |period: &str, due: &str, state| (period.to_owned(), due.to_owned(), state);
    assert_eq!(
        listed,
        [
            row("FY2009-10-Q1", "2009-07-30", AwaitedState::Received { on: day("2009-07-20"), days_late: 0 }),
            // 30 October to 31 March: 1 + 30 + 31 + 31 + 28 + 31 days.
            row("FY2009-10-Q2", "2009-10-30", AwaitedState::Overdue { days_late: 152 }),
            row(
                "FY2009-10-Q3",
                "2010-01-30",
                AwaitedState::Received { on: day("2010-02-09"), days_late: 10 }
            ),
            row("FY2009-10-Q4", "2010-04-30", AwaitedState::Due),
        ]
    );
}

#[test]
fn a_result_is_due_through_the_day_on_which_it_is_due() {
    let plan: Period = "2009-04-01/2010-03-31".parse().unwrap();
    let state = |on: &str| awaited(&quarterly(30), plan, &[Vec::new()], day(on)).first().unwrap().state;
    assert_eq!(state("2009-06-29"), AwaitedState::NotDue);
    assert_eq!(state("2009-06-30"), AwaitedState::Due);
    assert_eq!(state("2009-07-30"), AwaitedState::Due);
    assert_eq!(state("2009-07-31"), AwaitedState::Overdue { days_late: 1 });
}

#[test]
fn what_has_parts_is_received_when_its_last_part_is() {
    let plan: Period = "2009-04-01/2009-06-30".parse().unwrap();
    let one = vec![arrival("2009-06-30", "2009-07-01")];
    let two = vec![arrival("2009-06-30", "2009-07-31")];
    let state = |parts: &[Vec<Arrival>]| {
        awaited(&quarterly(30), plan, parts, day("2009-09-30")).first().unwrap().state
    };
    assert_eq!(state(&[one.clone(), Vec::new()]), AwaitedState::Overdue { days_late: 62 });
    assert_eq!(state(&[one, two]), AwaitedState::Received { on: day("2009-07-31"), days_late: 1 });
}

/// Found by the property below: one part came for the last quarter, the other one only for the quarter after it.
#[test]
fn a_gap_of_one_part_is_listed_although_the_measure_is_fresh() {
    let plan: Period = "2009-04-01/2009-06-30".parse().unwrap();
    let parts = [vec![arrival("2009-06-30", "2009-07-20")], vec![arrival("2009-09-30", "2009-10-20")]];
    let listed = awaited(&quarterly(30), plan, &parts, day("2009-10-31"));
    assert_eq!(listed.first().unwrap().state, AwaitedState::Overdue { days_late: 93 });
    let fresh = freshness(&quarterly(30), plan, latest(&parts), day("2009-10-31"));
    assert_eq!(fresh, Freshness::Current);
}

/// A plan that began in the middle of a quarter waits for it, because it ends in the plan.
#[test]
fn a_plan_waits_from_its_first_day_on() {
    let listed =
        awaited(&quarterly(0), "2009-05-15/2009-08-01".parse().unwrap(), &[Vec::new()], day("2009-05-15"));
    let periods: Vec<String> = listed.iter().map(|one| one.period.to_string()).collect();
    assert_eq!(periods, ["FY2009-10-Q1", "FY2009-10-Q2"]);
    let unknown = Indicator { frequency: None, ..quarterly(0) };
    assert_eq!(awaited(&unknown, "2009-05-15/2009-08-01".parse().unwrap(), &[], day("2009-05-15")), []);
}

fn frequencies() -> impl Strategy<Value = Option<Frequency>> {
    proptest::option::weighted(
        0.95,
        prop_oneof![
            Just(Frequency::Monthly),
            Just(Frequency::Quarterly),
            Just(Frequency::HalfYearly),
            Just(Frequency::FinancialYear),
            Just(Frequency::AcademicYear),
            Just(Frequency::CalendarYear),
        ],
    )
}

proptest! {
    #[test]
    fn the_last_that_was_due_is_what_going_through_all_finds(
        frequency in frequencies(),
        lag_days in 0u32..400,
        (first, length) in (0u64..2000, 0u64..1500),
        at in 0u64..4000,
    ) {
        let since = |days| day("2005-01-01") + Days::new(days);
        let plan = Period::span(since(first), since(first + length)).unwrap();
        let indicator = Indicator { frequency, lag_days, ..quarterly(0) };
        let all = waited_for(&indicator, plan).take_while(|(_, due)| *due < since(at));
        prop_assert_eq!(last_due_before(since(at), &indicator, plan), all.last());
    }

    /// The calendar and the freshness of a status row never contradict each other.
    #[test]
    fn calendar_and_freshness_agree(
        frequency in frequencies(),
        lag_days in 0u32..400,
        (first, length) in (0u64..2000, 0u64..1500),
        at in 0u64..4000,
        ends in prop::collection::vec(prop::collection::vec(0u64..4000, 0..12), 1..3),
        at_month_ends in any::<bool>(),
    ) {
        let since = |days| day("2005-01-01") + Days::new(days);
        let plan = Period::span(since(first), since(first + length)).unwrap();
        let as_at = since(at);
        let indicator = Indicator { frequency, lag_days, ..quarterly(0) };
        let of = |days| match at_month_ends {
            true => Frequency::Monthly.period_of(since(days)).unwrap().last_day(),
            false => since(days),
        };
        let parts: Vec<Vec<Arrival>> = ends
            .into_iter()
            .map(|ends| ends.into_iter().map(|days| Arrival { of: of(days), on: of(days) }))
            .map(|part| part.filter(|arrival| arrival.of <= as_at).collect())
            .collect();
        let latest = latest(&parts);
        let listed = awaited(&indicator, plan, &parts, as_at);
        let overdue = |one: &&Awaited| matches!(one.state, AwaitedState::Overdue { .. });
        match freshness(&indicator, plan, latest, as_at) {
            Freshness::Overdue { period, due, days_late } => {
                let last = Awaited { period, due, state: AwaitedState::Overdue { days_late } };
                prop_assert_eq!(listed.iter().rfind(overdue), Some(&last));
            }
            Freshness::Current => {
                // Whatever is overdue all the same is a gap: every part has a result of it or a later one, and a part
                // that has none of it has a later one.
                for gap in listed.iter().filter(overdue) {
                    let end = gap.period.last_day();
                    prop_assert!(latest.is_some_and(|latest| latest >= end));
                    prop_assert!(parts.iter().flatten().any(|arrival| arrival.of > end));
                }
            }
            Freshness::NotDue { due } => {
                prop_assert_eq!(listed.first().map(|one| one.due), Some(due));
                let waits = |one: &Awaited| matches!(one.state, AwaitedState::Due | AwaitedState::NotDue);
                prop_assert!(listed.iter().all(waits));
            }
            Freshness::Unknown => prop_assert_eq!(listed, Vec::new()),
        }
    }

    /// Periods follow each other, and so do the days on which they are due.
    #[test]
    fn a_calendar_is_in_order(frequency in frequencies(), lag_days in 0u32..400, at in 0u64..4000) {
        let indicator = Indicator { frequency, lag_days, ..quarterly(0) };
        let plan = "2008-04-01/2011-03-31".parse().unwrap();
        let listed = awaited(&indicator, plan, &[Vec::new()], day("2005-01-01") + Days::new(at));
        for pair in listed.windows(2) {
            prop_assert_eq!(pair[0].period.next(), Ok(pair[1].period));
            prop_assert!(pair[0].due < pair[1].due);
        }
    }
}
