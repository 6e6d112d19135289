//! Taking up what a goal's role needs.

use std::collections::HashSet;

use entity::{
    id::{CompetencyId, RoleProfileId},
    learning::{
        career_goal,
        goal_requirement::{self, RequirementOrigin},
        role_requirement,
    },
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    TryIntoModel as _, sea_query::Expr,
};

use crate::domain::{
    error::{Error, Result},
    learning::{
        goal_requirement::{blank, living, record},
        requirement,
    },
    tx::Tx,
};

/// Makes what a role needs what the goal needs, but for what somebody decided by hand, be it to do without it: whether
/// anything changed. Its levels need no check: a scale that a role's requirements use cannot change.
pub(super) async fn adopt(tx: &mut Tx, goal: &career_goal::Model, role: RoleProfileId) -> Result<bool> {
    let asked = role_requirement::Entity::find()
        .filter(role_requirement::Column::OrganizationId.eq(tx.who.organization))
        .filter(role_requirement::Column::RoleProfileId.eq(role))
        .filter(role_requirement::Column::DeletedAt.is_null())
        .order_by_asc(role_requirement::Column::Id)
        .all(&tx.db)
        .await?;
    let known = living(tx, goal.id).order_by_asc(goal_requirement::Column::Id).all(&tx.db).await?;
    let (kept, left): (Vec<_>, Vec<_>) = known
        .iter()
        .filter(|one| one.origin == RequirementOrigin::RoleProfile)
        .partition(|one| asked.iter().any(|other| other.competency_id == one.competency_id));
    let without = done_without(tx, goal).await?;
    let new: Vec<_> = asked
        .iter()
        .filter(|one| !known.iter().any(|other| other.competency_id == one.competency_id))
        .filter(|one| !without.contains(&one.competency_id))
        .collect();
    requirement::fits((known.len() - left.len()) as u64, new.len())?;
    let mut changed = !new.is_empty() || !left.is_empty();
    for was in kept {
        changed |= follow(tx, was, asked.iter().find(|one| one.competency_id == was.competency_id)).await?;
    }
    withdraw(tx, left).await?;
    let mut rows = Vec::with_capacity(new.len());
    for one in new {
        let row = goal_requirement::ActiveModel {
            required_level: Set(one.required_level),
            rationale: Set(one.rationale.clone()),
            origin: Set(RequirementOrigin::RoleProfile),
            ..blank(tx, goal, one.competency_id)
        };
        let row = row.try_into_model()?;
        record(tx, "created", &row)?;
        rows.push(row);
    }
    tx.add_all::<goal_requirement::Entity>(rows).await?;
    Ok(changed)
}

/// What somebody deleted by hand of what came from a role: they do without it.
async fn done_without(tx: &Tx, goal: &career_goal::Model) -> Result<HashSet<CompetencyId>> {
    let deleted = goal_requirement::Entity::find()
        .filter(goal_requirement::Column::OrganizationId.eq(tx.who.organization))
        .filter(goal_requirement::Column::GoalId.eq(goal.id))
        .filter(goal_requirement::Column::Origin.eq(RequirementOrigin::RoleProfile))
        .filter(goal_requirement::Column::DeletedAt.is_not_null())
        .filter(goal_requirement::Column::Withdrawn.eq(false))
        .all(&tx.db)
        .await?;
    Ok(deleted.into_iter().map(|row| row.competency_id).collect())
}

/// Brings what came from a role to what the role asks by now: whether that is something else.
async fn follow(tx: &mut Tx, was: &goal_requirement::Model, asked: Option<&role_requirement::Model>) -> Result<bool> {
    let Some(asked) = asked else { return Ok(false) };
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

/// Deletes what the role no longer asks for, in one statement.
async fn withdraw(tx: &mut Tx, left: Vec<&goal_requirement::Model>) -> Result<()> {
    use goal_requirement::Column;
    if left.is_empty() {
        return Ok(());
    }
    let gone = goal_requirement::Entity::update_many()
        .col_expr(Column::DeletedAt, Expr::value(Some(tx.now)))
        .col_expr(Column::UpdatedAt, Expr::value(tx.now))
        .col_expr(Column::Withdrawn, Expr::value(true))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::Id.is_in(left.iter().map(|row| row.id)))
        .filter(Column::DeletedAt.is_null())
        .exec(&tx.db)
        .await?;
    if gone.rows_affected != left.len() as u64 {
        return Err(Error::contention("a requirement changed since it was read"));
    }
    for was in left {
        let row = goal_requirement::Model { version: was.version + 1, ..was.clone() };
        record(tx, "deleted", &row)?;
    }
    Ok(())
}
