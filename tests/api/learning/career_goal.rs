//! Career goals: whose they are, what their role brings along, and the plans that are for them (§5).

use cairn::domain::clock;
use chrono::Days;
use entity::{
    id::CompetencyId,
    learning::{competency, role_requirement},
    vocabulary::Json,
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _, IntoActiveModel as _};
use serde_json::{Value, json};

use crate::harness::{Actor, Api, Organization, assert_snapshot, stories, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    whose_a_goal_is,
    setting_a_goal_for_somebody_else,
    reaching_a_goal,
    goals_are_due_ahead,
    a_role_brings_its_requirements,
    later_changes_of_the_role_are_adopted,
    what_was_deleted_by_hand_stays_away,
    a_plan_is_for_a_goal_of_its_owner
);
stories!(a_goal_has_so_many_requirements);

const KIND: &str = "CareerGoal";
const NEEDS: &str = "GoalRequirement";

fn day(from_now: i64) -> String {
    let today = cairn::domain::clock::now().date_naive();
    let days = Days::new(from_now.unsigned_abs());
    if from_now < 0 { today - days } else { today + days }.to_string()
}

/// What a goal needs: codes, levels and where they come from.
async fn needs(who: &Actor, goal: &str) -> String {
    let answer = who.get(&format!("/goal-requirements?goalId={goal}&expand=competency")).await.fine();
    let mut all: Vec<String> = answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            format!("{} {} {}", word(&one["competency"]["code"]), one["requiredLevel"], word(&one["origin"]))
        })
        .collect();
    all.sort();
    all.join(", ")
}

async fn whose_a_goal_is(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let goal = ada.create(KIND, json!({ "title": "Build a model", "kind": "BUILD_MODEL" })).await.done();
    assert_eq!((&goal["userId"], &goal["achievedAt"]), (&json!(ada.id), &Value::Null));
    let id = goal["id"].as_str().unwrap();
    for who in [&ben, &acme.coach("kim").await, &acme.admin("root").await] {
        assert_eq!(who.see(KIND, id).await.said(), "NOT_FOUND");
        assert_eq!(who.update(KIND, id, json!({ "title": "x" })).await.said(), "NOT_FOUND");
        assert_eq!(who.tell(KIND, "achieve", id).await.said(), "NOT_FOUND");
    }
    let after = ada.update(KIND, id, json!({ "title": "Pass", "kind": "PASS_INTERVIEW" })).await.done();
    assert_eq!(
        (&after["title"], &after["kind"], &after["version"]),
        (&json!("Pass"), &json!("PASS_INTERVIEW"), &json!(2))
    );
    ada.tell(KIND, "delete", id).await.done();
    assert_snapshot!(ada.see(KIND, id).await.said(), @"NOT_FOUND");
    ada.tell(KIND, "restore", id).await.done();
    assert_eq!(ada.list(KIND, &[("q", "pass"), ("userId", &ada.id)]).await.ids(), [id]);
}

async fn setting_a_goal_for_somebody_else(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, moodle) = (acme.learner("ada").await, acme.coach("kim").await, acme.moodle().await);
    let for_her = json!({ "title": "For Ada", "kind": "OTHER", "userId": ada.id });
    assert_snapshot!(kim.create(KIND, for_her.clone()).await.said(), @"REFERENCE_UNKNOWN /userId");
    assert_snapshot!(moodle.create(KIND, json!({ "title": "Nobody's", "kind": "OTHER" })).await.said(), @"OWNER_REQUIRED /userId");
    assert_eq!(moodle.create(KIND, for_her.clone()).await.done()["userId"], ada.id);
    ada.opens(&kim, &["learning:review"]).await;
    assert_snapshot!(kim.create(KIND, for_her.clone()).await.said(), @"FORBIDDEN");
    ada.opens(&kim, &["learning:write"]).await;
    let goal = kim.create(KIND, for_her).await.id();
    assert_eq!(ada.list(KIND, &[]).await.items.len(), 2);
    kim.tell(KIND, "achieve", &goal).await.done();
}

async fn reaching_a_goal(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let goal = ada.create(KIND, json!({ "title": "Build", "kind": "BUILD_MODEL" })).await.id();
    let refused = ada.tell(KIND, "reopen", &goal).await;
    assert_snapshot!(refused.said(), @"INVALID_TRANSITION");
    assert_snapshot!(refused.details, @r#"{"allowed":["achieve"],"command":"reopen","from":"OPEN"}"#);
    let reached = ada.tell(KIND, "achieve", &goal).await.done();
    assert!(reached["achievedAt"].is_string());
    let refused = ada.tell(KIND, "achieve", &goal).await;
    assert_snapshot!(refused.said(), @"INVALID_TRANSITION");
    assert_snapshot!(refused.details, @r#"{"allowed":["reopen"],"command":"achieve","from":"ACHIEVED"}"#);
    // Going back is a normal move.
    assert_eq!(ada.tell(KIND, "reopen", &goal).await.done()["achievedAt"], Value::Null);
    let events = ada.list("Event", &[("subjectId", &goal), ("sort", "seq")]).await.each("type");
    assert_snapshot!(json!(events), @r#"["career_goal.created","career_goal.achieved","career_goal.reopened"]"#);
}

async fn goals_are_due_ahead(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let due = |on: &str| json!({ "title": "Build", "kind": "BUILD_MODEL", "dueOn": on });
    assert_snapshot!(ada.create(KIND, due(&day(-2))).await.said(), @"DUE_DATE_PAST /dueOn");
    let goal = ada.create(KIND, due(&day(30))).await.id();
    assert_snapshot!(ada.update(KIND, &goal, json!({ "dueOn": day(-2) })).await.said(), @"DUE_DATE_PAST /dueOn");
    // The day is the owner's: past in one zone, it is still today in another.
    let west = "Etc/GMT+12";
    let there = cairn::domain::learning::week::day_in(west, cairn::domain::clock::now()).to_string();
    ada.update("User", &ada.id, json!({ "timeZone": "Pacific/Kiritimati" })).await.done();
    assert_snapshot!(ada.create(KIND, due(&there)).await.said(), @"DUE_DATE_PAST /dueOn");
    ada.update("User", &ada.id, json!({ "timeZone": west })).await.done();
    ada.create(KIND, due(&there)).await.done();
    // A date that has passed may stay while something else changes.
    api.execute("UPDATE career_goal SET due_on = '2020-01-01'", Vec::new()).await;
    ada.update(KIND, &goal, json!({ "title": "Late", "dueOn": "2020-01-01" })).await.done();
    assert_eq!(ada.update(KIND, &goal, json!({ "dueOn": null })).await.done()["dueOn"], Value::Null);
}

async fn a_role_brings_its_requirements(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (_, [top, a, b]) = root.framework("own").await;
    let (engineer, analyst) =
        (role(&kim, "Engineer", &[(&a, 3), (&b, 2)]).await, role(&kim, "Analyst", &[(&b, 3)]).await);
    let unknown = json!({ "title": "x", "kind": "ROLE", "targetRoleProfileId": nothing("rpr") });
    assert_snapshot!(ada.create(KIND, unknown).await.said(), @"REFERENCE_UNKNOWN /targetRoleProfileId");
    let new = json!({ "title": "Engineer", "kind": "ROLE", "targetRoleProfileId": engineer });
    let goal = ada.create(KIND, new).await.id();
    assert_snapshot!(needs(&ada, &goal).await, @"leaf-a 3 ROLE_PROFILE, leaf-b 2 ROLE_PROFILE");
    // What one adds or decides by hand stays when the role is another.
    ada.create(NEEDS, json!({ "goalId": goal, "competencyId": top, "requiredLevel": 1 })).await.done();
    ada.update(KIND, &goal, json!({ "targetRoleProfileId": analyst })).await.done();
    assert_snapshot!(needs(&ada, &goal).await, @"leaf-b 3 ROLE_PROFILE, root 1 USER");
    // Without a role, what was needed is still needed.
    ada.update(KIND, &goal, json!({ "targetRoleProfileId": null })).await.done();
    assert_snapshot!(needs(&ada, &goal).await, @"leaf-b 3 ROLE_PROFILE, root 1 USER");
    assert_snapshot!(ada.update(KIND, &goal, json!({ "targetRoleProfileId": nothing("rpr") })).await.said(), @"REFERENCE_UNKNOWN /targetRoleProfileId");
}

/// A role that needs levels of competencies.
async fn role(who: &Actor, title: &str, asked: &[(&str, i64)]) -> String {
    let role = who.create("RoleProfile", json!({ "title": title })).await.id();
    for (competency, level) in asked {
        let needs = json!({ "roleProfileId": role, "competencyId": competency, "requiredLevel": level });
        who.create("RoleRequirement", needs).await.done();
    }
    role
}

async fn later_changes_of_the_role_are_adopted(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (_, [top, a, b]) = root.framework("own").await;
    let role = role(&kim, "Engineer", &[(&a, 2), (&b, 2)]).await;
    let new = json!({ "title": "Engineer", "kind": "ROLE", "targetRoleProfileId": role });
    let goal = ada.create(KIND, new).await.id();
    // She decides about one of them, which is her own then.
    let own = ada.list(NEEDS, &[("goalId", &goal), ("competencyId", &b)]).await.ids().remove(0);
    ada.update(NEEDS, &own, json!({ "requiredLevel": 1 })).await.done();
    let asked = kim.list("RoleRequirement", &[("roleProfileId", &role)]).await.ids();
    kim.update("RoleRequirement", &asked[0], json!({ "requiredLevel": 3 })).await.done();
    kim.update("RoleRequirement", &asked[1], json!({ "requiredLevel": 3 })).await.done();
    kim.create("RoleRequirement", json!({ "roleProfileId": role, "competencyId": top, "requiredLevel": 1 }))
        .await
        .done();
    assert_snapshot!(needs(&ada, &goal).await, @"leaf-a 2 ROLE_PROFILE, leaf-b 1 USER");
    let adopted = ada.tell(KIND, "adoptRoleRequirements", &goal).await.done();
    assert_eq!(adopted["version"], 2);
    assert_snapshot!(needs(&ada, &goal).await, @"leaf-a 3 ROLE_PROFILE, leaf-b 1 USER, root 1 ROLE_PROFILE");
    // Nothing new, nothing happens.
    assert_eq!(ada.tell(KIND, "adoptRoleRequirements", &goal).await.done()["version"], 2);
    kim.tell("RoleRequirement", "delete", &asked[0]).await.done();
    kim.tell("RoleRequirement", "delete", &asked[1]).await.done();
    ada.tell(KIND, "adoptRoleRequirements", &goal).await.done();
    assert_snapshot!(needs(&ada, &goal).await, @"leaf-b 1 USER, root 1 ROLE_PROFILE");

    kim.tell("RoleProfile", "delete", &role).await.done();
    assert_snapshot!(ada.tell(KIND, "adoptRoleRequirements", &goal).await.said(), @"GOAL_WITHOUT_ROLE");
    let without = ada.create(KIND, json!({ "title": "x", "kind": "OTHER" })).await.id();
    assert_snapshot!(ada.tell(KIND, "adoptRoleRequirements", &without).await.said(), @"GOAL_WITHOUT_ROLE");
}

async fn what_was_deleted_by_hand_stays_away(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (_, [_, a, b]) = root.framework("own").await;
    let role = role(&kim, "Engineer", &[(&a, 2), (&b, 2)]).await;
    let new = json!({ "title": "Engineer", "kind": "ROLE", "targetRoleProfileId": role });
    let goal = ada.create(KIND, new).await.id();
    let mine = ada.list(NEEDS, &[("goalId", &goal), ("competencyId", &a)]).await.ids().remove(0);
    ada.tell(NEEDS, "delete", &mine).await.done();
    ada.tell(KIND, "adoptRoleRequirements", &goal).await.done();
    assert_snapshot!(needs(&ada, &goal).await, @"leaf-b 2 ROLE_PROFILE");
    // Another goal does not do without it, and who does can change their mind.
    let new = json!({ "title": "Again", "kind": "ROLE", "targetRoleProfileId": role });
    let again = ada.create(KIND, new).await.id();
    assert_snapshot!(needs(&ada, &again).await, @"leaf-a 2 ROLE_PROFILE, leaf-b 2 ROLE_PROFILE");
    ada.tell(NEEDS, "restore", &mine).await.done();
    assert_snapshot!(needs(&ada, &goal).await, @"leaf-a 2 ROLE_PROFILE, leaf-b 2 ROLE_PROFILE");
    // What the role took back, the role brings again.
    let asked = kim.list("RoleRequirement", &[("roleProfileId", &role), ("competencyId", &b)]).await.ids().remove(0);
    kim.tell("RoleRequirement", "delete", &asked).await.done();
    ada.tell(KIND, "adoptRoleRequirements", &goal).await.done();
    assert_snapshot!(needs(&ada, &goal).await, @"leaf-a 2 ROLE_PROFILE");
    kim.tell("RoleRequirement", "restore", &asked).await.done();
    ada.tell(KIND, "adoptRoleRequirements", &goal).await.done();
    assert_snapshot!(needs(&ada, &goal).await, @"leaf-a 2 ROLE_PROFILE, leaf-b 2 ROLE_PROFILE");
}

/// Competencies of a framework: as many as a goal may need.
async fn many(api: &Api, acme: &Organization, framework: &str) -> Vec<CompetencyId> {
    let now = clock::now();
    let rows: Vec<_> = (0..200)
        .map(|place| competency::Model {
            id: clock::new_id(),
            organization_id: Some(acme.row.id),
            framework_id: framework.parse().unwrap(),
            parent_id: None,
            path: format!("many-{place}"),
            search_text: format!("many-{place}"),
            code: format!("many-{place}"),
            name: format!("Many {place}"),
            description: None,
            sort_order: place,
            rule: competency::CompetencyRule::None,
            alignments: Json(Vec::new()),
            version: 1,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        })
        .collect();
    let all = rows.iter().map(|row| row.id).collect();
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    competency::Entity::insert_many(rows).exec(&api.house.database.write).await.unwrap();
    all
}

async fn a_goal_has_so_many_requirements(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (framework, [_, a, b]) = root.framework("own").await;
    let engineer = role(&kim, "Engineer", &[]).await;
    let now = clock::now();
    let rows = many(&api, &acme, &framework).await.into_iter().map(|competency| role_requirement::ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(acme.row.id),
        role_profile_id: Set(engineer.parse().unwrap()),
        competency_id: Set(competency),
        required_level: Set(3),
        rationale: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        deleted_at: Set(None),
    });
    role_requirement::Entity::insert_many(rows).exec(&api.house.database.write).await.unwrap();
    let more = json!({ "roleProfileId": engineer, "competencyId": a, "requiredLevel": 1 });
    let refused = kim.create("RoleRequirement", more).await;
    assert_snapshot!(refused.said(), @"REQUIREMENTS_FULL");
    assert_snapshot!(refused.details, @r#"{"most":200}"#);
    // All of them at once, and each with its news.
    let new = json!({ "title": "Engineer", "kind": "ROLE", "targetRoleProfileId": engineer });
    let goal = ada.create(KIND, new).await.id();
    assert_eq!(ada.list(NEEDS, &[("goalId", &goal), ("count", "true")]).await.total, 200);
    let told = ada.list("Event", &[("type", "goal_requirement.created"), ("count", "true")]).await.total;
    assert_eq!(told, 200);
    let more = json!({ "goalId": goal, "competencyId": a, "requiredLevel": 1 });
    assert_snapshot!(ada.create(NEEDS, more).await.said(), @"REQUIREMENTS_FULL");
    let raised = ada.act("LearningNeed", "raiseFromGoal", None, json!({ "goalId": goal })).await.done();
    assert_eq!(raised["items"].as_array().unwrap().len(), 200);
    assert_eq!(ada.list("LearningNeedSource", &[("count", "true")]).await.total, 200);
    // Another role takes the place of this one, but what she added counts along.
    let analyst = role(&kim, "Analyst", &[(&b, 2)]).await;
    ada.update(KIND, &goal, json!({ "targetRoleProfileId": analyst })).await.done();
    assert_snapshot!(needs(&ada, &goal).await, @"leaf-b 2 ROLE_PROFILE");
    ada.create(NEEDS, json!({ "goalId": goal, "competencyId": a, "requiredLevel": 1 })).await.done();
    assert_snapshot!(ada.update(KIND, &goal, json!({ "targetRoleProfileId": engineer })).await.said(), @"REQUIREMENTS_FULL");
}

async fn a_plan_is_for_a_goal_of_its_owner(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, moodle) = (acme.learner("ada").await, acme.learner("ben").await, acme.moodle().await);
    let goal = ada.create(KIND, json!({ "title": "Build", "kind": "BUILD_MODEL" })).await.id();
    let plan = ada.create("LearningPlan", json!({ "title": "Learn", "goalId": goal })).await.done();
    assert_eq!(plan["goalId"], goal);
    let id = plan["id"].as_str().unwrap();
    assert_snapshot!(ben.create("LearningPlan", json!({ "title": "x", "goalId": goal })).await.said(), @"REFERENCE_UNKNOWN /goalId");
    // A machine sees all goals, and keeps them apart.
    let bens = json!({ "title": "x", "ownerId": ben.id, "goalId": goal });
    assert_snapshot!(moodle.create("LearningPlan", bens).await.said(), @"REFERENCE_UNKNOWN /goalId");
    assert_snapshot!(ada.update("LearningPlan", id, json!({ "goalId": nothing("gol") })).await.said(), @"REFERENCE_UNKNOWN /goalId");
    let shown = ada.get(&format!("/career-goals/{goal}?expand=plans.goal")).await.fine();
    assert_eq!(shown["plans"]["items"][0]["goal"]["id"], goal);
    assert_eq!(ada.list("LearningPlan", &[("goalId", &goal)]).await.ids(), [id]);
    assert_eq!(ada.update("LearningPlan", id, json!({ "goalId": null })).await.done()["goalId"], Value::Null);
    // A goal that is gone does not keep its plans from being changed.
    ada.update("LearningPlan", id, json!({ "goalId": goal })).await.done();
    ada.tell(KIND, "delete", &goal).await.done();
    ada.update("LearningPlan", id, json!({ "title": "Go on" })).await.done();
}
