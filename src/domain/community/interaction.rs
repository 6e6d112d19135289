//! Interactions: that somebody was in touch with a contact. The contact is as long ago as the latest of them (§31).

use chrono::{DateTime, Utc};
use entity::{
    community::{
        contact,
        interaction::{ActiveModel, Column, Entity, InteractionKind, Model},
    },
    id::{ContactId, InteractionId, UserId},
    kind::{Kind, Patch, id, int, prose, word},
    object,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::json;

use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        find::Life,
        policy::Action,
        tx::Tx,
        verb::{Done, External, Nothing, Resource, Row, Target, Verb},
    },
    read::{
        cell::Store,
        shape::{Leaf, Shape, Veil, Veiled, leaf},
    },
};

/// Who asks people about their work looks for some: that is told by the talk, to whom it is open.
const HOW: Veil = Veil {
    person: ("owner_id", Store::Uuid),
    of: Veiled::Are(&[("kind", "INFORMATIONAL_INTERVIEW")]),
    instead: Some("MEETING"),
};
const NOTE: Kind = prose(5000);

impl Row for Entity {
    const NAME: &'static str = "Interaction";
    type Id = InteractionId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<InteractionId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Who was in touch with them.").filter(),
        Column::ContactId => leaf(id::<ContactId>(), "With whom.").filter(),
        Column::Kind => leaf(
            word::<InteractionKind>(),
            "How. That it was an informational interview is part of the owner's search for a job: others read `MEETING`.",
        )
        .filter()
        .veiled(HOW),
        Column::OccurredAt => leaf(Kind::Time, "When.").filter().sort(),
        Column::Note => leaf(NOTE, "Notes."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Interaction",
        "That somebody was in touch with a contact of theirs (§31).",
        "ixn",
        Action::ViewInteraction,
        show,
    )
    .order("occurred_at", true)
    .external_refs()
    .one("owner", "owner_id", "User", "Who was in touch with them.")
    .one("contact", "contact_id", "Contact", "With whom.");
    Resource { shape, plural: "interactions", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::EditInteraction;
    vec![
        Verb::create(
            EditInteraction,
            "Log that you were in touch: the contact's last interaction is this one, if none was later.",
            create,
        ),
        Verb::upsert(EditInteraction, "Log or correct what another system's name stands for.", upsert),
        Verb::on::<Entity, _, _, _>(
            "update",
            EditInteraction,
            "Correct what was logged: when you were last in touch is computed again.",
            update,
        ),
        Verb::on::<Entity, _, _, _>(
            "delete",
            EditInteraction,
            "Delete what was logged; it can be restored. When you were last in touch is computed again.",
            delete,
        ),
        Verb::on::<Entity, _, _, _>("restore", EditInteraction, "Bring what was deleted back.", restore),
    ]
}

object! {
    /// That you were in touch.
    NewInteraction {
        /// With whom.
        required contact_id: ContactId = id::<ContactId>(),
        /// How.
        required kind: InteractionKind = word::<InteractionKind>(),
        /// When; now, unless it is said. Not in the future.
        optional occurred_at: DateTime<Utc> = Kind::Time,
        /// Notes.
        optional note: String = NOTE,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// What is corrected of what was logged.
    InteractionPatch {
        /// How.
        change kind: InteractionKind = word::<InteractionKind>(),
        /// When: not in the future.
        change occurred_at: DateTime<Utc> = Kind::Time,
        /// Notes.
        clear note: String = NOTE,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewInteraction) -> Result<Done> {
    let mut tx = who.begin().await?;
    let row = add(&mut tx, new).await?;
    tx.made(&row).await
}

async fn upsert(who: Caller, external: External, mut new: NewInteraction) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let (was, life) = tx.find_either::<Entity>(&external, id, Action::EditInteraction).await?;
        let was = if life == Life::Deleted { come_back(&mut tx, was).await? } else { was };
        if new.contact_id != was.contact_id {
            let why = "With whom it was never changes: delete it, and log it with them.";
            return Err(Error::field(Code::ContactImmutable, "/contactId", why));
        }
        let patch = InteractionPatch {
            kind: Some(new.kind),
            occurred_at: new.occurred_at,
            note: new.note.map_or(Patch::Keep, Patch::Set),
            external_refs: new.external_refs,
        };
        let row = revise(&mut tx, was, patch).await?;
        return tx.done(&row).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let row = add(&mut tx, new).await?;
    tx.made(&row).await
}

async fn add(tx: &mut Tx, new: NewInteraction) -> Result<Model> {
    let at = clock::past(tx.now, new.occurred_at.unwrap_or(tx.now), "/occurredAt")?;
    let contact = tx.refer_to::<contact::Entity>(new.contact_id, Action::EditContact, "/contactId").await?;
    log(tx, contact, (new.kind, at), new.note, new.external_refs.as_deref()).await
}

/// Logs that somebody was in touch with a contact, who was found to be changed: it is no longer ago than that.
///
/// # Errors
/// `EXTERNAL_REF_TAKEN`.
pub(in crate::domain) async fn log(
    tx: &mut Tx,
    contact: contact::Model,
    (kind, at): (InteractionKind, DateTime<Utc>),
    note: Option<String>,
    refs: Option<&[ExternalRef]>,
) -> Result<Model> {
    let row = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            owner_id: Set(contact.owner_id),
            contact_id: Set(contact.id),
            kind: Set(kind),
            occurred_at: Set(at),
            note: Set(note),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&row, refs).await?;
    let told = if kind == InteractionKind::InformationalInterview { InteractionKind::Meeting } else { kind };
    tx.record("created", &row, json!({ "contactId": row.contact_id, "kind": told }))?;
    let last = contact.last_interaction_at.max(Some(at));
    in_touch(tx, contact, last).await?;
    Ok(row)
}

/// The contact was last in touch then.
async fn in_touch(tx: &mut Tx, contact: contact::Model, last: Option<DateTime<Utc>>) -> Result<()> {
    let after = tx.change::<contact::Entity>(contact, |row| row.last_interaction_at.set_if_not_equals(last)).await?;
    if after.changed {
        let at = after.row.last_interaction_at.map(clock::rfc3339);
        tx.record("updated", &after.row, json!({ "lastInteractionAt": at }))?;
    }
    Ok(())
}

/// When the latest interaction with a contact was.
///
/// # Errors
/// `UNAVAILABLE`.
pub(super) async fn latest(tx: &Tx, contact: ContactId) -> Result<Option<DateTime<Utc>>> {
    let all = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::ContactId.eq(contact))
        .filter(Column::DeletedAt.is_null())
        .order_by_desc(Column::OccurredAt);
    Ok(all.one(&tx.db).await?.map(|row| row.occurred_at))
}

/// Computes again when a contact was last in touch. It is done of one that was deleted, too: it may come back.
async fn recount(tx: &mut Tx, contact: ContactId) -> Result<()> {
    let held = contact::Entity::find_by_id(contact)
        .filter(contact::Column::OrganizationId.eq(tx.who.organization))
        .lock_exclusive()
        .one(&tx.db)
        .await?;
    let contact = held.ok_or_else(|| Error::not_found("contact"))?;
    let last = contact.said_in_touch_at.max(latest(tx, contact.id).await?);
    in_touch(tx, contact, last).await
}

async fn update(who: Caller, target: Target<InteractionId>, patch: InteractionPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditInteraction).await?;
    let row = revise(&mut tx, was, patch).await?;
    tx.done(&row).await
}

async fn revise(tx: &mut Tx, was: Model, patch: InteractionPatch) -> Result<Model> {
    let kind = patch.kind.unwrap_or(was.kind);
    let at = patch.occurred_at.map(|at| clock::past(tx.now, at, "/occurredAt")).transpose()?;
    let at = at.unwrap_or(was.occurred_at);
    let note = patch.note.over(was.note.clone());
    let after = tx
        .change::<Entity>(was, |row| {
            row.kind.set_if_not_equals(kind);
            row.occurred_at.set_if_not_equals(at);
            row.note.set_if_not_equals(note);
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        tx.record("updated", &after.row, json!({ "contactId": after.row.contact_id }))?;
    }
    recount(tx, after.row.contact_id).await?;
    Ok(after.row)
}

async fn delete(who: Caller, target: Target<InteractionId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditInteraction).await?;
    let row = tx.delete::<Entity>(was).await?;
    tx.record("deleted", &row, json!({ "contactId": row.contact_id }))?;
    recount(&mut tx, row.contact_id).await?;
    tx.done(&row).await
}

async fn restore(who: Caller, target: Target<InteractionId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_deleted::<Entity>(&target, Action::EditInteraction).await?;
    let row = come_back(&mut tx, was).await?;
    tx.done(&row).await
}

/// One that comes back counts again.
async fn come_back(tx: &mut Tx, was: Model) -> Result<Model> {
    let row = tx.restore::<Entity>(was).await?;
    tx.record("restored", &row, json!({ "contactId": row.contact_id }))?;
    recount(tx, row.contact_id).await?;
    Ok(row)
}
