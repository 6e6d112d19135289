//! Ideas for projects: from four sources, each with its rule, looked at before they become anything (§13).

pub mod compare;
mod origin;
mod promote;
pub mod prompts;
mod state;

use entity::{
    id::{ContactId, LearningResourceId, ProjectId, ProjectIdeaId, UserId},
    kind::{Declared as _, Kind, Patch, id, int, line, prose, word},
    object,
    platform::user,
    projects::project_idea::{ActiveModel, Column, EmployerConflict, Entity, IdeaSource, IdeaStatus, Model},
    vocabulary::Json,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use self::{origin::Origin, state::Command};
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

pub(super) const TITLE: Kind = line(1, 200);
const DESCRIPTION: Kind = prose(5000);
const AREA: Kind = line(1, 100);
const REASON: Kind = prose(2000);
const CONFLICT: Kind = Kind::Object(EmployerConflict::object);

impl Row for Entity {
    const NAME: &'static str = "ProjectIdea";
    type Id = ProjectIdeaId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ProjectIdeaId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Whose idea it is; it never changes.").filter(),
        Column::Title => leaf(TITLE, "What it is called.").sort(),
        Column::Description => leaf(DESCRIPTION, "What it is about."),
        Column::Source => leaf(word::<IdeaSource>(), "Where it comes from.").filter(),
        Column::Status => leaf(word::<IdeaStatus>(), "Where it stands; changed by commands only.").filter(),
        Column::ApplicationArea => leaf(AREA, "Where AI would be applied.").filter(),
        Column::OriginContactId => leaf(id::<ContactId>(), "Whom it comes from.").filter(),
        Column::OriginResourceId => leaf(id::<LearningResourceId>(), "What it was read in.").filter(),
        Column::OriginProjectId => leaf(id::<ProjectId>(), "The project to join.").filter(),
        Column::EmployerConflict => leaf(CONFLICT, "What its owner declared about an employer's interests."),
        Column::ShelveReason => leaf(REASON, "Why it was put away, while it is."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project that came of it.").filter(),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::SearchText => return None,
    })
}

/// The declaration. Where it comes from is called its source, as the playbook does; so GraphQL calls the other system
/// of an upsert `externalSource`.
#[must_use]
pub fn resource() -> Resource {
    let shape =
        Shape::new::<Entity>("ProjectIdea", "An idea for a project (§13).", "ide", Action::ViewProjectIdea, show)
            .order("created_at", false)
            .external_refs()
            .one("owner", "owner_id", "User", "Whose idea it is.")
            .one("originContact", "origin_contact_id", "Contact", "Whom it comes from.")
            .one("originResource", "origin_resource_id", "LearningResource", "What it was read in.")
            .one("originProject", "origin_project_id", "Project", "The project to join.")
            .one("project", "project_id", "Project", "The project that came of it.")
            .many("checklists", "idea_id", "SelectionChecklist", "What speaks for it: one checklist, or none.");
    Resource { shape, plural: "projectIdeas", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{CreateProjectIdea, EditProjectIdea};
    vec![
        Verb::create(CreateProjectIdea, "Write an idea down.", create),
        Verb::upsert(CreateProjectIdea, "Add or change the idea that another system's name stands for.", upsert),
        Verb::on::<Entity, _, _, _>("update", EditProjectIdea, "Change an idea.", update),
        Verb::delete::<Entity>(EditProjectIdea, "Delete an idea; it can be restored."),
        Verb::restore::<Entity>(EditProjectIdea, "Bring a deleted idea back."),
        Verb::on::<Entity, _, _, _>(
            "evaluate",
            EditProjectIdea,
            "Say that it has been looked at: best after its checklist was filled in.",
            evaluate,
        ),
        Verb::on::<Entity, _, _, _>(
            "promote",
            EditProjectIdea,
            "Begin a project with it, whose scope is at the first step; its checklist goes with it.",
            promote::promote,
        )
        .called("promoteIdea"),
        Verb::on::<Entity, _, _, _>("shelve", EditProjectIdea, "Put it away for now.", shelve),
        Verb::on::<Entity, _, _, _>("revive", EditProjectIdea, "Take up again what was put away.", revive),
    ]
}

object! {
    /// An idea to write down.
    NewProjectIdea {
        /// What it is called.
        required title: String = TITLE,
        /// What it is about.
        optional description: String = DESCRIPTION,
        /// Where it comes from. `JOIN_EXISTING` names a project or a contact.
        required source: IdeaSource = word::<IdeaSource>(),
        /// Where AI would be applied.
        optional application_area: String = AREA,
        /// Whom it comes from: a contact of the owner's.
        optional origin_contact_id: ContactId = id::<ContactId>(),
        /// What it was read in.
        optional origin_resource_id: LearningResourceId = id::<LearningResourceId>(),
        /// The project to join.
        optional origin_project_id: ProjectId = id::<ProjectId>(),
        /// What the owner declares about an employer's interests; needed before a side hustle is promoted.
        optional employer_conflict: EmployerConflict = CONFLICT,
        /// Whose idea it is: your own, unless you plan for somebody who let you.
        optional owner_id: UserId = id::<UserId>(),
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

const CONFLICT_PATCH: Kind = Kind::Object(EmployerConflictPatch::object);

object! {
    /// Changes to what is declared about an employer's interests.
    EmployerConflictPatch {
        /// Whether they looked into it and say so here.
        change declared: bool = Kind::Bool,
        /// What they found.
        clear notes: String = prose(2000),
    }
}

impl EmployerConflictPatch {
    /// What is declared after the patch.
    fn over(self, was: EmployerConflict) -> EmployerConflict {
        EmployerConflict { declared: self.declared.unwrap_or(was.declared), notes: self.notes.over(was.notes) }
    }
}

object! {
    /// Changes to an idea.
    ProjectIdeaPatch {
        /// What it is called.
        change title: String = TITLE,
        /// What it is about.
        clear description: String = DESCRIPTION,
        /// Where it comes from.
        change source: IdeaSource = word::<IdeaSource>(),
        /// Where AI would be applied.
        clear application_area: String = AREA,
        /// Whom it comes from: a contact of the owner's.
        clear origin_contact_id: ContactId = id::<ContactId>(),
        /// What it was read in.
        clear origin_resource_id: LearningResourceId = id::<LearningResourceId>(),
        /// The project to join.
        clear origin_project_id: ProjectId = id::<ProjectId>(),
        /// What the owner declares about an employer's interests: of what was declared, what is named here changes.
        change employer_conflict: EmployerConflictPatch = CONFLICT_PATCH,
        /// Changed by commands only: another value is refused with `USE_STATE_COMMAND`.
        change status: IdeaStatus = word::<IdeaStatus>(),
        /// Never changes: another value is refused with `OWNER_IMMUTABLE`.
        change owner_id: UserId = id::<UserId>(),
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Why an idea is put away.
    ShelvedIdea {
        /// Why.
        optional reason: String = REASON,
    }
}

async fn create(who: Caller, new: NewProjectIdea) -> Result<Done> {
    let mut tx = who.begin().await?;
    let idea = capture(&mut tx, new).await?;
    tx.made(&idea).await
}

async fn upsert(who: Caller, external: External, mut new: NewProjectIdea) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let idea = tx.find_external::<Entity>(&external, id, Action::EditProjectIdea).await?;
        let patch = ProjectIdeaPatch {
            title: Some(new.title),
            description: new.description.map_or(Patch::Keep, Patch::Set),
            source: Some(new.source),
            application_area: new.application_area.map_or(Patch::Keep, Patch::Set),
            origin_contact_id: new.origin_contact_id.map_or(Patch::Keep, Patch::Set),
            origin_resource_id: new.origin_resource_id.map_or(Patch::Keep, Patch::Set),
            origin_project_id: new.origin_project_id.map_or(Patch::Keep, Patch::Set),
            employer_conflict: new.employer_conflict.map(|said| EmployerConflictPatch {
                declared: Some(said.declared),
                notes: said.notes.map_or(Patch::Keep, Patch::Set),
            }),
            status: None,
            owner_id: new.owner_id,
            external_refs: new.external_refs,
        };
        let idea = revise(&mut tx, idea, patch).await?;
        return tx.done(&idea).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let idea = capture(&mut tx, new).await?;
    tx.made(&idea).await
}

async fn capture(tx: &mut Tx, new: NewProjectIdea) -> Result<Model> {
    let owner = for_whom(tx, new.owner_id).await?;
    let origin =
        Origin { contact: new.origin_contact_id, resource: new.origin_resource_id, project: new.origin_project_id };
    origin.is_enough(new.source)?;
    origin.found(tx, None, owner.id).await?;
    let idea = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            owner_id: Set(owner.id),
            search_text: Set(search_text(&new.title, new.application_area.as_deref())),
            title: Set(new.title),
            description: Set(new.description),
            source: Set(new.source),
            status: Set(IdeaStatus::Captured),
            application_area: Set(new.application_area),
            origin_contact_id: Set(new.origin_contact_id),
            origin_resource_id: Set(new.origin_resource_id),
            origin_project_id: Set(new.origin_project_id),
            employer_conflict: Set(Json(
                new.employer_conflict.unwrap_or(EmployerConflict { declared: false, notes: None }),
            )),
            shelve_reason: Set(None),
            project_id: Set(None),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&idea, new.external_refs.as_deref()).await?;
    tx.record("created", &idea, json!({ "title": idea.title, "source": idea.source }))?;
    Ok(idea)
}

/// Whose idea it is: the caller's, or that of somebody who let them plan.
async fn for_whom(tx: &Tx, wanted: Option<UserId>) -> Result<user::Model> {
    let id = wanted.or(tx.who.user());
    let id = id.ok_or_else(|| Error::field(Code::OwnerRequired, "/ownerId", "A machine names whose idea it is."))?;
    tx.refer_to::<user::Entity>(id, Action::PlanProjectFor, "/ownerId").await
}

fn search_text(title: &str, area: Option<&str>) -> String {
    format!("{title} {}", area.unwrap_or_default()).trim().to_lowercase()
}

async fn update(who: Caller, target: Target<ProjectIdeaId>, patch: ProjectIdeaPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let idea = tx.find_at::<Entity>(&target, Action::EditProjectIdea).await?;
    let idea = revise(&mut tx, idea, patch).await?;
    tx.done(&idea).await
}

async fn revise(tx: &mut Tx, idea: Model, patch: ProjectIdeaPatch) -> Result<Model> {
    untouchable(&idea, &patch)?;
    let was = Origin::of(&idea);
    let origin = Origin {
        contact: patch.origin_contact_id.over(was.contact),
        resource: patch.origin_resource_id.over(was.resource),
        project: patch.origin_project_id.over(was.project),
    };
    let source = patch.source.unwrap_or(idea.source);
    origin.is_enough(source)?;
    origin.found(tx, Some(was), idea.owner_id).await?;
    let title = patch.title.unwrap_or_else(|| idea.title.clone());
    let description = patch.description.over(idea.description.clone());
    let area = patch.application_area.over(idea.application_area.clone());
    let conflict = idea.employer_conflict.0.clone();
    let conflict = match patch.employer_conflict {
        Some(patch) => patch.over(conflict),
        None => conflict,
    };
    let after = tx
        .change::<Entity>(idea, |row| {
            row.search_text.set_if_not_equals(search_text(&title, area.as_deref()));
            row.title.set_if_not_equals(title);
            row.description.set_if_not_equals(description);
            row.source.set_if_not_equals(source);
            row.application_area.set_if_not_equals(area);
            row.origin_contact_id.set_if_not_equals(origin.contact);
            row.origin_resource_id.set_if_not_equals(origin.resource);
            row.origin_project_id.set_if_not_equals(origin.project);
            row.employer_conflict.set_if_not_equals(Json(conflict));
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
fn untouchable(idea: &Model, patch: &ProjectIdeaPatch) -> Result<()> {
    if patch.status.is_some_and(|status| status != idea.status) {
        let why = "The status is changed by commands such as evaluate.";
        return Err(Error::field(Code::UseStateCommand, "/status", why));
    }
    let undeclared = patch.employer_conflict.as_ref().is_some_and(|said| said.declared == Some(false));
    let elsewhere = patch.source.is_some_and(|source| source != idea.source);
    if idea.status == IdeaStatus::Promoted && (undeclared && idea.employer_conflict.0.declared || elsewhere) {
        let pointer = if elsewhere { "/source" } else { "/employerConflict/declared" };
        let why = "A project came of it: where it came from and what was declared stand.";
        return Err(Error::field(Code::InvalidTransition, pointer, why));
    }
    if patch.owner_id.is_some_and(|owner| owner != idea.owner_id) {
        return Err(Error::field(Code::OwnerImmutable, "/ownerId", "The owner never changes."));
    }
    Ok(())
}

async fn evaluate(who: Caller, target: Target<ProjectIdeaId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let idea = tx.find_at::<Entity>(&target, Action::EditProjectIdea).await?;
    let to = state::after(idea.status, Command::Evaluate)?;
    promote::checklist_of(&mut tx, &idea).await?;
    step(tx, idea, (Command::Evaluate, to), None).await
}

async fn shelve(who: Caller, target: Target<ProjectIdeaId>, why: ShelvedIdea) -> Result<Done> {
    let tx = who.begin().await?;
    let idea = tx.find_at::<Entity>(&target, Action::EditProjectIdea).await?;
    let to = state::after(idea.status, Command::Shelve)?;
    step(tx, idea, (Command::Shelve, to), why.reason).await
}

async fn revive(who: Caller, target: Target<ProjectIdeaId>, _: Nothing) -> Result<Done> {
    let tx = who.begin().await?;
    let idea = tx.find_at::<Entity>(&target, Action::EditProjectIdea).await?;
    let to = state::after(idea.status, Command::Revive)?;
    step(tx, idea, (Command::Revive, to), None).await
}

/// Moves an idea, and keeps why.
async fn step(mut tx: Tx, idea: Model, (command, to): (Command, IdeaStatus), why: Option<String>) -> Result<Done> {
    let after = tx
        .change::<Entity>(idea, |row| {
            row.status = Set(to);
            row.shelve_reason.set_if_not_equals(why);
        })
        .await?;
    tx.record(command.event(), &after.row, json!({ "status": to }))?;
    tx.done(&after.row).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_idea_is_found_by_title_and_area() {
        assert_eq!(search_text("Wind", Some("Energy")), "wind energy");
        assert_eq!(search_text("Ähren", None), "ähren");
    }
}
