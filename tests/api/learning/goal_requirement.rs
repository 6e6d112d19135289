//! What goals need: once per competency, in levels of the scale, and where that comes from (§5).

use serde_json::{Value, json};

use crate::harness::{Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    a_requirement_fits_its_goal_and_its_scale,
    where_a_requirement_comes_from,
    what_a_goal_needs_goes_with_the_goal,
    goals_keep_frameworks_as_they_are
);

const KIND: &str = "GoalRequirement";

async fn a_requirement_fits_its_goal_and_its_scale(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    let (_, [_, leaf, other]) = root.framework("own").await;
    let goal = ada.create("CareerGoal", json!({ "title": "Build", "kind": "BUILD_MODEL" })).await.id();
    let new =
        |competency: &str, level: i64| json!({ "goalId": goal, "competencyId": competency, "requiredLevel": level });
    let refused = ada.create(KIND, new(&leaf, 9)).await;
    assert_snapshot!(refused.said(), @"LEVEL_NOT_IN_SCALE /requiredLevel");
    assert_snapshot!(refused.details, @r#"{"levels":[1,2,3]}"#);
    let needed = ada.create(KIND, new(&leaf, 2)).await.done();
    assert_eq!((&needed["origin"], &needed["userId"]), (&json!("USER"), &json!(ada.id)));
    let id = needed["id"].as_str().unwrap();
    assert_snapshot!(ada.create(KIND, new(&leaf, 3)).await.said(), @"REQUIREMENT_DUPLICATE /competencyId");
    assert_snapshot!(ada.create(KIND, new(&nothing("cmp"), 3)).await.said(), @"REFERENCE_UNKNOWN /competencyId");
    assert_snapshot!(ben.create(KIND, new(&other, 3)).await.said(), @"REFERENCE_UNKNOWN /goalId");
    assert_snapshot!(ben.see(KIND, id).await.said(), @"NOT_FOUND");
    assert_snapshot!(ben.update(KIND, id, json!({ "requiredLevel": 3 })).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.update(KIND, id, json!({ "requiredLevel": 4 })).await.said(), @"LEVEL_NOT_IN_SCALE /requiredLevel");
    let said = json!({ "requiredLevel": 3, "rationale": "To debug it", "reviewBy": "2027-01-01" });
    let after = ada.update(KIND, id, said).await.done();
    assert_eq!((&after["requiredLevel"], &after["reviewBy"]), (&json!(3), &json!("2027-01-01")));
    assert_eq!(ada.update(KIND, id, json!({ "reviewBy": null })).await.done()["reviewBy"], Value::Null);

    // Another goal may need the same, and what was deleted comes back unless something took its place.
    let second = ada.create("CareerGoal", json!({ "title": "Pass", "kind": "PASS_INTERVIEW" })).await.id();
    ada.create(KIND, json!({ "goalId": second, "competencyId": leaf, "requiredLevel": 1 })).await.done();
    ada.tell(KIND, "delete", id).await.done();
    let again = ada.create(KIND, new(&leaf, 1)).await.id();
    assert_snapshot!(ada.tell(KIND, "restore", id).await.said(), @"REQUIREMENT_DUPLICATE /competencyId");
    ada.tell(KIND, "delete", &again).await.done();
    ada.tell(KIND, "restore", id).await.done();
}

async fn where_a_requirement_comes_from(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let moodle = acme.moodle().await;
    let (_, [top, a, b]) = root.framework("own").await;
    let goal = ada.create("CareerGoal", json!({ "title": "Build", "kind": "BUILD_MODEL" })).await.id();
    let new = |competency: &str| json!({ "goalId": goal, "competencyId": competency, "requiredLevel": 2 });
    let from = |competency: &str, origin: &str| {
        let mut new = new(competency);
        new["origin"] = json!(origin);
        new
    };
    for origin in ["INFO_INTERVIEW", "ROLE_PROFILE", "REVIEWER"] {
        assert_eq!(ada.create(KIND, from(&a, origin)).await.said(), "FORBIDDEN /origin", "{origin}");
    }
    let own = ada.create(KIND, from(&a, "USER")).await.id();
    ada.opens(&kim, &["learning:read"]).await;
    assert_snapshot!(kim.create(KIND, new(&b)).await.said(), @"FORBIDDEN");
    ada.opens(&kim, &["learning:write"]).await;
    assert_snapshot!(kim.create(KIND, from(&b, "USER")).await.said(), @"FORBIDDEN /origin");
    assert_snapshot!(kim.create(KIND, new(&b)).await.done()["origin"].as_str().unwrap(), @"REVIEWER");
    // What a coach rewrites is the coach's word; when it should be looked at again changes nobody's word.
    assert_snapshot!(kim.update(KIND, &own, json!({ "reviewBy": "2027-01-01" })).await.done()["origin"].as_str().unwrap(), @"USER");
    assert_snapshot!(kim.update(KIND, &own, json!({ "requiredLevel": 3 })).await.done()["origin"].as_str().unwrap(), @"REVIEWER");
    assert_snapshot!(ada.update(KIND, &own, json!({ "rationale": "I think so too" })).await.done()["origin"].as_str().unwrap(), @"USER");

    assert_snapshot!(moodle.create(KIND, from(&top, "ROLE_PROFILE")).await.said(), @"FORBIDDEN /origin");
    let heard = moodle.create(KIND, from(&top, "INFO_INTERVIEW")).await.id();
    assert_snapshot!(moodle.update(KIND, &heard, json!({ "requiredLevel": 3 })).await.done()["origin"].as_str().unwrap(), @"INFO_INTERVIEW");
    assert_snapshot!(ada.update(KIND, &heard, json!({ "origin": "REVIEWER" })).await.said(), @"FORBIDDEN /origin");
    let same = json!({ "origin": "INFO_INTERVIEW", "reviewBy": "2027-01-01" });
    assert_snapshot!(ada.update(KIND, &heard, same).await.done()["origin"].as_str().unwrap(), @"INFO_INTERVIEW");
}

async fn what_a_goal_needs_goes_with_the_goal(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [_, a, b]) = root.framework("own").await;
    let goal = ada.create("CareerGoal", json!({ "title": "Build", "kind": "BUILD_MODEL" })).await.id();
    let new = |competency: &str| json!({ "goalId": goal, "competencyId": competency, "requiredLevel": 2 });
    let (kept, gone) = (ada.create(KIND, new(&a)).await.id(), ada.create(KIND, new(&b)).await.id());
    ada.tell(KIND, "delete", &gone).await.done();
    ada.tell("CareerGoal", "delete", &goal).await.done();
    assert_eq!(ada.list(KIND, &[]).await.items.len(), 0);
    assert_snapshot!(ada.see(KIND, &kept).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.update(KIND, &kept, json!({ "requiredLevel": 1 })).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.tell(KIND, "delete", &kept).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.tell(KIND, "restore", &gone).await.said(), @"NOT_FOUND");
    ada.tell("CareerGoal", "restore", &goal).await.done();
    assert_eq!(ada.list(KIND, &[]).await.ids(), [kept]);
}

async fn goals_keep_frameworks_as_they_are(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (framework, [_, leaf, _]) = root.framework("own").await;
    let goal = ada.create("CareerGoal", json!({ "title": "Build", "kind": "BUILD_MODEL" })).await.id();
    let needed = json!({ "goalId": goal, "competencyId": leaf, "requiredLevel": 2 });
    let needed = ada.create(KIND, needed).await.id();
    // What was deleted could come back.
    ada.tell(KIND, "delete", &needed).await.done();
    let refused = root.tell("CompetencyFramework", "delete", &framework).await;
    assert_snapshot!(refused.said(), @"FRAMEWORK_IN_USE");
    assert_snapshot!(refused.details, @r#"{"evidence":0,"planItems":0,"portfolioEntries":0,"priorLearning":0,"requirements":1,"templateItems":0}"#);
    let refused = root.tell("Competency", "delete", &leaf).await;
    assert_snapshot!(refused.said(), @"IN_USE");
    assert_snapshot!(refused.details, @r#"{"children":0,"evidence":0,"planItems":0,"portfolioEntries":0,"priorLearning":0,"requirements":1,"templateItems":0}"#);
}
