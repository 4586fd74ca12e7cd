//! The whole URL map. Each line is a handler; its method and path stand above the handler itself, and the
//! contract test fails where a route is missing here.

use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa_actix_web::OpenApiFactory;
use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::reporting::{calendar, links, status};
use crate::resources::token;
use crate::resources::{
    commitments, data_quality, deletions, indicators, judgements, measures, notices, organisations, plans,
    targets, trackers, trail,
};
use crate::results::submissions;
use crate::{import, results};

/// Takes handlers: to serve them, or to publish the contract of them. To serve them without making the contract once more
/// for each worker saves some ten megabytes a worker.
trait Routes {
    fn service<H: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, handler: H) -> &mut Self;
}

impl Routes for ServiceConfig<'_> {
    fn service<H: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, handler: H) -> &mut Self {
        Self::service(self, handler)
    }
}

impl Routes for web::ServiceConfig {
    fn service<H: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, handler: H) -> &mut Self {
        Self::service(self, handler)
    }
}

/// What the contract is made of.
pub(crate) fn contract(routes: &mut ServiceConfig<'_>) {
    routes.service(scope("/v1").configure(|routes: &mut ServiceConfig<'_>| v1(routes)));
}

/// The same as it is served.
pub(crate) fn served(routes: &mut web::ServiceConfig) {
    v1(routes);
}

/// What is in the contract: all of `/v1`.
fn v1<R: Routes>(v1: &mut R) {
    // Routes are tried in this order, each with a regular expression, so those that are asked for most stand first.
    v1.service(status::get_status) //                      GET  /organisations/{organisation}/plans/{plan}/status
        .service(status::get_summary) //                     GET  /organisations/{organisation}/plans/{plan}/summary
        .service(results::list_results) //                   GET  /organisations/{organisation}/results
        .service(results::push_results) //                   POST /organisations/{organisation}/results
        .service(token::create_token) //                              POST /token
        .service(organisations::list_organisations) //        GET  /organisations
        .service(organisations::create_organisation) //       POST /organisations
        .service(organisations::get_organisation) //          GET  /organisations/{organisation}
        .service(organisations::replace_organisation) //      PUT  /organisations/{organisation}
        .service(organisations::get_peer_group) //            GET  /organisations/{organisation}/peer-group
        .service(organisations::replace_peer_group) //        PUT  /organisations/{organisation}/peer-group
        .service(indicators::list_indicators) //              GET  /organisations/{organisation}/indicators
        .service(indicators::create_indicator) //             POST /organisations/{organisation}/indicators
        .service(indicators::get_indicator) //                GET  .../indicators/{indicator}
        .service(indicators::replace_indicator) //            PUT  .../indicators/{indicator}
        .service(indicators::list_indicator_revisions) //     GET  .../indicators/{indicator}/history
        .service(plans::list_schemes) //                      GET  /schemes
        .service(plans::list_plans) //                        GET  /organisations/{organisation}/plans
        .service(plans::create_plan) //                       POST /organisations/{organisation}/plans
        .service(plans::get_plan) //                          GET  /organisations/{organisation}/plans/{plan}
        .service(plans::replace_plan) //                      PUT  /organisations/{organisation}/plans/{plan}
        .service(plans::list_plan_revisions) //               GET  .../plans/{plan}/history
        .service(measures::list_measures) //                  GET  .../plans/{plan}/measures
        .service(measures::create_measure) //                 POST .../plans/{plan}/measures
        .service(measures::get_measure) //                    GET  .../plans/{plan}/measures/{measure}
        .service(measures::replace_measure) //                PUT  .../plans/{plan}/measures/{measure}
        .service(measures::list_measure_revisions) //         GET  .../measures/{measure}/history
        .service(targets::list_gaps) //               GET  .../plans/{plan}/gaps
        .service(targets::list_target_proposals) //   GET  .../plans/{plan}/target-proposals
        .service(targets::create_target_proposals) // POST .../plans/{plan}/target-proposals
        .service(targets::get_target_proposal) //     GET  .../target-proposals/{proposal}
        .service(targets::revise_target_proposal) //  PUT  .../target-proposals/{proposal}
        .service(targets::list_target_proposal_revisions) // GET  .../target-proposals/{proposal}/history
        .service(targets::withdraw_target_proposal) // POST .../target-proposals/{proposal}/withdrawal
        .service(targets::decide_target_proposals) // POST .../plans/{plan}/target-decisions
        .service(deletions::list_deletions) //               GET  .../plans/{plan}/deletions
        .service(deletions::propose_deletions) //            POST .../plans/{plan}/deletions
        .service(deletions::get_deletion) //                 GET  .../plans/{plan}/deletions/{deletion}
        .service(deletions::list_deletion_revisions) //      GET  .../deletions/{deletion}/history
        .service(deletions::withdraw_deletion) //            POST .../deletions/{deletion}/withdrawal
        .service(deletions::decide_deletions) //             POST .../plans/{plan}/deletion-decisions
        .service(results::export_results) //                 GET  /organisations/{organisation}/results/export
        .service(submissions::list_submissions) //           GET  /organisations/{organisation}/submissions
        .service(submissions::get_submission) //             GET  .../submissions/{submission}
        .service(submissions::cancel_submission) //          POST .../submissions/{submission}/cancellation
        .service(submissions::get_rejected_rows) //          GET  .../submissions/{submission}/rejected
        .service(judgements::list_judgements) //              GET  .../plans/{plan}/measures/{measure}/judgements
        .service(judgements::create_judgement) //             POST .../plans/{plan}/measures/{measure}/judgements
        .service(links::get_measure_links) //                GET  .../plans/{plan}/measures/{measure}/links
        .service(import::import_table) //                    POST /organisations/{organisation}/plans/{plan}/imports
        .service(status::get_changes) //                     GET  /organisations/{organisation}/plans/{plan}/changes
        .service(status::get_trajectory) //                  GET  .../plans/{plan}/measures/{measure}/trajectory
        .service(calendar::get_calendar) //                  GET  /organisations/{organisation}/plans/{plan}/calendar
        .service(calendar::list_unscheduled_measures) //     GET  .../plans/{plan}/calendar/unscheduled
        .service(data_quality::list_quality_checklists) //        GET  /quality-checklists
        .service(data_quality::list_data_quality) //              GET  /organisations/{organisation}/plans/{plan}/quality
        .service(data_quality::list_quality_checks) //            GET  .../measures/{measure}/quality-checks
        .service(data_quality::create_quality_check) //           POST .../measures/{measure}/quality-checks
        .service(data_quality::get_quality_check) //              GET  .../measures/{measure}/quality-checks/{period}
        .service(data_quality::replace_quality_check) //          PUT  .../measures/{measure}/quality-checks/{period}
        .service(trackers::list_trackers) //                  GET  .../plans/{plan}/trackers
        .service(trackers::create_tracker) //                 POST .../plans/{plan}/trackers
        .service(trackers::get_tracker) //                    GET  .../plans/{plan}/trackers/{priority}/{quarter}
        .service(trackers::replace_tracker) //                PUT  .../plans/{plan}/trackers/{priority}/{quarter}
        .service(trackers::list_tracker_revisions) //         GET  .../trackers/{priority}/{quarter}/history
        .service(trackers::submit_tracker) //                 POST .../trackers/{priority}/{quarter}/submission
        .service(trackers::agree_tracker) //                  POST .../trackers/{priority}/{quarter}/agreement
        .service(trackers::return_tracker) //                 POST .../trackers/{priority}/{quarter}/return
        .service(trackers::publish_tracker) //                POST .../trackers/{priority}/{quarter}/publication
        .service(trackers::carry_tracker_forward) //          POST .../trackers/{priority}/{quarter}/next
        .service(trackers::get_tracker_history) //            GET  .../plans/{plan}/tracker-history
        .service(trackers::get_tracker_exceptions) //         GET  .../plans/{plan}/tracker-exceptions
        .service(commitments::list_commitments) //            GET  .../plans/{plan}/commitments
        .service(commitments::create_commitment) //           POST .../plans/{plan}/commitments
        .service(commitments::get_commitment) //              GET  .../plans/{plan}/commitments/{commitment}
        .service(commitments::replace_commitment) //          PUT  .../plans/{plan}/commitments/{commitment}
        .service(commitments::list_commitment_revisions) //   GET  .../commitments/{commitment}/history
        .service(commitments::report_progress) //             POST .../commitments/{commitment}/reports
        .service(commitments::close_commitment) //            POST .../commitments/{commitment}/closure
        .service(commitments::reopen_commitment) //           POST .../commitments/{commitment}/reopening
        .service(commitments::get_commitment_summary) //      GET  .../plans/{plan}/commitment-summary
        .service(notices::list_notices) //                    GET  .../plans/{plan}/notices
        .service(notices::create_notice) //                   POST .../plans/{plan}/notices
        .service(notices::get_notice) //                      GET  .../plans/{plan}/notices/{notice}
        .service(notices::replace_notice) //                  PUT  .../plans/{plan}/notices/{notice}
        .service(notices::list_notice_revisions) //           GET  .../notices/{notice}/history
        .service(notices::list_notice_conditions) //          GET  .../notices/{notice}/conditions
        .service(notices::record_notice_progress) //          POST .../notices/{notice}/progress
        .service(notices::close_notice) //                    POST .../notices/{notice}/closure
        .service(notices::reinstate_notice) //                POST .../notices/{notice}/reinstatement
        .service(trail::list_trail) //                       GET  /organisations/{organisation}/trail
        .service(trail::export_trail) //                     GET  /organisations/{organisation}/trail/export
        .service(trail::get_trail_entry); //                 GET  .../trail/{entity}/{revision}
}
