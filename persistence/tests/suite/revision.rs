//! The history that every versioned thing has. A document here is a plain string.

use std::sync::Barrier;
use std::thread;

use uuid::Uuid;
use waymark_persistence::revision::{Subject, append, current, current_of_many, history};
use waymark_persistence::{Store, StoreError, new_id};

use crate::engines::{at, change, on_each_engine, organisation};

fn subject(store: &Store) -> Subject {
    let organisation = organisation(store, "leicestershire");
    Subject { id: new_id(at("2008-04-01T00:00:00Z")), organisation, kind: "plan" }
}

fn say(store: &Store, subject: Subject, expected: i64, moment: &str, text: &str) -> Result<i64, StoreError> {
    store.write(|c| append(c, subject, expected, &change(moment), &text)).map(|added| added.revision)
}

fn known(store: &Store, id: Uuid, moment: Option<&str>) -> Option<(i64, String)> {
    let found = store.read(|c| current::<String>(c, "plan", id, moment.map(at))).unwrap();
    found.map(|versioned| (versioned.revision, versioned.content))
}

#[test]
fn what_was_known_earlier_stays_readable() {
    on_each_engine(|database| {
        let store = &database.store;
        let plan = subject(store);
        say(store, plan, 0, "2008-04-01T09:00:00Z", "draft").unwrap();
        say(store, plan, 1, "2008-06-01T09:00:00Z", "agreed").unwrap();
        assert_eq!(known(store, plan.id, None), Some((2, "agreed".into())));
        assert_eq!(known(store, plan.id, Some("2008-03-31T00:00:00Z")), None);
        assert_eq!(known(store, plan.id, Some("2008-04-01T09:00:00Z")), Some((1, "draft".into())));
        assert_eq!(known(store, plan.id, Some("2008-06-01T08:59:59.999999Z")), Some((1, "draft".into())));
        assert_eq!(known(store, plan.id, Some("2008-06-01T09:00:00Z")), Some((2, "agreed".into())));
    });
}

#[test]
fn a_change_of_an_old_revision_is_stale() {
    on_each_engine(|database| {
        let store = &database.store;
        let plan = subject(store);
        say(store, plan, 0, "2008-04-01T09:00:00Z", "draft").unwrap();
        for expected in [0, 2] {
            let refused = say(store, plan, expected, "2008-06-01T09:00:00Z", "lost");
            assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
        }
        assert_eq!(known(store, plan.id, None), Some((1, "draft".into())));
    });
}

#[test]
fn of_two_changes_of_one_revision_exactly_one_wins() {
    on_each_engine(|database| {
        let store = &database.store;
        let plan = subject(store);
        say(store, plan, 0, "2008-04-01T09:00:00Z", "draft").unwrap();
        for expected in 1..6 {
            let start = Barrier::new(2);
            let won = thread::scope(|scope| {
                let write = |text: &'static str| {
                    let start = &start;
                    scope.spawn(move || {
                        start.wait();
                        say(store, plan, expected, "2008-06-01T09:00:00Z", text)
                    })
                };
                let both = [write("one"), write("other")];
                both.map(|thread| match thread.join().unwrap() {
                    Ok(revision) => usize::from(revision == expected + 1),
                    Err(StoreError::Stale) => 0,
                    Err(error) => panic!("{}: {error:?}", database.engine),
                })
            });
            assert_eq!(won.iter().sum::<usize>(), 1);
        }
    });
}

#[test]
fn both_writers_in_the_middle_of_it_still_one_wins() {
    on_each_engine(|database| {
        // Only PostgreSQL lets two transactions read the same last revision before either writes.
        if database.engine == "sqlite" {
            return;
        }
        let store = &database.store;
        let plan = subject(store);
        say(store, plan, 0, "2008-04-01T09:00:00Z", "draft").unwrap();
        let both_read = Barrier::new(2);
        let outcomes: Vec<Result<i64, StoreError>> = thread::scope(|scope| {
            let threads: Vec<_> = ["one", "other"]
                .into_iter()
                .map(|text| {
                    let both_read = &both_read;
                    scope.spawn(move || {
                        store.write(|c| {
                            let seen = current::<String>(c, "plan", plan.id, None)?.unwrap().revision;
                            both_read.wait();
                            append(c, plan, seen, &change("2008-06-01T09:00:00Z"), &text)
                                .map(|added| added.revision)
                        })
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let won = outcomes.iter().filter(|outcome| matches!(outcome, Ok(2))).count();
        let lost = outcomes.iter().filter(|outcome| matches!(outcome, Err(StoreError::Stale))).count();
        assert_eq!((won, lost), (1, 1), "{outcomes:?}");
    });
}

#[test]
fn a_clock_that_goes_back_cannot_reorder_history() {
    on_each_engine(|database| {
        let store = &database.store;
        let plan = subject(store);
        say(store, plan, 0, "2008-06-01T09:00:00Z", "draft").unwrap();
        say(store, plan, 1, "2008-05-01T09:00:00Z", "agreed").unwrap();
        assert_eq!(known(store, plan.id, Some("2008-05-31T00:00:00Z")), None);
        assert_eq!(known(store, plan.id, Some("2008-06-01T09:00:00Z")), Some((2, "agreed".into())));
    });
}

#[test]
fn many_are_read_at_once_as_they_were_known() {
    on_each_engine(|database| {
        let store = &database.store;
        let organisation = organisation(store, "leicestershire");
        let subjects: Vec<Subject> = (0..1200)
            .map(|_| Subject { id: new_id(at("2008-04-01T00:00:00Z")), organisation, kind: "measure" })
            .collect();
        store
            .write(|c| {
                for (number, subject) in subjects.iter().enumerate() {
                    append(c, *subject, 0, &change("2008-04-01T09:00:00Z"), &format!("{number} first"))?;
                    if number % 2 == 0 {
                        let later = change("2008-06-01T09:00:00Z");
                        append(c, *subject, 1, &later, &format!("{number} second"))?;
                    }
                }
                Ok::<_, StoreError>(())
            })
            .unwrap();
        let ids: Vec<Uuid> = subjects.iter().map(|subject| subject.id).collect();
        let read = |moment: Option<&str>| {
            let found = store.read(|c| current_of_many::<String>(c, "measure", &ids, moment.map(at)));
            let found = found.unwrap();
            ids.iter().filter_map(|id| found.get(id).map(|v| v.content.clone())).collect::<Vec<_>>()
        };
        let now = read(None);
        assert_eq!((now.len(), now[0].as_str(), now[1199].as_str()), (1200, "0 second", "1199 first"));
        let may = read(Some("2008-05-01T00:00:00Z"));
        assert_eq!((may.len(), may[0].as_str(), may[1199].as_str()), (1200, "0 first", "1199 first"));
        assert!(read(Some("2008-03-01T00:00:00Z")).is_empty());
    });
}

#[test]
fn history_is_read_in_pages_newest_first() {
    on_each_engine(|database| {
        let store = &database.store;
        let plan = subject(store);
        for (expected, text) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
            say(store, plan, expected as i64, "2008-04-01T09:00:00Z", text).unwrap();
        }
        let page = |before| {
            let rows = store.read(|c| history::<String>(c, "plan", plan.id, before, 2)).unwrap();
            rows.into_iter().map(|row| (row.revision, row.content)).collect::<Vec<_>>()
        };
        assert_eq!(page(None), [(5, "e".into()), (4, "d".into())]);
        assert_eq!(page(Some(4)), [(3, "c".into()), (2, "b".into())]);
        assert_eq!(page(Some(2)), [(1, "a".into())]);
        assert_eq!(page(Some(1)), []);
    });
}

#[test]
fn a_document_that_does_not_fit_is_corrupt() {
    on_each_engine(|database| {
        let store = &database.store;
        let plan = subject(store);
        say(store, plan, 0, "2008-04-01T09:00:00Z", "text").unwrap();
        let read = store.read(|c| current::<u32>(c, "plan", plan.id, None));
        assert!(matches!(read, Err(StoreError::Corrupt { what: "plan", .. })), "{read:?}");
    });
}
