//! Machine clients that may ask the service itself for tokens: who they are and what they are granted.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::schema::clients;
use crate::types::{Id, Instant, from_document, to_document};
use crate::{Connection, StoreError, version};

/// A registered client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The client id that it logs in with.
    pub id: Uuid,
    /// What people call it; unique among the clients that are not revoked.
    pub name: String,
    /// Its secret as a PHC hash string, never the secret.
    pub secret_hash: String,
    /// What it may do, and where.
    pub grants: Vec<ClientGrant>,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// When it was revoked, if it was: from then on it gets no token.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A role for an organisation, as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientGrant {
    /// The role's name, for example `submitter`.
    pub role: String,
    /// The organisation's code, or `*` for all.
    pub organisation: String,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = clients, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    name: String,
    secret_hash: String,
    grants: String,
    created_at: Instant,
    revoked_at: Option<Instant>,
}

impl Row {
    fn of(client: &Client) -> Result<Self, StoreError> {
        let Client { id, name, secret_hash, grants, created_at, revoked_at } = client;
        Ok(Self {
            id: Id(*id),
            name: name.clone(),
            secret_hash: secret_hash.clone(),
            grants: to_document("client", grants)?,
            created_at: (*created_at).into(),
            revoked_at: revoked_at.map(Instant::from),
        })
    }

    fn read(self) -> Result<Client, StoreError> {
        let Self { id, name, secret_hash, grants, created_at, revoked_at } = self;
        Ok(Client {
            id: id.0,
            name,
            secret_hash,
            grants: from_document("client", &grants)?,
            created_at: created_at.into(),
            revoked_at: revoked_at.map(DateTime::from),
        })
    }
}

/// Registers a client.
///
/// # Errors
/// [`StoreError::Conflict`] (`client name`) where a client that is not revoked has the name.
pub fn add(connection: &mut Connection, client: &Client) -> Result<(), StoreError> {
    diesel::insert_into(clients::table).values(Row::of(client)?).execute(connection)?;
    version::changed_for_all(connection)
}

/// All clients, revoked ones too, by name and then by age.
///
/// # Errors
/// [`StoreError::Corrupt`] where the stored grants cannot be read.
pub fn list(connection: &mut Connection) -> Result<Vec<Client>, StoreError> {
    let rows: Vec<Row> = clients::table
        .order((clients::name, clients::created_at, clients::id))
        .select(Row::as_select())
        .load(connection)?;
    rows.into_iter().map(Row::read).collect()
}

/// The client with this id, revoked or not.
///
/// # Errors
/// [`StoreError::Corrupt`] where the stored grants cannot be read.
pub fn find(connection: &mut Connection, id: Uuid) -> Result<Option<Client>, StoreError> {
    let row: Option<Row> =
        clients::table.find(Id(id)).select(Row::as_select()).first(connection).optional()?;
    row.map(Row::read).transpose()
}

/// Revokes a client; one that was revoked before keeps its earlier time.
///
/// # Errors
/// [`StoreError::Missing`] where there is no such client.
pub fn revoke(connection: &mut Connection, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
    let revoked = diesel::update(clients::table.find(Id(id)).filter(clients::revoked_at.is_null()))
        .set(clients::revoked_at.eq(Some(Instant::from(now))))
        .execute(connection)?;
    if revoked == 0 && find(connection, id)?.is_none() {
        return Err(StoreError::Missing("client"));
    }
    version::changed_for_all(connection)
}
