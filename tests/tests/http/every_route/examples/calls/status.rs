//! What is read of the plan as a whole.

use super::{MARCH, READER, SEPTEMBER, Session};

pub(super) fn read(session: &mut Session<'_>) {
    let as_at = format!("as_at={MARCH}");
    let _ =
        session.call(READER, "get_status").query(&format!("{as_at}&theme=be-healthy&rating=amber")).make();
    let _ = session.call(READER, "get_summary").query(&as_at).make();
    let _ = session.call(READER, "get_changes").query(&format!("from={SEPTEMBER}&to={MARCH}")).make();
    let _ = session.call(READER, "get_calendar").query(&format!("{as_at}&state=overdue&limit=2")).make();
    let _ = session.call(READER, "list_unscheduled_measures").query(&format!("{as_at}&limit=2")).make();
    let _ = session.call(READER, "list_gaps").query(&format!("{as_at}&kind=no_target&limit=2")).make();
    let _ = session.call(READER, "list_data_quality").query(&format!("{as_at}&grade=weak&limit=2")).make();
    let _ = session.call(READER, "get_trajectory").at("measure", "NI52").query(&as_at).make();
    let _ = session.call(READER, "get_measure_links").at("measure", "NI60").query(&as_at).make();
}
