//! Taking up what a goal's role needs.

use entity::{
    id::RoleProfileId,
    learning::{
        career_goal,
        goal_requirement::{self, RequirementOrigin},
        role_requirement,
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::domain::{
    error::Result,
    learning::goal_requirement::{blank, record},
    tx::Tx,
};

/// Makes what a role needs what the goal needs, but for what somebody decided by hand: whether anything changed. Its
/// levels need no check: a scale that a role's requirements use cannot change.
pub(super) async fn adopt(tx: &mut Tx, goal: &career_goal::Model, role: RoleProfileId) -> Result<bool> {
    let asked = role_requirement::Entity::find()
        .filter(role_requirement::Column::RoleProfileId.eq(role))
        .filter(role_requirement::Column::DeletedAt.is_null())
        .order_by_asc(role_requirement::Column::Id)
        .all(&tx.db)
        .await?;
    let known = goal_requirement::Entity::find()
        .filter(goal_requirement::Column::GoalId.eq(goal.id))
        .filter(goal_requirement::Column::DeletedAt.is_null())
        .order_by_asc(goal_requirement::Column::Id)
        .all(&tx.db)
        .await?;
    let new: Vec<_> =
        asked.iter().filter(|one| !known.iter().any(|other| other.competency_id == one.competency_id)).collect();
    let mut changed = !new.is_empty();
    for was in known.iter().filter(|one| one.origin == RequirementOrigin::RoleProfile) {
        changed |= follow(tx, was, asked.iter().find(|one| one.competency_id == was.competency_id)).await?;
    }
    for one in new {
        let row = goal_requirement::ActiveModel {
            required_level: Set(one.required_level),
            rationale: Set(one.rationale.clone()),
            origin: Set(RequirementOrigin::RoleProfile),
            ..blank(tx, goal, one.competency_id)
        };
        let row = tx.insert::<goal_requirement::Entity>(row).await?;
        record(tx, "created", &row)?;
    }
    Ok(changed)
}

/// Brings what came from a role to what the role asks by now, which may be nothing: whether that is something else.
async fn follow(tx: &mut Tx, was: &goal_requirement::Model, asked: Option<&role_requirement::Model>) -> Result<bool> {
    let Some(asked) = asked else {
        let gone = tx.delete::<goal_requirement::Entity>(was.clone()).await?;
        record(tx, "deleted", &gone)?;
        return Ok(true);
    };
    let after = tx
        .change::<goal_requirement::Entity>(was.clone(), |row| {
            row.required_level.set_if_not_equals(asked.required_level);
            row.rationale.set_if_not_equals(asked.rationale.clone());
        })
        .await?;
    if after.changed {
        record(tx, "updated", &after.row)?;
    }
    Ok(after.changed)
}
