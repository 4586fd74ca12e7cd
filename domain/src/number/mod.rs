//! Exact numbers: decimals, the arithmetic on them, and the values of results.

pub mod decimal;
pub(crate) mod exact;
pub mod value;
