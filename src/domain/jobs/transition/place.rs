//! A place in a career: a role in an industry, and when two of them are the same (§16).

use std::collections::BTreeSet;

use entity::{
    id::{IndustryId, RoleProfileId},
    jobs::transition_plan::TransitionKind,
    learning::role_profile::Seniority,
};

use crate::domain::spelling::plain;

/// A role, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Role {
    /// The profile, when there is one.
    pub id: Option<RoleProfileId>,
    /// What it is called.
    pub title: String,
    /// Whatever it is called, in plain letters.
    pub names: BTreeSet<String>,
    /// The family that it belongs to, in plain letters.
    pub family: Option<String>,
    /// How far along it is in its family.
    pub seniority: Option<Seniority>,
}

/// An industry, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Industry {
    /// The industry, when it is a known one.
    pub id: Option<IndustryId>,
    /// What it is called.
    pub name: String,
    /// Whatever it is called, in plain letters.
    pub names: BTreeSet<String>,
}

/// A role in an industry; either may be nothing yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// What somebody does.
    pub role: Option<Role>,
    /// Where.
    pub industry: Option<Industry>,
}

impl Role {
    /// A role of which only the title is known.
    #[must_use]
    pub fn called(title: &str) -> Self {
        Self { title: title.to_owned(), names: BTreeSet::from([plain(title)]), ..Self::default() }
    }

    /// Whether two are the same role: one profile, or called alike (by title or alias), or of one family, whose roles
    /// are the same work under other titles and at other levels.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        let known = self.id.is_some() && self.id == other.id;
        let family = self.family.is_some() && self.family == other.family;
        known || family || !self.names.is_disjoint(&other.names)
    }
}

impl Industry {
    /// An industry of which only the name is known.
    #[must_use]
    pub fn called(name: &str) -> Self {
        Self { id: None, name: name.to_owned(), names: BTreeSet::from([plain(name)]) }
    }

    /// Whether two are the same industry: one row, or called alike (by name or alias).
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        (self.id.is_some() && self.id == other.id) || !self.names.is_disjoint(&other.names)
    }
}

/// What changes from one place to another. Nobody who wants no other role changes theirs; whoever has none yet takes
/// one on, which is a switch. Whoever is in no industry leaves none behind.
#[must_use]
pub fn classify_transition(
    from_role: Option<&Role>,
    from_industry: Option<&Industry>,
    to_role: Option<&Role>,
    to_industry: Option<&Industry>,
) -> TransitionKind {
    let role = to_role.is_some_and(|to| from_role.is_none_or(|from| !from.is(to)));
    let industry = to_industry.is_some_and(|to| from_industry.is_some_and(|from| !from.is(to)));
    match (role, industry) {
        (false, false) => TransitionKind::None,
        (true, false) => TransitionKind::Role,
        (false, true) => TransitionKind::Industry,
        (true, true) => TransitionKind::RoleAndIndustry,
    }
}

impl Place {
    /// What changes from here to there.
    #[must_use]
    pub fn to(&self, there: &Self) -> TransitionKind {
        classify_transition(self.role.as_ref(), self.industry.as_ref(), there.role.as_ref(), there.industry.as_ref())
    }
}

#[cfg(test)]
pub(in crate::domain::jobs) mod tests {
    use super::*;
    use crate::domain::clock;

    /// A role with a profile, its aliases after the title.
    pub(in crate::domain::jobs) fn role(names: &[&str], family: Option<&str>) -> Role {
        Role {
            id: Some(clock::new_id()),
            title: names[0].to_owned(),
            names: names.iter().map(|name| plain(name)).collect(),
            family: family.map(plain),
            seniority: None,
        }
    }

    /// An industry with a row, its aliases after the name.
    pub(in crate::domain::jobs) fn industry(names: &[&str]) -> Industry {
        Industry {
            id: Some(clock::new_id()),
            name: names[0].to_owned(),
            names: names.iter().map(|name| plain(name)).collect(),
        }
    }

    #[test]
    fn a_name_is_the_same_however_it_is_written() {
        for (one, other) in [
            ("Machine-Learning  engineer", "machine learning Engineer"),
            (" E-Commerce ", "e commerce"),
            ("Oil & gas", "oil gas"),
            ("Größe", "GRÖSSE".to_lowercase().replace("ss", "ß").as_str()),
        ] {
            assert_eq!(plain(one), plain(other));
        }
        assert_ne!(plain("C"), plain("D"));
    }

    #[test]
    fn two_roles_are_the_same() {
        let engineer = role(&["ML engineer", "Machine learning engineer"], Some("Machine learning"));
        let table = [
            (engineer.clone(), engineer.clone(), true),
            (Role::called("machine-learning engineer"), engineer.clone(), true),
            (role(&["AI engineer", "ML Engineer"], None), engineer.clone(), true),
            (role(&["Senior ML engineer"], Some("machine learning")), engineer.clone(), true),
            (role(&["Backend engineer"], Some("Software")), engineer.clone(), false),
            (role(&["Data analyst"], None), role(&["Analyst"], None), false),
            (Role::called("Student"), engineer.clone(), false),
            (Role::called("Physicist"), engineer, false),
        ];
        for (one, other, same) in table {
            assert_eq!((one.is(&other), other.is(&one)), (same, same), "{} {}", one.title, other.title);
        }
    }

    #[test]
    fn what_changes() {
        use TransitionKind::{Industry as OfIndustry, None as Nothing, Role as OfRole, RoleAndIndustry};
        let (analyst, engineer) = (Role::called("Finance analyst"), role(&["ML engineer"], None));
        let (student, physicist) = (Role::called("Student"), Role::called("Physicist"));
        let (tech, finance) = (industry(&["Technology", "Software"]), industry(&["Finance", "Banking"]));
        let (health, state) = (Industry::called("Healthcare"), Industry::called("Government"));
        let software = Industry::called("software");
        let table = [
            // From: role, industry. To: role, industry.
            (Some(&analyst), Some(&finance), Some(&engineer), Some(&tech), RoleAndIndustry),
            (Some(&analyst), Some(&finance), Some(&engineer), Some(&finance), OfRole),
            (Some(&engineer), Some(&finance), Some(&engineer), Some(&tech), OfIndustry),
            (Some(&engineer), Some(&health), Some(&engineer), Some(&software), OfIndustry),
            (Some(&engineer), Some(&state), Some(&engineer), Some(&software), OfIndustry),
            (Some(&engineer), Some(&software), Some(&engineer), Some(&tech), Nothing),
            // A student or a physicist who becomes an engineer switches roles.
            (Some(&student), None, Some(&engineer), Some(&tech), OfRole),
            (Some(&physicist), Some(&tech), Some(&engineer), Some(&software), OfRole),
            (None, None, Some(&engineer), Some(&tech), OfRole),
            // Who names only one of them keeps the other.
            (Some(&analyst), Some(&finance), Some(&engineer), None, OfRole),
            (Some(&analyst), Some(&finance), None, Some(&tech), OfIndustry),
            (Some(&analyst), Some(&finance), None, Some(&finance), Nothing),
            (Some(&analyst), Some(&finance), None, None, Nothing),
            (None, None, None, Some(&tech), Nothing),
        ];
        for (place, (from_role, from_industry, to_role, to_industry, kind)) in table.into_iter().enumerate() {
            assert_eq!(classify_transition(from_role, from_industry, to_role, to_industry), kind, "row {place}");
        }
    }
}
