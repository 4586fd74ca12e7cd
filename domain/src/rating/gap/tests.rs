//! Each kind of gap, worked by hand.

use super::*;
use crate::code::Code;
use crate::framework::indicator::{DefinitionVersion, Frequency};
use crate::framework::measure::{Composite, Measure};
use crate::framework::observation::{Figure, Observation, Standing};
use crate::framework::plan::Plan;
use crate::framework::scheme::Scheme;
use crate::framework::target::{Condition, Origin, Scope, TargetState};
use crate::number::value::{Unit, Value};
use crate::text::{Note, Title};

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

fn indicator() -> Indicator {
    Indicator::new(Title::new("Smoking").unwrap(), Unit::Percent, 1)
}

fn line(target: Option<Target>) -> Line {
    let value = number("8.8");
    let baseline = Baseline::Known { value, period: None, definition_version: 1, note: None };
    Line { baseline: Some(baseline), target, ..Line::default() }
}

fn set() -> Target {
    let condition = Condition::AtMost(number("5"));
    Target::Set {
        period: None,
        condition,
        state: TargetState::Agreed,
        note: None,
        review_on: None,
        origin: None,
    }
}

fn to_be_set(reason: &str) -> Option<Target> {
    Some(Target::ToBeSet { reason: note(reason) })
}

fn received(component: Option<&str>, on: &str) -> Received {
    let result = Observation {
        period: on.parse().unwrap(),
        breakdown: None,
        component: component.map(name),
        figure: Figure::Value(number("7")),
        definition_version: 1,
        standing: Standing::Final,
        quality: None,
        is_baseline: false,
        note: None,
    };
    Received { result, on: day(on), is_suppressed: false }
}

/// Component, kind and since when.
type Listed = (Option<String>, GapKind, Option<NaiveDate>);

fn gaps_of(indicator: &Indicator, lines: Vec<Line>, results: &[Received], lead: Option<&str>) -> Vec<Listed> {
    let plan = Plan {
        title: Title::new("Plan").unwrap(),
        span: "2008-04-01/2011-03-31".parse().unwrap(),
        themes: Vec::new(),
        priorities: Vec::new(),
        scheme: Scheme::baseline_to_target(),
        reporting_cycle: Frequency::HalfYearly,
        exception_rules: crate::framework::exception_rule::ExceptionRule::shipped(),
    };
    let measure = Measure {
        theme: Code::new("healthy").unwrap(),
        priority: None,
        breakdown: None,
        lead: lead.map(name),
        contact: None,
        lines,
        composite: Composite::Worst,
        note: None,
        departures: Vec::new(),
    };
    let position = Position {
        plan: &plan,
        indicator,
        measure: &measure,
        results,
        judgements: &[],
        as_at: day("2010-03-31"),
        previous_report: None,
    };
    let gaps = gaps(position).into_iter();
    gaps.inspect(|gap| assert!(gap.why.ends_with('.') && !gap.why.contains("7"), "{}", gap.why))
        .map(|gap| (gap.component.map(ToString::to_string), gap.kind, gap.since))
        .collect()
}

fn of(lines: Vec<Line>, results: &[Received]) -> Vec<Listed> {
    gaps_of(&indicator(), lines, results, Some("Head of health"))
}

#[test]
fn results_without_a_target_are_a_gap_since_the_first_of_them() {
    let results = [received(None, "2009-09-30"), received(None, "2009-03-31"), received(None, "2010-06-30")];
    let gap = [(None, GapKind::NoTarget, Some(day("2009-03-31")))];
    assert_eq!(of(vec![line(None)], &results), gap);
    assert_eq!(of(vec![line(to_be_set("To be set once baseline available"))], &results), gap);
    assert_eq!(of(vec![line(Some(set()))], &results), []);
    // Without a result there is nothing to judge yet, and a result to come is none yet.
    assert_eq!(of(vec![line(None)], &results[2..]), []);
}

#[test]
fn each_component_without_a_target_is_a_gap_of_its_own() {
    let own = |component, target| Line { component: Some(name(component)), ..line(target) };
    let on = "2009-03-31";
    let results = [received(Some("Dose 1"), on), received(Some("Dose 2"), on), received(Some("Dose 3"), on)];
    let lines = vec![own("Dose 1", None), own("Dose 2", Some(set()))];
    let gap = |component: &str| (Some(component.to_owned()), GapKind::NoTarget, Some(day(on)));
    assert_eq!(of(lines.clone(), &results), [gap("Dose 1"), gap("Dose 3")]);
    // A line for the whole stands for every component without one.
    let with_whole = [lines, vec![line(None)]].concat();
    assert_eq!(of(with_whole, &results), [gap("Dose 1"), (None, GapKind::NoTarget, Some(day(on)))]);
}

#[test]
fn a_target_of_another_method_is_to_be_reset() {
    let mut changed = indicator();
    changed.versions.push(DefinitionVersion { number: 2, from: Some(day("2009-01-01")), note: None });
    let lead = Some("Head of health");
    let gap = [(None, GapKind::ResetAfterMethodChange, Some(day("2009-01-01")))];
    // The baseline is of method 1, so the target is too.
    assert_eq!(gaps_of(&changed, vec![line(Some(set()))], &[], lead), gap);
    assert_eq!(gaps_of(&indicator(), vec![line(Some(set()))], &[], lead), []);
    let origin = |definition_version| {
        let origin = Origin {
            scope: Scope::Local,
            agreed_on: day("2009-11-27"),
            body: name("Executive"),
            minute: name("12"),
            rationale: note("R"),
            proposal: uuid::Uuid::from_u128(1),
            definition_version,
        };
        let condition = Condition::AtMost(number("5"));
        let state = TargetState::Agreed;
        let origin = Some(Box::new(origin));
        Target::Set { period: None, condition, state, note: None, review_on: None, origin }
    };
    assert_eq!(gaps_of(&changed, vec![line(Some(origin(1)))], &[], lead), gap);
    assert_eq!(gaps_of(&changed, vec![line(Some(origin(2)))], &[], lead), []);
    // Results of a method that is not in force yet tell as much.
    let mut late = indicator();
    late.versions.push(DefinitionVersion { number: 2, from: Some(day("2010-04-01")), note: None });
    let mut result = received(None, "2009-03-31");
    result.result.definition_version = 2;
    let gap = [(None, GapKind::ResetAfterMethodChange, Some(day("2010-04-01")))];
    assert_eq!(gaps_of(&late, vec![line(Some(set()))], &[result], lead), gap);
    assert_eq!(gaps_of(&late, vec![line(Some(set()))], &[], lead), []);
}

/// The words of source 001, without and with a result.
#[test]
fn a_cell_that_says_so_is_to_be_reset() {
    for says in [
        "To be reset following change in method of calculation",
        "Method of calculation revised, target to be set",
    ] {
        let gap = (None, GapKind::ResetAfterMethodChange, None);
        assert_eq!(of(vec![line(to_be_set(says))], &[]), std::slice::from_ref(&gap));
        let blue = (None, GapKind::NoTarget, Some(day("2009-03-31")));
        assert_eq!(of(vec![line(to_be_set(says))], &[received(None, "2009-03-31")]), [blue, gap]);
    }
    assert_eq!(of(vec![line(to_be_set("To be set now baseline available"))], &[]), []);
}

#[test]
fn a_review_is_overdue_once_its_day_has_passed() {
    let by = |text: &str| {
        let condition = Condition::AtMost(number("5"));
        let (state, review_on) = (TargetState::Agreed, Some(day(text)));
        vec![line(Some(Target::Set { period: None, condition, state, note: None, review_on, origin: None }))]
    };
    assert_eq!(of(by("2010-03-30"), &[]), [(None, GapKind::ReviewOverdue, Some(day("2010-03-30")))]);
    assert_eq!(of(by("2010-03-31"), &[]), []);
}

#[test]
fn a_measure_without_a_lead_is_a_gap() {
    assert_eq!(gaps_of(&indicator(), vec![line(None)], &[], None), [(None, GapKind::NoLead, None)]);
}
