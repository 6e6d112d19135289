//! How each setting's text is read, and what is said when it is wrong.

use std::{fmt::Display, fs, net::IpAddr, str::FromStr, time::Duration};

use ipnet::IpNet;
use sea_orm::sqlx::{postgres::PgConnectOptions, sqlite::SqliteConnectOptions};
use secrecy::{ExposeSecret as _, SecretString};
use tracing_subscriber::EnvFilter;

use super::LogFormat;
use crate::auth::seal::Sealer;

/// No key file is longer.
const KEY_FILE_BYTES: u64 = 4096;

pub(super) fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

pub(super) fn database_url(text: &str) -> Result<String, String> {
    if is_postgres(text) {
        // What cannot be read is not repeated: it may hold a password.
        PgConnectOptions::from_str(text)
            .map_err(|_| "must be of the form postgres://user:password@host:5432/database.".to_owned())?;
        return Ok(text.to_owned());
    }
    let Some(path) = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")) else {
        return Err(
            "must start with sqlite: or postgres: (sqlite://cairn.db, postgres://user:password@host/database)."
                .to_owned(),
        );
    };
    let (file, options) = path.split_once('?').unwrap_or((path, ""));
    if file.is_empty() || file == ":memory:" || options.contains("mode=memory") {
        return Err(
            "must name a file: a database in memory is lost with the process, and its readers would not see it."
                .to_owned(),
        );
    }
    SqliteConnectOptions::from_str(text).map_err(|why| format!("cannot be read: {why}."))?;
    Ok(text.to_owned())
}

/// Scheme, user, host and path; neither the password nor the options, which may hold one too.
pub(super) fn without_password(url: &str) -> String {
    let plain = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = plain.split_once("://") else {
        return plain.to_owned();
    };
    let Some((user, host)) = rest.rsplit_once('@') else {
        return plain.to_owned();
    };
    let user = user.split(':').next().unwrap_or_default();
    format!("{scheme}://{user}@{host}")
}

pub(super) fn bind(text: &str) -> Result<String, String> {
    let port = text.rsplit_once(':').filter(|(host, _)| !host.is_empty() && !host.contains('/'));
    match port.map(|(_, port)| port.parse::<u16>()) {
        Some(Ok(_)) => Ok(text.to_owned()),
        _ => Err("must be a host and a port: 127.0.0.1:8080, 0.0.0.0:8080, [::]:8080.".to_owned()),
    }
}

pub(super) fn public_url(text: &str) -> Result<String, String> {
    let url = text.trim_end_matches('/');
    if is_web_address(url) {
        return Ok(url.to_owned());
    }
    Err("must be an http or https address without user, query and fragment: https://cairn.example.org.".to_owned())
}

fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split('/').next().unwrap_or_default();
        !host.is_empty() && rest.chars().all(|c| c.is_ascii_graphic() && !"@?#\"<>\\^`{|}".contains(c))
    })
}

pub(super) fn origin(text: &str) -> Result<String, String> {
    let is_origin = is_web_address(text) && text.matches('/').count() == 2;
    if text == "*" || is_origin {
        return Ok(text.to_owned());
    }
    Err("must be origins separated by commas (https://app.example.org, no path), or *.".to_owned())
}

pub(super) fn network(text: &str) -> Result<IpNet, String> {
    let plain = || text.parse::<IpAddr>().map(IpNet::from).ok();
    let net = text.parse::<IpNet>().ok().or_else(plain);
    net.ok_or_else(|| "must be addresses or networks separated by commas: 10.0.0.0/8, 192.0.2.7, ::1.".to_owned())
}

pub(super) fn list<T>(text: &str, one: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(one).collect()
}

pub(super) fn audience(text: &str) -> Result<String, String> {
    if text.len() <= 200 && text.chars().all(|c| c.is_ascii_graphic()) {
        return Ok(text.to_owned());
    }
    Err("must be a name or an address without blanks, of at most 200 characters.".to_owned())
}

pub(super) fn number<T: FromStr + PartialOrd + Display>(text: &str, min: T, max: T) -> Result<T, String> {
    match text.parse::<T>() {
        Ok(value) if value >= min && value <= max => Ok(value),
        _ => Err(format!("must be a whole number from {min} to {max}.")),
    }
}

pub(super) fn directives(text: &str) -> Result<String, String> {
    EnvFilter::builder()
        .parse(text)
        .map(|_| text.to_owned())
        .map_err(|_| "must be error, warn, info, debug or trace, or directives such as cairn=debug,warn.".to_owned())
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("must be text or json.".to_owned()),
    }
}

/// Refused rather than ignored: whoever sets it expects those tokens to work.
pub(super) fn trusted_issuers(text: &str) -> Result<(), String> {
    match serde_json::from_str::<Vec<serde_json::Value>>(text) {
        Ok(none) if none.is_empty() => Ok(()),
        _ => Err("is not offered by this version: leave it out, or set it to [].".to_owned()),
    }
}

pub(super) fn secret_file(path: &str) -> Result<SecretString, String> {
    let meta = fs::metadata(path).map_err(|why| format!("names a file that cannot be read: {why}."))?;
    if !meta.is_file() || meta.len() > KEY_FILE_BYTES {
        return Err("must name a file that holds nothing but the key.".to_owned());
    }
    fs::read_to_string(path).map(SecretString::from).map_err(|why| format!("names a file that cannot be read: {why}."))
}

pub(super) fn secret_key(key: &SecretString) -> Result<(), String> {
    Sealer::from_text(key.expose_secret()).map(|_| ()).map_err(|why| format!("is wrong: {why}."))
}

/// A length of time such as `90s`, `15m`, `12h` or `7d`.
///
/// # Errors
/// What is allowed.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "must be a number and s, m, h or d: 90s, 15m, 12h, 7d.".to_owned();
    let unit = match text.chars().last() {
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 3600,
        Some('d') => 86_400,
        _ => return Err(wrong()),
    };
    let count: u64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    count.checked_mul(unit).filter(|seconds| *seconds > 0).map(Duration::from_secs).ok_or_else(wrong)
}
