//! Who ends a review that a coach began: the same for everything that is reviewed (§7, §8).

use entity::{
    id::UserId,
    platform::{
        client::Scope,
        grant,
        membership::{self, Role},
    },
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::domain::{caller::forbidden, error::Result, policy::Action, tx::Tx};

/// Whoever began a review stops it without a result; any coach of the owner may end it well. When who began it is no
/// coach of the owner any more, another one takes their place, so that no review gets stuck.
pub(super) async fn is_the_reviewer(tx: &Tx, owner: UserId, reviewer: Option<UserId>, action: Action) -> Result<()> {
    match reviewer {
        Some(reviewer) if Some(reviewer) != tx.who.user() && still_reviews(tx, owner, reviewer).await? => {
            Err(forbidden(action))
        }
        _ => Ok(()),
    }
}

/// Whether somebody is still a coach whom a person lets review.
async fn still_reviews(tx: &Tx, owner: UserId, reviewer: UserId) -> Result<bool> {
    let grants = grant::Entity::find()
        .filter(grant::Column::OrganizationId.eq(tx.who.organization))
        .filter(grant::Column::OwnerId.eq(owner))
        .filter(grant::Column::GranteeId.eq(reviewer))
        .filter(grant::Column::RevokedAt.is_null())
        .filter(grant::Column::DeletedAt.is_null())
        .all(&tx.db)
        .await?;
    let opens =
        |one: &grant::Model| one.scopes.has(Scope::LearningReview) && one.expires_at.is_none_or(|until| until > tx.now);
    if !grants.iter().any(opens) {
        return Ok(false);
    }
    let member = membership::Entity::find()
        .filter(membership::Column::OrganizationId.eq(tx.who.organization))
        .filter(membership::Column::UserId.eq(reviewer))
        .filter(membership::Column::DeletedAt.is_null())
        .one(&tx.db)
        .await?;
    Ok(member.is_some_and(|member| member.roles.has(Role::Coach)))
}
