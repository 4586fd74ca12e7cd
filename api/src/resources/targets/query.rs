//! The parameters of proposals and gaps.

use chrono::{DateTime, NaiveDate, Utc};
use form_urlencoded::Serializer;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::gap;
use waymark_domain::target_setting::TargetProposal;
use waymark_persistence::Connection;
use waymark_persistence::plan_item::Filed;

use super::gaps::GapKind;
use super::schema::ProposalState;
use crate::http::list_query::Moment;
use crate::http::page::Page;
use crate::http::params::PathCode;
use crate::http::problem::Problem;
use crate::position::{When, when};
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
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposalsQuery {
    /// Only proposals in this state.
    #[param(nullable = false, inline)]
    state: Option<ProposalState>,
    /// Only proposals for this measure.
    #[param(value_type = crate::http::schema::Code, required = false)]
    measure: Option<PathCode>,
    /// Items on a page.
    #[param(minimum = 1, maximum = 500, default = 50, nullable = false)]
    limit: Option<u16>,
    /// Where the page begins, from the `next` link of the page before.
    #[param(max_length = 1000, pattern = "^[A-Za-z0-9_-]+$", nullable = false)]
    cursor: Option<String>,
    /// What was known at this moment. Defaults to now.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
}

/// Which gaps.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct GapsQuery {
    /// The date of the position. Defaults to today.
    #[param(nullable = false)]
    as_at: Option<NaiveDate>,
    /// What was known at this moment. Defaults to now.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
    /// Only gaps of this kind.
    #[param(nullable = false, inline)]
    kind: Option<GapKind>,
    /// Only gaps of measures that this post leads on.
    #[param(max_length = 120, min_length = 1, nullable = false)]
    lead: Option<String>,
    /// Items on a page.
    #[param(minimum = 1, maximum = 500, default = 50, nullable = false)]
    limit: Option<u16>,
    /// Where the page begins, from the `next` link of the page before.
    #[param(max_length = 1000, pattern = "^[A-Za-z0-9_-]+$", nullable = false)]
    cursor: Option<String>,
}

/// Which proposals are wanted.
#[derive(Debug, Clone)]
pub(super) struct WantedProposals {
    state: Option<ProposalState>,
    measure: Option<Code>,
}

/// Which gaps are wanted.
#[derive(Debug, Clone)]
pub(super) struct WantedGaps {
    pub(super) when: When,
    pub(super) kind: Option<gap::GapKind>,
    pub(super) lead: Option<String>,
}

impl From<ProposalPath> for ItemPath {
    fn from(path: ProposalPath) -> Self {
        let ProposalPath { organisation, plan, proposal } = path;
        Self { plan: (organisation.0, plan.0), key: proposal.to_string() }
    }
}

impl ProposalsQuery {
    pub(super) fn read(self, path: &str) -> Result<(Page, WantedProposals, Moment), Problem> {
        let Self { state, measure, limit, cursor, as_known_at } = self;
        let known_at = when("as_known_at", None, as_known_at, None)?.known_at;
        let measure = measure.map(|code| code.0);
        let mut filter = Serializer::new(String::new());
        if let Some(state) = state {
            filter.append_pair("state", state.word());
        }
        if let Some(measure) = &measure {
            filter.append_pair("measure", measure.as_str());
        }
        if let Some(moment) = known_at {
            filter.append_pair("as_known_at", &moment.to_rfc3339());
        }
        let page = Page::read(path, &filter.finish(), 1, limit, cursor.as_deref())?;
        Ok((page, WantedProposals { state, measure }, known_at))
    }
}

impl Filter<TargetProposal> for WantedProposals {
    fn check(
        &self,
        connection: &mut Connection,
        scope: &PlanScope,
        known_at: Moment,
        _: &[Filed<TargetProposal>],
    ) -> Result<(), Problem> {
        match &self.measure {
            Some(measure) => known_measure(connection, scope, known_at, measure),
            None => Ok(()),
        }
    }

    fn selects(&self, item: &Filed<TargetProposal>, (): &()) -> bool {
        let proposal = &item.versioned.content;
        self.state.is_none_or(|state| ProposalState::from(&proposal.state) == state)
            && self.measure.as_ref().is_none_or(|measure| proposal.measure == *measure)
    }
}

impl GapsQuery {
    pub(super) fn read(self, path: &str) -> Result<((Page, WantedGaps), Moment), Problem> {
        let Self { as_at, as_known_at, kind, lead, limit, cursor } = self;
        let when = when("as_known_at", as_at, as_known_at, None)?;
        let mut filter = Serializer::new(String::new());
        // All pages of a list are of one day, even if the next one is read tomorrow.
        filter.append_pair("as_at", &when.as_at.to_string());
        if let Some(moment) = when.known_at {
            filter.append_pair("as_known_at", &moment.to_rfc3339());
        }
        if let Some(kind) = kind {
            filter.append_pair("kind", waymark_domain::gap::GapKind::from(kind).name());
        }
        if let Some(lead) = &lead {
            filter.append_pair("lead", lead);
        }
        let page = Page::read(path, &filter.finish(), 3, limit, cursor.as_deref())?;
        Ok(((page, WantedGaps { when, kind: kind.map(Into::into), lead }), when.known_at))
    }
}
