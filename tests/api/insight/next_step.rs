//! Next steps: small things to do, of everything that is known, and what somebody put off of them (§27).

use cairn::domain::clock;
use chrono::TimeDelta;
use entity::platform::client::Scope;
use serde_json::{Value, json};

use crate::harness::{Actor, Api, Face, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    a_newcomer_gets_one_step_of_ten_minutes,
    what_is_suggested_can_be_done,
    a_step_is_put_off_and_comes_back,
    steps_are_told_to_who_may_know,
);

const ASK: &str = "nextSteps";
const KIND: &str = "StepDismissal";

pub async fn told(who: &Actor, question: Value) -> Vec<Value> {
    who.ask(ASK, question).await.done()["items"].as_array().unwrap().clone()
}

async fn codes(who: &Actor) -> String {
    told(who, json!({})).await.iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
}

/// Does what a step says, through the face that one speaks, and with what is left to say.
pub async fn follow(who: &Actor, step: &Value, besides: Value) {
    let command = &step["command"];
    let mut input = command["input"].clone();
    for (name, value) in besides.as_object().unwrap() {
        input[name] = value.clone();
    }
    if who.face == Face::Rest {
        let path = command["path"].as_str().unwrap().strip_prefix("/api/v1").unwrap();
        let answer =
            if command["method"] == "PATCH" { who.patch(path, input).await } else { who.post(path, input).await };
        answer.fine();
        return;
    }
    if let Some(id) = command["objectId"].as_str() {
        input["id"] = json!(id);
    }
    let name = command["name"].as_str().unwrap();
    let ty = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let query = format!("mutation($input: {ty}!) {{ {name}(input: $input) {{ userErrors {{ code message }} }} }}");
    let answer = who.graphql(&query, json!({ "input": input })).await.fine();
    assert_eq!(answer["data"][name]["userErrors"], json!([]), "{name}");
}

async fn a_newcomer_gets_one_step_of_ten_minutes(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let all = told(&ada, json!({})).await;
    assert_eq!(all.len(), 1, "{all:?}");
    let one = &all[0];
    assert_eq!(
        (&one["code"], &one["effortMinutes"], &one["playbookRef"], &one["subjectId"]),
        (&json!("NAME_THREE_ROLES"), &json!(10), &json!("§27"), &Value::Null)
    );
    assert_snapshot!(one["action"].as_str().unwrap(), @"Name three roles that you could imagine.");
    assert_eq!(
        (&one["command"]["name"], &one["command"]["method"], &one["command"]["path"]),
        (&json!("createCareerGoal"), &json!("POST"), &json!("/api/v1/career-goals"))
    );
    follow(&ada, one, json!({})).await;
    // Then others follow: where she stands, and with whom.
    assert_snapshot!(codes(&ada).await, @"SAY_WHERE_YOU_STAND ADD_CONTACT");
}

async fn what_is_suggested_can_be_done(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (role, _) = crate::jobs::engineer(&root, "own").await;
    ada.create("CareerGoal", json!({ "title": "Become one", "kind": "ROLE", "targetRoleProfileId": role }))
        .await
        .done();
    let step = async |code: &str| {
        let all = told(&ada, json!({ "limit": 20 })).await;
        all.iter().find(|one| one["code"] == code).unwrap_or_else(|| panic!("no {code} in {all:?}")).clone()
    };
    follow(&ada, &step("SAY_WHERE_YOU_STAND").await, json!({ "currentRole": "Analyst", "currentIndustry": "Finance" }))
        .await;
    follow(&ada, &step("ADD_CONTACT").await, json!({ "name": "Noor" })).await;
    follow(&ada, &step("ASK_CONTACT").await, json!({})).await;
    follow(&ada, &step("PLAN_TRANSITION").await, json!({ "toIndustry": "Technology" })).await;
    follow(&ada, &step("CHOOSE_PATH").await, json!({})).await;
    follow(&ada, &step("START_LEG").await, json!({})).await;
    follow(&ada, &step("BEGIN_SEARCH").await, json!({})).await;
    let company = ada.create("Company", json!({ "name": "Windy Grid" })).await.id();
    follow(&ada, &step("SAVE_POSTING").await, json!({ "companyId": company, "title": "ML engineer" })).await;
    let (search, posting) =
        (ada.list("JobSearch", &[]).await.ids().remove(0), ada.list("JobPosting", &[]).await.ids().remove(0));
    let now = clock::rfc3339(clock::now());
    let applies =
        json!({ "jobSearchId": search, "postingId": posting, "nextAction": "Send the notebook", "nextActionAt": now });
    ada.create("Application", applies).await.done();
    follow(&ada, &step("DO_NEXT_ACTION").await, json!({})).await;
    follow(&ada, &step("PLAN_NEED").await, json!({})).await;
    // A plan is there now: the need goes into it, and the item is begun.
    follow(&ada, &step("PLAN_NEED").await, json!({})).await;
    follow(&ada, &step("BEGIN_ITEM").await, json!({})).await;
    follow(&ada, &step("LEARN_A_LITTLE").await, json!({})).await;
    follow(&ada, &step("SET_WEEKLY_TARGET").await, json!({})).await;
    let problem = json!({ "title": "Clouds", "applicationArea": "Weather" });
    follow(&ada, &step("CAPTURE_IDEA").await, problem).await;
    follow(&ada, &step("LOOK_AT_IDEA").await, json!({})).await;
    ada.create("Project", json!({ "title": "Wind" })).await.done();
    let statement = json!({ "problem": { "statement": "Crews wait for the weather." } });
    follow(&ada, &step("STATE_PROBLEM").await, statement).await;
    // The same again is the same: nothing is left to chance.
    let all = told(&ada, json!({ "limit": 20 })).await;
    assert_eq!(all, told(&ada, json!({ "limit": 20 })).await);
    assert_eq!(told(&ada, json!({ "limit": 1 })).await, all[..1]);
    assert_snapshot!(ada.ask(ASK, json!({ "limit": 21 })).await.code(), @"VALIDATION_FAILED");
}

async fn a_step_is_put_off_and_comes_back(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let act = async |who: &Actor, input: Value| who.act(KIND, "dismiss", None, input).await;
    let away = act(&ada, json!({ "code": "NAME_THREE_ROLES" })).await.done();
    let id = away["id"].as_str().unwrap();
    assert_eq!((&away["until"], &away["subjectId"]), (&Value::Null, &Value::Null));
    assert_snapshot!(codes(&ada).await, @"");
    assert_snapshot!(codes(&ben).await, @"NAME_THREE_ROLES");
    // Taken back, and again.
    ada.tell(KIND, "delete", id).await.done();
    assert_snapshot!(codes(&ada).await, @"NAME_THREE_ROLES");
    ada.tell(KIND, "restore", id).await.done();
    assert_snapshot!(codes(&ada).await, @"");
    // For a while: the same row, until then.
    let soon = "2999-01-01T00:00:00.000000Z";
    let again = act(&ada, json!({ "code": "NAME_THREE_ROLES", "until": soon })).await.done();
    assert_eq!((&again["id"], &again["until"]), (&json!(id), &json!(soon)));
    let past = clock::now() - TimeDelta::seconds(1);
    api.execute("UPDATE \"step_dismissal\" SET until = $1", vec![past.into()]).await;
    assert_snapshot!(codes(&ada).await, @"NAME_THREE_ROLES");
    ada.update(KIND, id, json!({ "until": null })).await.done();
    assert_snapshot!(codes(&ada).await, @"");
    // About one thing: the others of the kind are told.
    let ideas = [
        ada.create("ProjectIdea", json!({ "title": "A", "source": "SIDE_HUSTLE" })).await.id(),
        ada.create("ProjectIdea", json!({ "title": "B", "source": "SIDE_HUSTLE" })).await.id(),
    ];
    let looked = async || {
        let all = told(&ada, json!({})).await;
        all.iter().find(|one| one["code"] == "LOOK_AT_IDEA").map(|one| one["subjectId"].as_str().unwrap().to_owned())
    };
    assert_eq!(looked().await.as_deref(), Some(ideas[0].as_str()));
    act(&ada, json!({ "code": "LOOK_AT_IDEA", "subjectId": ideas[0] })).await.done();
    assert_eq!(looked().await.as_deref(), Some(ideas[1].as_str()));
    act(&ada, json!({ "code": "LOOK_AT_IDEA" })).await.done();
    assert_eq!(looked().await, None);

    let early = "2020-01-01T00:00:00Z";
    assert_snapshot!(act(&ada, json!({ "code": "LOOK_AT_IDEA", "until": early })).await.said(), @"SNOOZE_PAST /until");
    assert_snapshot!(ada.update(KIND, id, json!({ "until": early })).await.said(), @"SNOOZE_PAST /until");
    let unknown = json!({ "code": "LOOK_AT_IDEA", "subjectId": nothing("ide") });
    assert_snapshot!(act(&ada, unknown).await.said(), @"REFERENCE_UNKNOWN /subjectId");
    assert_snapshot!(act(&ben, json!({ "code": "LOOK_AT_IDEA", "subjectId": ideas[0] })).await.said(), @"REFERENCE_UNKNOWN /subjectId");
    assert_snapshot!(act(&ada, json!({ "code": "FLY" })).await.code(), @"BAD_INPUT");
    assert_snapshot!(ben.see(KIND, id).await.said(), @"NOT_FOUND");
    assert_snapshot!(ben.tell(KIND, "delete", id).await.said(), @"NOT_FOUND");
    let machine = acme.omnipotent().await;
    assert_snapshot!(act(&machine, json!({ "code": "LOOK_AT_IDEA" })).await.said(), @"FORBIDDEN");
}

async fn steps_are_told_to_who_may_know(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    ada.create("CareerGoal", json!({ "title": "Become one", "kind": "ROLE" })).await.done();
    ada.create("ProjectIdea", json!({ "title": "A", "source": "SIDE_HUSTLE" })).await.done();
    let plan = ada.create("TransitionPlan", json!({ "fromRole": "Analyst", "toRole": "ML engineer" })).await.id();
    assert_snapshot!(codes(&ada).await, @"CHOOSE_PATH LOOK_AT_IDEA SAY_WHERE_YOU_STAND ADD_CONTACT");
    let hers = json!({ "userId": ada.id });
    for who in [&kim, &root] {
        assert_snapshot!(who.ask(ASK, hers.clone()).await.said(), @"GRANT_REQUIRED");
    }
    // Whoever sees what she learns is told of that, and of nothing else that she did not open.
    ada.opens(&kim, &["learning:read"]).await;
    let all = told(&kim, hers.clone()).await;
    assert_eq!(all.iter().map(|one| &one["code"]).collect::<Vec<_>>(), ["SAY_WHERE_YOU_STAND"]);
    assert_eq!(all[0]["command"], Value::Null, "it is not theirs to do");
    ada.opens(&kim, &["jobs:write", "learning:write"]).await;
    let all = told(&kim, hers.clone()).await;
    assert_eq!(all.iter().map(|one| &one["code"]).collect::<Vec<_>>(), ["CHOOSE_PATH", "SAY_WHERE_YOU_STAND"]);
    assert_eq!(all[0]["command"]["objectId"], json!(plan));
    // A machine sees what machines see: nothing of where she wants to go.
    let machine = acme.omnipotent().await;
    let all = told(&machine, hers).await;
    assert_eq!(all.iter().map(|one| &one["code"]).collect::<Vec<_>>(), ["LOOK_AT_IDEA", "SAY_WHERE_YOU_STAND"]);
    let narrow = ada.limited_to(&acme, &[Scope::JobsRead]);
    assert_snapshot!(narrow.ask(ASK, json!({})).await.said(), @"INSUFFICIENT_SCOPE");
}
