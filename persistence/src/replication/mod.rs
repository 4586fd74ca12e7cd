//! Read replicas: which of them may answer a read, and how far they are behind.

pub(crate) mod lag;
pub(crate) mod position;
pub(crate) mod replica;
pub(crate) mod replica_probe;
