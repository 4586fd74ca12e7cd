//! The log: set up once for the process, in text for people or in JSON for machines.

use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, fmt, prelude::*};

use crate::settings::{LogFormat, LogSettings};

/// Starts the log, on standard error. A second call has no effect.
///
/// # Errors
/// A sentence about a filter that is not valid.
pub(crate) fn start(settings: &LogSettings) -> Result<(), String> {
    let filter = EnvFilter::try_new(&settings.log)
        .map_err(|error| format!("--log (WAYMARK_LOG) cannot be `{}`: {error}", settings.log))?;
    let registry = tracing_subscriber::registry().with(filter);
    let started = match settings.log_format {
        LogFormat::Text => {
            let colours = std::io::stderr().is_terminal();
            registry.with(fmt::layer().with_ansi(colours).with_writer(std::io::stderr)).try_init()
        }
        LogFormat::Json => {
            let json = fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false);
            registry.with(json.with_writer(std::io::stderr)).try_init()
        }
    };
    if started.is_ok() {
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            let said = panic.payload_as_str().unwrap_or("no message");
            tracing::error!(place, said, "a panic: this is a defect of the service");
        }));
    }
    Ok(())
}
