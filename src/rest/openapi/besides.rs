//! The operations that belong to no resource: the caller, the codes, log-in, OAuth, discovery and health.

use actix_web::http::Method;
use entity::kind::{Declared as _, Form, Kind, Object as Declared};
use serde_json::json;
use utoipa::openapi::{
    ArrayBuilder, ObjectBuilder, Ref, RefOr, Required, Schema, SecurityRequirement, Type,
    content::ContentBuilder,
    path::{Operation as Described, OperationBuilder},
    request_body::RequestBodyBuilder,
};

use super::{
    describe::{BEARER, CLIENT, Parts, example, refusals},
    parameter,
    scalar::{SENTENCE, Side},
    schema::{Schemas, described},
};
use crate::{
    auth::{
        login::LogIn,
        reset::PasswordReset,
        session::{LogOut, Refresh, Tokens},
    },
    domain::me,
    read::shape::shape,
};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const URL: Kind = Kind::Text { min: 1, max: 2000, form: Form::Url };

/// An operation with its method and path.
pub type Placed = (Method, &'static str, Described);

/// Every one of them, with the tag that it stands under.
pub fn operations(parts: &mut Parts) -> Vec<Placed> {
    let mut out = vec![(Method::GET, "/api/v1/me", show_me(parts)), (Method::GET, "/api/v1/error-codes", error_codes(parts))];
    out.extend(sessions(parts));
    out.extend([(Method::POST, "/oauth/token", token(parts)), (Method::POST, "/oauth/revoke", revoke(parts))]);
    out.extend(discovery(parts));
    out.extend(health(parts));
    out
}

/// The tags, each with what it is about.
pub const TAGS: [(&str, &str); 4] = [
    ("Caller", "Who asks, and what answers mean."),
    ("Log-in", "How people log in and out. Access tokens live for ten minutes; a refresh token is good for one use."),
    ("OAuth", "How integrations get their tokens (RFC 6749, RFC 7009), and where that is described."),
    ("Health", "For those who run the server."),
];

fn named(id: &str, tag: &str, summary: &str, doc: &str) -> OperationBuilder {
    OperationBuilder::new().operation_id(Some(id)).tag(tag).summary(Some(summary)).description(Some(doc))
}

/// Anybody may: an empty requirement says so.
fn public(described: OperationBuilder) -> OperationBuilder {
    described.security(SecurityRequirement::default())
}

fn show_me(parts: &mut Parts) -> Described {
    let component = parts.schemas.component("Me", |schemas| {
        let object = ObjectBuilder::new().schema_type(Type::Object).description(Some(me::object().doc.as_str()));
        let object = me::object().fields.iter().fold(object, |object, field| {
            let nullable = field.presence == entity::kind::Presence::Optional;
            object.property(&field.name, schemas.value(field.kind, &field.doc, nullable, Side::Output)).required(&field.name)
        });
        let object = me::WAYS.iter().fold(object, |object, (name, to, doc)| {
            let to = schemas.shape(shape(to));
            object.property(*name, described(to, doc, true)).required(*name)
        });
        object.into()
    });
    let operation = named("getMe", "Caller", "Show the caller", "Who the token is of, in which organization, and what it may be used for. Needs no scope. In GraphQL: `me`.");
    let operation = operation
        .security(SecurityRequirement::new(BEARER, Vec::<String>::new()))
        .security(SecurityRequirement::new(CLIENT, Vec::<String>::new()))
        .parameter(parameter::if_none_match());
    let headers = ["ETag", "Cache-Control", "Vary"];
    let ok = parts.answers.answer("The caller.", Some((JSON, RefOr::Ref(component))), &headers);
    let same = parts.answers.answer("Nothing has changed.", None, &headers);
    refusals(parts, operation.response("200", ok).response("304", same), &[400, 401, 406]).build()
}

fn error_codes(parts: &mut Parts) -> Described {
    let line = parts.schemas.component("ErrorCode", |schemas| {
        let object = ObjectBuilder::new().schema_type(Type::Object).description(Some("A code, and what it means."));
        let code = schemas.value(super::scalar::CODE, "The code.", false, Side::Output);
        let status = schemas.value(Kind::Int { min: 400, max: 599 }, "The HTTP status that it comes with.", false, Side::Output);
        let title = schemas.value(SENTENCE, "What it means.", false, Side::Output);
        let object = object.property("code", code).property("status", status).property("title", title);
        ["code", "status", "title"].into_iter().fold(object, ObjectBuilder::required).into()
    });
    let items = ArrayBuilder::new().items(RefOr::Ref(line)).max_items(Some(1000)).description(Some("Every code."));
    let body = ObjectBuilder::new().schema_type(Type::Object).property("items", items).required("items");
    let operation = public(named("listErrorCodes", "Caller", "List the error codes", "Every code that a problem or a GraphQL error may carry."));
    let ok = parts.answers.answer("The codes.", Some((JSON, body.into())), &["Cache-Control"]);
    refusals(parts, operation.response("200", ok), &[400, 401, 406]).build()
}

fn sessions(parts: &mut Parts) -> Vec<Placed> {
    let tokens = RefOr::Ref(parts.schemas.object(Tokens::object()));
    let one = |parts: &mut Parts, id, path, summary, doc, takes, gives: Option<RefOr<Schema>>| {
        let operation = public(named(id, "Log-in", summary, doc)).request_body(Some(body(parts, takes)));
        let status = if gives.is_some() { "200" } else { "204" };
        let answer = parts.answers.answer("It was done.", gives.map(|schema| (JSON, schema)), &["Cache-Control"]);
        (Method::POST, path, refusals(parts, operation.response(status, answer), &[400, 401, 403, 404, 408, 409, 413, 415, 422]).build())
    };
    vec![
        one(parts, "logIn", "/auth/login", "Log in", "With an e-mail address and a password. Slowed down after failures, per account and per address.", LogIn::object(), Some(tokens.clone())),
        one(parts, "refreshSession", "/auth/refresh", "Refresh a session", "A refresh token that comes a second time ends its session.", Refresh::object(), Some(tokens)),
        one(parts, "logOut", "/auth/logout", "Log out", "Ends the session of the refresh token, and that of the bearer token when there is one.", LogOut::object(), None),
        one(parts, "resetPassword", "/auth/reset-password", "Set a password by a link", "With the secret of a one-time link that an administrator made.", PasswordReset::object(), None),
    ]
}

fn body(parts: &mut Parts, takes: &'static Declared) -> utoipa::openapi::request_body::RequestBody {
    let schema = RefOr::Ref(parts.schemas.object(takes));
    let needed = takes.fields.iter().any(|field| field.presence == entity::kind::Presence::Required);
    let content = ContentBuilder::new().schema(Some(schema)).example(Some(example(takes))).build();
    let required = if needed { Required::True } else { Required::False };
    RequestBodyBuilder::new().description(Some(takes.doc.as_str())).required(Some(required)).content(JSON, content).build()
}

/// A member of a form or of a document of a standard.
fn member(schemas: &mut Schemas, object: ObjectBuilder, (name, kind, doc, required): (&str, Kind, &str, bool)) -> ObjectBuilder {
    let object = object.property(name, schemas.value(kind, doc, false, Side::Output));
    if required { object.required(name) } else { object }
}

const SHORT: Kind = Kind::Text { min: 1, max: 200, form: Form::Line };
const TOKEN: Kind = Kind::Text { min: 1, max: 8192, form: Form::Secret };

fn form(schemas: &mut Schemas, name: &str, members: &[(&str, Kind, &str, bool)]) -> Ref {
    schemas.component(name, |schemas| {
        let object = ObjectBuilder::new().schema_type(Type::Object).description(Some("A form of OAuth 2."));
        members.iter().fold(object, |object, one| member(schemas, object, *one)).into()
    })
}

fn token(parts: &mut Parts) -> Described {
    let schemas = &mut parts.schemas;
    let takes = schemas.component("TokenRequest", |schemas| {
        let grant = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["client_credentials"])).description(Some("Always `client_credentials`."));
        let object = ObjectBuilder::new().schema_type(Type::Object).description(Some("What a client asks a token with."));
        let object = object.property("grant_type", grant).required("grant_type");
        let object = member(schemas, object, ("client_id", SHORT, "The client, unless it says so by HTTP Basic.", false));
        let object = member(schemas, object, ("client_secret", TOKEN, "Its secret, unless it says so by HTTP Basic.", false));
        member(schemas, object, ("scope", Kind::Text { min: 1, max: 1000, form: Form::Line }, "The scopes to ask for, separated by blanks; all that the client has when absent.", false)).into()
    });
    let seconds = Kind::Int { min: 1, max: 86_400 };
    let gives = form(schemas, "TokenResponse", &[
        ("access_token", TOKEN, "What requests carry: `Authorization: Bearer …`.", true),
        ("token_type", SHORT, "Always `Bearer`.", true),
        ("expires_in", seconds, "How many seconds it lives.", true),
        ("scope", Kind::Text { min: 0, max: 1000, form: Form::Secret }, "What it may be used for.", true),
    ]);
    let shown = json!({ "grant_type": "client_credentials", "client_id": "cli_01h455vb4pex5vsknk084sn02q", "client_secret": "the secret" });
    let operation = named("createToken", "OAuth", "Get a token for an integration", "The grant `client_credentials` of RFC 6749. The client proves who it is in the form, or by HTTP Basic.");
    oauth(parts, operation, takes, shown, Some(RefOr::Ref(gives)))
}

fn revoke(parts: &mut Parts) -> Described {
    let takes = form(&mut parts.schemas, "RevocationRequest", &[
        ("token", TOKEN, "The access token or refresh token to revoke.", true),
        ("token_type_hint", SHORT, "What kind of token it is; not needed.", false),
    ]);
    let operation = named("revokeToken", "OAuth", "Revoke a token", "RFC 7009. A token that is unknown is as good as revoked. A client proves who it is by HTTP Basic, or by `client_id` and `client_secret` in the form, to revoke a token of its own.");
    oauth(parts, operation, takes, json!({ "token": "the token" }), None)
}

fn oauth(parts: &mut Parts, operation: OperationBuilder, takes: Ref, shown: serde_json::Value, gives: Option<RefOr<Schema>>) -> Described {
    let refusal = parts.schemas.component("OAuthError", |schemas| {
        let object = ObjectBuilder::new().schema_type(Type::Object).description(Some("A refusal, as RFC 6749 has it."));
        let object = member(schemas, object, ("error", SHORT, "What, as a code of the standard.", true));
        member(schemas, object, ("error_description", SENTENCE, "What, for people.", true)).into()
    });
    let content = ContentBuilder::new().schema(Some(RefOr::Ref(takes))).example(Some(shown)).build();
    let body = RequestBodyBuilder::new().description(Some("A form.")).required(Some(Required::True)).content(FORM, content).build();
    let ok = parts.answers.answer("It was done.", gives.map(|schema| (JSON, schema)), &["Cache-Control"]);
    let operation = public(operation).request_body(Some(body)).response("200", ok);
    let statuses: [(u16, &str, &[&str]); 7] = [
        (400, "The form, the grant or the scope is at fault.", &["Cache-Control"]),
        (401, "The client is unknown, or its secret is wrong.", &["Cache-Control", "WWW-Authenticate"]),
        (413, "The form is too large.", &["Cache-Control"]),
        (415, "The body is no form.", &["Cache-Control"]),
        (429, "Too many attempts failed.", &["Cache-Control", "Retry-After"]),
        (500, "Something failed on the server's side.", &["Cache-Control"]),
        (503, "The database cannot be reached.", &["Cache-Control", "Retry-After"]),
    ];
    statuses.iter().fold(operation, |operation, (status, doc, headers)| {
        let answer = parts.answers.answer(doc, Some((JSON, RefOr::Ref(refusal.clone()))), headers);
        operation.response(status.to_string(), answer)
    }).build()
}

fn discovery(parts: &mut Parts) -> Vec<Placed> {
    let texts = |schemas: &mut Schemas, doc: &str| {
        let each = schemas.value(SHORT, "", false, Side::Output);
        ArrayBuilder::new().items(each).max_items(Some(100)).description(Some(doc))
    };
    let keys = parts.schemas.component("JsonWebKeySet", |schemas| {
        let key = ["kty", "crv", "x", "y", "kid", "use", "alg"].into_iter().fold(ObjectBuilder::new().schema_type(Type::Object), |key, name| {
            member(schemas, key, (name, SHORT, "As RFC 7517 and RFC 7518 have it.", name == "kty"))
        });
        let keys = ArrayBuilder::new().items(key).max_items(Some(100)).description(Some("The keys."));
        ObjectBuilder::new().schema_type(Type::Object).description(Some("The public keys of access tokens (RFC 7517).")).property("keys", keys).required("keys").into()
    });
    let server = parts.schemas.component("AuthorizationServer", |schemas| {
        let object = ObjectBuilder::new().schema_type(Type::Object).description(Some("Metadata of RFC 8414."));
        let urls = ["issuer", "token_endpoint", "revocation_endpoint", "jwks_uri"];
        let object = urls.into_iter().fold(object, |object, name| member(schemas, object, (name, URL, "As RFC 8414 has it.", true)));
        object.property("scopes_supported", texts(schemas, "Every scope.")).required("scopes_supported").into()
    });
    let resource = parts.schemas.component("ProtectedResource", |schemas| {
        let object = ObjectBuilder::new().schema_type(Type::Object).description(Some("Metadata of RFC 9728."));
        let object = member(schemas, object, ("resource", URL, "This server.", true));
        let object = object.property("authorization_servers", texts(schemas, "Who issues its tokens.")).required("authorization_servers");
        object.property("scopes_supported", texts(schemas, "Every scope.")).required("scopes_supported").into()
    });
    let one = |parts: &mut Parts, id, path, summary, doc, schema| {
        let ok = parts.answers.answer("The document.", Some((JSON, RefOr::Ref(schema))), &["Cache-Control"]);
        let operation = public(named(id, "OAuth", summary, doc)).response("200", ok);
        (Method::GET, path, refusals(parts, operation, &[400, 401]).build())
    };
    vec![
        one(parts, "getKeys", "/.well-known/jwks.json", "Get the keys", "The public keys that verify access tokens.", keys),
        one(parts, "getAuthorizationServer", "/.well-known/oauth-authorization-server", "Describe the authorization server", "Where tokens come from.", server),
        one(parts, "getProtectedResource", "/.well-known/oauth-protected-resource", "Describe the protected resource", "Which tokens are taken.", resource),
    ]
}

fn health(parts: &mut Parts) -> Vec<Placed> {
    let status = |parts: &mut Parts, word: &str| {
        let status = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([word])).description(Some("What it is."));
        let body: RefOr<Schema> = ObjectBuilder::new().schema_type(Type::Object).property("status", status).required("status").into();
        parts.answers.answer("All is well.", Some((JSON, body)), &[])
    };
    let live = status(parts, "LIVE");
    let live = public(named("getLiveness", "Health", "Ask whether the process lives", "Looks at nothing else.")).response("200", live);
    let ready = status(parts, "READY");
    let ready = public(named("getReadiness", "Health", "Ask whether it can serve", "Red when the database is away or lacks migrations, and as soon as the server is to stop.")).response("200", ready);
    let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(10_000_000)).pattern(Some("^[^\\u0000]*$"));
    let text = parts.answers.answer("The metrics.", Some(("text/plain", text.into())), &[]);
    let metrics = public(named("getMetrics", "Health", "Get the metrics", "In the text format of Prometheus.")).response("200", text);
    vec![
        (Method::GET, "/livez", refusals(parts, live, &[400, 401]).build()),
        (Method::GET, "/readyz", refusals(parts, ready, &[400, 401]).build()),
        (Method::GET, "/metrics", refusals(parts, metrics, &[400, 401]).build()),
    ]
}
