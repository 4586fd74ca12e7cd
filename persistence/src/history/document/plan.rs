//! The document of a plan.

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

use super::scalar::{Case, Text};
use super::{Stored, document};
use crate::history::noun::Noun;

impl Noun for Plan {
    const KIND: &'static str = "plan";
    type Document = PlanDocument;
}

/// Plans that were stored before there were exception rules have those that ship.
fn shipped_rules() -> Vec<ExceptionRuleDocument> {
    Stored::store(&ExceptionRule::shipped())
}

document! {
    pub struct PlanDocument of Plan {
        title: Text<Title>,
        span: Text<Period>,
        themes: Vec<ThemeDocument>,
        priorities: Vec<PriorityDocument>,
        scheme: SchemeDocument,
        reporting_cycle: Case<Frequency>,
        #[serde(default = "shipped_rules")]
        exception_rules: Vec<ExceptionRuleDocument>,
    }

    struct ThemeDocument of Theme {
        code: Text<Code>,
        title: Text<Title>,
    }

    struct PriorityDocument of Priority {
        code: Text<Code>,
        theme: Text<Code>,
        title: Text<Title>,
        cross_references: Vec<Text<Name>>,
    }

    struct ExceptionRuleDocument of ExceptionRule {
        status: Case<Colour>,
        directions: Vec<Case<Direction>>,
    }

    struct SchemeDocument of Scheme {
        code: Text<Code>,
        title: Text<Title>,
        basis: Case<Basis>,
        green_within: ToleranceDocument,
        end_target_is_green: bool,
        amber: AmberDocument,
    }
}

document! {
    enum ToleranceDocument of Tolerance {
        Absolute(Text<Decimal>),
        Relative(Text<Decimal>),
    }

    enum AmberDocument of Amber {
        NotWorseThanBaseline,
        Within(ToleranceDocument),
    }
}
