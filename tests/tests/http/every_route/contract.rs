//! Every operation of the contract, with a request that is sound up to its body.

use serde_json::Value;
use waymark_tests::{Caller, Request, Waymark};

use crate::framework;

/// An operation of the contract.
pub(super) struct Operation {
    /// Its `operationId`.
    pub(super) id: String,
    /// Its method.
    pub(super) method: String,
    /// Its path as the contract writes it.
    pub(super) template: String,
    /// The statuses that the contract says it may answer.
    pub(super) statuses: Vec<u16>,
    path: String,
}

impl Operation {
    /// Asks for it in an organisation that was [`furnish`]ed; the body is left to the test.
    pub(super) fn ask(&self, caller: &Caller, submission: &str, organisation: &str) -> Request {
        let path = self.path.replace("{submission}", submission).replace("{organisation}", organisation);
        assert!(!path.contains('{'), "{}: the tests have nothing to put into {path}", self.id);
        caller.request(&self.method, &path)
    }
}

/// All operations.
pub(super) fn operations(waymark: &Waymark) -> Vec<Operation> {
    let contract = waymark.stranger().get("/openapi.json").expect(200).json();
    let mut operations = Vec::new();
    for (template, methods) in contract["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let statuses = operation["responses"].as_object().unwrap().keys();
            operations.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase(),
                template: template.clone(),
                statuses: statuses.map(|status| status.parse().unwrap()).collect(),
                path: filled(template, operation),
            });
        }
    }
    operations
}

/// The path with everything but the organisation and the submission, and with the query that it needs.
fn filled(template: &str, operation: &Value) -> String {
    let mut path = template
        .replace("{plan}", "cypp")
        .replace("{indicator}", "lunches")
        .replace("{measure}", "lunches")
        .replace("{period}", "FY2009-10");
    for parameter in in_query(operation).filter(|parameter| parameter["required"] == true) {
        let separator = if path.contains('?') { '&' } else { '?' };
        match parameter["name"].as_str().unwrap() {
            name @ ("from" | "as_at") => path.push_str(&format!("{separator}{name}=2010-03-31")),
            name => panic!("the tests have no value for the parameter {name}"),
        }
    }
    path
}

fn in_query(operation: &Value) -> impl Iterator<Item = &Value> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters.filter(|parameter| parameter["in"] == "query")
}

/// Makes what the paths name in an organisation; gives the id of a submission.
pub(super) fn furnish(waymark: &Waymark, organisation: &str) -> String {
    let path = format!("/v1/organisations/{organisation}");
    framework::plan(waymark, organisation);
    let officer = waymark.with(&[("performance_officer", organisation)]);
    let import = officer.request("POST", &format!("{path}/plans/cypp/imports?as_at=2010-03-31"));
    let imported = import.body("text/csv", framework::EXAMPLES).send().expect(200);
    let checks = format!("{path}/plans/cypp/measures/lunches/quality-checks");
    let _ = officer.post(&checks, &crate::quality::check("FY2009-10", "mmmmmmmm")).expect(201);
    let admin = waymark.with(&[("admin", organisation)]);
    let group = serde_json::json!({"title": "Neighbours", "members": ["derbyshire"]});
    let etag = admin.get(&path).etag();
    let _ = admin.put(&format!("{path}/peer-group"), &etag, &group).expect(200);
    imported.at("/submission").as_str().unwrap().to_owned()
}
