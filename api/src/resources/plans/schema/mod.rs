//! Plans on the wire.

mod read;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::{code, plan as domain, tracker};
use waymark_persistence::{Record, Versioned};

use super::scheme::{Scheme, ShippedScheme};
use crate::http::content::content;
use crate::http::list::{History, Page};
use crate::http::schema::{Code, Colour, Direction, Frequency, Name, Title};

content! {
    /// A plan, as it is created.
    new NewPlan {
        /// Unique in the organisation.
        code: Code,
    }
    /// The content of a plan. It has either `scheme` or `scheme_code`.
    content PlanContent {
        /// Its title.
        title: Title,
        /// Its first day.
        start: NaiveDate,
        /// Its last day.
        end: NaiveDate,
        /// Its themes, in order.
        #[serde(default)]
        #[schema(max_items = 100)]
        themes: Vec<Theme>,
        /// Its priorities, in order.
        #[serde(default)]
        #[schema(max_items = 1000)]
        priorities: Vec<Priority>,
        /// How its measures are rated: a scheme of its own, or one that ships, in full.
        #[serde(default)]
        scheme: Option<Scheme>,
        /// How its measures are rated: a scheme that ships, by its code.
        #[serde(default)]
        scheme_code: Option<ShippedScheme>,
        /// How often it is reported on.
        reporting_cycle: Frequency,
        /// Which action trackers are reported to a board as exceptions. Defaults to every red one, and every amber one
        /// that is static or deteriorates.
        #[serde(default)]
        #[schema(max_items = 10)]
        exception_rules: Option<Vec<ExceptionRule>>,
    }
}

/// A rule by which action trackers are put before a board.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExceptionRule {
    /// The overall status of the trackers that it is about.
    status: Colour,
    /// Only trackers with one of these directions; any direction if empty.
    #[serde(default)]
    #[schema(max_items = 3)]
    directions: Vec<Direction>,
}

/// A theme of a plan, with its measures and priorities.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Theme {
    /// Unique among the plan's themes.
    code: Code,
    /// Its title.
    title: Title,
}

/// Something that a plan sets out to improve.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Priority {
    /// Unique among the plan's priorities.
    code: Code,
    /// The theme that it belongs to, one of the plan's.
    theme: Code,
    /// Its title.
    title: Title,
    /// Its codes in other plans.
    #[serde(default)]
    #[schema(max_items = 20)]
    cross_references: Vec<Name>,
}

/// A strategy and its performance framework.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Plan {
    /// Unique in the organisation.
    code: Code,
    /// Its title.
    title: Title,
    /// Its first day.
    start: NaiveDate,
    /// Its last day.
    end: NaiveDate,
    /// Its themes, in order.
    #[schema(max_items = 100)]
    themes: Vec<Theme>,
    /// Its priorities, in order.
    #[schema(max_items = 1000)]
    priorities: Vec<Priority>,
    /// How its measures are rated.
    scheme: Scheme,
    /// How often it is reported on.
    reporting_cycle: Frequency,
    /// Which action trackers are put before a board.
    #[schema(max_items = 10)]
    exception_rules: Vec<ExceptionRule>,
    /// 1 for the first, then one more for each change.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    revision: i64,
    /// When this revision was recorded.
    recorded_at: DateTime<Utc>,
}

pub(crate) type PlanPage = Page<Plan>;

pub(crate) type PlanHistory = History<Plan>;

impl Plan {
    /// One of its revisions.
    pub(super) fn of(code: &code::Code, revision: &Versioned<domain::Plan>) -> Self {
        let Versioned { id: _, revision, recorded_at, author: _, content } = revision;
        let domain::Plan { title, span, themes, priorities, scheme, reporting_cycle, exception_rules } =
            content;
        Self {
            code: code.into(),
            title: title.into(),
            start: span.first_day(),
            end: span.last_day(),
            themes: themes.iter().map(Theme::from).collect(),
            priorities: priorities.iter().map(Priority::from).collect(),
            scheme: scheme.into(),
            reporting_cycle: (*reporting_cycle).into(),
            exception_rules: exception_rules.iter().map(ExceptionRule::from).collect(),
            revision: *revision,
            recorded_at: *recorded_at,
        }
    }
}

impl From<&Record<domain::Plan>> for Plan {
    fn from(record: &Record<domain::Plan>) -> Self {
        let Record { organisation: _, code, versioned } = record;
        Self::of(code, versioned)
    }
}

impl From<&tracker::ExceptionRule> for ExceptionRule {
    fn from(rule: &tracker::ExceptionRule) -> Self {
        let tracker::ExceptionRule { status, directions } = rule;
        Self {
            status: (*status).into(),
            directions: directions.iter().map(|direction| (*direction).into()).collect(),
        }
    }
}

impl From<&domain::Theme> for Theme {
    fn from(theme: &domain::Theme) -> Self {
        let domain::Theme { code, title } = theme;
        Self { code: code.into(), title: title.into() }
    }
}

impl From<&domain::Priority> for Priority {
    fn from(priority: &domain::Priority) -> Self {
        let domain::Priority { code, theme, title, cross_references } = priority;
        Self {
            code: code.into(),
            theme: theme.into(),
            title: title.into(),
            cross_references: cross_references.iter().map(Name::from).collect(),
        }
    }
}
