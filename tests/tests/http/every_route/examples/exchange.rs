//! A request and its answer: held against the contract, and made into an example.

use serde_json::{Map, Value, json};
use waymark_tests::{Answer, Contract};

use super::normal::Normal;

/// The headers of an answer that an example shows.
const SHOWN: [&str; 6] =
    ["content-type", "etag", "location", "retry-after", "preference-applied", "content-disposition"];

/// The body of a request.
#[derive(Clone)]
pub(super) enum Body {
    None,
    Json(Value),
    /// A form: an object in the contract and in the example.
    Form(Value),
    Text(&'static str, String),
}

impl Body {
    pub(super) fn media_type(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Json(_) => Some("application/json"),
            Self::Form(_) => Some("application/x-www-form-urlencoded"),
            Self::Text(media_type, _) => Some(media_type),
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::None => Value::Null,
            Self::Json(value) | Self::Form(value) => value.clone(),
            Self::Text(_, text) => text.as_str().into(),
        }
    }
}

/// A request, as it was sent.
pub(super) struct Sent {
    pub(super) method: String,
    pub(super) path: String,
    /// Those that say something of this operation: conditions and preferences.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Body,
}

/// A request and its answer, ready to be compared.
pub(super) struct Exchange {
    pub(super) operation: String,
    pub(super) normal: Value,
}

impl Exchange {
    /// Checks the exchange against the operation's part of the contract.
    pub(super) fn check(
        contract: &Contract,
        (id, operation): (&str, &Value),
        sent: &Sent,
        answer: &Answer,
        normal: &mut Normal,
    ) -> Self {
        let mut request = json!({"method": sent.method, "path": normal.text(&sent.path)});
        request["headers"] = headers(&sent.headers, normal);
        if let Some(media_type) = sent.body.media_type() {
            let schema = &operation["requestBody"]["content"][media_type]["schema"];
            assert!(schema.is_object(), "{id}: the contract takes no {media_type}");
            is_valid(contract, schema, &sent.body.value(), &format!("{id}, the request"));
            request["media_type"] = media_type.into();
            request["body"] = normal.whole(&sent.body.value());
        }

        let status = answer.status.to_string();
        let response = contract.resolve(&operation["responses"][&status]);
        assert!(response.is_object(), "{id}: the contract does not have the status {status}");
        check_headers(contract, id, response, answer);
        let media_type = answer.header("content-type").map(|full| full.split(';').next().unwrap().trim());
        let media_type = media_type.unwrap_or_else(|| panic!("{id}: the answer has no media type"));
        let schema = &response["content"][media_type]["schema"];
        assert!(schema.is_object(), "{id}: the contract does not have an answer of {media_type}");
        let is_json = media_type == "application/json";
        let body = if is_json { answer.json() } else { answer.text.as_str().into() };
        is_valid(contract, schema, &body, &format!("{id}, the answer"));

        let shown =
            SHOWN.iter().filter_map(|name| Some(((*name).to_owned(), answer.header(name)?.to_owned())));
        let body = if is_json { normal.beginning(&body) } else { normal.lines(&answer.text).into() };
        is_valid(contract, schema, &body, &format!("{id}, the example of the answer"));
        let answer = json!({
            "status": answer.status, "headers": headers(&shown.collect::<Vec<_>>(), normal),
            "media_type": media_type, "body": body,
        });
        Self { operation: id.to_owned(), normal: json!({"request": request, "answer": answer}) }
    }
}

fn headers(all: &[(String, String)], normal: &mut Normal) -> Value {
    let named = all.iter().map(|(name, value)| (name.clone(), normal.text(value).into()));
    Value::Object(named.collect::<Map<_, _>>())
}

#[track_caller]
fn is_valid(contract: &Contract, schema: &Value, value: &Value, what: &str) {
    let faults = contract.faults(schema, value);
    assert!(faults.is_empty(), "{what}, is not valid:\n  {}\n{value}", faults.join("\n  "));
}

/// Every header that the contract requires of the answer is there, and each that it names is valid.
fn check_headers(contract: &Contract, id: &str, response: &Value, answer: &Answer) {
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        let header = contract.resolve(header);
        let schema = &header["schema"];
        let Some(text) = answer.header(&name.to_ascii_lowercase()) else {
            assert!(header["required"] != true, "{id}: the answer has no header {name}");
            continue;
        };
        let value = match schema["type"].as_str() {
            Some("integer") => text.parse::<u64>().unwrap().into(),
            _ => Value::from(text),
        };
        is_valid(contract, schema, &value, &format!("{id}, the header {name}"));
    }
}
