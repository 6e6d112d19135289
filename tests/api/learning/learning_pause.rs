//! Pauses: declared by whoever pauses, ahead or afterwards, never two at once (§4).

use serde_json::{Value, json};

use crate::harness::{Actor, Api, assert_snapshot, stories, stories_in_both_faces, world::nothing};

stories_in_both_faces!(declaring_a_pause, no_two_at_once, who_may_declare_it);
stories!(declared_twice_at_once);

const KIND: &str = "LearningPause";

fn pause(from: &str, to: &str) -> Value {
    json!({ "startsOn": from, "endsOn": to })
}

async fn declaring_a_pause(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let made = ada.create(KIND, json!({ "startsOn": "2026-07-01", "endsOn": "2026-07-14", "reason": "Summer" })).await;
    let made = made.done();
    assert_eq!((&made["userId"], &made["reason"]), (&json!(ada.id), &json!("Summer")));
    let id = made["id"].as_str().unwrap();
    let longer = ada.update(KIND, id, json!({ "endsOn": "2026-07-20", "reason": null })).await.done();
    assert_eq!((&longer["endsOn"], &longer["reason"]), (&json!("2026-07-20"), &Value::Null));
    assert_eq!(ada.update(KIND, id, json!({ "endsOn": "2026-07-20" })).await.done()["version"], 2);
    assert_snapshot!(ada.update(KIND, id, json!({ "endsOn": "2026-06-30" })).await.said(), @"PAUSE_ENDS_BEFORE_START /endsOn");
    assert_snapshot!(ada.create(KIND, pause("2026-08-02", "2026-08-01")).await.said(), @"PAUSE_ENDS_BEFORE_START /endsOn");
    assert_snapshot!(ada.create(KIND, pause("2027-01-01", "2028-01-02")).await.said(), @"PAUSE_TOO_LONG /endsOn");
    assert_snapshot!(acme.moodle().await.create(KIND, pause("2027-01-01", "2027-01-02")).await.said(), @"OWNER_REQUIRED /userId");
    let found = ada.list(KIND, &[("startsOn.gte", "2026-01-01"), ("sort", "-startsOn")]).await;
    assert_eq!(found.ids(), [id]);
}

async fn no_two_at_once(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let first = ada.create(KIND, pause("2026-07-01", "2026-07-14")).await.id();
    let refused = ada.create(KIND, pause("2026-07-14", "2026-07-20")).await;
    assert_snapshot!(refused.said(), @"PAUSE_OVERLAPS");
    assert_eq!(refused.details["pauseId"], json!(first));
    let next = ada.create(KIND, pause("2026-07-15", "2026-07-20")).await.id();
    assert_snapshot!(ada.update(KIND, &next, json!({ "startsOn": "2026-07-10" })).await.said(), @"PAUSE_OVERLAPS");
    ada.update(KIND, &next, json!({ "startsOn": "2026-07-16" })).await.done();
    ben.create(KIND, pause("2026-07-01", "2026-07-14")).await.done();
    ada.tell(KIND, "delete", &first).await.done();
    let heir = ada.create(KIND, pause("2026-07-02", "2026-07-03")).await.id();
    assert_snapshot!(ada.tell(KIND, "restore", &first).await.said(), @"PAUSE_OVERLAPS");
    ada.tell(KIND, "delete", &heir).await.done();
    ada.tell(KIND, "restore", &first).await.done();
}

async fn who_may_declare_it(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let id = ada.create(KIND, pause("2026-07-01", "2026-07-14")).await.id();
    let adas = json!({ "userId": ada.id, "startsOn": "2026-09-01", "endsOn": "2026-09-02" });
    for who in [&ben, &kim, &acme.admin("root").await] {
        assert_eq!(who.see(KIND, &id).await.said(), "NOT_FOUND");
        assert_eq!(who.tell(KIND, "delete", &id).await.said(), "NOT_FOUND");
    }
    assert_snapshot!(ben.create(KIND, adas.clone()).await.said(), @"REFERENCE_UNKNOWN /userId");
    let nobody = json!({ "userId": nothing("usr"), "startsOn": "2026-09-01", "endsOn": "2026-09-02" });
    assert_snapshot!(acme.moodle().await.create(KIND, nobody).await.said(), @"REFERENCE_UNKNOWN /userId");
    ada.opens(&kim, &["learning:review"]).await;
    kim.see(KIND, &id).await.done();
    assert_snapshot!(kim.create(KIND, adas.clone()).await.said(), @"FORBIDDEN");
    assert_snapshot!(kim.tell(KIND, "delete", &id).await.said(), @"FORBIDDEN");
    ada.opens(&kim, &["learning:write"]).await;
    kim.create(KIND, adas).await.done();
    kim.update(KIND, &id, json!({ "reason": "Ill" })).await.done();
}

async fn declared_twice_at_once(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let other = api.another(&[]).await;
    let declare =
        |who: Actor| tokio::spawn(async move { who.create(KIND, pause("2026-07-01", "2026-07-14")).await.said() });
    let (one, two) = (declare(ada.clone()), declare(ada.calling(&other)));
    let mut said = [one.await.unwrap(), two.await.unwrap()];
    said.sort();
    assert_eq!(said, ["PAUSE_OVERLAPS", "fine"]);
}
