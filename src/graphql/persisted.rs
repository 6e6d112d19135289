//! Automatic persisted queries, as Apollo's clients ask for them: a hash in place of a document seen before.
//!
//! The store is bounded by bytes. Whoever names a hash knows the text, so it is shared by all callers.

use aws_lc_rs::digest::{SHA256, digest};
use quick_cache::{Weighter, sync::Cache};
use serde_json::{Map, Value};
use std::sync::Arc;

use crate::domain::error::Code;

/// All texts together.
const TOTAL_BYTES: u64 = 8 * 1024 * 1024;
/// The longest text that is kept.
const TEXT_BYTES: usize = 64 * 1024;
/// What an entry occupies beside its text.
const ENTRY_BYTES: u64 = 128;
/// How many texts of usual length fit.
const USUAL_ENTRIES: usize = 1024;

type Hash = [u8; 32];

/// Documents by their hash.
pub struct Persisted {
    texts: Cache<Hash, Arc<str>, ByBytes>,
}

/// The document that was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The document itself.
    pub text: Arc<str>,
    /// Its hash, when the client wants it kept and it is not yet.
    hash: Option<Hash>,
}

/// Why a persisted query has no text. `NotFound` and `UnsupportedVersion` are said as clients expect, who
/// then send it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unresolved {
    /// A hash that is not kept.
    NotFound,
    /// A hash that is not the text's.
    Mismatch,
    /// Neither text nor hash.
    Missing,
    /// Another protocol than version 1.
    UnsupportedVersion,
}

impl Unresolved {
    /// What the client is told.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::NotFound => "PersistedQueryNotFound",
            Self::Mismatch => "The hash is not that of the query",
            Self::Missing => "`query` is missing",
            Self::UnsupportedVersion => "PersistedQueryNotSupported",
        }
    }

    /// The stable code in `extensions.code`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotFound => Code::PersistedQueryNotFound.as_str(),
            Self::Mismatch => Code::PersistedQueryMismatch.as_str(),
            Self::Missing => Code::BadInput.as_str(),
            Self::UnsupportedVersion => Code::PersistedQueryNotSupported.as_str(),
        }
    }

    /// The status: a client that meets `NotFound` is in order and goes on.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::NotFound => 200,
            _ => 400,
        }
    }
}

impl Default for Persisted {
    fn default() -> Self {
        Self { texts: Cache::with_weighter(USUAL_ENTRIES, TOTAL_BYTES, ByBytes) }
    }
}

impl Persisted {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The text that a request means.
    ///
    /// # Errors
    ///
    /// [`Unresolved`], when there is no text or not the one that the hash says.
    pub fn resolve(&self, query: Option<&str>, extensions: &Map<String, Value>) -> Result<Text, Unresolved> {
        let Some(persisted) = extensions.get("persistedQuery").filter(|value| !value.is_null()) else {
            let text = query.ok_or(Unresolved::Missing)?.into();
            return Ok(Text { text, hash: None });
        };
        if persisted["version"] != 1 {
            return Err(Unresolved::UnsupportedVersion);
        }
        let hash = persisted["sha256Hash"].as_str().and_then(from_hex);
        match (query, hash) {
            (Some(query), Some(hash)) if digest(&SHA256, query.as_bytes()).as_ref() == hash => {
                let known = self.texts.get(&hash);
                Ok(Text { hash: known.is_none().then_some(hash), text: known.unwrap_or_else(|| query.into()) })
            }
            (Some(_), _) => Err(Unresolved::Mismatch),
            (None, hash) => {
                let text = hash.and_then(|hash| self.texts.get(&hash)).ok_or(Unresolved::NotFound)?;
                Ok(Text { text, hash: None })
            }
        }
    }

    /// Keeps a text whose client asked for it. Only for documents that were admitted and validated, else
    /// anyone could fill the store with noise.
    pub fn remember(&self, text: &Text) {
        if let Some(hash) = text.hash
            && text.text.len() <= TEXT_BYTES
        {
            self.texts.insert(hash, Arc::clone(&text.text));
        }
    }
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Hash, Arc<str>> for ByBytes {
    fn weight(&self, _: &Hash, text: &Arc<str>) -> u64 {
        text.len() as u64 + ENTRY_BYTES
    }
}

fn from_hex(text: &str) -> Option<Hash> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut hash = [0; 32];
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
    }
    Some(hash)
}

fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn extensions(hash: &str) -> Map<String, Value> {
        Map::from_iter([("persistedQuery".to_owned(), json!({"version": 1, "sha256Hash": hash}))])
    }

    fn hash(text: &str) -> String {
        use std::fmt::Write;
        digest(&SHA256, text.as_bytes()).as_ref().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    fn keep(store: &Persisted, text: &str) {
        match store.resolve(Some(text), &extensions(&hash(text))) {
            Ok(text) => store.remember(&text),
            Err(error) => panic!("{error:?}"),
        }
    }

    #[test]
    fn a_text_is_known_only_after_it_was_remembered() {
        let (store, known) = (Persisted::new(), extensions(&hash("{a}")));
        assert_eq!(store.resolve(None, &known), Err(Unresolved::NotFound));
        assert!(store.resolve(Some("{a}"), &known).is_ok_and(|text| text.hash.is_some()));
        assert_eq!(store.resolve(None, &known), Err(Unresolved::NotFound));
        keep(&store, "{a}");
        let found = store.resolve(None, &extensions(&hash("{a}").to_uppercase()));
        assert_eq!(found, Ok(Text { text: "{a}".into(), hash: None }));
        assert!(store.resolve(Some("{a}"), &known).is_ok_and(|text| text.hash.is_none()));
    }

    #[test]
    fn what_was_not_asked_for_is_not_kept() {
        let store = Persisted::new();
        let plain = store.resolve(Some("{a}"), &Map::new());
        assert_eq!(plain, Ok(Text { text: "{a}".into(), hash: None }));
        assert_eq!(store.resolve(None, &Map::new()), Err(Unresolved::Missing));
    }

    #[test]
    fn wrong_hashes_and_versions_are_refused() {
        let store = Persisted::new();
        assert_eq!(store.resolve(Some("{b}"), &extensions(&hash("{a}"))), Err(Unresolved::Mismatch));
        assert_eq!(store.resolve(Some("{b}"), &extensions("no hash")), Err(Unresolved::Mismatch));
        assert_eq!(store.resolve(None, &extensions("é")), Err(Unresolved::NotFound));
        for odd in [json!({"version": 2, "sha256Hash": hash("{a}")}), json!([]), json!("x"), json!({})] {
            let odd = Map::from_iter([("persistedQuery".to_owned(), odd)]);
            assert_eq!(store.resolve(Some("{a}"), &odd), Err(Unresolved::UnsupportedVersion));
        }
        let null = Map::from_iter([("persistedQuery".to_owned(), Value::Null)]);
        assert!(store.resolve(Some("{a}"), &null).is_ok());
    }

    #[test]
    fn the_store_stays_within_its_bytes() {
        let store = Persisted::new();
        keep(&store, &"#".repeat(TEXT_BYTES + 1));
        assert_eq!(store.texts.len(), 0);
        for index in 0..400 {
            keep(&store, &format!("{index:0>60000}"));
        }
        assert!(store.texts.len() > 50);
        assert!(store.texts.weight() <= TOTAL_BYTES);
    }
}
