//! The rules about ideas for projects, and about with whom they are carried out (§13, §30).

use entity::{
    insight::insight_dismissal::{InsightCode, InsightSeverity},
    projects::project_idea::{IdeaSource, IdeaStatus},
};
use serde_json::json;

use super::{Found, Rule};
use crate::domain::{
    insight::{
        facts::{Facts, ideas::Idea},
        suggest::Suggest,
    },
    policy::Action,
};

/// The rules of this chapter.
pub(super) const RULES: &[Rule] = &[
    Rule {
        code: InsightCode::UntappedArea,
        severity: InsightSeverity::Info,
        playbook_ref: "§13",
        doc: "An idea applies AI in an area in which the organization has no project yet.",
        find: untapped_area,
    },
    Rule {
        code: InsightCode::AlwaysSolo,
        severity: InsightSeverity::Advice,
        playbook_ref: "§30",
        doc: "Three projects or more are finished, and nobody else was in any of them.",
        find: always_solo,
    },
];

/// How many finished projects tell that somebody works alone.
const SOLO: i64 = 3;

fn always_solo(facts: &Facts) -> Vec<Found> {
    let of = facts.finished;
    if of.all < SOLO || of.with_others > 0 {
        return Vec::new();
    }
    vec![Found {
        subject_kind: "user",
        subject_id: facts.user.to_string(),
        within: Vec::new(),
        reason: format!(
            "All {} finished projects were carried out alone. Working with others teaches what working alone does not: the next one may have room for somebody.",
            of.all
        ),
        suggest: None,
    }]
}

fn untapped_area(facts: &Facts) -> Vec<Found> {
    let of_area = facts.ideas.iter().filter(|idea| idea.source == IdeaSource::ApplicationArea);
    let untapped = of_area.filter_map(|idea| match &idea.area {
        Some((area, false)) => Some((idea, area)),
        _ => None,
    });
    let found = untapped.map(|(idea, area)| Found {
        subject_kind: "project_idea",
        subject_id: idea.id.to_string(),
        within: Vec::new(),
        reason: format!("{} would be the first project in {area} here: what you know of it is rare.", idea.title),
        suggest: Some(next(idea)),
    });
    found.collect()
}

/// What takes an idea further.
fn next(idea: &Idea) -> Suggest {
    Suggest {
        resource: "ProjectIdea",
        verb: if idea.status == IdeaStatus::Evaluated { "promote" } else { "evaluate" },
        id: Some(idea.id.to_string()),
        needs: Action::EditProjectIdea,
        input: json!({}),
    }
}

#[cfg(test)]
pub(in crate::domain::insight) mod tests {
    use super::*;
    use crate::domain::{
        clock,
        insight::{facts::team::Finished, rules::learning::tests::nobody},
    };

    /// An idea in an area, in which there is a project or not.
    pub(in crate::domain::insight) fn idea(source: IdeaSource, area: Option<(&str, bool)>) -> Idea {
        Idea {
            id: clock::new_id(),
            title: "Satellites".to_owned(),
            source,
            status: IdeaStatus::Captured,
            area: area.map(|(area, tapped)| (area.to_owned(), tapped)),
        }
    }

    #[test]
    fn who_always_works_alone_is_told() {
        let mut facts = nobody();
        for (all, with_others, expected) in [(0, 0, 0), (2, 0, 0), (3, 0, 1), (7, 0, 1), (3, 1, 0)] {
            facts.finished = Finished { all, with_others };
            assert_eq!(always_solo(&facts).len(), expected, "{all} {with_others}");
        }
    }

    #[test]
    fn an_area_without_a_project_is_pointed_out() {
        let mut facts = nobody();
        facts.ideas = vec![
            idea(IdeaSource::ApplicationArea, Some(("Weather", false))),
            idea(IdeaSource::ApplicationArea, Some(("Energy", true))),
            idea(IdeaSource::ApplicationArea, None),
            idea(IdeaSource::SideHustle, Some(("Weather", false))),
        ];
        let found = untapped_area(&facts);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].subject_id, facts.ideas[0].id.to_string());
        assert_eq!(
            found[0].reason,
            "Satellites would be the first project in Weather here: what you know of it is rare."
        );
        assert_eq!(found[0].suggest.as_ref().map(|command| command.verb), Some("evaluate"));
        facts.ideas[0].status = IdeaStatus::Evaluated;
        assert_eq!(untapped_area(&facts)[0].suggest.as_ref().map(|command| command.verb), Some("promote"));
    }
}
