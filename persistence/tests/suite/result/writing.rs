//! Results written in chunks, ahead, at once, in bulk, and in vain.

use std::thread;

use waymark_domain::decimal::Decimal;
use waymark_domain::observation::{Figure, Observation};
use waymark_domain::value::Value;
use waymark_persistence::results::{
    Ahead, Fate, NewResult, ResultFilter, Tried, Writing, for_rating, history,
};
use waymark_persistence::submission::{Format, Mode};
use waymark_persistence::{Store, StoreError, indicator, submission};

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
        assert!(store.read(|c| submission::list(c, there.organisation, None, 10)).unwrap().is_empty());
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
        assert_eq!(store.read(|c| submission::list(c, there.organisation, None, 10)).unwrap().len(), 1);
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
        let all = submission::list;
        assert_eq!(store.read(|c| all(c, there.organisation, None, 1)).unwrap(), [submission]);
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

/// Writes a submission of NDJSON ahead, and ends it; nothing where that is in vain.
fn try_ahead(
    store: &Store,
    there: &Framework,
    observations: Vec<Observation>,
    moment: &str,
    holds: bool,
) -> Option<Vec<Fate>> {
    let (results, change) = (news(there, observations), change(moment));
    let written = store.write(|c| {
        let manner = (Format::Ndjson, Mode::Atomic);
        let ahead =
            Writing::ahead(c, there.organisation, manner, &change, results.iter().cloned(), |_, state| {
                assert_eq!(state.organisation, there.organisation);
                Ok::<_, StoreError>(holds.then_some(()))
            })?;
        let Tried::Ahead(ahead) = ahead else { return Ok(None) };
        let Ahead { mut writing, outcomes, found: () } = *ahead;
        let submission = writing.end(c)?;
        assert_eq!(submission.counts.created as usize, outcomes.len());
        Ok::<_, StoreError>(Some(outcomes.into_iter().map(|outcome| outcome.fate).collect()))
    });
    written.unwrap()
}

#[test]
fn what_is_new_is_written_ahead_where_several_can_write() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        send(store, &there, vec![observed("FY2006-07", "1")], FEBRUARY);
        let two = || vec![observed("FY2008-09", "3"), observed("FY2007-08", "2")];
        let ahead = try_ahead(store, &there, two(), JANUARY, true);
        if database.engine == "sqlite" {
            assert_eq!(ahead, None);
            return;
        }
        assert_eq!(ahead, Some(vec![Fate::Created, Fate::Created]));
        assert_eq!(values(&read(store, &there, &ResultFilter::default())), ["1", "2", "3"]);
        // It began before the other one and ended after it: its results were there then, its turn came later.
        assert_eq!(values(&read(store, &there, &known(JANUARY))), ["2", "3"]);
        let all = store.read(|c| submission::list(c, there.organisation, None, 10)).unwrap();
        let received: Vec<_> = all.iter().map(|submission| submission.received_at).collect();
        assert_eq!(received.iter().min(), Some(&at(FEBRUARY)));
        assert!(received.iter().max() > Some(&at(FEBRUARY)));
        // What follows knows that it was there.
        assert_eq!(send(store, &there, vec![observed("FY2008-09", "4")], JANUARY), [Fate::Superseded]);
        assert_eq!(values(&read(store, &there, &ResultFilter::default())), ["1", "2", "4"]);
    });
}

#[test]
fn what_was_written_ahead_in_vain_leaves_nothing() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        send(store, &there, vec![observed("FY2007-08", "1")], JANUARY);
        let new_and_known = || vec![observed("FY2008-09", "3"), observed("FY2007-08", "2")];
        assert_eq!(try_ahead(store, &there, new_and_known(), FEBRUARY, true), None);
        let twins = vec![observed("FY2008-09", "3"), observed("FY2008-09", "4")];
        assert_eq!(try_ahead(store, &there, twins, FEBRUARY, true), None);
        assert_eq!(try_ahead(store, &there, vec![observed("FY2009-10", "5")], FEBRUARY, false), None);
        assert_eq!(values(&read(store, &there, &ResultFilter::default())), ["1"]);
        assert_eq!(store.read(|c| submission::list(c, there.organisation, None, 10)).unwrap().len(), 1);
        assert_eq!(send(store, &there, new_and_known(), MARCH), [Fate::Created, Fate::Superseded]);
    });
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
