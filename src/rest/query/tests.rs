//! What query strings mean, and what they are refused for.

use super::show::expansions;
use super::*;
use crate::{
    domain::resources,
    read::{
        filter::Condition,
        shape::{Edge, shape},
    },
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
    assert_eq!((query.slice.limit, query.slice.backward, query.slice.deleted), (5, false, true));
    assert_eq!(query.count, Some(Count::All));
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
fn a_list_is_counted_as_far_as_is_said() {
    for (text, count) in [
        ("", None),
        ("count=false", None),
        ("count=true", Some(Count::All)),
        ("count=1", Some(Count::AtMost(1))),
        ("count=10000", Some(Count::AtMost(10_000))),
    ] {
        assert_eq!(list(plans(), None, text).unwrap().count, count, "{text}");
    }
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
        ("count=", "BAD_INPUT count"),
        ("count=0", "BAD_INPUT count"),
        ("count=-1", "BAD_INPUT count"),
        ("count=1.5", "BAD_INPUT count"),
        ("count=10001", "BAD_INPUT count"),
        ("count=1&count=true", "BAD_INPUT count"),
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

/// The parameters of a plan, as the plan of its read: `id title items(20){id title}`, a page marked by `+`.
fn shown(query: &str) -> String {
    let query = object(plans(), query).unwrap_or_else(|error| panic!("{query}: {}", error.detail()));
    written(plans(), &query)
}

fn written(of: &'static Shape, show: &Show) -> String {
    let leaves = of.leaves.iter().filter(|leaf| show.shows(leaf)).map(|leaf| leaf.name.clone());
    let leaves = if show.is_sparse() { leaves.collect() } else { vec!["*".to_owned()] };
    let ways = show.ways.iter().map(|way| {
        let place = if way.place { "+" } else { "" };
        format!("{}{place}({}){{{}}}", way.edge.name, way.first, written(shape(way.edge.target), &way.show))
    });
    leaves.into_iter().chain(ways).collect::<Vec<_>>().join(" ")
}

#[test]
fn fields_and_expansions_make_one_tree_whatever_their_order() {
    for (query, tree) in [
        ("", "*"),
        ("fields=id", "id version"),
        ("fields=title,status", "id title status version"),
        ("fields=status%2Ctitle", "id title status version"),
        ("fields=owner.name", "id version owner(20){id name}"),
        ("fields=owner", "id version owner+(20){*}"),
        ("fields=owner,owner.name", "id version owner+(20){*}"),
        ("fields=owner.name,owner", "id version owner+(20){*}"),
        ("fields=items.status", "id version items(20){id status}"),
        ("fields=items.status,items.page", "id version items+(20){id status}"),
        ("fields=items.page", "id version items+(20){id}"),
        ("fields=items.competency.name", "id version items(20){id competency(20){id name}}"),
        ("fields=title&expand=owner", "id title version owner+(20){*}"),
        ("expand=owner&fields=title,owner.name", "id title version owner(20){id name}"),
        ("expand=items.competency&fields=items.status", "id version items(20){id status competency+(20){*}}"),
        ("expand=items.resources&items.first=5&items.resources.first=0", "* items+(5){* resources+(0){*}}"),
        ("items.resources.first=1&items.first=100&fields=items.id", "id version items(100){id}"),
        ("items.first=5", "*"),
    ] {
        assert_eq!(shown(query), tree, "{query}");
    }
    let listed = list(plans(), None, "first=3&fields=title&expand=owner").unwrap();
    assert_eq!((written(plans(), &listed.show).as_str(), listed.slice.limit), ("id title owner+(20){*}", 3));
}

#[test]
fn what_is_not_shown_is_refused_by_name() {
    for (query, why) in [
        ("fields=", "BAD_INPUT fields"),
        ("fields=secret", "BAD_INPUT fields"),
        ("fields=title,", "BAD_INPUT fields"),
        ("fields=title,title", "BAD_INPUT fields"),
        ("fields=title.length", "BAD_INPUT fields"),
        ("fields=searchText", "BAD_INPUT fields"),
        ("fields=page", "BAD_INPUT fields"),
        ("fields=owner.page", "BAD_INPUT fields"),
        ("fields=items.items.status", "BAD_INPUT fields"),
        ("fields=items.plan.owner.name", "BAD_INPUT fields"),
        ("fields=items.plan.owner", "BAD_INPUT fields"),
        ("fields=title&fields=id", "BAD_INPUT fields"),
        ("items.first=101", "BAD_INPUT items.first"),
        ("items.first=-1", "BAD_INPUT items.first"),
        ("items.first=x", "BAD_INPUT items.first"),
        ("owner.first=1", "BAD_INPUT owner.first"),
        ("items.last=1", "BAD_INPUT items.last"),
        ("items.plan.items.first=1", "BAD_INPUT items.plan.items.first"),
    ] {
        assert_eq!(refused(query), why, "{query}");
    }
    let many = (0..=show::FIELDS_MAX).map(|n| format!("f{n}")).collect::<Vec<_>>().join(",");
    assert_eq!(refused(&format!("fields={many}")), "BAD_INPUT fields");
}

/// Everything that an expression of names, `|`, `(…)` and `(\.(…))?` matches.
fn matched(pattern: &mut &str) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        let end = pattern.find(['|', '(', ')']).unwrap();
        let name = &pattern[..end];
        all.push(name.to_owned());
        *pattern = &pattern[end..];
        if let Some(below) = pattern.strip_prefix(r"(\.(") {
            *pattern = below;
            all.extend(matched(pattern).iter().map(|path| format!("{name}.{path}")));
            *pattern = pattern.strip_prefix("))?").unwrap();
        }
        match pattern.strip_prefix('|') {
            Some(next) => *pattern = next,
            None => return all,
        }
    }
}

#[test]
fn the_document_names_every_path_that_is_taken() {
    for resource in resources() {
        let of = &resource.shape;
        let pattern = show::fields_pattern(of);
        let paths = matched(&mut pattern.strip_prefix("^(").unwrap());
        for path in &paths {
            assert!(object(of, &format!("fields={path}")).is_ok(), "{} {path}", of.name);
            assert!(path.len() <= show::PATH_MAX, "{path}");
        }
        let under = |of: &'static Shape| {
            let place = |edge: &Edge| usize::from(show::is_list(edge));
            (of.leaves.len(), of.edges.iter().map(move |edge| (shape(edge.target), place(edge))))
        };
        let (leaves, ways) = under(of);
        let deeper = ways.map(|(target, place)| {
            let (leaves, ways) = under(target);
            1 + place + leaves + ways.map(|(last, place)| 1 + place + last.leaves.len()).sum::<usize>()
        });
        assert_eq!(paths.len(), leaves + deeper.sum::<usize>(), "{}", of.name);
        assert!(of.leaf(show::PLACE).is_none() && of.edge_named(show::PLACE).is_none(), "{} has a page", of.name);
    }
}

#[test]
fn a_word_may_be_written_as_addresses_are() {
    let words = &<entity::jobs::job_posting::EmployerKind as entity::vocabulary::Vocabulary>::WORDS;
    for (text, wanted) in [
        ("BIG_COMPANY", "BIG_COMPANY"),
        ("bigCompany", "BIG_COMPANY"),
        ("big-company", "BIG_COMPANY"),
        ("big_company", "BIG_COMPANY"),
        ("startup", "STARTUP"),
        // What is none stays as it came, to be refused as such.
        ("huge", "huge"),
        ("", ""),
    ] {
        assert_eq!(spelled(text.to_owned(), words), wanted);
    }
}
