//! The claims that a token needs to be accepted. The signature is verified in [`super::jwt`].
//!
//! The times are checked here and not by the library, which cannot read JSON numbers that are kept
//! at arbitrary precision.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use waymark_domain::access::{Grant, Reach, Role};

/// How far the clocks of two machines may differ, in seconds.
pub(crate) const LEEWAY_SECONDS: f64 = 30.0;
/// The longest subject, in characters.
const MAX_SUBJECT: usize = 200;
/// The most grants that are read from one token.
const MAX_GRANTS: usize = 1000;

/// The claims of a token that this service reads.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Claims {
    pub(crate) sub: String,
    pub(crate) aud: Audience,
    pub(crate) exp: serde_json::Number,
    pub(crate) nbf: Option<serde_json::Number>,
    #[serde(default)]
    pub(crate) grants: Vec<GrantClaim>,
}

/// One audience or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    One(String),
    Several(Vec<String>),
}

/// A role in an organisation, as tokens carry it; `*` stands for every organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GrantClaim {
    pub(crate) role: String,
    pub(crate) organisation: String,
}

impl GrantClaim {
    pub(crate) fn of(grant: &Grant) -> Self {
        Self { role: grant.role.name().to_owned(), organisation: grant.reach.to_string() }
    }

    /// `None` for roles and organisations of other services that share the identity provider.
    fn read(&self) -> Option<Grant> {
        let role: Role = self.role.parse().ok()?;
        let reach: Reach = self.organisation.parse().ok()?;
        Some(Grant { role, reach })
    }
}

impl Claims {
    /// Checks the audience, the times and the subject; returns the first error.
    pub(crate) fn check(&self, audience: &str, now: DateTime<Utc>) -> Result<(), &'static str> {
        let now = now.timestamp_millis() as f64 / 1000.0;
        let named = match &self.aud {
            Audience::One(one) => one == audience,
            Audience::Several(several) => several.iter().any(|one| one == audience),
        };
        if !named {
            return Err("the token is meant for another audience");
        }
        match seconds(&self.exp) {
            Some(expiry) if expiry + LEEWAY_SECONDS > now => {}
            Some(_) => return Err("the token has expired"),
            None => return Err("the token's expiry is not a number"),
        }
        match self.nbf.as_ref().map(seconds) {
            None => {}
            Some(Some(begin)) if begin - LEEWAY_SECONDS <= now => {}
            Some(Some(_)) => return Err("the token is not valid yet"),
            Some(None) => return Err("the token's `nbf` is not a number"),
        }
        let fits = !self.sub.is_empty() && self.sub.chars().count() <= MAX_SUBJECT;
        if !fits || self.sub.chars().any(char::is_control) {
            return Err("the token's subject is empty, too long or not printable");
        }
        Ok(())
    }

    /// The grants of the token; roles that this service does not know are ignored.
    pub(crate) fn grants(&self) -> Vec<Grant> {
        self.grants.iter().take(MAX_GRANTS).filter_map(GrantClaim::read).collect()
    }
}

fn seconds(number: &serde_json::Number) -> Option<f64> {
    number.as_f64().filter(|seconds| seconds.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(exp: &str, nbf: &str, aud: &str) -> Result<(), &'static str> {
        let text = format!(r#"{{"iss":"i","sub":"s","aud":{aud},"exp":{exp},"nbf":{nbf}}}"#);
        let claims: Claims = serde_json::from_str(&text).unwrap();
        claims.check("waymark", DateTime::from_timestamp(1_000_000, 0).unwrap())
    }

    #[test]
    fn a_token_counts_between_its_times_give_or_take_half_a_minute() {
        assert_eq!(check("1000001", "999999", r#""waymark""#), Ok(()));
        assert_eq!(check("999971", "1000030", r#""waymark""#), Ok(()));
        assert_eq!(check("1000000.5", "null", r#""waymark""#), Ok(()));
        assert_eq!(check("999970", "null", r#""waymark""#), Err("the token has expired"));
        assert_eq!(check("2000000", "1000031", r#""waymark""#), Err("the token is not valid yet"));
    }

    #[test]
    fn a_token_names_this_service() {
        assert_eq!(check("2000000", "null", r#"["other","waymark"]"#), Ok(()));
        assert!(check("2000000", "null", r#""other""#).is_err());
        assert!(check("2000000", "null", "[]").is_err());
    }

    #[test]
    fn unknown_roles_grant_nothing() {
        let text = r#"{"iss":"i","sub":"s","aud":"a","exp":1,"grants":[
            {"role":"owner","organisation":"*"},
            {"role":"reader","organisation":"../x"},
            {"role":"reader","organisation":"leicestershire"}]}"#;
        let claims: Claims = serde_json::from_str(text).unwrap();
        let grants = claims.grants();
        assert_eq!(grants.len(), 1);
        assert_eq!(grants[0].role, Role::Reader);
    }
}
