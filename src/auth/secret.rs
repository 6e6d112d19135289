//! Random opaque secrets (refresh tokens, client secrets, one-time links) and the fingerprints stored of
//! them.

use aws_lc_rs::{constant_time, digest, rand};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

/// A new secret: the prefix, then 43 characters that carry 256 random bits.
///
/// The prefix (`cairn_rt_`) lets secret scanners and people see what leaked.
#[must_use]
pub fn random_token(prefix: &str) -> SecretString {
    let bytes = Zeroizing::new(random_bytes::<32>());
    let mut text = String::with_capacity(prefix.len() + 43);
    text.push_str(prefix);
    URL_SAFE_NO_PAD.encode_string(bytes.as_slice(), &mut text);
    SecretString::from(text)
}

/// What is stored of a random secret: its SHA-256 in base64url, 43 characters.
///
/// Only for secrets with full entropy; a password needs [`super::password`].
#[must_use]
pub fn fingerprint(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, secret.as_bytes()))
}

/// Whether `secret` is the one that `stored` was made of.
#[must_use]
pub fn matches(secret: &str, stored: &str) -> bool {
    same(&fingerprint(secret), stored)
}

/// Whether two texts are the same, in a time that does not tell where they differ.
#[must_use]
pub fn same(left: &str, right: &str) -> bool {
    constant_time::verify_slices_are_equal(left.as_bytes(), right.as_bytes()).is_ok()
}

/// Bytes from the operating system's random source.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if rand::fill(&mut bytes).is_err() {
        // AWS-LC itself stops the process when there is no randomness: a guessable secret is worse than none.
        std::process::abort();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn a_token_is_prefixed_long_and_never_the_same() {
        let first = random_token("cairn_rt_");
        let body = first.expose_secret().strip_prefix("cairn_rt_").unwrap();
        assert_eq!(body.len(), 43);
        assert_eq!(URL_SAFE_NO_PAD.decode(body).unwrap().len(), 32);
        assert_ne!(first.expose_secret(), random_token("cairn_rt_").expose_secret());
    }

    #[test]
    fn a_token_is_not_printed() {
        let token = random_token("cairn_rt_");
        assert!(!format!("{token:?}").contains("cairn_rt_"));
    }

    #[test]
    fn a_fingerprint_is_sha256_in_base64url() {
        assert_eq!(fingerprint("abc"), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    }

    #[test]
    fn only_the_right_secret_matches() {
        let stored = fingerprint("right");
        assert!(matches("right", &stored));
        assert!(!matches("wrong", &stored));
        assert!(!matches("right", ""));
        assert!(!matches("right", &stored[..42]));
    }
}
