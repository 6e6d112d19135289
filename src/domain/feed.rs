//! Who sees an event: whoever sees the things of the kind that it is about, by the same rule.
//!
//! The rule of the feed is made from the declarations of all resources, so that a new one is covered without being
//! told. An event carries of its subject the kind, the owner, the project and who else has a part in it: what looks at these is looked at here too,
//! and what looks at anything else of the row shows nobody an event. A law holds both against each other.

use std::sync::LazyLock;

use entity::{platform::client::Scope, vocabulary::Vocabulary as _};

use super::{
    policy::{
        Rule::{self, Among, Holds, Nobody},
        permission,
    },
    resources,
    verb::snake,
};
use crate::read::shape::{Shape, Tenant, shape};

/// The column of events that names whose thing it is.
const OWNER: &str = "owner_id";
/// The column of events that names the project in which something happened.
const PROJECT: &str = "project_id";

/// The column of events that names who else has a part in the thing.
const PARTY: &str = "party_id";
/// The columns that name whoever has a part in a thing of somebody else's, as whoever is asked to speak for an application:
/// who sees it by one of these sees what happens to it.
pub(super) const PARTIES: [&str; 1] = ["referrer_user_id"];

/// Kinds of things that are seen by one scope and one rule.
type Group = (Scope, Rule, Vec<String>);

static RULE: LazyLock<Rule> = LazyLock::new(|| {
    let mut groups: Vec<Group> = Vec::new();
    for shape in resources().iter().map(|resource| &resource.shape).filter(|shape| shape.name != "Event") {
        let (scope, rule) = permission(shape.view);
        let rule = of_events(rule, shape, scope);
        match groups.iter_mut().find(|(known, other, _)| *known == scope && *other == rule) {
            Some((_, _, kinds)) => kinds.push(snake(shape.name)),
            None => groups.push((scope, rule, vec![snake(shape.name)])),
        }
    }
    let seen = |(scope, rule, kinds)| Rule::All(vec![Holds(scope), Among("subject_kind", kinds), rule]);
    Rule::Any(groups.into_iter().map(seen).collect())
});

/// The rule for the rows of the feed.
pub(super) fn rule() -> Rule {
    RULE.clone()
}

/// The rule for a thing's events, from the rule for the thing.
fn of_events(rule: Rule, of: &Shape, scope: Scope) -> Rule {
    let all = |rules: Vec<Rule>| rules.into_iter().map(|rule| of_events(rule, of, scope)).collect();
    match rule {
        Rule::Owner(column) if Some(column) == owner(of) => Rule::Owner(OWNER),
        Rule::Owner(column) if PARTIES.contains(&column) => Rule::Owner(PARTY),
        Rule::Unowned(column) if Some(column) == owner(of) => Rule::Unowned(OWNER),
        // Who was let see a person's learning sees what happens to it. Who sees somebody because anything at all was
        // opened to them does not see what that somebody does with passwords.
        Rule::Granted(column, scopes) if Some(column) == owner(of) && scopes.iter().all(|one| same(*one, scope)) => {
            Rule::Granted(OWNER, scopes)
        }
        // Whose the project is, an event tells itself: what happened before it told the project is theirs, too.
        Rule::Team(_, scopes, roles) => {
            Rule::Any(vec![Rule::Owner(OWNER), Rule::Granted(OWNER, scopes), Rule::Team(PROJECT, scopes, roles)])
        }
        // What goes with another thing has the same owner.
        Rule::Sees(_, target) => {
            let target = shape(target);
            let (needed, rule) = permission(target.view);
            let rule = of_events(rule, target, needed);
            if needed == scope { rule } else { Rule::All(vec![Holds(needed), rule]) }
        }
        // What goes with several things of one owner is seen as each of them is.
        Rule::All(rules) => {
            let mut all: Vec<Rule> = all(rules);
            all.retain(|rule| *rule != Rule::Anyone);
            all.dedup();
            match all.len() {
                0 => Rule::Anyone,
                1 => all.remove(0),
                _ => Rule::All(all),
            }
        }
        Rule::Any(rules) => Rule::Any(all(rules)),
        // What happened to something is told after it is gone, too.
        Rule::Lives(..) => Rule::Anyone,
        Rule::Anyone
        | Rule::Nobody
        | Rule::Machine
        | Rule::Has(_)
        | Rule::SelfApproval
        | Rule::SelfRating
        | Rule::BudgetApprover
        | Rule::Holds(_) => rule,
        Rule::Owner(_)
        | Rule::Unowned(_)
        | Rule::Granted(..)
        | Rule::Person(..)
        | Rule::True(_)
        | Rule::Reached(_)
        | Rule::Among(..) => Nobody,
    }
}

/// Whether two scopes are of one area.
fn same(one: Scope, other: Scope) -> bool {
    let area = |scope: Scope| scope.word().split(':').next();
    area(one) == area(other)
}

/// The column that names whose a thing is, when it is somebody's: the one that [`super::verb::Row::owner`] tells.
fn owner(of: &Shape) -> Option<&'static str> {
    if of.tenant == Tenant::Members {
        return Some("id");
    }
    ["owner_id", "user_id", "from_id"].into_iter().find(|name| of.leaves.iter().any(|leaf| leaf.column() == Some(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::Action;
    use entity::platform::membership::Role;

    /// What the feed asks of somebody who looks at the events of a kind.
    fn asks(name: &str) -> Rule {
        let of = shape(name);
        let (scope, rule) = permission(of.view);
        of_events(rule, of, scope)
    }

    #[test]
    fn events_are_seen_as_their_subjects_are() {
        assert_eq!(asks("InsightDismissal"), Rule::Owner(OWNER));
        assert_eq!(asks("RoleProfile"), Rule::Anyone);
        assert_eq!(asks("RoleRequirement"), Rule::Anyone);
        assert_eq!(asks("LearningPlan"), permission(Action::ViewLearningPlan).1);
        assert_eq!(asks("Client"), Rule::Has(Role::Admin));
        // What goes with a goal goes to whom the goal goes.
        assert_eq!(asks("GoalRequirement"), asks("CareerGoal"));
        assert_eq!(asks("MetricObservation"), asks("Project"));
        assert_ne!(asks("CareerGoal"), permission(Action::ViewCareerGoal).1, "it is about the event's own column");
    }

    #[test]
    fn who_is_in_a_project_is_told() {
        let Rule::Any(seen) = permission(Action::ViewProject).1 else { panic!("several may see it") };
        let Some(Rule::Team("id", scopes, roles)) = seen.last() else { panic!("one of them is the team") };
        let told = vec![Rule::Owner(OWNER), Rule::Granted(OWNER, scopes), Rule::Team(PROJECT, scopes, roles)];
        assert_eq!(asks("Project"), Rule::Any(vec![Rule::Machine, Rule::Any(told)]));
        assert_eq!(asks("Milestone"), asks("Project"));
        // Of what goes with an idea or with a project, its life is not asked.
        let Rule::Any(of_checklist) = asks("SelectionChecklist") else { panic!("two ways lead to it") };
        assert_eq!(of_checklist, [asks("ProjectIdea"), asks("Project")]);
    }

    #[test]
    fn who_is_asked_hears_what_becomes_of_it() {
        let Rule::Any(seen) = asks("Referral") else { panic!("several may see it") };
        assert_eq!(seen, [Rule::Owner(PARTY), asks("JobPosting")]);
    }

    #[test]
    fn what_an_event_does_not_tell_shows_it_to_nobody() {
        assert_eq!(asks("Grant"), Rule::Any(vec![Rule::Owner(OWNER), Nobody]));
        assert_eq!(asks("CompetencyFramework"), Rule::Any(vec![Rule::Machine, Rule::Has(Role::Admin), Nobody]));
        let user = vec![Rule::Machine, Rule::Has(Role::Admin), Rule::Owner(OWNER), Nobody, Nobody];
        assert_eq!(asks("User"), Rule::Any(user));
    }
}
