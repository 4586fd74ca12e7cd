//! Counts what is asked of the allocator.

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How often memory was asked for while something ran.
pub(crate) fn during(work: impl FnOnce()) -> usize {
    let region = Region::new(ALLOCATOR);
    work();
    let counted = region.change();
    counted.allocations + counted.reallocations
}
