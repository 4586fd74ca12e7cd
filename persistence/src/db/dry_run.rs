//! A dry run: work that is done to report its outcome, and then rolled back.

use diesel::connection::TransactionManager;

use crate::{Connection, StoreError};

type Manager = <Connection as diesel::Connection>::TransactionManager;

/// Does `work` inside the running transaction and rolls all of it back, whether it succeeds or fails. What the
/// transaction did before stays.
///
/// # Errors
/// Those of `work`, and [`StoreError`]s where it could not be rolled back.
pub fn dry_run<T, E: From<StoreError>>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    // Inside a transaction, beginning another one sets a savepoint.
    Manager::begin_transaction(connection).map_err(StoreError::from)?;
    let outcome = work(connection);
    Manager::rollback_transaction(connection).map_err(StoreError::from)?;
    outcome
}
