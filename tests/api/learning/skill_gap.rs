//! The skill gap: what is left between where somebody stands and what their goal needs (§5).

use cairn::domain::clock;
use entity::{
    id::CompetencyId,
    learning::user_competency::{ActiveModel, Calculation, StandingStatus},
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};
use serde_json::{Value, json};

use crate::harness::{Actor, Api, Organization, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    the_widest_gap_comes_first,
    what_is_planned_and_what_is_stale,
    who_sees_a_gap,
    what_is_not_visible_is_not_told
);

/// Puts somebody at a level of a competency.
async fn stand(acme: &Organization, who: &Actor, competency: &str, level: i64) {
    let now = clock::now();
    let row = ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(acme.row.id),
        user_id: Set(who.user()),
        competency_id: Set(competency.parse::<CompetencyId>().unwrap()),
        level: Set(Some(level)),
        proficient: Set(Some(level > 1)),
        status: Set(StandingStatus::Idle),
        reviewer_id: Set(None),
        calculation: Set(Calculation::Latest),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        deleted_at: Set(None),
    };
    row.insert(&acme.api.house.database.write).await.unwrap();
}

/// A goal that needs levels of competencies.
async fn goal(who: &Actor, title: &str, needs: &[(&str, i64)]) -> String {
    let goal = who.create("CareerGoal", json!({ "title": title, "kind": "BUILD_MODEL" })).await.id();
    for (competency, level) in needs {
        let needed = json!({ "goalId": goal, "competencyId": competency, "requiredLevel": level });
        who.create("GoalRequirement", needed).await.done();
    }
    goal
}

/// The requirements of a goal in a line each: code, current and required level, gap, how many goals.
async fn lines(who: &Actor, goal: &str) -> String {
    let told = who.ask("skillGap", json!({ "goalId": goal })).await.done();
    let mut out = format!("met {} open {}", told["met"], told["open"]);
    for one in told["requirements"].as_array().unwrap() {
        let code = one["code"].as_str().unwrap();
        out += &format!(
            "; {code} {}->{} gap {} goals {}",
            one["currentLevel"], one["requiredLevel"], one["gap"], one["goalsNeeding"]
        );
    }
    out
}

async fn the_widest_gap_comes_first(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [top, a, b]) = root.framework("own").await;
    let build = goal(&ada, "Build", &[(&top, 1), (&a, 3), (&b, 3)]).await;
    // Without a standing one is at the default level.
    assert_snapshot!(lines(&ada, &build).await, @"met 1 open 2; leaf-a null->3 gap 2 goals 1; leaf-b null->3 gap 2 goals 1; root null->1 gap 0 goals 1");
    // What more goals need comes first among the equally wide; what is reached or deleted needs nothing.
    let pass = goal(&ada, "Pass", &[(&b, 1)]).await;
    assert_snapshot!(lines(&ada, &build).await, @"met 1 open 2; leaf-b null->3 gap 2 goals 2; leaf-a null->3 gap 2 goals 1; root null->1 gap 0 goals 1");
    ada.tell("CareerGoal", "achieve", &pass).await.done();
    assert_snapshot!(lines(&ada, &pass).await, @"met 1 open 0; leaf-b null->1 gap 0 goals 1");
    // Where somebody stands counts, theirs and nobody else's; more than needed is no gap.
    let ben = acme.learner("ben").await;
    stand(&acme, &ben, &b, 3).await;
    stand(&acme, &ada, &a, 2).await;
    stand(&acme, &ada, &top, 3).await;
    assert_snapshot!(lines(&ada, &build).await, @"met 1 open 2; leaf-b null->3 gap 2 goals 1; leaf-a 2->3 gap 1 goals 1; root 3->1 gap 0 goals 1");
    goal(&ben, "His", &[(&b, 3)]).await;
    assert_snapshot!(lines(&ada, &build).await, @"met 1 open 2; leaf-b null->3 gap 2 goals 1; leaf-a 2->3 gap 1 goals 1; root 3->1 gap 0 goals 1");
}

async fn what_is_planned_and_what_is_stale(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    acme.decide(&root, json!({ "selfApproval": true })).await;
    let (_, [_, a, b]) = root.framework("own").await;
    let build = goal(&ada, "Build", &[(&a, 3), (&b, 2)]).await;
    let each = async |name: &str| -> String {
        let told = ada.ask("skillGap", json!({ "goalId": build })).await.done();
        let all = told["requirements"].as_array().unwrap().iter();
        all.map(|one| one[name].to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_snapshot!(each("planned").await, @"false false");
    let plan = ada.plan("Learn").await;
    let item = ada.create("PlanItem", json!({ "planId": plan, "competencyId": a })).await.id();
    let curious = json!({ "planId": plan, "competencyId": b, "motivation": "CURIOSITY" });
    ada.create("PlanItem", curious).await.done();
    assert_snapshot!(each("planned").await, @"true false");
    ada.update("PlanItem", &item, json!({ "status": "DROPPED" })).await.done();
    assert_snapshot!(each("planned").await, @"false false");
    ada.update("PlanItem", &item, json!({ "status": "TODO" })).await.done();
    ada.tell("LearningPlan", "approve", &plan).await.done();
    ada.tell("LearningPlan", "complete", &plan).await.done();
    assert_snapshot!(each("planned").await, @"false false");

    let needed = ada.list("GoalRequirement", &[("goalId", &build), ("competencyId", &a)]).await.ids().remove(0);
    let said = json!({ "reviewBy": "2026-01-01", "rationale": "The tools were young" });
    ada.update("GoalRequirement", &needed, said).await.done();
    assert_snapshot!(each("stale").await, @"true false");
    assert_snapshot!(each("reviewBy").await, @r#""2026-01-01" null"#);
    assert_snapshot!(each("rationale").await, @r#""The tools were young" null"#);
    assert_snapshot!(each("origin").await, @r#""USER" "USER""#);
}

async fn who_sees_a_gap(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let (root, moodle) = (acme.admin("root").await, acme.moodle().await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    let build = goal(&ada, "Build", &[(&leaf, 2)]).await;
    let asked = json!({ "goalId": build });
    for who in [&ben, &kim, &root] {
        assert_eq!(who.ask("skillGap", asked.clone()).await.said(), "NOT_FOUND");
    }
    assert_snapshot!(ada.ask("skillGap", json!({ "goalId": nothing("gol") })).await.said(), @"NOT_FOUND");
    ada.opens(&kim, &["learning:review"]).await;
    for who in [&ada, &kim, &moodle] {
        assert_eq!(who.ask("skillGap", asked.clone()).await.done()["userId"], ada.id);
    }
    let query = "query($goal: ID!) { skillGap(goalId: $goal) { open goal { title } requirements { gap competency { code } } } }";
    let told = ada.graphql(query, json!({ "goal": build })).await.fine();
    let expected = json!({ "open": 1, "goal": { "title": "Build" }, "requirements": [{ "gap": 1, "competency": { "code": "leaf-a" } }] });
    assert_eq!(told["data"]["skillGap"], expected);
    // A fragment that is spread twice shows at each place what is selected there.
    let query = "query($goal: ID!) { skillGap(goalId: $goal) { one: requirements { ...F } two: requirements { ...F competency { code } } } } \
                 fragment F on SkillGapEntry { competency { name } }";
    let told = ada.graphql(query, json!({ "goal": build })).await.fine();
    let expected = json!({
        "one": [{ "competency": { "name": "leaf-a" } }],
        "two": [{ "competency": { "name": "leaf-a", "code": "leaf-a" } }],
    });
    assert_eq!(told["data"]["skillGap"], expected);
    let empty = goal(&ada, "Empty", &[]).await;
    assert_eq!(ada.ask("skillGap", json!({ "goalId": empty })).await.done()["requirements"], Value::Array(Vec::new()));
}

async fn what_is_not_visible_is_not_told(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (framework, [_, leaf, other]) = root.framework("own").await;
    let role = kim.create("RoleProfile", json!({ "title": "Engineer" })).await.id();
    let needs = |competency: &str| json!({ "roleProfileId": role, "competencyId": competency, "requiredLevel": 3 });
    kim.create("RoleRequirement", needs(&leaf)).await.done();
    root.update("CompetencyFramework", &framework, json!({ "visible": false })).await.done();
    // Nobody asks others for what these cannot see, not even who sees it.
    assert_snapshot!(root.create("RoleRequirement", needs(&other)).await.said(), @"FRAMEWORK_HIDDEN /competencyId");
    assert_snapshot!(kim.create("RoleRequirement", needs(&other)).await.said(), @"REFERENCE_UNKNOWN /competencyId");
    let own = root.create("CareerGoal", json!({ "title": "x", "kind": "OTHER" })).await.id();
    let mine = json!({ "goalId": own, "competencyId": leaf, "requiredLevel": 1 });
    assert_snapshot!(root.create("GoalRequirement", mine).await.said(), @"FRAMEWORK_HIDDEN /competencyId");
    // What was asked for before it was hidden is not told while it is.
    let new = json!({ "title": "Engineer", "kind": "ROLE", "targetRoleProfileId": role });
    let goal = ada.create("CareerGoal", new).await.id();
    assert_snapshot!(lines(&ada, &goal).await, @"met 0 open 0");
    let raised = json!({ "goalId": goal });
    let none = ada.act("LearningNeed", "raiseFromGoal", None, raised.clone()).await.done();
    assert_eq!(none["items"], json!([]));
    let machine = acme.moodle().await;
    assert_snapshot!(lines(&machine, &goal).await, @"met 0 open 1; leaf-a null->3 gap 2 goals 1");
    // Nor is it by advice about it.
    machine.act("LearningNeed", "raiseFromGoal", None, raised).await.done();
    let past = json!({ "reviewBy": "2026-01-01" });
    let needed = machine.list("GoalRequirement", &[("goalId", &goal)]).await.ids().remove(0);
    machine.update("GoalRequirement", &needed, past).await.done();
    let ago = clock::now() - chrono::TimeDelta::days(15);
    api.execute("UPDATE \"learning_need\" SET opened_at = $1", vec![ago.into()]).await;
    // That talks would help is told of every goal, whatever it asks for.
    let told = async |who: &Actor| {
        let told = who.ask("personInsights", json!({ "userId": ada.id })).await.done();
        let all = told["items"].as_array().unwrap().iter();
        all.filter(|one| one["code"] != "TALK_TO_INSIDERS").cloned().collect::<Vec<_>>()
    };
    assert_eq!(told(&ada).await, Vec::<Value>::new());
    assert_eq!(told(&machine).await.len(), 2);
    root.update("CompetencyFramework", &framework, json!({ "visible": true })).await.done();
    assert_snapshot!(lines(&ada, &goal).await, @"met 0 open 1; leaf-a null->3 gap 2 goals 1");
    assert_eq!(told(&ada).await.len(), 2);
}
