//! What becomes of a push: the counts, the rows, and what is kept of them.

use serde_json::{Value, json};
use waymark_tests::{Answer, on_both};

use super::{RESULTS, each, immunisation, push};

const SUBMISSIONS: &str = "/v1/organisations/leicestershire/submissions";

#[test]
fn a_row_is_created_then_unchanged_then_superseded() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let lunches =
            |period: &str, value: Value| json!({"indicator": "NI52", "period": period, "value": value});
        let first =
            push(&submitter, "", &json!([lunches("FY2008-09", json!(28)), lunches("FY2009-10", json!(29))]));
        let first = first.expect(200);
        let counts = json!({"received": 2, "created": 2, "superseded": 0, "unchanged": 0, "rejected": 0});
        assert_eq!(first.at("/counts"), counts);
        let row = json!({"row": 1, "outcome": "created", "indicator": "NI52", "period": "FY2008-09",
                          "breakdown": null, "component": null, "line": null, "faults": [], "warnings": []});
        assert_eq!(first.at("/rows/0"), row);
        assert_eq!((first.at("/committed"), first.at("/validate_only")), (json!(true), json!(false)));

        let rows = json!([
            lunches("FY2007-08", json!(26)),
            // The same number with another zero.
            lunches("FY2008-09", json!(28.0)),
            lunches("FY2009-10", json!(31)),
        ]);
        let second = push(&submitter, "", &rows).expect(200);
        let counts = json!({"received": 3, "created": 1, "superseded": 1, "unchanged": 1, "rejected": 0});
        assert_eq!(second.at("/counts"), counts);
        assert_eq!(each(&second.at("/rows"), "outcome"), ["created", "unchanged", "superseded"]);

        let again = push(&submitter, "", &rows).expect(200);
        assert_eq!(each(&again.at("/rows"), "outcome"), ["unchanged"; 3]);
    });
}

#[test]
fn an_atomic_push_with_a_bad_row_leaves_no_trace() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let rows = json!([
            {"indicator": "NI52", "period": "FY2009-10", "value": 29},
            {"indicator": "NI52", "period": "June 2010", "value": 30},
            {"indicator": "NI999", "period": "FY2008-09", "value": 28, "colour": "red"},
        ]);
        for query in ["", "?mode=atomic", "?mode=atomic&validate_only=true"] {
            let refused = push(&submitter, query, &rows).problem(422, "rows-rejected");
            refused.has_faults(&[
                ("/results/1/period", "bad_period"),
                ("/results/2/colour", "unknown_field"),
                ("/results/2/indicator", "unknown_indicator"),
            ]);
            let counts = json!({"received": 3, "created": 0, "superseded": 0, "unchanged": 0, "rejected": 2});
            assert_eq!(refused.at("/push/counts"), counts);
            assert_eq!(each(&refused.at("/push/rows"), "row"), [2, 3]);
            let key = json!({"indicator": "NI999", "period": "FY2008-09"});
            let row = refused.at("/push/rows/1");
            assert_eq!(json!({"indicator": row["indicator"], "period": row["period"]}), key);
        }
        assert_eq!(waymark.officer().get(RESULTS).expect(200).at("/items"), json!([]));
        assert_eq!(submitter.get(SUBMISSIONS).expect(200).at("/items"), json!([]));
    });
}

#[test]
fn a_refused_push_lists_every_row_at_fault() {
    on_both(|waymark| {
        let rows: Vec<Value> =
            (0..150).map(|_| json!({"indicator": "NI52", "period": "x", "value": 1})).collect();
        let refused = push(&waymark.role("submitter"), "", &rows.into()).problem(422, "rows-rejected");
        assert_eq!(refused.at("/push/rows").as_array().unwrap().len(), 150);
        assert_eq!(refused.at("/push/rows/149/faults/0/pointer"), "/results/149/period");
        assert_eq!(refused.faults().len(), 100);
    });
}

#[test]
fn a_partial_push_keeps_the_sound_rows() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let rows = json!([
            {"indicator": "NI52", "period": "FY2009-10", "value": 29},
            {"indicator": "NI52", "period": "FY2008-09", "numerator": 3},
        ]);
        let answer = push(&submitter, "?mode=partial", &rows).expect(200);
        let counts = json!({"received": 2, "created": 1, "superseded": 0, "unchanged": 0, "rejected": 1});
        assert_eq!(answer.at("/counts"), counts);
        assert_eq!(answer.at("/rows/1/outcome"), "rejected");
        let fault = answer.at("/rows/1/faults/0");
        assert_eq!(
            (&fault["pointer"], &fault["code"]),
            (&json!("/results/1/denominator"), &json!("no_denominator"))
        );
        let kept = waymark.officer().get(RESULTS).expect(200).at("/items");
        assert_eq!(each(&kept, "period"), ["FY2009-10"]);
        assert_eq!(each(&kept, "submission"), [answer.at("/submission")]);
    });
}

#[test]
fn validate_only_reports_what_would_happen_and_keeps_nothing() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let row = |value: u32| json!({"indicator": "NI52", "period": "FY2009-10", "value": value});
        let _ = push(&submitter, "", &json!([row(29)])).expect(200);
        let rows =
            json!([row(31), {"indicator": "NI52", "period": "FY2008-09", "value": 28}, {"indicator": "?"}]);
        let tried = push(&submitter, "?mode=partial&validate_only=true", &rows).expect(200);
        let counts = json!({"received": 3, "created": 1, "superseded": 1, "unchanged": 0, "rejected": 1});
        assert_eq!(tried.at("/counts"), counts);
        assert_eq!((tried.at("/committed"), tried.at("/submission")), (json!(false), Value::Null));
        let kept = waymark.officer().get(RESULTS).expect(200).at("/items");
        assert_eq!(each(&kept, "value"), [json!(29)]);
        assert_eq!(submitter.get(SUBMISSIONS).expect(200).at("/items").as_array().unwrap().len(), 1);
    });
}

#[test]
fn json_lines_and_csv_say_the_same() {
    on_both(|waymark| {
        immunisation(waymark);
        let submitter = waymark.role("submitter");
        let csv = "\u{feff}note,indicator,period,numerator,denominator,value,breakdown,component,standing,quality,\
                   is_baseline,definition_version\r\n\
                   \"said \"\"so\"\",\nthen\",IM1,FY2009-10,45,60,,gender=girls,Dose 1,provisional,fair,true,2\r\n\
                   ,NI52,FY2009-10,,,29.50,,,,,,\r\n";
        let rows = [
            json!({"note": "said \"so\",\nthen", "indicator": "IM1", "period": "FY2009-10", "numerator": 45,
                   "denominator": 60, "breakdown": "gender=girls", "component": "Dose 1",
                   "standing": "provisional", "quality": "fair", "is_baseline": true, "definition_version": 2}),
            json!({"note": null, "indicator": "NI52", "period": "FY2009-10", "value": 29.5}),
        ];
        let lines = format!("{}\n\n{}\n", rows[0], rows[1]);
        let send = |media_type: &str, body: &str| {
            submitter.request("POST", RESULTS).body(media_type, body).send().expect(200)
        };
        let first = send("text/csv; charset=utf-8", csv);
        assert_eq!(each(&first.at("/rows"), "outcome"), ["created"; 2]);
        assert_eq!(each(&first.at("/rows"), "line"), [2, 4]);
        let second = send("application/x-ndjson", &lines);
        assert_eq!(each(&second.at("/rows"), "outcome"), ["unchanged"; 2]);
        assert_eq!(each(&second.at("/rows"), "line"), [1, 3]);
        let third = push(&submitter, "", &json!(rows)).expect(200);
        assert_eq!(each(&third.at("/rows"), "outcome"), ["unchanged"; 2]);

        let read = waymark.officer().get(&format!("{RESULTS}?indicator=IM1")).expect(200);
        for (field, value) in rows[0].as_object().unwrap() {
            assert_eq!(&read.at("/items/0")[field], value, "{field}");
        }
    });
}

#[test]
fn a_push_that_is_sent_again_is_done_once() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        let send = |value: u32, query: &str| {
            let rows = json!({"results": [{"indicator": "NI52", "period": "FY2009-10", "value": value}]});
            let path = format!("{RESULTS}{query}");
            submitter.request("POST", &path).header("idempotency-key", "march").json(&rows).send()
        };
        let first = send(29, "").expect(200);
        let again = send(29, "").expect(200);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(again.json(), first.json());
        let _ = send(30, "").problem(422, "idempotency-key-reused");
        let _ = send(29, "?mode=partial").problem(422, "idempotency-key-reused");
        assert_eq!(submitter.get(SUBMISSIONS).expect(200).at("/items").as_array().unwrap().len(), 1);
    });
}

#[test]
fn an_organisations_own_indicator_goes_before_the_catalogues() {
    on_both(|waymark| {
        let own = json!({"code": "NI52", "title": "Lunches as we count them", "unit": "count", "precision": 0,
                         "components": ["Primary"]});
        let made = waymark.officer().post("/v1/organisations/leicestershire/indicators", &own);
        let _ = made.expect(201);
        let row = json!([{"indicator": "NI52", "period": "FY2009-10", "value": 29, "component": "Primary"}]);
        let _ = push(&waymark.role("submitter"), "", &row).expect(200);
        let foreign = waymark.with(&[("submitter", "rutland")]);
        let refused = foreign.post("/v1/organisations/rutland/results", &json!({"results": row}));
        refused.problem(422, "rows-rejected").has_faults(&[("/results/0/component", "unknown_component")]);
    });
}

/// School lunches, 26% rising to 33%: 29% in March 2010 is amber, 33.5% a year later meets the target.
#[test]
fn a_push_reports_which_measures_change_their_rating() {
    on_both(|waymark| {
        let officer = waymark.officer();
        let plans = "/v1/organisations/leicestershire/plans";
        let plan = json!({"code": "cypp", "title": "Children and young people", "start": "2008-04-01",
                          "end": "2011-03-31", "scheme_code": "baseline_to_target", "reporting_cycle": "quarterly"});
        let _ = officer.post(plans, &plan).expect(201);
        let table = "theme,indicator,code,baseline,target,result\n\
                     Be healthy,Take-up of school lunches,NI52,26%,33%,29%\n\
                     Be healthy,Participation at 17,NI91,77%,86%,77%\n";
        let imports = format!("{plans}/cypp/imports?as_at=2010-03-31");
        let _ = officer.request("POST", &imports).body("text/csv", table).send().expect(200);

        let submitter = waymark.role("submitter");
        let rows = json!([
            {"indicator": "NI52", "period": "FY2010-11", "value": 33.5},
            {"indicator": "NI91", "period": "FY2008-09", "value": 76},
        ]);
        let change = json!([{"plan": "cypp", "measure": "NI52", "before": "amber", "after": "green"}]);
        let tried = push(&submitter, "?validate_only=true", &rows).expect(200);
        assert_eq!(tried.at("/rating_changes"), change);
        assert_eq!(push(&submitter, "", &rows).expect(200).at("/rating_changes"), change);
        assert_eq!(push(&submitter, "", &rows).expect(200).at("/rating_changes"), json!([]));
        let status = waymark.reader().get(&format!("{plans}/cypp/status?as_at=2011-03-31")).expect(200);
        assert_eq!(each(&status.at("/measures"), "rating"), ["green", "amber"]);
    });
}

#[test]
fn pushes_at_the_same_time_count_each_row_once() {
    on_both(|waymark| {
        let rows: Vec<Value> = (2000..2010)
            .map(|year| json!({"indicator": "NI52", "period": format!("CY{year}"), "value": 1}))
            .collect();
        let rows = Value::from(rows);
        let created: u64 = std::thread::scope(|scope| {
            let send = || {
                push(&waymark.role("submitter"), "", &rows)
                    .expect(200)
                    .at("/counts/created")
                    .as_u64()
                    .unwrap()
            };
            let pushes: Vec<_> = (0..4).map(|_| scope.spawn(send)).collect();
            pushes.into_iter().map(|push| push.join().unwrap()).sum()
        });
        assert_eq!(created, 10);
    });
}

/// Four push the same ten years, each beginning with another one, and before them three years of their own.
#[test]
fn pushes_at_the_same_time_that_have_rows_in_common_are_all_kept() {
    on_both(|waymark| {
        let row = |year: usize, value: u32| json!({"indicator": "NI52", "period": format!("CY{year}"), "value": value});
        // From here on the service remembers the council.
        let _ = push(&waymark.role("submitter"), "", &json!([row(1980, 1)])).expect(200);
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let hands: Vec<_> = (0..4_usize)
                .map(|hand| {
                    let own = (0..3).map(|year| row(1981 + 3 * hand + year, 2));
                    let common = (0..10).map(|year| row(2000 + (year + 3 * hand) % 10, 3));
                    let rows: Value = own.chain(common).collect();
                    scope.spawn(move || push(&waymark.role("submitter"), "", &rows).expect(200))
                })
                .collect();
            hands.into_iter().map(|hand| hand.join().unwrap()).collect()
        });
        let sum = |count: &str| -> u64 {
            answers.iter().map(|answer| answer.at(&format!("/counts/{count}")).as_u64().unwrap()).sum()
        };
        // 12 of their own; of the common ones ten are created once, and found thrice.
        assert_eq!((sum("created"), sum("unchanged"), sum("superseded")), (22, 30, 0));
        let list = waymark.officer().get("/v1/organisations/leicestershire/results?limit=100").expect(200);
        let figures = each(&list.at("/items"), "value");
        let so_many = |figure: f64| figures.iter().filter(|value| value.as_f64() == Some(figure)).count();
        assert_eq!((figures.len(), so_many(1.0), so_many(2.0), so_many(3.0)), (23, 1, 12, 10));
    });
}

/// Of two rows with one key it is unknown which one counts, even where one of them is invalid anyway.
#[test]
fn a_sound_row_is_not_written_beside_a_twin_at_fault() {
    on_both(|waymark| {
        let submitter = waymark.role("submitter");
        // From here on the service remembers the council.
        let first = json!([{"indicator": "NI52", "period": "CY2005", "value": 1}]);
        let _ = push(&submitter, "", &first).expect(200);
        let rows = json!([
            {"indicator": "NI52", "period": "CY2006", "value": 1},
            {"indicator": "NI52", "period": "CY2007", "value": 2},
            {"indicator": "NI52", "period": "CY2007", "value": "about 3"},
        ]);
        let answer = push(&submitter, "?mode=partial", &rows).expect(200);
        assert_eq!(each(&answer.at("/rows"), "outcome"), ["created", "rejected", "rejected"]);
        assert_eq!(answer.at("/rows/1/faults/0/code"), "duplicate_key");
        let list = waymark.officer().get("/v1/organisations/leicestershire/results").expect(200);
        assert_eq!(each(&list.at("/items"), "period"), ["CY2005", "CY2006"]);
    });
}
