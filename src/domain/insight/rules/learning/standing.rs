//! The rules about where somebody stands in the areas of a framework (§2).

use entity::learning::learning_need_source::NeedSource;
use serde_json::json;

use super::super::Found;
use crate::domain::{
    insight::{facts::Facts, suggest::Suggest},
    learning::coverage::standing::{Area, Framework, Leaf},
    policy::Action,
};

/// Above how many percent an area is well ahead.
const AHEAD: usize = 60;
/// The modelling areas of `ai-foundations`, which its clones have too.
const MODELLING: [&str; 2] = ["ml", "dl"];
/// Its exploratory data analysis.
const EDA: &str = "math.exploratory-data-analysis";

pub(super) fn area_imbalance(facts: &Facts) -> Vec<Found> {
    facts.learning.frameworks.iter().filter_map(|one| imbalance(facts, one)).collect()
}

fn imbalance(facts: &Facts, framework: &Framework) -> Option<Found> {
    let ahead = framework.areas.iter().find(|area| area.percent() > AHEAD)?;
    let untouched: Vec<&Area> = framework.areas.iter().filter(|area| is_untouched(area)).collect();
    let next = untouched.first()?.leaves.first()?;
    let names: Vec<&str> = untouched.iter().map(|area| area.name.as_str()).collect();
    let (ahead, are) = (&ahead.name, if names.len() == 1 { "is" } else { "are" });
    let reason = format!(
        "In {}, {ahead} is well ahead, and {} {are} not begun. Areas that grow together open more doors.",
        framework.title,
        listed(&names),
    );
    Some(about_framework(facts, framework, reason, next))
}

/// Names as a sentence lists them.
fn listed(names: &[&str]) -> String {
    match names {
        [most @ .., last] if !most.is_empty() => format!("{} and {last}", most.join(", ")),
        other => other.concat(),
    }
}

/// Nothing of it is proficient, and there is something to be proficient in.
fn is_untouched(area: &Area) -> bool {
    !area.leaves.is_empty() && area.leaves.iter().all(|leaf| !leaf.proficient)
}

pub(super) fn eda_missing(facts: &Facts) -> Vec<Found> {
    facts.learning.frameworks.iter().filter_map(|one| without_eda(facts, one)).collect()
}

fn without_eda(facts: &Facts, framework: &Framework) -> Option<Found> {
    let modelling = |area: &&Area| MODELLING.contains(&area.code.as_str()) && area.percent() > AHEAD;
    let ahead = framework.areas.iter().find(modelling)?;
    let eda = framework.areas.iter().flat_map(|area| &area.leaves).find(|leaf| leaf.code == EDA)?;
    if eda.proficient {
        return None;
    }
    let reason = format!(
        "{} is well ahead. Exploratory data analysis is underrated and makes every model on real data better: it is next.",
        ahead.name
    );
    Some(about_framework(facts, framework, reason, eda))
}

fn about_framework(facts: &Facts, framework: &Framework, reason: String, next: &Leaf) -> Found {
    // Curiosity is one's own; others say what they find missing.
    let source = if facts.by_other { NeedSource::Reviewer } else { NeedSource::Curiosity };
    Found {
        subject_kind: "competency_framework",
        subject_id: framework.id.to_string(),
        within: Vec::new(),
        reason,
        suggest: Some(Suggest {
            resource: "LearningNeed",
            verb: "raise",
            id: None,
            needs: Action::RaiseLearningNeed,
            input: json!({ "competencyId": next.id, "source": source, "userId": facts.user }),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_as_people_do() {
        assert_eq!(listed(&["A"]), "A");
        assert_eq!(listed(&["A", "B"]), "A and B");
        assert_eq!(listed(&["A", "B", "C"]), "A, B and C");
    }
}
