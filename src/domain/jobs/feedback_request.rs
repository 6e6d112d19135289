//! Feedback requests: asking why nothing came of an application, from four sources (§25).

pub mod state;

use chrono::{DateTime, Utc};
use entity::{
    id::{ApplicationId, ContactId, FeedbackRequestId, JobSearchId, UserId},
    jobs::{
        feedback,
        feedback_request::{Column, Entity, FeedbackRequestState, FeedbackSource, Model},
        job_search,
    },
    kind::{Kind, Patch, id, int, prose, word},
    object,
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, FromQueryResult, IntoActiveModel as _,
    QueryFilter as _,
};
use serde_json::json;

use self::state::{Command, after};
use super::part::{self, Opening};
use crate::{
    domain::{
        caller::Caller,
        clock,
        community::contact::named,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        policy::Action,
        tx::Tx,
        verb::{Done, External, Nothing, Resource, Row, Target, Verb},
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
    .external_refs()
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
        Verb::upsert(edit, "Note or change the request that another system's name stands for.", upsert),
        Verb::on::<Entity, _, _, _>("update", edit, "Change what is asked.", update),
        Verb::on::<Entity, _, _, _>("refuse", edit, "Note that they would rather not say.", refuse),
        Verb::on::<Entity, _, _, _>("giveUp", edit, "Note that nobody answered.", give_up)
            .called("giveUpFeedbackRequest"),
        Verb::on::<Entity, _, _, _>(
            "reopen",
            edit,
            "Wait for an answer again: of one that was answered, once what was noted as the answer is gone.",
            reopen,
        ),
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
        /// When: not in the future; now, unless it is said.
        optional requested_at: DateTime<Utc> = Kind::Time,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to what is asked.
    FeedbackRequestPatch {
        /// Who is asked.
        change source: FeedbackSource = word::<FeedbackSource>(),
        /// The contact who is asked.
        clear contact_id: ContactId = id::<ContactId>(),
        /// What is asked.
        clear message: String = MESSAGE,
        /// When: not in the future.
        change requested_at: DateTime<Utc> = Kind::Time,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewFeedbackRequest) -> Result<Done> {
    let mut tx = who.begin().await?;
    let row = add(&mut tx, new).await?;
    tx.made(&row).await
}

async fn upsert(who: Caller, external: External, mut new: NewFeedbackRequest) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let was = tx.find_external::<Entity>(&external, id, Action::EditFeedbackRequest).await?;
        if was.application_id != new.application_id {
            let why = "It never moves to another application.";
            return Err(Error::field(Code::ApplicationImmutable, "/applicationId", why));
        }
        let patch = FeedbackRequestPatch {
            source: Some(new.source),
            contact_id: new.contact_id.map_or(Patch::Keep, Patch::Set),
            message: new.message.map_or(Patch::Keep, Patch::Set),
            requested_at: new.requested_at,
            external_refs: new.external_refs,
        };
        let row = revise(&mut tx, was, patch).await?;
        return tx.done(&row).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let row = add(&mut tx, new).await?;
    tx.made(&row).await
}

/// Notes a request.
async fn add(tx: &mut Tx, new: NewFeedbackRequest) -> Result<Model> {
    let application = part::application(tx, new.application_id, Opening::Any).await?;
    if let Some(contact) = new.contact_id {
        named(tx, contact, Some(application.owner_id), "/contactId").await?;
    }
    let requested = new.requested_at.map_or(Ok(tx.now), |at| clock::past(tx.now, at, "/requestedAt"))?;
    let row = Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        owner_id: application.owner_id,
        application_id: application.id,
        source: new.source,
        contact_id: new.contact_id,
        message: new.message,
        state: FeedbackRequestState::Requested,
        requested_at: requested,
        answered_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    };
    let row = tx.insert::<Entity>(row.into_active_model().reset_all()).await?;
    tx.refs(&row, new.external_refs.as_deref()).await?;
    record(tx, "created", &row)?;
    Ok(row)
}

async fn update(who: Caller, target: Target<FeedbackRequestId>, patch: FeedbackRequestPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditFeedbackRequest).await?;
    let row = revise(&mut tx, was, patch).await?;
    tx.done(&row).await
}

async fn revise(tx: &mut Tx, was: Model, patch: FeedbackRequestPatch) -> Result<Model> {
    if let Patch::Set(contact) = patch.contact_id {
        named(tx, contact, Some(was.owner_id), "/contactId").await?;
    }
    let requested = patch.requested_at.map_or(Ok(was.requested_at), |at| clock::past(tx.now, at, "/requestedAt"))?;
    let (contact, message) = (patch.contact_id.over(was.contact_id), patch.message.over(was.message.clone()));
    let after = tx
        .change::<Entity>(was, |row| {
            if let Some(source) = patch.source {
                row.source.set_if_not_equals(source);
            }
            row.contact_id.set_if_not_equals(contact);
            row.message.set_if_not_equals(message);
            row.requested_at.set_if_not_equals(requested);
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        record(tx, "updated", &after.row)?;
    }
    Ok(after.row)
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
    if command == Command::Reopen && was.state == FeedbackRequestState::Received {
        unanswered(&tx, &was).await?;
    }
    let now = tx.now;
    let row = go(&mut tx, was, command, now).await?;
    tx.done(&row).await
}

/// What was answered is not waited for: unless what was noted as an answer is gone.
async fn unanswered(tx: &Tx, request: &Model) -> Result<()> {
    let answers = feedback::Entity::find()
        .filter(feedback::Column::OrganizationId.eq(tx.who.organization))
        .filter(feedback::Column::RequestId.eq(request.id))
        .filter(feedback::Column::DeletedAt.is_null());
    let Some(answer) = answers.one(&tx.db).await? else { return Ok(()) };
    let why = "reopen does not fit a request that was answered: what was noted as the answer is there.";
    let details =
        json!({ "from": request.state, "command": "reopen", "allowed": ["recordFeedback"], "feedbackId": answer.id });
    Err(Error::new(Code::InvalidTransition, why).with(details))
}

/// Moves a request on at a moment, and records it. It was answered when something was said first.
pub(super) async fn go(tx: &mut Tx, was: Model, command: Command, at: DateTime<Utc>) -> Result<Model> {
    let to = after(was.state, command)?;
    let first = was.answered_at.filter(|_| was.state == FeedbackRequestState::Received);
    let answered = (command != Command::Reopen).then_some(first.map_or(at, |first| first.min(at)));
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
