//! Periods and the reporting calendar: spans of days, their canonical texts, and when results are due.

pub mod calendar;
pub mod period;
