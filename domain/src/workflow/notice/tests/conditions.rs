//! Conditions, judged by hand.

use super::*;
use crate::framework::measure::{Composite, Line, Measure};
use crate::framework::observation::{Figure, Observation, Standing};
use crate::number::value::{Ratio, Value};
use crate::rating::status::Received;
use proptest::prelude::*;

fn measure() -> Measure {
    Measure {
        theme: code("safe"),
        priority: None,
        breakdown: None,
        lead: None,
        contact: None,
        lines: vec![Line::default()],
        composite: Composite::Worst,
        note: None,
        departures: Vec::new(),
    }
}

fn of(value: Value, period: &str) -> Received {
    Received {
        result: Observation {
            period: period.parse().unwrap(),
            breakdown: None,
            component: None,
            figure: Figure::Value(value),
            definition_version: 1,
            standing: Standing::Final,
            quality: None,
            is_baseline: false,
            note: None,
        },
        on: day("2011-05-01"),
        is_suppressed: false,
    }
}

fn share(value: &str, period: &str) -> Received {
    of(Value::Number(d(value)), period)
}

fn ratio(numerator: u32, denominator: u32) -> Value {
    Value::Ratio(Ratio::new(numerator.into(), denominator.into()).unwrap())
}

fn judged(condition: &Condition, results: &[Received], as_at: &str) -> (Verdict, String) {
    let (indicator, measure) = (&indicator(), &measure());
    let judged = judge(condition, Evidence { indicator, measure, results, as_at: day(as_at) });
    (judged.verdict, judged.to_string())
}

fn verdict(condition: &Condition, results: &[Received]) -> Verdict {
    judged(condition, results, "2011-06-30").0
}

/// 73% for March 2010 against the 72% that is required for June: nothing is lacking, and June is still to come.
#[test]
fn a_condition_waits_for_the_result_of_its_own_period() {
    let june = condition(Required::AtLeast(d("72")), "2010-06");
    let (verdict, explanation) = judged(&june, &[share("73", "2010-03")], "2010-04-30");
    assert_eq!(verdict, Verdict::Pending);
    assert_eq!(
        explanation,
        "Pending: at least 72% is required for June 2010. The latest comparable result, 73% for March 2010, would \
         meet it. The result is due on 14 August 2010."
    );
}

/// October's 80% from March's 73%: 7 points. With 219 of 300 (73%), 240 of 300 are needed: 21 more.
#[test]
fn what_is_lacking_is_stated_in_the_unit_and_in_heads() {
    let october = condition(Required::AtLeast(d("80")), "2010-10");
    let (indicator, measure) = (&indicator(), &measure());
    let results = [share("60", "2010-02"), of(ratio(219, 300), "2010-03")];
    let evidence = Evidence { indicator, measure, results: &results, as_at: day("2010-12-15") };
    let judged = judge(&october, evidence);
    let latest = judged.latest.unwrap();
    assert_eq!((latest.figure, latest.gap, latest.numerator_needed), (d("73"), d("7"), Some(d("21"))));
    assert_eq!((judged.due_on, judged.overdue), (Some(day("2010-12-15")), false));
    assert_eq!(
        judged.to_string(),
        "Pending: at least 80% is required for October 2010. The latest comparable result, 73% for March 2010, is \
         7 percentage points short of it: 21 more of 300 would be needed. The result is due on 15 December 2010."
    );
    let late = judge(&october, Evidence { as_at: day("2010-12-16"), ..evidence });
    assert!(late.overdue);
    assert!(late.to_string().ends_with(" The result was due on 15 December 2010 and has not come."));
}

#[test]
fn the_result_of_the_period_decides_to_the_last_digit() {
    let october = condition(Required::AtLeast(d("80")), "2010-10");
    assert_eq!(verdict(&october, &[share("79.9", "2010-10")]), Verdict::NotMet);
    assert_eq!(verdict(&october, &[share("80.0", "2010-10")]), Verdict::Met);
    // 79.94 is compared as 79.9, and 79.95 as 80.0.
    assert_eq!(verdict(&october, &[share("79.94", "2010-10")]), Verdict::NotMet);
    assert_eq!(verdict(&october, &[share("79.95", "2010-10")]), Verdict::Met);
    let most = condition(Required::AtMost(d("6.8")), "FY2010-11");
    assert_eq!(verdict(&most, &[share("6.8", "FY2010-11")]), Verdict::Met);
    assert_eq!(verdict(&most, &[share("6.9", "FY2010-11")]), Verdict::NotMet);
    let exactly = condition(Required::Exactly(d("5")), "FY2010-11");
    assert_eq!(verdict(&exactly, &[share("5.0", "FY2010-11")]), Verdict::Met);
    assert_eq!(verdict(&exactly, &[share("5.1", "FY2010-11")]), Verdict::NotMet);
    assert_eq!(
        judged(&october, &[share("79.9", "2010-10")], "2011-06-30").1,
        "Not met: 79.9% for October 2010, where at least 80% is required. The latest comparable result, 79.9% for \
         October 2010, is 0.1 percentage points short of it."
    );
}

/// One month is not six: the cumulative condition waits for the figure of all of them, however it writes them.
#[test]
fn a_cumulative_condition_is_judged_by_the_whole_period_alone() {
    let winter = condition(Required::AtLeast(d("80")), "2010-10-01/2011-03-31");
    let month = share("90", "2011-03");
    let (found, explanation) = judged(&winter, std::slice::from_ref(&month), "2011-04-30");
    assert_eq!(found, Verdict::Pending);
    assert!(explanation.contains("There is no comparable result yet."), "{explanation}");
    assert_eq!(verdict(&winter, &[month.clone(), share("79.5", "2010-10-01/2011-03-31")]), Verdict::NotMet);
    assert_eq!(verdict(&winter, &[month, share("81", "FY2010-11-H2")]), Verdict::Met);
    // The half-year before it is as long, and shows what is lacking.
    let (_, explanation) = judged(&winter, &[share("78", "FY2010-11-H1")], "2011-04-30");
    assert!(
        explanation.contains("78% for first half of 2010/11, is 2 percentage points short of it."),
        "{explanation}"
    );
}

#[test]
fn what_says_nothing_does_not_count() {
    let june = condition(Required::AtLeast(d("72")), "2010-06");
    let unread = |period: &str| {
        let mut received = share("0", period);
        let (text, reason) = (note("see text"), Title::new("No number").unwrap());
        received.result.figure = Figure::Unread { text, reason };
        received
    };
    let mut baseline = share("90", "2010-06");
    baseline.result.is_baseline = true;
    let mut part = share("90", "2010-06");
    part.result.component = Some(name("Dose 1"));
    let mut category = share("90", "2010-06");
    category.result.breakdown = "gender=girls".parse().ok();
    let none = [unread("2010-06"), baseline, part, category];
    let (verdict, explanation) = judged(&june, &none, "2010-09-30");
    assert_eq!(verdict, Verdict::Pending);
    assert!(explanation.contains("no comparable result"), "{explanation}");
    // A result of a period that has not ended on the day of the judgement is not known on it.
    assert_eq!(judged(&june, &[share("90", "2010-06")], "2010-06-29").0, Verdict::Pending);
    // A figure by an older method is not compared.
    let mut older = share("90", "2010-03");
    older.result.definition_version = 2;
    assert!(judged(&june, &[older], "2010-04-30").1.contains("no comparable result"));
}

/// 20 of 200 are 10%, and at most 6.8% is required: 13 of 200 are 6.5%, 14 are 7%. So 7 fewer.
#[test]
fn a_limit_is_kept_by_fewer() {
    let limit = condition(Required::AtMost(d("6.8")), "FY2010-11");
    let (_, explanation) = judged(&limit, &[of(ratio(20, 200), "FY2009-10")], "2010-12-31");
    assert!(
        explanation.contains("is 3.2 percentage points over it: 7 fewer of 200 would be needed."),
        "{explanation}"
    );
}

/// No number of 7 is exactly 80%.
#[test]
fn where_no_number_would_do_none_is_stated() {
    let exactly = condition(Required::Exactly(d("80")), "2010-10");
    let (_, explanation) = judged(&exactly, &[of(ratio(5, 7), "2010-09")], "2010-10-01");
    assert!(explanation.contains("is 8.6 percentage points short of it. "), "{explanation}");
}

#[test]
fn a_suppressed_result_suppresses_what_is_reported_of_it() {
    let june = condition(Required::AtLeast(d("72")), "2010-06");
    let mut small = share("73", "2010-03");
    small.is_suppressed = true;
    let (indicator, measure) = (&indicator(), &measure());
    let suppressed = |results: &[Received]| {
        let evidence = Evidence { indicator, measure, results, as_at: day("2010-09-30") };
        judge(&june, evidence).is_suppressed()
    };
    assert!(suppressed(&[small.clone()]));
    assert!(!suppressed(&[small, share("75", "2010-06")]), "nothing is reported of March any more");
}

fn any_required() -> impl Strategy<Value = Required> {
    (0_u32..1100, 0_usize..3).prop_map(|(tenths, kind)| {
        let value = Decimal::rounded(rust_decimal::Decimal::new(tenths.into(), 1), 1).unwrap();
        [Required::AtLeast(value), Required::AtMost(value), Required::Exactly(value)][kind]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// A better result never turns met into not met: more where it must be at least so much, less where at most.
    #[test]
    fn a_better_result_is_never_judged_worse(required in any_required(), before in 0_u32..20_000, more in 0_u32..20_000) {
        let of = |hundredths: u32| {
            let value = Decimal::rounded(rust_decimal::Decimal::new(hundredths.into(), 2), 2).unwrap();
            super::conditions::of(Value::Number(value), "2010-06")
        };
        let june = condition(required, "2010-06");
        let (low, high) = (verdict(&june, &[of(before)]), verdict(&june, &[of(before + more)]));
        match required {
            Required::AtLeast(_) => prop_assert!(low != Verdict::Met || high == Verdict::Met),
            Required::AtMost(_) => prop_assert!(high != Verdict::Met || low == Verdict::Met),
            Required::Exactly(_) => {}
        }
    }

    /// With as many more (or fewer) as are said to be needed it is met, and with one less of them it is not.
    #[test]
    fn what_is_needed_is_enough_and_no_more(
        required in any_required(), denominator in 1_u32..5_000, part in 0_u32..=5_000,
    ) {
        let numerator = part.min(denominator);
        let october = condition(required, "2010-10");
        let (indicator, measure) = (&indicator(), &measure());
        let results = [of(ratio(numerator, denominator), "2010-09")];
        let evidence = Evidence { indicator, measure, results: &results, as_at: day("2010-10-31") };
        let latest = judge(&october, evidence).latest.unwrap();
        let Some(needed) = latest.numerator_needed else {
            prop_assert!(matches!(required, Required::Exactly(_)));
            return Ok(());
        };
        let needed: i64 = needed.to_string().parse().unwrap();
        let with = |change: i64| {
            let numerator = u32::try_from(i64::from(numerator) + change).unwrap();
            verdict(&october, &[of(ratio(numerator, denominator), "2010-10")])
        };
        prop_assert_eq!(with(needed), Verdict::Met);
        prop_assert_eq!(needed == 0, latest.would_meet());
        if needed != 0 {
            prop_assert_eq!(with(needed - needed.signum()), Verdict::NotMet);
        }
    }
}
