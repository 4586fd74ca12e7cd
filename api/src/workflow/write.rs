//! How plan items are created and changed: the permission is checked, then the body is read, then the plan is locked,
//! the entity tag compared and the change stored, all in one transaction.

use std::future::Future;
use std::pin::Pin;

use actix_web::http::Method;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use waymark_domain::access::Action;
use waymark_domain::workflow::Actor;
use waymark_persistence::plan_item::{self, Filed};
use waymark_persistence::{Change, Connection};

use super::bulk::{self, Decisions, Proposable, Proposals};
use super::item::{Item, ItemPath, PlanCodes, Viewer, url};
use super::read::{current, state};
use super::scope::PlanScope;
use super::{Failure, Pointers};
use crate::auth::Caller;
use crate::http::body::Body;
use crate::http::etag::Conditions;
use crate::http::idempotency::Retry;
use crate::http::params::NoQuery;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::state::AppState;

/// A request that changes something of a plan.
pub(crate) struct Write {
    state: Data<AppState>,
    caller: Caller,
    conditions: Conditions,
    /// For a POST.
    retry: Option<Retry>,
    body: Body,
}

/// A request of a caller who may make it.
pub(crate) struct Permitted {
    write: Write,
    plan: PlanCodes,
    viewer: Viewer,
}

/// The same, about one item.
pub(crate) struct PermittedItem {
    request: Permitted,
    key: String,
}

/// The transaction in which a step of a workflow is taken, with the plan locked.
pub(crate) struct Step<'a> {
    pub(crate) connection: &'a mut Connection,
    pub(crate) scope: &'a PlanScope,
    pub(crate) actor: &'a Actor,
    pub(crate) change: &'a Change,
}

impl Step<'_> {
    /// The day on which the step is taken.
    pub(crate) fn today(&self) -> NaiveDate {
        self.change.at.date_naive()
    }
}

impl Write {
    /// Checks that the caller may do this in the plan.
    ///
    /// # Errors
    /// 403, or 404 for a foreign organisation.
    pub(crate) fn in_plan(self, plan: PlanCodes, needs: Action) -> Result<Permitted, Problem> {
        self.caller.require(needs, &plan.0)?;
        let viewer = Viewer::now(&self.caller, &plan.0)?;
        Ok(Permitted { write: self, plan, viewer })
    }

    /// Checks that the caller may do this with an item.
    ///
    /// # Errors
    /// 403, or 404 for a foreign organisation.
    pub(crate) fn on_item(self, path: impl Into<ItemPath>, needs: Action) -> Result<PermittedItem, Problem> {
        let ItemPath { plan, key } = path.into();
        Ok(PermittedItem { request: self.in_plan(plan, needs)?, key })
    }
}

impl Permitted {
    /// The body as it was sent.
    ///
    /// # Errors
    /// 400, 415 or 422.
    pub(crate) fn body<B: DeserializeOwned + ToSchema>(&self) -> Result<B, Problem> {
        self.write.body.json()
    }

    /// The caller as an actor of the workflow.
    pub(crate) fn actor(&self) -> &Actor {
        &self.viewer.actor
    }

    /// Creates an item. `make` returns its key and content.
    ///
    /// # Errors
    /// Those of `make`; 409 if the key is taken.
    pub(crate) async fn create<T, F>(self, pointers: Pointers, make: F) -> Result<Response, Problem>
    where
        T: Item,
        F: FnOnce(&mut Step<'_>) -> Result<(String, T), Failure> + Send + 'static,
    {
        let url_of = self.plan.clone();
        self.run(move |step, viewer, _| {
            let (key, content) = make(step).map_err(|failure| failure.at(pointers))?;
            file(step, viewer, &url_of, &key, &content)
        })
        .await
    }

    /// Proposes many items, all or none.
    ///
    /// # Errors
    /// Every fault of every proposal; the gravest decides the status.
    pub(crate) async fn propose<T: Proposable>(self, new: Proposals<T::New>) -> Result<Response, Problem> {
        let location = url(&self.plan, T::COLLECTION);
        self.run(move |step, viewer, _| {
            let items = bulk::propose::<T>(step, new)?;
            Response::created(location, &listed::<T>(step, viewer, &items)?)
        })
        .await
    }

    /// Records a board's decisions on many items, all or none.
    ///
    /// # Errors
    /// Every fault of every decision; the gravest decides the status.
    pub(crate) async fn decide<T: Proposable>(
        self,
        decisions: Decisions<T::Outcome>,
    ) -> Result<Response, Problem> {
        self.run(move |step, viewer, _| {
            let items = bulk::decide::<T>(step, decisions)?;
            Response::ok(&listed::<T>(step, viewer, &items)?)
        })
        .await
    }

    /// Does `work` in one transaction that holds the plan, and once for all retries of a POST.
    async fn run<F>(self, work: F) -> Result<Response, Problem>
    where
        F: FnOnce(&mut Step<'_>, &Viewer, &Conditions) -> Result<Response, Problem> + Send + 'static,
    {
        let Self { write: Write { state, caller, conditions, retry, body }, plan, viewer } = self;
        let work = move |connection: &mut Connection, change: &Change| {
            let scope = PlanScope::hold(connection, &plan)?;
            let mut step = Step { connection, scope: &scope, actor: &viewer.actor, change };
            work(&mut step, &viewer, &conditions)
        };
        match retry {
            Some(retry) => retry.once(&state, &caller, &body, work).await,
            None => {
                let change = caller.change();
                state.write(move |connection| work(connection, &change)).await
            }
        }
    }
}

impl PermittedItem {
    /// The body as it was sent.
    ///
    /// # Errors
    /// 400, 415 or 422.
    pub(crate) fn body<B: DeserializeOwned + ToSchema>(&self) -> Result<B, Problem> {
        self.request.body()
    }

    /// Takes a step with the item, from the revision that the caller has read.
    ///
    /// # Errors
    /// 404, 412, 428, and those of `act`.
    pub(crate) async fn act<T, F>(self, pointers: Pointers, act: F) -> Result<Response, Problem>
    where
        T: Item,
        F: FnOnce(&mut Step<'_>, &T) -> Result<T, Failure> + Send + 'static,
    {
        let Self { request, key } = self;
        request
            .run(move |step, viewer, conditions| {
                let item: Filed<T> = step.scope.item(step.connection, &key, None)?;
                let mut context = T::context(step.connection, step.scope, viewer)?;
                conditions.must_match(&T::etag(&context, &item.versioned)?)?;
                let next = act(step, &item.versioned.content).map_err(|failure| failure.at(pointers))?;
                let item = plan_item::update(step.connection, &item, &next, step.change)?;
                let view = T::view(&mut context, step.connection, &current(&item, viewer))?;
                Ok(Response::ok(&view)?.tagged(&T::etag(&context, &item.versioned)?))
            })
            .await
    }

    /// Creates an item from another one of its kind, from the revision that the caller has read.
    ///
    /// # Errors
    /// 404, 412, 428, and those of `make`; 409 if the key is taken.
    pub(crate) async fn derive<T, F>(self, pointers: Pointers, make: F) -> Result<Response, Problem>
    where
        T: Item,
        F: FnOnce(&mut Step<'_>, &T) -> Result<(String, T), Failure> + Send + 'static,
    {
        let Self { request, key } = self;
        let plan = request.plan.clone();
        request
            .run(move |step, viewer, conditions| {
                let item: Filed<T> = step.scope.item(step.connection, &key, None)?;
                let context = T::context(step.connection, step.scope, viewer)?;
                conditions.must_match(&T::etag(&context, &item.versioned)?)?;
                let made = make(step, &item.versioned.content).map_err(|failure| failure.at(pointers))?;
                file(step, viewer, &plan, &made.0, &made.1)
            })
            .await
    }
}

/// Stores a new item and returns it.
fn file<T: Item>(
    step: &mut Step<'_>,
    viewer: &Viewer,
    plan: &PlanCodes,
    key: &str,
    content: &T,
) -> Result<Response, Problem> {
    let item = plan_item::create(step.connection, step.scope.place(), Some(key), content, step.change)?;
    let mut context = T::context(step.connection, step.scope, viewer)?;
    let view = T::view(&mut context, step.connection, &current(&item, viewer))?;
    let etag = T::etag(&context, &item.versioned)?;
    Ok(Response::created(url(plan, &T::path(key)), &view)?.tagged(&etag))
}

/// Items that were changed together, in the order of the request.
fn listed<T: Proposable>(
    step: &mut Step<'_>,
    viewer: &Viewer,
    items: &[Filed<T>],
) -> Result<T::List, Problem> {
    let mut context = T::context(step.connection, step.scope, viewer)?;
    let mut view = |item| T::view(&mut context, step.connection, &current(item, viewer));
    Ok(items.iter().map(&mut view).collect::<Result<Vec<_>, _>>()?.into())
}

impl FromRequest for Write {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let head = head(request, payload);
        let body = Body::from_request(request, payload);
        Box::pin(async {
            let (state, caller, conditions, retry) = head?;
            Ok(Self { state, caller, conditions, retry, body: body.await? })
        })
    }
}

type Head = (Data<AppState>, Caller, Conditions, Option<Retry>);

/// What precedes the body. Changes have no query parameters.
fn head(request: &HttpRequest, payload: &mut Payload) -> Result<Head, Problem> {
    let state = state(request)?;
    NoQuery::from_request(request, payload).into_inner()?;
    let caller = Caller::from_request(request, payload).into_inner()?;
    let conditions = Conditions::from_request(request, payload).into_inner()?;
    let retry = match *request.method() {
        Method::POST => Some(Retry::from_request(request, payload).into_inner()?),
        _ => None,
    };
    Ok((state, caller, conditions, retry))
}
