//! Responses: statuses, media types and headers.

use serde_json::Value;

use crate::changes::{Breaks, Direction};
use crate::operations::{Operation, is_required, object};
use crate::references::{resolve, target};

/// Whether a status is that of a failure: clients have to expect any.
pub(crate) fn is_failure(status: &str) -> bool {
    !status.starts_with(['1', '2', '3'])
}

/// One member of an object in a value.
fn member<'a>(value: &'a Value, object: &str, name: &str) -> Option<&'a Value> {
    value.get(object)?.get(name)
}

impl Operation<'_> {
    pub(crate) fn responses(&mut self, old: &Value, new: &Value) {
        for (status, response) in object(old, "responses") {
            let id = format!("{}.response.{status}", self.id);
            match member(new, "responses", status) {
                Some(now) => self.response(&id, status, response, now),
                None if is_failure(status) => {}
                None => self.found.add(&id, Breaks::Responses, "was removed"),
            }
        }
        for (status, _) in object(new, "responses") {
            // 304 only answers a condition that the client sent.
            let is_expected = is_failure(status) || status == "304";
            if !is_expected && member(old, "responses", status).is_none() {
                let id = format!("{}.response.{status}", self.id);
                self.found.add(&id, Breaks::Responses, "is a new status of success");
            }
        }
    }

    fn response(&mut self, id: &str, status: &str, old: &Value, new: &Value) {
        // A shared response is reported once, by its own name.
        let shared = target(old).filter(|shared| target(new) == Some(*shared));
        let shared = shared.and_then(|shared| shared.strip_prefix("#/components/responses/"));
        let id = &shared.map_or_else(|| id.to_owned(), |name| format!("response.{name}"));
        let direction = if is_failure(status) { Direction::Failure } else { Direction::Response };
        let (old, new) = (resolve(self.before, old), resolve(self.after, new));
        self.content(id, direction, old, new);
        self.headers(id, direction, old, new);
    }

    fn content(&mut self, id: &str, direction: Direction, old: &Value, new: &Value) {
        for (media_type, content) in object(old, "content") {
            match member(new, "content", media_type) {
                Some(now) => self.schema(id, direction, content.get("schema"), now.get("schema")),
                None => {
                    self.found.add(id, direction, format!("is no longer returned as {media_type}"));
                }
            }
        }
        for (media_type, _) in object(new, "content") {
            if member(old, "content", media_type).is_none() {
                self.found.add(id, direction, format!("may now be returned as {media_type}"));
            }
        }
    }

    fn headers(&mut self, id: &str, direction: Direction, old: &Value, new: &Value) {
        for (name, header) in object(old, "headers") {
            let own_id = format!("{id}.header.{name}");
            let now = object(new, "headers").find(|(other, _)| other.eq_ignore_ascii_case(name));
            let is_always_sent = is_required(resolve(self.before, header));
            let Some((_, now)) = now else {
                if is_always_sent {
                    self.found.add(&own_id, direction, "was removed");
                }
                continue;
            };
            // A shared header is reported once, by its own name.
            let is_shared = target(header).is_some() && target(header) == target(now);
            let id = if is_shared { format!("header.{name}") } else { own_id };
            let (header, now) = (resolve(self.before, header), resolve(self.after, now));
            if is_always_sent && !is_required(now) {
                self.found.add(&id, direction, "is no longer always sent");
            }
            self.schema(&id, direction, header.get("schema"), now.get("schema"));
        }
    }
}
