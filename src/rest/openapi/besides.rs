//! The operations that belong to no resource: the caller, the codes, log-in and health.

use actix_web::http::Method;
use entity::kind::{Declared as _, Kind, Object as Declared};
use utoipa::openapi::{
    ArrayBuilder, ObjectBuilder, RefOr, Required, Schema, SecurityRequirement, Type,
    content::ContentBuilder,
    path::{Operation as Described, OperationBuilder, ParameterBuilder, ParameterIn},
    request_body::{RequestBody, RequestBodyBuilder},
};

use super::{
    describe::{BEARER, CLIENT, Parts, UNCHANGED, example, refusals},
    guests, oauth,
    scalar::{CODE, SENTENCE, Side},
    schema::described,
    xapi,
};
use crate::{
    auth::{
        login::LogIn,
        reset::PasswordReset,
        session::{LogOut, Refresh, Tokens},
    },
    domain::me,
    read::shape::shape,
    rest::calendar,
};

/// The media type of almost everything.
pub const JSON: &str = "application/json";

/// An operation with its method and path.
pub type Placed = (Method, &'static str, Described);

/// Every one of them.
pub fn operations(parts: &mut Parts) -> Vec<Placed> {
    let mut out =
        vec![(Method::GET, "/api/v1/me", show_me(parts)), (Method::GET, "/api/v1/error-codes", error_codes(parts))];
    out.extend(sessions(parts));
    out.extend(oauth::operations(parts));
    out.extend(health(parts));
    out.push((Method::GET, calendar::PATH, feed(parts)));
    out.extend(xapi::operations(parts));
    out.extend(guests::operations(parts));
    out
}

/// The tags, each with what it is about.
pub const TAGS: [(&str, &str); 7] = [
    ("Caller", "Who asks, and what answers mean."),
    ("Log-in", "How people log in and out. Access tokens live for ten minutes; a refresh token is good for one use."),
    ("OAuth", "How integrations get their tokens (RFC 6749, RFC 7009), and where that is described."),
    ("Calendar", "What a calendar program subscribes to."),
    ("Health", "For those who run the server."),
    xapi::TAG,
    guests::TAG,
];

/// An operation with its words.
#[must_use]
pub fn named(id: &str, tag: &str, summary: &str, doc: &str) -> OperationBuilder {
    OperationBuilder::new().operation_id(Some(id)).tag(tag).summary(Some(summary)).description(Some(doc))
}

/// Anybody may: an empty requirement says so.
#[must_use]
pub fn public(described: OperationBuilder) -> OperationBuilder {
    described.security(SecurityRequirement::default())
}

fn show_me(parts: &mut Parts) -> Described {
    let component = parts.schemas.component("Me", |schemas| {
        let object = ObjectBuilder::new().schema_type(Type::Object).description(Some(me::object().doc.as_str()));
        let object = me::object().fields.iter().fold(object, |object, field| {
            let nullable = field.presence == entity::kind::Presence::Optional;
            object
                .property(&field.name, schemas.value(field.kind, &field.doc, nullable, Side::Output))
                .required(&field.name)
        });
        let object = me::WAYS.iter().fold(object, |object, (name, to, doc)| {
            let to = schemas.shape(shape(to));
            object.property(*name, described(to, doc, true)).required(*name)
        });
        object.into()
    });
    let operation = named(
        "getMe",
        "Caller",
        "Show the caller",
        &format!(
            "Who the token is of, in which organization, and what it may be used for. Needs no scope. In GraphQL: `me`.{UNCHANGED}"
        ),
    );
    let operation = operation
        .security(SecurityRequirement::new(BEARER, Vec::<String>::new()))
        .security(SecurityRequirement::new(CLIENT, Vec::<String>::new()));
    let headers = ["ETag", "Cache-Control", "Vary"];
    let ok = parts.answers.answer("The caller.", Some((JSON, RefOr::Ref(component))), &headers);
    let same = parts.answers.answer("Nothing has changed.", None, &headers);
    refusals(parts, operation.response("200", ok).response("304", same), &[400, 401, 406]).build()
}

fn error_codes(parts: &mut Parts) -> Described {
    let status = Kind::Int { min: 400, max: 599 };
    let line = parts.schemas.record("ErrorCode", "A code, and what it means.", |schemas| {
        vec![
            ("code", schemas.shown(CODE, "The code."), true),
            ("status", schemas.shown(status, "The HTTP status that it comes with."), true),
            ("title", schemas.shown(SENTENCE, "What it means."), true),
        ]
    });
    let items = ArrayBuilder::new().items(RefOr::Ref(line)).max_items(Some(1000)).description(Some("Every code."));
    let body = ObjectBuilder::new().schema_type(Type::Object).property("items", items).required("items");
    let doc = "Every code that a problem or a GraphQL error may carry.";
    let operation = public(named("listErrorCodes", "Caller", "List the error codes", doc));
    let ok = parts.answers.answer("The codes.", Some((JSON, body.into())), &["Cache-Control"]);
    refusals(parts, operation.response("200", ok), &[400, 401, 406]).build()
}

/// What people do without a token: the id, the path, a summary, more of it, what it takes, whether it gives tokens.
type Session = (&'static str, &'static str, &'static str, &'static str, &'static Declared, bool);

fn sessions(parts: &mut Parts) -> Vec<Placed> {
    let log_in = "With an e-mail address and a password. Slowed down after failures, per account and per address.";
    let refresh = "A refresh token that comes a second time ends its session.";
    let log_out = "Ends the session of the refresh token, and that of the bearer token when there is one.";
    let reset = "With the secret of a one-time link that an administrator made.";
    let all: [Session; 4] = [
        ("logIn", "/auth/login", "Log in", log_in, LogIn::object(), true),
        ("refreshSession", "/auth/refresh", "Refresh a session", refresh, Refresh::object(), true),
        ("logOut", "/auth/logout", "Log out", log_out, LogOut::object(), false),
        ("resetPassword", "/auth/reset-password", "Set a password by a link", reset, PasswordReset::object(), false),
    ];
    all.into_iter().map(|session| (Method::POST, session.1, self::session(parts, session))).collect()
}

fn session(parts: &mut Parts, (id, _, summary, doc, takes, gives): Session) -> Described {
    let operation = public(named(id, "Log-in", summary, doc)).request_body(Some(body(parts, takes)));
    let tokens = gives.then(|| (JSON, RefOr::Ref(parts.schemas.object(Tokens::object()))));
    let answer = parts.answers.answer("It was done.", tokens, &["Cache-Control"]);
    let operation = operation.response(if gives { "200" } else { "204" }, answer);
    refusals(parts, operation, &[400, 401, 403, 404, 408, 409, 413, 415, 422]).build()
}

fn body(parts: &mut Parts, takes: &'static Declared) -> RequestBody {
    let schema = RefOr::Ref(parts.schemas.object(takes));
    let needed = takes.fields.iter().any(|field| field.presence == entity::kind::Presence::Required);
    let content = ContentBuilder::new().schema(Some(schema)).example(Some(example(takes))).build();
    let required = if needed { Required::True } else { Required::False };
    RequestBodyBuilder::new()
        .description(Some(takes.doc.as_str()))
        .required(Some(required))
        .content(JSON, content)
        .build()
}

/// What a calendar program reads: the secret in the address is all that it has.
fn feed(parts: &mut Parts) -> Described {
    let file = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^cairn_cf_[A-Za-z0-9_-]{43}[.]ics$"));
    let file = file.min_length(Some(56)).max_length(Some(56)).description(Some("The secret of the feed, and `.ics`."));
    let shown = serde_json::json!(format!("cairn_cf_{}.ics", "0".repeat(43)));
    let file =
        ParameterBuilder::new().name("file").parameter_in(ParameterIn::Path).schema(Some(file.examples([shown])));
    let file = file.required(Required::True).description(Some("The secret of the feed, and `.ics`."));
    let doc = format!(
        "A calendar of the person whose feed it is, as iCalendar (RFC 5545). The address is shown when the feed is made. Needs no \
         token.{UNCHANGED}"
    );
    let operation = public(named("readCalendarFeed", "Calendar", "Read a calendar feed", &doc)).parameter(file);
    let text = ObjectBuilder::new().schema_type(Type::String).description(Some("The calendar."));
    let text = text.max_length(Some(100_000_000)).pattern(Some("^[^\\u0000]*$"));
    let headers = ["ETag", "Cache-Control", "Vary"];
    let ok = parts.answers.answer("The calendar.", Some(("text/calendar", text.into())), &headers);
    let same = parts.answers.answer("Nothing has changed.", None, &headers);
    refusals(parts, operation.response("200", ok).response("304", same), &[400, 401, 404]).build()
}

fn health(parts: &mut Parts) -> Vec<Placed> {
    let status = |parts: &mut Parts, word: &str| {
        let status =
            ObjectBuilder::new().schema_type(Type::String).enum_values(Some([word])).description(Some("What it is."));
        let body: RefOr<Schema> =
            ObjectBuilder::new().schema_type(Type::Object).property("status", status).required("status").into();
        parts.answers.answer("All is well.", Some((JSON, body)), &[])
    };
    let live = status(parts, "LIVE");
    let live = public(named("getLiveness", "Health", "Ask whether the process lives", "Looks at nothing else."))
        .response("200", live);
    let ready = status(parts, "READY");
    let ready = public(named(
        "getReadiness",
        "Health",
        "Ask whether it can serve",
        "Red when the database is away or lacks migrations, and as soon as the server is to stop.",
    ))
    .response("200", ready);
    let text =
        ObjectBuilder::new().schema_type(Type::String).max_length(Some(10_000_000)).pattern(Some("^[^\\u0000]*$"));
    let text = parts.answers.answer("The metrics.", Some(("text/plain", text.into())), &[]);
    let metrics = public(named("getMetrics", "Health", "Get the metrics", "In the text format of Prometheus."))
        .response("200", text);
    vec![
        (Method::GET, "/livez", refusals(parts, live, &[400, 401]).build()),
        (Method::GET, "/readyz", refusals(parts, ready, &[400, 401]).build()),
        (Method::GET, "/metrics", refusals(parts, metrics, &[400, 401]).build()),
    ]
}
