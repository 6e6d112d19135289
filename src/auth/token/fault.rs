//! What can be wrong with a token or a key, said without repeating any of it.

use std::fmt;

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFault {
    /// Longer than [`MAX_TOKEN_BYTES`](super::MAX_TOKEN_BYTES).
    TooLong,
    /// Not three parts of base64url with JSON objects in the first two.
    Form,
    /// `typ` is not `at+jwt`.
    Type,
    /// `alg` is not the one of our keys.
    Algorithm,
    /// The header brings its own key or asks for an extension.
    ForbiddenField(&'static str),
    /// No `kid`, or none of ours.
    UnknownKey,
    /// The signature does not fit the content.
    Signature,
    /// A required claim is absent.
    Missing(&'static str),
    /// A claim has the wrong type, or is empty.
    Malformed(&'static str),
    /// Issued by somebody else.
    Issuer,
    /// Meant for somebody else.
    Audience,
    /// `exp` has passed.
    Expired,
    /// `nbf` has not come.
    NotYetValid,
    /// `iat` has not come.
    IssuedInFuture,
    /// `exp` is not after `iat`, or absurdly far after it.
    Lifetime,
}

impl TokenFault {
    /// One sentence for the caller, free of anything that the token says.
    #[must_use]
    pub fn message(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for TokenFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => out.write_str("the token is too long"),
            Self::Form => out.write_str("this is not a signed token"),
            Self::Type => out.write_str("the token is not an access token (`typ` must be at+jwt)"),
            Self::Algorithm => out.write_str("the token is not signed with ES256"),
            Self::ForbiddenField(field) => write!(out, "the token's header must not have `{field}`"),
            Self::UnknownKey => out.write_str("the token is not signed with a key of this server (`kid`)"),
            Self::Signature => out.write_str("the token's signature does not match"),
            Self::Missing(claim) => write!(out, "the token lacks the claim `{claim}`"),
            Self::Malformed(claim) => write!(out, "the token's claim `{claim}` is malformed"),
            Self::Issuer => out.write_str("the token was issued by somebody else (`iss`)"),
            Self::Audience => out.write_str("the token is meant for somebody else (`aud`)"),
            Self::Expired => out.write_str("the token has expired"),
            Self::NotYetValid => out.write_str("the token is not valid yet (`nbf`)"),
            Self::IssuedInFuture => out.write_str("the token claims to be issued in the future (`iat`)"),
            Self::Lifetime => out.write_str("the token claims an impossible lifetime (`exp`, `iat`)"),
        }
    }
}

impl std::error::Error for TokenFault {}

/// Why a signing key cannot be made or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFault {
    /// No key could be made.
    Generation,
    /// The bytes are not a P-256 private key in PKCS#8.
    Pkcs8,
    /// The JSON is not a P-256 public key.
    Jwk,
    /// The key cannot sign.
    Signing,
}

impl fmt::Display for KeyFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Generation => "no signing key could be made",
            Self::Pkcs8 => "the stored signing key is not a P-256 private key in PKCS#8",
            Self::Jwk => "the stored public key is not a P-256 JWK",
            Self::Signing => "the token could not be signed",
        })
    }
}

impl std::error::Error for KeyFault {}
