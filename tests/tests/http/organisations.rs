//! `/v1/organisations` and `.../{organisation}/peer-group`.

use serde_json::{Value, json};
use waymark_tests::{FOREIGN, OWN, on_both};

#[test]
fn an_organisation_is_created_and_read_back() {
    on_both(|waymark| {
        let admin = waymark.everywhere("admin");
        let sent = json!({"code": "derby.city_2", "title": "Derby", "small_count_threshold": 10});
        let created = admin.post("/v1/organisations", &sent).expect(201);
        assert_eq!(created.header("location"), Some("/v1/organisations/derby.city_2"));
        let read = admin.get("/v1/organisations/derby.city_2").expect(200);
        assert_eq!(read.json(), created.json());
        assert_eq!(read.etag(), created.etag());
        for (field, value) in sent.as_object().unwrap() {
            assert_eq!(&read.json()[field], value);
        }
        assert_eq!(read.at("/revision"), 1);
        assert_eq!(read.at("/peer_group"), Value::Null);
    });
}

/// Source: DOMAIN.md, "5 unless it says otherwise".
#[test]
fn the_threshold_of_small_counts_is_five_unless_it_is_said() {
    on_both(|waymark| {
        let read = waymark.reader().get(&format!("/v1/organisations/{OWN}")).expect(200);
        assert_eq!(read.at("/small_count_threshold"), 5);
    });
}

#[test]
fn a_code_is_taken_once() {
    on_both(|waymark| {
        let admin = waymark.everywhere("admin");
        for code in [OWN, "national"] {
            let again = admin.post("/v1/organisations", &json!({"code": code, "title": "Another"}));
            let _ = again.problem(409, "conflict");
        }
        assert_eq!(admin.get(&format!("/v1/organisations/{OWN}")).at("/title"), "Leicestershire");
    });
}

#[test]
fn an_organisation_is_replaced_and_keeps_its_peer_group() {
    on_both(|waymark| {
        let path = format!("/v1/organisations/{OWN}");
        let admin = waymark.role("admin");
        let group = json!({"title": "Statistical neighbours", "members": ["derbyshire", "rutland"]});
        let named = admin.put(&format!("{path}/peer-group"), &admin.get(&path).etag(), &group).expect(200);
        assert_eq!(named.at("/peer_group"), group);
        assert_eq!(named.at("/revision"), 2);
        assert_eq!(admin.get(&format!("{path}/peer-group")).expect(200).json(), group);

        let renamed =
            admin.replace(&path, &json!({"title": "County", "small_count_threshold": 0})).expect(200);
        assert_eq!(renamed.at("/title"), "County");
        assert_eq!(renamed.at("/small_count_threshold"), 0);
        assert_eq!(renamed.at("/peer_group"), group);
        assert_eq!(renamed.at("/revision"), 3);
        assert_eq!(admin.get(&path).json(), renamed.json());
        assert_eq!(admin.get(&path).etag(), renamed.etag());
    });
}

#[test]
fn an_organisation_without_a_peer_group_has_none() {
    on_both(|waymark| {
        let asked = waymark.reader().get(&format!("/v1/organisations/{OWN}/peer-group"));
        let _ = asked.problem(404, "not-found");
    });
}

#[test]
fn every_fault_of_an_organisation_is_reported_at_once() {
    on_both(|waymark| {
        let admin = waymark.everywhere("admin");
        let sent = json!({"code": "a b", "title": " padded", "small_count_threshold": 1001});
        let refused = admin.post("/v1/organisations", &sent).problem(422, "invalid-body");
        refused.has_faults(&[
            ("/code", "bad_character"),
            ("/title", "not_trimmed"),
            ("/small_count_threshold", "too_large"),
        ]);
        for (code, fault) in [("", "empty"), ("-a", "bad_character"), (&*"x".repeat(65), "too_long")] {
            let refused = admin.post("/v1/organisations", &json!({"code": code, "title": "T"}));
            refused.problem(422, "invalid-body").has_faults(&[("/code", fault)]);
        }
    });
}

#[test]
fn a_peer_group_has_others_each_once() {
    on_both(|waymark| {
        let path = format!("/v1/organisations/{OWN}");
        let admin = waymark.role("admin");
        let etag = admin.get(&path).etag();
        let group = json!({"title": "Neighbours", "members": ["derbyshire", OWN, "derbyshire", "x y"]});
        let refused = admin.put(&format!("{path}/peer-group"), &etag, &group).problem(422, "invalid-body");
        refused.has_faults(&[
            ("/members/1", "duplicate"),
            ("/members/2", "duplicate"),
            ("/members/3", "bad_character"),
        ]);
        let many: Vec<String> = (0..101).map(|n| format!("council-{n}")).collect();
        let refused =
            admin.put(&format!("{path}/peer-group"), &etag, &json!({"title": "T", "members": many}));
        refused.problem(422, "invalid-body").has_faults(&[("/members", "too_many")]);
    });
}

#[test]
fn the_list_shows_what_the_caller_may_see() {
    on_both(|waymark| {
        let codes = |caller: waymark_tests::Caller| {
            let page = caller.get("/v1/organisations").expect(200).at("/items");
            let items = page.as_array().unwrap().clone();
            items.iter().map(|item| item["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(codes(waymark.everywhere("reader")), [OWN, "national", FOREIGN]);
        assert_eq!(codes(waymark.reader()), [OWN, "national"]);
        assert_eq!(
            codes(waymark.with(&[("submitter", FOREIGN), ("reader", OWN)])),
            [OWN, "national", FOREIGN]
        );
        assert_eq!(codes(waymark.with(&[])), ["national"]);
    });
}

/// What is foreign and what is not there cannot be distinguished.
#[test]
fn a_foreign_organisation_is_as_good_as_none() {
    on_both(|waymark| {
        let reader = waymark.reader();
        let seen = |code: &str| {
            let body = reader.get(&format!("/v1/organisations/{code}")).problem(404, "not-found").json();
            (body["type"].clone(), body["title"].clone(), body["detail"].clone())
        };
        assert_eq!(seen(FOREIGN), seen("atlantis"));
    });
}

#[test]
fn everybody_reads_the_catalogue() {
    on_both(|waymark| {
        let shown = waymark.reader().get("/v1/organisations/national").expect(200);
        assert_eq!(shown.at("/code"), "national");
        let admin = waymark.role("admin");
        let renamed = admin.put("/v1/organisations/national", &shown.etag(), &json!({"title": "Ours"}));
        let _ = renamed.problem(403, "forbidden");
    });
}
