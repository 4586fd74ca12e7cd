//! From draft to publication, by those who may.

use std::thread;

use serde_json::{Value, json};
use waymark_tests::{OWN, on_both};

use super::{QUARTER, act, act_on, content, create, director, new, officer, path, plan};

#[test]
fn an_account_is_drafted_submitted_returned_agreed_and_published() {
    on_both(|waymark| {
        plan(waymark);
        let (officer, director, publisher) = (officer(waymark), director(waymark), waymark.officer());
        let at = path("HW-1d", QUARTER);
        let draft = create(&officer, &new("HW-1d", QUARTER, content())).expect(201);
        assert_eq!(draft.header("location"), Some(&*at));
        assert_eq!(
            (draft.at("/state"), draft.at("/allowed_actions")),
            (json!("draft"), json!(["edit", "submit"]))
        );
        assert_eq!(draft.at("/narrative_html"), "<p>The rate <em>rose</em>.</p>\n");
        assert_eq!(draft.at("/risks/0/score"), 15);
        // Due long ago: what is not done is overdue.
        assert_eq!(
            (draft.at("/key_actions/0/overdue"), draft.at("/key_actions/1/overdue")),
            (json!(true), json!(false))
        );

        let given = act(&officer, &at, "submission").expect(200);
        assert_eq!(given.at("/state"), "submitted");
        assert_eq!(given.at("/allowed_actions"), json!([]));
        assert_eq!(given.at("/submission/signed_by"), "user:accountable_officer of leicestershire");
        let seen = director.get(&at).expect(200);
        assert_eq!(seen.at("/allowed_actions"), json!(["agree", "return"]));
        assert_eq!(seen.etag(), given.etag());

        let returned = act(&director, &at, "return").expect(200);
        assert_eq!(
            (returned.at("/state"), returned.at("/return_comment")),
            (json!("returned"), json!("What of the clinics?"))
        );
        assert_eq!(returned.at("/submission"), Value::Null);
        let mut better = content();
        better["narrative"] = json!("The rate rose; clinics open in *May*.");
        let edited = officer.replace(&at, &better).expect(200);
        assert_eq!(
            (edited.at("/state"), edited.at("/narrative")),
            (json!("returned"), better["narrative"].clone())
        );

        let _ = act(&officer, &at, "submission").expect(200);
        let agreed = act(&director, &at, "agreement").expect(200);
        assert_eq!(agreed.at("/agreement/signed_by"), "user:accountable_director of leicestershire");
        let published = act(&publisher, &at, "publication").expect(200);
        assert_eq!(published.at("/state"), "published");
        assert_eq!(published.at("/publication/signed_by"), "user:performance_officer of leicestershire");

        let history = waymark.reader().get(&format!("{at}/history")).expect(200).at("/items");
        let states: Vec<&Value> = history.as_array().unwrap().iter().map(|item| &item["state"]).collect();
        assert_eq!(
            states,
            ["published", "agreed", "submitted", "returned", "returned", "submitted", "draft"]
        );
        // What was frozen first stays readable, although the account was returned.
        assert_eq!(history[5]["ratings"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn publication_freezes() {
    on_both(|waymark| {
        plan(waymark);
        let at = path("HW-1d", QUARTER);
        let _ = create(&officer(waymark), &new("HW-1d", QUARTER, content())).expect(201);
        let _ = act(&officer(waymark), &at, "submission").expect(200);
        let _ = act(&director(waymark), &at, "agreement").expect(200);
        let published = act(&waymark.officer(), &at, "publication").expect(200);
        let wrong = |answer: waymark_tests::Answer| {
            answer.problem(409, "wrong-state").has_faults(&[("", "wrong_state")])
        };
        wrong(officer(waymark).replace(&at, &content()));
        wrong(act(&officer(waymark), &at, "submission"));
        wrong(act(&director(waymark), &at, "agreement"));
        wrong(act(&director(waymark), &at, "return"));
        wrong(act(&waymark.officer(), &at, "publication"));
        let now = waymark.officer().get(&at).expect(200);
        assert_eq!(now.json(), published.json());
        // It does not change any more, so it is not sent again.
        let again = waymark.officer().request("GET", &at).header("if-none-match", &published.etag()).send();
        let _ = again.expect(304);
    });
}

#[test]
fn each_step_has_its_role_and_its_state() {
    on_both(|waymark| {
        plan(waymark);
        let at = path("HW-1d", QUARTER);
        let _ = create(&director(waymark), &new("HW-1d", QUARTER, content())).problem(403, "forbidden");
        let _ = create(&officer(waymark), &new("HW-1d", QUARTER, content())).expect(201);
        let _ = act(&director(waymark), &at, "submission").problem(403, "forbidden");
        let _ = act(&director(waymark), &at, "agreement").problem(409, "wrong-state");
        let _ = act(&director(waymark), &at, "return").problem(409, "wrong-state");
        let _ = act(&waymark.officer(), &at, "publication").problem(409, "wrong-state");
        let both = waymark.with(&[("accountable_director", OWN), ("accountable_officer", OWN)]);
        let _ = act(&both, &at, "submission").expect(200);
        act(&both, &at, "agreement").problem(403, "forbidden").has_faults(&[("", "submitter_agrees")]);
        act(&both, &at, "return").problem(403, "forbidden").has_faults(&[("", "submitter_agrees")]);
        let _ = act(&officer(waymark), &at, "agreement").problem(403, "forbidden");
        let _ = act(&director(waymark), &at, "agreement").expect(200);
        let _ = act(&director(waymark), &at, "publication").problem(403, "forbidden");
        // What is agreed is not written on.
        let _ = officer(waymark).replace(&at, &content()).problem(409, "wrong-state");
    });
}

#[test]
fn what_is_submitted_has_a_status_and_a_direction() {
    on_both(|waymark| {
        plan(waymark);
        let at = path("HW-1d", QUARTER);
        let mut body = new("HW-1d", QUARTER, content());
        body["status"] = Value::Null;
        let _ = create(&officer(waymark), &body).expect(201);
        act(&officer(waymark), &at, "submission")
            .problem(409, "wrong-state")
            .has_faults(&[("", "incomplete")]);
        assert_eq!(waymark.reader().get(&at).at("/state"), "draft");
    });
}

#[test]
fn a_step_is_taken_from_what_was_read() {
    on_both(|waymark| {
        plan(waymark);
        let at = path("HW-1d", QUARTER);
        let draft = create(&officer(waymark), &new("HW-1d", QUARTER, content())).expect(201);
        let _ = officer(waymark).replace(&at, &content()).expect(200);
        let _ = officer(waymark).put(&at, &draft.etag(), &content()).problem(412, "precondition-failed");
        for step in ["submission", "next"] {
            let _ = act_on(&officer(waymark), &at, &draft.etag(), step).problem(412, "precondition-failed");
            let without = officer(waymark).request("POST", &format!("{at}/{step}")).send();
            let _ = without.problem(428, "precondition-required");
        }
        let given = act(&officer(waymark), &at, "submission").expect(200);
        let _ = act_on(&officer(waymark), &at, &given.etag(), "submission").problem(409, "wrong-state");
        let _ =
            act_on(&director(waymark), &at, &draft.etag(), "agreement").problem(412, "precondition-failed");
        let _ = create(&officer(waymark), &new("HW-1d", QUARTER, content())).problem(409, "conflict");
    });
}

#[test]
fn of_two_directors_one_decides() {
    on_both(|waymark| {
        plan(waymark);
        let at = path("HW-1d", QUARTER);
        let _ = create(&officer(waymark), &new("HW-1d", QUARTER, content())).expect(201);
        let etag = act(&officer(waymark), &at, "submission").expect(200).etag();
        let replica = waymark.replica();
        let second = replica.with(&[("reader", OWN), ("accountable_director", OWN)]);
        let (first, at, etag) = (director(waymark), &at, &etag);
        let answers = thread::scope(|scope| {
            let agreeing = scope.spawn(move || act_on(&first, at, etag, "agreement").status);
            let returning = scope.spawn(move || act_on(&second, at, etag, "return").status);
            [agreeing.join().unwrap(), returning.join().unwrap()]
        });
        let mut sorted = answers;
        sorted.sort_unstable();
        assert_eq!(sorted[0], 200, "{answers:?}");
        assert!(matches!(sorted[1], 409 | 412), "{answers:?}");
        let state = if answers[0] == 200 { "agreed" } else { "returned" };
        for service in [waymark, &replica] {
            assert_eq!(service.reader().get(at).at("/state"), state);
        }
    });
}

#[test]
fn the_next_quarter_begins_with_what_remains_to_be_done() {
    on_both(|waymark| {
        plan(waymark);
        let at = path("HW-1d", QUARTER);
        let _ = create(&officer(waymark), &new("HW-1d", QUARTER, content())).expect(201);
        let _ = act(&officer(waymark), &at, "submission").expect(200);
        let next = act(&officer(waymark), &at, "next").expect(201);
        assert_eq!(next.header("location"), Some(&*path("HW-1d", "FY2009-10-Q4")));
        assert_eq!((next.at("/quarter"), next.at("/state")), (json!("FY2009-10-Q4"), json!("draft")));
        assert_eq!((next.at("/status"), next.at("/direction")), (Value::Null, Value::Null));
        assert_eq!(
            (next.at("/narrative"), next.at("/resources")),
            (content()["narrative"].clone(), json!("Two posts"))
        );
        assert_eq!(next.at("/risks/0/text"), "Funding ends");
        let actions = next.at("/key_actions");
        let titles: Vec<&Value> = actions.as_array().unwrap().iter().map(|action| &action["title"]).collect();
        assert_eq!(titles, ["Open clinics"]);
        // The ratings are those of its own quarter, and not frozen.
        assert_eq!(
            (next.at("/ratings_frozen"), next.at("/ratings_as_at")),
            (json!(false), json!("2010-03-31"))
        );
        let _ = act(&officer(waymark), &at, "next").problem(409, "conflict");
        let _ = act(&director(waymark), &at, "next").problem(403, "forbidden");
        // The plan ends with the fourth quarter of 2010/11.
        let last = path("LN-1d", "FY2010-11-Q4");
        let _ = create(&officer(waymark), &new("LN-1d", "FY2010-11-Q4", content())).expect(201);
        act(&officer(waymark), &last, "next").problem(422, "invalid-body").has_faults(&[("", "after_plan")]);
    });
}
