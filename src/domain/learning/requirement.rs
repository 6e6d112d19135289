//! What goals and roles need: the rules that requirements of both share (§5).

use entity::{
    id::{CompetencyFrameworkId, CompetencyId},
    kind::{Kind, int, prose},
    learning::{competency, goal_requirement, role_requirement},
};
use sea_orm::{
    ColumnTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _,
};
use serde_json::json;

use super::plan_item::{framework_of, on_scale};
use crate::domain::{
    error::{Code, Error, Result},
    tx::Tx,
};

/// A level that is needed.
pub const LEVEL: Kind = int(1, 100);
/// Why it is needed.
pub const RATIONALE: Kind = prose(5000);

/// How many requirements a goal or a role has at most.
pub(super) const MOST: usize = 200;

/// The level that is needed, which must be one of the scale of the competency's framework; and that must be visible:
/// what is needed is told to people who do not see frameworks that are being made.
pub(super) async fn level(tx: &Tx, competency: CompetencyId, wanted: i64) -> Result<i64> {
    let framework = framework_of(tx, competency, "/competencyId").await?;
    if !framework.visible {
        let why = "The framework of this competency is not visible yet.";
        return Err(Error::field(Code::FrameworkHidden, "/competencyId", why));
    }
    on_scale(&framework.scale.0, wanted, "/requiredLevel")
}

/// Whether as many `more` fit to what a goal or a role needs already.
pub(super) fn fits(known: u64, more: usize) -> Result<()> {
    if usize::try_from(known).is_ok_and(|known| known + more <= MOST) {
        return Ok(());
    }
    let why = format!("A goal or a role has at most {MOST} requirements.");
    Err(Error::new(Code::RequirementsFull, why).with(json!({ "most": MOST })))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_needs_so_much_and_no_more() {
        assert!(fits(199, 1).is_ok() && fits(0, 200).is_ok() && fits(200, 0).is_ok());
        let full = fits(200, 1).unwrap_err();
        assert_eq!((full.code(), full.details()), (Code::RequirementsFull, Some(&json!({ "most": 200 }))));
    }
}
