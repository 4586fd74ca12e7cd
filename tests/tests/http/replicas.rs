//! Reads at a replica: never a rating that is out of date, one's own writes with the position that they answered, and
//! no caller notices where the replica is behind or gone.

use std::io::Read;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use serde_json::json;
use waymark_api::cli::add_client;
use waymark_domain::access::{Grant, Role};
use waymark_persistence::versions::{self, Versions};
use waymark_persistence::{Change, Needs, Reads, StoreError, clients};
use waymark_tests::{OWN, Waymark, on_both, on_replica, until};

use crate::framework::{self, MARCH, PLAN};
use crate::results::{self, RESULTS, push};

const HEADER: &str = "waymark-position";
/// The replica may be behind for as long as a test takes.
const PATIENT: u64 = 3600;

/// How many reads were done at the primary, and at the replica.
fn reads(waymark: &Waymark) -> (f64, f64) {
    let of = |source| waymark.metric(&format!("waymark_reads_total{{source=\"{source}\"}}")).unwrap();
    (of("primary"), of("replica"))
}

/// The school lunches, as the list of results returns them, and how many reads that took where.
fn lunches(waymark: &Waymark, position: Option<&str>) -> (String, (f64, f64)) {
    let before = reads(waymark);
    let request = waymark.reader().request("GET", &format!("{RESULTS}?indicator=lunches&from={MARCH}"));
    let request = match position {
        Some(position) => request.header(HEADER, position),
        None => request,
    };
    let value = request.send().expect(200).at("/items/0/value").to_string();
    let after = reads(waymark);
    (value, (after.0 - before.0, after.1 - before.1))
}

const AT_PRIMARY: (f64, f64) = (1.0, 0.0);
const AT_REPLICA: (f64, f64) = (0.0, 1.0);

/// Pushes a value of the school lunches; gives the position that was answered.
fn pushed(waymark: &Waymark, value: u32) -> String {
    let rows = json!([{"indicator": "lunches", "period": MARCH, "value": value}]);
    let answer = push(&waymark.role("submitter"), "", &rows).expect(200);
    answer.header(HEADER).unwrap().to_owned()
}

fn status(waymark: &Waymark) -> String {
    waymark.reader().get(&format!("{PLAN}/status?as_at={MARCH}")).expect(200).text
}

#[test]
fn a_replica_that_is_behind_shows_no_one_an_old_rating_and_no_writer_an_old_list() {
    on_replica(PATIENT, |waymark, replica| {
        framework::examples(waymark);
        replica.catch_up();
        assert_eq!(lunches(waymark, None), ("29".to_owned(), AT_REPLICA));
        let old = status(waymark);

        replica.hold_back();
        let position = pushed(waymark, 31);
        let new = status(waymark);
        assert_ne!(new, old);
        assert_eq!(new, status(&waymark.replica()), "as a service without replicas returns it");
        assert_eq!(
            lunches(waymark, None),
            ("29".to_owned(), AT_REPLICA),
            "a caller who did not write may see this"
        );
        assert_eq!(lunches(waymark, Some(&position)), ("31".to_owned(), AT_PRIMARY));

        replica.let_go();
        until("the position is reached", || {
            (lunches(waymark, Some(&position)).1 == AT_REPLICA).then_some(())
        });
        assert_eq!(lunches(waymark, Some(&position)), ("31".to_owned(), AT_REPLICA));
        assert_eq!(lunches(waymark, None), ("31".to_owned(), AT_REPLICA));
        // From a server that is not known here, or from one that has gone: no replica will ever come so far.
        assert_eq!(lunches(waymark, Some("0fffffffffffffff")), ("31".to_owned(), AT_PRIMARY));
    });
}

#[test]
fn ratings_are_made_at_a_replica_that_has_what_they_are_made_of() {
    on_replica(PATIENT, |waymark, replica| {
        framework::examples(waymark);
        replica.catch_up();
        let made = |answer: &str| {
            let before = reads(waymark);
            let text = waymark.reader().get(&format!("{PLAN}/{answer}")).expect(200).text;
            let after = reads(waymark);
            (text, (after.0 - before.0, after.1 - before.1))
        };
        let (first, place) = made("status?as_at=2010-03-31");
        assert_eq!(place, AT_REPLICA);
        assert_eq!(made("status?as_at=2010-03-31"), (first.clone(), (0.0, 0.0)), "it is cached");

        replica.hold_back();
        let _ = pushed(waymark, 31);
        let (second, place) = made("status?as_at=2010-03-31");
        assert_eq!(place, AT_PRIMARY);
        assert_ne!(second, first);
        replica.let_go();
        assert_eq!(made("status?as_at=2010-03-31"), (second, (0.0, 0.0)), "it is cached");
        assert_eq!(made("status?as_at=2010-03-30").1, AT_REPLICA);
    });
}

#[test]
fn a_file_comes_from_the_replica_unless_its_caller_needs_what_that_lacks() {
    on_replica(PATIENT, |waymark, replica| {
        framework::examples(waymark);
        replica.catch_up();
        let exported = |position: Option<&str>| {
            let before = reads(waymark);
            let request = waymark.reader().request("GET", &format!("{RESULTS}/export?indicator=lunches"));
            let request = match position {
                Some(position) => request.header(HEADER, position),
                None => request,
            };
            let answer = request.send().expect(200);
            let after = reads(waymark);
            (answer.text.clone(), answer.etag(), (after.0 - before.0, after.1 - before.1))
        };
        let (old, old_tag, place) = exported(None);
        assert_eq!(place, AT_REPLICA);
        replica.hold_back();
        let position = pushed(waymark, 31);
        assert_eq!(exported(None), (old.clone(), old_tag.clone(), AT_REPLICA));
        let (new, tag, place) = exported(Some(&position));
        assert_eq!(place, AT_PRIMARY);
        assert!(new.contains(",31,") && !old.contains(",31,") && tag != old_tag, "{new}");
    });
}

#[test]
fn a_file_that_its_replica_broke_off_is_not_begun_again_from_another() {
    on_replica(PATIENT, |waymark, replica| {
        results::export::long(waymark);
        replica.catch_up();
        let before = reads(waymark);
        let mut file = waymark.ask(&results::export::request());
        let mut text = vec![0; 1000];
        file.read_exact(&mut text).unwrap();
        // What the export has read is locked at the primary, and so at the replica when it gets there.
        waymark.sql("LOCK TABLE results IN ACCESS EXCLUSIVE MODE");
        replica.catch_up();
        let _ = file.read_to_end(&mut text);
        let text = String::from_utf8(text).unwrap();
        assert!(text.starts_with("HTTP/1.1 200"), "{}", &text[..500]);
        assert!(!text.ends_with("\r\n0\r\n\r\n"), "it ends as a whole file does");
        assert_eq!(text.matches("indicator,period,").count(), 1, "it begins once");
        until("it is given up", || (reads(waymark) == (before.0 + 1.0, before.1)).then_some(()));
    });
}

#[test]
fn a_change_returns_its_position_whatever_came_of_it() {
    on_replica(PATIENT, |waymark, replica| {
        framework::plan(waymark, OWN);
        replica.catch_up();
        let officer = waymark.officer();
        let mut content = framework::plan_content();
        content["title"] = json!("The plan");
        let etag = officer.get(PLAN).expect(200).etag();
        replica.hold_back();
        let changed = officer.put(PLAN, &etag, &content).expect(200);
        assert!(changed.header(HEADER).is_some(), "a change");
        let changed = officer.put(PLAN, &etag, &content).problem(412, "precondition-failed");
        // A caller who must read it again must not be given what is old.
        let position = changed.header(HEADER).unwrap().to_owned();
        let again = officer.request("GET", PLAN).header(HEADER, &position).send().expect(200);
        assert_eq!(again.at("/title"), "The plan");

        let rows = json!({"code": "again", "title": "Again", "unit": "count", "precision": 0});
        let indicators = format!("/v1/organisations/{OWN}/indicators");
        let send = || officer.request("POST", &indicators).header("idempotency-key", "k").json(&rows).send();
        assert!(send().expect(201).header(HEADER).is_some());
        let replayed = send().expect(201);
        assert_eq!(replayed.header("idempotency-replayed"), Some("true"));
        assert!(replayed.header(HEADER).is_some(), "an answer that was given before");
        assert_eq!(officer.get(PLAN).expect(200).header(HEADER), None, "a read");
    });
}

#[test]
fn a_client_that_was_revoked_stays_out_though_the_replica_does_not_know() {
    on_replica(PATIENT, |waymark, replica| {
        let store = waymark.store();
        let grant = Grant { role: Role::Submitter, reach: OWN.parse().unwrap() };
        let (id, secret) = add_client(&store, "case management", &[grant]).unwrap();
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        let ask = || {
            let request = waymark.stranger().request("POST", "/v1/token");
            request.body("application/x-www-form-urlencoded", form.clone()).send()
        };
        let caller = waymark.bearer(ask().expect(200).at("/access_token").as_str().unwrap());
        let _ = caller.get(&format!("/v1/organisations/{OWN}")).expect(200);
        replica.catch_up();
        replica.hold_back();
        let at = chrono::Utc::now();
        let change = Change { author: "test".into(), roles: String::new(), request_id: "test".into(), at };
        store.write(|connection| clients::revoke(connection, id, &change)).unwrap();
        let _ = caller.get(&format!("/v1/organisations/{OWN}")).problem(401, "unauthenticated");
        let _ = ask().problem(401, "invalid-client");
    });
}

#[test]
fn a_replica_that_is_too_far_behind_is_not_read() {
    on_replica(2, |waymark, replica| {
        framework::examples(waymark);
        replica.hold_back();
        let _ = pushed(waymark, 31);
        until("the replica lags", || waymark.replica_state("state").filter(|state| state == "lagging"));
        assert!(waymark.replica_state("lag_bytes").unwrap().as_u64().unwrap() > 0);
        assert!(waymark.replica_state("lag_seconds").unwrap().as_u64().unwrap() >= 2);
        assert_eq!(waymark.metric("waymark_replica_up{replica=\"1\"}"), Some(0.0));
        assert!(waymark.metric("waymark_replica_lag_bytes{replica=\"1\"}").unwrap() > 0.0);
        assert!(waymark.metric("waymark_replica_lag_seconds{replica=\"1\"}").unwrap() >= 2.0);
        assert_eq!(lunches(waymark, None), ("31".to_owned(), AT_PRIMARY));

        replica.let_go();
        until("the replica serves again", || {
            waymark.replica_state("state").filter(|state| state == "serving")
        });
        until("it has nothing left to replay", || {
            waymark.replica_state("lag_bytes").filter(|bytes| *bytes == 0)
        });
        assert_eq!(waymark.metric("waymark_replica_up{replica=\"1\"}"), Some(1.0));
        assert_eq!(lunches(waymark, None), ("31".to_owned(), AT_REPLICA));
    });
}

#[test]
fn a_replica_that_is_cut_off_is_not_missed_and_taken_up_again() {
    on_replica(PATIENT, |waymark, replica| {
        framework::examples(waymark);
        replica.catch_up();
        assert_eq!(lunches(waymark, None), ("29".to_owned(), AT_REPLICA));
        replica.cut_off();
        for _ in 0..20 {
            assert_eq!(lunches(waymark, None), ("29".to_owned(), AT_PRIMARY));
        }
        until("it is reported", || waymark.replica_state("state").filter(|state| state == "unreachable"));
        assert_eq!(waymark.replica_state("lag_bytes"), Some(json!(null)));
        assert_eq!(waymark.metric("waymark_replica_up{replica=\"1\"}"), Some(0.0));
        assert_eq!(waymark.metric("waymark_replica_lag_bytes{replica=\"1\"}"), None);
        let _ = pushed(waymark, 31);

        replica.join();
        replica.catch_up();
        until("the replica serves again", || {
            waymark.replica_state("state").filter(|state| state == "serving")
        });
        until("it is read from", || (lunches(waymark, None).1 == AT_REPLICA).then_some(()));
        assert_eq!(lunches(waymark, None), ("31".to_owned(), AT_REPLICA));
    });
}

/// It takes connections and says nothing, as a server does whose disk hangs.
#[test]
fn a_replica_that_falls_silent_is_given_up() {
    on_replica(PATIENT, |waymark, replica| {
        framework::examples(waymark);
        replica.catch_up();
        replica.silence();
        until("it is given up", || waymark.replica_state("state").filter(|state| state == "unreachable"));
        assert_eq!(lunches(waymark, None), ("29".to_owned(), AT_PRIMARY));
        replica.join();
        until("the replica serves again", || {
            waymark.replica_state("state").filter(|state| state == "serving")
        });
        until("it is read from", || (lunches(waymark, None).1 == AT_REPLICA).then_some(()));
    });
}

#[test]
fn a_read_that_stands_in_the_way_of_the_replay_is_done_at_the_primary() {
    on_replica(PATIENT, |waymark, replica| {
        let store = replica.store(waymark);
        let before = store.reads();
        let times = AtomicU32::new(0);
        let read: Result<Versions, StoreError> = store.read_where(&Needs::Recent, |connection| {
            let _ = versions::current(connection, &[OWN.to_owned()])?;
            if times.fetch_add(1, Ordering::Relaxed) == 0 {
                // What this transaction has read is locked at the primary, and so at the replica when it gets there.
                waymark.sql("LOCK TABLE organisations IN ACCESS EXCLUSIVE MODE");
                replica.catch_up();
            }
            versions::current(connection, &[OWN.to_owned()])
        });
        assert!(read.unwrap().contains_key(OWN));
        assert_eq!(times.into_inner(), 2, "once at the replica, once at the primary");
        assert_eq!(store.reads(), Reads { primary: before.primary + 1, ..before });
    });
}

#[test]
fn only_a_standby_of_the_primary_is_read_and_any_that_is_there() {
    on_replica(PATIENT, |waymark, replica| {
        let unreachable = "postgres://waymark@127.0.0.1:1/waymark";
        let several =
            format!("--database-read-url={unreachable},{},{}", waymark.database_url(), replica.url());
        let several = waymark.beside(&[&several]);
        let health = several.stranger().get("/health/ready").expect(200);
        let states =
            [health.at("/replicas/0/state"), health.at("/replicas/1/state"), health.at("/replicas/2/state")];
        assert_eq!(states, ["unreachable", "no_standby", "serving"]);
        until("it is read from", || {
            let _ = several.reader().get("/v1/organisations").expect(200);
            (reads(&several).1 > 0.0).then_some(())
        });
        let before = reads(&several);
        for _ in 0..6 {
            let _ = several.reader().get("/v1/organisations").expect(200);
        }
        assert_eq!(reads(&several), (before.0, before.1 + 6.0));
    });
}

#[test]
fn what_only_the_primary_can_do_fails_there() {
    on_replica(PATIENT, |waymark, replica| {
        let store = replica.store(waymark);
        let before = store.reads();
        let read: Result<(), StoreError> =
            store.read_where(&Needs::Recent, |connection| Ok(connection.batch_execute("SELECT 1/0")?));
        assert!(matches!(read, Err(StoreError::Query(_))), "{read:?}");
        assert_eq!(store.reads(), Reads { primary: before.primary + 1, ..before });
    });
}

#[test]
fn without_replicas_positions_are_read_and_none_is_returned() {
    on_both(|waymark| {
        framework::plan(waymark, OWN);
        let reader = waymark.reader();
        let carrying = |position: &str| reader.request("GET", PLAN).header(HEADER, position).send();
        let answer = carrying("00000000016b3748").expect(200);
        assert_eq!(answer.header(HEADER), None);
        let answer = waymark.officer().replace(PLAN, &framework::plan_content()).expect(200);
        assert_eq!(answer.header(HEADER), None);
        for none in ["", "16b3748", "00000000016B3748", "0/16B3748", "00000000016b3748, 0"] {
            carrying(none).problem(400, "invalid-header").has_faults(&[(HEADER, "invalid_value")]);
        }
        let twice = reader.request("GET", PLAN).header(HEADER, "00000000016b3748");
        let twice = twice.header(HEADER, "00000000016b3748").send();
        twice.problem(400, "invalid-header").has_faults(&[(HEADER, "invalid_value")]);
    });
}
