//! Which clients are registered, as far as it is known for the present version of the catalogue: a registration or a
//! revocation changes that version.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use uuid::Uuid;

/// Whether each client is registered, and the version at which that was read.
#[derive(Default)]
pub(crate) struct Registered(RwLock<(Option<i64>, HashMap<Uuid, bool>)>);

impl Registered {
    /// Whether the client was registered at this version, if that was read.
    pub(crate) fn known(&self, client: Uuid, version: Option<i64>) -> Option<bool> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (of, clients) = &*known;
        if *of == version { clients.get(&client).copied() } else { None }
    }

    /// Stores what was read at this version.
    pub(crate) fn note(&self, client: Uuid, is_registered: bool, version: Option<i64>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let (of, clients) = &mut *known;
        // Entries of an older version are never used again.
        if *of < version {
            *of = version;
            clients.clear();
        }
        if *of == version {
            clients.insert(client, is_registered);
        }
    }
}
