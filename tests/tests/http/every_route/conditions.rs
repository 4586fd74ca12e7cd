//! Entity tags: nothing is sent twice, and no change is lost.

use serde_json::json;
use waymark_tests::{OWN, on_both};

#[test]
fn what_the_caller_has_is_not_sent_again() {
    on_both(|waymark| {
        let reader = waymark.reader();
        for path in ["/v1/organisations", &format!("/v1/organisations/{OWN}"), "/openapi.json"] {
            let first = reader.get(path).expect(200);
            let again = |tags: &str| reader.request("GET", path).header("if-none-match", tags).send();
            for tags in
                [&*first.etag(), "*", &format!("\"other\", {}", first.etag()), &format!("W/{}", first.etag())]
            {
                let known = again(tags).expect(304);
                assert_eq!(known.text, "");
                assert_eq!(known.etag(), first.etag());
            }
            assert_eq!(again("\"other\"").expect(200).text, first.text);
        }
    });
}

#[test]
fn an_entity_tag_does_not_depend_on_the_caller() {
    on_both(|waymark| {
        let path = format!("/v1/organisations/{OWN}");
        let tag = waymark.reader().get(&path).expect(200).etag();
        assert_eq!(waymark.officer().get(&path).expect(200).etag(), tag);
        assert_eq!(waymark.everywhere("admin").get(&path).expect(200).etag(), tag);
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag} is strong");
    });
}

#[test]
fn caches_keep_answers_apart_by_token() {
    on_both(|waymark| {
        let answer = waymark.reader().get("/v1/organisations").expect(200);
        assert!(answer.header("vary").unwrap().to_lowercase().contains("authorization"));
        assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
    });
}

#[test]
fn a_change_is_made_from_what_was_read() {
    on_both(|waymark| {
        let admin = waymark.role("admin");
        let path = format!("/v1/organisations/{OWN}");
        let body = json!({"title": "County"});
        let first = admin.get(&path).etag();
        let _ = admin.request("PUT", &path).json(&body).send().problem(428, "precondition-required");
        let changed = admin.put(&path, &first, &body).expect(200);
        assert_ne!(changed.etag(), first);
        let late = admin.put(&path, &first, &json!({"title": "Lost"})).problem(412, "precondition-failed");
        assert_eq!(late.header("etag"), None);
        let weak = format!("W/{}", changed.etag());
        let _ = admin.put(&path, &weak, &body).problem(412, "precondition-failed");
        assert_eq!(admin.get(&path).at("/title"), "County");
        let _ = admin.put(&path, "*", &json!({"title": "Whatever it is"})).expect(200);
    });
}

/// Another thing at the same revision has another tag.
#[test]
fn the_tag_of_one_thing_does_not_fit_another() {
    on_both(|waymark| {
        let admin = waymark.everywhere("admin");
        let other = admin.get("/v1/organisations/rutland").expect(200).etag();
        let put = admin.put(&format!("/v1/organisations/{OWN}"), &other, &json!({"title": "T"}));
        let _ = put.problem(412, "precondition-failed");
    });
}

#[test]
fn what_is_no_entity_tag_is_refused() {
    on_both(|waymark| {
        let admin = waymark.role("admin");
        let path = format!("/v1/organisations/{OWN}");
        let put = admin.put(&path, "1-abc", &json!({"title": "T"})).problem(400, "invalid-header");
        put.has_faults(&[("if-match", "invalid_value")]);
        let get = admin.request("GET", &path).header("if-none-match", "1-abc").send();
        get.problem(400, "invalid-header").has_faults(&[("if-none-match", "invalid_value")]);
    });
}
