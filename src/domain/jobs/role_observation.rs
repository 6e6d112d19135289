//! Observations of roles: what a title means at a company (§28).

use chrono::{DateTime, Utc};
use entity::{
    id::{CompanyId, RoleObservationId, RoleProfileId, UserId},
    jobs::role_observation::{Column, Entity, Model},
    kind::{Form, Kind, Patch, id, int, line, list, text},
    learning::role_profile,
    object,
    vocabulary::Json,
};
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _};
use serde_json::json;

use super::{stays_with, whose};
use crate::{
    domain::{
        caller::Caller,
        clock,
        community::contact::works_at,
        error::Result,
        external::{self, ExternalRef},
        policy::Action,
        spelling::folded,
        tx::Tx,
        verb::{Done, External, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

const TITLE: Kind = line(1, 200);
const DUTY: Kind = line(1, 500);
/// What one does in a role: something at least.
const DUTIES: Kind = Kind::List { of: &DUTY, min: 1, max: 50 };
const URL: Kind = text(Form::Url, 1, 2000);

impl Row for Entity {
    const NAME: &'static str = "RoleObservation";
    type Id = RoleObservationId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<RoleObservationId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Who observed it; it never changes.").filter(),
        Column::CompanyId => leaf(id::<CompanyId>(), "The company.").filter(),
        Column::RoleProfileId => leaf(id::<RoleProfileId>(), "The role that it is, when it is a known one.").filter(),
        Column::Title => leaf(TITLE, "What the role is called there."),
        Column::Duties => leaf(list(&DUTY, 50), "What one does in it."),
        Column::Url => leaf(URL, "Where it was seen."),
        Column::ObservedAt => leaf(Kind::Time, "When it was seen.").filter().sort(),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::TitleFolded => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "RoleObservation",
        "What a title means at a company, as somebody saw it (§28).",
        "rob",
        Action::ViewRoleObservation,
        show,
    )
    .order("created_at", false)
    .external_refs()
    .one("owner", "owner_id", "User", "Who observed it.")
    .one("company", "company_id", "Company", "The company.")
    .one("roleProfile", "role_profile_id", "RoleProfile", "The role that it is.");
    let edit = Action::EditRoleObservation;
    let verbs = vec![
        Verb::create(Action::CreateRoleObservation, "Note what a title means at a company.", create),
        Verb::upsert(
            Action::CreateRoleObservation,
            "Note or change the observation that another system's name stands for.",
            upsert,
        ),
        Verb::on::<Entity, _, _, _>("update", edit, "Change an observation.", update),
        Verb::delete::<Entity>(edit, "Delete an observation; it can be restored."),
        Verb::restore::<Entity>(edit, "Bring a deleted observation back."),
    ];
    Resource { shape, plural: "roleObservations", verbs }
}

object! {
    /// What a title means at a company.
    NewRoleObservation {
        /// Who observed it: yourself, unless it is somebody who let you search for them.
        optional owner_id: UserId = id::<UserId>(),
        /// The company.
        required company_id: CompanyId = id::<CompanyId>(),
        /// What the role is called there.
        required title: String = TITLE,
        /// The role that it is, when it is a known one.
        optional role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// What one does in it.
        required duties: Vec<String> = DUTIES,
        /// Where it was seen.
        optional url: String = URL,
        /// When it was seen; now, unless it is said. Not in the future.
        optional observed_at: DateTime<Utc> = Kind::Time,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to an observation.
    RoleObservationPatch {
        /// The company.
        change company_id: CompanyId = id::<CompanyId>(),
        /// What the role is called there.
        change title: String = TITLE,
        /// The role that it is.
        clear role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// What one does in it, in place of what was noted.
        change duties: Vec<String> = DUTIES,
        /// Where it was seen.
        clear url: String = URL,
        /// When it was seen: not in the future.
        change observed_at: DateTime<Utc> = Kind::Time,
        /// Never changes: another value is refused with `OWNER_IMMUTABLE`.
        change owner_id: UserId = id::<UserId>(),
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewRoleObservation) -> Result<Done> {
    let mut tx = who.begin().await?;
    let row = add(&mut tx, new).await?;
    tx.made(&row).await
}

async fn upsert(who: Caller, external: External, mut new: NewRoleObservation) -> Result<Done> {
    let mut tx = who.begin().await?;
    let Some(id) = external.id else {
        new.external_refs.get_or_insert_default().push(external.reference());
        let row = add(&mut tx, new).await?;
        return tx.made(&row).await;
    };
    let was = tx.find_external::<Entity>(&external, id, Action::EditRoleObservation).await?;
    let patch = RoleObservationPatch {
        company_id: Some(new.company_id),
        title: Some(new.title),
        role_profile_id: new.role_profile_id.map_or(Patch::Keep, Patch::Set),
        duties: Some(new.duties),
        url: new.url.map_or(Patch::Keep, Patch::Set),
        observed_at: new.observed_at,
        owner_id: new.owner_id,
        external_refs: new.external_refs,
    };
    let row = revise(&mut tx, was, patch).await?;
    tx.done(&row).await
}

async fn add(tx: &mut Tx, new: NewRoleObservation) -> Result<Model> {
    let owner = whose(tx, new.owner_id).await?.id;
    works_at(tx, Some(new.company_id)).await?;
    is_known(tx, new.role_profile_id).await?;
    let row = Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        owner_id: owner,
        company_id: new.company_id,
        role_profile_id: new.role_profile_id,
        title_folded: folded(&new.title),
        title: new.title,
        duties: Json(new.duties),
        url: new.url,
        observed_at: clock::past(tx.now, new.observed_at.unwrap_or(tx.now), "/observedAt")?,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    };
    let row = tx.insert::<Entity>(row.into_active_model().reset_all()).await?;
    tx.refs(&row, new.external_refs.as_deref()).await?;
    tx.record("created", &row, json!({ "companyId": row.company_id, "title": row.title }))?;
    Ok(row)
}

/// The role that something is about, when it is a known one.
///
/// # Errors
/// `REFERENCE_UNKNOWN`.
pub(super) async fn is_known(tx: &Tx, role: Option<RoleProfileId>) -> Result<Option<role_profile::Model>> {
    match role {
        Some(role) => tx.refer::<role_profile::Entity>(role, "/roleProfileId").await.map(Some),
        None => Ok(None),
    }
}

async fn update(who: Caller, target: Target<RoleObservationId>, patch: RoleObservationPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditRoleObservation).await?;
    let row = revise(&mut tx, was, patch).await?;
    tx.done(&row).await
}

async fn revise(tx: &mut Tx, was: Model, patch: RoleObservationPatch) -> Result<Model> {
    stays_with(was.owner_id, patch.owner_id)?;
    let company = patch.company_id.unwrap_or(was.company_id);
    works_at(tx, Some(company).filter(|_| company != was.company_id)).await?;
    let role = patch.role_profile_id.over(was.role_profile_id);
    is_known(tx, role.filter(|_| role != was.role_profile_id)).await?;
    let title = patch.title.unwrap_or_else(|| was.title.clone());
    let duties = patch.duties.unwrap_or_else(|| was.duties.0.clone());
    let url = patch.url.over(was.url.clone());
    let at = patch.observed_at.map(|at| clock::past(tx.now, at, "/observedAt")).transpose()?;
    let at = at.unwrap_or(was.observed_at);
    let after = tx
        .change::<Entity>(was, |row| {
            row.company_id.set_if_not_equals(company);
            row.title_folded.set_if_not_equals(folded(&title));
            row.title.set_if_not_equals(title);
            row.role_profile_id.set_if_not_equals(role);
            row.duties.set_if_not_equals(Json(duties));
            row.url.set_if_not_equals(url);
            row.observed_at.set_if_not_equals(at);
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    Ok(after.row)
}
