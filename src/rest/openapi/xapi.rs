//! xAPI in the document: the statements that are taken, by the names that the standard has for everything.

use actix_web::http::Method;
use entity::{
    kind::{Form, Kind},
    platform::client::Scope,
};
use serde_json::json;
use utoipa::openapi::{
    ArrayBuilder, ObjectBuilder, OneOfBuilder, Ref, RefOr, Required, Schema, SecurityRequirement, Type,
    content::ContentBuilder,
    path::{Operation as Described, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
    request_body::{RequestBody, RequestBodyBuilder},
    schema::AdditionalProperties,
};

use super::{
    besides::{JSON, Placed, named, public},
    describe::{BEARER, CLIENT, Parts, refusals},
    schema::Schemas,
};

/// The tag, and what it is about.
pub const TAG: (&str, &str) = (
    "xAPI",
    "Statements of learning systems (xAPI 1.0.3 and 2.0). Those that somebody completed, passed, failed or progressed in something become \
     completions.",
);

const LINE: Kind = Kind::Text { min: 1, max: 2000, form: Form::Line };
const UUID: &str = "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$";
const VERSION: &str = r"^(1|2)\.0(\.[0-9]{1,3})?$";
const SHOWN: &str = "7ccd3322-e1a5-411a-a67d-6a735c76f119";
/// Headers of every answer about statements.
const HEADERS: [&str; 3] = ["X-Experience-API-Version", "X-Experience-API-Consistent-Through", "Cache-Control"];

const POSTED: &str = "One statement, or up to 200 at once: all or none. The verbs `completed`, `passed`, `failed` and `progressed` are taken; each statement \
becomes a completion, with everything that follows from one. The same statement again changes nothing; the same id with another content is refused. \
A statement without an id gets one; with a `timestamp` it is always the same one, so that it may be sent again. A statement that \
something was `completed` with a `completion` that is false says that somebody progressed in it.\n\nThe actor is a person by `mbox`, by `mbox_sha1sum`, or by \
`account`: the one with the external reference `xapi` `{homePage}|{name}`, else the one whose e-mail address is `name`, else the one with the external \
reference `{host of homePage}` `{name}`. The object is the learning resource with the external reference `xapi` `{id}`, else the one whose `url` is the id.\
\n\nInstead of a token, a client may send its id and secret by HTTP Basic.\n\nHeader `Idempotency-Key` (1 to 255 visible ASCII characters of your choosing): \
within 24 hours the same request under it acts once.";

/// Every operation of xAPI.
pub fn operations(parts: &mut Parts) -> Vec<Placed> {
    let statement = statement(&mut parts.schemas);
    vec![
        (Method::GET, "/api/v1/xapi/about", about(parts)),
        (Method::POST, "/api/v1/xapi/statements", post(parts, statement.clone())),
        (Method::PUT, "/api/v1/xapi/statements", put(parts, statement)),
    ]
}

fn about(parts: &mut Parts) -> Described {
    let versions = parts.schemas.record("XapiAbout", "What is offered of xAPI.", |_| {
        let each = text(VERSION, 10).description(Some("A version.")).examples([json!("1.0.3")]);
        let all = ArrayBuilder::new().items(each).max_items(Some(10)).description(Some("The versions, oldest first."));
        vec![("version", all.into(), true)]
    });
    let doc = "The resource `about` of the standard.";
    let operation = public(named("getXapiAbout", TAG.0, "Show the versions of xAPI", doc));
    let ok = parts.answers.answer("The versions.", Some((JSON, RefOr::Ref(versions))), &[HEADERS[0], HEADERS[2]]);
    refusals(parts, operation.response("200", ok), &[400, 401, 406]).build()
}

fn post(parts: &mut Parts, statement: Ref) -> Described {
    let several = ArrayBuilder::new().items(RefOr::Ref(statement.clone())).min_items(Some(1)).max_items(Some(200));
    let several = several.description(Some("Several statements."));
    let either = OneOfBuilder::new().item(RefOr::Ref(statement)).item(several).into();
    let operation = secured(named("postXapiStatements", TAG.0, "Take statements", POSTED));
    let operation = operation.parameter(version()).request_body(Some(body(either)));
    let ids = ArrayBuilder::new().items(id("An id.")).min_items(Some(1)).max_items(Some(200));
    let ids: RefOr<Schema> = ids.description(Some("The ids of the statements, in their order.")).into();
    let headers: Vec<_> = HEADERS.into_iter().chain(["Idempotency-Replayed"]).collect();
    let ok = parts.answers.answer("They are kept.", Some((JSON, ids)), &headers);
    refused(parts, operation.response("200", ok))
}

fn put(parts: &mut Parts, statement: Ref) -> Described {
    let doc = "One statement under the id that the address says; all else as with `POST`.";
    let operation = secured(named("putXapiStatement", TAG.0, "Put a statement", doc));
    let place = ParameterBuilder::new().name("statementId").parameter_in(ParameterIn::Query).required(Required::True);
    let place = place.description(Some("The statement's id.")).schema(Some(id("The statement's id.")));
    let operation = operation.parameter(version()).parameter(place).request_body(Some(body(RefOr::Ref(statement))));
    let ok = parts.answers.answer("It is kept.", None, &HEADERS);
    refused(parts, operation.response("204", ok))
}

fn secured(operation: OperationBuilder) -> OperationBuilder {
    operation
        .security(SecurityRequirement::new(BEARER, Vec::<String>::new()))
        .security(SecurityRequirement::new(CLIENT, [Scope::LearningWrite.to_string()]))
}

fn refused(parts: &mut Parts, operation: OperationBuilder) -> Described {
    refusals(parts, operation, &[400, 401, 403, 404, 406, 408, 409, 413, 415, 422]).build()
}

fn version() -> Parameter {
    let schema = text(VERSION, 7).examples([json!("1.0.3")]);
    let header = ParameterBuilder::new().name("X-Experience-API-Version").parameter_in(ParameterIn::Header);
    let header = header.required(Required::True).description(Some("The version of xAPI: `1.0.x` or `2.0.x`."));
    header.schema(Some(schema)).build()
}

fn body(schema: RefOr<Schema>) -> RequestBody {
    let shown = json!({
        "id": SHOWN,
        "actor": { "mbox": "mailto:ada@example.com" },
        "verb": { "id": "http://adlnet.gov/expapi/verbs/completed" },
        "object": { "id": "https://example.com/course" },
        "result": { "completion": true, "score": { "scaled": 0.95 }, "duration": "PT1H30M" },
        "timestamp": "2026-03-01T09:30:00Z",
    });
    let content = ContentBuilder::new().schema(Some(schema)).example(Some(shown)).build();
    let body = RequestBodyBuilder::new().description(Some("What happened.")).required(Some(Required::True));
    body.content(JSON, content).build()
}

fn text(pattern: &str, longest: usize) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).max_length(Some(longest))
}

fn id(doc: &str) -> ObjectBuilder {
    text(UUID, 36).min_length(Some(36)).description(Some(doc)).examples([json!(SHOWN)])
}

fn iri(doc: &str) -> ObjectBuilder {
    text(r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+$", 8192).description(Some(doc))
}

/// A statement, as far as Cairn reads it; the rest of it is as the standard has it.
fn statement(schemas: &mut Schemas) -> Ref {
    schemas.component("XapiStatement", |schemas| {
        let version = text(VERSION, 7).description(Some("The version of xAPI that it is of."));
        let closed = ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(false)));
        let attachments = ArrayBuilder::new().items(any(schemas, "An attachment.")).max_items(Some(1000));
        let attachments = attachments.description(Some("What belongs to it, by `fileUrl` only."));
        closed
            .schema_type(Type::Object)
            .description(Some("A statement of xAPI, kept as it comes."))
            .property("id", id("Its id: a UUID. The same id again changes nothing."))
            .property("actor", RefOr::Ref(actor(schemas)))
            .required("actor")
            .property("verb", RefOr::Ref(verb(schemas)))
            .required("verb")
            .property("object", RefOr::Ref(activity(schemas)))
            .required("object")
            .property("result", RefOr::Ref(result(schemas)))
            .property("context", any(schemas, "Around what it happened, as the standard has it."))
            .property("timestamp", schemas.value(Kind::Time, "When it happened.", false, super::scalar::Side::Input))
            .property("stored", any(schemas, "Ignored: Cairn knows itself when it came."))
            .property("authority", any(schemas, "Ignored: Cairn knows itself who sent it."))
            .property("version", version)
            .property("attachments", attachments)
            .into()
    })
}

fn any(schemas: &mut Schemas, doc: &str) -> RefOr<Schema> {
    schemas.shown(Kind::Json, doc)
}

fn actor(schemas: &mut Schemas) -> Ref {
    let account = schemas.record("XapiAccount", "An account with another system.", |schemas| {
        vec![
            ("homePage", iri("The address of the system.").into(), true),
            ("name", schemas.shown(LINE, "What the system calls the person."), true),
        ]
    });
    schemas.record("XapiActor", "A person, by exactly one of `mbox`, `mbox_sha1sum` and `account`.", |schemas| {
        let kind = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["Agent"]));
        let mbox =
            text("^mailto:[^@\\s<>]+@[^@\\s<>]+$", 300).description(Some("The e-mail address, after `mailto:`."));
        let sum = text("^[0-9A-Fa-f]{40}$", 40).description(Some("The SHA-1 of `mailto:` and the e-mail address."));
        vec![
            ("objectType", kind.description(Some("Always `Agent`.")).into(), false),
            ("name", schemas.shown(LINE, "What the person is called."), false),
            ("mbox", mbox.into(), false),
            ("mbox_sha1sum", sum.into(), false),
            ("account", RefOr::Ref(account), false),
        ]
    })
}

fn verb(schemas: &mut Schemas) -> Ref {
    schemas.record("XapiVerb", "What was done: completed, passed, failed or progressed.", |schemas| {
        let shown = "http://adlnet.gov/expapi/verbs/completed";
        vec![
            ("id", iri("The verb.").examples([json!(shown)]).into(), true),
            ("display", any(schemas, "The same for people, by language."), false),
        ]
    })
}

fn activity(schemas: &mut Schemas) -> Ref {
    schemas.record("XapiActivity", "With what it was done.", |schemas| {
        let kind = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["Activity"]));
        vec![
            ("objectType", kind.description(Some("Always `Activity`.")).into(), false),
            ("id", iri("The learning resource.").examples([json!("https://example.com/course")]).into(), true),
            ("definition", any(schemas, "What it is, as the standard has it."), false),
        ]
    })
}

fn result(schemas: &mut Schemas) -> Ref {
    schemas.record("XapiResult", "What came of it.", |schemas| {
        let duration = text("^P[0-9YMWDTHS.,]+$", 100).description(Some("How long it took (ISO 8601)."));
        vec![
            ("score", any(schemas, "`scaled` from -1 to 1, or `raw` from `min` to `max`."), false),
            ("success", schemas.shown(Kind::Bool, "Whether it went well."), false),
            ("completion", schemas.shown(Kind::Bool, "Whether it is done."), false),
            ("response", any(schemas, "What was answered."), false),
            ("duration", duration.examples([json!("PT1H30M")]).into(), false),
            ("extensions", any(schemas, "Whatever else, by IRI."), false),
        ]
    })
}
