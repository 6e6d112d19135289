//! Who works on a project beside its owner, and as what (§30).

use chrono::{DateTime, Utc};
use entity::{
    community::contact,
    id::{ContactId, ProjectId, ProjectMemberId, UserId},
    kind::{Form, Kind, id, int, line, text, word},
    object,
    projects::{
        project,
        project_member::{ActiveModel, Column, Entity, Model, ProjectRole},
    },
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    part,
    project::{of_part, open},
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        community::contact::named,
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
        Column::ContactName => leaf(line(1, 200), "What that somebody was called when they were taken in; it stays."),
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
    .one("user", "user_id", "User", "Who, when they are a user here.")
    .one(
        "contact",
        "contact_id",
        "Contact",
        "Who, when they are somebody whom the owner knows, for whoever may see them.",
    );
    let verbs = vec![
        Verb::create(Action::TakeIntoProject, "Take somebody into a project.", create),
        Verb::on::<Entity, _, _, _>(
            "update",
            Action::ManageProjectMember,
            "Change what somebody is in a project.",
            update,
        ),
        Verb::delete::<Entity>(
            Action::LeaveProject,
            "Take somebody out of a project, or leave it oneself; its owner can bring them back.",
        ),
        Verb::restore::<Entity>(Action::ManageProjectMember, "Take somebody in again."),
    ];
    Resource { shape, plural: "projectMembers", verbs }
}

object! {
    /// Somebody to take into a project.
    NewProjectMember {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
        /// Who, by their id; this, the e-mail address or a contact.
        optional user_id: UserId = id::<UserId>(),
        /// Who, by their e-mail address.
        optional user_email: String = text(Form::Email, 3, 254),
        /// Who, when they are no user here: a contact of the project's owner. Whoever sees the project reads their name; they
        /// themselves see nothing of it.
        optional contact_id: ContactId = id::<ContactId>(),
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
    let (user, contact) = somebody(&tx, &new, project.owner_id).await?;
    if user == Some(project.owner_id) {
        return Err(Error::field(Code::MemberIsOwner, "/userId", "The owner is in the project already."));
    }
    part::one_more::<Entity>(&tx, project.id).await?;
    let joined = clock::past(tx.now, new.joined_at.unwrap_or(tx.now), "/joinedAt")?;
    let member = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            project_id: Set(project.id),
            owner_id: Set(project.owner_id),
            user_id: Set(user),
            contact_id: Set(contact.as_ref().map(|contact| contact.id)),
            contact_name: Set(contact.map(|contact| contact.name)),
            role: Set(new.role),
            joined_at: Set(joined),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.record("created", &member, said(&member))?;
    tx.made(&member).await
}

/// Who: anybody of the organization whom the caller can name, or somebody whom the project's owner knows.
async fn somebody(tx: &Tx, new: &NewProjectMember, owner: UserId) -> Result<(Option<UserId>, Option<contact::Model>)> {
    match (new.user_id, &new.user_email, new.contact_id) {
        (Some(id), None, None) => Ok((Some(membership::member(tx, id, "/userId").await?), None)),
        (None, Some(email), None) => Ok((Some(membership::member_by_email(tx, email, "/userEmail").await?), None)),
        (None, None, Some(id)) => Ok((None, Some(named(tx, id, Some(owner), "/contactId").await?))),
        _ => Err(Error::field(Code::MemberAmbiguous, "/userId", "Name one of userId, userEmail and contactId.")),
    }
}

async fn update(who: Caller, target: Target<ProjectMemberId>, patch: ProjectMemberPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::ManageProjectMember).await?;
    of_part(&tx, was.project_id).await?;
    let role = patch.role.unwrap_or(was.role);
    let joined = patch.joined_at.map(|at| clock::past(tx.now, at, "/joinedAt")).transpose()?.unwrap_or(was.joined_at);
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
    json!({ "projectId": member.project_id, "userId": member.user_id, "contactId": member.contact_id, "role": member.role })
}
