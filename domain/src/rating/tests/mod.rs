//! The worked examples of DOMAIN.md, and each rule by hand.

mod symmetry;

use super::*;
use crate::framework::observation::Standing;
use crate::framework::target::TargetState;
use crate::framework::trajectory::{Point, Step};
use crate::number::value::{Ratio, Unit};
use crate::text::{Note, Title};

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn indicator(polarity: Option<Polarity>) -> Indicator {
    Indicator { polarity, ..Indicator::new(Title::new("An indicator").unwrap(), Unit::Percent, 2) }
}

fn baseline(value: &str, of: Option<&str>) -> Option<Baseline> {
    let period = of.map(period);
    Some(Baseline::Known { value: number(value), period, definition_version: 1, note: None })
}

fn target(condition: Condition) -> Option<Target> {
    Some(Target::Set {
        period: None,
        condition,
        state: TargetState::Agreed,
        note: None,
        review_on: None,
        origin: None,
    })
}

fn result(value: &str, of: &str) -> Observation {
    Observation {
        period: period(of),
        breakdown: None,
        component: None,
        figure: Figure::Value(number(value)),
        definition_version: 1,
        standing: Standing::Final,
        quality: None,
        is_baseline: false,
        note: None,
    }
}

fn line(from: Option<Baseline>, to: Option<Target>) -> Line {
    Line { component: None, baseline: from, target: to, trajectory: Trajectory::Linear }
}

fn rated(scheme: &Scheme, indicator: &Indicator, line: &Line, result: Option<&Observation>) -> Explanation {
    let plan = period("2008-04-01/2011-03-31");
    rate(Case { plan, scheme, indicator, line, result })
}

/// Without a result, and with a baseline that could not be read, the polarity can be inferred all the same.
#[test]
fn the_polarity_is_known_whatever_else_stops_the_rating() {
    let (text, reason) = (Note::new("see note").unwrap(), Title::new("No number").unwrap());
    let unread = Some(Baseline::Unread { text, reason });
    let polarity_of = |stated, from, to| {
        let (indicator, line) = (indicator(stated), line(from, to));
        let (plan, scheme) = (period("2008-04-01/2011-03-31"), &Scheme::baseline_to_target());
        effective_polarity(Case { plan, scheme, indicator: &indicator, line: &line, result: None })
    };
    let (reach, below) = (target(Reach(number("33"))), target(Below(number("10"))));
    let from_condition = Some((LowerIsBetter, PolaritySource::InferredFromCondition));
    assert_eq!(polarity_of(None, unread.clone(), below), from_condition);
    assert_eq!(polarity_of(None, unread.clone(), reach.clone()), None);
    let from_step = Some((HigherIsBetter, PolaritySource::InferredFromStep));
    assert_eq!(polarity_of(None, baseline("26", None), reach), from_step);
    assert_eq!(polarity_of(None, unread.clone(), None), None);
    assert_eq!(polarity_of(Some(LowerIsBetter), unread, None), Some((LowerIsBetter, PolaritySource::Stated)));
}

/// Rates by scheme 1 with a plain number for a target.
fn plain(polarity: Polarity, from: &str, to: Condition, actual: Observation) -> Explanation {
    rated(
        &Scheme::baseline_to_target(),
        &indicator(Some(polarity)),
        &line(baseline(from, None), target(to)),
        Some(&actual),
    )
}

use Condition::*;
use Polarity::*;
const GREEN: Rating = Rating::Judged(Colour::Green);
const AMBER: Rating = Rating::Judged(Colour::Amber);
const RED: Rating = Rating::Judged(Colour::Red);

/// The table of DOMAIN.md, "Worked from the sources": March 2010, plan 2008 to 2011, scheme 1.
#[test]
fn the_worked_examples_come_out_as_stated() {
    let march = "2010-03-31";
    let conceptions = plain(LowerIsBetter, "-22.8", Reach(number("-50")), result("-12.9", march));
    assert_eq!((conceptions.rating(), conceptions.rule), (RED, Rule::WorseThanBaseline));

    let core = plain(HigherIsBetter, "90.1", Reach(number("90")), result("82.4", "2009-12"));
    assert_eq!((core.rating(), core.rule), (RED, Rule::WorseThanBaseline));
    assert_eq!(core.expected.map(|(figure, _)| figure), "90".parse().ok());

    let range = Between { low: number("10"), high: number("15") };
    let second_plan = plain(WithinRange, "7.8", range, result("13.4", march));
    assert_eq!(second_plan.rating(), GREEN);

    let lunches = plain(HigherIsBetter, "26", Reach(number("33")), result("29", march));
    assert_eq!((lunches.rating(), lunches.rule), (AMBER, Rule::NotWorseThanBaseline));
    assert_eq!(lunches.expected, Some(("30.67".parse().unwrap(), "2010-03-31".parse().unwrap())));

    let placement = plain(HigherIsBetter, "56.9", Reach(number("70.0")), result("73.1", "2009-12"));
    assert_eq!(placement.rating(), GREEN);

    let participation = plain(HigherIsBetter, "77", Reach(number("86")), result("77", march));
    assert_eq!((participation.rating(), participation.rule), (AMBER, Rule::NotWorseThanBaseline));

    let to_be_set = Some(Target::ToBeSet { reason: Note::new("now that there is a baseline").unwrap() });
    let scheme = Scheme::baseline_to_target();
    let runaways = line(baseline("12", None), to_be_set.clone());
    let same = Observation { is_baseline: true, ..result("12", march) };
    let explanation = rated(&scheme, &indicator(None), &runaways, Some(&same));
    assert_eq!(explanation.rating(), Rating::None(NoRating::NoTarget));

    let poverty = rated(&scheme, &indicator(None), &line(None, to_be_set), None);
    assert_eq!(poverty.rating(), Rating::None(NoRating::NoData));
}

#[test]
fn a_councillor_can_read_why() {
    let core = plain(HigherIsBetter, "90.1", Reach(number("90")), result("82.4", "2009-12"));
    assert_eq!(
        core.to_string(),
        "Red: 82.4% (December 2009) is worse than the baseline of 90.1% and misses the target of 90%, which the \
         baseline already met (higher is better)."
    );
    let lunches = plain(HigherIsBetter, "26", Reach(number("33")), result("29", "FY2009-10"));
    assert_eq!(
        lunches.to_string(),
        "Amber: 29% (2009/10) misses the 30.67% expected by 31 March 2010 but is not worse than the baseline \
         of 26% (higher is better)."
    );
}

/// Source 001: child protection plans of two years or more, baseline 6.1%, limit below 10%.
#[test]
fn a_limit_that_is_kept_is_green_although_worse_than_the_baseline() {
    let kept = plain(LowerIsBetter, "6.1", Below(number("10")), result("8", "2010-03"));
    assert_eq!(kept.rating(), GREEN);
    let touched = plain(LowerIsBetter, "6.1", Below(number("10")), result("10", "2010-03"));
    assert_eq!(touched.rating(), RED);
    let passed = plain(LowerIsBetter, "6.1", Below(number("10")), result("10.5", "2010-03"));
    assert_eq!((passed.rating(), passed.rule), (RED, Rule::WorseThanBaseline));
}

/// A range is approached from the baseline's side: from 7.8 the allowed distance of 2.2 shrinks by two thirds to
/// 0.73 (7.8 + 2.2 * 2/3 = 9.27), on either side of the range.
#[test]
fn a_range_is_approached_by_distance() {
    let range = || Between { low: number("10"), high: number("15") };
    for (actual, rating) in [
        ("10", GREEN),
        ("15", GREEN),
        ("9.27", GREEN),
        ("9.26", AMBER),
        ("15.73", GREEN),
        ("15.74", AMBER),
        ("7.8", AMBER),
        ("7.79", RED),
        ("17.21", RED),
    ] {
        assert_eq!(
            plain(WithinRange, "7.8", range(), result(actual, "2010-03")).rating(),
            rating,
            "{actual}"
        );
    }
    let no_range = plain(WithinRange, "7.8", Reach(number("10")), result("9", "2010-03"));
    assert_eq!(no_range.rule, Rule::NoRange);
}

#[test]
fn a_point_is_judged_by_distance() {
    for (actual, rating) in [
        ("50", GREEN),
        ("53.33", GREEN),
        ("46.67", GREEN),
        ("53.34", AMBER),
        ("40", AMBER),
        ("39.99", RED),
        ("60.01", RED),
    ] {
        // From 60 to 50 the allowed distance of 10 shrinks by two thirds: 3.33 at two decimals.
        assert_eq!(
            plain(NearestToPoint, "60", Reach(number("50")), result(actual, "2010-03-31")).rating(),
            rating,
            "{actual}"
        );
    }
}

/// Level 2 at 19, source 001: 73% in 2005/06, two points a year; 2007/08 is judged as of 2007/08, where 77 were
/// expected.
#[test]
fn a_late_figure_is_judged_as_of_its_own_period() {
    let step =
        Trajectory::YearlyStep { step: Step::Points("2".parse().unwrap()), until: Some(period("CY2011")) };
    let way = Line { trajectory: step, ..line(baseline("73", Some("FY2005-06")), target(EndOfTrajectory)) };
    let explanation =
        rated(&Scheme::baseline_to_target(), &indicator(None), &way, Some(&result("75.6", "FY2007-08")));
    assert_eq!(explanation.expected, Some(("77".parse().unwrap(), "2008-03-31".parse().unwrap())));
    assert_eq!(explanation.rating(), AMBER);
    assert_eq!(explanation.polarity, Some((HigherIsBetter, PolaritySource::InferredFromStep)));
}

/// Young mothers, source 001: 40% in March 2009, 50% in March 2010. At the end of February 2010, 334 of 365 days
/// have passed: 40 + 10 * 334 / 365 = 49.15.
#[test]
fn milestones_make_the_way() {
    let points = [("2009-03", "40"), ("2010-03", "50"), ("2011-03", "60")];
    let points = points.map(|(of, value)| Point { period: period(of), value: number(value) }).to_vec();
    let way = Line { trajectory: Trajectory::Milestones(points), ..line(baseline("31", None), None) };
    let explanation =
        rated(&Scheme::baseline_to_target(), &indicator(None), &way, Some(&result("39", "2010-02-28")));
    assert_eq!(explanation.expected.map(|(figure, _)| figure), "49.15".parse().ok());
    assert_eq!((explanation.rating(), explanation.rule), (AMBER, Rule::NotWorseThanBaseline));
    let by_target =
        rated(&Scheme::target_proximity(), &indicator(None), &way, Some(&result("45", "2010-02-28")));
    // The period's target is 50 in March 2010; ten per cent of it are 5.
    assert_eq!((by_target.rating(), by_target.rule), (AMBER, Rule::WithinAmberTolerance));
    let lower =
        rated(&Scheme::target_proximity(), &indicator(None), &way, Some(&result("44.99", "2010-02-28")));
    assert_eq!(lower.rating(), RED);
}

/// Scheme 2: 5% and 10% of the expected 30.67 are 1.53 and 3.07, so green from 29.14 and amber from 27.60.
#[test]
fn tolerance_is_a_distance_from_the_trajectory() {
    let lunches = line(baseline("26", None), target(Reach(number("33"))));
    for (actual, rating) in
        [("30.67", GREEN), ("29.14", GREEN), ("29.13", AMBER), ("27.61", AMBER), ("27.60", RED)]
    {
        let explanation = rated(
            &Scheme::tolerance(),
            &indicator(Some(HigherIsBetter)),
            &lunches,
            Some(&result(actual, "2010-03-31")),
        );
        assert_eq!(explanation.rating(), rating, "{actual}");
    }
    let absolute = Scheme {
        green_within: Tolerance::Absolute("1".parse().unwrap()),
        amber: Amber::Within(Tolerance::Absolute("2".parse().unwrap())),
        ..Scheme::tolerance()
    };
    for (actual, rating) in [("29.67", GREEN), ("29.66", AMBER), ("28.67", AMBER), ("28.66", RED)] {
        let explanation =
            rated(&absolute, &indicator(Some(HigherIsBetter)), &lunches, Some(&result(actual, "2010-03-31")));
        assert_eq!(explanation.rating(), rating, "{actual}");
    }
}

#[test]
fn what_cannot_be_judged_says_why() {
    let scheme = Scheme::baseline_to_target();
    let text = || Note::new("see report").unwrap();
    let reason = || Title::new("there is no number in it").unwrap();
    let march = result("29", "2010-03-31");
    let sound = line(baseline("26", None), target(Reach(number("33"))));
    let unread_result =
        Observation { figure: Figure::Unread { text: text(), reason: reason() }, ..march.clone() };
    let unread_target =
        Line { target: Some(Target::Unread { text: text(), reason: reason() }), ..sound.clone() };
    let unread_baseline =
        Line { baseline: Some(Baseline::Unread { text: text(), reason: reason() }), ..sound.clone() };
    let no_baseline = Line { baseline: None, ..sound.clone() };
    let no_step = line(baseline("33", None), target(Reach(number("33"))));
    let typed_wrong = line(baseline("82.1", None), target(Below(number("95"))));
    let new_method = Observation { definition_version: 2, ..march.clone() };
    let higher = indicator(Some(HigherIsBetter));
    for (indicator, line, result, rule) in [
        (&higher, &sound, &unread_result, Rule::ResultUnread),
        (&higher, &unread_target, &march, Rule::TargetUnread),
        (&higher, &unread_baseline, &march, Rule::BaselineUnread),
        (&higher, &no_baseline, &march, Rule::NoBaseline),
        (&indicator(None), &no_step, &march, Rule::PolarityUnknown),
        (&higher, &typed_wrong, &march, Rule::Contradiction),
        (&higher, &sound, &new_method, Rule::MethodChanged),
    ] {
        let explanation = rated(&scheme, indicator, line, Some(result));
        assert_eq!((explanation.rule, explanation.rating()), (rule, Rating::None(NoRating::NotRateable)));
    }
    let met = rated(&scheme, &higher, &no_baseline, Some(&result("33", "2010-03-31")));
    assert_eq!(met.rule, Rule::EndTargetMet);
}

#[test]
fn a_result_of_the_baselines_own_period_is_not_judged() {
    let line = line(baseline("16.7", Some("FY2008-09")), target(Reach(number("15"))));
    let scheme = Scheme::baseline_to_target();
    let explanation = rated(&scheme, &indicator(None), &line, Some(&result("16.7", "FY2008-09")));
    assert_eq!(explanation.rating(), Rating::None(NoRating::BaselineYear));
    let next = rated(&scheme, &indicator(None), &line, Some(&result("16.7", "FY2009-10")));
    assert_eq!(next.rating(), AMBER);
}

/// Children in care at level 4, source 001: 2 of 15 to 4 of 12; 4 of 11 is 36.36%, above the target's 33.33%.
#[test]
fn ratios_are_compared_as_shares() {
    let ratio = |n: u32, m: u32| Value::Ratio(Ratio::new(n.into(), m.into()).unwrap());
    let from = Baseline::Known { value: ratio(2, 15), period: None, definition_version: 1, note: None };
    let way = line(Some(from), target(Reach(ratio(4, 12))));
    let actual = Observation { figure: Figure::Value(ratio(4, 11)), ..result("0", "2010-03-31") };
    let explanation = rated(&Scheme::baseline_to_target(), &indicator(None), &way, Some(&actual));
    assert_eq!(explanation.actual.map(|dated| dated.figure), "36.36".parse().ok());
    assert_eq!(explanation.rating(), GREEN);
}
