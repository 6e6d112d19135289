//! What `fields` names in REST: only that is shown, in a form of its own, with tags and links as always.

use serde_json::{Value, json};

use crate::harness::{Actor, Answer, Api, assert_snapshot, stories};

stories!(
    only_what_is_named,
    as_many_as_are_asked_for,
    tags_and_links_stay_right,
    commands_answer_with_what_is_named,
    what_is_no_field
);

const SPARSE: &str = "application/vnd.cairn.sparse+json";

/// Somebody with a plan of some items: its path.
async fn plan(api: &Api) -> (Actor, String) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let foundations = ada.foundations().await.0;
    let new = json!({ "title": "Foundations", "fromFrameworkId": foundations });
    let plan = ada.create("LearningPlan", new).await.id();
    (ada, format!("/learning-plans/{plan}"))
}

/// The names of the members of an object.
fn members(object: &Value) -> String {
    object.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
}

fn form(answer: &Answer) -> &str {
    answer.header("content-type")
}

async fn only_what_is_named(api: Api) {
    let (ada, plan) = plan(&api).await;
    let whole = ada.get(&plan).await.fine();
    assert_eq!(form(&whole), "application/json");
    let some = ada.get(&format!("{plan}?fields=status,title")).await.fine();
    assert_snapshot!(members(some.json()), @"id status title version");
    assert_eq!((form(&some), &some["title"], some.id()), (SPARSE, &whole["title"], whole.id()));

    let listed = ada.get("/learning-plans?fields=title&sort=title&count=true").await.fine();
    assert_snapshot!(members(&listed["items"][0]), @"id title");
    assert_eq!((form(&listed), &listed["page"]["totalCount"]), (SPARSE, &json!(1)));

    // A path leads to what need not be expanded; a way alone is all of it; a list says where it lies when it is asked.
    let deep = "fields=title,owner.name,items.status,items.competency.code";
    let deep = ada.get(&format!("/learning-plans?{deep}")).await.fine();
    let shown = &deep["items"][0];
    assert_snapshot!(members(shown), @"id items owner title");
    assert_eq!(shown["owner"], json!({ "id": ada.id, "name": "ada" }));
    assert_snapshot!(members(&shown["items"]), @"items");
    assert_snapshot!(members(&shown["items"]["items"][0]), @"competency id status");
    assert_snapshot!(members(&shown["items"]["items"][0]["competency"]), @"code id");
    let placed = ada.get(&format!("{plan}?fields=items.page")).await.fine();
    assert_snapshot!(members(&placed["items"]), @"items page");
    assert_snapshot!(members(&placed["items"]["items"][0]), @"id");
    let (all, expanded) =
        (ada.get(&format!("{plan}?fields=owner")).await, ada.get(&format!("{plan}?expand=owner")).await);
    assert_snapshot!(members(all.json()), @"id owner version");
    assert_eq!((&all["owner"], form(&expanded)), (&expanded["owner"], "application/json"));
    // What is expanded besides is whole, unless a path leads into it.
    let both = ada.get(&format!("{plan}?fields=title,owner.name&expand=owner,items")).await.fine();
    assert_snapshot!(members(both.json()), @"id items owner title version");
    assert_snapshot!(members(&both["owner"]), @"id name");
    assert!(both["items"]["items"][0]["competencyId"].is_string() && both["items"]["page"].is_object());
}

async fn as_many_as_are_asked_for(api: Api) {
    let (ada, plan) = plan(&api).await;
    for (size, many, more) in
        [("items.first=3&", 3, true), ("", 20, true), ("items.first=0&", 0, true), ("items.first=100&", 41, false)]
    {
        let answer = ada.get(&format!("{plan}?{size}expand=items")).await.fine();
        let items = &answer["items"];
        let shown = items["items"].as_array().unwrap().len();
        assert!(shown == many || many > 20 && shown > 20, "{size}: {shown}");
        assert_eq!(items["page"]["hasNextPage"], more, "{size}");
    }
    let few = ada.get("/learning-plans?fields=items.resources.title,items.page&items.first=2&items.resources.first=1");
    let few = few.await.fine();
    let items = &few["items"][0]["items"];
    assert_eq!((items["items"].as_array().unwrap().len(), &items["page"]["hasNextPage"]), (2, &json!(true)));
    // What is not shown has no size; how much is asked for has its limit all the same.
    assert_eq!(ada.get(&format!("{plan}?items.first=3")).await.fine().json(), ada.get(&plan).await.json());
    let much = "/learning-plans?first=100&expand=items.resources&items.first=100&items.resources.first=100";
    assert_snapshot!(ada.get(much).await.problem(), @"403 QUERY_TOO_EXPENSIVE");
    assert_snapshot!(ada.get(&format!("{plan}?items.first=101")).await.problem(), @"400 BAD_INPUT items.first");
    assert_snapshot!(ada.get(&format!("{plan}?owner.first=1")).await.problem(), @"400 BAD_INPUT owner.first");
}

async fn tags_and_links_stay_right(api: Api) {
    let (ada, plan) = plan(&api).await;
    let path = format!("{plan}?fields=title");
    let (whole, some) = (ada.get(&plan).await.fine(), ada.get(&path).await.fine());
    let tag = some.header("etag").to_owned();
    assert!(tag.starts_with(&format!("\"{}.", whole.version())) && tag != whole.header("etag"), "{tag}");
    assert_eq!(ada.with("if-none-match", &tag).get(&path).await.status(), 304);
    assert_eq!(ada.with("if-none-match", &tag).get(&plan).await.status(), 200, "another form is another answer");
    // It is good for a change, once.
    let writer = ada.with("if-match", &tag);
    writer.patch(&plan, json!({ "title": "Again" })).await.fine();
    assert_snapshot!(writer.patch(&plan, json!({ "title": "Lost" })).await.problem(), @"412 VERSION_MISMATCH");
    assert_eq!(ada.with("if-none-match", &tag).get(&path).await.fine()["title"], "Again");

    ada.plan("Another").await;
    let list = "/learning-plans?fields=title,items.id&items.first=1&first=1&sort=title";
    let first = ada.get(list).await.fine();
    let link = first.header("link").to_owned();
    let next = link.split(['<', '>']).nth(1).unwrap();
    assert!(next.contains("fields=title,items.id&items.first=1") && link.contains("rel=\"next\""), "{link}");
    let second = ada.get(next.strip_prefix("/api/v1").unwrap()).await.fine();
    assert_snapshot!(members(&second["items"][0]), @"id items title");
    assert_eq!((&first["items"][0]["title"], &second["items"][0]["title"]), (&json!("Again"), &json!("Another")));
    let known = first.header("etag").to_owned();
    assert_eq!(ada.with("if-none-match", &known).get(list).await.header("link"), link);
    // Both ways to ask for nothing but this form are taken.
    for (accept, status) in [(SPARSE, 200), ("application/json", 200), ("text/html", 406)] {
        assert_eq!(ada.with("accept", accept).get(list).await.status(), status, "{accept}");
    }
}

async fn commands_answer_with_what_is_named(api: Api) {
    let (ada, plan) = plan(&api).await;
    let made = ada.post("/learning-plans?fields=status", json!({ "title": "New" })).await.fine();
    assert_eq!((made.status(), form(&made)), (201, SPARSE));
    assert_snapshot!(members(made.json()), @"id status version warnings");
    assert!(made.header("etag").starts_with("\"1."));
    let changed =
        ada.patch(&format!("{plan}?fields=title,items.id&items.first=1"), json!({ "title": "B" })).await.fine();
    assert_snapshot!(members(changed.json()), @"id items title version warnings");
    let tag = changed.header("etag").to_owned();
    assert!(tag.starts_with(&format!("\"{}.", changed.version())), "{tag}");
    // What is refused in the query is refused before anything is done.
    let refused = ada.patch(&format!("{plan}?fields=secret"), json!({ "title": "C" })).await;
    assert_snapshot!(refused.problem(), @"400 BAD_INPUT fields");
    assert_eq!(ada.get(&plan).await.fine()["title"], "B");
}

async fn what_is_no_field(api: Api) {
    let (ada, plan) = plan(&api).await;
    let kim = api.organization("Beta").await.coach("kim").await;
    for fields in ["", "secret", "title,title", "searchText", "page", "items.items.id", "items.plan.owner.name"] {
        for (who, path) in [(&ada, plan.as_str()), (&ada, "/learning-plans"), (&kim, "/review-queue")] {
            let problem = who.get(&format!("{path}?fields={fields}")).await.problem();
            assert_eq!(problem, "400 BAD_INPUT fields", "{path} {fields}");
        }
    }
    // Computed answers and the caller are shown whole.
    assert_snapshot!(ada.get("/me?fields=id").await.problem(), @"400 BAD_INPUT fields");
    assert_snapshot!(ada.get("/weekly-pace?fields=weeks").await.problem(), @"400 BAD_INPUT fields");
}
