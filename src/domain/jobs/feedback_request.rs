//! Feedback requests: asking why nothing came of an application, from four sources (§25).

pub mod state;

use entity::{
    id::{ApplicationId, ContactId, FeedbackRequestId, JobSearchId, UserId},
    jobs::{
        feedback_request::{Column, Entity, FeedbackRequestState, FeedbackSource, Model},
        job_search,
    },
    kind::{Kind, Patch, id, int, prose, word},
    object,
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, FromQueryResult, IntoActiveModel as _};
use serde_json::json;

use self::state::{Command, after};
use super::part::{self, Opening};
use crate::{
    domain::{
        caller::Caller,
        clock,
        community::contact::named,
        error::Result,
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::{
        shape::{Leaf, Shape, leaf},
        sql::Arg,
    },
};

const MESSAGE: Kind = prose(5000);

impl Row for Entity {
    const NAME: &'static str = "FeedbackRequest";
    type Id = FeedbackRequestId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<FeedbackRequestId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Who asks.").filter(),
        Column::ApplicationId => leaf(id::<ApplicationId>(), "The application.").filter(),
        Column::Source => leaf(word::<FeedbackSource>(), "Who is asked.").filter(),
        Column::ContactId => leaf(id::<ContactId>(), "The contact who is asked, when it is one.").filter(),
        Column::Message => leaf(MESSAGE, "What is asked."),
        Column::State => leaf(word::<FeedbackRequestState>(), "Where it stands; changed by commands.").filter(),
        Column::RequestedAt => leaf(Kind::Time, "When it was asked."),
        Column::AnsweredAt => leaf(Kind::Time, "When it was answered, or given up."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was noted.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "FeedbackRequest",
        "A question why nothing came of an application (§25).",
        "fbr",
        Action::ViewFeedbackRequest,
        show,
    )
    .order("created_at", false)
    .one("application", "application_id", "Application", "The application.")
    .one("contact", "contact_id", "Contact", "Who is asked, for whoever may see the contact.")
    .many("feedback", "request_id", "Feedback", "What was said.");
    let edit = Action::EditFeedbackRequest;
    let verbs = vec![
        Verb::create(
            Action::EditFeedbackRequest,
            "Note that somebody is asked why nothing came of an application.",
            create,
        ),
        Verb::on::<Entity, _, _, _>("update", edit, "Change what is asked.", update),
        Verb::on::<Entity, _, _, _>("refuse", edit, "Note that they would rather not say.", refuse),
        Verb::on::<Entity, _, _, _>("giveUp", edit, "Note that nobody answered.", give_up)
            .called("giveUpFeedbackRequest"),
        Verb::on::<Entity, _, _, _>("reopen", edit, "Wait for an answer again.", reopen),
        Verb::delete::<Entity>(edit, "Delete a request; it can be restored."),
        Verb::restore::<Entity>(edit, "Bring a deleted request back."),
    ];
    Resource { shape, plural: "feedbackRequests", verbs }
}

object! {
    /// Whom to ask.
    NewFeedbackRequest {
        /// The application.
        required application_id: ApplicationId = id::<ApplicationId>(),
        /// Who is asked.
        required source: FeedbackSource = word::<FeedbackSource>(),
        /// The contact who is asked, when it is one of yours.
        optional contact_id: ContactId = id::<ContactId>(),
        /// What is asked.
        optional message: String = MESSAGE,
    }
}

object! {
    /// Changes to what is asked.
    FeedbackRequestPatch {
        /// The contact who is asked.
        clear contact_id: ContactId = id::<ContactId>(),
        /// What is asked.
        clear message: String = MESSAGE,
    }
}

async fn create(who: Caller, new: NewFeedbackRequest) -> Result<Done> {
    let mut tx = who.begin().await?;
    let application = part::application(&tx, new.application_id, Opening::Any).await?;
    if let Some(contact) = new.contact_id {
        named(&tx, contact, Some(application.owner_id), "/contactId").await?;
    }
    let row = Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        owner_id: application.owner_id,
        application_id: application.id,
        source: new.source,
        contact_id: new.contact_id,
        message: new.message,
        state: FeedbackRequestState::Requested,
        requested_at: tx.now,
        answered_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    };
    let row = tx.insert::<Entity>(row.into_active_model().reset_all()).await?;
    record(&mut tx, "created", &row)?;
    tx.made(&row).await
}

async fn update(who: Caller, target: Target<FeedbackRequestId>, patch: FeedbackRequestPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditFeedbackRequest).await?;
    if let Patch::Set(contact) = patch.contact_id {
        named(&tx, contact, Some(was.owner_id), "/contactId").await?;
    }
    let (contact, message) = (patch.contact_id.over(was.contact_id), patch.message.over(was.message.clone()));
    let after = tx
        .change::<Entity>(was, |row| {
            row.contact_id.set_if_not_equals(contact);
            row.message.set_if_not_equals(message);
        })
        .await?;
    if after.changed {
        record(&mut tx, "updated", &after.row)?;
    }
    tx.done(&after.row).await
}

async fn refuse(who: Caller, target: Target<FeedbackRequestId>, _: Nothing) -> Result<Done> {
    step(who, target, Command::Refuse).await
}

async fn give_up(who: Caller, target: Target<FeedbackRequestId>, _: Nothing) -> Result<Done> {
    step(who, target, Command::GiveUp).await
}

async fn reopen(who: Caller, target: Target<FeedbackRequestId>, _: Nothing) -> Result<Done> {
    step(who, target, Command::Reopen).await
}

async fn step(who: Caller, target: Target<FeedbackRequestId>, command: Command) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditFeedbackRequest).await?;
    let row = go(&mut tx, was, command).await?;
    tx.done(&row).await
}

/// Moves a request on, and records it.
pub(super) async fn go(tx: &mut Tx, was: Model, command: Command) -> Result<Model> {
    let to = after(was.state, command)?;
    let answered = (command != Command::Reopen).then_some(tx.now);
    let after = tx
        .change::<Entity>(was, |row| {
            row.state = Set(to);
            row.answered_at.set_if_not_equals(answered);
        })
        .await?;
    record(tx, command.event(), &after.row)?;
    Ok(after.row)
}

#[derive(FromQueryResult)]
struct Known {
    accepted: bool,
    asked: bool,
    applications: i64,
}

/// Advises whoever closes a search in which nothing was accepted, and nobody was asked why.
pub(super) async fn advise_on_closing(tx: &mut Tx, search: &job_search::Model) -> Result<()> {
    let known = known_of(tx, search.id).await?;
    let Some(known) = known.filter(|known| !known.accepted && !known.asked && known.applications > 0) else {
        return Ok(());
    };
    tx.warn_with(
        "CLOSED_WITHOUT_FEEDBACK",
        "Nobody was asked why nothing came of it: what they say helps in the next search.",
        json!({ "jobSearchId": search.id, "applications": known.applications, "command": "createFeedbackRequest" }),
    );
    Ok(())
}

/// Whether an offer of a search was accepted, whether anybody was asked why not, and how many applications there are.
async fn known_of(tx: &Tx, search: JobSearchId) -> Result<Option<Known>> {
    let mut sql = tx.sql();
    sql.push(
        "SELECT EXISTS (SELECT 1 FROM \"offer\" o WHERE o.job_search_id = s.id AND o.state = 'ACCEPTED' \
         AND o.deleted_at IS NULL) AS accepted, EXISTS (SELECT 1 FROM \"feedback_request\" r \
         JOIN \"application\" b ON b.id = r.application_id AND b.deleted_at IS NULL \
         WHERE b.job_search_id = s.id AND r.deleted_at IS NULL) AS asked, \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM \"application\" a WHERE a.job_search_id = s.id \
         AND a.deleted_at IS NULL) AS applications FROM \"job_search\" s WHERE s.id = ",
    );
    sql.bind(Arg::Uuid(search.0)).push(" AND s.organization_id = ").bind(Arg::Uuid(tx.who.organization.0));
    tx.row::<Known>(&sql).await
}

fn record(tx: &mut Tx, what: &str, row: &Model) -> Result<()> {
    tx.record(what, row, json!({ "applicationId": row.application_id, "source": row.source, "state": row.state }))
}
