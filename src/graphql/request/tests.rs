//! Requests as clients send them, and as they should not.

use super::*;
use actix_web::http::header::{ACCEPT, HeaderMap, HeaderValue};
use serde_json::json;

fn post(body: &str) -> Result<Asked, u16> {
    read_post(Some("application/json"), body.as_bytes()).map_err(|malformed| malformed.status)
}

fn one(body: &str) -> Ask {
    match post(body) {
        Ok(Asked::One(ask)) => ask,
        other => panic!("not one request: {other:?}"),
    }
}

#[test]
fn a_request_is_an_object() {
    let ask = one(r#"{"query":"{a}","operationName":"A","variables":{"x":[1,2.5,-3,true,null,"é"]},"extensions":{}}"#);
    assert_eq!(ask.query.as_deref(), Some("{a}"));
    assert_eq!(ask.operation_name.as_deref(), Some("A"));
    assert_eq!(Value::Object(ask.variables), json!({"x": [1, 2.5, -3, true, null, "é"]}));
    for body in ["", "{", "3", "null", "\"{a}\"", "{}", r#"{"qeury":"{a}"}"#, r#"{"query":null}"#, "{} {}"] {
        assert_eq!(post(body), Err(400), "{body}");
    }
}

#[test]
fn null_is_absent_and_other_kinds_are_wrong() {
    let nothing = Ask { query: Some("{a}".to_owned()), ..Ask::default() };
    assert_eq!(one(r#"{"query":"{a}","operationName":null,"variables":null,"extensions":null,"id":1}"#), nothing);
    for name in ["query", "operationName", "variables", "extensions"] {
        for wrong in ["0", "false", "[1]"] {
            assert_eq!(post(&format!(r#"{{"query":"{{a}}","{name}":{wrong}}}"#)), Err(400), "{name} {wrong}");
        }
    }
    assert_eq!(post(r#"{"query":"{a}","variables":"{}"}"#), Err(400));
    assert_eq!(post(r#"{"query":{"a":1}}"#), Err(400));
}

#[test]
fn a_persisted_query_needs_no_text() {
    assert_eq!(one(r#"{"extensions":{"persistedQuery":{"version":1}}}"#).query, None);
}

#[test]
fn a_batch_holds_one_to_ten() {
    let batch = |count: usize| post(&format!("[{}]", vec![r#"{"query":"{a}"}"#; count].join(",")));
    assert!(matches!(batch(1), Ok(Asked::Batch(asks)) if asks.len() == 1));
    assert!(matches!(batch(10), Ok(Asked::Batch(asks)) if asks.len() == 10));
    assert_eq!(batch(0), Err(400));
    assert_eq!(batch(11), Err(400));
    assert_eq!(post(r#"[{"query":"{a}"},{}]"#), Err(400));
    assert_eq!(post(r#"[[{"query":"{a}"}]]"#), Err(400));
}

#[test]
fn only_json_in_utf_8_is_read() {
    let read = |kind: Option<&str>| read_post(kind, br#"{"query":"{a}"}"#).map_err(|malformed| malformed.status);
    for kind in ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\"; v=1"] {
        assert!(read(Some(kind)).is_ok(), "{kind}");
    }
    let wrong = [
        "",
        "text/plain",
        "application/graphql",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin1",
    ];
    for kind in wrong {
        assert_eq!(read(Some(kind)), Err(415), "{kind}");
    }
    assert_eq!(read(None), Err(415));
    assert_eq!(
        read_post(Some("application/json"), b"{\"query\":\"\xff\"}").map_err(|malformed| malformed.status),
        Err(400)
    );
}

#[test]
fn no_member_name_is_special() {
    let token = r#"{"query":"{a}","variables":{"x":{"$serde_json::private::RawValue":"[1]"}}}"#;
    assert_eq!(one(token).variables["x"]["$serde_json::private::RawValue"], json!("[1]"));
    let mut nested = "1".to_owned();
    for _ in 0..12 {
        nested = format!("{}{}{}", "[".repeat(100), json!({"$serde_json::private::RawValue": nested}), "]".repeat(100));
    }
    assert!(post(&format!(r#"{{"query":"{{a}}","variables":{{"x":{nested}}}}}"#)).is_ok());
    assert_eq!(post(&"[".repeat(100_000)), Err(400));
}

#[test]
fn get_takes_each_parameter_once() {
    let ask = read_get("query=%7B%20a%20%7D&variables=%7B%22x%22%3A1%7D&operationName=&extensions=&other=1&other=2");
    let expected = Ask {
        query: Some("{ a }".to_owned()),
        variables: Map::from_iter([("x".to_owned(), json!(1))]),
        ..Ask::default()
    };
    assert_eq!(ask, Ok(expected));
    for wrong in [
        "",
        "query=a&query=b",
        "query=a&variables=1",
        "query=a&variables=%5B%5D",
        "query=a&variables=x",
        "query=a&variables=&variables=",
        "query=a&extensions=%5B%5D",
        "%5B%7B%22query%22%3A%22%7Ba%7D%22%7D%5D",
    ] {
        assert_eq!(read_get(wrong).map_err(|malformed| malformed.status), Err(400), "{wrong}");
    }
}

#[test]
fn the_accept_header_chooses() {
    use Media::{EventStream, GraphqlResponse, Json};
    let chosen = [
        ("application/json", Json),
        ("*/*", Json),
        ("application/*", Json),
        ("text/html, */*;q=0.1", Json),
        ("application/json, */*", Json),
        ("application/graphql-response+json", GraphqlResponse),
        ("APPLICATION/graphql-response+json; charset=utf-8", GraphqlResponse),
        ("application/graphql-response+json, application/json", GraphqlResponse),
        ("application/json, application/graphql-response+json", GraphqlResponse),
        ("application/graphql-response+json;q=0.5, application/json", Json),
        ("application/graphql-response+json, application/json;q=0.9", GraphqlResponse),
        ("application/json;q=0, */*", GraphqlResponse),
        ("text/event-stream, application/json", Json),
        ("text/event-stream", EventStream),
        ("nonsense, application/json;q=x, application/*;q=0.5", Json),
    ];
    for (accept, media) in chosen {
        assert_eq!(negotiate(&[accept]), Ok(media), "{accept}");
    }
    assert_eq!(negotiate(&[]), Ok(Json));
    assert_eq!(negotiate(&["text/html", "application/graphql-response+json"]), Ok(GraphqlResponse));
    for accept in ["text/html", "image/*", "application/json;q=0", "*/*;q=0", "application/xml"] {
        assert_eq!(negotiate(&[accept]), Err(406), "{accept}");
    }
}

fn negotiate(accept: &[&'static str]) -> Result<Media, u16> {
    let mut headers = HeaderMap::new();
    for value in accept {
        headers.append(ACCEPT, HeaderValue::from_static(value));
    }
    Media::negotiate(&headers).map_err(|malformed| malformed.status)
}
