//! Action trackers as plan items: how they are shown, drafted and edited.

use std::collections::HashSet;

use waymark_domain::code::Code;
use waymark_domain::tracker::{Content, Quarter, Tracker};
use waymark_domain::workflow::{Concern, Input};
use waymark_persistence::{Connection, measure};

use super::ratings::Ratings;
use super::schema;
use crate::http::problem::{Fault, Kind, MAX_FAULTS, Problem};
use crate::workflow::item::{Item, Shown, Viewer};
use crate::workflow::scope::PlanScope;
use crate::workflow::write::Step;
use crate::workflow::{Failure, Pointers};

/// The inputs of a new tracker.
pub(super) const NEW: Pointers = Pointers(&[(Input::Priority, "/priority"), (Input::Period, "/quarter")]);

impl Item for Tracker {
    const NAME: &'static str = "tracker";
    const COLLECTION: &'static str = "trackers";
    type View = schema::Tracker;
    type Context = Ratings;

    fn context(_: &mut Connection, scope: &PlanScope, viewer: &Viewer) -> Result<Ratings, Problem> {
        Ok(Ratings::of(scope, viewer.today, viewer.known_at))
    }

    /// With the current ratings if none are frozen into it. An earlier revision has no current ratings.
    fn view(
        ratings: &mut Ratings,
        connection: &mut Connection,
        shown: &Shown<'_, Self>,
    ) -> Result<Self::View, Problem> {
        let tracker = &shown.revision.content;
        let current = match tracker.submission() {
            None if !shown.in_history => Some(ratings.current(connection, tracker)?),
            None | Some(_) => None,
        };
        Ok(schema::Tracker::of(shown, current.as_ref()))
    }

    fn path(key: &str) -> String {
        format!("trackers/{}", key.replace(' ', "/"))
    }

    /// Ratings that are not frozen change without a new revision.
    fn is_settled(view: &Self::View) -> bool {
        view.is_frozen()
    }
}

/// The key of a tracker among those of its plan.
pub(crate) fn key(priority: &Code, quarter: Quarter) -> String {
    format!("{priority} {quarter}")
}

/// A new draft with its key.
pub(super) fn draft(
    step: &mut Step<'_>,
    (priority, quarter): (Code, Quarter),
    content: Content,
) -> Result<(String, Tracker), Failure> {
    let mut faults = unknown_measures(step, &content)?;
    let key = key(&priority, quarter);
    let plan = &step.scope.plan.versioned.content;
    let drafted = Tracker::draft((priority, quarter), content, step.actor, plan, step.today());
    if let Err(refusal) = &drafted
        && let Concern::Content(input) = refusal.concern()
    {
        faults.push(Fault::at(NEW.of(input), refusal.rule(), refusal));
    }
    none_of(faults)?;
    Ok((key, drafted?))
}

/// The tracker with another content.
pub(super) fn edit(step: &mut Step<'_>, tracker: &Tracker, content: Content) -> Result<Tracker, Failure> {
    none_of(unknown_measures(step, &content)?)?;
    Ok(tracker.edit(content, step.actor)?)
}

/// The aligned measures that the plan does not have.
fn unknown_measures(step: &mut Step<'_>, content: &Content) -> Result<Vec<Fault>, Problem> {
    let measures = measure::list(step.connection, step.scope.plan.versioned.id, None, i64::MAX, None)?;
    let known: HashSet<&Code> = measures.iter().map(|measure| &measure.code).collect();
    let aligned = content.aligned_measures.iter().enumerate();
    let unknown = aligned.filter(|(_, code)| !known.contains(code)).map(|(place, code)| {
        let detail = format!("the plan has no measure {code}");
        Fault::at(format!("/aligned_measures/{place}"), "unknown_measure", detail)
    });
    Ok(unknown.take(MAX_FAULTS).collect())
}

/// 422 if there are faults.
fn none_of(faults: Vec<Fault>) -> Result<(), Problem> {
    if faults.is_empty() { Ok(()) } else { Err(Problem::new(Kind::InvalidBody).faults(faults)) }
}
