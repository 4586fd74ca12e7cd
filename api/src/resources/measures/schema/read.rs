//! Measures from the wire into the domain, checked against their plan and their indicator.

use std::collections::HashSet;

use waymark_domain::indicator::Indicator;
use waymark_domain::measure::{Line, MeasureError};
use waymark_domain::period::Period;
use waymark_domain::plan::Plan;
use waymark_domain::target::{Baseline, Target};
use waymark_domain::{code, measure as domain, text};

use super::{Composite, CompositeRule, IndicatorReference, MeasureContent, MeasureLine, NewMeasure};
use crate::http::content::{once, part};
use crate::http::validation::{Coded, Faults};

/// The most lines: one for the whole, and one for each component that an indicator can have.
const MOST_LINES: usize = 51;

/// The plan and indicator that a measure is validated against.
pub(in crate::resources::measures) struct Surroundings<'a> {
    /// Its plan.
    pub(in crate::resources::measures) plan: &'a Plan,
    /// Its indicator.
    pub(in crate::resources::measures) indicator: &'a Indicator,
    /// The content that it replaces, if any.
    pub(in crate::resources::measures) before: Option<&'a domain::Measure>,
}

/// The fixed part of a new measure: its code, and the indicator as it is named.
pub(in crate::resources::measures) type Named =
    (Option<code::Code>, Option<(Option<code::Code>, code::Code)>);

impl NewMeasure {
    /// The code, the indicator's organisation and code, and the rest, which is read once the indicator is known.
    pub(in crate::resources::measures) fn named(self, faults: &mut Faults) -> (Named, MeasureContent) {
        let ((code, indicator), content) = self.apart();
        let code = code.read(faults, "/code");
        let IndicatorReference { organisation, code: indicator } = indicator;
        let named = faults.within("/indicator", |faults| {
            let organisation = part(organisation, |organisation| organisation.read(faults, "/organisation"));
            let indicator = indicator.read(faults, "/code");
            organisation.zip(indicator)
        });
        ((code, named), content)
    }
}

impl MeasureContent {
    /// Into the domain.
    pub(in crate::resources::measures) fn read(
        self,
        faults: &mut Faults,
        around: &Surroundings,
    ) -> Option<domain::Measure> {
        let Self { theme, priority, breakdown, lead, contact, lines, composite, note } = self;
        let theme = theme.read(faults, "/theme");
        let priority = part(priority, |priority| priority.read(faults, "/priority"));
        let breakdown = part(breakdown, |breakdown| breakdown.read(faults, "/breakdown"));
        let lead = part(lead, |lead| lead.read(faults, "/lead"));
        let contact = part(contact, |contact| contact.read(faults, "/contact"));
        let lines = read_lines(faults, lines, around);
        let composite = faults.within("/composite", |faults| composite.read(faults, around));
        let note = part(note, |note| note.read(faults, "/note"));
        let measure = domain::Measure {
            theme: theme?,
            priority: priority?,
            breakdown: breakdown?,
            lead: lead?,
            contact: contact?,
            lines: lines?,
            composite: composite?,
            note: note?,
            departures: around.before.map(|before| before.departures.clone()).unwrap_or_default(),
        };
        if let Err(error) = measure.check(around.plan, around.indicator) {
            faults.note(place(&error), error.code(), &error);
            return None;
        }
        Some(measure)
    }
}

fn read_lines(faults: &mut Faults, lines: Vec<MeasureLine>, around: &Surroundings) -> Option<Vec<Line>> {
    let mut seen = HashSet::new();
    faults.each("/lines", MOST_LINES, lines, |faults, line| {
        let mut line = line.read(faults, around)?;
        once(faults, "/component", &mut seen, line.component.clone())?;
        around.check_component(faults, line.component.as_ref())?;
        around.check_unread(faults, &line);
        around.check_origin(faults, &line);
        line.keep_origin(around.before(&line));
        if let Err(error) = line.check(around.indicator) {
            faults.note(place_in_line(&error), error.code(), error);
            return None;
        }
        Some(line)
    })
}

impl Composite {
    fn read(self, faults: &mut Faults, around: &Surroundings) -> Option<domain::Composite> {
        match (self.rule, self.component) {
            (CompositeRule::Worst, None) => Some(domain::Composite::Worst),
            (CompositeRule::Best, None) => Some(domain::Composite::Best),
            (CompositeRule::Headline, Some(component)) => {
                let component = component.read(faults, "/component")?;
                around.check_component(faults, Some(&component))?;
                Some(domain::Composite::Headline(component))
            }
            (CompositeRule::Worst | CompositeRule::Best, Some(_)) => {
                faults.note("/component", "superfluous", "only the rule `headline` names a component");
                None
            }
            (CompositeRule::Headline, None) => {
                faults.note("/component", "missing_field", "the rule `headline` names a component");
                None
            }
        }
    }
}

impl Surroundings<'_> {
    /// The definition version of a baseline of that period.
    pub(super) fn version_of(&self, period: Option<Period>) -> u32 {
        self.indicator.version_on(period.map_or(self.plan.first_day(), Period::last_day))
    }

    /// Whether the indicator has this definition version.
    pub(super) fn has_version(&self, number: u32) -> bool {
        self.indicator.versions.iter().any(|version| version.number == number)
    }

    fn check_component(&self, faults: &mut Faults, component: Option<&text::Name>) -> Option<()> {
        if component.is_some_and(|component| !self.indicator.components.contains(component)) {
            faults.note("/component", "unknown_component", "the indicator has no such component");
            return None;
        }
        Some(())
    }

    /// The line whose place this one takes.
    fn before(&self, line: &Line) -> Option<&Line> {
        self.before.and_then(|before| before.lines.iter().find(|own| own.component == line.component))
    }

    /// The origin of a target may be sent back unchanged; it cannot be set.
    fn check_origin(&self, faults: &mut Faults, line: &Line) {
        let origin = |line: &Line| line.target.as_ref().and_then(Target::origin).cloned();
        let sent = origin(line);
        if sent.is_some() && sent != self.before(line).and_then(origin) {
            let detail =
                "where a target comes from is sent back as it was, or left out: only decisions make it";
            faults.note("/target/origin", "read_only", detail);
        }
    }

    /// An unread cell may be sent back unchanged; it cannot be set.
    fn check_unread(&self, faults: &mut Faults, line: &Line) {
        let before = self.before(line);
        let detail = "what could not be read is sent back as it was, or replaced by what can be read";
        let is_kept = before.is_some_and(|before| before.baseline == line.baseline);
        if matches!(line.baseline, Some(Baseline::Unread { .. })) && !is_kept {
            faults.note("/baseline/unread", "read_only", detail);
        }
        let is_kept = before.is_some_and(|before| before.target == line.target);
        if matches!(line.target, Some(Target::Unread { .. })) && !is_kept {
            faults.note("/target/unread", "read_only", detail);
        }
    }
}

/// The location of an error of a whole measure.
fn place(error: &MeasureError) -> &'static str {
    match error {
        MeasureError::UnknownTheme(_) => "/theme",
        MeasureError::UnknownPriority(_) => "/priority",
        MeasureError::UnknownBreakdown(_) => "/breakdown",
        MeasureError::UnknownComponent(_)
        | MeasureError::Lines
        | MeasureError::Points
        | MeasureError::EndOfTrajectory
        | MeasureError::Range
        | MeasureError::OutOfBounds => "/lines",
    }
}

/// The location of an error of a line, relative to the line.
fn place_in_line(error: &MeasureError) -> &'static str {
    match error {
        MeasureError::Points => "/trajectory/points",
        MeasureError::EndOfTrajectory => "/target/condition",
        MeasureError::Range => "/target/low",
        MeasureError::OutOfBounds
        | MeasureError::UnknownTheme(_)
        | MeasureError::UnknownPriority(_)
        | MeasureError::UnknownBreakdown(_)
        | MeasureError::UnknownComponent(_)
        | MeasureError::Lines => "",
    }
}

impl Coded for MeasureError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownTheme(_) => "unknown_theme",
            Self::UnknownPriority(_) => "unknown_priority",
            Self::UnknownBreakdown(_) => "unknown_breakdown",
            Self::UnknownComponent(_) => "unknown_component",
            Self::Lines => "wrong_lines",
            Self::Points => "wrong_points",
            Self::EndOfTrajectory => "no_end_of_trajectory",
            Self::Range => "empty_range",
            Self::OutOfBounds => "too_large",
        }
    }
}
