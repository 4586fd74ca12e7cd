//! The document of an action tracker.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use waymark_domain::code::Code;
use waymark_domain::direction::Direction;
use waymark_domain::rating::{Colour, Rating};
use waymark_domain::text::{Name, Narrative, Note, Title};
use waymark_domain::tracker::{
    ActionStatus, AlignedRating, Content, KeyAction, Level, LevelError, Progress, Quarter, Risk, Signed,
    Submission, Tracker,
};

use super::scalar::{Case, Text};
use super::{Stored, document};
use crate::history::noun::Noun;
use crate::history::plan_item::PlanItem;

impl Noun for Tracker {
    const KIND: &'static str = "tracker";
    type Document = TrackerDocument;
}

impl PlanItem for Tracker {
    const KEY: &'static str = "quarter of the priority";
}

document! {
    pub struct TrackerDocument of Tracker {
        priority: Text<Code>,
        quarter: Text<Quarter>,
        [content: Content {
            narrative: Text<Narrative>,
            aligned_measures: Vec<Text<Code>>,
            key_actions: Vec<KeyActionDocument>,
            risks: Vec<RiskDocument>,
            resources: Option<Text<Note>>,
            status: Option<Case<Colour>>,
            direction: Option<Case<Direction>>,
        }],
        progress: ProgressDocument,
    }

    struct KeyActionDocument of KeyAction {
        title: Text<Title>,
        owner: Text<Name>,
        due: Text<NaiveDate>,
        progress: Option<Text<Note>>,
        status: Case<ActionStatus>,
    }

    struct RiskDocument of Risk {
        text: Text<Title>,
        likelihood: LevelDocument,
        impact: LevelDocument,
        mitigation: Option<Text<Note>>,
    }

    struct SignedDocument of Signed {
        by: Text<Name>,
        on: Text<NaiveDate>,
    }

    struct SubmissionDocument of Submission {
        signed: SignedDocument,
        as_at: Text<NaiveDate>,
        ratings: Vec<AlignedRatingDocument>,
    }

    struct AlignedRatingDocument of AlignedRating {
        measure: Text<Code>,
        title: Text<Title>,
        rating: Case<Rating>,
        computed: Case<Rating>,
        explanation: Text<Note>,
        withheld: Option<Text<Note>>,
    }
}

document! {
    enum ProgressDocument of Progress {
        Draft,
        Submitted(SubmittedDocument),
        Returned { signed: SignedDocument, comment: Text<Note> },
        Agreed { submission: SubmissionDocument, agreement: SignedDocument },
        Published { submission: SubmissionDocument, agreement: SignedDocument, publication: SignedDocument },
    }
}

/// What was submitted, under a name as in the states that follow.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SubmittedDocument {
    submission: SubmissionDocument,
}

impl Stored<Submission> for SubmittedDocument {
    fn store(submission: &Submission) -> Self {
        Self { submission: Stored::store(submission) }
    }

    fn restore(self) -> Submission {
        self.submission.restore()
    }
}

/// A level is stored as its number.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
struct LevelDocument(Level);

impl Stored<Level> for LevelDocument {
    fn store(level: &Level) -> Self {
        Self(*level)
    }

    fn restore(self) -> Level {
        self.0
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
