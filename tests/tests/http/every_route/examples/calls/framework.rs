//! Organisations, indicators, plans and measures.

use serde_json::{Value, json};

use super::{ADMIN, MARCH, OFFICER, READER, Session};
use crate::framework::content_of;

/// The indicator and the measure that these calls make.
const MEALS: &str = "school-meals";
/// The plan that these calls make.
const NEXT: &str = "cypp-2011-2014";

pub(super) fn organisations(session: &mut Session<'_>) {
    let _ = session.call(ADMIN, "list_organisations").query("limit=2").make();
    let new = json!({"code": "rutland", "title": "Rutland", "small_count_threshold": 5});
    let _ = session.call(ADMIN, "create_organisation").json(new).make();
    let read = session.call(READER, "get_organisation").make();
    let content = json!({"title": "Leicestershire County Council", "small_count_threshold": 6});
    let _ = session.call(ADMIN, "replace_organisation").if_match(&read).json(content).make();
    let read = session.call(READER, "get_peer_group").make();
    let group = json!({"title": "Neighbours", "members": ["rutland", "warwickshire"]});
    let _ = session.call(ADMIN, "replace_peer_group").if_match(&read).json(group).make();
}

pub(super) fn indicators(session: &mut Session<'_>) {
    let _ = session.call(READER, "list_indicators").query("limit=2").make();
    let content = json!({
        "title": "Free school meals that are taken up", "unit": "percent", "precision": 1,
        "polarity": "higher_is_better", "frequency": "quarterly", "lag_days": 30,
        "source": "The caterers' returns",
    });
    let new = crate::framework::new(MEALS, content.clone());
    let _ = session.call(OFFICER, "create_indicator").json(new).make();
    let read = session.call(READER, "get_indicator").at("indicator", MEALS).make();
    let mut content = content;
    content["lag_days"] = json!(45);
    let replace = session.call(OFFICER, "replace_indicator").at("indicator", MEALS);
    let _ = replace.if_match(&read).json(content).make();
    let _ = session.call(READER, "list_indicator_revisions").at("indicator", MEALS).make();
}

pub(super) fn plans(session: &mut Session<'_>) {
    let _ = session.call(READER, "list_schemes").make();
    let _ = session.call(READER, "list_plans").query("limit=2").make();
    let new = json!({
        "code": NEXT, "title": "Children and Young People's Plan 2011 to 2014",
        "start": "2011-04-01", "end": "2014-03-31",
        "themes": [{"code": "be-healthy", "title": "Be healthy"}, {"code": "stay-safe", "title": "Stay safe"}],
        "priorities": [{"code": "HW-1", "theme": "be-healthy", "title": "Healthy weight"}],
        "scheme_code": "baseline_to_target", "reporting_cycle": "half_yearly",
    });
    let made = session.call(OFFICER, "create_plan").json(new.clone()).make();
    let _ = session.call(READER, "get_plan").make();
    let mut content = new;
    content.as_object_mut().unwrap().remove("code");
    content["reporting_cycle"] = json!("quarterly");
    let replace = session.call(OFFICER, "replace_plan").at("plan", NEXT);
    let _ = replace.if_match(&made).json(content).make();
    let _ = session.call(READER, "list_plan_revisions").at("plan", NEXT).make();
}

pub(super) fn measures(session: &mut Session<'_>) {
    let _ = session.call(READER, "list_measures").query("limit=2").make();
    let new = json!({
        "code": MEALS, "indicator": {"code": MEALS}, "theme": "be-healthy", "lead": "Head of catering",
        "lines": [{
            "baseline": {"period": "FY2007-08", "value": 61.5},
            "target": {"state": "agreed", "condition": "at_least", "value": 75},
            "trajectory": {"kind": "linear"},
        }],
    });
    let _ = session.call(OFFICER, "create_measure").json(new).make();
    let read = session.call(READER, "get_measure").at("measure", MEALS).make();
    let mut content = content_of(&read, &["indicator", "polarity"]);
    content["contact"] = json!("Catering analyst");
    let replace = session.call(OFFICER, "replace_measure").at("measure", MEALS);
    let _ = replace.if_match(&read).json(content).make();
    let _ = session.call(READER, "list_measure_revisions").at("measure", MEALS).make();
    let judgement = json!({
        "kind": "override", "rating": "amber", "reason": "Two of the seven districts have not reported.",
        "from": MARCH, "until": "2010-06-30",
    });
    let _ = session.call(OFFICER, "create_judgement").at("measure", "NI52").json(judgement).make();
    let _ = session.call(READER, "list_judgements").at("measure", "NI52").make();
}

/// A table of two measures for the plan that [`plans`] made.
pub(super) fn import(session: &mut Session<'_>) {
    let table = "theme,indicator,code,unit,polarity,baseline,target,result\n\
        Be healthy,Schools with a travel plan,travel-plans,percent,higher_is_better,40%,80%,55%\n\
        Stay safe,Young runaways,runaways,count,lower_is_better,12,To be set,12\n";
    let import = session.call(OFFICER, "import_table").at("plan", NEXT);
    let imported = import.query("as_at=2012-03-31").text("text/csv", table).make();
    assert_ne!(imported.at("/submission"), Value::Null);
}
