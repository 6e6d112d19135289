//! Projects: whose they are, what they are for, and where they stand (§9).

pub(super) mod status;

use chrono::NaiveDate;
use entity::{
    id::{ProjectId, ScopeId, UserId},
    kind::{Kind, Patch, id, int, line, prose, word},
    object,
    platform::user,
    projects::{
        project::{ActiveModel, Column, Entity, Model, ProjectKind, ProjectStatus},
        scope::Step,
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::{budget, scope};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        look::Look,
        policy::Action,
        tx::Tx,
        verb::{Done, External, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

pub(super) const TITLE: Kind = line(1, 200);
pub(super) const SUMMARY: Kind = prose(5000);
pub(super) const DOMAIN: Kind = line(1, 100);
pub(super) const AREA: Kind = line(1, 100);
pub(super) const NOTE: Kind = prose(5000);

impl Row for Entity {
    const NAME: &'static str = "Project";
    type Id = ProjectId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

/// How each column is shown.
fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ProjectId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is; it never changes.").filter(),
        Column::ScopeId => leaf(id::<ScopeId>(), "What it sets out to do."),
        Column::Title => leaf(TITLE, "What it is called.").sort(),
        Column::Summary => leaf(SUMMARY, "What it is about."),
        Column::Kind => leaf(word::<ProjectKind>(), "What it is done for.").filter(),
        Column::Status => leaf(word::<ProjectStatus>(), "Where it stands; changed by commands only.").filter(),
        Column::CurrentStep => {
            leaf(word::<Step>(), "The step of its scope that is being worked on; none when all are complete.").filter()
        }
        Column::Domain => leaf(DOMAIN, "The field of business whose problem it solves.").filter(),
        Column::ApplicationArea => leaf(AREA, "Where AI is applied.").filter(),
        Column::DueOn => leaf(Kind::Date, "When it should be done, a day of its owner.").filter().sort(),
        Column::StartedAt => leaf(Kind::Time, "When work first began.").filter(),
        Column::EndedAt => leaf(Kind::Time, "When it was completed, cancelled or closed.").filter(),
        Column::EndNote => leaf(NOTE, "Why it ended as it did."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::SearchText => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Project",
        "Something that somebody sets out to do with AI, scoped in five steps (§9).",
        "prj",
        Action::ViewProject,
        show,
    )
    .order("created_at", false)
    .external_refs()
    .one("owner", "owner_id", "User", "Whose project it is.")
    .one("scope", "scope_id", "Scope", "What it sets out to do.")
    .many("members", "project_id", "ProjectMember", "Who is in it beside its owner.")
    .many("milestones", "project_id", "Milestone", "What is promised in it.")
    .many("metrics", "project_id", "Metric", "What is measured of it.")
    .many("budgets", "project_id", "Budget", "What it is planned to take: one budget.")
    .many("budgetLines", "project_id", "BudgetLine", "What it is planned to take, line by line.")
    .many("ideas", "project_id", "ProjectIdea", "The idea that it came from, as far as the caller sees it.")
    .many("checklists", "project_id", "SelectionChecklist", "What speaks for it: one checklist, or none.")
    .many(
        "portfolioEntries",
        "project_id",
        "PortfolioEntry",
        "What people show of it in their portfolios, as far as the caller sees it.",
    )
    .many("obstacles", "project_id", "Obstacle", "What stood in its way.")
    .many(
        "feedback",
        "project_id",
        "PeerFeedback",
        "What people in it say of each other, as far as the caller sees it.",
    );
    Resource { shape, plural: "projects", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{CreateProject, DeleteProject, EditProject, MoveProject};
    vec![
        Verb::create(CreateProject, "Begin a project: its scope is at the first of five steps.", create),
        Verb::upsert(CreateProject, "Begin or change the project that another system's name stands for.", upsert),
        Verb::on::<Entity, _, _, _>("update", EditProject, "Change a project.", update),
        Verb::delete::<Entity>(DeleteProject, "Delete a project, with all that is in it; it can be restored."),
        Verb::restore::<Entity>(DeleteProject, "Bring a deleted project back."),
        Verb::on::<Entity, _, _, _>(
            "start",
            MoveProject,
            "Begin to work on it: all five steps of its scope are complete.",
            status::start,
        ),
        Verb::on::<Entity, _, _, _>("pause", MoveProject, "Let it rest for a while.", status::pause),
        Verb::on::<Entity, _, _, _>("resume", MoveProject, "Go on with it.", status::resume),
        Verb::on::<Entity, _, _, _>("complete", MoveProject, "Say that it has been carried out.", status::complete),
        Verb::on::<Entity, _, _, _>("cancel", MoveProject, "Give it up.", status::cancel),
    ]
}

object! {
    /// A project to begin.
    NewProject {
        /// What it is called.
        required title: String = TITLE,
        /// What it is about.
        optional summary: String = SUMMARY,
        /// What it is done for; `PERSONAL` unless it is said.
        optional kind: ProjectKind = word::<ProjectKind>(),
        /// The field of business whose problem it solves.
        optional domain: String = DOMAIN,
        /// Where AI is applied.
        optional application_area: String = AREA,
        /// When it should be done, a day of its owner.
        optional due_on: NaiveDate = Kind::Date,
        /// Whose project it is: your own, unless you plan for somebody who let you.
        optional owner_id: UserId = id::<UserId>(),
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to a project.
    ProjectPatch {
        /// What it is called.
        change title: String = TITLE,
        /// What it is about.
        clear summary: String = SUMMARY,
        /// What it is done for.
        change kind: ProjectKind = word::<ProjectKind>(),
        /// The field of business whose problem it solves.
        clear domain: String = DOMAIN,
        /// Where AI is applied.
        clear application_area: String = AREA,
        /// When it should be done, a day of its owner.
        clear due_on: NaiveDate = Kind::Date,
        /// Changed by commands only: another value is refused with `USE_STATE_COMMAND`.
        change status: ProjectStatus = word::<ProjectStatus>(),
        /// Never changes: another value is refused with `OWNER_IMMUTABLE`.
        change owner_id: UserId = id::<UserId>(),
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewProject) -> Result<Done> {
    let mut tx = who.begin().await?;
    let project = begin(&mut tx, new).await?;
    tx.made(&project).await
}

async fn upsert(who: Caller, external: External, mut new: NewProject) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let project = tx.find_external::<Entity>(&external, id, Action::EditProject).await?;
        let patch = ProjectPatch {
            title: Some(new.title),
            summary: new.summary.map_or(Patch::Keep, Patch::Set),
            kind: new.kind,
            domain: new.domain.map_or(Patch::Keep, Patch::Set),
            application_area: new.application_area.map_or(Patch::Keep, Patch::Set),
            due_on: new.due_on.map_or(Patch::Keep, Patch::Set),
            status: None,
            owner_id: new.owner_id,
            external_refs: new.external_refs,
        };
        let project = revise(&mut tx, project, patch).await?;
        return tx.done(&project).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let project = begin(&mut tx, new).await?;
    tx.made(&project).await
}

/// Begins a project, with its scope at the first step.
///
/// # Errors
/// `OWNER_REQUIRED`, `REFERENCE_UNKNOWN`, `EXTERNAL_REF_TAKEN`.
pub async fn begin(tx: &mut Tx, new: NewProject) -> Result<Model> {
    let owner = for_whom(tx, new.owner_id).await?;
    let project = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            owner_id: Set(owner.id),
            scope_id: Set(clock::new_id()),
            search_text: Set(search_text(&new.title, new.domain.as_deref(), new.application_area.as_deref())),
            title: Set(new.title),
            summary: Set(new.summary),
            kind: Set(new.kind.unwrap_or(ProjectKind::Personal)),
            status: Set(ProjectStatus::Scoping),
            current_step: Set(Some(Step::BusinessProblem)),
            domain: Set(new.domain),
            application_area: Set(new.application_area),
            due_on: Set(new.due_on),
            started_at: Set(None),
            ended_at: Set(None),
            end_note: Set(None),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&project, new.external_refs.as_deref()).await?;
    tx.record("created", &project, json!({ "title": project.title }))?;
    scope::begin(tx, &project).await?;
    budget::begin(tx, &project).await?;
    Ok(project)
}

/// Whose project it is: the caller's, or that of somebody who let them plan.
pub(in crate::domain) async fn for_whom(tx: &Tx, wanted: Option<UserId>) -> Result<user::Model> {
    let id = wanted
        .or(tx.who.user())
        .ok_or_else(|| Error::field(Code::OwnerRequired, "/ownerId", "A machine names whose project it is."))?;
    tx.refer_to::<user::Entity>(id, Action::PlanProjectFor, "/ownerId").await
}

/// A project is found by what it is called, and by where it belongs.
pub(super) fn search_text(title: &str, domain: Option<&str>, area: Option<&str>) -> String {
    std::iter::once(title).chain(domain).chain(area).collect::<Vec<_>>().join(" ").to_lowercase()
}

async fn update(who: Caller, target: Target<ProjectId>, patch: ProjectPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let project = tx.find_at::<Entity>(&target, Action::EditProject).await?;
    let project = revise(&mut tx, project, patch).await?;
    tx.done(&project).await
}

async fn revise(tx: &mut Tx, project: Model, patch: ProjectPatch) -> Result<Model> {
    open(&project)?;
    untouchable(&project, &patch)?;
    let title = patch.title.unwrap_or_else(|| project.title.clone());
    let summary = patch.summary.over(project.summary.clone());
    let kind = patch.kind.unwrap_or(project.kind);
    let domain = patch.domain.over(project.domain.clone());
    let area = patch.application_area.over(project.application_area.clone());
    let due = patch.due_on.over(project.due_on);
    let after = tx
        .change::<Entity>(project, |row| {
            row.search_text.set_if_not_equals(search_text(&title, domain.as_deref(), area.as_deref()));
            row.title.set_if_not_equals(title);
            row.summary.set_if_not_equals(summary);
            row.kind.set_if_not_equals(kind);
            row.domain.set_if_not_equals(domain);
            row.application_area.set_if_not_equals(area);
            row.due_on.set_if_not_equals(due);
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    Ok(after.row)
}

/// The status is changed by commands, and the owner never.
fn untouchable(project: &Model, patch: &ProjectPatch) -> Result<()> {
    if patch.status.is_some_and(|status| status != project.status) {
        return Err(Error::field(Code::UseStateCommand, "/status", "The status is changed by commands such as start."));
    }
    if patch.owner_id.is_some_and(|owner| owner != project.owner_id) {
        return Err(Error::field(Code::OwnerImmutable, "/ownerId", "The owner never changes."));
    }
    Ok(())
}

/// What is in a project that has ended stays as it is.
///
/// # Errors
/// `PROJECT_CLOSED`.
pub fn open(project: &Model) -> Result<()> {
    use ProjectStatus::{Cancelled, ClosedNoAiSolution, Completed};
    if !matches!(project.status, Completed | Cancelled | ClosedNoAiSolution) {
        return Ok(());
    }
    let error = Error::new(Code::ProjectClosed, format!("The project is {}: it stays as it is.", project.status));
    Err(error.with(json!({ "status": project.status })))
}

/// A project that a caller who may not see it decides something about has not ended.
///
/// # Errors
/// `PROJECT_CLOSED`, `NOT_FOUND`.
pub async fn going_on(look: &Look, id: ProjectId) -> Result<()> {
    let of = Entity::find_by_id(id)
        .filter(Column::OrganizationId.eq(look.who.organization))
        .filter(Column::DeletedAt.is_null());
    open(&of.one(&look.db).await?.ok_or_else(|| Error::not_found("project"))?)
}

/// The project that an input names to make something in it. Whoever changes what is in one waits for whoever moves it.
///
/// # Errors
/// `REFERENCE_UNKNOWN`, `FORBIDDEN`, `PROJECT_CLOSED`.
pub async fn at_work(tx: &Tx, id: ProjectId, pointer: &str) -> Result<Model> {
    let project = tx.refer_to::<Entity>(id, Action::WorkOnProject, pointer).await?;
    open(&project)?;
    Ok(project)
}

/// The project of something that is about to be changed, which the caller was found to have the right to.
///
/// # Errors
/// `NOT_FOUND`, `PROJECT_CLOSED`.
pub async fn of_part(tx: &Tx, id: ProjectId) -> Result<Model> {
    let project = tx.find::<Entity>(id, Action::WorkOnProject).await?;
    open(&project)?;
    Ok(project)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_is_found_by_where_it_belongs() {
        assert_eq!(search_text("Wind", Some("Energy"), Some("Forecasting")), "wind energy forecasting");
        assert_eq!(search_text("Ärger", None, None), "ärger");
    }
}
