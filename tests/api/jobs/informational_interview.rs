//! Informational interviews: every command in every state, preparation, and what comes of them (§20).

use entity::platform::client::Scope;
use serde_json::{Value, json};

use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    every_command_in_every_state,
    who_goes_unprepared_is_told,
    a_talk_is_moved_and_its_history_kept,
    whoever_talked_was_in_touch,
    the_usual_questions_and_ones_own,
    a_guide_needs_the_scope_of_what_it_is_for,
    each_outcome_leads_somewhere,
    a_talk_has_names_elsewhere,
    a_talk_is_followed_up_after_it,
    a_day_that_was_set_before_stays,
    a_talk_is_its_owners
);

pub const KIND: &str = "InformationalInterview";
const STATES: [&str; 8] =
    ["PLANNED", "REQUESTED", "SCHEDULED", "HELD", "FOLLOWED_UP", "DECLINED", "NO_RESPONSE", "CANCELLED"];

/// Somebody to ask.
pub async fn contact(who: &Actor, name: &str) -> String {
    who.create("Contact", json!({ "name": name, "role": "ML engineer" })).await.id()
}

pub async fn planned(who: &Actor, contact: &str) -> String {
    let new =
        json!({ "contactId": contact, "researchInterviewee": "She leads it.", "researchCompany": "It runs the grid." });
    who.create(KIND, new).await.id()
}

/// What a command takes at least.
fn input(command: &str) -> Value {
    match command {
        "schedule" | "reschedule" => json!({ "scheduledAt": "2026-03-10T10:00:00Z" }),
        "conclude" => json!({ "outcome": "NOT_FOR_ME" }),
        _ => json!({}),
    }
}

/// Leads a talk to a state.
async fn lead(who: &Actor, talk: &str, state: &str) {
    let way: &[&str] = match state {
        "PLANNED" => &[],
        "REQUESTED" => &["request"],
        "SCHEDULED" => &["request", "schedule"],
        "HELD" => &["request", "schedule", "hold"],
        "FOLLOWED_UP" => &["request", "schedule", "hold", "followUp"],
        "DECLINED" => &["request", "decline"],
        "NO_RESPONSE" => &["request", "markNoResponse"],
        _ => &["cancel"],
    };
    for command in way {
        let done = who.act(KIND, command, Some(talk), input(command)).await.done();
        assert_eq!(done["warnings"], json!([]), "{command}");
    }
}

/// A talk that was held.
pub async fn held(who: &Actor, contact: &str) -> String {
    let talk = planned(who, contact).await;
    lead(who, &talk, "HELD").await;
    talk
}

async fn every_command_in_every_state(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let noor = contact(&ada, "Noor").await;
    let commands = [
        "request",
        "schedule",
        "reschedule",
        "hold",
        "conclude",
        "followUp",
        "decline",
        "markNoResponse",
        "cancel",
        "reopen",
    ];
    let mut table = Vec::new();
    for command in commands {
        let mut row = format!("{command:<15}");
        for state in STATES {
            let talk = planned(&ada, &noor).await;
            lead(&ada, &talk, state).await;
            assert_eq!(ada.see(KIND, &talk).await.done()["state"], state);
            let outcome = ada.act(KIND, command, Some(&talk), input(command)).await;
            let to = match outcome.refused {
                None => outcome.object["state"].as_str().unwrap().to_owned(),
                Some(code) => {
                    assert_eq!(code, "INVALID_TRANSITION");
                    assert_eq!(
                        (&outcome.details["from"], &outcome.details["command"]),
                        (&json!(state), &json!(command))
                    );
                    "-".to_owned()
                }
            };
            row.push_str(&format!(" {to:<12}"));
        }
        table.push(row.trim_end().to_owned());
    }
    assert_snapshot!(table.join("\n"), @r"
    request         REQUESTED    -            -            -            -            -            -            -
    schedule        -            SCHEDULED    -            -            -            -            -            -
    reschedule      -            -            SCHEDULED    -            -            -            -            -
    hold            -            -            HELD         -            -            -            -            -
    conclude        -            -            -            HELD         FOLLOWED_UP  -            -            -
    followUp        -            -            -            FOLLOWED_UP  -            -            -            -
    decline         -            DECLINED     DECLINED     -            -            -            -            -
    markNoResponse  -            NO_RESPONSE  -            -            -            -            -            -
    cancel          CANCELLED    CANCELLED    CANCELLED    -            -            -            -            -
    reopen          -            -            -            -            -            -            REQUESTED    -
    ");
    let unknown = ada.tell(KIND, "request", &nothing("inf")).await;
    assert_snapshot!(unknown.said(), @"NOT_FOUND");
}

async fn who_goes_unprepared_is_told(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let noor = contact(&ada, "Noor").await;
    let when = json!({ "scheduledAt": "2026-03-10T10:00:00Z", "durationMin": 45, "channel": "VIDEO" });
    let asked = async |known: Value| {
        let mut new = json!({ "contactId": noor });
        new.as_object_mut().unwrap().extend(known.as_object().unwrap().clone());
        let talk = ada.create(KIND, new).await.done();
        ada.tell(KIND, "request", talk["id"].as_str().unwrap()).await.done();
        talk
    };
    let nothing_known = asked(json!({})).await;
    assert_eq!(
        nothing_known["readiness"],
        json!({ "researchInterviewee": false, "researchCompany": false, "questionsCount": 6, "ready": false })
    );
    let talk = nothing_known["id"].as_str().unwrap();
    let done = ada.act(KIND, "schedule", Some(talk), when.clone()).await.done();
    assert_eq!((&done["durationMin"], &done["channel"]), (&json!(45), &json!("VIDEO")));
    let told = &done["warnings"][0];
    assert_eq!(
        (&told["code"], &told["details"]["missing"]),
        (&json!("NOT_PREPARED"), &json!(["researchInterviewee", "researchCompany"]))
    );
    // Strict organizations refuse it, until both are known.
    acme.decide(&root, json!({ "preparationRequired": true })).await;
    let half = asked(json!({ "researchInterviewee": "She leads it." })).await;
    let talk = half["id"].as_str().unwrap();
    let refused = ada.act(KIND, "schedule", Some(talk), when.clone()).await;
    assert_snapshot!(refused.said(), @"PREPARATION_REQUIRED");
    assert_eq!(refused.details, json!({ "missing": ["researchCompany"] }));
    let known = ada.update(KIND, talk, json!({ "researchCompany": "It runs the grid." })).await.done();
    assert_eq!((&known["readiness"]["ready"], &known["state"]), (&json!(true), &json!("REQUESTED")));
    let done = ada.act(KIND, "schedule", Some(talk), when).await.done();
    assert_eq!((&done["state"], &done["warnings"]), (&json!("SCHEDULED"), &json!([])));
}

async fn a_talk_is_moved_and_its_history_kept(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let noor = contact(&ada, "Noor").await;
    let talk = planned(&ada, &noor).await;
    lead(&ada, &talk, "SCHEDULED").await;
    let later = json!({ "scheduledAt": "2026-03-12T10:00:00Z", "reason": "She is ill." });
    ada.act(KIND, "reschedule", Some(&talk), later).await.done();
    let later = json!({ "scheduledAt": "2026-03-14T10:00:00Z", "durationMin": 60 });
    let moved = ada.act(KIND, "reschedule", Some(&talk), later).await.done();
    let kept: Vec<_> = moved["reschedules"].as_array().unwrap().iter().collect();
    let at = |place: usize| (&kept[place]["scheduledAt"], &kept[place]["durationMin"], &kept[place]["reason"]);
    assert_eq!(at(0), (&json!("2026-03-10T10:00:00.000000Z"), &json!(30), &json!("She is ill.")));
    assert_eq!(at(1), (&json!("2026-03-12T10:00:00.000000Z"), &json!(30), &Value::Null));
    assert_eq!(
        (&moved["scheduledAt"], &moved["durationMin"], kept.len()),
        (&json!("2026-03-14T10:00:00.000000Z"), &json!(60), 2)
    );
    let events = ada.list("Event", &[("subjectKind", "informational_interview"), ("sort", "seq")]).await.each("type");
    let moves = events.iter().filter(|kind| **kind == json!("informational_interview.rescheduled"));
    assert_eq!(moves.count(), 2);
    assert_snapshot!(ada.act(KIND, "reschedule", Some(&talk), json!({ "scheduledAt": "soon" })).await.code(), @"BAD_INPUT");
}

async fn whoever_talked_was_in_touch(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    let noor = contact(&ada, "Noor").await;
    let talk = held(&ada, &noor).await;
    let seen = ada.see(KIND, &talk).await.done();
    assert_eq!(seen["heldAt"], "2026-03-10T10:00:00.000000Z", "it took place when it was to");
    assert_eq!(seen["followUpDueAt"], "2026-03-12T10:00:00.000000Z", "two days later");
    let logged = ada.list("Interaction", &[("contactId", &noor)]).await.items;
    assert_eq!((logged.len(), &logged[0]["kind"]), (1, &json!("INFORMATIONAL_INTERVIEW")));
    // What the talk was for stays with it, and so does that it was one: whoever sees the contacts reads that they met.
    assert_eq!(logged[0]["note"], json!(null));
    let mia = acme.coach("mia").await;
    ada.opens(&mia, &["community:read"]).await;
    let met = mia.list("Interaction", &[("contactId", &noor)]).await.items;
    assert_eq!((met.len(), &met[0]["kind"], &met[0]["note"]), (1, &json!("MEETING"), &json!(null)));
    for (kind, found) in [("INFORMATIONAL_INTERVIEW", 0), ("MEETING", 1), ("CALL", 0)] {
        assert_eq!(mia.list("Interaction", &[("kind", kind)]).await.items.len(), found, "{kind}");
    }
    assert_eq!(ada.list("Interaction", &[("kind", "MEETING")]).await.items.len(), 0);
    let last = ada.see("Contact", &noor).await.done()["lastInteractionAt"].clone();
    assert_eq!(last, "2026-03-10T10:00:00.000000Z");
    // One that was to be later is held now; nothing is held in the future.
    let other = planned(&ada, &noor).await;
    ada.tell(KIND, "request", &other).await.done();
    let soon = json!({ "scheduledAt": "2999-01-01T00:00:00Z" });
    ada.act(KIND, "schedule", Some(&other), soon).await.done();
    let ahead = json!({ "heldAt": "2999-01-01T00:00:00Z" });
    assert_snapshot!(ada.act(KIND, "hold", Some(&other), ahead).await.said(), @"OCCURRED_AT_INVALID /heldAt");
    // Whoever may move the talk, and may not look at contacts, is told that nothing was logged.
    ada.opens(&kim, &["jobs:write"]).await;
    let answers = json!([{ "topic": "A typical day", "text": "Cleaning data." }]);
    let input = json!({ "answers": answers, "followUpDueAt": "2027-01-01T00:00:00Z" });
    let done = kim.act(KIND, "hold", Some(&other), input).await.done();
    assert_eq!(done["warnings"][0]["code"], "INTERACTION_NOT_LOGGED");
    assert_eq!((&done["answers"], &done["followUpDueAt"]), (&answers, &json!("2027-01-01T00:00:00.000000Z")));
    assert!(done["heldAt"].as_str().unwrap() < "2900");
    assert_eq!(ada.list("Interaction", &[("contactId", &noor)]).await.items.len(), 1);
    let thanked = ada.tell(KIND, "followUp", &talk).await.done();
    assert!(thanked["followedUpAt"].is_string());
}

async fn the_usual_questions_and_ones_own(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let noor = contact(&ada, "Noor").await;
    let talk = planned(&ada, &noor).await;
    let seen = ada.see(KIND, &talk).await.done();
    let guide = ada.ask("interviewGuide", json!({ "kind": "INFORMATIONAL" })).await.done();
    let usual: Vec<Value> = guide["questions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| json!({ "topic": one["topic"], "text": one["text"] }))
        .collect();
    assert_eq!((usual.len(), &seen["questions"]), (6, &json!(usual)));
    assert_eq!((&guide["maximumPainPoints"], &guide["questions"][2]["becomes"]), (&json!(0), &json!("SKILL")));
    let own = json!([{ "topic": "Nights", "text": "How often are you on call?" }]);
    let changed = ada.update(KIND, &talk, json!({ "ownQuestions": own })).await.done();
    assert_eq!((&changed["questions"], &changed["readiness"]["questionsCount"]), (&own, &json!(1)));
    let back = ada.update(KIND, &talk, json!({ "ownQuestions": [] })).await.done();
    assert_eq!((&back["questions"], &back["ownQuestions"]), (&json!(usual), &json!([])));
    assert_eq!(seen["roleTitle"], "ML engineer", "as the contact's is");
    let many = json!({ "ownQuestions": vec![json!({ "topic": "a", "text": "b" }); 21] });
    assert_snapshot!(ada.update(KIND, &talk, many).await.said(), @"VALIDATION_FAILED /ownQuestions");
}

async fn a_guide_needs_the_scope_of_what_it_is_for(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let asks = async |scopes: &[Scope], kind: &str| {
        let told = ada.limited_to(&acme, scopes).ask("interviewGuide", json!({ "kind": kind })).await;
        (told.said(), told.details["scope"].clone())
    };
    let fine = ("fine".to_owned(), Value::Null);
    assert_eq!(asks(&[Scope::JobsRead], "INFORMATIONAL").await, fine);
    assert_eq!(asks(&[Scope::JobsWrite], "INFORMATIONAL").await, fine);
    assert_eq!(asks(&[Scope::ProjectsRead], "DOMAIN_EXPERT").await, fine);
    let lacks = |scope: &str| ("INSUFFICIENT_SCOPE".to_owned(), json!(scope));
    assert_eq!(asks(&[Scope::ProjectsRead], "INFORMATIONAL").await, lacks("jobs:read"));
    assert_eq!(asks(&[Scope::JobsRead], "DOMAIN_EXPERT").await, lacks("projects:read"));
    assert_eq!(asks(&[Scope::LearningRead], "INFORMATIONAL").await, lacks("projects:read"));
}

async fn each_outcome_leads_somewhere(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root, ben) = (acme.learner("ada").await, acme.admin("root").await, acme.learner("ben").await);
    let noor = contact(&ada, "Noor").await;
    let talk = held(&ada, &noor).await;
    let say = async |input: Value| ada.act(KIND, "conclude", Some(&talk), input).await;
    // An introduction names a contact of one's own, and nothing else does.
    let bens = contact(&ben, "Olu").await;
    assert_snapshot!(say(json!({ "outcome": "INTRODUCED_TO" })).await.said(), @"INTRODUCTION_CONTACT_REQUIRED /introducedContactId");
    for contact in [bens, nothing("ctc")] {
        let to = json!({ "outcome": "INTRODUCED_TO", "introducedContactId": contact });
        assert_snapshot!(say(to).await.said(), @"REFERENCE_UNKNOWN /introducedContactId");
    }
    let herself = json!({ "outcome": "INTRODUCED_TO", "introducedContactId": noor });
    assert_snapshot!(say(herself).await.said(), @"INTRODUCTION_CONTACT_REQUIRED /introducedContactId");
    let olu = contact(&ada, "Olu").await;
    let apply = json!({ "outcome": "APPLY", "introducedContactId": olu });
    assert_snapshot!(say(apply).await.said(), @"INTRODUCTION_CONTACT_FORBIDDEN /introducedContactId");
    let done =
        say(json!({ "outcome": "INTRODUCED_TO", "introducedContactId": olu, "note": "Her former lead." })).await.done();
    assert_eq!((&done["introducedContactId"], &done["outcome"]), (&json!(olu), &json!("INTRODUCED_TO")));
    let done = say(json!({ "outcome": "REFERRAL_OFFERED" })).await.done();
    assert_eq!(
        (&done["warnings"][0]["code"], &done["introducedContactId"]),
        (&json!("REFERRAL_OFFERED"), &Value::Null)
    );
    assert_eq!(done["warnings"][0]["details"]["contactId"], json!(noor));
    // To learn something first is a success: it becomes needs.
    let done = say(json!({ "outcome": "LEARN_FIRST" })).await.done();
    assert_eq!(done["warnings"][0]["code"], "NOTHING_NAMED_TO_LEARN");
    let (_, [_, sql, python]) = root.framework("own").await;
    let found = async |competency: &str, weight: i64| {
        let new = json!({
            "interviewId": talk, "kind": "SKILL", "text": "One needs it.", "competencyId": competency, "weight": weight,
        });
        ada.create("Finding", new).await.done()
    };
    // What is found later is to be learnt, too.
    assert_eq!(found(&sql, 5).await["warnings"][0]["code"], "NEEDS_RAISED");
    found(&python, 1).await;
    let needs = ada.list("LearningNeed", &[("sort", "-strength")]).await.items;
    let told: Vec<_> = needs.iter().map(|need| (&need["competencyId"], &need["strength"], &need["state"])).collect();
    assert_eq!(told, [(&json!(sql), &json!(100), &json!("OPEN")), (&json!(python), &json!(20), &json!("OPEN"))]);
    let sources = ada.list("LearningNeedSource", &[]).await.items;
    assert!(sources.iter().all(|one| one["source"] == "INFO_INTERVIEW" && one["sourceId"] == json!(talk)));
    assert!(sources.iter().all(|one| one["note"] == json!(null)), "what was said stays with the talk");
    let done = say(json!({ "outcome": "LEARN_FIRST" })).await.done();
    assert_eq!(done["warnings"][0]["details"]["needIds"].as_array().unwrap().len(), 2);
    assert_eq!(ada.list("LearningNeedSource", &[]).await.items.len(), 2, "the same again joins nothing");
    // Whoever thinks otherwise is told that what there is to learn stays.
    let done = say(json!({ "outcome": "APPLY" })).await.done();
    assert_eq!(done["warnings"][0]["code"], "NEEDS_STAY_OPEN");
    assert_eq!(say(json!({ "outcome": "NOT_FOR_ME" })).await.done()["warnings"], json!([]));
}

async fn a_talk_has_names_elsewhere(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (noor, olu) = (contact(&ada, "Noor").await, contact(&ada, "Olu").await);
    let talk = |more: Value| {
        let mut new = json!({ "contactId": noor, "purpose": "How they work." });
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        new
    };
    let first = ada.upsert(KIND, "crm", "7", talk(json!({}))).await.done();
    assert_eq!((&first["state"], &first["durationMin"]), (&json!("PLANNED"), &json!(30)));
    let again = ada.upsert(KIND, "crm", "7", talk(json!({ "durationMin": 45, "channel": "VIDEO" }))).await.done();
    assert_eq!(
        (&again["id"], &again["durationMin"], &again["channel"], &again["purpose"]),
        (&first["id"], &json!(45), &json!("VIDEO"), &json!("How they work."))
    );
    let same = ada.upsert(KIND, "crm", "7", talk(json!({}))).await.done();
    assert_eq!(same["version"], again["version"], "the same again is no change");
    // Who is asked never changes.
    assert_snapshot!(ada.upsert(KIND, "crm", "7", json!({ "contactId": olu })).await.said(), @"CONTACT_IMMUTABLE /contactId");
}

async fn a_talk_is_followed_up_after_it(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let noor = contact(&ada, "Noor").await;
    let talk = planned(&ada, &noor).await;
    lead(&ada, &talk, "SCHEDULED").await;
    let early = json!({ "heldAt": "2026-03-10T10:00:00Z", "followUpDueAt": "2026-03-10T09:00:00Z" });
    assert_snapshot!(ada.act(KIND, "hold", Some(&talk), early).await.said(), @"OCCURRED_AT_INVALID /followUpDueAt");
    ada.act(KIND, "hold", Some(&talk), json!({ "heldAt": "2026-03-10T10:00:00Z" })).await.done();
    let early = json!({ "followedUpAt": "2026-03-10T09:59:59Z" });
    assert_snapshot!(ada.act(KIND, "followUp", Some(&talk), early).await.said(), @"OCCURRED_AT_INVALID /followedUpAt");
    let later = json!({ "followUpDueAt": "2026-03-09T10:00:00Z" });
    assert_snapshot!(ada.update(KIND, &talk, later).await.said(), @"OCCURRED_AT_INVALID /followUpDueAt");
    let then = json!({ "followedUpAt": "2026-03-10T10:00:00Z" });
    assert_eq!(ada.act(KIND, "followUp", Some(&talk), then).await.done()["state"], json!("FOLLOWED_UP"));
}

async fn a_day_that_was_set_before_stays(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let noor = contact(&ada, "Noor").await;
    // The talk was on 10 March: what lies before it is none to follow it up.
    let later = "2999-12-24T10:00:00.000000Z";
    for (set, said, due) in [
        (later, json!({}), later),
        ("2026-03-10T10:00:00Z", json!({}), "2026-03-10T10:00:00.000000Z"),
        ("2026-03-09T10:00:00Z", json!({}), "2026-03-12T10:00:00.000000Z"),
        (later, json!({ "followUpDueAt": "2026-04-01T10:00:00Z" }), "2026-04-01T10:00:00.000000Z"),
    ] {
        let talk = planned(&ada, &noor).await;
        ada.update(KIND, &talk, json!({ "followUpDueAt": set })).await.done();
        lead(&ada, &talk, "SCHEDULED").await;
        let held = ada.act(KIND, "hold", Some(&talk), said).await.done();
        assert_eq!(held["followUpDueAt"], json!(due), "{set}");
    }
}

async fn a_talk_is_its_owners(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (analyst, machine) = (acme.analyst("ana").await, acme.omnipotent().await);
    let eve = api.organization("Beta").await.admin("eve").await;
    let noor = contact(&ada, "Noor").await;
    let talk = held(&ada, &noor).await;
    let finding = json!({ "interviewId": talk, "kind": "DUTY", "text": "Models." });
    let finding = ada.create("Finding", finding).await.id();
    let observed = json!({ "companyId": ada.create("Company", json!({ "name": "Grid" })).await.id(), "title": "x", "duties": ["y"] });
    let observation = ada.create("RoleObservation", observed).await.id();
    let all = [(KIND, &talk), ("Finding", &finding), ("RoleObservation", &observation)];
    // A grant for everything else opens nothing of it.
    ada.opens(&kim, &["learning:review", "projects:write", "community:write", "portfolio:write"]).await;
    for who in [&kim, &root, &analyst, &machine, &eve] {
        for (kind, id) in all {
            assert_eq!(who.see(kind, id).await.said(), "NOT_FOUND", "{kind} by {}", who.name);
            assert_eq!(who.list(kind, &[]).await.items.len(), 0, "{kind} by {}", who.name);
            assert_eq!(who.tell(kind, "delete", id).await.said(), "NOT_FOUND", "{kind} by {}", who.name);
        }
        for command in ["followUp", "conclude", "hold"] {
            assert_eq!(who.act(KIND, command, Some(&talk), input(command)).await.said(), "NOT_FOUND", "{}", who.name);
        }
    }
    // Who reads it reads the id of whom was asked, and no more of them.
    let kims = acme.coach("kay").await;
    ada.opens(&kims, &["jobs:read"]).await;
    let seen = kims.get(&format!("/informational-interviews/{talk}?expand=contact")).await.fine();
    assert_eq!((&seen["contactId"], &seen["contact"]), (&json!(noor), &Value::Null));
    assert_snapshot!(kims.tell(KIND, "followUp", &talk).await.said(), @"FORBIDDEN");
    let hers = json!({ "contactId": noor, "ownerId": ada.id });
    assert_snapshot!(kims.create(KIND, hers.clone()).await.said(), @"FORBIDDEN");
    ada.opens(&kims, &["jobs:write", "community:read"]).await;
    assert_eq!(kims.create(KIND, hers).await.done()["ownerId"], json!(ada.id));
    assert_snapshot!(machine.create(KIND, json!({ "contactId": noor })).await.said(), @"OWNER_REQUIRED /ownerId");
    // The talk of another is about a contact of theirs.
    let mine = contact(&kims, "Zoe").await;
    let mixed = json!({ "contactId": mine, "ownerId": ada.id });
    assert_snapshot!(kims.create(KIND, mixed).await.said(), @"REFERENCE_UNKNOWN /contactId");
    assert_snapshot!(ada.update(KIND, &talk, json!({ "ownerId": kim.id })).await.said(), @"OWNER_IMMUTABLE /ownerId");
    // What a talk brought goes with it.
    ada.tell(KIND, "delete", &talk).await.done();
    assert_snapshot!(ada.see("Finding", &finding).await.said(), @"NOT_FOUND");
    ada.tell(KIND, "restore", &talk).await.done();
    ada.see("Finding", &finding).await.done();
}
