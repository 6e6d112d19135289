//! Groups of people that a report tells apart: those that are large enough, and the others together.

use std::ops::AddAssign;

use super::{disclosure::told, learning::ReportGroupKind};

/// What was counted of a group of people, disjoint from every other.
pub(super) trait Grouped: Default + for<'a> AddAssign<&'a Self> {
    /// How many people.
    fn people(&self) -> i64;
}

/// Everybody.
pub(super) fn total<C: Grouped>(counted: &[(Option<String>, C)]) -> C {
    let mut total = C::default();
    for (_, one) in counted {
        total += one;
    }
    total
}

/// The groups that are large enough, and the others as one.
pub(super) fn large<C: Grouped>(
    counted: Vec<(Option<String>, C)>,
    least: i64,
) -> Vec<(ReportGroupKind, Option<String>, C)> {
    let sizes: Vec<i64> = counted.iter().map(|(_, one)| one.people()).collect();
    let (mut groups, mut others) = (Vec::new(), C::default());
    for ((key, one), told) in counted.into_iter().zip(told(&sizes, least)) {
        if told {
            let kind = if key.is_some() { ReportGroupKind::Group } else { ReportGroupKind::Unassigned };
            groups.push((kind, key, one));
        } else {
            others += &one;
        }
    }
    if others.people() > 0 {
        groups.push((ReportGroupKind::Other, None, others));
    }
    groups
}
