//! Contacts in projects: experts, members, and those who say what something is worth (§9, §30, §31).

use serde_json::{Value, json};

use super::{begun, candidate};
use crate::harness::{Actor, Api, Face, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(an_expert_is_a_contact_or_a_name, a_member_is_no_user, who_says_what_it_is_worth);

async fn contact(who: &Actor, name: &str) -> String {
    who.create("Contact", json!({ "name": name })).await.id()
}

/// Ids that are no contact of somebody's, each for another reason.
async fn foreign(api: &Api, ben: &Actor) -> [String; 3] {
    let eve = api.organization("Beta").await.learner("eve").await;
    [contact(ben, "Olu").await, contact(&eve, "Kai").await, nothing("ctc")]
}

async fn an_expert_is_a_contact_or_a_name(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let (project, _) = begun(&ada, "Wind").await;
    let asks = |more: Value| {
        let mut new = json!({ "projectId": project, "painPoints": [{ "rank": 1, "wish": "To know" }] });
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        new
    };
    let kind = "ExpertConsultation";
    for id in foreign(&api, &ben).await {
        let refused = ada.create(kind, asks(json!({ "contactId": id }))).await;
        assert_snapshot!(refused.said(), @"REFERENCE_UNKNOWN /contactId");
        assert_eq!(refused.details, Value::Null);
    }
    let (noor, zoe) = (contact(&ada, "Noor").await, contact(&ada, "Zoe").await);
    let talk = ada.create(kind, asks(json!({ "contactId": noor }))).await.done();
    assert_eq!([&talk["contactId"], &talk["expert"]], [&json!(noor), &json!("Noor")]);
    let id = talk["id"].as_str().unwrap();
    let said = ada.create(kind, asks(json!({ "contactId": noor, "expert": "A grid operator" }))).await.done();
    assert_eq!(said["expert"], "A grid operator");
    assert_eq!(ada.list(kind, &[("contactId", &noor)]).await.items.len(), 2);
    let by_name = ada.create(kind, asks(json!({ "expert": "Somebody" }))).await.done();
    assert_eq!([&by_name["contactId"], &by_name["expert"]], [&Value::Null, &json!("Somebody")]);

    // Whoever is in the project reads the name; the contact is still hers.
    ada.create("ProjectMember", json!({ "projectId": project, "userId": ben.id, "role": "CONTRIBUTOR" })).await.done();
    assert_eq!(ben.see(kind, id).await.done()["expert"], "Noor");
    let shown = async |who: &Actor| who.get(&format!("/expert-consultations/{id}?expand=contact")).await.fine();
    assert_eq!(shown(&ben).await["contact"], Value::Null);
    assert_eq!(shown(&ada).await["contact"]["name"], "Noor");
    // Ben changes what he found without naming her anew, and names none of hers.
    ben.update(kind, id, json!({ "note": "Call again", "contactId": noor })).await.done();
    assert_snapshot!(ben.update(kind, id, json!({ "contactId": zoe })).await.said(), @"REFERENCE_UNKNOWN /contactId");
    let bens = contact(&ben, "Ida").await;
    let other = ben.update(kind, id, json!({ "contactId": bens })).await.done();
    assert_eq!([&other["contactId"], &other["expert"]], [&json!(bens), &json!("Ida")]);
    let back = ada.update(kind, id, json!({ "contactId": noor, "expert": null })).await.done();
    assert_eq!(back["expert"], "Noor");

    // A contact that is gone leaves their name.
    ada.tell("Contact", "delete", &noor).await.done();
    let after = ada.update(kind, id, json!({ "note": "She left" })).await.done();
    assert_eq!([&after["contactId"], &after["expert"]], [&json!(noor), &json!("Noor")]);
    assert_eq!(shown(&ada).await["contact"], Value::Null);
    assert_snapshot!(ada.create(kind, asks(json!({ "contactId": noor }))).await.said(), @"REFERENCE_UNKNOWN /contactId");
    let nobody = ada.update(kind, id, json!({ "contactId": null })).await.done();
    assert_eq!([&nobody["contactId"], &nobody["expert"]], [&Value::Null, &json!("Noor")]);
}

async fn a_member_is_no_user(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let (project, _) = begun(&ada, "Wind").await;
    let noor = contact(&ada, "Noor").await;
    let takes = |who: Value| {
        let mut new = json!({ "projectId": project, "role": "CONTRIBUTOR" });
        new.as_object_mut().unwrap().extend(who.as_object().unwrap().clone());
        new
    };
    let kind = "ProjectMember";
    for id in foreign(&api, &ben).await {
        let refused = ada.create(kind, takes(json!({ "contactId": id }))).await;
        assert_snapshot!(refused.said(), @"REFERENCE_UNKNOWN /contactId");
    }
    let two = ada.create(kind, takes(json!({ "contactId": noor, "userId": ben.id }))).await;
    assert_snapshot!(two.said(), @"MEMBER_AMBIGUOUS /userId");
    let member = ada.create(kind, takes(json!({ "contactId": noor }))).await.done();
    assert_eq!(
        [&member["contactId"], &member["contactName"], &member["userId"]],
        [&json!(noor), &json!("Noor"), &Value::Null]
    );
    assert_snapshot!(ada.create(kind, takes(json!({ "contactId": noor }))).await.said(), @"ALREADY_EXISTS");
    let id = member["id"].as_str().unwrap();
    // Of others' contacts none, though she sees them: whom its owner knows is in a project.
    let bens = contact(&ben, "Ida").await;
    ben.opens(&ada, &["community:read"]).await;
    assert_snapshot!(ada.create(kind, takes(json!({ "contactId": bens }))).await.said(), @"REFERENCE_UNKNOWN /contactId");
    // Whom the owner lets names those of the owner's whom they see.
    ada.opens(&ben, &["projects:write"]).await;
    let zoe = contact(&ada, "Zoe").await;
    assert_snapshot!(ben.create(kind, takes(json!({ "contactId": zoe }))).await.said(), @"REFERENCE_UNKNOWN /contactId");
    assert_snapshot!(ben.create(kind, takes(json!({ "contactId": bens }))).await.said(), @"REFERENCE_UNKNOWN /contactId");
    ada.opens(&ben, &["community:read"]).await;
    ben.create(kind, takes(json!({ "contactId": zoe }))).await.done();

    // A contact that is gone leaves their name, and their place.
    ada.tell("Contact", "delete", &noor).await.done();
    ada.update(kind, id, json!({ "role": "OBSERVER" })).await.done();
    ada.tell(kind, "delete", id).await.done();
    let back = ada.tell(kind, "restore", id).await.done();
    assert_eq!([&back["contactName"], &back["role"]], [&json!("Noor"), &json!("OBSERVER")]);
    let rest = ada.through(Face::Rest);
    let shown = rest.get(&format!("/projects/{project}?expand=members.contact")).await.fine();
    let names: Vec<_> = shown["members"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}", one["contactName"], one["contact"]["name"]))
        .collect();
    assert_eq!(names, [r#""Noor" null"#, r#""Zoe" "Zoe""#]);
}

async fn who_says_what_it_is_worth(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let (project, _) = begun(&ada, "Wind").await;
    let solution = candidate(&ada, &project, "Forecast").await;
    let noor = contact(&ada, "Noor").await;
    let says = |contact: &str| json!({ "kind": "DOMAIN_EXPERT", "contactId": contact, "finding": "It would save us." });
    let kind = "ValueAssessment";
    let [bens, others, none] = foreign(&api, &ben).await;
    let new = |all: &[&str]| {
        let all: Vec<_> = all.iter().map(|one| says(one)).collect();
        json!({ "solutionId": solution, "verdict": "HIGH", "evidence": all })
    };
    let refused = ada.create(kind, new(&[&bens, &noor, &others, &none])).await;
    assert_snapshot!(refused.said(), @"REFERENCE_UNKNOWN /evidence/0/contactId /evidence/2/contactId /evidence/3/contactId");
    let made = ada.create(kind, new(&[&noor, &noor])).await.done();
    let id = made["id"].as_str().unwrap();
    let expected =
        json!({ "kind": "DOMAIN_EXPERT", "contactId": noor, "expert": "Noor", "finding": "It would save us." });
    assert_eq!(made["evidence"], json!([expected, expected]));

    // What was said stays when the contact is gone, and nobody names them anew.
    ada.tell("Contact", "delete", &noor).await.done();
    let by_name = json!({ "kind": "OTHER", "expert": "A study", "finding": "It would not." });
    let after = ada.update(kind, id, json!({ "evidence": [by_name, says(&noor)] })).await.done();
    assert_eq!([&after["evidence"][0]["expert"], &after["evidence"][1]["expert"]], [&json!("A study"), &json!("Noor")]);
    ada.update(kind, id, json!({ "evidence": [by_name] })).await.done();
    let refused = ada.update(kind, id, json!({ "evidence": [by_name, says(&noor)] })).await;
    assert_snapshot!(refused.said(), @"REFERENCE_UNKNOWN /evidence/1/contactId");
}
