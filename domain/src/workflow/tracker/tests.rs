use super::*;
use crate::access::Role;
use crate::framework::indicator::Frequency;
use crate::framework::plan::{Plan, Priority, Theme};
use crate::framework::scheme::Scheme;
use crate::rating::NoRating;
use crate::time::period::Period;
use crate::workflow::{Actor, Refusal};
use proptest::prelude::*;

const TODAY: &str = "2010-01-20";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

fn quarter(text: &str) -> Quarter {
    text.parse().unwrap()
}

fn plan() -> Plan {
    let title = |text| Title::new(text).unwrap();
    Plan {
        title: title("Plan"),
        span: "2008-04-01/2011-03-31".parse().unwrap(),
        themes: vec![Theme { code: code("healthy"), title: title("Be healthy") }],
        priorities: vec![Priority {
            code: code("HW-1d"),
            theme: code("healthy"),
            title: title("Fewer teenage conceptions"),
            cross_references: Vec::new(),
        }],
        scheme: Scheme::baseline_to_target(),
        reporting_cycle: Frequency::Quarterly,
        exception_rules: ExceptionRule::shipped(),
    }
}

fn actor(name: &str, roles: &[Role]) -> Actor {
    Actor { name: Name::new(name).unwrap(), roles: roles.to_vec() }
}

fn officer() -> Actor {
    actor("officer", &[Role::AccountableOfficer])
}

fn director() -> Actor {
    actor("director", &[Role::AccountableDirector])
}

fn content() -> Content {
    Content {
        narrative: Narrative::new("Rates fell.").unwrap(),
        aligned_measures: vec![code("NI112")],
        key_actions: Vec::new(),
        risks: Vec::new(),
        resources: None,
        status: Some(Colour::Red),
        direction: Some(Direction::Deteriorating),
    }
}

fn draft() -> Tracker {
    let place = (code("HW-1d"), quarter("FY2009-10-Q3"));
    Tracker::draft(place, content(), &officer(), &plan(), day(TODAY)).unwrap()
}

fn rating(rating: Rating) -> AlignedRating {
    AlignedRating {
        measure: code("NI112"),
        title: Title::new("Teenage conceptions").unwrap(),
        rating,
        computed: rating,
        explanation: Note::new("Because.").unwrap(),
        withheld: None,
    }
}

fn rule<T: std::fmt::Debug>(result: Result<T, Refusal>) -> &'static str {
    result.unwrap_err().rule()
}

#[test]
fn an_account_goes_from_draft_to_publication() {
    let frozen = vec![rating(Rating::Judged(Colour::Red))];
    let submitted = draft().submit(frozen.clone(), &officer(), day(TODAY)).unwrap();
    assert_eq!(submitted.submission().unwrap().ratings, frozen);
    assert_eq!(submitted.submission().unwrap().as_at, day("2009-12-31"), "the quarter's last day");
    let comment = Note::new("What of the clinics?").unwrap();
    let returned = submitted.send_back(comment, &director(), day(TODAY)).unwrap();
    assert_eq!((returned.state(), returned.submission()), (State::Returned, None));
    let edited = returned.edit(content(), &officer()).unwrap();
    assert_eq!(edited.state(), State::Returned);
    let agreed =
        edited.submit(frozen, &officer(), day(TODAY)).unwrap().agree(&director(), day(TODAY)).unwrap();
    let published = agreed.publish(&actor("head", &[Role::PerformanceOfficer]), day(TODAY)).unwrap();
    assert_eq!(published.state(), State::Published);
    assert_eq!(published.submission(), agreed.submission());
}

#[test]
fn no_caller_agrees_their_own_submission() {
    let both = actor("both", &[Role::AccountableOfficer, Role::AccountableDirector]);
    let submitted = draft().submit(Vec::new(), &both, day(TODAY)).unwrap();
    assert_eq!(rule(submitted.agree(&both, day(TODAY))), "submitter_agrees");
    assert_eq!(rule(submitted.agree(&officer(), day(TODAY))), "role_missing");
    assert!(submitted.agree(&director(), day(TODAY)).is_ok());
}

#[test]
fn what_is_submitted_has_a_status_and_a_direction() {
    let submit =
        |content| draft().edit(content, &officer()).unwrap().submit(Vec::new(), &officer(), day(TODAY));
    assert_eq!(rule(submit(Content { status: None, ..content() })), "incomplete");
    assert_eq!(rule(submit(Content { direction: None, ..content() })), "incomplete");
    assert!(submit(content()).is_ok());
}

#[test]
fn a_quarter_touches_the_plan_and_has_begun() {
    let check = |text| quarter(text).check(plan().span, day(TODAY));
    assert_eq!(check("FY2008-09-Q1"), Ok(()));
    assert_eq!(check("FY2009-10-Q4"), Ok(()), "it has begun");
    assert_eq!(rule(check("FY2007-08-Q4")), "before_plan");
    assert_eq!(rule(check("FY2010-11-Q1")), "in_future");
    assert_eq!(rule(check("FY2011-12-Q1")), "after_plan");
    let odd: Period = "2008-05-15/2009-05-15".parse().unwrap();
    assert_eq!(quarter("FY2008-09-Q1").check(odd, day(TODAY)), Ok(()), "the plan begins in it");
    assert_eq!("FY2009-10-H1".parse::<Quarter>(), Err(QuarterError::Kind));
    let place = (code("HW-9"), quarter("FY2009-10-Q3"));
    assert_eq!(rule(Tracker::draft(place, content(), &officer(), &plan(), day(TODAY))), "unknown_priority");
}

#[test]
fn quarters_follow_each_other() {
    for (date, expected) in
        [("2009-04-01", "FY2009-10-Q1"), ("2009-12-31", "FY2009-10-Q3"), ("2010-03-31", "FY2009-10-Q4")]
    {
        assert_eq!(Quarter::of(day(date)).unwrap(), quarter(expected));
    }
    let named: Vec<String> =
        quarter("FY2009-10-Q3").until(quarter("FY2010-11-Q3"), 100).iter().map(Quarter::to_string).collect();
    assert_eq!(named, ["FY2009-10-Q3", "FY2009-10-Q4", "FY2010-11-Q1", "FY2010-11-Q2", "FY2010-11-Q3"]);
    assert_eq!(quarter("FY2010-11-Q3").until(quarter("FY2009-10-Q3"), 100), []);
}

#[test]
fn what_is_carried_forward_is_what_remains_to_be_done() {
    let action = |title, status| KeyAction {
        title: Title::new(title).unwrap(),
        owner: Name::new("Head of service").unwrap(),
        due: day("2009-11-30"),
        progress: None,
        status,
    };
    let key_actions = vec![
        action("a", ActionStatus::Done),
        action("b", ActionStatus::InProgress),
        action("c", ActionStatus::Dropped),
        action("d", ActionStatus::NotStarted),
    ];
    assert!(key_actions[1].is_overdue(day("2009-12-01")) && !key_actions[1].is_overdue(day("2009-11-30")));
    assert!(!key_actions[0].is_overdue(day(TODAY)) && !key_actions[2].is_overdue(day(TODAY)));
    let tracker = draft().edit(Content { key_actions, ..content() }, &officer()).unwrap();
    let submitted =
        tracker.submit(vec![rating(Rating::Judged(Colour::Red))], &officer(), day(TODAY)).unwrap();
    let next = submitted.carry_forward(&officer(), &plan(), day(TODAY)).unwrap();
    assert_eq!((next.quarter, &next.progress), (quarter("FY2009-10-Q4"), &Progress::Draft));
    assert_eq!((next.content.status, next.content.direction), (None, None));
    let titles: Vec<&str> = next.content.key_actions.iter().map(|action| action.title.as_str()).collect();
    assert_eq!(titles, ["b", "d"]);
    assert_eq!(rule(next.carry_forward(&officer(), &plan(), day(TODAY))), "in_future");
}

#[test]
fn a_risk_is_scored_by_likelihood_and_impact() {
    let level = |number| Level::new(number).unwrap();
    let risk = Risk {
        text: Title::new("Funding ends").unwrap(),
        likelihood: level(4),
        impact: level(5),
        mitigation: None,
    };
    assert_eq!(risk.score(), 20);
    assert!(Level::new(0).is_err() && Level::new(6).is_err());
}

#[test]
fn the_worst_judged_rating_is_suggested() {
    let (green, amber) = (Rating::Judged(Colour::Green), Rating::Judged(Colour::Amber));
    let blue = Rating::None(NoRating::NoTarget);
    assert_eq!(suggested(&[rating(green), rating(amber), rating(blue)]), Some(Colour::Amber));
    assert_eq!(suggested(&[rating(blue)]), None);
    assert!(content().differs(&[rating(amber)]));
    assert!(!content().differs(&[rating(Rating::Judged(Colour::Red)), rating(green)]));
    assert!(!content().differs(&[rating(blue)]), "where nothing is suggested nothing differs");
}

/// Source 004: red whichever way it goes; amber where it is static or deteriorates.
#[test]
fn exceptions_are_found_by_rule() {
    let (up, flat, down) = (Direction::Improving, Direction::Static, Direction::Deteriorating);
    let by = |status, direction, rules: &[ExceptionRule]| {
        let content = Content { status: Some(status), direction: Some(direction), ..content() };
        let given =
            draft().edit(content, &officer()).unwrap().submit(Vec::new(), &officer(), day(TODAY)).unwrap();
        let rule = given.exception(rules)?;
        rules.iter().position(|candidate| candidate == rule)
    };
    let shipped = ExceptionRule::shipped();
    assert_eq!([up, flat, down].map(|way| by(Colour::Red, way, &shipped)), [Some(0); 3]);
    assert_eq!([up, flat, down].map(|way| by(Colour::Amber, way, &shipped)), [None, Some(1), Some(1)]);
    assert_eq!([up, flat, down].map(|way| by(Colour::Green, way, &shipped)), [None; 3]);
    let own = [ExceptionRule { status: Colour::Green, directions: vec![down] }];
    assert_eq!((by(Colour::Green, down, &own), by(Colour::Red, down, &own)), (Some(0), None));
    assert_eq!(draft().exception(&shipped), None, "a draft is not an exception yet");
}

/// Source 004, 4.5: red, amber and green of 14 at Q4 2008/9, Q2 2009/10 and Q4 2009/10.
#[test]
fn tallies_come_out_as_in_the_report() {
    let percents = |red, amber, green| {
        let mut statuses = vec![Colour::Red; red];
        statuses.extend(vec![Colour::Amber; amber]);
        statuses.extend(vec![Colour::Green; green]);
        let tally = tally(&statuses);
        assert_eq!(tally.total, 14);
        [tally.red.percent, tally.amber.percent, tally.green.percent]
    };
    assert_eq!(percents(0, 10, 4), [0, 71, 29]);
    assert_eq!(percents(3, 5, 6), [21, 36, 43]);
    assert_eq!(percents(6, 3, 5), [43, 21, 36]);
}

#[derive(Debug, Clone)]
struct Step {
    action: Action,
    actor: Actor,
    complete: bool,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let actor = ("[ab]", prop::collection::vec(prop::sample::select(Role::ALL.to_vec()), 0..4))
        .prop_map(|(name, roles)| actor(&name, &roles));
    let step = (prop::sample::select(Action::ALL.to_vec()), actor, prop::bool::weighted(0.8))
        .prop_map(|(action, actor, complete)| Step { action, actor, complete });
    prop::collection::vec(step, 1..60)
}

fn perform(tracker: &Tracker, step: &Step) -> Result<Tracker, Refusal> {
    let (actor, today) = (&step.actor, day(TODAY));
    match step.action {
        Action::Edit => {
            tracker.edit(Content { status: step.complete.then_some(Colour::Amber), ..content() }, actor)
        }
        Action::Submit => tracker.submit(vec![rating(Rating::Judged(Colour::Red))], actor, today),
        Action::Agree => tracker.agree(actor, today),
        Action::Return => tracker.send_back(Note::new("More, please.").unwrap(), actor, today),
        Action::Publish => tracker.publish(actor, today),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_walk_reaches_a_forbidden_state(steps in steps()) {
        let mut tracker = draft();
        for step in steps {
            let offered = allowed(&tracker, &step.actor).contains(&step.action);
            let before = tracker.clone();
            match perform(&tracker, &step) {
                Err(refusal) => {
                    prop_assert!(!refusal.rule().is_empty() && !refusal.to_string().is_empty());
                    // What is offered is refused for what is missing in it only.
                    prop_assert_eq!(offered, matches!(refusal, Refusal::Incomplete(_)));
                }
                Ok(after) => {
                    prop_assert!(offered);
                    tracker = after;
                }
            }
            prop_assert_ne!((before.state() == State::Published, before != tracker), (true, true));
            if let Some(submission) = tracker.submission() {
                prop_assert!(tracker.content.status.is_some() && tracker.content.direction.is_some());
                prop_assert!(!submission.ratings.is_empty());
            }
            match (&before.progress, &tracker.progress) {
                (Progress::Submitted(given), Progress::Agreed { submission, agreement }) => {
                    prop_assert_ne!(&submission.signed.by, &agreement.by);
                    prop_assert_eq!(given, submission);
                }
                (Progress::Agreed { submission: given, .. }, Progress::Published { submission, .. }) => {
                    prop_assert_eq!(given, submission);
                    prop_assert_eq!(&before.content, &tracker.content);
                }
                (Progress::Draft | Progress::Returned { .. }, Progress::Submitted(_))
                | (Progress::Submitted(_), Progress::Returned { .. }) => {}
                (before, after) => prop_assert_eq!(before, after),
            }
        }
    }
}
