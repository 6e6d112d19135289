//! The checklist of three factors for an idea or a project: growth, people, and what it leads to (§14).

mod judged;
mod people;
pub mod verdict;

use entity::{
    id::{ProjectId, ProjectIdeaId, SelectionChecklistId, UserId},
    kind::{Declared as _, Kind, id, int},
    object,
    projects::{
        project_idea,
        selection_checklist::{ActiveModel, ChecklistPeople, Column, Entity, Model, PEOPLE},
    },
    vocabulary::Json,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Serialize;
use serde_json::json;

pub(super) use judged::BEFORE;

use super::project;
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

/// How much of something there is.
pub(super) const SCORE: Kind = int(1, 5);
pub(super) const GROWTH: Kind = Kind::Object(ChecklistGrowth::object);
pub(super) const STEPPING_STONE: Kind = Kind::Object(ChecklistSteppingStone::object);

impl Row for Entity {
    const NAME: &'static str = "SelectionChecklist";
    type Id = SelectionChecklistId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<SelectionChecklistId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Whose idea or project it is about.").filter(),
        Column::IdeaId => leaf(id::<ProjectIdeaId>(), "The idea.").filter(),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project; that of the idea, once there is one.").filter(),
        Column::People => {
            leaf(Kind::Object(ChecklistPeople::object), "Whom there is to work with, and whom to talk to.")
        }
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        // The numbers are shown together, as `growth` and `steppingStone`.
        Column::OrganizationId
        | Column::Stretch
        | Column::SuccessLikelihood
        | Column::TechnicalComplexity
        | Column::BusinessImpact => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "SelectionChecklist",
        "What speaks for an idea or a project: three factors (§14). It never blocks.",
        "chk",
        Action::ViewSelectionChecklist,
        show,
    )
    .order("created_at", false);
    let shape = judged::shown(shape)
        .one("owner", "owner_id", "User", "Whose idea or project it is about.")
        .one("idea", "idea_id", "ProjectIdea", "The idea.")
        .one("project", "project_id", "Project", "The project.");
    Resource { shape, plural: "selectionChecklists", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::EditSelectionChecklist;
    vec![
        Verb::on_collection(
            "put",
            EditSelectionChecklist,
            "Say what speaks for an idea or a project, in place of what was said: each has one checklist.",
            put,
        ),
        Verb::on::<Entity, _, _, _>(
            "delete",
            EditSelectionChecklist,
            "Delete a checklist; it can be restored.",
            delete,
        ),
        Verb::on::<Entity, _, _, _>("restore", EditSelectionChecklist, "Bring a deleted checklist back.", restore),
    ]
}

object! {
    /// Whether somebody grows with it.
    #[derive(Serialize, PartialEq, Eq)]
    ChecklistGrowth {
        /// How much it asks that is new, 1 to 5.
        required stretch: i64 = SCORE,
        /// How likely it is to succeed, 1 to 5.
        required success_likelihood: i64 = SCORE,
    }
}

object! {
    /// Whether it leads further.
    #[derive(Serialize, PartialEq, Eq)]
    ChecklistSteppingStone {
        /// How complex it is, 1 to 5.
        required technical_complexity: i64 = SCORE,
        /// How much it matters to a business, 1 to 5.
        required business_impact: i64 = SCORE,
    }
}

object! {
    /// People for it: of the organization (`usr_…`), or contacts (`ctc_…`).
    NamedPeople {
        /// Who would work on it, too.
        optional teammate_ids: Vec<String> = PEOPLE,
        /// With whom it can be discussed.
        optional discussant_ids: Vec<String> = PEOPLE,
    }
}

object! {
    /// What speaks for an idea or a project.
    NewSelectionChecklist {
        /// The idea; this or the project.
        optional idea_id: ProjectIdeaId = id::<ProjectIdeaId>(),
        /// The project.
        optional project_id: ProjectId = id::<ProjectId>(),
        /// Whether its owner grows with it.
        required growth: ChecklistGrowth = GROWTH,
        /// Whom there is to work with, and whom to talk to; nobody, unless they are named.
        optional people: NamedPeople = Kind::Object(NamedPeople::object),
        /// Whether it leads further.
        required stepping_stone: ChecklistSteppingStone = STEPPING_STONE,
    }
}

/// What a checklist is about.
struct Subject {
    owner: UserId,
    idea: Option<ProjectIdeaId>,
    project: Option<ProjectId>,
}

async fn put(who: Caller, new: NewSelectionChecklist) -> Result<Done> {
    let mut tx = who.begin().await?;
    let subject = subject(&tx, &new).await?;
    let people = people::known(&tx, new.people).await?;
    let Some(was) = of(&tx, &subject).await? else {
        let row = add(&mut tx, subject, people, &new.growth, &new.stepping_stone).await?;
        return tx.made(&row).await;
    };
    if let Some(project) = was.project_id.filter(|_| subject.project.is_none()) {
        project::of_part(&tx, project).await?;
    }
    let (growth, stone) = (new.growth, new.stepping_stone);
    let after = tx
        .change::<Entity>(was, |row| {
            row.stretch.set_if_not_equals(growth.stretch);
            row.success_likelihood.set_if_not_equals(growth.success_likelihood);
            row.people.set_if_not_equals(Json(people));
            row.technical_complexity.set_if_not_equals(stone.technical_complexity);
            row.business_impact.set_if_not_equals(stone.business_impact);
        })
        .await?;
    if after.changed {
        record(&mut tx, "updated", &after.row)?;
    }
    tx.done(&after.row).await
}

/// What the input is about, found with the right to change it. Who fills in the same checklist waits for who does.
async fn subject(tx: &Tx, new: &NewSelectionChecklist) -> Result<Subject> {
    match (new.idea_id, new.project_id) {
        (Some(id), None) => {
            let idea = tx.refer_to::<project_idea::Entity>(id, Action::EditProjectIdea, "/ideaId").await?;
            tx.lock(&format!("checklist {id}")).await?;
            Ok(Subject { owner: idea.owner_id, idea: Some(id), project: None })
        }
        (None, Some(id)) => {
            let project = project::at_work(tx, id, "/projectId").await?;
            tx.lock(&format!("checklist {id}")).await?;
            Ok(Subject { owner: project.owner_id, idea: None, project: Some(id) })
        }
        _ => Err(Error::field(Code::ChecklistSubjectAmbiguous, "/ideaId", "Name either ideaId or projectId.")),
    }
}

/// The checklist that there is.
async fn of(tx: &Tx, subject: &Subject) -> Result<Option<Model>> {
    let about = match subject.idea {
        Some(idea) => Column::IdeaId.eq(idea),
        None => Column::ProjectId.eq(subject.project),
    };
    let found = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(about)
        .filter(Column::DeletedAt.is_null());
    Ok(found.one(&tx.db).await?)
}

async fn add(
    tx: &mut Tx,
    subject: Subject,
    people: ChecklistPeople,
    growth: &ChecklistGrowth,
    stone: &ChecklistSteppingStone,
) -> Result<Model> {
    let row = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            owner_id: Set(subject.owner),
            idea_id: Set(subject.idea),
            project_id: Set(subject.project),
            stretch: Set(growth.stretch),
            success_likelihood: Set(growth.success_likelihood),
            people: Set(Json(people)),
            technical_complexity: Set(stone.technical_complexity),
            business_impact: Set(stone.business_impact),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    record(tx, "created", &row)?;
    Ok(row)
}

async fn delete(who: Caller, target: Target<SelectionChecklistId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let row = tx.find_at::<Entity>(&target, Action::EditSelectionChecklist).await?;
    still_open(&tx, &row).await?;
    let row = tx.delete::<Entity>(row).await?;
    record(&mut tx, "deleted", &row)?;
    tx.done(&row).await
}

async fn restore(who: Caller, target: Target<SelectionChecklistId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let row = tx.find_deleted::<Entity>(&target, Action::EditSelectionChecklist).await?;
    still_open(&tx, &row).await?;
    let row = tx.restore::<Entity>(row).await?;
    record(&mut tx, "restored", &row)?;
    tx.done(&row).await
}

/// What is in a project that has ended stays as it is.
async fn still_open(tx: &Tx, row: &Model) -> Result<()> {
    match row.project_id {
        Some(project) => project::of_part(tx, project).await.map(|_| ()),
        None => Ok(()),
    }
}

pub(super) fn record(tx: &mut Tx, what: &str, row: &Model) -> Result<()> {
    tx.record(what, row, json!({ "ideaId": row.idea_id, "projectId": row.project_id }))
}
