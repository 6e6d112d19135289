//! Findings: what informational interviews brought (§20).

use serde_json::{Value, json};

use super::informational_interview::{contact, held};
use crate::harness::{Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(what_was_found_is_kept_and_corrected);

const KIND: &str = "Finding";

async fn what_was_found_is_kept_and_corrected(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [_, sql, _]) = root.framework("own").await;
    let noor = contact(&ada, "Noor").await;
    let talk = held(&ada, &noor).await;
    let new = json!({ "interviewId": talk, "kind": "TIME_SHARE", "text": "80 % of the time is cleaning data." });
    let made = ada.create(KIND, new).await.done();
    assert_eq!((&made["weight"], &made["competencyId"], &made["warnings"]), (&json!(3), &Value::Null, &json!([])));
    let id = made["id"].as_str().unwrap();
    let changed = json!({ "kind": "SKILL", "text": "SQL", "competencyId": sql, "weight": 5 });
    let changed = ada.update(KIND, id, changed).await.done();
    assert_eq!((&changed["kind"], &changed["competencyId"]), (&json!("SKILL"), &json!(sql)));
    assert_eq!(ada.list("LearningNeed", &[]).await.items.len(), 0, "no need before it is said that one learns first");
    for (input, said) in [
        (json!({ "weight": 6 }), "VALIDATION_FAILED /weight"),
        (json!({ "text": " " }), "VALIDATION_FAILED /text"),
        (json!({ "competencyId": nothing("cmp") }), "REFERENCE_UNKNOWN /competencyId"),
    ] {
        assert_eq!(ada.update(KIND, id, input).await.said(), said);
    }
    let nowhere = json!({ "interviewId": nothing("inf"), "kind": "DUTY", "text": "x" });
    assert_snapshot!(ada.create(KIND, nowhere).await.said(), @"REFERENCE_UNKNOWN /interviewId");
    ada.tell(KIND, "delete", id).await.done();
    assert_snapshot!(ada.see(KIND, id).await.said(), @"NOT_FOUND");
    ada.tell(KIND, "restore", id).await.done();
    let seen = ada.get(&format!("/informational-interviews/{talk}?expand=findings")).await.fine();
    assert_eq!(seen["findings"]["items"][0]["id"], json!(id));
    // Of a talk after which one learns first, what comes back is to be learnt, as what is noted is.
    ada.tell(KIND, "delete", id).await.done();
    ada.act("InformationalInterview", "conclude", Some(&talk), json!({ "outcome": "LEARN_FIRST" })).await.done();
    assert_eq!(ada.list("LearningNeed", &[]).await.items.len(), 0);
    assert_eq!(ada.tell(KIND, "restore", id).await.done()["warnings"][0]["code"], "NEEDS_RAISED");
    assert_eq!(ada.list("LearningNeed", &[]).await.items[0]["competencyId"], json!(sql));
}
