//! Companies: where people work and would like to, kept for the whole organization (§31).

use entity::{
    community::company::{ActiveModel, Column, Entity, Model},
    id::{CompanyId, UserId},
    kind::{Form, Kind, Patch, id, int, line, prose, text},
    object,
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
    read::{
        cell::Store,
        shape::{Leaf, Shape, Veil, Veiled, leaf},
    },
};

/// Companies are everybody's, and met by the searches of people: who met one is theirs to know.
const ADDED: Veil = Veil { person: ("created_by", Store::Uuid), of: Veiled::Are(&[]), instead: None };
const NAME: Kind = line(1, 200);
const URL: Kind = text(Form::Url, 1, 2000);
const INDUSTRY: Kind = line(1, 100);
const DESCRIPTION: Kind = prose(5000);

impl Row for Entity {
    const NAME: &'static str = "Company";
    type Id = CompanyId;
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<CompanyId>(), "The id."),
        Column::Name => leaf(NAME, "What it is called.").sort(),
        Column::Url => leaf(URL, "Where it shows itself."),
        Column::Industry => leaf(INDUSTRY, "What it does.").filter(),
        Column::Description => leaf(DESCRIPTION, "What else is known of it."),
        Column::CreatedBy => {
            leaf(id::<UserId>(), "The person who added it, for themself: it may be where they look for a job.")
                .veiled(ADDED)
        }
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
    let shape =
        Shape::new::<Entity>("Company", "A company that people know of (§31).", "cny", Action::ViewCompany, show)
            .order("created_at", false)
            .external_refs()
            .many("contacts", "company_id", "Contact", "Who works there, of those whom the caller may know of.");
    Resource { shape, plural: "companies", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{CreateCompany, EditCompany};
    vec![
        Verb::create(CreateCompany, "Add a company.", create),
        Verb::upsert(CreateCompany, "Add or change the company that another system's name stands for.", upsert),
        Verb::on::<Entity, _, _, _>("update", EditCompany, "Change a company.", update),
        Verb::delete::<Entity>(EditCompany, "Delete a company; it can be restored. Who works there stays known."),
        Verb::restore::<Entity>(EditCompany, "Bring a deleted company back."),
    ]
}

object! {
    /// A company to add.
    NewCompany {
        /// What it is called.
        required name: String = NAME,
        /// Where it shows itself.
        optional url: String = URL,
        /// What it does.
        optional industry: String = INDUSTRY,
        /// What else is known of it.
        optional description: String = DESCRIPTION,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to a company.
    CompanyPatch {
        /// What it is called.
        change name: String = NAME,
        /// Where it shows itself.
        clear url: String = URL,
        /// What it does.
        clear industry: String = INDUSTRY,
        /// What else is known of it.
        clear description: String = DESCRIPTION,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewCompany) -> Result<Done> {
    let mut tx = who.begin().await?;
    let company = add(&mut tx, new).await?;
    tx.made(&company).await
}

async fn upsert(who: Caller, external: External, mut new: NewCompany) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let company = tx.find_external::<Entity>(&external, id, Action::EditCompany).await?;
        let patch = CompanyPatch {
            name: Some(new.name),
            url: new.url.map_or(Patch::Keep, Patch::Set),
            industry: new.industry.map_or(Patch::Keep, Patch::Set),
            description: new.description.map_or(Patch::Keep, Patch::Set),
            external_refs: new.external_refs,
        };
        let company = revise(&mut tx, company, patch).await?;
        return tx.done(&company).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let company = add(&mut tx, new).await?;
    tx.made(&company).await
}

async fn add(tx: &mut Tx, new: NewCompany) -> Result<Model> {
    let company = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            name_folded: Set(folded(&new.name)),
            search_text: Set(search_text(&new.name, new.industry.as_deref())),
            name: Set(new.name),
            url: Set(new.url),
            industry: Set(new.industry),
            description: Set(new.description),
            created_by: Set(tx.who.user()),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&company, new.external_refs.as_deref()).await?;
    tx.record("created", &company, json!({ "name": company.name }))?;
    Ok(company)
}

/// However it is written.
#[must_use]
pub fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A company that somebody named, with what else is not known of it.
pub(in crate::domain) fn named(tx: &Tx, name: &str) -> Model {
    Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        name: name.to_owned(),
        url: None,
        industry: None,
        description: None,
        created_by: tx.who.user(),
        name_folded: folded(name),
        search_text: search_text(name, None),
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    }
}

fn search_text(name: &str, industry: Option<&str>) -> String {
    format!("{name} {}", industry.unwrap_or_default()).trim().to_lowercase()
}

async fn update(who: Caller, target: Target<CompanyId>, patch: CompanyPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let company = tx.find_at::<Entity>(&target, Action::EditCompany).await?;
    let company = revise(&mut tx, company, patch).await?;
    tx.done(&company).await
}

async fn revise(tx: &mut Tx, company: Model, patch: CompanyPatch) -> Result<Model> {
    let name = patch.name.unwrap_or_else(|| company.name.clone());
    let url = patch.url.over(company.url.clone());
    let industry = patch.industry.over(company.industry.clone());
    let description = patch.description.over(company.description.clone());
    let after = tx
        .change::<Entity>(company, |row| {
            row.search_text.set_if_not_equals(search_text(&name, industry.as_deref()));
            row.name_folded.set_if_not_equals(folded(&name));
            row.name.set_if_not_equals(name);
            row.url.set_if_not_equals(url);
            row.industry.set_if_not_equals(industry);
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
    fn a_company_is_found_by_name_and_industry() {
        assert_eq!(search_text("Windy Grid", Some("Energy")), "windy grid energy");
        assert_eq!(search_text("Ångström", None), "ångström");
        assert_eq!(folded(" Windy  GRID "), folded("windy grid"));
    }
}
