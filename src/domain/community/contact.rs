//! Contacts: whom somebody knows. Their network is theirs: it is seen by nobody whom they did not let in (§31).

use chrono::{DateTime, Utc};
use entity::{
    community::{
        company,
        contact::{ActiveModel, Column, Entity, Model},
    },
    id::{CompanyId, ContactId, UserId},
    kind::{Form, Kind, Patch, id, int, line, prose, text},
    object,
    platform::user,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        platform::membership,
        policy::Action,
        tx::Tx,
        verb::{Done, External, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

const NAME: Kind = line(1, 200);
const ROLE: Kind = line(1, 200);
const RELATIONSHIP: Kind = line(1, 100);
const HOW_MET: Kind = prose(2000);
const CADENCE: Kind = int(1, 3650);

impl Row for Entity {
    const NAME: &'static str = "Contact";
    type Id = ContactId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ContactId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Who knows them; it never changes.").filter(),
        Column::Name => leaf(NAME, "What they are called.").sort(),
        Column::CompanyId => leaf(id::<CompanyId>(), "Where they work.").filter(),
        Column::Role => leaf(ROLE, "What they do there."),
        Column::Relationship => leaf(RELATIONSHIP, "How the owner stands to them: a colleague, a mentor …").filter(),
        Column::HowMet => leaf(HOW_MET, "How the owner met them."),
        Column::CadenceDays => leaf(CADENCE, "After how many days without a word it is time for one."),
        Column::LastInteractionAt => leaf(Kind::Time, "When they were last in touch.").filter().sort(),
        Column::UserId => leaf(id::<UserId>(), "Who they are here, when they are a user of the organization."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::SearchText => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape =
        Shape::new::<Entity>("Contact", "Somebody whom a person knows (§31).", "ctc", Action::ViewContact, show)
            .order("created_at", false)
            .external_refs()
            .one("owner", "owner_id", "User", "Who knows them.")
            .one("company", "company_id", "Company", "Where they work.");
    Resource { shape, plural: "contacts", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{CreateContact, EditContact};
    vec![
        Verb::create(CreateContact, "Add somebody whom one knows, or whom somebody knows who let one.", create),
        Verb::upsert(CreateContact, "Add or change the contact that another system's name stands for.", upsert),
        Verb::on::<Entity, _, _, _>("update", EditContact, "Change a contact.", update),
        Verb::delete::<Entity>(EditContact, "Delete a contact; it can be restored."),
        Verb::restore::<Entity>(EditContact, "Bring a deleted contact back."),
    ]
}

object! {
    /// Somebody whom one knows.
    NewContact {
        /// Who knows them: yourself, unless it is somebody who let you write them down.
        optional owner_id: UserId = id::<UserId>(),
        /// What they are called.
        required name: String = NAME,
        /// Where they work.
        optional company_id: CompanyId = id::<CompanyId>(),
        /// What they do there.
        optional role: String = ROLE,
        /// How you stand to them: a colleague, a mentor …
        optional relationship: String = RELATIONSHIP,
        /// How you met them.
        optional how_met: String = HOW_MET,
        /// After how many days without a word it is time for one.
        optional cadence_days: i64 = CADENCE,
        /// When you were last in touch: not in the future.
        optional last_interaction_at: DateTime<Utc> = Kind::Time,
        /// Who they are here, when they are a user of the organization.
        optional user_id: UserId = id::<UserId>(),
        /// Who that is, by their e-mail address; not both.
        optional user_email: String = text(Form::Email, 3, 254),
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to a contact.
    ContactPatch {
        /// What they are called.
        change name: String = NAME,
        /// Where they work.
        clear company_id: CompanyId = id::<CompanyId>(),
        /// What they do there.
        clear role: String = ROLE,
        /// How you stand to them.
        clear relationship: String = RELATIONSHIP,
        /// How you met them.
        clear how_met: String = HOW_MET,
        /// After how many days without a word it is time for one.
        clear cadence_days: i64 = CADENCE,
        /// When you were last in touch: not in the future.
        clear last_interaction_at: DateTime<Utc> = Kind::Time,
        /// Who they are here, when they are a user of the organization.
        clear user_id: UserId = id::<UserId>(),
        /// Who that is, by their e-mail address; not both.
        change user_email: String = text(Form::Email, 3, 254),
        /// Never changes: another value is refused with `OWNER_IMMUTABLE`.
        change owner_id: UserId = id::<UserId>(),
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewContact) -> Result<Done> {
    let mut tx = who.begin().await?;
    let contact = add(&mut tx, new).await?;
    tx.made(&contact).await
}

async fn upsert(who: Caller, external: External, mut new: NewContact) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let contact = tx.find_external::<Entity>(&external, id, Action::EditContact).await?;
        let patch = ContactPatch {
            name: Some(new.name),
            company_id: new.company_id.map_or(Patch::Keep, Patch::Set),
            role: new.role.map_or(Patch::Keep, Patch::Set),
            relationship: new.relationship.map_or(Patch::Keep, Patch::Set),
            how_met: new.how_met.map_or(Patch::Keep, Patch::Set),
            cadence_days: new.cadence_days.map_or(Patch::Keep, Patch::Set),
            last_interaction_at: new.last_interaction_at.map_or(Patch::Keep, Patch::Set),
            user_id: new.user_id.map_or(Patch::Keep, Patch::Set),
            user_email: new.user_email,
            owner_id: new.owner_id,
            external_refs: new.external_refs,
        };
        let contact = revise(&mut tx, contact, patch).await?;
        return tx.done(&contact).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let contact = add(&mut tx, new).await?;
    tx.made(&contact).await
}

async fn add(tx: &mut Tx, new: NewContact) -> Result<Model> {
    let owner = whose(tx, new.owner_id).await?;
    works_at(tx, new.company_id).await?;
    let last = in_touch(tx, new.last_interaction_at)?;
    let user = is_here(tx, new.user_id, new.user_email.as_deref()).await?;
    let contact = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            owner_id: Set(owner.id),
            search_text: Set(search_text(&new.name, new.role.as_deref(), new.relationship.as_deref())),
            name: Set(new.name),
            company_id: Set(new.company_id),
            role: Set(new.role),
            relationship: Set(new.relationship),
            how_met: Set(new.how_met),
            cadence_days: Set(new.cadence_days),
            last_interaction_at: Set(last),
            user_id: Set(user),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&contact, new.external_refs.as_deref()).await?;
    tx.record("created", &contact, json!({ "companyId": contact.company_id }))?;
    Ok(contact)
}

/// Who knows them: the caller, or somebody who let them write it down.
async fn whose(tx: &Tx, wanted: Option<UserId>) -> Result<user::Model> {
    let id = wanted.or(tx.who.user());
    let id = id.ok_or_else(|| Error::field(Code::OwnerRequired, "/ownerId", "A machine names whose contact it is."))?;
    tx.refer_to::<user::Entity>(id, Action::NetworkFor, "/ownerId").await
}

/// A contact whom an input names: one whom the caller may see, and of `owner`, when it has to be somebody's own.
///
/// # Errors
/// `REFERENCE_UNKNOWN` naming the member, whoever's contact it is; `INSUFFICIENT_SCOPE`.
pub async fn named(tx: &Tx, id: ContactId, owner: Option<UserId>, pointer: &str) -> Result<Model> {
    let contact = tx.refer::<Entity>(id, pointer).await?;
    if owner.is_some_and(|owner| owner != contact.owner_id) {
        return Err(Error::field(Code::ReferenceUnknown, pointer, "There is no such contact."));
    }
    Ok(contact)
}

async fn works_at(tx: &Tx, company: Option<CompanyId>) -> Result<()> {
    if let Some(company) = company {
        tx.refer::<company::Entity>(company, "/companyId").await?;
    }
    Ok(())
}

/// Who a contact is here: a user of the organization, by their id or by their e-mail address.
async fn is_here(tx: &Tx, id: Option<UserId>, email: Option<&str>) -> Result<Option<UserId>> {
    match (id, email) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => {
            let why = "A contact is named by the id or by the e-mail address of a user, not by both.";
            Err(Error::field(Code::MemberAmbiguous, "/userEmail", why))
        }
        (Some(id), None) => membership::member(tx, id, "/userId").await.map(Some),
        (None, Some(email)) => membership::member_by_email(tx, email, "/userEmail").await.map(Some),
    }
}

/// When they were last in touch: not in the future.
fn in_touch(tx: &Tx, at: Option<DateTime<Utc>>) -> Result<Option<DateTime<Utc>>> {
    at.map(|at| clock::past(tx.now, at, "/lastInteractionAt")).transpose()
}

/// A contact is found by what is said of them, but for how they were met.
fn search_text(name: &str, role: Option<&str>, relationship: Option<&str>) -> String {
    let words = [Some(name), role, relationship];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ").to_lowercase()
}

async fn update(who: Caller, target: Target<ContactId>, patch: ContactPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let contact = tx.find_at::<Entity>(&target, Action::EditContact).await?;
    let contact = revise(&mut tx, contact, patch).await?;
    tx.done(&contact).await
}

async fn revise(tx: &mut Tx, contact: Model, patch: ContactPatch) -> Result<Model> {
    if patch.owner_id.is_some_and(|owner| owner != contact.owner_id) {
        return Err(Error::field(Code::OwnerImmutable, "/ownerId", "Whose contact it is never changes."));
    }
    let company = patch.company_id.over(contact.company_id);
    if company != contact.company_id {
        works_at(tx, company).await?;
    }
    let last = in_touch(tx, patch.last_interaction_at.over(contact.last_interaction_at))?;
    let user = match (patch.user_id, patch.user_email) {
        (Patch::Keep, None) => contact.user_id,
        (Patch::Clear, None) => None,
        (Patch::Set(id), None) if contact.user_id == Some(id) => Some(id),
        (named, email) => is_here(tx, named.over(None), email.as_deref()).await?,
    };
    let name = patch.name.unwrap_or_else(|| contact.name.clone());
    let role = patch.role.over(contact.role.clone());
    let relationship = patch.relationship.over(contact.relationship.clone());
    let how_met = patch.how_met.over(contact.how_met.clone());
    let cadence = patch.cadence_days.over(contact.cadence_days);
    let after = tx
        .change::<Entity>(contact, |row| {
            row.search_text.set_if_not_equals(search_text(&name, role.as_deref(), relationship.as_deref()));
            row.name.set_if_not_equals(name);
            row.company_id.set_if_not_equals(company);
            row.role.set_if_not_equals(role);
            row.relationship.set_if_not_equals(relationship);
            row.how_met.set_if_not_equals(how_met);
            row.cadence_days.set_if_not_equals(cadence);
            row.last_interaction_at.set_if_not_equals(last);
            row.user_id.set_if_not_equals(user);
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
    fn a_contact_is_found_by_what_is_said_of_them() {
        assert_eq!(search_text("Noor", Some("ML lead"), Some("Mentor")), "noor ml lead mentor");
        assert_eq!(search_text("Noor", None, None), "noor");
    }
}
