//! The contract: generated from the handlers, completed by `rules`, and served with a documentation page.

mod directions;
mod examples;
pub(crate) mod negotiation;
pub(crate) mod pages;
mod parts;
mod rules;
mod schemas;
#[cfg(test)]
mod tests;
mod v3_0;

use std::sync::LazyLock;

use actix_web::dev::{HttpServiceFactory, ResourceDef};
use actix_web::http::header::{ALLOW, HeaderValue, LOCATION};
use actix_web::{App, HttpRequest, HttpResponse, get};
use serde_json::Value;
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::http::etag::Conditions;
use crate::http::problem::{Kind, Problem};
use crate::http::response::Response;
use crate::routes;

/// Everything that no handler declares.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Waymark",
        description = "The performance framework of a council's children's services: plans, indicators, targets \
            and results, and whether each measure is on course.\n\n\
            Every failure is an RFC 9457 problem with a stable `type`, a page that explains it at that address, and a \
            JSON pointer or parameter name for each error. Every resource has an entity tag; changes need `If-Match`. \
            Every POST accepts an `Idempotency-Key`, which makes it safe to repeat.\n\n\
            Request bodies may be compressed (`Content-Encoding: gzip`); responses are compressed on request \
            (`Accept-Encoding: gzip`). `HEAD` is available wherever `GET` is.\n\n\
            Not part of this contract: `/health/live`, `/health/ready` and `/metrics`, which are for operators.",
        contact(name = "Waymark", url = "https://waymark.invalid"),
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "access", description = "Tokens for registered clients."),
        (name = "organisations", description = "Councils and partners, and their peer groups."),
        (name = "indicators", description = "Definitions: what is measured, its unit and polarity."),
        (name = "plans", description = "Strategies: themes, priorities, rating scheme, and the import of a performance table."),
        (name = "measures", description = "An indicator's place in a plan: baseline, targets, trajectory, lead."),
        (name = "targets", description = "Gaps in target setting, target proposals, and the decisions of boards on them."),
        (name = "deletions", description = "Measures that leave a plan: proposals, board decisions, restorations."),
        (name = "results", description = "Results: bulk pushes, lists and exports, as known at any moment."),
        (name = "status", description = "Ratings with their explanation, summaries, changes between two dates, and the calendar of results."),
        (name = "quality", description = "Data quality: checklists, and the checks of measures against them."),
        (name = "trackers", description = "A priority's account for a quarter: drafting, agreement, publication, history and exceptions."),
        (name = "commitments", description = "What a plan promises beside its indicators, with progress reports."),
        (name = "notices", description = "Improvement notices: requirements, progress, and conditions judged from results."),
        (name = "trail", description = "Who changed what, when, and in which request."),
    ),
    components(schemas(
        crate::http::problem::ProblemBody<'static>,
        crate::http::problem::Fault,
        crate::results::RefusedPush,
    )),
)]
struct Frame;

/// The contract and what is derived from it.
struct Published {
    document: Value,
    text: String,
    /// The paths of the contract, each with the methods that it supports.
    paths: Vec<(ResourceDef, String)>,
}

static PUBLISHED: LazyLock<Published> = LazyLock::new(|| {
    let app = App::new().into_utoipa_app().openapi(Frame::openapi()).configure(routes::contract);
    // utoipa's document consists of maps and texts only, so it can always be written as JSON.
    let mut document = serde_json::to_value(app.split_for_parts().1).unwrap_or_default();
    rules::complete(&mut document);
    examples::add(&mut document);
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let paths = paths.map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item))).collect();
    Published { document, text, paths }
});

fn methods(item: &Value) -> String {
    let mut named: Vec<String> =
        item.as_object().into_iter().flatten().map(|(method, _)| method.to_ascii_uppercase()).collect();
    if named.iter().any(|method| method == "GET") {
        named.push("HEAD".to_owned());
    }
    named.join(", ")
}

/// The contract, as it is committed and served: JSON, indented, with a line feed at its end.
pub(crate) fn contract() -> &'static str {
    &PUBLISHED.text
}

/// The same in OpenAPI 3.0.3.
pub(crate) fn contract_3_0() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let mut text = serde_json::to_string_pretty(&v3_0::convert(contract_value())).unwrap_or_default();
        text.push('\n');
        text
    });
    &TEXT
}

/// The contract as a JSON value.
pub(crate) fn contract_value() -> &'static Value {
    &PUBLISHED.document
}

/// The contract.
#[get("/openapi.json")]
pub(crate) async fn show(conditions: Conditions) -> Result<Response, Problem> {
    Ok(Response::ok(contract_value())?.unless_known(&conditions))
}

/// The contract in OpenAPI 3.0.3, for generators that cannot read 3.1.
#[get("/openapi-3.0.json")]
pub(crate) async fn show_3_0(conditions: Conditions) -> Result<Response, Problem> {
    Ok(Response::ok(&v3_0::convert(contract_value()))?.unless_known(&conditions))
}

/// The page to read the contract on, with everything that it needs.
pub(crate) fn docs() -> impl HttpServiceFactory {
    // By default the page sends the contract to a validator on the internet unless its own host is localhost.
    SwaggerUi::new("/docs/{_:.*}").config(Config::from("/openapi.json").validator_url("none"))
}

/// To the page's real address.
#[get("/docs")]
pub(crate) async fn to_docs() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, HeaderValue::from_static("/docs/"))).finish()
}

/// The response to a request that no handler takes: 405 if the contract has the path, else 404.
pub(crate) async fn no_such_route(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let known = PUBLISHED.paths.iter().find(|(path, _)| path.is_match(request.path()));
    let Some((_, methods)) = known else {
        return Err(Problem::new(Kind::UnknownPath));
    };
    let allow = HeaderValue::from_str(methods).map_err(Problem::internal)?;
    let detail = format_args!("this path supports {methods}");
    Err(Problem::new(Kind::MethodNotAllowed).detail(detail).header(ALLOW, allow))
}
