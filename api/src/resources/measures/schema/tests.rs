use super::*;
use crate::http::validation::Faults;
use serde_json::{Value as Json, json};
use waymark_domain::indicator as defined;
use waymark_domain::measure::Line;
use waymark_domain::plan::{Plan, Priority, Theme};
use waymark_domain::scheme::Scheme;
use waymark_domain::target::{self, Condition};
use waymark_domain::text;
use waymark_domain::trajectory::{Point, Step, Trajectory as Way};
use waymark_domain::value::{Ratio, Unit, Value};

fn name(text: &str) -> text::Name {
    text::Name::new(text).unwrap()
}

fn code(text: &str) -> code::Code {
    code::Code::new(text).unwrap()
}

fn indicator() -> Indicator {
    let title = text::Title::new("Take-up of school lunches").unwrap();
    let mut indicator = Indicator::new(title.clone(), Unit::Percent, 1);
    let from = "2009-04-01".parse().ok();
    indicator.versions.push(defined::DefinitionVersion { number: 2, from, note: None });
    indicator.components = vec![name("Primary"), name("Secondary")];
    indicator.dimensions =
        vec![defined::Dimension { code: code("group"), title, categories: vec![name("White")] }];
    indicator
}

fn plan() -> Plan {
    let title = text::Title::new("Healthy eating").unwrap();
    Plan {
        title: title.clone(),
        span: "2008-04-01/2011-03-31".parse().unwrap(),
        themes: vec![Theme { code: code("HW"), title: title.clone() }],
        priorities: vec![Priority {
            code: code("HW-1d"),
            theme: code("HW"),
            title,
            cross_references: Vec::new(),
        }],
        scheme: Scheme::baseline_to_target(),
        reporting_cycle: defined::Frequency::HalfYearly,
        exception_rules: waymark_domain::tracker::ExceptionRule::shipped(),
    }
}

fn measure(lines: Vec<Line>) -> domain::Measure {
    domain::Measure {
        theme: code("HW"),
        priority: None,
        breakdown: None,
        lead: None,
        contact: None,
        lines,
        composite: domain::Composite::Worst,
        note: None,
        departures: Vec::new(),
    }
}

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

fn ratio(numerator: &str, denominator: &str) -> Value {
    Value::Ratio(Ratio::new(numerator.parse().unwrap(), denominator.parse().unwrap()).unwrap())
}

fn sent(measure: &domain::Measure, threshold: Option<u32>) -> String {
    serde_json::to_string(&MeasureContent::of(measure, &indicator(), threshold)).unwrap()
}

fn read(text: &str, before: Option<&domain::Measure>) -> Result<domain::Measure, Vec<(String, String)>> {
    let content: MeasureContent = crate::http::body::read_json(text).unwrap();
    let (indicator, plan) = (indicator(), plan());
    let mut faults = Faults::default();
    let read = content.read(&mut faults, &Surroundings { plan: &plan, indicator: &indicator, before });
    let place_and_code =
        |fault: &crate::http::problem::Fault| (fault.pointer.clone().unwrap(), fault.code.clone());
    faults.finish(read).map_err(|problem| problem.errors().iter().map(place_and_code).collect())
}

fn comes_back(measure: &domain::Measure) {
    let text = sent(measure, None);
    assert_eq!(read(&text, Some(measure)).as_ref(), Ok(measure), "{text}");
}

fn refused(line: Json) -> Vec<(String, String)> {
    let body = json!({"theme": "HW", "lines": [line]});
    read(&body.to_string(), None).unwrap_err()
}

fn fault(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

fn points(first: Value, second: Value) -> Vec<Point> {
    let point = |period: &str, value| Point { period: period.parse().unwrap(), value };
    vec![point("2009-03", first), point("FY2009-10", second)]
}

#[test]
fn every_target_comes_back_as_it_was() {
    let note = text::Note::new("Revised in May").ok();
    let values = [number("85"), number("-22.80"), ratio("2", "15")];
    let ones: [fn(Value) -> Condition; 6] = [
        Condition::Reach,
        Condition::AtLeast,
        Condition::AtMost,
        Condition::Above,
        Condition::Below,
        Condition::Exactly,
    ];
    let mut conditions: Vec<Condition> = ones.iter().flat_map(|make| values.map(make)).collect();
    for (low, high) in
        [(number("10"), number("15.0")), (ratio("1", "10"), ratio("3", "10")), (number("1"), ratio("1", "2"))]
    {
        conditions.push(Condition::Between { low, high });
    }
    conditions.push(Condition::AllOf("287".parse().unwrap()));
    let states = [target::TargetState::Proposed, target::TargetState::Tentative, target::TargetState::Agreed];
    for (condition, state) in
        conditions.into_iter().flat_map(|condition| states.map(|state| (condition, state)))
    {
        for (period, note) in [(None, None), ("FY2010-11".parse().ok(), note.clone())] {
            let target =
                Some(target::Target::Set { period, condition, state, note, review_on: None, origin: None });
            comes_back(&measure(vec![Line { target, ..Line::default() }]));
        }
    }
    let reason = text::Note::new("To be set now that a baseline is available").unwrap();
    let target = Some(target::Target::ToBeSet { reason: reason.clone() });
    comes_back(&measure(vec![Line { target, ..Line::default() }]));
    let target =
        Some(target::Target::Unread { text: reason, reason: text::Title::new("No number").unwrap() });
    comes_back(&measure(vec![Line { target, ..Line::default() }]));
}

#[test]
fn every_trajectory_comes_back_as_it_was() {
    let step = |text: &str| text.parse().unwrap();
    let target = Some(target::Target::Set {
        period: None,
        condition: Condition::EndOfTrajectory,
        state: target::TargetState::Agreed,
        note: None,
        review_on: None,
        origin: None,
    });
    for trajectory in [
        Way::Milestones(points(number("40"), number("50.0"))),
        Way::Profile(points(ratio("4", "10"), ratio("5", "10"))),
        Way::YearlyStep { step: Step::Points(step("2")), until: "CY2011".parse().ok() },
        Way::YearlyStep { step: Step::Percent(step("-1.0")), until: None },
    ] {
        comes_back(&measure(vec![Line { trajectory, target: target.clone(), ..Line::default() }]));
    }
}

#[test]
fn every_baseline_and_composite_comes_back_as_it_was() {
    let note = text::Note::new("Recalculated").ok();
    let text = text::Note::new("KS2 25% (2008) KS4 31.1% (2008)").unwrap();
    let unread = target::Baseline::Unread { text, reason: text::Title::new("Two values").unwrap() };
    let known = |value, period, definition_version, note| target::Baseline::Known {
        value,
        period,
        definition_version,
        note,
    };
    for baseline in [
        known(number("26.0"), None, 1, None),
        known(ratio("2", "15"), "AY2008-09".parse().ok(), 2, note),
        unread,
    ] {
        comes_back(&measure(vec![Line { baseline: Some(baseline), ..Line::default() }]));
    }
    let lines = vec![Line::default(), Line { component: Some(name("Primary")), ..Line::default() }];
    let headline = domain::Composite::Headline(name("Secondary"));
    for composite in [domain::Composite::Worst, domain::Composite::Best, headline] {
        let full = domain::Measure {
            priority: Some(code("HW-1d")),
            breakdown: "group=White".parse().ok(),
            lead: Some(name("Head of catering")),
            contact: Some(name("Catering officer")),
            composite,
            note: text::Note::new("Two surveys a year").ok(),
            ..measure(lines.clone())
        };
        comes_back(&full);
    }
}

#[test]
fn a_target_has_what_its_condition_needs_and_nothing_else() {
    let of_target = |target: Json| refused(json!({"target": target}));
    let at = |field: &str, code: &str| vec![fault(&format!("/lines/0/target{field}"), code)];
    assert_eq!(of_target(json!({"state": "to_be_set"})), at("/reason", "missing_field"));
    assert_eq!(of_target(json!({"state": "agreed"})), at("/condition", "missing_field"));
    assert_eq!(of_target(json!({"state": "agreed", "condition": "reach"})), at("/value", "missing_field"));
    assert_eq!(
        of_target(json!({"state": "agreed", "condition": "reach", "value": 1, "low": 2})),
        at("/low", "superfluous")
    );
    assert_eq!(
        of_target(json!({"state": "agreed", "condition": "reach", "numerator": 1})),
        at("/denominator", "missing_field")
    );
    assert_eq!(
        of_target(json!({"state": "agreed", "condition": "reach", "numerator": 1, "denominator": 0})),
        at("/denominator", "too_small")
    );
    assert_eq!(
        of_target(json!({"state": "agreed", "condition": "reach", "value": 1, "denominator": 2})),
        at("/value", "ambiguous")
    );
    assert_eq!(
        of_target(json!({"state": "agreed", "condition": "between", "low": 1})),
        at("/high", "missing_field")
    );
    assert_eq!(
        of_target(json!({"state": "agreed", "condition": "between", "low": 2, "high": 1})),
        at("/low", "empty_range")
    );
    assert_eq!(of_target(json!({"state": "agreed", "condition": "all_of"})), at("/total", "missing_field"));
    assert_eq!(
        of_target(json!({"state": "agreed", "condition": "end_of_trajectory"})),
        at("/condition", "no_end_of_trajectory")
    );
    assert_eq!(
        of_target(json!({"state": "to_be_set", "reason": "x", "value": 1})),
        at("/value", "superfluous")
    );
}

#[test]
fn a_trajectory_has_what_its_kind_needs_and_nothing_else() {
    let of_trajectory = |trajectory: Json| refused(json!({"trajectory": trajectory}));
    let at = |field: &str, code: &str| fault(&format!("/lines/0/trajectory{field}"), code);
    assert_eq!(of_trajectory(json!({"kind": "linear", "step": 1})), [at("/step", "superfluous")]);
    assert_eq!(of_trajectory(json!({"kind": "milestones"})), [at("/points", "wrong_points")]);
    assert_eq!(
        of_trajectory(json!({"kind": "yearly_step", "until": "x"})),
        [at("/step", "missing_field"), at("/step_unit", "missing_field"), at("/until", "bad_period")]
    );
    let point = |period: &str| json!({"period": period, "value": 1});
    assert_eq!(
        of_trajectory(json!({"kind": "profile", "points": [point("2010-03"), point("FY2009-10")]})),
        [at("/points", "wrong_points")]
    );
    assert_eq!(
        of_trajectory(json!({"kind": "profile", "points": [{"period": "2010-03"}]})),
        [at("/points/0/value", "missing_field")]
    );
}

#[test]
fn what_a_measure_names_is_there() {
    assert_eq!(refused(json!({"component": "Tertiary"})), [fault("/lines/0/component", "unknown_component")]);
    let baseline = |version: Option<u32>| json!({"baseline": {"value": 1, "definition_version": version}});
    assert_eq!(
        refused(baseline(Some(3))),
        [fault("/lines/0/baseline/definition_version", "unknown_version")]
    );
    let of = |body: Json| read(&body.to_string(), None).unwrap_err();
    assert_eq!(of(json!({"theme": "XX", "lines": [{}]})), [fault("/theme", "unknown_theme")]);
    assert_eq!(
        of(json!({"theme": "HW", "priority": "HW-2", "lines": [{}]})),
        [fault("/priority", "unknown_priority")]
    );
    assert_eq!(
        of(json!({"theme": "HW", "breakdown": "group=Other", "lines": [{}]})),
        [fault("/breakdown", "unknown_breakdown")]
    );
    assert_eq!(of(json!({"theme": "HW", "lines": []})), [fault("/lines", "wrong_lines")]);
    assert_eq!(of(json!({"theme": "HW", "lines": [{}, {}]})), [fault("/lines/1/component", "duplicate")]);
    assert_eq!(
        of(json!({"theme": "HW", "lines": [{}], "composite": {"rule": "headline"}})),
        [fault("/composite/component", "missing_field")]
    );
}

/// The second definition version of the indicator begins in April 2009, after the plan.
#[test]
fn a_baseline_has_the_definition_version_of_its_time() {
    for (period, expected) in [(None, 1), (Some("FY2008-09"), 1), (Some("FY2009-10"), 2)] {
        let body = json!({"theme": "HW", "lines": [{"baseline": {"value": 26, "period": period}}]});
        let read = read(&body.to_string(), None).unwrap();
        let Some(target::Baseline::Known { definition_version, .. }) = read.lines[0].baseline else {
            panic!()
        };
        assert_eq!(definition_version, expected, "{period:?}");
    }
}

#[test]
fn an_unreadable_cell_cannot_be_written() {
    let line = |text: &str| {
        json!({"theme": "HW", "lines": [{"baseline": {"unread": text, "reason": "No number"}}]}).to_string()
    };
    assert_eq!(read(&line("varies"), None).unwrap_err(), [fault("/lines/0/baseline/unread", "read_only")]);
    let text = text::Note::new("varies").unwrap();
    let unread = target::Baseline::Unread { text, reason: text::Title::new("No number").unwrap() };
    let before = measure(vec![Line { baseline: Some(unread), ..Line::default() }]);
    assert_eq!(read(&line("varies"), Some(&before)).as_ref(), Ok(&before));
    assert!(read(&line("varies a lot"), Some(&before)).is_err());
}

#[test]
fn a_baseline_that_reveals_a_small_count_is_withheld_and_cannot_be_lost() {
    let shown = |baseline: target::Baseline, threshold| {
        let of = measure(vec![Line { baseline: Some(baseline), ..Line::default() }]);
        let text = sent(&of, threshold);
        let line = serde_json::from_str::<Json>(&text).unwrap()["lines"][0].clone();
        (line["suppressed"] == json!(true), line.get("baseline").is_some(), text)
    };
    let known = |value| target::Baseline::Known { value, period: None, definition_version: 1, note: None };
    let unread = |text: &str| target::Baseline::Unread {
        text: text::Note::new(text).unwrap(),
        reason: text::Title::new("No rule reads it").unwrap(),
    };
    for (baseline, withheld) in [
        (known(ratio("2", "15")), true),
        (known(ratio("5", "15")), false),
        (known(number("3")), false),
        (unread("2 of 15, see note"), true),
        (unread("varies"), false),
    ] {
        let (suppressed, there, text) = shown(baseline.clone(), Some(5));
        assert_eq!((suppressed, there), (withheld, !withheld), "{text}");
        assert!(!shown(baseline, None).0);
    }
    let (_, _, text) = shown(known(ratio("2", "15")), Some(5));
    assert_eq!(read(&text, None).unwrap_err(), [fault("/lines/0/suppressed", "read_only")]);
}
