//! Submissions and their rejected rows.

use serde_json::json;
use waymark_persistence::results::NewResult;
use waymark_persistence::submission::{
    Counts, Fault, Format, Mode, RejectedRow, SubmissionFilter, find, list, rejected,
};
use waymark_persistence::{StoreError, new_id};

use crate::engines::{at, change, on_each_engine, organisation};
use crate::samples::{Push, framework, observed, push};

fn refused(row: u32) -> RejectedRow {
    RejectedRow {
        row,
        content: json!({"period": "FY2009-11", "value": 1.50, "big": 123456789012345678901234567890_u128}),
        faults: vec![Fault {
            pointer: "/period".into(),
            code: "bad_period".into(),
            detail: "the year does not follow".into(),
        }],
    }
}

#[test]
fn a_submission_keeps_true_counts_and_its_rejected_rows() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let send = |values: &[(&str, &str)], refusals: &[RejectedRow], moment: &str| {
            let results: Vec<NewResult> = values
                .iter()
                .map(|(period, value)| NewResult {
                    indicator: there.indicator,
                    observation: observed(period, value),
                })
                .collect();
            let sent = Push {
                organisation: there.organisation,
                format: Format::Csv,
                mode: Mode::Partial,
                results: &results,
                rejected: refusals,
            };
            store.write(|c| push(c, sent, &change(moment))).unwrap().submission
        };
        let first = send(&[("FY2007-08", "1"), ("FY2008-09", "2")], &[], "2010-01-01T00:00:00Z");
        let refusals = [refused(2), refused(5), refused(9)];
        let values = [("FY2007-08", "1"), ("FY2008-09", "2.5"), ("FY2009-10", "3")];
        let second = send(&values, &refusals, "2010-02-01T00:00:00Z");
        assert_eq!(second.counts, Counts { created: 1, superseded: 1, unchanged: 1, rejected: 3 });
        assert_eq!((second.author.as_str(), second.received_at), ("tester", at("2010-02-01T00:00:00Z")));

        let found = store.read(|c| find(c, there.organisation, second.id)).unwrap();
        assert_eq!(found, Some(second.clone()));
        let page = |before| {
            store.read(|c| list(c, there.organisation, &SubmissionFilter::default(), before, 1)).unwrap()
        };
        assert_eq!(page(None), std::slice::from_ref(&second));
        assert_eq!(page(Some(second.id)), std::slice::from_ref(&first));
        assert_eq!(page(Some(first.id)), []);

        let rows =
            |after, limit| store.read(|c| rejected(c, there.organisation, second.id, after, limit)).unwrap();
        assert_eq!(rows(None, 10), refusals);
        assert_eq!(rows(Some(2), 1), [refused(5)]);
        assert_eq!(rows(Some(9), 10), []);
    });
}

#[test]
fn what_another_organisation_sent_is_not_found() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let sent = Push {
            organisation: there.organisation,
            format: Format::Ndjson,
            mode: Mode::Atomic,
            results: &[],
            rejected: &[],
        };
        let submission = store.write(|c| push(c, sent, &change("2010-01-01T00:00:00Z"))).unwrap().submission;
        let other = organisation(store, "derbyshire");
        assert_eq!(store.read(|c| find(c, other, submission.id)).unwrap(), None);
        assert_eq!(store.read(|c| list(c, other, &SubmissionFilter::default(), None, 10)).unwrap(), []);

        let of_unknown = Push { organisation: new_id(at("2010-01-01T00:00:00Z")), ..sent };
        let refused = store.write(|c| push(c, of_unknown, &change("2010-01-01T00:00:00Z")));
        assert!(matches!(refused, Err(StoreError::Missing("organisation"))), "{refused:?}");
    });
}
