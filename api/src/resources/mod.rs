//! The nouns of the framework and its workflows, one folder for each, named as in the URL.

pub(crate) mod commitments;
pub(crate) mod data_quality;
pub(crate) mod deletions;
pub(crate) mod indicators;
pub(crate) mod judgements;
pub(crate) mod measures;
pub(crate) mod notices;
pub(crate) mod organisations;
pub(crate) mod plans;
pub(crate) mod targets;
pub(crate) mod token;
pub(crate) mod trackers;
pub(crate) mod trail;
