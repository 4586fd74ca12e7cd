//! When results are due, and how fresh a measure's results are.

use crate::framework::indicator::Indicator;
use crate::time::period::Period;
use chrono::{Days, NaiveDate};

/// Whether a measure's latest result is the latest that could be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// It is.
    Current,
    /// A later one was due.
    Overdue {
        /// The latest period whose result was due.
        period: Period,
        /// The day it was due.
        due: NaiveDate,
        /// How many days ago that was.
        days_late: i64,
    },
    /// There is none, and none was due.
    NotDue {
        /// The day on which the first one is due.
        due: NaiveDate,
    },
    /// It is not stated how often a result is due.
    Unknown,
}

/// One period whose result a plan waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Awaited {
    /// The period.
    pub period: Period,
    /// The day on which its result is due.
    pub due: NaiveDate,
    /// How that stands.
    pub state: AwaitedState,
}

/// How it stands with the result of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AwaitedState {
    /// It is there.
    Received {
        /// The day on which it came; of several parts, the day on which the last one came.
        on: NaiveDate,
        /// How many days after it was due; zero where it came in time.
        days_late: i64,
    },
    /// The period has ended, the result is not there, and the day on which it is due has not passed.
    Due,
    /// The result is not there, and the day on which it was due has passed.
    Overdue {
        /// How many days ago that was.
        days_late: i64,
    },
    /// The period has not ended.
    NotDue,
}

/// A result that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// The last day that it is about.
    pub of: NaiveDate,
    /// The day on which it came.
    pub on: NaiveDate,
}

/// Every period that a plan waits for, in order, and how it stands on a day. `parts` are the results of each part of
/// the measure that are about days up to `as_at`: a period is received when each of its parts is.
///
/// A result is about a period when it ends on the period's last day, or after that and before the next period
/// ends: a figure of January is the latest word on a quarter that ended in December. [`freshness`] reads it so too,
/// and so the two never contradict each other: what is overdue there is the last that is overdue here. A period that
/// is overdue here while the measure is fresh is a gap: every part has a result of it or a later one, but a part whose
/// result of it is missing has only a later one.
///
/// Nothing is due of an indicator without a frequency.
pub fn awaited(
    indicator: &Indicator,
    plan: Period,
    parts: &[Vec<Arrival>],
    as_at: NaiveDate,
) -> Vec<Awaited> {
    let stands = |(period, due): (Period, NaiveDate)| {
        let came: Option<Vec<NaiveDate>> = parts.iter().map(|part| came_on(part, period)).collect();
        let state = match came.and_then(|came| came.into_iter().max()) {
            Some(on) => AwaitedState::Received { on, days_late: (on - due).num_days().max(0) },
            None if as_at > due => AwaitedState::Overdue { days_late: (as_at - due).num_days() },
            None if as_at >= period.last_day() => AwaitedState::Due,
            None => AwaitedState::NotDue,
        };
        Awaited { period, due, state }
    };
    waited_for(indicator, plan).map(stands).collect()
}

/// The day on which a part's result of a period came, if it did.
fn came_on(part: &[Arrival], period: Period) -> Option<NaiveDate> {
    let next = period.next().map(Period::last_day).ok();
    let is_about = |of: NaiveDate| of >= period.last_day() && next.is_none_or(|next| of < next);
    part.iter().filter(|arrival| is_about(arrival.of)).map(|arrival| arrival.on).min()
}

/// The last day that a result of every part is about; none where a part has none.
pub fn latest(parts: &[Vec<Arrival>]) -> Option<NaiveDate> {
    let of_each: Option<Vec<NaiveDate>> =
        parts.iter().map(|part| part.iter().map(|arrival| arrival.of).max()).collect();
    of_each?.into_iter().min()
}

/// How fresh a measure's results are on a day. A result is due `lag_days` after the last day of its period, and a
/// plan waits for the periods that end on or after its first day. `latest` is the last day that the latest
/// result is about.
pub fn freshness(
    indicator: &Indicator,
    plan: Period,
    latest: Option<NaiveDate>,
    as_at: NaiveDate,
) -> Freshness {
    let Some((_, due_first)) = waited_for(indicator, plan).next() else {
        return Freshness::Unknown;
    };
    match (last_due_before(as_at, indicator, plan), latest) {
        (Some((period, due)), latest) if latest.is_none_or(|latest| latest < period.last_day()) => {
            Freshness::Overdue { period, due, days_late: (as_at - due).num_days() }
        }
        (None, None) => Freshness::NotDue { due: due_first },
        (Some(_), _) | (None, Some(_)) => Freshness::Current,
    }
}

/// The last of the periods that a plan waits for whose result was due before a day, and when it was due: what comes of
/// going through all of them, without going through ten years of months for each measure.
fn last_due_before(day: NaiveDate, indicator: &Indicator, plan: Period) -> Option<(Period, NaiveDate)> {
    let (frequency, lag) = (indicator.frequency?, Days::new(u64::from(indicator.lag_days)));
    let ended_before = day.checked_sub_days(lag)?;
    let first = frequency.period_of(plan.first_day()).ok()?;
    let last = frequency.period_of(plan.last_day()).ok()?;
    let period = match ended_before {
        day if day <= first.last_day() => return None,
        day if day > last.last_day() => last,
        day => frequency.period_of(frequency.period_of(day).ok()?.first_day().pred_opt()?).ok()?,
    };
    Some((period, period.last_day().checked_add_days(lag)?))
}

/// The periods that a plan waits for, each with the day on which its result is due.
fn waited_for(indicator: &Indicator, plan: Period) -> impl Iterator<Item = (Period, NaiveDate)> {
    let first = indicator.frequency.and_then(|frequency| frequency.period_of(plan.first_day()).ok());
    let lag = Days::new(u64::from(indicator.lag_days));
    std::iter::successors(first, |period| period.next().ok())
        .take_while(move |period| period.first_day() <= plan.last_day())
        .map_while(move |period| Some((period, period.last_day().checked_add_days(lag)?)))
}

#[cfg(test)]
mod tests;
