//! The paths that lead from one place to another, and their legs (§17).

use entity::jobs::{
    transition_leg::LegKind,
    transition_plan::{TransitionKind, TransitionPath},
};

use super::place::Place;

/// One way there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Which.
    pub path: TransitionPath,
    /// Its legs, in their order.
    pub legs: Vec<Leg>,
}

/// A leg of a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// What it changes.
    pub kind: LegKind,
    /// Where it begins.
    pub from: Place,
    /// Where it ends.
    pub to: Place,
}

/// The ways from one place to another: none when nothing changes, one of one leg when one thing does, and two of two
/// legs each when both do.
#[must_use]
pub fn paths(from: &Place, to: &Place) -> Vec<Path> {
    paths_of(from.to(to), from, to)
}

/// The same, when it is settled what changes.
#[must_use]
pub fn paths_of(kind: TransitionKind, from: &Place, to: &Place) -> Vec<Path> {
    // Who names no other role or industry keeps theirs.
    let there = Place {
        role: to.role.clone().or_else(|| from.role.clone()),
        industry: to.industry.clone().or_else(|| from.industry.clone()),
    };
    let direct = |kind| {
        vec![Path { path: TransitionPath::Direct, legs: vec![Leg { kind, from: from.clone(), to: there.clone() }] }]
    };
    match kind {
        TransitionKind::None => Vec::new(),
        TransitionKind::Role => direct(LegKind::Role),
        TransitionKind::Industry => direct(LegKind::Industry),
        TransitionKind::RoleAndIndustry => vec![
            by_way_of(
                TransitionPath::RoleFirst,
                [LegKind::Role, LegKind::Industry],
                from,
                Place { role: there.role.clone(), industry: from.industry.clone() },
                &there,
            ),
            by_way_of(
                TransitionPath::IndustryFirst,
                [LegKind::Industry, LegKind::Role],
                from,
                Place { role: from.role.clone(), industry: there.industry.clone() },
                &there,
            ),
        ],
    }
}

fn by_way_of(path: TransitionPath, kinds: [LegKind; 2], from: &Place, between: Place, to: &Place) -> Path {
    let legs = vec![
        Leg { kind: kinds[0], from: from.clone(), to: between.clone() },
        Leg { kind: kinds[1], from: between, to: to.clone() },
    ];
    Path { path, legs }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::{
        super::place::{
            Industry, Role,
            tests::{industry, role},
        },
        *,
    };

    fn place(role: Option<Role>, industry: Option<Industry>) -> Place {
        Place { role, industry }
    }

    fn printed(from: &Place, to: &Place) -> String {
        let name = |place: &Place| {
            let role = place.role.as_ref().map_or("-", |role| role.title.as_str());
            format!("{role} in {}", place.industry.as_ref().map_or("-", |industry| industry.name.as_str()))
        };
        let mut out = String::new();
        for path in paths(from, to) {
            let _ = write!(out, "{}:", path.path);
            for leg in &path.legs {
                let _ = write!(out, " [{} {} -> {}]", leg.kind, name(&leg.from), name(&leg.to));
            }
            out.push('\n');
        }
        out
    }

    #[test]
    fn both_at_once_is_two_ways_of_two_legs() {
        let (analyst, engineer) = (Role::called("Analyst"), role(&["ML engineer"], None));
        let (finance, tech) = (industry(&["Finance"]), industry(&["Technology"]));
        let from = place(Some(analyst.clone()), Some(finance.clone()));
        insta::assert_snapshot!(printed(&from, &place(Some(engineer.clone()), Some(tech.clone()))), @r"
        ROLE_FIRST: [ROLE Analyst in Finance -> ML engineer in Finance] [INDUSTRY ML engineer in Finance -> ML engineer in Technology]
        INDUSTRY_FIRST: [INDUSTRY Analyst in Finance -> Analyst in Technology] [ROLE Analyst in Technology -> ML engineer in Technology]
        ");
        insta::assert_snapshot!(printed(&from, &place(Some(engineer.clone()), None)), @"DIRECT: [ROLE Analyst in Finance -> ML engineer in Finance]");
        insta::assert_snapshot!(printed(&from, &place(None, Some(tech.clone()))), @"DIRECT: [INDUSTRY Analyst in Finance -> Analyst in Technology]");
        insta::assert_snapshot!(printed(&Place::default(), &place(Some(engineer), Some(tech))), @"DIRECT: [ROLE - in - -> ML engineer in Technology]");
        insta::assert_snapshot!(printed(&from, &place(Some(analyst), Some(finance))), @"");
    }
}
