//! A framework to work on: the plan of the worked examples of DOMAIN.md, from the sources.

use serde_json::{Value, json};
use waymark_tests::{Answer, Caller, OWN, Waymark};

/// The plan of [`plan`], in the organisation that the tests' callers belong to.
pub(crate) const PLAN: &str = "/v1/organisations/leicestershire/plans/cypp";

/// The date of the position in the worked examples.
pub(crate) const MARCH: &str = "2010-03-31";

/// The eight worked examples of DOMAIN.md as a table that is imported whole.
pub(crate) const EXAMPLES: &str = "\
theme,indicator,code,unit,polarity,baseline,target,result
Be healthy,Teenage conceptions,conceptions,percent,lower_is_better,-22.80%,-50%,-12.9%
Stay safe,Core assessments within 35 days,assessments,percent,higher_is_better,90.1% (Dec 07),90%,82.4% (Dec 09)
Stay safe,Second child protection plan,second-plan,percent,within_range,7.80%,10% - 15%,13.4%
Be healthy,Take up of school lunches,lunches,percent,higher_is_better,26%,33%,29%
Stay safe,Same placement for two and a half years,placement,percent,higher_is_better,56.9%,70.0%,73.1% (Dec 09)
Achieve economic well-being,Participation at 17,participation,percent,higher_is_better,77%,86%,77%
Stay safe,Young runaways,runaways,count,lower_is_better,12,To be set,12
Achieve economic well-being,Young people in poverty,poverty,percent,lower_is_better,,To be set once baseline available,----
";

/// What is said of the plan.
pub(crate) fn plan_content() -> Value {
    json!({
        "title": "Children and Young People's Plan", "start": "2008-04-01", "end": "2011-03-31",
        "themes": [{"code": "healthy", "title": "Be healthy"}, {"code": "safe", "title": "Stay safe"}],
        "priorities": [{"code": "HW-1d", "theme": "healthy", "title": "Healthy weight", "cross_references": ["CYPP 7"]}],
        "scheme_code": "baseline_to_target", "reporting_cycle": "half_yearly",
    })
}

/// Something said of a thing, with its code: the body that creates it.
pub(crate) fn new(code: &str, mut content: Value) -> Value {
    content["code"] = code.into();
    content
}

/// Makes the plan in an organisation.
pub(crate) fn plan(waymark: &Waymark, organisation: &str) {
    let officer = waymark.with(&[("performance_officer", organisation)]);
    let made = officer.post(&format!("/v1/organisations/{organisation}/plans"), &new("cypp", plan_content()));
    let _ = made.expect(201);
}

/// Imports a table into the plan; `query` is what stands behind the date.
pub(crate) fn import(caller: &Caller, query: &str, table: &str) -> Answer {
    caller.request("POST", &format!("{PLAN}/imports?as_at={MARCH}{query}")).body("text/csv", table).send()
}

/// The plan with the eight worked examples in it.
pub(crate) fn examples(waymark: &Waymark) {
    plan(waymark, OWN);
    let _ = import(&waymark.officer(), "", EXAMPLES).expect(200);
}

/// Makes an indicator of the organisation's own: a percentage with one decimal place, of which higher is better,
/// with these fields besides or instead.
pub(crate) fn indicator(waymark: &Waymark, code: &str, fields: Value) {
    let mut content = json!({
        "title": format!("Indicator {code}"), "unit": "percent", "precision": 1, "polarity": "higher_is_better",
    });
    overlay(&mut content, fields);
    let made = waymark.officer().post(&format!("/v1/organisations/{OWN}/indicators"), &new(code, content));
    let _ = made.expect(201);
}

/// The body that makes a measure of an indicator under the theme `healthy`, with one line.
pub(crate) fn new_measure(indicator: &str, line: Value) -> Value {
    json!({"code": indicator, "indicator": {"code": indicator}, "theme": "healthy", "lines": [line]})
}

/// Makes a measure of an indicator under the theme `healthy`, with these lines.
pub(crate) fn measure(waymark: &Waymark, indicator: &str, lines: Value) {
    let mut body = new_measure(indicator, json!({}));
    body["lines"] = lines;
    let _ = waymark.officer().post(&format!("{PLAN}/measures"), &body).expect(201);
}

/// What was read of a thing, as it is sent back to replace it.
pub(crate) fn content_of(read: &Answer, fixed: &[&str]) -> Value {
    let mut content = read.json();
    for field in fixed.iter().chain(&["code", "revision", "recorded_at", "departures"]) {
        content.as_object_mut().unwrap().remove(*field);
    }
    content
}

fn overlay(content: &mut Value, fields: Value) {
    for (field, value) in fields.as_object().unwrap() {
        content[field] = value.clone();
    }
}
