//! Small counts: withheld from callers who may not see them, and whatever they could be worked out from as well.

use serde_json::{Value, json};
use waymark_tests::{Caller, on_both};

use super::{RESULTS, immunisation, push};

/// 100 children in all, of whom 30 count: 3 in Blaby, 7 in Harborough, 20 in Melton; 14 boys and 16 girls.
fn rows() -> Value {
    let row = |breakdown: Value, numerator: u32, denominator: u32| {
        json!({"indicator": "IM1", "period": "FY2009-10", "breakdown": breakdown,
               "numerator": numerator, "denominator": denominator})
    };
    json!([
        row(Value::Null, 30, 100),
        row(json!("district=Blaby"), 3, 30),
        row(json!("district=Harborough"), 7, 30),
        row(json!("district=Melton"), 20, 40),
        row(json!("gender=boys"), 14, 50),
        row(json!("gender=girls"), 16, 50),
    ])
}

/// The numerators that a caller sees, by breakdown; null where they are withheld.
fn seen(caller: &Caller, query: &str) -> Value {
    let page = caller.get(&format!("{RESULTS}{query}")).expect(200);
    let items = page.at("/items");
    let numerators = items.as_array().unwrap().iter().map(|item| {
        let withheld =
            [&item["value"], &item["numerator"], &item["denominator"]].iter().all(|part| part.is_null());
        assert_eq!(item["suppressed"], json!(withheld));
        (item["breakdown"].as_str().unwrap_or("all").to_owned(), item["numerator"].clone())
    });
    Value::Object(numerators.collect())
}

#[test]
fn a_small_count_is_withheld_with_one_more_that_would_tell_it() {
    on_both(|waymark| {
        immunisation(waymark);
        let _ = push(&waymark.role("submitter"), "", &rows()).expect(200);
        let all = json!({"all": 30, "district=Blaby": 3, "district=Harborough": 7, "district=Melton": 20,
                         "gender=boys": 14, "gender=girls": 16});
        assert_eq!(seen(&waymark.officer(), ""), all);
        let some = json!({"all": 30, "district=Blaby": null, "district=Harborough": null, "district=Melton": 20,
                          "gender=boys": 14, "gender=girls": 16});
        for role in ["reader", "submitter", "board_clerk", "admin"] {
            assert_eq!(seen(&waymark.role(role), ""), some, "{role}");
        }
    });
}

#[test]
fn no_filter_and_no_page_gives_away_what_the_whole_list_withholds() {
    on_both(|waymark| {
        immunisation(waymark);
        let _ = push(&waymark.role("submitter"), "", &rows()).expect(200);
        let reader = waymark.reader();
        let harborough = json!({"district=Harborough": null});
        assert_eq!(seen(&reader, "?breakdown=district%3DHarborough"), harborough);
        assert_eq!(seen(&reader, "?period=FY2009-10&breakdown=district%3DHarborough&limit=1"), harborough);
        let mut path = Some("?limit=1".to_owned());
        while let Some(query) = path {
            for (breakdown, numerator) in seen(&reader, &query).as_object().unwrap() {
                let hidden = ["district=Blaby", "district=Harborough"].contains(&breakdown.as_str());
                assert_eq!(numerator.is_null(), hidden, "{breakdown}");
            }
            let next = reader.get(&format!("{RESULTS}{query}")).expect(200).json();
            path = next["next"].as_str().map(|next| next.replace(RESULTS, ""));
        }
    });
}

#[test]
fn the_threshold_is_the_organisations_own() {
    on_both(|waymark| {
        immunisation(waymark);
        let _ = push(&waymark.role("submitter"), "", &rows()).expect(200);
        let content = json!({"title": "Leicestershire", "small_count_threshold": 0});
        let _ = waymark.role("admin").replace("/v1/organisations/leicestershire", &content).expect(200);
        assert_eq!(seen(&waymark.reader(), "")["district=Blaby"], 3);
    });
}
