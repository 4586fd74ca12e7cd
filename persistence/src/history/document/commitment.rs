//! The document of a commitment.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use waymark_domain::code::Code;
use waymark_domain::commitment::{
    Closure, Commitment, Milestone, Outcome, Parts, Progress, Promise, Reopening, State,
};
use waymark_domain::period::Period;
use waymark_domain::rating::Colour;
use waymark_domain::text::{Name, Note, Title};

use super::each;
use super::scalar::{Case, Text, names, of_text, of_texts, text, texts};
use crate::history::plan_item::PlanItem;

impl PlanItem for Commitment {
    const KIND: &'static str = "commitment";
    const KEY: &'static str = "commitment code";
    type Document = CommitmentDocument;
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommitmentDocument {
    theme: Text<Code>,
    text: Text<Note>,
    responsible: Text<Name>,
    deputies: Vec<Text<Name>>,
    measures: Vec<Text<Code>>,
    milestone: Option<MilestoneDocument>,
    reports: Vec<ProgressDocument>,
    closure: Option<ClosureDocument>,
    reopening: Option<ReopeningDocument>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MilestoneDocument {
    count: u32,
    what: Text<Name>,
    by: Text<Period>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProgressDocument {
    period: Text<Period>,
    status: Option<Case<Colour>>,
    qualifier: Option<Text<Title>>,
    commentary: Text<Note>,
    parts: Option<PartsDocument>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartsDocument {
    green: u32,
    amber: u32,
    red: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClosureDocument {
    outcome: Case<Outcome>,
    on: Text<NaiveDate>,
    reason: Text<Note>,
    by: Text<Name>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReopeningDocument {
    on: Text<NaiveDate>,
    reason: Text<Note>,
    by: Text<Name>,
}

names!(Outcome { Kept = "kept", NotKept = "not_kept", Dropped = "dropped" });

impl From<&Commitment> for CommitmentDocument {
    fn from(commitment: &Commitment) -> Self {
        let Commitment { promise, reports, state } = commitment;
        let Promise { theme, text, responsible, deputies, measures, milestone } = promise;
        let (closure, reopening) = match state {
            State::Open { reopening } => (None, reopening.as_ref().map(ReopeningDocument::from)),
            State::Closed(closure) => (Some(closure.into()), None),
        };
        Self {
            theme: theme.into(),
            text: text.into(),
            responsible: responsible.into(),
            deputies: texts(deputies),
            measures: texts(measures),
            milestone: milestone.as_ref().map(MilestoneDocument::from),
            reports: each(reports),
            closure,
            reopening,
        }
    }
}

impl From<CommitmentDocument> for Commitment {
    fn from(document: CommitmentDocument) -> Self {
        let CommitmentDocument {
            theme,
            text,
            responsible,
            deputies,
            measures,
            milestone,
            reports,
            closure,
            reopening,
        } = document;
        let promise = Promise {
            theme: theme.0,
            text: text.0,
            responsible: responsible.0,
            deputies: of_texts(deputies),
            measures: of_texts(measures),
            milestone: milestone.map(Milestone::from),
        };
        let state = match closure {
            Some(closure) => State::Closed(closure.into()),
            None => State::Open { reopening: reopening.map(Reopening::from) },
        };
        Self { promise, reports: each(reports), state }
    }
}

impl From<&Milestone> for MilestoneDocument {
    fn from(milestone: &Milestone) -> Self {
        let Milestone { count, what, by } = milestone;
        Self { count: *count, what: what.into(), by: by.into() }
    }
}

impl From<MilestoneDocument> for Milestone {
    fn from(document: MilestoneDocument) -> Self {
        let MilestoneDocument { count, what, by } = document;
        Self { count, what: what.0, by: by.0 }
    }
}

impl From<&Progress> for ProgressDocument {
    fn from(progress: &Progress) -> Self {
        let Progress { period, status, qualifier, commentary, parts } = progress;
        Self {
            period: period.into(),
            status: status.map(Case),
            qualifier: text(qualifier),
            commentary: commentary.into(),
            parts: parts.map(|Parts { green, amber, red }| PartsDocument { green, amber, red }),
        }
    }
}

impl From<ProgressDocument> for Progress {
    fn from(document: ProgressDocument) -> Self {
        let ProgressDocument { period, status, qualifier, commentary, parts } = document;
        Self {
            period: period.0,
            status: status.map(|status| status.0),
            qualifier: of_text(qualifier),
            commentary: commentary.0,
            parts: parts.map(|PartsDocument { green, amber, red }| Parts { green, amber, red }),
        }
    }
}

impl From<&Closure> for ClosureDocument {
    fn from(closure: &Closure) -> Self {
        let Closure { outcome, on, reason, by } = closure;
        Self { outcome: Case(*outcome), on: on.into(), reason: reason.into(), by: by.into() }
    }
}

impl From<ClosureDocument> for Closure {
    fn from(document: ClosureDocument) -> Self {
        let ClosureDocument { outcome, on, reason, by } = document;
        Self { outcome: outcome.0, on: on.0, reason: reason.0, by: by.0 }
    }
}

impl From<&Reopening> for ReopeningDocument {
    fn from(reopening: &Reopening) -> Self {
        let Reopening { on, reason, by } = reopening;
        Self { on: on.into(), reason: reason.into(), by: by.into() }
    }
}

impl From<ReopeningDocument> for Reopening {
    fn from(document: ReopeningDocument) -> Self {
        let ReopeningDocument { on, reason, by } = document;
        Self { on: on.0, reason: reason.0, by: by.0 }
    }
}
