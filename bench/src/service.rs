//! The service as it is delivered, in a process of its own.

use std::fs;
use std::process::Command;

use crate::http::Client;
use crate::machine::Bench;
use crate::process::{Running, Say, free_port, output};

/// A running service.
pub(crate) struct Service {
    running: Running,
    /// `http://host:port`
    pub(crate) url: String,
    client: Credentials,
}

/// The id and the secret of a client.
pub(crate) struct Credentials(String, String);

/// How a service is started.
pub(crate) struct Settings<'a> {
    /// What all jobs share.
    pub(crate) bench: &'a Bench,
    /// The address of its database.
    pub(crate) database: &'a str,
    /// What its client and its log are called.
    pub(crate) name: &'a str,
}

/// What a database is called on the command line.
fn on(database: &str) -> String {
    format!("--database-url={database}")
}

impl Settings<'_> {
    /// Brings the database up to date, registers a client and starts the service with its own defaults, except that
    /// its rate limit is out of reach.
    pub(crate) fn start(self) -> Result<Service, String> {
        let Self { bench, database, name } = self;
        let client = self.add_client(name, &["admin", "performance_officer", "submitter", "reader"])?;
        let port = free_port()?;
        let mut serve = Command::new(&bench.waymark);
        serve
            .args(["serve", &on(database), &format!("--listen=127.0.0.1:{port}")])
            .args(["--rate-per-minute=4000000000", "--rate-burst=4000000000"])
            .arg("--token-secret=a secret of benchmarks, known to everybody");
        let mut running = Running::start(&mut serve, &bench.file(&format!("{name}.log")))?;
        let url = format!("http://127.0.0.1:{port}");
        let knock = Client::stranger(&url);
        running.wait_for(|| knock.get("/health/ready").is_ok_and(|answer| answer.status == 200))?;
        Ok(Service { running, url, client })
    }

    /// Registers a client that has these roles everywhere.
    pub(crate) fn add_client(&self, name: &str, roles: &[&str]) -> Result<Credentials, String> {
        let grants = roles.iter().map(|role| format!("--grant={role}@*"));
        let mut add = Command::new(&self.bench.waymark);
        let reported = output(add.args(["client", "add", name, &on(self.database)]).args(grants))?;
        let word = |name: &str| {
            reported
                .lines()
                .find_map(|line| line.strip_prefix(name))
                .map(|text| text.trim().to_owned())
                .say(name)
        };
        Ok(Credentials(word("client_id")?, word("client_secret")?))
    }

    /// Brings a database up to date without serving it.
    pub(crate) fn migrate(self) -> Result<(), String> {
        output(Command::new(&self.bench.waymark).args(["migrate", &on(self.database)])).map(drop)
    }
}

impl Service {
    /// A token that counts for the next quarter of an hour.
    pub(crate) fn token(&self) -> Result<String, String> {
        self.token_of(&self.client)
    }

    /// The same for a client that was registered besides.
    pub(crate) fn token_of(&self, client: &Credentials) -> Result<String, String> {
        let Credentials(id, secret) = client;
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        let stranger = Client::stranger(&self.url);
        let answer = stranger.post("/v1/token", "application/x-www-form-urlencoded", form)?.sound()?;
        let token = answer.json()?;
        token.get("access_token").and_then(|token| token.as_str()).map(str::to_owned).say("a token")
    }

    /// A caller who may do everything, with a new token.
    pub(crate) fn client(&self) -> Result<Client, String> {
        Ok(Client::bearer(&self.url, &self.token()?))
    }

    /// The memory that it has now, in MB.
    pub(crate) fn memory(&self) -> Result<f64, String> {
        self.memory_field("VmRSS:")
    }

    /// The most memory that it had since [`Service::forget_peak`], in MB.
    pub(crate) fn peak_memory(&self) -> Result<f64, String> {
        self.memory_field("VmHWM:")
    }

    /// Starts measuring peak memory again.
    pub(crate) fn forget_peak(&self) -> Result<(), String> {
        fs::write(format!("/proc/{}/clear_refs", self.running.id()), "5").say("the service's memory")
    }

    fn memory_field(&self, name: &str) -> Result<f64, String> {
        let text =
            fs::read_to_string(format!("/proc/{}/status", self.running.id())).say("the service's memory")?;
        let line = text.lines().find_map(|line| line.strip_prefix(name)).say(name)?;
        let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().say(name)?;
        Ok(kibibytes * 1024.0 / 1e6)
    }
}
