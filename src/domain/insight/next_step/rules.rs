//! The rules that find next steps: values in tables, one table for each chapter, the most pressing of each first.

mod beginning;
mod hiring;
mod learning;
mod network;
mod projects;
mod search;
mod switch;

use entity::insight::step_dismissal::StepCode;

use crate::domain::insight::{
    facts::{Facts, beginning::Counts},
    suggest::Suggest,
};

/// How pressing a step is, the most pressing first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Urgency {
    /// Somebody waits for it, or a day has come.
    Due,
    /// It takes something further that has begun.
    Next,
    /// It opens something new.
    New,
}

/// A rule: what it finds among the facts of a person, the best first.
#[derive(Debug)]
pub(super) struct StepRule {
    /// The code of what it finds.
    pub code: StepCode,
    /// How pressing that is.
    pub urgency: Urgency,
    /// How long it takes, in minutes.
    pub effort_minutes: i64,
    /// The section of the playbook that it comes from.
    pub playbook_ref: &'static str,
    /// Finds it.
    pub find: fn(&Facts) -> Vec<Step>,
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    /// What to do, in a sentence.
    pub action: String,
    /// Why, in a sentence.
    pub why: String,
    /// The thing that it is about, and its kind as events name it.
    pub subject: Option<(&'static str, String)>,
    /// The command that does it.
    pub command: Suggest,
}

/// Every rule. A chapter adds its table here.
pub(super) fn all() -> impl Iterator<Item = &'static StepRule> {
    let tables = [
        hiring::RULES,
        search::RULES,
        switch::RULES,
        learning::RULES,
        projects::RULES,
        network::RULES,
        beginning::RULES,
    ];
    tables.into_iter().flatten()
}

/// Whether somebody has begun with nothing yet.
pub(super) fn is_newcomer(facts: &Facts) -> bool {
    facts.beginning.counts == Counts::default()
        && facts.learning.needs.is_empty()
        && facts.learning.items.is_empty()
        && facts.ideas.is_empty()
        && facts.switch.plans.is_empty()
        && facts.switch.searches.is_empty()
        && facts.switch.applied.is_empty()
}

/// A text with so many letters at most: names come from people.
fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}
