//! Plans: strategies with a start and an end, in themes and priorities, rated by one scheme.

use crate::code::Code;
use crate::framework::exception_rule::ExceptionRule;
use crate::framework::indicator::Frequency;
use crate::framework::scheme::Scheme;
use crate::text::{Name, Title};
use crate::time::period::Period;
use chrono::NaiveDate;
use std::collections::HashSet;

/// A strategy and its performance framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What it is called.
    pub title: Title,
    /// From its first to its last day.
    pub span: Period,
    /// Its themes, in order.
    pub themes: Vec<Theme>,
    /// Its priorities, in order.
    pub priorities: Vec<Priority>,
    /// How its measures are rated.
    pub scheme: Scheme,
    /// How often it is reported on.
    pub reporting_cycle: Frequency,
    /// Which action trackers are exceptions, that is, put before a board; a tracker is one by the first rule that fits.
    pub exception_rules: Vec<ExceptionRule>,
}

/// A heading under which measures and priorities stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Its code, unique in the plan.
    pub code: Code,
    /// What it is called.
    pub title: Title,
}

/// Something that the plan sets out to improve: `HW-1d`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priority {
    /// Its code, unique in the plan.
    pub code: Code,
    /// The theme that it belongs to.
    pub theme: Code,
    /// What it is called.
    pub title: Title,
    /// What other plans call it: `CYPP 7`.
    pub cross_references: Vec<Name>,
}

/// What is wrong with a plan as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Two themes or two priorities of one code.
    #[error("two themes or two priorities have the code {0}")]
    Duplicate(Code),
    /// A priority under a theme that the plan does not have.
    #[error("the priority {priority} names the theme {theme}, which the plan does not have")]
    UnknownTheme {
        /// The priority.
        priority: Code,
        /// The theme that it names.
        theme: Code,
    },
}

impl Plan {
    /// The first day.
    pub fn first_day(&self) -> NaiveDate {
        self.span.first_day()
    }

    /// The last day.
    pub fn last_day(&self) -> NaiveDate {
        self.span.last_day()
    }

    /// What no single field can show.
    pub fn check(&self) -> Result<(), PlanError> {
        let mut themes = HashSet::new();
        if let Some(twice) = self.themes.iter().find(|theme| !themes.insert(&theme.code)) {
            return Err(PlanError::Duplicate(twice.code.clone()));
        }
        let mut priorities = HashSet::new();
        if let Some(twice) = self.priorities.iter().find(|priority| !priorities.insert(&priority.code)) {
            return Err(PlanError::Duplicate(twice.code.clone()));
        }
        match self.priorities.iter().find(|priority| !themes.contains(&priority.theme)) {
            Some(lost) => {
                Err(PlanError::UnknownTheme { priority: lost.code.clone(), theme: lost.theme.clone() })
            }
            None => Ok(()),
        }
    }

    /// The theme of that code.
    pub fn theme(&self, code: &Code) -> Option<&Theme> {
        self.themes.iter().find(|theme| theme.code == *code)
    }

    /// The priority of that code.
    pub fn priority(&self, code: &Code) -> Option<&Priority> {
        self.priorities.iter().find(|priority| priority.code == *code)
    }
}
