//! Every operation of the contract, with a request that is sound up to its body.

use serde_json::{Value, json};
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
    pub(super) fn ask(&self, caller: &Caller, made: &Furnished, organisation: &str) -> Request {
        let path = made.named(&self.path, organisation);
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

/// What stands in paths for what [`furnish`] made: the parts of the templates and their values.
pub(super) struct Furnished(Vec<(&'static str, String)>);

impl Furnished {
    /// A path with what it names in the organisation that was furnished.
    pub(super) fn named(&self, path: &str, organisation: &str) -> String {
        let path = path.replace("{organisation}", organisation);
        self.0.iter().fold(path, |path, (part, name)| path.replace(part, name))
    }
}

/// The path with the query that it needs.
fn filled(template: &str, operation: &Value) -> String {
    let mut path = template.to_owned();
    for parameter in in_query(operation).filter(|parameter| parameter["required"] == true) {
        let separator = if path.contains('?') { '&' } else { '?' };
        match parameter["name"].as_str().unwrap() {
            name @ ("from" | "as_at") => path.push_str(&format!("{separator}{name}=2010-03-31")),
            "quarter" => path.push_str(&format!("{separator}quarter=FY2009-10-Q3")),
            name => panic!("the tests have no value for the parameter {name}"),
        }
    }
    path
}

fn in_query(operation: &Value) -> impl Iterator<Item = &Value> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters.filter(|parameter| parameter["in"] == "query")
}

/// Makes what the paths name in an organisation.
pub(super) fn furnish(waymark: &Waymark, organisation: &str) -> Furnished {
    let path = format!("/v1/organisations/{organisation}");
    let plan = format!("{path}/plans/cypp");
    framework::plan(waymark, organisation);
    let officer = waymark.with(&[("performance_officer", organisation)]);
    let import = officer.request("POST", &format!("{plan}/imports?as_at=2010-03-31"));
    let imported = import.body("text/csv", framework::EXAMPLES).send().expect(200);
    let admin = waymark.with(&[("admin", organisation)]);
    let group = json!({"title": "Neighbours", "members": ["derbyshire"]});
    let etag = admin.get(&path).etag();
    let _ = admin.put(&format!("{path}/peer-group"), &etag, &group).expect(200);
    let target = json!({"proposals": [crate::target_setting::runaways()]});
    let target = officer.post(&format!("{plan}/target-proposals"), &target).expect(201).at("/items/0/id");
    let deletion = json!({"proposals": [
        {"measure": "runaways", "category": "no_longer_collected", "reason": "They are no longer counted."},
    ], "proposed_on": "2010-03-31"});
    let deletion = officer.post(&format!("{plan}/deletions"), &deletion).expect(201).at("/items/0/id");
    let checks = format!("{plan}/measures/lunches/quality-checks");
    let _ = officer.post(&checks, &crate::quality::check("FY2009-10", "mmmmmmmm")).expect(201);
    let notice = json!({
        "code": "notice", "title": "Improvement notice", "authority": "Secretary of State", "issued_on": "2010-03-01",
        "requirements": [{"code": "IN 1.1", "text": "Respond to every referral."}],
    });
    let _ = officer.post(&format!("{plan}/notices"), &notice).expect(201);
    let promise = json!({"code": "centres", "theme": "healthy", "text": "T", "responsible": "Head"});
    let _ = officer.post(&format!("{plan}/commitments"), &promise).expect(201);
    let accountable = waymark.with(&[("accountable_officer", organisation)]);
    let tracker = json!({"priority": "HW-1d", "quarter": "FY2009-10-Q3", "narrative": "N"});
    let _ = accountable.post(&format!("{plan}/trackers"), &tracker).expect(201);
    let text = |value: Value| value.as_str().unwrap().to_owned();
    let submission = text(imported.at("/submission"));
    Furnished(vec![
        // The trail lists the submission too.
        ("{entity}", submission.clone()),
        ("{submission}", submission),
        ("{plan}", "cypp".into()),
        ("{indicator}", "lunches".into()),
        ("{measure}", "lunches".into()),
        ("{proposal}", text(target)),
        ("{deletion}", text(deletion)),
        ("{period}", "FY2009-10".into()),
        ("{notice}", "notice".into()),
        ("{commitment}", "centres".into()),
        ("{priority}", "HW-1d".into()),
        ("{quarter}", "FY2009-10-Q3".into()),
        ("{revision}", "1".into()),
    ])
}
