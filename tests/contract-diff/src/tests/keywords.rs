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

#[test]
fn a_default_may_not_change_in_requests() {
    let with = |default: u32| json!({"type": "integer", "default": default});
    let without = json!({"type": "integer"});
    breaks_requests(with(1), with(2), ": has the default 2 instead of 1");
    breaks_requests(with(1), without.clone(), ": has the default none instead of 1");
    breaks_requests(without, with(1), ": has the default 1 instead of none");
}

#[test]
fn a_multiple_may_become_a_factor_in_requests_and_a_multiple_in_responses() {
    let with = |multiple: f64| json!({"type": "number", "multipleOf": multiple});
    let without = json!({"type": "number"});
    breaks_requests(with(0.5), with(1.5), ": has the multipleOf 1.5 instead of 0.5");
    breaks_responses(with(1.5), with(0.5), ": has the multipleOf 0.5 instead of 1.5");
    // 0.3 divided by 0.1 is not exactly 3.
    breaks_requests(with(0.1), with(0.3), ": has the multipleOf 0.3 instead of 0.1");
    breaks_requests(with(0.01), with(0.1), ": has the multipleOf 0.1 instead of 0.01");
    breaks_requests(without.clone(), with(2.0), ": has the multipleOf 2.0 instead of none");
    breaks_responses(with(2.0), without, ": has the multipleOf none instead of 2.0");
    let (request, response) = both(with(2.0), with(3.0));
    assert_eq!((request.len(), response.len()), (1, 1), "4 is no longer accepted, 3 is new");
    let whole = |multiple: u32| json!({"type": "integer", "multipleOf": multiple});
    let (request, response) = both(json!({"type": "integer"}), whole(1));
    assert!(request.is_empty() && response.is_empty(), "a multiple of 1 excludes no whole number");
}

#[test]
fn items_may_be_unique_in_responses_only() {
    let (any, unique) = (json!({"type": "array"}), json!({"type": "array", "uniqueItems": true}));
    breaks_requests(any.clone(), unique.clone(), ": has the uniqueItems true instead of none");
    breaks_responses(unique, any.clone(), ": has the uniqueItems none instead of true");
    let (request, response) = both(any, json!({"type": "array", "uniqueItems": false}));
    assert!(request.is_empty() && response.is_empty());
}

#[test]
fn numbers_of_items_and_properties_may_be_limited_in_responses_only() {
    for (schema, most, least) in
        [("array", "maxItems", "minItems"), ("object", "maxProperties", "minProperties")]
    {
        let none = json!({"type": schema});
        let with = |keyword: &str, limit: u32| json!({"type": schema, (keyword): limit});
        let has =
            |keyword: &str, now: &str, before: &str| format!(": has the {keyword} {now} instead of {before}");
        breaks_requests(none.clone(), with(most, 9), &has(most, "9", "none"));
        breaks_requests(none.clone(), with(most, 0), &has(most, "0", "none"));
        breaks_responses(with(most, 9), none.clone(), &has(most, "none", "9"));
        breaks_requests(none.clone(), with(least, 1), &has(least, "1", "none"));
        breaks_responses(with(least, 1), none.clone(), &has(least, "none", "1"));
        let (request, response) = both(none, with(least, 0));
        assert!(request.is_empty() && response.is_empty(), "{least}");
    }
}

#[test]
fn bounds_that_a_float_cannot_distinguish_are_distinguished() {
    // 2^53 and 2^53 + 1 are the same number as a float.
    let with = |limit: u64| json!({"type": "integer", "maximum": limit});
    breaks_requests(
        with(9_007_199_254_740_993),
        with(9_007_199_254_740_992),
        ": has the maximum 9007199254740992 instead of 9007199254740993",
    );
}

#[test]
fn a_constant_may_be_replaced_by_nothing_and_relaxed_in_requests_only() {
    let with = |value: &str| json!({"type": "string", "const": value});
    let (request, response) = both(with("a"), with("b"));
    assert_eq!(request, ["save_thing.request: no longer accepts \"a\""]);
    assert_eq!(response, ["save_thing.response.200: may now be \"b\""]);
    breaks_requests(json!({"type": "string"}), with("a"), ": accepts only \"a\"");
    breaks_requests(json!({"enum": ["a", "b"]}), with("a"), ": no longer accepts \"b\"");
    breaks_responses(with("a"), json!({"enum": ["a", "b"]}), ": may now be \"b\"");
}

#[test]
fn parts_of_all_of_limit_together() {
    let all = |values: [&str; 2], most: u32| {
        json!({"allOf": [
            {"type": "string", "enum": ["a", "b"], "maxLength": 5},
            {"enum": values, "maxLength": most},
        ]})
    };
    breaks_requests(all(["a", "b"], 5), all(["a", "c"], 5), ": no longer accepts \"b\"");
    let (request, response) = both(all(["a", "b"], 5), all(["a", "b"], 9));
    assert!(request.is_empty() && response.is_empty(), "5 remains the limit");
    breaks_requests(all(["a", "b"], 9), all(["a", "b"], 3), ": has the maxLength 3 instead of 5");
    let default = |last: u32| json!({"type": "integer", "allOf": [{"default": 9}, {"default": last}]});
    breaks_requests(default(2), default(3), ": has the default 3 instead of 2");
}

#[test]
fn other_conditions_may_be_dropped_from_requests_and_added_to_responses() {
    for keyword in [
        "contains",
        "dependentRequired",
        "dependentSchemas",
        "else",
        "if",
        "maxContains",
        "minContains",
        "not",
        "pattern",
        "patternProperties",
        "prefixItems",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    ] {
        let (none, some) = (json!({"type": "object"}), json!({"type": "object", (keyword): {"x": 1}}));
        breaks_requests(
            none.clone(),
            some.clone(),
            &format!(": has the {keyword} {{\"x\":1}} instead of none"),
        );
        breaks_responses(some, none, &format!(": has the {keyword} none instead of {{\"x\":1}}"));
    }
}
