//! The whole URL map. Each line is a handler; its method and path stand above the handler itself, and the
//! contract test fails where a route is missing here.

use actix_web::middleware::from_fn;
use actix_web::web;
use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{guard::guard, token};
use crate::{
    calendar, health, import, indicator, judgement, measure, metrics, openapi, organisation, plan, quality,
    results, status, submissions,
};

/// What is in the contract: all of `/v1`, behind the guard.
pub(crate) fn contract(routes: &mut ServiceConfig) {
    let v1 = scope("/v1").configure(|v1| {
        v1.service(token::create_token) //                    POST /token
            .service(organisation::list_organisations) //     GET  /organisations
            .service(organisation::create_organisation) //    POST /organisations
            .service(organisation::get_organisation) //       GET  /organisations/{organisation}
            .service(organisation::replace_organisation) //   PUT  /organisations/{organisation}
            .service(organisation::get_peer_group) //         GET  /organisations/{organisation}/peer-group
            .service(organisation::replace_peer_group) //     PUT  /organisations/{organisation}/peer-group
            .service(indicator::list_indicators) //           GET  /organisations/{organisation}/indicators
            .service(indicator::create_indicator) //          POST /organisations/{organisation}/indicators
            .service(indicator::get_indicator) //             GET  .../indicators/{indicator}
            .service(indicator::replace_indicator) //         PUT  .../indicators/{indicator}
            .service(indicator::list_indicator_revisions) //  GET  .../indicators/{indicator}/history
            .service(plan::list_schemes) //                   GET  /schemes
            .service(plan::list_plans) //                     GET  /organisations/{organisation}/plans
            .service(plan::create_plan) //                    POST /organisations/{organisation}/plans
            .service(plan::get_plan) //                       GET  /organisations/{organisation}/plans/{plan}
            .service(plan::replace_plan) //                   PUT  /organisations/{organisation}/plans/{plan}
            .service(plan::list_plan_revisions) //            GET  .../plans/{plan}/history
            .service(measure::list_measures) //               GET  .../plans/{plan}/measures
            .service(measure::create_measure) //              POST .../plans/{plan}/measures
            .service(measure::get_measure) //                 GET  .../plans/{plan}/measures/{measure}
            .service(measure::replace_measure) //             PUT  .../plans/{plan}/measures/{measure}
            .service(measure::list_measure_revisions) //      GET  .../measures/{measure}/history
            .service(results::list_results) //                GET  /organisations/{organisation}/results
            .service(results::push_results) //                POST /organisations/{organisation}/results
            .service(submissions::list_submissions) //        GET  /organisations/{organisation}/submissions
            .service(submissions::get_submission) //          GET  .../submissions/{submission}
            .service(submissions::get_rejected_rows) //       GET  .../submissions/{submission}/rejected
            .service(judgement::list_judgements) //           GET  .../plans/{plan}/measures/{measure}/judgements
            .service(judgement::create_judgement) //          POST .../plans/{plan}/measures/{measure}/judgements
            .service(import::import_table) //                 POST /organisations/{organisation}/plans/{plan}/imports
            .service(status::get_status) //                   GET  /organisations/{organisation}/plans/{plan}/status
            .service(status::get_summary) //                  GET  /organisations/{organisation}/plans/{plan}/summary
            .service(status::get_changes) //                  GET  /organisations/{organisation}/plans/{plan}/changes
            .service(status::get_trajectory) //               GET  .../plans/{plan}/measures/{measure}/trajectory
            .service(calendar::get_calendar) //               GET  /organisations/{organisation}/plans/{plan}/calendar
            .service(quality::list_quality_checklists) //     GET  /quality-checklists
            .service(quality::list_data_quality) //           GET  /organisations/{organisation}/plans/{plan}/quality
            .service(quality::list_quality_checks) //         GET  .../measures/{measure}/quality-checks
            .service(quality::create_quality_check) //        POST .../measures/{measure}/quality-checks
            .service(quality::get_quality_check) //           GET  .../measures/{measure}/quality-checks/{period}
            .service(quality::replace_quality_check); //      PUT  .../measures/{measure}/quality-checks/{period}
    });
    routes.service(v1.default_service(web::to(openapi::no_such_route)).wrap(from_fn(guard)));
}

/// What is for those who run the service, outside the contract.
pub(crate) fn operations(routes: &mut web::ServiceConfig) {
    routes
        .service(health::live) //       GET /health/live
        .service(health::ready) //      GET /health/ready
        .service(metrics::show) //      GET /metrics
        .service(openapi::show) //  GET /openapi.json
        .service(openapi::to_docs) //   GET /docs
        .service(openapi::docs()); //   GET /docs/...
}
