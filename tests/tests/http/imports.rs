//! `/v1/organisations/{organisation}/plans/{plan}/imports`: whole performance tables.

use serde_json::{Value, json};
use waymark_tests::{Caller, OWN, Waymark, on_both};

use crate::framework::{self, EXAMPLES, PLAN, import};

/// The table of source 001, as the project ships it.
const TABLE: &str = include_str!("../../../api/data/leicestershire-cypp-2008-2011.csv");

/// How its columns are called.
const COLUMNS: &str = "&baseline_column=start_of_plan_position&target_column=end_of_plan_target\
                       &result_column=march_2010_result&comments_column=comments";

fn measures(caller: &Caller) -> Vec<Value> {
    let status = caller.get(&format!("{PLAN}/status?as_at=2010-03-31")).expect(200);
    status.at("/measures").as_array().unwrap().clone()
}

fn is_empty(waymark: &Waymark) {
    let officer = waymark.officer();
    assert_eq!(measures(&officer), [] as [Value; 0]);
    for list in ["indicators", "results", "submissions"] {
        let items = officer.get(&format!("/v1/organisations/{OWN}/{list}")).expect(200).at("/items");
        assert_eq!(items, json!([]), "{list}");
    }
}

/// Issue: all 100 rows in one request, no more than 6 result cells and 10 target cells unread.
#[test]
fn the_whole_table_of_the_plan_comes_in_with_one_request() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        let officer = waymark.officer();
        let report = import(&officer, COLUMNS, TABLE).expect(200);
        assert_eq!(report.at("/counts/rows"), 100);
        assert_eq!(report.at("/committed"), true);
        let cells = report.at("/unread");
        let unread =
            |column: &str| cells.as_array().unwrap().iter().filter(|cell| cell["column"] == column).count();
        assert!(unread("result") <= 6, "{cells:#}");
        assert!(unread("target") <= 10, "{cells:#}");
        for cell in cells.as_array().unwrap() {
            let has_text = |field: &str| !cell[field].as_str().unwrap().is_empty();
            assert!(has_text("text") && has_text("reason") && has_text("measure"), "{cell}");
        }
        assert_eq!(measures(&officer).len(), 100);
    });
}

/// Source 001, and DOMAIN.md on what is made of it.
#[test]
fn the_table_is_rated_as_the_council_rated_it() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        let officer = waymark.officer();
        let _ = import(&officer, COLUMNS, TABLE).expect(200);
        let status = measures(&officer);
        let rating = |code: &str| {
            let found = status.iter().find(|row| row["measure"] == code);
            found.unwrap_or_else(|| panic!("no measure {code}"))["rating"].clone()
        };
        for (code, expected) in [
            ("NI112", "red"),
            ("NI60", "red"),
            ("NI65", "green"),
            ("NI52", "amber"),
            ("NI63", "green"),
            ("NI91", "amber"),
            ("NI71", "no_target"),
            ("NI116", "no_data"),
        ] {
            assert_eq!(rating(code), expected, "{code}");
        }
    });
}

#[test]
fn importing_a_table_twice_changes_nothing() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        let officer = waymark.officer();
        let first = import(&officer, COLUMNS, TABLE).expect(200);
        let before = measures(&officer);
        let again = import(&officer, COLUMNS, TABLE).expect(200);
        for count in ["indicators_created", "indicators_changed", "measures_created", "measures_changed"] {
            assert_eq!(again.at(&format!("/counts/{count}")), 0, "{count}");
        }
        assert_eq!(again.at("/counts/results_created"), 0);
        assert_eq!(again.at("/counts/results_superseded"), 0);
        assert_eq!(again.at("/counts/results_unchanged"), first.at("/counts/results_created"));
        assert_eq!(measures(&officer), before);
    });
}

#[test]
fn a_dry_run_reports_the_same_and_keeps_nothing() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        let officer = waymark.officer();
        let tried = import(&officer, "&validate_only=true", EXAMPLES).expect(200).json();
        assert_eq!(tried["validate_only"], true);
        assert_eq!(tried["committed"], false);
        assert_eq!(tried["submission"], Value::Null);
        is_empty(waymark);
        let done = import(&officer, "", EXAMPLES).expect(200).json();
        for part in ["counts", "unread", "indicators", "rows"] {
            assert_eq!(done[part], tried[part], "{part}");
        }
    });
}

#[test]
fn an_unreadable_cell_is_kept_and_reported_and_never_guessed() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        let officer = waymark.officer();
        let table = "theme,indicator,code,unit,polarity,baseline,target,result\n\
                     Stay safe,Visits,visits,percent,higher_is_better,50%,Varies according to organisation,60%\n";
        let report = import(&officer, "", table).expect(200);
        assert_eq!(report.at("/unread/0/column"), "target");
        assert_eq!(report.at("/unread/0/row"), 1);
        assert_eq!(report.at("/unread/0/text"), "Varies according to organisation");
        let measure = &measures(&officer)[0];
        assert_eq!(measure["rating"], "not_rateable");
        assert_eq!(measure["rule"], "target_unread");
        assert_eq!(measure["actual_value"], json!(60));
    });
}

#[test]
fn a_table_that_cannot_be_taken_leaves_no_trace() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        let officer = waymark.officer();
        let with = |row: &str| format!("{EXAMPLES}{row}\n");
        let bad = [
            with("Be healthy,Lunches again,lunches,count,higher_is_better,1,2,3"),
            with("Be healthy,,smoking,percent,lower_is_better,1%,2%,3%"),
            with("Be healthy,Smoking,&&,percent,lower_is_better,1%,2%,3%"),
        ];
        for table in bad {
            let refused = import(&officer, "", &table).problem(422, "invalid-body");
            let faults = refused.faults();
            assert!(
                !faults.is_empty() && faults.iter().all(|(place, _)| place.starts_with("/9/")),
                "{faults:?}"
            );
        }
        is_empty(waymark);
    });
}

/// What a council calls its polarities, units and codes is read; a word that is not known is reported and refuses nothing.
#[test]
fn a_table_in_the_words_of_another_council_comes_in() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        let officer = waymark.officer();
        let table = "\
            Our year in figures,,,,,,,,\n\
            Theme,KPI,Ref,Unit of measure,Good is,Reporting frequency,Baseline ,Target 2010/11,Outturn\n\
            Be healthy,Smoking,NI 123,%,It's best to be low,Annually (July),20%,15%,18%\n\
            Stay safe,,,,,,,,\n\
            ,Visits,LAC 1.2,Per cent,Maximise,Termly,60%,80%,70%\n";
        let report = import(&officer, "", table).expect(200);
        let unread = report.at("/unread");
        let unread: Vec<_> = unread
            .as_array()
            .unwrap()
            .iter()
            .map(|cell| (&cell["column"], &cell["text"], &cell["row"]))
            .collect();
        assert_eq!(unread, [(&json!("frequency"), &json!("Termly"), &json!(3))]);
        let of = |code: &str| officer.get(&format!("/v1/organisations/{OWN}/indicators/{code}")).expect(200);
        assert_eq!(
            (of("NI123").at("/polarity"), of("NI123").at("/frequency")),
            (json!("lower_is_better"), json!("financial_year"))
        );
        assert_eq!(
            (of("LAC-1.2").at("/polarity"), of("LAC-1.2").at("/frequency")),
            (json!("higher_is_better"), json!(null))
        );
    });
}

#[test]
fn what_is_no_table_is_refused() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        let officer = waymark.officer();
        for table in [
            "",
            "theme\n",
            "indicator,result\nA,1\n",
            "theme,indicator,result\n",
            "theme,theme,indicator\na,b,c\n",
            "theme,indicator\na,b\n",
        ] {
            let _ = import(&officer, "", table).problem(422, "invalid-body");
        }
        let bytes = officer.request("POST", &format!("{PLAN}/imports?as_at=2010-03-31"));
        let _ = bytes.body("text/csv", b"theme,indicator\n\xff,\xfe\n").send().problem(400, "malformed-body");
        let unmapped = import(&officer, "&result_column=nowhere", EXAMPLES);
        let _ = unmapped.problem(422, "invalid-body");
        let json = officer.post(&format!("{PLAN}/imports?as_at=2010-03-31"), &json!({}));
        let _ = json.problem(415, "unsupported-media-type");
        let undated = officer.request("POST", &format!("{PLAN}/imports")).body("text/csv", EXAMPLES).send();
        let _ = undated.problem(400, "invalid-query");
        let other =
            officer.request("POST", &format!("{PLAN}x/imports?as_at=2010-03-31")).body("text/csv", EXAMPLES);
        let _ = other.send().problem(404, "not-found");
        is_empty(waymark);
    });
}

#[test]
fn an_import_that_is_sent_again_is_done_once() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        let officer = waymark.officer();
        let send = |table: &str| {
            let request = officer.request("POST", &format!("{PLAN}/imports?as_at=2010-03-31"));
            request.header("idempotency-key", "import-1").body("text/csv", table).send()
        };
        let first = send(EXAMPLES).expect(200);
        let again = send(EXAMPLES).expect(200);
        assert_eq!((&again.text, again.header("idempotency-replayed")), (&first.text, Some("true")));
        let _ = send(&EXAMPLES.replace("29%", "30%")).problem(422, "idempotency-key-reused");
        let listed = officer.get(&format!("/v1/organisations/{OWN}/submissions")).expect(200);
        assert_eq!(listed.at("/items").as_array().unwrap().len(), 1);
    });
}
