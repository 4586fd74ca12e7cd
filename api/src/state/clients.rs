//! Whether a client is registered, from the cache of `auth` or from the store.

use uuid::Uuid;
use waymark_domain::organisation::Organisation;
use waymark_persistence::versions::Versions;
use waymark_persistence::{Needs, clients};

use super::AppState;
use crate::http::problem::Problem;

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
