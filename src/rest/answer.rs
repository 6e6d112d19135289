//! Answers of the REST face: bodies with their tag, and what tells a client where it stands.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderValue, LINK, LOCATION, VARY},
    },
};
use serde::Deserialize;
use twox_hash::XxHash3_64;

use super::{
    headers::{IDEMPOTENCY_REPLAYED, is_known},
    policy,
};
use crate::domain::verb::Done;

/// The form of most answers.
pub const JSON: &str = "application/json";
/// The form of objects that show only what `fields` names: whoever does not ask for that gets whole ones.
pub const SPARSE: &str = "application/vnd.cairn.sparse+json";

/// Where a page lies in its list.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    start_cursor: Option<String>,
    end_cursor: Option<String>,
    has_next_page: bool,
    has_previous_page: bool,
}

/// The tag of an object: its version, and the hash of what is shown, which changes without the version too.
fn tagged(version: i64, body: &[u8]) -> String {
    format!("\"{version}.{:016x}\"", XxHash3_64::oneshot(body))
}

/// Shows an object, or what was computed, whose version is 0.
#[must_use]
pub fn object(req: &HttpRequest, body: Vec<u8>, version: i64, media_type: &'static str) -> HttpResponse {
    let etag = tagged(version, &body);
    fresh(req, body, media_type, &etag, None)
}

/// Tells a computed answer in another form than JSON.
#[must_use]
pub fn told(req: &HttpRequest, body: String, media_type: &'static str) -> HttpResponse {
    let etag = tagged(0, body.as_bytes());
    let policy = policy::of(media_type, &body).and_then(|policy| HeaderValue::from_str(&policy).ok());
    let mut answer = fresh(req, body.into_bytes(), media_type, &etag, None);
    // A chart may be opened by itself: its style is let in. Who knows it already is told the same of what they know.
    if let Some(policy) = policy {
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    answer
}

/// Shows a page of a list, with the addresses of those around it.
#[must_use]
pub fn page(req: &HttpRequest, body: Vec<u8>, media_type: &'static str) -> HttpResponse {
    let etag = tagged(0, &body);
    let links = place(&body).and_then(|place| links(req, &place));
    fresh(req, body, media_type, &etag, links)
}

/// Where a page lies. It was written by us: its place stands at its end, and holds no text that could look like this.
fn place(body: &[u8]) -> Option<Place> {
    const KEY: &[u8] = b",\"page\":";
    let at = body.windows(KEY.len()).rposition(|here| here == KEY)?;
    serde_json::from_slice(body.get(at + KEY.len()..body.len() - 1)?).ok()
}

fn fresh(
    req: &HttpRequest,
    body: Vec<u8>,
    media_type: &'static str,
    etag: &str,
    links: Option<String>,
) -> HttpResponse {
    let known = is_known(req, etag);
    let mut answer = HttpResponse::build(if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    private(&mut answer).insert_header((ETAG, etag));
    if let Some(links) = links {
        answer.insert_header((LINK, links));
    }
    if known {
        return answer.finish();
    }
    answer.insert_header((CONTENT_TYPE, HeaderValue::from_static(media_type))).body(body)
}

/// Says what came of a command: the object as it stands now, with what only this answer shows.
#[must_use]
pub fn changed(
    done: &Done,
    at: &str,
    (version, object): (i64, Vec<u8>),
    extra: &str,
    media_type: &'static str,
) -> HttpResponse {
    let etag = tagged(version, &object);
    let mut body = object;
    // The object was written by us: it ends with a brace, and has members.
    body.pop();
    body.extend_from_slice(extra.as_bytes());
    body.push(b'}');
    let mut answer = outcome(done, at);
    answer.insert_header((ETAG, etag)).insert_header((CONTENT_TYPE, media_type)).body(body)
}

/// Says what came of a command with several objects.
#[must_use]
pub fn changed_several(done: &Done, objects: &[Vec<u8>], extra: &str, media_type: &'static str) -> HttpResponse {
    let items = objects.iter().filter(|object| *object != b"null");
    let mut body = b"{\"items\":[".to_vec();
    body.extend(items.collect::<Vec<_>>().into_iter().map(Vec::as_slice).collect::<Vec<_>>().join(&b","[..]));
    body.push(b']');
    body.extend_from_slice(extra.as_bytes());
    body.push(b'}');
    let several = Done { created: false, ..done.clone() };
    outcome(&several, "").insert_header((CONTENT_TYPE, media_type)).body(body)
}

/// Says that a command was carried out on what the caller may not see.
#[must_use]
pub fn unseen(done: &Done, at: &str) -> HttpResponse {
    let mut answer = outcome(done, at);
    answer.status(StatusCode::NO_CONTENT).finish()
}

fn outcome(done: &Done, at: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(if done.created { StatusCode::CREATED } else { StatusCode::OK });
    private(&mut answer);
    if done.created {
        answer.insert_header((LOCATION, at));
    }
    if done.replayed {
        answer.insert_header((IDEMPOTENCY_REPLAYED, "true"));
    }
    answer
}

/// What one caller is shown is not for another, and is asked for again each time.
fn private(answer: &mut HttpResponseBuilder) -> &mut HttpResponseBuilder {
    answer.insert_header((VARY, HeaderValue::from_static("authorization, accept")));
    answer.insert_header((CACHE_CONTROL, HeaderValue::from_static("private, no-cache")))
}

/// The addresses of the pages around this one: the same question, from its end or its start on.
fn links(req: &HttpRequest, place: &Place) -> Option<String> {
    let (mut kept, mut size) = (Vec::new(), None);
    for piece in req.query_string().split('&').filter(|piece| !piece.is_empty()) {
        match piece.split_once('=') {
            Some(("first" | "last", number)) => size = Some(number),
            Some(("after" | "before", _)) => {}
            _ => kept.push(piece.to_owned()),
        }
    }
    let to = |number: &str, from: &str, cursor: &Option<String>, rel: &str| {
        let cursor = cursor.as_ref()?;
        let size =
            size.map(|size| format!("{number}={size}")).or_else(|| (number == "last").then(|| "last=20".to_owned()));
        let all = kept.iter().cloned().chain(size).chain([format!("{from}={cursor}")]);
        Some(format!("<{}?{}>; rel=\"{rel}\"", req.uri().path(), all.collect::<Vec<_>>().join("&")))
    };
    let next = place.has_next_page.then(|| to("first", "after", &place.end_cursor, "next")).flatten();
    let previous = place.has_previous_page.then(|| to("last", "before", &place.start_cursor, "prev")).flatten();
    let links: Vec<String> = next.into_iter().chain(previous).collect();
    (!links.is_empty()).then(|| links.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{body::to_bytes, test::TestRequest};

    fn done(created: bool) -> Done {
        Done { ids: Vec::new(), created, warnings: Vec::new(), replayed: true, revealed: None }
    }

    #[test]
    fn a_tag_holds_the_version_and_changes_with_the_body() {
        let (one, other) = (tagged(7, br#"{"progress":1}"#), tagged(7, br#"{"progress":2}"#));
        assert!(one.starts_with("\"7.") && one.len() == 20);
        assert_ne!(one, other);
    }

    #[actix_web::test]
    async fn a_page_says_where_the_others_are() {
        let body =
            br#"{"items":[{"page":{"endCursor":"x"}}],"page":{"startCursor":"a","endCursor":"b","hasNextPage":true,"hasPreviousPage":true}}"#;
        let req = TestRequest::get().uri("/x?first=5&status=A&after=z").to_http_request();
        let answer = page(&req, body.to_vec(), JSON);
        let link = answer.headers().get(LINK).unwrap().to_str().unwrap();
        assert_eq!(link, "</x?status=A&first=5&after=b>; rel=\"next\", </x?status=A&last=5&before=a>; rel=\"prev\"");
        let known = answer.headers().get(ETAG).unwrap().to_str().unwrap().to_owned();
        let again = TestRequest::get().uri("/x").insert_header(("if-none-match", known)).to_http_request();
        assert_eq!(page(&again, body.to_vec(), JSON).status(), 304);
    }

    #[actix_web::test]
    async fn a_command_answers_with_the_object_and_more() {
        let answer = changed(&done(true), "/x/1", (3, br#"{"id":"1"}"#.to_vec()), ",\"warnings\":[]", JSON);
        assert!(answer.headers().get(ETAG).unwrap().as_bytes().starts_with(b"\"3."));
        assert_eq!((answer.status().as_u16(), answer.headers().get(LOCATION).unwrap().as_bytes()), (201, &b"/x/1"[..]));
        assert_eq!(answer.headers().get(IDEMPOTENCY_REPLAYED).unwrap().as_bytes(), b"true");
        assert_eq!(to_bytes(answer.into_body()).await.unwrap(), r#"{"id":"1","warnings":[]}"#);
        let several =
            changed_several(&done(true), &[b"{}".to_vec(), b"null".to_vec(), b"{}".to_vec()], ",\"warnings\":[]", JSON);
        assert_eq!(several.status(), 200);
        assert_eq!(to_bytes(several.into_body()).await.unwrap(), r#"{"items":[{},{}],"warnings":[]}"#);
    }
}
