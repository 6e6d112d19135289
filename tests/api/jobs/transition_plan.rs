//! Transition plans: made for a switch, with a path that is accepted, and never in anybody's way (§16, §17).

use entity::platform::client::Scope;
use serde_json::{Value, json};

use super::{analyst, does};
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    a_path_becomes_legs_and_needs,
    a_path_may_be_left_until_a_leg_begins,
    what_is_no_switch_is_no_plan,
    a_plan_is_its_owners,
    whoever_is_let_leaves_needs_to_the_owner
);

const KIND: &str = "TransitionPlan";

async fn accept(who: &Actor, plan: &str, path: &str) -> String {
    who.act(KIND, "acceptPath", Some(plan), json!({ "pathId": path })).await.said()
}

/// The legs of a plan, in their order.
async fn legs(who: &Actor, plan: &str) -> Vec<Value> {
    let shown = who.get(&format!("/transition-plans/{plan}?expand=legs")).await.fine();
    shown["legs"]["items"].as_array().unwrap().clone()
}

async fn a_path_becomes_legs_and_needs(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, _, role, asks) = analyst(&acme).await;
    let new = json!({ "toRole": "Machine learning engineer", "toIndustry": "Technology", "note": "By 2028." });
    let plan = ada.create(KIND, new).await.done();
    assert_eq!(
        (&plan["kind"], &plan["fromRole"], &plan["fromIndustry"], &plan["toRoleProfileId"], &plan["path"]),
        (&json!("ROLE_AND_INDUSTRY"), &json!("Financial analyst"), &json!("Finance"), &json!(role), &Value::Null)
    );
    let id = plan["id"].as_str().unwrap();
    assert!(legs(&ada, id).await.is_empty());
    let refused = ada.act(KIND, "acceptPath", Some(id), json!({ "pathId": "DIRECT" })).await;
    assert_snapshot!(refused.said(), @"PATH_NOT_OFFERED /pathId");
    assert_snapshot!(refused.details, @r#"{"offered":["ROLE_FIRST","INDUSTRY_FIRST"]}"#);
    let accepted = ada.act(KIND, "acceptPath", Some(id), json!({ "pathId": "ROLE_FIRST" })).await.done();
    assert_eq!(accepted["path"], json!("ROLE_FIRST"));
    let all = legs(&ada, id).await;
    let shown = |leg: &Value| {
        format!("{} {} {} in {} {}", leg["position"], leg["kind"], leg["toRole"], leg["toIndustry"], leg["state"])
    };
    assert_snapshot!(all.iter().map(shown).collect::<Vec<_>>().join("\n"), @r#"
    1 "ROLE" "ML engineer" in "Finance" "PLANNED"
    2 "INDUSTRY" "ML engineer" in "Technology" "PLANNED"
    "#);
    // What the role asks for is to be learnt now; that a search asks for it is told to nobody who only sees needs.
    let needs = ada.list("LearningNeed", &[("state", "OPEN"), ("sort", "-strength")]).await;
    let found: Vec<_> = needs.items.iter().map(|need| need["competencyId"].as_str().unwrap().to_owned()).collect();
    assert_eq!(found, asks);
    let sources = ada.list("LearningNeedSource", &[("needId", &needs.ids()[0])]).await;
    assert_eq!((&sources.items[0]["source"], &sources.items[0]["sourceId"]), (&json!("GOAL_GAP"), &json!(null)));
    // The same again changes nothing.
    let again = ada.act(KIND, "acceptPath", Some(id), json!({ "pathId": "ROLE_FIRST" })).await.done();
    assert_eq!(again["version"], accepted["version"]);
}

async fn a_path_may_be_left_until_a_leg_begins(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ..) = analyst(&acme).await;
    let plan = ada.create(KIND, json!({ "toRole": "ML engineer", "toIndustry": "Technology" })).await.id();
    assert_eq!(accept(&ada, &plan, "ROLE_FIRST").await, "fine");
    let before = legs(&ada, &plan).await;
    assert_eq!(accept(&ada, &plan, "INDUSTRY_FIRST").await, "fine");
    let after = legs(&ada, &plan).await;
    assert_eq!((after.len(), &after[0]["kind"]), (2, &json!("INDUSTRY")));
    assert_snapshot!(ada.see("TransitionLeg", before[0]["id"].as_str().unwrap()).await.said(), @"NOT_FOUND");
    let first = after[0]["id"].as_str().unwrap();
    ada.tell("TransitionLeg", "start", first).await.done();
    let refused = ada.act(KIND, "acceptPath", Some(&plan), json!({ "pathId": "ROLE_FIRST" })).await;
    assert_snapshot!(refused.said(), @"LEG_BEGUN");
    assert_eq!(refused.details, json!({ "legIds": [first] }));
    // Going back is a normal move.
    ada.tell("TransitionLeg", "skip", first).await.done();
    assert_eq!(accept(&ada, &plan, "ROLE_FIRST").await, "fine");
    assert_eq!(legs(&ada, &plan).await[0]["kind"], json!("ROLE"));
}

async fn what_is_no_switch_is_no_plan(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, _, role, _) = analyst(&acme).await;
    let refused = async |new: Value| ada.create(KIND, new).await.said();
    assert_snapshot!(refused(json!({ "toRole": "Financial analyst", "toIndustry": "Finance" })).await, @"TRANSITION_CHANGES_NOTHING /toRole");
    assert_snapshot!(refused(json!({})).await, @"TRANSITION_TARGET_REQUIRED /toRole");
    assert_snapshot!(refused(json!({ "toRole": "a", "toRoleProfileId": role })).await, @"TRANSITION_END_AMBIGUOUS /toRole");
    assert_snapshot!(refused(json!({ "toRoleProfileId": nothing("rpr") })).await, @"REFERENCE_UNKNOWN /toRoleProfileId");
    // Who changes one thing keeps the other.
    let plan = ada.create(KIND, json!({ "toRoleProfileId": role })).await.done();
    assert_eq!((&plan["kind"], &plan["toIndustry"]), (&json!("ROLE"), &json!("Finance")));
    let id = plan["id"].as_str().unwrap();
    assert_snapshot!(accept(&ada, id, "ROLE_FIRST").await, @"PATH_NOT_OFFERED /pathId");
    assert_eq!(accept(&ada, id, "DIRECT").await, "fine");
    assert_eq!(legs(&ada, id).await.len(), 1);
    // A change of industry asks for nothing new of the role.
    let plan = ada.create(KIND, json!({ "fromRoleProfileId": role, "toIndustry": "Energy" })).await.done();
    assert_eq!((&plan["kind"], &plan["toRoleProfileId"]), (&json!("INDUSTRY"), &json!(role)));
}

async fn a_plan_is_its_owners(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root, ..) = analyst(&acme).await;
    let (kim, machine) = (acme.coach("kim").await, acme.omnipotent().await);
    let plan = ada.create(KIND, json!({ "toRole": "ML engineer" })).await.id();
    accept(&ada, &plan, "DIRECT").await;
    let leg = legs(&ada, &plan).await[0]["id"].as_str().unwrap().to_owned();
    ada.opens(&kim, &["learning:write", "community:write"]).await;
    for who in [&kim, &root, &machine] {
        for (name, id, verb) in [(KIND, &plan, "delete"), ("TransitionLeg", &leg, "start")] {
            assert_snapshot!(who.see(name, id).await.said(), @"NOT_FOUND");
            assert_snapshot!(who.tell(name, verb, id).await.said(), @"NOT_FOUND");
            assert_eq!(who.list(name, &[]).await.items.len(), 0);
        }
        assert_snapshot!(accept(who, &plan, "DIRECT").await, @"NOT_FOUND");
    }
    assert_snapshot!(machine.create(KIND, json!({ "toRole": "x", "fromRole": "y" })).await.said(), @"OWNER_REQUIRED /ownerId");
    let hers = json!({ "toRole": "Pilot", "ownerId": ada.id });
    assert_snapshot!(kim.create(KIND, hers.clone()).await.said(), @"FORBIDDEN");
    let grant = ada.opens(&kim, &["jobs:read"]).await;
    kim.see(KIND, &plan).await.done();
    kim.see("TransitionLeg", &leg).await.done();
    assert_snapshot!(kim.update(KIND, &plan, json!({ "note": "x" })).await.said(), @"FORBIDDEN");
    assert_snapshot!(kim.tell("TransitionLeg", "start", &leg).await.said(), @"FORBIDDEN");
    assert_snapshot!(kim.create(KIND, hers.clone()).await.said(), @"FORBIDDEN");
    ada.tell("Grant", "revoke", &grant).await.done();
    assert_snapshot!(kim.see("TransitionLeg", &leg).await.said(), @"NOT_FOUND");
    let narrow = ada.limited_to(&acme, &[Scope::LearningWrite]);
    assert_snapshot!(narrow.see(KIND, &plan).await.said(), @"INSUFFICIENT_SCOPE");
    // What is deleted takes its legs along, and brings them back.
    assert_snapshot!(ada.update(KIND, &plan, json!({ "ownerId": kim.id })).await.said(), @"OWNER_IMMUTABLE /ownerId");
    ada.tell(KIND, "delete", &plan).await.done();
    assert_snapshot!(ada.see("TransitionLeg", &leg).await.said(), @"NOT_FOUND");
    ada.tell(KIND, "restore", &plan).await.done();
    ada.see("TransitionLeg", &leg).await.done();
}

async fn whoever_is_let_leaves_needs_to_the_owner(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, _, role, _) = analyst(&acme).await;
    let kim = acme.coach("kim").await;
    ada.opens(&kim, &["jobs:write"]).await;
    let plan = json!({ "ownerId": ada.id, "fromRole": "Analyst", "toRoleProfileId": role });
    let plan = kim.create(KIND, plan).await.done();
    // What she does is in her profile, which she did not open.
    assert_eq!((&plan["ownerId"], &plan["kind"]), (&json!(ada.id), &json!("ROLE")));
    let id = plan["id"].as_str().unwrap();
    let accepted = kim.act(KIND, "acceptPath", Some(id), json!({ "pathId": "DIRECT" })).await;
    assert_snapshot!(accepted.done()["warnings"][0]["code"].as_str().unwrap(), @"NEEDS_NOT_RAISED");
    assert_eq!(ada.list("LearningNeed", &[]).await.items.len(), 0);
    // Without the right to write what she learns, she leaves it too.
    let narrow = ada.limited_to(&acme, &[Scope::JobsRead, Scope::JobsWrite, Scope::LearningRead]);
    let plan = narrow.create(KIND, json!({ "toRoleProfileId": role })).await.id();
    let accepted = narrow.act(KIND, "acceptPath", Some(&plan), json!({ "pathId": "DIRECT" })).await;
    assert_snapshot!(accepted.done()["warnings"][0]["code"].as_str().unwrap(), @"NEEDS_NOT_RAISED");
    does(&kim, json!({ "currentRole": "Coach" })).await;
}
