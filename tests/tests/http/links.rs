//! `.../measures/{measure}/links`: all that bears on a measure, in one read.

use serde_json::{Value, json};
use waymark_tests::on_both;

use crate::framework::{self, MARCH, PLAN};
use crate::results::push;

#[test]
fn one_read_explains_an_exception() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let judgement = json!({"kind": "override", "rating": "red", "from": "2010-03-01", "reason": "Two kitchens closed."});
        let _ = officer.post(&format!("{PLAN}/measures/lunches/judgements"), &judgement).expect(201);
        let promise = json!({"code": "kitchens", "theme": "healthy", "text": "A kitchen in every school.",
                             "responsible": "Head of catering", "measures": ["lunches"]});
        let made = officer.post(&format!("{PLAN}/commitments"), &promise).expect(201);
        let report =
            json!({"period": "FY2009-10", "status": "amber", "qualifier": "two closed", "commentary": "C"});
        let path = format!("{PLAN}/commitments/kitchens/reports");
        let _ =
            officer.request("POST", &path).header("if-match", &made.etag()).json(&report).send().expect(200);
        let links = |measure: &str, date: &str| {
            waymark.reader().get(&format!("{PLAN}/measures/{measure}/links?as_at={date}")).expect(200).json()
        };
        let lunches = links("lunches", MARCH);
        let rating = &lunches["rating"];
        assert_eq!((&rating["rating"], &rating["computed_rating"]), (&json!("red"), &json!("amber")));
        assert!(rating["explanation"].as_str().unwrap().starts_with("Amber: 29%"));
        assert_eq!(lunches["judgements"][0]["reason"], "Two kitchens closed.");
        let kitchens = &lunches["commitments"][0];
        assert_eq!((&kitchens["commitment"], &kitchens["status"]), (&json!("kitchens"), &json!("amber")));
        assert_eq!(
            (&kitchens["qualifier"], &kitchens["status_period"]),
            (&json!("two closed"), &json!("FY2009-10"))
        );
        for href in [&rating["href"], &kitchens["href"]] {
            let _ = waymark.reader().get(href.as_str().unwrap()).expect(200);
        }
        assert_eq!(links("lunches", "2009-03-31")["commitments"][0]["status"], "not_reported");
        let other = links("assessments", MARCH);
        assert_eq!(
            (&other["judgements"], &other["commitments"], &other["deleted"]),
            (&json!([]), &json!([]), &Value::Null)
        );
        let rows = json!([{"indicator": "runaways", "period": MARCH, "value": 3}]);
        let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
        let runaways = links("runaways", MARCH);
        assert_eq!(runaways["rating"]["suppressed"], true);
        assert!(!runaways["rating"]["explanation"].as_str().unwrap().contains('3'), "{runaways}");
        let _ = waymark.reader().get(&format!("{PLAN}/measures/nothing/links")).problem(404, "not-found");
    });
}
