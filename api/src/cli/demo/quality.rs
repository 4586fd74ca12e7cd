//! Checks of data quality for the demonstration: one good, one fair, one weak. The figures are those of the published
//! review; what is said of their data is made up.

use waymark_domain::code::Code;
use waymark_domain::period::Period;
use waymark_domain::quality::{Answered, Checklist, QualityCheck, Answer};
use waymark_domain::text::{Name, Note};
use waymark_persistence::plan_item::{self, PlanPlace};
use waymark_persistence::{Change, Connection};

use crate::http::problem::Problem;
use crate::resources::data_quality::key;

/// A check: the measure, the period of its result, the questions that are not met in full, and a note.
type Example = (&'static str, &'static str, &'static [(&'static str, Answer)], &'static str);

const EXAMPLES: [Example; 3] = [
    (
        "NI60",
        "2009-12",
        &[("second-check", Answer::Partly)],
        "Made up for the demonstration: the case system is the source, and every quarter is reconciled.",
    ),
    (
        "NI52",
        "2010-03-31",
        &[("complete", Answer::Partly), ("changes", Answer::Partly)],
        "Made up for the demonstration: some schools are estimated from their orders.",
    ),
    (
        "NI53",
        "FY2009-10-Q4",
        &[("complete", Answer::NotMet), ("timely", Answer::Partly), ("owner", Answer::NotMet)],
        "Made up for the demonstration: how many infants are fed is not recorded in every district.",
    ),
];

/// Files the checks.
pub(super) fn make(connection: &mut Connection, place: PlanPlace, change: &Change) -> Result<(), Problem> {
    for (measure, period, exceptions, note) in EXAMPLES {
        let measure = Code::new(measure).map_err(Problem::internal)?;
        let period: Period = period.parse().map_err(Problem::internal)?;
        let checklist = Checklist::current();
        let answers: Vec<Answered> =
            checklist.questions.iter().map(|asked| answered(&asked.code, exceptions)).collect();
        let graded = checklist.grade(&answers).map_err(|_| Problem::internal("the checklist changed"))?;
        let check = QualityCheck {
            measure: measure.clone(),
            period,
            checklist: checklist.version,
            answers,
            graded,
            note: Some(Note::new(note).map_err(Problem::internal)?),
            checked_by: Name::new("Performance officer").map_err(Problem::internal)?,
        };
        let _ = plan_item::create(connection, place, Some(&key(&measure, period)), &check, change)?;
    }
    Ok(())
}

/// Met, unless it is one of the exceptions.
fn answered(question: &Code, exceptions: &[(&str, Answer)]) -> Answered {
    let exception = exceptions.iter().find(|(code, _)| *code == question.as_str());
    let answer = exception.map_or(Answer::Met, |(_, answer)| *answer);
    Answered { question: question.clone(), answer, note: None }
}
