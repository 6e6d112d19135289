//! Memberships: roles, and that there is always an administrator.

use serde_json::json;

use crate::harness::{Actor, Api, assert_snapshot, stories, stories_in_both_faces};

stories_in_both_faces!(roles_are_an_administrators, somebody_administers);
stories!(two_administrators_remove_each_other);

const KIND: &str = "Membership";

async fn place(root: &Actor, who: &Actor) -> String {
    root.list(KIND, &[("userId", &who.id)]).await.ids().remove(0)
}

async fn roles_are_an_administrators(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root, machine) = (acme.learner("ada").await, acme.admin("root").await, acme.omnipotent().await);
    let adas = place(&root, &ada).await;
    let coach = json!({ "roles": ["COACH", "LEARNER"] });
    assert_snapshot!(ada.update(KIND, &adas, coach.clone()).await.said(), @"FORBIDDEN");
    // A machine that keeps people in step does as well, but makes no administrators.
    assert_snapshot!(machine.update(KIND, &adas, json!({ "roles": ["ADMIN"] })).await.said(), @"FORBIDDEN");
    machine.update(KIND, &adas, json!({ "roles": ["LEARNER", "ORG_ANALYST"] })).await.done();
    assert_eq!(ada.list(KIND, &[]).await.ids(), vec![adas.clone()], "people see their own place");
    assert_snapshot!(acme.coach("kim").await.see(KIND, &adas).await.said(), @"NOT_FOUND");
    let after = root.update(KIND, &adas, coach).await.done();
    assert_eq!(after["roles"], json!(["LEARNER", "COACH"]));
    assert_snapshot!(root.update(KIND, &adas, json!({ "roles": [] })).await.said(), @"VALIDATION_FAILED /roles");
    assert_snapshot!(root.update(KIND, &adas, json!({ "roles": ["KING"] })).await.code(), @"BAD_INPUT");
    let eve = api.organization("Beta").await.admin("eve").await;
    assert_snapshot!(eve.update(KIND, &adas, json!({ "roles": ["LEARNER"] })).await.said(), @"NOT_FOUND");
}

async fn somebody_administers(api: Api) {
    let acme = api.organization("Acme").await;
    let (root, machine) = (acme.admin("root").await, acme.omnipotent().await);
    let own = place(&root, &root).await;
    assert_snapshot!(root.update(KIND, &own, json!({ "roles": ["LEARNER"] })).await.said(), @"LAST_ADMINISTRATOR");
    assert_snapshot!(root.tell("User", "delete", &root.id).await.said(), @"LAST_ADMINISTRATOR");
    assert_snapshot!(machine.tell("User", "delete", &root.id).await.said(), @"FORBIDDEN");
    acme.admin("boss").await;
    root.update(KIND, &own, json!({ "roles": ["LEARNER"] })).await.done();
    assert_snapshot!(root.update(KIND, &own, json!({ "roles": ["ADMIN"] })).await.said(), @"FORBIDDEN");
}

async fn two_administrators_remove_each_other(api: Api) {
    let acme = api.organization("Acme").await;
    let (one, two) = (acme.admin("one").await, acme.admin("two").await);
    let (of_one, of_two) = (place(&one, &one).await, place(&one, &two).await);
    let leave = async |who: &Actor, place: &str| who.update(KIND, place, json!({ "roles": ["LEARNER"] })).await.said();
    let (a, b) = tokio::join!(leave(&one, &of_two), leave(&two, &of_one));
    let fine = [&a, &b].into_iter().filter(|said| *said == "fine").count();
    assert_eq!(fine, 1, "{a} and {b}");
}
