//! Access: who is asking, and what may they do.
//!
//! `guard` runs before every handler under `/v1`: it believes the token or not, counts the request,
//! and hands the handler a [`Caller`]. The rules are in `waymark_domain::access`.

mod claims;
pub(crate) mod client_cache;
pub(crate) mod guard;
mod jwks;
pub(crate) mod jwt;
pub(crate) mod rate_limit;
pub(crate) mod secret;
pub(crate) mod token_endpoint;

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use std::future::{Ready, ready};
use waymark_domain::access::{Action, Grant, Permission, Reach, permits, permits_everywhere, roles_in};
use waymark_domain::code::Code;
use waymark_domain::organisation::Organisation;
use waymark_domain::text::Name;
use waymark_domain::workflow::Actor;
use waymark_persistence::Change;

use crate::http::problem::{Kind, Problem};
use crate::http::request_id::RequestId;
use crate::state::now;

/// Who is asking. A handler that takes one is reached only with a token that is believed.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// `client:<uuid>` for the service's own clients, `user:<sub>` for the identity provider's.
    pub subject: String,
    /// What the caller may do, and where.
    pub grants: Vec<Grant>,
    request_id: RequestId,
}

impl Caller {
    /// Checks that the caller may do this in the organisation.
    ///
    /// # Errors
    /// 404 where the organisation is foreign, 403 where the role is missing.
    pub(crate) fn require(&self, action: Action, organisation: &Code) -> Result<(), Problem> {
        match permits(&self.grants, action, organisation) {
            Permission::Granted => Ok(()),
            Permission::Refused => Err(Self::refused()),
            Permission::Foreign => Err(Problem::not_found("organisation")),
        }
    }

    /// Whether the caller may do this in the organisation.
    pub(crate) fn may(&self, action: Action, organisation: &Code) -> bool {
        permits(&self.grants, action, organisation) == Permission::Granted
    }

    /// Checks that the caller may do this in every organisation.
    ///
    /// # Errors
    /// 403 where there is no such grant.
    pub(crate) fn require_everywhere(&self, action: Action) -> Result<(), Problem> {
        if permits_everywhere(&self.grants, action) { Ok(()) } else { Err(Self::refused()) }
    }

    /// The organisations whose records the caller may read, the catalogue among them; none where it is all.
    pub(crate) fn organisations(&self) -> Option<Vec<Code>> {
        let mut own = Vec::new();
        for grant in &self.grants {
            match &grant.reach {
                Reach::Everywhere => return None,
                Reach::Organisation(code) => own.push(code.clone()),
            }
        }
        own.extend(Code::new(Organisation::CATALOGUE));
        Some(own)
    }

    fn refused() -> Problem {
        Problem::new(Kind::Forbidden).detail("none of the token's roles allows this here")
    }

    /// The stamp of what this request changes.
    pub(crate) fn change(&self) -> Change {
        let roles: Vec<String> =
            self.grants.iter().map(|grant| format!("{}:{}", grant.role, grant.reach)).collect();
        Change {
            author: self.subject.clone(),
            roles: roles.join(" "),
            request_id: self.request_id.to_string(),
            at: now(),
        }
    }

    /// The caller as one who acts in a workflow of the organisation.
    ///
    /// # Errors
    /// 500 for a caller without a name.
    pub(crate) fn actor(&self, organisation: &Code) -> Result<Actor, Problem> {
        let name = Name::fitted(&self.subject).ok_or_else(|| Problem::internal("a caller without a name"))?;
        Ok(Actor { name, roles: roles_in(&self.grants, organisation) })
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = request.extensions().get::<Self>().cloned();
        ready(caller.ok_or_else(|| Problem::internal("a handler was reached past the guard")))
    }
}
