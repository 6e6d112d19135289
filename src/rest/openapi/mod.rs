//! The OpenAPI document: written from the same declarations that the routes interpret.

pub mod besides;
pub mod describe;
pub mod guests;
pub mod oauth;
pub mod parameter;
pub mod response;
pub mod scalar;
pub mod schema;
pub mod sparse;
pub mod told;
pub mod xapi;

use actix_web::http::Method;
use entity::{platform::client::Scope, vocabulary::Vocabulary as _};
use serde_json::json;
use utoipa::openapi::{
    Components, ContactBuilder, HttpMethod, Info, InfoBuilder, License, OpenApiBuilder, Paths, Server, ServerBuilder,
    Tag,
    extensions::Extensions,
    path::Operation as Described,
    security::{ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityScheme},
    tag::TagBuilder,
};

use super::operation::{ROOT, operations};
use crate::domain::{
    self,
    verb::{spaced, upper_first},
};
use describe::{BEARER, CLIENT, Parts};

const ABOUT: &str = "A self-hosted, headless backend for building a career in AI: learning plans, reviewed by a coach and carried out \
with evidence that counts; projects, scoped step by step; and portfolios that show what they were worth to others.\n\nEvery operation also exists in GraphQL at `/graphql`, under the same rules and with the same \
error codes. Lists are paged by cursors, changes are guarded by `ETag` and `If-Match`, every `POST` may carry an `Idempotency-Key`, and \
problems follow RFC 9457.\n\nThe contract changes only by adding: ignore members that you do not know, and treat an unknown word of a \
vocabulary as \"other\".";

/// The document, as `openapi.json` holds it.
#[must_use]
pub fn document() -> String {
    let mut parts = Parts::default();
    let mut paths = Paths::new();
    for (method, path, described) in besides::operations(&mut parts) {
        place(&mut paths, path, &method, described);
    }
    for operation in operations() {
        let described = describe::operation(&mut parts, operation);
        place(&mut paths, &operation.path, &operation.method, described);
    }
    for answer in domain::answers() {
        let described = told::operation(&mut parts, answer);
        place(&mut paths, &format!("{ROOT}/{}", answer.path()), &Method::GET, described);
    }
    let mut components = Components::new();
    components.schemas = parts.schemas.made;
    components.responses = parts.answers.responses;
    components.headers = parts.answers.headers;
    components.parameters = parts.parameters;
    components.add_security_scheme(BEARER, bearer());
    components.add_security_scheme(CLIENT, client());
    let document = OpenApiBuilder::new()
        .info(info())
        .servers(Some([server()]))
        .paths(paths)
        .components(Some(components))
        .tags(Some(tags()))
        .build();
    document.to_pretty_json().unwrap_or_default() + "\n"
}

fn place(paths: &mut Paths, path: &str, method: &Method, described: Described) {
    let method = match method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    };
    paths.add_path_operation(path, vec![method], described);
}

fn info() -> Info {
    let mut license = License::new("MIT OR Apache-2.0");
    // An expression of SPDX is no identifier to every reader: those that make a link of it lead nowhere.
    license.url = Some("https://spdx.org/licenses/".to_owned());
    let contact = ContactBuilder::new().name(Some("The people who run this server")).build();
    let info = InfoBuilder::new().title("Cairn").version(env!("CARGO_PKG_VERSION")).description(Some(ABOUT));
    info.contact(Some(contact)).license(Some(license)).build()
}

fn server() -> Server {
    let internal = Extensions::from_iter([("x-internal", json!(false))]);
    let doc = "The server that this document came from: production, staging or local.";
    ServerBuilder::new().url("/").description(Some(doc)).extensions(Some(internal)).build()
}

fn tags() -> Vec<Tag> {
    let besides = besides::TAGS.iter().map(|(name, doc)| ((*name).to_owned(), (*doc).to_owned()));
    let resources = domain::resources()
        .iter()
        .map(|resource| (upper_first(&spaced(resource.plural)), resource.shape.doc.to_owned()));
    let told = (told::TAG.0.to_owned(), told::TAG.1.to_owned());
    besides
        .chain(resources)
        .chain([told])
        .map(|(name, doc)| TagBuilder::new().name(name).description(Some(doc)).build())
        .collect()
}

fn bearer() -> SecurityScheme {
    let doc = "An access token (RFC 9068) from `/auth/login`, `/oauth/token` or the command line, signed with ES256 and verified as RFC8725 asks.";
    SecurityScheme::Http(
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").description(Some(doc)).build(),
    )
}

fn client() -> SecurityScheme {
    let scopes = Scope::WORDS.words.iter().map(|word| (word.name, word.doc.trim()));
    // There is no refresh token: a new token is got as the first one was.
    let flow = Flow::ClientCredentials(ClientCredentials::with_refresh_url(
        "/oauth/token",
        scopes.collect::<Scopes>(),
        "/oauth/token",
    ));
    let doc = "For integrations: a client's id and secret become a token (RFC 6749). Tokens are JWT, verified as RFC8725 asks.";
    SecurityScheme::OAuth2(OAuth2::with_description([flow], doc))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn every_operation_is_described_and_every_reference_leads_somewhere() {
        let document: Value = serde_json::from_str(&document()).unwrap();
        for operation in operations() {
            let method = operation.method.as_str().to_lowercase();
            assert_eq!(
                document["paths"][&operation.path][&method]["operationId"],
                json!(operation.id),
                "{}",
                operation.path
            );
        }
        let mut open = vec![&document];
        while let Some(value) = open.pop() {
            if let Some(to) = value.get("$ref").and_then(Value::as_str) {
                assert!(document.pointer(&to[1..]).is_some(), "{to}");
            }
            open.extend(value.as_object().into_iter().flat_map(|object| object.values()));
            open.extend(value.as_array().into_iter().flatten());
        }
    }

    #[test]
    fn the_document_is_the_same_every_time() {
        assert_eq!(document(), document());
    }
}
