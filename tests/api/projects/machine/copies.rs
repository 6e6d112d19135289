//! Projects in great number, as nobody has the time to make them: one is made through its face, and its rows are copied.

use cairn::domain::{clock, projects::scope::machine::At};
use entity::{
    projects::{
        budget, budget_line, candidate_solution, feasibility_assessment, metric, milestone, project, scope, scope_step,
        value_assessment,
    },
    vocabulary::Vocabulary as _,
};
use sea_orm::{ColumnTrait as _, DatabaseConnection, EntityTrait, IntoActiveModel, QueryFilter as _, QueryOrder as _};
use serde_json::json;

use crate::{
    harness::Actor,
    projects::{assess, begun, candidate, plan, promise, spare, state_the_problem},
};

/// A project with everything in it that the gates ask for, and no more.
pub struct Original {
    db: DatabaseConnection,
    project: project::Model,
    scope: scope::Model,
    steps: Vec<scope_step::Model>,
    candidate: candidate_solution::Model,
    feasibility: feasibility_assessment::Model,
    value: value_assessment::Model,
    milestone: milestone::Model,
    metrics: Vec<metric::Model>,
    budget: budget::Model,
    lines: Vec<budget_line::Model>,
}

/// A copy of it, by the ids that commands name.
#[derive(Clone, Debug)]
pub struct Copied {
    pub project: String,
    pub scope: String,
    pub solution: String,
    pub feasibility: String,
    pub business: String,
    pub budget: String,
    /// The trial that was asked for last.
    pub proof: Option<String>,
}

macro_rules! of_project {
    ($db:expr, $module:ident, $id:expr) => {
        $module::Entity::find()
            .filter($module::Column::ProjectId.eq($id))
            .order_by_asc($module::Column::Id)
            .all($db)
            .await
            .unwrap()
    };
}

impl Original {
    pub async fn new(who: &Actor) -> Self {
        let (name, scope) = begun(who, "Wind").await;
        state_the_problem(who, &name, &scope).await;
        who.update("Scope", &scope, json!({ "singleIdeaReason": "The law asks for it." })).await.done();
        let solution = candidate(who, &name, "Forecast").await;
        assess(who, &solution, "FEASIBLE", "HIGH").await;
        who.tell("CandidateSolution", "select", &solution).await.done();
        promise(who, &name, &["ML", "BUSINESS"]).await;
        for category in ["DATA", "PEOPLE", "TIME"] {
            plan(who, &name, category).await;
        }
        spare(who, &name, "INTEGRATIONS").await;
        // Whom they asked about it is left out: a reason stands in.
        who.update("Scope", &scope, json!({ "expertWaiverReason": "I am one." })).await.done();
        let db = who.api.house.database.write.clone();
        let id: entity::id::ProjectId = name.parse().unwrap();
        let project = project::Entity::find_by_id(id).one(&db).await.unwrap().unwrap();
        let mut steps = of_project!(&db, scope_step, id);
        steps.sort_by_key(|step| step.place);
        Self {
            project,
            scope: of_project!(&db, scope, id).remove(0),
            steps,
            candidate: of_project!(&db, candidate_solution, id).remove(0),
            feasibility: of_project!(&db, feasibility_assessment, id).remove(0),
            value: of_project!(&db, value_assessment, id).remove(0),
            milestone: of_project!(&db, milestone, id).remove(0),
            metrics: of_project!(&db, metric, id),
            budget: of_project!(&db, budget, id).remove(0),
            lines: of_project!(&db, budget_line, id),
            db,
        }
    }

    /// A copy for each of these, which stands there.
    pub async fn copies_at(&self, all: &[At]) -> Vec<Copied> {
        let mut rows = Rows::default();
        let copies = all.iter().map(|at| self.copy(*at, &mut rows)).collect();
        rows.insert(&self.db).await;
        copies
    }

    fn copy(&self, at: At, rows: &mut Rows) -> Copied {
        let (project_id, scope_id, budget_id) = (clock::new_id(), clock::new_id(), clock::new_id());
        let (solution_id, milestone_id) = (clock::new_id(), clock::new_id());
        let current_step = at.current();
        rows.projects.push(project::Model {
            id: project_id,
            scope_id,
            status: at.status,
            current_step,
            ..self.project.clone()
        });
        rows.scopes.push(scope::Model { id: scope_id, project_id, current_step, ..self.scope.clone() });
        rows.steps.extend(self.steps.iter().zip(at.steps).map(|(step, state)| {
            let ids = (clock::new_id(), project_id, scope_id);
            scope_step::Model { id: ids.0, project_id: ids.1, scope_id: ids.2, state, ..step.clone() }
        }));
        rows.candidates.push(candidate_solution::Model { id: solution_id, project_id, ..self.candidate.clone() });
        let feasibility = clock::new_id::<entity::id::FeasibilityAssessmentId>();
        rows.feasibility.push(feasibility_assessment::Model {
            id: feasibility,
            project_id,
            solution_id,
            ..self.feasibility.clone()
        });
        rows.value.push(value_assessment::Model { id: clock::new_id(), project_id, solution_id, ..self.value.clone() });
        rows.milestones.push(milestone::Model { id: milestone_id, project_id, ..self.milestone.clone() });
        let mut business = String::new();
        for metric in &self.metrics {
            let id = clock::new_id();
            rows.metrics.push(metric::Model { id, project_id, milestone_id, ..metric.clone() });
            if metric.kind.word() == "BUSINESS" {
                business = id.to_string();
            }
        }
        rows.budgets.push(budget::Model { id: budget_id, project_id, ..self.budget.clone() });
        let line = |line: &budget_line::Model| budget_line::Model {
            id: clock::new_id(),
            project_id,
            budget_id,
            ..line.clone()
        };
        rows.lines.extend(self.lines.iter().map(line));
        Copied {
            project: project_id.to_string(),
            scope: scope_id.to_string(),
            solution: solution_id.to_string(),
            feasibility: feasibility.to_string(),
            business,
            budget: budget_id.to_string(),
            proof: None,
        }
    }
}

#[derive(Default)]
struct Rows {
    projects: Vec<project::Model>,
    scopes: Vec<scope::Model>,
    steps: Vec<scope_step::Model>,
    candidates: Vec<candidate_solution::Model>,
    feasibility: Vec<feasibility_assessment::Model>,
    value: Vec<value_assessment::Model>,
    milestones: Vec<milestone::Model>,
    metrics: Vec<metric::Model>,
    budgets: Vec<budget::Model>,
    lines: Vec<budget_line::Model>,
}

impl Rows {
    async fn insert(self, db: &DatabaseConnection) {
        insert::<project::Entity>(db, self.projects).await;
        insert::<scope::Entity>(db, self.scopes).await;
        insert::<scope_step::Entity>(db, self.steps).await;
        insert::<candidate_solution::Entity>(db, self.candidates).await;
        insert::<feasibility_assessment::Entity>(db, self.feasibility).await;
        insert::<value_assessment::Entity>(db, self.value).await;
        insert::<milestone::Entity>(db, self.milestones).await;
        insert::<metric::Entity>(db, self.metrics).await;
        insert::<budget::Entity>(db, self.budgets).await;
        insert::<budget_line::Entity>(db, self.lines).await;
    }
}

async fn insert<E>(db: &DatabaseConnection, rows: Vec<E::Model>)
where
    E: EntityTrait<Model: IntoActiveModel<E::ActiveModel>>,
    E::ActiveModel: Send,
{
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let some: Vec<E::ActiveModel> = rows.by_ref().take(200).collect();
        E::insert_many(some).exec_without_returning(db).await.unwrap();
    }
}
