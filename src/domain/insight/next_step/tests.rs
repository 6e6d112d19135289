//! Next steps, from facts without a database: when each is found, when not, and in which order they are told.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use entity::{
    insight::step_dismissal::StepCode,
    jobs::{
        transition_leg::{LegKind, LegState},
        transition_plan::{TransitionKind, TransitionPath},
    },
    learning::plan_item::PlanItemStatus,
    projects::{
        portfolio_entry::PortfolioStage,
        project::ProjectStatus,
        project_idea::{IdeaSource, IdeaStatus},
        scope::Step as ScopeStep,
    },
    vocabulary::Vocabulary as _,
};
use serde_json::json;

use super::{
    super::{
        facts::{
            Facts,
            beginning::{Contact, Counts, Profile, RoleGoal},
            learning::Need,
            switch::{Leg, Plan, Search},
            work::Work,
        },
        rules::{
            hiring,
            ideas::tests::idea,
            jobs,
            learning::tests::{item, nobody},
            measures, portfolio,
            switch::tests::applied,
            talks::tests::{aim, talks},
        },
    },
    *,
};
use crate::domain::clock;

mod search;

/// Somebody who has begun with something, and of whom nothing else is known.
fn somebody() -> Facts {
    let mut facts = nobody();
    facts.beginning.own = true;
    facts.beginning.counts.goals = 1;
    facts.beginning.counts.contacts = 1;
    facts.beginning.profile = Some(Profile { id: clock::new_id(), current_role: Some("Analyst".to_owned()) });
    facts
}

fn codes(facts: &Facts) -> String {
    told(facts).into_iter().map(|(rule, _)| rule.code.word()).collect::<Vec<_>>().join(" ")
}

fn told(facts: &Facts) -> Vec<(&'static StepRule, Step)> {
    steps(facts, |_, _| false)
}

fn work(status: ProjectStatus) -> Work {
    Work {
        id: clock::new_id(),
        scope_id: clock::new_id(),
        title: "Wind".to_owned(),
        status,
        current_step: None,
        stated: true,
        ml: 0,
        business: 0,
        milestone: Some(clock::new_id()),
        shown: true,
    }
}

fn plan(kind: TransitionKind, path: Option<TransitionPath>) -> Plan {
    Plan {
        id: clock::new_id(),
        kind,
        path,
        to_role: Some("ML engineer".to_owned()),
        to_role_profile_id: None,
        to_industry: Some("Technology".to_owned()),
    }
}

fn leg(plan: &Plan, state: LegState) -> Leg {
    Leg {
        id: clock::new_id(),
        transition_plan_id: plan.id,
        kind: LegKind::Role,
        state,
        internal_move: false,
        to_role: plan.to_role.clone(),
        to_industry: plan.to_industry.clone(),
    }
}

fn into_ml() -> Search {
    Search { id: clock::new_id(), title: "Into ML".to_owned(), applications: 0, applied_stage_id: None }
}

fn need(name: &str, strength: i64) -> Need {
    Need { id: clock::new_id(), name: name.to_owned(), opened_at: clock::now(), strength }
}

#[test]
fn whoever_has_begun_with_nothing_gets_one_step_of_ten_minutes() {
    let mut facts = nobody();
    facts.beginning.own = true;
    facts.beginning.profile = Some(Profile { id: clock::new_id(), current_role: None });
    let all = told(&facts);
    assert_eq!(
        all.iter().map(|(rule, _)| (rule.code, rule.effort_minutes)).collect::<Vec<_>>(),
        [(StepCode::NameThreeRoles, 10)]
    );
    assert_eq!(all[0].1.command.input["kind"], json!("ROLE"));
    assert!(steps(&facts, |_, _| true).is_empty(), "it may be put off, and no other comes in its place");
    // With a role, too: that alone is no beginning.
    facts.beginning.profile.as_mut().unwrap().current_role = Some("Analyst".to_owned());
    assert_eq!(codes(&facts), "NAME_THREE_ROLES");
    facts.beginning.counts.goals = 1;
    assert_eq!(codes(&facts), "ADD_CONTACT");
}

#[test]
fn where_somebody_stands_is_asked_once() {
    let mut facts = somebody();
    assert_eq!(codes(&facts), "");
    facts.beginning.profile.as_mut().unwrap().current_role = None;
    assert_eq!(codes(&facts), "SAY_WHERE_YOU_STAND");
    facts.beginning.profile = None;
    assert_eq!(codes(&facts), "");
    facts.beginning.counts.contacts = 0;
    assert_eq!(codes(&facts), "ADD_CONTACT");
    facts.beginning.own = false;
    assert_eq!(codes(&facts), "", "somebody else may not see them");
}

#[test]
fn the_strongest_need_comes_first() {
    let mut facts = somebody();
    facts.learning.needs = vec![need("Python", 40), need("SQL", 90)];
    let (rule, step) = &told(&facts)[0];
    assert_eq!((rule.code, step.action.as_str()), (StepCode::PlanNeed, "Begin a plan for SQL."));
    assert_eq!(step.command.verb, "create");
    facts.learning.plan = Some(clock::new_id());
    let (_, step) = &told(&facts)[0];
    assert_eq!((step.action.as_str(), step.command.verb), ("Put SQL into your plan.", "plan"));
    // Of one that is put off, the next is told.
    let sql = facts.learning.needs[1].id.to_string();
    let left = steps(&facts, |_, step| step.subject.as_ref().is_some_and(|(_, id)| *id == sql));
    assert_eq!(left[0].1.action, "Put Python into your plan.");
}

#[test]
fn one_thing_is_learnt_at_a_time() {
    let mut facts = somebody();
    facts.beginning.counts.plans = 1;
    facts.beginning.counts.projects = 1;
    facts.learning.target = Some(60);
    facts.learning.items = vec![item(&[])];
    assert_eq!(codes(&facts), "BEGIN_ITEM");
    facts.learning.items.push(item(&[]));
    facts.learning.items[1].status = PlanItemStatus::Doing;
    assert_eq!(codes(&facts), "LEARN_A_LITTLE");
    for (ago, expected) in [(0, ""), (2, ""), (3, "LEARN_A_LITTLE")] {
        facts.learning.minutes = vec![(facts.today - TimeDelta::days(ago), 10)];
        assert_eq!(codes(&facts), expected, "{ago} days ago");
    }
    facts.learning.minutes.clear();
    facts.learning.pauses = vec![(facts.today, facts.today)];
    assert_eq!(codes(&facts), "", "a pause is a pause");
    facts.learning.items[0].proficient = true;
    facts.learning.items[1].status = PlanItemStatus::Done;
    facts.learning.target = None;
    assert_eq!(codes(&facts), "SET_WEEKLY_TARGET");
}

#[test]
fn projects_are_taken_further() {
    use ProjectStatus::{Completed, InProgress, Scoping};
    let of = |work: Work| {
        let mut facts = somebody();
        facts.beginning.counts.projects = 1;
        facts.work = vec![work];
        codes(&facts)
    };
    assert_eq!(of(work(InProgress)), "");
    assert_eq!(of(Work { ml: 1, ..work(InProgress) }), "ADD_BUSINESS_METRIC");
    assert_eq!(of(Work { ml: 1, business: 1, ..work(InProgress) }), "");
    assert_eq!(of(Work { ml: 1, milestone: None, ..work(InProgress) }), "", "there is no milestone to add it to");
    assert_eq!(of(Work { ml: 1, ..work(Completed) }), "");
    let at = |step| Work { stated: false, current_step: Some(step), ..work(Scoping) };
    assert_eq!(of(at(ScopeStep::BusinessProblem)), "STATE_PROBLEM");
    assert_eq!(of(at(ScopeStep::Budget)), "");
    assert_eq!(of(Work { stated: true, ..at(ScopeStep::BusinessProblem) }), "");
    assert_eq!(of(Work { shown: false, ..work(Completed) }), "SHOW_PROJECT");
    assert_eq!(of(Work { shown: false, ..work(InProgress) }), "");
}

#[test]
fn ideas_come_from_learning_and_are_looked_at() {
    let mut facts = somebody();
    facts.beginning.counts.sessions = 1;
    assert_eq!(codes(&facts), "CAPTURE_IDEA");
    facts.ideas = vec![idea(IdeaSource::ApplicationArea, None)];
    assert_eq!(codes(&facts), "LOOK_AT_IDEA");
    facts.ideas[0].status = IdeaStatus::Evaluated;
    assert_eq!(codes(&facts), "");
}

#[test]
fn a_switch_is_taken_leg_by_leg() {
    let mut facts = somebody();
    facts.beginning.role_goal =
        Some(RoleGoal { id: clock::new_id(), role: clock::new_id(), title: "ML engineer".to_owned() });
    assert_eq!(codes(&facts), "PLAN_TRANSITION");
    facts.beginning.role_goal.as_mut().unwrap().title = "analyst".to_owned();
    assert_eq!(codes(&facts), "", "that is what they do");
    let both = plan(TransitionKind::RoleAndIndustry, None);
    facts.switch.plans = vec![both.clone()];
    let (rule, step) = &told(&facts)[0];
    assert_eq!((rule.code, &step.command.input), (StepCode::ChoosePath, &json!({ "pathId": "ROLE_FIRST" })));
    facts.switch.plans = vec![plan(TransitionKind::Role, None)];
    assert_eq!(told(&facts)[0].1.command.input, json!({ "pathId": "DIRECT" }));
    let accepted = Plan { path: Some(TransitionPath::RoleFirst), ..both };
    facts.switch.legs = vec![leg(&accepted, LegState::Skipped), leg(&accepted, LegState::Planned)];
    facts.switch.plans = vec![accepted.clone()];
    let (rule, step) = &told(&facts)[0];
    assert_eq!(
        (rule.code, step.subject.as_ref().unwrap().1.clone()),
        (StepCode::StartLeg, facts.switch.legs[1].id.to_string())
    );
    facts.switch.legs[0].state = LegState::Active;
    assert_eq!(codes(&facts), "BEGIN_SEARCH");
}

#[test]
fn people_are_thanked_and_asked() {
    let mut facts = somebody();
    facts.talks = talks();
    facts.talks.aims.clear();
    assert_eq!(codes(&facts), "SAY_THANKS KEEP_IN_TOUCH");
    facts.talks = crate::domain::insight::facts::talks::Talks::default();
    let contact = |name: &str, role: Option<&str>, industry: Option<&str>| Contact {
        id: clock::new_id(),
        name: name.to_owned(),
        role: role.map(str::to_owned),
        industry: industry.map(str::to_owned),
    };
    facts.beginning.contacts = vec![
        contact("Pia", Some("Pilot"), Some("Aviation")),
        contact("Noor", None, Some("technology")),
        contact("Olu", Some("ML Engineer"), None),
    ];
    assert_eq!(codes(&facts), "", "there is nothing to ask about");
    facts.talks.aims = vec![aim(Some("ML engineer"), Some("Technology"), 0)];
    let asked = |facts: &Facts| told(facts)[0].1.action.clone();
    assert_eq!(asked(&facts), "Ask Olu for twenty minutes.");
    facts.beginning.contacts.pop();
    assert_eq!(asked(&facts), "Ask Noor for twenty minutes.");
    facts.beginning.contacts.pop();
    assert_eq!(asked(&facts), "Ask Pia for twenty minutes.");
    for (held, told) in [(2, "ASK_CONTACT"), (3, "")] {
        facts.talks.aims = vec![aim(Some("ML engineer"), None, held)];
        assert_eq!(codes(&facts), told, "{held}");
    }
    // A word of thanks is due from the day before on.
    facts.talks = talks();
    (facts.talks.aims, facts.talks.silent) = (Vec::new(), Vec::new());
    for (hours, told) in [(24, "SAY_THANKS"), (25, "")] {
        facts.talks.unthanked[0].follow_up_due_at = facts.now + TimeDelta::hours(hours);
        assert_eq!(codes(&facts), told, "in {hours} hours");
    }
}

#[test]
fn a_search_goes_on() {
    let mut facts = somebody();
    let accepted = plan(TransitionKind::Role, Some(TransitionPath::Direct));
    facts.switch.legs = vec![leg(&accepted, LegState::Active)];
    facts.switch.plans = vec![accepted];
    assert_eq!(codes(&facts), "BEGIN_SEARCH");
    facts.switch.legs[0].internal_move = true;
    assert_eq!(codes(&facts), "", "nobody looks elsewhere for a move within");
    facts.switch.legs[0].internal_move = false;
    let search = into_ml();
    facts.switch.searches = vec![search];
    assert_eq!(codes(&facts), "SAVE_POSTING");
    facts.switch.searches[0].applications = 1;
    assert_eq!(codes(&facts), "");
    let mut one = applied(TransitionKind::Role, None);
    one.next_action = Some("Send the notebook.".to_owned());
    for (hours, expected) in [(25, ""), (24, "DO_NEXT_ACTION"), (-100, "DO_NEXT_ACTION")] {
        one.next_action_at = Some(facts.now + TimeDelta::hours(hours));
        facts.switch.applied = vec![one.clone()];
        assert_eq!(codes(&facts), expected, "in {hours} hours");
    }
    assert_eq!(told(&facts)[0].1.action, "Send the notebook (ML engineer).");
}

/// Somebody of whom every rule finds something but what only a newcomer is told.
pub(in crate::domain::insight) fn everything() -> Facts {
    let mut facts = measures::tests::everything();
    facts.beginning.own = true;
    facts.beginning.counts = Counts { sessions: 1, ..Counts::default() };
    facts.beginning.profile = Some(Profile { id: clock::new_id(), current_role: None });
    facts.learning.needs = vec![need("SQL", 50)];
    facts.learning.items = vec![item(&[])];
    let accepted = plan(TransitionKind::RoleAndIndustry, Some(TransitionPath::RoleFirst));
    facts.switch.legs = vec![leg(&accepted, LegState::Planned)];
    facts.switch.plans = vec![plan(TransitionKind::RoleAndIndustry, None), accepted];
    facts.work = vec![
        Work { ml: 1, ..work(ProjectStatus::InProgress) },
        Work { stated: false, current_step: Some(ScopeStep::BusinessProblem), ..work(ProjectStatus::Scoping) },
        Work { shown: false, ..work(ProjectStatus::Completed) },
    ];
    facts.portfolio = vec![portfolio::tests::entry(PortfolioStage::PersonalProject, PortfolioStage::PersonalProject)];
    facts.ideas = vec![idea(IdeaSource::ApplicationArea, None)];
    facts.talks = talks();
    facts.switch.applied = vec![applied(TransitionKind::Role, None)];
    facts.switch.applied[0].next_action_at = Some(facts.now);
    facts.switch.searches = vec![into_ml()];
    facts.hiring = hiring::tests::everything();
    facts.jobs = jobs::tests::everything().jobs;
    facts.ahead = search::everything(&facts);
    facts
}

/// Facts of which every rule is in some.
pub(in crate::domain::insight) fn all_kinds() -> Vec<Facts> {
    let mut all = vec![everything(), nobody()];
    let mut doing = somebody();
    doing.learning.items = vec![item(&[])];
    doing.learning.items[0].status = PlanItemStatus::Doing;
    doing.beginning.role_goal =
        Some(RoleGoal { id: clock::new_id(), role: clock::new_id(), title: "ML engineer".to_owned() });
    doing.beginning.contacts = vec![Contact {
        id: clock::new_id(),
        name: "Noor".to_owned(),
        role: Some("ML engineer".to_owned()),
        industry: None,
    }];
    doing.talks.aims = vec![aim(Some("ML engineer"), Some("Technology"), 0)];
    doing.beginning.counts.sessions = 1;
    all.push(doing);
    let mut one = somebody();
    one.switch.plans = vec![plan(TransitionKind::Role, None)];
    one.learning.needs = vec![need("SQL", 50)];
    one.learning.plan = Some(clock::new_id());
    all.push(one);
    let mut asking = somebody();
    let accepted = plan(TransitionKind::Role, Some(TransitionPath::Direct));
    asking.switch.legs = vec![leg(&accepted, LegState::Active)];
    asking.switch.plans = vec![accepted];
    asking.talks.aims = vec![aim(Some("ML engineer"), None, 0)];
    asking.beginning.contacts = ["ML engineer", "Pilot"]
        .map(|role| Contact {
            id: clock::new_id(),
            name: "Noor".to_owned(),
            role: Some(role.to_owned()),
            industry: None,
        })
        .into();
    all.push(asking);
    all
}

#[test]
fn the_most_pressing_comes_first_and_always_in_the_same_order() {
    let facts = everything();
    insta::assert_snapshot!(codes(&facts));
    let again: Vec<_> = told(&facts).into_iter().map(|(_, step)| step).collect();
    assert_eq!(told(&facts).into_iter().map(|(_, step)| step).collect::<Vec<_>>(), again);
    // Whatever order the facts come in: what is told of each kind is the best.
    let mut other = facts.clone();
    other.learning.needs.insert(0, need("Rust", 10));
    assert_eq!(codes(&other), codes(&facts));
    assert!(told(&other).iter().any(|(_, step)| step.action.contains("SQL")));
}

#[test]
fn every_code_has_exactly_one_rule_and_is_found() {
    let codes: Vec<&str> = rules::all().map(|rule| rule.code.word()).collect();
    let once: BTreeSet<_> = codes.iter().copied().collect();
    assert_eq!((once.len(), codes.len()), (StepCode::ALL.len(), StepCode::ALL.len()));
    let found: BTreeSet<&str> = all_kinds()
        .iter()
        .flat_map(|facts| {
            rules::all().filter(|rule| !(rule.find)(facts).is_empty()).map(|rule| rule.code.word()).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(found, once, "a rule finds nothing here");
    assert!(rules::all().all(|rule| rule.playbook_ref.starts_with('§') && (1..=30).contains(&rule.effort_minutes)));
}
