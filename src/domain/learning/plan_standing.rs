//! Snapshots of completed plans: where the owner stood in each competency of the plan when it was completed (§7).
//!
//! Whatever changes later leaves a snapshot as it is. Reopening a plan sets it aside, among what was deleted, and the
//! next completion keeps another.

use std::collections::HashSet;

use entity::{
    id::{CompetencyId, LearningPlanId, PlanStandingId, UserId},
    kind::{Kind, id, int},
    learning::{
        learning_plan,
        plan_standing::{ActiveModel, Column, Entity, Model},
    },
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _,
    sea_query::{Expr, ExprTrait as _},
};

use super::requirement::LEVEL;
use crate::{
    domain::{
        clock,
        error::Result,
        policy::Action,
        tx::Tx,
        verb::{Resource, Row},
    },
    read::{
        shape::{Leaf, Shape, leaf},
        sql::Arg,
    },
};

impl Row for Entity {
    const NAME: &'static str = "PlanStanding";
    type Id = PlanStandingId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<PlanStandingId>(), "The id."),
        Column::PlanId => leaf(id::<LearningPlanId>(), "The plan.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "The plan's owner.").filter(),
        Column::CompetencyId => leaf(id::<CompetencyId>(), "In what.").filter(),
        Column::TargetLevel => leaf(LEVEL, "The level that the plan was for."),
        Column::Level => leaf(LEVEL, "The level that they had; null when nothing was known of it."),
        Column::Proficient => leaf(Kind::Bool, "Whether it counted as proficient; null as long as the level is."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was kept: when the plan was completed.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed."),
        Column::DeletedAt => leaf(Kind::Time, "When the plan was reopened."),
        Column::OrganizationId => return None,
    })
}

/// The declaration. A snapshot is kept by completing its plan, and only read here.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "PlanStanding",
        "Where a plan's owner stood in one of its competencies when it was completed (§7).",
        "pst",
        Action::ViewPlanItem,
        show,
    )
    .order("created_at", false)
    .one("plan", "plan_id", "LearningPlan", "The plan.")
    .one("owner", "owner_id", "User", "The plan's owner.")
    .one("competency", "competency_id", "Competency", "In what.");
    Resource { shape, plural: "planStandings", verbs: Vec::new() }
}

/// A competency of a plan, and where its owner stands in it.
#[derive(Debug, FromQueryResult)]
struct Stands {
    competency_id: CompetencyId,
    target_level: i64,
    level: Option<i64>,
    proficient: Option<bool>,
}

const STANDS: &str = "\
    SELECT i.competency_id, i.target_level, u.level, u.proficient FROM \"plan_item\" i \
    LEFT JOIN \"user_competency\" u ON u.organization_id = i.organization_id AND u.user_id = i.owner_id \
    AND u.competency_id = i.competency_id AND u.deleted_at IS NULL WHERE i.deleted_at IS NULL AND i.plan_id = ";

/// Keeps where the owner of a plan stands in its competencies now: one row for each, of the item that asks for most.
pub(super) async fn keep(tx: &Tx, plan: &learning_plan::Model) -> Result<()> {
    let mut sql = tx.sql();
    sql.push(STANDS).bind(Arg::Uuid(plan.id.0)).push(" AND i.organization_id = ");
    sql.bind(Arg::Uuid(tx.who.organization.0)).push(" ORDER BY i.target_level DESC, i.sort_order, i.id");
    let mut seen = HashSet::new();
    let stands = tx.rows::<Stands>(&sql).await?;
    let rows = stands.into_iter().filter(|one| seen.insert(one.competency_id)).map(|one| ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(tx.who.organization),
        plan_id: Set(plan.id),
        owner_id: Set(plan.owner_id),
        competency_id: Set(one.competency_id),
        target_level: Set(one.target_level),
        level: Set(one.level),
        proficient: Set(one.proficient),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    });
    let rows: Vec<_> = rows.collect();
    // A statement holds only so many arguments.
    for some in rows.chunks(500) {
        Entity::insert_many(some.iter().cloned()).exec(&tx.db).await?;
    }
    Ok(())
}

/// Sets the snapshot of a plan aside that goes on.
pub(super) async fn set_aside(tx: &Tx, plan: &learning_plan::Model) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::DeletedAt, Expr::value(tx.now))
        .col_expr(Column::UpdatedAt, Expr::value(tx.now))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::PlanId.eq(plan.id))
        .filter(Column::DeletedAt.is_null())
        .exec(&tx.db)
        .await?;
    Ok(())
}
