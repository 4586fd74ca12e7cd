use super::*;
use crate::access::Role;
use crate::framework::indicator::Frequency;
use crate::framework::plan::Theme;
use crate::framework::scheme::Scheme;
use crate::workflow::Concern;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn note(text: &str) -> Note {
    Note::new(text).unwrap()
}

fn actor(roles: &[Role]) -> Actor {
    Actor { name: Name::new("a caller").unwrap(), roles: roles.to_vec() }
}

fn officer() -> Actor {
    actor(&[Role::PerformanceOfficer])
}

fn plan() -> Plan {
    Plan {
        title: Title::new("Plan").unwrap(),
        span: period("2008-04-01/2011-03-31"),
        themes: vec![Theme { code: Code::new("safe").unwrap(), title: Title::new("Stay safe").unwrap() }],
        priorities: Vec::new(),
        scheme: Scheme::baseline_to_target(),
        reporting_cycle: Frequency::HalfYearly,
        exception_rules: crate::workflow::tracker::ExceptionRule::shipped(),
    }
}

/// 24 centres, as in source 002.
fn centres(count: u32) -> Promise {
    let what = Name::new("children's centres").unwrap();
    Promise {
        theme: Code::new("safe").unwrap(),
        text: note("Open children's centres"),
        responsible: Name::new("Head of early years").unwrap(),
        deputies: Vec::new(),
        measures: Vec::new(),
        milestone: Some(Milestone { count, what, by: period("CY2008") }),
    }
}

fn progress(of: &str, status: Option<Colour>, parts: Option<(u32, u32, u32)>) -> Progress {
    let parts = parts.map(|(green, amber, red)| Parts { green, amber, red });
    Progress { period: period(of), status, qualifier: None, commentary: note("So it goes"), parts }
}

const TODAY: &str = "2009-10-15";

fn made() -> Commitment {
    Commitment::make(centres(24), &officer(), &plan()).unwrap()
}

fn reported(commitment: &Commitment, report: Progress) -> Result<Commitment, &'static str> {
    commitment.report(report, &officer(), plan().span, day(TODAY)).map_err(|refusal| refusal.rule())
}

#[test]
fn a_report_needs_a_status_or_parts_that_fit() {
    let open = made();
    assert!(
        reported(&open, progress("FY2008-09", None, Some((20, 0, 4)))).is_ok(),
        "source 002: 20 and 4 of 24"
    );
    assert_eq!(reported(&open, progress("FY2008-09", None, Some((20, 1, 4)))), Err("too_many_parts"));
    assert_eq!(
        reported(&open, progress("FY2008-09", None, Some((u32::MAX, 1, u32::MAX)))),
        Err("too_many_parts")
    );
    assert_eq!(reported(&open, progress("FY2008-09", None, None)), Err("no_status"));
    let plain = Promise { milestone: None, ..centres(24) };
    let plain = Commitment::make(plain, &officer(), &plan()).unwrap();
    assert_eq!(reported(&plain, progress("FY2008-09", None, Some((1, 0, 0)))), Err("no_milestone"));
}

#[test]
fn a_period_has_begun_and_not_before_the_plan() {
    let green = |of| reported(&made(), progress(of, Some(Colour::Green), None));
    assert_eq!(green("FY2007-08"), Err("before_plan"));
    assert_eq!(green("AY2007-08"), Err("before_plan"));
    assert_eq!(green("FY2009-10-H2").map(|_| ()), Ok(()), "it began on 1 October");
    assert_eq!(green("2009-11"), Err("in_future"));
}

#[test]
fn a_second_report_for_a_period_corrects_the_first() {
    let first = reported(&made(), progress("FY2008-09-Q1", Some(Colour::Green), None)).unwrap();
    let second = reported(&first, progress("FY2008-09-Q2", Some(Colour::Amber), None)).unwrap();
    let third = reported(&second, progress("FY2008-09-Q1", Some(Colour::Red), None)).unwrap();
    let reports: Vec<_> =
        third.reports.iter().map(|report| (report.period.to_string(), report.status)).collect();
    assert_eq!(
        reports,
        [("FY2008-09-Q1".into(), Some(Colour::Red)), ("FY2008-09-Q2".into(), Some(Colour::Amber))]
    );
    assert_eq!(third.latest().and_then(|report| report.status), Some(Colour::Amber));
    assert_eq!(third.latest_at(day("2008-06-30")).and_then(|report| report.status), Some(Colour::Red));
    assert_eq!(third.latest_at(day("2008-03-31")), None);
}

#[test]
fn of_two_periods_that_end_on_one_day_the_longer_counts() {
    let quarter = reported(&made(), progress("FY2008-09-Q4", Some(Colour::Red), None)).unwrap();
    let both = reported(&quarter, progress("FY2008-09", Some(Colour::Green), None)).unwrap();
    assert_eq!(both.latest().and_then(|report| report.status), Some(Colour::Green));
}

#[test]
fn a_milestone_does_not_shrink_below_what_was_reported() {
    let commitment = reported(&made(), progress("FY2008-09", None, Some((20, 0, 4)))).unwrap();
    let replace = |promise| {
        commitment.replace(promise, &officer(), &plan()).map_err(|refusal| refusal.rule()).map(drop)
    };
    assert_eq!(replace(centres(24)), Ok(()));
    assert_eq!(replace(centres(23)), Err("too_many_parts"));
    assert_eq!(replace(Promise { milestone: None, ..centres(24) }), Err("no_milestone"));
    assert_eq!(replace(Promise { theme: Code::new("lost").unwrap(), ..centres(24) }), Err("unknown_theme"));
    let early = Milestone { by: period("2008-03-31"), ..centres(24).milestone.unwrap() };
    assert_eq!(replace(Promise { milestone: Some(early), ..centres(24) }), Err("before_plan"));
}

#[test]
fn the_day_of_closing_has_come_and_is_not_before_what_was_reported() {
    let commitment = reported(&made(), progress("FY2009-10-Q1", Some(Colour::Green), None)).unwrap();
    let close = |on| {
        let closed =
            commitment.close(Outcome::Kept, day(on), note("Done"), &officer(), plan().span, day(TODAY));
        closed.map_err(|refusal| refusal.rule()).map(drop)
    };
    assert_eq!(close("2009-04-01"), Ok(()));
    assert_eq!(close("2009-03-31"), Err("before_report"));
    assert_eq!(close("2009-10-16"), Err("in_future"));
    assert_eq!(close("2008-03-31"), Err("before_plan"));
}

#[test]
fn the_worst_part_is_what_may_be_suggested() {
    let worst = |green, amber, red| Parts { green, amber, red }.worst();
    assert_eq!(worst(20, 0, 4), Some(Colour::Red));
    assert_eq!(worst(20, 4, 0), Some(Colour::Amber));
    assert_eq!(worst(24, 0, 0), Some(Colour::Green));
    assert_eq!(worst(0, 0, 0), None);
}

/// Seven commitments: two green, one amber, one with parts only, one without a report, one kept, one dropped.
/// Two of five are 40 per cent, one is 20.
#[test]
fn what_is_rolled_up_adds_up() {
    let green = reported(&made(), progress("FY2008-09", Some(Colour::Green), Some((10, 0, 0)))).unwrap();
    let amber = reported(&made(), progress("FY2008-09", Some(Colour::Amber), None)).unwrap();
    let parts = reported(&made(), progress("FY2008-09", None, Some((20, 0, 4)))).unwrap();
    let closed =
        |outcome, on| made().close(outcome, day(on), note("R"), &officer(), plan().span, day(TODAY)).unwrap();
    let all = [
        green.clone(),
        green,
        amber,
        parts,
        made(),
        closed(Outcome::Kept, "2009-03-31"),
        closed(Outcome::Dropped, "2009-04-01"),
    ];
    let counts = |roll_up: &RollUp| roll_up.standings.map(|(_, share)| (share.count, share.percent));
    let year = roll_up(&all, Position::AsAt(day("2009-04-01")));
    assert_eq!((year.total, counts(&year)), (5, [(2, 40), (1, 20), (0, 0), (1, 20), (1, 20)]));
    assert_eq!(year.closed, Closed { kept: 1, not_kept: 0, dropped: 1 });
    assert_eq!((year.promised, year.parts), (5 * 24, (40, 0, 4)));
    let before = roll_up(&all, Position::AsAt(day("2009-03-31")));
    assert_eq!((before.total, before.closed), (6, Closed { kept: 1, ..Closed::default() }));
    let in_year = roll_up(&all, Position::In(period("FY2008-09")));
    assert_eq!((in_year.total, counts(&in_year)), (7, [(2, 29), (1, 14), (0, 0), (1, 14), (3, 43)]));
    let later = roll_up(&all, Position::In(period("FY2009-10")));
    assert_eq!((later.total, counts(&later)), (6, [(0, 0), (0, 0), (0, 0), (0, 0), (6, 100)]));
}

fn any_actor() -> impl Strategy<Value = Actor> {
    proptest::sample::subsequence(Role::ALL.to_vec(), 0..3).prop_map(|roles| actor(&roles))
}

fn any_parts() -> impl Strategy<Value = Option<(u32, u32, u32)>> {
    proptest::option::of((0_u32..20, 0_u32..20, 0_u32..20))
}

/// An action, who takes it, two numbers that make its days, and the status and parts that it reports.
type Step = (Action, Actor, i32, i64, Option<Colour>, Option<(u32, u32, u32)>);

fn any_step() -> impl Strategy<Value = Step> {
    let colour =
        proptest::option::of(proptest::sample::select(vec![Colour::Green, Colour::Amber, Colour::Red]));
    let action = proptest::sample::select(Action::ALL.to_vec());
    (action, any_actor(), 2007..2011, -600_i64..60, colour, any_parts())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Any action, in any order: what is listed as allowed is refused for neither role nor state, what
    /// is not listed is, and the rules hold in every state that is reached.
    #[test]
    fn no_walk_reaches_what_is_forbidden(steps in proptest::collection::vec(any_step(), 1..30)) {
        let (plan, today) = (plan(), day(TODAY));
        let mut now = made();
        for (action, actor, year, days, status, parts) in steps {
            let is_allowed = allowed(&now, &actor).contains(&action);
            let next = match action {
                Action::Replace => now.replace(centres(year.unsigned_abs() % 30 + 1), &actor, &plan),
                Action::Report => {
                    let of = Period::financial_year(year).unwrap().to_string();
                    now.report(progress(&of, status, parts), &actor, plan.span, today)
                }
                Action::Close => {
                    let on = today + chrono::Duration::days(days);
                    now.close(Outcome::Kept, on, note("R"), &actor, plan.span, today)
                }
                Action::Reopen => now.reopen(note("R"), &actor, today),
            };
            match next {
                Ok(next) => {
                    prop_assert!(is_allowed);
                    prop_assert!(action.needs() != access::Action::ReportProgress || next.reports.len() >= now.reports.len());
                    now = next;
                }
                Err(refusal) => {
                    prop_assert!(!refusal.rule().is_empty());
                    let is_content = matches!(refusal.concern(), Concern::Content(_));
                    prop_assert_eq!(is_allowed, is_content, "{}", refusal);
                }
            }
            let count = now.promise.milestone.as_ref().map_or(0, |milestone| milestone.count);
            prop_assert!(now.reports.is_sorted_by(|a, b| a.period < b.period), "one report for each period");
            for report in &now.reports {
                prop_assert!(report.status.is_some() || report.parts.is_some());
                prop_assert!(report.parts.map_or(0, Parts::sum) <= u64::from(count));
                prop_assert!(plan.first_day() <= report.period.first_day() && report.period.first_day() <= today);
            }
            if let State::Closed(closure) = &now.state {
                prop_assert!(plan.first_day() <= closure.on && closure.on <= today);
                prop_assert!(now.reports.iter().all(|report| report.period.first_day() <= closure.on));
            }
        }
    }
}
