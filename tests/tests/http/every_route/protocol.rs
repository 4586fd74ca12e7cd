//! What HTTP asks of every operation: HEAD, content negotiation, content codings, and pages that a person can open.

use waymark_tests::{OWN, on_both, on_both_with};

#[test]
fn head_has_the_headers_of_get_and_no_content() {
    on_both(|waymark| {
        let reader = waymark.reader();
        let one = format!("/v1/organisations/{OWN}");
        for path in ["/v1/organisations", &one, "/openapi.json", "/health/live", "/problems/not-found"] {
            let get = reader.get(path).expect(200);
            let head = reader.request("HEAD", path).send().expect(200);
            assert_eq!(head.text, "", "{path}");
            for name in ["content-type", "content-length", "etag", "cache-control"] {
                assert_eq!(head.header(name), get.header(name), "{name} of {path}");
            }
        }
        let _ = waymark.stranger().request("HEAD", &one).send().expect(401);
        let _ = reader.request("HEAD", "/v1/organisations/nowhere").send().expect(404);
        let known = reader.request("HEAD", &one).header("if-none-match", "*").send();
        let _ = known.expect(304);
    });
}

#[test]
fn head_of_an_export_streams_nothing() {
    on_both(|waymark| {
        let path = format!("/v1/organisations/{OWN}/results/export");
        let get = waymark.officer().get(&path).expect(200);
        let head = waymark.officer().request("HEAD", &path).send().expect(200);
        assert_eq!(head.text, "");
        assert_eq!(head.header("content-type"), get.header("content-type"));
        assert_eq!(head.header("etag"), get.header("etag"));
    });
}

#[test]
fn what_cannot_be_accepted_is_406_with_what_there_is() {
    on_both(|waymark| {
        let reader = waymark.reader();
        let with = |path: &str, accept: &str| reader.request("GET", path).header("accept", accept).send();
        let list = "/v1/organisations";
        for accept in ["text/csv", "application/vnd.apache.parquet", "application/json;q=0, text/html"] {
            let refused = with(list, accept).problem(406, "not-acceptable");
            assert!(refused.at("/detail").as_str().unwrap().contains("application/json"), "{}", refused.text);
        }
        for accept in
            ["*/*", "application/*", "text/html, application/json;q=0.1", "application/problem+json"]
        {
            let _ = with(list, accept).expect(200);
        }
        let export = format!("/v1/organisations/{OWN}/results/export");
        let refused = with(&export, "application/vnd.apache.parquet").problem(406, "not-acceptable");
        let detail = refused.at("/detail");
        assert!(detail.as_str().unwrap().contains("text/csv"), "{detail}");
        assert!(detail.as_str().unwrap().contains("application/x-ndjson"), "{detail}");
        let unknown = with("/v1/organisations/nowhere/results/export", "application/x-ndjson");
        let _ = unknown.problem(404, "not-found");
    });
}

#[test]
fn a_body_in_an_unknown_coding_is_415_with_the_codings_there_are() {
    on_both(|waymark| {
        let path = format!("/v1/organisations/{OWN}/results");
        for coding in ["br", "zstd", "deflate", "gzip, gzip"] {
            let push = waymark.officer().request("POST", &path).header("content-encoding", coding);
            let refused = push.body("text/csv", "indicator,period,value\n").send();
            let refused = refused.problem(415, "unsupported-media-type");
            assert_eq!(refused.header("accept-encoding"), Some("gzip, identity"), "{coding}");
        }
    });
}

#[test]
fn a_compressed_response_has_its_own_strong_tag() {
    on_both(|waymark| {
        let reader = waymark.reader();
        let path = format!("/v1/organisations/{OWN}");
        let plain = reader.get(&path).expect(200).etag();
        let head = reader.request("HEAD", &path).header("accept-encoding", "gzip").send().expect(200);
        assert_eq!(head.header("content-encoding"), Some("gzip"));
        let compressed = head.etag();
        assert_eq!(compressed, format!("{}-gzip\"", plain.trim_end_matches('"')));
        let known = reader.request("GET", &path).header("if-none-match", &compressed).send().expect(304);
        assert_eq!(known.etag(), compressed);
        let admin = waymark.role("admin");
        let body = serde_json::json!({"title": "County"});
        let _ = admin.put(&path, &compressed, &body).expect(200);
        let _ = admin.put(&path, &compressed, &body).problem(412, "precondition-failed");
    });
}

#[test]
fn the_root_leads_a_browser_to_the_documentation_and_a_program_to_the_contract() {
    on_both(|waymark| {
        let browser = waymark.stranger().request("GET", "/").header("accept", "text/html,*/*;q=0.8").send();
        assert_eq!(browser.expect(303).header("location"), Some("/docs/"));
        let program = waymark.stranger().get("/").expect(200);
        let contract = program.at("/links/contract").as_str().unwrap().to_owned();
        let _ = waymark.stranger().get(&contract).expect(200);
    });
}

#[test]
fn the_type_of_a_problem_opens_a_page_that_explains_it() {
    on_both(|waymark| {
        let stranger = waymark.stranger();
        let index = stranger.get("/problems").expect(200);
        for problem in [
            stranger.get("/v1/organisations").expect(401),
            waymark.reader().get("/v1/organisations/nowhere").expect(404),
            waymark.reader().get("/v1/organisations?limit=abc").expect(400),
            waymark.reader().post("/v1/organisations", &serde_json::json!({})).expect(403),
        ] {
            let kind = problem.at("/type").as_str().unwrap().to_owned();
            let page = stranger.get(&kind).expect(200);
            assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
            assert!(page.text.contains(problem.at("/title").as_str().unwrap()), "{kind}");
            assert!(index.text.contains(&kind), "{kind}");
        }
        let _ = stranger.get("/problems/none-such").problem(404, "unknown-path");
    });
}

#[test]
fn a_refused_operation_names_the_roles_that_allow_it() {
    on_both(|waymark| {
        let refused =
            waymark.reader().post(&format!("/v1/organisations/{OWN}/plans"), &serde_json::json!({}));
        let refused = refused.problem(403, "forbidden");
        assert_eq!(
            refused.at("/detail"),
            format!("this needs the role performance_officer for the organisation `{OWN}`")
        );
        let pushed =
            waymark.reader().post(&format!("/v1/organisations/{OWN}/results"), &serde_json::json!({}));
        let detail = pushed.problem(403, "forbidden").at("/detail").to_string();
        assert!(detail.contains("one of the roles submitter, performance_officer"), "{detail}");
    });
}

#[test]
fn a_refused_preflight_says_which_setting_allows_the_origin() {
    on_both_with(&["--cors-origins=http://localhost:*"], |waymark| {
        let preflight = |origin: &str| {
            let request = waymark.stranger().request("OPTIONS", "/v1/organisations").header("origin", origin);
            request.header("access-control-request-method", "GET").send()
        };
        for origin in ["http://localhost:5173", "http://localhost:3000"] {
            let allowed = preflight(origin).expect(200);
            assert_eq!(allowed.header("access-control-allow-origin"), Some(origin));
        }
        let refused = preflight("https://screens.example.org").problem(400, "invalid-header");
        let detail = refused.at("/detail").to_string();
        assert!(detail.contains("WAYMARK_CORS_ORIGINS") && detail.contains("https://screens.example.org"));
    });
}
