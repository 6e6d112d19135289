//! What entries tell together.

use super::{
    super::tests::{skill, told},
    *,
};
use PortfolioStage::{ClassProject, PersonalProject, RisingScope, ValueCreation};

#[test]
fn who_stays_where_they_are_is_told_since_when() {
    let (p, v) = (PersonalProject, ValueCreation);
    for (steps, since) in [
        (vec![], None),
        (vec![(p, Some(1)), (p, Some(1))], None),
        (vec![(p, Some(1)), (p, Some(1)), (p, Some(1))], Some(0)),
        (vec![(p, Some(3)), (p, Some(2)), (p, Some(2))], Some(0)),
        (vec![(p, Some(1)), (p, Some(2)), (p, Some(2))], None),
        (vec![(p, Some(1)), (p, Some(2)), (p, Some(2)), (p, Some(2))], Some(1)),
        (vec![(p, None), (p, Some(2)), (p, None)], Some(0)),
        (vec![(p, Some(2)), (p, None), (p, Some(3))], None),
        (vec![(p, Some(3)), (p, None), (p, Some(3))], Some(0)),
        (vec![(p, Some(2)), (p, None), (p, Some(3)), (p, None)], Some(1)),
        (vec![(p, Some(2)), (p, Some(2)), (p, Some(2)), (v, Some(2))], None),
        (vec![(p, Some(2)), (v, Some(2)), (v, Some(2)), (v, Some(1))], Some(1)),
    ] {
        assert_eq!(plateau(&steps), since, "{steps:?}");
    }
}

#[test]
fn a_trend_is_the_sign_of_a_line() {
    use ComplexityTrend::{Falling, Rising, Steady};
    for (values, expected) in [
        (vec![], None),
        (vec![3], None),
        (vec![3, 3], Some(Steady)),
        (vec![1, 2], Some(Rising)),
        (vec![5, 1, 1, 1], Some(Falling)),
        (vec![1, 5, 1], Some(Steady)),
        (vec![2, 1, 3], Some(Rising)),
    ] {
        assert_eq!(trend(&values), expected, "{values:?}");
    }
}

#[test]
fn what_is_new_is_told_once() {
    let (python, sql) = (clock::new_id(), clock::new_id());
    let mut all = [
        told("Iris", ClassProject, Some(1), Some("2024-01-01")),
        told("Chess", PersonalProject, Some(2), Some("2024-06-01")),
        told("Wind", ValueCreation, Some(4), Some("2025-01-01")),
        told("Sun", RisingScope, Some(5), None),
    ];
    all[0].skills = vec![skill(python, "Python", 1)];
    all[2].skills = vec![skill(python, "Python", 3), skill(sql, "SQL", 2)];
    all[2].entry.resources = Set::EMPTY.with(PortfolioResource::Compute);
    all[3].entry.resources = Set::EMPTY.with(PortfolioResource::Compute).with(PortfolioResource::Headcount);
    let told = progression(clock::new_id(), &all, "2026-01-01T00:00:00Z".parse().unwrap());
    let first: Vec<Vec<&str>> = told
        .entries
        .iter()
        .map(|one| one.competencies_first_shown.iter().map(|first| first.name.as_str()).collect())
        .collect();
    assert_eq!(first, [vec!["Python"], vec![], vec!["SQL"], vec![]]);
    let unlocked: Vec<String> = told.entries.iter().map(|one| format!("{:?}", one.resources_unlocked)).collect();
    assert_eq!(unlocked, ["{}", "{}", "{Compute}", "{Headcount}"]);
    assert_eq!(told.complexity_trend, Some(ComplexityTrend::Rising));
    assert_eq!(told.plateau_since, None);
    let reached: Vec<_> = told.stages.iter().map(|stage| (stage.entries, stage.reached_at.as_deref())).collect();
    assert_eq!(
        reached,
        [
            (1, Some("2024-01-01T00:00:00.000000Z")),
            (1, Some("2024-06-01T00:00:00.000000Z")),
            (1, Some("2025-01-01T00:00:00.000000Z")),
            (1, None)
        ]
    );
    let svg = chart(&told).unwrap();
    for name in ["Class project", "Personal project", "Creating value", "Rising scope and complexity"] {
        assert!(svg.contains(name), "{name}");
    }
}
