//! Deletions, and the departures that measures keep of them.

use waymark_domain::deletion::{Category, Deletion, Grounds, Outcome, Ruling, consequence};
use waymark_domain::workflow::Decision;
use waymark_persistence::measure;
use waymark_persistence::plan_item::{self, PlanPlace};

use crate::engines::{at, change, on_each_engine};
use crate::samples::{a_measure, code, framework, text};

fn ruling(outcome: Outcome) -> Ruling {
    let decision = Decision {
        body: text("Executive"),
        meeting: "2009-11-27".parse().unwrap(),
        minute: text("5.2"),
        note: Some(text("In part.")),
        recorded_by: text("Clerk"),
    };
    Ruling { outcome, decision, comment: Some(text("Keep the data.")) }
}

/// One of every category; together they have every outcome.
fn every_deletion() -> Vec<Deletion> {
    let from = "2009-09-30".parse().unwrap();
    let categories = [
        Category::NoLongerCollected,
        Category::MethodChangedNationally,
        Category::CollectedTooRarely,
        Category::Superseded { by: code("NI53") },
        Category::NoLongerRelevant,
    ];
    let deletion = |category| Deletion {
        measure: code("NI52"),
        grounds: Grounds {
            category,
            reason: text("The tests have ended."),
            as_written: Some(text("as above")),
        },
        proposed_on: "2009-11-20".parse().unwrap(),
        proposed_by: text("Officer"),
        rulings: [Outcome::Deferred, Outcome::Agreed { from }, Outcome::Restored { from }, Outcome::Rejected]
            .map(ruling)
            .to_vec(),
        withdrawn_on: "2009-12-24".parse().ok(),
    };
    categories.into_iter().map(deletion).collect()
}

#[test]
fn every_deletion_comes_back_as_it_was_filed() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let place = PlanPlace { organisation: there.organisation, plan: there.plan };
        for deletion in every_deletion() {
            let filed = store
                .write(|c| plan_item::create(c, place, None, &deletion, &change("2009-11-20T00:00:00Z")));
            let filed = filed.unwrap();
            assert_eq!(filed.key, filed.versioned.id.to_string());
            let read = store.read(|c| plan_item::find::<Deletion>(c, place, &filed.key, None)).unwrap();
            assert_eq!(read.unwrap().versioned.content, deletion);
        }
    });
}

#[test]
fn a_measure_keeps_its_departures_from_the_moment_of_the_decision() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let mut deletion = every_deletion().remove(3);
        deletion.rulings.truncate(2);
        let left = consequence(there.plan, &deletion, &a_measure()).unwrap();
        let decided = change("2009-11-27T00:00:00Z");
        store.write(|c| measure::update(c, there.organisation, there.measure, 1, &left, &decided)).unwrap();
        let read = |moment: &str| {
            let found =
                store.read(|c| measure::find(c, there.plan, &code("NI52"), Some(at(moment)))).unwrap();
            found.unwrap().versioned.content
        };
        assert_eq!(read("2009-11-27T00:00:00Z"), left);
        assert_eq!(read("2009-11-26T00:00:00Z"), a_measure());
        let of = |indicators: &[uuid::Uuid]| {
            let found = store.read(|c| measure::of_indicators(c, there.organisation, indicators, None));
            found.unwrap().into_iter().map(|found| found.code).collect::<Vec<_>>()
        };
        assert_eq!(of(&[there.indicator]), [code("NI52")]);
        assert_eq!(of(&[there.plan]), []);
    });
}
