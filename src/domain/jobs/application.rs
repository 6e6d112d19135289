//! Applications: somebody's bids for openings, each with a history that is only ever appended to (§21).

mod begin;
mod change;
pub(super) mod correct;
mod go;
pub(super) mod history;

use chrono::{DateTime, Utc};
use entity::{
    id::{ApplicationId, JobPostingId, JobSearchId, StageId, UserId},
    jobs::{
        application::{ApplicationChannel, ApplicationDocument, ApplicationOutcome, Column, DOCUMENTS, Entity, Model},
        stage::StageKind,
    },
    kind::{Kind, Patch, id, int, line, word},
    object,
};
use serde_json::json;

use super::{
    application_event::{REASON, SOURCE},
    job_search::stays,
};
use crate::{
    domain::{
        caller::Caller,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        find::Life,
        policy::Action,
        tx::Tx,
        verb::{Done, External, Resource, Row, Verb},
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
        Verb::on::<Entity, _, _, _>(
            "update",
            EditApplication,
            "Change what is known of an application.",
            change::update,
        ),
        Verb::on::<Entity, _, _, _>(
            "delete",
            EditApplication,
            "Delete an application, with its history; it can be restored. Who was asked to speak for it is asked no more. One whose offer was accepted stays.",
            go::delete,
        ),
        Verb::on::<Entity, _, _, _>(
            "restore",
            EditApplication,
            "Bring a deleted application back: its opening and its stage are there.",
            change::restore,
        ),
        Verb::on::<Entity, _, _, _>(
            "move",
            EditApplication,
            "Move an open application from the stage in which the caller knows it to another. Going back takes a reason.",
            go::go,
        ),
        Verb::on::<Entity, _, _, _>(
            "close",
            EditApplication,
            "Say what came of an application. Who was asked to speak for it is asked no more. What becomes of an open offer is said of the offer; that one was taken, only whose it is says.",
            go::close_it,
        ),
        Verb::on::<Entity, _, _, _>(
            "reopen",
            EditApplication,
            "Go on with an application that was not answered, or rejected, or whose offer was declined or came to nothing, after all.",
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
        /// By which way it comes about. Unless it is said: by the referral that was accepted or given for the opening, or else directly.
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
        let (was, life) = tx.find_either::<Entity>(&external, id, Action::EditApplication).await?;
        let was = if life == Life::Deleted { change::come_back(&mut tx, was).await? } else { was };
        stays(was.job_search_id, new.job_search_id)?;
        if was.posting_id != new.posting_id {
            let why = "What somebody applied for never changes: apply for the other.";
            return Err(Error::field(Code::PostingImmutable, "/postingId", why));
        }
        change::began_so(&mut tx, &was, new.occurred_at, new.source.as_deref()).await?;
        let patch = change::ApplicationPatch {
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
        let application = change::revise(&mut tx, was, patch).await?;
        return tx.done(&application).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let application = begin::add(&mut tx, new).await?;
    tx.made(&application).await
}

pub use go::close;
pub(in crate::domain) use go::is_open;
pub(super) use go::tell;

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
