//! What a database URL says of the server and of its certificates, as libpq reads `sslmode`.

use std::sync::Arc;

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject as _},
};
use tokio_postgres::{Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

/// What of a URL concerns certificates.
#[derive(Default)]
struct Asked {
    mode: String,
    roots: Option<String>,
    certificate: Option<String>,
    key: Option<String>,
}

/// Reads a URL: the server, and whose certificates are believed.
///
/// # Errors
/// When it, or a file that it names, cannot be read.
pub(super) fn read(url: &str) -> Result<(Config, MakeRustlsConnect), String> {
    let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
    let mut asked = Asked { mode: "prefer".to_owned(), ..Asked::default() };
    let mut kept = Vec::new();
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let value = value.replace("%2F", "/").replace("%2f", "/");
        match name {
            "sslmode" | "ssl-mode" => asked.mode = value,
            "sslrootcert" | "ssl-root-cert" | "ssl-ca" => asked.roots = Some(value),
            "sslcert" | "ssl-cert" => asked.certificate = Some(value),
            "sslkey" | "ssl-key" => asked.key = Some(value),
            // sea-orm's own.
            "statement-cache-capacity" => {}
            _ => kept.push(parameter),
        }
    }
    let rest = if kept.is_empty() { address.to_owned() } else { format!("{address}?{}", kept.join("&")) };
    // What was wrong in it may be the password.
    let mut config: Config = rest.parse().map_err(|_| "the URL of the database cannot be read".to_owned())?;
    config.ssl_mode(match asked.mode.as_str() {
        "disable" => SslMode::Disable,
        "require" | "verify-ca" | "verify-full" => SslMode::Require,
        _ => SslMode::Prefer,
    });
    Ok((config, MakeRustlsConnect::new(client(&asked)?)))
}

fn client(asked: &Asked) -> Result<ClientConfig, String> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Believed::by(asked, provider)?));
    match (&asked.certificate, &asked.key) {
        (Some(certificate), Some(key)) => {
            let key = PrivateKeyDer::from_pem_file(key).map_err(|error| format!("sslkey: {error}"))?;
            let chain = certificates(certificate, "sslcert")?;
            builder.with_client_auth_cert(chain, key).map_err(|error| format!("sslcert: {error}"))
        }
        _ => Ok(builder.with_no_client_auth()),
    }
}

fn certificates(file: &str, name: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let told = |error| format!("{name}: {error}");
    CertificateDer::pem_file_iter(file).map_err(told)?.collect::<Result<_, _>>().map_err(told)
}

/// Which certificates are believed: all of them but for `verify-ca` and `verify-full`.
#[derive(Debug)]
struct Believed {
    chain: Option<Arc<WebPkiServerVerifier>>,
    /// Whether the certificate has to name the host.
    named: bool,
    provider: Arc<CryptoProvider>,
}

impl Believed {
    fn by(asked: &Asked, provider: Arc<CryptoProvider>) -> Result<Self, String> {
        let named = asked.mode == "verify-full";
        if !named && asked.mode != "verify-ca" {
            return Ok(Self { chain: None, named, provider });
        }
        let mut roots = RootCertStore::empty();
        match &asked.roots {
            Some(file) => {
                for certificate in certificates(file, "sslrootcert")? {
                    roots.add(certificate).map_err(|error| format!("sslrootcert: {error}"))?;
                }
            }
            None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        }
        let chain = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        Ok(Self { chain: Some(chain.build().map_err(|error| error.to_string())?), named, provider })
    }
}

impl ServerCertVerifier for Believed {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        use CertificateError::{NotValidForName, NotValidForNameContext};
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        match chain.verify_server_cert(own, between, name, ocsp, now) {
            Err(rustls::Error::InvalidCertificate(NotValidForName | NotValidForNameContext { .. })) if !self.named => {
                Ok(ServerCertVerified::assertion())
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, own, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, own, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_that_sea_orm_reads_are_read_alike() {
        let mode = |url: &str| read(url).map(|(config, _)| config.get_ssl_mode());
        assert_eq!(mode("postgres://a:b@localhost/c"), Ok(SslMode::Prefer));
        assert_eq!(mode("postgres://a:b@localhost:5433/c?sslmode=disable"), Ok(SslMode::Disable));
        assert_eq!(
            mode("postgresql://a@localhost/c?statement-cache-capacity=5&sslmode=verify-full"),
            Ok(SslMode::Require)
        );
        let (config, _) = read("postgres://a@localhost/c?host=/var/run/postgresql&sslmode=require").unwrap();
        assert_eq!((config.get_ssl_mode(), config.get_dbname()), (SslMode::Require, Some("c")));
        assert!(
            mode("postgres://a@localhost/c?sslmode=verify-ca&sslrootcert=/nowhere.pem")
                .unwrap_err()
                .starts_with("sslrootcert")
        );
        assert_eq!(mode("postgres://secret@:bad:/x?y").unwrap_err(), "the URL of the database cannot be read");
    }
}
