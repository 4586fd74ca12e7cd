//! Other programs: run to their end, or kept running until they are dropped.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Says what was being done when something failed.
pub(crate) trait Say<T> {
    /// The value, or one sentence.
    fn say(self, what: &str) -> Result<T, String>;
}

impl<T, E: std::fmt::Display> Say<T> for Result<T, E> {
    fn say(self, what: &str) -> Result<T, String> {
        self.map_err(|error| format!("{what}: {error}"))
    }
}

impl<T> Say<T> for Option<T> {
    fn say(self, what: &str) -> Result<T, String> {
        self.ok_or_else(|| format!("{what}: it is not there"))
    }
}

/// Runs a command to its end and gives what it printed.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    fed(command, "")
}

/// The same, with a text on its standard input.
pub(crate) fn fed(command: &mut Command, input: &str) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .say(&format!("{name} cannot be started"))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that does not read its input may have closed it.
        let _ = stdin.write_all(input.as_bytes());
    }
    let done = child.wait_with_output().say(&name)?;
    let printed = String::from_utf8_lossy(&done.stdout).into_owned();
    if done.status.success() {
        return Ok(printed);
    }
    let complaint = String::from_utf8_lossy(&done.stderr);
    let complaint: Vec<&str> = complaint.trim().lines().rev().take(8).collect();
    let complaint: Vec<&str> = complaint.into_iter().rev().collect();
    Err(format!("{name} failed ({}): {}", done.status, complaint.join(" / ")))
}

/// A command that runs the program as a plain user where this process is root, as PostgreSQL wants it, and ends it with
/// this process, however that ends.
pub(crate) fn as_plain_user(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.arg("--pdeathsig=INT");
    if let Some(user) = plain_user() {
        command.arg(format!("--reuid={user}")).arg("--regid=nogroup").arg("--clear-groups");
    }
    command.arg("--").arg(program);
    command
}

/// The user that stands in for root.
pub(crate) fn plain_user() -> Option<&'static str> {
    let id = |arguments: &[&str]| output(Command::new("id").args(arguments)).ok();
    if id(&["-u"])?.trim() != "0" {
        return None;
    }
    Some(if id(&["-u", "postgres"]).is_some() { "postgres" } else { "nobody" })
}

/// A program that runs beside this one, and is ended when this is dropped.
pub(crate) struct Running {
    child: Child,
    log: std::path::PathBuf,
}

impl Running {
    /// Starts it; all that it says goes to the file.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Result<Self, String> {
        let name = command.get_program().to_string_lossy().into_owned();
        let file = File::create(log).say("its log")?;
        let errors = file.try_clone().say("its log")?;
        let child = command.stdin(Stdio::null()).stdout(file).stderr(errors).spawn();
        Ok(Self { child: child.say(&format!("{name} cannot be started"))?, log: log.to_owned() })
    }

    /// Waits until it is ready.
    pub(crate) fn wait_for(&mut self, mut is_ready: impl FnMut() -> bool) -> Result<(), String> {
        let began = Instant::now();
        while !is_ready() {
            let ended = self.child.try_wait().say("a child")?;
            if ended.is_some() || began.elapsed() > Duration::from_secs(60) {
                return Err(format!("it did not start: {}", self.last_words()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    fn last_words(&self) -> String {
        let mut text = String::new();
        let _ = File::open(&self.log).and_then(|mut file| file.read_to_string(&mut text));
        let lines: Vec<&str> = text.trim().lines().collect();
        lines.iter().skip(lines.len().saturating_sub(5)).copied().collect::<Vec<_>>().join(" / ")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that was free just now.
pub(crate) fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").say("a free port")?;
    Ok(listener.local_addr().say("a free port")?.port())
}
