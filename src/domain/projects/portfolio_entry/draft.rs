//! Drafts of entries, from projects that are finished (§15).

use entity::{
    id::{ProjectId, UserId},
    kind::id,
    object,
    projects::{
        portfolio_entry::{self, Model},
        project::{self, ProjectKind, ProjectStatus},
        project_member, selection_checklist,
    },
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::json;

use super::{NewPortfolioEntry, for_whom, of_project, written::write};
use crate::domain::{
    caller::Caller,
    error::{Code, Error, Result},
    tx::Tx,
    verb::Done,
};

object! {
    /// From which project.
    DraftedEntry {
        /// The project, which is finished.
        required project_id: ProjectId = id::<ProjectId>(),
        /// Whose portfolio: yours, unless you write for somebody who let you. They were in the project.
        optional owner_id: UserId = id::<UserId>(),
    }
}

pub(super) async fn draft(who: Caller, from: DraftedEntry) -> Result<Done> {
    let mut tx = who.begin().await?;
    let owner = for_whom(&tx, from.owner_id).await?;
    let project = of_project(&tx, from.project_id, owner.id).await?;
    finished(&project)?;
    untold(&tx, &project, owner.id).await?;
    let entry = drafted(&mut tx, project, owner.id).await?;
    tx.made(&entry).await
}

/// What can be told of is over. That AI turned out not to be the answer is a good end, too.
fn finished(project: &project::Model) -> Result<()> {
    if matches!(project.status, ProjectStatus::Completed | ProjectStatus::ClosedNoAiSolution) {
        return Ok(());
    }
    let why = format!("The project is {}: what is drafted from one tells of how it ended.", project.status);
    Err(Error::field(Code::ProjectNotFinished, "/projectId", why).with(json!({ "status": project.status })))
}

/// Who tells of it already is told where.
async fn untold(tx: &Tx, project: &project::Model, owner: UserId) -> Result<()> {
    use portfolio_entry::{Column, Entity};
    let told = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::OwnerId.eq(owner))
        .filter(Column::ProjectId.eq(project.id))
        .filter(Column::DeletedAt.is_null());
    let Some(told) = told.one(&tx.db).await? else { return Ok(()) };
    let error = Error::field(Code::AlreadyExists, "/projectId", "There is an entry of it already.");
    Err(error.with(json!({ "entryId": told.id })))
}

async fn drafted(tx: &mut Tx, project: project::Model, owner: UserId) -> Result<Model> {
    let team = others(tx, project.id).await? + 1;
    let complexity = complexity(tx, project.id).await?;
    let new = NewPortfolioEntry {
        title: project.title,
        summary: project.summary,
        stage: None,
        assigned: Some(project.kind == ProjectKind::Class),
        personal_kind: None,
        started_at: project.started_at,
        finished_at: project.ended_at,
        complexity,
        team_size: Some(team),
        resources: None,
        competencies: None,
        links: None,
        visibility: None,
        project_id: Some(project.id),
        owner_id: Some(owner),
        external_refs: None,
    };
    write(tx, new).await
}

/// How many were in it beside its owner.
async fn others(tx: &Tx, project: ProjectId) -> Result<i64> {
    use project_member::{Column, Entity};
    let members = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::ProjectId.eq(project))
        .filter(Column::DeletedAt.is_null());
    Ok(i64::try_from(members.count(&tx.db).await?).unwrap_or(i64::MAX - 1))
}

/// How complex its checklist says that it is.
async fn complexity(tx: &Tx, project: ProjectId) -> Result<Option<i64>> {
    use selection_checklist::{Column, Entity};
    let checklist = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::ProjectId.eq(project))
        .filter(Column::DeletedAt.is_null());
    Ok(checklist.one(&tx.db).await?.map(|row| row.technical_complexity))
}
