//! `.../plans/{plan}/calendar`: what is due when, and what has not been sent.

use serde_json::{Value, json};
use waymark_tests::{Answer, Caller, OWN, Waymark, on_both};

use crate::framework::{self, MARCH, PLAN, indicator, measure, new_measure};
use crate::results::push;

/// A plan from 1 April 2008 to 31 March 2011, reported on every half: a measure by the quarter whose results take 30
/// days, one by the year without delay, and one without a frequency.
fn prepared(waymark: &Waymark) {
    framework::plan(waymark, OWN);
    indicator(waymark, "reviews", json!({"frequency": "quarterly", "lag_days": 30}));
    indicator(waymark, "exams", json!({"frequency": "academic_year"}));
    indicator(waymark, "survey", json!({}));
    measure(waymark, "exams", json!([{"baseline": {"value": 60}}]));
    measure(waymark, "survey", json!([{}]));
    let mut reviews = new_measure("reviews", json!({"baseline": {"value": 60}}));
    reviews["lead"] = json!("Head of safeguarding");
    let _ = waymark.officer().post(&format!("{PLAN}/measures"), &reviews).expect(201);
}

fn came(waymark: &Waymark, indicator: &str, periods: &[&str]) {
    let row = |period: &&str| json!({"indicator": indicator, "period": period, "value": 70});
    let _ = push(&waymark.role("submitter"), "", &periods.iter().map(row).collect()).expect(200);
}

fn calendar(caller: &Caller, query: &str) -> Answer {
    caller.get(&format!("{PLAN}/calendar?{query}")).expect(200)
}

fn listed(answer: &Answer) -> Vec<Value> {
    let items = answer.at("/items");
    let fields = ["measure", "period", "due_on", "state", "days_late"];
    items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| fields.iter().map(|field| item[*field].clone()).collect())
        .collect()
}

/// By 31 March 2010 seven quarters were due. Four came; the third of 2008/09 and the second and third of 2009/10 did
/// not.
const CAME: [&str; 4] = ["FY2008-09-Q1", "FY2008-09-Q2", "FY2008-09-Q4", "FY2009-10-Q1"];

/// From 30 January to 31 March 2010 there are 60 days; from 30 October 2009 152, from 30 January 2009 425. The academic
/// year 2008/09 was due on its last day, 212 days before; 2007/08, which the plan began in, 577.
#[test]
fn what_is_overdue_is_listed_with_its_days() {
    on_both(|waymark| {
        prepared(waymark);
        came(waymark, "reviews", &CAME);
        let listing = calendar(&waymark.reader(), &format!("as_at={MARCH}&state=overdue"));
        assert_eq!(
            listed(&listing),
            [
                json!(["exams", "AY2007-08", "2008-08-31", "overdue", 577]),
                json!(["reviews", "FY2008-09-Q3", "2009-01-30", "overdue", 425]),
                json!(["exams", "AY2008-09", "2009-08-31", "overdue", 212]),
                json!(["reviews", "FY2009-10-Q2", "2009-10-30", "overdue", 152]),
                json!(["reviews", "FY2009-10-Q3", "2010-01-30", "overdue", 60]),
            ]
        );
        assert_eq!(listing.at("/items/4/period_end"), "2009-12-31");
        assert_eq!(listing.at("/items/4/lead"), "Head of safeguarding");
        // The half in which 31 March lies ends there: the fourth quarter is due in the next one.
        assert_eq!(
            listing.at("/counts"),
            json!({"received": 0, "due": 0, "overdue": 5, "not_due": 0, "unscheduled": 1})
        );
        let unscheduled = waymark.reader().get(listing.at("/unscheduled").as_str().unwrap()).expect(200);
        assert_eq!(unscheduled.at("/items/0/measure"), "survey");
        assert_eq!(
            (unscheduled.json()["items"][1].clone(), unscheduled.at("/next")),
            (Value::Null, Value::Null)
        );
        assert_eq!(
            listing.at("/leads"),
            json!([
                {"lead": null, "received": 0, "due": 0, "overdue": 2, "not_due": 0, "unscheduled": 1},
                {"lead": "Head of safeguarding", "received": 0, "due": 0, "overdue": 3, "not_due": 0, "unscheduled": 0},
            ])
        );
    });
}

#[test]
fn a_window_of_days_has_what_is_due_in_it() {
    on_both(|waymark| {
        prepared(waymark);
        came(waymark, "reviews", &CAME);
        let reader = waymark.reader();
        let window = format!("as_at={MARCH}&from=2009-07-30&to=2010-08-31");
        let listing = calendar(&reader, &window);
        let late = listing.at("/items/0/days_late");
        assert!(late.as_i64().unwrap() > 5000, "it came when the test ran: {late}");
        assert!(listing.at("/items/0/received_on").is_string());
        assert_eq!(
            listed(&listing),
            [
                json!(["reviews", "FY2009-10-Q1", "2009-07-30", "received", late]),
                json!(["exams", "AY2008-09", "2009-08-31", "overdue", 212]),
                json!(["reviews", "FY2009-10-Q2", "2009-10-30", "overdue", 152]),
                json!(["reviews", "FY2009-10-Q3", "2010-01-30", "overdue", 60]),
                json!(["reviews", "FY2009-10-Q4", "2010-04-30", "due", null]),
                json!(["reviews", "FY2010-11-Q1", "2010-07-30", "not_due", null]),
                json!(["exams", "AY2009-10", "2010-08-31", "not_due", null]),
            ]
        );
        assert_eq!(
            listing.at("/counts"),
            json!({"received": 1, "due": 1, "overdue": 3, "not_due": 2, "unscheduled": 1})
        );
        // The counts are those of the window, whatever page and state are asked for.
        let first = calendar(&reader, &format!("{window}&state=overdue&limit=2"));
        assert_eq!(first.at("/counts"), listing.at("/counts"));
        let rest = reader.get(first.at("/next").as_str().unwrap()).expect(200);
        assert_eq!([listed(&first), listed(&rest)].concat(), listed(&listing)[1..4]);
        let own = calendar(&reader, &format!("{window}&lead=Head%20of%20safeguarding"));
        assert_eq!(
            own.at("/counts"),
            json!({"received": 1, "due": 1, "overdue": 2, "not_due": 1, "unscheduled": 0})
        );
        assert_eq!(own.at("/leads").as_array().unwrap().len(), 1);
        let unscheduled = reader.get(own.at("/unscheduled").as_str().unwrap()).expect(200);
        assert_eq!(unscheduled.at("/items"), json!([]), "the survey has no lead");
        let missing = reader.get(&format!("{PLAN}/calendar?{window}&lead=Head%20of%20nothing"));
        let missing = missing.problem(422, "unknown-filter-value");
        missing.has_faults(&[("lead", "unknown_value")]);
        assert!(missing.text.contains("Head of safeguarding"), "{}", missing.text);
    });
}

/// On 1 May 2010, in the half from April to September: what is overdue from before, and what is due in it.
#[test]
fn without_a_window_it_is_the_present_reporting_cycle() {
    on_both(|waymark| {
        prepared(waymark);
        came(waymark, "reviews", &CAME);
        came(waymark, "reviews", &["FY2008-09-Q3", "FY2009-10-Q2", "FY2009-10-Q3", "FY2009-10-Q4"]);
        came(waymark, "exams", &["AY2007-08", "AY2008-09"]);
        let listing = calendar(&waymark.reader(), "as_at=2010-05-01");
        let states: Vec<Value> = listing
            .at("/items")
            .as_array()
            .unwrap()
            .iter()
            .map(|item| json!([item["measure"], item["period"], item["state"]]))
            .collect();
        assert_eq!(
            states,
            [
                json!(["reviews", "FY2009-10-Q4", "received"]),
                json!(["reviews", "FY2010-11-Q1", "not_due"]),
                json!(["exams", "AY2009-10", "not_due"]),
            ]
        );
    });
}

/// The status row and the calendar say the same of the latest result that was due.
#[test]
fn the_calendar_and_the_status_agree() {
    on_both(|waymark| {
        prepared(waymark);
        came(waymark, "reviews", &CAME);
        let reader = waymark.reader();
        let freshness = |on: &str| {
            let status = reader.get(&format!("{PLAN}/status?as_at={on}")).expect(200).at("/measures");
            let row =
                status.as_array().unwrap().iter().find(|row| row["measure"] == "reviews").unwrap().clone();
            json!([row["freshness"], row["due_on"], row["days_late"]])
        };
        let last_overdue = |on: &str| {
            let listing = listed(&calendar(&reader, &format!("as_at={on}&state=overdue")));
            let last = listing.into_iter().rfind(|item| item[0] == "reviews").unwrap_or_default();
            json!([last[3], last[2], last[4]])
        };
        assert_eq!(freshness(MARCH), json!(["overdue", "2010-01-30", 60]));
        assert_eq!(last_overdue(MARCH), freshness(MARCH));
        // On the day on which the second quarter is due it is not late, one day after it is.
        assert_eq!(freshness("2009-10-30"), json!(["current", null, null]));
        assert_eq!(freshness("2009-10-31"), json!(["overdue", "2009-10-30", 1]));
        assert_eq!(last_overdue("2009-10-31"), freshness("2009-10-31"));
    });
}

/// A correction is no late arrival.
#[test]
fn a_result_came_when_it_first_came() {
    on_both(|waymark| {
        prepared(waymark);
        came(waymark, "reviews", &["FY2009-10-Q3"]);
        let reader = waymark.reader();
        let query = format!("as_at={MARCH}&from=2010-01-30&to=2010-01-30");
        let first = calendar(&reader, &query);
        assert_eq!(first.at("/items/0/state"), "received");
        // As if it had come on 29 January 2010, a day before it was due. The guard of what is recorded stands aside.
        waymark.sql(match waymark.engine {
            "PostgreSQL" => "ALTER TABLE results DISABLE TRIGGER USER",
            _ => "DROP TRIGGER results_stay",
        });
        waymark.sql("UPDATE results SET recorded_at = 1264723200000000");
        let corrected =
            json!([{"indicator": "reviews", "period": "FY2009-10-Q3", "value": 71, "standing": "revised"}]);
        let _ = push(&waymark.role("submitter"), "", &corrected).expect(200);
        let listing = calendar(&reader, &query);
        assert_eq!(
            (listing.at("/items/0/received_on"), listing.at("/items/0/days_late")),
            (json!("2010-01-29"), json!(0))
        );
    });
}

#[test]
fn a_result_of_several_parts_is_received_when_all_of_them_are() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        let fields =
            json!({"components": ["Dose 1", "Dose 2"], "frequency": "financial_year", "lag_days": 30});
        indicator(waymark, "doses", fields);
        let line = |component: &str| json!({"component": component, "baseline": {"value": 88}});
        measure(waymark, "doses", json!([line("Dose 1"), line("Dose 2")]));
        let dose = |component: &str| {
            let rows =
                json!([{"indicator": "doses", "period": "FY2008-09", "component": component, "value": 90}]);
            let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
        };
        let reader = waymark.reader();
        let state =
            || calendar(&reader, "as_at=2009-05-01&from=2009-04-30&to=2009-04-30").at("/items/0/state");
        let freshness = || reader.get(&format!("{PLAN}/status?as_at=2009-05-01")).at("/measures/0/freshness");
        dose("Dose 1");
        assert_eq!((state(), freshness()), (json!("overdue"), json!("overdue")));
        dose("Dose 2");
        assert_eq!((state(), freshness()), (json!("received"), json!("current")));
    });
}

#[test]
fn what_cannot_be_asked_of_a_calendar_is_named() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        let reader = waymark.reader();
        for (query, place, code) in [
            ("from=2010-04-01&to=2010-03-31", "from", "after_end"),
            ("state=late", "state", "unknown_value"),
            ("as_at=2010-02-30", "as_at", "invalid_value"),
            ("as_known_at=2999-01-01T00:00:00Z", "as_known_at", "in_future"),
            ("cursor=x", "cursor", "invalid_value"),
            ("theme=healthy", "theme", "unknown_field"),
        ] {
            let refused = reader.get(&format!("{PLAN}/calendar?{query}")).problem(400, "invalid-query");
            refused.has_faults(&[(place, code)]);
        }
        let empty = calendar(&reader, &format!("as_at={MARCH}"));
        assert_eq!(
            (empty.at("/items"), empty.at("/counts/unscheduled"), empty.at("/leads")),
            (json!([]), json!(0), json!([]))
        );
        let _ = reader.get("/v1/organisations/leicestershire/plans/none/calendar").problem(404, "not-found");
    });
}
