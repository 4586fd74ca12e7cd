//! Keywords that limit a value.

use serde_json::json;

use super::{both, breaks_requests, breaks_responses};

#[test]
fn bounds_may_relax_in_requests_and_tighten_in_responses() {
    for (keyword, loose, tight) in [
        ("minimum", 0, 1),
        ("maximum", 10, 9),
        ("minLength", 1, 2),
        ("maxLength", 10, 9),
        ("minItems", 0, 1),
        ("maxItems", 500, 100),
        ("exclusiveMinimum", 0, 1),
    ] {
        let (loose, tight) = (json!({(keyword): loose}), json!({(keyword): tight}));
        let (request, response) = both(loose.clone(), tight.clone());
        assert_eq!((request.len(), response.len()), (1, 0), "{keyword}");
        let (request, response) = both(tight, loose);
        assert_eq!((request.len(), response.len()), (0, 1), "{keyword}");
    }
}

#[test]
fn a_new_bound_of_zero_excludes_numbers_and_no_lengths() {
    breaks_requests(json!({}), json!({"minimum": 0}), ": has the minimum 0 instead of none");
    breaks_requests(json!({}), json!({"minimum": -5}), ": has the minimum -5 instead of none");
    breaks_responses(
        json!({"exclusiveMinimum": 0}),
        json!({}),
        ": has the exclusiveMinimum none instead of 0",
    );
    let (request, response) = both(json!({}), json!({"minLength": 0, "minItems": 0}));
    assert!(request.is_empty() && response.is_empty());
}

#[test]
fn a_pattern_may_be_dropped_from_requests_and_added_to_responses() {
    let (none, some) = (json!({"type": "string"}), json!({"type": "string", "pattern": "^[a-z]+$"}));
    breaks_requests(none.clone(), some.clone(), ": has the pattern \"^[a-z]+$\" instead of none");
    breaks_responses(some.clone(), none, ": has the pattern none instead of \"^[a-z]+$\"");
    let (request, response) = both(some, json!({"type": "string", "pattern": "^[a-z]{1,9}$"}));
    assert_eq!((request.len(), response.len()), (1, 1), "no one can tell which pattern is narrower");
}

#[test]
fn a_whole_number_may_grow_in_requests_only() {
    let (short, long) =
        (json!({"type": "integer", "format": "int32"}), json!({"type": "integer", "format": "int64"}));
    breaks_responses(short.clone(), long.clone(), ": has the format \"int64\" instead of \"int32\"");
    breaks_requests(long, short, ": has the format \"int32\" instead of \"int64\"");
}
