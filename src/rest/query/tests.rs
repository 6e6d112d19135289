//! What query strings mean, and what they are refused for.

use super::*;
use super::show::expansions;
use crate::{
    domain::resources,
    read::{filter::Condition, shape::shape},
};

fn plans() -> &'static Shape {
    shape("LearningPlan")
}

fn refused(query: &str) -> String {
    let error = list(plans(), None, query).unwrap_err();
    format!("{} {}", error.code().as_str(), error.field_errors()[0].pointer)
}

#[test]
fn a_list_is_cut_sorted_and_filtered() {
    let query = list(
        plans(),
        None,
        "first=5&sort=-createdAt,title&status=ACTIVE%2CDRAFT&dueOn.gte=2026-01-01&q=rust&count=true&deleted=true",
    )
    .unwrap();
    assert_eq!((query.slice.limit, query.slice.backward, query.slice.deleted, query.count), (5, false, true, true));
    let order: Vec<_> = query.slice.order.iter().map(|sort| (sort.column, sort.descending)).collect();
    assert_eq!(order, [("created_at", true), ("title", false)]);
    assert_eq!(query.slice.conditions.len(), 3);
    assert!(
        matches!(query.slice.conditions.iter().find(|c| matches!(c, Condition::Contains(..))), Some(Condition::Contains(_, text)) if text == "rust")
    );
    assert_eq!(list(plans(), None, "dueOn=2026-01-01&dueOn.gte=2025-01-01").unwrap().slice.conditions.len(), 3);
    let end = list(plans(), None, "first=9&last=3").unwrap().slice;
    assert_eq!((end.limit, end.backward, end.tail), (9, false, Some(3)));
    assert_eq!(list(plans(), None, "sort=title,-title").unwrap().slice.order.len(), 1);
}

#[test]
fn what_is_wrong_is_refused_by_name() {
    for (query, why) in [
        ("colour=red", "BAD_INPUT colour"),
        ("first=1&first=2", "BAD_INPUT first"),
        ("first=", "BAD_INPUT first"),
        ("first=1.0", "BAD_INPUT first"),
        ("first=101", "BAD_INPUT first"),
        ("after=x", "CURSOR_INVALID after"),
        ("sort=reviewComment", "BAD_INPUT sort"),
        ("sort=", "BAD_INPUT sort"),
        ("sort=title,title", "BAD_INPUT sort"),
        ("status=", "BAD_INPUT status"),
        ("status=active", "BAD_INPUT status"),
        ("status.gt=ACTIVE", "BAD_INPUT status.gt"),
        ("dueOn.near=2026-01-01", "BAD_INPUT dueOn.near"),
        ("dueOn.gte=tomorrow", "BAD_INPUT dueOn"),
        ("dueOn=tomorrow", "BAD_INPUT dueOn"),
        ("count=yes", "BAD_INPUT count"),
        ("expand=nothing", "BAD_INPUT expand"),
        ("q=%ff", "BAD_INPUT q"),
        ("q=%2", "BAD_INPUT q"),
    ] {
        assert_eq!(refused(query), why, "{query}");
    }
}

#[test]
fn expansions_are_declared_and_make_a_tree() {
    let mut all = 0;
    for resource in resources() {
        for path in expansions(&resource.shape) {
            all += 1;
            let expand = object(&resource.shape, &format!("expand={path}")).unwrap();
            assert_eq!((expand.ways.len(), expand.is_sparse()), (1, false), "{path}");
            assert!(object(&resource.shape, &format!("expand={path},{path}")).is_err());
        }
    }
    assert!(all > 0);
    assert!(object(plans(), "first=1").is_err());
    assert!(none("a=b").is_err() && none("").is_ok());
}

#[test]
fn percent_encoding_is_taken_away_strictly() {
    assert_eq!(decode("a%20b+c", true).as_deref(), Some("a b c"));
    assert_eq!(decode("a+b%c3%A9", false).as_deref(), Some("a+bé"));
    for wrong in ["%", "%2", "%zz", "%ff", "%+1"] {
        assert_eq!(decode(wrong, true), None, "{wrong}");
    }
}
