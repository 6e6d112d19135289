//! Ids made anew: what was one thing before stays one thing, in what a scope was before it went back, too.

use std::collections::HashMap;

use entity::id::{
    BudgetId, BudgetLineId, CandidateSolutionId, ContactId, ExpertConsultationId, FeasibilityAssessmentId, MetricId,
    MilestoneId, ProofOfConceptId, TypedId, UserId, ValueAssessmentId,
};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::clock;

/// What was made anew, by what it was.
#[derive(Debug, Default)]
pub struct Renamed {
    ids: HashMap<String, String>,
}

/// So many new ids that sort in the order in which they come: those of one moment do not by themselves.
pub fn in_order<I: TypedId>(count: usize) -> std::vec::IntoIter<I> {
    let mut all: Vec<Uuid> = (0..count).map(|_| clock::new_uuid()).collect();
    all.sort_unstable();
    all.into_iter().map(I::from).collect::<Vec<_>>().into_iter()
}

impl Renamed {
    /// Remembers what became of something that is there.
    pub fn remember<I: TypedId + ToString>(&mut self, was: Option<I>, is: I) {
        if let Some(was) = was {
            self.ids.insert(was.to_string(), is.to_string());
        }
    }

    /// A document of before with the ids of now: `outside` says what became of people and contacts.
    pub fn document(&mut self, value: &mut Value, outside: &impl Fn(&str) -> Option<String>) {
        match value {
            Value::Array(values) => values.iter_mut().for_each(|value| self.document(value, outside)),
            Value::Object(members) => {
                for (name, value) in members.iter_mut() {
                    match value {
                        Value::String(text) if name == "id" || name.ends_with("Id") => {
                            if let Some(renamed) = self.id(text, outside) {
                                *value = renamed;
                            }
                        }
                        _ => self.document(value, outside),
                    }
                }
            }
            _ => {}
        }
    }

    /// What becomes of an id, when it is one: what was gone already gets an id of its own, the same each time.
    fn id(&mut self, text: &str, outside: &impl Fn(&str) -> Option<String>) -> Option<Value> {
        if text.parse::<UserId>().is_ok() || text.parse::<ContactId>().is_ok() {
            return Some(outside(text).into());
        }
        if let Some(known) = self.ids.get(text) {
            return Some(known.as_str().into());
        }
        let fresh = anew::<CandidateSolutionId>(text)
            .or_else(|| anew::<ExpertConsultationId>(text))
            .or_else(|| anew::<FeasibilityAssessmentId>(text))
            .or_else(|| anew::<ValueAssessmentId>(text))
            .or_else(|| anew::<ProofOfConceptId>(text))
            .or_else(|| anew::<MilestoneId>(text))
            .or_else(|| anew::<MetricId>(text))
            .or_else(|| anew::<BudgetId>(text))
            .or_else(|| anew::<BudgetLineId>(text))?;
        self.ids.insert(text.to_owned(), fresh.clone());
        Some(fresh.into())
    }
}

/// Another id of the same kind, when it is one of that kind.
fn anew<I: TypedId + std::str::FromStr + ToString>(text: &str) -> Option<String> {
    text.parse::<I>().ok().map(|_| clock::new_id::<I>().to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_one_thing_stays_one_thing() {
        let (was, is): (MilestoneId, MilestoneId) = (clock::new_id(), clock::new_id());
        let gone: MetricId = clock::new_id();
        let (ben, eve): (UserId, UserId) = (clock::new_id(), clock::new_id());
        let mut renamed = Renamed::default();
        renamed.remember(Some(was), is);
        let mut document = json!({
            "milestones": [{ "id": was, "title": was }], "metrics": [{ "id": gone, "milestoneId": was }, { "id": gone }],
            "budget": [{ "approverId": ben, "assigneeId": eve, "otherId": "free text", "id": null }],
        });
        renamed.document(&mut document, &|id| (id == ben.to_string()).then(|| id.to_owned()));
        let metric = document["metrics"][0]["id"].clone();
        assert_ne!(metric, json!(gone));
        assert!(metric.as_str().unwrap().parse::<MetricId>().is_ok());
        let expected = json!({
            "milestones": [{ "id": is, "title": was }], "metrics": [{ "id": metric, "milestoneId": is }, { "id": metric }],
            "budget": [{ "approverId": ben, "assigneeId": null, "otherId": "free text", "id": null }],
        });
        assert_eq!(document, expected);
    }

    #[test]
    fn ids_of_one_moment_are_in_order() {
        let ids: Vec<MetricId> = in_order(500).collect();
        assert!(ids.is_sorted() && ids.len() == 500);
    }
}
