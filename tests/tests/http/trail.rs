//! `/v1/organisations/{organisation}/trail`: every change leaves one entry, and nobody alters it.

use serde_json::{Value, json};
use waymark_api::command::add_client;
use waymark_domain::access::{Grant, Role};
use waymark_domain::code::Code;
use waymark_persistence::{Change, Connection, StoreError, organisation};
use waymark_tests::{Caller, FOREIGN, OWN, Waymark, on_both};

use crate::framework::{self, EXAMPLES, MARCH, PLAN, indicator, new, new_measure, plan_content};
use crate::results::each;

const ORGANISATION: &str = "/v1/organisations/leicestershire";
const TRAIL: &str = "/v1/organisations/leicestershire/trail";

/// All entries that a query finds, a page after the other.
fn entries(caller: &Caller, query: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut next = Some(format!("{TRAIL}{query}"));
    while let Some(path) = next {
        let page = caller.get(&path).expect(200).json();
        found.extend(page["items"].as_array().unwrap().iter().cloned());
        next = page["next"].as_str().map(str::to_owned);
    }
    found
}

/// Does something under a request id, and gives what the trail tells of it.
fn told_of(
    waymark: &Waymark,
    caller: &Caller,
    id: &str,
    method: &str,
    path: &str,
    body: &Value,
) -> Vec<Value> {
    let request = caller.request(method, path).header("x-request-id", id).header("if-match", "*").json(body);
    let answer = request.send();
    assert!(matches!(answer.status, 200 | 201), "{method} {path}: {}", answer.text);
    entries(&waymark.officer(), &format!("?request_id={id}"))
}

/// What an entry says of a place: before and after, null where it was not there.
fn at(entry: &Value, pointer: &str) -> (Value, Value) {
    let changes = entry["changes"].as_array().unwrap();
    let change = changes.iter().find(|change| change["pointer"] == pointer);
    let change = change.unwrap_or_else(|| panic!("nothing at {pointer}: {entry}"));
    (change["before"].clone(), change["after"].clone())
}

/// Who changes what, how, where and with what; then the kind, the plan, the code and what was done; and a place with
/// its new value.
type Expected<'a> = (&'a Caller, &'a str, &'a str, String, Value, [&'a str; 4], &'a str, Value);

/// One of each kind that the framework and the results have. That no change of any noun goes untold is checked
/// wherever a test changes something: see the harness's journal.
#[test]
fn each_change_leaves_one_entry_with_who_what_and_in_which_request() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        indicator(waymark, "lunches", json!({}));
        let (officer, admin) = (waymark.officer(), waymark.role("admin"));
        let judge = waymark.role("accountable_officer");
        let submitter = waymark.role("submitter");
        let title = |title: &str| json!({"title": title, "unit": "percent", "precision": 1});
        let mut renamed = plan_content();
        renamed["title"] = json!("The second plan");
        let mut led = new_measure("lunches", json!({}));
        led["lead"] = json!("Head of catering");
        for fixed in ["code", "indicator"] {
            led.as_object_mut().unwrap().remove(fixed);
        }
        let judgement = json!({"kind": "override", "rating": "green", "reason": "R", "from": "2010-03-01"});
        let results = json!({"results": [{"indicator": "lunches", "period": "FY2009-10", "value": 29}]});
        let group = json!({"title": "Neighbours", "members": ["derbyshire"]});
        let measure = format!("{PLAN}/measures/lunches");
        let changes: [Expected<'_>; 10] = [
            (
                &admin,
                "admin",
                "PUT",
                ORGANISATION.into(),
                json!({"title": "County"}),
                ["organisation", "", OWN, "changed"],
                "/title",
                json!("County"),
            ),
            (
                &admin,
                "admin",
                "PUT",
                format!("{ORGANISATION}/peer-group"),
                group,
                ["organisation", "", OWN, "changed"],
                "/peer_group/title",
                json!("Neighbours"),
            ),
            (
                &officer,
                "performance_officer",
                "POST",
                format!("{ORGANISATION}/indicators"),
                new("meals", title("Meals")),
                ["indicator", "", "meals", "created"],
                "/title",
                json!("Meals"),
            ),
            (
                &officer,
                "performance_officer",
                "PUT",
                format!("{ORGANISATION}/indicators/meals"),
                title("Hot meals"),
                ["indicator", "", "meals", "changed"],
                "/title",
                json!("Hot meals"),
            ),
            (
                &officer,
                "performance_officer",
                "POST",
                format!("{ORGANISATION}/plans"),
                new("second", plan_content()),
                ["plan", "second", "second", "created"],
                "/title",
                plan_content()["title"].clone(),
            ),
            (
                &officer,
                "performance_officer",
                "PUT",
                format!("{ORGANISATION}/plans/second"),
                renamed,
                ["plan", "second", "second", "changed"],
                "/title",
                json!("The second plan"),
            ),
            (
                &officer,
                "performance_officer",
                "POST",
                format!("{PLAN}/measures"),
                new_measure("lunches", json!({})),
                ["measure", "cypp", "lunches", "created"],
                "/theme",
                json!("healthy"),
            ),
            (
                &officer,
                "performance_officer",
                "PUT",
                measure.clone(),
                led,
                ["measure", "cypp", "lunches", "changed"],
                "/lead",
                json!("Head of catering"),
            ),
            (
                &judge,
                "accountable_officer",
                "POST",
                format!("{measure}/judgements"),
                judgement,
                ["judgement", "cypp", "lunches", "created"],
                "/rating",
                json!("green"),
            ),
            (
                &submitter,
                "submitter",
                "POST",
                format!("{ORGANISATION}/results"),
                results,
                ["submission", "", "", "sent"],
                "/created",
                json!(1),
            ),
        ];
        for (number, (caller, role, method, path, body, [kind, plan, code, change], pointer, value)) in
            changes.into_iter().enumerate()
        {
            let id = format!("step-{number}");
            let told = told_of(waymark, caller, &id, method, &path, &body);
            let [entry] = told.as_slice() else { panic!("{method} {path}: {told:?}") };
            let or_none = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
            let expected = json!({
                "kind": kind, "plan": or_none(plan), "code": or_none(code), "change": change,
                "author": format!("user:{role} of {OWN}"), "roles": [role], "request_id": id,
                "changes_left_out": 0,
            });
            for (field, value) in expected.as_object().unwrap() {
                assert_eq!(&entry[field], value, "{method} {path}: {field}");
            }
            let (thing, revision) = (entry["entity"].as_str().unwrap(), &entry["revision"]);
            let whole = officer.get(&format!("{TRAIL}/{thing}/{revision}")).expect(200).json();
            assert_eq!(whole["after"].pointer(pointer), Some(&value), "{method} {path}: {whole}");
            for field in ["entity", "revision", "recorded_at", "kind", "author", "roles", "request_id", "see"]
            {
                assert_eq!(whole[field], entry[field], "{field}");
            }
            if revision == 1 {
                assert_eq!(whole["before"], Value::Null);
                assert_eq!(at(entry, ""), (Value::Null, whole["after"].clone()));
            } else {
                // What is new at its place is told whole at the place above.
                let place =
                    if entry["changes"][0]["pointer"] == "/peer_group" { "/peer_group" } else { pointer };
                let (before, after) = at(entry, place);
                assert_eq!(whole["before"].pointer(place), Some(&before));
                assert_eq!(whole["after"].pointer(place), Some(&after));
            }
        }
    });
}

#[test]
fn a_submission_tells_where_its_rows_are() {
    on_both(|waymark| {
        framework::examples(waymark);
        let submitter = waymark.role("submitter");
        let rows = |value: i64| {
            json!({"results": [
            {"indicator": "lunches", "period": "FY2009-10", "value": value},
            {"indicator": "lunches", "period": "FY2008-09", "value": 27}]})
        };
        let results = format!("{ORGANISATION}/results");
        let first = told_of(waymark, &submitter, "first", "POST", &results, &rows(30));
        let second = told_of(waymark, &submitter, "second", "POST", &results, &rows(31));
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
        let told = entries(&officer, "?request_id=imported");
        let of = |kind: &str| told.iter().filter(|entry| entry["kind"] == kind).count();
        assert_eq!((of("indicator"), of("measure"), of("submission")), (8, 8, 1));
        let mut things: Vec<(&Value, &Value)> =
            told.iter().map(|entry| (&entry["entity"], &entry["revision"])).collect();
        let all = things.len();
        things.sort_by_key(|(entity, revision)| (entity.to_string(), revision.as_i64()));
        things.dedup();
        assert_eq!(things.len(), all, "each once");
        assert!(told.iter().filter(|entry| entry["kind"] == "measure").all(|entry| entry["plan"] == "cypp"));
    });
}

#[test]
fn what_did_not_happen_is_not_told() {
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
        // Sent again with its key, a change is made once and told once.
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
fn the_trail_is_read_by_filter() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let admin = waymark.role("admin");
        let _ = admin.put(ORGANISATION, "*", &json!({"title": "County"})).expect(200);
        let all = entries(&officer, "");
        let times: Vec<(&str, &str)> = all
            .iter()
            .map(|entry| (entry["recorded_at"].as_str().unwrap(), entry["entity"].as_str().unwrap()))
            .collect();
        assert!(times.windows(2).all(|pair| pair[0].0 >= pair[1].0), "newest first");
        let only = |query: &str| entries(&officer, query);
        let kept = |test: &dyn Fn(&Value) -> bool| {
            all.iter().filter(|entry| test(entry)).cloned().collect::<Vec<_>>()
        };
        assert_eq!(only("?kind=measure"), kept(&|entry| entry["kind"] == "measure"));
        assert_eq!(only("?kind=measure").len(), 8);
        let by_admin = only(&format!("?author=user:admin%20of%20{OWN}"));
        assert_eq!(by_admin, kept(&|entry| entry["author"] == json!(format!("user:admin of {OWN}"))));
        assert_eq!(by_admin.len(), 1);
        let of_plan = only("?plan=cypp");
        assert_eq!(of_plan, kept(&|entry| entry["plan"] == "cypp"));
        assert!(only("?plan=other").is_empty());
        let thing = by_admin[0]["entity"].as_str().unwrap();
        assert_eq!(only(&format!("?entity={thing}")).len(), 2, "founded and renamed");
        // The span holds its beginning and not its end.
        let last = times[0].0;
        assert_eq!(only(&format!("?from={last}")), all[..1]);
        assert_eq!(only(&format!("?to={last}")), all[1..]);
        assert_eq!(only("?kind=measure&plan=cypp&limit=3").len(), 8);
        for (query, place, code) in [
            (format!("from={last}&to={last}"), "to", "before_start"),
            ("from=yesterday".into(), "from", "invalid_value"),
            ("entity=lunches".into(), "entity", "invalid_value"),
            ("plan=a%20b".into(), "plan", "bad_character"),
            ("kind=%00".into(), "kind", "bad_character"),
            ("revision=1".into(), "revision", "unknown_field"),
        ] {
            let refused = officer.get(&format!("{TRAIL}?{query}")).problem(400, "invalid-query");
            refused.has_faults(&[(place, code)]);
        }
    });
}

#[test]
fn pages_stay_as_they_are_while_others_change_things() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let admin = waymark.role("admin");
        let all = entries(&officer, "");
        let mut walked = Vec::new();
        let mut next = Some(format!("{TRAIL}?limit=4"));
        while let Some(path) = next {
            let page = officer.get(&path).expect(200).json();
            walked.extend(page["items"].as_array().unwrap().iter().cloned());
            next = page["next"].as_str().map(str::to_owned);
            let _ = admin
                .put(ORGANISATION, "*", &json!({"title": format!("Title {}", walked.len())}))
                .expect(200);
        }
        assert_eq!(walked, all);
    });
}

#[test]
fn nothing_of_others_is_told() {
    on_both(|waymark| {
        framework::plan(waymark, FOREIGN);
        let foreign_officer = waymark.with(&[("performance_officer", FOREIGN)]);
        let path = format!("/v1/organisations/{FOREIGN}/trail");
        let foreign = foreign_officer.get(&path).expect(200).json();
        assert_eq!(each(&foreign["items"], "kind"), ["plan", "organisation"]);
        let officer = waymark.officer();
        let own = entries(&officer, "");
        for entry in foreign["items"].as_array().unwrap() {
            let thing = entry["entity"].as_str().unwrap();
            let _ = officer.get(&format!("{TRAIL}/{thing}/1")).problem(404, "not-found");
            let _ = officer.get(&format!("{path}/{thing}/1")).problem(404, "not-found");
            assert!(entries(&officer, &format!("?entity={thing}")).is_empty());
            assert!(own.iter().all(|own| own["entity"] != thing));
        }
        for path in [path.clone(), format!("{path}/export")] {
            let _ = officer.get(&path).problem(404, "not-found");
        }
        // What somebody is elsewhere is not told here.
        let of_both = waymark.with(&[("reader", FOREIGN), ("admin", OWN), ("performance_officer", "*")]);
        let told = told_of(waymark, &of_both, "both", "PUT", ORGANISATION, &json!({"title": "County"}));
        assert_eq!(told[0]["roles"], json!(["admin", "performance_officer"]));
        let nothing = format!("{TRAIL}/{}/2", own[0]["entity"].as_str().unwrap());
        let _ = officer.get(&nothing.replace("/2", "/9")).problem(404, "not-found");
    });
}

#[test]
fn the_trail_cannot_be_altered_through_the_api() {
    on_both(|waymark| {
        let caller =
            waymark.with(&[("admin", "*"), ("performance_officer", "*"), ("accountable_director", "*")]);
        let before = entries(&caller, "");
        let entry = format!("{TRAIL}/{}/1", before[0]["entity"].as_str().unwrap());
        for path in [TRAIL, &format!("{TRAIL}/export"), &entry] {
            for method in ["POST", "PUT", "PATCH", "DELETE"] {
                let answer = caller.request(method, path).header("if-match", "*").json(&json!({})).send();
                assert_eq!(answer.problem(405, "method-not-allowed").header("allow"), Some("GET"));
            }
        }
        assert_eq!(entries(&caller, ""), before);
    });
}

/// Gives the organisation so many revisions more, as quickly as that can be done.
fn rename(waymark: &Waymark, times: i64) {
    let code = Code::new(OWN).unwrap();
    let renamed: Result<(), StoreError> = waymark.store().write(|connection: &mut Connection| {
        for _ in 0..times {
            let found = organisation::find(connection, &code, None)?.unwrap().versioned;
            let change = Change {
                author: "=cmd, \"quoted\"".into(),
                roles: String::new(),
                request_id: "many".into(),
                at: chrono::Utc::now(),
            };
            organisation::update(connection, found.id, found.revision, &found.content, &change)?;
        }
        Ok(())
    });
    renamed.unwrap();
}

/// Longer than what is read at once.
#[test]
fn an_export_is_the_whole_list() {
    on_both(|waymark| {
        framework::examples(waymark);
        rename(waymark, 450);
        let officer = waymark.officer();
        let all = entries(&officer, "?limit=500");
        assert!(all.len() > 450);
        let path = format!("{TRAIL}/export");
        let file = officer.get(&path).expect(200);
        assert_eq!(file.header("content-type"), Some("application/x-ndjson"));
        let name = "attachment; filename=\"trail-leicestershire.ndjson\"";
        assert_eq!(file.header("content-disposition"), Some(name));
        let lines: Vec<Value> = file.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), all.len());
        for (line, entry) in lines.iter().zip(&all) {
            for field in
                ["entity", "revision", "recorded_at", "kind", "plan", "code", "change", "author", "roles"]
            {
                assert_eq!(line[field], entry[field], "{field}");
            }
        }
        let measure = all.iter().position(|entry| entry["kind"] == "measure").unwrap();
        let thing = all[measure]["entity"].as_str().unwrap();
        assert_eq!(lines[measure], officer.get(&format!("{TRAIL}/{thing}/1")).expect(200).json());

        let table = officer.get(&format!("{path}?format=csv")).expect(200);
        assert_eq!(table.header("content-type"), Some("text/csv"));
        assert!(table.text.starts_with(
            "recorded_at,kind,plan,code,entity,revision,change,author,roles,request_id,before,after\r\n"
        ));
        assert_eq!(table.text.lines().count(), all.len() + 1);

        // Spans that follow each other tell each change once.
        let middle = lines[200]["recorded_at"].as_str().unwrap();
        let count = |query: &str| officer.get(&format!("{path}?{query}")).expect(200).text.lines().count();
        assert_eq!(count(&format!("from={middle}")) + count(&format!("to={middle}")), all.len());
        assert_eq!(count("from=2999-01-01T00:00:00Z"), 0);
        let refused = officer.get(&format!("{path}?format=xml")).problem(400, "invalid-query");
        refused.has_faults(&[("format", "unknown_value")]);
    });
}

#[test]
fn an_export_is_not_sent_twice_unless_something_was_changed() {
    on_both(|waymark| {
        let officer = waymark.officer();
        let path = format!("{TRAIL}/export");
        let tag = officer.get(&path).expect(200).etag();
        let again = |path: &str| officer.request("GET", path).header("if-none-match", &tag).send();
        let known = again(&path).expect(304);
        assert_eq!((known.text.as_str(), known.etag()), ("", tag.clone()));
        let _ = again(&format!("{path}?format=csv")).expect(200);
        rename(waymark, 1);
        let _ = again(&path).expect(200);
    });
}

#[test]
fn clients_are_in_the_trail_of_the_catalogue() {
    on_both(|waymark| {
        let grant = Grant { role: Role::Submitter, reach: OWN.parse().unwrap() };
        let (id, secret) = add_client(&waymark.store(), "case management", &[grant]).unwrap();
        let officer = waymark.with(&[("performance_officer", "national")]);
        let path = "/v1/organisations/national/trail";
        let told = officer.get(&format!("{path}?kind=client")).expect(200);
        assert_eq!(told.at("/items/0/entity"), id.to_string());
        assert_eq!(told.at("/items/0/code"), "case management");
        assert_eq!(told.at("/items/0/author"), "waymark client");
        assert_eq!(told.at("/items/0/roles"), json!([]));
        for path in [format!("{path}?kind=client"), format!("{path}/export")] {
            let text = officer.get(&path).expect(200).text;
            assert!(!text.contains(&secret) && !text.contains("argon2"), "{text}");
        }
    });
}
