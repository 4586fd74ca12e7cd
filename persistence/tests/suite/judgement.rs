//! Overrides and predictions.

use waymark_domain::judgement::{Judgement, JudgementKind};
use waymark_domain::rating::Colour;
use waymark_persistence::judgement::{add, of_measure, of_plan};
use waymark_persistence::{StoreError, new_id};

use crate::engines::{at, change, on_each_engine};
use crate::samples::{framework, text};

fn judgement(kind: JudgementKind, rating: Colour) -> Judgement {
    Judgement {
        kind,
        rating,
        reason: text("The schools' own count is not in yet."),
        author: text("Head of school meals"),
        from: "2010-03-31".parse().unwrap(),
        until: "2010-06-30".parse().ok(),
    }
}

#[test]
fn judgements_are_read_in_the_order_in_which_they_were_given() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let given = [
            ("2010-04-01T00:00:00Z", judgement(JudgementKind::Override, Colour::Amber)),
            ("2010-04-02T00:00:00Z", judgement(JudgementKind::Prediction, Colour::Red)),
            (
                "2010-04-03T00:00:00Z",
                Judgement { until: None, ..judgement(JudgementKind::Override, Colour::Green) },
            ),
        ];
        for (moment, judgement) in &given {
            store.write(|c| add(c, there.organisation, there.measure, judgement, &change(moment))).unwrap();
        }
        let read = |moment: Option<&str>| {
            let moment = moment.map(at);
            let found = store.read(|c| of_measure(c, there.organisation, there.measure, moment)).unwrap();
            found.into_iter().map(|given| given.judgement).collect::<Vec<_>>()
        };
        let [first, second, third] = given.map(|(_, judgement)| judgement);
        assert_eq!(read(None), [first.clone(), second.clone(), third]);
        assert_eq!(read(Some("2010-04-02T00:00:00Z")), [first, second]);

        let plan = store.read(|c| of_plan(c, there.organisation, there.plan, None)).unwrap();
        assert_eq!((plan.len(), plan[&there.measure].len()), (1, 3));
        let early = Some(at("2010-01-01T00:00:00Z"));
        assert!(store.read(|c| of_plan(c, there.organisation, there.plan, early)).unwrap().is_empty());
    });
}

#[test]
fn there_is_no_judgement_of_nothing() {
    on_each_engine(|database| {
        let store = &database.store;
        let there = framework(store);
        let nothing = new_id(at("2010-01-01T00:00:00Z"));
        let given = judgement(JudgementKind::Override, Colour::Amber);
        let refused =
            store.write(|c| add(c, there.organisation, nothing, &given, &change("2010-04-01T00:00:00Z")));
        assert!(matches!(refused, Err(StoreError::Query(_))), "{refused:?}");
    });
}
