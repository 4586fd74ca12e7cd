//! Organisations: the councils and partners to which every record belongs.

use crate::{code::Code, text::Title};

/// A council or a partner: a health trust, a police force, a district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// What it is called.
    pub title: Title,
    /// A numerator or denominator below this is suppressed where a caller may not see it.
    pub small_count_threshold: u32,
    /// Its statistical neighbours, where it names them.
    pub peer_group: Option<PeerGroup>,
}

/// The organisations with which one compares itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerGroup {
    /// What it is called.
    pub title: Title,
    /// The codes of its members, each once.
    pub members: Vec<Code>,
}

impl Organisation {
    /// The threshold of an organisation that names none.
    pub const SMALL_COUNT_THRESHOLD: u32 = 5;
    /// The largest threshold.
    pub const MOST_SMALL_COUNT_THRESHOLD: u32 = 1000;
    /// The code of the organisation whose indicators all others use.
    pub const CATALOGUE: &'static str = "national";
}
