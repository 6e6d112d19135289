//! Obstacles: what stood in the way of a project because somebody did not know something yet. Each becomes a need of
//! theirs to learn it (§29).

use entity::{
    id::{CompetencyId, LearningNeedId, ObstacleId, ProjectId, UserId},
    kind::{Kind, id, int, prose},
    learning::{competency, learning_need_source::NeedSource},
    object,
    platform::user,
    projects::{
        obstacle::{ActiveModel, Column, Entity, Model},
        project,
    },
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{part, peer_feedback, project::at_work};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        learning::learning_need::{Raised, raise},
        policy::Action,
        tx::Tx,
        verb::{Done, Resource, Row, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

/// What it was: as long as the note of a need may be.
pub(super) const NOTE: Kind = prose(5000);
/// How strongly an obstacle shows a need.
pub(super) const STRENGTH: i64 = 50;

impl Row for Entity {
    const NAME: &'static str = "Obstacle";
    type Id = ObstacleId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ObstacleId>(), "The id."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is.").filter(),
        Column::UserId => leaf(id::<UserId>(), "Who met it.").filter(),
        Column::CompetencyId => leaf(id::<CompetencyId>(), "What knowing would have helped.").filter(),
        Column::Note => leaf(NOTE, "What it was."),
        Column::NeedId => leaf(id::<LearningNeedId>(), "The need to learn that it showed.").filter(),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was recorded.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed."),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted."),
        Column::OrganizationId => return None,
    })
}

/// The declaration. What was in the way was: obstacles are recorded, and not changed.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Obstacle",
        "What stood in the way of a project, for want of knowing something (§29).",
        "obt",
        Action::ViewObstacle,
        show,
    )
    .order("created_at", false)
    .one("project", "project_id", "Project", "The project.")
    .one("user", "user_id", "User", "Who met it.")
    .one("competency", "competency_id", "Competency", "What knowing would have helped.")
    .one("need", "need_id", "LearningNeed", "The need to learn that it showed, for whom may see it.");
    let verbs = vec![Verb::on_collection(
        "record",
        Action::WorkOnProject,
        "Record what stood in the way of a project: it becomes a need to learn of whoever met it.",
        record,
    )];
    Resource { shape, plural: "obstacles", verbs }
}

object! {
    /// Something that stood in the way.
    NewObstacle {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
        /// What knowing would have helped.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// What it was.
        required note: String = NOTE,
        /// Who met it: yourself, unless it is somebody in the project who let you say what they need to learn.
        optional user_id: UserId = id::<UserId>(),
    }
}

async fn record(who: Caller, new: NewObstacle) -> Result<Done> {
    let mut tx = who.begin().await?;
    let project = at_work(&tx, new.project_id, "/projectId").await?;
    part::one_more::<Entity>(&tx, project.id).await?;
    let user = met_by(&tx, &project, new.user_id).await?;
    tx.refer::<competency::Entity>(new.competency_id, "/competencyId").await?;
    let id: ObstacleId = clock::new_id();
    let raised = Raised {
        user,
        competency: new.competency_id,
        source: NeedSource::ProjectObstacle,
        source_id: Some(id.to_string()),
        strength: STRENGTH,
        note: Some(new.note.clone()),
    };
    let need = raise(&mut tx, raised).await?;
    let obstacle = tx
        .insert::<Entity>(ActiveModel {
            id: Set(id),
            organization_id: Set(tx.who.organization),
            project_id: Set(project.id),
            owner_id: Set(project.owner_id),
            user_id: Set(user),
            competency_id: Set(new.competency_id),
            note: Set(new.note),
            need_id: Set(need.id),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    let data = json!({ "projectId": project.id, "userId": user, "competencyId": obstacle.competency_id });
    tx.record("recorded", &obstacle, data)?;
    tx.made(&obstacle).await
}

/// Who met it, and so needs to learn: somebody in the project. For another speaks who may say what they need.
async fn met_by(tx: &Tx, project: &project::Model, wanted: Option<UserId>) -> Result<UserId> {
    let user = wanted.or(tx.who.user());
    let user = user.ok_or_else(|| Error::field(Code::OwnerRequired, "/userId", "A machine names who met it."))?;
    if !peer_feedback::is_in(tx, project, user).await? {
        return Err(Error::field(Code::ReferenceUnknown, "/userId", "There is no such person in the project."));
    }
    if tx.who.user() != Some(user) {
        tx.refer_to::<user::Entity>(user, Action::RaiseLearningNeed, "/userId").await?;
    }
    Ok(user)
}
