//! Health: whether the process lives, and whether it can do its work.

use actix_web::{HttpResponse, get, web};
use serde_json::json;

use crate::problem::Problem;
use crate::service::Service;

/// Answers as long as the process does.
#[get("/health/live")]
pub(crate) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "live"}))
}

/// Answers 200 where the database does too, else 503.
#[get("/health/ready")]
pub(crate) async fn ready(service: web::Data<Service>) -> Result<HttpResponse, Problem> {
    service.ping().await?;
    Ok(HttpResponse::Ok().json(json!({"status": "ready"})))
}
