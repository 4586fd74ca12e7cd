//! Every decision that touched a measure, whatever it was about.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use waymark_domain::notice::{self, Effect, Ruling};
use waymark_domain::target_setting::{State, TargetProposal};
use waymark_domain::workflow::Decision;
use waymark_domain::{code, deletion};
use waymark_persistence::Versioned;
use waymark_persistence::plan_item::Filed;

use crate::http::schema::Name;

/// The subject of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DecisionAbout {
    /// A proposed target.
    Target,
    /// A proposal that the measure leaves its plan.
    Deletion,
    /// An improvement notice that names the measure.
    Notice,
}

/// The decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DecisionOutcome {
    /// A target or a deletion was agreed.
    Agreed,
    /// A target was sent back.
    SentBack,
    /// The measure stays.
    Rejected,
    /// The measure stays for now.
    Deferred,
    /// The measure comes back.
    Restored,
    /// The conditions of a notice are met.
    Met,
    /// The authority took a notice back.
    Withdrawn,
    /// The authority went on to stronger means.
    Escalated,
    /// A notice is in force again.
    Reinstated,
}

/// A decision that touched a measure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkedDecision {
    about: DecisionAbout,
    outcome: DecisionOutcome,
    /// The body that decided: a board, an executive, an authority.
    body: Name,
    /// The day of its meeting.
    decided_on: NaiveDate,
    /// The reference of the minute.
    minute: Name,
    /// The path of its subject.
    #[schema(max_length = 1000)]
    href: String,
}

impl LinkedDecision {
    fn new(about: DecisionAbout, outcome: DecisionOutcome, decision: &Decision, href: String) -> Self {
        let Decision { body, meeting, minute, note: _, recorded_by: _ } = decision;
        Self { about, outcome, body: body.into(), decided_on: *meeting, minute: minute.into(), href }
    }

    /// The decision of a board on a proposed target; `None` if this revision is not a decision.
    pub(super) fn on_target(revision: &Versioned<TargetProposal>, address: &str) -> Option<Self> {
        let (outcome, decision) = match &revision.content.state {
            State::Proposed | State::Withdrawn => return None,
            State::SentBack { decision, comment: _ } => (DecisionOutcome::SentBack, decision),
            State::Agreed { decision, comment: _ } => (DecisionOutcome::Agreed, decision),
        };
        let href = format!("{address}/target-proposals/{}", revision.id);
        Some(Self::new(DecisionAbout::Target, outcome, decision, href))
    }

    /// The decision of a board on a deletion.
    pub(super) fn on_deletion<'a>(
        filed: &'a Filed<deletion::Deletion>,
        address: &'a str,
    ) -> impl Iterator<Item = Self> + 'a {
        let href = format!("{address}/deletions/{}", filed.versioned.id);
        filed.versioned.content.rulings.iter().map(move |ruling| {
            let outcome = match ruling.outcome {
                deletion::Outcome::Agreed { from: _ } => DecisionOutcome::Agreed,
                deletion::Outcome::Rejected => DecisionOutcome::Rejected,
                deletion::Outcome::Deferred => DecisionOutcome::Deferred,
                deletion::Outcome::Restored { from: _ } => DecisionOutcome::Restored,
            };
            Self::new(DecisionAbout::Deletion, outcome, &ruling.decision, href.clone())
        })
    }

    /// The decision of an authority on its notice.
    pub(super) fn on_notice<'a>(
        filed: &'a Filed<notice::Notice>,
        address: &'a str,
    ) -> impl Iterator<Item = Self> + 'a {
        let code = code::Code::new(filed.key.as_str()).ok();
        let rulings = filed.versioned.content.rulings.iter();
        rulings.filter_map(move |Ruling { effect, decision }| {
            let outcome = match effect {
                Effect::Closed(notice::Outcome::Met) => DecisionOutcome::Met,
                Effect::Closed(notice::Outcome::Withdrawn) => DecisionOutcome::Withdrawn,
                Effect::Closed(notice::Outcome::Escalated) => DecisionOutcome::Escalated,
                Effect::Reinstated => DecisionOutcome::Reinstated,
            };
            let href = format!("{address}/notices/{}", code.as_ref()?);
            Some(Self::new(DecisionAbout::Notice, outcome, decision, href))
        })
    }

    /// In the order of the meetings; those of one day as they were found.
    pub(super) fn sort(decisions: &mut [Self]) {
        decisions.sort_by_key(|decision| decision.decided_on);
    }
}
