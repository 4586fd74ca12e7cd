//! Random walks of random actors, and what a target must be like to fit its measure.

use super::*;
use crate::access::Role;
use crate::framework::indicator::{DefinitionVersion, Frequency};
use crate::framework::measure::Composite;
use crate::framework::scheme::Scheme;
use crate::number::value::Unit;
use crate::text::Title;
use crate::workflow::deletion::{Category, Departure};
use chrono::Days;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn note(text: &str) -> Note {
    Note::new(text).unwrap()
}

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

fn span() -> Period {
    "2008-04-01/2011-03-31".parse().unwrap()
}

fn today() -> NaiveDate {
    day("2010-03-31")
}

fn terms(condition: Condition) -> Terms {
    Terms {
        condition,
        period: None,
        trajectory: None,
        rationale: note("No worse than where the plan began."),
        scope: Scope::Local,
        review_on: None,
    }
}

fn actor(person: &str, roles: &[Role]) -> Actor {
    Actor { name: name(person), roles: roles.to_vec() }
}

fn decision(meeting: NaiveDate, by: &Actor) -> Decision {
    Decision {
        body: name("Executive"),
        meeting,
        minute: name("12"),
        note: None,
        recorded_by: by.name.clone(),
    }
}

fn proposed() -> TargetProposal {
    let officer = actor("officer", &[Role::PerformanceOfficer]);
    let of = (Code::new("smoking").unwrap(), None);
    let terms = terms(Condition::AtMost(number("5")));
    TargetProposal::propose(of, terms, day("2009-11-02"), &officer, span(), today()).unwrap()
}

fn take(
    proposal: &TargetProposal,
    action: Action,
    who: &Actor,
    on: NaiveDate,
) -> Result<TargetProposal, Refusal> {
    match action {
        Action::Revise => proposal.revise(terms(Condition::AtMost(number("4"))), on, who, span(), today()),
        Action::Withdraw => proposal.withdraw(who),
        Action::Agree => proposal.agree(decision(on, who), None, who, span(), today()),
        Action::SendBack => proposal.send_back(decision(on, who), note("Aim higher."), who, span(), today()),
    }
}

fn who() -> impl Strategy<Value = Actor> {
    let roles = proptest::sample::subsequence(Role::ALL.to_vec(), 0..=3);
    (proptest::sample::select(vec!["officer", "other", "clerk"]), roles)
        .prop_map(|(person, roles)| actor(person, &roles))
}

proptest! {
    /// Any action, in any order: what is listed is not refused for who asks or for the state, what is
    /// not listed always is, and every state was reached by the one way that leads there.
    #[test]
    fn no_walk_reaches_a_forbidden_state(
        steps in proptest::collection::vec((0_usize..4, who(), 0_u64..1100), 1..40)
    ) {
        let mut proposal = proposed();
        for (action, who, days) in steps {
            let action = Action::ALL[action];
            let on = day("2008-03-15") + Days::new(days);
            let listed = allowed(&proposal, &who).contains(&action);
            match take(&proposal, action, &who, on) {
                Ok(next) => {
                    prop_assert!(listed);
                    let lawful = match (&proposal.state, action, &next.state) {
                        (State::Proposed | State::SentBack { .. }, Action::Revise, State::Proposed)
                        | (State::Proposed | State::SentBack { .. }, Action::Withdraw, State::Withdrawn) => {
                            who.name == proposal.proposer
                        }
                        (State::Proposed, Action::Agree, State::Agreed { decision, .. })
                        | (State::Proposed, Action::SendBack, State::SentBack { decision, .. }) => {
                            who.name != proposal.proposer
                                && decision.recorded_by == who.name
                                && decision.meeting >= proposal.proposed_on
                                && decision.meeting <= today()
                        }
                        _ => false,
                    };
                    prop_assert!(lawful, "{:?} {action:?} {:?}", proposal.state, next.state);
                    prop_assert!(next.proposed_on >= proposal.proposed_on && next.proposed_on <= today());
                    prop_assert_eq!(&next.proposer, &proposal.proposer);
                    proposal = next;
                }
                Err(refusal) => {
                    let of_content = matches!(refusal.concern(), crate::workflow::Concern::Content(_));
                    prop_assert_eq!(listed, of_content, "{} {:?}", refusal.rule(), action);
                    prop_assert!(!refusal.rule().is_empty() && !refusal.to_string().is_empty());
                }
            }
        }
    }
}

#[test]
fn nothing_is_put_forward_before_the_plan_or_in_the_future() {
    let officer = actor("officer", &[Role::AccountableOfficer]);
    let of = || (Code::new("smoking").unwrap(), None);
    let propose = |on, who: &Actor| {
        TargetProposal::propose(of(), terms(Condition::AtMost(number("5"))), day(on), who, span(), today())
    };
    let rule = |on, who: &Actor| propose(on, who).unwrap_err().rule();
    assert_eq!(rule("2008-03-31", &officer), "before_plan");
    assert_eq!(rule("2010-04-01", &officer), "in_future");
    assert_eq!(rule("2009-11-02", &actor("clerk", &[Role::BoardClerk])), "role_missing");
    assert!(propose("2010-03-31", &officer).is_ok());
}

#[test]
fn what_was_sent_back_is_revised_after_the_meeting() {
    let (officer, clerk) =
        (actor("officer", &[Role::PerformanceOfficer]), actor("clerk", &[Role::BoardClerk]));
    let back = take(&proposed(), Action::SendBack, &clerk, day("2009-11-27")).unwrap();
    assert_eq!(allowed(&back, &officer), [Action::Revise, Action::Withdraw]);
    assert_eq!(allowed(&back, &clerk), []);
    assert_eq!(
        take(&back, Action::Revise, &officer, day("2009-11-26")),
        Err(Refusal::RevisedBefore { since: day("2009-11-27") })
    );
    let again = take(&back, Action::Revise, &officer, day("2009-12-01")).unwrap();
    assert_eq!((again.state, again.proposed_on), (State::Proposed, day("2009-12-01")));
}

#[test]
fn who_is_officer_and_clerk_in_one_decides_on_nothing_of_their_own() {
    let both = actor("officer", &[Role::PerformanceOfficer, Role::BoardClerk]);
    let refused = take(&proposed(), Action::Agree, &both, day("2009-11-27")).unwrap_err();
    assert_eq!(refused, Refusal::ProposerDecides);
}

fn indicator() -> Indicator {
    let polarity = Some(Polarity::LowerIsBetter);
    Indicator { polarity, ..Indicator::new(Title::new("Smoking").unwrap(), Unit::Percent, 1) }
}

fn plan() -> Plan {
    Plan {
        title: Title::new("Plan").unwrap(),
        span: span(),
        themes: vec![crate::framework::plan::Theme {
            code: Code::new("healthy").unwrap(),
            title: Title::new("Be healthy").unwrap(),
        }],
        priorities: Vec::new(),
        scheme: Scheme::baseline_to_target(),
        reporting_cycle: Frequency::HalfYearly,
        exception_rules: crate::workflow::tracker::ExceptionRule::shipped(),
    }
}

fn measure() -> Measure {
    Measure {
        theme: Code::new("healthy").unwrap(),
        priority: None,
        breakdown: None,
        lead: None,
        contact: None,
        lines: vec![Line { target: Some(Target::ToBeSet { reason: note("To be set") }), ..Line::default() }],
        composite: Composite::Worst,
        note: None,
        departures: Vec::new(),
    }
}

#[test]
fn a_target_fits_its_indicator_or_is_not_put_forward() {
    let fits = |condition| TargetProposal { terms: terms(condition), ..proposed() };
    let check = |condition, indicator: &Indicator| fits(condition).fits(&measure(), &plan(), indicator);
    assert_eq!(check(Condition::AtMost(number("4.5")), &indicator()), Ok(()));
    assert_eq!(check(Condition::Reach(number("4.50")), &indicator()), Ok(()));
    assert_eq!(check(Condition::AtMost(number("4.55")), &indicator()), Err(Misfit::TooFine { places: 1 }));
    let way = Misfit::WrongWay { polarity: Polarity::LowerIsBetter };
    assert_eq!(check(Condition::AtLeast(number("5")), &indicator()), Err(way));
    let back = Condition::Between { low: number("9"), high: number("5") };
    let open = Indicator { polarity: None, ..indicator() };
    assert_eq!(check(back, &open), Err(Misfit::Measure(MeasureError::Range)));
    let range = Indicator { polarity: Some(Polarity::WithinRange), ..indicator() };
    assert!(matches!(check(Condition::Reach(number("5")), &range), Err(Misfit::WrongWay { .. })));
    let end = check(Condition::EndOfTrajectory, &indicator());
    assert_eq!(end, Err(Misfit::Measure(MeasureError::EndOfTrajectory)));
    let dose = TargetProposal { component: Some(name("Dose 1")), ..fits(Condition::AtMost(number("5"))) };
    let unknown = MeasureError::UnknownComponent(name("Dose 1"));
    assert_eq!(dose.fits(&measure(), &plan(), &indicator()), Err(Misfit::Measure(unknown)));
    let mut early = fits(Condition::AtMost(number("5")));
    early.terms.review_on = Some(early.proposed_on);
    assert_eq!(early.fits(&measure(), &plan(), &indicator()), Err(Misfit::ReviewTooEarly));
}

#[test]
fn a_measure_that_leaves_the_plan_gets_no_target() {
    let clerk = actor("clerk", &[Role::BoardClerk]);
    let mut left = measure();
    left.departures.push(Departure {
        from: day("2009-12-01"),
        until: None,
        category: Category::NoLongerCollected,
        reason: note("Not collected any more."),
        proposal: Uuid::from_u128(1),
        decision: decision(day("2009-11-27"), &clerk),
    });
    assert_eq!(proposed().fits(&left, &plan(), &indicator()), Err(Misfit::Left));
    left.departures[0].until = Some(day("2010-03-01"));
    assert_eq!(proposed().fits(&left, &plan(), &indicator()), Ok(()));
}

/// The board of 27 November 2009 meets after the method changed in January 2009.
#[test]
fn what_is_agreed_says_by_whom_and_for_which_method() {
    let clerk = actor("clerk", &[Role::BoardClerk]);
    let mut changed = indicator();
    changed.versions.push(DefinitionVersion { number: 2, from: Some(day("2009-01-01")), note: None });
    let id = Uuid::from_u128(7);
    assert_eq!(proposed().enacted(id, &measure(), &changed), None);
    let agreed = take(&proposed(), Action::Agree, &clerk, day("2009-11-27")).unwrap();
    let after = agreed.enacted(id, &measure(), &changed).unwrap();
    let origin = after.lines[0].target.as_ref().unwrap().origin().unwrap();
    let said = (origin.scope, origin.agreed_on, origin.definition_version, origin.proposal);
    assert_eq!(said, (Scope::Local, day("2009-11-27"), 2, id));
    assert_eq!((origin.body.as_str(), origin.minute.as_str()), ("Executive", "12"));
    assert_eq!(after.check(&plan(), &changed), Ok(()));
}

#[test]
fn who_agreed_a_target_is_known_as_long_as_it_promises_the_same() {
    let clerk = actor("clerk", &[Role::BoardClerk]);
    let agreed = take(&proposed(), Action::Agree, &clerk, day("2009-11-27")).unwrap();
    let before = agreed.enacted(Uuid::from_u128(7), &measure(), &indicator()).unwrap().lines.remove(0);
    let said = |condition| {
        let (state, note) = (TargetState::Agreed, Some(note("N")));
        let review_on = Some(day("2010-09-30"));
        let target = Target::Set { period: None, condition, state, note, review_on, origin: None };
        let mut line = Line { target: Some(target), ..before.clone() };
        line.keep_origin(Some(&before));
        line
    };
    let same = said(Condition::AtMost(number("5.0")));
    assert_eq!(same.target.unwrap().origin(), before.target.as_ref().unwrap().origin());
    assert_eq!(said(Condition::AtMost(number("6"))).target.unwrap().origin(), None);
    let mut forged = before.clone();
    forged.keep_origin(None);
    assert_eq!(forged.target.unwrap().origin(), None);
}
