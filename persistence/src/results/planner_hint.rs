//! How PostgreSQL is made to read from the one index that is meant, whatever it estimates of a table.
//!
//! Where its statistics are older than most results of an organisation, it estimates that there are hardly any, so that
//! any index seems good enough that begins with the organisation; and it reads all of them. Asked for an order that only one
//! index has, and kept from sorting, it has no choice.

use diesel::connection::SimpleConnection;

use crate::{Connection, StoreError};

/// Asks for what one index has in the order that is asked for.
pub(super) fn unsorted<T>(
    connection: &mut Connection,
    ask: impl FnOnce(&mut Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    may_sort(connection, "off")?;
    let found = ask(connection)?;
    may_sort(connection, "on")?;
    Ok(found)
}

fn may_sort(connection: &mut Connection, truth: &str) -> Result<(), StoreError> {
    match connection {
        Connection::Postgres(postgres) => {
            let settings = ["enable_sort", "enable_incremental_sort"];
            let settings = settings.map(|setting| format!("SET LOCAL {setting} = {truth};"));
            Ok(postgres.batch_execute(&settings.concat())?)
        }
        // It keeps statistics only where it is configured to.
        Connection::Sqlite(_) => Ok(()),
    }
}
