//! Results as a file: all that the list returns, in two forms, however much there is.

use std::io::Read;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use waymark_tests::{Caller, IdentityProvider, OWN, Waymark, on_both};

use super::{RESULTS, each, immunisation, push};

/// Everything of the list, page by page.
fn listed(caller: &Caller, query: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut next = Some(format!("{RESULTS}?limit=500{query}"));
    while let Some(path) = next {
        let page = caller.get(&path).expect(200).json();
        items.extend(page["items"].as_array().unwrap().clone());
        next = page["next"].as_str().map(str::to_owned);
    }
    items
}

/// The lines of an export.
fn lines(caller: &Caller, query: &str) -> Vec<Value> {
    let request = caller.request("GET", &format!("{RESULTS}/export?{}", query.trim_start_matches('&')));
    let answer = request.header("accept", "application/x-ndjson").send().expect(200);
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// 3 of 30 in Blaby and 7 of 30 in Harborough, which would tell it; a note and a correction; two doses; a second
/// indicator.
fn pushed(waymark: &Waymark) {
    immunisation(waymark);
    let submitter = waymark.role("submitter");
    let by = |breakdown: Value, numerator: u32, denominator: u32| {
        json!({"indicator": "IM1", "period": "FY2009-10", "breakdown": breakdown,
               "numerator": numerator, "denominator": denominator, "note": format!("{numerator} of them")})
    };
    let rows = json!([
        by(Value::Null, 30, 100),
        by(json!("district=Blaby"), 3, 30),
        by(json!("district=Harborough"), 7, 30),
        by(json!("district=Melton"), 20, 40),
        {"indicator": "IM1", "period": "FY2008-09", "component": "Dose 1", "value": 82.40, "quality": "fair"},
        {"indicator": "NI52", "period": "FY2009-10", "value": 29, "standing": "provisional",
         "note": "=HYPERLINK(\"http://example.org\"), \"quoted\""},
    ]);
    let _ = push(&submitter, "", &rows).expect(200);
    let corrected =
        json!([{"indicator": "NI52", "period": "FY2009-10", "value": -1.5, "note": "-5, not +5"}]);
    let _ = push(&submitter, "", &corrected).expect(200);
}

#[test]
fn an_export_has_what_the_list_returns_to_each_caller() {
    on_both(|waymark| {
        pushed(waymark);
        let first = waymark.officer().get(&format!("{RESULTS}?indicator=NI52")).expect(200);
        let moment = first.at("/items/0/recorded_at");
        let submission = first.at("/items/0/submission");
        let queries = [
            String::new(),
            "&indicator=IM1".into(),
            "&period=FY2009-10".into(),
            "&breakdown=district%3DHarborough".into(),
            "&breakdown=".into(),
            "&component=Dose%201".into(),
            "&standing=final".into(),
            "&as_at=2009-03-31".into(),
            "&from=2009-04-01".into(),
            format!("&submission={}", submission.as_str().unwrap()),
            format!("&as_known_at={}", moment.as_str().unwrap()),
            "&as_known_at=2020-01-01T00:00:00Z".into(),
        ];
        for caller in [waymark.officer(), waymark.reader()] {
            for query in &queries {
                assert_eq!(lines(&caller, query), listed(&caller, query), "{query}");
            }
        }
        // The list that an officer sees holds what a reader's does not.
        let seen_by = |caller: &Caller| {
            let lines = lines(caller, "&breakdown=district%3DHarborough");
            (lines[0]["numerator"].clone(), lines[0]["note"].clone(), lines[0]["suppressed"].clone())
        };
        assert_eq!(seen_by(&waymark.officer()), (json!(7), json!("7 of them"), json!(false)));
        assert_eq!(seen_by(&waymark.reader()), (Value::Null, Value::Null, json!(true)));
    });
}

#[test]
fn a_csv_is_read_by_any_csv_reader() {
    on_both(|waymark| {
        pushed(waymark);
        let answer = waymark.officer().get(&format!("{RESULTS}/export?indicator=NI52")).expect(200);
        assert_eq!(answer.header("content-type"), Some("text/csv"));
        let name = "attachment; filename=\"results-leicestershire.csv\"";
        assert_eq!(answer.header("content-disposition"), Some(name));
        let line = &lines(&waymark.officer(), "&indicator=NI52")[0];
        let text = |field: &str| line[field].as_str().unwrap();
        // A number below nothing stays a number; a note that looks like a formula does not.
        let expected = format!(
            "indicator,period,value,numerator,denominator,breakdown,component,definition_version,standing,quality,\
             note,is_baseline,unread,unread_reason,suppressed,state,id,submission,recorded_at,superseded_at\r\n\
             NI52,FY2009-10,-1.5,,,,,1,final,,\"'-5, not +5\",false,,,false,current,{},{},{},\r\n",
            text("id"),
            text("submission"),
            text("recorded_at"),
        );
        assert_eq!(answer.text, expected);
        let harborough = format!("{RESULTS}/export?breakdown=district%3DHarborough");
        let withheld = waymark.reader().get(&harborough).expect(200).text;
        let row = "IM1,FY2009-10,,,,district=Harborough,,2,final,,,false,,,true,current,";
        assert!(withheld.lines().nth(1).unwrap().starts_with(row), "{withheld}");
    });
}

#[test]
fn a_long_export_has_every_row_once() {
    on_both(|waymark| {
        immunisation(waymark);
        // More than are read at once, and some pieces of the file.
        let months = || (1910..2010_u32).flat_map(|year| (1..=12).map(move |month| (year, month)));
        let parts = ["", "district=Blaby", "district=Harborough", "district=Melton"];
        let value = |year: u32, month: u32, part: usize| (year * 100 + month) * 10 + part as u32;
        let rows: Vec<Value> = months()
            .flat_map(|(year, month)| {
                parts.iter().enumerate().map(move |(part, breakdown)| {
                    let breakdown = (!breakdown.is_empty()).then_some(breakdown);
                    json!({"indicator": "IM1", "period": format!("{year}-{month:02}"), "breakdown": breakdown,
                           "value": value(year, month, part)})
                })
            })
            .collect();
        let _ = push(&waymark.role("submitter"), "", &rows.into()).expect(200);
        let expected: Vec<Value> = months()
            .flat_map(|(year, month)| (0..4).map(move |part| json!(value(year, month, part))))
            .collect();
        for caller in [waymark.officer(), waymark.reader()] {
            assert_eq!(each(&lines(&caller, "").into(), "value"), expected);
        }
        let csv = waymark.reader().get(&format!("{RESULTS}/export")).expect(200);
        assert_eq!(csv.text.lines().count(), 4800 + 1);
    });
}

#[test]
fn a_caller_who_has_the_file_already_gets_304() {
    on_both(|waymark| {
        pushed(waymark);
        let path = format!("{RESULTS}/export?indicator=NI52");
        let ask = |caller: &Caller, media_type: &str, tag: &str| {
            let request = caller.request("GET", &path).header("accept", media_type);
            request.header("if-none-match", tag).send()
        };
        let tag = |caller: &Caller, media_type: &str| {
            ask(caller, media_type, "\"another\"").expect(200).header("etag").unwrap().to_owned()
        };
        let officer = waymark.officer();
        let known = tag(&officer, "text/csv");
        let again = ask(&officer, "text/csv", &known).expect(304);
        assert_eq!((again.header("etag"), again.text.as_str()), (Some(known.as_str()), ""));
        // Another form, and what another caller may see, are other bytes.
        let others = [tag(&officer, "application/x-ndjson"), tag(&waymark.reader(), "text/csv")];
        assert!(others[0] != known && others[1] != known && others[0] != others[1], "{others:?}");
        let row = json!([{"indicator": "NI52", "period": "FY2009-10", "value": 30}]);
        let _ = push(&waymark.role("submitter"), "", &row).expect(200);
        let changed = tag(&officer, "text/csv");
        assert_ne!(changed, known);
        let _ = push(&waymark.role("submitter"), "", &row).expect(200);
        let _ = ask(&officer, "text/csv", &changed).expect(304);
        let _ = ask(&officer, "text/csv", "no tag").problem(400, "invalid-header");
        let nowhere = waymark.everywhere("reader");
        let request = nowhere.request("GET", "/v1/organisations/nowhere/results/export");
        let _ = request.header("if-none-match", "*").send().problem(404, "not-found");
    });
}

#[test]
fn what_cannot_be_exported_is_rejected() {
    on_both(|waymark| {
        let reader = waymark.reader();
        let export = |query: &str| reader.get(&format!("{RESULTS}/export{query}"));
        export("?period=2009/10").problem(400, "invalid-query").has_faults(&[("period", "bad_period")]);
        let _ = export("?limit=5").problem(400, "invalid-query");
        let _ = waymark
            .everywhere("reader")
            .get("/v1/organisations/nowhere/results/export")
            .problem(404, "not-found");
        assert_eq!(lines(&reader, ""), Vec::<Value>::new());
    });
}

/// The bytes of a request for all results as CSV, by a caller who may not see small counts.
pub(crate) fn request() -> Vec<u8> {
    let token = IdentityProvider::token(&[("reader", OWN)]).sign();
    let head = format!("GET {RESULTS}/export HTTP/1.1\r\nhost: waymark\r\nauthorization: Bearer {token}\r\n");
    format!("{head}connection: close\r\n\r\n").into_bytes()
}

/// Ten megabytes of results, more than waits in any buffer between the service and a caller.
pub(crate) fn long(waymark: &Waymark) {
    immunisation(waymark);
    let note = "n".repeat(3900);
    let rows: Vec<Value> = (0..1250)
        .flat_map(|month| [Value::Null, json!("district=Blaby")].map(|breakdown| (month, breakdown)))
        .map(|(month, breakdown)| {
            let period = format!("{}-{:02}", 1900 + month / 12, 1 + month % 12);
            json!({"indicator": "IM1", "period": period, "breakdown": breakdown, "value": 50, "note": note})
        })
        .collect();
    let _ = push(&waymark.role("submitter"), "", &rows.into()).expect(200);
}

#[test]
fn a_file_that_breaks_off_is_not_taken_for_the_whole() {
    on_both(|waymark| {
        long(waymark);
        assert!(waymark.raw(&request()).ends_with("\r\n0\r\n\r\n"));
        // The last row, in the order of the file, is one that could not have been written.
        waymark.sql(
            "INSERT INTO results (organisation_id, id, indicator_id, period, period_first, period_last, breakdown, \
             component, definition_version, value, standing, is_baseline, submission_id, recorded_at) \
             SELECT organisation_id, submission_id, indicator_id, 'nonsense', period_first, period_last, breakdown, \
             component, 1, '1', standing, is_baseline, submission_id, recorded_at FROM results \
             WHERE period = '1900-01' AND breakdown = ''",
        );
        let broken = waymark.raw(&request());
        assert!(broken.starts_with("HTTP/1.1 200"), "{}", &broken[..500.min(broken.len())]);
        assert!(broken.len() > 1_000_000 && !broken.ends_with("\r\n0\r\n\r\n"));
    });
}

#[test]
fn a_client_that_goes_away_keeps_no_one_waiting() {
    on_both(|waymark| {
        long(waymark);
        let reader = waymark.reader();
        let path = format!("{RESULTS}/export");
        // Two may run at once; these take the beginning of their files and no more.
        let begun: Vec<_> = (0..2)
            .map(|_| {
                let mut stream = waymark.ask(&request());
                stream.read_exact(&mut [0; 1000]).unwrap();
                stream
            })
            .collect();
        let refused = reader.get(&path).problem(503, "unavailable");
        assert_eq!(refused.header("retry-after"), Some("1"));
        let _ = reader.get(RESULTS).expect(200);
        drop(begun);
        let deadline = Instant::now() + Duration::from_secs(20);
        let mut answer = reader.get(&path);
        while answer.status == 503 && Instant::now() < deadline {
            std::thread::yield_now();
            answer = reader.get(&path);
        }
        assert_eq!(answer.expect(200).text.lines().count(), 2501);
    });
}
