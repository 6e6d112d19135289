//! What the headers of a request ask for: media types, versions, and that it act only once.

use actix_web::{
    HttpRequest,
    http::{
        Method,
        header::{ACCEPT, HeaderName, IF_MATCH, IF_NONE_MATCH},
    },
};
use aws_lc_rs::digest::{Context, SHA256};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::answer::{JSON, SPARSE};
use crate::domain::{
    error::{Code, Error, Result},
    idempotency::Key,
};

/// The header of a key under which a repetition has no effect.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer is that of an earlier request with the same key.
pub const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Refuses clients that take neither JSON nor problems.
///
/// # Errors
/// `NOT_ACCEPTABLE`.
pub fn accepts_json(req: &HttpRequest) -> Result<()> {
    let mut ranges = list(req, &ACCEPT).peekable();
    if ranges.peek().is_none() || ranges.any(is_acceptable) {
        return Ok(());
    }
    Err(Error::new(Code::NotAcceptable, "Answers are application/json, and problems application/problem+json."))
}

fn is_acceptable(range: &str) -> bool {
    let ours = ["*/*", "application/*", JSON, SPARSE, "application/problem+json"];
    let (essence, quality) = weighed(range);
    ours.contains(&essence.as_str()) && quality > 0.0
}

/// A media range, and how much it is wanted.
fn weighed(range: &str) -> (String, f32) {
    let mut parts = range.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let quality = parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
    (essence, quality)
}

/// Which of the media types that are offered the client wants most; the first when it does not say.
///
/// # Errors
/// `NOT_ACCEPTABLE` when it wants none of them.
pub fn preferred(req: &HttpRequest, offered: &[&str]) -> Result<usize> {
    let ranges: Vec<_> = list(req, &ACCEPT).map(weighed).collect();
    if ranges.is_empty() {
        return Ok(0);
    }
    // The narrowest range that fits says how much a type is wanted.
    let wanted = |offer: &str| {
        let group = offer.split('/').next().unwrap_or_default();
        let same = |wanted: &str| ranges.iter().find(|(range, _)| range == wanted).map(|(_, quality)| *quality);
        same(offer).or_else(|| same(&format!("{group}/*"))).or_else(|| same("*/*")).unwrap_or(0.0)
    };
    let mut best = (0, 0.0);
    for (place, offer) in offered.iter().enumerate() {
        let quality = wanted(offer);
        if quality > best.1 {
            best = (place, quality);
        }
    }
    if best.1 > 0.0 {
        return Ok(best.0);
    }
    Err(Error::new(Code::NotAcceptable, format!("Answers are {}.", offered.join(", "))))
}

/// The version that `If-Match` names, if any. Only the version of an `ETag` is compared: what is computed may change
/// without it.
///
/// # Errors
/// `BAD_INPUT` for what is no list of tags, or names several versions.
pub fn known_version(req: &HttpRequest) -> Result<Option<i64>> {
    let malformed = |why| malformed("If-Match", why);
    let mut version = None;
    if req.headers().contains_key(IF_MATCH) && list(req, &IF_MATCH).next().is_none() {
        return Err(malformed("is empty"));
    }
    for tag in list(req, &IF_MATCH) {
        if tag == "*" {
            return Ok(None);
        }
        // A proxy that compresses makes tags weak; the version in them is as good as before.
        let opaque = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
        let opaque = opaque.ok_or_else(|| malformed("must be the ETag of an earlier answer, with its quotes"))?;
        // A tag that is not ours never matches.
        let named = opaque.split('.').next().and_then(|number| number.parse().ok()).unwrap_or(-1);
        if version.is_some_and(|known| known != named) {
            return Err(malformed("names several versions"));
        }
        version = Some(named);
    }
    Ok(version)
}

/// Whether `If-None-Match` names what would be answered.
#[must_use]
pub fn is_known(req: &HttpRequest, etag: &str) -> bool {
    list(req, &IF_NONE_MATCH).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// Whether the request is only to make what is not there: `If-None-Match: *`.
#[must_use]
pub fn wants_absent(req: &HttpRequest) -> bool {
    list(req, &IF_NONE_MATCH).any(|tag| tag == "*")
}

/// The key under which a `POST` acts once, with the hash of everything that it asks for.
///
/// # Errors
/// `BAD_INPUT` for a key that is none.
pub fn idempotency(req: &HttpRequest, body: &[u8]) -> Result<Option<Key>> {
    let mut given = req.headers().get_all(&IDEMPOTENCY_KEY);
    let Some(key) = given.next().filter(|_| req.method() == Method::POST) else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| {
        given.next().is_none() && (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
    });
    let key = key.ok_or_else(|| malformed("Idempotency-Key", "must have 1 to 255 visible ASCII characters"))?;
    let mut hash = Context::new(&SHA256);
    for part in [req.method().as_str().as_bytes(), b"\n", req.uri().path().as_bytes(), b"\n", body] {
        hash.update(part);
    }
    Ok(Some(Key { key: key.to_owned(), fingerprint: URL_SAFE_NO_PAD.encode(hash.finish()) }))
}

fn malformed(name: &str, why: &str) -> Error {
    Error::field(Code::BadInput, name, format!("{name} {why}."))
}

/// The members of a header that is a list, over all its lines.
fn list<'a>(req: &'a HttpRequest, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = req.headers().get_all(name).map(|value| value.to_str().unwrap_or("?"));
    lines.flat_map(|line| line.split(',')).map(str::trim).filter(|member| !member.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn with(name: HeaderName, value: &str) -> HttpRequest {
        TestRequest::post().insert_header((name, value)).to_http_request()
    }

    #[test]
    fn json_must_be_acceptable() {
        for fine in ["application/json", "text/html, */*;q=0.1", "application/problem+json", "application/*", ""] {
            assert!(accepts_json(&with(ACCEPT, fine)).is_ok(), "{fine}");
        }
        for wrong in ["text/html", "application/xml, image/*", "application/json;q=0"] {
            assert_eq!(accepts_json(&with(ACCEPT, wrong)).unwrap_err().code(), Code::NotAcceptable, "{wrong}");
        }
    }

    #[test]
    fn the_form_that_is_wanted_most_is_told() {
        let offered = ["application/json", "text/csv"];
        let told = |accept| preferred(&with(ACCEPT, accept), &offered).ok();
        for (accept, place) in [
            ("", Some(0)),
            ("*/*", Some(0)),
            ("text/csv", Some(1)),
            ("text/*, application/json;q=0.5", Some(1)),
            ("text/csv;q=0.1, */*", Some(0)),
            ("text/csv;q=0, */*;q=0.1", Some(0)),
            ("image/png", None),
        ] {
            assert_eq!(told(accept), place, "{accept}");
        }
    }

    #[test]
    fn only_the_version_of_a_tag_is_compared() {
        let version = |value| known_version(&with(IF_MATCH, value)).map_err(|error| error.code());
        assert_eq!(version("\"7.9c1b2e\""), Ok(Some(7)));
        assert_eq!(version("W/\"7.9c1b2e\", \"7.aaaaaa\""), Ok(Some(7)));
        assert_eq!(version("*"), Ok(None));
        assert_eq!(version("\"other\""), Ok(Some(-1)));
        assert_eq!(version("7"), Err(Code::BadInput));
        assert_eq!(version(""), Err(Code::BadInput));
        assert_eq!(version("\"7.a\", \"8.a\""), Err(Code::BadInput));
        assert!(is_known(&with(IF_NONE_MATCH, "\"a\", W/\"7.b\""), "\"7.b\""));
        assert!(!is_known(&with(IF_NONE_MATCH, "\"a\""), "\"7.b\""));
    }

    #[test]
    fn a_key_covers_method_path_and_body() {
        let key = |value: &str, body: &[u8]| idempotency(&with(IDEMPOTENCY_KEY, value), body);
        let (one, other) = (key("k", b"a").unwrap().unwrap(), key("k", b"b").unwrap().unwrap());
        assert_eq!(one.key, "k");
        assert_ne!(one.fingerprint, other.fingerprint);
        assert!(key("", b"").is_err() && key("a b", b"").is_err() && key(&"k".repeat(256), b"").is_err());
        let get = TestRequest::get().insert_header((IDEMPOTENCY_KEY, "k")).to_http_request();
        assert_eq!(idempotency(&get, b"").unwrap(), None);
    }
}
