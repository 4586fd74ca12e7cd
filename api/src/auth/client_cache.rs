//! Which clients are registered, as far as it is known for the present version of the catalogue: a registration or a
//! revocation changes that version.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use uuid::Uuid;
use waymark_domain::organisation::Organisation;
use waymark_persistence::versions::Versions;
use waymark_persistence::{Needs, clients};

use crate::http::problem::Problem;
use crate::state::AppState;

/// Whether each client is registered, and the version at which that was read.
#[derive(Default)]
pub(crate) struct Registered(RwLock<(Option<i64>, HashMap<Uuid, bool>)>);

impl Registered {
    fn known(&self, client: Uuid, version: Option<i64>) -> Option<bool> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (of, clients) = &*known;
        if *of == version { clients.get(&client).copied() } else { None }
    }

    fn note(&self, client: Uuid, is_registered: bool, version: Option<i64>) {
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

impl AppState {
    /// Whether the cache has the client as registered and not revoked, at these versions.
    pub(crate) fn is_known_to_be_registered(&self, client: Uuid, versions: &Versions) -> bool {
        self.registered.known(client, versions.get(Organisation::CATALOGUE).copied()) == Some(true)
    }

    /// Whether the client is registered and not revoked, at these versions or later.
    ///
    /// # Errors
    /// 503 if the database does not respond.
    pub(crate) async fn is_registered(&self, client: Uuid, versions: &Versions) -> Result<bool, Problem> {
        let version = versions.get(Organisation::CATALOGUE).copied();
        if let Some(known) = self.registered.known(client, version) {
            return Ok(known);
        }
        // Never from a replica: it may not have a revocation yet.
        let find = move |connection: &mut _| Ok(clients::find(connection, client)?);
        let found = self.read_where(Needs::Present, find).await?;
        let is_registered = found.is_some_and(|client| client.revoked_at.is_none());
        self.registered.note(client, is_registered, version);
        Ok(is_registered)
    }
}
