//! Bodies of requests: read within a deadline and a limit, and only as JSON.

use std::time::Duration;

use actix_web::{
    HttpRequest,
    error::PayloadError,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
    web::{Bytes, BytesMut, Payload},
};
use futures_util::StreamExt as _;
use serde_json::{Map, Value};

use crate::{
    domain::error::{Code, Error, Result},
    json::{self, Fault},
};

/// How many bytes a body has at most.
pub const BODY_MAX: usize = 1024 * 1024;
/// How long a body may take to arrive.
pub const DEADLINE: Duration = Duration::from_secs(10);
/// How long a larger one may take.
pub const LARGE_DEADLINE: Duration = Duration::from_mins(1);
/// How many values a body holds at most: each takes many times its bytes when it is read.
const VALUES_MAX: usize = 1_000_000;

/// Reads the body of a request.
///
/// # Errors
/// `TOO_LARGE`, `REQUEST_TIMEOUT`, and `BAD_INPUT` for one that ends too early.
pub async fn read(req: &HttpRequest, payload: Payload) -> Result<Bytes> {
    read_up_to(BODY_MAX, req, payload).await
}

/// Reads the body of a request that may be larger than others.
///
/// # Errors
/// Those of [`read`].
pub async fn read_up_to(most: usize, req: &HttpRequest, payload: Payload) -> Result<Bytes> {
    let announced = req.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > most as u64) {
        return Err(too_large(most));
    }
    let deadline = if most > BODY_MAX { LARGE_DEADLINE } else { DEADLINE };
    let late = format!("The body took longer than {} seconds to arrive.", deadline.as_secs());
    let late = || Error::new(Code::RequestTimeout, late);
    tokio::time::timeout(deadline, collect(most, payload)).await.map_err(|_| late())?
}

async fn collect(most: usize, mut payload: Payload) -> Result<Bytes> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| match error {
            PayloadError::Overflow => too_large(most),
            _ => Error::new(Code::BadInput, "The body ended before it was complete."),
        })?;
        if body.len() + chunk.len() > most {
            return Err(too_large(most));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn too_large(most: usize) -> Error {
    Error::new(Code::TooLarge, format!("A body has at most {} MiB here.", most / 1024 / 1024))
}

/// How many values a JSON text may hold, by what separates and encloses them, before any of it is read. Nesting is
/// limited by the parser.
fn values(body: &[u8]) -> usize {
    let (mut inside, mut escaped, mut count) = (false, false, 0);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b',' | b'[' | b'{' if !inside => count += 1,
            _ => {}
        }
    }
    count
}

/// A body as JSON; an empty one is an empty object.
///
/// # Errors
/// `UNSUPPORTED_MEDIA_TYPE` for other types than `types`, `BAD_INPUT` for what is not JSON.
pub fn json(req: &HttpRequest, body: &[u8], types: &[&str]) -> Result<Value> {
    if body.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    let header = |name| req.headers().get(name).and_then(|value| value.to_str().ok());
    let plain = header(CONTENT_ENCODING).is_none_or(|coding| coding.eq_ignore_ascii_case("identity"));
    if !plain || !header(CONTENT_TYPE).is_some_and(|given| is_one_of(given, types)) {
        let detail = format!("The body must be {} in UTF-8, and not compressed.", types.join(" or "));
        return Err(Error::new(Code::UnsupportedMediaType, detail));
    }
    if body.len() > BODY_MAX && values(body) > VALUES_MAX {
        return Err(Error::new(Code::TooLarge, format!("A body holds at most {VALUES_MAX} values.")));
    }
    // Not a word of the body comes back: it may hold what is not for the log.
    json::read(body).map(whole).map_err(|fault| match fault {
        Fault::Malformed { line, column } => {
            let place = format!("line {line}, column {column}");
            Error::field(Code::BadInput, "", format!("The body is not JSON in UTF-8 (at {place})."))
        }
        Fault::Ambiguous(pointer) => Error::field(Code::BadInput, &pointer, "This member is there twice."),
    })
}

/// JSON has one kind of number: `2.0` is as whole as `2`.
fn whole(value: Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => {
            number.as_f64().and_then(integral).map_or(Value::Number(number), Value::from)
        }
        Value::Array(items) => items.into_iter().map(whole).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, whole(value))).collect(),
        other => other,
    }
}

fn integral(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_991.0;
    let whole = number.fract() == 0.0 && number.abs() <= EXACT;
    whole.then(|| format!("{number:.0}").parse().ok()).flatten()
}

fn is_one_of(given: &str, types: &[&str]) -> bool {
    let mut parts = given.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let utf8 = |part: &str| match part.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    };
    types.iter().any(|known| known.eq_ignore_ascii_case(essence)) && parts.all(utf8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    const JSON: &[&str] = &["application/json"];

    fn read(content_type: &str, body: &[u8]) -> Result<Value> {
        json(&TestRequest::default().insert_header((CONTENT_TYPE, content_type)).to_http_request(), body, JSON)
    }

    #[test]
    fn only_json_is_taken() {
        assert_eq!(read("application/json", b"{\"a\":1}").unwrap()["a"], 1);
        assert_eq!(read("application/json", b"[2.0,-0.0,2.5,1e300]").unwrap().to_string(), "[2,0,2.5,1e+300]");
        assert_eq!(read("Application/JSON; charset=\"UTF-8\"", b"[]").unwrap(), Value::Array(Vec::new()));
        assert_eq!(read("text/plain", b"").unwrap(), Value::Object(Map::new()));
        for wrong in ["text/plain", "application/json; charset=latin1", "application/jsonx", ""] {
            assert_eq!(read(wrong, b"{}").unwrap_err().code(), Code::UnsupportedMediaType, "{wrong}");
        }
    }

    #[test]
    fn what_is_there_twice_is_ambiguous() {
        let error = read("application/json", br#"[{"a":1,"a":2}]"#).unwrap_err();
        assert_eq!((error.code(), error.field_errors()[0].pointer.as_str()), (Code::BadInput, "/0/a"));
    }

    #[test]
    fn values_are_counted_before_they_are_read() {
        for (text, count) in [("1", 0), ("[1,2]", 2), (r#"{"a,[":"\\\",{","b":[]}"#, 3), ("[[[", 3)] {
            assert_eq!(values(text.as_bytes()), count, "{text}");
        }
        let many = format!("[{}1]", "1,".repeat(VALUES_MAX));
        assert_eq!(read("application/json", many.as_bytes()).unwrap_err().code(), Code::TooLarge);
    }

    #[test]
    fn what_is_not_json_is_refused_without_an_echo() {
        for wrong in [&b"{secret"[..], b"\"\xff\"", b"{} {}", b"1e999", "[".repeat(200).as_bytes()] {
            let error = read("application/json", wrong).unwrap_err();
            assert_eq!(error.code(), Code::BadInput);
            assert!(!error.detail().contains("secret"));
        }
    }
}
