//! Terms that do not fit, each fault at its place.

use super::*;
use crate::framework::indicator::Frequency;
use crate::framework::plan;
use crate::framework::scheme::Scheme;
use std::collections::HashMap;

fn flaws(terms: &Terms) -> Vec<(Spot, String)> {
    let (theme, priority) = (code("safe"), code("CP-1"));
    let title = Title::new("A plan").unwrap();
    let plan = plan::Plan {
        title: title.clone(),
        span: period("2008-04-01/2011-03-31"),
        themes: vec![plan::Theme { code: theme.clone(), title: title.clone() }],
        priorities: vec![plan::Priority { code: priority, theme, title, cross_references: Vec::new() }],
        scheme: Scheme::baseline_to_target(),
        reporting_cycle: Frequency::Quarterly,
        exception_rules: crate::workflow::tracker::ExceptionRule::shipped(),
    };
    let (measure, indicator) = (code("NI59"), indicator());
    let found = terms.flaws(&plan, &HashMap::from([(&measure, &indicator)]));
    found.into_iter().map(|flaw| (flaw.spot, flaw.error.to_string())).collect()
}

#[test]
fn every_flaw_is_reported_at_its_place() {
    assert_eq!(flaws(&terms()), []);
    let mut wrong = terms();
    wrong.requirements[0].measures = vec![code("NI59"), code("NI1"), code("NI59")];
    wrong.requirements[0].priorities = vec![code("CP-1"), code("CP-2")];
    wrong.requirements[1].code = name("IN 1.1");
    wrong.conditions[0].component = Some(name("Dose 1"));
    wrong.conditions[0].required = Required::AtLeast(d("72.55"));
    wrong.conditions[0].requirement = Some(name("IN 9"));
    wrong.conditions[1].code = code("NI59");
    wrong.conditions[1].measure = code("NI2");
    wrong.conditions[1].period = period("2010-02");
    let spots: Vec<Spot> = flaws(&wrong).into_iter().map(|(spot, _)| spot).collect();
    assert_eq!(
        spots,
        [
            Spot::RequirementMeasure(0, 1),
            Spot::RequirementMeasure(0, 2),
            Spot::RequirementPriority(0, 1),
            Spot::RequirementCode(1),
            Spot::ConditionComponent(0),
            Spot::ConditionValue(0),
            Spot::ConditionRequirement(0),
            Spot::ConditionCode(1),
            Spot::ConditionMeasure(1),
            Spot::ConditionPeriod(1),
        ]
    );
}

/// The examinations of 2011 are the summer after the plan: an authority's term is its own.
#[test]
fn a_condition_may_end_after_the_plan() {
    let mut long = terms();
    long.conditions[0].period = period("AY2010-11");
    assert_eq!(flaws(&long), []);
}
