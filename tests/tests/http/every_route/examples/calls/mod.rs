//! The calls, in the order in which they are made: first what reads the plan as `waymark demo` leaves it, then what
//! changes it, last the trail of those changes.

mod commitments;
mod deletions;
mod framework;
mod notices;
mod quality;
mod results;
mod status;
mod targets;
mod trackers;
mod trail;

use super::session::Session;

/// The day of the position of the plan's table.
const MARCH: &str = "2010-03-31";
/// The half-year before it.
const SEPTEMBER: &str = "2009-09-30";

const READER: &str = "reader";
const SUBMITTER: &str = "submitter";
const OFFICER: &str = "performance_officer";
const HEAD: &str = "accountable_officer";
const DIRECTOR: &str = "accountable_director";
const CLERK: &str = "board_clerk";
const ADMIN: &str = "admin";

/// Makes every call.
pub(super) fn make_all(session: &mut Session<'_>) {
    status::read(session);
    framework::organisations(session);
    framework::indicators(session);
    framework::plans(session);
    framework::measures(session);
    quality::checks(session);
    targets::proposals(session);
    deletions::deletions(session);
    commitments::commitments(session);
    notices::notices(session);
    trackers::accounts(session);
    trackers::overviews(session);
    results::token(session);
    results::results(session);
    results::submissions(session);
    framework::import(session);
    trail::trail(session);
}
