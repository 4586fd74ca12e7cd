//! Judgements on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_domain::{judgement as domain, text};
use waymark_persistence::judgement::GivenJudgement;

use crate::http::problem::Problem;
use crate::http::schema::{Colour, JudgementKind, Name, Note};
use crate::http::validation::Faults;

/// An officer's override or prediction, beside the computed rating.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewJudgement {
    kind: JudgementKind,
    /// The officer's rating.
    rating: Colour,
    /// The reason.
    reason: Note,
    /// The first day on which it applies, until a later judgement of the same kind.
    from: NaiveDate,
    /// The last day on which it applies. If omitted, it applies until a later judgement.
    until: Option<NaiveDate>,
}

/// A judgement as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Judgement {
    id: Uuid,
    kind: JudgementKind,
    /// The rating that the officer gave.
    rating: Colour,
    /// The reason.
    reason: Note,
    /// Who gave it.
    judged_by: Name,
    /// The first day on which it applies.
    from: NaiveDate,
    /// The last day on which it applies; null for no end.
    until: Option<NaiveDate>,
    /// When it was recorded.
    recorded_at: DateTime<Utc>,
}

/// The judgements on a measure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JudgementList {
    /// In the order in which they were recorded.
    #[schema(max_items = 100000)]
    pub(super) items: Vec<Judgement>,
}

impl NewJudgement {
    /// Into the domain, in the name of its author.
    pub(super) fn read(self, author: &str) -> Result<domain::Judgement, Problem> {
        let Self { kind, rating, reason, from, until } = self;
        let mut faults = Faults::default();
        let reason = reason.read(&mut faults, "/reason");
        let author =
            text::Name::fitted(author).ok_or_else(|| Problem::internal("a caller without a name"))?;
        if until.is_some_and(|until| until < from) {
            faults.note(
                "/until",
                "before_start",
                "a judgement ends on or after the day from which it stands",
            );
        }
        let read = |reason| domain::Judgement {
            kind: kind.into(),
            rating: rating.into(),
            reason,
            author,
            from,
            until,
        };
        faults.finish(reason.map(read))
    }
}

impl From<&GivenJudgement> for Judgement {
    fn from(given: &GivenJudgement) -> Self {
        let GivenJudgement { id, measure: _, recorded_at, judgement } = given;
        let domain::Judgement { kind, rating, reason, author, from, until } = judgement;
        Self {
            id: *id,
            kind: (*kind).into(),
            rating: (*rating).into(),
            reason: Note::from(reason),
            judged_by: Name::from(author),
            from: *from,
            until: *until,
            recorded_at: *recorded_at,
        }
    }
}
