//! Organizations: the tenants, and what each decided for itself (§37).

use std::sync::Arc;

use entity::{
    id::{OrganizationId, UserId},
    kind::{Declared as _, Kind, id, int, line, word},
    object,
    platform::organization::{APPROVERS, BudgetApprover, Column, Entity, Model, Settings, WeekStart},
    vocabulary::Json,
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QuerySelect as _,
};
use serde_json::json;

use crate::{
    auth::access,
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        platform::membership,
        policy::Action,
        tx::Tx,
        verb::{Done, Resource, Row, Target, Verb},
    },
    house::House,
    read::shape::{Leaf, Shape, Tenant, leaf},
};

/// What people call it.
pub const NAME: Kind = line(1, 200);

impl Row for Entity {
    const NAME: &'static str = "Organization";
    type Id = OrganizationId;
}

/// How each column is shown.
fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<OrganizationId>(), "The id."),
        Column::Name => leaf(NAME, "What people call it; unique in the installation.").sort(),
        Column::Settings => leaf(Kind::Object(Settings::object), "What it decided for itself."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made."),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed."),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::NameFolded => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Organization",
        "The tenant: a caller sees their own and no other (§37).",
        "org",
        Action::ViewOrganization,
        show,
    )
    .tenant(Tenant::Itself);
    let verbs = vec![Verb::on::<Entity, _, _, _>(
        "update",
        Action::EditOrganization,
        "Change the name or the settings.",
        update,
    )];
    Resource { shape, plural: "organizations", verbs }
}

object! {
    /// Changes to what an organization decided for itself.
    SettingsPatch {
        /// Whether owners may approve their own learning plans (§7).
        change self_approval: bool = Kind::Bool,
        /// Whether every milestone needs an ML and a BUSINESS metric of its own (§9).
        change pair_per_milestone: bool = Kind::Bool,
        /// Whether only a reviewer's evidence may rate, and one's own only suggest (§8).
        change reviewer_rates: bool = Kind::Bool,
        /// Whether preparation is required before an informational interview is scheduled (§20).
        change preparation_required: bool = Kind::Bool,
        /// How many people an aggregate must cover before an analyst sees it (§37).
        change minimum_cohort: i64 = int(5, 1000),
        /// How many percentage points a plan may be off its pace and still count as on track (§7).
        change on_track_tolerance: i64 = int(0, 50),
        /// The day on which the weeks of its members begin, unless they chose another (§4).
        change week_start: WeekStart = word::<WeekStart>(),
        /// Who approves what projects are planned to take (§12). Whoever is asked to sees that budget, and its project's title.
        change budget_approver: BudgetApprover = word::<BudgetApprover>(),
        /// For how many days a referral is hoped for, unless it is said (§22).
        change referral_days: i64 = int(1, 90),
        /// Who they are, when they are named; in place of those who were.
        change budget_approver_ids: Vec<UserId> = APPROVERS,
    }
}

object! {
    /// Changes to an organization.
    OrganizationPatch {
        /// What people call it.
        change name: String = NAME,
        /// What it decides for itself; what is absent stays.
        change settings: SettingsPatch = Kind::Object(SettingsPatch::object),
    }
}

impl SettingsPatch {
    /// The settings after the patch.
    fn over(&self, was: &Settings) -> Settings {
        // By name, so that a new setting does not compile until it can be changed.
        let Self {
            self_approval,
            pair_per_milestone,
            reviewer_rates,
            preparation_required,
            minimum_cohort,
            on_track_tolerance,
            week_start,
            budget_approver,
            referral_days,
            budget_approver_ids,
        } = self;
        Settings {
            self_approval: self_approval.unwrap_or(was.self_approval),
            pair_per_milestone: pair_per_milestone.unwrap_or(was.pair_per_milestone),
            reviewer_rates: reviewer_rates.unwrap_or(was.reviewer_rates),
            preparation_required: preparation_required.unwrap_or(was.preparation_required),
            minimum_cohort: minimum_cohort.unwrap_or(was.minimum_cohort),
            on_track_tolerance: on_track_tolerance.unwrap_or(was.on_track_tolerance),
            week_start: week_start.unwrap_or(was.week_start),
            budget_approver: budget_approver.unwrap_or(was.budget_approver),
            referral_days: referral_days.unwrap_or(was.referral_days),
            budget_approver_ids: budget_approver_ids.as_ref().unwrap_or(&was.budget_approver_ids).clone(),
        }
    }
}

async fn update(who: Caller, target: Target<OrganizationId>, patch: OrganizationPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditOrganization).await?;
    let settings = patch.settings.map_or_else(|| was.settings.0.clone(), |settings| settings.over(&was.settings.0));
    approvers(&tx, &settings, &was.settings.0).await?;
    let name = patch.name.unwrap_or_else(|| was.name.clone());
    let after = tx
        .change::<Entity>(was, |row| {
            row.name_folded.set_if_not_equals(folded(&name));
            row.name.set_if_not_equals(name);
            row.settings.set_if_not_equals(Json(settings));
        })
        .await?;
    if after.changed {
        tx.record("updated", &after.row, json!({ "settings": after.row.settings.0 }))?;
    }
    tx.done(&after.row).await
}

/// Who approves budgets is somebody, and of the organization.
async fn approvers(tx: &Tx, settings: &Settings, was: &Settings) -> Result<()> {
    let pointer = "/settings/budgetApproverIds";
    if settings.budget_approver == BudgetApprover::Named && settings.budget_approver_ids.is_empty() {
        return Err(Error::field(Code::ApproverRequired, pointer, "Name whoever approves budgets."));
    }
    for (place, id) in settings.budget_approver_ids.iter().enumerate() {
        if !was.budget_approver_ids.contains(id) {
            membership::member(tx, *id, &format!("{pointer}/{place}")).await?;
        }
    }
    Ok(())
}

/// A name as it is compared.
#[must_use]
pub fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Founds an organization: only the operator does, at the command line.
///
/// # Errors
/// `ALREADY_EXISTS` when the name is taken.
pub async fn found(house: &Arc<House>, name: &str, request_id: Arc<str>) -> Result<Model> {
    let now = clock::now();
    let row = Model {
        id: clock::new_id(),
        name: name.trim().to_owned(),
        name_folded: folded(name),
        settings: Json(Settings::default()),
        version: 1,
        created_at: now,
        updated_at: now,
        deleted_at: None,
    };
    let mut tx = access::operator(house, &row, request_id).begin().await?;
    let row = tx.insert::<Entity>(row.into_active_model().reset_all()).await?;
    tx.record("created", &row, json!({ "name": row.name }))?;
    tx.made(&row).await?;
    Ok(row)
}

/// The living organization of a name or an id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn named<C: ConnectionTrait>(db: &C, name: &str) -> Result<Option<Model>> {
    let living = Entity::find().filter(Column::DeletedAt.is_null());
    let living = match name.trim().parse::<OrganizationId>() {
        Ok(id) => living.filter(Column::Id.eq(id)),
        Err(_) => living.filter(Column::NameFolded.eq(folded(name))),
    };
    Ok(living.one(db).await?)
}

/// Holds the caller's organization until the end of the transaction: what is counted over its members stays true.
pub(super) async fn hold(tx: &Tx) -> Result<()> {
    let row = Entity::find_by_id(tx.who.organization).lock_exclusive().one(&tx.db).await?;
    row.map(|_| ()).ok_or_else(|| Error::not_found("organization"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_changes_what_it_names() {
        let was = Settings::default();
        let patch: SettingsPatch = serde_json::from_value(json!({ "selfApproval": true, "minimumCohort": 9 })).unwrap();
        assert_eq!(patch.over(&was), Settings { self_approval: true, minimum_cohort: 9, ..was.clone() });
        let nothing: SettingsPatch = serde_json::from_value(json!({})).unwrap();
        assert_eq!(nothing.over(&was), was);
    }
}
