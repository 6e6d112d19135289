//! A project with everything in it, as rows: loaded in as many statements for a large one as for a small one.

use std::collections::{BTreeSet, HashMap};

use entity::{
    id::{ContactId, ProjectId, UserId},
    projects::{
        budget, budget_entry, budget_line, candidate_solution, expert_consultation, feasibility_assessment, metric,
        metric_observation, milestone, obstacle, project, project_member, proof_of_concept, scope, scope_revision,
        scope_step, scope_transition, selection_checklist, value_assessment,
    },
};
use sea_orm::{ColumnTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::document::{ENTRIES_MOST, MOST, OBSERVATIONS_MOST};
use crate::{
    domain::{
        error::{Code, Error, Result},
        external::ExternalRef,
        look::Look,
        policy::Action,
        projects::scope::of_project,
        tx::column,
        verb::Row,
    },
    read::sql::Arg,
};

/// A project with everything in it; lists are in the order in which their things were made, or in their own.
#[derive(Debug)]
pub struct Whole {
    /// The project.
    pub project: project::Model,
    /// Who is in it.
    pub members: Vec<project_member::Model>,
    /// What it sets out to do.
    pub scope: scope::Model,
    /// The five steps.
    pub steps: Vec<scope_step::Model>,
    /// Who was asked.
    pub consultations: Vec<expert_consultation::Model>,
    /// What could solve the problem.
    pub solutions: Vec<candidate_solution::Model>,
    /// Whether it can be done.
    pub feasibility: Vec<feasibility_assessment::Model>,
    /// Whether it is worth it.
    pub value: Vec<value_assessment::Model>,
    /// What is tried.
    pub trials: Vec<proof_of_concept::Model>,
    /// When it went back.
    pub transitions: Vec<scope_transition::Model>,
    /// What it was before.
    pub revisions: Vec<scope_revision::Model>,
    /// What is promised.
    pub milestones: Vec<milestone::Model>,
    /// What is measured.
    pub metrics: Vec<metric::Model>,
    /// What was observed.
    pub observations: Vec<metric_observation::Model>,
    /// The budget.
    pub budget: budget::Model,
    /// What is planned.
    pub lines: Vec<budget_line::Model>,
    /// What was spent.
    pub entries: Vec<budget_entry::Model>,
    /// What stood in the way.
    pub obstacles: Vec<obstacle::Model>,
    /// What speaks for it.
    pub checklist: Option<selection_checklist::Model>,
}

impl Whole {
    /// Loads a project that the caller sees, but for what was observed and spent: whatever is in one is seen with it.
    ///
    /// # Errors
    /// `NOT_FOUND`; `TOO_LARGE` when it holds more than one document does.
    pub async fn find(look: &Look, id: ProjectId) -> Result<Self> {
        let project = look.find::<project::Entity>(id, Action::ViewProject).await?;
        let scope = of_project(look, &project).await?;
        let mut steps = some::<scope_step::Entity>(look, id, "created_at", MOST).await?;
        steps.sort_by_key(|step| step.place);
        let mut transitions = some::<scope_transition::Entity>(look, id, "created_at", MOST).await?;
        transitions.sort_by_key(|one| one.revision);
        let mut revisions = some::<scope_revision::Entity>(look, id, "created_at", MOST).await?;
        revisions.sort_by_key(|one| one.revision);
        let budget = some::<budget::Entity>(look, id, "created_at", MOST).await?.pop();
        Ok(Self {
            members: some::<project_member::Entity>(look, id, "created_at", MOST).await?,
            steps,
            consultations: some::<expert_consultation::Entity>(look, id, "created_at", MOST).await?,
            solutions: some::<candidate_solution::Entity>(look, id, "created_at", MOST).await?,
            feasibility: some::<feasibility_assessment::Entity>(look, id, "created_at", MOST).await?,
            value: some::<value_assessment::Entity>(look, id, "created_at", MOST).await?,
            trials: some::<proof_of_concept::Entity>(look, id, "created_at", MOST).await?,
            transitions,
            revisions,
            milestones: some::<milestone::Entity>(look, id, "sort_order", MOST).await?,
            metrics: some::<metric::Entity>(look, id, "created_at", ENTRIES_MOST).await?,
            observations: Vec::new(),
            budget: budget.ok_or_else(|| Error::internal("a project without a budget"))?,
            lines: some::<budget_line::Entity>(look, id, "created_at", MOST).await?,
            entries: Vec::new(),
            obstacles: some::<obstacle::Entity>(look, id, "created_at", MOST).await?,
            checklist: some::<selection_checklist::Entity>(look, id, "created_at", MOST).await?.pop(),
            project,
            scope,
        })
    }

    /// The same with what was observed and spent, which may be much.
    ///
    /// # Errors
    /// Those of [`Whole::find`].
    pub async fn find_all(look: &Look, id: ProjectId) -> Result<Self> {
        let whole = Self::find(look, id).await?;
        Ok(Self {
            observations: some::<metric_observation::Entity>(look, id, "observed_at", OBSERVATIONS_MOST).await?,
            entries: some::<budget_entry::Entity>(look, id, "incurred_at", ENTRIES_MOST).await?,
            ..whole
        })
    }

    /// The people of the organization whom it names.
    #[must_use]
    pub fn people(&self) -> BTreeSet<UserId> {
        let acted = self.transitions.iter().filter_map(|one| one.actor_id.as_deref()).filter_map(|id| id.parse().ok());
        let members = self.members.iter().filter_map(|one| one.user_id);
        let assignees = self.lines.iter().filter_map(|one| one.assignee_id);
        let met = self.obstacles.iter().map(|one| one.user_id);
        let all = acted.chain(members).chain(assignees).chain(met).chain(self.budget.approver_id);
        all.chain([self.project.owner_id]).collect()
    }

    /// The contacts whom it names.
    #[must_use]
    pub fn contacts(&self) -> BTreeSet<ContactId> {
        let asked = self.consultations.iter().filter_map(|one| one.contact_id);
        let evidence = self.value.iter().flat_map(|one| &one.evidence.0).filter_map(|one| one.contact_id);
        asked.chain(evidence).chain(self.members.iter().filter_map(|one| one.contact_id)).collect()
    }

    /// The names that other systems have for what is in it, in one statement.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn refs(&self, look: &Look) -> Result<HashMap<Uuid, Vec<ExternalRef>>> {
        let ids = std::iter::once(self.project.id.0)
            .chain(self.milestones.iter().map(|one| one.id.0))
            .chain(self.metrics.iter().map(|one| one.id.0))
            .chain(self.lines.iter().map(|one| one.id.0))
            .chain(self.entries.iter().map(|one| one.id.0));
        let mut sql = look.sql();
        sql.push("SELECT e.target_id, e.source, e.external_id FROM \"external_ref\" e WHERE e.organization_id = ");
        sql.bind(Arg::Uuid(look.who.organization.0)).push(" AND ").column("e", "target_id");
        sql.among(Arg::Uuids(ids.collect())).push(" ORDER BY e.source, e.external_id");
        let mut out: HashMap<Uuid, Vec<ExternalRef>> = HashMap::new();
        for row in look.rows::<Named>(&sql).await? {
            let one = ExternalRef { source: row.source, external_id: row.external_id };
            out.entry(row.target_id).or_default().push(one);
        }
        // Both databases sort texts in ways of their own.
        for refs in out.values_mut() {
            refs.sort_by(|a, b| (&a.source, &a.external_id).cmp(&(&b.source, &b.external_id)));
        }
        Ok(out)
    }
}

#[derive(FromQueryResult)]
struct Named {
    target_id: Uuid,
    source: String,
    external_id: String,
}

/// The living rows of a resource in a project, in an order, when there are no more than `most`.
async fn some<E: Row>(look: &Look, project: ProjectId, order: &str, most: usize) -> Result<Vec<E::Model>> {
    let rows = E::find()
        .filter(column::<E>("organization_id")?.eq(look.who.organization))
        .filter(column::<E>("project_id")?.eq(project))
        .filter(column::<E>("deleted_at")?.is_null())
        .order_by_asc(column::<E>(order)?)
        .order_by_asc(column::<E>("id")?)
        .limit(most as u64 + 1);
    let rows = rows.all(&look.db).await?;
    if rows.len() > most {
        let why = format!("The project has more than {most} of {}: one document does not hold them.", E::NAME);
        return Err(Error::new(Code::TooLarge, why).with(serde_json::json!({ "of": E::NAME, "most": most })));
    }
    Ok(rows)
}
