//! What comes in and goes out when sessions start, go on and end.

use entity::{
    id::OrganizationId,
    kind::{Form, Kind, id, int, line, text},
    object,
};
use secrecy::SecretString;
use serde::Serialize;

const TOKEN: Kind = text(Form::Secret, 1, 8192);
const SECONDS: Kind = int(0, i64::MAX);

object! {
    /// The organization that a session is in.
    #[derive(Serialize)]
    SessionOrganization {
        /// The id.
        required id: OrganizationId = id::<OrganizationId>(),
        /// The name.
        required name: String = line(1, 200),
    }
}

object! {
    /// The tokens of a session.
    #[derive(Serialize)]
    Tokens {
        /// What requests carry: `Authorization: Bearer …`.
        required access_token: String = TOKEN,
        /// Always `Bearer`.
        required token_type: String = line(1, 20),
        /// How many seconds the access token lives.
        required expires_in: i64 = SECONDS,
        /// What the next pair of tokens is got for; good for one use.
        required refresh_token: String = TOKEN,
        /// How many seconds the refresh token lives.
        required refresh_expires_in: i64 = SECONDS,
        /// What the access token may do at most, separated by spaces.
        required scope: String = line(1, 2000),
        /// The organization that the session is in.
        required organization: SessionOrganization = Kind::Object(SessionOrganization::object),
    }
}

object! {
    /// A refresh token to use.
    Refresh {
        /// The refresh token.
        required refresh_token: SecretString = TOKEN,
    }
}

object! {
    /// A session to end: that of the refresh token, and that of the bearer token when there is one.
    LogOut {
        /// The refresh token.
        optional refresh_token: SecretString = TOKEN,
    }
}
