//! Data quality: a checklist that an officer answers for a measure and a period, and the grade that follows from
//! the answers.

use crate::code::Code;
use crate::framework::observation::QualityGrade;
use crate::rating::summary::share;
use crate::text::{Name, Note, Title};
use crate::time::period::Period;
use chrono::NaiveDate;
use std::collections::HashSet;

/// Questions to ask of the data behind a result. A checklist that was once used never changes: another version takes
/// its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checklist {
    /// 1, 2, 3 ...
    pub version: u32,
    /// Its questions, in order.
    pub questions: Vec<Question>,
}

/// One question of a checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its code, unique in the checklist.
    pub code: Code,
    /// What is asked.
    pub text: Title,
    /// Whether the data cannot be good where it is not met.
    pub is_essential: bool,
}

/// How far what is asked is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// It is.
    Met,
    /// In part.
    Partly,
    /// It is not.
    NotMet,
    /// There is nothing to ask: an estimate has no records to reconcile.
    NotApplicable,
}

crate::named!(Answer {
    Met = "met",
    Partly = "partly",
    NotMet = "not_met",
    NotApplicable = "not_applicable",
});

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The question's code.
    pub question: Code,
    /// The answer.
    pub answer: Answer,
    /// Why, or what is to be done.
    pub note: Option<Note>,
}

/// What the answers come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Graded {
    /// Points in whole per cent of those that could be had, half rounded up.
    pub score: u32,
    /// The grade.
    pub grade: QualityGrade,
}

/// A checklist that an officer answered for a measure and a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QualityCheck {
    /// The measure's code.
    pub measure: Code,
    /// The period whose data were checked.
    pub period: Period,
    /// The version of the checklist.
    pub checklist: u32,
    /// The answers, in the order of the checklist.
    pub answers: Vec<Answered>,
    /// What they come to.
    pub graded: Graded,
    /// What else is said of the data.
    pub note: Option<Note>,
    /// Who checked.
    pub checked_by: Name,
}

/// What is wrong with the answers to a checklist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswersError {
    /// The checklist has no such question.
    #[error("the checklist has no question {question}")]
    UnknownQuestion {
        /// Where the answer stands in the list.
        at: usize,
        /// What it names.
        question: Code,
    },
    /// An earlier answer is to the same question.
    #[error("the question {question} is answered twice")]
    AnsweredTwice {
        /// Where the second answer stands in the list.
        at: usize,
        /// The question.
        question: Code,
    },
    /// A question has no answer.
    #[error("the question {question} is not answered")]
    NotAnswered {
        /// The question.
        question: Code,
    },
    /// Every question is not applicable, so that there is nothing to grade.
    #[error("at least one question applies")]
    NothingApplies,
}

impl Checklist {
    /// From this score on data are good.
    pub const GOOD: u32 = 80;
    /// From this score on they are fair; below it they are weak.
    pub const FAIR: u32 = 50;

    /// The checklists that ship, the newest last.
    pub fn all_shipped() -> Vec<Self> {
        vec![Self::first()]
    }

    /// The checklist by which data are checked now.
    pub fn current() -> Self {
        Self::first()
    }

    fn first() -> Self {
        let questions = [
            ("definition", "The indicator's definition was followed as it is written.", true),
            ("complete", "The source holds every case of the period.", true),
            ("timely", "The data were collected in time for the result.", false),
            ("counts", "The counts agree with those of the records that they were drawn from.", true),
            ("repeatable", "Someone else could compute the same result from the records.", false),
            ("second-check", "A second person has checked the result.", false),
            ("owner", "A named post answers for the data.", false),
            ("changes", "Changes of method or source since the last result are written down.", false),
        ];
        let question = |(code, text, is_essential): (&str, &str, bool)| {
            Some(Question { code: Code::new(code).ok()?, text: Title::new(text).ok()?, is_essential })
        };
        Self { version: 1, questions: questions.into_iter().filter_map(question).collect() }
    }

    /// Grades the answers, each question answered once: a point for what is met and half a point for what is met in
    /// part, of those questions that apply. What is essential and not met makes the data weak; where it is met in
    /// part they are fair at best.
    ///
    /// # Errors
    /// All that is wrong with the answers.
    pub fn grade(&self, answers: &[Answered]) -> Result<Graded, Vec<AnswersError>> {
        let faults = self.faults(answers);
        if !faults.is_empty() {
            return Err(faults);
        }
        let of = |wanted: Answer| answers.iter().filter(|answered| answered.answer == wanted).count();
        let applicable = answers.len() - of(Answer::NotApplicable);
        let percent = share(2 * of(Answer::Met) + of(Answer::Partly), 2 * applicable).percent;
        // A share of a whole is a hundred at most.
        let score = u32::try_from(percent).unwrap_or(100);
        let band = match score {
            Self::GOOD.. => QualityGrade::Good,
            Self::FAIR.. => QualityGrade::Fair,
            _ => QualityGrade::Weak,
        };
        let caps = answers.iter().filter(|answered| self.is_essential(&answered.question)).map(cap);
        Ok(Graded { score, grade: caps.fold(band, worse) })
    }

    fn faults(&self, answers: &[Answered]) -> Vec<AnswersError> {
        let mut seen = HashSet::new();
        let mut faults = Vec::new();
        for (at, Answered { question, .. }) in answers.iter().enumerate() {
            let question = question.clone();
            if !self.questions.iter().any(|asked| asked.code == question) {
                faults.push(AnswersError::UnknownQuestion { at, question });
            } else if !seen.insert(question.clone()) {
                faults.push(AnswersError::AnsweredTwice { at, question });
            }
        }
        let missing = self.questions.iter().filter(|asked| !seen.contains(&asked.code));
        faults.extend(missing.map(|asked| AnswersError::NotAnswered { question: asked.code.clone() }));
        if faults.is_empty() && answers.iter().all(|answered| answered.answer == Answer::NotApplicable) {
            faults.push(AnswersError::NothingApplies);
        }
        faults
    }

    fn is_essential(&self, question: &Code) -> bool {
        self.questions.iter().any(|asked| asked.is_essential && asked.code == *question)
    }

    /// The answers in the order of the questions.
    pub fn in_order(&self, mut answers: Vec<Answered>) -> Vec<Answered> {
        answers
            .sort_by_key(|answered| self.questions.iter().position(|asked| asked.code == answered.question));
        answers
    }
}

/// The best grade that the answer to an essential question leaves.
fn cap(answered: &Answered) -> QualityGrade {
    match answered.answer {
        Answer::Met | Answer::NotApplicable => QualityGrade::Good,
        Answer::Partly => QualityGrade::Fair,
        Answer::NotMet => QualityGrade::Weak,
    }
}

fn worse(a: QualityGrade, b: QualityGrade) -> QualityGrade {
    match (a, b) {
        (QualityGrade::Weak, _) | (_, QualityGrade::Weak) => QualityGrade::Weak,
        (QualityGrade::Fair, _) | (_, QualityGrade::Fair) => QualityGrade::Fair,
        (QualityGrade::Good, QualityGrade::Good) => QualityGrade::Good,
    }
}

/// How good the data behind a measure are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataQuality<'a> {
    /// The data of its latest result were checked.
    Checked(&'a QualityCheck),
    /// Those of its latest result were not; this is the latest check of another period.
    Stale(&'a QualityCheck),
    /// None were checked.
    Ungraded,
}

/// How good the data behind a measure are on a day, by its checks; `actual` is the period of its latest result.
pub fn data_quality(checks: &[QualityCheck], actual: Option<Period>, as_at: NaiveDate) -> DataQuality<'_> {
    if let Some(check) = actual.and_then(|actual| of_period(checks, actual)) {
        return DataQuality::Checked(check);
    }
    let by_then = checks.iter().filter(|check| check.period.last_day() <= as_at);
    by_then.max_by_key(|check| check.period).map_or(DataQuality::Ungraded, DataQuality::Stale)
}

/// The check of the data of a period.
pub fn of_period(checks: &[QualityCheck], period: Period) -> Option<&QualityCheck> {
    checks.iter().find(|check| check.period == period)
}

#[cfg(test)]
mod tests;
