//! Feedback: what was said of an application, and which competencies it was about (§25).

use chrono::{DateTime, Utc};
use entity::{
    id::{ApplicationId, CompetencyId, FeedbackId, FeedbackRequestId, UserId},
    jobs::{
        feedback::{Column, Entity, FeedbackTheme, Model},
        feedback_request::{self, FeedbackSource},
    },
    kind::{Declared as _, Kind, id, int, list, prose, word},
    object,
    vocabulary::Json,
};
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _};
use serde_json::json;

use super::{
    application::touch,
    feedback_request::{go, state::Command},
    part::{self, Opening},
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        policy::Action,
        tx::Tx,
        verb::{Done, External, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

const TEXT: Kind = prose(20_000);
const THEME: Kind = Kind::Object(FeedbackTheme::object);
const THEMES: Kind = list(&THEME, 50);

impl Row for Entity {
    const NAME: &'static str = "Feedback";
    type Id = FeedbackId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<FeedbackId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Whose it is.").filter(),
        Column::ApplicationId => leaf(id::<ApplicationId>(), "The application.").filter(),
        Column::RequestId => leaf(id::<FeedbackRequestId>(), "What it answers, when it was asked for.").filter(),
        Column::Source => leaf(word::<FeedbackSource>(), "Who said it.").filter(),
        Column::Text => leaf(TEXT, "What was said."),
        Column::Themes => leaf(THEMES, "What it is about."),
        Column::ReceivedAt => leaf(Kind::Time, "When it came.").filter().sort(),
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
    let shape =
        Shape::new::<Entity>("Feedback", "What was said of an application (§25).", "fdb", Action::ViewFeedback, show)
            .order("received_at", false)
            .external_refs()
            .one("application", "application_id", "Application", "The application.")
            .one("request", "request_id", "FeedbackRequest", "What it answers, when it was asked for.");
    let edit = Action::EditFeedback;
    let verbs = vec![
        Verb::on_collection(
            "record",
            Action::EditFeedback,
            "Note what was said of an application: what was asked is answered by it.",
            record_one,
        ),
        Verb::upsert(edit, "Note or change the feedback that another system's name stands for.", upsert),
        Verb::on::<Entity, _, _, _>("update", edit, "Change what was noted.", update),
        Verb::delete::<Entity>(edit, "Delete what was noted; it can be restored."),
        Verb::restore::<Entity>(edit, "Bring back what was noted and deleted."),
    ];
    Resource { shape, plural: "feedbacks", verbs }
}

object! {
    /// What was said.
    NewFeedback {
        /// What it answers; this, or the application and who said it.
        optional request_id: FeedbackRequestId = id::<FeedbackRequestId>(),
        /// The application, of what nobody asked for.
        optional application_id: ApplicationId = id::<ApplicationId>(),
        /// Who said it; of what was asked for, whoever was asked.
        optional source: FeedbackSource = word::<FeedbackSource>(),
        /// What was said.
        required text: String = TEXT,
        /// What it is about, each competency once.
        optional themes: Vec<FeedbackTheme> = THEMES,
        /// When it came: not in the future; now, unless it is said.
        optional received_at: DateTime<Utc> = Kind::Time,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to what was noted.
    FeedbackPatch {
        /// What was said.
        change text: String = TEXT,
        /// What it is about, in place of what was noted.
        change themes: Vec<FeedbackTheme> = THEMES,
        /// When it came.
        change received_at: DateTime<Utc> = Kind::Time,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn record_one(who: Caller, new: NewFeedback) -> Result<Done> {
    let mut tx = who.begin().await?;
    let row = add(&mut tx, new).await?;
    tx.made(&row).await
}

async fn upsert(who: Caller, external: External, mut new: NewFeedback) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let was = tx.find_external::<Entity>(&external, id, Action::EditFeedback).await?;
        stays(&was, &new)?;
        let patch = FeedbackPatch {
            text: Some(new.text),
            themes: new.themes,
            received_at: new.received_at,
            external_refs: new.external_refs,
        };
        let row = revise(&mut tx, was, patch).await?;
        return tx.done(&row).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let row = add(&mut tx, new).await?;
    tx.made(&row).await
}

/// What was said is of whom and what it was said of.
fn stays(was: &Model, told: &NewFeedback) -> Result<()> {
    let other = |pointer: &str| Err(Error::field(Code::ApplicationImmutable, pointer, "It stays what it was said of."));
    if told.request_id.is_some_and(|id| was.request_id != Some(id)) {
        return other("/requestId");
    }
    if told.application_id.is_some_and(|id| was.application_id != id) {
        return other("/applicationId");
    }
    if told.source.is_some_and(|source| was.source != source) {
        return other("/source");
    }
    Ok(())
}

/// Notes what was said.
async fn add(tx: &mut Tx, new: NewFeedback) -> Result<Model> {
    let (request, application, source) = about(tx, &new).await?;
    let application = part::application(tx, application, Opening::Any).await?;
    let themes = new.themes.unwrap_or_default();
    part::competencies(tx, &spoken_of(&themes), "/themes").await?;
    let received = new.received_at.map_or(Ok(tx.now), |at| clock::past(tx.now, at, "/receivedAt"))?;
    let row = Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        owner_id: application.owner_id,
        application_id: application.id,
        request_id: request.as_ref().map(|one| one.id),
        source,
        text: new.text,
        themes: Json(themes),
        received_at: received,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    };
    let row = tx.insert::<Entity>(row.into_active_model().reset_all()).await?;
    tx.refs(&row, new.external_refs.as_deref()).await?;
    record(tx, "recorded", &row)?;
    if let Some(request) = request {
        go(tx, request, Command::Receive, received).await?;
    }
    touch(tx, &application, received).await?;
    Ok(row)
}

/// What it answers, or what it is about without being asked for.
async fn about(tx: &Tx, new: &NewFeedback) -> Result<(Option<feedback_request::Model>, ApplicationId, FeedbackSource)> {
    match (new.request_id, new.application_id, new.source) {
        (Some(id), None, source) => {
            let action = Action::EditFeedbackRequest;
            let request = tx.refer_to::<feedback_request::Entity>(id, action, "/requestId").await?;
            let (application, asked) = (request.application_id, request.source);
            Ok((Some(request), application, source.unwrap_or(asked)))
        }
        (None, Some(application), Some(source)) => Ok((None, application, source)),
        _ => {
            let why = "Feedback answers a request, or names an application and who said it.";
            Err(Error::field(Code::FeedbackSubjectAmbiguous, "/requestId", why))
        }
    }
}

fn spoken_of(themes: &[FeedbackTheme]) -> Vec<CompetencyId> {
    themes.iter().map(|one| one.competency_id).collect()
}

async fn update(who: Caller, target: Target<FeedbackId>, patch: FeedbackPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditFeedback).await?;
    let row = revise(&mut tx, was, patch).await?;
    tx.done(&row).await
}

async fn revise(tx: &mut Tx, was: Model, patch: FeedbackPatch) -> Result<Model> {
    if let Some(themes) = &patch.themes {
        part::competencies(tx, &spoken_of(themes), "/themes").await?;
    }
    let received = patch.received_at.map_or(Ok(was.received_at), |at| clock::past(tx.now, at, "/receivedAt"))?;
    let after = tx
        .change::<Entity>(was, |row| {
            if let Some(text) = patch.text {
                row.text.set_if_not_equals(text);
            }
            if let Some(themes) = patch.themes {
                row.themes.set_if_not_equals(Json(themes));
            }
            row.received_at.set_if_not_equals(received);
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        record(tx, "updated", &after.row)?;
    }
    Ok(after.row)
}

fn record(tx: &mut Tx, what: &str, row: &Model) -> Result<()> {
    let data = json!({ "applicationId": row.application_id, "requestId": row.request_id, "source": row.source });
    tx.record(what, row, data)
}
