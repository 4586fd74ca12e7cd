//! Authentication and authorisation: who is calling, and what they may do.
//!
//! `guard` runs before every handler under `/v1`: it verifies the token, counts the request against the caller's rate,
//! and passes a [`Caller`] to the handler. The rules are in `waymark_domain::access`.

mod claims;
pub(crate) mod client_cache;
mod jwks;
pub(crate) mod jwt;
pub(crate) mod rate_limit;
pub(crate) mod secret;

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use std::future::{Ready, ready};
use waymark_domain::access::{Action, Grant, Permission, Reach, Role, permits, permits_everywhere, roles_in};
use waymark_domain::code::Code;
use waymark_domain::organisation::Organisation;
use waymark_domain::text::Name;
use waymark_domain::workflow::Actor;
use waymark_persistence::Change;

use crate::http::problem::{Kind, Problem};
use crate::http::request_id::RequestId;
use crate::http::runtime::now;

/// The caller of a request. A handler that takes one is reached only with a verified token.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// `client:<uuid>` for the service's own clients, `user:<sub>` for the identity provider's.
    pub subject: String,
    /// The roles of the caller, each with its reach.
    pub grants: Vec<Grant>,
    pub(crate) request_id: RequestId,
}

impl Caller {
    /// Checks that the caller may do this in the organisation.
    ///
    /// # Errors
    /// 404 if the caller has no role in the organisation, 403 with the roles that allow it if none is granted.
    pub(crate) fn require(&self, action: Action, organisation: &Code) -> Result<(), Problem> {
        match permits(&self.grants, action, organisation) {
            Permission::Granted => Ok(()),
            Permission::Refused => Err(Self::refused(action, organisation.as_str())),
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
    /// 403 without such a grant.
    pub(crate) fn require_everywhere(&self, action: Action) -> Result<(), Problem> {
        if permits_everywhere(&self.grants, action) { Ok(()) } else { Err(Self::refused(action, "*")) }
    }

    /// The organisations whose records the caller may read, including the catalogue; `None` for all.
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

    fn refused(action: Action, reach: &str) -> Problem {
        let roles: Vec<_> =
            Role::ALL.into_iter().filter(|role| role.allows(action)).map(Role::name).collect();
        let roles = match roles.as_slice() {
            [role] => format!("the role {role}"),
            _ => format!("one of the roles {}", roles.join(", ")),
        };
        Problem::new(Kind::Forbidden)
            .detail(format_args!("this needs {roles} for the organisation `{reach}`"))
    }

    /// What is recorded with everything that this request changes.
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

    /// The caller as an actor in the organisation's workflows.
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
