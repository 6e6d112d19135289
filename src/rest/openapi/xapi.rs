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
use crate::domain::learning::xapi;

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
    let any = statement(&mut parts.schemas, "XapiStatement", true);
    // Under an id of the address, another one in the body is refused.
    let named = statement(&mut parts.schemas, "XapiStatementOfId", false);
    vec![
        (Method::GET, "/api/v1/xapi/about", about(parts)),
        (Method::POST, "/api/v1/xapi/statements", post(parts, any)),
        (Method::PUT, "/api/v1/xapi/statements", put(parts, named)),
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
    text(r"^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]+$", 8192).description(Some(doc))
}

/// A statement, as far as Cairn reads it. The rest is as the standard has it, in maps by language and by IRI that the
/// document cannot describe: it says so, and promises no more than what is always taken.
fn statement(schemas: &mut Schemas, name: &str, own_id: bool) -> Ref {
    schemas.component(name, |schemas| {
        let closed = ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(false)));
        let closed = closed.schema_type(Type::Object);
        let said = "Its id: a UUID. The same id again changes nothing.";
        let closed = if own_id { closed.property("id", id(said)) } else { closed };
        closed
            .description(Some(
                "A statement of xAPI, kept as it comes. Besides what is shown here it may have whatever the standard has: \
                 `context`, `version`, `authority`, `stored`, `attachments` by `fileUrl`, definitions, names by language and \
                 extensions.",
            ))
            .property("actor", actor(schemas))
            .required("actor")
            .property("verb", RefOr::Ref(verb(schemas)))
            .required("verb")
            .property("object", RefOr::Ref(activity(schemas)))
            .required("object")
            .property("result", RefOr::Ref(result(schemas)))
            .property("timestamp", schemas.value(Kind::Time, "When it happened.", false, super::scalar::Side::Input))
            .into()
    })
}

/// A record without other members: what is generated from the document is taken.
fn closed(schemas: &mut Schemas, name: &str, doc: &str, members: Vec<(&'static str, RefOr<Schema>, bool)>) -> Ref {
    schemas.component(name, |_| {
        let object = ObjectBuilder::new().schema_type(Type::Object).description(Some(doc));
        let object = object.additional_properties(Some(AdditionalProperties::FreeForm(false)));
        let object = members.into_iter().fold(object, |object, (name, schema, required)| {
            let object = object.property(name, schema);
            if required { object.required(name) } else { object }
        });
        object.into()
    })
}

/// A person, by exactly one name.
fn actor(schemas: &mut Schemas) -> RefOr<Schema> {
    let called = schemas.shown(LINE, "What the system calls the person.");
    let home = iri("The address of the system.").into();
    let account = vec![("homePage", home, true), ("name", called, true)];
    let account = closed(schemas, "XapiAccount", "An account with another system.", account);
    let mbox = text("^mailto:[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+$", 300);
    let sum = text("^[0-9A-Fa-f]{40}$", 40).description(Some("The SHA-1 of `mailto:` and the e-mail address."));
    let ways: [(&str, &str, &'static str, RefOr<Schema>); 3] = [
        ("XapiMailbox", "A person, by e-mail address.", "mbox", mbox.description(Some("After `mailto:`.")).into()),
        ("XapiMailboxHash", "A person, by the hash of an e-mail address.", "mbox_sha1sum", sum.into()),
        ("XapiAccountHolder", "A person, by an account.", "account", RefOr::Ref(account)),
    ];
    let mut one = OneOfBuilder::new().description(Some("A person, by exactly one name."));
    for (name, doc, member, schema) in ways {
        let kind = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["Agent"]));
        let members = vec![
            ("objectType", kind.description(Some("Always `Agent`.")).into(), false),
            ("name", schemas.shown(LINE, "What the person is called."), false),
            (member, schema, true),
        ];
        one = one.item(RefOr::Ref(closed(schemas, name, doc, members)));
    }
    one.into()
}

fn verb(schemas: &mut Schemas) -> Ref {
    let shown = "http://adlnet.gov/expapi/verbs/completed";
    let verb =
        ObjectBuilder::new().schema_type(Type::String).description(Some("The verb.")).enum_values(Some(xapi::verbs()));
    let members = vec![("id", verb.examples([json!(shown)]).into(), true)];
    closed(schemas, "XapiVerb", "What was done: completed, passed, failed or progressed.", members)
}

fn activity(schemas: &mut Schemas) -> Ref {
    let kind = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["Activity"]));
    let members = vec![
        ("objectType", kind.description(Some("Always `Activity`.")).into(), false),
        ("id", iri("The learning resource.").examples([json!("https://example.com/course")]).into(), true),
    ];
    closed(schemas, "XapiActivity", "With what it was done.", members)
}

fn result(schemas: &mut Schemas) -> Ref {
    let scaled = ObjectBuilder::new().schema_type(Type::Number).minimum(Some(-1)).maximum(Some(1));
    let score = vec![("scaled", scaled.description(Some("From -1 to 1.")).into(), false)];
    let score = closed(schemas, "XapiScore", "How well it went; `raw` from `min` to `max` is taken as well.", score);
    let duration = text("^PT([0-9]{1,3}H)?[0-9]{1,4}M([0-9]{1,4}S)?$", 100);
    let duration = duration.description(Some("How long it took (ISO 8601)."));
    let members = vec![
        ("score", RefOr::Ref(score), false),
        ("success", schemas.shown(Kind::Bool, "Whether it went well."), false),
        ("completion", schemas.shown(Kind::Bool, "Whether it is done."), false),
        ("response", schemas.shown(LINE, "What was answered."), false),
        ("duration", duration.examples([json!("PT1H30M")]).into(), false),
    ];
    closed(schemas, "XapiResult", "What came of it.", members)
}
