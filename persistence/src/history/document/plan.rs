//! The document of a plan.

use serde::{Deserialize, Serialize};
use waymark_domain::code::Code;
use waymark_domain::decimal::Decimal;
use waymark_domain::direction::Direction;
use waymark_domain::indicator::Frequency;
use waymark_domain::period::Period;
use waymark_domain::plan::{Plan, Priority, Theme};
use waymark_domain::rating::Colour;
use waymark_domain::scheme::{Amber, Basis, Scheme, Tolerance};
use waymark_domain::text::{Name, Title};
use waymark_domain::tracker::ExceptionRule;

use super::each;
use super::scalar::{Case, Text, names, of_texts, texts};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanDocument {
    title: Text<Title>,
    span: Text<Period>,
    themes: Vec<ThemeDocument>,
    priorities: Vec<PriorityDocument>,
    scheme: SchemeDocument,
    reporting_cycle: Case<Frequency>,
    // Plans that were kept before there were such rules have those that ship.
    #[serde(default = "shipped_rules")]
    exception_rules: Vec<ExceptionRuleDocument>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeDocument {
    code: Text<Code>,
    title: Text<Title>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PriorityDocument {
    code: Text<Code>,
    theme: Text<Code>,
    title: Text<Title>,
    cross_references: Vec<Text<Name>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExceptionRuleDocument {
    status: Case<Colour>,
    directions: Vec<Case<Direction>>,
}

fn shipped_rules() -> Vec<ExceptionRuleDocument> {
    each(&ExceptionRule::shipped())
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemeDocument {
    code: Text<Code>,
    title: Text<Title>,
    basis: Case<Basis>,
    green_within: ToleranceDocument,
    end_target_is_green: bool,
    amber: AmberDocument,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ToleranceDocument {
    Absolute(Text<Decimal>),
    Relative(Text<Decimal>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AmberDocument {
    NotWorseThanBaseline,
    Within(ToleranceDocument),
}

names!(Direction { Improving = "improving", Static = "static", Deteriorating = "deteriorating" });
names!(Basis { Trajectory = "trajectory", PeriodTarget = "period_target", EndTarget = "end_target" });

impl From<&Plan> for PlanDocument {
    fn from(plan: &Plan) -> Self {
        let Plan { title, span, themes, priorities, scheme, reporting_cycle, exception_rules } = plan;
        Self {
            title: title.into(),
            span: span.into(),
            themes: each(themes),
            priorities: each(priorities),
            scheme: scheme.into(),
            reporting_cycle: Case(*reporting_cycle),
            exception_rules: each(exception_rules),
        }
    }
}

impl From<PlanDocument> for Plan {
    fn from(document: PlanDocument) -> Self {
        let PlanDocument { title, span, themes, priorities, scheme, reporting_cycle, exception_rules } =
            document;
        Self {
            title: title.0,
            span: span.0,
            themes: each(themes),
            priorities: each(priorities),
            scheme: scheme.into(),
            reporting_cycle: reporting_cycle.0,
            exception_rules: each(exception_rules),
        }
    }
}

impl From<&Theme> for ThemeDocument {
    fn from(theme: &Theme) -> Self {
        let Theme { code, title } = theme;
        Self { code: code.into(), title: title.into() }
    }
}

impl From<ThemeDocument> for Theme {
    fn from(document: ThemeDocument) -> Self {
        let ThemeDocument { code, title } = document;
        Self { code: code.0, title: title.0 }
    }
}

impl From<&Priority> for PriorityDocument {
    fn from(priority: &Priority) -> Self {
        let Priority { code, theme, title, cross_references } = priority;
        Self {
            code: code.into(),
            theme: theme.into(),
            title: title.into(),
            cross_references: texts(cross_references),
        }
    }
}

impl From<PriorityDocument> for Priority {
    fn from(document: PriorityDocument) -> Self {
        let PriorityDocument { code, theme, title, cross_references } = document;
        Self { code: code.0, theme: theme.0, title: title.0, cross_references: of_texts(cross_references) }
    }
}

impl From<&ExceptionRule> for ExceptionRuleDocument {
    fn from(rule: &ExceptionRule) -> Self {
        let ExceptionRule { status, directions } = rule;
        Self { status: Case(*status), directions: directions.iter().copied().map(Case).collect() }
    }
}

impl From<ExceptionRuleDocument> for ExceptionRule {
    fn from(document: ExceptionRuleDocument) -> Self {
        let ExceptionRuleDocument { status, directions } = document;
        Self { status: status.0, directions: directions.into_iter().map(|direction| direction.0).collect() }
    }
}

impl From<&Scheme> for SchemeDocument {
    fn from(scheme: &Scheme) -> Self {
        let Scheme { code, title, basis, green_within, end_target_is_green, amber } = scheme;
        Self {
            code: code.into(),
            title: title.into(),
            basis: Case(*basis),
            green_within: (*green_within).into(),
            end_target_is_green: *end_target_is_green,
            amber: match amber {
                Amber::NotWorseThanBaseline => AmberDocument::NotWorseThanBaseline,
                Amber::Within(tolerance) => AmberDocument::Within((*tolerance).into()),
            },
        }
    }
}

impl From<SchemeDocument> for Scheme {
    fn from(document: SchemeDocument) -> Self {
        let SchemeDocument { code, title, basis, green_within, end_target_is_green, amber } = document;
        Self {
            code: code.0,
            title: title.0,
            basis: basis.0,
            green_within: green_within.into(),
            end_target_is_green,
            amber: match amber {
                AmberDocument::NotWorseThanBaseline => Amber::NotWorseThanBaseline,
                AmberDocument::Within(tolerance) => Amber::Within(tolerance.into()),
            },
        }
    }
}

impl From<Tolerance> for ToleranceDocument {
    fn from(tolerance: Tolerance) -> Self {
        match tolerance {
            Tolerance::Absolute(distance) => Self::Absolute(Text(distance)),
            Tolerance::Relative(percent) => Self::Relative(Text(percent)),
        }
    }
}

impl From<ToleranceDocument> for Tolerance {
    fn from(document: ToleranceDocument) -> Self {
        match document {
            ToleranceDocument::Absolute(distance) => Self::Absolute(distance.0),
            ToleranceDocument::Relative(percent) => Self::Relative(percent.0),
        }
    }
}
