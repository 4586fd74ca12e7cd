//! Plans from the wire into the domain, with the place of every fault.

use std::collections::HashSet;

use chrono::NaiveDate;
use waymark_domain::period::Period;
use waymark_domain::{code, plan as domain, scheme, tracker};

use super::{ExceptionRule, NewPlan, PlanContent, Priority, Theme};
use crate::http::content::once;
use crate::http::problem::{Fault, Kind, Problem};
use crate::http::validation::{Coded, Faults};
use crate::resources::plans::scheme::{Scheme, ShippedScheme};

/// The most themes.
const MOST_THEMES: usize = 100;
/// The most priorities.
const MOST_PRIORITIES: usize = 1000;
/// The most cross-references of a priority.
const MOST_CROSS_REFERENCES: usize = 20;
/// The most exception rules.
const MOST_EXCEPTION_RULES: usize = 10;
/// How many directions there are.
const DIRECTIONS: usize = 3;

impl NewPlan {
    /// Into the domain, with the code.
    pub(in crate::resources::plans) fn read(self) -> Result<(code::Code, domain::Plan), Problem> {
        let ((code,), content) = self.apart();
        let mut faults = Faults::default();
        let code = code.read(&mut faults, "/code");
        let content = content.read_with(&mut faults);
        let (code, content) = faults.finish(code.zip(content))?;
        Ok((code, sound(content)?))
    }
}

impl PlanContent {
    /// Into the domain.
    pub(in crate::resources::plans) fn read(self) -> Result<domain::Plan, Problem> {
        let mut faults = Faults::default();
        let content = self.read_with(&mut faults);
        sound(faults.finish(content)?)
    }

    fn read_with(self, faults: &mut Faults) -> Option<domain::Plan> {
        let Self {
            title,
            start,
            end,
            themes,
            priorities,
            scheme,
            scheme_code,
            reporting_cycle,
            exception_rules,
        } = self;
        let title = title.read(faults, "/title");
        let span = span(faults, start, end);
        let themes = read_themes(faults, themes);
        let named: Option<HashSet<&code::Code>> =
            themes.as_ref().map(|themes| themes.iter().map(|theme| &theme.code).collect());
        let priorities = read_priorities(faults, priorities, named.as_ref());
        let scheme = read_scheme(faults, scheme, scheme_code);
        let exception_rules = match exception_rules {
            Some(rules) => read_rules(faults, rules),
            None => Some(tracker::ExceptionRule::shipped()),
        };
        Some(domain::Plan {
            title: title?,
            span: span?,
            priorities: priorities?,
            themes: themes?,
            scheme: scheme?,
            reporting_cycle: reporting_cycle.into(),
            exception_rules: exception_rules?,
        })
    }
}

fn span(faults: &mut Faults, start: NaiveDate, end: NaiveDate) -> Option<Period> {
    faults.take("/start", Period::point(start)).zip(faults.take("/end", Period::point(end)))?;
    faults.take("/end", Period::span(start, end))
}

fn read_themes(faults: &mut Faults, themes: Vec<Theme>) -> Option<Vec<domain::Theme>> {
    let mut seen = HashSet::new();
    faults.each("/themes", MOST_THEMES, themes, |faults, Theme { code, title }| {
        let code = code.read(faults, "/code").and_then(|code| once(faults, "/code", &mut seen, code));
        let title = title.read(faults, "/title");
        Some(domain::Theme { code: code?, title: title? })
    })
}

/// `themes` are those of the plan, if they are valid.
fn read_priorities(
    faults: &mut Faults,
    priorities: Vec<Priority>,
    themes: Option<&HashSet<&code::Code>>,
) -> Option<Vec<domain::Priority>> {
    let mut seen = HashSet::new();
    faults.each("/priorities", MOST_PRIORITIES, priorities, |faults, priority| {
        let Priority { code, theme, title, cross_references } = priority;
        let code = code.read(faults, "/code").and_then(|code| once(faults, "/code", &mut seen, code));
        let theme = theme.read(faults, "/theme");
        if theme.as_ref().is_some_and(|theme| themes.is_some_and(|themes| !themes.contains(theme))) {
            faults.note("/theme", "unknown_theme", "the plan has no such theme");
        }
        let title = title.read(faults, "/title");
        let cross_references =
            faults.each("/cross_references", MOST_CROSS_REFERENCES, cross_references, |faults, name| {
                name.read(faults, "")
            });
        Some(domain::Priority {
            code: code?,
            theme: theme?,
            title: title?,
            cross_references: cross_references?,
        })
    })
}

fn read_rules(faults: &mut Faults, rules: Vec<ExceptionRule>) -> Option<Vec<tracker::ExceptionRule>> {
    faults.each("/exception_rules", MOST_EXCEPTION_RULES, rules, |faults, rule| {
        let ExceptionRule { status, directions } = rule;
        let mut seen = HashSet::new();
        let directions = faults.each("/directions", DIRECTIONS, directions, |faults, direction| {
            once(faults, "", &mut seen, direction).map(Into::into)
        });
        Some(tracker::ExceptionRule { status: status.into(), directions: directions? })
    })
}

/// Exactly one of a scheme in full, and the code of one that ships.
fn read_scheme(
    faults: &mut Faults,
    scheme: Option<Scheme>,
    shipped: Option<ShippedScheme>,
) -> Option<scheme::Scheme> {
    match (scheme, shipped) {
        (Some(scheme), None) => faults.within("/scheme", |faults| scheme.read(faults)),
        (None, Some(shipped)) => Some(shipped.into()),
        (Some(_), Some(_)) => {
            faults.note("/scheme_code", "superfluous", "a plan has `scheme` or `scheme_code`, not both");
            None
        }
        (None, None) => {
            faults.note("/scheme", "missing_field", "a plan has `scheme` or `scheme_code`");
            None
        }
    }
}

/// The domain has the last word on the whole.
fn sound(plan: domain::Plan) -> Result<domain::Plan, Problem> {
    match plan.check() {
        Ok(()) => Ok(plan),
        Err(error) => Err(Problem::new(Kind::InvalidBody).faults([Fault::at("", error.code(), error)])),
    }
}

impl Coded for domain::PlanError {
    fn code(&self) -> &'static str {
        match self {
            Self::Duplicate(_) => "duplicate",
            Self::UnknownTheme { .. } => "unknown_theme",
        }
    }
}
