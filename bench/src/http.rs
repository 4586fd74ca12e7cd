//! Requests of the bench itself.

use std::io::Read;
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::Response;
use ureq::{AsSendBody, Body, RequestBuilder};

use crate::process::Say;

/// Talks to one service. Cheap to clone; each clone shares the connections.
#[derive(Clone)]
pub(crate) struct Client {
    agent: Agent,
    root: String,
    authorization: Option<String>,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The entity tag; empty where there is none.
    pub(crate) etag: String,
    /// The location of the resource; empty if there is none.
    pub(crate) location: String,
    /// The body.
    pub(crate) text: String,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value, String> {
        serde_json::from_str(&self.text).say("an answer")
    }

    /// The same answer, which must be a success.
    pub(crate) fn sound(self) -> Result<Self, String> {
        match self.status {
            200..300 => Ok(self),
            status => Err(format!("the service answered {status}: {}", beginning(&self.text))),
        }
    }
}

fn beginning(text: &str) -> String {
    text.chars().take(600).collect()
}

impl Client {
    /// A caller without a token.
    pub(crate) fn stranger(root: &str) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).proxy(None).no_delay(true);
        Self { agent: config.build().into(), root: root.to_owned(), authorization: None }
    }

    /// A caller with a token.
    pub(crate) fn bearer(root: &str, token: &str) -> Self {
        Self { authorization: Some(format!("Bearer {token}")), ..Self::stranger(root) }
    }

    /// The same one with connections of its own.
    pub(crate) fn apart(&self) -> Self {
        Self { authorization: self.authorization.clone(), ..Self::stranger(&self.root) }
    }

    fn signed<B>(&self, request: RequestBuilder<B>) -> RequestBuilder<B> {
        match &self.authorization {
            Some(authorization) => request.header("authorization", authorization),
            None => request,
        }
    }

    /// GET.
    pub(crate) fn get(&self, path: &str) -> Result<Answer, String> {
        read(self.signed(self.agent.get(format!("{}{path}", self.root))).call().say(path)?)
    }

    /// GET, with the body counted and dropped as it comes.
    pub(crate) fn drain(&self, path: &str, accept: &str) -> Result<u64, String> {
        let request = self.agent.get(format!("{}{path}", self.root)).header("accept", accept);
        let answer = self.signed(request).call().say(path)?;
        if !answer.status().is_success() {
            return read(answer)?.sound().map(|_| 0);
        }
        std::io::copy(&mut answer.into_body().into_reader(), &mut std::io::sink()).say(path)
    }

    /// POST; a file is streamed, without a length.
    pub(crate) fn post(&self, path: &str, media_type: &str, body: impl AsSendBody) -> Result<Answer, String> {
        let request = self.agent.post(format!("{}{path}", self.root)).header("content-type", media_type);
        read(self.signed(request).send(body).say(path)?)
    }

    /// POST of JSON, which must be a success; repeated while the service says that it cannot for now.
    pub(crate) fn create(&self, path: &str, body: &Value) -> Result<Answer, String> {
        let body = body.to_string();
        let mut answer = self.post(path, "application/json", &body)?;
        for _ in 0..20 {
            if answer.status != 503 {
                break;
            }
            std::thread::sleep(Duration::from_millis(500));
            answer = self.post(path, "application/json", &body)?;
        }
        answer.sound()
    }
}

fn read(answer: Response<Body>) -> Result<Answer, String> {
    let status = answer.status().as_u16();
    let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (etag, location) = (header("etag").to_owned(), header("location").to_owned());
    let mut text = String::new();
    answer.into_body().into_reader().read_to_string(&mut text).say("an answer")?;
    Ok(Answer { status, etag, location, text })
}
