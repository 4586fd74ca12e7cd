//! The document of a data-quality check.

use waymark_domain::code::Code;
use waymark_domain::observation::QualityGrade;
use waymark_domain::period::Period;
use waymark_domain::quality::{Answer, Answered, Graded, QualityCheck};
use waymark_domain::text::{Name, Note};

use super::document;
use super::scalar::{Case, Text};
use crate::history::noun::Noun;
use crate::history::plan_item::PlanItem;

impl Noun for QualityCheck {
    const KIND: &'static str = "quality check";
    type Document = QualityCheckDocument;
}

impl PlanItem for QualityCheck {
    const KEY: &'static str = "quality check of that period";
}

document! {
    pub struct QualityCheckDocument of QualityCheck {
        measure: Text<Code>,
        period: Text<Period>,
        checklist: u32,
        answers: Vec<AnsweredDocument>,
        [graded: Graded { score: u32, grade: Case<QualityGrade>, }],
        note: Option<Text<Note>>,
        checked_by: Text<Name>,
    }

    struct AnsweredDocument of Answered {
        question: Text<Code>,
        answer: Case<Answer>,
        note: Option<Text<Note>>,
    }
}
