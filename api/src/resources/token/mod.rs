//! `POST /v1/token`: issues an access token to a registered client (OAuth 2.0 client credentials, RFC 6749).

use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, post, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use waymark_domain::access::{Grant, Reach, Role};
use waymark_persistence::Needs;
use waymark_persistence::clients::{self, Client};

use crate::auth::jwt::LIFETIME_SECONDS;
use crate::auth::secret;
use crate::http::body::Body;
use crate::http::params;
use crate::http::params::NoQuery;
use crate::http::problem::{Kind, Problem};
use crate::http::runtime::{blocking, now};
use crate::state::AppState;

/// The one path under `/v1` that needs no token.
pub(crate) const PATH: &str = "/v1/token";

/// A token request, as a form. The client authenticates here or with HTTP Basic, not with both.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRequest {
    /// Always `client_credentials`.
    grant_type: GrantType,
    /// The client's id.
    #[schema(nullable = false)]
    client_id: Option<Uuid>,
    /// The client's secret.
    #[schema(nullable = false, max_length = 200, format = Password)]
    client_secret: Option<String>,
}

/// The OAuth 2.0 grant type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GrantType {
    /// The client's own id and secret.
    ClientCredentials,
}

/// An access token.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Token {
    /// Send it as `Authorization: Bearer <access_token>`.
    #[schema(max_length = 8000)]
    access_token: String,
    /// Always `Bearer`.
    token_type: TokenType,
    /// Seconds until it expires.
    #[schema(minimum = 1, maximum = 86400)]
    expires_in: i64,
}

/// The kind of a token.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) enum TokenType {
    /// The token alone authorises a request.
    Bearer,
}

/// Issues an access token to a registered client.
///
/// The token is valid for 15 minutes, or until the client is revoked.
#[utoipa::path(
    tag = "access",
    operation_id = "create_token",
    security(()),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The token", body = Token))
)]
#[post("/token")]
pub(crate) async fn create_token(
    service: web::Data<AppState>,
    _: NoQuery,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let form: TokenRequest = read_form(&body)?;
    let GrantType::ClientCredentials = form.grant_type;
    let (id, given) = credentials(request.headers(), form)?;
    // Never from a replica: it may not have a revocation yet.
    let find = move |connection: &mut _| Ok(clients::find(connection, id)?);
    let client = service.read_where(Needs::Present, find).await?;
    let client = client.filter(|client| client.revoked_at.is_none());
    let turn = secret::turn().await?;
    let check = move || {
        let _turn = turn;
        Ok(checked(client, &given))
    };
    let client = blocking(check).await?.ok_or_else(unknown_client)?;
    let token = service.tokens.issue(client.id, &grants(&client), now(), LIFETIME_SECONDS)?;
    let token = Token { access_token: token, token_type: TokenType::Bearer, expires_in: LIFETIME_SECONDS };
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store"))).json(token))
}

fn read_form(body: &Body) -> Result<TokenRequest, Problem> {
    body.require_media_type("application/x-www-form-urlencoded")?;
    params::read(body.text()?.as_bytes()).map_err(|fault| {
        let other_grant = fault.parameter.as_deref() == Some("grant_type") && fault.code == "unknown_value";
        let error = if other_grant { "unsupported_grant_type" } else { "invalid_request" };
        Problem::new(Kind::InvalidTokenRequest).faults([fault]).oauth(error)
    })
}

fn checked(client: Option<Client>, given: &str) -> Option<Client> {
    let fits = secret::verify(given, client.as_ref().map(|client| client.secret_hash.as_str()));
    client.filter(|_| fits)
}

/// The grants that were stored with the client; roles that no longer exist grant nothing.
pub(crate) fn grants(client: &Client) -> Vec<Grant> {
    let read = |role: &str, reach: &str| {
        Some(Grant { role: role.parse::<Role>().ok()?, reach: reach.parse::<Reach>().ok()? })
    };
    client.grants.iter().filter_map(|grant| read(&grant.role, &grant.organisation)).collect()
}

fn credentials(headers: &HeaderMap, form: TokenRequest) -> Result<(Uuid, String), Problem> {
    let invalid =
        |detail: &str| Problem::new(Kind::InvalidTokenRequest).detail(detail).oauth("invalid_request");
    let (id, secret) = match (headers.get(AUTHORIZATION), form.client_id, form.client_secret) {
        (None, Some(id), Some(secret)) => (id, secret),
        (Some(value), None, None) => basic(value).ok_or_else(unknown_client)?,
        (Some(_), _, _) => {
            return Err(invalid(
                "authenticate with HTTP Basic or with the form fields client_id and client_secret, not with both",
            ));
        }
        (None, _, _) => return Err(invalid("client_id and client_secret are required")),
    };
    if secret.len() > secret::MAX_LEN { Err(unknown_client()) } else { Ok((id, secret)) }
}

fn basic(value: &HeaderValue) -> Option<(Uuid, String)> {
    let (scheme, encoded) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((Uuid::parse_str(id).ok()?, secret.to_owned()))
}

fn unknown_client() -> Problem {
    Problem::new(Kind::InvalidClient)
        .detail("the client id or the secret is wrong, or the client was revoked")
        .oauth("invalid_client")
        .header(WWW_AUTHENTICATE, HeaderValue::from_static(r#"Basic realm="waymark""#))
}
