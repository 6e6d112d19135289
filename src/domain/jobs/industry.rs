//! Industries: what employers do. Some come with Cairn, and every organization may add its own (§16).

pub mod built_in;

use entity::{
    id::IndustryId,
    jobs::industry::{ActiveModel, Column, Entity, Model},
    kind::{Kind, Patch, id, int, line, list, prose},
    object,
    vocabulary::Json,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        policy::Action,
        spelling::plain,
        tx::Tx,
        verb::{Done, External, Nothing, Resource, Row, Target, Verb},
    },
    read::{
        cell::{Cell, Store},
        shape::{Leaf, Need, Shape, Tenant, leaf},
    },
};

/// What an industry is called.
pub(super) const NAME: Kind = line(1, 100);
const ALIASES: Kind = list(&NAME, 50);
const DESCRIPTION: Kind = prose(5000);

impl Row for Entity {
    const NAME: &'static str = "Industry";
    type Id = IndustryId;
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<IndustryId>(), "The id."),
        Column::Name => leaf(NAME, "What it is called.").sort(),
        Column::Aliases => leaf(ALIASES, "What else it is called."),
        Column::Description => leaf(DESCRIPTION, "What belongs to it."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::NameFolded | Column::SearchText => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>("Industry", "What employers do (§16).", "ind", Action::ViewIndustry, show)
        .tenant(Tenant::OwnOrBuiltIn)
        .order("created_at", false)
        .computed(
            "builtIn",
            Kind::Bool,
            "Whether it comes with Cairn: then it does not change.",
            vec![Need::Column("organization_id", Store::Uuid)],
            |cells, _| Cell::Bool(cells[0].uuid().is_none()),
        )
        .external_refs();
    Resource { shape, plural: "industries", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::ManageIndustry;
    vec![
        Verb::create(ManageIndustry, "Add an industry.", create),
        Verb::upsert(ManageIndustry, "Add or change the industry that another system's name stands for.", upsert),
        Verb::on::<Entity, _, _, _>("update", ManageIndustry, "Change an industry.", update),
        Verb::on::<Entity, _, _, _>("delete", ManageIndustry, "Delete an industry; it can be restored.", delete),
        Verb::restore::<Entity>(ManageIndustry, "Bring a deleted industry back."),
    ]
}

object! {
    /// An industry to add.
    NewIndustry {
        /// What it is called; an organization has a name once.
        required name: String = NAME,
        /// What else it is called.
        optional aliases: Vec<String> = ALIASES,
        /// What belongs to it.
        optional description: String = DESCRIPTION,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to an industry.
    IndustryPatch {
        /// What it is called; an organization has a name once.
        change name: String = NAME,
        /// What else it is called, in place of what was named.
        change aliases: Vec<String> = ALIASES,
        /// What belongs to it.
        clear description: String = DESCRIPTION,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

/// What comes with Cairn is read-only.
fn own(row: Model) -> Result<Model> {
    if row.organization_id.is_some() {
        return Ok(row);
    }
    Err(Error::new(Code::BuiltIn, "This comes with Cairn: add one of your own."))
}

async fn create(who: Caller, new: NewIndustry) -> Result<Done> {
    who.may(Action::ManageIndustry)?;
    let mut tx = who.begin().await?;
    let industry = add(&mut tx, new).await?;
    tx.made(&industry).await
}

async fn upsert(who: Caller, external: External, mut new: NewIndustry) -> Result<Done> {
    who.may(Action::ManageIndustry)?;
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let industry = tx.find_external::<Entity>(&external, id, Action::ManageIndustry).await?;
        let patch = IndustryPatch {
            name: Some(new.name),
            aliases: new.aliases,
            description: new.description.map_or(Patch::Keep, Patch::Set),
            external_refs: new.external_refs,
        };
        let industry = revise(&mut tx, industry, patch).await?;
        return tx.done(&industry).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let industry = add(&mut tx, new).await?;
    tx.made(&industry).await
}

async fn add(tx: &mut Tx, new: NewIndustry) -> Result<Model> {
    let aliases = new.aliases.unwrap_or_default();
    let industry = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(Some(tx.who.organization)),
            name_folded: Set(plain(&new.name)),
            search_text: Set(search_text(&new.name, &aliases)),
            name: Set(new.name),
            aliases: Set(Json(aliases)),
            description: Set(new.description),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&industry, new.external_refs.as_deref()).await?;
    tx.record("created", &industry, json!({ "name": industry.name }))?;
    Ok(industry)
}

/// An industry is found by whatever it is called.
fn search_text(name: &str, aliases: &[String]) -> String {
    let names = std::iter::once(name).chain(aliases.iter().map(String::as_str));
    names.collect::<Vec<_>>().join(" ").to_lowercase()
}

async fn update(who: Caller, target: Target<IndustryId>, patch: IndustryPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let industry = tx.find_at::<Entity>(&target, Action::ManageIndustry).await?;
    let industry = revise(&mut tx, industry, patch).await?;
    tx.done(&industry).await
}

async fn revise(tx: &mut Tx, industry: Model, patch: IndustryPatch) -> Result<Model> {
    let industry = own(industry)?;
    let name = patch.name.unwrap_or_else(|| industry.name.clone());
    let aliases = patch.aliases.unwrap_or_else(|| industry.aliases.0.clone());
    let description = patch.description.over(industry.description.clone());
    let after = tx
        .change::<Entity>(industry, |row| {
            row.search_text.set_if_not_equals(search_text(&name, &aliases));
            row.name_folded.set_if_not_equals(plain(&name));
            row.name.set_if_not_equals(name);
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

async fn delete(who: Caller, target: Target<IndustryId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let industry = own(tx.find_at::<Entity>(&target, Action::ManageIndustry).await?)?;
    let industry = tx.delete::<Entity>(industry).await?;
    tx.record("deleted", &industry, json!({}))?;
    tx.done(&industry).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_industry_is_found_by_all_of_its_names() {
        assert_eq!(search_text("Finance", &["Banking".to_owned()]), "finance banking");
    }
}
