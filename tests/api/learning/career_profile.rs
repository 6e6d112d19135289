//! Career profiles: one for each member, and the phases that they are in (§1).

use entity::platform::client::Scope;
use serde_json::{Value, json};

use crate::harness::{Actor, Api, assert_snapshot, stories, stories_in_both_faces};

stories_in_both_faces!(
    everybody_has_one_profile,
    whose_a_profile_is,
    there_is_one_time_zone,
    learning_begins_and_never_stops,
    projects_begin_and_end,
    a_search_is_a_phase_of_its_own,
);
stories!(the_caller_sees_their_own_profile, whoever_joins_has_a_profile);

const KIND: &str = "CareerProfile";

/// Somebody's own profile.
async fn own(who: &Actor) -> Value {
    who.list(KIND, &[("userId", &who.id)]).await.items.remove(0)
}

fn id(profile: &Value) -> &str {
    profile["id"].as_str().unwrap()
}

async fn everybody_has_one_profile(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let profile = own(&ada).await;
    assert_snapshot!(ada.create(KIND, json!({})).await.said(), @"ALREADY_EXISTS");
    let says = json!({
        "headline": "From finance to ML", "currentRole": "Analyst", "currentIndustry": "Finance",
        "currentEmployerKind": "BIG_COMPANY", "weeklyLearningTargetMinutes": 240, "weekStart": "SUNDAY",
    });
    let said = ada.update(KIND, id(&profile), says.clone()).await.done();
    for (name, value) in says.as_object().unwrap() {
        assert_eq!(&said[name], value, "{name}");
    }
    let left = ada.update(KIND, id(&profile), json!({ "weeklyLearningTargetMinutes": null, "weekStart": null })).await;
    let left = left.done();
    assert_eq!((&left["weeklyLearningTargetMinutes"], &left["weekStart"]), (&Value::Null, &Value::Null));
    assert_eq!(left["headline"], "From finance to ML");
    let wrong = json!({ "weeklyLearningTargetMinutes": 10_081, "headline": "" });
    assert_snapshot!(ada.update(KIND, id(&profile), wrong).await.said(), @"VALIDATION_FAILED /headline /weeklyLearningTargetMinutes");

    // Who has none, because they joined before there were any, makes one.
    api.execute("DELETE FROM career_profile WHERE user_id = $1", vec![ada.user().into()]).await;
    let moodle = acme.moodle().await;
    assert_snapshot!(moodle.create(KIND, json!({})).await.said(), @"OWNER_REQUIRED /userId");
    let made = ada.create(KIND, json!({ "headline": "Anew" })).await.done();
    assert_eq!((&made["userId"], &made["headline"]), (&json!(ada.id), &json!("Anew")));
    assert_snapshot!(moodle.create(KIND, json!({ "userId": ada.id })).await.said(), @"ALREADY_EXISTS");
}

async fn whose_a_profile_is(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let profile = own(&ada).await;
    for who in [&ben, &kim, &acme.admin("root").await] {
        assert_eq!(who.see(KIND, id(&profile)).await.said(), "NOT_FOUND");
        assert_eq!(who.update(KIND, id(&profile), json!({ "headline": "x" })).await.said(), "NOT_FOUND");
    }
    ada.opens(&kim, &["learning:read"]).await;
    kim.see(KIND, id(&profile)).await.done();
    assert_snapshot!(kim.update(KIND, id(&profile), json!({ "headline": "x" })).await.said(), @"FORBIDDEN");
    ada.opens(&ben, &["learning:write"]).await;
    ben.update(KIND, id(&profile), json!({ "headline": "Asked me to write it" })).await.done();
    // The time zone is the person's: whoever may write about their learning does not move them.
    assert_snapshot!(ben.update(KIND, id(&profile), json!({ "timeZone": "Asia/Tokyo" })).await.said(), @"FORBIDDEN");
    acme.moodle().await.see(KIND, id(&profile)).await.done();
}

async fn there_is_one_time_zone(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let profile = own(&ada).await;
    assert_eq!(profile["timeZone"], "UTC");
    let moved = ada.update(KIND, id(&profile), json!({ "timeZone": "Asia/Tokyo" })).await.done();
    assert_eq!((&moved["timeZone"], &moved["version"]), (&json!("Asia/Tokyo"), &json!(2)));
    let person = ada.see("User", &ada.id).await.done();
    assert_eq!((&person["timeZone"], &person["version"]), (&json!("Asia/Tokyo"), &json!(2)));
    ada.update("User", &ada.id, json!({ "timeZone": "Europe/Vienna" })).await.done();
    assert_eq!(own(&ada).await["timeZone"], "Europe/Vienna");
    let same = ada.update(KIND, id(&profile), json!({ "timeZone": "Europe/Vienna" })).await.done();
    assert_eq!(same["version"], 2);
    assert_snapshot!(ada.update(KIND, id(&profile), json!({ "timeZone": "Mars" })).await.said(), @"VALIDATION_FAILED /timeZone");
    let narrow = ada.limited_to(&acme, &[Scope::LearningRead, Scope::LearningWrite]);
    assert_snapshot!(narrow.update(KIND, id(&profile), json!({ "timeZone": "UTC" })).await.said(), @"INSUFFICIENT_SCOPE");
}

async fn learning_begins_and_never_stops(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root, moodle) = (acme.learner("ada").await, acme.admin("root").await, acme.moodle().await);
    assert_snapshot!(own(&ada).await["phases"], @r#"[{"active":false,"evidenceCount":0,"phase":"LEARNING","since":null},{"active":false,"evidenceCount":0,"phase":"PROJECTS","since":null},{"active":false,"evidenceCount":0,"phase":"JOB_SEARCH","since":null}]"#);
    // Time alone is no beginning: what is noted is corrected and deleted, and a phase does not come and go with it.
    let noted = json!({ "startedAt": "2026-02-01T10:00:00Z", "minutes": 30 });
    ada.create("LearningSession", noted).await.done();
    assert_eq!(own(&ada).await["phases"][0]["active"], false);
    let plan = ada.plan("Learn").await;
    api.execute("UPDATE learning_plan SET created_at = '2026-03-02 20:00:00+00:00'", Vec::new()).await;
    assert_snapshot!(own(&ada).await["phases"][0], @r#"{"active":true,"evidenceCount":0,"phase":"LEARNING","since":"2026-03-02"}"#);
    ada.tell("LearningPlan", "delete", &plan).await.done();
    assert_eq!(own(&ada).await["phases"][0]["active"], true, "it never closes");
    // What is learnt counts as evidence; the first day is hers, and stays that of the plan.
    let (_, [_, leaf, _]) = root.framework("own").await;
    let course = json!({
        "kind": "COURSE", "title": "ML", "competencyIds": [leaf],
        "externalRefs": [{ "source": "moodle", "externalId": "c1" }],
    });
    moodle.create("LearningResource", course).await.done();
    let done = json!({
        "statementId": "s-1", "person": { "id": ada.id }, "object": { "source": "moodle", "externalId": "c1" },
        "verb": "COMPLETED", "occurredAt": "2026-03-01T23:30:00Z", "minutes": 30,
    });
    moodle.act("Completion", "record", None, done).await.done();
    ada.update("User", &ada.id, json!({ "timeZone": "Europe/Vienna" })).await.done();
    assert_snapshot!(own(&ada).await["phases"][0], @r#"{"active":true,"evidenceCount":1,"phase":"LEARNING","since":"2026-03-02"}"#);
    // What others do is theirs.
    assert_eq!(own(&acme.learner("ben").await).await["phases"][0]["active"], false);
}

async fn projects_begin_and_end(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let stopped = async |who: &Actor| {
        let told = who.ask("personInsights", json!({})).await.done();
        let all = told["items"].as_array().unwrap();
        all.iter().any(|one| one["code"] == "LEARNING_STOPPED" && one["subjectId"] == json!(who.id))
    };
    let wind = ada.create("Project", json!({ "title": "Wind" })).await.id();
    let sun = ada.create("Project", json!({ "title": "Sun" })).await.id();
    api.execute("UPDATE project SET created_at = '2026-03-02 23:30:00+00:00' WHERE title = 'Wind'", Vec::new()).await;
    ada.create("PortfolioEntry", json!({ "title": "Chess" })).await.done();
    ada.update("User", &ada.id, json!({ "timeZone": "Europe/Vienna" })).await.done();
    // The first day is hers.
    assert_snapshot!(own(&ada).await["phases"][1], @r#"{"active":true,"evidenceCount":1,"phase":"PROJECTS","since":"2026-03-03"}"#);
    assert!(stopped(&ada).await, "whoever builds keeps learning");
    let learnt = json!({ "startedAt": cairn::domain::clock::rfc3339(cairn::domain::clock::now()), "minutes": 5 });
    let learnt = ada.create("LearningSession", learnt).await.id();
    assert!(!stopped(&ada).await);
    ada.tell("LearningSession", "delete", &learnt).await.done();
    // It goes on since the same day as long as one of them does, and ends with the last.
    ada.tell("Project", "cancel", &wind).await.done();
    assert_eq!(own(&ada).await["phases"][1]["since"], "2026-03-03");
    ada.tell("Project", "cancel", &sun).await.done();
    assert_snapshot!(own(&ada).await["phases"][1], @r#"{"active":false,"evidenceCount":1,"phase":"PROJECTS","since":null}"#);
    assert!(!stopped(&ada).await);
    // Who is in somebody's project is in the phase, too, from the day on which they came; until it is deleted.
    assert!(own(&ben).await["phases"][1]["active"] == false && !stopped(&ben).await);
    let shared = ada.create("Project", json!({ "title": "Rain" })).await.id();
    ada.create("ProjectMember", json!({ "projectId": shared, "userId": ben.id, "role": "CONTRIBUTOR" })).await.done();
    api.execute("UPDATE project_member SET created_at = '2026-03-05 12:00:00+00:00'", Vec::new()).await;
    assert_eq!(own(&ben).await["phases"][1]["since"], "2026-03-05");
    assert!(stopped(&ben).await);
    ada.tell("Project", "delete", &shared).await.done();
    assert!(own(&ben).await["phases"][1]["active"] == false && !stopped(&ben).await);
    // In another organization one is somebody else.
    let there =
        api.organization("Beta").await.join("ada", ada.user(), &[entity::platform::membership::Role::Learner]).await;
    there.create("Project", json!({ "title": "Tides" })).await.done();
    assert_eq!(own(&ada).await["phases"][1]["active"], false);
}

async fn a_search_is_a_phase_of_its_own(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, machine) = (acme.learner("ada").await, acme.coach("kim").await, acme.moodle().await);
    let stopped = async |who: &Actor| {
        let told = who.ask("personInsights", json!({ "userId": ada.id })).await.done();
        told["items"].as_array().unwrap().iter().any(|one| one["code"] == "LEARNING_STOPPED")
    };
    let search = ada.create("JobSearch", json!({ "title": "Into ML" })).await.id();
    let later = ada.create("JobSearch", json!({ "title": "Elsewhere" })).await.id();
    api.execute("UPDATE job_search SET created_at = '2026-03-02 23:30:00+00:00' WHERE title = 'Into ML'", Vec::new())
        .await;
    ada.update("User", &ada.id, json!({ "timeZone": "Europe/Vienna" })).await.done();
    // The first day is hers.
    assert_snapshot!(own(&ada).await["phases"][2], @r#"{"active":true,"evidenceCount":0,"phase":"JOB_SEARCH","since":"2026-03-03"}"#);
    assert!(stopped(&ada).await, "whoever searches keeps learning");
    let company = ada.create("Company", json!({ "name": "Windy Grid" })).await.id();
    let posting = ada.create("JobPosting", json!({ "companyId": company, "title": "ML engineer" })).await.id();
    let applies = json!({ "jobSearchId": search, "postingId": posting });
    ada.create("Application", applies).await.done();
    assert_eq!(own(&ada).await["phases"][2]["evidenceCount"], 1);
    // Who sees what she learns is not told that she searches, be it by what she stopped.
    ada.opens(&kim, &["learning:read"]).await;
    let profile = own(&ada).await["id"].as_str().unwrap().to_owned();
    let seen = async |who: &Actor| {
        let phases = who.see(KIND, &profile).await.done()["phases"].clone();
        phases.as_array().unwrap().iter().map(|one| one["phase"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for who in [&kim, &machine] {
        assert_eq!(seen(who).await, ["LEARNING", "PROJECTS"], "{}", who.name);
        assert!(!stopped(who).await, "{}", who.name);
    }
    let narrow = ada.limited_to(&acme, &[Scope::LearningRead]);
    assert_eq!(seen(&narrow).await, ["LEARNING", "PROJECTS"]);
    ada.opens(&kim, &["jobs:read"]).await;
    assert_eq!(seen(&kim).await, ["LEARNING", "PROJECTS", "JOB_SEARCH"]);
    assert!(stopped(&kim).await);
    // It goes on with those that go on, and ends with the last of them.
    ada.tell("JobSearch", "pause", &search).await.done();
    assert_ne!(own(&ada).await["phases"][2]["since"], "2026-03-03");
    ada.act("JobSearch", "close", Some(&later), json!({})).await.done();
    assert_snapshot!(own(&ada).await["phases"][2], @r#"{"active":false,"evidenceCount":1,"phase":"JOB_SEARCH","since":null}"#);
    assert!(!stopped(&ada).await);
    ada.tell("JobSearch", "resume", &search).await.done();
    assert_eq!(own(&ada).await["phases"][2]["since"], "2026-03-03");
}

async fn the_caller_sees_their_own_profile(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, moodle) = (acme.learner("ada").await, acme.moodle().await);
    let goal = ada.create("CareerGoal", json!({ "title": "Build", "kind": "BUILD_MODEL" })).await.id();
    acme.learner("ben").await.create("CareerGoal", json!({ "title": "Ben's", "kind": "OTHER" })).await.done();
    let query = "{ me { careerProfile { userId phases { phase active } goals { totalCount nodes { id } } } } }";
    let told = ada.graphql(query, json!({})).await.fine();
    let profile = &told["data"]["me"]["careerProfile"];
    assert_eq!(profile["userId"], ada.id);
    assert_eq!(profile["phases"][0], json!({ "phase": "LEARNING", "active": false }));
    assert_eq!(profile["goals"], json!({ "totalCount": 1, "nodes": [{ "id": goal }] }));
    let me = ada.get("/me").await.fine();
    assert_eq!(me["careerProfile"]["userId"], ada.id);
    let id = me["careerProfile"]["id"].as_str().unwrap();
    let listed = ada.get(&format!("/career-profiles/{id}?expand=goals")).await.fine();
    assert_eq!(listed["goals"]["items"][0]["id"], goal);
    // Neither a machine nor a token that may not read it has one.
    assert_eq!(moodle.get("/me").await.fine()["careerProfile"], Value::Null);
    let narrow = ada.limited_to(&acme, &[Scope::IdentityRead]);
    assert_eq!(narrow.get("/me").await.fine()["careerProfile"], Value::Null);
    // In another organization one is somebody else.
    let there =
        api.organization("Beta").await.join("ada", ada.user(), &[entity::platform::membership::Role::Learner]).await;
    let elsewhere = there.graphql(query, json!({})).await.fine();
    assert_eq!(elsewhere["data"]["me"]["careerProfile"]["goals"]["totalCount"], 0);
}

async fn whoever_joins_has_a_profile(api: Api) {
    let acme = api.organization("Acme").await;
    let (root, machine) = (acme.admin("root").await, acme.omnipotent().await);
    let ben = root.create("User", json!({ "name": "Ben", "email": "ben@example.org" })).await.id();
    let profile = machine.list(KIND, &[("userId", &ben)]).await.ids().remove(0);
    machine.update(KIND, &profile, json!({ "headline": "Here to stay" })).await.done();
    // Who comes back finds what they left.
    root.tell("User", "delete", &ben).await.done();
    root.tell("User", "restore", &ben).await.done();
    let found = machine.list(KIND, &[("userId", &ben)]).await;
    assert_eq!(found.each("headline"), [json!("Here to stay")]);
}
