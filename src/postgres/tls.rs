//! Whether connections are secured, and whose certificates are believed, as libpq reads `sslmode`.

use std::{borrow::Cow, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject as _},
};
use sea_orm::sqlx::postgres::PgSslMode;

/// What stands before the name of a file with certificates, where there could be the certificates themselves.
const FILE: &str = "file: ";

/// Whether connections are secured, and how.
pub(super) struct Tls {
    /// Whether at all.
    pub(super) mode: Mode,
    /// Whom we believe, and who we are.
    pub(super) client: Arc<ClientConfig>,
}

/// Whether a connection is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Never.
    Never,
    /// When the server can.
    Prefer,
    /// Always.
    Always,
}

/// What of a URL concerns certificates: texts of PEM, or the names of files after `file: `.
#[derive(Default)]
struct Asked {
    named: bool,
    believed: bool,
    roots: Option<String>,
    certificate: Option<String>,
    key: Option<String>,
}

impl Tls {
    /// Reads what options say of it, and what a URL made of them says of certificates.
    ///
    /// # Errors
    /// When one of these cannot be read.
    pub(super) fn read<'a>(
        mode: PgSslMode,
        parameters: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>,
    ) -> Result<Self, String> {
        let named = matches!(mode, PgSslMode::VerifyFull);
        let mut asked = Asked { named, believed: named || matches!(mode, PgSslMode::VerifyCa), ..Asked::default() };
        for (name, value) in parameters {
            match &*name {
                "sslrootcert" => asked.roots = Some(value.into_owned()),
                "sslcert" => asked.certificate = Some(value.into_owned()),
                "sslkey" => asked.key = Some(value.into_owned()),
                _ => {}
            }
        }
        let mode = match mode {
            PgSslMode::Disable | PgSslMode::Allow => Mode::Never,
            PgSslMode::Prefer => Mode::Prefer,
            PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull => Mode::Always,
        };
        Ok(Self { mode, client: Arc::new(client(&asked)?) })
    }
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
            let key = match key.strip_prefix(FILE) {
                Some(file) => PrivateKeyDer::from_pem_file(file),
                None => PrivateKeyDer::from_pem_slice(key.as_bytes()),
            };
            let key = key.map_err(|error| format!("sslkey: {error}"))?;
            let chain = certificates(certificate, "sslcert")?;
            builder.with_client_auth_cert(chain, key).map_err(|error| format!("sslcert: {error}"))
        }
        _ => Ok(builder.with_no_client_auth()),
    }
}

fn certificates(text: &str, name: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let told = |error| format!("{name}: {error}");
    match text.strip_prefix(FILE) {
        Some(file) => CertificateDer::pem_file_iter(file).map_err(told)?.collect::<Result<_, _>>().map_err(told),
        None => CertificateDer::pem_slice_iter(text.as_bytes()).collect::<Result<_, _>>().map_err(told),
    }
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
        let named = asked.named;
        if !asked.believed {
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
    use sea_orm::sqlx::{ConnectOptions as _, postgres::PgConnectOptions};

    use super::*;

    fn tls(parameters: &str) -> Result<Mode, String> {
        let options: PgConnectOptions = format!("postgres://a:b@localhost/c?{parameters}").parse().unwrap();
        Tls::read(options.get_ssl_mode(), options.to_url_lossy().query_pairs()).map(|tls| tls.mode)
    }

    #[test]
    fn modes_mean_what_they_mean_to_libpq() {
        let modes = ["disable", "prefer", "require"].map(|mode| tls(&format!("sslmode={mode}")).unwrap());
        assert_eq!(modes, [Mode::Never, Mode::Prefer, Mode::Always]);
        assert_eq!(tls("sslmode=verify-full"), Ok(Mode::Always));
        assert!(tls("sslmode=verify-ca&sslrootcert=/nowhere.pem").unwrap_err().starts_with("sslrootcert"));
        assert!(tls("sslmode=require&sslcert=/nowhere.pem&sslkey=/no.pem").unwrap_err().starts_with("sslkey"));
    }
}
