//! Periods: spans of days and their canonical texts.

pub mod period;
