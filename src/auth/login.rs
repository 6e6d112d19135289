//! Logging in with a password. Who is not known here gets the same words, after the same time, as who mistyped.

use std::{net::IpAddr, sync::Arc};

use entity::{
    id::{OrganizationId, UserId},
    kind::{Form, Kind, line, text},
    object,
    platform::{membership, organization, user},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use secrecy::SecretString;
use serde_json::json;

use super::{
    rules, scopes,
    session::{self, Tokens},
    throttle::RetryAfter,
};
use crate::{
    domain::{
        caller::{Caller, Principal},
        clock,
        error::{Code, Error, Result},
    },
    house::House,
};

/// An address as somebody types it: whether it has the form of one tells nothing.
const EMAIL: Kind = text(Form::Line, 1, 320);

object! {
    /// A log-in.
    LogIn {
        /// The e-mail address.
        required email: String = EMAIL,
        /// The password.
        required password: SecretString = rules::KNOWN,
        /// The organization, by its name or its id; only for those who belong to several.
        optional organization: String = line(1, 200),
    }
}

/// Where a request comes from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The client's address.
    pub address: IpAddr,
    /// What the client calls itself.
    pub user_agent: Option<String>,
    /// Names the request in logs and answers.
    pub request_id: Arc<str>,
}

/// A place where somebody belongs.
#[derive(Clone, Debug)]
pub struct Home {
    /// As what.
    pub membership: membership::Model,
    /// Where.
    pub organization: organization::Model,
}

impl Home {
    /// The person, as a caller in this organization.
    #[must_use]
    pub fn caller(&self, house: &Arc<House>, request_id: Arc<str>) -> Caller {
        let roles = self.membership.roles;
        Caller {
            house: Arc::clone(house),
            organization: self.organization.id,
            settings: Arc::new(self.organization.settings.0.clone()),
            principal: Principal::User { id: self.membership.user_id, roles },
            scopes: scopes::scopes_of(roles),
            session: None,
            request_id,
            now: clock::now(),
            idempotency: None,
            recalled: None,
        }
    }
}

/// Starts a session.
///
/// # Errors
/// `LOGIN_FAILED`, `ORGANIZATION_REQUIRED` naming the organizations of a person who belongs to several,
/// `LOGIN_THROTTLED`, `UNAVAILABLE`.
pub async fn login(house: &Arc<House>, origin: &Origin, input: LogIn) -> Result<Tokens> {
    let (throttle, address) = (&house.auth.throttle, origin.address);
    throttle.check(&input.email, address, clock::now()).map_err(throttled)?;
    let outcome = matching(house, &input).await;
    let now = clock::now();
    match &outcome {
        Ok(Some(_)) => throttle.succeeded(&input.email, address, now),
        Ok(None) => throttle.failed(&input.email, address, now),
        Err(_) => throttle.released(&input.email, address, now),
    }
    let user = outcome?.ok_or_else(failed)?;
    let homes = homes(&house.database.write, user.id).await?;
    let home = choose(homes, input.organization.as_deref())?;
    let who = home.caller(house, Arc::clone(&origin.request_id));
    session::start(&who, &home.organization, origin.user_agent.as_deref()).await
}

/// The person whose e-mail and password these are.
async fn matching(house: &House, input: &LogIn) -> Result<Option<user::Model>> {
    let user = by_email(&house.database.write, &input.email).await?;
    let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
    let right = house.auth.passwords.verify(&input.password, hash).await?;
    Ok(user.filter(|_| right))
}

/// The living person with an e-mail address.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_email<C: ConnectionTrait>(db: &C, email: &str) -> Result<Option<user::Model>> {
    let folded = email.trim().to_lowercase();
    let living = user::Entity::find().filter(user::Column::DeletedAt.is_null());
    Ok(living.filter(user::Column::EmailFolded.eq(folded)).one(db).await?)
}

/// Where somebody belongs, by the organizations' names.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn homes<C: ConnectionTrait>(db: &C, user: UserId) -> Result<Vec<Home>> {
    let memberships = membership::Entity::find()
        .filter(membership::Column::UserId.eq(user))
        .filter(membership::Column::DeletedAt.is_null())
        .all(db)
        .await?;
    let ids: Vec<OrganizationId> = memberships.iter().map(|membership| membership.organization_id).collect();
    let organizations = organization::Entity::find()
        .filter(organization::Column::Id.is_in(ids))
        .filter(organization::Column::DeletedAt.is_null())
        .order_by_asc(organization::Column::NameFolded)
        .all(db)
        .await?;
    let home = |organization: organization::Model| {
        let membership = memberships.iter().find(|membership| membership.organization_id == organization.id)?;
        Some(Home { membership: membership.clone(), organization })
    };
    Ok(organizations.into_iter().filter_map(home).collect())
}

/// The organization to act in: the one that is named, or the only one.
pub(crate) fn choose(mut homes: Vec<Home>, wanted: Option<&str>) -> Result<Home> {
    if let Some(wanted) = wanted {
        let folded = wanted.trim().to_lowercase();
        let named = |home: &Home| home.organization.name_folded == folded || home.organization.id.to_string() == folded;
        return homes.into_iter().find(named).ok_or_else(failed);
    }
    if homes.len() > 1 {
        let known: Vec<_> =
            homes.iter().map(|home| json!({ "id": home.organization.id, "name": home.organization.name })).collect();
        let error =
            Error::field(Code::OrganizationRequired, "/organization", "You belong to several organizations: name one.");
        return Err(error.with(json!({ "organizations": known })));
    }
    homes.pop().ok_or_else(failed)
}

fn failed() -> Error {
    Error::new(Code::LoginFailed, "E-mail, password or organization are wrong.")
}

pub(crate) fn throttled(wait: RetryAfter) -> Error {
    Error::new(Code::LoginThrottled, format!("Too many attempts failed; try again in {} s.", wait.seconds()))
        .retry_after(wait.seconds())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use entity::vocabulary::{Json, Set};

    use super::*;

    fn home(name: &str) -> Home {
        let at = DateTime::UNIX_EPOCH;
        let organization = organization::Model {
            id: clock::new_id(),
            name: name.to_owned(),
            name_folded: name.to_lowercase(),
            settings: Json(organization::Settings::default()),
            version: 1,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        };
        let membership = membership::Model {
            id: clock::new_id(),
            organization_id: organization.id,
            user_id: clock::new_id(),
            roles: Set::EMPTY,
            version: 1,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        };
        Home { membership, organization }
    }

    #[test]
    fn one_organization_needs_no_name_and_several_do() {
        let (acme, beta) = (home("Acme"), home("Beta"));
        assert_eq!(choose(vec![acme.clone()], None).unwrap().organization.name, "Acme");
        assert_eq!(choose(vec![acme.clone(), beta.clone()], Some(" BETA")).unwrap().organization.name, "Beta");
        let id = acme.organization.id.to_string();
        assert_eq!(choose(vec![acme.clone(), beta.clone()], Some(&id)).unwrap().organization.name, "Acme");

        let error = choose(vec![acme.clone(), beta], None).unwrap_err();
        assert_eq!(error.code(), Code::OrganizationRequired);
        assert_eq!(error.details().unwrap()["organizations"][1]["name"], "Beta");
        assert_eq!(choose(vec![acme], Some("Gamma")).unwrap_err().code(), Code::LoginFailed);
        assert_eq!(choose(vec![], None).unwrap_err().code(), Code::LoginFailed);
    }
}
