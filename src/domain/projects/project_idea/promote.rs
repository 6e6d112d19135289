//! From an idea to a project (§13).

use entity::{
    id::ProjectIdeaId,
    kind::{Kind, line, word},
    object,
    projects::{
        project::ProjectKind,
        project_idea::{Entity, IdeaSource, Model},
        selection_checklist,
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::state::{self, Command};
use crate::domain::{
    caller::Caller,
    error::{Code, Error, Result},
    policy::Action,
    projects::project::{self, NewProject},
    tx::Tx,
    verb::{Done, Target},
};

const DOMAIN: Kind = line(1, 100);

object! {
    /// What the project is to be, beside what the idea says.
    PromotedIdea {
        /// What it is done for; without it, what the idea's source suggests.
        optional kind: ProjectKind = word::<ProjectKind>(),
        /// The field of business whose problem it solves.
        optional domain: String = DOMAIN,
    }
}

pub(super) async fn promote(who: Caller, target: Target<ProjectIdeaId>, wanted: PromotedIdea) -> Result<Done> {
    let mut tx = who.begin().await?;
    let idea = tx.find_at::<Entity>(&target, Action::EditProjectIdea).await?;
    declared(&idea)?;
    let to = state::after(idea.status, Command::Promote)?;
    let checklist = checklist_of(&mut tx, &idea).await?;
    let project = project::begin(
        &mut tx,
        NewProject {
            title: idea.title.clone(),
            summary: idea.description.clone(),
            kind: Some(wanted.kind.unwrap_or_else(|| kind_of(idea.source))),
            domain: wanted.domain,
            application_area: idea.application_area.clone(),
            due_on: None,
            owner_id: Some(idea.owner_id),
            external_refs: None,
        },
    )
    .await?;
    if let Some(checklist) = checklist {
        let after =
            tx.change::<selection_checklist::Entity>(checklist, |row| row.project_id = Set(Some(project.id))).await?;
        tx.record("updated", &after.row, json!({ "projectId": project.id }))?;
    }
    let after = tx
        .change::<Entity>(idea, |row| {
            row.status = Set(to);
            row.project_id = Set(Some(project.id));
        })
        .await?;
    tx.record(Command::Promote.event(), &after.row, json!({ "status": to, "projectId": project.id }))?;
    tx.done(&after.row).await
}

/// Beside a job nothing begins before it was said whether it touches an employer's interests.
fn declared(idea: &Model) -> Result<()> {
    if idea.source != IdeaSource::SideHustle || idea.employer_conflict.0.declared {
        return Ok(());
    }
    let why = "Declare first whether the idea touches an employer's interests: employerConflict.";
    Err(Error::new(Code::ConflictUndeclared, why).with(json!({ "source": idea.source })))
}

/// What a project is done for, as far as the source of its idea says.
const fn kind_of(source: IdeaSource) -> ProjectKind {
    match source {
        IdeaSource::SideHustle => ProjectKind::SideHustle,
        IdeaSource::JoinExisting | IdeaSource::ReadingAndTalking | IdeaSource::ApplicationArea => ProjectKind::Personal,
    }
}

/// The checklist of an idea; going on without one is remarked upon, and not refused.
pub(super) async fn checklist_of(tx: &mut Tx, idea: &Model) -> Result<Option<selection_checklist::Model>> {
    use selection_checklist::Column;
    let checklist = selection_checklist::Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::IdeaId.eq(idea.id))
        .filter(Column::DeletedAt.is_null())
        .one(&tx.db)
        .await?;
    if checklist.is_none() {
        tx.warn("CHECKLIST_MISSING", "The idea has no checklist yet: it shows what speaks for it.");
    }
    Ok(checklist)
}
