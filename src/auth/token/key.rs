//! The keys of access tokens: one signs, and those before it still verify until their tokens have expired.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};
use secrecy::zeroize::Zeroizing;
use serde_json::{Value, json};

use super::fault::KeyFault;
use crate::auth::secret;

/// The public half of a P-256 key, named by its RFC 7638 thumbprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    kid: String,
    x: String,
    y: String,
}

impl PublicKey {
    /// The key of a JWK such as [`jwk`](Self::jwk) gives. Its `kid` is computed, not believed.
    ///
    /// # Errors
    /// [`KeyFault::Jwk`] unless it is a P-256 key.
    pub fn from_jwk(jwk: &Value) -> Result<Self, KeyFault> {
        let text = |field| jwk.get(field).and_then(Value::as_str);
        if (text("kty"), text("crv")) != (Some("EC"), Some("P-256")) {
            return Err(KeyFault::Jwk);
        }
        let coordinate = |field| text(field).filter(|text| is_coordinate(text)).ok_or(KeyFault::Jwk);
        Ok(Self::new(coordinate("x")?.to_owned(), coordinate("y")?.to_owned()))
    }

    /// As `/.well-known/jwks.json` shows it.
    #[must_use]
    pub fn jwk(&self) -> Value {
        json!({"kty": "EC", "crv": "P-256", "x": self.x, "y": self.y, "kid": self.kid, "use": "sig", "alg": "ES256"})
    }

    /// The key's name in token headers.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    fn new(x: String, y: String) -> Self {
        // RFC 7638: the required members in this order, without white space.
        let kid = secret::fingerprint(&format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#));
        Self { kid, x, y }
    }

    /// `point` is 0x04, then both coordinates of 32 bytes.
    fn from_point(point: &[u8]) -> Option<Self> {
        let (x, y) = point.strip_prefix(&[4])?.split_at_checked(32)?;
        (y.len() == 32).then(|| Self::new(URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y)))
    }

    fn decoding_key(&self) -> Result<DecodingKey, KeyFault> {
        DecodingKey::from_ec_components(&self.x, &self.y).map_err(|_| KeyFault::Jwk)
    }
}

fn is_coordinate(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

/// A key that signs. Only its `kid` is ever printed.
pub struct SigningKey {
    /// The RFC 7638 thumbprint of the public half.
    pub kid: String,
    public: PublicKey,
    pkcs8: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// A new random key.
    ///
    /// # Errors
    /// [`KeyFault::Generation`].
    pub fn generate() -> Result<Self, KeyFault> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| KeyFault::Generation)?;
        let document = pair.to_pkcs8v1().map_err(|_| KeyFault::Generation)?;
        Self::from_pkcs8(document.as_ref())
    }

    /// The key that [`pkcs8`](Self::pkcs8) gave.
    ///
    /// # Errors
    /// [`KeyFault::Pkcs8`] unless it is a P-256 key.
    pub fn from_pkcs8(bytes: &[u8]) -> Result<Self, KeyFault> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, bytes).map_err(|_| KeyFault::Pkcs8)?;
        let public = PublicKey::from_point(pair.public_key().as_ref()).ok_or(KeyFault::Pkcs8)?;
        Ok(Self { kid: public.kid.clone(), public, pkcs8: Zeroizing::new(bytes.to_vec()) })
    }

    /// The private key in PKCS#8, to be sealed and stored.
    #[must_use]
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }
}

/// The key that signs now and all that verify. Immutable and cheap to clone; a rotation makes a new set.
#[derive(Debug, Clone)]
pub struct KeySet(Arc<Keys>);

#[derive(Debug)]
struct Keys {
    current: PublicKey,
    signing: EncodingKey,
    verifying: BTreeMap<String, (PublicKey, DecodingKey)>,
}

impl KeySet {
    /// `current` signs and verifies, `older` keys only verify; of those the public half is enough.
    ///
    /// # Errors
    /// [`KeyFault::Jwk`] when a public key cannot be used.
    pub fn new(current: &SigningKey, older: impl IntoIterator<Item = PublicKey>) -> Result<Self, KeyFault> {
        let mut verifying = BTreeMap::new();
        for key in older.into_iter().chain([current.public.clone()]) {
            let decoding = key.decoding_key()?;
            verifying.insert(key.kid.clone(), (key, decoding));
        }
        let signing = EncodingKey::from_ec_der(&current.pkcs8);
        Ok(Self(Arc::new(Keys { current: current.public.clone(), signing, verifying })))
    }

    /// The body of `/.well-known/jwks.json`, the current key first.
    #[must_use]
    pub fn jwks(&self) -> Value {
        let current = &self.0.current;
        let older = self.0.verifying.values().map(|(key, _)| key).filter(|key| *key != current);
        let keys: Vec<Value> = [current].into_iter().chain(older).map(PublicKey::jwk).collect();
        json!({ "keys": keys })
    }

    /// The `kid` of the key that signs now.
    #[must_use]
    pub fn current_kid(&self) -> &str {
        &self.0.current.kid
    }

    pub(super) fn encoding_key(&self) -> &EncodingKey {
        &self.0.signing
    }

    pub(super) fn decoding_key(&self, kid: &str) -> Option<&DecodingKey> {
        self.0.verifying.get(kid).map(|(_, key)| key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonwebtoken::jwk::{Jwk, JwkSet, ThumbprintHash};

    #[test]
    fn a_stored_key_is_the_same_key_again() {
        let key = SigningKey::generate().unwrap();
        let again = SigningKey::from_pkcs8(key.pkcs8()).unwrap();
        assert_eq!(key.public(), again.public());
        assert_eq!(PublicKey::from_jwk(&key.public().jwk()).as_ref(), Ok(key.public()));
    }

    #[test]
    fn the_kid_is_the_rfc_7638_thumbprint() {
        let key = SigningKey::generate().unwrap();
        let jwk: Jwk = serde_json::from_value(key.public().jwk()).unwrap();
        assert_eq!(key.kid, jwk.thumbprint(ThumbprintHash::SHA256).unwrap());
        assert_eq!(key.kid, key.public().kid());
    }

    #[test]
    fn a_set_shows_the_current_key_first_and_no_private_part() {
        let keys = [SigningKey::generate().unwrap(), SigningKey::generate().unwrap(), SigningKey::generate().unwrap()];
        for current in &keys {
            let set = KeySet::new(current, keys.iter().map(|key| key.public().clone())).unwrap();
            let shown = set.jwks();
            assert_eq!(shown["keys"][0]["kid"], current.kid.as_str());
            assert_eq!(serde_json::from_value::<JwkSet>(shown.clone()).unwrap().keys.len(), 3);
            assert!(shown["keys"].as_array().unwrap().iter().all(|key| key.get("d").is_none()));
        }
    }

    #[test]
    fn other_keys_are_refused() {
        assert_eq!(SigningKey::from_pkcs8(b"").unwrap_err(), KeyFault::Pkcs8);
        let other = aws_lc_rs::signature::Ed25519KeyPair::generate().unwrap().to_pkcs8().unwrap();
        assert_eq!(SigningKey::from_pkcs8(other.as_ref()).unwrap_err(), KeyFault::Pkcs8);
        let good = SigningKey::generate().unwrap().public().jwk();
        for (field, wrong) in [("kty", json!("RSA")), ("crv", json!("P-384")), ("x", json!("AAAA")), ("y", Value::Null)]
        {
            let mut jwk = good.clone();
            jwk[field] = wrong;
            assert_eq!(PublicKey::from_jwk(&jwk), Err(KeyFault::Jwk), "{field}");
        }
    }

    #[test]
    fn a_private_key_is_never_printed() {
        let key = SigningKey::generate().unwrap();
        assert_eq!(format!("{key:?}"), format!("SigningKey {{ kid: {:?}, .. }}", key.kid));
        assert!(format!("{:?}", KeySet::new(&key, []).unwrap()).contains("[redacted]"));
    }
}
