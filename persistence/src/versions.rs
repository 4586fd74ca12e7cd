//! The version of an organisation: a number that grows with each change of anything that belongs to it, in the same
//! transaction. A cache of anything made from an organisation's data compares this number to know whether it is current.

use std::cell::Cell;
use std::collections::HashMap;
use std::thread;
use std::time::{Duration, Instant};

use diesel::dsl::{Sub, sql};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Text};
use uuid::Uuid;

use crate::db::connection::{Opener, Session};
use crate::db::schema::organisations;
use crate::db::types;
use crate::db::types::Id;
use crate::{Connection, StoreError};

/// How long the versions that a look returned may be used, from the moment at which it began.
pub const VERSION_MAX_AGE: Duration = Duration::from_millis(2);

/// How long after its commit a change is acknowledged: by then no look that began before the commit is used any more, on
/// any machine whose clock is not a quarter slower than another's.
const COMMIT_ACK_DELAY: Duration = Duration::from_micros(2500);

// A quarter more than the age, so that a cache never serves what an acknowledged change has replaced.
const _: () = assert!(COMMIT_ACK_DELAY.as_micros() * 4 >= VERSION_MAX_AGE.as_micros() * 5);

/// The versions of organisations, by code, as they were at one moment.
pub type Versions = HashMap<String, i64>;

/// The current versions of the organisations of these codes, as far as there are such: one short query.
///
/// # Errors
/// [`StoreError::Unavailable`] where the database does not answer.
pub fn current(connection: &mut Connection, codes: &[String]) -> Result<Versions, StoreError> {
    let rows: Vec<(String, i64)> = match connection {
        Connection::Postgres(postgres) => OfCodes(codes).load(postgres)?,
        Connection::Sqlite(sqlite) => organisations::table
            .select((organisations::code, organisations::version))
            .filter(organisations::code.eq_any(codes))
            .load(sqlite)?,
    };
    Ok(rows.into_iter().collect())
}

/// One statement whose text is always the same, whatever the number of codes: it is written once and planned once.
struct OfCodes<'a>(&'a [String]);

impl QueryFragment<Pg> for OfCodes<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT code, version FROM organisations WHERE code = ANY(");
        out.push_bind_param::<Array<Text>, _>(self.0)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryId for OfCodes<'_> {
    type QueryId = OfCodes<'static>;
}

impl Query for OfCodes<'_> {
    type SqlType = (Text, BigInt);
}

impl RunQueryDsl<PgConnection> for OfCodes<'_> {}

/// Asks for versions again and again, on a connection of its own: it waits for no other work, and the server plans
/// its one statement once.
pub struct Watch {
    opener: Opener,
    session: Option<Session>,
}

impl Watch {
    /// Opens its connection when it is first asked.
    pub(crate) fn new(opener: Opener) -> Self {
        Self { opener, session: None }
    }

    /// [`current`].
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub fn current(&mut self, codes: &[String]) -> Result<Versions, StoreError> {
        let was_open = self.session.is_some();
        match self.ask(codes) {
            // A connection that was idle may have died; nothing was changed on it, so a new one is asked.
            Err(StoreError::Unavailable(_)) if was_open => self.ask(codes),
            answer => answer,
        }
    }

    fn ask(&mut self, codes: &[String]) -> Result<Versions, StoreError> {
        let session = match &mut self.session {
            Some(session) => session,
            none => none.insert(self.opener.watch()?),
        };
        let answer = session.ask(|connection| current(connection, codes));
        if session.is_broken() {
            self.session = None;
        }
        answer
    }
}

/// Whether these organisations, by code, are at these versions or later here.
pub(crate) fn have_reached(
    connection: &mut Connection,
    versions: &[(String, i64)],
) -> Result<bool, StoreError> {
    let codes = versions.iter().map(|(code, _)| code);
    let here: Versions = organisations::table
        .filter(organisations::code.eq_any(codes))
        .select((organisations::code, organisations::version))
        .load::<(String, i64)>(connection)?
        .into_iter()
        .collect();
    Ok(versions.iter().all(|(code, version)| here.get(code).is_some_and(|here| here >= version)))
}

/// The current version of an organisation's framework, which is all that it has beside its results; none where there is no
/// such organisation.
///
/// # Errors
/// [`StoreError::Unavailable`] where the database does not answer.
pub fn of_framework(connection: &mut Connection, code: &str) -> Result<Option<i64>, StoreError> {
    let own = organisations::table.filter(organisations::code.eq(code));
    Ok(own.select(framework()).first(connection).optional()?)
}

/// The version of an organisation's framework: how many of all its versions did not come of submissions.
pub(crate) fn framework() -> Sub<organisations::version, organisations::submitted_versions> {
    organisations::version - organisations::submitted_versions
}

thread_local! {
    /// Whether the transaction that this thread is in has changed a version.
    static CHANGED: Cell<bool> = const { Cell::new(false) };
}

/// What a transaction that was committed has changed.
pub(crate) struct Committed {
    /// When it was committed, where it changed a version.
    changed_at: Option<Instant>,
}

impl Committed {
    /// A transaction begins on this thread.
    pub(crate) fn begin() {
        CHANGED.set(false);
    }

    /// It was committed just now.
    pub(crate) fn now() -> Self {
        Self { changed_at: CHANGED.take().then(Instant::now) }
    }

    /// Waits until no reader depends on what was there before.
    pub(crate) fn settle(self) {
        if let Some(changed_at) = self.changed_at {
            thread::sleep(COMMIT_ACK_DELAY.saturating_sub(changed_at.elapsed()));
        }
    }
}

/// Something of the organisation changes in this transaction, however often: once is enough. Others who change something
/// of it wait until it ends.
pub(crate) fn changed(connection: &mut Connection, organisation: Uuid) -> Result<(), StoreError> {
    CHANGED.set(true);
    let one_more = organisations::version.eq(organisations::version + 1);
    let own = organisations::table.find(Id(organisation));
    match connection {
        // Each update leaves a dead row behind, so a row that this transaction wrote is left as it is.
        Connection::Postgres(postgres) => {
            let untouched = sql::<Bool>("xmin <> pg_current_xact_id()::xid");
            diesel::update(own.filter(untouched)).set(one_more).execute(postgres)?;
        }
        Connection::Sqlite(sqlite) => {
            diesel::update(own).set(one_more).execute(sqlite)?;
        }
    }
    Ok(())
}

/// A submission of the organisation, received at that moment, ends in this transaction, whose turn it is: from then on it
/// is the last one. Where it `changes` any results, there is another version, though not of the framework: so whatever of
/// the framework changes in the same transaction does so before.
pub(crate) fn submitted(
    connection: &mut Connection,
    organisation: Uuid,
    (submission, received_at): (Uuid, types::Instant),
    changes: bool,
) -> Result<(), StoreError> {
    if changes {
        CHANGED.set(true);
    }
    let one_more = i64::from(changes);
    let ended = diesel::update(organisations::table.find(Id(organisation))).set((
        organisations::version.eq(organisations::version + one_more),
        organisations::submitted_versions.eq(organisations::submitted_versions + one_more),
        organisations::submission_id.eq(Some(Id(submission))),
        organisations::submitted_at.eq(Some(received_at)),
    ));
    ended.execute(connection)?;
    Ok(())
}
