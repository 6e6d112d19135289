//! What the settings may be, and what is said when they are not.

use std::io::Write as _;

use super::*;

const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn config(settings: &[(&str, &str)]) -> Result<Config, String> {
    Config::from(|name| settings.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned()))
}

#[test]
fn without_any_setting_all_is_sensible() {
    let config = config(&[("CAIRN_PUBLIC_URL", ""), ("CAIRN_AUDIENCE", " ")]).unwrap();
    assert_eq!(config.public_url, "http://127.0.0.1:8080");
    assert_eq!(config.audience, "cairn");
    assert_eq!(config.rate_limit, 120_000);
    assert_eq!(config.database_file(), Some(PathBuf::from("cairn.db")));
    assert!(!config.is_postgres() && config.workers > 0 && config.secret_key.is_none());
}

#[test]
fn every_wrong_setting_is_named_at_once() {
    let wrong = config(&[
        ("DATABASE_URL", "mysql://a:hunter2@b/c"),
        ("CAIRN_BIND", "127.0.0.1"),
        ("CAIRN_PUBLIC_URL", "cairn.example.org"),
        ("CAIRN_SECRET_KEY", "short"),
        ("CAIRN_RATE_LIMIT", "-1"),
        ("CAIRN_TRUSTED_PROXIES", "10.0.0.0/8, nobody"),
        ("CAIRN_CORS_ORIGINS", "https://a.example/path"),
        ("CAIRN_LOG", "cairn=loud"),
        ("CAIRN_LOG_FORMAT", "xml"),
        ("CAIRN_WORKERS", "0"),
        ("CAIRN_DB_POOL", "many"),
        ("CAIRN_TRUSTED_ISSUERS", "[{}]"),
    ]);
    let wrong = wrong.unwrap_err();
    assert_eq!(wrong.lines().count(), 12, "{wrong}");
    assert!(wrong.contains("DATABASE_URL must start with sqlite: or postgres:"), "{wrong}");
    assert!(!wrong.contains("hunter2") && !wrong.contains("short"), "{wrong}");
}

#[test]
fn a_database_in_memory_is_refused_with_the_reason() {
    for url in ["sqlite::memory:", "sqlite://:memory:", "sqlite://x.db?mode=memory", "sqlite:"] {
        let wrong = config(&[("DATABASE_URL", url)]).unwrap_err();
        assert!(wrong.starts_with("DATABASE_URL must name a file"), "{url}: {wrong}");
    }
}

#[test]
fn addresses_lose_the_slash_at_their_end() {
    let read = |url| config(&[("CAIRN_PUBLIC_URL", url)]).map(|config| config.public_url);
    assert_eq!(read("https://cairn.example.org/").unwrap(), "https://cairn.example.org");
    for url in ["ftp://a", "https://", "https://a/?b", "https://a b", "https://me:secret@a"] {
        assert!(read(url).is_err(), "{url}");
    }
}

#[test]
fn proxies_are_networks_or_plain_addresses() {
    let config = config(&[("CAIRN_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.7 ,::1")]).unwrap();
    let shown: Vec<_> = config.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["10.0.0.0/8", "192.0.2.7/32", "::1/128"]);
}

#[test]
fn the_key_comes_from_one_place() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    writeln!(file, "{KEY}").unwrap();
    let path = file.path().to_str().unwrap();
    assert!(config(&[("CAIRN_SECRET_KEY_FILE", path)]).unwrap().secret_key.is_some());
    let both = config(&[("CAIRN_SECRET_KEY", KEY), ("CAIRN_SECRET_KEY_FILE", path)]).unwrap_err();
    assert!(both.contains("CAIRN_SECRET_KEY and CAIRN_SECRET_KEY_FILE"), "{both}");
    assert!(config(&[("CAIRN_SECRET_KEY_FILE", "/nowhere/key")]).unwrap_err().contains("cannot be read"));
}

#[test]
fn what_is_shown_holds_no_secret() {
    let url = "postgres://cairn:hunter2@db:5432/cairn?password=hunter2&sslmode=require";
    let config = config(&[("DATABASE_URL", url), ("CAIRN_SECRET_KEY", KEY)]).unwrap();
    assert_eq!(config.database(), "postgres://cairn@db:5432/cairn");
    let shown = format!("{config:?}");
    assert!(!shown.contains("hunter2") && !shown.contains(KEY), "{shown}");
    assert!(config.is_postgres() && config.database_file().is_none());
}
