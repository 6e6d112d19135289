//! Sealing secrets at rest (signing keys, webhook secrets), so that a copied database alone opens nothing.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, URL_SAFE_NO_PAD};
use secrecy::zeroize::Zeroizing;

const KEY_LEN: usize = 32;
const VERSION: &str = "v1";

const ANY_PADDING: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, ANY_PADDING);
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, ANY_PADDING);

/// Why something could not be sealed or opened. Never holds key, plain or sealed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealFault {
    /// The text given as key is not 32 bytes in base64, base64url or hexadecimal.
    Key,
    /// The text is not something a `Sealer` wrote.
    Form,
    /// Sealed by a later version of Cairn.
    Version,
    /// Another key, another context, or damaged.
    Unreadable,
    /// The cipher refused the plain text (it is far too large).
    Sealing,
}

impl fmt::Display for SealFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Key => {
                "the key must be exactly 32 random bytes, written as base64 or base64url (43 or 44 characters) or as \
                 hexadecimal (64 characters); `openssl rand -base64 32` makes one"
            }
            Self::Form => "this is not a sealed text",
            Self::Version => "sealed in a form that this version of Cairn does not know",
            Self::Unreadable => "cannot be opened: sealed with another key or for another purpose, or damaged",
            Self::Sealing => "too large to be sealed",
        })
    }
}

impl std::error::Error for SealFault {}

/// Seals and opens with one key. The key is never shown, not even by `Debug`.
pub struct Sealer {
    cipher: RandomizedNonceKey,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Sealer").finish_non_exhaustive()
    }
}

impl Sealer {
    /// A sealer from the key as text: 32 bytes in base64, base64url (padding optional) or hexadecimal.
    /// White space around it, such as the end of line of a key file, does not matter.
    ///
    /// # Errors
    /// [`SealFault::Key`], whose message says what is allowed.
    pub fn from_text(text: &str) -> Result<Self, SealFault> {
        let key = decode_key(text.trim()).ok_or(SealFault::Key)?;
        let cipher = RandomizedNonceKey::new(&AES_256_GCM, &*key).map_err(|_| SealFault::Key)?;
        Ok(Self { cipher })
    }

    /// Seals `plain`. Only the same `context` (`signing-key:{kid}`) opens it again, so that a sealed text
    /// copied to another row or column is useless there.
    ///
    /// # Errors
    /// [`SealFault::Sealing`] for a text beyond what the cipher takes (64 GiB).
    pub fn seal(&self, context: &str, plain: &[u8]) -> Result<String, SealFault> {
        let mut body = Zeroizing::new(plain.to_vec());
        let nonce =
            self.cipher.seal_in_place_append_tag(associated(context), &mut *body).map_err(|_| SealFault::Sealing)?;
        let mut sealed = nonce.as_ref().to_vec();
        sealed.extend_from_slice(&body);
        Ok(format!("{VERSION}.{}", URL_SAFE_NO_PAD.encode(sealed)))
    }

    /// Opens what [`seal`](Self::seal) made for the same context.
    ///
    /// # Errors
    /// [`SealFault::Form`] or [`SealFault::Version`] for a text that is not ours, else
    /// [`SealFault::Unreadable`].
    pub fn open(&self, context: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, SealFault> {
        let (version, body) = sealed.split_once('.').ok_or(SealFault::Form)?;
        if version != VERSION {
            let known_form = version.strip_prefix('v').is_some_and(|number| number.parse::<u16>().is_ok());
            return Err(if known_form { SealFault::Version } else { SealFault::Form });
        }
        let bytes = URL_SAFE_NO_PAD.decode(body).map_err(|_| SealFault::Form)?;
        let (nonce, cipher_text) = bytes.split_first_chunk::<NONCE_LEN>().ok_or(SealFault::Form)?;
        let mut body = Zeroizing::new(cipher_text.to_vec());
        let length = self
            .cipher
            .open_in_place(Nonce::assume_unique_for_key(*nonce), associated(context), &mut body)
            .map_err(|_| SealFault::Unreadable)?
            .len();
        body.truncate(length);
        Ok(body)
    }
}

/// A new key in the form that [`Sealer::from_text`] takes: base64url, 43 characters.
#[must_use]
pub fn generate_key() -> String {
    URL_SAFE_NO_PAD.encode(Zeroizing::new(super::secret::random_bytes::<KEY_LEN>()).as_slice())
}

/// The version is bound too, so that a text cannot be passed off as one of another form.
fn associated(context: &str) -> Aad<Vec<u8>> {
    Aad::from(format!("{VERSION}:{context}").into_bytes())
}

fn decode_key(text: &str) -> Option<Zeroizing<[u8; KEY_LEN]>> {
    // 64 hexadecimal characters are also base64, of 48 bytes: the length alone tells them apart.
    let bytes = if text.len() == 2 * KEY_LEN {
        decode_hex(text)?
    } else {
        BASE64.decode(text).or_else(|_| BASE64_URL.decode(text)).ok()?
    };
    let bytes = Zeroizing::new(bytes);
    Some(Zeroizing::new(bytes.as_slice().try_into().ok()?))
}

fn decode_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let pairs = text.as_bytes().chunks_exact(2);
    pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};

    fn sealer() -> Sealer {
        Sealer::from_text(&generate_key()).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_again() {
        let mine = sealer();
        for plain in [&b""[..], b"x", &[0xff; 5000]] {
            let sealed = mine.seal("signing-key:1", plain).unwrap();
            assert!(sealed.starts_with("v1."));
            assert_eq!(mine.open("signing-key:1", &sealed).unwrap().as_slice(), plain);
        }
    }

    #[test]
    fn sealing_twice_gives_different_texts() {
        let mine = sealer();
        assert_ne!(mine.seal("a", b"x").unwrap(), mine.seal("a", b"x").unwrap());
    }

    #[test]
    fn another_key_context_or_damage_opens_nothing() {
        let mine = sealer();
        let sealed = mine.seal("a", b"secret").unwrap();
        assert_eq!(sealer().open("a", &sealed), Err(SealFault::Unreadable));
        assert_eq!(mine.open("b", &sealed), Err(SealFault::Unreadable));
        let mut bytes = URL_SAFE_NO_PAD.decode(&sealed[3..]).unwrap();
        for place in 0..bytes.len() {
            bytes[place] ^= 1;
            let damaged = format!("v1.{}", URL_SAFE_NO_PAD.encode(&bytes));
            assert_eq!(mine.open("a", &damaged), Err(SealFault::Unreadable));
            bytes[place] ^= 1;
        }
    }

    #[test]
    fn foreign_texts_are_told_apart() {
        let mine = sealer();
        for text in ["", "v1", "v1.", "v1.***", "v1.AAAA", "x.AAAA", "plain"] {
            assert_eq!(mine.open("a", text), Err(SealFault::Form), "{text}");
        }
        assert_eq!(mine.open("a", "v2.AAAA"), Err(SealFault::Version));
        let too_short = format!("v1.{}", URL_SAFE_NO_PAD.encode([0; 20]));
        assert_eq!(mine.open("a", &too_short), Err(SealFault::Unreadable));
    }

    #[test]
    fn every_allowed_form_of_a_key_is_the_same_key() {
        let hex = "fbff00102030405060708090a0b0c0d0e0f00112233445566778899aabbccdde";
        let key = decode_hex(hex).unwrap();
        let sealed = Sealer::from_text(hex).unwrap().seal("a", b"x").unwrap();
        for text in [
            STANDARD.encode(&key),
            STANDARD.encode(&key).trim_end_matches('=').to_owned(),
            URL_SAFE.encode(&key),
            URL_SAFE_NO_PAD.encode(&key) + "\n",
            hex.to_uppercase(),
        ] {
            assert!(Sealer::from_text(&text).unwrap().open("a", &sealed).is_ok(), "{text}");
        }
    }

    #[test]
    fn other_keys_are_refused_with_what_is_allowed() {
        let text = |bytes: &[u8]| STANDARD.encode(bytes);
        let long_passphrase = "correct horse battery staple correct horse".to_owned();
        for wrong in [String::new(), text(&[1; 31]), text(&[1; 33]), text(&[1; 48]), long_passphrase, "+1".repeat(32)] {
            let fault = Sealer::from_text(&wrong).unwrap_err();
            assert_eq!(fault, SealFault::Key);
            assert!(fault.to_string().contains("32 random bytes"));
        }
    }

    #[test]
    fn the_key_is_never_printed() {
        assert_eq!(format!("{:?}", sealer()), "Sealer { .. }");
    }
}
