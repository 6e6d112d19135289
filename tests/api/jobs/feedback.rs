//! Feedback: what a rejection teaches, up to the course that turns the need met (§25, story 11).

use serde_json::{Value, json};

use super::{Search, referral::advice};
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    a_rejection_becomes_learning,
    who_is_asked,
    when_it_was_asked_and_answered,
    what_is_said,
    what_rejections_name,
    what_was_not_rejected_is_no_rejection,
    it_has_names_elsewhere
);

/// An application that was closed as rejected in a stage.
async fn rejected(who: &Actor, search: &Search, stage: usize) -> String {
    let id = search.apply(who, "2026-03-01T10:00:00Z").await;
    if stage > 0 {
        who.act("Application", "move", Some(&id), search.step(0, stage)).await.done();
    }
    who.act("Application", "close", Some(&id), json!({ "outcome": "REJECTED" })).await.done();
    id
}

async fn codes(who: &Actor, subject: &str) -> Vec<Value> {
    advice(who, subject).await.iter().map(|one| one["code"].clone()).collect()
}

async fn a_rejection_becomes_learning(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root, moodle) = (acme.learner("ada").await, acme.admin("root").await, acme.moodle().await);
    acme.decide(&root, json!({ "selfApproval": true, "reviewerRates": false })).await;
    let (_, [_, sql, talk]) = root.framework("own").await;
    let course = json!({
        "kind": "COURSE", "title": "SQL", "competencyIds": [sql], "externalRefs": [{ "source": "moodle", "externalId": "sql" }],
    });
    let course = moodle.create("LearningResource", course).await.id();
    let search = Search::of(&ada).await;
    let application = rejected(&ada, &search, 4).await;
    let told = advice(&ada, &application).await;
    let found = &told[0];
    assert_eq!((&found["code"], &found["subjectId"]), (&json!("ASK_FOR_FEEDBACK"), &json!(application)));
    assert_snapshot!(found["reason"].as_str().unwrap(), @"ML engineer went to somebody else after a talk. Those who led it, or the people who hire, often say what would have helped.");
    assert_eq!(found["suggestedCommand"]["name"], json!("createFeedbackRequest"));
    let of_hr = ada.create("FeedbackRequest", found["suggestedCommand"]["input"].clone()).await.id();
    assert_eq!(codes(&ada, &application).await, [Value::Null; 0]);
    let asks = json!({ "applicationId": application, "source": "INTERVIEWER" });
    let of_interviewer = ada.create("FeedbackRequest", asks).await.id();
    let themes = json!([
        { "competencyId": sql, "polarity": "NEGATIVE", "note": "Window functions" },
        { "competencyId": talk, "polarity": "POSITIVE" },
    ]);
    let said = json!({ "requestId": of_interviewer, "text": "Good talk; SQL was thin.", "themes": themes });
    ada.act("Feedback", "record", None, said).await.done();
    ada.tell("FeedbackRequest", "giveUp", &of_hr).await.done();
    assert_eq!(ada.see("FeedbackRequest", &of_interviewer).await.done()["state"], json!("RECEIVED"));
    let themes = async || ada.ask("rejectionThemes", json!({ "jobSearchId": search.id })).await.done();
    let top = themes().await["themes"][0].clone();
    assert_eq!(
        (&top["competencyId"], &top["negative"], &top["latestStage"], &top["needState"]),
        (&json!(sql), &json!(1), &json!("INTERVIEWING"), &json!(null))
    );
    let csv = ada.ask_for("csv", "rejectionThemes", json!({ "jobSearchId": search.id })).await.replace('\r', "");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "competencyId,code,name,negative,positive,latestStage,needState");
    assert!(lines.len() == 3 && lines[1].starts_with(&sql) && lines[1].ends_with(",1,0,INTERVIEWING,"), "{csv}");
    // It becomes a need, and the need an item of a plan.
    let raised = ada.act("LearningNeed", "raiseFromRejections", None, json!({ "jobSearchId": search.id })).await.done();
    let need = raised["items"][0].clone();
    assert_eq!((&need["competencyId"], &need["strength"], &need["state"]), (&json!(sql), &json!(40), &json!("OPEN")));
    let need = need["id"].as_str().unwrap().to_owned();
    let source = ada.list("LearningNeedSource", &[("needId", &need)]).await.items.remove(0);
    assert_eq!((&source["source"], &source["sourceId"]), (&json!("REJECTION_FEEDBACK"), &json!(application)));
    let plan = ada.plan("What they said").await;
    let planned = json!({ "planId": plan, "needIds": [need] });
    let planned = ada.act("LearningNeed", "plan", None, planned).await.done();
    let item = planned["items"][0]["planItemId"].as_str().unwrap().to_owned();
    ada.update("PlanItem", &item, json!({ "resourceIds": [course] })).await.done();
    ada.tell("LearningPlan", "approve", &plan).await.done();
    // Later, the learning system reports that the course was completed, and she is proficient by it.
    let done = json!({
        "statementId": "s-1", "person": { "id": ada.id }, "object": { "source": "moodle", "externalId": "sql" },
        "verb": "COMPLETED", "occurredAt": "2026-03-20T10:00:00Z", "minutes": 90,
    });
    moodle.act("Completion", "record", None, done).await.done();
    assert_eq!(ada.see("PlanItem", &item).await.done()["status"], json!("DONE"));
    let rates =
        json!({ "competencyId": sql, "action": "RATE", "level": 2, "userId": ada.id, "source": "COURSE_COMPLETION" });
    moodle.act("Evidence", "record", None, rates).await.done();
    assert_eq!(ada.see("LearningNeed", &need).await.done()["state"], json!("MET"));
    // The application's page shows it, and so do the themes.
    let page =
        ada.get(&format!("/applications/{application}?expand=learningNeeds,feedback,feedbackRequests")).await.fine();
    assert_eq!(page["learningNeeds"]["items"][0]["state"], json!("MET"));
    assert_eq!(
        (
            page["feedback"]["items"].as_array().unwrap().len(),
            page["feedbackRequests"]["items"].as_array().unwrap().len()
        ),
        (1, 2)
    );
    assert_eq!(themes().await["themes"][0]["needState"], json!("MET"));
    let told = ada.list("LearningNeedSource", &[("needId", &need)]).await.items.remove(0);
    assert!(told["notifiedAt"].is_string());
}

async fn who_is_asked(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    let search = Search::of(&ada).await;
    // Before anybody had looked at it, there is nobody to ask.
    let early = rejected(&ada, &search, 2).await;
    assert_eq!(codes(&ada, &early).await, [Value::Null; 0]);
    let late = rejected(&ada, &search, 3).await;
    assert_eq!(codes(&ada, &late).await, ["ASK_FOR_FEEDBACK"]);
    // Whoever closes a search in which nobody was asked is advised.
    let closed = ada.tell("JobSearch", "close", &search.id).await.done();
    assert_eq!(closed["warnings"][0]["code"], json!("CLOSED_WITHOUT_FEEDBACK"));
    ada.tell("JobSearch", "reopen", &search.id).await.done();
    let asks = |source: &str| json!({ "applicationId": late, "source": source });
    let asked = ada.create("FeedbackRequest", asks("NETWORK")).await.id();
    assert_eq!(ada.tell("JobSearch", "close", &search.id).await.done()["warnings"], json!([]));
    let mut unknown = asks("HR");
    unknown["contactId"] = json!(nothing("ctc"));
    assert_snapshot!(ada.create("FeedbackRequest", unknown).await.said(), @"REFERENCE_UNKNOWN /contactId");
    let nowhere = json!({ "applicationId": nothing("app"), "source": "HR" });
    assert_snapshot!(ada.create("FeedbackRequest", nowhere).await.said(), @"REFERENCE_UNKNOWN /applicationId");
    assert_snapshot!(ada.tell("FeedbackRequest", "reopen", &asked).await.said(), @"INVALID_TRANSITION");
    ada.tell("FeedbackRequest", "refuse", &asked).await.done();
    assert_snapshot!(ada.tell("FeedbackRequest", "giveUp", &asked).await.details, @r#"{"allowed":["recordFeedback","reopen"],"command":"giveUp","from":"REFUSED"}"#);
    ada.tell("FeedbackRequest", "reopen", &asked).await.done();
    // It is her own.
    ada.opens(&kim, &["learning:write"]).await;
    assert_snapshot!(kim.see("FeedbackRequest", &asked).await.said(), @"NOT_FOUND");
    ada.opens(&kim, &["jobs:read"]).await;
    kim.see("FeedbackRequest", &asked).await.done();
    assert_snapshot!(kim.tell("FeedbackRequest", "refuse", &asked).await.said(), @"FORBIDDEN");
}

async fn when_it_was_asked_and_answered(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let application = rejected(&ada, &search, 3).await;
    let day = |day: u32| format!("2026-03-{day:02}T10:00:00.000000Z");
    let asks = |at: &str| json!({ "applicationId": application, "source": "HR", "requestedAt": at });
    assert_snapshot!(ada.create("FeedbackRequest", asks("2999-01-01T00:00:00Z")).await.said(), @"OCCURRED_AT_INVALID /requestedAt");
    let asked = ada.create("FeedbackRequest", asks(&day(3))).await.done();
    assert_eq!(asked["requestedAt"], json!(day(3)));
    let asked = asked["id"].as_str().unwrap().to_owned();
    assert_snapshot!(ada.update("FeedbackRequest", &asked, json!({ "requestedAt": "2999-01-01T00:00:00Z" })).await.said(), @"OCCURRED_AT_INVALID /requestedAt");
    let earlier = ada.update("FeedbackRequest", &asked, json!({ "requestedAt": day(2) })).await.done();
    assert_eq!(earlier["requestedAt"], json!(day(2)));
    // It was answered when something was said, and not when that was noted; the first of several counts.
    let said = async |at: u32| {
        let said = json!({ "requestId": asked, "text": "SQL", "receivedAt": day(at) });
        ada.act("Feedback", "record", None, said).await.id()
    };
    let answered = async || ada.see("FeedbackRequest", &asked).await.done()["answeredAt"].clone();
    let first = said(9).await;
    assert_eq!(answered().await, json!(day(9)));
    let second = said(12).await;
    assert_eq!(answered().await, json!(day(9)));
    // What was answered is not waited for, until what was noted as the answer is gone.
    let refused = ada.tell("FeedbackRequest", "reopen", &asked).await;
    assert_snapshot!(refused.said(), @"INVALID_TRANSITION");
    assert_eq!(refused.details["allowed"], json!(["recordFeedback"]));
    for one in [&first, &second] {
        ada.tell("Feedback", "delete", one).await.done();
    }
    let open = ada.tell("FeedbackRequest", "reopen", &asked).await.done();
    assert_eq!((&open["state"], &open["answeredAt"]), (&json!("REQUESTED"), &json!(null)));
}

async fn what_is_said(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [_, sql, _]) = root.framework("own").await;
    let search = Search::of(&ada).await;
    let application = rejected(&ada, &search, 3).await;
    let asked = ada.create("FeedbackRequest", json!({ "applicationId": application, "source": "HR" })).await.id();
    let theme = |id: &str| json!({ "competencyId": id, "polarity": "NEGATIVE" });
    for (wrong, said) in [
        (json!({ "text": "x" }), "FEEDBACK_SUBJECT_AMBIGUOUS /requestId"),
        (json!({ "text": "x", "applicationId": application }), "FEEDBACK_SUBJECT_AMBIGUOUS /requestId"),
        (
            json!({ "text": "x", "applicationId": application, "requestId": asked }),
            "FEEDBACK_SUBJECT_AMBIGUOUS /requestId",
        ),
        (json!({ "text": "x", "requestId": nothing("fbr") }), "REFERENCE_UNKNOWN /requestId"),
        (
            json!({ "text": "x", "requestId": asked, "receivedAt": "2999-01-01T00:00:00Z" }),
            "OCCURRED_AT_INVALID /receivedAt",
        ),
        (
            json!({ "text": "x", "requestId": asked, "themes": [theme(&nothing("cmp"))] }),
            "REFERENCE_UNKNOWN /themes/0/competencyId",
        ),
        (
            json!({ "text": "x", "requestId": asked, "themes": [theme(&sql), theme(&sql)] }),
            "COMPETENCY_REPEATED /themes/1/competencyId",
        ),
    ] {
        assert_eq!(ada.act("Feedback", "record", None, wrong).await.said(), said);
    }
    assert_eq!(ada.see("FeedbackRequest", &asked).await.done()["state"], json!("REQUESTED"));
    // It may be said late, twice, or without being asked for.
    ada.tell("FeedbackRequest", "giveUp", &asked).await.done();
    for _ in 0..2 {
        let said = json!({ "text": "SQL", "requestId": asked });
        let said = ada.act("Feedback", "record", None, said).await.done();
        assert_eq!((&said["source"], &said["applicationId"]), (&json!("HR"), &json!(application)));
    }
    let unasked = json!({ "text": "They want SQL.", "applicationId": application, "source": "DISCUSSION_BOARD" });
    let unasked = ada.act("Feedback", "record", None, unasked).await.id();
    let changed = ada.update("Feedback", &unasked, json!({ "themes": [theme(&sql)] })).await.done();
    assert_eq!((&changed["themes"][0]["competencyId"], &changed["text"]), (&json!(sql), &json!("They want SQL.")));
}

async fn what_rejections_name(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (_, [stats, sql, talk]) = root.framework("own").await;
    let search = Search::of(&ada).await;
    let (one, two) = (rejected(&ada, &search, 3).await, rejected(&ada, &search, 4).await);
    for (application, competency, polarity) in [
        (&one, &stats, "NEGATIVE"),
        (&two, &talk, "NEGATIVE"),
        (&one, &sql, "NEGATIVE"),
        (&two, &sql, "NEGATIVE"),
        (&two, &stats, "POSITIVE"),
    ] {
        let themes = json!([{ "competencyId": competency, "polarity": polarity }]);
        let said = json!({ "text": "x", "applicationId": application, "source": "HR", "themes": themes });
        ada.act("Feedback", "record", None, said).await.done();
    }
    let asked = json!({ "jobSearchId": search.id });
    let told = ada.ask("rejectionThemes", asked.clone()).await.done();
    assert_eq!((&told["applications"], &told["feedbacks"]), (&json!(2), &json!(5)));
    let line =
        |one: &Value| format!("{} -{} +{} {}", one["code"], one["negative"], one["positive"], one["latestStage"]);
    let lines: Vec<_> = told["themes"].as_array().unwrap().iter().map(line).collect();
    assert_snapshot!(lines.join("\n"), @r#"
    "leaf-a" -2 +0 "INTERVIEWING"
    "leaf-b" -1 +0 "INTERVIEWING"
    "root" -1 +1 "SCREENING"
    "#);
    let picture = ada.ask_for("svg", "rejectionThemes", asked.clone()).await;
    assert!(picture.contains("<svg") && picture.contains("5 pieces of feedback on 2 applications"), "{picture}");
    // Only what is named becomes a need; each application that names it is a source.
    let wrong = json!({ "jobSearchId": search.id, "competencyIds": [sql, nothing("cmp")] });
    assert_snapshot!(ada.act("LearningNeed", "raiseFromRejections", None, wrong).await.said(), @"THEME_UNKNOWN /competencyIds/1");
    let some = json!({ "jobSearchId": search.id, "competencyIds": [sql] });
    let raised = ada.act("LearningNeed", "raiseFromRejections", None, some).await.done();
    assert_eq!((raised["items"].as_array().unwrap().len(), &raised["items"][0]["strength"]), (1, &json!(70)));
    let all = ada.act("LearningNeed", "raiseFromRejections", None, asked.clone()).await.done();
    assert_eq!(all["items"].as_array().unwrap().len(), 3);
    assert_eq!(
        ada.list("LearningNeedSource", &[("source", "REJECTION_FEEDBACK")]).await.items.len(),
        4,
        "again is not twice"
    );
    // Who may only look, looks; who may not, is not told that there is a search.
    assert_snapshot!(kim.ask("rejectionThemes", asked.clone()).await.said(), @"NOT_FOUND");
    ada.opens(&kim, &["jobs:read"]).await;
    assert_eq!(kim.ask("rejectionThemes", asked.clone()).await.done()["feedbacks"], json!(5));
    assert_snapshot!(kim.act("LearningNeed", "raiseFromRejections", None, asked.clone()).await.said(), @"FORBIDDEN");
    ada.opens(&kim, &["jobs:write"]).await;
    assert_snapshot!(kim.act("LearningNeed", "raiseFromRejections", None, asked).await.said(), @"FORBIDDEN");
}

async fn what_was_not_rejected_is_no_rejection(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [stats, sql, talk]) = root.framework("own").await;
    let search = Search::of(&ada).await;
    let asked = json!({ "jobSearchId": search.id });
    for (competency, outcome) in [(&stats, Some("OFFER_ACCEPTED")), (&sql, None), (&talk, Some("NO_RESPONSE"))] {
        let application = search.apply(&ada, "2026-03-01T10:00:00Z").await;
        let themes = json!([{ "competencyId": competency, "polarity": "NEGATIVE" }]);
        let said = json!({ "text": "x", "applicationId": application, "source": "HR", "themes": themes });
        ada.act("Feedback", "record", None, said).await.done();
        if let Some(outcome) = outcome {
            ada.act("Application", "close", Some(&application), json!({ "outcome": outcome })).await.done();
        }
    }
    // Of what came to a place, nothing was amiss; what is open is heard, and is no rejection yet.
    let told = ada.ask("rejectionThemes", asked.clone()).await.done();
    let named: Vec<_> = told["themes"].as_array().unwrap().iter().map(|one| one["competencyId"].clone()).collect();
    assert_eq!((&told["applications"], &told["feedbacks"]), (&json!(2), &json!(2)));
    assert!(!named.contains(&json!(stats)) && named.contains(&json!(sql)), "{named:?}");
    let early = json!({ "jobSearchId": search.id, "competencyIds": [sql] });
    assert_snapshot!(ada.act("LearningNeed", "raiseFromRejections", None, early).await.said(), @"THEME_UNKNOWN /competencyIds/0");
    let raised = ada.act("LearningNeed", "raiseFromRejections", None, asked).await.done();
    let raised: Vec<_> = raised["items"].as_array().unwrap().iter().map(|one| one["competencyId"].clone()).collect();
    assert_eq!(raised, [json!(talk)]);
}

async fn it_has_names_elsewhere(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [_, sql, _]) = root.framework("own").await;
    let search = Search::of(&ada).await;
    let (application, other) = (rejected(&ada, &search, 4).await, rejected(&ada, &search, 4).await);
    // A request.
    let asks = |of: &str, source: &str| json!({ "applicationId": of, "source": source });
    let asked = ada.upsert("FeedbackRequest", "crm", "1", asks(&application, "HR")).await.id();
    let again = ada.upsert("FeedbackRequest", "crm", "1", asks(&application, "HR")).await.done();
    assert_eq!((&again["id"], &again["version"]), (&json!(asked), &json!(1)));
    let changed = ada.upsert("FeedbackRequest", "crm", "1", asks(&application, "NETWORK")).await.done();
    assert_eq!((&changed["source"], &changed["version"]), (&json!("NETWORK"), &json!(2)));
    assert_snapshot!(ada.upsert("FeedbackRequest", "crm", "1", asks(&other, "HR")).await.said(), @"APPLICATION_IMMUTABLE /applicationId");
    // What was said.
    let said = |text: &str| json!({ "requestId": asked, "text": text });
    let first = ada.upsert("Feedback", "crm", "1", said("SQL")).await.done();
    let again = ada.upsert("Feedback", "crm", "1", said("SQL")).await.done();
    assert_eq!((&again["id"], &again["version"]), (&first["id"], &json!(1)));
    assert_eq!(ada.upsert("Feedback", "crm", "1", said("More SQL")).await.done()["text"], json!("More SQL"));
    for (wrong, at) in [
        (json!({ "text": "x", "applicationId": other, "source": "NETWORK" }), "/applicationId"),
        (json!({ "text": "x", "requestId": nothing("fbr") }), "/requestId"),
        (json!({ "text": "x", "requestId": asked, "source": "HR" }), "/source"),
    ] {
        assert_eq!(ada.upsert("Feedback", "crm", "1", wrong).await.said(), format!("APPLICATION_IMMUTABLE {at}"));
    }
    // What one thinks of it.
    let open = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    let held = async || {
        let when = json!({ "applicationId": open, "type": "FINAL", "scheduledAt": "2026-03-10T15:00:00Z" });
        let id = ada.act("Interview", "schedule", None, when).await.id();
        ada.tell("Interview", "hold", &id).await.done();
        id
    };
    let (interview, next) = (held().await, held().await);
    let rates = json!([{ "competencyId": sql, "rating": 2 }]);
    let card = |of: &str, rates: &Value| json!({ "interviewId": of, "ratings": rates });
    let first = ada.upsert("SelfScorecard", "notes", "1", card(&interview, &json!([]))).await.done();
    let rated = ada.upsert("SelfScorecard", "notes", "1", card(&interview, &rates)).await.done();
    assert_eq!((&rated["id"], &rated["ratings"][0]["rating"]), (&first["id"], &json!(2)));
    assert_snapshot!(ada.upsert("SelfScorecard", "notes", "1", card(&next, &rates)).await.said(), @"APPLICATION_IMMUTABLE /interviewId");
    let names = ada.update("SelfScorecard", first["id"].as_str().unwrap(), json!({ "externalRefs": [] })).await.done();
    assert_eq!(names["externalRefs"], json!([]));
}
