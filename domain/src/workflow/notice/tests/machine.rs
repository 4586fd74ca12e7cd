//! The states of a notice, in every order and by everybody.

use super::*;
use crate::access::Role;
use proptest::prelude::*;

fn plan() -> Period {
    period("2008-04-01/2011-03-31")
}

fn actor(role: Role) -> Actor {
    Actor { name: name(role.name()), roles: vec![role] }
}

fn decision(meeting: NaiveDate) -> Minuted {
    Minuted { meeting, minute: name("12"), note: None }
}

fn issued() -> Notice {
    Notice::issue(terms(), &actor(Role::PerformanceOfficer), plan(), day("2010-04-30")).unwrap()
}

#[test]
fn an_update_on_the_same_period_is_a_correction() {
    let (officer, today) = (actor(Role::AccountableOfficer), day("2010-07-15"));
    let report = |notice: &Notice, period: &str, text: &str| {
        notice.report((name("IN 1.1"), period.parse().unwrap(), note(text)), &officer, plan(), today)
    };
    let notice = report(&issued(), "2010-05", "May.").unwrap();
    let notice = report(&notice, "2010-03", "March.").unwrap();
    let notice = report(&notice, "2010-05", "May, corrected.").unwrap();
    let notice = report(&notice, "FY2010-11-Q1", "The quarter.").unwrap();
    let texts: Vec<&str> = notice.updates_on(&name("IN 1.1")).map(|update| update.text.as_str()).collect();
    assert_eq!(texts, ["The quarter.", "May, corrected.", "March."]);
    assert_eq!(report(&notice, "2010-07", "Half of July.").unwrap_err().rule(), "in_future");
    assert_eq!(report(&notice, "2008-03", "Before.").unwrap_err().rule(), "before_plan");
    assert_eq!(report(&notice, "FY2009-10", "A year.").unwrap_err().rule(), "wrong_kind_of_period");
}

#[test]
fn a_requirement_that_was_reported_on_stays() {
    let (officer, today) = (actor(Role::PerformanceOfficer), day("2010-07-15"));
    let update = (name("IN 1.1"), period("2010-05"), note("May."));
    let notice = issued().report(update, &officer, plan(), today).unwrap();
    let mut fewer = terms();
    fewer.requirements.remove(1);
    assert_eq!(notice.replace(fewer.clone(), &officer, plan(), today).unwrap().progress, notice.progress);
    fewer.requirements.clear();
    let refused = notice.replace(fewer, &officer, plan(), today).unwrap_err();
    assert_eq!(refused, Refusal::RequirementReported(name("IN 1.1")));
}

#[test]
fn a_notice_is_met_once_every_condition_is() {
    let (clerk, today) = (actor(Role::BoardClerk), day("2011-05-01"));
    let close = |verdicts: &[Verdict]| {
        issued().close((Outcome::Met, decision(day("2011-04-20"))), verdicts, &clerk, plan(), today)
    };
    let (met, not, pending) = (Verdict::Met, Verdict::NotMet, Verdict::Pending);
    assert_eq!(close(&[met, not]), Err(Refusal::ConditionsOpen { open: 1 }));
    assert_eq!(close(&[pending, not]), Err(Refusal::ConditionsOpen { open: 2 }));
    assert_eq!(close(&[met]), Err(Refusal::ConditionsOpen { open: 1 }), "one is not judged at all");
    let closed = close(&[met, met]).unwrap();
    assert_eq!(closed.state(), State::Closed(Outcome::Met));
    let decision = &closed.rulings[0].decision;
    assert_eq!(decision.body, name("Secretary of State"), "the authority decides");
    assert_eq!(decision.recorded_by, clerk.name);
}

/// An action that a caller tries on a notice.
#[derive(Debug, Clone)]
enum Attempt {
    Replace,
    Report { requirement: usize, period: usize },
    Close(Outcome, Vec<Verdict>),
    Reinstate,
}

impl Attempt {
    fn action(&self) -> Action {
        match self {
            Self::Replace => Action::Replace,
            Self::Report { .. } => Action::RecordProgress,
            Self::Close(..) => Action::Close,
            Self::Reinstate => Action::Reinstate,
        }
    }
}

fn any_attempt() -> impl Strategy<Value = Attempt> {
    let outcome = prop_oneof![Just(Outcome::Met), Just(Outcome::Withdrawn), Just(Outcome::Escalated)];
    let verdict =
        prop_oneof![4 => Just(Verdict::Met), 1 => Just(Verdict::NotMet), 1 => Just(Verdict::Pending)];
    prop_oneof![
        Just(Attempt::Replace),
        (0_usize..3, 0_usize..6).prop_map(|(requirement, period)| Attempt::Report { requirement, period }),
        (outcome, proptest::collection::vec(verdict, 0..3)).prop_map(|(o, v)| Attempt::Close(o, v)),
        Just(Attempt::Reinstate),
    ]
}

const PERIODS: [&str; 6] = ["2010-03", "2010-04", "FY2009-10-Q4", "2008-02", "FY2009-10", "2011-12"];

fn attempt(
    notice: &Notice,
    what: &Attempt,
    actor: &Actor,
    on: NaiveDate,
    today: NaiveDate,
) -> Result<Notice, Refusal> {
    match what {
        Attempt::Replace => notice.replace(terms(), actor, plan(), today),
        Attempt::Report { requirement, period } => {
            let requirement = name(["IN 1.1", "IN 1.3 & 2.17", "IN 9"][*requirement]);
            notice.report(
                (requirement, PERIODS[*period].parse().unwrap(), note("Done.")),
                actor,
                plan(),
                today,
            )
        }
        Attempt::Close(outcome, verdicts) => {
            notice.close((*outcome, decision(on)), verdicts, actor, plan(), today)
        }
        Attempt::Reinstate => notice.reinstate(decision(on), actor, plan(), today),
    }
}

/// What holds in every state.
fn is_sound(notice: &Notice, today: NaiveDate) {
    let mut before = State::InForce;
    let mut since = notice.terms.issued_on;
    for Ruling { effect, decision } in &notice.rulings {
        let next = match (before, effect) {
            (State::InForce, Effect::Closed(outcome)) => State::Closed(*outcome),
            (State::Closed(_), Effect::Reinstated) => State::InForce,
            (State::InForce, Effect::Reinstated) | (State::Closed(_), Effect::Closed(_)) => {
                panic!("{before:?} and then {effect:?}")
            }
        };
        assert!(since <= decision.meeting && decision.meeting <= today);
        (before, since) = (next, decision.meeting);
    }
    assert_eq!(notice.state(), before);
    for (place, update) in notice.progress.iter().enumerate() {
        assert!(notice.terms.has(&update.requirement) && update.period.last_day() <= today);
        let again =
            |other: &Update| (&other.requirement, other.period) == (&update.requirement, update.period);
        assert!(!notice.progress[..place].iter().any(again), "two updates on one period");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_walk_leads_to_a_forbidden_state(
        walk in proptest::collection::vec((any_attempt(), 0_usize..7, 0_i64..800), 1..40),
    ) {
        let (mut notice, today) = (issued(), day("2011-06-30"));
        for (what, role, days) in walk {
            let actor = actor(Role::ALL[role]);
            let on = day("2009-12-01") + chrono::Duration::days(days);
            let may = allowed(&notice, &actor).contains(&what.action());
            match attempt(&notice, &what, &actor, on, today) {
                Ok(next) => {
                    prop_assert!(may, "{what:?} was done and is not among what is allowed");
                    is_sound(&next, today);
                    match &what {
                        Attempt::Close(Outcome::Met, verdicts) => {
                            let open = |verdict: &Verdict| *verdict != Verdict::Met;
                            prop_assert!(verdicts.len() >= 2 && !verdicts.iter().any(open));
                        }
                        Attempt::Close(..) | Attempt::Reinstate | Attempt::Replace | Attempt::Report { .. } => {}
                    }
                    notice = next;
                }
                Err(refusal) => {
                    prop_assert!(!refusal.rule().is_empty());
                    let by_whom = matches!(refusal, Refusal::Role(_) | Refusal::State { .. });
                    prop_assert_eq!(by_whom, !may, "{:?}: {}", what, refusal);
                }
            }
        }
    }
}
