//! Answers, byte for byte.

use super::{json::RAW, *};
use actix_web::http::header::HeaderValue;
use async_graphql::{Name, Pos, Value, indexmap::IndexMap};
use serde_json::json;

fn body(outcome: &Outcome) -> String {
    String::from_utf8_lossy(&Answer::one(outcome, Media::Json, "r1").body).into_owned()
}

fn executed(data: &str, errors: Vec<Fault>, extensions: &str) -> Outcome {
    Outcome::Executed { data: data.into(), errors, extensions: extensions.into() }
}

#[test]
fn data_is_copied() {
    assert_eq!(body(&executed(r#"{"a": 1}"#, vec![], "")), r#"{"data":{"a": 1}}"#);
    assert_eq!(body(&executed("{}", vec![], r#"{"cost":1}"#)), r#"{"data":{},"extensions":{"cost":1}}"#);
}

#[test]
fn a_stream_of_events_is_one_answer_and_its_end() {
    let answer = Answer::one(&executed("{}", vec![], ""), Media::EventStream, "r1");
    assert_eq!(answer.content_type, "text/event-stream; charset=utf-8");
    assert_eq!(answer.body, b"event: next\ndata: {\"data\":{}}\n\nevent: complete\ndata:\n\n");
}

#[test]
fn every_error_has_its_code_and_request() {
    let fault = Fault {
        locations: vec![(1, 2), (3, 4)],
        path: vec![PathPart::Key("a".into()), PathPart::Index(0), PathPart::Key("\"".into())],
        details: Some(json!([1])),
        extra: Map::from_iter([("retryAfter".to_owned(), json!(3)), ("code".to_owned(), json!("OTHER"))]),
        ..Fault::new("BROKEN", "said \"so\"")
    };
    let expected = concat!(
        r#"{"errors":[{"message":"said \"so\"","locations":[{"line":1,"column":2},{"line":3,"column":4}],"#,
        r#""path":["a",0,"\""],"extensions":"#
    );
    let answer = body(&executed("null", vec![fault], ""));
    assert!(answer.starts_with(expected), "{answer}");
    assert!(answer.ends_with(r#"}],"data":null}"#), "{answer}");
    let parsed: serde_json::Value = serde_json::from_str(&answer).unwrap_or_default();
    let extensions = json!({"code": "BROKEN", "requestId": "r1", "details": [1], "retryAfter": 3});
    assert_eq!(parsed["errors"][0]["extensions"], extensions);
}

#[test]
fn a_refusal_has_no_data() {
    let outcome = Outcome::refused(400, Refusal::Syntax { line: 2, column: 7 });
    let expected = concat!(
        r#"{"errors":[{"message":"Syntax error at line 2, column 7","locations":[{"line":2,"column":7}],"#,
        r#""extensions":{"code":"GRAPHQL_PARSE_FAILED","requestId":"r1"}}]}"#
    );
    assert_eq!(body(&outcome), expected);
}

#[test]
fn the_status_follows_the_media_type() {
    let refused = |status| Outcome::refused(status, Fault::new("X", "x"));
    assert_eq!(refused(400).status(Media::Json), 200);
    assert_eq!(refused(400).status(Media::GraphqlResponse), 400);
    for status in [200, 401, 405, 429, 503] {
        assert_eq!(refused(status).status(Media::Json), status);
        assert_eq!(refused(status).status(Media::GraphqlResponse), status);
    }
    assert_eq!(executed("null", vec![Fault::new("X", "x")], "").status(Media::GraphqlResponse), 200);
    let malformed = Malformed { status: 400, code: "BAD_INPUT", message: String::new() };
    assert_eq!(Answer::malformed(malformed, Media::Json, "r1").status, 400);
}

#[test]
fn a_mutation_by_get_is_told_to_post() {
    let outcome = Outcome::refused(405, Fault::new("METHOD_NOT_ALLOWED", "Send mutations with POST"));
    let response = HttpResponse::from(Answer::one(&outcome, Media::GraphqlResponse, "r1"));
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers().get(ALLOW).map(HeaderValue::as_bytes), Some(&b"POST"[..]));
}

#[test]
fn a_batch_is_an_array() {
    let batch = [executed("{}", vec![], ""), executed("null", vec![], "")];
    let answer = Answer::batch(&batch, Media::Json, "r1");
    assert_eq!((answer.status, answer.body), (200, br#"[{"data":{}},{"data":null}]"#.to_vec()));
}

#[test]
fn a_flood_of_errors_is_cut() {
    let answer = body(&executed("null", vec![Fault::new("X", "x"); 1_000], ""));
    assert_eq!(answer.matches("requestId").count(), ERRORS);
}

#[test]
fn the_librarys_errors_keep_their_place() {
    let mut error = ServerError::new("no", Some(Pos { line: 1, column: 2 }));
    error.path = vec![PathSegment::Field("a".into()), PathSegment::Index(3)];
    let fault = Fault::from_server(&error, "BAD_INPUT");
    assert_eq!(fault.locations, [(1, 2)]);
    assert_eq!(fault.path, [PathPart::Key("a".into()), PathPart::Index(3)]);
}

#[test]
fn values_are_written_and_raw_json_is_copied() {
    let raw = Value::Object(IndexMap::from_iter([(Name::new(RAW), Value::from(r#"{"z": 36.0}"#))]));
    let value = Value::Object(IndexMap::from_iter([
        (Name::new("a"), Value::List(vec![Value::Null, Value::from(true), Value::from(1), Value::from("\n\u{e9}")])),
        (Name::new("b"), raw),
        (Name::new("c"), Value::Enum(Name::new("ACTIVE"))),
        (Name::new("d"), Value::Object(IndexMap::new())),
    ]));
    let mut out = Vec::new();
    value_bytes(&value, &mut out);
    let expected = "{\"a\":[null,true,1,\"\\n\u{e9}\"],\"b\":{\"z\": 36.0},\"c\":\"ACTIVE\",\"d\":{}}";
    assert_eq!(String::from_utf8_lossy(&out), expected);
}
