//! What holds of every rating: it is the same when all signs are turned, and a better result is never rated worse.

use super::*;
use proptest::prelude::*;

fn any_condition() -> impl Strategy<Value = Condition> {
    let value = || (-200_i32..200).prop_map(|n| number(&n.to_string()));
    prop_oneof![
        value().prop_map(Reach),
        value().prop_map(AtLeast),
        value().prop_map(AtMost),
        value().prop_map(Above),
        value().prop_map(Below),
        value().prop_map(Exactly),
        (-200_i32..200, 0_i32..50).prop_map(|(low, width)| Between {
            low: number(&low.to_string()),
            high: number(&(low + width).to_string())
        }),
    ]
}

fn turned(value: Value) -> Value {
    match value {
        Value::Number(n) => Value::Number(-n),
        Value::Ratio(_) => value,
    }
}

fn turned_polarity(polarity: Polarity) -> Polarity {
    match polarity {
        HigherIsBetter => LowerIsBetter,
        LowerIsBetter => HigherIsBetter,
        WithinRange => WithinRange,
        NearestToPoint => NearestToPoint,
    }
}

fn turned_condition(condition: Condition) -> Condition {
    match condition {
        Reach(v) => Reach(turned(v)),
        AtLeast(v) => AtMost(turned(v)),
        AtMost(v) => AtLeast(turned(v)),
        Above(v) => Below(turned(v)),
        Below(v) => Above(turned(v)),
        Between { low, high } => Between { low: turned(high), high: turned(low) },
        Exactly(v) => Exactly(turned(v)),
        AllOf(total) => AllOf(total),
        EndOfTrajectory => EndOfTrajectory,
    }
}

fn any_polarity() -> impl Strategy<Value = Option<Polarity>> {
    prop_oneof![
        Just(None),
        Just(Some(HigherIsBetter)),
        Just(Some(LowerIsBetter)),
        Just(Some(WithinRange)),
        Just(Some(NearestToPoint))
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Turning the sign of every value and the polarity turns no rating.
    #[test]
    fn ratings_are_symmetrical(
        polarity in any_polarity(), condition in any_condition(), from in proptest::option::of(-200_i32..200),
        actual in -200_i32..200, days in 0_i64..1_400, scheme in 0_usize..3,
        milestones in proptest::option::of(proptest::collection::vec(-200_i32..200, 3)),
    ) {
        let scheme = &Scheme::all_shipped()[scheme];
        let on = (chrono::NaiveDate::from_ymd_opt(2008, 1, 1).unwrap() + chrono::Duration::days(days)).to_string();
        let trajectory = |sign: i32| match &milestones {
            None => Trajectory::Linear,
            Some(values) => Trajectory::Milestones(values.iter().zip(["2009-03", "2010-03", "2011-03"])
                .map(|(value, of)| Point { period: period(of), value: number(&(sign * value).to_string()) }).collect()),
        };
        let way = |sign: i32, condition| Line {
            trajectory: trajectory(sign),
            ..line(from.and_then(|from| baseline(&(sign * from).to_string(), None)), target(condition))
        };
        let explanation = rated(scheme, &indicator(polarity), &way(1, condition), Some(&result(&actual.to_string(), &on)));
        let mirrored = rated(
            scheme, &indicator(polarity.map(turned_polarity)), &way(-1, turned_condition(condition)),
            Some(&result(&(-actual).to_string(), &on)),
        );
        prop_assert_eq!(explanation.rule, mirrored.rule);
        // Of a range that is expected as a whole, the number reported is its lower bound, which turns into the upper.
        if !matches!(condition, Between { .. }) {
            prop_assert_eq!(explanation.expected.map(|(figure, _)| -figure), mirrored.expected.map(|(figure, _)| figure));
        }
    }

    /// A better result is never rated worse.
    #[test]
    fn better_is_never_worse(from in -100_i32..100, to in -100_i32..100, a in -150_i32..150, b in -150_i32..150, scheme in 0_usize..3) {
        let scheme = &Scheme::all_shipped()[scheme];
        let way = line(baseline(&from.to_string(), None), target(Reach(number(&to.to_string()))));
        let of = |actual: i32| rated(scheme, &indicator(Some(HigherIsBetter)), &way, Some(&result(&actual.to_string(), "2010-03-31"))).rating();
        prop_assert!(of(a.max(b)) <= of(a.min(b)));
    }
}
