//! Where somebody wants to go, and which talks were about it: told without a database.

use entity::{
    id::TransitionPlanId,
    jobs::{
        transition_leg::{LegKind, LegState},
        transition_plan::TransitionPath,
    },
};

use super::{super::switch::Leg, *};
use crate::domain::{clock, jobs::transition::place::Industry};

fn plan(kind: TransitionKind, role: Option<&str>, industry: Option<&str>) -> Plan {
    Plan {
        id: clock::new_id(),
        kind,
        path: None,
        to_role: role.map(str::to_owned),
        to_role_profile_id: role.map(|_| clock::new_id()),
        to_industry: industry.map(str::to_owned),
    }
}

fn goal(title: &str, profile: Option<RoleProfileId>, role: Option<&str>, current: Option<&str>) -> Goal {
    Goal {
        id: clock::new_id(),
        title: title.to_owned(),
        role_profile_id: profile,
        role: role.map(str::to_owned),
        current: current.map(str::to_owned),
    }
}

fn titles(plans: Vec<Plan>, goals: Vec<Goal>) -> Vec<String> {
    let switch = Switch { plans, ..Switch::default() };
    aimed(&switch, goals).into_iter().map(|aim| format!("{} {}", aim.subject.0, aim.title)).collect()
}

#[test]
fn a_switch_is_an_aim_by_what_it_changes() {
    let (role, industry) = (Some("ML engineer"), Some("Technology"));
    for (kind, told, names_role, names_industry) in [
        (TransitionKind::Role, vec!["transition_plan ML engineer"], true, false),
        (TransitionKind::Industry, vec!["transition_plan Technology"], false, true),
        (TransitionKind::RoleAndIndustry, vec!["transition_plan ML engineer in Technology"], true, true),
        (TransitionKind::None, vec![], false, false),
    ] {
        assert_eq!(titles(vec![plan(kind, role, industry)], Vec::new()), told, "{kind}");
        let aim = of_plan(&plan(kind, role, industry));
        assert_eq!((aim.role_profile_id.is_some(), aim.role.is_some()), (names_role, names_role), "{kind}");
        assert_eq!(aim.industry.is_some(), names_industry, "{kind}");
    }
}

#[test]
fn a_switch_that_has_come_to_its_end_is_none() {
    let leg = |plan: TransitionPlanId, state| Leg {
        id: clock::new_id(),
        transition_plan_id: plan,
        kind: LegKind::Role,
        state,
        internal_move: false,
        to_role: None,
        to_industry: None,
    };
    for (states, aims) in [
        (vec![LegState::Planned], 1),
        (vec![LegState::Done, LegState::Active], 1),
        (vec![LegState::Done, LegState::Skipped], 0),
        (vec![], 0),
    ] {
        let mut accepted = plan(TransitionKind::Role, Some("ML engineer"), None);
        accepted.path = Some(TransitionPath::Direct);
        let legs = states.iter().map(|state| leg(accepted.id, *state)).collect();
        let switch = Switch { plans: vec![accepted], legs, ..Switch::default() };
        assert_eq!(aimed(&switch, Vec::new()).len(), aims, "{states:?}");
    }
}

#[test]
fn a_goal_is_told_of_where_no_switch_leads_there() {
    let role = Some("ML engineer");
    let known = plan(TransitionKind::Role, role, None);
    let profile = known.to_role_profile_id;
    let other = Some(clock::new_id());
    for (goal, told) in [
        (goal("Become one", None, None, Some("Analyst")), 1),
        (goal("Become one", profile, Some("Machine learning engineer"), None), 1),
        (goal("Become one", other, Some("ml  Engineer"), None), 1),
        (goal("Fly", other, Some("Pilot"), None), 2),
        (goal("Stay", other, Some("Pilot"), Some(" pilot")), 1),
    ] {
        let all = titles(vec![known.clone()], vec![goal.clone()]);
        assert_eq!(all.len(), told, "{goal:?}: {all:?}");
    }
    let industry = plan(TransitionKind::Industry, role, Some("Technology"));
    assert_eq!(titles(vec![industry], vec![goal("Become one", None, None, None)]).len(), 2);
    assert_eq!(titles(vec![], vec![goal("Become one", None, None, None)]), ["career_goal Become one"]);
}

#[test]
fn a_talk_counts_for_where_somebody_is() {
    let (profile, pilot) = (clock::new_id(), clock::new_id());
    let names = |all: &[&str]| all.iter().map(|name| plain(name)).collect();
    let book = Book {
        roles: vec![
            Role {
                id: Some(profile),
                names: names(&["ML engineer", "Machine learning engineer"]),
                ..Role::called("ML engineer")
            },
            Role { id: Some(pilot), ..Role::called("Pilot") },
        ],
        industries: vec![Industry { names: names(&["Technology", "Tech"]), ..Industry::called("Technology") }],
    };
    let talk = |profile: Option<RoleProfileId>, title: Option<&str>, industry: Option<&str>| Held {
        role_profile_id: profile,
        role_title: title.map(str::to_owned),
        industry: industry.map(str::to_owned),
    };
    let role = of_plan(&plan(TransitionKind::Role, Some("ML engineer"), None));
    let industry = of_plan(&plan(TransitionKind::Industry, None, Some("Technology")));
    let both = of_plan(&plan(TransitionKind::RoleAndIndustry, Some("ML engineer"), Some("Technology")));
    let nowhere = of_goal(goal("Become one", None, None, None));
    for (talk, counts) in [
        (talk(None, None, None), [true, true, true, true]),
        (talk(Some(profile), None, None), [true, true, true, true]),
        (talk(Some(pilot), None, Some("Aviation")), [false, false, false, true]),
        (talk(Some(pilot), None, Some("tech")), [false, true, true, true]),
        (talk(None, Some("machine-learning engineer"), Some("Aviation")), [true, false, true, true]),
        (talk(None, Some("Pilot"), None), [false, true, true, true]),
    ] {
        let told = [&role, &industry, &both, &nowhere].map(|aim| talk.is_about(aim, &book));
        assert_eq!(told, counts, "{talk:?}");
    }
}
