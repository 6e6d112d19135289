//! What applications show that their owner needs to learn: raised as needs, and shown with the application (§23, §25, §29).

use std::collections::BTreeSet;

use entity::{
    id::{ApplicationId, UserId},
    jobs::application_learning_need::{Column, Entity, Model},
    learning::{learning_need, learning_need_source as source},
    platform::user,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use crate::domain::{
    error::Result,
    learning::learning_need::{Raised, raise_all},
    policy::Action,
    tx::Tx,
};

/// Raises needs of one person, when the caller may say what they need to learn: the needs, and whether anything is new of them.
///
/// # Errors
/// `NOT_FOUND`, `FORBIDDEN`, `INSUFFICIENT_SCOPE`.
pub(super) async fn raise(
    tx: &mut Tx,
    owner: UserId,
    raised: Vec<Raised>,
) -> Result<(Vec<learning_need::Model>, bool)> {
    tx.find::<user::Entity>(owner, Action::RaiseLearningNeed).await?;
    let before = sources(tx, owner, &raised).await?;
    let needs = raise_all(tx, owner, &raised).await?;
    let new = needs.iter().any(|need| need.updated_at == tx.now) || sources(tx, owner, &raised).await? > before;
    Ok((needs, new))
}

/// How many needs of a person are shown by what raises them.
async fn sources(tx: &Tx, owner: UserId, raised: &[Raised]) -> Result<u64> {
    let by: BTreeSet<&str> = raised.iter().filter_map(|one| one.source_id.as_deref()).collect();
    let known = source::Entity::find()
        .filter(source::Column::OrganizationId.eq(tx.who.organization))
        .filter(source::Column::UserId.eq(owner))
        .filter(source::Column::SourceId.is_in(by))
        .filter(source::Column::DeletedAt.is_null());
    Ok(known.count(&tx.db).await?)
}

/// Shows needs with the application that showed them: from there one sees how they fare.
pub(in crate::domain) async fn show(tx: &Tx, application: ApplicationId, needs: &[learning_need::Model]) -> Result<()> {
    let known = Entity::find().filter(Column::ApplicationId.eq(application)).all(&tx.db).await?;
    let mut new: Vec<Model> = Vec::new();
    for need in needs {
        let one = Model { application_id: application, need_id: need.id };
        if !known.contains(&one) && !new.contains(&one) {
            new.push(one);
        }
    }
    tx.add_all::<Entity>(new).await
}
