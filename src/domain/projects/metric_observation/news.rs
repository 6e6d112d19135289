//! What observations change for a project as a whole: told as an event the moment that it becomes so (story 6).

use std::collections::BTreeMap;

use entity::{
    id::ProjectId,
    insight::insight_dismissal::InsightCode,
    projects::{metric_observation::Model, project},
};
use serde_json::json;

use crate::domain::{
    error::Result,
    projects::{
        measured::{self, Measured, model_good_business_flat},
        metric::measure::Point,
    },
    tx::Tx,
};

/// The projects that are observed, as they stood before.
pub(super) struct News {
    projects: BTreeMap<ProjectId, project::Model>,
    metrics: Vec<Measured>,
}

impl News {
    pub(super) async fn before(tx: &Tx, projects: BTreeMap<ProjectId, project::Model>) -> Result<Self> {
        let ids: Vec<ProjectId> = projects.keys().copied().collect();
        Ok(Self { metrics: measured::of_projects(tx, &ids).await?, projects })
    }

    /// Tells, of each project, what is so now and was not before.
    pub(super) fn after(mut self, tx: &mut Tx, rows: &[Model]) -> Result<()> {
        let before: BTreeMap<ProjectId, bool> = self.projects.keys().map(|id| (*id, self.flat(*id))).collect();
        for row in rows {
            if let Some(metric) = self.metrics.iter_mut().find(|metric| metric.id == row.metric_id) {
                metric.observe(Point { at: row.observed_at, value: row.value });
            }
        }
        for (id, project) in &self.projects {
            if self.flat(*id) && before.get(id) != Some(&true) {
                tx.record("insight_appeared", project, json!({ "code": InsightCode::ModelGoodBusinessFlat }))?;
            }
        }
        Ok(())
    }

    fn flat(&self, project: ProjectId) -> bool {
        model_good_business_flat(&self.metrics.iter().filter(|metric| metric.project == project).collect::<Vec<_>>())
    }
}
