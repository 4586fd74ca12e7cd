//! Requests, as a caller makes them.

use serde_json::Value;
use ureq::Agent;
use ureq::http::Method;

use crate::Answer;
use crate::journal::Journal;

/// A caller of a service.
#[derive(Clone)]
pub struct Caller {
    agent: Agent,
    root: String,
    token: Option<String>,
    journal: Journal,
}

/// A request about to be sent.
#[must_use]
pub struct Request {
    agent: Agent,
    url: String,
    method: Method,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    journal: Journal,
}

impl Caller {
    pub(crate) fn new(root: String, token: Option<String>, journal: Journal) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .proxy(None)
            .no_delay(true)
            .build()
            .into();
        Self { agent, root, token, journal }
    }

    /// A request with the caller's token. `path` may carry a query.
    pub fn request(&self, method: &str, path: &str) -> Request {
        let request = Request {
            agent: self.agent.clone(),
            url: format!("{}{path}", self.root),
            method: method.parse().unwrap(),
            headers: Vec::new(),
            body: Vec::new(),
            journal: self.journal.clone(),
        };
        match &self.token {
            Some(token) => request.header("authorization", &format!("Bearer {token}")),
            None => request,
        }
    }

    /// GET.
    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send()
    }

    /// POST of JSON.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.request("POST", path).json(body).send()
    }

    /// PUT of JSON from what was read last: reads its entity tag, then replaces it.
    pub fn replace(&self, path: &str, body: &Value) -> Answer {
        let etag = self.get(path).expect(200).etag();
        self.put(path, &etag, body)
    }

    /// PUT of JSON, if what is there still has the entity tag.
    pub fn put(&self, path: &str, etag: &str, body: &Value) -> Answer {
        self.request("PUT", path).header("if-match", etag).json(body).send()
    }
}

impl Request {
    /// With a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a body of a media type.
    pub fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", media_type)
    }

    /// With JSON as its body.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Sends it and waits for the answer.
    pub fn send(self) -> Answer {
        let Self { agent, url, method, headers, body, journal } = self;
        let what = format!("{method} {url}");
        let mut request = ureq::http::Request::builder().method(&method).uri(&url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answered = if body.is_empty() && !matches!(method, Method::POST | Method::PUT | Method::PATCH) {
            agent.run(request.body(()).unwrap())
        } else {
            let request = request.body(body).unwrap();
            agent.run(agent.configure_request(request).allow_non_standard_methods(true).build())
        };
        match answered {
            Ok(response) => {
                let answer = Answer::read(what, response);
                journal.note(&method, &url, &answer);
                answer
            }
            Err(error) => panic!("{what}: {error}"),
        }
    }
}
