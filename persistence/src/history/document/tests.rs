//! Documents in the format in which they are stored today, written by hand: each is read, and stored again byte by byte.

use serde::Serialize;
use serde::de::DeserializeOwned;
use waymark_domain::commitment::{Commitment, State};
use waymark_domain::deletion::{Deletion, Outcome};
use waymark_domain::indicator::{Frequency, Indicator};
use waymark_domain::judgement::{Judgement, JudgementKind};
use waymark_domain::measure::{Composite, Measure};
use waymark_domain::notice::{Effect, Notice};
use waymark_domain::organisation::Organisation;
use waymark_domain::plan::Plan;
use waymark_domain::quality::QualityCheck;
use waymark_domain::rating::{Colour, NoRating, Rating};
use waymark_domain::scheme::{Amber, Tolerance};
use waymark_domain::target::{Baseline, Condition, Target};
use waymark_domain::target_setting::{self, TargetProposal};
use waymark_domain::tracker::{Progress, Tracker};
use waymark_domain::trajectory::{Step, Trajectory};

use super::{JudgementDocument, Stored};
use crate::history::noun::Noun;

/// What a document says; asserts that the value is stored as the same text.
fn read<T, D: Stored<T> + Serialize + DeserializeOwned>(document: &[&str]) -> T {
    let text = document.concat();
    let value = serde_json::from_str::<D>(&text).unwrap().restore();
    assert_eq!(serde_json::to_string(&D::store(&value)).unwrap(), text);
    value
}

fn noun<T: Noun>(document: &[&str]) -> T {
    read::<T, T::Document>(document)
}

const DECISION: &str =
    r#"{"body":"Executive","meeting":"2009-12-01","minute":"12","note":null,"recorded_by":"Clerk"}"#;

#[test]
fn a_stored_organisation_is_read() {
    let organisation: Organisation = noun(&[
        r#"{"title":"Leicestershire","small_count_threshold":5,"#,
        r#""peer_group":{"title":"Shires","members":["rutland","kent"]}}"#,
    ]);
    assert_eq!(organisation.peer_group.unwrap().members.len(), 2);
}

#[test]
fn a_stored_indicator_is_read() {
    let indicator: Indicator = noun(&[
        r#"{"title":"School lunches","unit":"percent","precision":1,"polarity":"higher_is_better","#,
        r#""frequency":"half_yearly","lag_days":42,"static_threshold":"0.50","source":"Census","#,
        r#""references":["NI 52"],"versions":[{"number":1,"from":null,"note":null},"#,
        r#"{"number":2,"from":"2009-04-01","note":"New count"}],"components":["Dose 1"],"#,
        r#""dimensions":[{"code":"district","title":"District","categories":["Blaby"]}]}"#,
    ]);
    assert_eq!((indicator.frequency, indicator.versions.len()), (Some(Frequency::HalfYearly), 2));
}

#[test]
fn a_stored_plan_is_read() {
    let before_rules = [
        r#"{"title":"Plan","span":"2008-04-01/2011-03-31","themes":[{"code":"BH","title":"Health"}],"#,
        r#""priorities":[{"code":"BH-1","theme":"BH","title":"Food","cross_references":["LAA 7"]}],"#,
        r#""scheme":{"code":"own","title":"Own","basis":"period_target","#,
        r#""green_within":{"relative":"5"},"end_target_is_green":true,"#,
        r#""amber":{"within":{"absolute":"2.5"}}},"reporting_cycle":"quarterly""#,
    ];
    let rules = [
        r#","exception_rules":[{"status":"red","directions":[]},"#,
        r#"{"status":"amber","directions":["static","deteriorating"]}]}"#,
    ];
    let plan: Plan = noun(&[&before_rules[..], &rules[..]].concat());
    assert_eq!(plan.scheme.amber, Amber::Within(Tolerance::Absolute("2.5".parse().unwrap())));
    // Those are the rules that ship, which a plan without any has.
    let text = before_rules.concat() + "}";
    let older: Plan = serde_json::from_str::<<Plan as Noun>::Document>(&text).unwrap().restore();
    assert_eq!(older, plan);
}

#[test]
fn a_stored_measure_is_read() {
    let measure: Measure = noun(&[
        r#"{"theme":"BH","priority":null,"breakdown":"district=Blaby","lead":"Head","contact":null,"#,
        r#""lines":[{"component":"Dose 1","baseline":{"known":{"value":{"ratio":{"numerator":"2","#,
        r#""denominator":"15"}},"period":"AY2006-07","definition_version":2,"note":null}},"#,
        r#""target":{"set":{"period":"FY2010-11","condition":{"between":{"low":{"number":"10"},"#,
        r#""high":{"number":"15.0"}}},"state":"agreed","note":null,"review_on":"2010-06-30","#,
        r#""origin":{"scope":"local","agreed_on":"2009-12-01","body":"Executive","minute":"12","#,
        r#""rationale":"Peers do it","proposal":"01234567-89ab-7def-8123-456789abcdef","#,
        r#""definition_version":1}}},"trajectory":{"yearly_step":{"step":{"percent":"-1"},"until":null}}},"#,
        r#"{"component":null,"baseline":{"unread":{"text":"see note","reason":"no number"}},"#,
        r#""target":{"to_be_set":{"reason":"no baseline"}},"#,
        r#""trajectory":{"milestones":[{"period":"2009-03","value":{"number":"40"}}]}},"#,
        r#"{"component":null,"baseline":null,"target":{"set":{"period":null,"condition":"end_of_trajectory","#,
        r#""state":"tentative","note":null,"review_on":null,"origin":null}},"trajectory":"linear"}],"#,
        r#""composite":{"headline":"Dose 1"},"note":"Checked","departures":[{"from":"2010-01-01","#,
        r#""until":null,"category":{"superseded":{"by":"NI53"}},"reason":"Replaced","#,
        r#""proposal":"01234567-89ab-7def-8123-456789abcdef","decision":"#,
        DECISION,
        "}]}",
    ]);
    assert!(matches!(&measure.composite, Composite::Headline(part) if part.as_str() == "Dose 1"));
    let [first, second, third] = &measure.lines[..] else { panic!("three lines") };
    assert!(matches!(first.trajectory, Trajectory::YearlyStep { step: Step::Percent(_), until: None }));
    assert!(matches!(second.baseline, Some(Baseline::Unread { .. })));
    assert!(matches!(third.target, Some(Target::Set { condition: Condition::EndOfTrajectory, .. })));
}

#[test]
fn a_measure_from_before_there_were_deletions_and_proposals_is_read() {
    let text = concat!(
        r#"{"theme":"BH","priority":null,"breakdown":null,"lead":null,"contact":null,"lines":[{"component":null,"#,
        r#""baseline":null,"target":{"set":{"period":null,"condition":{"all_of":"287"},"state":"proposed","#,
        r#""note":null}},"trajectory":"linear"}],"composite":"worst","note":null}"#
    );
    let measure: Measure = serde_json::from_str::<<Measure as Noun>::Document>(text).unwrap().restore();
    assert!(measure.departures.is_empty());
    let target = measure.lines[0].target.as_ref();
    assert!(matches!(target, Some(Target::Set { review_on: None, origin: None, .. })), "{target:?}");
}

#[test]
fn a_stored_judgement_is_read() {
    let judgement = read::<Judgement, JudgementDocument>(&[
        r#"{"kind":"prediction","rating":"amber","reason":"Late counts","author":"Head","#,
        r#""from":"2010-03-31","until":null}"#,
    ]);
    assert_eq!((judgement.kind, judgement.rating), (JudgementKind::Prediction, Colour::Amber));
}

#[test]
fn a_stored_deletion_is_read() {
    let deletion: Deletion = noun(&[
        r#"{"measure":"NI52","grounds":{"category":"collected_too_rarely","reason":"Every five years","#,
        r#""as_written":"as above"},"proposed_on":"2009-11-20","proposed_by":"Head","rulings":["#,
        r#"{"outcome":"deferred","decision":"#,
        DECISION,
        r#","comment":"Next month"},{"outcome":{"agreed":{"from":"2010-01-01"}},"decision":"#,
        DECISION,
        r#","comment":null}],"withdrawn_on":null}"#,
    ]);
    let outcomes: Vec<Outcome> = deletion.rulings.iter().map(|ruling| ruling.outcome).collect();
    assert_eq!(outcomes, [Outcome::Deferred, Outcome::Agreed { from: "2010-01-01".parse().unwrap() }]);
}

#[test]
fn a_stored_target_proposal_is_read() {
    let proposal: TargetProposal = noun(&[
        r#"{"measure":"NI52","component":null,"terms":{"condition":{"at_least":{"number":"85"}},"#,
        r#""period":"FY2010-11","trajectory":"linear","rationale":"Peers","scope":"national","#,
        r#""review_on":null},"proposed_on":"2009-11-20","proposer":"Head","state":{"sent_back":{"decision":"#,
        DECISION,
        r#","comment":"Higher"}}}"#,
    ]);
    assert!(matches!(proposal.state, target_setting::State::SentBack { .. }));
}

#[test]
fn a_stored_tracker_is_read() {
    let tracker: Tracker = noun(&[
        r#"{"priority":"BH-1","quarter":"FY2009-10-Q3","narrative":"All went well.","aligned_measures":["NI52"],"#,
        r#""key_actions":[{"title":"Hire","owner":"Head","due":"2010-01-31","progress":null,"#,
        r#""status":"in_progress"}],"risks":[{"text":"Frost","likelihood":2,"impact":3,"mitigation":"Salt"}],"#,
        r#""resources":null,"status":"green","direction":"improving","progress":{"submitted":{"submission":"#,
        r#"{"signed":{"by":"Officer","on":"2010-01-10"},"as_at":"2009-12-31","ratings":[{"measure":"NI52","#,
        r#""title":"Lunches","rating":"no_data","computed":"red","explanation":"No result.","#,
        r#""withheld":null}]}}}}"#,
    ]);
    let Progress::Submitted(submission) = &tracker.progress else { panic!("{:?}", tracker.progress) };
    assert_eq!(submission.ratings[0].rating, Rating::None(NoRating::NoData));
    assert_eq!(submission.ratings[0].computed, Rating::Judged(Colour::Red));
}

#[test]
fn a_stored_commitment_is_read() {
    let promise = [
        r#"{"theme":"BH","text":"Build kitchens","responsible":"Head","deputies":["Deputy"],"measures":["NI52"],"#,
        r#""milestone":{"count":6,"what":"kitchens","by":"FY2010-11"},"reports":[{"period":"FY2009-10-H1","#,
        r#""status":"amber","qualifier":"slow","commentary":"Two of six","parts":{"green":2,"amber":1,"red":3}}],"#,
    ];
    let closed = [
        r#""closure":{"outcome":"not_kept","on":"2010-05-01","reason":"Money","by":"Clerk"},"reopening":null}"#,
    ];
    let commitment: Commitment = noun(&[&promise[..], &closed[..]].concat());
    assert!(matches!(commitment.state, State::Closed(_)));
    let reopened = [r#""closure":null,"reopening":{"on":"2010-06-01","reason":"Grant","by":"Clerk"}}"#];
    let commitment: Commitment = noun(&[&promise[..], &reopened[..]].concat());
    assert!(matches!(commitment.state, State::Open { reopening: Some(_) }));
}

#[test]
fn a_stored_notice_is_read() {
    let notice: Notice = noun(&[
        r#"{"title":"Notice","authority":"Ministry","issued_on":"2009-05-01","requirements":[{"code":"1a","#,
        r#""text":"Improve","measures":["NI52"],"priorities":["BH-1"]}],"conditions":[{"code":"c1","#,
        r#""measure":"NI52","component":null,"required":{"at_least":"85"},"period":"FY2009-10","#,
        r#""requirement":"1a","note":null}],"progress":[{"requirement":"1a","period":"2009-06","text":"Begun","#,
        r#""recorded_by":"Head","recorded_on":"2009-07-01"}],"rulings":[{"closed":"met","decision":"#,
        DECISION,
        r#"},{"closed":null,"decision":"#,
        DECISION,
        "}]}",
    ]);
    assert_eq!(notice.rulings[1].effect, Effect::Reinstated);
}

#[test]
fn a_stored_quality_check_is_read() {
    let check: QualityCheck = noun(&[
        r#"{"measure":"NI52","period":"FY2009-10","checklist":1,"answers":[{"question":"q1","answer":"not_met","#,
        r#""note":"No records"}],"score":40,"grade":"weak","note":null,"checked_by":"Auditor"}"#,
    ]);
    assert_eq!(check.graded.score, 40);
}

#[test]
fn a_field_that_the_document_does_not_have_is_rejected() {
    type Document = <Organisation as Noun>::Document;
    let text = r#"{"title":"Kent","small_count_threshold":5,"peer_group":null,"motto":"Invicta"}"#;
    assert!(serde_json::from_str::<Document>(text).is_err());
}
