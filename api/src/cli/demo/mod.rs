//! `waymark demo`: a whole service in one command. A database, a demonstration council with the framework of a
//! real plan (from the figures of a published review), a token for each role, and commands to try.

mod commitments;
mod deletions;
mod notices;
mod quality;
mod targets;
mod trackers;

use std::net::SocketAddr;

use chrono::{DateTime, NaiveDate, Utc};
use clap::{Parser, ValueEnum};
use serde_json::json;
use uuid::Uuid;
use waymark_domain::access::{Grant, Reach, Role};
use waymark_domain::code::Code;
use waymark_domain::indicator::Frequency;
use waymark_domain::notation::YearKind;
use waymark_domain::organisation::{Organisation, PeerGroup};
use waymark_domain::period::Period;
use waymark_domain::plan::Plan;
use waymark_domain::scheme::Scheme;
use waymark_domain::text::Title;
use waymark_persistence::plan_item::PlanPlace;
use waymark_persistence::{Change, Connection, Store, clients, organisation, plan};

use crate::application::{Application, open};
use crate::auth::jwt::Tokens;
use crate::auth::secret;
use crate::cli::add_client;
use crate::http::problem::Problem;
use crate::import::{Table, read_table};
use crate::ops::telemetry;
use crate::settings::{
    DatabaseSettings, HttpSettings, LogSettings, PushSettings, ReplicaSettings, Settings, TokenSettings,
};

const TABLE: &str = include_str!("../../../data/leicestershire-cypp-2008-2011.csv");
const ORGANISATION: &str = "leicestershire";
const PLAN: &str = "cypp-2008-2011";
/// The date of the review that the table is from.
const REPORT: &str = "2010-03-31";
/// A working day, so that a token does not expire while trying things out.
const TOKEN_SECONDS: i64 = 12 * 60 * 60;

/// What `demo` needs to know. Every one of these has a default.
#[derive(Debug, Parser)]
pub(super) struct DemoSettings {
    /// The database, `sqlite:path` or `postgres://...`; what is there already is kept
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, default_value = "sqlite:waymark-demo.db")]
    database_url: String,
    /// How the addresses and tokens are printed
    #[arg(long, value_enum, default_value_t = Output::Text)]
    output: Output,
    #[command(flatten)]
    http: HttpSettings,
    #[command(flatten)]
    pushes: PushSettings,
    #[command(flatten)]
    log: LogSettings,
}

/// For whom the demo prints.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Output {
    /// For people.
    Text,
    /// For programs: one line of JSON.
    Json,
}

/// A role and its token.
type RoleToken = (Role, String);

/// Makes the demonstration data where they are missing, serves, and prints where to look.
///
/// # Errors
/// A sentence that says what stopped it.
pub(super) fn run(demo: DemoSettings) -> Result<(), String> {
    let DemoSettings { database_url, output, mut http, pushes, log } = demo;
    if http.cors_origins.is_empty() {
        // A front end under development calls from a port of the same machine.
        http.cors_origins = vec!["http://localhost:*".parse()?, "http://127.0.0.1:*".parse()?];
    }
    telemetry::start(&log)?;
    let database = DatabaseSettings { database_url, database_pool: 8 };
    let tokens = TokenSettings::own(secret::generate().parse()?);
    let role_tokens =
        prepare(&database, &tokens).map_err(|error| format!("the demonstration data: {error}"))?;
    actix_web::rt::System::new().block_on(async {
        let application = Application::build(Settings {
            database,
            replicas: ReplicaSettings::default(),
            http,
            pushes,
            tokens,
            log,
        })?;
        let announce = |addresses: &[SocketAddr]| {
            for address in addresses.iter().take(1) {
                let url = format!("http://{address}");
                match output {
                    Output::Text => print!("{}", for_people(&url, &role_tokens)),
                    Output::Json => println!("{}", for_programs(&url, &role_tokens)),
                }
            }
        };
        application.announce_and_run(announce).await.map_err(|error| format!("the server broke: {error}"))
    })
}

fn prepare(database: &DatabaseSettings, settings: &TokenSettings) -> Result<Vec<RoleToken>, String> {
    let store = open(&database.database_url, database.database_pool)?;
    let now = Utc::now();
    let change =
        Change { author: "demo".to_owned(), roles: String::new(), request_id: "demo".to_owned(), at: now };
    store.write(|connection| make(connection, &change)).map_err(|problem| problem.to_string())?;
    let tokens = Tokens::new(settings)?;
    let organisation = code(ORGANISATION)?;
    Role::ALL.into_iter().map(|role| role_token(&store, &tokens, role, &organisation, now)).collect()
}

/// The organisation, its plan, and the table.
fn make(connection: &mut Connection, change: &Change) -> Result<(), Problem> {
    let (organisation_code, plan_code) =
        (code(ORGANISATION).map_err(Problem::internal)?, code(PLAN).map_err(Problem::internal)?);
    let council = match organisation::find(connection, &organisation_code, None)? {
        Some(council) => council,
        None => organisation::create(connection, &organisation_code, &council()?, change)?,
    };
    let id = council.versioned.id;
    if plan::find(connection, id, &plan_code, None)?.is_some() {
        return Ok(());
    }
    let made = plan::create(connection, id, &plan_code, &children_s_plan()?, change)?;
    let as_at: NaiveDate = REPORT.parse().map_err(Problem::internal)?;
    let rows = read_table(TABLE)?;
    let codes = (organisation_code.clone(), plan_code.clone());
    let table =
        Table { organisation: organisation_code, plan: plan_code, as_at, year: YearKind::Financial, rows };
    table.import(connection, change)?;
    targets::make(connection, &codes, change)?;
    deletions::make(connection, &codes, change)?;
    let place = PlanPlace { organisation: id, plan: made.versioned.id };
    quality::make(connection, place, change)?;
    notices::make(connection, &codes, change)?;
    // The import has given the plan its themes.
    let plan = plan::find(connection, id, &table.plan, None)?.ok_or_else(|| Problem::not_found("plan"))?;
    commitments::make(connection, &plan, change)?;
    trackers::make(connection, &codes, change)
}

fn council() -> Result<Organisation, Problem> {
    let members = ["warwickshire", "hampshire", "gloucestershire"]
        .map(|member| code(member).map_err(Problem::internal));
    Ok(Organisation {
        title: title("Leicestershire (demonstration)")?,
        small_count_threshold: Organisation::SMALL_COUNT_THRESHOLD,
        peer_group: Some(PeerGroup {
            title: title("Counties to compare with (demonstration)")?,
            members: members.into_iter().collect::<Result<_, _>>()?,
        }),
    })
}

fn children_s_plan() -> Result<Plan, Problem> {
    let span: Period = "2008-04-01/2011-03-31".parse().map_err(Problem::internal)?;
    Ok(Plan {
        title: title("Children and Young People's Plan 2008 to 2011")?,
        span,
        themes: Vec::new(),
        priorities: Vec::new(),
        scheme: Scheme::baseline_to_target(),
        reporting_cycle: Frequency::HalfYearly,
        exception_rules: waymark_domain::tracker::ExceptionRule::shipped(),
    })
}

fn title(text: &str) -> Result<Title, Problem> {
    Title::new(text).map_err(Problem::internal)
}

fn code(text: &str) -> Result<Code, String> {
    Code::new(text).map_err(|error| error.to_string())
}

/// A token of the demonstration's client for a role, which is registered if it is not there yet.
fn role_token(
    store: &Store,
    tokens: &Tokens,
    role: Role,
    organisation: &Code,
    now: DateTime<Utc>,
) -> Result<RoleToken, String> {
    let name = format!("demo-{role}");
    // An administrator of the demonstration may make organisations, which no single organisation can allow.
    let reach =
        if role == Role::Admin { Reach::Everywhere } else { Reach::Organisation(organisation.clone()) };
    let grants = [Grant { role, reach }];
    let registered = store.read(clients::list).map_err(|error| error.to_string())?;
    let known = registered.iter().find(|client| client.name == name && client.revoked_at.is_none());
    let id: Uuid = match known {
        Some(client) => client.id,
        None => add_client(store, &name, &grants)?.0,
    };
    let token = tokens.issue(id, &grants, now, TOKEN_SECONDS).map_err(|problem| problem.to_string())?;
    Ok((role, token))
}

fn for_programs(url: &str, tokens: &[RoleToken]) -> String {
    let tokens: serde_json::Map<String, serde_json::Value> =
        tokens.iter().map(|(role, token)| (role.name().to_owned(), json!(token))).collect();
    json!({"url": url, "organisation": ORGANISATION, "plan": PLAN, "tokens": tokens}).to_string()
}

fn for_people(url: &str, tokens: &[RoleToken]) -> String {
    let token = |wanted: Role| {
        tokens.iter().find(|(role, _)| *role == wanted).map(|(_, token)| token.as_str()).unwrap_or_default()
    };
    let base = format!("{url}/v1/organisations/{ORGANISATION}");
    let listed: String =
        tokens.iter().map(|(role, token)| format!("  {:<21} {token}\n", role.name())).collect();
    let (submitter, reader) = (token(Role::Submitter), token(Role::Reader));
    format!(
        r#"
Waymark is running at {url}
The contract, to read and to try: {url}/docs

Tokens for the organisation {ORGANISATION}, good for 12 hours:
{listed}
Push two results of September 2010 (paste into another terminal):

curl -sS -X POST '{base}/results' -H 'Authorization: Bearer {submitter}' -H 'Content-Type: application/json' -d '{{"results":[{{"indicator":"NI60","period":"2010-09","value":91.2}},{{"indicator":"NI52","period":"2010-09","value":25.4}}]}}'

Pull the status of the plan, here of one theme, as at the end of September 2010:

curl -sS '{base}/plans/{PLAN}/status?as_at=2010-09-30&theme=be-healthy' -H 'Authorization: Bearer {reader}'

See what changed since March:

curl -sS '{base}/plans/{PLAN}/changes?from={REPORT}&to=2010-09-30' -H 'Authorization: Bearer {reader}'

See which indicators were deleted from the plan, why and by whom:

curl -sS '{base}/plans/{PLAN}/deletions?state=agreed' -H 'Authorization: Bearer {reader}'

See what an improvement notice still asks for, as at the end of April 2010:

curl -sS '{base}/plans/{PLAN}/notices/{notice}/conditions?as_at=2010-04-30' -H 'Authorization: Bearer {reader}'

See what is overdue, and the measures whose data are weak:

curl -sS '{base}/plans/{PLAN}/calendar?as_at={REPORT}&state=overdue' -H 'Authorization: Bearer {reader}'
curl -sS '{base}/plans/{PLAN}/quality?as_at={REPORT}&grade=weak' -H 'Authorization: Bearer {reader}'

Read how three priorities went over five quarters, and which of them were exceptions at the end of 2009/10:

curl -sS '{base}/plans/{PLAN}/tracker-history?from=FY2009-10-Q3&to=FY2010-11-Q3' -H 'Authorization: Bearer {reader}'

curl -sS '{base}/plans/{PLAN}/tracker-exceptions?quarter=FY2009-10-Q4' -H 'Authorization: Bearer {reader}'

Stop it with Ctrl-C.
"#,
        notice = notices::NOTICE,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demonstration_is_made_once_and_kept() {
        let directory = tempfile::TempDir::new().unwrap();
        let url = format!("sqlite:{}", directory.path().join("demo.db").display());
        let store = open(&url, 1).unwrap();
        let change = Change {
            author: "demo".to_owned(),
            roles: String::new(),
            request_id: "demo".to_owned(),
            at: Utc::now(),
        };
        for _ in 0..2 {
            store.write(|connection| make(connection, &change)).unwrap();
        }
    }
}
