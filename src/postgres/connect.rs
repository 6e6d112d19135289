//! How a connection comes about: the socket, TLS when it is wanted, who we are, and what the session is told.

use std::{io, path::PathBuf, sync::Arc};

use postgres_protocol::authentication::{
    md5_hash,
    sasl::{ChannelBinding, SCRAM_SHA_256, ScramSha256},
};
use rustls::pki_types::ServerName;
use sea_orm::sqlx::{ConnectOptions as _, postgres::PgConnectOptions};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpStream, UnixStream},
};
use tokio_rustls::TlsConnector;

use super::{
    backend::{self, Fault, Reader},
    frontend,
    tls::{Mode, Tls},
    wire::{Stream, Wire},
};
use crate::percent::decode;

/// What a session is told that only reads.
const READS: &str = " -c default_transaction_read_only=on";

/// Where the server is, and who comes.
pub(super) struct Address {
    place: Place,
    user: String,
    password: Option<String>,
    database: String,
    options: String,
    tls: Tls,
}

enum Place {
    Socket(PathBuf),
    Host(String, u16),
}

impl Address {
    /// The same server and the same person as `options` mean, with what every session is told.
    ///
    /// # Errors
    /// When the certificates that the URL names cannot be read.
    pub(super) fn of(options: &PgConnectOptions, reads: bool) -> Result<Self, String> {
        let port = options.get_port();
        let socket = match (options.get_socket(), options.get_host()) {
            (Some(folder), _) => Some(folder.clone()),
            (None, host) => host.starts_with('/').then(|| PathBuf::from(host)),
        };
        let place = match socket {
            Some(folder) => Place::Socket(folder.join(format!(".s.PGSQL.{port}"))),
            None => Place::Host(options.get_host().trim_matches(['[', ']']).to_owned(), port),
        };
        // Options show their password only in a URL, which they make of plain names alone.
        let plain = options.clone().username("user").host("host").to_url_lossy();
        let password = plain.password().and_then(|password| decode(password, false));
        Ok(Self {
            place,
            user: options.get_username().to_owned(),
            password,
            database: options.get_database().unwrap_or_else(|| options.get_username()).to_owned(),
            options: format!("{}{}", options.get_options().unwrap_or_default(), if reads { READS } else { "" }),
            tls: Tls::read(options.get_ssl_mode(), plain.query_pairs())?,
        })
    }

    /// Opens a connection.
    pub(super) async fn open(&self) -> Result<Wire, Fault> {
        let mut wire = Wire::new(self.stream().await?);
        let parameters = [
            ("user", self.user.as_str()),
            ("database", &self.database),
            ("client_encoding", "UTF8"),
            ("application_name", "cairn"),
            ("options", &self.options),
        ];
        wire.send(|out| frontend::startup(&parameters, out)).await?;
        self.greet(&mut wire).await?;
        Ok(wire)
    }

    /// Tells the server to break off what it does for the connection with this key.
    pub(super) async fn cancel(&self, key: [u8; 8]) -> Result<(), Fault> {
        let mut stream = self.stream().await?;
        let mut request = Vec::new();
        frontend::cancel(key, &mut request);
        stream.write_all(&request).await?;
        // It answers by hanging up.
        stream.read_u8().await.map(|_| ()).or(Ok(()))
    }

    async fn stream(&self) -> Result<Box<dyn Stream>, Fault> {
        let (host, port) = match &self.place {
            Place::Socket(path) => return Ok(Box::new(UnixStream::connect(path).await?)),
            Place::Host(host, port) => (host, *port),
        };
        let mut stream = TcpStream::connect((host.as_str(), port)).await?;
        stream.set_nodelay(true)?;
        if self.tls.mode == Mode::Never {
            return Ok(Box::new(stream));
        }
        let mut request = Vec::new();
        frontend::ssl_request(&mut request);
        stream.write_all(&request).await?;
        // One byte, and not one more: what comes behind it belongs to TLS.
        match stream.read_u8().await? {
            b'S' => {
                let name = ServerName::try_from(host.clone()).map_err(io::Error::other)?;
                let secured = TlsConnector::from(Arc::clone(&self.tls.client)).connect(name, stream).await?;
                Ok(Box::new(secured))
            }
            _ if self.tls.mode == Mode::Prefer => Ok(Box::new(stream)),
            _ => Err(io::Error::other("the server does not speak TLS, which sslmode asks for").into()),
        }
    }

    /// Says who we are in the way that the server wants, until it is ready.
    async fn greet(&self, wire: &mut Wire) -> Result<(), Fault> {
        let password = || self.password.as_deref().ok_or(Fault::Odd("the server wants a password"));
        let mut scram: Option<ScramSha256> = None;
        loop {
            let (tag, body) = wire.message().await?;
            let mut at = Reader(body);
            match (tag, if tag == b'R' { at.u32()? } else { 0 }) {
                (b'R', 3) => {
                    let password = password()?;
                    wire.send(|out| frontend::password(password.as_bytes(), out)).await?;
                }
                (b'R', 5) => {
                    let salt = at.take(4)?.try_into().unwrap_or_default();
                    let hash = md5_hash(self.user.as_bytes(), password()?.as_bytes(), salt);
                    wire.send(|out| frontend::password(hash.as_bytes(), out)).await?;
                }
                (b'R', 10) => {
                    if !at.0.split(|byte| *byte == 0).any(|name| name == SCRAM_SHA_256.as_bytes()) {
                        return Err(Fault::Odd("the server knows no way to log in that we know"));
                    }
                    let started = ScramSha256::new(password()?.as_bytes(), ChannelBinding::unsupported());
                    wire.send(|out| frontend::sasl_first(SCRAM_SHA_256, started.message(), out)).await?;
                    scram = Some(started);
                }
                (b'R', 11) => {
                    let scram = scram.as_mut().ok_or(Fault::Odd("a log-in that was not begun"))?;
                    scram.update(at.0)?;
                    wire.send(|out| frontend::sasl_next(scram.message(), out)).await?;
                }
                (b'R', 12) => scram.take().ok_or(Fault::Odd("a log-in that was not begun"))?.finish(at.0)?,
                // Who wants to know our password has to show that it knew it.
                (b'R', 0) if scram.is_none() => {}
                (b'K', _) => {
                    let key = at.take(8)?.try_into().unwrap_or_default();
                    wire.know(key);
                }
                (b'S' | b'N', _) => {}
                (b'R', _) => return Err(Fault::Odd("the server wants a log-in that we do not know")),
                (b'E', _) => return Err(backend::told(body)),
                (b'Z', _) => return Ok(()),
                _ => return Err(Fault::Odd("a message out of turn")),
            }
        }
    }
}
