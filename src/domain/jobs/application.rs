//! Applications: somebody's bids for openings, each with a history that is only ever appended to (§21).

mod begin;
pub(super) mod correct;
mod go;
pub(super) mod history;

use chrono::{DateTime, Utc};
use entity::{
    id::{ApplicationId, JobPostingId, JobSearchId, StageId, UserId},
    jobs::{
        application::{ApplicationChannel, ApplicationDocument, ApplicationOutcome, Column, DOCUMENTS, Entity, Model},
        job_posting,
        stage::StageKind,
    },
    kind::{Kind, Patch, id, int, line, word},
    object,
    vocabulary::Json,
};
use sea_orm::EntityTrait as _;
use serde_json::json;

use super::{
    application_event::{REASON, SOURCE},
    job_search::stays,
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        policy::Action,
        tx::Tx,
        verb::{Done, External, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

pub(super) const RESUME: Kind = line(1, 100);
pub(super) const NEXT: Kind = line(1, 500);

impl Row for Entity {
    const NAME: &'static str = "Application";
    type Id = ApplicationId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ApplicationId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Who applies.").filter(),
        Column::JobSearchId => leaf(id::<JobSearchId>(), "The search.").filter(),
        Column::PostingId => leaf(id::<JobPostingId>(), "The opening; it never changes.").filter(),
        Column::Channel => leaf(word::<ApplicationChannel>(), "By which way it came about.").filter(),
        Column::StageId => leaf(id::<StageId>(), "Where it stands, or last stood; changed by commands only.").filter(),
        Column::StageKind => leaf(word::<StageKind>(), "What that stage is.").filter(),
        Column::StageSince => leaf(Kind::Time, "Since when it stands there.").sort(),
        Column::BeganAt => leaf(Kind::Time, "When it began.").filter(),
        Column::Outcome => {
            leaf(word::<ApplicationOutcome>(), "What came of it; null as long as it is open, changed by commands only.")
                .filter()
        }
        Column::OutcomeStageId => leaf(id::<StageId>(), "The stage in which that was."),
        Column::OutcomeReason => leaf(REASON, "Why, as far as is known."),
        Column::ClosedAt => leaf(Kind::Time, "When it was closed."),
        Column::ResumeVersion => leaf(RESUME, "Which résumé was sent.").filter(),
        Column::Documents => leaf(DOCUMENTS, "What was sent along."),
        Column::AppliedAt => leaf(Kind::Time, "When one applied.").filter().sort(),
        Column::NextAction => leaf(NEXT, "What to do next."),
        Column::NextActionAt => leaf(Kind::Time, "When to do it.").filter().sort(),
        Column::LastActivityAt => leaf(Kind::Time, "When something last happened.").filter().sort(),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Application",
        "Somebody's bid for an opening (§21).",
        "app",
        Action::ViewApplication,
        show,
    )
    .order("created_at", false)
    .without("open", "outcome", "Whether nothing has come of it yet.")
    .external_refs()
    .one("jobSearch", "job_search_id", "JobSearch", "The search.")
    .one("posting", "posting_id", "JobPosting", "The opening.")
    .one("stage", "stage_id", "Stage", "Where it stands, or last stood.")
    .one("outcomeStage", "outcome_stage_id", "Stage", "The stage in which something came of it.")
    .many("events", "application_id", "ApplicationEvent", "What happened to it.")
    .many("referrals", "application_id", "Referral", "Who was asked to speak for it.")
    .many("interviews", "application_id", "Interview", "The interviews of it.")
    .many("offers", "application_id", "Offer", "What was offered.")
    .many("feedbackRequests", "application_id", "FeedbackRequest", "Who was asked why nothing came of it.")
    .many("feedback", "application_id", "Feedback", "What was said of it.")
    .through(
        "learningNeeds",
        ("application_learning_need", "application_id", "need_id"),
        "LearningNeed",
        "What it showed that its owner needs to learn, and how that stands, for whoever may see it.",
    );
    Resource { shape, plural: "applications", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{EditApplication, EditJobSearch};
    vec![
        Verb::create(
            EditJobSearch,
            "Note that somebody applies, or may apply, for an opening. Without a stage it begins in the first, or where one \
             has applied when it says when.",
            create,
        ),
        Verb::upsert(EditJobSearch, "Note or change the application that another system's name stands for.", upsert),
        Verb::on::<Entity, _, _, _>("update", EditApplication, "Change what is known of an application.", update),
        Verb::delete::<Entity>(EditApplication, "Delete an application, with its history; it can be restored."),
        Verb::on::<Entity, _, _, _>(
            "restore",
            EditApplication,
            "Bring a deleted application back: its opening and its stage are there.",
            restore,
        ),
        Verb::on::<Entity, _, _, _>(
            "move",
            EditApplication,
            "Move an open application from the stage in which the caller knows it to another. Going back takes a reason.",
            go::go,
        ),
        Verb::on::<Entity, _, _, _>("close", EditApplication, "Say what came of an application.", go::close_it),
        Verb::on::<Entity, _, _, _>(
            "reopen",
            EditApplication,
            "Go on with an application that was not answered, or rejected, after all.",
            go::reopen,
        ),
    ]
}

object! {
    /// An application to note.
    NewApplication {
        /// The search.
        required job_search_id: JobSearchId = id::<JobSearchId>(),
        /// The opening.
        required posting_id: JobPostingId = id::<JobPostingId>(),
        /// By which way it comes about; directly, unless it is said.
        optional channel: ApplicationChannel = word::<ApplicationChannel>(),
        /// The stage in which it begins.
        optional stage_id: StageId = id::<StageId>(),
        /// When it began: not in the future; now, or when one applied, unless it is said.
        optional occurred_at: DateTime<Utc> = Kind::Time,
        /// When one applied: not in the future.
        optional applied_at: DateTime<Utc> = Kind::Time,
        /// Where it is known from.
        optional source: String = SOURCE,
        /// Which résumé was sent.
        optional resume_version: String = RESUME,
        /// What was sent along.
        optional documents: Vec<ApplicationDocument> = DOCUMENTS,
        /// What to do next.
        optional next_action: String = NEXT,
        /// When to do it.
        optional next_action_at: DateTime<Utc> = Kind::Time,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to what is known of an application. Where it stands is changed by commands.
    ApplicationPatch {
        /// By which way it came about.
        change channel: ApplicationChannel = word::<ApplicationChannel>(),
        /// Which résumé was sent.
        clear resume_version: String = RESUME,
        /// What was sent along, in place of what was.
        change documents: Vec<ApplicationDocument> = DOCUMENTS,
        /// When one applied: not in the future.
        clear applied_at: DateTime<Utc> = Kind::Time,
        /// What to do next.
        clear next_action: String = NEXT,
        /// When to do it.
        clear next_action_at: DateTime<Utc> = Kind::Time,
        /// Changed by commands such as `move`: another value is refused with `USE_STATE_COMMAND`.
        change stage_id: StageId = id::<StageId>(),
        /// Changed by commands such as `close`: another value is refused with `USE_STATE_COMMAND`.
        change outcome: ApplicationOutcome = word::<ApplicationOutcome>(),
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// A move of an application to another stage.
    ApplicationMove {
        /// The stage in which the caller knows it: `STALE_STAGE` when it stands in another.
        required from_stage_id: StageId = id::<StageId>(),
        /// The stage to which it comes.
        required to_stage_id: StageId = id::<StageId>(),
        /// When that was: not in the future, and not before the application began; now, unless it is said.
        optional occurred_at: DateTime<Utc> = Kind::Time,
        /// Why: asked for when it goes back to an earlier stage.
        optional reason: String = REASON,
        /// Where it is known from.
        optional source: String = SOURCE,
    }
}

object! {
    /// What came of an application.
    ApplicationClosing {
        /// What.
        required outcome: ApplicationOutcome = word::<ApplicationOutcome>(),
        /// Why, as far as is known.
        optional reason: String = REASON,
        /// When that was: not in the future, and not before the application began; now, unless it is said.
        optional occurred_at: DateTime<Utc> = Kind::Time,
        /// Where it is known from.
        optional source: String = SOURCE,
    }
}

object! {
    /// Why an application goes on after all.
    ApplicationReopening {
        /// Why.
        required reason: String = REASON,
        /// When that was: not in the future, and not before the application began; now, unless it is said.
        optional occurred_at: DateTime<Utc> = Kind::Time,
    }
}

async fn create(who: Caller, new: NewApplication) -> Result<Done> {
    let mut tx = who.begin().await?;
    let application = begin::add(&mut tx, new).await?;
    tx.made(&application).await
}

async fn upsert(who: Caller, external: External, mut new: NewApplication) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let was = tx.find_external::<Entity>(&external, id, Action::EditApplication).await?;
        stays(was.job_search_id, new.job_search_id)?;
        if was.posting_id != new.posting_id {
            let why = "What somebody applied for never changes: apply for the other.";
            return Err(Error::field(Code::PostingImmutable, "/postingId", why));
        }
        began_so(&mut tx, &was, new.occurred_at, new.source.as_deref()).await?;
        let patch = ApplicationPatch {
            stage_id: new.stage_id,
            outcome: None,
            channel: new.channel,
            resume_version: new.resume_version.map_or(Patch::Keep, Patch::Set),
            documents: new.documents,
            applied_at: new.applied_at.map_or(Patch::Keep, Patch::Set),
            next_action: new.next_action.map_or(Patch::Keep, Patch::Set),
            next_action_at: new.next_action_at.map_or(Patch::Keep, Patch::Set),
            external_refs: new.external_refs,
        };
        let application = revise(&mut tx, was, patch).await?;
        return tx.done(&application).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let application = begin::add(&mut tx, new).await?;
    tx.made(&application).await
}

/// How an application began is in its history: another beginning is none that another system changes by naming it.
///
/// # Errors
/// `USE_STATE_COMMAND`.
async fn began_so(tx: &mut Tx, was: &Model, at: Option<DateTime<Utc>>, source: Option<&str>) -> Result<()> {
    if at.is_some_and(|at| clock::whole(at) != was.began_at) {
        let why = "When it began stands in its history: correct that.";
        return Err(Error::field(Code::UseStateCommand, "/occurredAt", why));
    }
    if source.is_some() && history::of(tx, was).await?.first().is_some_and(|first| first.source.as_deref() != source) {
        tx.warn("SOURCE_LEFT_OUT", "Where its beginning is known from stands in its history, and stays.");
    }
    Ok(())
}

/// An application stands in a stage that is there, and is for an opening that is.
async fn restore(who: Caller, target: Target<ApplicationId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_deleted::<Entity>(&target, Action::EditApplication).await?;
    let posting = job_posting::Entity::find_by_id(was.posting_id).one(&tx.db).await?;
    if posting.is_none_or(|posting| posting.deleted_at.is_some()) {
        let error = Error::new(Code::PostingDeleted, "Its opening was deleted: bring that back first.");
        return Err(error.with(json!({ "postingId": was.posting_id })));
    }
    history::is_there(&tx, was.stage_id).await?;
    let application = tx.restore::<Entity>(was).await?;
    tx.record("restored", &application, json!({}))?;
    tx.done(&application).await
}

async fn update(who: Caller, target: Target<ApplicationId>, patch: ApplicationPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditApplication).await?;
    let application = revise(&mut tx, was, patch).await?;
    tx.done(&application).await
}

/// Where it stands is changed by commands, which write it down.
fn stands_so(was: &Model, patch: &ApplicationPatch) -> Result<()> {
    let used = |pointer: &str, why: &str| Err(Error::field(Code::UseStateCommand, pointer, why));
    if patch.stage_id.is_some_and(|stage| stage != was.stage_id) {
        return used("/stageId", "Where it stands is changed by the command move.");
    }
    if patch.outcome.is_some_and(|outcome| Some(outcome) != was.outcome) {
        return used("/outcome", "What came of it is changed by commands such as close.");
    }
    Ok(())
}

async fn revise(tx: &mut Tx, was: Model, patch: ApplicationPatch) -> Result<Model> {
    stands_so(&was, &patch)?;
    let applied = match patch.applied_at {
        Patch::Set(at) => Some(clock::past(tx.now, at, "/appliedAt")?),
        other => other.over(was.applied_at),
    };
    let resume = patch.resume_version.over(was.resume_version.clone());
    let next = patch.next_action.over(was.next_action.clone());
    let next_at = patch.next_action_at.over(was.next_action_at);
    let after = tx
        .change::<Entity>(was, |row| {
            row.applied_at.set_if_not_equals(applied);
            row.resume_version.set_if_not_equals(resume);
            row.next_action.set_if_not_equals(next);
            row.next_action_at.set_if_not_equals(next_at);
            if let Some(channel) = patch.channel {
                row.channel.set_if_not_equals(channel);
            }
            if let Some(documents) = patch.documents {
                row.documents.set_if_not_equals(Json(documents));
            }
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        record(tx, "updated", &after.row)?;
    }
    Ok(after.row)
}

pub use go::close;
pub(super) use go::{can_go_on, tell};

/// Notes that something happened to an application at a moment: silence is counted from the last of these.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn touch(tx: &mut Tx, application: &Model, at: DateTime<Utc>) -> Result<Model> {
    if at <= application.last_activity_at {
        return Ok(application.clone());
    }
    let after = tx.change::<Entity>(application.clone(), |row| row.last_activity_at.set_if_not_equals(at)).await?;
    record(tx, "updated", &after.row)?;
    Ok(after.row)
}

/// Says by which way an application came about: a referral was passed on.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn set_channel(tx: &mut Tx, application: &Model, channel: ApplicationChannel) -> Result<Model> {
    let after = tx.change::<Entity>(application.clone(), |row| row.channel.set_if_not_equals(channel)).await?;
    if after.changed {
        record(tx, "updated", &after.row)?;
    }
    Ok(after.row)
}

fn record(tx: &mut Tx, what: &str, application: &Model) -> Result<()> {
    tx.record(what, application, said(application))
}

/// What the feed says of an application.
pub(super) fn said(application: &Model) -> serde_json::Value {
    json!({
        "jobSearchId": application.job_search_id, "postingId": application.posting_id,
        "stageId": application.stage_id, "stageKind": application.stage_kind, "outcome": application.outcome,
    })
}
