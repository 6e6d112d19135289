//! What clients discover by themselves: the keys (RFC 7517), the authorization server (RFC 8414) and the resource that
//! it protects (RFC 9728).

use entity::{platform::client::Scope, vocabulary::Vocabulary as _};
use serde_json::{Value, json};

use crate::house::House;

/// `/.well-known/jwks.json`.
#[must_use]
pub fn jwks(house: &House) -> Value {
    house.auth.keys.set().jwks()
}

/// `/.well-known/oauth-authorization-server`.
#[must_use]
pub fn authorization_server(house: &House) -> Value {
    let base = &house.config.public_url;
    json!({
        "issuer": base,
        "token_endpoint": format!("{base}/oauth/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "revocation_endpoint": format!("{base}/oauth/revoke"),
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "jwks_uri": format!("{base}/.well-known/jwks.json"),
        "grant_types_supported": ["client_credentials"],
        // Required by the standard; without an authorization endpoint there are none.
        "response_types_supported": [],
        "scopes_supported": scopes(),
        "service_documentation": format!("{base}/docs"),
    })
}

/// `/.well-known/oauth-protected-resource`.
#[must_use]
pub fn protected_resource(house: &House) -> Value {
    let base = &house.config.public_url;
    json!({
        "resource": base,
        "authorization_servers": [base],
        "scopes_supported": scopes(),
        "bearer_methods_supported": ["header"],
        "resource_name": "Cairn",
        "resource_documentation": format!("{base}/docs"),
    })
}

fn scopes() -> Vec<&'static str> {
    Scope::ALL.iter().map(|scope| scope.word()).collect()
}
