//! `unmetGates`: what each step still lacks, to be drawn before the button is pressed (§9).

use entity::{
    id::ProjectId,
    kind::{Declared as _, Kind, id, list, word},
    object,
    projects::{
        candidate_solution, expert_consultation, feasibility_assessment, metric, project,
        scope::{self, Step},
        value_assessment,
    },
    vocabulary::Vocabulary as _,
};

use super::{
    super::{budget, milestone, part::living},
    gate::{Unmet, steps},
    of_project,
};
use crate::domain::{answer::Answer, error::Result, look::Look, policy::Action};

const UNMET: Kind = Kind::Object(Unmet::object);

object! {
    /// Of which project, and of which step.
    UnmetGatesQuestion {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
        /// The step; without it, every step.
        optional step: Step = word::<Step>(),
    }
}

/// `unmetGates`.
#[must_use]
pub fn of_scope() -> Answer {
    Answer::new(
        "unmetGates",
        Action::ViewScope,
        "What the steps of a project's scope still lack before they can be completed.",
        list(&UNMET, 10_000),
        unmet_gates,
    )
}

async fn unmet_gates(look: Look, asked: UnmetGatesQuestion) -> Result<Vec<Unmet>> {
    let project = look.find::<project::Entity>(asked.project_id, Action::ViewProject).await?;
    let scope = of_project(&look, &project).await?;
    let wanted = Step::ALL.iter().filter(|step| asked.step.is_none_or(|only| only == **step));
    let mut unmet = Vec::new();
    for step in wanted {
        unmet.extend(of_step(&look, &scope, *step).await?);
    }
    Ok(unmet)
}

/// What one step lacks.
pub(in super::super) async fn of_step(look: &Look, scope: &scope::Model, step: Step) -> Result<Vec<Unmet>> {
    let project = scope.project_id;
    Ok(match step {
        Step::BusinessProblem => steps::business_problem(
            scope.problem.as_ref().map(|problem| &problem.0),
            scope.expert_waiver_reason.as_deref(),
            &living::<expert_consultation::Entity>(look, project).await?,
        ),
        Step::SolutionBrainstorm => steps::solution_brainstorm(
            &living::<candidate_solution::Entity>(look, project).await?,
            scope.single_idea_reason.as_deref(),
        ),
        Step::Assessment => steps::assessment(
            &living::<candidate_solution::Entity>(look, project).await?,
            &living::<feasibility_assessment::Entity>(look, project).await?,
            &living::<value_assessment::Entity>(look, project).await?,
        ),
        Step::Milestones => milestone::gate::gate(
            &living::<entity::projects::milestone::Entity>(look, project).await?,
            &living::<metric::Entity>(look, project).await?,
            &look.who.settings,
        ),
        Step::Budget => budget::gate::of_project(look, project).await?,
    })
}
