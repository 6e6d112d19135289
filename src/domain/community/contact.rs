//! Contacts: whom somebody knows. Their network is theirs: it is seen by nobody whom they did not let in (§31).

use chrono::{DateTime, Utc};
use entity::{
    community::{
        company,
        contact::{Column, Entity, Model},
    },
    id::{CompanyId, ContactId, UserId},
    kind::{Form, Kind, Patch, id, int, line, prose, text},
    object,
    platform::user,
};
use sea_orm::{ActiveModelTrait as _, FromQueryResult, IntoActiveModel as _};
use serde_json::json;

use super::interaction;
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        platform::membership,
        policy::Action,
        tx::{Changed, Tx},
        verb::{Done, External, Resource, Row, Target, Verb},
    },
    read::{
        shape::{Leaf, Shape, leaf},
        sql::Arg,
    },
};

pub(super) const NAME: Kind = line(1, 200);
pub(super) const ROLE: Kind = line(1, 200);
pub(super) const RELATIONSHIP: Kind = line(1, 100);
pub(super) const HOW_MET: Kind = prose(2000);
pub(super) const CADENCE: Kind = int(1, 3650);
pub(super) const EMAIL: Kind = text(Form::Email, 3, 254);
pub(super) const PHONE: Kind = line(1, 50);
pub(super) const URL: Kind = text(Form::Url, 1, 2000);
pub(super) const NOTE: Kind = prose(5000);

/// When something was, if it was.
type Moment = Option<DateTime<Utc>>;

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
        Column::LastInteractionAt => {
            leaf(Kind::Time, "When they were last in touch: the later of what was said and of what was logged.")
                .filter()
                .sort()
        }
        Column::UserId => leaf(id::<UserId>(), "Who they are here, when they are a user of the organization."),
        Column::Email => leaf(EMAIL, "Their e-mail address."),
        Column::Phone => leaf(PHONE, "Their telephone number."),
        Column::Url => leaf(URL, "Where they show themselves."),
        Column::Note => leaf(NOTE, "What else is known of them."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::SaidInTouchAt | Column::SearchText => return None,
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
            .one("company", "company_id", "Company", "Where they work.")
            .many("interactions", "contact_id", "Interaction", "When they were in touch.");
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
        /// When you were last in touch: not in the future. What is logged later counts from then on.
        optional last_interaction_at: DateTime<Utc> = Kind::Time,
        /// Who they are here, when they are a user of the organization.
        optional user_id: UserId = id::<UserId>(),
        /// Who that is, by their e-mail address; not both.
        optional user_email: String = text(Form::Email, 3, 254),
        /// Their e-mail address.
        optional email: String = EMAIL,
        /// Their telephone number.
        optional phone: String = PHONE,
        /// Where they show themselves.
        optional url: String = URL,
        /// What else is known of them.
        optional note: String = NOTE,
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
        /// When you were last in touch: not in the future. What was logged later counts all the same.
        clear last_interaction_at: DateTime<Utc> = Kind::Time,
        /// Who they are here, when they are a user of the organization.
        clear user_id: UserId = id::<UserId>(),
        /// Who that is, by their e-mail address; not both.
        change user_email: String = text(Form::Email, 3, 254),
        /// Their e-mail address.
        clear email: String = EMAIL,
        /// Their telephone number.
        clear phone: String = PHONE,
        /// Where they show themselves.
        clear url: String = URL,
        /// What else is known of them.
        clear note: String = NOTE,
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
            email: new.email.map_or(Patch::Keep, Patch::Set),
            phone: new.phone.map_or(Patch::Keep, Patch::Set),
            url: new.url.map_or(Patch::Keep, Patch::Set),
            note: new.note.map_or(Patch::Keep, Patch::Set),
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
    if let Some(email) = &new.email {
        warn_of_known(tx, owner.id, email).await?;
    }
    works_at(tx, new.company_id).await?;
    let refs = new.external_refs.clone();
    let user = is_here(tx, new.user_id, new.user_email.as_deref()).await?;
    let mut contact = drafted(tx, owner.id, new)?;
    contact.user_id = user;
    let contact = tx.insert::<Entity>(contact.into_active_model().reset_all()).await?;
    tx.refs(&contact, refs.as_deref()).await?;
    tx.record("created", &contact, json!({ "companyId": contact.company_id }))?;
    Ok(contact)
}

#[derive(FromQueryResult)]
struct KnownRow {
    id: ContactId,
}

/// Warns of a contact of the same person with the same e-mail address.
async fn warn_of_known(tx: &mut Tx, owner: UserId, email: &str) -> Result<()> {
    let mut sql = tx.sql();
    sql.push("SELECT c.id FROM \"contact\" c WHERE c.deleted_at IS NULL AND c.organization_id = ");
    sql.bind(Arg::Uuid(tx.who.organization.0)).push(" AND c.owner_id = ").bind(Arg::Uuid(owner.0));
    sql.push(" AND LOWER(c.email) = ").bind(Arg::Text(email.to_lowercase()));
    sql.push(" ORDER BY c.created_at, c.id LIMIT 1");
    if let Some(known) = tx.rows::<KnownRow>(&sql).await?.first() {
        let why = "A contact with this e-mail address is known already.";
        tx.warn_with("CONTACT_KNOWN", why, json!({ "contactId": known.id }));
    }
    Ok(())
}

/// A contact as it will be written down.
///
/// # Errors
/// `OCCURRED_AT_INVALID`.
pub(super) fn drafted(tx: &Tx, owner: UserId, new: NewContact) -> Result<Model> {
    let last = in_touch(tx, new.last_interaction_at)?;
    let mut contact = Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        owner_id: owner,
        search_text: String::new(),
        name: new.name,
        company_id: new.company_id,
        role: new.role,
        relationship: new.relationship,
        how_met: new.how_met,
        cadence_days: new.cadence_days,
        last_interaction_at: last,
        said_in_touch_at: last,
        email: new.email,
        phone: new.phone,
        url: new.url,
        note: new.note,
        user_id: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    };
    contact.search_text = searched(&contact);
    Ok(contact)
}

/// Who knows them: the caller, or somebody who let them write it down.
pub(in crate::domain) async fn whose(tx: &Tx, wanted: Option<UserId>) -> Result<user::Model> {
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

/// The company that an input names, if it names one, is one that the caller may see.
///
/// # Errors
/// `REFERENCE_UNKNOWN`; `INSUFFICIENT_SCOPE`.
pub(in crate::domain) async fn works_at(tx: &Tx, company: Option<CompanyId>) -> Result<()> {
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

/// A contact is found by what is said of them, but for how they were met and what is noted.
pub(super) fn searched(contact: &Model) -> String {
    let words = [Some(&contact.name), contact.role.as_ref(), contact.relationship.as_ref(), contact.email.as_ref()];
    words.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ").to_lowercase()
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
    let user = match (patch.user_id, patch.user_email) {
        (Patch::Keep, None) => contact.user_id,
        (Patch::Clear, None) => None,
        (Patch::Set(id), None) if contact.user_id == Some(id) => Some(id),
        (named, email) => is_here(tx, named.over(None), email.as_deref()).await?,
    };
    let (said, last) = touched(tx, &contact, patch.last_interaction_at).await?;
    let mut next = contact.clone();
    next.name = patch.name.unwrap_or(next.name);
    next.role = patch.role.over(next.role);
    next.relationship = patch.relationship.over(next.relationship);
    next.how_met = patch.how_met.over(next.how_met);
    next.cadence_days = patch.cadence_days.over(next.cadence_days);
    next.email = patch.email.over(next.email);
    next.phone = patch.phone.over(next.phone);
    next.url = patch.url.over(next.url);
    next.note = patch.note.over(next.note);
    next.user_id = user;
    next.company_id = company;
    next.said_in_touch_at = said;
    next.last_interaction_at = last;
    let after = become_so(tx, contact, next).await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    Ok(after.row)
}

/// Lets a contact stand as it is to be.
pub(super) async fn become_so(tx: &Tx, was: Model, next: Model) -> Result<Changed<Model>> {
    tx.change::<Entity>(was, |row| {
        row.search_text.set_if_not_equals(searched(&next));
        row.name.set_if_not_equals(next.name);
        row.company_id.set_if_not_equals(next.company_id);
        row.role.set_if_not_equals(next.role);
        row.relationship.set_if_not_equals(next.relationship);
        row.how_met.set_if_not_equals(next.how_met);
        row.cadence_days.set_if_not_equals(next.cadence_days);
        row.said_in_touch_at.set_if_not_equals(next.said_in_touch_at);
        row.last_interaction_at.set_if_not_equals(next.last_interaction_at);
        row.email.set_if_not_equals(next.email);
        row.phone.set_if_not_equals(next.phone);
        row.url.set_if_not_equals(next.url);
        row.note.set_if_not_equals(next.note);
        row.user_id.set_if_not_equals(next.user_id);
    })
    .await
}

/// When they were last in touch as it is said now, and as it stands then: what was logged counts, too.
async fn touched(tx: &Tx, contact: &Model, said: Patch<DateTime<Utc>>) -> Result<(Moment, Moment)> {
    if said == Patch::Keep {
        return Ok((contact.said_in_touch_at, contact.last_interaction_at));
    }
    let said = in_touch(tx, said.over(None))?;
    Ok((said, said.max(interaction::latest(tx, contact.id).await?)))
}
