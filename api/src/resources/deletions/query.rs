//! The parameters of deletions.

use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use waymark_domain::deletion::Deletion;
use waymark_persistence::Connection;
use waymark_persistence::plan_item::Filed;

use super::affected::Surroundings;
use super::schema::State;
use crate::http::known::Moment;
use crate::http::params::PathCode;
use crate::http::problem::Problem;
use crate::workflow::filter::{known_measure, known_theme};
use crate::workflow::item::ItemPath;
use crate::workflow::read::Filter;
use crate::workflow::scope::PlanScope;

/// Which deletion.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct DeletionPath {
    /// The organisation's code.
    #[param(value_type = crate::http::schema::Code)]
    organisation: PathCode,
    /// The plan's code.
    #[param(value_type = crate::http::schema::Code)]
    plan: PathCode,
    /// The deletion's id.
    deletion: Uuid,
}

/// Which deletions.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeletionFilter {
    /// Only deletions in this state.
    #[param(nullable = false, inline)]
    state: Option<State>,
    /// Only deletions of this measure.
    #[param(value_type = crate::http::schema::Code, required = false)]
    measure: Option<PathCode>,
    /// Only deletions of measures of this theme.
    #[param(value_type = crate::http::schema::Code, required = false)]
    theme: Option<PathCode>,
}

impl From<DeletionPath> for ItemPath {
    fn from(path: DeletionPath) -> Self {
        let DeletionPath { organisation, plan, deletion } = path;
        Self { plan: (organisation.0, plan.0), key: deletion.to_string() }
    }
}

impl Filter<Deletion> for DeletionFilter {
    fn check(
        &self,
        connection: &mut Connection,
        scope: &PlanScope,
        known_at: Moment,
        _: &[Filed<Deletion>],
    ) -> Result<(), Problem> {
        if let Some(PathCode(measure)) = &self.measure {
            known_measure(connection, scope, known_at, measure)?;
        }
        self.theme.as_ref().map_or(Ok(()), |PathCode(theme)| known_theme(scope, theme))
    }

    fn selects(&self, item: &Filed<Deletion>, context: &Surroundings) -> bool {
        let content = &item.versioned.content;
        let theme = context.measure(&content.measure).map(|of| &of.measure.versioned.content.theme).ok();
        self.state.is_none_or(|state| state == content.state().into())
            && self.measure.as_ref().is_none_or(|PathCode(measure)| *measure == content.measure)
            && self.theme.as_ref().is_none_or(|PathCode(wanted)| theme == Some(wanted))
    }
}
