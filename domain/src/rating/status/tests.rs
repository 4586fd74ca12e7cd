//! Parts, calendar and judgements, put together.

use super::*;
use crate::code::Code;
use crate::framework::indicator::Frequency;
use crate::framework::measure::Line;
use crate::framework::observation::{Figure, Standing};
use crate::framework::polarity::Polarity;
use crate::framework::scheme::Scheme;
use crate::framework::target::{Condition, Target, TargetState};
use crate::number::value::{Ratio, Unit, Value};
use crate::text::{Note, Title};
use proptest::prelude::*;

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn plan() -> Plan {
    Plan {
        title: Title::new("Plan").unwrap(),
        span: "2008-04-01/2011-03-31".parse().unwrap(),
        themes: Vec::new(),
        priorities: Vec::new(),
        scheme: Scheme::baseline_to_target(),
        reporting_cycle: Frequency::HalfYearly,
        exception_rules: crate::framework::exception_rule::ExceptionRule::shipped(),
    }
}

fn indicator() -> Indicator {
    let polarity = Some(Polarity::HigherIsBetter);
    Indicator { polarity, ..Indicator::new(Title::new("Immunisation").unwrap(), Unit::Percent, 1) }
}

fn line(component: Option<&str>, target: &str) -> Line {
    let condition = Condition::Reach(number(target));
    Line {
        component: component.map(name),
        baseline: Some(Baseline::Known {
            value: number("40"),
            period: None,
            definition_version: 1,
            note: None,
        }),
        target: Some(Target::Set {
            period: None,
            condition,
            state: TargetState::Agreed,
            note: None,
            review_on: None,
            origin: None,
        }),
        ..Line::default()
    }
}

fn measure(lines: Vec<Line>) -> Measure {
    Measure {
        theme: Code::new("be-healthy").unwrap(),
        priority: None,
        breakdown: None,
        lead: None,
        contact: None,
        lines,
        composite: Composite::Worst,
        note: None,
        departures: Vec::new(),
    }
}

fn received(of: &str, component: Option<&str>, value: Value, on: &str) -> Received {
    let result = Observation {
        period: of.parse().unwrap(),
        breakdown: None,
        component: component.map(name),
        figure: Figure::Value(value),
        definition_version: 1,
        standing: Standing::Final,
        quality: None,
        is_baseline: false,
        note: None,
    };
    Received { result, on: day(on), is_suppressed: false }
}

fn judge<'a>(
    plan: &'a Plan,
    indicator: &'a Indicator,
    measure: &'a Measure,
    results: &'a [Received],
) -> Position<'a> {
    Position {
        plan,
        indicator,
        measure,
        results,
        judgements: &[],
        as_at: day("2010-03-31"),
        previous_report: None,
    }
}

/// Doses of 92.1, 91.5 and 30 per cent against 50: the third one, below the baseline of 40, decides.
#[test]
fn the_worst_component_decides() {
    let (plan, indicator, mut measure) = (plan(), indicator(), measure(vec![line(None, "50")]));
    let doses = [("Dose 1", "92.1"), ("Dose 2", "91.5"), ("Dose 3", "30")]
        .map(|(dose, value)| received("FY2009-10", Some(dose), number(value), "2010-04-10"));
    let reported = status(judge(&plan, &indicator, &measure, &doses), 5);
    assert_eq!(reported.rating(), Rating::Judged(Colour::Red));
    assert_eq!(reported.decisive.component, Some(&name("Dose 3")));
    assert_eq!(reported.parts.len(), 3);
    measure.composite = Composite::Best;
    assert_eq!(status(judge(&plan, &indicator, &measure, &doses), 5).rating(), Rating::Judged(Colour::Green));
    measure.composite = Composite::Headline(name("Dose 2"));
    let reported = status(judge(&plan, &indicator, &measure, &doses), 5);
    assert_eq!(
        (reported.rating(), reported.decisive.component),
        (Rating::Judged(Colour::Green), Some(&name("Dose 2")))
    );
}

#[test]
fn a_component_without_a_result_is_reported() {
    let (plan, indicator) = (plan(), indicator());
    let measure = measure(vec![line(Some("KS2"), "50"), line(Some("KS4"), "50")]);
    let results = [received("FY2009-10", Some("KS2"), number("60"), "2010-04-10")];
    let reported = status(judge(&plan, &indicator, &measure, &results), 5);
    assert_eq!(reported.rating(), Rating::Judged(Colour::Green));
    let ratings: Vec<Rating> = reported.parts.iter().map(|part| part.explanation.rating()).collect();
    assert_eq!(ratings, [Rating::Judged(Colour::Green), Rating::None(NoRating::NoData)]);
}

#[test]
fn the_position_is_that_of_its_date() {
    let (plan, indicator, measure) = (plan(), indicator(), measure(vec![line(None, "50")]));
    let results = [
        received("FY2009-10", None, number("55"), "2010-04-10"),
        received("FY2008-09", None, number("35"), "2009-04-10"),
    ];
    let now = status(judge(&plan, &indicator, &measure, &results), 5);
    assert_eq!(now.rating(), Rating::Judged(Colour::Green));
    assert_eq!(
        now.parts[0].travel.map(|travel| travel.direction),
        Some(crate::rating::direction::Direction::Improving)
    );
    let then =
        status(Position { as_at: day("2009-03-31"), ..judge(&plan, &indicator, &measure, &results) }, 5);
    assert_eq!(then.rating(), Rating::Judged(Colour::Red));
    let before =
        status(Position { as_at: day("2009-03-30"), ..judge(&plan, &indicator, &measure, &results) }, 5);
    assert_eq!(before.rating(), Rating::None(NoRating::NoData));
}

/// A table that names no period leaves its figure at the report's date; the year's own figure counts before it.
#[test]
fn of_two_results_that_end_on_one_day_the_longer_period_counts() {
    let (plan, indicator, measure) = (plan(), indicator(), measure(vec![line(None, "50")]));
    let of_the_year = received("FY2009-10", None, number("55"), "2010-04-10");
    let of_the_day = received("2010-03-31", None, number("35"), "2010-04-10");
    for results in [[of_the_year.clone(), of_the_day.clone()], [of_the_day, of_the_year]] {
        let reported = status(judge(&plan, &indicator, &measure, &results), 5);
        assert_eq!(reported.rating(), Rating::Judged(Colour::Green));
    }
}

#[test]
fn the_calendar_reports_not_due_and_nothing_new() {
    let (plan, measure) = (plan(), measure(vec![line(None, "50")]));
    let indicator = Indicator { frequency: Some(Frequency::FinancialYear), lag_days: 60, ..indicator() };
    let early = Position { as_at: day("2009-05-01"), ..judge(&plan, &indicator, &measure, &[]) };
    assert_eq!(status(early, 5).rating(), Rating::None(NoRating::NotDue));
    let late = Position { as_at: day("2009-05-31"), ..early };
    assert_eq!(status(late, 5).rating(), Rating::None(NoRating::NoData));

    let results = [received("FY2008-09", None, number("55"), "2009-05-20")];
    let since = |report| Position {
        previous_report: Some(day(report)),
        ..judge(&plan, &indicator, &measure, &results)
    };
    assert_eq!(status(since("2009-05-20"), 5).rating(), Rating::None(NoRating::NoNewData));
    assert_eq!(status(since("2009-05-19"), 5).rating(), Rating::Judged(Colour::Green));
}

#[test]
fn an_override_never_hides_the_computed_rating() {
    let (plan, indicator, measure) = (plan(), indicator(), measure(vec![line(None, "50")]));
    let results = [received("FY2009-10", None, number("55"), "2010-04-10")];
    let judgement = |kind, rating, from, until: Option<&str>| Judgement {
        kind,
        rating,
        reason: Note::new("The survey was answered by few").unwrap(),
        author: name("performance officer"),
        from: day(from),
        until: until.map(day),
    };
    let judgements = [
        judgement(JudgementKind::Override, Colour::Red, "2010-03-01", None),
        judgement(JudgementKind::Override, Colour::Amber, "2010-03-31", None),
        judgement(JudgementKind::Override, Colour::Red, "2010-01-01", Some("2010-03-30")),
        judgement(JudgementKind::Prediction, Colour::Red, "2010-01-01", None),
    ];
    let reported =
        status(Position { judgements: &judgements, ..judge(&plan, &indicator, &measure, &results) }, 5);
    assert_eq!(
        (reported.rating(), reported.computed),
        (Rating::Judged(Colour::Amber), Rating::Judged(Colour::Green))
    );
    assert_eq!(reported.predicted.map(|judgement| judgement.rating), Some(Colour::Red));
}

#[test]
fn a_part_is_suppressed_with_any_of_its_results_or_its_baseline() {
    let (plan, indicator, mut measure) = (plan(), indicator(), measure(vec![line(None, "50")]));
    let mut results = [received("FY2009-10", None, number("60"), "2010-04-10")];
    assert!(!status(judge(&plan, &indicator, &measure, &results), 5).parts[0].is_suppressed);
    results[0].is_suppressed = true;
    assert!(status(judge(&plan, &indicator, &measure, &results), 5).parts[0].is_suppressed);
    results[0].is_suppressed = false;
    let value = Value::Ratio(Ratio::new(4.into(), 11.into()).unwrap());
    measure.lines[0].baseline =
        Some(Baseline::Known { value, period: None, definition_version: 1, note: None });
    assert!(status(judge(&plan, &indicator, &measure, &results), 5).parts[0].is_suppressed);
    assert!(!status(judge(&plan, &indicator, &measure, &results), 4).parts[0].is_suppressed);
}

/// Months, quarters and years of which several end on one day.
const PERIODS: [&str; 7] =
    ["2009-06", "2009-09", "FY2009-10-Q2", "FY2009-10-H1", "2010-03", "2010-03-31", "FY2009-10"];
const COMPONENTS: [Option<&str>; 3] = [None, Some("KS2"), Some("KS4")];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_rating_alone_is_that_of_the_status_and_needs_the_latest_results_only(
        sent in proptest::collection::vec((0_usize..7, 0_usize..3, 20_u32..80), 0..8),
        lines in proptest::collection::vec((0_usize..3, 30_u32..70), 0..3),
        composite in 0_usize..4, day_of in 0_usize..4, overridden in any::<bool>(), reported in any::<bool>(),
    ) {
        let (plan, mut indicator) = (plan(), indicator());
        indicator.frequency = Some(Frequency::Quarterly);
        let mut measure = measure(lines.iter().map(|(part, to)| line(COMPONENTS[*part], &to.to_string())).collect());
        measure.composite = [
            Composite::Worst, Composite::Best, Composite::Headline(name("KS2")), Composite::Headline(name("KS9")),
        ][composite].clone();
        let results: Vec<Received> = sent
            .iter()
            .map(|(of, part, value)| {
                received(PERIODS[*of], COMPONENTS[*part], number(&value.to_string()), "2010-04-10")
            })
            .collect();
        let judgement = Judgement {
            kind: JudgementKind::Override, rating: Colour::Amber, reason: Note::new("r").unwrap(),
            author: name("x"), from: day("2009-09-30"), until: None,
        };
        let judgements = if overridden { vec![judgement] } else { Vec::new() };
        let as_at = day(["2008-04-02", "2009-09-29", "2009-09-30", "2010-03-31"][day_of]);
        let previous_report = reported.then(|| day("2010-04-12"));
        let all = Position {
            as_at, judgements: &judgements, previous_report, ..judge(&plan, &indicator, &measure, &results)
        };
        let rated = status(all, 5).rating();
        // Two results of one key cannot both be current: of such a pair the one that came last is kept.
        let mut latest: Vec<Received> = Vec::new();
        for received in results.iter().filter(|received| received.result.period.last_day() <= as_at) {
            let same = |other: &Received| other.result.component == received.result.component;
            match latest.iter_mut().find(|other| same(other)) {
                Some(other) if is_later(&received.result, &other.result) => *other = received.clone(),
                Some(_) => {}
                None => latest.push(received.clone()),
            }
        }
        prop_assert_eq!(rating(all), rated);
        prop_assert_eq!(rating(Position { results: &latest, ..all }), rated);
    }
}
