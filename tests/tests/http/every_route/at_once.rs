//! Several callers at once, and several services on one database.

use std::thread;

use serde_json::{Value, json};
use waymark_tests::{Answer, OWN, on_both};

use crate::framework::{self, MARCH, PLAN};
use crate::results::push;

/// Does it in eight threads at once, and gives their answers.
pub(crate) fn at_once(ask: impl Fn(usize) -> Answer + Sync) -> Vec<Answer> {
    let ask = &ask;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|number| scope.spawn(move || ask(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// How many of the answers have the status.
pub(crate) fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

#[test]
fn of_several_changes_from_one_revision_one_is_kept() {
    on_both(|waymark| {
        let admin = waymark.role("admin");
        let path = format!("/v1/organisations/{OWN}");
        let etag = admin.get(&path).etag();
        let title = |number: usize| json!({"title": format!("Title {number}")});
        let answers = at_once(|number| admin.put(&path, &etag, &title(number)));
        assert_eq!((count(&answers, 200), count(&answers, 412)), (1, 7));
        let kept = answers.iter().find(|answer| answer.status == 200).unwrap();
        assert_eq!(admin.get(&path).json(), kept.json());
        assert_eq!(kept.at("/revision"), 2);
    });
}

#[test]
fn a_code_that_several_want_goes_to_one() {
    on_both(|waymark| {
        let admin = waymark.everywhere("admin");
        let body = json!({"code": "derby", "title": "Derby"});
        let answers = at_once(|_| admin.post("/v1/organisations", &body));
        assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 7));
    });
}

/// The second attempt comes while the first runs, or after it: never is the work done twice.
#[test]
fn a_retry_that_overtakes_its_first_attempt_does_no_work_of_its_own() {
    on_both(|waymark| {
        framework::examples(waymark);
        let path = format!("{PLAN}/measures/lunches/judgements");
        let officer = waymark.officer();
        let body = json!({"kind": "override", "rating": "green", "reason": "R", "from": "2010-03-01"});
        let ask = |_| officer.request("POST", &path).header("idempotency-key", "once").json(&body).send();
        let answers = at_once(ask);
        assert_eq!(count(&answers, 201) + count(&answers, 409), 8);
        let first = answers.iter().find(|answer| answer.status == 201).unwrap().json();
        for answer in &answers {
            match answer.status {
                201 => assert_eq!(answer.json(), first),
                _ => assert_eq!(answer.at("/type"), "/problems/request-in-flight"),
            }
        }
        assert_eq!(officer.get(&path).at("/items"), json!([first]));
    });
}

/// No caller reads a rating that a push has changed once that push has answered, whichever service is asked.
#[test]
fn what_one_service_answered_the_other_knows() {
    on_both(|waymark| {
        framework::examples(waymark);
        let replica = waymark.replica();
        let path = format!("{PLAN}/status?as_at={MARCH}&rating=green");
        let greens = |reader: waymark_tests::Caller| {
            let status = reader.get(&path).expect(200);
            let rows = status.at("/measures").as_array().unwrap().clone();
            (status.etag(), rows.iter().any(|row| row["measure"] == "lunches"))
        };
        assert_eq!(greens(waymark.reader()), greens(replica.reader()));
        for (value, is_green) in [(31, true), (29, false), (32, true)] {
            let rows = json!([{"indicator": "lunches", "period": MARCH, "value": value}]);
            let _ = push(&waymark.role("submitter"), "", &rows).expect(200);
            assert_eq!(greens(replica.reader()).1, is_green);
            assert_eq!(greens(waymark.reader()), greens(replica.reader()));
        }
    });
}

#[test]
fn a_retry_that_reaches_another_service_gets_the_same_answer() {
    on_both(|waymark| {
        let replica = waymark.replica();
        let create = |service: &waymark_tests::Waymark| {
            let request = service.everywhere("admin").request("POST", "/v1/organisations");
            let body: Value = json!({"code": "derby", "title": "Derby"});
            request.header("idempotency-key", "once").json(&body).send().expect(201)
        };
        let (first, again) = (create(waymark), create(&replica));
        assert_eq!(first.text, again.text);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
    });
}
