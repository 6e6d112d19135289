//! The rules that find insights: values in tables, one table for each chapter.

pub(super) mod hiring;
pub(super) mod ideas;
pub(super) mod jobs;
pub(super) mod learning;
pub(super) mod measures;
pub(super) mod portfolio;
pub(super) mod scoping;
mod spending;
pub(super) mod switch;
pub(super) mod talks;
#[cfg(test)]
pub(super) mod tone;

use entity::insight::insight_dismissal::{InsightCode, InsightSeverity};

use super::{facts::Facts, suggest::Suggest};

/// A rule: what it finds among the facts of a person, and nothing else, is what it tells.
#[derive(Debug)]
pub(super) struct Rule {
    /// The code of what it finds.
    pub code: InsightCode,
    /// How much that matters.
    pub severity: InsightSeverity,
    /// The section of the playbook that it comes from.
    pub playbook_ref: &'static str,
    /// When it finds something.
    pub doc: &'static str,
    /// Finds it.
    pub find: fn(&Facts) -> Vec<Found>,
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    /// The kind of thing that it is about, as events name it.
    pub subject_kind: &'static str,
    /// The thing.
    pub subject_id: String,
    /// The things that this one is part of.
    pub within: Vec<String>,
    /// Why, in a sentence.
    pub reason: String,
    /// A command that would follow the advice.
    pub suggest: Option<Suggest>,
}

impl Found {
    /// Whether it is about a thing, or about a part of it.
    pub(super) fn is_about(&self, id: &str) -> bool {
        self.subject_id == id || self.within.iter().any(|whole| whole == id)
    }
}

/// Every rule. A chapter adds its table here.
pub(super) fn all() -> impl Iterator<Item = &'static Rule> {
    let tables = [
        learning::RULES,
        scoping::RULES,
        measures::RULES,
        spending::RULES,
        ideas::RULES,
        portfolio::RULES,
        hiring::RULES,
        jobs::RULES,
        talks::RULES,
        switch::RULES,
    ];
    tables.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use entity::vocabulary::Vocabulary as _;

    use super::*;

    #[test]
    fn every_code_has_exactly_one_rule() {
        let codes: Vec<&str> = all().map(|rule| rule.code.word()).collect();
        let once: BTreeSet<_> = codes.iter().collect();
        assert_eq!((once.len(), codes.len()), (InsightCode::ALL.len(), InsightCode::ALL.len()));
        assert!(all().all(|rule| rule.playbook_ref.starts_with('§') && rule.doc.ends_with('.')));
    }
}
