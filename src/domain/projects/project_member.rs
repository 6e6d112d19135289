//! Who works on a project beside its owner, and as what (§30).

use chrono::{DateTime, Utc};
use entity::{
    id::{ContactId, ProjectId, ProjectMemberId, UserId},
    kind::{Form, Kind, id, int, text, word},
    object,
    projects::{
        project,
        project_member::{ActiveModel, Column, Entity, Model, ProjectRole},
    },
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::project::open;
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        platform::membership,
        policy::Action,
        tx::Tx,
        verb::{Done, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

impl Row for Entity {
    const NAME: &'static str = "ProjectMember";
    type Id = ProjectMemberId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ProjectMemberId>(), "The id."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is.").filter(),
        Column::UserId => leaf(id::<UserId>(), "Who, when they are a user here.").filter(),
        Column::ContactId => leaf(id::<ContactId>(), "Who, when they are somebody whom the owner knows.").filter(),
        Column::Role => leaf(word::<ProjectRole>(), "As what.").filter(),
        Column::JoinedAt => leaf(Kind::Time, "Since when."),
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
        "ProjectMember",
        "Somebody's place in a project beside its owner (§30).",
        "pjm",
        Action::ViewProjectMember,
        show,
    )
    .order("created_at", false)
    .one("project", "project_id", "Project", "The project.")
    .one("user", "user_id", "User", "Who, when they are a user here.");
    let verbs = vec![
        Verb::create(Action::TakeIntoProject, "Take somebody into a project.", create),
        Verb::on::<Entity, _, _, _>(
            "update",
            Action::ManageProjectMember,
            "Change what somebody is in a project.",
            update,
        ),
        Verb::delete::<Entity>(Action::ManageProjectMember, "Take somebody out of a project; they can come back."),
        Verb::restore::<Entity>(Action::ManageProjectMember, "Take somebody in again."),
    ];
    Resource { shape, plural: "projectMembers", verbs }
}

object! {
    /// Somebody to take into a project.
    NewProjectMember {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
        /// Who, by their id; this or the e-mail address.
        optional user_id: UserId = id::<UserId>(),
        /// Who, by their e-mail address.
        optional user_email: String = text(Form::Email, 3, 254),
        /// As what.
        required role: ProjectRole = word::<ProjectRole>(),
        /// Since when; now, unless it is said.
        optional joined_at: DateTime<Utc> = Kind::Time,
    }
}

object! {
    /// Changes to somebody's place in a project.
    ProjectMemberPatch {
        /// As what.
        change role: ProjectRole = word::<ProjectRole>(),
        /// Since when.
        change joined_at: DateTime<Utc> = Kind::Time,
    }
}

async fn create(who: Caller, new: NewProjectMember) -> Result<Done> {
    let mut tx = who.begin().await?;
    let project = tx.refer_to::<project::Entity>(new.project_id, Action::TakeIntoProject, "/projectId").await?;
    open(&project)?;
    let user = somebody(&tx, &new).await?;
    if user == project.owner_id {
        return Err(Error::field(Code::MemberIsOwner, "/userId", "The owner is in the project already."));
    }
    let member = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            project_id: Set(project.id),
            owner_id: Set(project.owner_id),
            user_id: Set(Some(user)),
            contact_id: Set(None),
            role: Set(new.role),
            joined_at: Set(new.joined_at.unwrap_or(tx.now)),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.record("created", &member, said(&member))?;
    tx.made(&member).await
}

/// Who: anybody of the organization whom the caller can name.
async fn somebody(tx: &Tx, new: &NewProjectMember) -> Result<UserId> {
    match (new.user_id, &new.user_email) {
        (Some(id), None) => membership::member(tx, id, "/userId").await,
        (None, Some(email)) => membership::member_by_email(tx, email, "/userEmail").await,
        _ => Err(Error::field(Code::MemberAmbiguous, "/userId", "Name either userId or userEmail.")),
    }
}

async fn update(who: Caller, target: Target<ProjectMemberId>, patch: ProjectMemberPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::ManageProjectMember).await?;
    let (role, joined) = (patch.role.unwrap_or(was.role), patch.joined_at.unwrap_or(was.joined_at));
    let after = tx
        .change::<Entity>(was, |row| {
            row.role.set_if_not_equals(role);
            row.joined_at.set_if_not_equals(joined);
        })
        .await?;
    if after.changed {
        tx.record("updated", &after.row, said(&after.row))?;
    }
    tx.done(&after.row).await
}

fn said(member: &Model) -> serde_json::Value {
    json!({ "projectId": member.project_id, "userId": member.user_id, "role": member.role })
}
