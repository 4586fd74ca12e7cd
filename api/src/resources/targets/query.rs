//! What proposals and gaps are asked for.

use chrono::{DateTime, NaiveDate, Utc};
use form_urlencoded::Serializer;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::gap;
use waymark_domain::target_setting::TargetProposal;
use waymark_persistence::plan_item::Filed;

use super::gaps::GapKind;
use super::schema::ProposalState;
use crate::http::list_query::Moment;
use crate::http::page::Page;
use crate::http::params::PathCode;
use crate::http::problem::Problem;
use crate::reporting::status::{When, when};

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
    /// What was known at this moment; what is known now where it is missing.
    #[param(nullable = false)]
    as_known_at: Option<DateTime<Utc>>,
}

/// Which gaps.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct GapsQuery {
    /// The date of the position; today where it is missing.
    #[param(nullable = false)]
    as_at: Option<NaiveDate>,
    /// What was known at this moment; what is known now where it is missing.
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
    pub(super) known_at: Moment,
}

/// Which gaps are wanted.
#[derive(Debug, Clone)]
pub(super) struct WantedGaps {
    pub(super) when: When,
    pub(super) kind: Option<gap::GapKind>,
    pub(super) lead: Option<String>,
}

impl ProposalPath {
    /// The codes of the organisation and the plan, and the id.
    pub(super) fn parts(self) -> ((Code, Code), Uuid) {
        ((self.organisation.0, self.plan.0), self.proposal)
    }
}

impl ProposalsQuery {
    pub(super) fn read(self, path: &str) -> Result<(Page, WantedProposals), Problem> {
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
        Ok((page, WantedProposals { state, measure, known_at }))
    }
}

impl WantedProposals {
    /// Whether a proposal is wanted, and on this page or a later one.
    pub(super) fn takes(&self, filed: &Filed<TargetProposal>, page: &Page) -> bool {
        let after = page.after.as_ref().and_then(|parts| parts.first());
        let proposal = &filed.versioned.content;
        after.is_none_or(|after| filed.key > *after)
            && self.state.is_none_or(|state| ProposalState::from(&proposal.state) == state)
            && self.measure.as_ref().is_none_or(|measure| proposal.measure == *measure)
    }
}

impl GapsQuery {
    pub(super) fn read(self, path: &str) -> Result<(Page, WantedGaps), Problem> {
        let Self { as_at, as_known_at, kind, lead, limit, cursor } = self;
        let when = when("as_known_at", as_at, as_known_at, None)?;
        let mut filter = Serializer::new(String::new());
        // Pages of one list are of one day, also where the next one is asked for tomorrow.
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
        Ok((page, WantedGaps { when, kind: kind.map(Into::into), lead }))
    }
}
