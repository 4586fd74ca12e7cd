//! Work that is done to see what would come of it, and then undone.

use diesel::connection::TransactionManager;

use crate::{Connection, StoreError};

type Manager = <Connection as diesel::Connection>::TransactionManager;

/// Does `work` inside the running transaction and undoes all of it, whether it succeeds or fails. What the
/// transaction did before stays.
///
/// # Errors
/// Those of `work`, and [`StoreError`]s where it could not be undone.
pub fn rehearse<T, E: From<StoreError>>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    // Inside a transaction, beginning another one sets a savepoint.
    Manager::begin_transaction(connection).map_err(StoreError::from)?;
    let seen = work(connection);
    Manager::rollback_transaction(connection).map_err(StoreError::from)?;
    seen
}
