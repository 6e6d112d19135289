//! Peer feedback: what people in a project say of working with each other. Each sees what the other says once both have
//! said something, or after a while (§30).

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    id::{PeerFeedbackId, ProjectId, UserId},
    kind::{Kind, id, int, prose},
    object,
    projects::{
        peer_feedback::{ActiveModel, Column, Entity, Model},
        project, project_member,
    },
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _,
};
use serde_json::json;

use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        policy::Action,
        tx::Tx,
        verb::{Done, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

/// For how many days it waits for the other side.
const WAITS: i64 = 14;
const SCORE: Kind = int(1, 5);
const TEXT: Kind = prose(5000);

impl Row for Entity {
    const NAME: &'static str = "PeerFeedback";
    type Id = PeerFeedbackId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.from_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<PeerFeedbackId>(), "The id."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::FromId => leaf(id::<UserId>(), "Who says it.").filter(),
        Column::ToId => leaf(id::<UserId>(), "Of whom.").filter(),
        Column::Collaboration => leaf(SCORE, "How well they work together."),
        Column::Influencing => leaf(SCORE, "How well they convince others."),
        Column::BeingInfluenced => leaf(SCORE, "How well they let themselves be convinced."),
        Column::Communication => leaf(SCORE, "How well they make themselves understood."),
        Column::Text => leaf(TEXT, "What else there is to say."),
        Column::VisibleAt => leaf(
            Kind::Time,
            "From when on whom it is about sees it: when both have said something, or 14 days after it was submitted.",
        ),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was submitted.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed."),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "PeerFeedback",
        "What somebody in a project says of working with another (§30): between the two of them.",
        "pfb",
        Action::ViewPeerFeedback,
        show,
    )
    .order("created_at", false)
    .one("project", "project_id", "Project", "The project.")
    .one("from", "from_id", "User", "Who says it.")
    .one("to", "to_id", "User", "Of whom.");
    let verbs = vec![
        Verb::on_collection(
            "submit",
            Action::SubmitPeerFeedback,
            "Say what it is like to work with somebody in the same project. Each sees what the other says once both have said something, or after 14 days.",
            submit,
        ),
        Verb::on::<Entity, _, _, _>(
            "update",
            Action::EditPeerFeedback,
            "Change what one said, as long as whom it is about does not see it.",
            update,
        ),
    ];
    Resource { shape, plural: "peerFeedbacks", verbs }
}

object! {
    /// What it is like to work with somebody.
    NewPeerFeedback {
        /// The project that both are in.
        required project_id: ProjectId = id::<ProjectId>(),
        /// Of whom.
        required to_id: UserId = id::<UserId>(),
        /// How well they work together, 1 to 5.
        required collaboration: i64 = SCORE,
        /// How well they convince others, 1 to 5.
        required influencing: i64 = SCORE,
        /// How well they let themselves be convinced, 1 to 5.
        required being_influenced: i64 = SCORE,
        /// How well they make themselves understood, 1 to 5.
        required communication: i64 = SCORE,
        /// What else there is to say.
        optional text: String = TEXT,
    }
}

object! {
    /// Changes to what one said.
    PeerFeedbackPatch {
        /// How well they work together, 1 to 5.
        change collaboration: i64 = SCORE,
        /// How well they convince others, 1 to 5.
        change influencing: i64 = SCORE,
        /// How well they let themselves be convinced, 1 to 5.
        change being_influenced: i64 = SCORE,
        /// How well they make themselves understood, 1 to 5.
        change communication: i64 = SCORE,
        /// What else there is to say.
        clear text: String = TEXT,
    }
}

/// Whether somebody is in a project: its owner, or a member.
pub(super) async fn is_in(tx: &Tx, project: &project::Model, user: UserId) -> Result<bool> {
    if project.owner_id == user {
        return Ok(true);
    }
    let place = project_member::Entity::find()
        .filter(project_member::Column::OrganizationId.eq(tx.who.organization))
        .filter(project_member::Column::ProjectId.eq(project.id))
        .filter(project_member::Column::UserId.eq(user))
        .filter(project_member::Column::DeletedAt.is_null());
    Ok(place.count(&tx.db).await? > 0)
}

async fn submit(who: Caller, new: NewPeerFeedback) -> Result<Done> {
    let from = who.person()?;
    let mut tx = who.begin().await?;
    let project = tx.refer::<project::Entity>(new.project_id, "/projectId").await?;
    if new.to_id == from {
        return Err(Error::field(Code::SelfFeedback, "/toId", "Feedback is given to another."));
    }
    if !is_in(&tx, &project, from).await? {
        return Err(Error::new(Code::Forbidden, "Only who is in a project says what it is like to work in it."));
    }
    if !is_in(&tx, &project, new.to_id).await? {
        return Err(Error::field(Code::ReferenceUnknown, "/toId", "There is no such person in the project."));
    }
    turn(&tx, project.id, from, new.to_id).await?;
    let other = answer_to(&tx, project.id, from, new.to_id).await?;
    let feedback = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            project_id: Set(project.id),
            from_id: Set(from),
            to_id: Set(new.to_id),
            collaboration: Set(new.collaboration),
            influencing: Set(new.influencing),
            being_influenced: Set(new.being_influenced),
            communication: Set(new.communication),
            text: Set(new.text),
            visible_at: Set(visible_at(tx.now, other.is_some())),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.record("submitted", &feedback, json!({ "projectId": project.id, "toId": feedback.to_id }))?;
    if let Some(other) = other {
        show_now(&mut tx, other).await?;
    }
    tx.made(&feedback).await
}

/// When both have said something each sees it at once; before that, the other side has a while.
fn visible_at(now: DateTime<Utc>, both: bool) -> DateTime<Utc> {
    if both { now } else { now + TimeDelta::days(WAITS) }
}

/// Of two who say something of each other, the second finds what the first said.
async fn turn(tx: &Tx, project: ProjectId, one: UserId, other: UserId) -> Result<()> {
    let (first, second) = (one.min(other), one.max(other));
    tx.lock(&format!("feedback {project} {first} {second}")).await
}

/// What the other side said already, to be changed.
async fn answer_to(tx: &Tx, project: ProjectId, from: UserId, to: UserId) -> Result<Option<Model>> {
    let said = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::ProjectId.eq(project))
        .filter(Column::FromId.eq(to))
        .filter(Column::ToId.eq(from))
        .filter(Column::DeletedAt.is_null());
    Ok(said.lock_exclusive().one(&tx.db).await?)
}

/// Shows what was said to whom it is about, unless they see it already.
async fn show_now(tx: &mut Tx, feedback: Model) -> Result<()> {
    if feedback.visible_at <= tx.now {
        return Ok(());
    }
    let now = tx.now;
    let after = tx.change::<Entity>(feedback, |row| row.visible_at = Set(now)).await?;
    tx.record("shown", &after.row, json!({ "projectId": after.row.project_id, "toId": after.row.to_id }))
}

async fn update(who: Caller, target: Target<PeerFeedbackId>, patch: PeerFeedbackPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditPeerFeedback).await?;
    if was.visible_at <= tx.now {
        let error = Error::new(Code::FeedbackShown, "Whom it is about may have read it: it stays as it is.");
        return Err(error.with(json!({ "visibleAt": clock::rfc3339(was.visible_at) })));
    }
    let text = patch.text.over(was.text.clone());
    let scores = [
        patch.collaboration.unwrap_or(was.collaboration),
        patch.influencing.unwrap_or(was.influencing),
        patch.being_influenced.unwrap_or(was.being_influenced),
        patch.communication.unwrap_or(was.communication),
    ];
    let after = tx
        .change::<Entity>(was, |row| {
            let [collaboration, influencing, being_influenced, communication] = scores;
            row.collaboration.set_if_not_equals(collaboration);
            row.influencing.set_if_not_equals(influencing);
            row.being_influenced.set_if_not_equals(being_influenced);
            row.communication.set_if_not_equals(communication);
            row.text.set_if_not_equals(text);
        })
        .await?;
    if after.changed {
        tx.record("updated", &after.row, json!({ "projectId": after.row.project_id, "toId": after.row.to_id }))?;
    }
    tx.done(&after.row).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_waits_for_the_other_side() {
        let now = clock::now();
        assert_eq!(visible_at(now, true), now);
        assert_eq!(visible_at(now, false), now + TimeDelta::days(14));
    }
}
