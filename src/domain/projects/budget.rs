//! What a project is planned to take: one budget each, with what is not needed and who approved it (§9, §12).

pub mod approval;
pub mod gate;
pub mod measure;
mod needed;
pub mod summary;

use entity::{
    id::{BudgetId, ProjectId, UserId},
    kind::{Declared as _, Kind, id, int, line, list, prose, word},
    projects::{
        budget::{ActiveModel, BudgetApproval, Column, Entity, Model, NotNeeded},
        project,
    },
    vocabulary::Json,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::project::of_part as project_of;
use crate::{
    domain::{
        clock,
        error::{Error, Result},
        look::Look,
        policy::Action,
        tx::Tx,
        verb::{Resource, Row, Target, Verb},
    },
    read::{
        cell::{Cell, Store},
        shape::{Leaf, Need, Shape, leaf},
    },
};

pub(super) const REASON: Kind = prose(1000);
pub(super) const NOT_NEEDED: Kind = Kind::Object(NotNeeded::object);

impl Row for Entity {
    const NAME: &'static str = "Budget";
    type Id = BudgetId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<BudgetId>(), "The id."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is.").filter(),
        Column::NotNeeded => leaf(list(&NOT_NEEDED, 4), "The categories that are not needed, each with why."),
        Column::Approval => {
            leaf(word::<BudgetApproval>(), "Where its approval stands; changed by commands only.").filter()
        }
        Column::ApprovalRequestedAt => leaf(Kind::Time, "Since when somebody is asked to approve it.").filter().sort(),
        Column::ApproverId => leaf(id::<UserId>(), "Who approved it as it stands, or did not.").filter(),
        Column::DecidedAt => leaf(Kind::Time, "When they did."),
        Column::DecisionReason => leaf(REASON, "Why they did."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it goes with its project."),
        Column::OrganizationId => return None,
    })
}

/// Who approves a budget sees what it is for, and may see nothing else of the project.
const TITLE: Need = Need::aggregate("(SELECT p.title FROM project p WHERE p.id = {t}.project_id)", Store::Text);

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Budget",
        "What a project is planned to take (§12): made with the project.",
        "bud",
        Action::ViewBudget,
        show,
    )
    .order("created_at", false)
    .computed(
        "projectTitle",
        line(1, 200),
        "What the project is called: who approves a budget need not see the project.",
        vec![TITLE],
        |cells, _| cells.first().cloned().unwrap_or(Cell::Null),
    )
    .one("project", "project_id", "Project", "The project.")
    .one("approver", "approver_id", "User", "Who approved it as it stands, or did not.")
    .many("lines", "budget_id", "BudgetLine", "What it takes.")
    .list(approval::queue());
    Resource { shape, plural: "budgets", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{ApproveBudget, EditBudget};
    vec![
        Verb::on::<Entity, _, _, _>(
            "markNotNeeded",
            EditBudget,
            "Say why a category is not needed. One that has lines is: they go first.",
            needed::mark_not_needed,
        ),
        Verb::on::<Entity, _, _, _>("markNeeded", EditBudget, "Take that back.", needed::mark_needed),
        Verb::on::<Entity, _, _, _>(
            "requestApproval",
            EditBudget,
            "Ask whoever the organization names to approve it. Once they have, a change of what is planned needs their approval again.",
            approval::request,
        ),
        Verb::on::<Entity, _, _, _>(
            "cancelApprovalRequest",
            EditBudget,
            "Take the request for approval back.",
            approval::cancel_request,
        ),
        Verb::on::<Entity, _, _, _>("approve", ApproveBudget, "Approve it as it stands.", approval::approve),
        Verb::on::<Entity, _, _, _>("reject", ApproveBudget, "Say why it is not approved.", approval::reject),
        Verb::on::<Entity, _, _, _>(
            "unapprove",
            ApproveBudget,
            "Take the approval back: it waits for another decision.",
            approval::unapprove,
        ),
    ]
}

pub use gate::gate;
pub(super) use needed::is_needed;

/// Gives a new project its budget.
pub(super) async fn begin(tx: &mut Tx, project: &project::Model) -> Result<Model> {
    let budget = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            project_id: Set(project.id),
            owner_id: Set(project.owner_id),
            not_needed: Set(Json(Vec::new())),
            approval: Set(BudgetApproval::Draft),
            approval_requested_at: Set(None),
            approver_id: Set(None),
            decided_at: Set(None),
            decision_reason: Set(None),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.record("created", &budget, json!({ "projectId": project.id }))?;
    Ok(budget)
}

/// A budget that is about to be changed, in a project that has not ended. Everybody takes the project first, then the budget.
async fn to_change(tx: &Tx, target: &Target<BudgetId>) -> Result<Model> {
    let known = tx.find::<Entity>(target.id, Action::ViewBudget).await?;
    project_of(tx, known.project_id).await?;
    tx.find_at::<Entity>(target, Action::EditBudget).await
}

/// The budget of a project, to do something with it.
pub(super) async fn of_project(look: &Look, project: ProjectId, action: Action) -> Result<Model> {
    let of = Entity::find()
        .filter(Column::OrganizationId.eq(look.who.organization))
        .filter(Column::ProjectId.eq(project))
        .filter(Column::DeletedAt.is_null());
    let known = of.one(&look.db).await?.ok_or_else(|| Error::not_found("project"))?;
    look.find::<Entity>(known.id, action).await
}
