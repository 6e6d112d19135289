//! What makes the next search easier than the last one (§19).

use cairn::domain::clock;
use chrono::{DateTime, Months, Utc};
use serde_json::{Value, json};

use super::{analyst, does};
use crate::harness::{Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    months_and_people_add_up,
    whoever_has_arrived_grows_on,
    months_end_when_somebody_leaves,
    leverage_is_ones_own
);

const ASK: &str = "searchLeverage";

async fn months_and_people_add_up(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, _, role, _) = analyst(&acme).await;
    let since = clock::now().date_naive() - Months::new(7);
    does(&ada, json!({ "currentSince": since })).await;
    let company = ada.create("Company", json!({ "name": "Bank", "industry": "Financial services" })).await.id();
    ada.create("Contact", json!({ "name": "Pia", "companyId": company })).await.done();
    // What nobody names is what she does.
    let told = ada.ask(ASK, json!({})).await.done();
    assert_eq!((&told["targetRole"], &told["industry"]), (&json!("Financial analyst"), &json!("Finance")));
    assert_eq!((&told["months"], &told["contactCount"], &told["arrived"]), (&json!(7), &json!(1), &json!(true)));
    assert_eq!(told["contacts"][0]["name"], json!("Pia"));
    assert_snapshot!(told["reasons"][0].as_str().unwrap(), @"7 months as Financial analyst in Finance.");
    // A talk counts once it was held.
    let pia = ada.list("Contact", &[]).await.ids().remove(0);
    let talk = ada.create("InformationalInterview", json!({ "contactId": pia })).await.id();
    assert_eq!(ada.ask(ASK, json!({})).await.done()["interviewsHeld"], json!(0));
    api.execute("UPDATE \"informational_interview\" SET state = $1", vec!["HELD".into()]).await;
    assert_eq!(ada.ask(ASK, json!({})).await.done()["interviewsHeld"], json!(1), "{talk}");
    let told = ada.ask(ASK, json!({ "targetRoleProfileId": role, "industry": "Tech" })).await.done();
    assert_eq!((&told["months"], &told["contactCount"], &told["arrived"]), (&json!(0), &json!(0), &json!(false)));
    let twice = json!({ "targetRoleProfileId": role, "targetRole": "x" });
    assert_snapshot!(ada.ask(ASK, twice).await.code(), @"TRANSITION_END_AMBIGUOUS");
    let nowhere = json!({ "listedIndustryId": crate::harness::world::nothing("ind") });
    assert_snapshot!(ada.ask(ASK, nowhere).await.code(), @"REFERENCE_UNKNOWN");
}

async fn whoever_has_arrived_grows_on(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root, role, asks) = analyst(&acme).await;
    let senior = json!({ "title": "Senior ML engineer", "family": "Machine learning", "seniority": "SENIOR" });
    let senior = root.create("RoleProfile", senior).await.id();
    let needs = json!({ "roleProfileId": senior, "competencyId": asks[0], "requiredLevel": 3 });
    root.create("RoleRequirement", needs).await.done();
    let asked = json!({ "targetRoleProfileId": role, "industry": "Finance" });
    let told = ada.ask(ASK, asked.clone()).await.done();
    assert_eq!(
        (&told["arrived"], &told["senior_roles"], &told["seniorRoles"]),
        (&json!(false), &Value::Null, &json!([]))
    );
    // An accepted offer says so before anything else does.
    let search = crate::jobs::Search::of(&ada).await;
    let application = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    ada.act("Application", "close", Some(&application), json!({ "outcome": "OFFER_ACCEPTED" })).await.done();
    let anywhere = json!({ "targetRoleProfileId": role, "industry": "Energy" });
    assert_eq!(ada.ask(ASK, anywhere.clone()).await.done()["arrived"], json!(false));
    ada.update("Company", &search.company, json!({ "industry": "Utilities" })).await.done();
    let told = ada.ask(ASK, anywhere).await.done();
    assert_eq!((&told["arrived"], &told["seniorRoles"][0]["roleProfileId"]), (&json!(true), &json!(senior)));
    let plan = ada.create("TransitionPlan", json!({ "toRoleProfileId": role })).await.id();
    ada.act("TransitionPlan", "acceptPath", Some(&plan), json!({ "pathId": "DIRECT" })).await.done();
    let leg = ada.list("TransitionLeg", &[("transitionPlanId", &plan)]).await.ids().remove(0);
    for verb in ["start", "complete"] {
        ada.tell("TransitionLeg", verb, &leg).await.done();
    }
    let told = ada.ask(ASK, asked).await.done();
    assert_eq!((&told["arrived"], &told["months"]), (&json!(true), &json!(0)));
    let next = &told["seniorRoles"][0];
    assert_eq!(
        (&next["roleProfileId"], &next["seniority"], &next["skillGap"]["open"]),
        (&json!(senior), &json!("SENIOR"), &json!(1))
    );
}

async fn months_end_when_somebody_leaves(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, _, role, _) = analyst(&acme).await;
    does(&ada, json!({ "currentSince": "2020-01-01" })).await;
    let plan = ada.create("TransitionPlan", json!({ "toRoleProfileId": role })).await.id();
    ada.act("TransitionPlan", "acceptPath", Some(&plan), json!({ "pathId": "DIRECT" })).await.done();
    let leg = ada.list("TransitionLeg", &[("transitionPlanId", &plan)]).await.ids().remove(0);
    for verb in ["start", "complete"] {
        ada.tell("TransitionLeg", verb, &leg).await.done();
    }
    let day: DateTime<Utc> = "2024-11-26T10:00:00Z".parse().unwrap();
    api.execute("UPDATE \"transition_leg\" SET ended_at = $1", vec![day.into()]).await;
    let months = async |role: &str| {
        let told = ada.ask(ASK, json!({ "targetRole": role, "industry": "Finance" })).await.done();
        (told["months"].as_i64().unwrap(), told["arrived"].as_bool().unwrap())
    };
    // Whoever does not change their profile has left by the leg.
    assert_eq!(months("Financial analyst").await, (58, true));
    assert!(months("ML engineer").await.0 >= 24);
    does(&ada, json!({ "currentRole": "Product manager", "currentSince": "2025-01-01" })).await;
    assert_eq!(months("ML engineer").await, (1, true));
    assert!(months("Product manager").await.0 >= 22);
    // Since when they are there is before the day on which they said that they had arrived.
    does(&ada, json!({ "currentRole": "ML engineer", "currentSince": "2024-10-26" })).await;
    assert!(months("ML engineer").await.0 >= 25);
}

async fn leverage_is_ones_own(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root, ..) = analyst(&acme).await;
    let (kim, machine) = (acme.coach("kim").await, acme.omnipotent().await);
    let hers = json!({ "userId": ada.id });
    ada.opens(&kim, &["learning:write"]).await;
    for who in [&kim, &root, &machine] {
        assert_snapshot!(who.ask(ASK, hers.clone()).await.said(), @"GRANT_REQUIRED");
    }
    ada.opens(&kim, &["jobs:read"]).await;
    assert_eq!(kim.ask(ASK, hers).await.done()["targetRole"], json!("Financial analyst"));
}
