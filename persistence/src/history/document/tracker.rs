//! The document of an action tracker.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use waymark_domain::code::Code;
use waymark_domain::direction::Direction;
use waymark_domain::rating::{Colour, NoRating, Rating};
use waymark_domain::text::{Name, Narrative, Note, Title};
use waymark_domain::tracker::{
    ActionStatus, AlignedRating, Content, KeyAction, Level, LevelError, Progress, Quarter, Risk, Signed,
    Submission, Tracker,
};

use super::each;
use super::scalar::{Case, Named, Text, names, of_text, of_texts, text, texts};
use crate::history::plan_item::PlanItem;

impl PlanItem for Tracker {
    const KIND: &'static str = "tracker";
    const KEY: &'static str = "quarter of the priority";
    type Document = TrackerDocument;
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrackerDocument {
    priority: Text<Code>,
    quarter: Text<Quarter>,
    narrative: Text<Narrative>,
    aligned_measures: Vec<Text<Code>>,
    key_actions: Vec<KeyActionDocument>,
    risks: Vec<RiskDocument>,
    resources: Option<Text<Note>>,
    status: Option<Case<Colour>>,
    direction: Option<Case<Direction>>,
    progress: ProgressDocument,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyActionDocument {
    title: Text<Title>,
    owner: Text<Name>,
    due: Text<NaiveDate>,
    progress: Option<Text<Note>>,
    status: Case<ActionStatus>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RiskDocument {
    text: Text<Title>,
    likelihood: LevelDocument,
    impact: LevelDocument,
    mitigation: Option<Text<Note>>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
struct LevelDocument(Level);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum ProgressDocument {
    Draft,
    Submitted { submission: SubmissionDocument },
    Returned { signed: SignedDocument, comment: Text<Note> },
    Agreed { submission: SubmissionDocument, agreement: SignedDocument },
    Published { submission: SubmissionDocument, agreement: SignedDocument, publication: SignedDocument },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignedDocument {
    by: Text<Name>,
    on: Text<NaiveDate>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SubmissionDocument {
    signed: SignedDocument,
    as_at: Text<NaiveDate>,
    ratings: Vec<AlignedRatingDocument>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AlignedRatingDocument {
    measure: Text<Code>,
    title: Text<Title>,
    rating: Case<Rating>,
    computed: Case<Rating>,
    explanation: Text<Note>,
    withheld: Option<Text<Note>>,
}

names!(ActionStatus {
    NotStarted = "not_started",
    InProgress = "in_progress",
    Done = "done",
    Dropped = "dropped",
});

names!(NoRating {
    NoTarget = "no_target",
    NoData = "no_data",
    NoNewData = "no_new_data",
    NotDue = "not_due",
    NotRateable = "not_rateable",
    BaselineYear = "baseline_year",
});

impl Named for Rating {
    fn name(self) -> &'static str {
        match self {
            Self::Judged(colour) => colour.name(),
            Self::None(reason) => reason.name(),
        }
    }

    fn named(name: &str) -> Option<Self> {
        Colour::named(name).map(Self::Judged).or_else(|| NoRating::named(name).map(Self::None))
    }
}

impl TryFrom<u8> for LevelDocument {
    type Error = LevelError;
    fn try_from(number: u8) -> Result<Self, LevelError> {
        Level::new(number).map(Self)
    }
}

impl From<LevelDocument> for u8 {
    fn from(level: LevelDocument) -> Self {
        level.0.number()
    }
}

impl From<&Tracker> for TrackerDocument {
    fn from(tracker: &Tracker) -> Self {
        let Tracker { priority, quarter, content, progress } = tracker;
        let Content { narrative, aligned_measures, key_actions, risks, resources, status, direction } =
            content;
        Self {
            priority: priority.into(),
            quarter: quarter.into(),
            narrative: narrative.into(),
            aligned_measures: texts(aligned_measures),
            key_actions: each(key_actions),
            risks: each(risks),
            resources: text(resources),
            status: status.map(Case),
            direction: direction.map(Case),
            progress: progress.into(),
        }
    }
}

impl From<TrackerDocument> for Tracker {
    fn from(document: TrackerDocument) -> Self {
        let TrackerDocument {
            priority,
            quarter,
            narrative,
            aligned_measures,
            key_actions,
            risks,
            resources,
            status,
            direction,
            progress,
        } = document;
        let content = Content {
            narrative: narrative.0,
            aligned_measures: of_texts(aligned_measures),
            key_actions: each(key_actions),
            risks: each(risks),
            resources: of_text(resources),
            status: status.map(|status| status.0),
            direction: direction.map(|direction| direction.0),
        };
        Self { priority: priority.0, quarter: quarter.0, content, progress: progress.into() }
    }
}

impl From<&KeyAction> for KeyActionDocument {
    fn from(action: &KeyAction) -> Self {
        let KeyAction { title, owner, due, progress, status } = action;
        Self {
            title: title.into(),
            owner: owner.into(),
            due: due.into(),
            progress: text(progress),
            status: Case(*status),
        }
    }
}

impl From<KeyActionDocument> for KeyAction {
    fn from(document: KeyActionDocument) -> Self {
        let KeyActionDocument { title, owner, due, progress, status } = document;
        Self { title: title.0, owner: owner.0, due: due.0, progress: of_text(progress), status: status.0 }
    }
}

impl From<&Risk> for RiskDocument {
    fn from(risk: &Risk) -> Self {
        let Risk { text: what, likelihood, impact, mitigation } = risk;
        Self {
            text: what.into(),
            likelihood: LevelDocument(*likelihood),
            impact: LevelDocument(*impact),
            mitigation: text(mitigation),
        }
    }
}

impl From<RiskDocument> for Risk {
    fn from(document: RiskDocument) -> Self {
        let RiskDocument { text, likelihood, impact, mitigation } = document;
        Self { text: text.0, likelihood: likelihood.0, impact: impact.0, mitigation: of_text(mitigation) }
    }
}

impl From<&Progress> for ProgressDocument {
    fn from(progress: &Progress) -> Self {
        match progress {
            Progress::Draft => Self::Draft,
            Progress::Submitted(submission) => Self::Submitted { submission: submission.into() },
            Progress::Returned { signed, comment } => {
                Self::Returned { signed: signed.into(), comment: comment.into() }
            }
            Progress::Agreed { submission, agreement } => {
                Self::Agreed { submission: submission.into(), agreement: agreement.into() }
            }
            Progress::Published { submission, agreement, publication } => Self::Published {
                submission: submission.into(),
                agreement: agreement.into(),
                publication: publication.into(),
            },
        }
    }
}

impl From<ProgressDocument> for Progress {
    fn from(document: ProgressDocument) -> Self {
        match document {
            ProgressDocument::Draft => Self::Draft,
            ProgressDocument::Submitted { submission } => Self::Submitted(submission.into()),
            ProgressDocument::Returned { signed, comment } => {
                Self::Returned { signed: signed.into(), comment: comment.0 }
            }
            ProgressDocument::Agreed { submission, agreement } => {
                Self::Agreed { submission: submission.into(), agreement: agreement.into() }
            }
            ProgressDocument::Published { submission, agreement, publication } => Self::Published {
                submission: submission.into(),
                agreement: agreement.into(),
                publication: publication.into(),
            },
        }
    }
}

impl From<&Signed> for SignedDocument {
    fn from(signed: &Signed) -> Self {
        let Signed { by, on } = signed;
        Self { by: by.into(), on: on.into() }
    }
}

impl From<SignedDocument> for Signed {
    fn from(document: SignedDocument) -> Self {
        let SignedDocument { by, on } = document;
        Self { by: by.0, on: on.0 }
    }
}

impl From<&Submission> for SubmissionDocument {
    fn from(submission: &Submission) -> Self {
        let Submission { signed, as_at, ratings } = submission;
        Self { signed: signed.into(), as_at: as_at.into(), ratings: each(ratings) }
    }
}

impl From<SubmissionDocument> for Submission {
    fn from(document: SubmissionDocument) -> Self {
        let SubmissionDocument { signed, as_at, ratings } = document;
        Self { signed: signed.into(), as_at: as_at.0, ratings: each(ratings) }
    }
}

impl From<&AlignedRating> for AlignedRatingDocument {
    fn from(aligned: &AlignedRating) -> Self {
        let AlignedRating { measure, title, rating, computed, explanation, withheld } = aligned;
        Self {
            measure: measure.into(),
            title: title.into(),
            rating: Case(*rating),
            computed: Case(*computed),
            explanation: explanation.into(),
            withheld: text(withheld),
        }
    }
}

impl From<AlignedRatingDocument> for AlignedRating {
    fn from(document: AlignedRatingDocument) -> Self {
        let AlignedRatingDocument { measure, title, rating, computed, explanation, withheld } = document;
        Self {
            measure: measure.0,
            title: title.0,
            rating: rating.0,
            computed: computed.0,
            explanation: explanation.0,
            withheld: of_text(withheld),
        }
    }
}
