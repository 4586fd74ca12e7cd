//! Authentication: what an operation accepts, and what the schemes are.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::changes::{Breaks, Change, Found};
use crate::operations::{Operation, object};

/// What one way to authenticate requires: schemes with their scopes. Nothing is anonymous access.
type Requirement<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

impl Operation<'_> {
    pub(crate) fn security(&mut self, old: &Value, new: &Value) {
        let (old, new) = (requirements(self.before, old), requirements(self.after, new));
        let is_accepted = |old: &Requirement<'_>| new.iter().any(|new| satisfies(old, new));
        if !old.iter().all(is_accepted) {
            let id = format!("{}.security", self.id);
            self.found.add(&id, Breaks::Requests, "no longer accepts an authentication that it accepted");
        }
    }
}

/// The ways to authenticate: any one of them suffices.
fn requirements<'a>(document: &'a Value, operation: &'a Value) -> Vec<Requirement<'a>> {
    let security = operation.get("security").or_else(|| document.get("security")).and_then(Value::as_array);
    let mut ways: Vec<Requirement<'_>> = security.into_iter().flatten().map(requirement).collect();
    if ways.is_empty() {
        ways.push(Requirement::new());
    }
    ways
}

fn requirement(way: &Value) -> Requirement<'_> {
    let schemes = way.as_object().into_iter().flatten();
    schemes
        .map(|(scheme, scopes)| {
            let scopes = scopes.as_array().into_iter().flatten().filter_map(Value::as_str);
            (scheme.as_str(), scopes.collect())
        })
        .collect()
}

/// Whether a client that fulfils `old` fulfils `new`.
fn satisfies(old: &Requirement<'_>, new: &Requirement<'_>) -> bool {
    new.iter().all(|(scheme, scopes)| old.get(scheme).is_some_and(|granted| granted.is_superset(scopes)))
}

/// What breaks a client in the security schemes.
pub(crate) fn compare(before: &Value, after: &Value) -> Vec<Change> {
    let mut found = Found::default();
    for (name, old) in before.get("components").into_iter().flat_map(|parts| object(parts, "securitySchemes"))
    {
        let id = format!("securityScheme.{name}");
        let Some(new) = after.pointer("/components/securitySchemes").and_then(|schemes| schemes.get(name))
        else {
            found.add(&id, Breaks::Requests, "was removed");
            continue;
        };
        for member in ["type", "scheme", "in", "name", "openIdConnectUrl"] {
            if let Some(what) = change_of(member, old, new) {
                found.add(&id, Breaks::Requests, what);
            }
        }
        for (flow, old) in object(old, "flows") {
            match new.get("flows").and_then(|flows| flows.get(flow)) {
                Some(new) => compare_flows(&id, flow, old, new, &mut found),
                None => found.add(&id, Breaks::Requests, format!("no longer has the flow {flow}")),
            }
        }
    }
    found.0
}

fn compare_flows(id: &str, flow: &str, old: &Value, new: &Value, found: &mut Found) {
    for member in ["tokenUrl", "authorizationUrl", "refreshUrl"] {
        if let Some(what) = change_of(member, old, new) {
            found.add(id, Breaks::Requests, format!("{what} in {flow}"));
        }
    }
    for (scope, _) in object(old, "scopes") {
        if new.get("scopes").and_then(|scopes| scopes.get(scope)).is_none() {
            found.add(id, Breaks::Requests, format!("no longer has the scope {scope} in {flow}"));
        }
    }
}

fn change_of(member: &str, old: &Value, new: &Value) -> Option<String> {
    let text = |value: &Value| value.get(member).map_or("none".to_owned(), Value::to_string);
    let (old, new) = (text(old), text(new));
    (old != new).then(|| format!("has the {member} {new} instead of {old}"))
}
