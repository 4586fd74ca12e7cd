//! `.../quality-checks` and `.../plans/{plan}/quality`: how good the data are, by a checklist.

use serde_json::{Value, json};
use waymark_tests::{Answer, Caller, OWN, Waymark, on_both};

use crate::framework::{self, MARCH, PLAN};
use crate::results::push;

/// The questions of the first checklist, in order; the first, second and fourth are essential.
const QUESTIONS: [&str; 8] =
    ["definition", "complete", "timely", "counts", "repeatable", "second-check", "owner", "changes"];

/// Answers to them: `m` met, `p` partly, `n` not met, `-` not applicable.
fn answers(letters: &str) -> Value {
    let word = |letter| match letter {
        'm' => "met",
        'p' => "partly",
        'n' => "not_met",
        '-' => "not_applicable",
        other => panic!("{other}"),
    };
    let pairs = QUESTIONS.iter().zip(letters.chars());
    pairs.map(|(question, letter)| json!({"question": question, "answer": word(letter)})).collect()
}

/// The body of a check.
pub(crate) fn check(period: &str, letters: &str) -> Value {
    json!({"period": period, "answers": answers(letters)})
}

fn checks_of(measure: &str) -> String {
    format!("{PLAN}/measures/{measure}/quality-checks")
}

fn grade(caller: &Caller, measure: &str, period: &str, letters: &str) -> Answer {
    caller.post(&checks_of(measure), &check(period, letters))
}

fn row(caller: &Caller, measure: &str) -> Value {
    let status = caller.get(&format!("{PLAN}/status?as_at={MARCH}")).expect(200).json();
    let rows = status["measures"].as_array().unwrap();
    rows.iter().find(|row| row["measure"] == measure).unwrap().clone()
}

fn quality(caller: &Caller, query: &str) -> Answer {
    caller.get(&format!("{PLAN}/quality?as_at={MARCH}{query}")).expect(200)
}

fn listed(answer: &Answer, fields: &[&str]) -> Vec<Value> {
    let items = answer.at("/items");
    let items = items.as_array().unwrap();
    items.iter().map(|item| fields.iter().map(|field| item[*field].clone()).collect()).collect()
}

#[test]
fn the_checklist_is_there_to_be_worked_through() {
    on_both(|waymark| {
        let lists = waymark.reader().get("/v1/quality-checklists").expect(200).at("/items");
        let newest = lists.as_array().unwrap().last().unwrap();
        assert_eq!(
            (&newest["version"], &newest["good_from"], &newest["fair_from"]),
            (&json!(1), &json!(80), &json!(50))
        );
        let questions = newest["questions"].as_array().unwrap();
        let codes: Vec<&str> = questions.iter().map(|asked| asked["code"].as_str().unwrap()).collect();
        assert_eq!(codes, QUESTIONS);
        let essential: Vec<bool> =
            questions.iter().map(|asked| asked["essential"].as_bool().unwrap()).collect();
        assert_eq!(essential, [true, true, false, true, false, false, false, false]);
    });
}

/// Of 16 half points: 13 are 81.25 per cent, 12 are 75, 14 are 87.5.
#[test]
fn a_grade_follows_from_the_answers() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let came = |period: &str, letters: &str, score: u32, grade_name: &str| {
            let made = grade(&officer, "lunches", period, letters).expect(201);
            assert_eq!(
                (made.at("/score"), made.at("/grade")),
                (json!(score), json!(grade_name)),
                "{letters}"
            );
        };
        came("FY2008-09-Q1", "mmmmmmpn", 81, "good");
        came("FY2008-09-Q2", "mmmmmmnn", 75, "fair");
        came("FY2008-09-Q3", "mmnmmnnn", 50, "fair");
        came("FY2008-09-Q4", "mmnmpnnn", 44, "weak");
        // An essential question that is not met, and one that is met in part.
        came("FY2009-10-Q1", "mnmmmmmm", 88, "weak");
        came("FY2009-10-Q2", "pmmmmmmm", 94, "fair");
        // 4 of the 5 that apply.
        came("FY2009-10-Q3", "mmnmm---", 80, "good");
    });
}

#[test]
fn a_grade_is_shown_beside_the_rating() {
    on_both(|waymark| {
        framework::examples(waymark);
        let (officer, reader) = (waymark.officer(), waymark.reader());
        assert_eq!(row(&reader, "lunches")["data_quality"], Value::Null);
        // The result of the school lunches is about this day.
        assert_eq!(row(&reader, "lunches")["actual_period"], MARCH);
        let _ = grade(&officer, "lunches", "FY2008-09", "mmmmmmmm").expect(201);
        assert_eq!(row(&reader, "lunches")["data_quality"], Value::Null);
        let made = grade(&officer, "lunches", MARCH, "mnmmmmmm").expect(201);
        assert_eq!(made.at("/checked_by"), "user:performance_officer of leicestershire");
        let listed_row = row(&reader, "lunches");
        assert_eq!(
            (&listed_row["data_quality"], &listed_row["data_quality_score"]),
            (&json!("weak"), &json!(88))
        );
        assert_eq!(listed_row["rating"], "amber");
        // What a pushed result says of itself is another matter.
        assert_eq!(listed_row["quality"], Value::Null);
    });
}

#[test]
fn weak_grades_are_listed_and_old_ones_are_marked() {
    on_both(|waymark| {
        framework::examples(waymark);
        let (officer, reader) = (waymark.officer(), waymark.reader());
        let _ = grade(&officer, "lunches", MARCH, "mnmmmmmm").expect(201);
        let _ = grade(&officer, "participation", "FY2008-09", "mmmmmmmm").expect(201);
        let _ = grade(&officer, "participation", "FY2009-10-H1", "mmmmmmnn").expect(201);
        let all = quality(&reader, "");
        assert_eq!(all.at("/counts"), json!({"good": 0, "fair": 1, "weak": 1, "ungraded": 6, "stale": 1}));
        assert_eq!(all.at("/items").as_array().unwrap().len(), 8);
        let fields = ["measure", "grade", "score", "stale", "checked_period", "rating"];
        assert_eq!(
            listed(&quality(&reader, "&grade=weak"), &fields),
            [json!(["lunches", "weak", 88, false, MARCH, "amber"])]
        );
        assert_eq!(
            listed(&quality(&reader, "&grade=fair"), &fields),
            [json!(["participation", "fair", 75, true, "FY2009-10-H1", "amber"])]
        );
        // A page ends where it ends, and the counts stay.
        let first = quality(&reader, "&grade=ungraded&limit=4");
        let rest = reader.get(first.at("/next").as_str().unwrap()).expect(200);
        let codes: Vec<Value> = [listed(&first, &["measure"]), listed(&rest, &["measure"])].concat();
        let ungraded = ["assessments", "conceptions", "placement", "poverty", "runaways", "second-plan"];
        assert_eq!(codes, ungraded.map(|code| json!([code])));
        assert_eq!(rest.at("/counts"), all.at("/counts"));
    });
}

#[test]
fn a_second_check_of_a_period_corrects_the_first() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let made = grade(&officer, "lunches", MARCH, "mnmmmmmm").expect(201);
        let _ = grade(&officer, "lunches", MARCH, "mmmmmmmm").problem(409, "conflict");
        let path = made.header("location").unwrap().to_owned();
        let body = json!({"answers": answers("mmmmmmmm"), "note": "The missing schools have answered."});
        let _ = officer.request("PUT", &path).json(&body).send().problem(428, "precondition-required");
        let corrected = officer.put(&path, &made.etag(), &body).expect(200);
        assert_eq!((corrected.at("/grade"), corrected.at("/revision")), (json!("good"), json!(2)));
        // Of two who correct the same revision the second is rejected.
        let late = json!({"answers": answers("nnnnnnnn")});
        let _ = officer.put(&path, &made.etag(), &late).problem(412, "precondition-failed");
        let reader = waymark.reader();
        assert_eq!(reader.get(&path).expect(200).at("/score"), 100);
        // What was known before can still be read.
        let then = made.at("/recorded_at");
        let before = reader.get(&format!("{path}?as_known_at={}", then.as_str().unwrap())).expect(200);
        assert_eq!((before.at("/grade"), before.at("/score")), (json!("weak"), json!(88)));
        assert_eq!(before.at("/answers/1/answer"), "not_met");
    });
}

#[test]
fn checks_are_listed_with_the_newest_period_first() {
    on_both(|waymark| {
        framework::examples(waymark);
        let (officer, reader) = (waymark.officer(), waymark.reader());
        for period in ["FY2008-09", "2009-04-01/2009-12-31", "FY2009-10"] {
            let made = grade(&officer, "lunches", period, "mmmmmmmm").expect(201);
            let found = reader.get(made.header("location").unwrap()).expect(200);
            assert_eq!(found.at("/period"), period);
        }
        let first = reader.get(&format!("{}?limit=2", checks_of("lunches"))).expect(200);
        assert_eq!(listed(&first, &["period"]), [json!(["FY2009-10"]), json!(["2009-04-01/2009-12-31"])]);
        let rest = reader.get(first.at("/next").as_str().unwrap()).expect(200);
        assert_eq!(listed(&rest, &["period"]), [json!(["FY2008-09"])]);
        let other = reader.get(&checks_of("runaways")).expect(200);
        assert_eq!(other.at("/items"), json!([]));
    });
}

#[test]
fn what_is_wrong_with_a_check_is_named() {
    on_both(|waymark| {
        framework::examples(waymark);
        let officer = waymark.officer();
        let refused = |body: &Value| officer.post(&checks_of("lunches"), body).problem(422, "invalid-body");
        let mut wrong = check(MARCH, "mmmmmmmm");
        wrong["answers"][1]["question"] = json!("colour");
        wrong["answers"][3]["question"] = json!("definition");
        refused(&wrong).has_faults(&[
            ("/answers", "not_answered"),
            ("/answers", "not_answered"),
            ("/answers/1/question", "unknown_question"),
            ("/answers/3/question", "answered_twice"),
        ]);
        refused(&check(MARCH, "--------")).has_faults(&[("/answers", "nothing_applies")]);
        refused(&check("FY2009-11", "mmmmmmmm")).has_faults(&[("/period", "years_do_not_follow")]);
        refused(&check("FY2007-08", "mmmmmmmm")).has_faults(&[("/period", "before_plan")]);
        refused(&check("FY2198-99", "mmmmmmmm")).has_faults(&[("/period", "in_future")]);
        let mut wrong = check(MARCH, "mmmmmmmm");
        wrong["answers"][0]["answer"] = json!("perhaps");
        refused(&wrong).has_faults(&[("/answers/0/answer", "unknown_value")]);
        let mut wrong = check(MARCH, "mmmmmmmm");
        wrong["answers"][0]["note"] = json!(" ");
        refused(&wrong).has_faults(&[("/answers/0/note", "empty")]);

        let path = format!("{}/{MARCH}", checks_of("lunches"));
        let _ = officer.get(&path).problem(404, "not-found");
        let _ = officer.put(&path, "*", &json!({"answers": answers("mmmmmmmm")})).problem(404, "not-found");
        let _ = officer.get(&format!("{}/yesterday", checks_of("lunches"))).problem(404, "not-found");
        let _ = grade(&officer, "nowhere", MARCH, "mmmmmmmm").problem(404, "not-found");
        let unknown = officer.get(&format!("{PLAN}/quality?grade=perfect")).problem(400, "invalid-query");
        unknown.has_faults(&[("grade", "unknown_value")]);
        assert_eq!(officer.get(&checks_of("lunches")).expect(200).at("/items"), json!([]));
    });
}

/// Two who check the same period at once: one check is there, and the other is rejected.
#[test]
fn of_two_checks_at_once_one_wins() {
    on_both(|waymark: &Waymark| {
        framework::examples(waymark);
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let racing: Vec<_> = ["mmmmmmmm", "nnnnnnnn"]
                .map(|letters| {
                    let officer = waymark.officer();
                    scope.spawn(move || grade(&officer, "lunches", MARCH, letters).status)
                })
                .into_iter()
                .collect();
            racing.into_iter().map(|racer| racer.join().unwrap()).collect()
        });
        let mut sorted = statuses.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [201, 409]);
        let kept = waymark.reader().get(&format!("{}/{MARCH}", checks_of("lunches"))).expect(200);
        let score = if statuses[0] == 201 { 100 } else { 0 };
        assert_eq!((kept.at("/score"), kept.at("/revision")), (json!(score), json!(1)));
    });
}

/// A new result leaves the check of the one before behind.
#[test]
fn a_new_result_makes_a_check_stale() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        framework::indicator(waymark, "reviews", json!({}));
        framework::measure(waymark, "reviews", json!([{"baseline": {"value": 60}}]));
        let submitter = waymark.role("submitter");
        let came = |period: &str| {
            let _ = push(&submitter, "", &json!([{"indicator": "reviews", "period": period, "value": 70}]))
                .expect(200);
        };
        came("FY2009-10-Q2");
        let officer = waymark.officer();
        let _ = grade(&officer, "reviews", "FY2009-10-Q2", "mmmmmmmm").expect(201);
        assert_eq!(row(&officer, "reviews")["data_quality"], "good");
        came("FY2009-10-Q3");
        assert_eq!(row(&officer, "reviews")["data_quality"], Value::Null);
        let page = quality(&officer, "");
        let fields = ["measure", "grade", "stale", "actual_period", "checked_period"];
        assert_eq!(
            listed(&page, &fields),
            [json!(["reviews", "good", true, "FY2009-10-Q3", "FY2009-10-Q2"])]
        );
    });
}
