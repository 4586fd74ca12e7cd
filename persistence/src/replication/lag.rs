//! How far a replica is behind, measured against what the primary had written and when that was seen. Nothing depends
//! on the clocks of other machines, and an idle primary makes no replica seem late.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The most moments that are kept: at one a second, an hour.
const MOST: usize = 3600;

/// How far behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lag {
    /// Bytes of the write-ahead log that are yet to be replayed.
    pub bytes: u64,
    /// All that was committed longer ago than this has been replayed; none where that is not known.
    pub time: Option<Duration>,
}

/// What the primary had written at which moments, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Written(VecDeque<(Instant, u64)>);

impl Written {
    /// At the moment the primary had written up to this place, or further.
    pub(crate) fn note(&mut self, at: Instant, place: u64) {
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back((at, place));
    }

    /// The lag of a replica that has replayed up to the place. `reported` is the age of the last commit that it replayed,
    /// as it says: good enough where it is further behind than has been watched.
    pub(crate) fn lag(&mut self, now: Instant, replayed: u64, reported: Option<Duration>) -> Lag {
        let newest = self.0.back().map_or(0, |(_, place)| *place);
        let passed = self.0.iter().rposition(|(_, place)| *place <= replayed);
        if let Some(passed) = passed {
            // Places before that tell nothing any more.
            self.0.drain(..passed);
        }
        let since = self.0.front().filter(|_| passed.is_some()).map(|(at, _)| *at);
        let time = since.map(|at| now.saturating_duration_since(at)).or(reported);
        Lag { bytes: newest.saturating_sub(replayed), time }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn what_was_seen_longer_ago_than_the_lag_has_been_replayed() {
        let start = Instant::now();
        let mut written = Written::default();
        for (second, place) in [(0, 100), (1, 150), (2, 150), (3, 400)] {
            written.note(start + seconds(second), place);
        }
        let now = start + seconds(5);
        // Seen to be at 150 in the second second, and at 400 in the third.
        assert_eq!(written.lag(now, 399, None), Lag { bytes: 1, time: Some(seconds(3)) });
        assert_eq!(written.lag(now, 400, None), Lag { bytes: 0, time: Some(seconds(2)) });
        // Further than was seen: what it lacks was written after that.
        assert_eq!(written.lag(now, 500, None), Lag { bytes: 0, time: Some(seconds(2)) });
    }

    #[test]
    fn a_primary_that_cannot_be_asked_may_have_gone_on() {
        let start = Instant::now();
        let mut written = Written::default();
        written.note(start, 100);
        assert_eq!(written.lag(start + seconds(60), 100, None).time, Some(seconds(60)));
    }

    #[test]
    fn further_behind_than_was_watched_the_replica_s_own_word_counts() {
        let start = Instant::now();
        let mut written = Written::default();
        written.note(start, 100);
        assert_eq!(written.lag(start, 40, None), Lag { bytes: 60, time: None });
        assert_eq!(written.lag(start, 40, Some(seconds(90))), Lag { bytes: 60, time: Some(seconds(90)) });
        assert_eq!(written.lag(start, 100, Some(seconds(90))), Lag { bytes: 0, time: Some(seconds(0)) });
    }
}
