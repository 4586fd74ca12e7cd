//! Checklists and checks of data quality on the wire.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use waymark_domain::quality as domain;
use waymark_domain::{code, period, text};
use waymark_persistence::Versioned;

use crate::http::list::Page;
use crate::http::problem::Problem;
use crate::http::schema::{Code, Name, Note, Period, QualityGrade, Title};
use crate::http::validation::Faults;

/// The most answers in a request; a checklist has fewer questions.
const MOST_ANSWERS: usize = 50;

/// The checklists.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QualityChecklistList {
    /// The checklists, the newest last.
    #[schema(max_items = 50)]
    pub(super) items: Vec<QualityChecklist>,
}

/// Questions to ask of the data behind a result.
///
/// The score is a point for each question that is met and half a point for one that is partly met, in whole per cent
/// of the questions that apply, half rounded up. An essential question that is not met makes the data weak; one that
/// is partly met makes them fair at best.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QualityChecklist {
    /// 1 for the first checklist, increasing by one with each new one.
    #[schema(minimum = 1, maximum = 1000)]
    version: u32,
    /// Its questions, in order.
    #[schema(max_items = 50)]
    questions: Vec<QualityQuestion>,
    /// The lowest score of good data.
    #[schema(minimum = 0, maximum = 100)]
    good_from: u32,
    /// The lowest score of fair data; below it data are weak.
    #[schema(minimum = 0, maximum = 100)]
    fair_from: u32,
}

/// One question of a checklist.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QualityQuestion {
    /// Its code, unique in the checklist.
    code: Code,
    /// The requirement.
    text: Title,
    /// Whether the data cannot be good unless it is met.
    essential: bool,
}

/// How far a requirement is met.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum QualityAnswer {
    /// It is met.
    Met,
    /// It is partly met.
    Partly,
    /// It is not met.
    NotMet,
    /// It does not apply.
    NotApplicable,
}

/// The answer to one question.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnsweredQuestion {
    /// The question's code.
    question: Code,
    answer: QualityAnswer,
    /// A note: why, or what is to be done.
    note: Option<Note>,
}

/// A check of the data of a period: every question of the newest checklist, answered once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewQualityCheck {
    /// The period whose data were checked.
    period: Period,
    /// The answers, in any order.
    #[schema(max_items = 50)]
    answers: Vec<AnsweredQuestion>,
    /// A note on the data.
    note: Option<Note>,
}

/// The content that replaces an earlier check: every question of the newest checklist, answered once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QualityCheckContent {
    /// The answers, in any order.
    #[schema(max_items = 50)]
    answers: Vec<AnsweredQuestion>,
    /// A note on the data.
    note: Option<Note>,
}

/// A check of the data of a measure and a period, with its grade.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QualityCheck {
    /// The measure's code.
    measure: Code,
    /// The period whose data were checked.
    period: Period,
    /// The version of the checklist.
    #[schema(minimum = 1, maximum = 1000)]
    checklist: u32,
    /// The answers, in the order of the checklist.
    #[schema(max_items = 50)]
    answers: Vec<AnsweredQuestion>,
    /// The score of the answers in whole per cent.
    #[schema(minimum = 0, maximum = 100)]
    score: u32,
    /// The grade that follows from the answers.
    grade: QualityGrade,
    /// A note on the data.
    note: Option<Note>,
    /// Who checked.
    checked_by: Name,
    /// 1 for the first revision, increasing by one with each correction.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    revision: i64,
    /// When this revision was recorded.
    recorded_at: DateTime<Utc>,
}

pub(crate) type QualityCheckPage = Page<QualityCheck>;

/// Graded answers, without a measure, a period and the officer who checked.
pub(super) struct Answers {
    checklist: u32,
    answers: Vec<domain::Answered>,
    graded: domain::Graded,
    note: Option<text::Note>,
}

impl Answers {
    /// The check that they make.
    pub(super) fn of(
        self,
        measure: code::Code,
        period: period::Period,
        checked_by: text::Name,
    ) -> domain::QualityCheck {
        let Self { checklist, answers, graded, note } = self;
        domain::QualityCheck { measure, period, checklist, answers, graded, note, checked_by }
    }
}

impl NewQualityCheck {
    /// The period, and the answers graded.
    pub(super) fn read(self) -> Result<(period::Period, Answers), Problem> {
        let Self { period, answers, note } = self;
        let mut faults = Faults::default();
        let period = period.read(&mut faults, "/period");
        let answers = graded(&mut faults, answers, note);
        faults.finish(period.zip(answers))
    }
}

impl QualityCheckContent {
    /// The answers, graded.
    pub(super) fn read(self) -> Result<Answers, Problem> {
        let Self { answers, note } = self;
        let mut faults = Faults::default();
        let answers = graded(&mut faults, answers, note);
        faults.finish(answers)
    }
}

fn graded(faults: &mut Faults, answers: Vec<AnsweredQuestion>, note: Option<Note>) -> Option<Answers> {
    let note = match note {
        None => Some(None),
        Some(note) => note.read(faults, "/note").map(Some),
    };
    let answers = faults.each("/answers", MOST_ANSWERS, answers, |faults, answered| answered.read(faults))?;
    let checklist = domain::Checklist::current();
    match checklist.grade(&answers) {
        Ok(graded) => {
            let answers = checklist.in_order(answers);
            Some(Answers { checklist: checklist.version, answers, graded, note: note? })
        }
        Err(wrong) => {
            wrong.iter().for_each(|error| note_wrong(faults, error));
            None
        }
    }
}

fn note_wrong(faults: &mut Faults, error: &domain::AnswersError) {
    use domain::AnswersError as Wrong;
    match error {
        Wrong::UnknownQuestion { at, .. } => {
            faults.note(&format!("/answers/{at}/question"), "unknown_question", error);
        }
        Wrong::AnsweredTwice { at, .. } => {
            faults.note(&format!("/answers/{at}/question"), "answered_twice", error);
        }
        Wrong::NotAnswered { .. } => faults.note("/answers", "not_answered", error),
        Wrong::NothingApplies => faults.note("/answers", "nothing_applies", error),
    }
}

impl AnsweredQuestion {
    fn read(self, faults: &mut Faults) -> Option<domain::Answered> {
        let Self { question, answer, note } = self;
        let question = question.read(faults, "/question");
        let note = match note {
            None => Some(None),
            Some(note) => note.read(faults, "/note").map(Some),
        };
        Some(domain::Answered { question: question?, answer: answer.into(), note: note? })
    }
}

impl From<&domain::Checklist> for QualityChecklist {
    fn from(checklist: &domain::Checklist) -> Self {
        let domain::Checklist { version, questions } = checklist;
        let question = |question: &domain::Question| {
            let domain::Question { code, text, is_essential } = question;
            QualityQuestion { code: code.into(), text: text.into(), essential: *is_essential }
        };
        Self {
            version: *version,
            questions: questions.iter().map(question).collect(),
            good_from: domain::Checklist::GOOD,
            fair_from: domain::Checklist::FAIR,
        }
    }
}

impl From<&Versioned<domain::QualityCheck>> for QualityCheck {
    fn from(versioned: &Versioned<domain::QualityCheck>) -> Self {
        let Versioned { id: _, revision, recorded_at, author: _, content } = versioned;
        let domain::QualityCheck { measure, period, checklist, answers, graded, note, checked_by } = content;
        let domain::Graded { score, grade } = graded;
        Self {
            measure: measure.into(),
            period: (*period).into(),
            checklist: *checklist,
            answers: answers.iter().map(AnsweredQuestion::from).collect(),
            score: *score,
            grade: (*grade).into(),
            note: note.as_ref().map(Note::from),
            checked_by: checked_by.into(),
            revision: *revision,
            recorded_at: *recorded_at,
        }
    }
}

impl From<&domain::Answered> for AnsweredQuestion {
    fn from(answered: &domain::Answered) -> Self {
        let domain::Answered { question, answer, note } = answered;
        Self { question: question.into(), answer: (*answer).into(), note: note.as_ref().map(Note::from) }
    }
}

impl From<domain::Answer> for QualityAnswer {
    fn from(answer: domain::Answer) -> Self {
        match answer {
            domain::Answer::Met => Self::Met,
            domain::Answer::Partly => Self::Partly,
            domain::Answer::NotMet => Self::NotMet,
            domain::Answer::NotApplicable => Self::NotApplicable,
        }
    }
}

impl From<QualityAnswer> for domain::Answer {
    fn from(answer: QualityAnswer) -> Self {
        match answer {
            QualityAnswer::Met => Self::Met,
            QualityAnswer::Partly => Self::Partly,
            QualityAnswer::NotMet => Self::NotMet,
            QualityAnswer::NotApplicable => Self::NotApplicable,
        }
    }
}
