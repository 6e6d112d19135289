//! What roles need: a level in a competency each (§16).

use entity::{
    id::{CompetencyId, RoleProfileId, RoleRequirementId},
    kind::{Kind, id, int},
    learning::{
        role_profile,
        role_requirement::{ActiveModel, Column, Entity, Model},
    },
    object,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::json;

use super::requirement::{self, LEVEL, RATIONALE};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::Result,
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

impl Row for Entity {
    const NAME: &'static str = "RoleRequirement";
    type Id = RoleRequirementId;
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<RoleRequirementId>(), "The id."),
        Column::RoleProfileId => leaf(id::<RoleProfileId>(), "The role.").filter(),
        Column::CompetencyId => leaf(id::<CompetencyId>(), "What is needed.").filter(),
        Column::RequiredLevel => leaf(LEVEL, "How well, as a level of the framework's scale."),
        Column::Rationale => leaf(RATIONALE, "Why."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed."),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "RoleRequirement",
        "What a role needs of a competency (§16).",
        "rrq",
        Action::ViewRoleRequirement,
        show,
    )
    .order("created_at", false)
    .one("roleProfile", "role_profile_id", "RoleProfile", "The role.")
    .one("competency", "competency_id", "Competency", "What is needed.");
    Resource { shape, plural: "roleRequirements", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::ManageRoleProfile;
    vec![
        Verb::create(ManageRoleProfile, "Say what a role needs.", create),
        Verb::on::<Entity, _, _, _>("update", ManageRoleProfile, "Change what a role needs.", update),
        Verb::delete::<Entity>(ManageRoleProfile, "Say that a role no longer needs it; it can be restored."),
        Verb::on::<Entity, _, _, _>("restore", ManageRoleProfile, "Bring a deleted requirement back.", restore),
    ]
}

object! {
    /// What a role needs.
    NewRoleRequirement {
        /// The role.
        required role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// What is needed; a role names a competency once.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// How well, as a level of the framework's scale.
        required required_level: i64 = LEVEL,
        /// Why.
        optional rationale: String = RATIONALE,
    }
}

object! {
    /// Changes to what a role needs.
    RoleRequirementPatch {
        /// How well, as a level of the framework's scale.
        change required_level: i64 = LEVEL,
        /// Why.
        clear rationale: String = RATIONALE,
    }
}

async fn create(who: Caller, new: NewRoleRequirement) -> Result<Done> {
    who.may(Action::ManageRoleProfile)?;
    let mut tx = who.begin().await?;
    let role = tx.refer::<role_profile::Entity>(new.role_profile_id, "/roleProfileId").await?;
    let level = requirement::level(&tx, new.competency_id, new.required_level).await?;
    one_more(&tx, role.id).await?;
    let needed = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            role_profile_id: Set(role.id),
            competency_id: Set(new.competency_id),
            required_level: Set(level),
            rationale: Set(new.rationale),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await
        .map_err(requirement::duplicate)?;
    record(&mut tx, "created", &needed)?;
    tx.made(&needed).await
}

/// Whether a role has room for another requirement; who adds one waits for whoever does.
async fn one_more(tx: &Tx, role: RoleProfileId) -> Result<()> {
    tx.lock(&format!("requirements {role}")).await?;
    let living = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::RoleProfileId.eq(role))
        .filter(Column::DeletedAt.is_null());
    requirement::fits(living.count(&tx.db).await?, 1)
}

async fn update(who: Caller, target: Target<RoleRequirementId>, patch: RoleRequirementPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::ManageRoleProfile).await?;
    let level = match patch.required_level {
        Some(level) if level != was.required_level => requirement::level(&tx, was.competency_id, level).await?,
        _ => was.required_level,
    };
    let rationale = patch.rationale.over(was.rationale.clone());
    let after = tx
        .change::<Entity>(was, |row| {
            row.required_level.set_if_not_equals(level);
            row.rationale.set_if_not_equals(rationale);
        })
        .await?;
    if after.changed {
        record(&mut tx, "updated", &after.row)?;
    }
    tx.done(&after.row).await
}

async fn restore(who: Caller, target: Target<RoleRequirementId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_deleted::<Entity>(&target, Action::ManageRoleProfile).await?;
    one_more(&tx, was.role_profile_id).await?;
    let needed = tx.restore::<Entity>(was).await.map_err(requirement::duplicate)?;
    record(&mut tx, "restored", &needed)?;
    tx.done(&needed).await
}

fn record(tx: &mut Tx, what: &str, needed: &Model) -> Result<()> {
    tx.record(what, needed, json!({ "roleProfileId": needed.role_profile_id, "competencyId": needed.competency_id }))
}
