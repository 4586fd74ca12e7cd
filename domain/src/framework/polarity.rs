//! Polarity: which way is better, who stated it, and what may be inferred if no one did.

use crate::framework::target::Condition;
use crate::number::decimal::Decimal;

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Polarity {
    /// More is better: places taken up, reviews in time.
    HigherIsBetter,
    /// Less is better: absence, injuries.
    LowerIsBetter,
    /// Good inside a range, worse the further outside.
    WithinRange,
    /// Good at a point, worse the further from it.
    NearestToPoint,
}

crate::named!(Polarity {
    HigherIsBetter = "higher_is_better",
    LowerIsBetter = "lower_is_better",
    WithinRange = "within_range",
    NearestToPoint = "nearest_to_point",
});

impl Polarity {
    /// In plain words.
    pub fn words(self) -> &'static str {
        match self {
            Polarity::HigherIsBetter => "higher is better",
            Polarity::LowerIsBetter => "lower is better",
            Polarity::WithinRange => "within a range is better",
            Polarity::NearestToPoint => "nearest to a point is better",
        }
    }
}

/// How the polarity of a measure came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolaritySource {
    /// The indicator's definition says it.
    Stated,
    /// The form of the target says it: `<10%` is lower.
    InferredFromCondition,
    /// The step from the baseline to the target says it. It can mislead: an officer should confirm it.
    InferredFromStep,
}

crate::named!(PolaritySource {
    Stated = "stated",
    InferredFromCondition = "inferred_from_condition",
    InferredFromStep = "inferred_from_step",
});

impl PolaritySource {
    /// Why, in a sentence for the officer who may confirm it.
    pub fn reason(self) -> &'static str {
        match self {
            PolaritySource::Stated => "The indicator's definition states it.",
            PolaritySource::InferredFromCondition => {
                "Inferred from the form of the target; please confirm it."
            }
            PolaritySource::InferredFromStep => {
                "Inferred from the step between baseline and target, which can mislead; please confirm it."
            }
        }
    }
}

/// A step from baseline to target smaller than this share of the baseline, in per cent, shows nothing: from 90.1
/// to a target of 90 the officers let a good figure slip a little, they did not aim to lower it.
const TELLING_STEP_PERCENT: i128 = 1;

/// The polarity of one measure: the stated one, else what the target's condition or the step towards it implies.
/// `None` where nothing implies it; the measure then waits, unrated, for an officer's answer.
///
/// `baseline` and `aim` are figures in one unit; `aim` is the target's own number.
pub fn tell(
    stated: Option<Polarity>,
    condition: Option<&Condition>,
    baseline: Option<Decimal>,
    aim: Option<Decimal>,
) -> Option<(Polarity, PolaritySource)> {
    if let Some(polarity) = stated {
        return Some((polarity, PolaritySource::Stated));
    }
    if let Some(polarity) = condition?.implied_polarity() {
        return Some((polarity, PolaritySource::InferredFromCondition));
    }
    let (baseline, aim) = (baseline?, aim?);
    let step = aim - baseline;
    let is_telling = step.billionths().abs() * 100 >= baseline.billionths().abs() * TELLING_STEP_PERCENT;
    if step == Decimal::ZERO || !is_telling {
        return None;
    }
    let polarity = if step > Decimal::ZERO { Polarity::HigherIsBetter } else { Polarity::LowerIsBetter };
    Some((polarity, PolaritySource::InferredFromStep))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::value::Value;

    fn polarity_of(
        stated: Option<Polarity>,
        condition: Condition,
        baseline: &str,
        aim: &str,
    ) -> Option<(Polarity, PolaritySource)> {
        tell(stated, Some(&condition), baseline.parse().ok(), aim.parse().ok())
    }

    fn number(text: &str) -> Value {
        Value::Number(text.parse().unwrap())
    }

    #[test]
    fn a_statement_beats_the_condition_and_the_condition_beats_the_step() {
        use {Polarity::*, PolaritySource::*};
        let higher = Some((HigherIsBetter, Stated));
        assert_eq!(polarity_of(Some(HigherIsBetter), Condition::Below(number("95")), "82.1", "95"), higher);
        assert_eq!(
            polarity_of(None, Condition::Below(number("10")), "6.1", "10"),
            Some((LowerIsBetter, InferredFromCondition))
        );
        let range = Condition::Between { low: number("10"), high: number("15") };
        assert_eq!(polarity_of(None, range, "7.8", "10"), Some((WithinRange, InferredFromCondition)));
        assert_eq!(
            polarity_of(None, Condition::Reach(number("15")), "16.7", "15"),
            Some((LowerIsBetter, InferredFromStep))
        );
        assert_eq!(
            polarity_of(None, Condition::Reach(number("-50")), "-22.8", "-50"),
            Some((LowerIsBetter, InferredFromStep))
        );
    }

    /// Source 001: core assessments, 90.1% to a target of 90%, where higher is better all the same.
    #[test]
    fn a_step_too_small_implies_nothing() {
        assert_eq!(polarity_of(None, Condition::Reach(number("90")), "90.1", "90"), None);
        assert_eq!(polarity_of(None, Condition::Reach(number("5")), "5", "5"), None);
        assert_eq!(polarity_of(None, Condition::Reach(number("5")), "", "5"), None);
    }
}
