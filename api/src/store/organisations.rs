//! The organisation of a path, which everything under it is looked up in.

use waymark_domain::code::Code;
use waymark_domain::organisation::Organisation;
use waymark_persistence::{Connection, Record, organisation as kept};

use crate::http::problem::Problem;

/// The organisation of a path, for all that lives under it.
///
/// # Errors
/// 404 if there is none.
pub(crate) fn find(connection: &mut Connection, code: &Code) -> Result<Record<Organisation>, Problem> {
    kept::find(connection, code, None)?.ok_or_else(|| Problem::not_found("organisation"))
}

/// The organisation of a path, locked for a change: other changes of its framework or results wait until
/// this transaction ends, so that what is checked here remains true until then.
///
/// # Errors
/// 404 if there is none.
pub(crate) fn hold(connection: &mut Connection, code: &Code) -> Result<Record<Organisation>, Problem> {
    let found = find(connection, code)?;
    kept::lock(connection, found.versioned.id)?;
    Ok(found)
}
