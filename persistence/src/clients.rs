//! Machine clients that may ask the service itself for tokens: who they are and what they are granted.

use chrono::{DateTime, SecondsFormat, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use waymark_domain::organisation::Organisation;

use crate::db::schema::{clients, organisations};
use crate::db::types::{Id, Instant, from_document, to_document};
use crate::history::revision;
use crate::history::revision::{Change, Subject};
use crate::{Connection, StoreError};

const KIND: &str = "client";

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

/// What the trail shows of a client: never its secret, nor the hash of it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClientDocument {
    name: String,
    grants: Vec<ClientGrant>,
    /// As RFC 3339 writes it.
    revoked_at: Option<String>,
}

impl Row {
    fn of(client: &Client) -> Result<Self, StoreError> {
        let Client { id, name, secret_hash, grants, created_at, revoked_at } = client;
        Ok(Self {
            id: Id(*id),
            name: name.clone(),
            secret_hash: secret_hash.clone(),
            grants: to_document(KIND, grants)?,
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
            grants: from_document(KIND, &grants)?,
            created_at: created_at.into(),
            revoked_at: revoked_at.map(DateTime::from),
        })
    }
}

/// Registers a client, and leaves it in the trail of the catalogue's organisation.
///
/// # Errors
/// [`StoreError::Conflict`] (`client name`) where a client that is not revoked has the name,
/// [`StoreError::Missing`] (`organisation`) where there is no catalogue.
pub fn add(connection: &mut Connection, client: &Client, change: &Change) -> Result<(), StoreError> {
    diesel::insert_into(clients::table)
        .values(Row::of(client)?)
        .execute(connection)
        .map_err(|error| StoreError::from(error).on_conflict(StoreError::Conflict("client name")))?;
    record(connection, client, change)
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

/// Revokes a client, and leaves that in the trail of the catalogue's organisation; one that was revoked before
/// keeps its earlier time.
///
/// # Errors
/// [`StoreError::Missing`] where there is no such client, or no catalogue.
pub fn revoke(connection: &mut Connection, id: Uuid, change: &Change) -> Result<(), StoreError> {
    let revoked = diesel::update(clients::table.find(Id(id)).filter(clients::revoked_at.is_null()))
        .set(clients::revoked_at.eq(Some(Instant::from(change.at))))
        .execute(connection)?;
    let client = find(connection, id)?.ok_or(StoreError::Missing("client"))?;
    if revoked == 0 { Ok(()) } else { record(connection, &client, change) }
}

/// Clients belong to no organisation: the catalogue's trail lists them.
fn record(connection: &mut Connection, client: &Client, change: &Change) -> Result<(), StoreError> {
    let Client { id, name, secret_hash: _, grants, created_at: _, revoked_at } = client;
    let catalogue: Option<Id> = organisations::table
        .filter(organisations::code.eq(Organisation::CATALOGUE))
        .select(organisations::id)
        .first(connection)
        .optional()?;
    let organisation = catalogue.ok_or(StoreError::Missing("organisation"))?.0;
    // A client that was registered before there was a trail has no revision yet.
    let last = revision::current::<ClientDocument>(connection, KIND, *id, None)?;
    let expected = last.map_or(0, |last| last.revision);
    let revoked_at = revoked_at.map(|at| at.to_rfc3339_opts(SecondsFormat::Micros, true));
    let document = ClientDocument { name: name.clone(), grants: grants.clone(), revoked_at };
    let subject = Subject { id: *id, organisation, kind: KIND };
    revision::append(connection, subject, expected, change, &document).map(drop)
}
