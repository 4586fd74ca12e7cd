//! Whether the terms of a notice fit together, and fit the plan and its measures.

use super::{Condition, Terms};
use crate::code::Code;
use crate::framework::indicator::Indicator;
use crate::framework::plan::Plan;
use crate::text::Name;
use crate::time::period::Period;
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// Where in the terms something is wrong; the numbers are places in the lists, from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spot {
    /// The code of a requirement.
    RequirementCode(usize),
    /// A measure that a requirement names.
    RequirementMeasure(usize, usize),
    /// A priority that a requirement names.
    RequirementPriority(usize, usize),
    /// The code of a condition.
    ConditionCode(usize),
    /// The measure of a condition.
    ConditionMeasure(usize),
    /// The component of a condition.
    ConditionComponent(usize),
    /// The value of a condition.
    ConditionValue(usize),
    /// The period of a condition.
    ConditionPeriod(usize),
    /// The requirement that a condition belongs to.
    ConditionRequirement(usize),
}

/// What is wrong with the terms of a notice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// Something that stands once stands twice.
    #[error("it is named twice")]
    Duplicate,
    /// A measure that the plan does not have.
    #[error("the plan has no measure {0}")]
    UnknownMeasure(Code),
    /// A priority that the plan does not have.
    #[error("the plan has no priority {0}")]
    UnknownPriority(Code),
    /// A component that the indicator does not have.
    #[error("the indicator has no component {0}")]
    UnknownComponent(Name),
    /// A requirement that the notice does not have.
    #[error("the notice has no requirement {0}")]
    UnknownRequirement(Name),
    /// A value that cannot be expressed in the indicator's unit.
    #[error("the value is too large to be compared in the indicator's unit")]
    OutOfBounds,
    /// A value with more decimal places than figures are compared at: rounding it would change what is required.
    #[error("results of the indicator are compared at {0} decimal places, and the value has more")]
    TooPrecise(u32),
    /// A period that was over when the notice was issued.
    #[error("the period was over before the notice was issued on {0}")]
    PeriodBeforeIssue(NaiveDate),
}

/// Something that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Where.
    pub spot: Spot,
    /// What.
    pub error: NoticeError,
}

impl Terms {
    /// All that is wrong with the terms, in their order; nothing where they fit. `indicators` are those of the plan's
    /// measures, by the codes of the measures.
    ///
    /// A condition may be about a period that ends after the plan: an authority's term is its own.
    pub fn flaws(&self, plan: &Plan, indicators: &HashMap<&Code, &Indicator>) -> Vec<Flaw> {
        let mut flaws = Flaws(Vec::new());
        let mut codes = HashSet::new();
        for (place, requirement) in self.requirements.iter().enumerate() {
            flaws.unless(
                codes.insert(&requirement.code),
                Spot::RequirementCode(place),
                NoticeError::Duplicate,
            );
            let mut named = HashSet::new();
            for (link, measure) in requirement.measures.iter().enumerate() {
                let spot = Spot::RequirementMeasure(place, link);
                let known = indicators.contains_key(measure);
                flaws.unless(known, spot, NoticeError::UnknownMeasure(measure.clone()));
                flaws.unless(named.insert(measure), spot, NoticeError::Duplicate);
            }
            let mut named = HashSet::new();
            for (link, priority) in requirement.priorities.iter().enumerate() {
                let spot = Spot::RequirementPriority(place, link);
                let known = plan.priority(priority).is_some();
                flaws.unless(known, spot, NoticeError::UnknownPriority(priority.clone()));
                flaws.unless(named.insert(priority), spot, NoticeError::Duplicate);
            }
        }
        let mut conditions = HashSet::new();
        for (place, condition) in self.conditions.iter().enumerate() {
            flaws.unless(
                conditions.insert(&condition.code),
                Spot::ConditionCode(place),
                NoticeError::Duplicate,
            );
            self.check_condition(place, condition, indicators, &mut flaws);
        }
        flaws.0
    }

    fn check_condition(
        &self,
        place: usize,
        condition: &Condition,
        indicators: &HashMap<&Code, &Indicator>,
        flaws: &mut Flaws,
    ) {
        let Condition { code: _, measure, component, required, period, requirement, note: _ } = condition;
        match indicators.get(measure) {
            None => {
                let error = NoticeError::UnknownMeasure(measure.clone());
                flaws.unless(false, Spot::ConditionMeasure(place), error);
            }
            Some(indicator) => {
                let unknown = component.as_ref().filter(|name| !indicator.components.contains(name));
                if let Some(name) = unknown {
                    let error = NoticeError::UnknownComponent(name.clone());
                    flaws.unless(false, Spot::ConditionComponent(place), error);
                }
                let is_expressible = required.goal(indicator).is_some();
                flaws.unless(is_expressible, Spot::ConditionValue(place), NoticeError::OutOfBounds);
                let (value, precision) = (required.value(), indicator.precision);
                let error = NoticeError::TooPrecise(precision);
                flaws.unless(value.at(precision) == Some(value), Spot::ConditionValue(place), error);
            }
        }
        let over = |period: Period| period.last_day() < self.issued_on;
        let error = NoticeError::PeriodBeforeIssue(self.issued_on);
        flaws.unless(!over(*period), Spot::ConditionPeriod(place), error);
        if let Some(name) = requirement.as_ref().filter(|name| !self.has(name)) {
            let error = NoticeError::UnknownRequirement(name.clone());
            flaws.unless(false, Spot::ConditionRequirement(place), error);
        }
    }
}

struct Flaws(Vec<Flaw>);

impl Flaws {
    fn unless(&mut self, is_valid: bool, spot: Spot, error: NoticeError) {
        if !is_valid {
            self.0.push(Flaw { spot, error });
        }
    }
}
