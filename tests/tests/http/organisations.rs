//! `/v1/organisations` and their peer groups.

use serde_json::{Value, json};
use waymark_tests::{OWN, on_both};

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
        assert_eq!(read.json().get("peer_group"), None);
    });
}
