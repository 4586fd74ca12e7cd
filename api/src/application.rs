//! The running service: built from its settings, run until it is stopped. Tests start the same type.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::http::header::{
    AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderName, IF_MATCH, IF_NONE_MATCH, LOCATION, RETRY_AFTER,
};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpServer, web};
use futures_util::future::join;
use waymark_persistence::Store;

use crate::auth::client_cache::Registered;
use crate::auth::jwt::Tokens;
use crate::auth::rate_limit;
use crate::auth::rate_limit::RateLimit;
use crate::cache::responses::ResponseCache;
use crate::cache::version_watch::VersionWatch;
use crate::catalogue;
use crate::guard;
use crate::http::body::Limits;
use crate::http::cors::{cors, explain_preflight};
use crate::http::protocol::protocol;
use crate::http::runtime::now;
use crate::http::{idempotency, prefer, request_id, response};
use crate::openapi;
use crate::openapi::negotiation::negotiate;
use crate::openapi::{no_such_route, pages};
use crate::ops::metrics::Metrics;
use crate::ops::{access_log, health, metrics};
use crate::results::{Exports, PushQueue, Pushes, SnapshotCache, Worker};
use crate::routes;
use crate::settings::Settings;
use crate::state::AppState;
use crate::store::consistency;

/// A service that listens on its address, and responds once it is run.
pub struct Application {
    server: Server,
    addresses: Vec<SocketAddr>,
    worker: Worker,
}

impl Application {
    /// Opens and migrates the database, reads the keys, and binds the address.
    ///
    /// # Errors
    /// A sentence that says which setting cannot be used, and why.
    pub fn build(settings: Settings) -> Result<Self, String> {
        install_cryptography();
        let Settings { database, replicas, http, pushes, tokens, log: _ } = settings;
        let store = open(&database.database_url, database.database_pool)?
            .with_replicas(&replicas.database_read_url, Duration::from_secs(replicas.replica_max_lag))
            .map_err(|error| format!("--database-read-url (DATABASE_READ_URL) cannot be used: {error}"))?;
        let metrics = Metrics::new().and_then(|metrics| metrics.with_reads(store.clone()));
        let metrics = web::Data::new(metrics.map_err(|error| error.to_string())?);
        let spool = pushes.spool_beside(&database.database_url);
        let push_queue = Arc::new(PushQueue::new(store.clone(), &pushes, spool));
        let worker = Worker::start(&push_queue);
        let limits = Limits { body: http.body_limit.bytes(), push: http.push_limit.bytes() };
        let service = web::Data::new(AppState {
            limits,
            version_watch: VersionWatch::new(&store),
            responses: ResponseCache::new(),
            registered: Registered::default(),
            store,
            tokens: Tokens::new(&tokens)?,
            rate_limit: RateLimit::new(&http),
        });
        let pushes = web::Data::new(Pushes {
            queue: push_queue,
            snapshots: Arc::new(SnapshotCache::new()),
            exports: Exports::default(),
        });
        let origins = http.cors_origins.iter().map(|origin| origin.as_str().to_owned()).collect::<Vec<_>>();
        let workers = http.workers.map(usize::from);
        let server = HttpServer::new(move || {
            App::new()
                .configure(v1)
                .configure(operations)
                .default_service(web::to(no_such_route))
                .app_data(service.clone())
                .app_data(pushes.clone())
                .app_data(limits)
                .app_data(metrics.clone())
                .wrap(cors(&origins, accepted_headers(), exposed_headers()))
                .wrap(from_fn(explain_preflight))
                .wrap(from_fn(access_log::accompany))
                // Outside of what writes problems: nothing may change a body that is compressed.
                .wrap(Compress::default())
                .wrap(from_fn(guard::respond_from_cache))
                .wrap(from_fn(protocol))
        });
        let server = match workers {
            Some(workers) => server.workers(workers),
            None => server,
        };
        let server = server
            .tcp_nodelay(true)
            .shutdown_timeout(http.shutdown_seconds)
            .bind(http.listen)
            .map_err(|error| format!("--listen (WAYMARK_LISTEN) cannot be {}: {error}", http.listen))?;
        let addresses = server.addrs();
        Ok(Self { server: server.run(), addresses, worker })
    }

    /// The addresses that it listens on, with the ports that the system assigned.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Stops it from outside: `handle.stop(true)` lets running requests end.
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Serves requests until the process receives SIGTERM or SIGINT, or the handle stops it; running requests then have
    /// the time that the settings allow.
    ///
    /// # Errors
    /// If the server fails.
    pub async fn run_until_stopped(self) -> std::io::Result<()> {
        let ended = self.server.await;
        self.worker.stop();
        ended
    }

    /// The same; calls `announce` with the addresses once requests are served and signals are handled.
    ///
    /// # Errors
    /// If the server fails.
    pub async fn announce_and_run(self, announce: impl FnOnce(&[SocketAddr])) -> std::io::Result<()> {
        // The server sets itself up when it is first polled, which `join` does in order.
        let (ended, ()) = join(self.server, async { announce(&self.addresses) }).await;
        self.worker.stop();
        ended
    }
}

/// Opens the database, applies migrations, and creates the catalogue if it is missing.
///
/// # Errors
/// A sentence about the address that cannot be used.
pub(crate) fn open(url: &str, pool: u32) -> Result<Store, String> {
    let unusable = |error| format!("--database-url (DATABASE_URL) cannot be used: {error}");
    let store = Store::open(url, pool).map_err(unusable)?;
    store.migrate().map_err(|error| format!("the database could not be brought up to date: {error}"))?;
    catalogue::ensure(&store, now())?;
    Ok(store)
}

/// Installs one provider for all cryptography. A second call has no effect.
fn install_cryptography() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// The operations of the contract, behind the guard.
fn v1(routes: &mut web::ServiceConfig) {
    let v1 = web::scope("/v1").configure(routes::served).default_service(web::to(no_such_route));
    routes.service(v1.wrap(from_fn(negotiate)).wrap(from_fn(guard::guard)));
}

/// What is outside the contract: for operators, and pages for people.
fn operations(routes: &mut web::ServiceConfig) {
    routes
        .service(health::live) //       GET /health/live
        .service(health::ready) //      GET /health/ready
        .service(metrics::show) //      GET /metrics
        .service(pages::root) //        GET /
        .service(pages::problems) //    GET /problems
        .service(pages::problem) //     GET /problems/{name}
        .service(openapi::show) //      GET /openapi.json
        .service(openapi::show_3_0) //  GET /openapi-3.0.json
        .service(openapi::to_docs) //   GET /docs
        .service(openapi::docs()); //   GET /docs/...
}

/// The request headers that web pages may send.
fn accepted_headers() -> Vec<HeaderName> {
    vec![
        AUTHORIZATION,
        CONTENT_TYPE,
        IF_MATCH,
        IF_NONE_MATCH,
        request_id::HEADER,
        idempotency::HEADER,
        consistency::HEADER,
        prefer::PREFER,
    ]
}

/// The response headers that web pages may read.
fn exposed_headers() -> Vec<HeaderName> {
    vec![
        ETAG,
        LOCATION,
        RETRY_AFTER,
        request_id::HEADER,
        consistency::HEADER,
        rate_limit::LIMIT,
        rate_limit::REMAINING,
        rate_limit::RESET,
        HeaderName::from_static(response::REPLAYED),
        prefer::APPLIED,
    ]
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use clap::Parser;

    use super::*;

    /// The whole answer to a request for the path, from a caller that takes gzip.
    fn ask(address: SocketAddr, path: &str) -> Vec<u8> {
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: waymark\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        answer
    }

    #[test]
    fn only_postgresql_has_replicas() {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", directory.path().join("waymark.db").display());
        let refused = |read_url: &str| {
            let secret = "a secret of the tests, long enough";
            let flags =
                ["waymark", "--token-secret", secret, "--database-url", &url, "--listen", "127.0.0.1:0"];
            let settings = Settings::parse_from(flags.into_iter().chain(["--database-read-url", read_url]));
            Application::build(settings).err().unwrap()
        };
        assert_eq!(
            refused("postgres://u:secret@one/w,postgresql://u:secret@two/w"),
            "--database-read-url (DATABASE_READ_URL) cannot be used: a database of SQLite has no replicas"
        );
        for read_url in ["sqlite:copy.db", "mysql://u:secret@one/w", "postgres://u:secret@one/w,two", ""] {
            assert_eq!(
                refused(read_url),
                "--database-read-url (DATABASE_READ_URL) cannot be used: each address of a replica must begin with \
                 `postgres://` or `postgresql://`",
                "{read_url}"
            );
        }
    }

    #[actix_web::test]
    async fn what_says_that_it_is_compressed_is_compressed() {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", directory.path().join("waymark.db").display());
        let secret = "a secret of the tests, long enough";
        let flags = ["waymark", "--token-secret", secret, "--database-url", &url, "--listen", "127.0.0.1:0"];
        let application = Application::build(Settings::parse_from(flags)).unwrap();
        let address = application.addresses()[0];
        let handle = application.handle();
        let running = actix_web::rt::spawn(application.run_until_stopped());
        for path in ["/openapi.json", "/nowhere", "/v1/organisations", "/v1/nowhere"] {
            let answer = web::block(move || ask(address, path)).await.unwrap();
            let at = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
            let head = String::from_utf8(answer[..at].to_vec()).unwrap().to_ascii_lowercase();
            let gzip = answer[at..].windows(2).any(|bytes| bytes == [0x1f, 0x8b]);
            assert_eq!(head.contains("content-encoding: gzip"), gzip, "{path}: {head}");
        }
        handle.stop(true).await;
        running.await.unwrap().unwrap();
    }
}
