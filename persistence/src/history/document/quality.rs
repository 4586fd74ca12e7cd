//! The document of a data-quality check.

use serde::{Deserialize, Serialize};
use waymark_domain::code::Code;
use waymark_domain::observation::QualityGrade;
use waymark_domain::period::Period;
use waymark_domain::quality::{Answer, Answered, Graded, QualityCheck};
use waymark_domain::text::{Name, Note};

use super::each;
use super::scalar::{Case, Text, names, of_text, text};
use crate::history::plan_item::PlanItem;

impl PlanItem for QualityCheck {
    const KIND: &'static str = "quality check";
    const KEY: &'static str = "quality check of that period";
    type Document = QualityCheckDocument;
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualityCheckDocument {
    measure: Text<Code>,
    period: Text<Period>,
    checklist: u32,
    answers: Vec<AnsweredDocument>,
    score: u32,
    grade: Case<QualityGrade>,
    note: Option<Text<Note>>,
    checked_by: Text<Name>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnsweredDocument {
    question: Text<Code>,
    answer: Case<Answer>,
    note: Option<Text<Note>>,
}

names!(Answer { Met = "met", Partly = "partly", NotMet = "not_met", NotApplicable = "not_applicable" });

impl From<&QualityCheck> for QualityCheckDocument {
    fn from(check: &QualityCheck) -> Self {
        let QualityCheck { measure, period, checklist, answers, graded, note, checked_by } = check;
        let Graded { score, grade } = graded;
        Self {
            measure: measure.into(),
            period: period.into(),
            checklist: *checklist,
            answers: each(answers),
            score: *score,
            grade: Case(*grade),
            note: text(note),
            checked_by: checked_by.into(),
        }
    }
}

impl From<QualityCheckDocument> for QualityCheck {
    fn from(document: QualityCheckDocument) -> Self {
        let QualityCheckDocument { measure, period, checklist, answers, score, grade, note, checked_by } =
            document;
        Self {
            measure: measure.0,
            period: period.0,
            checklist,
            answers: each(answers),
            graded: Graded { score, grade: grade.0 },
            note: of_text(note),
            checked_by: checked_by.0,
        }
    }
}

impl From<&Answered> for AnsweredDocument {
    fn from(answered: &Answered) -> Self {
        let Answered { question, answer, note } = answered;
        Self { question: question.into(), answer: Case(*answer), note: text(note) }
    }
}

impl From<AnsweredDocument> for Answered {
    fn from(document: AnsweredDocument) -> Self {
        let AnsweredDocument { question, answer, note } = document;
        Self { question: question.0, answer: answer.0, note: of_text(note) }
    }
}
