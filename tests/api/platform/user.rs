//! People: taken in once per installation, by whoever manages them, and removed without being lost.

use serde_json::{Value, json};

use crate::harness::{Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    taking_people_in,
    people_change_themselves,
    removed_and_restored,
    who_sees_whom,
    only_administrators_make_administrators,
    nobody_comes_in_as_somebody_else,
    who_is_hired_again_comes_back
);

const KIND: &str = "User";

async fn taking_people_in(api: Api) {
    let (acme, beta) = (api.organization("Acme").await, api.organization("Beta").await);
    let (ada, root, machine) = (acme.learner("ada").await, acme.admin("root").await, acme.omnipotent().await);
    let new = json!({ "name": "Ben", "email": "Ben@Example.org" });
    assert_snapshot!(ada.create(KIND, new.clone()).await.said(), @"FORBIDDEN");
    let made = root.create(KIND, new.clone()).await.done();
    assert_eq!((&made["email"], &made["timeZone"]), (&json!("Ben@Example.org"), &json!("UTC")));
    assert_snapshot!(machine.create(KIND, json!({ "name": "B", "email": "ben@example.ORG" })).await.said(), @"EMAIL_TAKEN /email");
    assert_snapshot!(beta.admin("eve").await.create(KIND, new).await.said(), @"EMAIL_TAKEN /email");
    let wrong = json!({ "name": "", "email": "no address", "timeZone": "Mars/Base", "roles": [], "password": "short" });
    assert_snapshot!(root.create(KIND, wrong).await.said(), @"VALIDATION_FAILED /name /email /timeZone /roles /password");
    let own = json!({ "name": "C", "email": "cyd.long@example.org", "password": "Cyd.Long@example.org" });
    assert_snapshot!(root.create(KIND, own).await.said(), @"VALIDATION_FAILED /password");
    let by_ref = root.upsert(KIND, "hr", "42", json!({ "name": "Dee", "email": "dee@example.org" })).await.done();
    let again = root
        .upsert(KIND, "hr", "42", json!({ "name": "Dee D.", "email": "dee@example.org", "roles": ["COACH"] }))
        .await
        .done();
    assert_eq!((&by_ref["id"], &again["name"]), (&again["id"], &json!("Dee D.")));
    assert_eq!(
        root.list("Membership", &[("userId", again["id"].as_str().unwrap())]).await.each("roles"),
        [json!(["COACH"])]
    );
}

async fn people_change_themselves(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    let after = ada.update(KIND, &ada.id, json!({ "name": "Ada L.", "timeZone": "Europe/London" })).await.done();
    assert_eq!((&after["name"], &after["timeZone"]), (&json!("Ada L."), &json!("Europe/London")));
    assert_snapshot!(ada.update(KIND, &ada.id, json!({ "email": "new@example.org" })).await.said(), @"FORBIDDEN");
    assert_snapshot!(ben.update(KIND, &ada.id, json!({ "name": "x" })).await.said(), @"NOT_FOUND");
    root.update(KIND, &ada.id, json!({ "email": "new@example.org" })).await.done();
    assert_snapshot!(root.update(KIND, &ben.id, json!({ "email": "NEW@example.org" })).await.said(), @"EMAIL_TAKEN /email");
    // Of who belongs elsewhere too, nobody here changes how they get in.
    api.organization("Beta").await.join("ben", ben.user(), &[]).await;
    assert_snapshot!(root.update(KIND, &ben.id, json!({ "email": "b@example.org" })).await.said(), @"FORBIDDEN");
    assert_snapshot!(root.tell(KIND, "createPasswordReset", &ben.id).await.said(), @"FORBIDDEN");
}

async fn removed_and_restored(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let email = ada.email(&acme);
    let plan = ada.plan("Learn").await;
    assert_snapshot!(ada.tell(KIND, "delete", &ada.id).await.said(), @"FORBIDDEN");
    root.tell(KIND, "delete", &ada.id).await.done();
    assert_snapshot!(root.see(KIND, &ada.id).await.said(), @"NOT_FOUND");
    assert_snapshot!(root.tell(KIND, "delete", &ada.id).await.said(), @"NOT_FOUND");
    // The address is free; who comes back then needs another.
    let heir = root.create(KIND, json!({ "name": "Heir", "email": email })).await.id();
    assert_snapshot!(root.tell(KIND, "restore", &ada.id).await.said(), @"EMAIL_TAKEN /email");
    root.update(KIND, &heir, json!({ "email": "heir@example.org" })).await.done();
    let back = root.tell(KIND, "restore", &ada.id).await.done();
    assert_eq!((&back["email"], &back["deletedAt"]), (&json!(email), &Value::Null));
    ada.see("LearningPlan", &plan).await.done();
    assert_snapshot!(root.tell(KIND, "restore", &ada.id).await.said(), @"NOT_FOUND");
}

async fn who_sees_whom(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let (root, moodle) = (acme.admin("root").await, acme.moodle().await);
    let names = async |who: &crate::harness::Actor| {
        let all = who.list(KIND, &[("sort", "name")]).await;
        all.each("name").iter().map(|name| name.as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };
    // People see themselves and the coaches whom they may turn to.
    assert_snapshot!(names(&ada).await, @"ada kim");
    assert_snapshot!(names(&kim).await, @"kim");
    assert_snapshot!(names(&root).await, @"ada ben kim root");
    assert_snapshot!(names(&moodle).await, @"ada ben kim root");
    assert_snapshot!(ada.see(KIND, &ben.id).await.said(), @"NOT_FOUND");
    assert_snapshot!(names(&api.organization("Beta").await.admin("eve").await).await, @"eve");
}

async fn only_administrators_make_administrators(api: Api) {
    let acme = api.organization("Acme").await;
    let (root, machine) = (acme.admin("root").await, acme.omnipotent().await);
    let new = json!({ "name": "Boss", "email": "boss@example.org", "roles": ["ADMIN"] });
    assert_snapshot!(machine.create(KIND, new.clone()).await.said(), @"FORBIDDEN");
    let boss = root.create(KIND, new).await.id();
    assert_snapshot!(machine.tell(KIND, "delete", &boss).await.said(), @"FORBIDDEN");
    assert_snapshot!(machine.tell(KIND, "createPasswordReset", &boss).await.said(), @"FORBIDDEN");
    assert_snapshot!(machine.update(KIND, &boss, json!({ "email": "mine@example.org" })).await.said(), @"FORBIDDEN");
    root.tell(KIND, "delete", &boss).await.done();
}

async fn nobody_comes_in_as_somebody_else(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, machine) = (acme.learner("ada").await, acme.omnipotent().await);
    // Whoever claimed a name that HR has for somebody else would be changed in their place.
    let claim = json!({ "externalRefs": [{ "source": "workday", "externalId": "E42" }] });
    assert_snapshot!(ada.update(KIND, &ada.id, claim.clone()).await.said(), @"FORBIDDEN");
    machine.update(KIND, &ada.id, claim).await.done();
    // A machine that made log-in links, or moved the address, could come in as anybody.
    assert_snapshot!(machine.tell(KIND, "createPasswordReset", &ada.id).await.said(), @"FORBIDDEN");
    assert_snapshot!(machine.update(KIND, &ada.id, json!({ "email": "m@example.org" })).await.said(), @"FORBIDDEN");
}

async fn who_is_hired_again_comes_back(api: Api) {
    let hr = api.organization("Acme").await.omnipotent().await;
    let new = json!({ "name": "Ben", "email": "ben@example.org" });
    let made = hr.upsert(KIND, "hr", "7", new.clone()).await.done();
    hr.tell(KIND, "delete", made["id"].as_str().unwrap()).await.done();
    let back = hr.upsert(KIND, "hr", "7", new).await.done();
    assert_eq!((&back["id"], &back["deletedAt"]), (&made["id"], &Value::Null));
    assert_eq!(hr.list("Membership", &[("userId", made["id"].as_str().unwrap())]).await.items.len(), 1);
}
