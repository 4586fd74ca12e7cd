//! Action trackers: a priority's account for one quarter. The handlers that read and write them; what is decided on
//! them is in `actions`, what is read from many of them in `overview`.

mod actions;
mod markdown;
mod overview;
mod query;
mod ratings;
mod schema;

pub(crate) use actions::*;
pub(crate) use overview::*;

use std::collections::HashSet;

use actix_web::{get, post, put, web::Data};
use chrono::NaiveDate;
use waymark_domain::access::Action;
use waymark_domain::code::Code;
use waymark_domain::tracker::{AlignedRating, Content, Quarter, Tracker};
use waymark_domain::workflow::{Concern, Refusal};
use waymark_persistence::plan_item::{self, Filed};
use waymark_persistence::{Connection, measure};

use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::etag::{Conditions, ETag};
use crate::http::idempotency::Retry;
use crate::http::list_query::{HistoryQuery, KnownQuery, Moment};
use crate::http::params::{NoQuery, Path, Query};
use crate::http::problem::{Fault, Kind, MAX_FAULTS, Problem};
use crate::http::response::Response;
use crate::reporting::status::PlanPath;
use crate::state::{AppState, now};
use crate::workflow::refused;
use crate::workflow::scope::PlanScope;
use query::{TrackerPath, TrackersQuery};
use ratings::Ratings;
pub(crate) use schema::Quarter as TrackerQuarter;
use schema::{NewTracker, TrackerContent, TrackerPage, TrackerRevisions, Viewer};

/// Lists the action trackers of a plan, in the order of their priorities' codes and of their quarters.
///
/// Everybody in the council sees all of them, drafts too; what is still being written shows the ratings of its
/// aligned measures as they stand.
#[utoipa::path(
    tag = "trackers", operation_id = "list_trackers",
    params(PlanPath, TrackersQuery),
    responses((status = 200, description = "A page of trackers", body = TrackerPage))
)]
#[get("/organisations/{organisation}/plans/{plan}/trackers")]
pub(crate) async fn list_trackers(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<PlanPath>,
    Query(query): Query<TrackersQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let codes = path.codes();
    caller.require(Action::ReadResults, &codes.0)?;
    let viewer = viewer(&caller, &codes.0)?;
    let (page, filter, known_at) = query.read(&address(&codes))?;
    let after = page.after.as_ref().and_then(|parts| parts.first()).cloned();
    let page = service
        .read(move |connection| {
            let found = PlanScope::find(connection, &codes, known_at)?;
            let mut filed: Vec<Filed<Tracker>> = plan_item::all(connection, found.place(), known_at)?;
            filed.retain(|filed| filter.fits(&filed.versioned.content));
            filed.retain(|filed| after.as_ref().is_none_or(|after| filed.key > *after));
            filed.sort_by(|a, b| a.key.cmp(&b.key));
            let mut ratings = Ratings::of(&found, viewer.today, known_at);
            let mut items = Vec::new();
            for tracker in filed {
                let told = ratings.told(connection, &tracker, &viewer)?;
                if filter.differs.is_none_or(|differs| differs == told.differs()) {
                    items.push((tracker.key, told));
                }
                if items.len() > usize::from(page.limit) {
                    break;
                }
            }
            let next = page.cut(&mut items, |(key, _)| vec![key.clone()]);
            Ok(TrackerPage { items: items.into_iter().map(|(_, told)| told).collect(), next })
        })
        .await?;
    Ok(Response::ok(&page)?.unless_known(&conditions))
}

/// Begins an action tracker, as a draft.
///
/// Needs the role `accountable_officer`. There is one for a priority and a quarter. The quarter has begun, and at least
/// part of it lies within the plan.
#[utoipa::path(
    tag = "trackers", operation_id = "create_tracker",
    params(PlanPath), request_body = NewTracker,
    responses((status = 201, description = "The tracker", body = schema::Tracker))
)]
#[post("/organisations/{organisation}/plans/{plan}/trackers")]
pub(crate) async fn create_tracker(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<PlanPath>,
    retry: Retry,
    body: Body,
) -> Result<Response, Problem> {
    let codes = path.codes();
    caller.require(Action::DraftTrackers, &codes.0)?;
    let viewer = viewer(&caller, &codes.0)?;
    let (place, content) = body.json::<NewTracker>()?.read()?;
    retry
        .once(&service, &caller, &body, move |connection, change| {
            let found = PlanScope::hold(connection, &codes)?;
            let today = change.at.date_naive();
            let mut faults = unknown_measures(connection, &found, &content)?;
            let plan = &found.plan.versioned.content;
            let drafted = Tracker::draft(place, content, &viewer.actor, plan, today);
            faults.extend(drafted.as_ref().err().and_then(misplaced));
            let draft = none_of(faults).and(drafted.map_err(|refusal| refused(&refusal, "")))?;
            created(connection, &codes, &found, &draft, &viewer, change)
        })
        .await
}

/// Gets an action tracker.
///
/// Until it is submitted it shows the ratings of its aligned measures as they stand; after that, as they stood then.
#[utoipa::path(
    tag = "trackers", operation_id = "get_tracker",
    params(TrackerPath, KnownQuery),
    responses((status = 200, description = "The tracker", body = schema::Tracker))
)]
#[get("/organisations/{organisation}/plans/{plan}/trackers/{priority}/{quarter}")]
pub(crate) async fn get_tracker(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<TrackerPath>,
    Query(query): Query<KnownQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (codes, place) = path.parts();
    caller.require(Action::ReadResults, &codes.0)?;
    let viewer = viewer(&caller, &codes.0)?;
    let known_at = query.moment()?;
    let (told, etag) = service
        .read(move |connection| {
            let found = PlanScope::find(connection, &codes, known_at)?;
            let filed = find(connection, &found, &place, known_at)?;
            let told = Ratings::of(&found, viewer.today, known_at).told(connection, &filed, &viewer)?;
            Ok((told, ETag::of(&filed.versioned)))
        })
        .await?;
    let answer = Response::ok(&told)?;
    // Ratings that are not frozen change without a new revision, so its tag does not say that they are the same.
    Ok(if told.is_frozen() { answer.revision_unless_known(&etag, &conditions) } else { answer.tagged(&etag) })
}

/// Replaces what an action tracker says, while it is a draft or after it was returned.
///
/// Needs the role `accountable_officer`.
#[utoipa::path(
    tag = "trackers", operation_id = "replace_tracker",
    params(TrackerPath), request_body = TrackerContent,
    responses((status = 200, description = "The tracker as it is now", body = schema::Tracker))
)]
#[put("/organisations/{organisation}/plans/{plan}/trackers/{priority}/{quarter}")]
pub(crate) async fn replace_tracker(
    service: Data<AppState>,
    _: NoQuery,
    caller: Caller,
    Path(path): Path<TrackerPath>,
    conditions: Conditions,
    body: Body,
) -> Result<Response, Problem> {
    let (codes, place) = path.parts();
    caller.require(Action::DraftTrackers, &codes.0)?;
    let viewer = viewer(&caller, &codes.0)?;
    let content = body.json::<TrackerContent>()?.read()?;
    let change = caller.change();
    service
        .write(move |connection| {
            let found = PlanScope::hold(connection, &codes)?;
            let filed = find(connection, &found, &place, None)?;
            conditions.must_match(&ETag::of(&filed.versioned))?;
            none_of(unknown_measures(connection, &found, &content)?)?;
            let edited = filed.versioned.content.edit(content, &viewer.actor);
            let edited = edited.map_err(|refusal| refused(&refusal, ""))?;
            let filed = plan_item::update(connection, &filed, &edited, &change)?;
            answer(connection, &found, &filed, &viewer)
        })
        .await
}

/// Gets the revisions of an action tracker, the newest first.
#[utoipa::path(
    tag = "trackers", operation_id = "list_tracker_revisions",
    params(TrackerPath, HistoryQuery),
    responses((status = 200, description = "A page of revisions", body = TrackerRevisions))
)]
#[get("/organisations/{organisation}/plans/{plan}/trackers/{priority}/{quarter}/history")]
pub(crate) async fn list_tracker_revisions(
    service: Data<AppState>,
    caller: Caller,
    Path(path): Path<TrackerPath>,
    Query(query): Query<HistoryQuery>,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let (codes, place) = path.parts();
    caller.require(Action::ReadResults, &codes.0)?;
    let viewer = viewer(&caller, &codes.0)?;
    let (page, before) = query.read(&format!("{}/{}/{}/history", address(&codes), place.0, place.1))?;
    let (mut revisions, page) = service
        .read(move |connection| {
            let found = PlanScope::find(connection, &codes, None)?;
            let id = find(connection, &found, &place, None)?.versioned.id;
            Ok((plan_item::history::<Tracker>(connection, id, before, page.rows())?, page))
        })
        .await?;
    let next = page.cut(&mut revisions, |revision| vec![revision.revision.to_string()]);
    let items = revisions.iter().map(|revision| schema::Tracker::of(revision, None, &viewer)).collect();
    Ok(Response::ok(&TrackerRevisions { items, next })?.unless_known(&conditions))
}

/// Where the trackers of a plan are.
fn address((organisation, plan): &(Code, Code)) -> String {
    format!("/v1/organisations/{organisation}/plans/{plan}/trackers")
}

fn viewer(caller: &Caller, organisation: &Code) -> Result<Viewer, Problem> {
    Ok(Viewer {
        actor: caller.actor(organisation)?,
        sees_small_counts: caller.may(Action::ReadSmallCounts, organisation),
        today: today(),
    })
}

fn today() -> NaiveDate {
    now().date_naive()
}

/// The key of a tracker among those of its plan.
pub(crate) fn key((priority, quarter): &(Code, Quarter)) -> String {
    format!("{priority} {quarter}")
}

/// The ratings of a tracker's aligned measures, as they stand at the end of its quarter or today.
pub(crate) fn ratings_on(
    connection: &mut Connection,
    found: &PlanScope,
    tracker: &Tracker,
    today: NaiveDate,
) -> Result<Vec<AlignedRating>, Problem> {
    Ok(Ratings::of(found, today, None).live(connection, tracker)?.ratings)
}

fn find(
    connection: &mut Connection,
    found: &PlanScope,
    place: &(Code, Quarter),
    known_at: Moment,
) -> Result<Filed<Tracker>, Problem> {
    found.item(connection, "tracker", &key(place), known_at)
}

/// Files a new draft, and tells it.
fn created(
    connection: &mut Connection,
    codes: &(Code, Code),
    found: &PlanScope,
    draft: &Tracker,
    viewer: &Viewer,
    change: &waymark_persistence::Change,
) -> Result<Response, Problem> {
    let place = (draft.priority.clone(), draft.quarter);
    let filed = plan_item::create(connection, found.place(), Some(&key(&place)), draft, change)?;
    let told = Ratings::of(found, viewer.today, None).told(connection, &filed, viewer)?;
    let location = format!("{}/{}/{}", address(codes), place.0, place.1);
    Ok(Response::created(location, &told)?.tagged(&ETag::of(&filed.versioned)))
}

/// A tracker after a change.
fn answer(
    connection: &mut Connection,
    found: &PlanScope,
    filed: &Filed<Tracker>,
    viewer: &Viewer,
) -> Result<Response, Problem> {
    let told = Ratings::of(found, viewer.today, None).told(connection, filed, viewer)?;
    Ok(Response::ok(&told)?.tagged(&ETag::of(&filed.versioned)))
}

/// The aligned measures that the plan does not have.
fn unknown_measures(
    connection: &mut Connection,
    found: &PlanScope,
    content: &Content,
) -> Result<Vec<Fault>, Problem> {
    let measures = measure::list(connection, found.plan.versioned.id, None, i64::MAX, None)?;
    let known: HashSet<&Code> = measures.iter().map(|measure| &measure.code).collect();
    let aligned = content.aligned_measures.iter().enumerate();
    let unknown = aligned.filter(|(_, code)| !known.contains(code)).map(|(place, code)| {
        let detail = format_args!("the plan has no measure {code}").to_string();
        Fault::at(format!("/aligned_measures/{place}"), "unknown_measure", detail)
    });
    Ok(unknown.take(MAX_FAULTS).collect())
}

/// The fault of a tracker that does not belong where it was put.
fn misplaced(refusal: &Refusal) -> Option<Fault> {
    let pointer = if matches!(refusal, Refusal::UnknownPriority(_)) { "/priority" } else { "/quarter" };
    (refusal.concern() == Concern::Content).then(|| Fault::at(pointer, refusal.rule(), refusal))
}

/// 422 where there are faults.
fn none_of(faults: Vec<Fault>) -> Result<(), Problem> {
    if faults.is_empty() { Ok(()) } else { Err(Problem::new(Kind::InvalidBody).faults(faults)) }
}
