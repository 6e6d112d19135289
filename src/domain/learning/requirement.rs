//! What goals and roles need: the rules that requirements of both share (§5).

use entity::{
    id::{CompetencyFrameworkId, CompetencyId},
    kind::{Kind, int, prose},
    learning::{competency, goal_requirement, role_requirement},
};
use sea_orm::{
    ColumnTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _,
};

use super::plan_item::{on_scale, scale_of};
use crate::domain::{
    error::{Code, Error, Result},
    tx::Tx,
};

/// A level that is needed.
pub const LEVEL: Kind = int(1, 100);
/// Why it is needed.
pub const RATIONALE: Kind = prose(5000);

/// The level that is needed, which must be one of the scale of the competency's framework.
pub(super) async fn level(tx: &Tx, competency: CompetencyId, wanted: i64) -> Result<i64> {
    on_scale(&scale_of(tx, competency, "/competencyId").await?, wanted, "/requiredLevel")
}

/// A goal or a role needs a competency once.
pub(super) fn duplicate(error: Error) -> Error {
    if error.code() != Code::AlreadyExists {
        return error;
    }
    Error::field(Code::RequirementDuplicate, "/competencyId", "There is a requirement for this competency already.")
}

/// How many requirements name competencies of a framework, be it that they were deleted: they can be restored.
pub(super) async fn in_framework(tx: &Tx, framework: CompetencyFrameworkId) -> Result<u64> {
    let all = competency::Entity::find()
        .select_only()
        .column(competency::Column::Id)
        .filter(competency::Column::FrameworkId.eq(framework))
        .into_query();
    let of_goals =
        goal_requirement::Entity::find().filter(goal_requirement::Column::CompetencyId.in_subquery(all.clone()));
    let of_roles = role_requirement::Entity::find().filter(role_requirement::Column::CompetencyId.in_subquery(all));
    Ok(of_goals.count(&tx.db).await? + of_roles.count(&tx.db).await?)
}

/// How many requirements name a competency.
pub(super) async fn of_competency(tx: &Tx, competency: CompetencyId) -> Result<u64> {
    let of_goals = goal_requirement::Entity::find().filter(goal_requirement::Column::CompetencyId.eq(competency));
    let of_roles = role_requirement::Entity::find().filter(role_requirement::Column::CompetencyId.eq(competency));
    Ok(of_goals.count(&tx.db).await? + of_roles.count(&tx.db).await?)
}
