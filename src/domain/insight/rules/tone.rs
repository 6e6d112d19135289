//! The tone of what is built in (§32): nobody is an opponent, and nobody is scolded.

use entity::projects::{portfolio_entry::PortfolioStage, project_idea::IdeaSource};

use super::{
    all,
    ideas::tests::idea,
    learning::tests::{self, nobody},
    measures, portfolio, talks,
};
use crate::domain::insight::facts::{Facts, team::Finished};

/// Words of a fight, of blame or of haste.
const WORDS: &[&str] = &[
    "against",
    "beat",
    "battle",
    "blame",
    "crush",
    "defeat",
    "enemy",
    "exploit",
    "fail",
    "fault",
    "fight",
    "hurry",
    "lazy",
    "lose",
    "loser",
    "manipulate",
    "must",
    "opponent",
    "outsmart",
    "punish",
    "rival",
    "shame",
    "should have",
    "stupid",
    "threat",
    "trick",
    "useless",
    "victim",
    "war",
    "waste",
    "weakness",
    "win",
    "wrong",
    "not useful",
];

/// Somebody of whom every rule finds something.
fn everything() -> Facts {
    let entry = || portfolio::tests::entry(PortfolioStage::ValueCreation, PortfolioStage::RisingScope);
    Facts {
        portfolio: vec![entry(), entry(), entry()],
        ideas: vec![idea(IdeaSource::ApplicationArea, Some(("Weather", false)))],
        finished: Finished { all: 3, with_others: 0 },
        talks: talks::tests::talks(),
        ..tests::everything()
    }
}

#[test]
fn nobody_is_an_opponent() {
    let mut stopped = nobody();
    stopped.learning.later_phase_active = true;
    let told: Vec<String> = [everything(), measures::tests::everything(), measures::tests::only_ml(), stopped]
        .iter()
        .flat_map(|facts| all().flat_map(|rule| (rule.find)(facts)).map(|found| found.reason).collect::<Vec<_>>())
        .collect();
    let fired = all().filter(|rule| {
        [everything(), measures::tests::everything(), measures::tests::only_ml(), {
            let mut facts = nobody();
            facts.learning.later_phase_active = true;
            facts
        }]
        .iter()
        .any(|facts| !(rule.find)(facts).is_empty())
    });
    assert_eq!(fired.count(), all().count(), "a rule tells nothing here: its tone is not checked");
    for text in told.iter().map(String::as_str).chain(all().map(|rule| rule.doc)) {
        let plain: String = text.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
        for word in WORDS {
            assert!(!format!(" {plain} ").contains(&format!(" {word} ")), "{text:?} says {word:?}");
        }
        assert!(text.ends_with('.') && !text.contains('!'), "{text:?}");
    }
}
