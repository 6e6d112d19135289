//! Prior learning: filed with its proof, reviewed by a coach, and worth what they say (§8).

use serde_json::{Value, json};

use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    what_was_learnt_before_is_worth_levels,
    declined_is_not_the_end,
    whose_it_is_and_who_writes_it,
    who_decides,
    a_level_for_each_that_it_names,
    what_is_accepted_is_read_only,
    other_systems_file_it_too,
    every_command_in_every_state,
);

const KIND: &str = "PriorLearning";

async fn file(who: &Actor, competencies: &[&String]) -> String {
    let new = json!({ "title": "A degree", "url": "https://example.org/degree", "competencyIds": competencies });
    who.create(KIND, new).await.id()
}

fn worth(levels: &[(&String, i64)]) -> Value {
    let levels: Vec<_> = levels.iter().map(|(id, level)| json!({ "competencyId": id, "level": level })).collect();
    json!({ "levels": levels })
}

async fn what_was_learnt_before_is_worth_levels(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    ada.opens(&kim, &["learning:review"]).await;
    let (_, [_, a, b]) = root.framework("own").await;
    let need = json!({ "competencyId": a, "source": "CURIOSITY" });
    let need = ada.act("LearningNeed", "raise", None, need).await.id();
    let prior = file(&ada, &[&a, &b]).await;
    ada.tell(KIND, "requestReview", &prior).await.done();
    assert_eq!(kim.list(KIND, &[("status", "WAITING_FOR_REVIEW")]).await.ids(), vec![prior.clone()]);
    let started = kim.tell(KIND, "startReview", &prior).await.done();
    assert_eq!((&started["status"], &started["reviewerId"]), (&json!("IN_REVIEW"), &json!(kim.id)));
    let accepted = kim.act(KIND, "accept", Some(&prior), worth(&[(&a, 3)])).await.done();
    assert_eq!(
        (&accepted["status"], &accepted["reviewerId"], &accepted["reviewComment"]),
        (&json!("ACCEPTED"), &json!(kim.id), &Value::Null)
    );
    assert!(accepted["decidedAt"].is_string());
    // A rating like any other, and everything that follows from one; what got no level is not rated.
    let proof = ada.list("Evidence", &[]).await.items;
    let shown: Vec<_> = ["competencyId", "action", "source", "level", "actorId", "url", "note"]
        .iter()
        .map(|name| proof[0][*name].clone())
        .collect();
    let expected = json!([a, "RATE", "PRIOR_LEARNING", 3, kim.id, "https://example.org/degree", "A degree"]);
    assert_eq!((proof.len(), Value::from(shown)), (1, expected));
    let standing = ada.list("UserCompetency", &[]).await.items;
    assert_eq!((standing.len(), &standing[0]["level"], &standing[0]["proficient"]), (1, &json!(3), &json!(true)));
    assert_eq!(ada.see("LearningNeed", &need).await.done()["state"], "MET");
    let events = ada.list("Event", &[("subjectId", &prior), ("sort", "seq")]).await;
    let types: Vec<_> = events
        .items
        .iter()
        .map(|event| event["type"].as_str().unwrap().trim_start_matches("prior_learning."))
        .collect();
    assert_snapshot!(types.join(" "), @"created review_requested review_started accepted");
    // A coach's word on it counts where only reviews count.
    let id = standing[0]["id"].as_str().unwrap();
    assert_eq!(kim.update("UserCompetency", id, json!({ "calculation": "REVIEWED" })).await.done()["level"], 3);
}

async fn declined_is_not_the_end(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    ada.opens(&kim, &["learning:review"]).await;
    let (_, [_, leaf, _]) = root.framework("own").await;
    let prior = file(&ada, &[&leaf]).await;
    ada.tell(KIND, "requestReview", &prior).await.done();
    kim.tell(KIND, "startReview", &prior).await.done();
    assert_snapshot!(kim.act(KIND, "decline", Some(&prior), json!({})).await.code(), @"BAD_INPUT");
    let declined = kim.act(KIND, "decline", Some(&prior), json!({ "comment": "Show the transcript." })).await.done();
    assert_eq!((&declined["status"], &declined["reviewComment"]), (&json!("DECLINED"), &json!("Show the transcript.")));
    assert!(declined["decidedAt"].is_string());
    assert_eq!(ada.list("Evidence", &[]).await.items.len(), 0);
    // She may write on before she asks again.
    ada.update(KIND, &prior, json!({ "description": "With the transcript" })).await.done();
    let again = ada.tell(KIND, "reopen", &prior).await.done();
    assert_eq!(
        (&again["status"], &again["reviewerId"], &again["decidedAt"], &again["reviewComment"]),
        (&json!("DRAFT"), &Value::Null, &Value::Null, &json!("Show the transcript."))
    );
    ada.tell(KIND, "requestReview", &prior).await.done();
    kim.tell(KIND, "startReview", &prior).await.done();
    kim.act(KIND, "accept", Some(&prior), worth(&[(&leaf, 2)])).await.done();
    // What was accepted can be looked at once more, by either of them; its ratings stay.
    assert_eq!(kim.tell(KIND, "reopen", &prior).await.done()["status"], "DRAFT");
    assert_eq!(ada.list("Evidence", &[]).await.items.len(), 1);
    ada.tell(KIND, "requestReview", &prior).await.done();
    kim.tell(KIND, "startReview", &prior).await.done();
    kim.act(KIND, "accept", Some(&prior), worth(&[(&leaf, 3)])).await.done();
    assert_eq!(ada.list("UserCompetency", &[]).await.each("level"), [json!(3)]);
}

async fn whose_it_is_and_who_writes_it(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let (root, moodle) = (acme.admin("root").await, acme.moodle().await);
    let (_, [_, leaf, other]) = root.framework("own").await;
    let prior = file(&ada, &[&leaf]).await;
    for who in [&ben, &kim, &root] {
        assert_eq!(who.see(KIND, &prior).await.said(), "NOT_FOUND");
        assert_eq!(who.update(KIND, &prior, json!({ "title": "Mine" })).await.said(), "NOT_FOUND");
    }
    let hers = json!({ "userId": ada.id, "title": "For her", "competencyIds": [leaf] });
    assert_snapshot!(ben.create(KIND, hers.clone()).await.said(), @"REFERENCE_UNKNOWN /userId");
    ada.opens(&kim, &["learning:review"]).await;
    kim.see(KIND, &prior).await.done();
    assert_snapshot!(kim.update(KIND, &prior, json!({ "title": "Kim's" })).await.said(), @"FORBIDDEN");
    assert_snapshot!(kim.create(KIND, hers.clone()).await.said(), @"FORBIDDEN");
    ada.opens(&ben, &["learning:write"]).await;
    ben.create(KIND, hers.clone()).await.done();
    ben.update(KIND, &prior, json!({ "title": "A degree in physics" })).await.done();
    // To ask for a review is hers alone.
    assert_snapshot!(ben.tell(KIND, "requestReview", &prior).await.said(), @"FORBIDDEN");
    assert_snapshot!(moodle.create(KIND, json!({ "title": "Whose?", "competencyIds": [leaf] })).await.said(), @"OWNER_REQUIRED /userId");
    assert_eq!(moodle.create(KIND, hers).await.done()["userId"], ada.id);
    let unknown = json!({ "title": "x", "competencyIds": [leaf, nothing("cmp")] });
    assert_snapshot!(ada.create(KIND, unknown).await.said(), @"REFERENCE_UNKNOWN /competencyIds/1");
    assert_snapshot!(ada.create(KIND, json!({ "title": "x", "competencyIds": [] })).await.said(), @"VALIDATION_FAILED /competencyIds");
    let more = json!({ "competencyIds": [leaf, other], "url": null, "description": "With distinction" });
    let changed = ada.update(KIND, &prior, more).await.done();
    assert_eq!((&changed["url"], &changed["description"]), (&Value::Null, &json!("With distinction")));
    let shown = ada.get(&format!("/prior-learnings/{prior}?expand=competencies,user")).await.fine();
    assert_eq!((shown["competencies"]["items"].as_array().unwrap().len(), &shown["user"]["name"]), (2, &json!("ada")));
    // The same again changes nothing.
    let same = ada.update(KIND, &prior, json!({ "competencyIds": [other, leaf, leaf] })).await.done();
    assert_eq!(same["version"], changed["version"]);
    assert_eq!(ada.list(KIND, &[("q", "PHYSICS")]).await.ids(), [prior]);
}

async fn who_decides(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, lee) = (acme.learner("ada").await, acme.coach("kim").await, acme.coach("lee").await);
    let (root, machine) = (acme.admin("root").await, acme.omnipotent().await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    let prior = file(&ada, &[&leaf]).await;
    ada.tell(KIND, "requestReview", &prior).await.done();
    let accepts = async |who: &Actor| who.act(KIND, "accept", Some(&prior), worth(&[(&leaf, 2)])).await.said();
    assert_snapshot!(kim.tell(KIND, "startReview", &prior).await.said(), @"NOT_FOUND");
    assert_snapshot!(accepts(&kim).await, @"NOT_FOUND");
    for coach in [&kim, &lee] {
        ada.opens(coach, &["learning:review"]).await;
    }
    // It is looked at before it is decided.
    assert_snapshot!(accepts(&kim).await, @"INVALID_TRANSITION");
    kim.tell(KIND, "startReview", &prior).await.done();
    assert_snapshot!(lee.tell(KIND, "startReview", &prior).await.said(), @"INVALID_TRANSITION");
    assert_snapshot!(lee.tell(KIND, "stopReview", &prior).await.said(), @"FORBIDDEN");
    assert_snapshot!(lee.act(KIND, "decline", Some(&prior), json!({ "comment": "No." })).await.said(), @"FORBIDDEN");
    assert_snapshot!(accepts(&ada).await, @"FORBIDDEN");
    assert_snapshot!(accepts(&machine).await, @"FORBIDDEN");
    assert_snapshot!(ada.tell(KIND, "stopReview", &prior).await.said(), @"INSUFFICIENT_SCOPE");
    // None gets stuck with a coach who is away.
    assert_snapshot!(accepts(&lee).await, @"fine");
    assert_eq!(ada.see(KIND, &prior).await.done()["reviewerId"], lee.id);
}

async fn a_level_for_each_that_it_names(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    ada.opens(&kim, &["learning:review"]).await;
    let (_, [top, a, b]) = root.framework("own").await;
    let scale = json!({ "levels": [{ "value": 10, "name": "Done", "proficient": true }], "defaultLevel": 10 });
    let new = json!({ "shortName": "other", "title": "Other", "scale": scale });
    let other = root.create("CompetencyFramework", new).await.id();
    let other = root.create("Competency", json!({ "frameworkId": other, "code": "o", "name": "O" })).await.id();
    let prior = file(&ada, &[&a, &b, &other]).await;
    ada.tell(KIND, "requestReview", &prior).await.done();
    kim.tell(KIND, "startReview", &prior).await.done();
    let accepts = async |levels: &[(&String, i64)]| kim.act(KIND, "accept", Some(&prior), worth(levels)).await;
    assert_snapshot!(accepts(&[]).await.said(), @"VALIDATION_FAILED /levels");
    assert_snapshot!(accepts(&[(&a, 2), (&top, 2)]).await.said(), @"REFERENCE_UNKNOWN /levels/1/competencyId");
    assert_snapshot!(accepts(&[(&a, 2), (&a, 3)]).await.said(), @"LEVEL_AMBIGUOUS /levels/1/competencyId");
    // Each framework has its own levels.
    let refused = accepts(&[(&a, 2), (&other, 3)]).await;
    assert_snapshot!(refused.said(), @"LEVEL_NOT_IN_SCALE /levels/1/level");
    assert_snapshot!(refused.details, @r#"{"levels":[10]}"#);
    assert_eq!(ada.list("Evidence", &[]).await.items.len(), 0, "all or nothing");
    assert_eq!(ada.see(KIND, &prior).await.done()["status"], "IN_REVIEW");
    accepts(&[(&a, 2), (&other, 10)]).await.done();
    assert_eq!(ada.list("UserCompetency", &[("sort", "-level")]).await.each("level"), [json!(10), json!(2)]);
}

async fn what_is_accepted_is_read_only(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    ada.opens(&kim, &["learning:review"]).await;
    let (_, [_, leaf, other]) = root.framework("own").await;
    let prior = file(&ada, &[&leaf]).await;
    ada.tell(KIND, "delete", &prior).await.done();
    assert_snapshot!(ada.tell(KIND, "requestReview", &prior).await.said(), @"NOT_FOUND");
    ada.tell(KIND, "restore", &prior).await.done();
    ada.tell(KIND, "requestReview", &prior).await.done();
    kim.tell(KIND, "startReview", &prior).await.done();
    kim.act(KIND, "accept", Some(&prior), worth(&[(&leaf, 2)])).await.done();
    assert_snapshot!(ada.update(KIND, &prior, json!({ "title": "x" })).await.said(), @"PRIOR_LEARNING_ACCEPTED");
    assert_snapshot!(ada.tell(KIND, "delete", &prior).await.said(), @"PRIOR_LEARNING_ACCEPTED");
    ada.tell(KIND, "reopen", &prior).await.done();
    ada.update(KIND, &prior, json!({ "title": "x" })).await.done();
    ada.tell(KIND, "delete", &prior).await.done();
    // What it names stays.
    assert_snapshot!(root.tell("Competency", "delete", &other).await.said(), @"fine");
    root.tell("Competency", "restore", &other).await.done();
    let named = file(&ada, &[&other]).await;
    assert_snapshot!(root.tell("Competency", "delete", &other).await.said(), @"IN_USE");
    ada.see(KIND, &named).await.done();
    // A status is not a member that one sets.
    assert_snapshot!(ada.update(KIND, &named, json!({ "status": "ACCEPTED" })).await.code(), @"BAD_INPUT");
}

async fn other_systems_file_it_too(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    let hr = acme.moodle().await;
    let (_, [_, leaf, _]) = root.framework("own").await;
    let new = |who: &Actor, title: &str| json!({ "userId": who.id, "title": title, "competencyIds": [leaf] });
    let made = hr.upsert(KIND, "hr", "cert-1", new(&ada, "Certificate")).await.done();
    let again = hr.upsert(KIND, "hr", "cert-1", new(&ada, "Certificate of 2025")).await.done();
    assert_eq!((&again["id"], &again["title"]), (&made["id"], &json!("Certificate of 2025")));
    assert_eq!(again["externalRefs"], json!([{ "source": "hr", "externalId": "cert-1" }]));
    assert_snapshot!(hr.upsert(KIND, "hr", "cert-1", new(&ben, "Certificate")).await.said(), @"OWNER_IMMUTABLE /userId");
    // What was deleted comes back: whoever keeps a copy says that it is there.
    ada.tell(KIND, "delete", made["id"].as_str().unwrap()).await.done();
    let back = hr.upsert(KIND, "hr", "cert-1", new(&ada, "Certificate")).await.done();
    assert_eq!((&back["id"], &back["deletedAt"]), (&made["id"], &Value::Null));
}

/// Walks prior learning into every state, and asks there for everything.
async fn every_command_in_every_state(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    ada.opens(&kim, &["learning:review"]).await;
    let (_, [_, leaf, _]) = root.framework("own").await;
    let commands = ["requestReview", "cancelReviewRequest", "startReview", "stopReview", "accept", "decline", "reopen"];
    let ways: [(&str, &[&str]); 5] = [
        ("DRAFT", &[]),
        ("WAITING_FOR_REVIEW", &["requestReview"]),
        ("IN_REVIEW", &["requestReview", "startReview"]),
        ("ACCEPTED", &["requestReview", "startReview", "accept"]),
        ("DECLINED", &["requestReview", "startReview", "decline"]),
    ];
    let of =
        |command: &str| if ["startReview", "stopReview", "accept", "decline"].contains(&command) { &kim } else { &ada };
    let input = |command: &str| match command {
        "accept" => worth(&[(&leaf, 2)]),
        "decline" => json!({ "comment": "No." }),
        _ => json!({}),
    };
    let mut table = String::new();
    for (state, way) in ways {
        for command in commands {
            let prior = file(&ada, &[&leaf]).await;
            for step in way {
                of(step).act(KIND, step, Some(&prior), input(step)).await.done();
            }
            let outcome = of(command).act(KIND, command, Some(&prior), input(command)).await;
            let after =
                outcome.refused.clone().unwrap_or_else(|| outcome.object["status"].as_str().unwrap().to_owned());
            if after != "INVALID_TRANSITION" {
                table += &format!("{state} {command} {after}\n");
            }
        }
    }
    assert_snapshot!(table, @r"
    DRAFT requestReview WAITING_FOR_REVIEW
    WAITING_FOR_REVIEW cancelReviewRequest DRAFT
    WAITING_FOR_REVIEW startReview IN_REVIEW
    IN_REVIEW stopReview DRAFT
    IN_REVIEW accept ACCEPTED
    IN_REVIEW decline DECLINED
    ACCEPTED reopen DRAFT
    DECLINED reopen DRAFT
    ");
}
