//! What stands outside the contract: `/health`, `/metrics`, `/docs`, `/openapi.json`.

use waymark_tests::{OWN, on_both};

#[test]
fn the_service_reports_that_it_lives_and_is_ready() {
    on_both(|waymark| {
        let stranger = waymark.stranger();
        let _ = stranger.get("/health/live").expect(200);
        let _ = stranger.get("/health/ready").expect(200);
    });
}

#[test]
fn metrics_count_requests_by_route_and_never_by_what_was_asked_for() {
    on_both(|waymark| {
        let _ = waymark.reader().get(&format!("/v1/organisations/{OWN}")).expect(200);
        let metrics = waymark.stranger().get("/metrics").expect(200);
        assert!(metrics.text.contains("/v1/organisations/{organisation}"), "{}", metrics.text);
        assert!(!metrics.text.contains(OWN), "{}", metrics.text);
    });
}

#[test]
fn the_contract_and_its_page_are_there_without_a_token() {
    on_both(|waymark| {
        let stranger = waymark.stranger();
        let contract = stranger.get("/openapi.json").expect(200);
        assert_eq!(contract.at("/openapi"), "3.1.0");
        let moved = stranger.get("/docs").expect(308);
        assert_eq!(moved.header("location"), Some("/docs/"));
        let page = stranger.get("/docs/").expect(200);
        assert!(page.header("content-type").unwrap().starts_with("text/html"));
    });
}
