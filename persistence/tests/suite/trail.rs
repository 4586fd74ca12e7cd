//! The trail: what it shows, in which order, and that it cannot be altered.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::json;
use uuid::Uuid;
use waymark_domain::judgement::{Judgement, JudgementKind};
use waymark_domain::rating::Colour;
use waymark_persistence::clients::{Client, ClientGrant, add, revoke};
use waymark_persistence::results::NewResult;
use waymark_persistence::submission::{Fault, Format, Mode, RejectedRow};
use waymark_persistence::trail::{TrailEntry, TrailFilter, TrailKey, count, list};
use waymark_persistence::{Connection, Store, StoreError, dry_run, judgement, new_id, plan};

use crate::engines::{Database, at, change, on_each_engine, organisation, with_catalogue};
use crate::samples::{Framework, Push, a_plan, framework, observed, push, text};

fn sent(store: &Store, there: &Framework, values: &[(&str, &str)], moment: &str) -> Uuid {
    let results: Vec<NewResult> = values
        .iter()
        .map(|(period, value)| NewResult { indicator: there.indicator, observation: observed(period, value) })
        .collect();
    let faults = vec![Fault { pointer: "/value".into(), code: "missing".into(), detail: "none".into() }];
    let rejected = [RejectedRow { row: 9, content: json!({}), faults }];
    let push_of = Push {
        organisation: there.organisation,
        format: Format::Json,
        mode: Mode::Partial,
        results: &results,
        rejected: &rejected,
    };
    store.write(|c| push(c, push_of, &change(moment))).unwrap().submission.id
}

fn judged(store: &Store, there: &Framework, moment: &str) -> Uuid {
    let content = Judgement {
        kind: JudgementKind::Override,
        rating: Colour::Amber,
        reason: text("The count is not in yet."),
        author: text("Head of school meals"),
        from: "2010-03-31".parse().unwrap(),
        until: None,
    };
    let given =
        store.write(|c| judgement::add(c, there.organisation, there.measure, &content, &change(moment)));
    given.unwrap().id
}

/// A framework, and a change of every kind of row that the trail is read from.
fn eventful(store: &Store) -> Framework {
    let there = framework(store);
    sent(store, &there, &[("FY2007-08", "1"), ("FY2008-09", "2")], "2010-01-01T00:00:00Z");
    judged(store, &there, "2010-01-02T00:00:00Z");
    sent(store, &there, &[("FY2008-09", "3")], "2010-01-03T00:00:00Z");
    there
}

fn trail(store: &Store, organisation: Uuid, filter: &TrailFilter) -> Vec<TrailEntry> {
    store.read(|c| list(c, organisation, filter, None, 100)).unwrap()
}

fn summaries(entries: &[TrailEntry]) -> Vec<(&str, i64, Option<&str>, Option<&str>)> {
    entries
        .iter()
        .map(|entry| {
            let TrailEntry { key, kind, plan, code, .. } = entry;
            (kind.as_str(), key.revision, plan.as_deref(), code.as_deref())
        })
        .collect()
}

#[test]
fn every_change_is_listed_newest_first_with_what_it_is_of() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = eventful(store);
        let mut longer = a_plan();
        longer.title = text("A longer title");
        let later = change("2010-01-04T00:00:00Z");
        store.write(|c| plan::update(c, there.organisation, there.plan, 1, &longer, &later)).unwrap();
        let entries = trail(store, there.organisation, &TrailFilter::default());
        let plan = entries.first().unwrap();
        assert_eq!((plan.kind.as_str(), plan.key.revision), ("plan", 2));
        assert_eq!(plan.code, plan.plan);
        assert_eq!(plan.before.as_ref().unwrap()["title"], "Children and young people's plan");
        assert_eq!(plan.after["title"], "A longer title");
        let kinds: Vec<&str> = summaries(&entries).into_iter().map(|(kind, ..)| kind).collect();
        assert_eq!(kinds[..4], ["plan", "submission", "judgement", "submission"]);
        let mut first: Vec<&str> = kinds[4..].to_vec();
        first.sort_unstable();
        assert_eq!(first, ["indicator", "measure", "organisation", "plan"]);
        assert!(entries.windows(2).all(|pair| pair[0].key > pair[1].key), "newest first, none twice");
        let sent = &entries[1];
        assert_eq!(sent.after["superseded"], 1);
        assert_eq!(sent.after["rejected"], 1);
        assert_eq!((sent.plan.as_deref(), sent.code.as_deref(), sent.before.as_ref()), (None, None, None));
        let judged = &entries[2];
        assert_eq!((judged.code.as_deref(), judged.after["rating"].as_str()), (Some("NI52"), Some("amber")));
        assert_eq!(judged.plan, plan.plan);
        assert_eq!(store.read(|c| count(c, there.organisation, &TrailFilter::default())).unwrap(), 8);
    });
}

#[test]
fn filters_narrow_the_trail() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = eventful(store);
        let kinds = |filter: TrailFilter| {
            let entries = trail(store, there.organisation, &filter);
            if filter.plan.is_none() && filter.kind.is_none() {
                let counted = store.read(|c| count(c, there.organisation, &filter)).unwrap();
                assert_eq!(counted, i64::try_from(entries.len()).unwrap());
            }
            entries.into_iter().map(|entry| entry.kind).collect::<Vec<_>>()
        };
        let kind = |kind: &str| TrailFilter { kind: Some(kind.into()), ..TrailFilter::default() };
        assert_eq!(kinds(kind("judgement")), ["judgement"]);
        assert_eq!(kinds(kind("submission")), ["submission", "submission"]);
        assert_eq!(kinds(kind("measure")), ["measure"]);
        assert!(kinds(kind("nonsense")).is_empty());
        // From the first moment on, and up to the second but not at it.
        let span = |from: &str, to: &str| TrailFilter {
            from: Some(at(from)),
            to: Some(at(to)),
            ..TrailFilter::default()
        };
        assert_eq!(kinds(span("2010-01-01T00:00:00Z", "2010-01-03T00:00:00Z")), ["judgement", "submission"]);
        assert!(kinds(span("2010-01-03T00:00:00.000001Z", "2011-01-01T00:00:00Z")).is_empty());
        let entity = TrailFilter { entity: Some(there.measure), ..TrailFilter::default() };
        assert_eq!(kinds(entity), ["measure"]);
        let second = TrailFilter { entity: Some(there.measure), revision: Some(2), ..TrailFilter::default() };
        assert!(trail(store, there.organisation, &second).is_empty());
        let of_plan = TrailFilter { plan: Some(there.plan), ..TrailFilter::default() };
        assert_eq!(kinds(of_plan)[0], "judgement");
        let of_no_one = TrailFilter { author: Some("no one".into()), ..TrailFilter::default() };
        assert!(kinds(of_no_one).is_empty());
        let of_tester = TrailFilter {
            author: Some("tester".into()),
            request_id: Some("request".into()),
            ..TrailFilter::default()
        };
        assert_eq!(kinds(of_tester).len(), 7);
        let other = organisation(store, "derbyshire");
        let foreign = trail(store, other, &TrailFilter::default());
        assert_eq!(summaries(&foreign), [("organisation", 1, None, Some("derbyshire"))]);
    });
}

#[test]
fn pages_follow_each_other_without_gap_or_repetition() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = eventful(store);
        let all = trail(store, there.organisation, &TrailFilter::default());
        for limit in 1..=3 {
            let mut walked: Vec<TrailEntry> = Vec::new();
            loop {
                let after: Option<TrailKey> = walked.last().map(|entry| entry.key);
                let page = store
                    .read(|c| list(c, there.organisation, &TrailFilter::default(), after, limit))
                    .unwrap();
                if page.is_empty() {
                    break;
                }
                walked.extend(page);
                // What is new comes before the first page, and moves nothing.
                judged(store, &there, "2010-02-01T00:00:00Z");
            }
            let before: Vec<&TrailEntry> = walked.iter().filter(|entry| all.contains(entry)).collect();
            assert_eq!(before.len(), all.len());
            assert!(walked.windows(2).all(|pair| pair[0].key > pair[1].key));
        }
    });
}

#[test]
fn clients_leave_a_trail_without_their_secret() {
    with_catalogue(|database| {
        let store = &database.store;
        let client = Client {
            id: new_id(at("2010-01-01T00:00:00Z")),
            name: "school system".into(),
            secret_hash: "$argon2id$v=19$".into(),
            grants: vec![ClientGrant { role: "submitter".into(), organisation: "leicestershire".into() }],
            created_at: at("2010-01-01T00:00:00Z"),
            revoked_at: None,
        };
        store.write(|c| add(c, &client, &change("2010-01-01T00:00:00Z"))).unwrap();
        for moment in ["2010-02-01T00:00:00Z", "2010-03-01T00:00:00Z"] {
            store.write(|c| revoke(c, client.id, &change(moment))).unwrap();
        }
        let code = waymark_domain::code::Code::new("national").unwrap();
        let national =
            store.read(|c| waymark_persistence::organisation::find(c, &code, None)).unwrap().unwrap();
        let filter = TrailFilter { kind: Some("client".into()), ..TrailFilter::default() };
        let entries = trail(store, national.versioned.id, &filter);
        assert_eq!(
            summaries(&entries),
            [("client", 2, None, Some("school system")), ("client", 1, None, Some("school system"))]
        );
        let registered = json!({
            "name": "school system", "grants": [{"role": "submitter", "organisation": "leicestershire"}],
            "revoked_at": null,
        });
        assert_eq!(entries[1].after, registered);
        assert_eq!(entries[0].before, Some(registered));
        assert_eq!(entries[0].after["revoked_at"], "2010-02-01T00:00:00.000000Z");
    });
}

fn run(database: &Database, statement: &str) -> Result<(), StoreError> {
    database.store.write(|c| c.batch_execute(statement).map_err(StoreError::from))
}

fn is_refused(database: &Database, statement: &str) {
    let message = run(database, statement).unwrap_err().to_string();
    assert!(message.contains("is never changed or deleted"), "{} {statement}: {message}", database.engine);
}

/// The columns of a table, as the engine names them.
fn columns(database: &Database, table: &str) -> Vec<String> {
    let question = match database.engine {
        "sqlite" => format!("SELECT name FROM pragma_table_info('{table}')"),
        _ => format!(
            "SELECT column_name::text AS name FROM information_schema.columns WHERE table_name = '{table}'"
        ),
    };
    names(database, question)
}

/// The tables that keep the results of some organisations each, if there are any.
fn partitions(database: &Database) -> Vec<String> {
    match database.engine {
        "sqlite" => Vec::new(),
        _ => {
            let leaves = "SELECT relid::text AS name FROM pg_partition_tree('results') WHERE isleaf";
            let partitions = names(database, leaves.to_owned());
            assert!(partitions.len() > 1, "{partitions:?}");
            partitions
        }
    }
}

fn is_empty(database: &Database, table: &str) -> bool {
    names(database, format!("SELECT 'a row' AS name FROM {table} LIMIT 1")).is_empty()
}

fn names(database: &Database, question: String) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Named {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let found: Vec<Named> =
        database.store.read(|c| diesel::sql_query(question).load(c).map_err(StoreError::from)).unwrap();
    found.into_iter().map(|found| found.name).collect()
}

#[test]
fn what_was_recorded_cannot_be_changed_or_deleted() {
    on_each_engine(|database| {
        let there = eventful(&database.store);
        let before = trail(&database.store, there.organisation, &TrailFilter::default());
        let tables = ["revisions", "judgements", "submissions", "rejected_rows", "results"];
        for table in tables.map(str::to_owned).into_iter().chain(partitions(database)) {
            let columns = columns(database, &table);
            assert!(columns.len() > 3, "{table}");
            // Only a row that is there can be refused for what it says already.
            let asked = |column: &&String| *column != "superseded_at" || !is_empty(database, &table);
            for column in columns.iter().filter(asked) {
                is_refused(database, &format!("UPDATE {table} SET {column} = {column}"));
            }
            is_refused(database, &format!("DELETE FROM {table}"));
            if database.engine == "postgres" {
                is_refused(database, &format!("TRUNCATE {table} CASCADE"));
            }
        }
        let of_organisation = partitions(database).into_iter().find(|table| !is_empty(database, table));
        for table in ["results".to_owned()].into_iter().chain(of_organisation) {
            for (set, closed) in [
                ("superseded_at = NULL", "NOT NULL"),
                ("superseded_at = superseded_at + 1", "NOT NULL"),
                ("superseded_at = recorded_at + 1, note = 'x'", "NULL"),
            ] {
                is_refused(database, &format!("UPDATE {table} SET {set} WHERE superseded_at IS {closed}"));
            }
        }
        assert_eq!(trail(&database.store, there.organisation, &TrailFilter::default()), before);
    });
}

#[test]
fn what_is_only_rehearsed_leaves_nothing_in_the_trail() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = eventful(store);
        let before = trail(store, there.organisation, &TrailFilter::default());
        let results = [NewResult { indicator: there.indicator, observation: observed("FY2008-09", "7") }];
        let sent = Push {
            organisation: there.organisation,
            format: Format::Json,
            mode: Mode::Atomic,
            results: &results,
            rejected: &[],
        };
        let counts = store.write(|connection: &mut Connection| {
            dry_run(connection, |connection| {
                push(connection, sent, &change("2010-05-01T00:00:00Z")).map(|pushed| pushed.submission.counts)
            })
        });
        assert_eq!(counts.unwrap().superseded, 1);
        assert_eq!(trail(store, there.organisation, &TrailFilter::default()), before);
    });
}
