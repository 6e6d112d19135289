//! The rules about applications that change a role or an industry (§17, §18): worth knowing, and never in the way.

use entity::{
    insight::insight_dismissal::{InsightCode, InsightSeverity},
    jobs::{
        job_posting::EmployerKind,
        transition_leg::{LegKind, LegState},
        transition_plan::TransitionKind,
    },
};
use serde_json::json;

use super::{Found, Rule};
use crate::domain::{
    insight::{
        facts::{Facts, switch::Applied},
        suggest::Suggest,
    },
    policy::Action,
};

/// The rules of this chapter.
pub(super) const RULES: &[Rule] = &[
    Rule {
        code: InsightCode::DoubleSwitchDirect,
        severity: InsightSeverity::Info,
        playbook_ref: "§17",
        doc: "An open application leads straight to another role in another industry.",
        find: double_switch_direct,
    },
    Rule {
        code: InsightCode::StartupEasier,
        severity: InsightSeverity::Info,
        playbook_ref: "§18",
        doc: "An open application for another role is at a start-up.",
        find: startup_easier,
    },
    Rule {
        code: InsightCode::BigCompanyRigidReward,
        severity: InsightSeverity::Info,
        playbook_ref: "§18",
        doc: "An open application for another role is at a large company.",
        find: big_company_rigid_reward,
    },
];

fn about(applied: &Applied, reason: String, suggest: Option<Suggest>) -> Found {
    Found {
        subject_kind: "application",
        subject_id: applied.id.to_string(),
        within: vec![applied.search.to_string()],
        reason,
        suggest,
    }
}

/// What it is for, and where.
fn named(applied: &Applied) -> String {
    match &applied.company {
        Some(company) => format!("{} at {company}", applied.title),
        None => applied.title.clone(),
    }
}

fn double_switch_direct(facts: &Facts) -> Vec<Found> {
    // What leads to the end of a leg, or beside the plan, is no leap to its end.
    let both = facts.switch.applied.iter().filter(|one| one.kind == TransitionKind::RoleAndIndustry && one.to_end);
    let found = both.map(|one| {
        let reason = format!(
            "{} is another role and another industry at once. That is a good thing to try; beside it, a leg that changes one of them first gives something to stand on.",
            named(one)
        );
        let plan = facts.switch.plans.is_empty().then(|| Suggest {
            resource: "TransitionPlan",
            verb: "create",
            id: None,
            needs: Action::SearchFor,
            input: json!({ "toRole": one.title, "ownerId": facts.user }),
        });
        about(one, reason, plan)
    });
    found.collect()
}

/// Whether an application is one for another role: as it would be from here, or as the leg of its search's plan says.
fn changes_role(facts: &Facts, one: &Applied) -> bool {
    let leg = one.plan.is_some_and(|plan| {
        let open = |state| matches!(state, LegState::Planned | LegState::Active);
        facts.switch.legs_of(plan).any(|leg| leg.kind == LegKind::Role && open(leg.state))
    });
    leg || matches!(one.kind, TransitionKind::Role | TransitionKind::RoleAndIndustry)
}

fn with_a_role_leg(facts: &Facts, at: EmployerKind) -> impl Iterator<Item = &Applied> {
    facts.switch.applied.iter().filter(move |one| one.employer == Some(at) && changes_role(facts, one))
}

fn startup_easier(facts: &Facts) -> Vec<Found> {
    let found = with_a_role_leg(facts, EmployerKind::Startup).map(|one| {
        let reason = format!(
            "{} is at a start-up: where few people do many things, a new role is often learnt on the job. What you want to learn is worth saying there.",
            named(one)
        );
        about(one, reason, None)
    });
    found.collect()
}

fn big_company_rigid_reward(facts: &Facts) -> Vec<Found> {
    let found = with_a_role_leg(facts, EmployerKind::BigCompany).map(|one| {
        let reason = format!(
            "{} is at a large company: roles are well described there, and who does one well is rewarded for it. Work that shows this role, or a move within such a company later, opens the door.",
            named(one)
        );
        about(one, reason, None)
    });
    found.collect()
}

#[cfg(test)]
pub(in crate::domain::insight) mod tests {
    use entity::{
        id::{TransitionLegId, TransitionPlanId},
        jobs::transition_plan::TransitionPath,
    };

    use super::*;
    use crate::domain::{
        clock,
        insight::{
            facts::switch::{Leg, Plan, Switch},
            rules::learning::tests::nobody,
        },
    };

    /// An application that changes so much, at an employer of a kind.
    pub(in crate::domain::insight) fn applied(kind: TransitionKind, employer: Option<EmployerKind>) -> Applied {
        Applied {
            id: clock::new_id(),
            search: clock::new_id(),
            plan: None,
            title: "ML engineer".to_owned(),
            company: Some("Windy Grid".to_owned()),
            employer,
            kind,
            to_end: true,
            next_action: None,
            next_action_at: None,
        }
    }

    /// Somebody of whom each of these rules finds something.
    pub(in crate::domain::insight) fn switching() -> Switch {
        let applied = [EmployerKind::Startup, EmployerKind::BigCompany]
            .map(|employer| applied(TransitionKind::RoleAndIndustry, Some(employer)));
        Switch { applied: applied.into(), ..Switch::default() }
    }

    fn of(applied: Applied) -> Facts {
        let mut facts = nobody();
        facts.switch.applied = vec![applied];
        facts
    }

    #[test]
    fn an_application_is_looked_at_by_what_it_changes() {
        use TransitionKind::{Industry, None as Nothing, Role, RoleAndIndustry};
        let startup = Some(EmployerKind::Startup);
        let big = Some(EmployerKind::BigCompany);
        for (kind, employer, found) in [
            (RoleAndIndustry, None, [1, 0, 0]),
            (RoleAndIndustry, startup, [1, 1, 0]),
            (RoleAndIndustry, big, [1, 0, 1]),
            (Role, startup, [0, 1, 0]),
            (Role, big, [0, 0, 1]),
            (Role, Some(EmployerKind::Other), [0, 0, 0]),
            (Industry, startup, [0, 0, 0]),
            (Industry, big, [0, 0, 0]),
            (Nothing, big, [0, 0, 0]),
        ] {
            let facts = of(applied(kind, employer));
            let counts =
                [double_switch_direct, startup_easier, big_company_rigid_reward].map(|rule| rule(&facts).len());
            assert_eq!(counts, found, "{kind} {employer:?}");
        }
    }

    #[test]
    fn what_leads_beside_the_end_of_a_plan_is_no_leap() {
        let mut facts = of(applied(TransitionKind::RoleAndIndustry, None));
        assert_eq!(double_switch_direct(&facts).len(), 1);
        facts.switch.applied[0].to_end = false;
        assert_eq!(double_switch_direct(&facts).len(), 0);
    }

    #[test]
    fn the_leg_of_a_plan_says_so_too() {
        let plan: TransitionPlanId = clock::new_id();
        let one = Applied { plan: Some(plan), ..applied(TransitionKind::None, Some(EmployerKind::Startup)) };
        let mut facts = of(one);
        for (kind, state, found) in [
            (LegKind::Role, LegState::Active, 1),
            (LegKind::Role, LegState::Planned, 1),
            (LegKind::Role, LegState::Done, 0),
            (LegKind::Role, LegState::Skipped, 0),
            (LegKind::Industry, LegState::Active, 0),
        ] {
            facts.switch.legs = vec![Leg {
                id: clock::new_id::<TransitionLegId>(),
                transition_plan_id: plan,
                kind,
                state,
                internal_move: false,
                to_role: None,
                to_industry: None,
            }];
            assert_eq!(startup_easier(&facts).len(), found, "{kind} {state}");
        }
    }

    #[test]
    fn a_plan_is_suggested_once() {
        let mut facts = of(applied(TransitionKind::RoleAndIndustry, None));
        assert_eq!(double_switch_direct(&facts)[0].suggest.as_ref().unwrap().verb, "create");
        facts.switch.plans = vec![Plan {
            id: clock::new_id(),
            kind: TransitionKind::RoleAndIndustry,
            path: Some(TransitionPath::RoleFirst),
            to_role: None,
            to_role_profile_id: None,
            to_industry: None,
        }];
        let found = double_switch_direct(&facts);
        assert!(found[0].suggest.is_none() && found[0].is_about(&facts.switch.applied[0].search.to_string()));
    }
}
