//! An answer is of one moment: whatever a transaction changes together is seen together, in all its levels.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use entity::id::decode;
use sea_orm::{ConnectionTrait as _, Statement, TransactionTrait as _};
use serde_json::{Value, json};

use crate::harness::{Actor, Api, Face, stories, stories_in_both_faces};

stories_in_both_faces!(nobody_sees_half_of_a_move);
stories!(an_object_and_its_events_are_of_one_moment);

/// How often the writer changes what the readers look at.
const MOVES: usize = 120;
/// How many look, and how often at least.
const READERS: usize = 5;
const LOOKS: usize = 30;

const QUESTION: &str = "query($a: ID!, $b: ID!) { \
    a: learningPlan(id: $a) { ...Plan } b: learningPlan(id: $b) { ...Plan } \
    page: learningPlans(orderBy: [{ field: TITLE }]) { totalCount nodes { ...Plan } edges { node { title items(first: 1) { totalCount } } } } } \
    fragment Plan on LearningPlan { id title progress items { totalCount nodes { id status plan { id title } } } }";

/// Two plans of which one, called `full`, has three items, one of them done.
struct Scene {
    ada: Actor,
    plans: [String; 2],
}

async fn scene(api: &Api) -> Scene {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, competencies) = root.framework("own").await;
    let plans = [ada.plan("full").await, ada.plan("empty").await];
    for (place, competency) in competencies.iter().enumerate() {
        let item = ada.create("PlanItem", json!({ "planId": plans[0], "competencyId": competency })).await.id();
        if place == 0 {
            ada.update("PlanItem", &item, json!({ "status": "DONE" })).await.done();
        }
    }
    Scene { ada, plans }
}

/// Moves the name and all items from one plan to the other: two statements, one transaction.
async fn moves(api: &Api, plans: &[String; 2]) {
    let [a, b] = plans.each_ref().map(|plan| sea_orm::Value::from(decode(plan).unwrap().1));
    let tx = api.house.database.write.begin_with_options(api.house.database.write_options()).await.unwrap();
    for sql in [
        "UPDATE learning_plan SET title = CASE title WHEN 'full' THEN 'empty' ELSE 'full' END WHERE id = $1 OR id = $2",
        "UPDATE plan_item SET plan_id = CASE plan_id WHEN $1 THEN $2 ELSE $1 END WHERE plan_id = $1 OR plan_id = $2",
    ] {
        let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, [a.clone(), b.clone()]);
        tx.execute_raw(statement).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// How a plan reads: its name, its progress, how many items it counts, how many it shows, and what they call it.
fn plan(plan: &Value, face: Face) -> String {
    let page = &plan["items"];
    let (items, total) = match face {
        Face::Rest => (&page["items"], &Value::Null),
        Face::Graphql => (&page["nodes"], &page["totalCount"]),
    };
    let items = items.as_array().unwrap_or_else(|| panic!("no items in {plan}"));
    let done = items.iter().filter(|item| item["status"] == "DONE").count();
    let above: BTreeSet<String> = items.iter().map(|item| item["plan"]["title"].to_string()).collect();
    format!("{} {} total {total} items {} done {done} of {above:?}", plan["title"], plan["progress"], items.len())
}

/// Looks once: which plan is the full one. Everything else in the answer must fit to that.
async fn look(ada: &Actor, plans: &[String; 2]) -> String {
    let (seen, edges) = match ada.face {
        Face::Rest => {
            let list = ada.get("/learning-plans?sort=title&expand=items.plan").await.fine();
            (list["items"].as_array().unwrap().clone(), Vec::new())
        }
        Face::Graphql => {
            let answer = ada.graphql(QUESTION, json!({ "a": plans[0], "b": plans[1] })).await.fine();
            let (data, page) = (&answer["data"], &answer["data"]["page"]);
            assert_eq!(page["totalCount"], 2);
            let mut single = [data["a"].clone(), data["b"].clone()];
            single.sort_by_key(|plan| plan["title"].to_string());
            let listed = page["nodes"].as_array().unwrap().clone();
            assert_eq!(single.as_slice(), listed, "the same plan, asked for in two ways");
            (listed, page["edges"].as_array().unwrap().clone())
        }
    };
    let (full, empty) = match ada.face {
        Face::Rest => ("total null items 3", "total null items 0"),
        Face::Graphql => ("total 3 items 3", "total 0 items 0"),
    };
    let told: Vec<String> = seen.iter().map(|one| plan(one, ada.face)).collect();
    assert_eq!(told[0], format!("\"empty\" {} {empty} done 0 of {{}}", seen[0]["progress"]));
    assert_eq!(told[1], format!("\"full\" 33 {full} done 1 of {{\"\\\"full\\\"\"}}"));
    let counted: Vec<_> = edges.iter().map(|edge| edge["node"]["items"]["totalCount"].clone()).collect();
    assert!(edges.is_empty() || counted == [json!(0), json!(3)], "{edges:?}");
    seen[1]["id"].as_str().unwrap().to_owned()
}

async fn nobody_sees_half_of_a_move(api: Api) {
    let tireless = [("CAIRN_RATE_LIMIT", "0")];
    let (api, other) = (api.another(&tireless).await, api.another(&tireless).await);
    let (scene, stop) = (Arc::new(scene(&api).await), Arc::new(AtomicBool::new(false)));
    let looked: Arc<[AtomicUsize; READERS]> = Arc::default();
    let readers: Vec<_> = (0..READERS)
        .map(|number| {
            let (scene, stop, looked) = (Arc::clone(&scene), Arc::clone(&stop), Arc::clone(&looked));
            let ada = if number % 2 == 0 { scene.ada.clone() } else { scene.ada.calling(&other) };
            tokio::spawn(async move {
                let mut seen = BTreeSet::new();
                while !stop.load(SeqCst) {
                    seen.insert(look(&ada, &scene.plans).await);
                    looked[number].fetch_add(1, SeqCst);
                }
                seen
            })
        })
        .collect();
    let since = Instant::now();
    let enough = |moved: usize| moved >= MOVES && looked.iter().all(|looked| looked.load(SeqCst) >= LOOKS);
    for moved in 0.. {
        if enough(moved) || readers.iter().any(tokio::task::JoinHandle::is_finished) {
            break;
        }
        assert!(since.elapsed() < Duration::from_secs(59), "{moved} moves, {looked:?} looks");
        moves(&api, &scene.plans).await;
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    stop.store(true, SeqCst);
    let mut seen = BTreeSet::new();
    for reader in readers {
        seen.extend(reader.await.unwrap());
    }
    assert_eq!(seen, scene.plans.iter().cloned().collect(), "both states were seen");
}

/// A verb writes a row and its event together: whoever sees the one sees the other.
async fn an_object_and_its_events_are_of_one_moment(api: Api) {
    let api = api.another(&[("CAIRN_RATE_LIMIT", "0")]).await;
    let acme = api.organization("Acme").await;
    let (ada, machine) = (acme.learner("ada").await, acme.omnipotent().await);
    let id = ada.plan("One").await;
    let question = "query($id: ID!, $ids: [String!]) { \
        learningPlan(id: $id) { version } \
        events(filter: { subjectId: $ids, type: \"learning_plan.updated\" }, last: 1) { totalCount nodes { type } } }";
    let stop = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..READERS)
        .map(|_| {
            let (machine, id, stop) = (machine.clone(), id.clone(), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut seen = BTreeSet::new();
                while !stop.load(SeqCst) {
                    let answer = machine.graphql(question, json!({ "id": id, "ids": [id] })).await.fine();
                    let version = answer["data"]["learningPlan"]["version"].as_i64().unwrap();
                    assert_eq!(answer["data"]["events"]["totalCount"], version - 1, "{}", answer.text());
                    seen.insert(version);
                }
                seen.len()
            })
        })
        .collect();
    for number in 0..60 {
        ada.update("LearningPlan", &id, json!({ "title": format!("Title {number}") })).await.done();
    }
    stop.store(true, SeqCst);
    for reader in readers {
        assert!(reader.await.unwrap() > 1, "a reader saw no change");
    }
}
