//! Tests of the checklist and its grades.

use super::*;
use proptest::prelude::*;

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

/// Answers to the checklist that ships, in its order: `m` met, `p` partly, `n` not met, `-` not applicable.
fn answers(letters: &str) -> Vec<Answered> {
    let answer = |letter| match letter {
        'm' => Answer::Met,
        'p' => Answer::Partly,
        'n' => Answer::NotMet,
        '-' => Answer::NotApplicable,
        other => panic!("{other}"),
    };
    let questions = Checklist::current().questions;
    assert_eq!(questions.len(), letters.len());
    let pairs = questions.into_iter().zip(letters.chars());
    pairs
        .map(|(asked, letter)| Answered { question: asked.code, answer: answer(letter), note: None })
        .collect()
}

fn grade(letters: &str) -> (u32, QualityGrade) {
    let Graded { score, grade } = Checklist::current().grade(&answers(letters)).unwrap();
    (score, grade)
}

#[test]
fn what_ships_has_its_questions() {
    for checklist in Checklist::all_shipped() {
        let codes: HashSet<Code> = checklist.questions.iter().map(|asked| asked.code.clone()).collect();
        assert_eq!(codes.len(), 8);
        assert_eq!(checklist.questions.iter().filter(|asked| asked.is_essential).count(), 3);
    }
    assert_eq!(Checklist::all_shipped().last(), Some(&Checklist::current()));
}

/// The essential questions are the first, the second and the fourth.
#[test]
fn points_are_counted_of_what_applies() {
    assert_eq!(grade("mmmmmmmm"), (100, QualityGrade::Good));
    // 13 of 16 half points are 81.25 per cent, 12 are 75.
    assert_eq!(grade("mmmmmmpn"), (81, QualityGrade::Good));
    assert_eq!(grade("mmmmmmnn"), (75, QualityGrade::Fair));
    // 8 of 16 are 50, 7 of 14 as well.
    assert_eq!(grade("mmnmpnnn"), (44, QualityGrade::Weak));
    assert_eq!(grade("mmnmmnnn"), (50, QualityGrade::Fair));
    assert_eq!(grade("mmnmpnn-"), (50, QualityGrade::Fair));
    // 8 of 10 are 80.
    assert_eq!(grade("mmnmm---"), (80, QualityGrade::Good));
    // 5 of 8 are 62.5, and a half is rounded up.
    assert_eq!(grade("m-nmp---"), (63, QualityGrade::Fair));
    assert_eq!(grade("--------".replacen('-', "p", 1).as_str()), (50, QualityGrade::Fair));
}

#[test]
fn what_is_essential_bounds_the_grade() {
    // 15 of 16 are 93.75.
    assert_eq!(grade("pmmmmmmm"), (94, QualityGrade::Fair));
    assert_eq!(grade("mmmmmmmp"), (94, QualityGrade::Good));
    // 14 of 16 are 87.5.
    assert_eq!(grade("mnmmmmmm"), (88, QualityGrade::Weak));
    assert_eq!(grade("mmnmmmmm"), (88, QualityGrade::Good));
    assert_eq!(grade("mmm-mmmm"), (100, QualityGrade::Good));
}

#[test]
fn every_question_is_answered_once() {
    let faults = |answers: &[Answered]| Checklist::current().grade(answers).unwrap_err();
    let mut sent = answers("mmmmmmmm");
    sent[1].question = code("colour");
    sent[3].question = code("definition");
    assert_eq!(
        faults(&sent),
        [
            AnswersError::UnknownQuestion { at: 1, question: code("colour") },
            AnswersError::AnsweredTwice { at: 3, question: code("definition") },
            AnswersError::NotAnswered { question: code("complete") },
            AnswersError::NotAnswered { question: code("counts") },
        ]
    );
    assert_eq!(faults(&answers("--------")), [AnswersError::NothingApplies]);
    assert_eq!(faults(&[]).len(), 8);
}

fn check(period: &str) -> QualityCheck {
    QualityCheck {
        measure: code("lunches"),
        period: period.parse().unwrap(),
        checklist: 1,
        answers: answers("mmmmmmmm"),
        graded: Graded { score: 100, grade: QualityGrade::Good },
        note: None,
        checked_by: Name::new("officer").unwrap(),
    }
}

#[test]
fn a_check_of_an_earlier_period_is_stale() {
    let checks = [check("FY2008-09"), check("FY2009-10"), check("FY2007-08")];
    let on = |actual: Option<&str>, day: &str| {
        let graded = data_quality(&checks, actual.map(|text| text.parse().unwrap()), day.parse().unwrap());
        match graded {
            DataQuality::Checked(check) => format!("checked {}", check.period),
            DataQuality::Stale(check) => format!("stale {}", check.period),
            DataQuality::Ungraded => "ungraded".to_owned(),
        }
    };
    assert_eq!(on(Some("FY2008-09"), "2010-03-31"), "checked FY2008-09");
    assert_eq!(on(Some("2010-03"), "2010-03-31"), "stale FY2009-10");
    assert_eq!(on(None, "2010-03-30"), "stale FY2008-09");
    assert_eq!(on(None, "2008-03-30"), "ungraded");
}

proptest! {
    /// A better answer never makes the score or the grade worse.
    #[test]
    fn a_better_answer_never_grades_worse(letters in "[mpn-]{8}", at in 0usize..8) {
        prop_assume!(letters.chars().any(|letter| letter != '-'));
        let worst_first = |graded: Graded| (match graded.grade {
            QualityGrade::Weak => 0,
            QualityGrade::Fair => 1,
            QualityGrade::Good => 2,
        }, graded.score);
        let before = answers(&letters);
        let mut after = before.clone();
        after[at].answer = match before[at].answer {
            Answer::NotMet => Answer::Partly,
            Answer::Partly => Answer::Met,
            Answer::Met => Answer::Met,
            Answer::NotApplicable => Answer::NotApplicable,
        };
        let of = |answers: &[Answered]| Checklist::current().grade(answers).unwrap();
        let (before, after) = (of(&before), of(&after));
        prop_assert!(after.score >= before.score);
        prop_assert!(worst_first(after).0 >= worst_first(before).0);
        prop_assert!(before.score <= 100);
    }
}
