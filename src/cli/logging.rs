//! The log: to standard error, as text for people or as JSON for machines.

use std::io::{IsTerminal as _, stderr};

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{Config, LOG, LogFormat};

/// Starts logging as the settings say; the second time changes nothing.
pub(super) fn start(config: &Config) {
    // Checked with the settings; what cannot be read after all is logged as if nothing was set.
    let filter = EnvFilter::builder().parse(&config.log).unwrap_or_else(|_| EnvFilter::new(LOG));
    let log = fmt().with_env_filter(filter).with_writer(stderr).with_ansi(stderr().is_terminal());
    let _ = match config.log_format {
        LogFormat::Text => log.with_target(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init(),
    };
}
