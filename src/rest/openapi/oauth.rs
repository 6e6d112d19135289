//! OAuth 2 in the document: its forms and its refusals as the standards have them, and what clients discover.

use actix_web::http::Method;
use entity::kind::{Form, Kind};
use serde_json::{Value, json};
use utoipa::openapi::{
    ArrayBuilder, ObjectBuilder, Ref, RefOr, Required, Schema, Type,
    content::ContentBuilder,
    path::{Operation as Described, OperationBuilder},
    request_body::RequestBodyBuilder,
    schema::AdditionalProperties,
};

use super::{
    besides::{JSON, Placed, named, public},
    describe::{Parts, refusals},
    scalar::{SENTENCE, Side},
    schema::Schemas,
};

const FORM: &str = "application/x-www-form-urlencoded";
const URL: Kind = Kind::Text { min: 1, max: 2000, form: Form::Url };
const SHORT: Kind = Kind::Text { min: 1, max: 200, form: Form::Line };
const TOKEN: Kind = Kind::Text { min: 1, max: 8192, form: Form::Secret };
const SCOPES: Kind = Kind::Text { min: 1, max: 1000, form: Form::Line };
const GRANTED: Kind = Kind::Text { min: 0, max: 1000, form: Form::Secret };
const SECONDS: Kind = Kind::Int { min: 1, max: 86_400 };

/// How a client says who it is.
const CLIENT: [(&str, Kind, &str); 2] = [
    ("client_id", SHORT, "The client, unless it says so by HTTP Basic."),
    ("client_secret", TOKEN, "Its secret, unless it says so by HTTP Basic."),
];

/// What refusals of the standard say, besides that they are JSON.
const REFUSALS: [(&str, &str, &[&str]); 7] = [
    ("400", "The form, the grant or the scope is at fault.", &["Cache-Control"]),
    ("401", "The client is unknown, or its secret is wrong.", &["Cache-Control", "WWW-Authenticate"]),
    ("413", "The form is too large.", &["Cache-Control"]),
    ("415", "The body is no form.", &["Cache-Control"]),
    ("429", "Too many attempts failed.", &["Cache-Control", "Retry-After"]),
    ("500", "Something failed on the server's side.", &["Cache-Control"]),
    ("503", "The database cannot be reached.", &["Cache-Control", "Retry-After"]),
];

/// Every operation of OAuth.
pub fn operations(parts: &mut Parts) -> Vec<Placed> {
    let (keys, server, resource) = (keys(parts), authorization_server(parts), protected_resource(parts));
    vec![
        (Method::POST, "/oauth/token", token(parts)),
        (Method::POST, "/oauth/revoke", revoke(parts)),
        (Method::GET, "/.well-known/jwks.json", keys),
        (Method::GET, "/.well-known/oauth-authorization-server", server),
        (Method::GET, "/.well-known/oauth-protected-resource", resource),
    ]
}

fn token(parts: &mut Parts) -> Described {
    let asked = ("scope", SCOPES, "The scopes to ask for, separated by blanks; all that the client has when absent.");
    let grant = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["client_credentials"]));
    let grant = grant.description(Some("Always `client_credentials`."));
    let members: Vec<_> = CLIENT.into_iter().chain([asked]).collect();
    let takes = form(&mut parts.schemas, "TokenRequest", ("grant_type", grant.into()), &members);
    let gives = parts.schemas.record("TokenResponse", "A token.", |schemas| {
        vec![
            ("access_token", schemas.shown(TOKEN, "What requests carry: `Authorization: Bearer …`."), true),
            ("token_type", schemas.shown(SHORT, "Always `Bearer`."), true),
            ("expires_in", schemas.shown(SECONDS, "How many seconds it lives."), true),
            ("scope", schemas.shown(GRANTED, "What it may be used for."), true),
        ]
    });
    let id = "cli_01h455vb4pex5vsknk084sn02q";
    let shown = json!({ "grant_type": "client_credentials", "client_id": id, "client_secret": "the secret" });
    let doc = "The grant `client_credentials` of RFC 6749. The client proves who it is in the form, or by HTTP Basic.";
    let operation = named("createToken", "OAuth", "Get a token for an integration", doc);
    posted(parts, operation, (takes, shown), Some(RefOr::Ref(gives)))
}

fn revoke(parts: &mut Parts) -> Described {
    let token = parts.schemas.value(TOKEN, "The access token or refresh token to revoke.", false, Side::Input);
    let hint = ("token_type_hint", SHORT, "What kind of token it is; not needed.");
    let members: Vec<_> = [hint].into_iter().chain(CLIENT).collect();
    let takes = form(&mut parts.schemas, "RevocationRequest", ("token", token), &members);
    let doc = "RFC 7009. A token that is unknown is as good as revoked.";
    let operation = named("revokeToken", "OAuth", "Revoke a token", doc);
    posted(parts, operation, (takes, json!({ "token": "the token" })), None)
}

/// A form: one member that must be there, and others that may.
fn form(schemas: &mut Schemas, name: &str, needed: (&str, RefOr<Schema>), more: &[(&str, Kind, &str)]) -> Ref {
    schemas.component(name, |schemas| {
        let closed = ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(false)));
        let form = closed.schema_type(Type::Object).description(Some("A form of OAuth 2."));
        let form = form.property(needed.0, needed.1).required(needed.0);
        let form = more
            .iter()
            .fold(form, |form, (name, kind, doc)| form.property(*name, schemas.value(*kind, doc, false, Side::Input)));
        form.into()
    })
}

fn posted(
    parts: &mut Parts,
    operation: OperationBuilder,
    (takes, shown): (Ref, Value),
    gives: Option<RefOr<Schema>>,
) -> Described {
    let refusal = parts.schemas.record("OAuthError", "A refusal, as RFC 6749 has it.", |schemas| {
        vec![
            ("error", schemas.shown(SHORT, "What, as a code of the standard."), true),
            ("error_description", schemas.shown(SENTENCE, "What, for people."), true),
        ]
    });
    let content = ContentBuilder::new().schema(Some(RefOr::Ref(takes))).example(Some(shown)).build();
    let body = RequestBodyBuilder::new().description(Some("A form.")).required(Some(Required::True));
    let ok = parts.answers.answer("It was done.", gives.map(|schema| (JSON, schema)), &["Cache-Control"]);
    let operation = public(operation).request_body(Some(body.content(FORM, content).build())).response("200", ok);
    let refused = REFUSALS.iter().fold(operation, |operation, (status, doc, headers)| {
        let answer = parts.answers.answer(doc, Some((JSON, RefOr::Ref(refusal.clone()))), headers);
        operation.response(*status, answer)
    });
    refused.build()
}

fn keys(parts: &mut Parts) -> Described {
    let key = parts.schemas.record("JsonWebKey", "A public key (RFC 7517).", |schemas| {
        let names = ["kty", "crv", "x", "y", "kid", "use", "alg"];
        let doc = "As RFC 7517 and RFC 7518 have it.";
        names.into_iter().map(|name| (name, schemas.shown(SHORT, doc), name == "kty")).collect()
    });
    let keys = ArrayBuilder::new().items(RefOr::Ref(key)).max_items(Some(100)).description(Some("The keys."));
    let set = parts
        .schemas
        .record("JsonWebKeySet", "The public keys of access tokens.", |_| vec![("keys", keys.into(), true)]);
    let doc = "The public keys that verify access tokens.";
    document(parts, named("getKeys", "OAuth", "Get the keys", doc), set)
}

fn authorization_server(parts: &mut Parts) -> Described {
    let metadata = parts.schemas.record("AuthorizationServer", "Metadata of RFC 8414.", |schemas| {
        let urls = ["issuer", "token_endpoint", "revocation_endpoint", "jwks_uri"];
        let url = |schemas: &mut Schemas, name| (name, schemas.shown(URL, "As RFC 8414 has it."), true);
        let mut members: Vec<_> = urls.into_iter().map(|name| url(schemas, name)).collect();
        members.push(("scopes_supported", texts(schemas, "Every scope."), true));
        members
    });
    let summary = "Describe the authorization server";
    document(parts, named("getAuthorizationServer", "OAuth", summary, "Where tokens come from."), metadata)
}

fn protected_resource(parts: &mut Parts) -> Described {
    let metadata = parts.schemas.record("ProtectedResource", "Metadata of RFC 9728.", |schemas| {
        vec![
            ("resource", schemas.shown(URL, "This server."), true),
            ("authorization_servers", texts(schemas, "Who issues its tokens."), true),
            ("scopes_supported", texts(schemas, "Every scope."), true),
        ]
    });
    let summary = "Describe the protected resource";
    document(parts, named("getProtectedResource", "OAuth", summary, "Which tokens are taken."), metadata)
}

fn texts(schemas: &mut Schemas, doc: &str) -> RefOr<Schema> {
    let each = schemas.shown(SHORT, "");
    ArrayBuilder::new().items(each).max_items(Some(100)).description(Some(doc)).into()
}

fn document(parts: &mut Parts, operation: OperationBuilder, shows: Ref) -> Described {
    let ok = parts.answers.answer("The document.", Some((JSON, RefOr::Ref(shows))), &["Cache-Control"]);
    refusals(parts, public(operation).response("200", ok), &[400, 401]).build()
}
