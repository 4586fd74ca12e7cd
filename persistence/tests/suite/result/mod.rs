//! Results: pushed in bulk, corrected, and read as of any day and as known at any moment.

mod writing;

use waymark_domain::observation::{Figure, Observation, QualityGrade, Standing};
use waymark_domain::value::{Ratio, Value};
use waymark_persistence::results::{
    Fate, NewResult, Part, ResultFilter, ResultKey, StoredResult, beside_small_counts, brought_for_rating,
    for_rating, history, list,
};
use waymark_persistence::submission::{Format, Mode};
use waymark_persistence::{Store, StoreError, submission};

use crate::engines::{at, change, on_each_engine};
use crate::samples::{Framework, Push, Pushed, code, decimal, framework, in_district, observed, push, text};

const JANUARY: &str = "2010-01-01T00:00:00Z";
const FEBRUARY: &str = "2010-02-01T00:00:00Z";
const MARCH: &str = "2010-03-01T00:00:00Z";

fn news(there: &Framework, observations: Vec<Observation>) -> Vec<NewResult> {
    let indicator = there.indicator;
    observations.into_iter().map(|observation| NewResult { indicator, observation }).collect()
}

fn try_send(
    store: &Store,
    there: &Framework,
    observations: Vec<Observation>,
    moment: &str,
) -> Result<Pushed, StoreError> {
    let results = news(there, observations);
    let organisation = there.organisation;
    let sent =
        Push { organisation, format: Format::Json, mode: Mode::Atomic, results: &results, rejected: &[] };
    store.write(|c| push(c, sent, &change(moment)))
}

fn send(store: &Store, there: &Framework, observations: Vec<Observation>, moment: &str) -> Vec<Fate> {
    let pushed = try_send(store, there, observations, moment).unwrap();
    pushed.outcomes.into_iter().map(|outcome| outcome.fate).collect()
}

fn read(store: &Store, there: &Framework, filter: &ResultFilter) -> Vec<StoredResult> {
    store.read(|c| list(c, there.organisation, filter, None, 1000)).unwrap()
}

fn values(results: &[StoredResult]) -> Vec<String> {
    figures(results.iter().map(|result| &result.observation))
}

fn figures<'a>(observations: impl Iterator<Item = &'a Observation>) -> Vec<String> {
    observations
        .map(|observation| match &observation.figure {
            Figure::Value(Value::Number(number)) => number.to_string(),
            other => panic!("{other:?}"),
        })
        .collect()
}

fn known(moment: &str) -> ResultFilter {
    ResultFilter { known_at: Some(at(moment)), ..ResultFilter::default() }
}

#[test]
fn a_correction_leaves_what_was_known_readable() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        assert_eq!(send(store, &there, vec![observed("FY2008-09", "82.4")], JANUARY), [Fate::Created]);
        assert_eq!(send(store, &there, vec![observed("FY2008-09", "83.10")], FEBRUARY), [Fate::Superseded]);
        assert_eq!(values(&read(store, &there, &ResultFilter::default())), ["83.10"]);
        assert_eq!(values(&read(store, &there, &known("2010-01-31T23:59:59.999999Z"))), ["82.4"]);
        assert_eq!(values(&read(store, &there, &known(JANUARY))), ["82.4"]);
        assert_eq!(values(&read(store, &there, &known(FEBRUARY))), ["83.10"]);
        assert!(read(store, &there, &known("2009-12-31T00:00:00Z")).is_empty());

        let key = read(store, &there, &ResultFilter::default())[0].key();
        let all = store.read(|c| history(c, there.organisation, &key)).unwrap();
        assert_eq!(values(&all), ["83.10", "82.4"]);
        assert_eq!((all[0].superseded_at, all[1].superseded_at), (None, Some(at(FEBRUARY))));
        assert_eq!(all[0].indicator_code, code("NI52"));
    });
}

#[test]
fn the_same_result_again_changes_nothing() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let first = try_send(store, &there, vec![observed("FY2008-09", "70.0")], JANUARY).unwrap();
        let again = try_send(store, &there, vec![observed("FY2008-09", "70")], FEBRUARY).unwrap();
        assert_eq!(again.outcomes[0].fate, Fate::Unchanged);
        assert_eq!(again.outcomes[0].id, first.outcomes[0].id);
        assert_eq!(values(&read(store, &there, &ResultFilter::default())), ["70.0"]);

        let settled = |standing| Observation { standing, ..observed("FY2008-09", "70") };
        let revised = send(store, &there, vec![settled(Standing::Revised)], MARCH);
        assert_eq!(revised, [Fate::Superseded]);
    });
}

#[test]
fn every_field_of_a_result_comes_back() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let ratio = Ratio::new(decimal("2"), decimal("15.50")).unwrap();
        let sent = vec![
            Observation {
                component: Some(text("Dose 1")),
                figure: Figure::Value(Value::Ratio(ratio)),
                standing: Standing::Estimate,
                quality: Some(QualityGrade::Weak),
                definition_version: 2,
                note: Some(text("two\nlines")),
                ..in_district(observed("2009-04-01/2009-12-31", "0"), "Melton & Rutland = both")
            },
            Observation {
                figure: Figure::Unread { text: text("see note"), reason: text("it is no number") },
                standing: Standing::Provisional,
                quality: Some(QualityGrade::Good),
                is_baseline: true,
                ..observed("AY2008-09", "0")
            },
            Observation {
                quality: Some(QualityGrade::Fair),
                ..observed("2010-06", "-999999999999999.123456789")
            },
        ];
        send(store, &there, sent.clone(), JANUARY);
        let mut found: Vec<Observation> =
            read(store, &there, &ResultFilter::default()).into_iter().map(|r| r.observation).collect();
        found.sort_by_key(|observation| sent.iter().position(|each| each.key() == observation.key()));
        assert_eq!(found, sent);
    });
}

#[test]
fn results_differ_by_period_breakdown_and_component() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let whole = observed("FY2008-09", "1");
        let part = Observation { component: Some(text("Dose 1")), ..whole.clone() };
        let sent = vec![
            whole.clone(),
            part.clone(),
            in_district(whole.clone(), "Blaby"),
            in_district(part.clone(), "Blaby"),
            observed("AY2008-09", "1"),
        ];
        assert_eq!(send(store, &there, sent, JANUARY), [Fate::Created; 5]);
        let count = |breakdown, component| {
            let filter = ResultFilter { breakdown, component, ..ResultFilter::default() };
            read(store, &there, &filter).len()
        };
        let district = in_district(whole, "Blaby").breakdown.unwrap();
        assert_eq!(count(Part::Any, Part::Any), 5);
        assert_eq!(count(Part::Whole, Part::Any), 3);
        assert_eq!(count(Part::Whole, Part::Whole), 2);
        assert_eq!(count(Part::Only(district.clone()), Part::Any), 2);
        assert_eq!(count(Part::Only(district), Part::Only(text("Dose 1"))), 1);
    });
}

#[test]
fn filters_choose_by_time_standing_and_submission() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let final_ones =
            vec![observed("FY2007-08", "1"), observed("FY2008-09", "2"), observed("2009-05", "3")];
        send(store, &there, final_ones, JANUARY);
        let estimate = Observation { standing: Standing::Estimate, ..observed("2009-06", "4") };
        let second = try_send(store, &there, vec![estimate], FEBRUARY).unwrap().submission.id;
        let day = |text: &str| text.parse().ok();
        let all = ResultFilter::default();
        let chosen = |filter: ResultFilter| {
            let mut found = values(&read(store, &there, &filter));
            found.sort();
            found
        };
        assert_eq!(chosen(ResultFilter { period: "FY2008-09".parse().ok(), ..all.clone() }), ["2"]);
        assert_eq!(chosen(ResultFilter { from: day("2008-04-01"), ..all.clone() }), ["2", "3", "4"]);
        assert_eq!(chosen(ResultFilter { to: day("2009-05-31"), ..all.clone() }), ["1", "2", "3"]);
        assert_eq!(chosen(ResultFilter { as_at: day("2009-05-30"), ..all.clone() }), ["1", "2"]);
        assert_eq!(chosen(ResultFilter { standing: Some(Standing::Estimate), ..all.clone() }), ["4"]);
        assert_eq!(chosen(ResultFilter { submission: Some(second), ..all.clone() }), ["4"]);
        assert_eq!(chosen(ResultFilter { indicators: Some(vec![there.indicator]), ..all.clone() }).len(), 4);
        assert!(chosen(ResultFilter { indicators: Some(vec![there.plan]), ..all }).is_empty());
    });
}

#[test]
fn pages_follow_each_other_without_gap_or_repetition() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let mut sent = Vec::new();
        for month in 1..=9 {
            let whole = observed(&format!("2009-0{month}"), "1");
            sent.push(Observation { component: Some(text("Dose 2")), ..whole.clone() });
            sent.push(in_district(whole.clone(), "Blaby"));
            sent.push(whole);
        }
        send(store, &there, sent, JANUARY);
        for filter in [ResultFilter::default(), known(FEBRUARY)] {
            let mut keys: Vec<ResultKey> = Vec::new();
            loop {
                let page = store.read(|c| list(c, there.organisation, &filter, keys.last(), 4)).unwrap();
                if page.is_empty() {
                    break;
                }
                keys.extend(page.iter().map(StoredResult::key));
            }
            let whole: Vec<ResultKey> = read(store, &there, &filter).iter().map(StoredResult::key).collect();
            assert_eq!(keys.len(), 27);
            assert_eq!(keys, whole);
        }
    });
}

#[test]
fn what_a_rating_needs_is_read_as_of_a_day_and_as_known() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let sent = vec![
            observed("FY2009-10", "3"),
            observed("FY2007-08", "1"),
            observed("FY2008-09", "2"),
            in_district(observed("FY2008-09", "9"), "Blaby"),
        ];
        send(store, &there, sent, JANUARY);
        send(store, &there, vec![observed("FY2008-09", "2.5")], FEBRUARY);
        let rating = |day: &str, moment: Option<&str>, districts: &[&str]| {
            let named = districts.iter().map(|name| in_district(observed("FY2008-09", "9"), name).breakdown);
            let breakdowns: Vec<_> = named.chain([None]).collect();
            let (day, moment) = (day.parse().unwrap(), moment.map(at));
            let found = store
                .read(|c| for_rating(c, there.organisation, &[there.indicator], &breakdowns, day, moment));
            figures(found.unwrap().iter().map(|result| &result.observation))
        };
        assert_eq!(rating("2010-03-31", None, &[]), ["1", "2.5", "3"]);
        assert_eq!(rating("2010-03-30", None, &[]), ["1", "2.5"]);
        assert_eq!(rating("2010-03-30", Some(JANUARY), &[]), ["1", "2"]);
        assert_eq!(rating("2010-03-30", None, &["Blaby"]), ["1", "2.5", "9"]);
        assert_eq!(rating("2010-03-30", None, &["Melton & Rutland = both"]), ["1", "2.5"]);
    });
}

/// A snapshot as old as the first of three submissions learns what the others brought, as far as it still counts.
#[test]
fn what_was_brought_since_a_submission_is_found() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let submit = |observations: Vec<Observation>, moment: &str| {
            try_send(store, &there, observations, moment).unwrap().submission.id
        };
        let first = submit(vec![observed("FY2006-07", "1"), observed("FY2007-08", "2")], JANUARY);
        let corrected = vec![observed("FY2007-08", "2.5"), in_district(observed("FY2007-08", "9"), "Blaby")];
        // Their clocks differ: the last of them was sent at the same moment as the first.
        let second = submit([corrected, vec![observed("FY2008-09", "3")]].concat(), MARCH);
        let third = submit(vec![observed("FY2007-08", "2.7"), observed("FY2009-10", "4")], JANUARY);
        let since = |id: uuid::Uuid, most: u32| {
            let found = store.read(|c| submission::since(c, there.organisation, id, most)).unwrap();
            found.map(|ids| ids.into_iter().collect::<std::collections::HashSet<_>>())
        };
        assert_eq!(since(first, 2), Some([second, third].into()));
        assert_eq!(since(second, 2), Some([third].into()));
        assert_eq!(since(third, 2), Some([].into()));
        assert_eq!(since(first, 1), None);
        assert_eq!(since(there.plan, 2), None);
        let brought = |submissions: &[uuid::Uuid], districts: &[&str], day: &str| {
            let named = districts.iter().map(|name| in_district(observed("FY2008-09", "9"), name).breakdown);
            let breakdowns: Vec<_> = named.chain([None]).collect();
            let day = day.parse().unwrap();
            let found =
                store.read(|c| brought_for_rating(c, there.organisation, submissions, &breakdowns, day));
            let mut found = figures(found.unwrap().iter().map(|result| &result.observation));
            found.sort();
            found
        };
        assert_eq!(brought(&[second, third], &[], "2010-03-31"), ["2.7", "3", "4"]);
        assert_eq!(brought(&[second, third], &[], "2010-03-30"), ["2.7", "3"]);
        assert_eq!(brought(&[second], &[], "2010-03-31"), ["3"]);
        assert_eq!(brought(&[second], &["Blaby"], "2010-03-31"), ["3", "9"]);
        assert_eq!(brought(&[], &["Blaby"], "2010-03-31"), [""; 0]);
    });
}

/// In the first year 3 of 30 in Blaby are a small count; the whole and Melton lie beside it. In the second year nothing is.
/// In the third Blaby has 6 out of 4, in the fourth a plain 4, which is a count only where the indicator counts.
#[test]
fn what_lies_beside_a_small_count_is_found() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let ratio = |observation: Observation, numerator: &str, denominator: &str| Observation {
            figure: Figure::Value(Value::Ratio(
                Ratio::new(decimal(numerator), decimal(denominator)).unwrap(),
            )),
            ..observation
        };
        let of = |year: &str| ratio(observed(year, "0"), "100", "200");
        let sent = vec![
            of("FY2006-07"),
            ratio(in_district(of("FY2006-07"), "Blaby"), "3", "30"),
            ratio(in_district(of("FY2006-07"), "Melton"), "97", "170"),
            of("FY2007-08"),
            ratio(in_district(of("FY2007-08"), "Blaby"), "6", "30"),
            of("FY2008-09"),
            ratio(in_district(of("FY2008-09"), "Blaby"), "6", "4"),
            observed("FY2009-10", "400"),
            in_district(observed("FY2009-10", "4"), "Blaby"),
        ];
        send(store, &there, sent, JANUARY);
        // It was no small count after all.
        send(store, &there, vec![ratio(in_district(of("FY2006-07"), "Blaby"), "13", "30")], FEBRUARY);
        let beside = |counted: &[uuid::Uuid], moment: Option<&str>| {
            let (asked, day) = ((&[there.indicator] as &[_], counted), "2010-03-31".parse().unwrap());
            let found =
                store.read(|c| beside_small_counts(c, there.organisation, asked, 5, day, moment.map(at)));
            let mut keys: Vec<String> =
                found.unwrap().iter().map(|result| figure_of(&result.observation)).collect();
            keys.sort();
            keys
        };
        let third = ["FY2008-09", "FY2008-09 district=Blaby"];
        assert_eq!(beside(&[], None), third);
        let first = ["FY2006-07", "FY2006-07 district=Blaby", "FY2006-07 district=Melton"];
        assert_eq!(beside(&[], Some(JANUARY)), [first.as_slice(), &third].concat());
        let fourth = ["FY2009-10", "FY2009-10 district=Blaby"];
        assert_eq!(beside(&[there.indicator], None), [third, fourth].concat());
    });
}

fn figure_of(observation: &Observation) -> String {
    let part = observation.breakdown.as_ref().map(|breakdown| format!(" {breakdown}"));
    format!("{}{}", observation.period, part.unwrap_or_default())
}
