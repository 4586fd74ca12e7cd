//! Every change leaves one entry, whatever is changed and in whichever way.

use serde_json::{Value, json};
use waymark_api::cli::add_client;
use waymark_domain::access::{Grant, Role};
use waymark_tests::{Caller, OWN, on_both};

use super::{ORGANISATION, TRAIL, at, entries, entries_of};
use crate::framework::{self, EXAMPLES, MARCH, PLAN, indicator, new, new_measure, plan_content};
use crate::results::each;

/// Who changes what, how, where and with what; then the kind, the plan, the code and what was done; and a place with
/// its new value.
type Expected<'a> = (&'a Caller, &'a str, &'a str, String, Value, [&'a str; 4], &'a str, Value);

/// Changes of the organisation and of its indicators.
fn of_organisation<'a>(admin: &'a Caller, officer: &'a Caller) -> Vec<Expected<'a>> {
    let title = |title: &str| json!({"title": title, "unit": "percent", "precision": 1});
    let group = json!({"title": "Neighbours", "members": ["derbyshire"]});
    vec![
        (
            admin,
            "admin",
            "PUT",
            ORGANISATION.into(),
            json!({"title": "County"}),
            ["organisation", "", OWN, "changed"],
            "/title",
            json!("County"),
        ),
        (
            admin,
            "admin",
            "PUT",
            format!("{ORGANISATION}/peer-group"),
            group,
            ["organisation", "", OWN, "changed"],
            "/peer_group/title",
            json!("Neighbours"),
        ),
        (
            officer,
            "performance_officer",
            "POST",
            format!("{ORGANISATION}/indicators"),
            new("meals", title("Meals")),
            ["indicator", "", "meals", "created"],
            "/title",
            json!("Meals"),
        ),
        (
            officer,
            "performance_officer",
            "PUT",
            format!("{ORGANISATION}/indicators/meals"),
            title("Hot meals"),
            ["indicator", "", "meals", "changed"],
            "/title",
            json!("Hot meals"),
        ),
    ]
}

/// Changes of plans and of what they measure.
fn of_plans(officer: &Caller) -> Vec<Expected<'_>> {
    let mut renamed = plan_content();
    renamed["title"] = json!("The second plan");
    let mut led = new_measure("lunches", json!({}));
    led["lead"] = json!("Head of catering");
    for fixed in ["code", "indicator"] {
        led.as_object_mut().unwrap().remove(fixed);
    }
    vec![
        (
            officer,
            "performance_officer",
            "POST",
            format!("{ORGANISATION}/plans"),
            new("second", plan_content()),
            ["plan", "second", "second", "created"],
            "/title",
            plan_content()["title"].clone(),
        ),
        (
            officer,
            "performance_officer",
            "PUT",
            format!("{ORGANISATION}/plans/second"),
            renamed,
            ["plan", "second", "second", "changed"],
            "/title",
            json!("The second plan"),
        ),
        (
            officer,
            "performance_officer",
            "POST",
            format!("{PLAN}/measures"),
            new_measure("lunches", json!({})),
            ["measure", "cypp", "lunches", "created"],
            "/theme",
            json!("healthy"),
        ),
        (
            officer,
            "performance_officer",
            "PUT",
            format!("{PLAN}/measures/lunches"),
            led,
            ["measure", "cypp", "lunches", "changed"],
            "/lead",
            json!("Head of catering"),
        ),
    ]
}

/// What has no revisions of its own.
fn of_facts<'a>(judge: &'a Caller, submitter: &'a Caller) -> Vec<Expected<'a>> {
    let judgement = json!({"kind": "override", "rating": "green", "reason": "R", "from": "2010-03-01"});
    let results = json!({"results": [{"indicator": "lunches", "period": "FY2009-10", "value": 29}]});
    vec![
        (
            judge,
            "accountable_officer",
            "POST",
            format!("{PLAN}/measures/lunches/judgements"),
            judgement,
            ["judgement", "cypp", "lunches", "created"],
            "/rating",
            json!("green"),
        ),
        (
            submitter,
            "submitter",
            "POST",
            format!("{ORGANISATION}/results"),
            results,
            ["submission", "", "", "sent"],
            "/created",
            json!(1),
        ),
    ]
}

/// Checks that the entry by itself says the same as in the list, with the whole before and after.
fn check_whole(reader: &Caller, entry: &Value, pointer: &str, value: &Value) {
    let (thing, revision) = (entry["entity"].as_str().unwrap(), &entry["revision"]);
    let whole = reader.get(&format!("{TRAIL}/{thing}/{revision}")).expect(200).json();
    assert_eq!(whole["after"].pointer(pointer), Some(value), "{whole}");
    for field in ["entity", "revision", "recorded_at", "kind", "recorded_by", "roles", "request_id", "see"] {
        assert_eq!(whole[field], entry[field], "{field}");
    }
    if revision == 1 {
        assert_eq!(whole["before"], Value::Null);
        assert_eq!(at(entry, ""), (Value::Null, whole["after"].clone()));
    } else {
        // What is new at its place is returned whole at the place above.
        let place = if entry["changes"][0]["pointer"] == "/peer_group" { "/peer_group" } else { pointer };
        let (before, after) = at(entry, place);
        assert_eq!(whole["before"].pointer(place), Some(&before));
        assert_eq!(whole["after"].pointer(place), Some(&after));
    }
}

/// One of each kind that the framework and the results have. That no change of any noun goes unrecorded is checked
/// wherever a test changes something: see the harness's journal.
#[test]
fn each_change_leaves_one_entry_with_who_what_and_in_which_request() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        indicator(waymark, "lunches", json!({}));
        let (officer, admin) = (waymark.officer(), waymark.role("admin"));
        let judge = waymark.role("accountable_officer");
        let submitter = waymark.role("submitter");
        let changes = of_organisation(&admin, &officer).into_iter().chain(of_plans(&officer));
        let changes = changes.chain(of_facts(&judge, &submitter));
        for (number, (caller, role, method, path, body, [kind, plan, code, change], pointer, value)) in
            changes.enumerate()
        {
            let id = format!("step-{number}");
            let recorded = entries_of(waymark, caller, &id, method, &path, &body);
            let [entry] = recorded.as_slice() else { panic!("{method} {path}: {recorded:?}") };
            let or_none = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
            let expected = json!({
                "kind": kind, "plan": or_none(plan), "code": or_none(code), "change": change,
                "recorded_by": format!("user:{role} of {OWN}"), "roles": [role], "request_id": id,
                "changes_left_out": 0,
            });
            for (field, value) in expected.as_object().unwrap() {
                assert_eq!(&entry[field], value, "{method} {path}: {field}");
            }
            check_whole(&officer, entry, pointer, &value);
        }
    });
}

#[test]
fn a_submission_says_where_its_rows_are() {
    on_both(|waymark| {
        framework::examples(waymark);
        let submitter = waymark.role("submitter");
        let rows = |value: i64| {
            json!({"results": [
            {"indicator": "lunches", "period": "FY2009-10", "value": value},
            {"indicator": "lunches", "period": "FY2008-09", "value": 27}]})
        };
        let results = format!("{ORGANISATION}/results");
        let first = entries_of(waymark, &submitter, "first", "POST", &results, &rows(30));
        let second = entries_of(waymark, &submitter, "second", "POST", &results, &rows(31));
        let counts = |entry: &Value| {
            let after = at(entry, "").1;
            ["created", "superseded", "unchanged", "rejected"].map(|count| after[count].as_i64().unwrap())
        };
        assert_eq!(counts(&first[0]), [2, 0, 0, 0]);
        assert_eq!(counts(&second[0]), [0, 1, 1, 0]);
        let officer = waymark.officer();
        let see =
            |entry: &Value| [0, 1].map(|n| officer.get(entry["see"][n].as_str().unwrap()).expect(200).json());
        let [submission, brought] = see(&first[0]);
        assert_eq!(submission["id"], first[0]["entity"]);
        assert_eq!(submission["received_at"], first[0]["recorded_at"]);
        // Although one of them is superseded by now.
        assert_eq!(each(&brought["items"], "value"), [27, 30]);
        assert_eq!(each(&see(&second[0])[1]["items"], "value"), [31]);
    });
}

#[test]
fn an_import_leaves_one_entry_for_each_thing_and_one_for_its_results() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        let officer = waymark.officer();
        let path = format!("{PLAN}/imports?as_at={MARCH}");
        let import = |id: &str, query: &str| {
            let request = officer.request("POST", &format!("{path}{query}")).header("x-request-id", id);
            request.body("text/csv", EXAMPLES).send().expect(200)
        };
        let _ = import("tried", "&validate_only=true");
        assert!(entries(&officer, "?request_id=tried").is_empty());
        let _ = import("imported", "");
        let recorded = entries(&officer, "?request_id=imported");
        let of = |kind: &str| recorded.iter().filter(|entry| entry["kind"] == kind).count();
        assert_eq!((of("indicator"), of("measure"), of("submission")), (8, 8, 1));
        let mut things: Vec<(&Value, &Value)> =
            recorded.iter().map(|entry| (&entry["entity"], &entry["revision"])).collect();
        let all = things.len();
        things.sort_by_key(|(entity, revision)| (entity.to_string(), revision.as_i64()));
        things.dedup();
        assert_eq!(things.len(), all, "each once");
        assert!(
            recorded.iter().filter(|entry| entry["kind"] == "measure").all(|entry| entry["plan"] == "cypp")
        );
    });
}

#[test]
fn what_did_not_happen_is_not_recorded() {
    on_both(|waymark| {
        let officer = waymark.officer();
        let before = entries(&officer, "");
        let admin = waymark.role("admin");
        let _ = admin.put(ORGANISATION, "\"1-stale\"", &json!({"title": "Lost"})).expect(412);
        let _ = admin.put(ORGANISATION, "*", &json!({"title": ""})).expect(422);
        let _ = officer.put(ORGANISATION, "*", &json!({"title": "Mine"})).expect(403);
        let _ = officer
            .post(&format!("{ORGANISATION}/results"), &json!({"results": [{"indicator": "X"}]}))
            .expect(422);
        assert_eq!(entries(&officer, ""), before);
        // Sent again with its key, a change is made once and recorded once.
        let body = new("cypp", plan_content());
        for _ in 0..2 {
            let request =
                officer.request("POST", &format!("{ORGANISATION}/plans")).header("idempotency-key", "k");
            let _ = request.json(&body).send().expect(201);
        }
        assert_eq!(entries(&officer, "").len(), before.len() + 1);
    });
}

#[test]
fn clients_are_in_the_trail_of_the_catalogue() {
    on_both(|waymark| {
        let grant = Grant { role: Role::Submitter, reach: OWN.parse().unwrap() };
        let (id, secret) = add_client(&waymark.store(), "case management", &[grant]).unwrap();
        let officer = waymark.with(&[("performance_officer", "national")]);
        let path = "/v1/organisations/national/trail";
        let recorded = officer.get(&format!("{path}?kind=client")).expect(200);
        assert_eq!(recorded.at("/items/0/entity"), id.to_string());
        assert_eq!(recorded.at("/items/0/code"), "case management");
        assert_eq!(recorded.at("/items/0/recorded_by"), "waymark client");
        assert_eq!(recorded.at("/items/0/roles"), json!([]));
        for path in [format!("{path}?kind=client"), format!("{path}/export")] {
            let text = officer.get(&path).expect(200).text;
            assert!(!text.contains(&secret) && !text.contains("argon2"), "{text}");
        }
    });
}
