//! Lists in pages.

use waymark_tests::{Caller, Waymark, on_both};

/// Walks a list to its end, and gives the codes of each page.
fn walk(caller: &Caller, first: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut next = Some(first.to_owned());
    while let Some(path) = next {
        let page = caller.get(&path).expect(200).json();
        let items = page["items"].as_array().unwrap();
        pages.push(items.iter().map(|item| item["code"].as_str().unwrap().to_owned()).collect());
        next = page["next"].as_str().map(str::to_owned);
        assert!(pages.len() < 100, "the list has no end");
    }
    pages
}

fn seven(waymark: &Waymark) -> Caller {
    for code in ["alpha", "Beta", "delta", "gamma"] {
        waymark.found(code, code);
    }
    waymark.everywhere("reader")
}

/// Upper case sorts before lower case on both engines, whatever the language of the server.
#[test]
fn every_item_comes_once_and_in_order() {
    on_both(|waymark| {
        let caller = seven(waymark);
        let all = ["Beta", "alpha", "delta", "gamma", "leicestershire", "national", "rutland"];
        assert_eq!(walk(&caller, "/v1/organisations"), [all.to_vec()]);
        assert_eq!(
            walk(&caller, "/v1/organisations?limit=3"),
            [all[..3].to_vec(), all[3..6].to_vec(), all[6..].to_vec()]
        );
        // A list whose last page is full ends there.
        assert_eq!(walk(&caller, "/v1/organisations?limit=7").len(), 1);
        assert_eq!(walk(&caller, "/v1/organisations?limit=1").len(), 7);
    });
}

#[test]
fn what_is_added_in_between_moves_nothing() {
    on_both(|waymark| {
        let caller = seven(waymark);
        let first = caller.get("/v1/organisations?limit=2").expect(200);
        waymark.found("aaa", "Before the place where the page ended");
        waymark.found("beta", "After it");
        let next = first.at("/next");
        let rest: Vec<String> = walk(&caller, next.as_str().unwrap()).concat();
        assert_eq!(rest, ["beta", "delta", "gamma", "leicestershire", "national", "rutland"]);
    });
}

#[test]
fn a_cursor_of_nothing_is_an_error_and_no_empty_page() {
    on_both(|waymark| {
        let caller = waymark.reader();
        for cursor in ["x", "!", "WyJhIl0", "%00", &"x".repeat(2000)] {
            let refused =
                caller.get(&format!("/v1/organisations?cursor={cursor}")).problem(400, "invalid-query");
            refused.has_faults(&[("cursor", "invalid_value")]);
        }
    });
}

#[test]
fn a_limit_is_between_1_and_500() {
    on_both(|waymark| {
        let caller = waymark.reader();
        for limit in ["0", "501", "-1", "x", "", "99999999999999999999"] {
            let refused =
                caller.get(&format!("/v1/organisations?limit={limit}")).problem(400, "invalid-query");
            refused.has_faults(&[("limit", "invalid_value")]);
        }
        for limit in ["1", "500"] {
            let _ = caller.get(&format!("/v1/organisations?limit={limit}")).expect(200);
        }
    });
}
