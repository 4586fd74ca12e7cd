//! Tokens, results and the submissions that they come in.

use serde_json::json;
use waymark_api::cli::add_client;
use waymark_domain::access::{Grant, Role};
use waymark_tests::OWN;

use super::{READER, SUBMITTER, Session};

/// What stands for the secret of a client.
const SECRET: &str = "the-secret-that-was-shown-once";

pub(super) fn token(session: &mut Session<'_>) {
    let grant = Grant { role: Role::Submitter, reach: OWN.parse().unwrap() };
    let (id, secret) = add_client(&session.waymark.store(), "case management", &[grant]).unwrap();
    session.hidden.push((secret.clone(), SECRET));
    let form = json!({"grant_type": "client_credentials", "client_id": id, "client_secret": secret});
    let _ = session.call("", "create_token").form(form).make();
}

pub(super) fn results(session: &mut Session<'_>) {
    let _ = session.call(READER, "list_results").query("indicator=NI52").make();
    let results = json!({"results": [
        {"indicator": "NI60", "period": "2010-09", "value": 91.2, "standing": "provisional"},
        {"indicator": "NI52", "period": "2010-09", "numerator": 254, "denominator": 1000},
    ]});
    let _ = session.call(SUBMITTER, "push_results").json(results).make();
    let export = session.call(READER, "export_results").header("accept", "text/csv");
    let _ = export.query("indicator=NI52").make();
}

pub(super) fn submissions(session: &mut Session<'_>) {
    let rows = "indicator,period,value\nNI60,2010-10,91.4\nNI60,October,91.4\n";
    let push = session.call(SUBMITTER, "push_results").query("mode=partial").text("text/csv", rows);
    let pushed = push.prepare();
    let pushed = pushed.at("/submission").as_str().unwrap().to_owned();
    let _ = session.call(SUBMITTER, "get_submission").at("submission", &pushed).make();
    let _ = session.call(SUBMITTER, "get_rejected_rows").at("submission", &pushed).make();

    let push = session.call(SUBMITTER, "push_results").header("prefer", "respond-async");
    let queued = push.text("text/csv", rows).prepare();
    let queued = queued.at("/id").as_str().unwrap().to_owned();
    let _ = session.call(SUBMITTER, "cancel_submission").at("submission", &queued).make();
    let _ = session.call(SUBMITTER, "list_submissions").query("limit=2").make();
}
