//! The parameters of proposals and gaps.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use waymark_domain::gap;
use waymark_domain::target_setting::TargetProposal;
use waymark_persistence::Connection;
use waymark_persistence::plan_item::Filed;

use super::gaps::GapKind;
use super::schema::ProposalState;
use crate::http::known::Moment;
use crate::http::list::List;
use crate::http::page::Page;
use crate::http::params::PathCode;
use crate::http::problem::Problem;
use crate::position::When;
use crate::workflow::filter::known_measure;
use crate::workflow::item::ItemPath;
use crate::workflow::read::Filter;
use crate::workflow::scope::PlanScope;

/// Which proposal.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ProposalPath {
    /// The organisation's code.
    #[param(value_type = crate::http::schema::Code)]
    organisation: PathCode,
    /// The plan's code.
    #[param(value_type = crate::http::schema::Code)]
    plan: PathCode,
    /// The proposal's id.
    proposal: Uuid,
}

/// Which proposals.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposalFilter {
    /// Only proposals in this state.
    #[param(nullable = false, inline)]
    state: Option<ProposalState>,
    /// Only proposals for this measure.
    #[param(value_type = crate::http::schema::Code, required = false)]
    measure: Option<PathCode>,
}

/// Which gaps.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct GapFilter {
    /// The date of the position. Defaults to today.
    #[param(nullable = false)]
    as_at: Option<NaiveDate>,
    /// Only gaps of this kind.
    #[param(nullable = false, inline)]
    kind: Option<GapKind>,
    /// Only gaps of measures that this post leads on.
    #[param(max_length = 120, min_length = 1, nullable = false)]
    lead: Option<String>,
}

/// Which gaps are wanted, and which page of them.
#[derive(Debug, Clone)]
pub(super) struct WantedGaps {
    pub(super) when: When,
    pub(super) kind: Option<gap::GapKind>,
    pub(super) lead: Option<String>,
    pub(super) page: Page,
}

impl From<ProposalPath> for ItemPath {
    fn from(path: ProposalPath) -> Self {
        let ProposalPath { organisation, plan, proposal } = path;
        Self { plan: (organisation.0, plan.0), key: proposal.to_string() }
    }
}

impl Filter<TargetProposal> for ProposalFilter {
    fn check(
        &self,
        connection: &mut Connection,
        scope: &PlanScope,
        known_at: Moment,
        _: &[Filed<TargetProposal>],
    ) -> Result<(), Problem> {
        match &self.measure {
            Some(PathCode(measure)) => known_measure(connection, scope, known_at, measure),
            None => Ok(()),
        }
    }

    fn selects(&self, item: &Filed<TargetProposal>, (): &()) -> bool {
        let proposal = &item.versioned.content;
        self.state.is_none_or(|state| ProposalState::from(&proposal.state) == state)
            && self.measure.as_ref().is_none_or(|PathCode(measure)| proposal.measure == *measure)
    }
}

impl WantedGaps {
    /// # Errors
    /// 400 for a bad cursor.
    pub(super) fn read(list: List<GapFilter>) -> Result<Self, Problem> {
        let when = When::of(list.filter.as_at, list.moment());
        let page = list.page_with(3, &[("as_at", &when.as_at.to_string())])?;
        let GapFilter { as_at: _, kind, lead } = list.filter;
        Ok(Self { when, kind: kind.map(Into::into), lead, page })
    }
}
