//! The request rate of each client, and the headers that report it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::http::problem::{Kind, Problem};
use crate::settings::HttpSettings;

/// The largest number of requests at once.
pub(crate) const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
/// How many are left now.
pub(crate) const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
/// Seconds until the full limit is available again.
pub(crate) const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Idle clients are removed each time this many requests have been counted.
const SWEEP_EVERY: u64 = 10_000;

type Limiter = RateLimiter<String, DashMapStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// One bucket for each client.
pub(crate) struct RateLimit {
    limiter: Limiter,
    burst: u32,
    refill: Duration,
    seen: AtomicU64,
}

/// The state of a client's bucket after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allowance {
    limit: u32,
    remaining: u32,
    reset_seconds: u64,
    /// How long to wait, if nothing is left.
    retry_after_seconds: Option<u64>,
}

impl RateLimit {
    pub(crate) fn new(settings: &HttpSettings) -> Self {
        let quota = Quota::per_minute(settings.rate_per_minute).allow_burst(settings.rate_burst);
        Self {
            limiter: RateLimiter::dashmap(quota).with_middleware(),
            burst: settings.rate_burst.get(),
            refill: quota.replenish_interval(),
            seen: AtomicU64::new(0),
        }
    }

    /// Counts one request of this client.
    pub(crate) fn take(&self, client: &str) -> Allowance {
        if self.seen.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.limiter.retain_recent();
        }
        match self.limiter.check_key(&client.to_owned()) {
            Ok(snapshot) => self.allowance(snapshot.remaining_burst_capacity(), None),
            Err(refused) => {
                let wait = refused.wait_time_from(DefaultClock::default().now());
                self.allowance(0, Some(whole_seconds(wait).max(1)))
            }
        }
    }

    fn allowance(&self, remaining: u32, retry_after_seconds: Option<u64>) -> Allowance {
        let missing = self.burst.saturating_sub(remaining);
        Allowance {
            limit: self.burst,
            remaining,
            reset_seconds: whole_seconds(self.refill.saturating_mul(missing)),
            retry_after_seconds,
        }
    }
}

impl Allowance {
    /// The problem of a client that has nothing left.
    pub(crate) fn exceeded(&self) -> Option<Problem> {
        let seconds = self.retry_after_seconds?;
        Some(
            Problem::new(Kind::TooManyRequests)
                .detail(format_args!("try again in {seconds} s"))
                .header(RETRY_AFTER, HeaderValue::from(seconds)),
        )
    }

    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        headers.insert(LIMIT, HeaderValue::from(self.limit));
        headers.insert(REMAINING, HeaderValue::from(self.remaining));
        headers.insert(RESET, HeaderValue::from(self.reset_seconds));
    }
}

fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        http: HttpSettings,
    }

    #[test]
    fn each_client_has_its_own_burst_and_learns_when_to_retry() {
        let only = Only::parse_from(["waymark", "--rate-per-minute", "1", "--rate-burst", "2"]);
        let limit = RateLimit::new(&only.http);
        assert_eq!(limit.take("a").remaining, 1);
        let last = limit.take("a");
        assert_eq!((last.limit, last.remaining, last.reset_seconds), (2, 0, 120));
        assert!(last.exceeded().is_none());
        let refused = limit.take("a");
        let problem = refused.exceeded().unwrap();
        assert_eq!(problem.kind(), Kind::TooManyRequests);
        assert!(matches!(refused.retry_after_seconds, Some(59..=60)));
        assert_eq!(limit.take("b").remaining, 1);
    }
}
