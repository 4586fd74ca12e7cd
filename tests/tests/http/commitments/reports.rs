//! How a commitment goes: one report for each period.

use serde_json::{Value, json};
use waymark_tests::{Caller, on_both};

use super::{act, act_from, made, path, promise, report, set_out};
use crate::every_route::at_once::{at_once, count};

fn parts(green: u64, amber: u64, red: u64) -> Value {
    json!({"period": "FY2008-09-H1", "commentary": "C", "parts": {"green": green, "amber": amber, "red": red}})
}

#[test]
fn three_periods_are_reported_in_their_order() {
    on_both(|waymark| {
        let _ = set_out(waymark);
        let _ = made(waymark, &promise("roll-out"));
        let officer = waymark.role("accountable_officer");
        for (period, status) in
            [("FY2008-09-Q3", "red"), ("FY2008-09-Q1", "green"), ("FY2008-09-Q2", "amber")]
        {
            let mut body = report(period, status);
            body["qualifier"] = json!("roll-out later than planned");
            let _ = act(&officer, "roll-out", "reports", &body).expect(200);
        }
        let read = waymark.reader().get(&path("roll-out")).expect(200);
        let reports: Vec<Value> = read.at("/reports").as_array().unwrap().clone();
        let reports: Vec<_> = reports
            .iter()
            .map(|one| (one["period"].as_str().unwrap(), one["status"].as_str().unwrap()))
            .collect();
        assert_eq!(reports, [("FY2008-09-Q1", "green"), ("FY2008-09-Q2", "amber"), ("FY2008-09-Q3", "red")]);
        assert_eq!((read.at("/status"), read.at("/status_period")), (json!("red"), json!("FY2008-09-Q3")));
        assert_eq!(read.at("/reports/0/qualifier"), "roll-out later than planned");
        assert_ne!(read.at("/reports/0/status_meaning"), read.at("/reports/1/status_meaning"));
        assert_eq!(read.at("/revision"), 4);
    });
}

#[test]
fn a_correction_keeps_the_first_report_in_the_history() {
    on_both(|waymark| {
        let _ = set_out(waymark);
        let officer = waymark.officer();
        let first = act(&officer, "centres", "reports", &report("FY2008-09-H1", "green")).expect(200);
        let then = first.at("/recorded_at").as_str().unwrap().to_owned();
        let second = act(&officer, "centres", "reports", &report("FY2008-09-H1", "amber")).expect(200);
        assert_eq!(second.at("/reports").as_array().unwrap().len(), 1);
        assert_eq!(second.at("/reports/0/status"), "amber");
        let history = officer.get(&format!("{}/history", path("centres"))).expect(200);
        assert_eq!(history.at("/items/1/reports"), first.at("/reports"));
        let known = officer.get(&format!("{}?as_known_at={then}", path("centres"))).expect(200);
        assert_eq!(known.at("/status"), "green");
    });
}

/// Source 002: 24 centres, 20 green and 4 red, and no colour for the whole.
#[test]
fn parts_of_a_milestone_make_no_colour() {
    on_both(|waymark| {
        let _ = set_out(waymark);
        let officer = waymark.officer();
        let read = act(&officer, "centres", "reports", &parts(20, 0, 4)).expect(200);
        assert_eq!(read.at("/status"), "not_assigned");
        assert_eq!(read.at("/reports/0/suggested_status"), "red");
        assert_eq!(read.at("/reports/0/parts"), json!({"green": 20, "amber": 0, "red": 4}));
        let refused = |body: &Value| act(&officer, "centres", "reports", body).problem(422, "invalid-body");
        refused(&parts(20, 1, 4)).has_faults(&[("/parts", "too_many_parts")]);
        refused(&parts(0, 0, 1_000_001)).has_faults(&[("/parts/red", "too_large")]);
        let mut bare = parts(0, 0, 0);
        bare.as_object_mut().unwrap().remove("parts");
        refused(&bare).has_faults(&[("/status", "no_status")]);
        let _ = made(waymark, &promise("plain"));
        let plain = act(&officer, "plain", "reports", &parts(1, 0, 0)).problem(422, "invalid-body");
        plain.has_faults(&[("/parts", "no_milestone")]);
        assert_eq!(officer.get(&path("centres")).json(), read.json());
    });
}

#[test]
fn a_period_has_begun_and_not_before_the_plan() {
    on_both(|waymark| {
        let _ = set_out(waymark);
        let refused = |period: &str| {
            act(&waymark.officer(), "centres", "reports", &report(period, "green"))
                .problem(422, "invalid-body")
        };
        refused("FY2007-08").has_faults(&[("/period", "before_plan")]);
        refused("FY2198-99").has_faults(&[("/period", "in_future")]);
        refused("2008").has_faults(&[("/period", "bad_period")]);
    });
}

#[test]
fn a_report_is_made_by_those_who_may_from_what_they_read() {
    on_both(|waymark| {
        let first = set_out(waymark).etag();
        let body = report("FY2008-09-H1", "green");
        let send = |caller: &Caller| act_from(caller, "centres", "reports", &first, &body);
        for role in ["reader", "submitter", "accountable_director", "board_clerk", "admin"] {
            let _ = send(&waymark.role(role)).problem(403, "forbidden");
        }
        let officer = waymark.officer();
        let bare = officer.post(&format!("{}/reports", path("centres")), &body);
        let _ = bare.problem(428, "precondition-required");
        let _ = send(&officer).expect(200);
        let _ = send(&officer).problem(412, "precondition-failed");
        let _ = act_from(&officer, "nothing", "reports", &first, &body).problem(404, "not-found");
    });
}

#[test]
fn of_reports_from_one_revision_one_is_kept() {
    on_both(|waymark| {
        let etag = set_out(waymark).etag();
        let replica = waymark.replica();
        let (officer, other) = (waymark.officer(), replica.officer());
        let periods = ["FY2008-09-Q1", "FY2008-09-Q2", "FY2008-09-Q3", "FY2008-09-Q4"];
        let answers = at_once(|number| {
            let body = report(periods.get(number % 4).unwrap(), "green");
            let at_one = if number < 4 { &officer } else { &other };
            act_from(at_one, "centres", "reports", &etag, &body)
        });
        assert_eq!((count(&answers, 200), count(&answers, 412)), (1, 7));
        let kept = answers.iter().find(|answer| answer.status == 200).unwrap();
        for caller in [&officer, &other] {
            assert_eq!(caller.get(&path("centres")).json(), kept.json());
        }
        assert_eq!((kept.at("/revision"), kept.at("/reports").as_array().unwrap().len()), (json!(2), 1));
    });
}
