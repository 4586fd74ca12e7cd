//! Every answer carries the id of its request.

use uuid::Uuid;
use waymark_tests::on_both;

#[test]
fn an_id_of_the_callers_own_comes_back() {
    on_both(|waymark| {
        let asked =
            |id: &str| waymark.reader().request("GET", "/v1/organisations").header("x-request-id", id).send();
        assert_eq!(asked("job-7.retry_2").expect(200).header("x-request-id"), Some("job-7.retry_2"));
        for odd in ["two words", "<script>", &"x".repeat(129)] {
            let answer = asked(odd).expect(200);
            let id = answer.header("x-request-id").unwrap();
            assert_eq!(Uuid::parse_str(id).unwrap().get_version_num(), 7, "{odd}");
        }
    });
}

#[test]
fn each_request_without_an_id_gets_one_of_its_own() {
    on_both(|waymark| {
        let reader = waymark.reader();
        let paths =
            ["/v1/organisations", "/v1/nowhere", "/nowhere", "/health/live", "/openapi.json", "/v1/token"];
        let mut seen = Vec::new();
        for path in paths {
            let id = reader.get(path).header("x-request-id").unwrap().to_owned();
            assert_eq!(Uuid::parse_str(&id).unwrap().get_version_num(), 7, "{path}");
            assert!(!seen.contains(&id));
            seen.push(id);
        }
    });
}
