//! Taking a project in: its rows as they stood, with ids of their own, all of them or none.
//!
//! What the document names that is not in it (people, contacts, competencies) is looked up here; what is not known is left
//! out, with advice. What somebody else decided or did counts only when a machine says so, on behalf of the organization.

mod obstacles;
mod outside;
mod rows;

use std::collections::{BTreeSet, HashSet};

use entity::{
    id::{ProjectId, UserId},
    platform::external_ref,
    projects::{
        budget, budget_entry, budget_line, candidate_solution, expert_consultation, feasibility_assessment, metric,
        metric_observation, milestone, obstacle, project, project_member, proof_of_concept, scope, scope_revision,
        scope_step, scope_transition, selection_checklist, value_assessment,
    },
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use super::document::ProjectDocument;
use crate::{
    domain::{
        error::{Code, Result},
        external::ExternalRef,
        learning::exchange::{
            framework::passes,
            notes::{Notes, Place},
        },
        projects::{
            budget_entry as entries, budget_line as lines, metric as metrics, metric_observation as observations,
            milestone as milestones, project::for_whom, selection_checklist as checklists,
        },
        tx::Tx,
    },
    read::sql::Arg,
};
use outside::Outside;
use rows::Base;

/// The rows of a project that is taken in, each as it will stand.
#[derive(Debug)]
struct Rows {
    project: project::Model,
    scope: scope::Model,
    steps: Vec<scope_step::Model>,
    members: Vec<project_member::Model>,
    consultations: Vec<expert_consultation::Model>,
    solutions: Vec<candidate_solution::Model>,
    feasibility: Vec<feasibility_assessment::Model>,
    value: Vec<value_assessment::Model>,
    trials: Vec<proof_of_concept::Model>,
    transitions: Vec<scope_transition::Model>,
    revisions: Vec<scope_revision::Model>,
    milestones: Vec<milestone::Model>,
    metrics: Vec<metric::Model>,
    observations: Vec<metric_observation::Model>,
    budget: budget::Model,
    lines: Vec<budget_line::Model>,
    entries: Vec<budget_entry::Model>,
    checklist: Option<selection_checklist::Model>,
    obstacles: Vec<obstacle::Model>,
    /// The names of other systems: the kind of thing, which, and where the document says so.
    refs: Vec<(&'static str, Uuid, ExternalRef, String)>,
}

/// Takes a project in, whose it is to be: which it is, and how many things it holds. What refuses it is noted: the work is not
/// to be committed then.
///
/// # Errors
/// What is no matter of the document: `UNAVAILABLE`.
pub async fn take(
    tx: &mut Tx,
    document: ProjectDocument,
    owner: Option<UserId>,
    notes: &mut Notes,
) -> Result<Option<(ProjectId, i64)>> {
    match taken(tx, document, owner, notes).await {
        Err(error) if passes(&error) => Err(error),
        Err(error) => {
            notes.refused(&Place::default(), &error);
            Ok(None)
        }
        Ok(made) => Ok(Some(made).filter(|_| notes.fine())),
    }
}

async fn taken(
    tx: &mut Tx,
    document: ProjectDocument,
    owner: Option<UserId>,
    notes: &mut Notes,
) -> Result<(ProjectId, i64)> {
    let owner = for_whom(tx, owner).await?.id;
    let outside = Outside::find(tx, owner, &document).await?;
    let obstacles = document.obstacles.clone();
    let mut rows = rows::of(&Base::new(tx, owner), document, &outside, notes)?;
    let (project, members) = (rows.project.id, &rows.members);
    rows.obstacles = obstacles::taken(tx, project, owner, members, &outside, obstacles, notes).await?;
    without_taken(tx, &mut rows, notes).await?;
    let added = i64::try_from(rows.parts()).unwrap_or(i64::MAX);
    rows.record(tx)?;
    rows.add(tx).await?;
    Ok((project, added))
}

impl Rows {
    /// How many things are made besides the project itself.
    fn parts(&self) -> usize {
        self.members.len()
            + self.consultations.len()
            + self.solutions.len()
            + self.feasibility.len()
            + self.value.len()
            + self.trials.len()
            + self.transitions.len()
            + self.revisions.len()
            + self.milestones.len()
            + self.metrics.len()
            + self.observations.len()
            + self.lines.len()
            + self.entries.len()
            + self.obstacles.len()
            + usize::from(self.checklist.is_some())
    }

    /// Tells of each thing what its own verb tells when it is made: whoever follows the feed needs to know nothing else.
    fn record(&self, tx: &mut Tx) -> Result<()> {
        let id = self.project.id;
        tx.record("created", &self.project, json!({ "title": self.project.title, "imported": true }))?;
        tx.record("created", &self.scope, json!({ "projectId": id }))?;
        tx.record("created", &self.budget, json!({ "projectId": id }))?;
        for one in &self.members {
            tx.record("created", one, json!({ "projectId": id, "userId": one.user_id, "role": one.role }))?;
        }
        for one in &self.consultations {
            tx.record("created", one, json!({ "projectId": id }))?;
        }
        for one in &self.solutions {
            tx.record("created", one, json!({ "projectId": id }))?;
        }
        for one in &self.feasibility {
            tx.record("created", one, json!({ "solutionId": one.solution_id, "verdict": one.verdict }))?;
        }
        for one in &self.value {
            tx.record("created", one, json!({ "solutionId": one.solution_id, "verdict": one.verdict }))?;
        }
        for one in &self.trials {
            tx.record("requested", one, json!({ "solutionId": one.solution_id, "timeboxDays": one.timebox_days }))?;
        }
        for one in &self.milestones {
            milestones::record(tx, "created", one)?;
        }
        for one in &self.metrics {
            metrics::record(tx, "created", one)?;
        }
        for one in &self.observations {
            observations::tell(tx, "recorded", one)?;
        }
        for one in &self.lines {
            lines::record(tx, "created", one)?;
        }
        for one in &self.entries {
            entries::record(tx, "created", one)?;
        }
        if let Some(one) = &self.checklist {
            checklists::record(tx, "created", one)?;
        }
        for one in &self.obstacles {
            let data = json!({ "projectId": id, "userId": one.user_id, "competencyId": one.competency_id });
            tx.record("recorded", one, data)?;
        }
        Ok(())
    }

    /// Writes all of it down, what is referred to before what refers.
    async fn add(self, tx: &Tx) -> Result<()> {
        tx.add_all::<project::Entity>(vec![self.project]).await?;
        tx.add_all::<scope::Entity>(vec![self.scope]).await?;
        tx.add_all::<scope_step::Entity>(self.steps).await?;
        tx.add_all::<project_member::Entity>(self.members).await?;
        tx.add_all::<expert_consultation::Entity>(self.consultations).await?;
        tx.add_all::<candidate_solution::Entity>(self.solutions).await?;
        tx.add_all::<feasibility_assessment::Entity>(self.feasibility).await?;
        tx.add_all::<value_assessment::Entity>(self.value).await?;
        tx.add_all::<proof_of_concept::Entity>(self.trials).await?;
        tx.add_all::<scope_transition::Entity>(self.transitions).await?;
        tx.add_all::<scope_revision::Entity>(self.revisions).await?;
        tx.add_all::<milestone::Entity>(self.milestones).await?;
        tx.add_all::<metric::Entity>(self.metrics).await?;
        tx.add_all::<metric_observation::Entity>(self.observations).await?;
        tx.add_all::<budget::Entity>(vec![self.budget]).await?;
        tx.add_all::<budget_line::Entity>(self.lines).await?;
        tx.add_all::<budget_entry::Entity>(self.entries).await?;
        tx.add_all::<selection_checklist::Entity>(self.checklist.into_iter().collect()).await?;
        tx.add_all::<obstacle::Entity>(self.obstacles).await?;
        let organization_id = tx.who.organization;
        let named = self.refs.into_iter().map(|(kind, target_id, one, _)| external_ref::Model {
            organization_id,
            kind: kind.to_owned(),
            source: one.source,
            external_id: one.external_id,
            target_id,
        });
        tx.add_all::<external_ref::Entity>(named.collect()).await
    }
}

#[derive(FromQueryResult)]
struct Taken {
    kind: String,
    source: String,
    external_id: String,
}

/// Leaves out the names that stand for something else here already.
async fn without_taken(tx: &Tx, rows: &mut Rows, notes: &mut Notes) -> Result<()> {
    if rows.refs.is_empty() {
        return Ok(());
    }
    let (mut kinds, mut sources, mut names) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (kind, _, one, _) in &rows.refs {
        kinds.insert((*kind).to_owned());
        sources.insert(one.source.clone());
        names.insert(one.external_id.clone());
    }
    let mut sql = tx.sql();
    sql.push("SELECT e.kind, e.source, e.external_id FROM \"external_ref\" e WHERE e.organization_id = ");
    sql.bind(Arg::Uuid(tx.who.organization.0));
    for (column, list) in [("kind", kinds), ("source", sources), ("external_id", names)] {
        sql.push(" AND ").column("e", column).among(Arg::Texts(list.into_iter().collect()));
    }
    let taken: HashSet<_> =
        tx.rows::<Taken>(&sql).await?.into_iter().map(|row| (row.kind, row.source, row.external_id)).collect();
    rows.refs.retain(|(kind, _, one, at)| {
        let known = taken.contains(&((*kind).to_owned(), one.source.clone(), one.external_id.clone()));
        if known {
            let why = format!("{} {} names something else here: this goes without.", one.source, one.external_id);
            notes.warn(Place::pointer(at.clone()), Code::ExternalRefTaken.as_str(), &why);
        }
        !known
    });
    Ok(())
}
