//! The trail of what the other calls changed.

use super::{OFFICER, Session};

pub(super) fn trail(session: &mut Session<'_>) {
    let list = session.call(OFFICER, "list_trail");
    let listed = list.query("request_id=example-replace-organisation").make();
    let text = |pointer: &str| listed.at(pointer).as_str().unwrap().to_owned();
    let (entity, since) = (text("/items/0/entity"), text("/items/0/recorded_at"));
    let get = session.call(OFFICER, "get_trail_entry").at("entity", &entity);
    let _ = get.at("revision", &listed.at("/items/0/revision").to_string()).make();
    // Until the next call but one: what one call changed has one time, and no order that is the same in every run.
    let until = session.call(OFFICER, "list_trail").query("request_id=example-create-indicator").prepare();
    let until = until.at("/items/0/recorded_at").as_str().unwrap().to_owned();
    let _ =
        session.call(OFFICER, "export_trail").query(&format!("from={since}&to={until}&format=csv")).make();
}
