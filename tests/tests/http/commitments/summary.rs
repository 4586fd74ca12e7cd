//! How all commitments stand, counted.

use serde_json::{Value, json};
use waymark_tests::{Waymark, on_both};

use super::{act, made, promise, report, set_out};
use crate::framework::PLAN;

/// Under `safe` the 24 centres, 20 green and 4 red in the first half-year. Under `healthy` four: green then amber,
/// green, never reported, and one that is kept and closed on 31 October 2008.
fn five(waymark: &Waymark) {
    let _ = set_out(waymark);
    let officer = waymark.officer();
    let parts =
        json!({"period": "FY2008-09-H1", "commentary": "C", "parts": {"green": 20, "amber": 0, "red": 4}});
    let _ = act(&officer, "centres", "reports", &parts).expect(200);
    for code in ["a", "b", "c", "d"] {
        let _ = made(waymark, &promise(code));
    }
    for (code, period, status) in
        [("a", "FY2008-09-H1", "green"), ("a", "FY2008-09-H2", "amber"), ("b", "FY2008-09-H1", "green")]
    {
        let _ = act(&officer, code, "reports", &report(period, status)).expect(200);
    }
    let kept = json!({"outcome": "kept", "closed_on": "2008-10-31", "reason": "Done."});
    let _ = act(&officer, "d", "closure", &kept).expect(200);
}

/// Count and percentage of green, amber, red, not assigned, not reported.
fn shares(counts: &Value) -> Vec<(u64, u64)> {
    let of = |status: &Value| (status["count"].as_u64().unwrap(), status["percent"].as_u64().unwrap());
    counts["statuses"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn commitments_are_counted_at_a_date_and_for_a_period() {
    on_both(|waymark| {
        five(waymark);
        let summary = |query: &str| {
            waymark.reader().get(&format!("{PLAN}/commitment-summary?{query}")).expect(200).json()
        };
        // Of four: one is 25 per cent.
        let march = summary("as_at=2009-03-31");
        assert_eq!(shares(&march["all"]), [(1, 25), (1, 25), (0, 0), (1, 25), (1, 25)]);
        assert_eq!((&march["all"]["total"], &march["all"]["closed"]["kept"]), (&json!(4), &json!(1)));
        let centres = json!({"promised": 24, "green": 20, "amber": 0, "red": 4, "not_reported": 0});
        assert_eq!(march["all"]["milestones"], centres);
        // Of three: one is 33 per cent.
        let themes: Vec<&Value> = march["themes"].as_array().unwrap().iter().collect();
        assert_eq!(
            (&themes[0]["theme"], shares(&themes[0]["counts"])),
            (&json!("healthy"), vec![(1, 33), (1, 33), (0, 0), (0, 0), (1, 33)])
        );
        assert_eq!(
            (&themes[1]["theme"], shares(&themes[1]["counts"])),
            (&json!("safe"), vec![(0, 0), (0, 0), (0, 0), (1, 100), (0, 0)])
        );
        // Before the closure, and before the second half-year: two of five are 40 per cent.
        let september = summary("as_at=2008-09-30");
        assert_eq!(shares(&september["all"]), [(2, 40), (0, 0), (0, 0), (1, 20), (2, 40)]);
        assert_eq!(september["all"]["closed"]["kept"], 0);
        // In the second half-year, in which the closed one was still open: four of five are 80 per cent.
        let half = summary("period=FY2008-09-H2");
        assert_eq!(shares(&half["all"]), [(0, 0), (1, 20), (0, 0), (0, 0), (4, 80)]);
        assert_eq!(half["all"]["milestones"]["not_reported"], 24);
        assert_eq!((&half["as_at"], &half["period"]), (&Value::Null, &json!("FY2008-09-H2")));
        let both = waymark.reader().get(&format!("{PLAN}/commitment-summary?period=CY2009&as_at=2009-03-31"));
        both.problem(400, "invalid-query").has_faults(&[("period", "superfluous")]);
    });
}
