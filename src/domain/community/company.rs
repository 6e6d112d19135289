//! Companies: where people work and would like to, kept for the whole organization (§31).

use entity::{
    community::company::{ActiveModel, Column, Entity, Model},
    id::{CompanyId, UserId},
    kind::{Form, Kind, Patch, id, int, line, prose, text},
    object,
    platform::membership::Role,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _};
use serde_json::json;

use super::companies::Companies;
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        policy::Action,
        spelling::folded,
        tx::Tx,
        verb::{Done, External, Nothing, Resource, Row, Target, Verb},
    },
    read::{
        cell::Store,
        shape::{Leaf, Shape, Veil, Veiled, leaf},
        sql::Arg,
    },
};

/// Companies are everybody's, and met by the searches of people: who met one is theirs to know.
const ADDED: Veil = Veil { person: ("created_by", Store::Uuid), of: Veiled::Are(&[]), instead: None };
pub(super) const NAME: Kind = line(1, 200);
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
        Verb::on::<Entity, _, _, _>(
            "delete",
            EditCompany,
            "Delete a company; it can be restored. Who works there stays known. One that other people's contacts, postings or talks name is deleted by administrators alone.",
            delete,
        ),
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
    if let Some(id) = Companies::find(&tx, std::iter::once(new.name.as_str())).await?.get(&new.name) {
        let why = "A company of this name is known already: what is known at the one is not known at the other.";
        tx.warn_with("COMPANY_KNOWN", why, json!({ "companyId": id }));
    }
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

async fn delete(who: Caller, target: Target<CompanyId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditCompany).await?;
    if !tx.who.is(Role::Admin) && matters_to_others(&tx, &was).await? {
        let why = "What other people noted names this company: an administrator may delete it.";
        return Err(Error::new(Code::CompanyInUse, why));
    }
    let company = tx.delete::<Entity>(was).await?;
    tx.record("deleted", &company, json!({}))?;
    tx.done(&company).await
}

#[derive(FromQueryResult)]
struct UseRow {
    used: bool,
}

/// Whether what other people noted names a company: not what, nor whose.
async fn matters_to_others(tx: &Tx, company: &Model) -> Result<bool> {
    let mut sql = tx.sql();
    sql.push("SELECT ");
    for (place, table) in ["contact", "job_posting", "informational_interview", "role_observation"].iter().enumerate() {
        let or = if place == 0 { "" } else { " OR " };
        sql.push(&format!("{or}EXISTS (SELECT 1 FROM \"{table}\" t WHERE t.deleted_at IS NULL AND t.company_id = "));
        sql.bind(Arg::Uuid(company.id.0)).push(" AND t.organization_id = ").bind(Arg::Uuid(tx.who.organization.0));
        if let Some(user) = tx.who.user() {
            sql.push(" AND t.owner_id <> ").bind(Arg::Uuid(user.0));
        }
        sql.push(")");
    }
    sql.push(" AS used");
    Ok(tx.rows::<UseRow>(&sql).await?.first().is_some_and(|row| row.used))
}

/// What a company is called, be it that it was deleted since: what names it goes on.
///
/// # Errors
/// `UNAVAILABLE`.
pub(in crate::domain) async fn name_of(tx: &Tx, id: CompanyId) -> Result<Option<String>> {
    let found = Entity::find_by_id(id).filter(Column::OrganizationId.eq(tx.who.organization));
    Ok(found.one(&tx.db).await?.map(|company| company.name))
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

/// A company that somebody named, with what else is not known of it.
pub(super) fn called(tx: &Tx, name: &str) -> Model {
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
    }
}
