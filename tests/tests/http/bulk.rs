//! Requests about many items, of which all are stored or none: every bulk operation reports the same mistakes with the
//! same status, the same codes and pointers of the same form.

use chrono::{Days, Utc};
use serde_json::{Value, json};
use waymark_tests::{Answer, Caller, Waymark, on_both};

use crate::framework::{self, PLAN};
use crate::target_setting::{person, runaways};

/// The day of the proposals, and that of the meeting which decides on them.
const PROPOSED: &str = "2009-11-20";
const MEETING: &str = "2009-11-27";

/// A kind of item that is proposed and decided on in bulk.
struct Kind {
    proposals: &'static str,
    decisions: &'static str,
    /// The field of a decision that names the item.
    field: &'static str,
    proposal: fn(&str) -> Value,
}

const KINDS: [Kind; 2] = [
    Kind {
        proposals: "target-proposals",
        decisions: "target-decisions",
        field: "proposal",
        proposal: |measure| {
            let mut proposal = runaways();
            proposal["measure"] = json!(measure);
            proposal
        },
    },
    Kind {
        proposals: "deletions",
        decisions: "deletion-decisions",
        field: "deletion",
        proposal: |measure| json!({"measure": measure, "category": "no_longer_relevant", "reason": "It changed."}),
    },
];

/// The status of a mistake, its type, and each fault: a pointer, in which `{field}` stands for the field that names the
/// item, and a code.
type Expected = (u16, &'static str, &'static [(&'static str, &'static str)]);

/// A decision on a revision that is no longer the current one.
const STALE: (&str, &str) = ("/decisions/0/revision", "stale");

impl Kind {
    fn propose_on(&self, caller: &Caller, day: &str, measures: &[&str]) -> Answer {
        let proposals: Vec<Value> = measures.iter().map(|measure| (self.proposal)(measure)).collect();
        let body = json!({"proposed_on": day, "proposals": proposals});
        caller.post(&format!("{PLAN}/{}", self.proposals), &body)
    }

    fn propose(&self, caller: &Caller, measures: &[&str]) -> Answer {
        self.propose_on(caller, PROPOSED, measures)
    }

    /// Proposes for one measure; returns the id.
    fn proposed(&self, caller: &Caller, measure: &str) -> Value {
        self.propose(caller, &[measure]).expect(201).at("/items/0/id")
    }

    /// A decision that agrees an item at a revision.
    fn agreed(&self, id: &Value, revision: i64) -> Value {
        let mut decision = json!({"revision": revision, "outcome": "agreed"});
        decision[self.field] = id.clone();
        decision
    }

    fn decide_on(&self, caller: &Caller, meeting: &str, decisions: &[Value]) -> Answer {
        let body =
            json!({"body": "Executive", "decided_on": meeting, "minute": "5.2", "decisions": decisions});
        caller.post(&format!("{PLAN}/{}", self.decisions), &body)
    }

    fn decide(&self, caller: &Caller, decisions: &[Value]) -> Answer {
        self.decide_on(caller, MEETING, decisions)
    }

    #[track_caller]
    fn refuses(&self, mistake: &str, answer: Answer, (status, name, faults): Expected) {
        let expected: Vec<(String, String)> = faults
            .iter()
            .map(|(pointer, code)| {
                (pointer.replace("{field}", self.field), code.replace("{field}", self.field))
            })
            .collect();
        let found = answer.problem(status, name).faults();
        assert_eq!(found, expected, "{mistake}: {}", self.decisions);
    }

    /// Withdraws an item, which is at its second revision then.
    fn withdraw(&self, caller: &Caller, id: &Value) {
        let path = format!("{PLAN}/{}/{}", self.proposals, id.as_str().unwrap());
        let etag = caller.get(&path).expect(200).etag();
        let request = caller.request("POST", &format!("{path}/withdrawal")).header("if-match", &etag);
        let _ = request.send().expect(200);
    }
}

fn tomorrow() -> String {
    (Utc::now().date_naive() + Days::new(1)).to_string()
}

fn on_each_kind(test: impl Fn(&Waymark, &Kind)) {
    on_both(|waymark| {
        framework::examples(waymark);
        for kind in &KINDS {
            test(waymark, kind);
        }
    });
}

#[test]
fn the_same_mistakes_in_proposals_are_reported_alike() {
    on_each_kind(|waymark, kind| {
        let officer = waymark.officer();
        let _ = kind.proposed(&officer, "poverty");
        let expected: [(&str, &[&str], Expected); 6] = [
            (
                "unknown measure",
                &["nowhere"],
                (422, "invalid-body", &[("/proposals/0/measure", "unknown_measure")]),
            ),
            (
                "duplicate",
                &["runaways", "runaways"],
                (422, "invalid-body", &[("/proposals/1/measure", "duplicate")]),
            ),
            (
                "already open",
                &["runaways", "poverty"],
                (409, "wrong-state", &[("/proposals/1/measure", "already_proposed")]),
            ),
            ("empty", &[], (422, "invalid-body", &[("/proposals", "too_few")])),
            ("too many", &["runaways"; 501], (422, "invalid-body", &[("/proposals", "too_many")])),
            (
                "already open, unknown measure",
                &["poverty", "nowhere"],
                (
                    422,
                    "invalid-body",
                    &[
                        ("/proposals/0/measure", "already_proposed"),
                        ("/proposals/1/measure", "unknown_measure"),
                    ],
                ),
            ),
        ];
        for (mistake, measures, expected) in expected {
            kind.refuses(mistake, kind.propose(&officer, measures), expected);
        }
        for (day, code) in [("2008-03-31", "before_plan"), (&*tomorrow(), "in_future")] {
            let answer =
                kind.propose_on(&officer, day, &["runaways", "nowhere"]).problem(422, "invalid-body");
            let expected = [("/proposed_on", code), ("/proposals/1/measure", "unknown_measure")];
            answer.has_faults(&expected);
        }
        let _ = kind.propose(&waymark.reader(), &["runaways"]).problem(403, "forbidden");
        let stored = officer.get(&format!("{PLAN}/{}", kind.proposals)).expect(200).at("/items");
        assert_eq!(stored.as_array().unwrap().len(), 1);
    });
}

#[test]
fn the_same_mistakes_in_decisions_are_reported_alike() {
    on_each_kind(|waymark, kind| {
        let (officer, clerk) = (waymark.officer(), waymark.role("board_clerk"));
        let withdrawn = kind.proposed(&officer, "runaways");
        kind.withdraw(&officer, &withdrawn);
        let open = kind.proposed(&officer, "runaways");
        let unknown = json!("01900000-0000-7000-8000-000000000000");
        let at = |id: &Value, revision: i64| kind.agreed(id, revision);
        let many = vec![at(&open, 1); 501];
        let expected: [(&str, &[Value], Expected); 9] = [
            (
                "unknown id",
                &[at(&unknown, 1)],
                (422, "invalid-body", &[("/decisions/0/{field}", "unknown_{field}")]),
            ),
            ("stale", &[at(&open, 7)], (412, "precondition-failed", &[STALE])),
            (
                "duplicate",
                &[at(&open, 1), at(&open, 1)],
                (422, "invalid-body", &[("/decisions/1/{field}", "duplicate")]),
            ),
            (
                "wrong state",
                &[at(&withdrawn, 2)],
                (409, "wrong-state", &[("/decisions/0/{field}", "wrong_state")]),
            ),
            ("empty", &[], (422, "invalid-body", &[("/decisions", "too_few")])),
            ("too many", &many, (422, "invalid-body", &[("/decisions", "too_many")])),
            (
                "stale, wrong state",
                &[at(&open, 7), at(&withdrawn, 2)],
                (412, "precondition-failed", &[STALE, ("/decisions/1/{field}", "wrong_state")]),
            ),
            (
                "stale, unknown id",
                &[at(&open, 7), at(&unknown, 1)],
                (422, "invalid-body", &[STALE, ("/decisions/1/{field}", "unknown_{field}")]),
            ),
            (
                "stale, unknown id, wrong state",
                &[at(&open, 7), at(&unknown, 1), at(&withdrawn, 2)],
                (
                    422,
                    "invalid-body",
                    &[
                        STALE,
                        ("/decisions/1/{field}", "unknown_{field}"),
                        ("/decisions/2/{field}", "wrong_state"),
                    ],
                ),
            ),
        ];
        for (mistake, decisions, expected) in expected {
            kind.refuses(mistake, kind.decide(&clerk, decisions), expected);
        }
    });
}

#[test]
fn a_meeting_on_a_wrong_day_is_reported_alike() {
    on_each_kind(|waymark, kind| {
        let (officer, clerk) = (waymark.officer(), waymark.role("board_clerk"));
        let open = kind.agreed(&kind.proposed(&officer, "runaways"), 1);
        let early = kind.decide_on(&clerk, "2009-11-19", std::slice::from_ref(&open));
        let expected = (422, "invalid-body", &[("/decisions/0/{field}", "meeting_before_proposal")] as &[_]);
        kind.refuses("meeting before the proposal", early, expected);
        for (day, code) in [("2008-03-31", "before_plan"), (&*tomorrow(), "in_future")] {
            let answer =
                kind.decide_on(&clerk, day, std::slice::from_ref(&open)).problem(422, "invalid-body");
            answer.has_faults(&[("/decided_on", code)]);
        }
    });
}

#[test]
fn who_proposed_does_not_decide() {
    on_each_kind(|waymark, kind| {
        let (officer, clerk) = (waymark.officer(), waymark.role("board_clerk"));
        let both = person(waymark, "both", &["performance_officer", "board_clerk"]);
        let (open, own) = (kind.proposed(&officer, "runaways"), kind.proposed(&both, "poverty"));
        let unknown = json!("01900000-0000-7000-8000-000000000000");
        let at = |id: &Value, revision: i64| kind.agreed(id, revision);
        let answer = kind.decide(&both, &[at(&own, 1), at(&unknown, 1), at(&open, 7)]);
        let expected: Expected = (
            403,
            "forbidden",
            &[
                ("/decisions/0/{field}", "proposer_decides"),
                ("/decisions/1/{field}", "unknown_{field}"),
                ("/decisions/2/revision", "stale"),
            ],
        );
        kind.refuses("own proposal", answer, expected);
        let decided = kind.decide(&clerk, &[at(&open, 1), at(&own, 1)]).expect(200);
        assert_eq!(
            (decided.at("/items/0/state"), decided.at("/items/1/state")),
            (json!("agreed"), json!("agreed"))
        );
    });
}
