//! Results written in chunks, optimistically, concurrently and in bulk.

use std::thread;

use waymark_domain::decimal::Decimal;
use waymark_domain::observation::{Figure, Observation};
use waymark_domain::value::Value;
use waymark_persistence::results::{
    Fate, NewResult, NewSubmission, ResultFilter, ResultSource, State, Writing, for_rating, history,
};
use waymark_persistence::submission::{Format, Mode, SubmissionFilter};
use waymark_persistence::{Connection, Store, StoreError, indicator, submission};

use super::{FEBRUARY, JANUARY, MARCH, known, news, read, send, try_send, values};
use crate::engines::{at, change, on_each_engine};
use crate::samples::{Framework, Push, an_indicator, code, framework, observed, push};

#[test]
fn two_results_of_one_key_in_one_push_leave_nothing() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let twins = vec![observed("FY2007-08", "1"), observed("FY2008-09", "2"), observed("FY2008-09", "3")];
        let refused = try_send(store, &there, twins, JANUARY);
        assert!(matches!(refused, Err(StoreError::Conflict("result"))), "{refused:?}");
        assert!(read(store, &there, &ResultFilter::default()).is_empty());
        assert!(list_all(store, &there).is_empty());
    });
}

#[test]
fn work_that_fails_after_a_push_leaves_nothing() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        send(store, &there, vec![observed("FY2008-09", "1")], JANUARY);
        let results = news(&there, vec![observed("FY2008-09", "2"), observed("FY2009-10", "3")]);
        let sent = Push {
            organisation: there.organisation,
            format: Format::Json,
            mode: Mode::Atomic,
            results: &results,
            rejected: &[],
        };
        let failed: Result<(), StoreError> = store.write(|c| {
            push(c, sent, &change(FEBRUARY))?;
            Err(StoreError::Stale)
        });
        assert!(failed.is_err());
        let left = read(store, &there, &ResultFilter::default());
        assert_eq!(values(&left), ["1"]);
        assert_eq!(left[0].superseded_at, None);
        assert_eq!(list_all(store, &there).len(), 1);
    });
}

#[test]
fn chunks_are_one_submission_in_which_no_key_comes_twice() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        send(store, &there, vec![observed("FY2007-08", "1"), observed("FY2008-09", "2")], JANUARY);
        let chunks = [
            news(&there, vec![observed("FY2009-10", "3"), observed("FY2008-09", "5")]),
            news(&there, vec![observed("FY2007-08", "1")]),
        ];
        let write = |chunks: &[Vec<NewResult>]| {
            store.write(|c| {
                let february = change(FEBRUARY);
                let mut writing =
                    Writing::begin(c, there.organisation, Format::Ndjson, Mode::Atomic, &february)?;
                let mut fates = Vec::new();
                for chunk in chunks {
                    fates.extend(writing.write(c, chunk)?.into_iter().map(|outcome| outcome.fate));
                }
                Ok::<_, StoreError>((writing.end(c)?, fates))
            })
        };
        let (submission, fates) = write(&chunks).unwrap();
        assert_eq!(fates, [Fate::Created, Fate::Superseded, Fate::Unchanged]);
        assert_eq!(list_all(store, &there).first(), Some(&submission));
        assert_eq!(values(&read(store, &there, &ResultFilter::default())), ["1", "5", "3"]);

        let [first, _] = chunks;
        let again = news(&there, vec![observed("FY2010-11", "4")]);
        let twins = write(&[again.clone(), first, again]);
        assert!(matches!(twins, Err(StoreError::Conflict("result"))), "{twins:?}");
        assert_eq!(values(&read(store, &there, &ResultFilter::default())), ["1", "5", "3"]);
    });
}

#[test]
fn a_clock_that_stands_still_or_goes_back_keeps_the_history_in_order() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        send(store, &there, vec![observed("FY2008-09", "1")], FEBRUARY);
        assert_eq!(send(store, &there, vec![observed("FY2008-09", "2")], FEBRUARY), [Fate::Superseded]);
        assert_eq!(send(store, &there, vec![observed("FY2008-09", "3")], JANUARY), [Fate::Superseded]);
        let key = read(store, &there, &ResultFilter::default())[0].key();
        let all = store.read(|c| history(c, there.organisation, &key)).unwrap();
        assert_eq!(values(&all), ["3", "2", "1"]);
        assert!(all.windows(2).all(|pair| pair[1].superseded_at == Some(pair[0].recorded_at)));
        assert_eq!(values(&read(store, &there, &known(FEBRUARY))), ["1"]);
    });
}

/// Results that are all valid; the snapshot that they were validated against is outdated where it says so.
struct Source {
    results: Vec<NewResult>,
    next: usize,
    is_current: bool,
    /// Whether they were validated under the lock.
    was_locked: bool,
}

impl ResultSource for Source {
    type Error = StoreError;

    fn is_optimistic(&self) -> bool {
        true
    }

    fn next(&mut self) -> Option<NewResult> {
        self.next += 1;
        self.results.get(self.next - 1).cloned()
    }

    fn is_current(&mut self, _: &mut Connection, _: State) -> Result<bool, StoreError> {
        Ok(self.is_current)
    }

    fn prepare(&mut self) {}

    fn validate(&mut self, _: &mut Connection, _: State) -> Result<(), StoreError> {
        self.was_locked = true;
        Ok(())
    }

    fn valid(&self) -> impl Iterator<Item = &NewResult> {
        self.results.iter()
    }
}

/// Writes a submission of NDJSON: the outcomes, and whether it was written under the lock.
fn write_all(
    store: &Store,
    there: &Framework,
    observations: Vec<Observation>,
    moment: &str,
    is_current: bool,
) -> Result<(Vec<Fate>, bool), StoreError> {
    let change = change(moment);
    let mut source = Source { results: news(there, observations), next: 0, is_current, was_locked: false };
    let new = NewSubmission {
        organisation: there.organisation,
        format: Format::Ndjson,
        mode: Mode::Atomic,
        label: Some("Return of May".to_owned()),
    };
    store.write(|c| {
        let (mut writing, outcomes) = Writing::write_all(c, &new, &change, &mut source)?;
        let submission = writing.end(c)?;
        assert_eq!(submission.label, new.label);
        let counts = submission.counts;
        assert_eq!((counts.created + counts.superseded + counts.unchanged) as usize, outcomes.len());
        let fates = outcomes.into_iter().map(|outcome| outcome.fate).collect();
        Ok::<_, StoreError>((fates, source.was_locked))
    })
}

#[test]
fn new_results_are_inserted_before_the_lock_where_several_can_write() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        send(store, &there, vec![observed("FY2006-07", "1")], FEBRUARY);
        let two = || vec![observed("FY2008-09", "3"), observed("FY2007-08", "2")];
        let (fates, was_locked) = write_all(store, &there, two(), JANUARY, true).unwrap();
        assert_eq!(fates, [Fate::Created, Fate::Created]);
        assert_eq!(values(&read(store, &there, &ResultFilter::default())), ["1", "2", "3"]);
        assert_eq!(was_locked, database.engine == "sqlite");
        if was_locked {
            return;
        }
        // It began before the other one and ended after it: its results existed then, and it was received later.
        assert_eq!(values(&read(store, &there, &known(JANUARY))), ["2", "3"]);
        let all = list_all(store, &there);
        let received: Vec<_> = all.iter().map(|submission| submission.received_at).collect();
        assert_eq!(received.iter().min(), Some(&at(FEBRUARY)));
        assert!(received.iter().max() > Some(&at(FEBRUARY)));
        // Later submissions see its results.
        assert_eq!(send(store, &there, vec![observed("FY2008-09", "4")], JANUARY), [Fate::Superseded]);
        assert_eq!(values(&read(store, &there, &ResultFilter::default())), ["1", "2", "4"]);
    });
}

#[test]
fn what_cannot_be_inserted_before_the_lock_is_written_under_it() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        send(store, &there, vec![observed("FY2007-08", "1")], JANUARY);
        // Two rows of one key: nothing remains of the attempt.
        let twins = vec![observed("FY2008-09", "3"), observed("FY2008-09", "4")];
        let conflict = write_all(store, &there, twins, FEBRUARY, true).unwrap_err();
        assert!(matches!(conflict, StoreError::Conflict("result")), "{conflict}");
        assert_eq!(values(&read(store, &there, &ResultFilter::default())), ["1"]);
        assert_eq!(list_all(store, &there).len(), 1);
        // A key that exists already, and a snapshot that is outdated.
        let new_and_known = vec![observed("FY2008-09", "3"), observed("FY2007-08", "2")];
        let written = write_all(store, &there, new_and_known, FEBRUARY, true).unwrap();
        assert_eq!(written, (vec![Fate::Created, Fate::Superseded], true));
        let written = write_all(store, &there, vec![observed("FY2009-10", "5")], MARCH, false).unwrap();
        assert_eq!(written, (vec![Fate::Created], true));
        assert_eq!(values(&read(store, &there, &ResultFilter::default())), ["2", "3", "5"]);
        assert_eq!(list_all(store, &there).len(), 3);
    });
}

fn list_all(store: &Store, there: &Framework) -> Vec<submission::Submission> {
    store.read(|c| submission::list(c, there.organisation, &SubmissionFilter::default(), None, 10)).unwrap()
}

#[test]
fn pushes_at_once_lose_nothing_and_count_truly() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let there = &there;
        let fates: Vec<Fate> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|number| {
                    let value = number.to_string();
                    scope.spawn(move || send(store, there, vec![observed("FY2008-09", &value)], JANUARY))
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(fates.iter().filter(|fate| **fate == Fate::Created).count(), 1);
        assert_eq!(fates.iter().filter(|fate| **fate == Fate::Superseded).count(), 7);
        let current = read(store, there, &ResultFilter::default());
        assert_eq!(current.len(), 1);
        let all = store.read(|c| history(c, there.organisation, &current[0].key())).unwrap();
        assert_eq!(all.len(), 8);
    });
}

#[test]
fn ten_thousand_results_are_pushed_and_corrected_in_one_go() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let founded = change("2008-04-01T00:00:00Z");
        let indicators: Vec<_> = store
            .write(|c| {
                (0..100)
                    .map(|number| {
                        let code = code(&format!("L{number}"));
                        let made =
                            indicator::create(c, there.organisation, &code, &an_indicator(), &founded)?;
                        Ok::<_, StoreError>(made.versioned.id)
                    })
                    .collect::<Result<Vec<_>, _>>()
            })
            .unwrap();
        let sent = |value: &dyn Fn(usize) -> Decimal| {
            let mut results = Vec::new();
            for (row, indicator) in indicators.iter().cycle().take(10_000).enumerate() {
                let (year, month) = (2000 + row / 1200, row / 100 % 12 + 1);
                let observation = Observation {
                    figure: Figure::Value(Value::Number(value(row))),
                    ..observed(&format!("{year}-{month:02}"), "0")
                };
                results.push(NewResult { indicator: *indicator, observation });
            }
            results
        };
        let go = |results: &[NewResult], moment: &str| {
            let organisation = there.organisation;
            let sent = Push { organisation, format: Format::Csv, mode: Mode::Atomic, results, rejected: &[] };
            store.write(|c| push(c, sent, &change(moment))).unwrap()
        };
        let first = go(&sent(&|row| Decimal::from(row as u32)), JANUARY);
        assert_eq!(first.submission.counts.created, 10_000);
        // Every other one is corrected.
        let second = go(&sent(&|row| Decimal::from((row - row % 2) as u32)), FEBRUARY);
        assert_eq!((second.submission.counts.superseded, second.submission.counts.unchanged), (5_000, 5_000));
        assert!(second.outcomes.iter().enumerate().all(|(row, outcome)| {
            outcome.fate == if row % 2 == 0 { Fate::Unchanged } else { Fate::Superseded }
        }));
        let day = "2010-12-31".parse().unwrap();
        let rated = store
            .read(|c| for_rating(c, there.organisation, &indicators, &[None], day, Some(at(JANUARY))))
            .unwrap();
        assert_eq!(rated.len(), 10_000);
        assert!(rated.iter().all(|result| result.recorded_at == at(JANUARY)));
    });
}
