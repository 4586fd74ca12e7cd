//! What every noun with a code and a history comes back as.

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use uuid::Uuid;
use waymark_domain::code::Code;

use crate::db::types::Id;
use crate::history::revision::{Versioned, current_of_many};
use crate::{Connection, StoreError};

/// Something that belongs to an organisation, has a code, and has a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<T> {
    /// The organisation that it belongs to (an organisation's own id for an organisation).
    pub organisation: Uuid,
    /// Its code, which never changes.
    pub code: Code,
    /// Its content at one of its revisions.
    pub versioned: Versioned<T>,
}

/// An id, its organisation's id, and a code.
pub(crate) type Identity = (Id, Id, String);

/// The content of each, in the order given; those of which nothing was known by then are left out.
pub(crate) fn read<D: DeserializeOwned, T: From<D>>(
    connection: &mut Connection,
    kind: &'static str,
    identities: Vec<Identity>,
    known_at: Option<DateTime<Utc>>,
) -> Result<Vec<Record<T>>, StoreError> {
    let ids: Vec<Uuid> = identities.iter().map(|(id, ..)| id.0).collect();
    let mut known = current_of_many::<D>(connection, kind, &ids, known_at)?;
    let mut records = Vec::with_capacity(identities.len());
    for (id, organisation, text) in identities {
        if let Some(versioned) = known.remove(&id.0) {
            records.push(Record {
                organisation: organisation.0,
                code: code(kind, text)?,
                versioned: versioned.map(T::from),
            });
        }
    }
    Ok(records)
}

/// A stored code; one that breaks the rule of codes is [`StoreError::Corrupt`].
pub(crate) fn code(what: &'static str, text: String) -> Result<Code, StoreError> {
    Code::new(text).map_err(|error| StoreError::Corrupt { what, detail: error.to_string() })
}
