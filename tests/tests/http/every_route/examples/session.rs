//! The calls of one run: each is sent, checked and made into an example.

use serde_json::{Value, json};
use waymark_tests::{Answer, Caller, Contract, IdentityProvider, OWN, Request, Waymark};

use super::exchange::{Body, Exchange, Sent};
use super::normal::Normal;

/// The plan of `waymark demo`.
pub(super) const PLAN: &str = "cypp-2008-2011";

/// A run against one service.
pub(super) struct Session<'a> {
    pub(super) waymark: &'a Waymark,
    pub(super) exchanges: Vec<Exchange>,
    /// Texts that no example may show, and what stands for them.
    pub(super) hidden: Vec<(String, &'static str)>,
    contract: Contract,
}

/// A call of an operation, about to be made.
#[must_use]
pub(super) struct Call<'s, 'a> {
    session: &'s mut Session<'a>,
    id: &'static str,
    role: &'static str,
    parts: Vec<(&'static str, String)>,
    query: String,
    headers: Vec<(String, String)>,
    body: Body,
}

impl<'a> Session<'a> {
    pub(super) fn new(waymark: &'a Waymark) -> Self {
        let contract = Contract(waymark.stranger().get("/openapi.json").expect(200).json());
        Self { waymark, exchanges: Vec::new(), hidden: Vec::new(), contract }
    }

    /// A call of an operation, by a role; of none, without a token.
    pub(super) fn call(&mut self, role: &'static str, id: &'static str) -> Call<'_, 'a> {
        let parts = vec![("organisation", OWN.to_owned()), ("plan", PLAN.to_owned())];
        let (query, headers) = (String::new(), Vec::new());
        Call { session: self, id, role, parts, query, headers, body: Body::None }
    }

    /// The method, the path and the description of an operation.
    fn operation(&self, id: &str) -> (String, String, Value) {
        for (path, item) in self.contract.0["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                if operation["operationId"] == id {
                    return (method.to_uppercase(), path.clone(), operation.clone());
                }
            }
        }
        panic!("the contract has no operation {id}: remove the call")
    }

    /// Someone with the role, and a name as people have it in a council.
    fn caller(&self, role: &str) -> Caller {
        let name = match role {
            "" => return self.waymark.stranger(),
            "submitter" => "Case management system",
            "performance_officer" => "Performance officer",
            "accountable_officer" => "Head of service",
            "accountable_director" => "Director of children's services",
            "board_clerk" => "Clerk to the board",
            "admin" => "Administrator",
            _ => "Councillor",
        };
        let reach = if role == "admin" { "*" } else { OWN };
        self.waymark.bearer(&IdentityProvider::token(&[(role, reach)]).with("sub", json!(name)).sign())
    }
}

impl Call<'_, '_> {
    /// With this for a part of the path.
    pub(super) fn at(mut self, part: &'static str, value: &str) -> Self {
        self.parts.retain(|(name, _)| *name != part);
        self.parts.push((part, value.to_owned()));
        self
    }

    /// With a query, written without its question mark.
    pub(super) fn query(mut self, query: &str) -> Self {
        self.query = format!("?{query}");
        self
    }

    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// If what is there still has the entity tag of this answer.
    pub(super) fn if_match(self, read: &Answer) -> Self {
        self.header("if-match", &read.etag())
    }

    pub(super) fn json(mut self, body: Value) -> Self {
        self.body = Body::Json(body);
        self
    }

    pub(super) fn form(mut self, body: Value) -> Self {
        self.body = Body::Form(body);
        self
    }

    pub(super) fn text(mut self, media_type: &'static str, body: &str) -> Self {
        self.body = Body::Text(media_type, body.to_owned());
        self
    }

    /// Makes the call for what comes after it; it is no example.
    #[track_caller]
    pub(super) fn prepare(self) -> Answer {
        let (_, sent) = self.sent();
        let request = self.request(&sent);
        let answer = request.send();
        assert!((200..300).contains(&answer.status), "{}: {} {}", self.id, answer.status, answer.text);
        answer
    }

    /// Makes the call: the example of its operation.
    #[track_caller]
    pub(super) fn make(self) -> Answer {
        let (operation, sent) = self.sent();
        let answer = self.request(&sent).send();
        assert!((200..300).contains(&answer.status), "{}: {} {}", self.id, answer.status, answer.text);
        if sent.method == "GET" {
            self.check_head(&sent, &answer);
        }
        let Self { session, id, .. } = self;
        let mut normal = Normal::hiding(session.hidden.clone());
        let exchange = Exchange::check(&session.contract, (id, &operation), &sent, &answer, &mut normal);
        session.exchanges.push(exchange);
        answer
    }

    fn sent(&self) -> (Value, Sent) {
        let (method, template, operation) = self.session.operation(self.id);
        let path = self
            .parts
            .iter()
            .fold(template, |path, (part, value)| path.replace(&format!("{{{part}}}"), value));
        assert!(!path.contains('{'), "{}: the call says nothing of {path}", self.id);
        let sent =
            Sent { method, path: path + &self.query, headers: self.headers.clone(), body: self.body.clone() };
        (operation, sent)
    }

    fn request(&self, sent: &Sent) -> Request {
        // Named after the operation, so that the trail can be asked for what a call did.
        let id = format!("example-{}", self.id.replace('_', "-"));
        let caller = self.session.caller(self.role);
        let request = caller.request(&sent.method, &sent.path).header("x-request-id", &id);
        let request = sent.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        match &sent.body {
            Body::None => request,
            Body::Json(body) => request.json(body),
            Body::Form(body) => {
                let pairs = body.as_object().unwrap().iter();
                let pairs: Vec<String> =
                    pairs.map(|(name, value)| format!("{name}={}", value.as_str().unwrap())).collect();
                request.body("application/x-www-form-urlencoded", pairs.join("&"))
            }
            Body::Text(media_type, text) => request.body(media_type, text.as_str()),
        }
    }

    /// HEAD has the status and the headers of GET, and no body.
    fn check_head(&self, sent: &Sent, answer: &Answer) {
        let head = Sent {
            method: "HEAD".into(),
            path: sent.path.clone(),
            headers: sent.headers.clone(),
            body: Body::None,
        };
        let head = self.request(&head).send();
        assert_eq!((head.status, head.text.as_str()), (answer.status, ""), "HEAD of {}", self.id);
        let of = |answer: &Answer| {
            // What pages may read is sent in any order, and only by what runs after the cache: there is no page here.
            let differs = [
                "access-control-expose-headers",
                "date",
                "ratelimit-remaining",
                "ratelimit-reset",
                "transfer-encoding",
            ];
            let all = answer.headers.iter().map(|(name, value)| (name.to_string(), value.clone()));
            let mut all: Vec<_> = all.filter(|(name, _)| !differs.contains(&name.as_str())).collect();
            all.sort();
            all
        };
        assert_eq!(of(&head), of(answer), "HEAD of {}", self.id);
    }
}
