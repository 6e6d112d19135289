//! How the connections for reads come about: every way to log in, with TLS and without, and what is refused.

use std::{fs, net::TcpListener, os::unix::fs as unix, os::unix::fs::MetadataExt as _, sync::Arc, time::Duration};

use cairn::{
    domain::error::{Code, Error},
    postgres::Postgres,
    read::{
        cell::{Store, Value},
        sql::{Dialect, Sql},
    },
};
use sea_orm::{ConnectionTrait as _, Database};

use crate::harness::cluster::Cluster;

/// As it stands in a URL; in it is everything that must not stand there plainly.
const PASSWORD: (&str, &str) = ("p@ss/w:\u{f6} rd%+", "p%40ss%2Fw%3A%C3%B6%20rd%25%2B");

/// A server with a TCP port, TLS and a user for each way to log in; its port.
async fn secured() -> (Cluster, u16) {
    let cluster = Cluster::own("log-in");
    let admin = Database::connect(cluster.url("postgres")).await.unwrap();
    for (user, encryption) in
        [("plain", "scram-sha-256"), ("hashed", "md5"), ("salted", "scram-sha-256"), ("secured", "scram-sha-256")]
    {
        let made =
            format!("SET password_encryption = '{encryption}'; CREATE ROLE {user} LOGIN PASSWORD '{}'", PASSWORD.0);
        admin.execute_unprepared(&made).await.unwrap();
    }
    admin.close().await.unwrap();
    cluster.stop();
    let data = cluster.folder().join("data");
    let rules = "local all all trust\nhost all plain 127.0.0.1/32 password\nhost all hashed 127.0.0.1/32 md5\n\
                 host all salted 127.0.0.1/32 scram-sha-256\nhostssl all secured 127.0.0.1/32 scram-sha-256\n";
    fs::write(data.join("pg_hba.conf"), rules).unwrap();
    let owner = fs::metadata(&data).unwrap();
    for (file, content) in [
        ("server.crt", include_str!("certificates/server.crt")),
        ("server.key", include_str!("certificates/server.key")),
    ] {
        let file = data.join(file);
        fs::write(&file, content).unwrap();
        fs::set_permissions(&file, unix::PermissionsExt::from_mode(0o600)).unwrap();
        unix::chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = ["listen_addresses=127.0.0.1", "ssl=on"].map(str::to_owned);
    cluster.start_with(&[&settings[..], &[format!("port={port}")]].concat()).unwrap();
    (cluster, port)
}

/// Whether somebody gets in by such a URL, and whether over TLS.
async fn over_tls(url: &str) -> Result<bool, Error> {
    let postgres =
        Postgres::new(&url.parse().unwrap(), (1, 1), true, Duration::from_secs(5)).map_err(Error::internal)?;
    let text = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()".to_owned();
    let sql = Sql { text, args: Vec::new(), dialect: Dialect::Postgres };
    let rows = Arc::new(postgres).ask_one(&sql, &[Store::Bool]).await?;
    Ok(rows.row(0).at(0) == Value::Bool(true))
}

#[tokio::test]
async fn reads_log_in_in_every_way_that_servers_ask_for() {
    let (cluster, port) = secured().await;
    let certificates = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/durability/certificates");
    let url =
        |user: &str, host: &str, more: &str| format!("postgres://{user}:{}@{host}:{port}/postgres?{more}", PASSWORD.1);
    let root = format!("sslrootcert={certificates}/root.crt");
    for (user, host, more, tls) in [
        ("plain", "127.0.0.1", "sslmode=disable", false),
        ("hashed", "127.0.0.1", "sslmode=disable", false),
        ("salted", "127.0.0.1", "sslmode=disable", false),
        ("salted", "localhost", "sslmode=prefer", true),
        ("secured", "127.0.0.1", "sslmode=require", true),
        ("secured", "127.0.0.1", &format!("sslmode=verify-ca&{root}"), true),
        ("secured", "localhost", &format!("sslmode=verify-full&{root}"), true),
    ] {
        let got = over_tls(&url(user, host, more)).await;
        assert_eq!(got.as_ref().ok(), Some(&tls), "{user} {host} {more}: {got:?}");
    }
    let socket = format!("postgres://salted@localhost:{port}/postgres?host={}", cluster.folder().display());
    assert_eq!(over_tls(&socket).await.ok(), Some(false));

    let other = format!("sslmode=verify-full&sslrootcert={certificates}/other.crt");
    for (what, url) in [
        ("a wrong password", url("salted", "127.0.0.1", "sslmode=disable").replace("%40", "")),
        ("no password", format!("postgres://salted@127.0.0.1:{port}/postgres")),
        ("no TLS where it is asked for", url("secured", "127.0.0.1", "sslmode=disable")),
        ("a certificate of somebody else", url("secured", "localhost", &other)),
        ("a certificate for another host", url("secured", "127.0.0.1", &format!("sslmode=verify-full&{root}"))),
        ("nobody there", url("salted", "127.0.0.1", "sslmode=disable").replace(&port.to_string(), "1")),
    ] {
        let refused = over_tls(&url).await.expect_err(what);
        assert_eq!(refused.code(), Code::Unavailable, "{what}");
        assert!(!format!("{refused:?}").contains("p@ss"), "{what}: {refused:?}");
    }
}
