//! The nine deletions of the half-year report of September 2009: proposed with their reasons, agreed by the Executive.
//! Their indicators are no longer in the table of March 2010, so they are made here, without results.

use serde_json::{Value, json};
use waymark_domain::access::Role;
use waymark_domain::code::Code;
use waymark_domain::deletion::Deletion;
use waymark_domain::indicator::Indicator;
use waymark_domain::measure::{Composite, Line, Measure};
use waymark_domain::text::{Name, Title};
use waymark_domain::value::Unit;
use waymark_domain::workflow::Actor;
use waymark_persistence::measure::Place;
use waymark_persistence::{Change, Connection, indicator, measure};

use crate::http::problem::Problem;
use crate::resources::deletions::{NewDeletionDecisions, NewDeletions};
use crate::workflow::bulk;
use crate::workflow::scope::PlanScope;
use crate::workflow::write::Step;

/// The day of the position that was reported on.
const EFFECT: &str = "2009-09-30";
/// The day on which the report came before the Executive, which decided on it.
const MEETING: &str = "2009-11-27";

/// An indicator that left: its code, its title, its theme, its unit, and its category and reason. A reason "as above"
/// needs no category.
type Deleted = (&'static str, &'static str, &'static str, Unit, Option<&'static str>, &'static str);

const NINE: [Deleted; 9] = [
    (
        "decayed-teeth",
        "No. of decayed, missing or filled teeth",
        "be-healthy",
        Unit::Number,
        Some("collected_too_rarely"),
        "There are figures only once in four years.",
    ),
    (
        "camhs-waiting",
        "% waiting time for CAMHS services under 4 / 26 weeks",
        "be-healthy",
        Unit::Percent,
        Some("no_longer_collected"),
        "The board for these services now counts other lengths of waiting, so these two are not to be had.",
    ),
    (
        "ks3-level-5-english-maths",
        "Achievement at level 5 or above in both English and Maths at Key Stage 3 (Threshold)",
        "enjoy-and-achieve",
        Unit::Percent,
        Some("no_longer_collected"),
        "Pupils no longer sit tests at the end of Key Stage 3.",
    ),
    (
        "ks3-level-5-science",
        "Achievement at level 5 or above in Science at Key Stage 3",
        "enjoy-and-achieve",
        Unit::Percent,
        None,
        "as above",
    ),
    (
        "ks2-3-progress-english",
        "Progression by 2 levels in English between Key Stage 2 and Key Stage 3",
        "enjoy-and-achieve",
        Unit::Percent,
        None,
        "as above",
    ),
    (
        "ks2-3-progress-maths",
        "Progression by 2 levels in Maths between Key Stage 2 and Key Stage 3",
        "enjoy-and-achieve",
        Unit::Percent,
        None,
        "as above",
    ),
    (
        "ks3-4-progress-english",
        "Progression by 2 levels in English between Key Stage 3 and Key Stage 4",
        "enjoy-and-achieve",
        Unit::Percent,
        None,
        "as above",
    ),
    (
        "ks3-4-progress-maths",
        "Progression by 2 levels in Maths between Key Stage 3 and Key Stage 4",
        "enjoy-and-achieve",
        Unit::Percent,
        None,
        "as above",
    ),
    (
        "homeless-16-17",
        "Numbers of 16/17 year olds presenting as homeless",
        "achieve-economic-well-being",
        Unit::Count,
        Some("no_longer_relevant"),
        "Young people without a home are supported in a new way, and this number no longer shows whether that works.",
    ),
];

/// Makes the measures, proposes that they leave, and records what was decided.
pub(super) fn make(
    connection: &mut Connection,
    codes: &(Code, Code),
    change: &Change,
) -> Result<(), Problem> {
    let at = PlanScope::hold(connection, codes)?;
    for (code, title, theme, unit, ..) in NINE {
        let code = Code::new(code).map_err(Problem::internal)?;
        let organisation = at.organisation.versioned.id;
        let content = Indicator::new(Title::new(title).map_err(Problem::internal)?, unit, 1);
        let made = indicator::create(connection, organisation, &code, &content, change)?;
        let place = Place { organisation, plan: at.plan.versioned.id, indicator: made.versioned.id };
        measure::create(connection, place, &code, &measure_under(theme)?, change)?;
    }
    let officer = actor("Performance officer (demonstration)", Role::PerformanceOfficer)?;
    let proposals: NewDeletions = body(json!({"proposed_on": MEETING, "proposals": proposals()}))?;
    let mut step = Step { connection: &mut *connection, scope: &at, actor: &officer, change };
    let filed = bulk::propose::<Deletion>(&mut step, proposals.read())?;
    let agreed: Vec<Value> = filed
        .iter()
        .map(|filed| {
            let (id, revision) = (filed.versioned.id, filed.versioned.revision);
            json!({"deletion": id, "revision": revision, "outcome": "agreed", "effective_from": EFFECT})
        })
        .collect();
    let decisions: NewDeletionDecisions = body(json!({
        "body": "Children and Young People's Service Executive", "decided_on": MEETING,
        "minute": "CYPSE 2009-11-27, 2b (demonstration)", "decisions": agreed,
    }))?;
    let clerk = actor("Clerk to the Executive (demonstration)", Role::BoardClerk)?;
    let mut step = Step { connection, scope: &at, actor: &clerk, change };
    bulk::decide::<Deletion>(&mut step, decisions.read(&clerk)).map(drop)
}

fn proposals() -> Value {
    let proposal = |(measure, _, _, _, category, reason): Deleted| json!({"measure": measure, "category": category, "reason": reason});
    NINE.into_iter().map(proposal).collect()
}

/// As the handlers read it.
fn body<T: serde::de::DeserializeOwned>(content: Value) -> Result<T, Problem> {
    serde_json::from_value(content).map_err(Problem::internal)
}

fn actor(name: &str, role: Role) -> Result<Actor, Problem> {
    Ok(Actor { name: Name::new(name).map_err(Problem::internal)?, roles: vec![role] })
}

fn measure_under(theme: &str) -> Result<Measure, Problem> {
    Ok(Measure {
        theme: Code::new(theme).map_err(Problem::internal)?,
        priority: None,
        breakdown: None,
        lead: None,
        contact: None,
        lines: vec![Line::default()],
        composite: Composite::Worst,
        note: None,
        departures: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::secret;
    use crate::cli::demo::{ORGANISATION, PLAN, prepare};
    use crate::settings::{DatabaseSettings, TokenSettings};
    use waymark_domain::deletion::State;
    use waymark_persistence::measure::measures_of_plan;
    use waymark_persistence::{Store, plan_item};

    #[test]
    fn the_demonstration_replays_the_nine_deletions() {
        let directory = tempfile::TempDir::new().unwrap();
        let database_url = format!("sqlite:{}", directory.path().join("demo.db").display());
        let database = DatabaseSettings { database_url: database_url.clone(), database_pool: 2 };
        let tokens = TokenSettings::own(secret::generate().parse().unwrap());
        prepare(&database, &tokens).unwrap();
        let codes = (Code::new(ORGANISATION).unwrap(), Code::new(PLAN).unwrap());
        let read = |connection: &mut Connection| {
            let at = PlanScope::find(connection, &codes, None)?;
            let deletions = plan_item::all::<Deletion>(connection, at.place(), None)?;
            let measures = measures_of_plan(connection, at.plan.versioned.id, None)?;
            Ok::<_, Problem>((deletions, measures))
        };
        let (deletions, measures) = Store::open(&database_url, 1).unwrap().read(read).unwrap();
        let written = deletions.iter().filter(|filed| filed.versioned.content.grounds.as_written.is_some());
        assert_eq!((deletions.len(), written.count()), (9, 5));
        assert!(deletions.iter().all(|filed| filed.versioned.content.state() == State::Agreed));
        let gone_on = |day: &str| {
            let day = day.parse().unwrap();
            measures.iter().filter(|of| of.measure.versioned.content.has_left(day)).count()
        };
        assert_eq!((gone_on("2009-09-29"), gone_on(EFFECT)), (0, 9));
    }
}
