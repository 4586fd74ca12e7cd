//! Organisations, indicators, plans and measures.

use diesel::connection::SimpleConnection;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_domain::indicator::{Breakdown, Indicator};
use waymark_domain::measure::{Composite, Line, Measure};
use waymark_domain::organisation::{Organisation, PeerGroup};
use waymark_domain::plan::Plan;
use waymark_domain::scheme::{Amber, Basis, Scheme, Tolerance};
use waymark_domain::target::{Baseline, Condition, Target, TargetState};
use waymark_domain::trajectory::{Point, Step, Trajectory};
use waymark_domain::value::{Ratio, Value};
use waymark_persistence::measure::{Place, measures_of_plan};
use waymark_persistence::{Connection, Store, StoreError, indicator, measure, organisation, plan};

use crate::engines::{at, change, on_each_engine, organisation as an_organisation};
use crate::samples::{a_measure, a_plan, an_indicator, code, decimal, framework, text};

fn number(text: &str) -> Value {
    Value::Number(decimal(text))
}

fn line(target: Option<Target>, trajectory: Trajectory) -> Line {
    Line { component: None, baseline: None, target, trajectory }
}

fn target(condition: Condition) -> Option<Target> {
    let period = "FY2010-11".parse().ok();
    Some(Target::Set {
        period,
        condition,
        state: TargetState::Tentative,
        note: Some(text("from 2009")),
        review_on: None,
        origin: None,
    })
}

/// Every form of a line that the domain knows.
fn every_line() -> Vec<Line> {
    let point = |period: &str, value: &str| Point { period: period.parse().unwrap(), value: number(value) };
    let ratio = Value::Ratio(Ratio::new(decimal("2"), decimal("15")).unwrap());
    let until = "FY2010-11".parse().ok();
    let baselines = [
        Baseline::Known {
            value: ratio,
            period: "AY2006-07".parse().ok(),
            definition_version: 2,
            note: Some(text("recalculated")),
        },
        Baseline::Unread { text: text("see note"), reason: text("it is no number") },
    ];
    let targets = [
        Some(Target::ToBeSet { reason: text("no baseline yet") }),
        Some(Target::Unread { text: text("Varies"), reason: text("it is no number") }),
        target(Condition::Reach(number("85.0"))),
        target(Condition::AtLeast(number("-22.80"))),
        target(Condition::AtMost(ratio)),
        target(Condition::Above(number("95"))),
        target(Condition::Below(number("10"))),
        target(Condition::Between { low: number("10"), high: number("15") }),
        target(Condition::Exactly(number("0"))),
        target(Condition::AllOf(decimal("287"))),
        target(Condition::EndOfTrajectory),
    ];
    let trajectories = [
        Trajectory::Milestones(vec![point("2009-03", "40"), point("2010-03", "50")]),
        Trajectory::YearlyStep { step: Step::Points(decimal("2")), until },
        Trajectory::YearlyStep { step: Step::Percent(decimal("-1")), until: None },
        Trajectory::Profile(vec![point("FY2009-10-Q1", "12.5")]),
    ];
    let with_baseline = |baseline| Line { baseline: Some(baseline), ..Line::default() };
    let mut lines: Vec<Line> = baselines.map(with_baseline).into();
    lines.extend(targets.map(|target| line(target, Trajectory::Linear)));
    lines.extend(trajectories.map(|trajectory| line(None, trajectory)));
    lines
}

#[test]
fn an_organisation_comes_back_as_it_was_stored() {
    on_each_engine(|database| {
        let content = Organisation {
            title: text("Leicestershire County Council"),
            small_count_threshold: 6,
            peer_group: Some(PeerGroup {
                title: text("Statistical neighbours"),
                members: vec![code("derbyshire"), code("warwickshire")],
            }),
        };
        let stored = database.store.write(|c| {
            organisation::create(c, &code("leicestershire"), &content, &change("2008-04-01T00:00:00Z"))
        });
        let stored = stored.unwrap();
        let found = database.store.read(|c| organisation::find(c, &code("leicestershire"), None)).unwrap();
        assert_eq!(found.as_ref(), Some(&stored));
        assert_eq!(stored.versioned.content, content);
        assert_eq!((stored.organisation, stored.versioned.revision), (stored.versioned.id, 1));
        assert_eq!(database.store.read(|c| organisation::find(c, &code("derby"), None)).unwrap(), None);
    });
}

#[test]
fn indicators_and_plans_come_back_as_they_were_stored() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let found = store.read(|c| indicator::find(c, there.organisation, &code("NI52"), None)).unwrap();
        assert_eq!(found.unwrap().versioned.content, an_indicator());
        let found = store.read(|c| plan::find(c, there.organisation, &code("cypp"), None)).unwrap();
        let found = found.unwrap();
        assert_eq!((&found.versioned.content, found.versioned.revision), (&a_plan(), 1));

        let schemes = [
            Scheme::baseline_to_target(),
            Scheme::target_proximity(),
            Scheme {
                basis: Basis::EndTarget,
                green_within: Tolerance::Absolute(decimal("0.5")),
                amber: Amber::Within(Tolerance::Absolute(decimal("2"))),
                ..Scheme::tolerance()
            },
        ];
        for (scheme, expected) in schemes.into_iter().zip(1..) {
            let content = Plan { scheme, ..a_plan() };
            let moment = change("2009-01-01T00:00:00Z");
            let update = |c: &mut Connection| {
                plan::update(c, there.organisation, there.plan, expected, &content, &moment)
            };
            assert_eq!(store.write(update).unwrap().revision, expected + 1);
            let found = store.read(|c| plan::find(c, there.organisation, &code("cypp"), None)).unwrap();
            assert_eq!(found.unwrap().versioned.content, content);
        }
        let history = store.read(|c| plan::history(c, there.plan, None, 10)).unwrap();
        let revisions: Vec<i64> = history.iter().map(|version| version.revision).collect();
        assert_eq!(revisions, [4, 3, 2, 1]);
        assert_eq!(history[3].content, a_plan());
    });
}

#[test]
fn every_form_of_target_and_trajectory_comes_back() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let composites = [Composite::Best, Composite::Headline(text("Dose 1"))];
        for (composite, expected) in composites.into_iter().zip(1..) {
            let content = Measure {
                breakdown: "district=Melton & Rutland = both".parse::<Breakdown>().ok(),
                contact: Some(text("Clerk")),
                lines: every_line(),
                note: Some(text("two\nlines")),
                composite,
                ..a_measure()
            };
            let later = change("2009-01-01T00:00:00Z");
            store
                .write(|c| measure::update(c, there.organisation, there.measure, expected, &content, &later))
                .unwrap();
            let found = store.read(|c| measure::find(c, there.plan, &code("NI52"), None)).unwrap().unwrap();
            assert_eq!(found.versioned.content, content);
        }
    });
}

#[test]
fn a_code_is_unique_in_its_parent() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let other = an_organisation(store, "derbyshire");
        let now = change("2009-01-01T00:00:00Z");
        let conflict = |result: Result<(), StoreError>| match result {
            Err(StoreError::Conflict(name)) => name,
            other => panic!("{}: {other:?}", database.engine),
        };
        let content = Organisation { title: text("Twin"), small_count_threshold: 5, peer_group: None };
        let twin = store.write(|c| organisation::create(c, &code("derbyshire"), &content, &now).map(drop));
        assert_eq!(conflict(twin), "organisation code");
        let create_indicator = |parent: Uuid| {
            store.write(|c| indicator::create(c, parent, &code("NI52"), &an_indicator(), &now).map(drop))
        };
        assert_eq!(conflict(create_indicator(there.organisation)), "indicator code");
        create_indicator(other).unwrap();
        let create_plan =
            |parent: Uuid| store.write(|c| plan::create(c, parent, &code("cypp"), &a_plan(), &now).map(drop));
        assert_eq!(conflict(create_plan(there.organisation)), "plan code");
        create_plan(other).unwrap();
        let place = Place { organisation: there.organisation, plan: there.plan, indicator: there.indicator };
        let twin = store.write(|c| measure::create(c, place, &code("NI52"), &a_measure(), &now).map(drop));
        assert_eq!(conflict(twin), "measure code");
    });
}

#[test]
fn lists_are_pages_in_the_order_of_codes() {
    on_each_engine(|database| {
        let store = &database.store;
        // Capitals come before small letters on both engines, whatever the server's language.
        for name in ["b", "A", "a-1", "C", "a.1", "a_1"] {
            an_organisation(store, name);
        }
        let page = |among: Option<&[Code]>, after: Option<&str>, limit: i64| {
            let after = after.map(code);
            let found = store.read(|c| organisation::list(c, among, after.as_ref(), limit, None)).unwrap();
            found.into_iter().map(|record| record.code.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(page(None, None, 4), ["A", "C", "a-1", "a.1"]);
        assert_eq!(page(None, Some("a.1"), 4), ["a_1", "b"]);
        assert_eq!(page(Some(&[code("b"), code("C")]), None, 4), ["C", "b"]);
        assert!(page(Some(&[]), None, 4).is_empty());
    });
}

#[test]
fn lists_can_be_read_as_they_were_known() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let changed = Indicator { title: text("Lunches"), ..an_indicator() };
        let later = change("2009-01-01T00:00:00Z");
        store
            .write(|c| {
                indicator::update(c, there.organisation, there.indicator, 1, &changed, &later)?;
                indicator::create(c, there.organisation, &code("NI53"), &an_indicator(), &later)
            })
            .unwrap();
        let titles = |moment: Option<&str>| {
            let moment = moment.map(at);
            let found = store.read(|c| indicator::list(c, there.organisation, None, 10, moment)).unwrap();
            found.into_iter().map(|r| r.versioned.content.title.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(titles(None), ["Lunches", "School lunches"]);
        assert_eq!(titles(Some("2008-12-31T23:59:59Z")), ["School lunches"]);
        assert!(titles(Some("2008-03-31T23:59:59Z")).is_empty());
        let plans = |moment: &str| {
            store.read(|c| plan::list(c, there.organisation, None, 10, Some(at(moment)))).unwrap().len()
        };
        assert_eq!((plans("2008-04-01T00:00:00Z"), plans("2008-03-31T23:59:59Z")), (1, 0));
        let known = |moment: &str| {
            store.read(|c| organisation::list(c, None, None, 10, Some(at(moment)))).unwrap().len()
        };
        assert_eq!((known("2008-01-01T00:00:00Z"), known("2007-12-31T23:59:59Z")), (1, 0));
    });
}

#[test]
fn the_measures_of_a_plan_come_with_their_indicators() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let catalogue = an_organisation(store, "national");
        let later = change("2009-01-01T00:00:00Z");
        store
            .write(|c| {
                let national = indicator::create(c, catalogue, &code("NI1"), &an_indicator(), &later)?;
                let place = Place {
                    organisation: there.organisation,
                    plan: there.plan,
                    indicator: national.versioned.id,
                };
                measure::create(c, place, &code("NI1"), &a_measure(), &later)
            })
            .unwrap();
        let codes = |moment: Option<&str>| {
            let moment = moment.map(at);
            let found = store.read(|c| measures_of_plan(c, there.plan, moment)).unwrap();
            found
                .into_iter()
                .map(|each| (each.measure.code.to_string(), each.indicator.organisation == catalogue))
                .collect::<Vec<_>>()
        };
        assert_eq!(codes(None), [("NI1".into(), true), ("NI52".into(), false)]);
        assert_eq!(codes(Some("2008-12-31T00:00:00Z")), [("NI52".into(), false)]);
        let listed = store.read(|c| measure::list(c, there.plan, Some(&code("NI1")), 10, None)).unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].place.indicator, there.indicator);
        let known = Some(at("2008-12-31T00:00:00Z"));
        assert_eq!(store.read(|c| measure::list(c, there.plan, None, 10, known)).unwrap().len(), 1);
        assert_eq!(store.read(|c| measure::history(c, there.measure, None, 10)).unwrap().len(), 1);
    });
}

#[test]
fn a_measure_is_known_from_the_moment_that_its_indicator_is() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        store
            .write(|c| {
                let late = change("2009-02-01T00:00:00Z");
                let made = indicator::create(c, there.organisation, &code("NI53"), &an_indicator(), &late)?;
                let place = Place {
                    organisation: there.organisation,
                    plan: there.plan,
                    indicator: made.versioned.id,
                };
                measure::create(c, place, &code("NI53"), &a_measure(), &change("2009-01-01T00:00:00Z"))
            })
            .unwrap();
        let known =
            |moment: &str| store.read(|c| measures_of_plan(c, there.plan, Some(at(moment)))).unwrap().len();
        assert_eq!((known("2009-01-15T00:00:00Z"), known("2009-02-01T00:00:00Z")), (1, 2));
    });
}

#[test]
fn many_indicators_are_found_by_code_in_either_catalogue() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let catalogue = an_organisation(store, "national");
        let foreign = an_organisation(store, "derbyshire");
        let now = change("2009-01-01T00:00:00Z");
        store
            .write(|c| {
                indicator::create(c, catalogue, &code("NI1"), &an_indicator(), &now)?;
                indicator::create(c, foreign, &code("NI2"), &an_indicator(), &now)
            })
            .unwrap();
        let wanted = [code("NI52"), code("NI1"), code("NI2"), code("NI3")];
        let ours = [there.organisation, catalogue];
        let mut found: Vec<String> = store
            .read(|c| indicator::find_many(c, &ours, &wanted, None))
            .unwrap()
            .into_iter()
            .map(|record| record.code.to_string())
            .collect();
        found.sort();
        assert_eq!(found, ["NI1", "NI52"]);
        let by_id = store.read(|c| indicator::of_ids(c, &[there.indicator, there.plan], None)).unwrap();
        assert_eq!(by_id.len(), 1);
    });
}

#[test]
fn a_stored_document_that_breaks_a_rule_is_corrupt() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let spoil = |from: &str, to: &str| {
            // Only who owns the database can do this, and not without meaning to.
            let unguard = match database.engine {
                "sqlite" => "DROP TRIGGER IF EXISTS revisions_stay",
                _ => "DROP TRIGGER IF EXISTS revisions_stay ON revisions",
            };
            store.write(|c| c.batch_execute(unguard).map_err(StoreError::from)).unwrap();
            let statement = format!("UPDATE revisions SET document = replace(document, '{from}', '{to}')");
            store.write(|c| c.batch_execute(&statement).map_err(StoreError::from)).unwrap();
        };
        let read =
            |store: &Store| store.read(|c| indicator::find(c, there.organisation, &code("NI52"), None)).err();
        spoil("higher_is_better", "louder_is_better");
        assert!(matches!(read(store), Some(StoreError::Corrupt { what: "indicator", .. })));
        spoil("louder_is_better", "higher_is_better");
        assert!(read(store).is_none());
        spoil("per_10000", "per_0");
        assert!(matches!(read(store), Some(StoreError::Corrupt { what: "indicator", .. })));
    });
}
