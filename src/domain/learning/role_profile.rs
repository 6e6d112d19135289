//! Role profiles: what roles ask for, kept for the whole organization (§16, §28).

use entity::{
    id::RoleProfileId,
    kind::{Kind, Patch, id, int, line, list, prose, word},
    learning::role_profile::{ActiveModel, Column, Entity, Model, Seniority},
    object,
    vocabulary::Json,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use crate::{
    domain::{
        caller::Caller,
        clock,
        error::Result,
        external::{self, ExternalRef},
        policy::Action,
        tx::Tx,
        verb::{Done, External, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

/// What a role is called.
pub(in crate::domain) const TITLE: Kind = line(1, 200);
const FAMILY: Kind = line(1, 100);
const ALIASES: Kind = list(&TITLE, 20);
const DESCRIPTION: Kind = prose(5000);

impl Row for Entity {
    const NAME: &'static str = "RoleProfile";
    type Id = RoleProfileId;
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<RoleProfileId>(), "The id."),
        Column::Title => leaf(TITLE, "What the role is called.").sort(),
        Column::Family => {
            leaf(FAMILY, "The family of roles that it belongs to: the same work under other titles and at other levels. Going from one to another is no switch of roles.").filter()
        }
        Column::Seniority => leaf(word::<Seniority>(), "How far along it is in its family.").filter(),
        Column::Aliases => leaf(ALIASES, "What else it is called: titles differ between companies."),
        Column::Description => leaf(DESCRIPTION, "What one does in it."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed."),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::SearchText => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape =
        Shape::new::<Entity>("RoleProfile", "What a role asks for (§16).", "rpr", Action::ViewRoleProfile, show)
            .order("created_at", false)
            .external_refs()
            .many("requirements", "role_profile_id", "RoleRequirement", "What it needs.");
    Resource { shape, plural: "roleProfiles", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::ManageRoleProfile;
    vec![
        Verb::create(ManageRoleProfile, "Describe a role.", create),
        Verb::upsert(ManageRoleProfile, "Describe or change the role that another system's name stands for.", upsert),
        Verb::on::<Entity, _, _, _>("update", ManageRoleProfile, "Change a role profile.", update),
        Verb::delete::<Entity>(
            ManageRoleProfile,
            "Delete a role profile; it can be restored. Goals that name it keep what they took from it.",
        ),
        Verb::restore::<Entity>(ManageRoleProfile, "Bring a deleted role profile back."),
    ]
}

object! {
    /// A role to describe.
    NewRoleProfile {
        /// What the role is called.
        required title: String = TITLE,
        /// The family of roles that it belongs to: the same work under other titles and at other levels.
        optional family: String = FAMILY,
        /// How far along it is in its family.
        optional seniority: Seniority = word::<Seniority>(),
        /// What else it is called.
        optional aliases: Vec<String> = ALIASES,
        /// What one does in it.
        optional description: String = DESCRIPTION,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to a role profile.
    RoleProfilePatch {
        /// What the role is called.
        change title: String = TITLE,
        /// The family of roles that it belongs to: the same work under other titles and at other levels.
        clear family: String = FAMILY,
        /// How far along it is in its family.
        clear seniority: Seniority = word::<Seniority>(),
        /// What else it is called, in place of what was named.
        change aliases: Vec<String> = ALIASES,
        /// What one does in it.
        clear description: String = DESCRIPTION,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewRoleProfile) -> Result<Done> {
    who.may(Action::ManageRoleProfile)?;
    let mut tx = who.begin().await?;
    let role = add(&mut tx, new).await?;
    tx.made(&role).await
}

async fn upsert(who: Caller, external: External, mut new: NewRoleProfile) -> Result<Done> {
    who.may(Action::ManageRoleProfile)?;
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let role = tx.find_external::<Entity>(&external, id, Action::ManageRoleProfile).await?;
        let patch = RoleProfilePatch {
            title: Some(new.title),
            family: new.family.map_or(Patch::Keep, Patch::Set),
            seniority: new.seniority.map_or(Patch::Keep, Patch::Set),
            aliases: new.aliases,
            description: new.description.map_or(Patch::Keep, Patch::Set),
            external_refs: new.external_refs,
        };
        let role = revise(&mut tx, role, patch).await?;
        return tx.done(&role).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let role = add(&mut tx, new).await?;
    tx.made(&role).await
}

async fn add(tx: &mut Tx, new: NewRoleProfile) -> Result<Model> {
    let aliases = new.aliases.unwrap_or_default();
    let role = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            search_text: Set(search_text(&new.title, new.family.as_deref(), &aliases)),
            title: Set(new.title),
            family: Set(new.family),
            seniority: Set(new.seniority),
            aliases: Set(Json(aliases)),
            description: Set(new.description),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&role, new.external_refs.as_deref()).await?;
    tx.record("created", &role, json!({ "title": role.title }))?;
    Ok(role)
}

/// A role is found by whatever it is called.
fn search_text(title: &str, family: Option<&str>, aliases: &[String]) -> String {
    let names = std::iter::once(title).chain(family).chain(aliases.iter().map(String::as_str));
    names.collect::<Vec<_>>().join(" ").to_lowercase()
}

async fn update(who: Caller, target: Target<RoleProfileId>, patch: RoleProfilePatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let role = tx.find_at::<Entity>(&target, Action::ManageRoleProfile).await?;
    let role = revise(&mut tx, role, patch).await?;
    tx.done(&role).await
}

async fn revise(tx: &mut Tx, role: Model, patch: RoleProfilePatch) -> Result<Model> {
    let title = patch.title.unwrap_or_else(|| role.title.clone());
    let family = patch.family.over(role.family.clone());
    let seniority = patch.seniority.over(role.seniority);
    let aliases = patch.aliases.unwrap_or_else(|| role.aliases.0.clone());
    let description = patch.description.over(role.description.clone());
    let after = tx
        .change::<Entity>(role, |row| {
            row.search_text.set_if_not_equals(search_text(&title, family.as_deref(), &aliases));
            row.title.set_if_not_equals(title);
            row.family.set_if_not_equals(family);
            row.seniority.set_if_not_equals(seniority);
            row.aliases.set_if_not_equals(Json(aliases));
            row.description.set_if_not_equals(description);
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    Ok(after.row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_found_by_all_of_its_names() {
        let text = search_text("ML Engineer", Some("Engineering"), &["AI Engineer".to_owned()]);
        assert_eq!(text, "ml engineer engineering ai engineer");
        assert_eq!(search_text("Analyst", None, &[]), "analyst");
    }
}
