//! How the engines answer the queries that are asked often or of much: from an index, and from one partition.
//!
//! Nothing here repeats a query. The store's own functions run on a connection that notes each statement with what it
//! was given; each is then explained by the engine, beside so many rows that a plan means something.

mod fill;
mod plan;
mod recorder;
mod statement;

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use uuid::Uuid;
use waymark_domain::commitment::Commitment;
use waymark_domain::observation::{Observation, Standing};
use waymark_persistence::idempotency::{Attempt, Begun, StoredAnswer, begin, complete, release};
use waymark_persistence::plan_item::{self, PlanPlace};
use waymark_persistence::results::{
    NewResult, Part, ResultFilter, beside_small_counts, brought_for_rating, each, first_recorded, for_rating,
    history, list,
};
use waymark_persistence::submission::{Fault, Format, Mode, RejectedRow, Submission, SubmissionFilter};
use waymark_persistence::trail::{self, TrailFilter};
use waymark_persistence::{Store, StoreError, jobs, judgement, revision, submission, versions};

use crate::engines::{at, change, on_each_engine};
use crate::samples::{Framework, Push, framework, in_district, observed, push};
use recorder::Recorder;

const NOW: &str = "2026-11-23T12:00:00Z";

#[test]
fn no_query_reads_a_whole_table() {
    on_each_engine(|database| {
        let there = framework(&database.store);
        fill::fill(database);
        for ask in [results, pushes, histories, retries] {
            let recorder = Recorder::default();
            ask(&recorder.opened(&database.url), &there);
            let statements = recorder.statements();
            assert!(statements.len() > 3, "{statements:?}");
            let faults: Vec<String> =
                statements.iter().filter_map(|statement| plan::fault(database, statement)).collect();
            assert!(faults.is_empty(), "{}: {}", database.engine, faults.join("\n"));
        }
    });
}

/// Statistics that were made when an organisation had few results must not have all of them read for each key that is
/// looked up later.
#[test]
fn keys_are_looked_up_in_their_own_index_whatever_the_statistics_say() {
    on_each_engine(|database| {
        if database.engine != "postgres" {
            return;
        }
        let store = &database.store;
        let own = framework(store).organisation;
        let lookups_in_series = || {
            let series =
                "JOIN pg_inherits ON inhrelid = indexrelid WHERE inhparent = 'results_series'::regclass";
            counted(store, "idx_scan", series)
        };
        let _ = (push_month(store, own, 0), push_month(store, own, 1));
        store.write(|c| c.batch_execute("ANALYZE results").map_err(StoreError::from)).unwrap();
        (2..30).for_each(|month| assert_eq!(push_month(store, own, month).counts.created, 400));
        let before = lookups_in_series();
        assert_eq!(push_month(store, own, 10).counts.unchanged, 400);
        assert_eq!(lookups_in_series(), before);
    });
}

/// Nor must all be read of an organisation that they do not know, to find out what others pushed.
#[test]
fn what_was_brought_is_found_in_its_own_index_whatever_the_statistics_say() {
    on_each_engine(|database| {
        if database.engine != "postgres" {
            return;
        }
        let store = &database.store;
        fill::fill(database);
        let own = framework(store).organisation;
        let sent: Vec<_> = (0..30).map(|month| push_month(store, own, month).id).collect();
        let rows_read = || counted(store, "idx_tup_read", "WHERE relname LIKE 'results_p%'");
        let before = rows_read();
        let brought = store.read(|c| {
            let day = "2010-03-31".parse().unwrap();
            let brought = brought_for_rating(c, own, &sent[2..6], &[None], day)?;
            c.batch_execute("SELECT pg_stat_force_next_flush()")?;
            Ok::<_, StoreError>(brought)
        });
        assert_eq!(brought.unwrap().len(), 400);
        let read = rows_read() - before;
        assert!(
            (1_600..2_000).contains(&read),
            "{read} of 12,000 were read, where four pushes brought 1,600"
        );
    });
}

/// Pushes a month of a hundred indicators, whole and by three districts.
fn push_month(store: &Store, organisation: Uuid, month: u32) -> Submission {
    let whole = observed(&format!("{}-{:02}", 2005 + month / 12, 1 + month % 12), "1");
    let districts = ["Blaby", "Charnwood", "Melton"].map(|name| in_district(whole.clone(), name));
    let parts: Vec<Observation> = districts.into_iter().chain([whole]).collect();
    let of = |number: u128| {
        let indicator = Uuid::from_u128(1_000 + number);
        parts.clone().into_iter().map(move |observation| NewResult { indicator, observation })
    };
    let results: Vec<NewResult> = (0..100).flat_map(of).collect();
    let (format, mode) = (Format::Json, Mode::Atomic);
    let sent = Push { organisation, format, mode, results: &results, rejected: &[] };
    let pushed = store.write(|c| {
        let pushed = push(c, sent, &change(NOW))?;
        c.batch_execute("SELECT pg_stat_force_next_flush()")?;
        Ok::<_, StoreError>(pushed.submission)
    });
    pushed.unwrap()
}

/// What the server has counted of its indexes.
fn counted(store: &Store, what: &str, of_which: &str) -> i64 {
    let question =
        format!("SELECT coalesce(sum({what}), 0)::bigint AS sum FROM pg_stat_user_indexes {of_which}");
    let sum = store.read(|c| Ok::<_, StoreError>(diesel::sql_query(&question).get_result::<Sum>(c)?));
    sum.unwrap().sum
}

#[derive(diesel::QueryableByName)]
struct Sum {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    sum: i64,
}

fn results(store: &Store, there: &Framework) {
    let own = there.organisation;
    let moment = Some(at(NOW));
    let one = || Some(vec![there.indicator]);
    let filters = [
        ResultFilter::default(),
        ResultFilter { indicators: one(), ..ResultFilter::default() },
        ResultFilter { indicators: one(), known_at: moment, ..ResultFilter::default() },
        ResultFilter { known_at: moment, ..ResultFilter::default() },
        ResultFilter { period: "FY2008-09".parse().ok(), ..ResultFilter::default() },
        ResultFilter {
            from: "2008-04-01".parse().ok(),
            to: "2010-03-31".parse().ok(),
            ..ResultFilter::default()
        },
        ResultFilter { breakdown: Part::Whole, as_at: "2010-03-31".parse().ok(), ..ResultFilter::default() },
        ResultFilter { standing: Some(Standing::Final), ..ResultFilter::default() },
    ];
    let results = [NewResult { indicator: there.indicator, observation: observed("FY2008-09", "82.4") }];
    let sent = Push {
        organisation: own,
        format: Format::Json,
        mode: Mode::Atomic,
        results: &results,
        rejected: &[],
    };
    store.write(|c| push(c, sent, &change(NOW))).unwrap();
    let first = store.read(|c| list(c, own, &filters[0], None, 1)).unwrap();
    let key = first[0].key();
    for filter in &filters {
        for after in [None, Some(&key)] {
            store.read(|c| list(c, own, filter, after, 51)).unwrap();
        }
    }
    for filter in &filters {
        store.read(|c| each(c, own, filter, |_, _| Ok::<_, StoreError>(()))).unwrap();
    }
    let brought = ResultFilter { submission: Some(first[0].submission), ..ResultFilter::default() };
    store.read(|c| list(c, own, &brought, None, 51)).unwrap();
    store.read(|c| history(c, own, &key)).unwrap();
    let day = "2010-03-31".parse().unwrap();
    for known in [None, moment] {
        store.read(|c| for_rating(c, own, &[there.indicator], &[None], day, known)).unwrap();
        let counted = [there.indicator];
        store.read(|c| beside_small_counts(c, own, (&counted, &counted), 5, day, known)).unwrap();
        store.read(|c| first_recorded(c, own, &[there.indicator], day, known)).unwrap();
    }
    store.read(|c| submission::since(c, own, first[0].submission, 50)).unwrap();
    let brought = [first[0].submission];
    store.read(|c| brought_for_rating(c, own, &brought, &[None], day)).unwrap();
}

fn pushes(store: &Store, there: &Framework) {
    let sent = |figure: &str| -> Vec<Observation> {
        let periods = ["FY2006-07", "FY2007-08", "FY2008-09"].map(|period| observed(period, figure));
        periods.into_iter().flat_map(|whole| [in_district(whole.clone(), "Blaby"), whole]).collect()
    };
    let faults = vec![Fault { pointer: "/value".into(), code: "missing".into(), detail: "none".into() }];
    let rejected = [RejectedRow { row: 9, content: serde_json::json!({}), faults }];
    let mut pushed = Vec::new();
    // New, the same again, and others in their place.
    for figure in ["1", "1", "2"] {
        let results: Vec<NewResult> = sent(figure)
            .into_iter()
            .map(|observation| NewResult { indicator: there.indicator, observation })
            .collect();
        let sent = Push {
            organisation: there.organisation,
            format: Format::Json,
            mode: Mode::Partial,
            results: &results,
            rejected: &rejected,
        };
        pushed.push(store.write(|c| push(c, sent, &change(NOW))).unwrap().submission.id);
    }
    let own = there.organisation;
    store.read(|c| submission::find(c, own, pushed[0])).unwrap();
    store.read(|c| submission::list(c, own, &SubmissionFilter::default(), None, 51)).unwrap();
    store.read(|c| submission::list(c, own, &SubmissionFilter::default(), Some(pushed[1]), 51)).unwrap();
    store.read(|c| submission::rejected(c, own, pushed[0], None, 51)).unwrap();
    let all = SubmissionFilter::default();
    store.read(|c| jobs::list(c, own, (&all, None), Some(pushed[1]), 51)).unwrap();
}

fn histories(store: &Store, there: &Framework) {
    let (own, moment) = (there.organisation, Some(at(NOW)));
    let ids = [there.indicator, there.measure, there.plan];
    for known in [None, moment] {
        store.read(|c| revision::current::<serde_json::Value>(c, "plan", there.plan, known)).unwrap();
        store.read(|c| revision::current_of_many::<serde_json::Value>(c, "plan", &ids, known)).unwrap();
        store.read(|c| revision::history_of_many::<serde_json::Value>(c, "plan", &ids, known)).unwrap();
    }
    store.read(|c| revision::history::<serde_json::Value>(c, "plan", there.plan, Some(2), 51)).unwrap();
    let place = PlanPlace { organisation: own, plan: there.plan };
    store.read(|c| plan_item::all::<Commitment>(c, place, None)).unwrap();
    store.read(|c| plan_item::find::<Commitment>(c, place, "centres", None)).unwrap();
    store.read(|c| judgement::of_measure(c, own, there.measure, None)).unwrap();
    let all = TrailFilter::default;
    let filters = [
        all(),
        TrailFilter { from: Some(at("2008-01-01T00:00:00Z")), to: moment, ..all() },
        TrailFilter { kind: Some("measure".into()), ..all() },
        TrailFilter { entity: Some(there.measure), revision: Some(1), ..all() },
    ];
    for filter in &filters {
        let found = store.read(|c| trail::list(c, own, filter, None, 51)).unwrap();
        store.read(|c| trail::list(c, own, filter, found.last().map(|entry| entry.key), 51)).unwrap();
        store.read(|c| trail::count(c, own, filter)).unwrap();
    }
    store.peek(|c| versions::current(c, &["national".to_owned(), "somewhere".to_owned()])).unwrap();
}

fn retries(store: &Store, _: &Framework) {
    let attempt = |key: &str| Attempt {
        client: "client-7".into(),
        operation: "POST /v1/organisations".into(),
        key: key.into(),
        body_hash: b"hash".to_vec(),
    };
    let claim = |key: &str| match begin(store, &attempt(key), at(NOW)).unwrap() {
        Begun::Fresh(claim) => claim,
        other => panic!("{other:?}"),
    };
    let answer = StoredAnswer { status: 200, content_type: None, headers: vec![], body: vec![] };
    let first = claim("first");
    store.write(|c| complete(c, &first, &answer, at(NOW))).unwrap();
    assert_eq!(begin(store, &attempt("first"), at(NOW)).unwrap(), Begun::Replay(answer));
    release(store, &claim("second")).unwrap();
}
