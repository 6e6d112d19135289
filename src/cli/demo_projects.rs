//! Two worked examples of the demo, told through the verbs, so that history, revisions and events are real: a forecast of wind
//! and sun that went back once, and a good end without AI (§9).

mod opening_hours;
mod wind_and_sun;

use entity::{
    id::ProjectId,
    projects::{budget, project},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::{
    Outcome,
    demo_data::{act, evening},
    open,
};
use crate::domain::caller::Caller;

/// Who plans, on what.
struct Project<'a> {
    who: &'a Caller,
    id: String,
    scope: String,
    budget: String,
}

/// Tells both examples: Lena's projects, which her coach looks at.
pub(super) async fn fill(lena: &Caller, carl: &Caller) -> Outcome {
    wind_and_sun::tell(lena, carl).await?;
    opening_hours::tell(lena).await
}

impl<'a> Project<'a> {
    async fn begin(who: &'a Caller, new: Value) -> Outcome<Self> {
        let id = act(who, "Project", "create", None, new).await?;
        let known: ProjectId = id.parse().map_err(|why| format!("{id} {why}"))?;
        let gone = || "a project of the demo is gone".to_owned();
        let database = &who.house.database.read;
        let row = project::Entity::find_by_id(known).one(database).await;
        let row = row.map_err(|why| open::told(&why.into()))?.ok_or_else(gone)?;
        let budget = budget::Entity::find().filter(budget::Column::ProjectId.eq(known)).one(database).await;
        let budget = budget.map_err(|why| open::told(&why.into()))?.ok_or_else(gone)?;
        Ok(Self { who, id, scope: row.scope_id.to_string(), budget: budget.id.to_string() })
    }

    /// Makes something in it.
    async fn add(&self, resource: &str, mut new: Value) -> Outcome<String> {
        new["projectId"] = json!(self.id);
        act(self.who, resource, "create", None, new).await
    }

    async fn scope(&self, verb: &str, input: Value) -> Outcome<String> {
        act(self.who, "Scope", verb, Some(&self.scope), input).await
    }

    async fn complete(&self, steps: &[&str]) -> Outcome {
        for step in steps {
            self.scope("completeStep", json!({ "step": step })).await?;
        }
        Ok(())
    }

    /// A candidate, with whether it can be done and is worth it.
    async fn candidate(&self, title: &str, approach: &str, is_ai: bool) -> Outcome<String> {
        self.add("CandidateSolution", json!({ "title": title, "approach": approach, "isAi": is_ai })).await
    }

    async fn assess(&self, solution: &str, can: Value, worth: Value) -> Outcome {
        for (resource, mut said) in [("FeasibilityAssessment", can), ("ValueAssessment", worth)] {
            said["solutionId"] = json!(solution);
            act(self.who, resource, "create", None, said).await?;
        }
        Ok(())
    }

    async fn tell(&self, resource: &str, verb: &str, id: &str) -> Outcome<String> {
        act(self.who, resource, verb, Some(id), json!({})).await
    }

    async fn metric(&self, milestone: &str, metric: Value) -> Outcome<String> {
        let mut new = metric;
        new["milestoneId"] = json!(milestone);
        new["direction"] = json!("DOWN");
        act(self.who, "Metric", "create", None, new).await
    }

    /// What a metric was, a week apart, the last a few days ago.
    async fn observe(&self, metric: &str, from: &str, weeks: std::ops::Range<u64>, values: &[&str]) -> Outcome {
        for (week, value) in weeks.rev().zip(values) {
            let seen = json!({
                "metricId": metric, "value": value, "observedAt": evening(7 * week + 2), "source": from,
                "externalRef": format!("{from}-week-{week}"),
            });
            act(self.who, "MetricObservation", "record", None, seen).await?;
        }
        Ok(())
    }

    async fn line(&self, category: &str, description: &str, mut plan: Value) -> Outcome<String> {
        plan["category"] = json!(category);
        plan["description"] = json!(description);
        self.add("BudgetLine", plan).await
    }
}
