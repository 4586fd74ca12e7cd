//! Health: whether the process runs, and whether it can serve requests.

use actix_web::{HttpResponse, get, web};
use serde_json::{Value, json};
use waymark_persistence::{Lag, ReplicaState, Standing};

use crate::http::problem::Problem;
use crate::state::AppState;

/// Returns 200 while the process runs.
#[get("/health/live")]
pub(crate) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "live"}))
}

/// Returns 200 if the database responds, else 503, with the state of each replica in the order of their addresses.
/// Reads continue without replicas, so their state does not change the status.
#[get("/health/ready")]
pub(crate) async fn ready(service: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    service.ping().await?;
    let replicas: Vec<Value> = service.store.replicas().into_iter().map(replica_state).collect();
    Ok(HttpResponse::Ok().json(match replicas.is_empty() {
        true => json!({"status": "ready"}),
        false => json!({"status": "ready", "replicas": replicas}),
    }))
}

fn replica_state(ReplicaState { standing, lag }: ReplicaState) -> Value {
    let state = match standing {
        Standing::Serving => "serving",
        Standing::Lagging => "lagging",
        Standing::Unreachable => "unreachable",
        Standing::Foreign => "no_standby",
    };
    let seconds = lag.and_then(|lag| lag.time).map(|time| time.as_secs());
    json!({"state": state, "lag_bytes": lag.map(|Lag { bytes, .. }| bytes), "lag_seconds": seconds})
}
