//! The caller, as both faces show them to themselves.

use entity::{
    id::{ClientId, OrganizationId, SessionId, UserId},
    kind::{Declared as _, Kind, Object, id, line, list, word},
    object,
    platform::{client::Scope, membership::Role},
    vocabulary,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::caller::{Caller, Principal};
use crate::read::shape::Shape;

vocabulary! {
    /// What a caller is.
    CallerKind {
        /// A person.
        User = "USER",
        /// A machine integration.
        Client = "CLIENT",
    }
}

const SCOPE: Kind = word::<Scope>();
const ROLE: Kind = word::<Role>();

object! {
    /// Who asks, and what they may do.
    #[derive(Serialize)]
    Me {
        /// A person or a machine integration.
        required kind: CallerKind = word::<CallerKind>(),
        /// The id of the person or the integration.
        required id: String = line(1, 100),
        /// The person, when it is one.
        optional user_id: UserId = id::<UserId>(),
        /// The integration, when it is one.
        optional client_id: ClientId = id::<ClientId>(),
        /// The organization that the token is for.
        required organization_id: OrganizationId = id::<OrganizationId>(),
        /// The session, when somebody logged in.
        optional session_id: SessionId = id::<SessionId>(),
        /// What the person is in the organization.
        required roles: Vec<Role> = list(&ROLE, 10),
        /// What the token may be used for.
        required scopes: Vec<Scope> = list(&SCOPE, 50),
    }
}

/// The declaration of the values. After them come the ways of [`WAYS`].
#[must_use]
pub fn object() -> &'static Object {
    Me::object()
}

/// The objects that stand with the values: the name, the resource, and what it is. Null without the scope to read it.
pub const WAYS: [(&str, &str, &str); 3] = [
    ("organization", "Organization", "The organization, for tokens that may read it."),
    ("user", "User", "The person, for tokens that may read it."),
    ("careerProfile", "CareerProfile", "The person's career profile, for tokens that may read it."),
];

/// The values.
#[must_use]
pub fn values(who: &Caller) -> Map<String, Value> {
    let (kind, client, roles) = match who.principal {
        Principal::User { roles, .. } => (CallerKind::User, None, roles.iter().collect()),
        Principal::Client { id } => (CallerKind::Client, Some(id), Vec::new()),
        Principal::Operator => (CallerKind::Client, None, Vec::new()),
    };
    let me = Me {
        kind,
        id: who.actor().1.unwrap_or_default(),
        user_id: who.user(),
        client_id: client,
        organization_id: who.organization,
        session_id: who.session,
        roles,
        scopes: who.scopes.iter().collect(),
    };
    if let Value::Object(values) = json!(me) { values } else { Map::new() }
}

/// The row that a way leads to, when there may be one and the caller's token may read it: by which column, and its id.
#[must_use]
pub fn way(who: &Caller, to: &Shape) -> Option<(&'static str, Uuid)> {
    who.has_scope_for(to.view).ok()?;
    match to.name {
        "Organization" => Some(("id", who.organization.0)),
        "User" => who.user().map(|id| ("id", id.0)),
        "CareerProfile" => who.user().map(|id| ("user_id", id.0)),
        _ => None,
    }
}
