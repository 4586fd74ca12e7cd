//! Notices from the wire into the domain, with a pointer for every fault.

use waymark_domain::notice::{self as domain, Flaw, NoticeError, Spot};
use waymark_domain::period::Period;
use waymark_domain::{code, text};

use super::{
    NewNotice, NewNoticeClosure, NewNoticeProgress, NewNoticeReinstatement, NoticeComparison,
    NoticeCondition, NoticeContent, NoticeRequirement,
};
use crate::http::content::part;
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::validation::{Coded, Faults};

/// The most requirements, and the most conditions.
const MOST: usize = 200;
/// The most measures, and the most priorities, that a requirement references.
const MOST_LINKS: usize = 100;

impl NewNotice {
    /// Into the domain, with the code.
    pub(in crate::resources::notices) fn read(self) -> Result<(code::Code, domain::Terms), Problem> {
        let ((code,), content) = self.apart();
        let mut faults = Faults::default();
        let code = code.read(&mut faults, "/code");
        let content = content.read_with(&mut faults);
        faults.finish(code.zip(content))
    }
}

impl NoticeContent {
    /// Into the domain.
    pub(in crate::resources::notices) fn read(self) -> Result<domain::Terms, Problem> {
        let mut faults = Faults::default();
        let content = self.read_with(&mut faults);
        faults.finish(content)
    }

    fn read_with(self, faults: &mut Faults) -> Option<domain::Terms> {
        let Self { title, authority, issued_on, requirements, conditions } = self;
        let title = title.read(faults, "/title");
        let authority = authority.read(faults, "/authority");
        let day = Period::point(issued_on);
        let issued_on = faults.take("/issued_on", day).map(Period::first_day);
        let requirements = faults.each("/requirements", MOST, requirements, read_requirement);
        let conditions = faults.each("/conditions", MOST, conditions, read_condition);
        Some(domain::Terms {
            title: title?,
            authority: authority?,
            issued_on: issued_on?,
            requirements: requirements?,
            conditions: conditions?,
        })
    }
}

fn read_requirement(faults: &mut Faults, requirement: NoticeRequirement) -> Option<domain::Requirement> {
    let NoticeRequirement { code, text, measures, priorities } = requirement;
    let code = code.read(faults, "/code");
    let text = text.read(faults, "/text");
    let measures = faults.each("/measures", MOST_LINKS, measures, |faults, code| code.read(faults, ""));
    let priorities = faults.each("/priorities", MOST_LINKS, priorities, |faults, code| code.read(faults, ""));
    Some(domain::Requirement { code: code?, text: text?, measures: measures?, priorities: priorities? })
}

fn read_condition(faults: &mut Faults, condition: NoticeCondition) -> Option<domain::Condition> {
    let NoticeCondition { code, measure, component, condition, value, period, requirement, note } = condition;
    let code = code.read(faults, "/code");
    let measure = measure.read(faults, "/measure");
    let component = part(component, |name| name.read(faults, "/component"));
    let value = value.read(faults, "/value");
    let required = value.map(|value| match condition {
        NoticeComparison::AtLeast => domain::Required::AtLeast(value),
        NoticeComparison::AtMost => domain::Required::AtMost(value),
        NoticeComparison::Exactly => domain::Required::Exactly(value),
    });
    let period = period.read(faults, "/period");
    let requirement = part(requirement, |name| name.read(faults, "/requirement"));
    let note = part(note, |note| note.read(faults, "/note"));
    Some(domain::Condition {
        code: code?,
        measure: measure?,
        component: component?,
        required: required?,
        period: period?,
        requirement: requirement?,
        note: note?,
    })
}

impl NewNoticeProgress {
    /// The requirement, the period and the text.
    pub(in crate::resources::notices) fn read(self) -> Result<(text::Name, Period, text::Note), Problem> {
        let Self { requirement, period, text } = self;
        let mut faults = Faults::default();
        let requirement = requirement.read(&mut faults, "/requirement");
        let period = period.read(&mut faults, "/period");
        let text = text.read(&mut faults, "/text");
        let read = requirement.zip(period).zip(text);
        faults.finish(read.map(|((requirement, period), text)| (requirement, period, text)))
    }
}

impl NewNoticeClosure {
    /// The outcome, and the minute of the decision.
    pub(in crate::resources::notices) fn read(self) -> Result<(domain::Outcome, domain::Minuted), Problem> {
        let Self { outcome, decided_on, minute, note } = self;
        Ok((outcome.into(), NewNoticeReinstatement { decided_on, minute, note }.read()?))
    }
}

impl NewNoticeReinstatement {
    /// The minute of the decision.
    pub(in crate::resources::notices) fn read(self) -> Result<domain::Minuted, Problem> {
        let Self { decided_on: meeting, minute, note } = self;
        let mut faults = Faults::default();
        let minute = minute.read(&mut faults, "/minute");
        let note = part(note, |note| note.read(&mut faults, "/note"));
        let read = minute.zip(note);
        faults.finish(read.map(|(minute, note)| domain::Minuted { meeting, minute, note }))
    }
}

/// The flaws of terms as one problem, each with its pointer.
pub(in crate::resources::notices) fn problem(flaws: Vec<Flaw>) -> Problem {
    let faults = flaws.into_iter().map(|flaw| Fault::at(pointer(flaw.spot), flaw.error.code(), flaw.error));
    Problem::new(Kind::InvalidBody).faults(faults)
}

fn pointer(spot: Spot) -> String {
    match spot {
        Spot::RequirementCode(place) => format!("/requirements/{place}/code"),
        Spot::RequirementMeasure(place, link) => format!("/requirements/{place}/measures/{link}"),
        Spot::RequirementPriority(place, link) => format!("/requirements/{place}/priorities/{link}"),
        Spot::ConditionCode(place) => format!("/conditions/{place}/code"),
        Spot::ConditionMeasure(place) => format!("/conditions/{place}/measure"),
        Spot::ConditionComponent(place) => format!("/conditions/{place}/component"),
        Spot::ConditionValue(place) => format!("/conditions/{place}/value"),
        Spot::ConditionPeriod(place) => format!("/conditions/{place}/period"),
        Spot::ConditionRequirement(place) => format!("/conditions/{place}/requirement"),
    }
}

impl Coded for NoticeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::UnknownMeasure(_) => "unknown_measure",
            Self::UnknownPriority(_) => "unknown_priority",
            Self::UnknownComponent(_) => "unknown_component",
            Self::UnknownRequirement(_) => "unknown_requirement",
            Self::OutOfBounds => "too_large",
            Self::TooPrecise(_) => "too_precise",
            Self::PeriodBeforeIssue(_) => "before_issue",
        }
    }
}
