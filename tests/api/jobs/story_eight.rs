//! Story 8, the career switcher: from analyst in finance to ML engineer in technology, the role first; what the role asks for
//! becomes needs, the needs a plan, and the next step is a small one.

use serde_json::{Value, json};

use super::analyst;
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(a_career_switcher);

async fn steps(who: &Actor) -> Vec<Value> {
    who.ask("nextSteps", json!({ "limit": 5 })).await.done()["items"].as_array().unwrap().clone()
}

async fn a_career_switcher(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, _, role, asks) = analyst(&acme).await;
    // Who has begun with nothing gets one step of ten minutes.
    let first = steps(&ada).await;
    assert_eq!((first.len(), &first[0]["effortMinutes"]), (1, &json!(10)));

    let asked = json!({ "toRole": "ML engineer", "toIndustry": "Tech" });
    let told = ada.ask("classifyTransition", asked.clone()).await.done();
    assert_eq!((&told["kind"], told["paths"].as_array().unwrap().len()), (&json!("ROLE_AND_INDUSTRY"), 2));
    for path in told["paths"].as_array().unwrap() {
        let of_role = path["legs"].as_array().unwrap().iter().filter(|leg| leg["toRoleProfileId"] == json!(role));
        assert!(of_role.into_iter().all(|leg| leg["skillGap"]["open"] == json!(2)));
        assert!(!path["benefit"].as_str().unwrap().is_empty());
    }
    let plan = ada.create("TransitionPlan", asked).await.id();
    // One leg is what a single change takes: this is not one.
    let direct = ada.act("TransitionPlan", "acceptPath", Some(&plan), json!({ "pathId": "DIRECT" })).await;
    assert_snapshot!(direct.said(), @"PATH_NOT_OFFERED /pathId");
    ada.act("TransitionPlan", "acceptPath", Some(&plan), json!({ "pathId": "ROLE_FIRST" })).await.done();

    let needs = ada.list("LearningNeed", &[("state", "OPEN")]).await;
    assert_eq!(needs.items.len(), 2);
    let learning = ada.plan("Into machine learning").await;
    let all = json!({ "planId": learning, "needIds": needs.ids() });
    ada.act("LearningNeed", "plan", None, all).await.done();
    let items = ada.list("PlanItem", &[("planId", &learning)]).await;
    let mut planned: Vec<_> =
        items.items.iter().map(|item| item["competencyId"].as_str().unwrap().to_owned()).collect();
    planned.sort();
    let mut wanted = asks.to_vec();
    wanted.sort();
    assert_eq!(planned, wanted);
    assert_eq!(ada.list("LearningNeed", &[("state", "PLANNED")]).await.items.len(), 2);

    let next = steps(&ada).await;
    let codes: Vec<_> = next.iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_snapshot!(codes.join(" "), @"START_LEG BEGIN_ITEM SET_WEEKLY_TARGET CAPTURE_IDEA ADD_CONTACT");
    let small = &next[0];
    assert_eq!((&small["effortMinutes"], &small["command"]["name"]), (&json!(5), &json!("startTransitionLeg")));
    ada.tell("TransitionLeg", "start", small["command"]["objectId"].as_str().unwrap()).await.done();
    assert!(steps(&ada).await.iter().all(|one| one["code"] != "START_LEG"));
    // The search that the leg needs belongs to the plan.
    let search = json!({ "title": "ML engineer", "transitionPlanId": plan });
    let search = ada.create("JobSearch", search).await.done();
    assert_eq!(search["transitionPlanId"], json!(plan));
    let bens = acme.learner("ben").await;
    let foreign = json!({ "title": "x", "transitionPlanId": plan });
    assert_snapshot!(bens.create("JobSearch", foreign.clone()).await.said(), @"REFERENCE_UNKNOWN /transitionPlanId");
    ada.opens(&bens, &["jobs:write"]).await;
    assert_snapshot!(bens.create("JobSearch", foreign).await.said(), @"REFERENCE_UNKNOWN /transitionPlanId");
    let id = search["id"].as_str().unwrap();
    ada.update("JobSearch", id, json!({ "transitionPlanId": null })).await.done();
    assert_eq!(
        ada.update("JobSearch", id, json!({ "transitionPlanId": plan })).await.done()["transitionPlanId"],
        json!(plan)
    );
}
