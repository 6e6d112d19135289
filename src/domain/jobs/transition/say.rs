//! What a switch and its paths are told with: plain sentences, in which employers are people to work with (§32).

use entity::jobs::{
    transition_leg::LegKind,
    transition_plan::{TransitionKind, TransitionPath},
};

use super::{
    path::{Leg, Path},
    place::Place,
};

/// What is known of a leg, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// How many things the role at its end asks for, and how many of them are still to be learnt; nothing when nobody
    /// said, or when the caller may not know.
    pub asked: Option<(i64, i64)>,
    /// How many people the person knows where it leads.
    pub contacts: i64,
    /// How many applications are open there.
    pub applications: i64,
}

fn role(place: &Place) -> &str {
    place.role.as_ref().map_or("your role", |role| role.title.as_str())
}

fn industry(place: &Place) -> &str {
    place.industry.as_ref().map_or("your field", |industry| industry.name.as_str())
}

/// Why a switch is what it is.
#[must_use]
pub fn classified(from: &Place, to: &Place) -> Vec<String> {
    let kind = from.to(to);
    let mut out = Vec::new();
    if matches!(kind, TransitionKind::Role | TransitionKind::RoleAndIndustry) {
        out.push(match &from.role {
            Some(was) => format!("{} and {} are different roles.", was.title, role(to)),
            None => format!("{} would be the first role that is known of.", role(to)),
        });
    } else if let (Some(was), Some(is)) = (&from.role, &to.role) {
        out.push(format!("{} and {} are the same role, or of one family.", was.title, is.title));
    }
    if matches!(kind, TransitionKind::Industry | TransitionKind::RoleAndIndustry) {
        out.push(format!("{} and {} are different industries.", industry(from), industry(to)));
    } else if let (Some(was), Some(is)) = (&from.industry, &to.industry) {
        out.push(format!("{} and {} are the same industry.", was.name, is.name));
    } else if let (None, Some(is)) = (&from.industry, &to.industry) {
        out.push(format!("There is no industry to leave: {} is open.", is.name));
    }
    out
}

/// What a path is good for.
#[must_use]
pub fn benefit(path: &Path) -> String {
    let (Some(first), Some(last)) = (path.legs.first(), path.legs.last()) else { return String::new() };
    match (path.path, first.kind) {
        (TransitionPath::RoleFirst, _) => format!(
            "The new role is learnt where {} and its people are known already; with experience as {}, the move to {} comes easier later.",
            industry(&first.from),
            role(&last.to),
            industry(&last.to)
        ),
        (TransitionPath::IndustryFirst, _) => format!(
            "What is known as {} stays of use, while colleagues in {} show how the work of {} is done there.",
            role(&first.from),
            industry(&last.to),
            role(&last.to)
        ),
        (TransitionPath::Direct, LegKind::Role) => {
            format!("Only the role changes: what is known of {} comes along.", industry(&first.to))
        }
        (TransitionPath::Direct, LegKind::Industry) => {
            format!("Only the industry changes: what is known as {} comes along.", role(&first.to))
        }
    }
}

/// What speaks for a path, and what it takes: a sentence for each thing that is known of its legs.
#[must_use]
pub fn reasons(legs: &[(Leg, Counted)]) -> Vec<String> {
    legs.iter().flat_map(|(leg, counted)| of_leg(leg, *counted)).collect()
}

fn of_leg(leg: &Leg, counted: Counted) -> Vec<String> {
    let mut out = Vec::new();
    if leg.kind == LegKind::Role {
        out.push(match counted.asked {
            None | Some((0, _)) => format!("Nothing is written down yet of what {} asks for.", role(&leg.to)),
            Some((_, 0)) => format!("Everything that {} asks for is there.", role(&leg.to)),
            Some((all, open)) => {
                format!("{open} of {all} things that {} asks for are still to be learnt.", role(&leg.to))
            }
        });
    }
    let place = match leg.kind {
        LegKind::Role => format!("as {} or in {}", role(&leg.to), industry(&leg.to)),
        LegKind::Industry => format!("in {}, or as {} elsewhere", industry(&leg.to), role(&leg.to)),
    };
    match counted.contacts {
        0 => out.push(format!("No contact works {place} yet: an informational interview is a beginning.")),
        1 => out.push(format!("One contact works {place}.")),
        many => out.push(format!("{many} contacts work {place}.")),
    }
    match counted.applications {
        0 => {}
        1 => out.push(format!("One application as {} is open.", role(&leg.to))),
        many => out.push(format!("{many} applications as {} are open.", role(&leg.to))),
    }
    out
}

#[cfg(test)]
pub(in crate::domain) mod tests {
    use super::{
        super::{
            path::paths,
            place::{
                Role,
                tests::{industry, role as profile},
            },
        },
        *,
    };

    /// Everything that is ever said here.
    pub(in crate::domain) fn everything() -> Vec<String> {
        let analyst = Role::called("Analyst");
        let (engineer, finance, tech) =
            (profile(&["ML engineer"], None), industry(&["Finance"]), industry(&["Technology"]));
        let at = |role: Option<&Role>, industry: Option<&super::super::place::Industry>| Place {
            role: role.cloned(),
            industry: industry.cloned(),
        };
        let ends = [
            (at(Some(&analyst), Some(&finance)), at(Some(&engineer), Some(&tech))),
            (at(Some(&analyst), Some(&finance)), at(Some(&engineer), None)),
            (at(Some(&analyst), Some(&finance)), at(None, Some(&tech))),
            (at(Some(&engineer), Some(&finance)), at(Some(&engineer), Some(&finance))),
            (at(None, None), at(Some(&engineer), Some(&tech))),
        ];
        let counts = [
            Counted::default(),
            Counted { asked: Some((3, 0)), contacts: 1, applications: 1 },
            Counted { asked: Some((3, 2)), contacts: 2, applications: 2 },
        ];
        let mut out = Vec::new();
        for (from, to) in &ends {
            out.extend(classified(from, to));
            for path in paths(from, to) {
                out.push(benefit(&path));
                for counted in counts {
                    out.extend(reasons(&path.legs.iter().map(|leg| (leg.clone(), counted)).collect::<Vec<_>>()));
                }
            }
        }
        out.sort();
        out.dedup();
        out
    }

    #[test]
    fn what_is_said_of_switches() {
        insta::assert_snapshot!(everything().join("\n"));
    }
}
