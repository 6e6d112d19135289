//! The tone of what is built in (§32): nobody is an opponent, and nobody is scolded.

use entity::projects::{portfolio_entry::PortfolioStage, project_idea::IdeaSource};

use super::{
    all, hiring,
    ideas::tests::idea,
    jobs,
    learning::tests::{self, nobody},
    measures, portfolio,
    scoping::tests::unplanned,
    switch, talks,
};
use crate::domain::{
    insight::{
        facts::{Facts, team::Finished},
        next_step,
    },
    jobs::{search_leverage, transition::say},
};

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
        portfolio: vec![
            portfolio::tests::entry(PortfolioStage::RisingScope, PortfolioStage::ValueCreation),
            entry(),
            entry(),
            entry(),
        ],
        unplanned: vec![unplanned(true)],
        ideas: vec![idea(IdeaSource::ApplicationArea, Some(("Weather", false)))],
        finished: Finished { all: 3, with_others: 0 },
        hiring: hiring::tests::everything(),
        jobs: jobs::tests::everything().jobs,
        talks: talks::tests::talks(),
        switch: switch::tests::switching(),
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
        is_kind(text);
    }
}

/// Whether a text speaks of nobody as an opponent, blames nobody, and hurries nobody.
pub(in crate::domain) fn is_kind(text: &str) {
    let found = unkind(text);
    assert!(found.is_empty(), "{text:?} says {found:?}");
    assert!(text.ends_with('.') && !text.contains('!'), "{text:?}");
}

/// The words in it that are not kind.
fn unkind(text: &str) -> Vec<&'static str> {
    let plain: String = text.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let plain = format!(" {} ", plain.split_whitespace().collect::<Vec<_>>().join(" "));
    WORDS.iter().copied().filter(|word| plain.contains(&format!(" {word} "))).collect()
}

/// What switches, paths, searches and next steps are told with is as kind as advice is.
#[test]
fn whatever_else_is_said_is_kind_too() {
    let steps = next_step::told_by_all();
    assert!(steps.len() > 20, "{steps:?}");
    for text in steps.iter().chain(&say::tests::everything()).chain(&search_leverage::tests::everything()) {
        is_kind(text);
    }
}

#[test]
fn what_is_unkind_is_noticed() {
    for (text, found) in [
        ("An employer is a rival: never show a weakness.", vec!["rival", "weakness"]),
        ("Fight for your salary, and beat them.", vec!["beat", "fight"]),
        ("You must hurry.", vec!["hurry", "must"]),
        ("That was a waste.", vec!["waste"]),
        ("A warm wind.", vec![]),
    ] {
        assert_eq!(unkind(text), found, "{text}");
    }
}
