//! Evidence: who may log, suggest, rate and override, from where, and that nothing of it is ever taken back (§8).

use serde_json::{Value, json};

use crate::harness::{Actor, Api, Outcome, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    what_a_level_goes_with,
    who_may_rate,
    people_rate_themselves_where_the_organization_lets_them,
    who_may_name_which_source,
    evidence_is_only_added_to,
);

const KIND: &str = "Evidence";

/// Records evidence: of whom, for what, and more.
pub async fn record(who: &Actor, of: &Actor, competency: &str, more: Value) -> Outcome {
    let mut input = json!({ "competencyId": competency, "source": "PROJECT" });
    if who.id != of.id {
        input["userId"] = json!(of.id);
    }
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    who.act(KIND, "record", None, input).await
}

/// A coach rates somebody.
pub async fn rate(coach: &Actor, of: &Actor, competency: &str, level: i64) -> Value {
    record(coach, of, competency, json!({ "action": "RATE", "source": "REVIEW", "level": level })).await.done()
}

async fn what_a_level_goes_with(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    ada.opens(&kim, &["learning:review"]).await;
    let (_, [_, leaf, _]) = root.framework("own").await;
    let hers = async |more: Value| record(&ada, &ada, &leaf, more).await;
    let by_kim = async |more: Value| record(&kim, &ada, &leaf, more).await;
    assert_snapshot!(hers(json!({ "action": "LOG", "level": 1 })).await.said(), @"EVIDENCE_LEVEL_FORBIDDEN /level");
    assert_snapshot!(hers(json!({ "action": "SUGGEST" })).await.said(), @"EVIDENCE_LEVEL_REQUIRED /level");
    assert_snapshot!(by_kim(json!({ "action": "RATE" })).await.said(), @"EVIDENCE_LEVEL_REQUIRED /level");
    assert_snapshot!(by_kim(json!({ "action": "OVERRIDE" })).await.said(), @"EVIDENCE_LEVEL_REQUIRED /level");
    for action in ["SUGGEST", "RATE", "OVERRIDE"] {
        let refused = by_kim(json!({ "action": action, "level": 4 })).await;
        assert_eq!(
            (refused.said().as_str(), &refused.details),
            ("LEVEL_NOT_IN_SCALE /level", &json!({ "levels": [1, 2, 3] }))
        );
    }
    assert_snapshot!(hers(json!({ "action": "SUGGEST", "level": 0 })).await.said(), @"VALIDATION_FAILED /level");
    assert_snapshot!(hers(json!({ "action": "LOG", "occurredAt": "2999-01-01T00:00:00Z" })).await.said(), @"OCCURRED_AT_INVALID /occurredAt");
    assert_snapshot!(record(&ada, &ada, &nothing("cmp"), json!({ "action": "LOG" })).await.said(), @"REFERENCE_UNKNOWN /competencyId");
    assert_eq!(ada.list(KIND, &[]).await.items.len(), 0, "what is refused leaves nothing");
    assert_eq!(ada.list("UserCompetency", &[]).await.items.len(), 0);

    let more = json!({
        "action": "SUGGEST", "source": "SELF", "level": 2, "url": "https://example.org/repo", "note": "My repo",
        "occurredAt": "2026-03-01T10:00:00Z",
    });
    let kept = hers(more).await.done();
    let standing = ada.list("UserCompetency", &[]).await.items.remove(0);
    let shown = |name: &str| kept[name].clone();
    assert_eq!(
        [shown("userId"), shown("actorId"), shown("actorKind"), shown("userCompetencyId"), shown("occurredAt")],
        [json!(ada.id), json!(ada.id), json!("USER"), standing["id"].clone(), json!("2026-03-01T10:00:00.000000Z")]
    );
    // What is logged or suggested moves nothing.
    hers(json!({ "action": "LOG" })).await.done();
    let standing = ada.list("UserCompetency", &[]).await.items.remove(0);
    assert_eq!(
        (&standing["level"], &standing["proficient"], &standing["calculation"], &standing["version"]),
        (&Value::Null, &Value::Null, &json!("LATEST"), &json!(1))
    );
    let events = ada.list("Event", &[("ownerId", &ada.id), ("sort", "seq"), ("first", "100")]).await;
    let types: Vec<_> = events
        .items
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .filter(|kind| kind.starts_with("evidence.") || kind.starts_with("user_competency."))
        .collect();
    assert_snapshot!(types.join(" "), @"user_competency.created evidence.suggested evidence.logged");
}

async fn who_may_rate(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let (root, moodle) = (acme.admin("root").await, acme.moodle().await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    let says = async |who: &Actor, action: &str| {
        let level = if action == "LOG" { Value::Null } else { json!(2) };
        record(who, &ada, &leaf, json!({ "action": action, "level": level })).await.said()
    };
    let all = async |who: &Actor| {
        let mut said = Vec::new();
        for action in ["LOG", "SUGGEST", "RATE", "OVERRIDE"] {
            said.push(says(who, action).await);
        }
        said.join(", ")
    };
    assert_snapshot!(all(&ada).await, @"fine, fine, FORBIDDEN, FORBIDDEN");
    // A coach whom she did not ask, and whoever else does not see her, knows of nobody.
    assert_snapshot!(all(&ben).await, @"REFERENCE_UNKNOWN /userId, REFERENCE_UNKNOWN /userId, REFERENCE_UNKNOWN /userId, REFERENCE_UNKNOWN /userId");
    assert_snapshot!(all(&kim).await, @"REFERENCE_UNKNOWN /userId, REFERENCE_UNKNOWN /userId, REFERENCE_UNKNOWN /userId, REFERENCE_UNKNOWN /userId");
    assert_snapshot!(all(&root).await, @"FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN");
    ada.opens(&ben, &["learning:write"]).await;
    assert_snapshot!(all(&ben).await, @"fine, fine, FORBIDDEN, FORBIDDEN");
    let grant = ada.opens(&kim, &["learning:review"]).await;
    assert_snapshot!(all(&kim).await, @"fine, fine, fine, fine");
    // A system that measures may rate; replacing what was computed is for people who answer for it.
    assert_snapshot!(all(&moodle).await, @"fine, fine, fine, FORBIDDEN");
    let nobody = json!({ "competencyId": leaf, "action": "LOG", "source": "PROJECT" });
    assert_snapshot!(moodle.act(KIND, "record", None, nobody).await.said(), @"OWNER_REQUIRED /userId");
    ada.tell("Grant", "revoke", &grant).await.done();
    assert_snapshot!(says(&kim, "RATE").await, @"REFERENCE_UNKNOWN /userId");
    // What one coach may is not what somebody else with a grant may.
    ada.opens(&ben, &["learning:review"]).await;
    assert_snapshot!(says(&ben, "RATE").await, @"FORBIDDEN");
    let narrow = ada.limited_to(&acme, &[entity::platform::client::Scope::LearningRead]);
    assert_snapshot!(says(&narrow, "LOG").await, @"INSUFFICIENT_SCOPE");
    assert_snapshot!(ben.list(KIND, &[("userId", &ada.id), ("count", "true")]).await.total, @"11");
    let eve = api.organization("Beta").await.coach("eve").await;
    assert_snapshot!(says(&eve, "RATE").await, @"REFERENCE_UNKNOWN /userId");
}

async fn people_rate_themselves_where_the_organization_lets_them(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    let rates = json!({ "action": "RATE", "source": "SELF", "level": 2 });
    assert_snapshot!(record(&ada, &ada, &leaf, rates.clone()).await.said(), @"FORBIDDEN");
    acme.decide(&root, json!({ "reviewerRates": false })).await;
    record(&ada, &ada, &leaf, rates.clone()).await.done();
    let standing = ada.list("UserCompetency", &[]).await.items.remove(0);
    assert_eq!((&standing["level"], &standing["proficient"]), (&json!(2), &json!(true)));
    // It lets them rate, not replace; and nobody else.
    let replaces = json!({ "action": "OVERRIDE", "level": 3 });
    assert_snapshot!(record(&ada, &ada, &leaf, replaces).await.said(), @"FORBIDDEN");
    let ben = acme.learner("ben").await;
    ada.opens(&ben, &["learning:write"]).await;
    assert_snapshot!(record(&ben, &ada, &leaf, json!({ "action": "RATE", "level": 3 })).await.said(), @"FORBIDDEN");
    // What they said of themselves is no review.
    let moodle = acme.moodle().await;
    let standing = standing["id"].as_str().unwrap();
    let reviewed = moodle.update("UserCompetency", standing, json!({ "calculation": "REVIEWED" })).await.done();
    assert_eq!((&reviewed["level"], &reviewed["proficient"]), (&Value::Null, &Value::Null));
    acme.decide(&root, json!({ "reviewerRates": true })).await;
    assert_snapshot!(record(&ada, &ada, &leaf, rates).await.said(), @"FORBIDDEN");
}

async fn who_may_name_which_source(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let (root, moodle) = (acme.admin("root").await, acme.moodle().await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    ada.opens(&kim, &["learning:review"]).await;
    ada.opens(&ben, &["learning:write"]).await;
    let mut table = String::new();
    for source in ["COURSE_COMPLETION", "PROJECT", "PORTFOLIO", "REVIEW", "SELF", "INTERVIEW", "PRIOR_LEARNING"] {
        let mut line = source.to_owned();
        for who in [&ada, &kim, &ben, &moodle] {
            let said = record(who, &ada, &leaf, json!({ "action": "LOG", "source": source })).await.said();
            assert!(["fine", "EVIDENCE_SOURCE_FORBIDDEN /source"].contains(&said.as_str()), "{said}");
            if said == "fine" {
                line += &format!(" {}", who.name);
            }
        }
        table += &format!("{line}\n");
    }
    assert_snapshot!(table, @r"
    COURSE_COMPLETION Moodle
    PROJECT ada kim ben Moodle
    PORTFOLIO ada kim ben Moodle
    REVIEW kim
    SELF ada
    INTERVIEW ada kim ben Moodle
    PRIOR_LEARNING Moodle
    ");
}

async fn evidence_is_only_added_to(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    ada.opens(&kim, &["learning:review"]).await;
    let (_, [_, leaf, _]) = root.framework("own").await;
    let wrong = rate(&kim, &ada, &leaf, 3).await;
    let at = format!("/evidences/{}", wrong["id"].as_str().unwrap());
    for who in [&ada, &kim, &root] {
        assert_eq!(who.patch(&at, json!({ "level": 1 })).await.problem(), "405 METHOD_NOT_ALLOWED");
        assert_eq!(who.delete(&at).await.problem(), "405 METHOD_NOT_ALLOWED");
    }
    // Whoever was wrong says what is right; the standing follows, and both stay.
    rate(&kim, &ada, &leaf, 2).await;
    assert_eq!(ada.list(KIND, &[("competencyId", &leaf)]).await.each("level"), [json!(3), json!(2)]);
    assert_eq!(ada.list("UserCompetency", &[]).await.each("level"), [json!(2)]);
}
