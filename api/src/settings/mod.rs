//! Every setting of the service: its flag, its environment variable, its default and its check.
//!
//! `--help` is generated from this file; `values.rs` reads what a flag or a variable holds. An invalid setting stops
//! the start.

mod values;

use std::{
    net::SocketAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
};

use clap::{Args, Parser, ValueEnum};

pub(crate) use values::{ByteSize, IdpAlgorithm, JwksSource, Origin, TokenSecret};

/// What `serve` needs to know.
#[derive(Debug, Clone, Parser)]
pub struct Settings {
    /// The database.
    #[command(flatten)]
    pub database: DatabaseSettings,
    /// Its read replicas.
    #[command(flatten)]
    pub replicas: ReplicaSettings,
    /// Where and how requests are received.
    #[command(flatten)]
    pub http: HttpSettings,
    /// How large pushes are received and processed.
    #[command(flatten)]
    pub pushes: PushSettings,
    /// Which tokens are accepted.
    #[command(flatten)]
    pub tokens: TokenSettings,
    /// What is logged.
    #[command(flatten)]
    pub log: LogSettings,
}

/// Which database, and how many connections.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Database")]
pub struct DatabaseSettings {
    /// `sqlite:path` (created if missing) or `postgres://user:password@host/name`
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, default_value = "sqlite:waymark.db")]
    pub database_url: String,
    /// The most database connections that are open at once
    #[arg(long, env = "WAYMARK_DATABASE_POOL", default_value_t = 8,
          value_parser = clap::value_parser!(u32).range(1..=500))]
    pub database_pool: u32,
}

/// Where else may be read, and how old that may be.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Database")]
pub struct ReplicaSettings {
    /// Streaming replicas of a PostgreSQL database, separated by commas: they are read, and DATABASE_URL is written
    #[arg(long, env = "DATABASE_READ_URL", hide_env_values = true, value_delimiter = ',')]
    pub database_read_url: Vec<String>,
    /// Seconds that a replica may be behind; one that is further behind is not read
    #[arg(long, env = "WAYMARK_REPLICA_MAX_LAG", default_value_t = 10,
          value_parser = clap::value_parser!(u64).range(2..=3600))]
    pub replica_max_lag: u64,
}

/// Addresses and limits.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Requests")]
pub struct HttpSettings {
    /// The address and port to listen on; port 0 takes any free one
    #[arg(long, env = "WAYMARK_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Worker threads [default: one per processor]
    #[arg(long, env = "WAYMARK_WORKERS", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub workers: Option<u16>,
    /// The largest body of a push or an import, for example 32MiB
    #[arg(long, env = "WAYMARK_PUSH_LIMIT", default_value = "32MiB")]
    pub push_limit: ByteSize,
    /// The largest body of any other request
    #[arg(long, env = "WAYMARK_BODY_LIMIT", default_value = "1MiB")]
    pub body_limit: ByteSize,
    /// Requests a minute that one client may keep up
    #[arg(long, env = "WAYMARK_RATE_PER_MINUTE", default_value = "3000")]
    pub rate_per_minute: NonZeroU32,
    /// Requests that one client may send at once after a pause
    #[arg(long, env = "WAYMARK_RATE_BURST", default_value = "300")]
    pub rate_burst: NonZeroU32,
    /// Web origins whose pages may call the service, separated by commas, for example `https://app.example.org`;
    /// `http://localhost:*` allows every port of the local machine
    #[arg(long, env = "WAYMARK_CORS_ORIGINS", value_delimiter = ',')]
    pub cors_origins: Vec<Origin>,
    /// Seconds that running requests have to finish when the service stops
    #[arg(long, env = "WAYMARK_SHUTDOWN_SECONDS", default_value_t = 30,
          value_parser = clap::value_parser!(u64).range(0..=600))]
    pub shutdown_seconds: u64,
}

/// How much is pushed at once, and what waits where.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Pushes")]
pub struct PushSettings {
    /// The most rows of a push that is processed at once; larger ones, as NDJSON or CSV, are queued and answered 202
    #[arg(long, env = "WAYMARK_PUSH_ROWS_AT_ONCE", default_value_t = 50_000,
          value_parser = clap::value_parser!(u32).range(1..=50_000))]
    pub push_rows_at_once: u32,
    /// Pushes that are processed at the same time; a further one is rejected with 503 and Retry-After
    #[arg(long, env = "WAYMARK_PUSHES_AT_ONCE", default_value_t = 16,
          value_parser = clap::value_parser!(u16).range(1..=500))]
    pub pushes_at_once: u16,
    /// The largest body of a queued push
    #[arg(long, env = "WAYMARK_LARGE_PUSH_LIMIT", default_value = "512MiB")]
    pub large_push_limit: ByteSize,
    /// Pushes that may be queued
    #[arg(long, env = "WAYMARK_PUSH_QUEUE", default_value_t = 32,
          value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub push_queue: u16,
    /// Pushes of one organisation that may be queued
    #[arg(long, env = "WAYMARK_PUSH_QUEUE_EACH", default_value_t = 8,
          value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub push_queue_each: u16,
    /// Whether this service processes queued pushes, or leaves that to another one that shares the directory
    #[arg(long, env = "WAYMARK_PUSH_WORKER", default_value_t = true, action = clap::ArgAction::Set)]
    pub push_worker: bool,
    /// The directory of queued pushes [default: `waymark-spool` beside the database file, else among temporary files]
    #[arg(long, env = "WAYMARK_SPOOL")]
    pub spool: Option<PathBuf>,
    /// The most bytes of all queued pushes
    #[arg(long, env = "WAYMARK_SPOOL_LIMIT", default_value = "8GiB")]
    pub spool_limit: ByteSize,
}

impl PushSettings {
    /// The directory of queued pushes to a database.
    pub(crate) fn spool_beside(&self, database_url: &str) -> PathBuf {
        let temporary = || std::env::temp_dir().join("waymark-spool");
        let beside = |file: &str| match Path::new(file).parent() {
            Some(directory) => directory.join("waymark-spool"),
            None => temporary(),
        };
        match (&self.spool, database_url.split_once("://")) {
            (Some(spool), _) => spool.clone(),
            (None, Some(("sqlite", file))) => beside(file),
            (None, Some(_)) => temporary(),
            (None, None) => beside(database_url.strip_prefix("sqlite:").unwrap_or(database_url)),
        }
    }
}

/// The service's own tokens, and those of the council's identity provider.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Access tokens")]
pub struct TokenSettings {
    /// The secret that signs the service's own tokens: at least 32 characters, the same on every replica
    #[arg(long, env = "WAYMARK_TOKEN_SECRET", hide_env_values = true)]
    pub token_secret: TokenSecret,
    /// The issuer (`iss`) that the service's own tokens name
    #[arg(long, env = "WAYMARK_TOKEN_ISSUER", default_value = "waymark")]
    pub token_issuer: String,
    /// The audience (`aud`) that every token must name
    #[arg(long, env = "WAYMARK_TOKEN_AUDIENCE", default_value = "waymark")]
    pub token_audience: String,
    /// The issuer (`iss`) of the identity provider whose tokens are accepted as well
    #[arg(long, env = "WAYMARK_IDP_ISSUER", requires = "idp_jwks")]
    pub idp_issuer: Option<String>,
    /// Where the identity provider's keys are: a file, or an https:// address
    #[arg(long, env = "WAYMARK_IDP_JWKS", requires = "idp_issuer")]
    pub idp_jwks: Option<JwksSource>,
    /// The signature algorithms that the identity provider may use
    #[arg(long, env = "WAYMARK_IDP_ALGORITHMS", value_delimiter = ',', default_value = "RS256,ES256,EdDSA")]
    pub idp_algorithms: Vec<IdpAlgorithm>,
}

impl TokenSettings {
    /// Settings that accept the service's own tokens only.
    pub fn own(secret: TokenSecret) -> Self {
        Self {
            token_secret: secret,
            token_issuer: "waymark".to_owned(),
            token_audience: "waymark".to_owned(),
            idp_issuer: None,
            idp_jwks: None,
            idp_algorithms: Vec::new(),
        }
    }
}

/// How much is logged, and in which form.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Log")]
pub struct LogSettings {
    /// The form of the log
    #[arg(long, env = "WAYMARK_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
    /// What is logged: error, warn, info, debug or trace, also per module (`info,waymark_api=debug`)
    #[arg(long, env = "WAYMARK_LOG", default_value = "info")]
    pub log: String,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_provider_has_an_issuer_and_keys_or_neither() {
        let read = |extra: &[&str]| {
            let base = ["waymark", "--token-secret", "0123456789abcdef0123456789abcdef"];
            Settings::try_parse_from(base.iter().chain(extra).copied())
        };
        assert!(read(&[]).is_ok());
        assert!(read(&["--idp-issuer", "https://login.example.org"]).is_err());
        assert!(read(&["--idp-issuer", "https://login.example.org", "--idp-jwks", "jwks.json"]).is_ok());
        assert!(read(&["--idp-algorithms", "HS256"]).is_err());
    }
}
