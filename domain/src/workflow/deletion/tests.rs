use super::*;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn plan() -> Period {
    "2008-04-01/2011-03-31".parse().unwrap()
}

fn actor(name: &str, roles: &[access::Role]) -> Actor {
    Actor { name: Name::new(name).unwrap(), roles: roles.to_vec() }
}

fn officer() -> Actor {
    actor("officer", &[access::Role::PerformanceOfficer])
}

fn clerk() -> Actor {
    actor("clerk", &[access::Role::BoardClerk])
}

fn grounds() -> Grounds {
    let reason = Note::new("Tests at that age have ended.").unwrap();
    Grounds { category: Category::NoLongerCollected, reason, as_written: None }
}

fn proposed() -> Deletion {
    let measure = Code::new("ks3-science").unwrap();
    Deletion::propose(measure, grounds(), day("2009-11-20"), &officer(), plan(), day("2009-11-20")).unwrap()
}

fn ruling(outcome: Outcome, meeting: &str) -> Ruling {
    let name = |text| Name::new(text).unwrap();
    let decision = Decision {
        body: name("Executive"),
        meeting: day(meeting),
        minute: name("5.2"),
        note: None,
        recorded_by: name("clerk"),
    };
    Ruling { outcome, decision, comment: None }
}

fn decide(deletion: &Deletion, outcome: Outcome, meeting: &str) -> Result<Deletion, Refusal> {
    deletion.decide(ruling(outcome, meeting), &clerk(), plan(), day("2010-06-30"))
}

fn rule(refused: Result<Deletion, Refusal>) -> &'static str {
    refused.unwrap_err().rule()
}

fn measure() -> Measure {
    Measure {
        theme: Code::new("enjoy").unwrap(),
        priority: None,
        breakdown: None,
        lead: None,
        contact: None,
        lines: Vec::new(),
        composite: crate::framework::measure::Composite::Worst,
        note: None,
        departures: Vec::new(),
    }
}

#[test]
fn as_above_is_distinguished_from_a_reason() {
    for text in ["as above", "As above", "AS ABOVE.", " as  above ", "as above ."] {
        assert!(is_as_above(text), "{text}");
    }
    for text in ["as above, but sooner", "above", "as", "", ".", "see as above"] {
        assert!(!is_as_above(text), "{text}");
    }
}

#[test]
fn as_above_takes_the_reason_and_the_category_of_the_one_before() {
    let written = Note::new("as above").unwrap();
    let own = Grounds::as_above(&grounds(), None, written.clone());
    assert_eq!((own.category, own.reason), (Category::NoLongerCollected, grounds().reason));
    assert_eq!(own.as_written, Some(written.clone()));
    let other = Grounds::as_above(&grounds(), Some(Category::NoLongerRelevant), written);
    assert_eq!(other.category, Category::NoLongerRelevant);
}

/// Source 000: as at 30 September 2009, decided on 27 November.
#[test]
fn a_measure_leaves_on_a_day_before_the_meeting_and_comes_back_on_a_day_after_it_left() {
    let agreed = decide(&proposed(), Outcome::Agreed { from: day("2009-09-30") }, "2009-11-27").unwrap();
    let id = Uuid::from_u128(7);
    let left = consequence(id, &agreed, &measure()).unwrap();
    assert!(!left.has_left(day("2009-09-29")));
    assert!(left.has_left(day("2009-09-30")) && left.has_left(day("2011-03-31")) && left.is_deleted());

    let too_early = decide(&agreed, Outcome::Restored { from: day("2009-09-29") }, "2010-03-31");
    assert_eq!(rule(too_early), "return_before_departure");
    let restored = decide(&agreed, Outcome::Restored { from: day("2010-01-01") }, "2010-03-31").unwrap();
    let back = consequence(id, &restored, &left).unwrap();
    assert!(back.has_left(day("2009-12-31")) && !back.has_left(day("2010-01-01")) && !back.is_deleted());
    assert_eq!(back.departures.len(), 1);
}

#[test]
fn what_is_rejected_or_put_off_leaves_the_measure_as_it_is() {
    for outcome in [Outcome::Rejected, Outcome::Deferred] {
        let decided = decide(&proposed(), outcome, "2009-11-27").unwrap();
        assert_eq!(consequence(Uuid::nil(), &decided, &measure()), None);
    }
}

#[test]
fn an_indicator_is_measured_as_long_as_one_measure_is_there() {
    let agreed = decide(&proposed(), Outcome::Agreed { from: day("2009-09-30") }, "2009-11-27").unwrap();
    let left = consequence(Uuid::from_u128(7), &agreed, &measure()).unwrap();
    let on = |measures: &[Measure], on| is_no_longer_measured(measures, day(on));
    assert!(on(&[left.clone(), left.clone()], "2009-09-30"));
    assert!(!on(&[left.clone(), left.clone()], "2009-09-29"));
    assert!(!on(&[left, measure()], "2009-09-30"));
    assert!(!on(&[], "2009-09-30"), "it was never measured");
}

#[test]
fn days_are_in_the_plan_and_in_order() {
    let propose = |on: &str| {
        let measure = Code::new("x").unwrap();
        Deletion::propose(measure, grounds(), day(on), &officer(), plan(), day("2009-11-20"))
    };
    assert_eq!(rule(propose("2008-03-31")), "before_plan");
    assert_eq!(rule(propose("2009-11-21")), "in_future");
    let agree = |meeting: &str, from: &str| decide(&proposed(), Outcome::Agreed { from: day(from) }, meeting);
    assert_eq!(rule(agree("2009-11-19", "2009-11-19")), "meeting_before_proposal");
    assert_eq!(rule(agree("2010-07-01", "2010-07-01")), "in_future");
    assert_eq!(rule(agree("2009-11-27", "2008-03-31")), "before_plan");
    assert_eq!(rule(agree("2009-11-27", "2011-04-01")), "after_plan");
    let deferred = decide(&proposed(), Outcome::Deferred, "2009-11-27").unwrap();
    assert_eq!(rule(decide(&deferred, Outcome::Rejected, "2009-11-26")), "meeting_before_decision");
    assert!(decide(&deferred, Outcome::Rejected, "2009-11-27").is_ok());
}

fn actors() -> [Actor; 4] {
    use access::Role;
    [
        officer(),
        clerk(),
        // A proposer who is the clerk as well, and a caller who is neither.
        actor("both", &[Role::PerformanceOfficer, Role::BoardClerk]),
        actor("reader", &[Role::Reader]),
    ]
}

/// The arrows of the diagram in ARCHITECTURE.md.
fn follows(before: State, after: State) -> bool {
    use State::{Agreed, Deferred, Proposed, Rejected, Restored, Withdrawn};
    matches!(
        (before, after),
        (Proposed | Deferred, Agreed | Rejected | Deferred | Withdrawn) | (Agreed, Restored)
    )
}

proptest! {
    /// Any caller, any action, any day: no state is reached that does not follow from the one before, what is
    /// allowed is refused for its days only, what is not allowed is refused, and the measure has left where, and only
    /// where, the deletion is agreed.
    #[test]
    fn no_walk_reaches_a_forbidden_state(
        proposer in 0_usize..4,
        steps in proptest::collection::vec((0_usize..4, 0_usize..5, 0_i64..1300, 0_i64..1300), 0..14),
    ) {
        let today = day("2011-06-30");
        let proposer = &actors()[proposer];
        let code = Code::new("x").unwrap();
        let made = Deletion::propose(code, grounds(), day("2008-06-01"), proposer, plan(), today);
        prop_assert_eq!(made.is_ok(), proposer.may(access::Action::ProposeDeletions));
        let Ok(mut deletion) = made else { return Ok(()) };
        let (id, mut measure) = (Uuid::from_u128(1), measure());
        let all = actors();
        for (who, action, meeting, from) in steps {
            let (actor, action) = (&all[who], Action::ALL[action]);
            let after = |days| day("2008-03-01") + chrono::Days::new(u64::try_from(days).unwrap());
            let (meeting, from) = (after(meeting), after(from));
            let outcome = match action {
                Action::Withdraw => None,
                Action::Agree => Some(Outcome::Agreed { from }),
                Action::Reject => Some(Outcome::Rejected),
                Action::Defer => Some(Outcome::Deferred),
                Action::Restore => Some(Outcome::Restored { from }),
            };
            let done = match outcome {
                None => deletion.withdraw(actor, today),
                Some(outcome) => {
                    let ruling = ruling(outcome, &meeting.to_string());
                    deletion.decide(ruling, actor, plan(), today)
                }
            };
            let is_allowed = deletion.allowed(actor).contains(&action);
            match done {
                Ok(next) => {
                    prop_assert!(is_allowed);
                    prop_assert!(follows(deletion.state(), next.state()));
                    prop_assert_eq!(action == Action::Withdraw, actor.name == next.proposed_by);
                    if let Some(changed) = consequence(id, &next, &measure) {
                        measure = changed;
                    }
                    deletion = next;
                }
                Err(refusal) => {
                    prop_assert!(!refusal.rule().is_empty() && !refusal.to_string().is_empty());
                    prop_assert_eq!(is_allowed, matches!(refusal.concern(), crate::workflow::Concern::Content(_)));
                }
            }
            prop_assert_eq!(measure.is_deleted(), deletion.state() == State::Agreed);
            let meetings: Vec<NaiveDate> =
                deletion.rulings.iter().map(|ruling| ruling.decision.meeting).collect();
            prop_assert!(meetings.is_sorted());
            let in_order = |departure: &Departure| departure.until.is_none_or(|until| departure.from <= until);
            prop_assert!(measure.departures.iter().all(in_order));
        }
    }
}
