//! The slow query log: statements that take long, with their duration and without their parameters.

use std::time::{Duration, Instant};

use diesel::connection::{Instrumentation, InstrumentationEvent};

/// A statement that takes longer than this is worth a line in the log.
const SLOW: Duration = Duration::from_millis(500);

/// Watches one connection.
#[derive(Debug, Default)]
pub(crate) struct SlowQueryLog {
    started: Option<Instant>,
}

impl Instrumentation for SlowQueryLog {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        // Diesel may add events, so the last arm has to take all others.
        match event {
            InstrumentationEvent::StartQuery { .. } => self.started = Some(Instant::now()),
            InstrumentationEvent::FinishQuery { query, .. } => {
                let taken = self.started.take().map(|started| started.elapsed());
                if let Some(taken) = taken.filter(|taken| *taken >= SLOW) {
                    // The text of the statement only: what it was given may be about children.
                    let statement = query.to_string();
                    let text = statement.split("-- binds:").next().unwrap_or_default().trim();
                    tracing::warn!(milliseconds = taken.as_millis(), statement = text, "a slow statement");
                }
            }
            _ => {}
        }
    }
}
