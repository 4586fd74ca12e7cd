//! What the contract says of every operation of a kind, written once instead of above each handler: problem responses,
//! headers, security, and the bounds of schemas.

use serde_json::{Map, Value, json};

use super::{parts, schemas};
use crate::resources::token;

/// Completes the contract.
pub(super) fn complete(document: &mut Value) {
    schemas::complete(document);
    let versioned = versioned(document);
    for (path, item) in entries(document, "/paths") {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                complete_operation(path, method, operation, &versioned);
            }
        }
    }
    if let Some(components) = document.pointer_mut("/components").and_then(Value::as_object_mut) {
        components.insert("headers".into(), parts::headers());
        components.insert("responses".into(), parts::responses());
        components.insert("parameters".into(), parts::parameters());
        components.insert("securitySchemes".into(), parts::security_schemes());
    }
    if let Some(document) = document.as_object_mut() {
        document.insert("security".into(), security());
        let server = json!({"url": "/", "description": "The service that publishes this contract: production, staging or local", "x-internal": false});
        document.insert("servers".into(), json!([server]));
    }
}

/// Parameters that are no filter: their values name nothing that could fail to exist.
const NO_FILTERS: [&str; 6] = ["limit", "cursor", "as_known_at", "as_at", "from", "to"];

/// Whether a read has a filter, whose value could name something that does not exist.
fn may_name_nothing(operation: &Map<String, Value>) -> bool {
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let mut in_query =
        parameters.filter(|parameter| parameter.get("in").is_some_and(|place| place == "query"));
    in_query.any(|parameter| {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
        // A closed list of words is checked as the query is read.
        !NO_FILTERS.contains(&name) && parameter.pointer("/schema/enum").is_none()
    })
}

fn security() -> Value {
    json!([{"bearer": []}, {"client_credentials": []}])
}

fn entries<'a>(document: &'a mut Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a mut Value)> {
    document.pointer_mut(pointer).and_then(Value::as_object_mut).into_iter().flatten()
}

/// References to the schemas of everything with revisions, which has an entity tag in every response.
fn versioned(document: &mut Value) -> Vec<String> {
    entries(document, "/components/schemas")
        .filter(|(_, schema)| schema.pointer("/properties/revision").is_some())
        .map(|(name, _)| format!("#/components/schemas/{name}"))
        .collect()
}

fn is_one_of(versioned: &[String], response: &Value) -> bool {
    let reference = response.pointer("/content/application~1json/schema/$ref").and_then(Value::as_str);
    reference.is_some_and(|reference| versioned.iter().any(|one| one == reference))
}

/// An operation, as far as what it has in common with others depends on it.
struct OperationKind<'a> {
    path: &'a str,
    method: &'a str,
    is_token: bool,
    /// A POST whose handler takes `Conditions`.
    from_revision: bool,
    /// A POST whose body names the revisions of what it changes.
    names_revisions: bool,
}

fn complete_operation(path: &str, method: &str, operation: &mut Map<String, Value>, versioned: &[String]) {
    let kind = OperationKind {
        path,
        method,
        is_token: path == token::PATH,
        // Both are marks for this function, and no part of the contract.
        from_revision: operation.remove("x-if-match").is_some(),
        names_revisions: operation.remove("x-names-revisions").is_some(),
    };
    let problems = kind.problems(operation);
    for name in kind.parameters() {
        let reference = json!({"$ref": format!("#/components/parameters/{name}")});
        let list = operation.entry("parameters").or_insert_with(|| json!([]));
        list.as_array_mut().into_iter().for_each(|list| list.push(reference.clone()));
    }
    operation.entry("security").or_insert_with(security);
    describe(method, kind.is_token, kind.from_revision, operation);
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        kind.complete_responses(responses, &problems, versioned);
    }
}

impl OperationKind<'_> {
    /// The statuses of the problems that it can be answered with.
    fn problems(&self, operation: &Map<String, Value>) -> Vec<u16> {
        let mut problems = vec![400, 401, 429, 500, 503];
        if !self.is_token {
            problems.push(403);
        }
        if self.path.contains('{') {
            problems.push(404);
        }
        if operation.contains_key("requestBody") {
            problems.extend([413, 415]);
        }
        if returns_content(operation) {
            problems.push(406);
        }
        match self.method {
            "get" if may_name_nothing(operation) => problems.push(422),
            "post" if !self.is_token => {
                problems.extend([409, 422]);
                if self.names_revisions || self.from_revision {
                    problems.push(412);
                }
                if self.from_revision {
                    problems.push(428);
                }
            }
            "put" | "patch" | "delete" => problems.extend([409, 412, 422, 428]),
            _ => {}
        }
        problems
    }

    /// The shared parameters that it takes.
    fn parameters(&self) -> &'static [&'static str] {
        match self.method {
            "get" => &["IfNoneMatch", "Position"],
            "post" if self.is_token => &[],
            "post" if self.from_revision => &["IdempotencyKey", "IfMatch"],
            "post" => &["IdempotencyKey"],
            "put" | "patch" | "delete" => &["IfMatch"],
            _ => &[],
        }
    }

    fn complete_responses(&self, responses: &mut Map<String, Value>, problems: &[u16], versioned: &[String]) {
        let is_read = self.method == "get";
        let changes = !is_read && !self.is_token;
        let replayable = self.method == "post" && !self.is_token;
        for (status, response) in responses.iter_mut() {
            // A response that reports what was done, and not the current state of a thing, has no entity tag.
            let tagged = is_read || is_one_of(versioned, response);
            complete_success(status, response, tagged, changes, replayable);
        }
        if is_read {
            let headers = parts::header_refs(parts::EVERYWHERE.into_iter().chain(["ETag"]));
            let known = json!({"description": "The caller has the current state", "headers": headers});
            responses.entry("304").or_insert(known);
        }
        for (status, name, _) in parts::PROBLEMS {
            if problems.contains(&status) {
                let reference = json!({"$ref": format!("#/components/responses/{name}")});
                responses.entry(status.to_string()).or_insert(reference);
            }
        }
    }
}

/// Whether a successful response has content, and so a media type that `Accept` can exclude.
fn returns_content(operation: &Map<String, Value>) -> bool {
    let responses = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
    responses
        .into_iter()
        .any(|(status, response)| status.starts_with('2') && response.get("content").is_some())
}

/// Ends the description with what holds for every operation of the method.
fn describe(method: &str, is_token: bool, from_revision: bool, operation: &mut Map<String, Value>) {
    let always = match method {
        "get" => {
            "The response has an entity tag; sent as `If-None-Match`, it returns 304 until something changes. `HEAD` returns \
             the same headers without content."
        }
        "put" | "patch" | "delete" => "Send the entity tag of the resource as it was read as `If-Match`.",
        _ if is_token => return,
        _ if from_revision => {
            "Send the entity tag of the resource as it was read as `If-Match`. With an `Idempotency-Key` the request can \
             be repeated safely."
        }
        _ => "With an `Idempotency-Key` the request can be repeated safely.",
    };
    let own = operation.get("description").and_then(Value::as_str).map(str::trim).unwrap_or_default();
    let whole = if own.is_empty() { always.to_owned() } else { format!("{own}\n\n{always}") };
    operation.insert("description".into(), whole.into());
}

/// A response that the handler itself declares.
fn complete_success(status: &str, response: &mut Value, tagged: bool, changes: bool, replayable: bool) {
    let Some(response) = response.as_object_mut() else { return };
    if !status.starts_with('2') {
        return;
    }
    let declared = response.get("headers").and_then(Value::as_object);
    let declared: Vec<String> = declared.into_iter().flat_map(|headers| headers.keys().cloned()).collect();
    let location = (status == "201").then_some("Location");
    let etag = tagged.then_some("ETag");
    let replayed = replayable.then_some("Idempotency-Replayed");
    let position = changes.then_some("Waymark-Position");
    let all = parts::EVERYWHERE.into_iter().chain(etag).chain(location).chain(replayed).chain(position);
    let all = all.chain(declared.iter().map(String::as_str));
    response.insert("headers".into(), parts::header_refs(all));
}
