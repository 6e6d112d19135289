//! What applications show that their owner needs to learn: raised as needs, and shown with the application (§23, §25, §29).

use entity::{
    id::{ApplicationId, UserId},
    jobs::application_learning_need::{Column, Entity, Model},
    learning::learning_need,
    platform::user,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::domain::{
    error::Result,
    learning::learning_need::{Raised, raise_all},
    policy::Action,
    tx::Tx,
};

/// Raises needs of one person, when the caller may say what they need to learn.
///
/// # Errors
/// `NOT_FOUND`, `FORBIDDEN`, `INSUFFICIENT_SCOPE`.
pub(super) async fn raise(tx: &mut Tx, owner: UserId, raised: Vec<Raised>) -> Result<Vec<learning_need::Model>> {
    tx.find::<user::Entity>(owner, Action::RaiseLearningNeed).await?;
    raise_all(tx, owner, &raised).await
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
