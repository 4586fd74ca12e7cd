//! The command line: the commands of `waymark`.

mod demo;

use std::net::SocketAddr;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand, ValueEnum};
use uuid::Uuid;
use waymark_domain::access::{Grant, Reach, Role};
use waymark_persistence::clients::{self, Client, ClientGrant};
use waymark_persistence::{Change, Store, new_id};

use crate::application::{Application, open};
use crate::auth::secret;
use crate::cli::demo::DemoSettings;
use crate::openapi;
use crate::ops::telemetry;
use crate::settings::{DatabaseSettings, Settings};

/// The performance framework of a council's children's services, as a service.
#[derive(Debug, Parser)]
#[command(name = "waymark", version, arg_required_else_help = true)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve requests until stopped
    Serve(Box<Settings>),
    /// Create a demonstration council with a real plan, serve it, and print where to look
    Demo(Box<DemoSettings>),
    /// Apply migrations to the database
    Migrate(DatabaseSettings),
    /// Manage the machine clients that may request tokens
    #[command(subcommand)]
    Client(ClientCommand),
    /// Print the contract
    Openapi {
        /// The version of OpenAPI
        #[arg(long, value_enum, default_value_t = OpenapiVersion::V3_1)]
        version: OpenapiVersion,
    },
}

/// A version of OpenAPI in which the contract is published.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum OpenapiVersion {
    /// 3.1, the contract itself.
    #[value(name = "3.1")]
    V3_1,
    /// 3.0.3, a copy for generators that cannot read 3.1.
    #[value(name = "3.0")]
    V3_0,
}

#[derive(Debug, Subcommand)]
enum ClientCommand {
    /// Register a client; prints its id and, this once, its secret
    Add {
        /// The client's name
        name: String,
        /// A role and its organisation, for example submitter@leicestershire or reader@*; may be repeated
        #[arg(long = "grant", required = true, value_name = "ROLE@ORGANISATION")]
        grants: Vec<GrantArgument>,
        #[command(flatten)]
        database: DatabaseSettings,
    },
    /// List the clients
    List {
        #[command(flatten)]
        database: DatabaseSettings,
    },
    /// Revoke a client: its tokens are rejected at once
    Revoke {
        /// The client's id
        id: Uuid,
        #[command(flatten)]
        database: DatabaseSettings,
    },
}

/// A grant as it is written on the command line.
#[derive(Debug, Clone)]
struct GrantArgument(Grant);

impl FromStr for GrantArgument {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (role, reach) =
            text.split_once('@').ok_or("write ROLE@ORGANISATION, as in reader@leicestershire")?;
        let role: Role = role.parse().map_err(|error| format!("{error}"))?;
        let reach: Reach = reach.parse().map_err(|error| format!("{error}"))?;
        Ok(Self(Grant { role, reach }))
    }
}

impl CommandLine {
    /// Reads the command line and the environment.
    ///
    /// # Errors
    /// One sentence that says which setting is wrong, and why. Help and version end the process.
    pub fn read() -> Result<Self, String> {
        Self::try_parse().map_err(|error| match sentence(&error) {
            Some(sentence) => sentence,
            None => error.exit(),
        })
    }

    /// Runs the command.
    ///
    /// # Errors
    /// A sentence about the cause.
    pub fn run(self) -> Result<(), String> {
        match self.command {
            Command::Serve(settings) => serve(*settings),
            Command::Demo(settings) => demo::run(*settings),
            Command::Migrate(database) => {
                open(&database.database_url, database.database_pool)?;
                println!("the database is up to date");
                Ok(())
            }
            Command::Client(command) => command.run(),
            Command::Openapi { version } => {
                print!(
                    "{}",
                    match version {
                        OpenapiVersion::V3_1 => openapi::contract(),
                        OpenapiVersion::V3_0 => openapi::contract_3_0(),
                    }
                );
                Ok(())
            }
        }
    }
}

/// A sentence about an invalid or missing setting. Secrets are not shown; other errors are left
/// to clap, which prints the usage.
fn sentence(error: &clap::Error) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        Some(ContextValue::Strings(texts)) => texts.first().map(String::as_str),
        _ => None,
    };
    let flag = text(ContextKind::InvalidArg)?.split(' ').next().unwrap_or_default();
    let name = flag.strip_prefix("--")?.replace('-', "_").to_ascii_uppercase();
    let variable = match name.as_str() {
        "DATABASE_URL" | "DATABASE_READ_URL" => name,
        _ => format!("WAYMARK_{name}"),
    };
    match error.kind() {
        ErrorKind::MissingRequiredArgument => Some(format!("{flag} (or {variable}) is needed: see --help")),
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => {
            let secret = matches!(flag, "--token-secret" | "--database-url" | "--database-read-url");
            let value = text(ContextKind::InvalidValue).filter(|_| !secret);
            let value = value.map(|value| format!(" as `{value}`")).unwrap_or_default();
            let why =
                std::error::Error::source(error).map(|source| format!(": {source}")).unwrap_or_default();
            Some(format!("{flag} (or {variable}) cannot be used{value}{why}"))
        }
        _ => None,
    }
}

fn serve(settings: Settings) -> Result<(), String> {
    telemetry::start(&settings.log)?;
    actix_web::rt::System::new().block_on(async {
        let application = Application::build(settings)?;
        let announce = |addresses: &[SocketAddr]| {
            for address in addresses {
                tracing::info!(%address, docs = %format_args!("http://{address}/docs"), "waymark listens");
            }
        };
        application.announce_and_run(announce).await.map_err(|error| format!("the server broke: {error}"))?;
        tracing::info!("waymark has stopped");
        Ok(())
    })
}

impl ClientCommand {
    fn run(self) -> Result<(), String> {
        match self {
            Self::Add { name, grants, database } => {
                let store = open(&database.database_url, database.database_pool)?;
                let grants: Vec<Grant> = grants.into_iter().map(|grant| grant.0).collect();
                let (id, secret) = add_client(&store, &name, &grants)?;
                println!("client_id      {id}\nclient_secret  {secret}");
                eprintln!("the secret is shown this once: keep it well");
                Ok(())
            }
            Self::List { database } => list(&open(&database.database_url, database.database_pool)?),
            Self::Revoke { id, database } => {
                let store = open(&database.database_url, database.database_pool)?;
                let revoked = store.write(|connection| clients::revoke(connection, id, &change(Utc::now())));
                revoked.map_err(|error| error.to_string())?;
                println!("{id} is revoked");
                Ok(())
            }
        }
    }
}

/// Registers a client; returns its id and its secret.
///
/// # Errors
/// A sentence, if the name is not valid or in use, or the database does not respond.
pub fn add_client(store: &Store, name: &str, grants: &[Grant]) -> Result<(Uuid, String), String> {
    let name: waymark_domain::text::Name = name.parse().map_err(|error| format!("the name: {error}"))?;
    let secret = secret::generate();
    let now = Utc::now();
    let kept = grants
        .iter()
        .map(|grant| ClientGrant { role: grant.role.to_string(), organisation: grant.reach.to_string() });
    let client = Client {
        id: new_id(now),
        name: name.to_string(),
        secret_hash: secret::hash(&secret)?,
        grants: kept.collect(),
        created_at: now,
        revoked_at: None,
    };
    store
        .write(|connection| clients::add(connection, &client, &change(now)))
        .map_err(|error| error.to_string())?;
    Ok((client.id, secret))
}

/// What is recorded with the changes of this command.
fn change(now: DateTime<Utc>) -> Change {
    Change {
        author: "waymark client".to_owned(),
        roles: String::new(),
        request_id: "command".to_owned(),
        at: now,
    }
}

fn list(store: &Store) -> Result<(), String> {
    let all = store.read(clients::list).map_err(|error| error.to_string())?;
    for Client { id, name, grants, created_at, revoked_at, secret_hash: _ } in all {
        let grants: Vec<String> =
            grants.iter().map(|grant| format!("{}@{}", grant.role, grant.organisation)).collect();
        let state = match revoked_at {
            Some(at) => format!("revoked {}", at.to_rfc3339_opts(SecondsFormat::Secs, true)),
            None => "active".to_owned(),
        };
        let since = created_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        println!("{id}  {name}  {}  since {since}  {state}", grants.join(","));
    }
    Ok(())
}
