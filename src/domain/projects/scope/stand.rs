//! Where a project and its scope stand, and how a command moves them: the rows beside the machine (§9).

use entity::{
    id::ScopeId,
    projects::{
        project::{self, ProjectStatus},
        scope, scope_step,
        scope_step::StepState,
    },
    vocabulary::Vocabulary as _,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};

use super::{machine::At, of_project};
use crate::domain::{
    error::{Error, Result},
    policy::Action,
    tx::Tx,
    verb::Target,
};

/// A project, its scope and its five steps, as they are about to be moved.
#[derive(Debug)]
pub struct Stand {
    /// The project.
    pub project: project::Model,
    /// Its scope.
    pub scope: scope::Model,
    /// Its steps, in their order.
    pub steps: Vec<scope_step::Model>,
    /// Where they stand together.
    pub at: At,
}

/// What is said of a command that was carried out.
#[derive(Debug, Default)]
pub struct Saying {
    /// What happened to the project, as its event says it, when its status changes.
    pub project: &'static str,
    /// What happened to the scope, when it is the scope that is moved.
    pub scope: Option<&'static str>,
    /// More.
    pub data: Value,
    /// Why the project ended.
    pub note: Option<String>,
    /// Whether another revision begins.
    pub again: bool,
}

impl Stand {
    /// Of a project that was found to be moved: who moves it waits for whoever does.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn of(tx: &Tx, project: project::Model) -> Result<Self> {
        let scope = of_project(tx, &project).await?;
        let steps = scope_step::Entity::find()
            .filter(scope_step::Column::OrganizationId.eq(tx.who.organization))
            .filter(scope_step::Column::ScopeId.eq(scope.id))
            .filter(scope_step::Column::DeletedAt.is_null())
            .order_by_asc(scope_step::Column::Place)
            .all(&tx.db)
            .await?;
        let states: Vec<StepState> = steps.iter().map(|step| step.state).collect();
        let states = states.try_into().map_err(|_| Error::internal("a scope without its five steps"))?;
        let at = At { status: project.status, steps: states };
        Ok(Self { project, scope, steps, at })
    }

    /// Of the scope that a verb names. The project comes first, as everywhere: two who move it do not wait for each other
    /// for ever.
    ///
    /// # Errors
    /// `NOT_FOUND`, `FORBIDDEN`, `VERSION_MISMATCH`.
    pub async fn of_scope(tx: &Tx, target: &Target<ScopeId>) -> Result<Self> {
        let seen = tx.find::<scope::Entity>(target.id, Action::ViewScope).await?;
        let project = tx.find::<project::Entity>(seen.project_id, Action::MoveProject).await?;
        tx.find_at::<scope::Entity>(target, Action::MoveScope).await?;
        Self::of(tx, project).await
    }

    /// Moves everything to where it stands afterwards, and says what happened.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn go(self, tx: &mut Tx, after: At, said: Saying) -> Result<(project::Model, scope::Model)> {
        let now = tx.now;
        let current = after.current();
        for (step, state) in self.steps.into_iter().zip(after.steps) {
            let named = step.step;
            tx.change::<scope_step::Entity>(step, |row| {
                row.state.set_if_not_equals(state);
                // A stale step is worked on from when its turn comes, not from when it was opened long ago.
                let turn = current == Some(named) && self.at.current() != current;
                match state {
                    StepState::Stale if turn => row.opened_at = Set(Some(now)),
                    _ if !row.state.is_set() => {}
                    StepState::Open => row.opened_at = Set(Some(now)),
                    StepState::Complete => row.completed_at = Set(Some(now)),
                    StepState::Locked | StepState::Stale => {}
                }
            })
            .await?;
        }
        let scope = tx
            .change::<scope::Entity>(self.scope, |row| {
                row.current_step.set_if_not_equals(after.current());
                if said.again {
                    row.revision = Set(row.revision.take().unwrap_or_default() + 1);
                }
            })
            .await?;
        if let Some(what) = said.scope {
            tx.record(what, &scope.row, said.data.clone())?;
        }
        let before = self.project.status;
        let project = tx
            .change::<project::Entity>(self.project, |row| {
                row.current_step.set_if_not_equals(after.current());
                row.status.set_if_not_equals(after.status);
                if after.status == ProjectStatus::InProgress && row.started_at.as_ref().is_none() {
                    row.started_at = Set(Some(now));
                }
                if is_over(after.status) {
                    row.ended_at = Set(Some(now));
                    row.end_note.set_if_not_equals(said.note);
                }
            })
            .await?;
        if project.changed {
            let what = if before == after.status { "step_changed" } else { said.project };
            let data = json!({ "from": before, "to": after.status, "currentStep": after.current() });
            tx.record(what, &project.row, data)?;
        }
        Ok((project.row, scope.row))
    }
}

/// Whether a project has ended.
#[must_use]
pub fn is_over(status: ProjectStatus) -> bool {
    matches!(status, ProjectStatus::Completed | ProjectStatus::Cancelled | ProjectStatus::ClosedNoAiSolution)
}

/// The five steps of a new scope.
pub(super) async fn begin(tx: &Tx, scope: &scope::Model) -> Result<()> {
    use entity::projects::scope::Step;
    let rows = Step::ALL.iter().zip(At::BEGIN.steps).map(|(step, state)| scope_step::ActiveModel {
        id: Set(crate::domain::clock::new_id()),
        organization_id: Set(scope.organization_id),
        project_id: Set(scope.project_id),
        owner_id: Set(scope.owner_id),
        scope_id: Set(scope.id),
        step: Set(*step),
        place: Set(i64::try_from(step.ordinal()).unwrap_or_default() + 1),
        state: Set(state),
        opened_at: Set((state == StepState::Open).then_some(tx.now)),
        completed_at: Set(None),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    });
    tx.insert_all::<scope_step::Entity>(rows.collect()).await.map(|_| ())
}
