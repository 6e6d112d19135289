//! What somebody without an account sees of a portfolio: at an address that its owner shared, what is `LINK` or `PUBLIC`; at the
//! address of everybody's page, what is `PUBLIC`. Nothing tells a portfolio that shows nothing from none (§15).

use chrono::{DateTime, Utc};
use entity::{
    id::{CareerProfileId, OrganizationId, UserId},
    learning::career_profile,
    platform::{membership, organization, user},
    projects::{portfolio_entry::PortfolioVisibility, portfolio_share},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use serde_json::Value;

use super::{
    Told, load, progression,
    resume::{self, Person},
};
use crate::{
    auth::secret,
    domain::{
        clock,
        error::{Code, Error, Result},
        projects::portfolio_share::PREFIX,
    },
    house::House,
};

/// Below which path portfolios are shown.
pub const PATH: &str = "/portfolios/";

/// A portfolio as it is shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Whose it is.
    pub name: String,
    /// One line about them.
    pub headline: Option<String>,
    /// Whether everybody may see it, or only who has its address.
    pub public: bool,
    /// The entries, in the order in which they were finished.
    pub entries: Vec<Told>,
    owner: UserId,
    now: DateTime<Utc>,
}

impl Shown {
    /// The progression of what is shown, as SVG.
    ///
    /// # Errors
    /// None that is known.
    pub fn chart(&self) -> Result<String> {
        progression::chart(&progression::progression(self.owner, &self.entries, self.now))
    }

    /// The portfolio as JSON Resume, which stands at an address.
    #[must_use]
    pub fn resume(&self, canonical: &str) -> Value {
        let person = Person { name: self.name.clone(), headline: self.headline.clone(), ..Person::default() };
        resume::write(&person, &self.entries, Some(canonical))
    }
}

/// Whose portfolio an address shows, and how much of it.
struct Door {
    organization: OrganizationId,
    owner: UserId,
    least: PortfolioVisibility,
}

/// The portfolio at an address: the token of a share, or the id of its owner's career profile.
///
/// # Errors
/// `NOT_FOUND`, whatever the reason; `UNAVAILABLE`.
pub async fn at(house: &House, address: &str) -> Result<Shown> {
    let now = clock::now();
    let db = house.database.look().await?;
    let door = door(&db, address, now).await?.ok_or_else(nothing)?;
    let user = member(&db, door.organization, door.owner).await?.ok_or_else(nothing)?;
    let entries = load(&db, door.organization, door.owner, door.least).await?;
    let public = door.least == PortfolioVisibility::Public;
    if public && entries.is_empty() {
        return Err(nothing());
    }
    let profile = career_profile::Entity::find()
        .filter(career_profile::Column::OrganizationId.eq(door.organization))
        .filter(career_profile::Column::UserId.eq(door.owner))
        .filter(career_profile::Column::DeletedAt.is_null())
        .one(&db)
        .await?;
    let headline = profile.and_then(|profile| profile.headline);
    Ok(Shown { name: user.name, headline, public, entries, owner: door.owner, now })
}

/// What is said of everything that is not there, or not for who asks.
#[must_use]
pub fn nothing() -> Error {
    Error::new(Code::NotFound, "There is nothing at this address.")
}

async fn door<C: ConnectionTrait>(db: &C, address: &str, now: DateTime<Utc>) -> Result<Option<Door>> {
    if address.starts_with(PREFIX) {
        use portfolio_share::Column as Of;
        let share = portfolio_share::Entity::find()
            .filter(Of::Fingerprint.eq(secret::fingerprint(address)))
            .filter(Of::RevokedAt.is_null())
            .filter(Of::DeletedAt.is_null());
        let share = share.one(db).await?.filter(|share| share.expires_at.is_none_or(|until| until > now));
        return Ok(share.map(|share| Door {
            organization: share.organization_id,
            owner: share.owner_id,
            least: PortfolioVisibility::Link,
        }));
    }
    let Ok(id) = address.parse::<CareerProfileId>() else { return Ok(None) };
    let profile = career_profile::Entity::find_by_id(id).filter(career_profile::Column::DeletedAt.is_null());
    Ok(profile.one(db).await?.map(|profile| Door {
        organization: profile.organization_id,
        owner: profile.user_id,
        least: PortfolioVisibility::Public,
    }))
}

/// Who somebody is, as long as they belong to the organization, and there is one.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn member<C: ConnectionTrait>(
    db: &C,
    organization: OrganizationId,
    owner: UserId,
) -> Result<Option<user::Model>> {
    let place = membership::Entity::find()
        .filter(membership::Column::OrganizationId.eq(organization))
        .filter(membership::Column::UserId.eq(owner))
        .filter(membership::Column::DeletedAt.is_null());
    let organization = organization::Entity::find_by_id(organization).filter(organization::Column::DeletedAt.is_null());
    if place.one(db).await?.is_none() || organization.one(db).await?.is_none() {
        return Ok(None);
    }
    let user = user::Entity::find_by_id(owner).filter(user::Column::DeletedAt.is_null());
    Ok(user.one(db).await?)
}
