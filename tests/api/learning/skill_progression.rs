//! Progression: the levels that somebody had, one after another, with the evidence that moved them (§8).

use serde_json::{Value, json};

use super::evidence::record;
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    a_series_tells_what_moved,
    a_series_begins_where_one_stood,
    a_series_is_of_today_s_calculation,
    what_follows_is_told_with_what_moved_it,
    who_asks_about_whom,
);

/// Somebody, a coach whom they asked, and a framework.
struct Scene {
    ada: Actor,
    kim: Actor,
    root: Actor,
    top: String,
    a: String,
    b: String,
}

async fn scene(api: &Api) -> Scene {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    ada.opens(&kim, &["learning:review"]).await;
    let (_, [top, a, b]) = root.framework("own").await;
    Scene { ada, kim, root, top, a, b }
}

impl Scene {
    /// The coach rates on a day of March.
    async fn says(&self, action: &str, competency: &str, level: i64, day: &str) -> Value {
        let at = format!("2026-03-{day}T10:00:00Z");
        let more = json!({ "action": action, "level": level, "occurredAt": at });
        record(&self.kim, &self.ada, competency, more).await.done()
    }

    /// The series in a line each: the days, with the level before and after.
    async fn told(&self, competencies: &[&String], between: Value) -> String {
        let mut asked = json!({ "competencyIds": competencies });
        asked.as_object_mut().unwrap().extend(between.as_object().unwrap().clone());
        let told = self.ada.ask("skillProgression", asked).await.done();
        let series = told["series"].as_array().unwrap().iter().map(|series| {
            let points = series["points"].as_array().unwrap().iter().map(|point| {
                let day = &point["at"].as_str().unwrap()[5..10];
                let by = point["action"].as_str().unwrap_or("-");
                format!("{day} {by} {}->{}", point["levelBefore"], point["level"])
            });
            format!("{} {}", series["code"].as_str().unwrap(), points.collect::<Vec<_>>().join(", "))
        });
        series.collect::<Vec<_>>().join("; ")
    }
}

async fn a_series_tells_what_moved(api: Api) {
    let s = scene(&api).await;
    s.says("RATE", &s.a, 2, "03").await;
    s.says("RATE", &s.a, 2, "04").await;
    let late = s.says("RATE", &s.a, 1, "01").await;
    s.says("SUGGEST", &s.a, 1, "05").await;
    s.says("OVERRIDE", &s.a, 3, "06").await;
    s.says("RATE", &s.b, 1, "02").await;
    // In the order in which it occurred; what moved nothing is not told.
    assert_snapshot!(s.told(&[&s.b, &s.a, &s.b], json!({})).await, @"leaf-b 03-02 RATE null->1; leaf-a 03-01 RATE null->1, 03-03 RATE 1->2, 03-06 OVERRIDE 2->3");
    assert_snapshot!(s.told(&[&s.top], json!({})).await, @"root ");
    let told = s.ada.ask("skillProgression", json!({ "competencyIds": [s.a] })).await.done();
    let series = &told["series"][0];
    let expected = json!({
        "at": "2026-03-01T10:00:00.000000Z", "level": 1, "proficient": false, "levelBefore": null, "evidenceId": late["id"],
        "competencyId": s.a, "action": "RATE", "source": "PROJECT",
    });
    assert_eq!((&series["points"][0], &series["truncated"]), (&expected, &json!(false)));
    assert_eq!((&told["userId"], &told["from"]), (&json!(s.ada.id), &Value::Null));
    assert!(told["to"].is_string());
    let query = "query($ids: [ID!]!) { skillProgression(competencyIds: $ids) { user { name } series { competency { code } \
        points { level evidence { level user { name } } } } } }";
    let shown = s.kim.through(crate::harness::Face::Rest).graphql(query, json!({ "ids": [s.a] })).await;
    assert_eq!(shown["data"]["skillProgression"]["user"]["name"], "kim", "without a name, it is about who asks");
    let shown = s.ada.graphql(query, json!({ "ids": [s.a] })).await.fine();
    let first = &shown["data"]["skillProgression"]["series"][0];
    assert_eq!(first["competency"]["code"], "leaf-a");
    assert_eq!(first["points"][0], json!({ "level": 1, "evidence": { "level": 1, "user": { "name": "ada" } } }));
}

async fn a_series_begins_where_one_stood(api: Api) {
    let s = scene(&api).await;
    for (level, day) in [(1, "01"), (2, "03"), (3, "05"), (1, "07")] {
        s.says("RATE", &s.a, level, day).await;
    }
    let between = |from: &str, to: &str| json!({ "from": format!("2026-03-{from}T10:00:00Z"), "to": format!("2026-03-{to}T10:00:00Z") });
    // Where they stood before the first moment, and what moved from then on; both moments are included.
    assert_snapshot!(s.told(&[&s.a], between("03", "05")).await, @"leaf-a 03-03 - null->1, 03-03 RATE 1->2, 03-05 RATE 2->3");
    assert_snapshot!(s.told(&[&s.a], between("04", "04")).await, @"leaf-a 03-04 - null->2");
    assert_snapshot!(s.told(&[&s.a, &s.b], between("08", "09")).await, @"leaf-a 03-08 - null->1; leaf-b 03-08 - null->null");
    assert_snapshot!(s.told(&[&s.a], json!({ "to": "2026-03-03T10:00:00Z" })).await, @"leaf-a 03-01 RATE null->1, 03-03 RATE 1->2");
    let mut asked = between("05", "03");
    asked["competencyIds"] = json!([s.a]);
    assert_snapshot!(s.ada.ask("skillProgression", asked).await.code(), @"RANGE_INVERTED");
}

async fn a_series_is_of_today_s_calculation(api: Api) {
    let s = scene(&api).await;
    for (level, day) in [(2, "01"), (3, "02"), (1, "03"), (2, "04")] {
        s.says("RATE", &s.a, level, day).await;
    }
    let id = s.ada.list("UserCompetency", &[]).await.ids().remove(0);
    let mut table = String::new();
    for calculation in ["LATEST", "HIGHEST", "DECAYING_AVERAGE", "N_MASTERY"] {
        let standing = s.kim.update("UserCompetency", &id, json!({ "calculation": calculation })).await.done();
        let told = s.told(&[&s.a], json!({})).await;
        assert!(told.ends_with(&format!("->{}", standing["level"])), "the last level is the standing's: {told}");
        table += &format!("{calculation} {told}\n");
    }
    assert_snapshot!(table, @r"
    LATEST leaf-a 03-01 RATE null->2, 03-02 RATE 2->3, 03-03 RATE 3->1, 03-04 RATE 1->2
    HIGHEST leaf-a 03-01 RATE null->2, 03-02 RATE 2->3
    DECAYING_AVERAGE leaf-a 03-01 RATE null->2, 03-03 RATE 2->1, 03-04 RATE 1->2
    N_MASTERY leaf-a 03-03 RATE null->1, 03-04 RATE 1->2
    ");
}

async fn what_follows_is_told_with_what_moved_it(api: Api) {
    let s = scene(&api).await;
    s.root.update("Competency", &s.top, json!({ "rule": "ALL" })).await.done();
    s.says("RATE", &s.a, 2, "01").await;
    let moved = s.says("RATE", &s.b, 3, "02").await;
    s.says("RATE", &s.top, 3, "03").await;
    s.says("RATE", &s.top, 1, "04").await;
    s.says("RATE", &s.a, 1, "05").await;
    assert_snapshot!(s.told(&[&s.top], json!({})).await, @"root 03-02 RATE null->2, 03-03 RATE 2->3, 03-04 RATE 3->2, 03-05 RATE 2->1");
    assert_snapshot!(s.told(&[&s.b, &s.top], json!({})).await, @"leaf-b 03-02 RATE null->3; root 03-02 RATE null->2, 03-03 RATE 2->3, 03-04 RATE 3->2, 03-05 RATE 2->1");
    let told = s.ada.ask("skillProgression", json!({ "competencyIds": [s.top] })).await.done();
    let first = &told["series"][0]["points"][0];
    assert_eq!((&first["evidenceId"], &first["competencyId"]), (&moved["id"], &json!(s.b)));
    let standing = s.ada.list("UserCompetency", &[("competencyId", &s.top)]).await.items.remove(0);
    assert_eq!((&standing["level"], &standing["proficient"]), (&json!(1), &json!(false)));
}

async fn who_asks_about_whom(api: Api) {
    let s = scene(&api).await;
    let acme_ben = api.organization("Beta").await.learner("ben").await;
    s.says("RATE", &s.a, 2, "01").await;
    let asked = json!({ "userId": s.ada.id, "competencyIds": [s.a] });
    for who in [&s.ada, &s.kim] {
        let told = who.ask("skillProgression", asked.clone()).await.done();
        assert_eq!(told["series"][0]["points"].as_array().unwrap().len(), 1);
    }
    for who in [&s.root, &acme_ben] {
        assert_eq!(who.ask("skillProgression", asked.clone()).await.said(), "GRANT_REQUIRED");
    }
    let unknown = json!({ "competencyIds": [s.a, nothing("cmp")] });
    assert_snapshot!(s.ada.ask("skillProgression", unknown).await.code(), @"REFERENCE_UNKNOWN");
    let many = vec![s.a.clone(); 51];
    assert_snapshot!(s.ada.ask("skillProgression", json!({ "competencyIds": many })).await.code(), @"VALIDATION_FAILED");
    // A framework that is not shown yet is none to a learner.
    let framework = s.root.list("CompetencyFramework", &[("q", "own")]).await.ids().remove(0);
    s.root.update("CompetencyFramework", &framework, json!({ "visible": false })).await.done();
    assert_snapshot!(s.ada.ask("skillProgression", json!({ "competencyIds": [s.a] })).await.code(), @"REFERENCE_UNKNOWN");
}
