//! Advice about applications that change a role or an industry: worth knowing, and never in the way (§17, §18).

use serde_json::{Value, json};

use crate::{
    harness::{Actor, Api, assert_snapshot, stories_in_both_faces},
    jobs::analyst,
};

stories_in_both_faces!(an_application_is_never_kept_from_anybody, advice_follows_what_is_opened);

/// An application for a role at an employer of a kind, in an industry: where it is open, and that it was made.
async fn apply(who: &Actor, search: &str, title: &str, kind: &str, industry: &str) -> String {
    let company =
        who.create("Company", json!({ "name": format!("{kind} {industry}"), "industry": industry })).await.id();
    let posting = json!({ "companyId": company, "title": title, "employerKind": kind });
    let posting = who.create("JobPosting", posting).await.id();
    who.create("Application", json!({ "jobSearchId": search, "postingId": posting })).await.id()
}

async fn told(who: &Actor, subject: &str) -> Vec<Value> {
    who.ask("insights", json!({ "subjectId": subject })).await.done()["items"].as_array().unwrap().clone()
}

async fn codes(who: &Actor, subject: &str) -> String {
    let wanted = ["DOUBLE_SWITCH_DIRECT", "STARTUP_EASIER", "BIG_COMPANY_RIGID_REWARD"];
    let all = told(who, subject).await;
    let codes = all.iter().map(|one| one["code"].as_str().unwrap()).filter(|code| wanted.contains(code));
    codes.collect::<Vec<_>>().join(" ")
}

async fn an_application_is_never_kept_from_anybody(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, _, role, _) = analyst(&acme).await;
    let search = ada.create("JobSearch", json!({ "title": "Into ML" })).await.id();
    let direct = apply(&ada, &search, "Machine learning engineer", "STARTUP", "Software").await;
    assert_snapshot!(codes(&ada, &direct).await, @"DOUBLE_SWITCH_DIRECT STARTUP_EASIER");
    let all = told(&ada, &direct).await;
    let one = all.iter().find(|one| one["code"] == "DOUBLE_SWITCH_DIRECT").unwrap();
    assert_eq!(
        (&one["severity"], &one["playbookRef"], &one["subjectKind"]),
        (&json!("INFO"), &json!("§17"), &json!("application"))
    );
    assert_snapshot!(one["reason"].as_str().unwrap(), @"Machine learning engineer at STARTUP Software is another role and another industry at once. That is a good thing to try; beside it, a leg that changes one of them first gives something to stand on.");
    assert_eq!(one["suggestedCommand"]["name"], json!("createTransitionPlan"));
    // In her own industry it is the role alone; elsewhere, in her own role, there is nothing to say.
    let role_only = apply(&ada, &search, "ML engineer", "BIG_COMPANY", "Finance").await;
    assert_snapshot!(codes(&ada, &role_only).await, @"BIG_COMPANY_RIGID_REWARD");
    let industry_only = apply(&ada, &search, "Financial analyst", "STARTUP", "Software").await;
    assert_snapshot!(codes(&ada, &industry_only).await, @"");
    // It is told of the search, too, and put away as any advice is.
    assert_snapshot!(codes(&ada, &search).await, @"BIG_COMPANY_RIGID_REWARD DOUBLE_SWITCH_DIRECT STARTUP_EASIER");
    let away = json!({ "code": "STARTUP_EASIER", "subjectId": direct });
    ada.create("InsightDismissal", away).await.done();
    assert_snapshot!(codes(&ada, &direct).await, @"DOUBLE_SWITCH_DIRECT");
    // What is open shows where the legs lead.
    let asked = json!({ "toRoleProfileId": role, "toIndustry": "Technology" });
    let paths = ada.ask("classifyTransition", asked).await.done()["paths"].clone();
    let open = |path: usize, leg: usize| {
        paths[path]["legs"][leg]["openApplications"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["applicationId"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!((open(0, 0), open(0, 1)), (vec![json!(role_only)], vec![json!(direct)]));
    assert_eq!((open(1, 0), open(1, 1)), (vec![json!(industry_only)], vec![json!(direct)]));
}

async fn advice_follows_what_is_opened(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ..) = analyst(&acme).await;
    let kim = acme.coach("kim").await;
    let search = ada.create("JobSearch", json!({ "title": "Into ML" })).await.id();
    let direct = apply(&ada, &search, "ML engineer", "STARTUP", "Software").await;
    ada.opens(&kim, &["learning:read"]).await;
    assert_snapshot!(kim.ask("insights", json!({ "subjectId": direct })).await.said(), @"NOT_FOUND");
    let all = kim.ask("personInsights", json!({ "userId": ada.id })).await.done();
    assert!(!all.to_string().contains("STARTUP"), "{all}");
    ada.opens(&kim, &["jobs:read"]).await;
    assert_snapshot!(codes(&kim, &direct).await, @"DOUBLE_SWITCH_DIRECT STARTUP_EASIER");
}
