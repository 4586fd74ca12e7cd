//! Turns and medians.

/// What the yardstick and the service reached in each round, in one unit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Series {
    /// The yardstick, round by round.
    pub(crate) yardstick: Vec<f64>,
    /// The service, round by round.
    pub(crate) service: Vec<f64>,
}

impl Series {
    /// Adds a round.
    pub(crate) fn add(&mut self, yardstick: f64, service: f64) {
        self.yardstick.push(yardstick);
        self.service.push(service);
    }

    /// The service to the yardstick, round by round: what is slow in a minute is slow for both.
    pub(crate) fn ratios(&self) -> Vec<f64> {
        self.service.iter().zip(&self.yardstick).map(|(service, yardstick)| service / yardstick).collect()
    }
}

/// Lets yardstick and service take turns. Each gives `N` figures a round; the round's number is from 0.
pub(crate) fn alternate<const N: usize>(
    rounds: usize,
    mut yardstick: impl FnMut(usize) -> Result<[f64; N], String>,
    mut service: impl FnMut(usize) -> Result<[f64; N], String>,
) -> Result<[Series; N], String> {
    let mut series = std::array::from_fn(|_| Series::default());
    for round in 0..rounds {
        let (theirs, ours) = (yardstick(round)?, service(round)?);
        eprintln!("  round {}: yardstick {theirs:.2?}, service {ours:.2?}", round + 1);
        for ((series, theirs), ours) in series.iter_mut().zip(theirs).zip(ours) {
            series.add(theirs, ours);
        }
    }
    Ok(series)
}

/// The middle one; of an even number the mean of the two in the middle. Not a number where there is none.
pub(crate) fn median(figures: &[f64]) -> f64 {
    let mut ordered = figures.to_vec();
    ordered.sort_by(f64::total_cmp);
    let at = |index: usize| ordered.get(index).copied().unwrap_or(f64::NAN);
    let middle = ordered.len() / 2;
    if ordered.len() % 2 == 1 { at(middle) } else { (at(middle.wrapping_sub(1)) + at(middle)) / 2.0 }
}
