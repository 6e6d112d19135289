//! Every list pages to the same set in both directions; statements do not grow with rows; what is declared exists.

use std::sync::atomic::Ordering;

use cairn::{
    database::STEPS,
    domain::{
        self,
        policy::{Action, Rule, permission},
    },
    read::{
        rows::STATEMENTS,
        shape::{Join, Shape, named_lists},
    },
};
use serde_json::{Value, json};

use super::world::World;
use crate::{
    harness::{Actor, Api, Face, run, stories},
    paging::walk,
};

stories!(
    every_list_pages_both_ways,
    statements_do_not_grow_with_rows,
    a_batch_takes_as_many_steps_as_one,
    what_is_declared_exists,
    both_faces_show_the_same
);

async fn every_list_pages_both_ways(api: Api) {
    let world = World::new(&api).await;
    let more = world.ada.foundations().await.0;
    world.ada.create("LearningPlan", json!({ "title": "More", "fromFrameworkId": more })).await.done();
    for (place, name) in ["ben", "cyd", "dee"].iter().enumerate() {
        let who = world.acme.coach(name).await;
        world.ada.opens(&who, &["learning:read"]).await;
        world.root.create("Client", json!({ "name": name, "scopes": ["learning:read"] })).await.done();
        world.ada.plan(&format!("Plan {}", place % 2)).await;
        world.ada.create("LearningResource", json!({ "kind": "BOOK", "title": "Same" })).await.done();
    }
    for resource in domain::resources() {
        let (name, shape) = (resource.shape.name, &resource.shape);
        let who = world.owner(name);
        let mut sorts: Vec<String> =
            shape.leaves.iter().filter(|leaf| leaf.sort).map(|leaf| leaf.name.clone()).collect();
        sorts.extend(sorts.clone().iter().map(|sort| format!("-{sort}")));
        let none: &[(&str, &str)] = &[];
        let mut queries: Vec<Vec<(&str, &str)>> = vec![none.to_vec()];
        queries.extend(sorts.iter().map(|sort| vec![("sort", sort.as_str())]));
        for query in queries {
            let whole = walk(who, name, &query, "100", true).await;
            assert!(!whole.is_empty(), "{name}");
            // Not every face, size and direction with every sort: each pair once, in turns.
            assert_eq!(walk(who, name, &query, "7", true).await, whole, "{name} {query:?} forwards");
            assert_eq!(
                walk(&who.through(Face::Graphql), name, &query, "7", false).await,
                whole,
                "{name} {query:?} backwards"
            );
            let mut once = whole.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), whole.len(), "{name} {query:?} shows something twice");
        }
    }
    for (_, list) in named_lists() {
        let whole = walk(&world.kim, list.name, &[], "100", true).await;
        assert!(!whole.is_empty(), "{}", list.name);
        assert_eq!(walk(&world.kim, list.name, &[], "1", true).await, whole, "{} forwards", list.name);
        let graphql = world.kim.through(Face::Graphql);
        assert_eq!(walk(&graphql, list.name, &[], "1", false).await, whole, "{} backwards", list.name);
    }
}

/// How many statements a request takes; one of them asks who it is that asks.
async fn statements(who: &Actor, path: &str) -> u64 {
    let before = STATEMENTS.load(Ordering::Relaxed);
    who.get(path).await.fine();
    STATEMENTS.load(Ordering::Relaxed) - before
}

async fn statements_do_not_grow_with_rows(api: Api) {
    // The count is the process's.
    if !run::alone() {
        return run::again_alone();
    }
    let world = World::new(&api.another(&[("CAIRN_RATE_LIMIT", "0")]).await).await;
    // Everything that a list can expand, for lists of one and of many.
    let paths: Vec<String> = domain::resources()
        .iter()
        .flat_map(|resource| resource.shape.edges.iter().map(move |edge| (resource, edge)))
        .flat_map(|(resource, edge)| {
            let below = cairn::read::shape::shape(edge.target)
                .edges
                .iter()
                .map(move |next| format!("{}.{}", edge.name, next.name));
            let ways = std::iter::once((50, edge.name.to_owned())).chain(below.map(|way| (20, way)));
            ways.map(|(first, way)| format!("/{}?first={first}&expand={way}", resource.path())).collect::<Vec<_>>()
        })
        .collect();
    let of = |path: &str| {
        let resource =
            domain::resources().iter().find(|resource| path[1..].split('?').next() == Some(&resource.path())).unwrap();
        world.owner(resource.shape.name)
    };
    let mut few = Vec::new();
    for path in &paths {
        few.push(statements(of(path), path).await);
    }
    let mut asked = Vec::new();
    for answer in domain::answers() {
        let before = STATEMENTS.load(Ordering::Relaxed);
        world.asker(answer).ask(answer.name, world.question(answer.input)).await.done();
        asked.push(STATEMENTS.load(Ordering::Relaxed) - before);
    }
    let framework = &world.one["CompetencyFramework"];
    for n in 0..49 {
        let plan = json!({ "title": format!("Plan {n}"), "fromFrameworkId": framework });
        world.ada.create("LearningPlan", plan).await.done();
        world
            .root
            .create(
                "CompetencyFramework",
                json!({ "shortName": format!("f{n}"), "title": "F", "scale": crate::harness::world::scale() }),
            )
            .await
            .done();
        let statement = json!({
            "statementId": format!("m-{n}"), "person": { "id": world.ada.id }, "object": { "source": "moodle", "externalId": "c1" },
            "verb": "COMPLETED", "occurredAt": "2026-03-01T10:00:00Z",
        });
        world.machine.act("Completion", "record", None, statement).await.done();
        world.ada.opens(&world.kim, &["jobs:read"]).await;
    }
    for (path, few) in paths.iter().zip(few) {
        let many = statements(of(path), path).await;
        assert!(many <= few.max(2) + 1 && many <= 4, "{path}: {few} statements for one, {many} for fifty");
    }
    for (answer, few) in domain::answers().iter().zip(asked) {
        let before = STATEMENTS.load(Ordering::Relaxed);
        world.asker(answer).ask(answer.name, world.question(answer.input)).await.done();
        let many = STATEMENTS.load(Ordering::Relaxed) - before;
        // A statement that nothing called for in a small world may come once in a larger one, and no more.
        assert!(
            // The brief of a project tells of everything in it, and next steps look at everything known of somebody.
            many <= few + 2 && many <= 56,
            "{}: {few} statements in a small world, {many} in a larger",
            answer.name
        );
    }
    let plans = "/learning-plans?first=40&expand=items.competency,items.resources,owner";
    assert_eq!(world.ada.get(plans).await.fine()["items"].as_array().unwrap().len(), 40);
    assert_eq!(
        statements(&world.ada, plans).await,
        4,
        "one for who asks, one for the plans, one for their items, one for the items' resources"
    );
}

async fn both_faces_show_the_same(api: Api) {
    let world = World::new(&api).await;
    for (name, id) in &world.one {
        let who = world.owner(name);
        let (rest, graphql) = (who.see(name, id).await.done(), who.through(Face::Graphql).see(name, id).await.done());
        assert_eq!(rest, graphql, "{name}");
    }
}

async fn a_batch_takes_as_many_steps_as_one(api: Api) {
    // The count is the process's.
    if !run::alone() {
        return run::again_alone();
    }
    let world = World::new(&api.another(&[("CAIRN_RATE_LIMIT", "0")]).await).await;
    let moodle = world.acme.moodle().await;
    let mut people = vec![world.ada.clone()];
    for place in 0..5 {
        people.push(world.acme.learner(&format!("more{place}")).await);
    }
    let resource = world.ada.list("LearningResource", &[]).await.ids().remove(0);
    let batch = |of: &str, many: usize| -> Value {
        let one = |place: usize| {
            json!({
                "userId": people[place % people.len()].id, "source": "LMS", "statementId": format!("{of}-{place}"),
                "startedAt": format!("2026-03-{:02}T10:00:00Z", 1 + place % 28), "minutes": 10, "learningResourceId": resource,
            })
        };
        (0..many).map(one).collect()
    };
    let mut asked = Vec::new();
    for body in [batch("one", 1), batch("many", 200), batch("many", 200)] {
        let before = STEPS.load(Ordering::Relaxed);
        moodle.post("/learning-sessions", body).await.fine();
        asked.push(STEPS.load(Ordering::Relaxed) - before);
    }
    assert!(asked[0] > 5, "they are counted: {asked:?}");
    assert!(asked[1] <= asked[0] + 2 && asked[2] <= asked[0], "one, 200, and the same 200 again: {asked:?}");
    let runs = |of: &str, many: usize| -> Value {
        let one = |place: usize| {
            json!({
                "metricId": world.one["Metric"], "value": "1", "observedAt": "2026-03-01T10:00:00Z",
                "externalRef": format!("{of}-{place}"),
            })
        };
        (0..many).map(one).collect()
    };
    let mut asked = Vec::new();
    for body in [runs("one", 1), runs("many", 200), runs("many", 200)] {
        let before = STEPS.load(Ordering::Relaxed);
        world.machine.post("/metric-observations", body).await.fine();
        asked.push(STEPS.load(Ordering::Relaxed) - before);
    }
    assert!(asked[0] > 4, "they are counted: {asked:?}");
    assert!(asked[1] <= asked[0] + 2 && asked[2] < asked[0], "one, 200, and the same 200 again: {asked:?}");
}

async fn what_is_declared_exists(api: Api) {
    let exists = async |table: &str, column: &str| {
        api.execute(&format!("SELECT \"{column}\" FROM \"{table}\" LIMIT 0"), Vec::new()).await;
    };
    for resource in domain::resources() {
        let shape = &resource.shape;
        for leaf in &shape.leaves {
            if let Some(column) = leaf.column() {
                exists(shape.table, column).await;
            }
        }
        for edge in &shape.edges {
            let target = &domain::resource(edge.target)
                .unwrap_or_else(|| panic!("{}.{} leads nowhere", shape.name, edge.name))
                .shape;
            match edge.join {
                Join::One(column) => exists(shape.table, column).await,
                Join::Many(column) => exists(target.table, column).await,
                Join::Beside(here, there) => {
                    exists(shape.table, here).await;
                    exists(target.table, there).await;
                }
                Join::Through(table, here, there) => {
                    exists(table, here).await;
                    exists(table, there).await;
                }
            }
        }
        exists(shape.table, shape.tie.0).await;
        if let Some((column, _)) = shape.order {
            exists(shape.table, column).await;
        }
        for list in &shape.lists {
            assert!(shape.leaves.iter().any(|leaf| leaf.column() == Some(list.order.0)), "{} is sorted", list.name);
            for column in columns(&list.whole(), shape, list.action) {
                exists(shape.table, column).await;
            }
        }
        let actions = resource.verbs.iter().map(|verb| verb.action).chain([shape.view]);
        for action in actions {
            for column in columns(&permission(action).1, shape, action) {
                exists(shape.table, column).await;
            }
        }
    }
}

/// The columns that a rule looks at.
fn columns(rule: &Rule, shape: &Shape, action: Action) -> Vec<&'static str> {
    match rule {
        Rule::Owner(column)
        | Rule::Granted(column, _)
        | Rule::Team(column, ..)
        | Rule::Person(column, _)
        | Rule::Unowned(column)
        | Rule::True(column)
        | Rule::Reached(column)
        | Rule::Among(column, _) => vec![column],
        Rule::Sees(column, name) | Rule::Lives(column, name) => {
            assert!(domain::resource(name).is_some(), "{} of {} names {name}", action.name(), shape.name);
            vec![column]
        }
        Rule::All(rules) | Rule::Any(rules) => rules.iter().flat_map(|rule| columns(rule, shape, action)).collect(),
        Rule::Anyone
        | Rule::Nobody
        | Rule::Machine
        | Rule::Has(_)
        | Rule::Holds(_)
        | Rule::SelfApproval
        | Rule::SelfRating
        | Rule::BudgetApprover => Vec::new(),
    }
}
