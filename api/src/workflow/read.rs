//! How plan items are read: one, a page of many, the revisions of one, and what is computed from all of them.

use std::future::{Ready, ready};

use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::Serialize;
use waymark_domain::access::Action;
use waymark_persistence::plan_item::{self, Filed};
use waymark_persistence::{Connection, Versioned};

use super::item::{Item, ItemPath, PlanCodes, Shown, Viewer};
use super::scope::PlanScope;
use crate::auth::Caller;
use crate::http::etag::Conditions;
use crate::http::known::{Known, Moment};
use crate::http::list::{History, List, NoFilter, Page, Revisions};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::state::AppState;

/// A request that reads something of a plan.
pub(crate) struct Read {
    state: Data<AppState>,
    caller: Caller,
    conditions: Conditions,
}

/// Which items of a list are wanted. One without restrictions selects all.
pub(crate) trait Filter<T: Item>: Clone + Send + 'static {
    /// Rejects a value that names something that does not exist.
    ///
    /// # Errors
    /// 422 that names the parameter.
    fn check(
        &self,
        connection: &mut Connection,
        scope: &PlanScope,
        known_at: Moment,
        items: &[Filed<T>],
    ) -> Result<(), Problem>;

    /// Whether an item is wanted.
    fn selects(&self, item: &Filed<T>, context: &T::Context) -> bool;

    /// Whether an item is wanted, for what is known only once it is shown.
    fn selects_view(&self, _: &T::View) -> bool {
        true
    }
}

impl<T: Item> Filter<T> for NoFilter {
    fn check(&self, _: &mut Connection, _: &PlanScope, _: Moment, _: &[Filed<T>]) -> Result<(), Problem> {
        Ok(())
    }

    fn selects(&self, _: &Filed<T>, _: &T::Context) -> bool {
        true
    }
}

impl Read {
    /// Returns an item, as it is or as it was known at a moment.
    ///
    /// # Errors
    /// 403 or 404.
    pub(crate) async fn get<T: Item>(
        self,
        path: impl Into<ItemPath>,
        Known(known_at): Known,
    ) -> Result<Response, Problem> {
        let ItemPath { plan, key } = path.into();
        let viewer = self.viewer(&plan)?.at(known_at);
        let conditions = self.conditions;
        let shown = move |connection: &mut Connection| {
            let scope = PlanScope::find(connection, &plan, viewer.known_at)?;
            let item: Filed<T> = scope.item(connection, &key, viewer.known_at)?;
            let mut context = T::context(connection, &scope, &viewer)?;
            let view = T::view(&mut context, connection, &current(&item, &viewer))?;
            let etag = T::etag(&context, &item.versioned)?;
            Ok((Response::ok(&view)?, etag, T::is_settled(&view)))
        };
        let (response, etag, is_settled) = self.state.read(shown).await?;
        Ok(if is_settled {
            response.revision_unless_known(&etag, &conditions)
        } else {
            response.tagged(&etag)
        })
    }

    /// Returns a page of the items of a plan, in the order of their keys.
    ///
    /// # Errors
    /// 400, 403, 404, and 422 for a filter whose value names something that does not exist.
    pub(crate) async fn list<T: Item, F: Filter<T>>(
        self,
        plan: PlanCodes,
        list: List<F>,
    ) -> Result<Response, Problem> {
        let known_at = list.moment();
        let viewer = self.viewer(&plan)?.at(known_at);
        let (page, filter) = (list.page(1)?, list.filter);
        self.respond(move |connection| {
            let scope = PlanScope::find(connection, &plan, known_at)?;
            let mut items: Vec<Filed<T>> = plan_item::all(connection, scope.place(), known_at)?;
            filter.check(connection, &scope, known_at, &items)?;
            let mut context = T::context(connection, &scope, &viewer)?;
            let after = page.first_key();
            items.retain(|item| {
                after.is_none_or(|after| item.key.as_str() > after) && filter.selects(item, &context)
            });
            items.sort_by(|a, b| a.key.cmp(&b.key));
            let mut views = Vec::new();
            for item in &items {
                let view = T::view(&mut context, connection, &current(item, &viewer))?;
                if filter.selects_view(&view) {
                    views.push((&item.key, view));
                }
                if views.len() > usize::from(page.limit) {
                    break;
                }
            }
            let next = page.cut(&mut views, |(key, _)| vec![(*key).clone()]);
            let items: Vec<T::View> = views.into_iter().map(|(_, view)| view).collect();
            Ok(Page::<T::View> { items, next })
        })
        .await
    }

    /// Returns a page of the revisions of an item, the newest first.
    ///
    /// # Errors
    /// 400, 403 or 404.
    pub(crate) async fn history<T: Item>(
        self,
        path: impl Into<ItemPath>,
        revisions: Revisions,
    ) -> Result<Response, Problem> {
        let ItemPath { plan, key } = path.into();
        let viewer = self.viewer(&plan)?;
        let (page, before) = revisions.before()?;
        self.respond(move |connection| {
            let scope = PlanScope::find(connection, &plan, None)?;
            let item: Filed<T> = scope.item(connection, &key, None)?;
            let mut context = T::context(connection, &scope, &viewer)?;
            let Versioned { id, revision: current, .. } = item.versioned;
            let mut revisions = plan_item::history::<T>(connection, id, before, page.rows())?;
            let next = page.cut(&mut revisions, |revision| vec![revision.revision.to_string()]);
            let mut view = |revision: &Versioned<T>| {
                let is_current = revision.revision == current;
                let shown = Shown { key: &key, revision, viewer: &viewer, in_history: true, is_current };
                T::view(&mut context, connection, &shown)
            };
            let items = revisions.iter().map(&mut view).collect::<Result<Vec<_>, _>>()?;
            Ok(History::<T::View> { items, next })
        })
        .await
    }

    /// Returns what is computed from the items of a plan, as it is or as it was known at a moment.
    ///
    /// # Errors
    /// 403 or 404, and those of `compute`.
    pub(crate) async fn report<R, F>(
        self,
        plan: PlanCodes,
        known_at: Moment,
        compute: F,
    ) -> Result<Response, Problem>
    where
        R: Serialize,
        F: FnOnce(&mut Connection, PlanScope, &Viewer) -> Result<R, Problem> + Clone + Send + 'static,
    {
        let viewer = self.viewer(&plan)?.at(known_at);
        self.respond(move |connection| {
            let scope = PlanScope::find(connection, &plan, known_at)?;
            compute(connection, scope, &viewer)
        })
        .await
    }

    /// The caller, if they may read results of the organisation.
    fn viewer(&self, (organisation, _): &PlanCodes) -> Result<Viewer, Problem> {
        self.caller.require(Action::ReadResults, organisation)?;
        Viewer::now(&self.caller, organisation)
    }

    /// Reads and responds; 304 if the caller has the response already.
    async fn respond<R, F>(self, work: F) -> Result<Response, Problem>
    where
        R: Serialize,
        F: FnOnce(&mut Connection) -> Result<R, Problem> + Clone + Send + 'static,
    {
        let response = self.state.read(move |connection| Response::ok(&work(connection)?)).await?;
        Ok(response.unless_known(&self.conditions))
    }
}

/// An item as it is shown by itself or in a list.
pub(super) fn current<'a, T: Item>(item: &'a Filed<T>, viewer: &'a Viewer) -> Shown<'a, T> {
    let is_current = viewer.known_at.is_none();
    Shown { key: &item.key, revision: &item.versioned, viewer, in_history: false, is_current }
}

impl FromRequest for Read {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Self::of(request, payload))
    }
}

impl Read {
    fn of(request: &HttpRequest, payload: &mut Payload) -> Result<Self, Problem> {
        Ok(Self {
            state: state(request)?,
            caller: Caller::from_request(request, payload).into_inner()?,
            conditions: Conditions::from_request(request, payload).into_inner()?,
        })
    }
}

/// What all requests share.
pub(super) fn state(request: &HttpRequest) -> Result<Data<AppState>, Problem> {
    let state = request.app_data::<Data<AppState>>().cloned();
    state.ok_or_else(|| Problem::internal("the state is not among the application's data"))
}
