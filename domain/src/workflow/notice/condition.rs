//! The conditions of a notice, judged from the results that there are.

use crate::code::Code;
use crate::framework::indicator::Indicator;
use crate::framework::measure::Measure;
use crate::framework::observation::Observation;
use crate::framework::target;
use crate::number::decimal::Decimal;
use crate::number::value::{Ratio, Unit, Value};
use crate::rating::Goal;
use crate::rating::status::Received;
use crate::text::{Name, Note};
use crate::time::period::{Period, PeriodKind, day_in_words};
use chrono::{Days, NaiveDate};
use rust_decimal::Decimal as Raw;
use std::{cmp::Reverse, fmt};

/// Something that must be reached for a notice to be met: 72% for June 2010.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Its code, unique in the notice.
    pub code: Code,
    /// The measure of the plan by whose results it is judged.
    pub measure: Code,
    /// The component; none for the whole.
    pub component: Option<Name>,
    /// What must hold, in the unit of the measure's indicator.
    pub required: Required,
    /// The period for which it must hold. It may end after the plan.
    pub period: Period,
    /// The code of the requirement that it belongs to, if any.
    pub requirement: Option<Name>,
    /// What else is said of it: `whilst maintaining high quality`.
    pub note: Option<Note>,
}

/// What a condition requires of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Required {
    /// This or more.
    AtLeast(Decimal),
    /// This or less.
    AtMost(Decimal),
    /// This and nothing else.
    Exactly(Decimal),
}

impl Required {
    /// The number.
    pub fn value(self) -> Decimal {
        match self {
            Required::AtLeast(value) | Required::AtMost(value) | Required::Exactly(value) => value,
        }
    }

    /// The figure that is compared, at the precision of the indicator; `None` where it passes the bounds of a
    /// number.
    pub fn goal(self, indicator: &Indicator) -> Option<Goal> {
        let bound = Value::Number(self.value()).figure(indicator.unit, indicator.precision)?;
        Some(match self {
            Required::AtLeast(_) => Goal::AtLeast(bound),
            Required::AtMost(_) => Goal::AtMost(bound),
            Required::Exactly(_) => Goal::Between { low: bound, high: bound },
        })
    }

    /// As people write it: `at least 72%`.
    pub fn show(self, unit: Unit) -> String {
        let condition = match self {
            Required::AtLeast(value) => target::Condition::AtLeast(Value::Number(value)),
            Required::AtMost(value) => target::Condition::AtMost(Value::Number(value)),
            Required::Exactly(value) => target::Condition::Exactly(Value::Number(value)),
        };
        condition.show(unit)
    }
}

/// What is judged of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The result of its period is as required.
    Met,
    /// It is not.
    NotMet,
    /// There is no such result.
    Pending,
}

crate::named!(Verdict { Met = "met", NotMet = "not_met", Pending = "pending" });

impl Verdict {
    /// In words: `Not met`.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::Met => "Met",
            Verdict::NotMet => "Not met",
            Verdict::Pending => "Pending",
        }
    }
}

/// What a condition is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The indicator of the measure.
    pub indicator: &'a Indicator,
    /// The measure.
    pub measure: &'a Measure,
    /// The results of the indicator, of any period and part; those that end after `as_at` are passed over.
    pub results: &'a [Received],
    /// The date of the judgement.
    pub as_at: NaiveDate,
}

/// A verdict with the figures that it was made of, all in the indicator's unit and at its precision.
///
/// `Display` writes it as a sentence or two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged<'a> {
    /// The verdict.
    pub verdict: Verdict,
    /// The result of the period and its figure, if there is one that can be compared.
    pub result: Option<(&'a Received, Decimal)>,
    /// Where a condition is not met or pending: the latest comparable result, and what it lacks.
    pub latest: Option<Latest<'a>>,
    /// Where it is pending: the day on which the result is due, by the indicator's usual lag.
    pub due_on: Option<NaiveDate>,
    /// Whether that day has passed.
    pub overdue: bool,
    unit: Unit,
    required: Required,
    period: Period,
}

/// The latest result that can be compared with what is required, and what it lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latest<'a> {
    /// The result.
    pub received: &'a Received,
    /// Its figure.
    pub figure: Decimal,
    /// How far it is from what is required; zero if it would meet the condition.
    pub gap: Decimal,
    /// Where it is so many out of so many: the fewest more (or fewer, below zero) of the numerator with which it
    /// would do at that denominator. `None` where no number of them would.
    pub numerator_needed: Option<Decimal>,
}

impl Judged<'_> {
    /// Whether its figures would reveal a small count.
    pub fn is_suppressed(&self) -> bool {
        let of_period = self.result.map(|(received, _)| received);
        let latest = self.latest.map(|latest| latest.received);
        of_period.into_iter().chain(latest).any(|received| received.is_suppressed)
    }
}

/// Judges a condition: by the result of exactly its days, of the measure's breakdown and the condition's component.
/// Results that only repeat the baseline, or without a figure, do not count.
pub fn judge<'a>(condition: &Condition, evidence: Evidence<'a>) -> Judged<'a> {
    let Condition { code: _, measure: _, component, required, period, requirement: _, note: _ } = condition;
    let Evidence { indicator, measure, results, as_at } = evidence;
    let figure = |received: &'a Received| {
        let figure = received.result.value()?.figure(indicator.unit, indicator.precision)?;
        Some((received, figure))
    };
    let counts = |received: &&Received| {
        let result = &received.result;
        result.breakdown == measure.breakdown
            && result.component == *component
            && !result.is_baseline
            && result.period.last_day() <= as_at
    };
    let counted: Vec<(&Received, Decimal)> = results.iter().filter(counts).filter_map(figure).collect();
    let result = of_period(&counted, *period);
    let goal = required.goal(indicator);
    let verdict = match (result, goal) {
        (Some((_, figure)), Some(goal)) if goal.is_met_by(figure) => Verdict::Met,
        (Some(_), Some(_)) => Verdict::NotMet,
        (None, _) | (_, None) => Verdict::Pending,
    };
    let latest = match verdict {
        Verdict::Met => None,
        Verdict::NotMet | Verdict::Pending => goal.and_then(|goal| {
            let (received, figure) = latest(&counted, *period, indicator)?;
            Latest::of(received, figure, goal, indicator)
        }),
    };
    let due_on = match verdict {
        Verdict::Pending => due_on(*period, indicator),
        Verdict::Met | Verdict::NotMet => None,
    };
    Judged {
        verdict,
        result,
        latest,
        due_on,
        overdue: due_on.is_some_and(|due| due < as_at),
        unit: indicator.unit,
        required: *required,
        period: *period,
    }
}

/// A result is due so many days after the last day of its period.
fn due_on(period: Period, indicator: &Indicator) -> Option<NaiveDate> {
    period.last_day().checked_add_days(Days::new(u64::from(indicator.lag_days)))
}

/// The result of exactly these days. Of two that write them differently, as `FY2010-11-H2` and
/// `2010-10-01/2011-03-31` do, the one that writes them as the condition does.
fn of_period<'a>(counted: &[(&'a Received, Decimal)], period: Period) -> Option<(&'a Received, Decimal)> {
    let days = |period: Period| (period.first_day(), period.last_day());
    let of_it = counted.iter().filter(|(received, _)| days(received.result.period) == days(period));
    of_it.min_by_key(|(received, _)| (received.result.period != period, received.result.period)).copied()
}

/// The latest result that can be compared with one of the period: of the same kind of period, and by the method that
/// is in force at its end.
fn latest<'a>(
    counted: &[(&'a Received, Decimal)],
    period: Period,
    indicator: &Indicator,
) -> Option<(&'a Received, Decimal)> {
    let version = indicator.version_on(period.last_day());
    let comparable =
        |result: &Observation| result.definition_version == version && alike(result.period, period);
    let comparable = counted.iter().filter(|(received, _)| comparable(&received.result));
    let in_time = |received: &Received| {
        let period = received.result.period;
        (period.last_day(), Reverse(period.first_day()), period)
    };
    comparable.max_by_key(|(received, _)| in_time(received)).copied()
}

/// Periods of one kind are alike. A span is like whatever is as long, give or take the days by which months differ:
/// October to March is like a half-year.
fn alike(a: Period, b: Period) -> bool {
    const MONTHS_DIFFER: i64 = 3;
    let is_span = a.kind() == PeriodKind::Span || b.kind() == PeriodKind::Span;
    match is_span {
        true => (a.days() - b.days()).abs() <= MONTHS_DIFFER,
        false => a.kind() == b.kind(),
    }
}

impl<'a> Latest<'a> {
    fn of(received: &'a Received, figure: Decimal, goal: Goal, indicator: &Indicator) -> Option<Self> {
        let gap = goal.shortfall(figure).at(indicator.precision)?;
        let numerator_needed = match received.result.value()? {
            Value::Ratio(ratio) => numerator_needed(ratio, figure, goal, indicator),
            Value::Number(_) => None,
        };
        Some(Self { received, figure, gap, numerator_needed })
    }

    /// Whether it would do.
    pub fn would_meet(&self) -> bool {
        self.gap == Decimal::ZERO
    }
}

/// The fewest more (or fewer) of the numerator with which a ratio meets the goal at its denominator. A figure is
/// compared at the indicator's precision, so half of its last place is given away.
fn numerator_needed(ratio: Ratio, figure: Decimal, goal: Goal, indicator: &Indicator) -> Option<Decimal> {
    if goal.is_met_by(figure) {
        return Some(Decimal::ZERO);
    }
    let bound = goal.number_near(Some(figure)).raw();
    let half = Raw::new(5, indicator.precision.checked_add(1)?);
    let (numerator, denominator) = (ratio.numerator().raw(), ratio.denominator().raw());
    let at = |figure: Raw| figure.checked_mul(denominator)?.checked_div(indicator.unit.scale().into());
    let change = match figure.raw() < bound {
        true => at(bound - half)?.checked_sub(numerator)?.ceil(),
        // A figure that lies in the middle of two is rounded up, so that one fewer is needed there.
        false => at(bound + half)?.checked_sub(numerator)?.ceil() - Raw::ONE,
    };
    let with_it = Decimal::new(numerator.checked_add(change)?).ok()?;
    let would_be = Value::Ratio(Ratio::new(with_it, ratio.denominator()).ok()?);
    let would_meet = goal.is_met_by(would_be.figure(indicator.unit, indicator.precision)?);
    if would_meet { Decimal::new(change).ok() } else { None }
}

impl fmt::Display for Judged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { verdict, result, latest, due_on, overdue, unit, required, period } = self;
        let required = required.show(*unit);
        let shown = |figure: Decimal, period: Period| format!("{} for {}", unit.show(figure), period.words());
        let actual = result.map(|(_, figure)| shown(figure, *period)).unwrap_or_default();
        match verdict {
            Verdict::Met => write!(f, "Met: {actual}, where {required} is required.")?,
            Verdict::NotMet => write!(f, "Not met: {actual}, where {required} is required.")?,
            Verdict::Pending => write!(f, "Pending: {required} is required for {}.", period.words())?,
        }
        match latest {
            None if *verdict == Verdict::Pending => f.write_str(" There is no comparable result yet.")?,
            None => {}
            Some(latest) => write!(
                f,
                " The latest comparable result, {}, {}.",
                shown(latest.figure, latest.received.result.period),
                self.lacks(latest)
            )?,
        }
        match (due_on, overdue) {
            (Some(due), true) => {
                write!(f, " The result was due on {} and has not come.", day_in_words(*due))
            }
            (Some(due), false) => write!(f, " The result is due on {}.", day_in_words(*due)),
            (None, _) => Ok(()),
        }
    }
}

impl Judged<'_> {
    /// What the latest result lacks, in words.
    fn lacks(&self, latest: &Latest<'_>) -> String {
        if latest.would_meet() {
            return "would meet it".to_owned();
        }
        let gap = distance(self.unit, latest.gap);
        let is_short = latest.figure < self.required.value();
        let gap = if is_short { format!("is {gap} short of it") } else { format!("is {gap} over it") };
        let of = match latest.received.result.value() {
            Some(Value::Ratio(ratio)) => ratio.denominator(),
            Some(Value::Number(_)) | None => return gap,
        };
        match latest.numerator_needed {
            Some(change) if is_short => format!("{gap}: {change} more of {of} would be needed"),
            Some(change) => format!("{gap}: {} fewer of {of} would be needed", change.abs()),
            None => gap,
        }
    }
}

/// A difference of two figures as people write it.
fn distance(unit: Unit, gap: Decimal) -> String {
    let plural = if gap == Decimal::from(1) { "" } else { "s" };
    match unit {
        Unit::Percent => format!("{gap} percentage point{plural}"),
        Unit::Points => format!("{gap} point{plural}"),
        Unit::Count | Unit::Number | Unit::Rate { .. } => unit.show(gap),
    }
}
