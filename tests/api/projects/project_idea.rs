//! Ideas: four sources and their rules, what becomes of them, and what to ask oneself (§13).

use cairn::domain::clock;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    an_idea_becomes_a_project,
    an_idea_is_put_away_and_taken_up_again,
    what_is_joined_is_named,
    a_side_hustle_needs_a_declaration,
    whose_ideas_are_whose,
    an_idea_has_names_elsewhere,
    an_idea_is_kept_by_another_system,
    a_source_that_rests_is_asked_about,
    an_untapped_area_is_pointed_out
);

const KIND: &str = "ProjectIdea";

async fn idea(who: &Actor, source: &str) -> String {
    who.create(KIND, json!({ "title": "Satellites", "source": source })).await.id()
}

fn speaks(idea: &str) -> Value {
    json!({
        "ideaId": idea, "growth": { "stretch": 4, "successLikelihood": 3 },
        "people": { "discussantIds": [] }, "steppingStone": { "technicalComplexity": 3, "businessImpact": 4 },
    })
}

async fn an_idea_becomes_a_project(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let new = json!({
        "title": "Satellites", "description": "See the clouds come.", "source": "APPLICATION_AREA",
        "applicationArea": "Weather",
    });
    let made = ada.create(KIND, new).await.done();
    let id = made["id"].as_str().unwrap();
    assert_eq!(
        (&made["status"], &made["employerConflict"], &made["projectId"]),
        (&json!("CAPTURED"), &json!({ "declared": false, "notes": null }), &json!(null))
    );
    // It is looked at first; without a checklist that is remarked upon.
    let early = ada.tell(KIND, "promote", id).await;
    assert_snapshot!(early.said(), @"INVALID_TRANSITION");
    assert_snapshot!(early.details, @r#"{"allowed":["evaluate"],"command":"promote","from":"CAPTURED"}"#);
    let evaluated = ada.tell(KIND, "evaluate", id).await.done();
    assert_eq!(
        (&evaluated["status"], &evaluated["warnings"][0]["code"]),
        (&json!("EVALUATED"), &json!("CHECKLIST_MISSING"))
    );
    let checklist = ada.act("SelectionChecklist", "put", None, speaks(id)).await.id();
    let promoted = ada.act(KIND, "promote", Some(id), json!({ "domain": "Energy" })).await.done();
    assert_eq!((&promoted["status"], &promoted["warnings"]), (&json!("PROMOTED"), &json!([])));
    let project = ada.see("Project", promoted["projectId"].as_str().unwrap()).await.done();
    assert_eq!(
        ["status", "title", "summary", "kind", "domain", "applicationArea", "ownerId"]
            .map(|name| project[name].clone()),
        ["SCOPING", "Satellites", "See the clouds come.", "PERSONAL", "Energy", "Weather", &ada.id].map(Value::from)
    );
    // Its scope is at the first step, and its checklist went with it.
    let scopes = ada.list("Scope", &[("projectId", project["id"].as_str().unwrap())]).await;
    assert_eq!(scopes.each("currentStep"), ["BUSINESS_PROBLEM"]);
    let checklist = ada.see("SelectionChecklist", &checklist).await.done();
    assert_eq!((&checklist["ideaId"], &checklist["projectId"]), (&json!(id), &project["id"]));
    for verb in ["promote", "evaluate", "shelve", "revive"] {
        assert_snapshot!(ada.tell(KIND, verb, id).await.said(), @"INVALID_TRANSITION");
    }
    assert_eq!(ada.list("Project", &[]).await.items.len(), 1);
    let said = ada.list("Event", &[("subjectId", id), ("sort", "seq")]).await.each("type");
    assert_eq!(said, ["project_idea.created", "project_idea.evaluated", "project_idea.promoted"]);
}

async fn an_idea_is_put_away_and_taken_up_again(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let id = idea(&ada, "READING_AND_TALKING").await;
    assert_snapshot!(ada.tell(KIND, "shelve", &id).await.said(), @"INVALID_TRANSITION");
    ada.tell(KIND, "evaluate", &id).await.done();
    let away = ada.act(KIND, "shelve", Some(&id), json!({ "reason": "No data yet." })).await.done();
    assert_eq!((&away["status"], &away["shelveReason"]), (&json!("SHELVED"), &json!("No data yet.")));
    for verb in ["promote", "evaluate", "shelve"] {
        assert_snapshot!(ada.tell(KIND, verb, &id).await.said(), @"INVALID_TRANSITION");
    }
    let back = ada.tell(KIND, "revive", &id).await.done();
    assert_eq!((&back["status"], &back["shelveReason"]), (&json!("CAPTURED"), &json!(null)));
    assert_snapshot!(ada.update(KIND, &id, json!({ "status": "PROMOTED" })).await.said(), @"USE_STATE_COMMAND /status");
    ada.update(KIND, &id, json!({ "status": "CAPTURED", "title": "Radar" })).await.done();
    assert_eq!(ada.list(KIND, &[("q", "radar"), ("status", "CAPTURED")]).await.ids(), [id]);
}

async fn what_is_joined_is_named(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let join = json!({ "title": "Help Noor", "source": "JOIN_EXISTING" });
    let refused = ada.create(KIND, join.clone()).await;
    assert_snapshot!(refused.said(), @"IDEA_ORIGIN_REQUIRED /originProjectId");
    assert_snapshot!(refused.details, @r#"{"anyOf":["originProjectId","originContactId"]}"#);
    let with = |name: &str, id: &str| {
        let mut new = join.clone();
        new[name] = json!(id);
        new
    };
    // What it was read in does not say whom to join.
    let paper = ada.create("LearningResource", json!({ "kind": "PAPER", "title": "Clouds" })).await.id();
    assert_snapshot!(ada.create(KIND, with("originResourceId", &paper)).await.said(), @"IDEA_ORIGIN_REQUIRED /originProjectId");
    let noor = ada.create("Contact", json!({ "name": "Noor" })).await.id();
    let joined = ada.create(KIND, with("originContactId", &noor)).await.id();
    let project = ada.create("Project", json!({ "title": "Wind" })).await.id();
    ada.create(KIND, with("originProjectId", &project)).await.done();
    // Only what one may know of, and of contacts only one's own.
    let bens = ben.create("Contact", json!({ "name": "Olu" })).await.id();
    let hidden = ben.create("Project", json!({ "title": "Sun" })).await.id();
    assert_snapshot!(ada.create(KIND, with("originContactId", &bens)).await.said(), @"REFERENCE_UNKNOWN /originContactId");
    assert_snapshot!(ada.create(KIND, with("originProjectId", &hidden)).await.said(), @"REFERENCE_UNKNOWN /originProjectId");
    assert_snapshot!(ada.create(KIND, with("originResourceId", &nothing("res"))).await.said(), @"IDEA_ORIGIN_REQUIRED /originProjectId");
    ben.opens(&ada, &["community:read"]).await;
    assert_snapshot!(ada.create(KIND, with("originContactId", &bens)).await.said(), @"REFERENCE_UNKNOWN /originContactId");
    // The rule holds for changes, too.
    let nobody = json!({ "originContactId": null });
    assert_snapshot!(ada.update(KIND, &joined, nobody).await.said(), @"IDEA_ORIGIN_REQUIRED /originProjectId");
    let other = json!({ "originContactId": null, "source": "READING_AND_TALKING", "originResourceId": paper });
    ada.update(KIND, &joined, other).await.done();
    assert_snapshot!(ada.update(KIND, &joined, json!({ "source": "JOIN_EXISTING" })).await.said(), @"IDEA_ORIGIN_REQUIRED /originProjectId");
    assert_snapshot!(ada.update(KIND, &joined, json!({ "originResourceId": nothing("res") })).await.said(), @"REFERENCE_UNKNOWN /originResourceId");
    // A contact that is gone leaves the idea as it was.
    ada.update(KIND, &joined, json!({ "originContactId": noor })).await.done();
    ada.tell("Contact", "delete", &noor).await.done();
    ada.update(KIND, &joined, json!({ "title": "Help somebody" })).await.done();
    let shown = ada.get(&format!("/project-ideas/{joined}?expand=originContact,originResource")).await.fine();
    assert_eq!((&shown["originContact"], &shown["originResource"]["id"]), (&json!(null), &json!(paper)));
}

async fn a_side_hustle_needs_a_declaration(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let id = idea(&ada, "SIDE_HUSTLE").await;
    ada.tell(KIND, "evaluate", &id).await.done();
    let refused = ada.tell(KIND, "promote", &id).await;
    assert_snapshot!(refused.said(), @"CONFLICT_UNDECLARED");
    assert_snapshot!(refused.details, @r#"{"source":"SIDE_HUSTLE"}"#);
    assert_eq!(ada.list("Project", &[]).await.items.len(), 0, "nothing has happened");
    let undeclared = json!({ "employerConflict": { "declared": false, "notes": "To be asked." } });
    ada.update(KIND, &id, undeclared).await.done();
    assert_snapshot!(ada.tell(KIND, "promote", &id).await.said(), @"CONFLICT_UNDECLARED");
    let declared = json!({ "employerConflict": { "declared": true } });
    let declared = ada.update(KIND, &id, declared).await.done();
    assert_eq!(declared["employerConflict"], json!({ "declared": true, "notes": "To be asked." }));
    let promoted = ada.tell(KIND, "promote", &id).await.done();
    let project = ada.see("Project", promoted["projectId"].as_str().unwrap()).await.done();
    assert_eq!(project["kind"], json!("SIDE_HUSTLE"));
    // Whoever knows better says what it is done for.
    let other = idea(&ada, "READING_AND_TALKING").await;
    ada.tell(KIND, "evaluate", &other).await.done();
    let promoted = ada.act(KIND, "promote", Some(&other), json!({ "kind": "WORK" })).await.done();
    assert_eq!(ada.see("Project", promoted["projectId"].as_str().unwrap()).await.done()["kind"], json!("WORK"));
}

async fn whose_ideas_are_whose(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let machine = acme.omnipotent().await;
    let id = idea(&ada, "APPLICATION_AREA").await;
    for who in [&kim, &root] {
        assert_snapshot!(who.see(KIND, &id).await.said(), @"NOT_FOUND");
        assert_snapshot!(who.tell(KIND, "evaluate", &id).await.said(), @"NOT_FOUND");
    }
    let hers = json!({ "title": "For her", "source": "APPLICATION_AREA", "ownerId": ada.id });
    assert_snapshot!(kim.create(KIND, hers.clone()).await.said(), @"REFERENCE_UNKNOWN /ownerId");
    ada.opens(&kim, &["projects:read"]).await;
    kim.see(KIND, &id).await.done();
    assert_snapshot!(kim.tell(KIND, "evaluate", &id).await.said(), @"FORBIDDEN");
    assert_snapshot!(kim.act("SelectionChecklist", "put", None, speaks(&id)).await.said(), @"FORBIDDEN");
    ada.opens(&kim, &["projects:write"]).await;
    assert_eq!(kim.create(KIND, hers.clone()).await.done()["ownerId"], json!(ada.id));
    kim.tell(KIND, "evaluate", &id).await.done();
    let promoted = kim.tell(KIND, "promote", &id).await.done();
    let project = ada.see("Project", promoted["projectId"].as_str().unwrap()).await.done();
    assert_eq!(project["ownerId"], json!(ada.id), "the project is the idea's owner's");
    assert_snapshot!(kim.update(KIND, &id, json!({ "ownerId": kim.id })).await.said(), @"OWNER_IMMUTABLE /ownerId");
    assert_snapshot!(machine.create(KIND, json!({ "title": "x", "source": "APPLICATION_AREA" })).await.said(), @"OWNER_REQUIRED /ownerId");
    machine.create(KIND, hers).await.done();
    let stranger = api.organization("Beta").await.omnipotent().await;
    assert_snapshot!(stranger.see(KIND, &id).await.said(), @"NOT_FOUND");
}

async fn an_idea_has_names_elsewhere(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let names = |id: &str| json!([{ "source": "notes", "externalId": id }]);
    let new = json!({ "title": "Wind", "source": "SIDE_HUSTLE", "externalRefs": names("1") });
    let first = ada.create(KIND, new.clone()).await.done();
    assert_snapshot!(ada.create(KIND, new).await.said(), @"EXTERNAL_REF_TAKEN");
    let found = ada.get("/project-ideas/ext:notes:1").await.fine();
    assert_eq!(found["id"], first["id"]);
    let after = ada.update(KIND, first["id"].as_str().unwrap(), json!({ "externalRefs": names("2") })).await.done();
    assert_eq!((&after["externalRefs"], &after["version"]), (&names("2"), &json!(2)));
}

async fn an_idea_is_kept_by_another_system(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, machine) = (acme.learner("ada").await, acme.learner("ben").await, acme.omnipotent().await);
    let new = json!({ "title": "Wind", "source": "SIDE_HUSTLE", "description": "Blows.", "ownerId": ada.id });
    let made = machine.upsert(KIND, "notes", "42", new.clone()).await.done();
    assert_eq!([&made["status"], &made["ownerId"]], [&json!("CAPTURED"), &json!(ada.id)]);
    assert_eq!(made["externalRefs"], json!([{ "source": "notes", "externalId": "42" }]));
    // The same again changes nothing; what is left out stays.
    assert_eq!(machine.upsert(KIND, "notes", "42", new).await.done()["version"], 1);
    let again = json!({ "title": "Wind power", "source": "READING_AND_TALKING" });
    let after = ada.upsert(KIND, "notes", "42", again.clone()).await.done();
    assert_eq!(
        [&after["id"], &after["title"], &after["source"], &after["description"], &after["version"]],
        [&made["id"], &json!("Wind power"), &json!("READING_AND_TALKING"), &json!("Blows."), &json!(2)]
    );
    // The rules of ideas hold, and it is still hers.
    let joins = json!({ "title": "Wind", "source": "JOIN_EXISTING" });
    assert_snapshot!(ada.upsert(KIND, "notes", "42", joins.clone()).await.said(), @"IDEA_ORIGIN_REQUIRED /originProjectId");
    assert_snapshot!(ada.upsert(KIND, "notes", "43", joins).await.said(), @"IDEA_ORIGIN_REQUIRED /originProjectId");
    let bens = json!({ "title": "Wind", "source": "SIDE_HUSTLE", "ownerId": ben.id });
    assert_snapshot!(machine.upsert(KIND, "notes", "42", bens).await.said(), @"OWNER_IMMUTABLE /ownerId");
    assert_snapshot!(ben.upsert(KIND, "notes", "42", again.clone()).await.said(), @"NOT_FOUND");
    assert_snapshot!(machine.upsert(KIND, "notes", "43", again.clone()).await.said(), @"OWNER_REQUIRED /ownerId");
    assert_snapshot!(ada.knowing(1).upsert(KIND, "notes", "42", again.clone()).await.said(), @"VERSION_MISMATCH");
    // Whoever keeps a copy says that it is there.
    let id = made["id"].as_str().unwrap();
    ada.tell(KIND, "delete", id).await.done();
    assert_eq!(ada.upsert(KIND, "notes", "42", again).await.done()["id"], made["id"]);
    assert_eq!(ada.list(KIND, &[]).await.ids(), [id]);
}

async fn a_source_that_rests_is_asked_about(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    let sources = async |who: &Actor, question: Value| -> Vec<Value> {
        let told = who.ask("ideaPrompts", question).await.done();
        told["items"].as_array().unwrap().iter().map(|one| one["source"].clone()).collect()
    };
    let all = ["JOIN_EXISTING", "READING_AND_TALKING", "APPLICATION_AREA", "SIDE_HUSTLE"];
    assert_eq!(sources(&ada, json!({})).await, all);
    let used = idea(&ada, "SIDE_HUSTLE").await;
    let old = idea(&ada, "APPLICATION_AREA").await;
    assert_eq!(sources(&ada, json!({})).await, ["JOIN_EXISTING", "READING_AND_TALKING"]);
    // After ninety days a source has rested; the newest idea of it counts.
    let ago = clock::now() - TimeDelta::days(91);
    api.execute("UPDATE \"project_idea\" SET created_at = $1 WHERE source = 'APPLICATION_AREA'", vec![ago.into()])
        .await;
    let told = ada.ask("ideaPrompts", json!({})).await.done();
    let rested = &told["items"][2];
    assert_eq!((&rested["source"], &rested["lastUsedAt"]), (&json!("APPLICATION_AREA"), &json!(clock::rfc3339(ago))));
    assert_eq!((&told["items"][0]["lastUsedAt"], &told["items"][0]["playbookRef"]), (&json!(null), &json!("§13")));
    let again = idea(&ada, "APPLICATION_AREA").await;
    assert_eq!(sources(&ada, json!({})).await, ["JOIN_EXISTING", "READING_AND_TALKING"]);
    for id in [&used, &old, &again] {
        ada.tell(KIND, "delete", id).await.done();
    }
    assert_eq!(sources(&ada, json!({})).await, all, "what was deleted was no use");
    // Of another only with their leave.
    let hers = json!({ "userId": ada.id });
    assert_snapshot!(kim.ask("ideaPrompts", hers.clone()).await.said(), @"GRANT_REQUIRED");
    ada.opens(&kim, &["projects:read"]).await;
    assert_eq!(sources(&kim, hers).await, all);
}

async fn an_untapped_area_is_pointed_out(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let new =
        json!({ "title": "Satellites", "source": "APPLICATION_AREA", "applicationArea": "Öffentliche Verwaltung" });
    let id = ada.create(KIND, new).await.id();
    let told = ada.ask("insights", json!({ "subjectId": id })).await.done();
    let one = &told["items"][0];
    assert_eq!(
        ["code", "severity", "subjectKind", "playbookRef"].map(|name| one[name].clone()),
        ["UNTAPPED_AREA", "INFO", "project_idea", "§13"].map(Value::from)
    );
    let command = &one["suggestedCommand"];
    assert_eq!(
        (&command["name"], &command["path"]),
        (&json!("evaluateProjectIdea"), &json!(format!("/api/v1/project-ideas/{id}/evaluate")))
    );
    // Whoever sees her learning alone is told nothing of her ideas.
    ada.opens(&kim, &["learning:read"]).await;
    let hers = json!({ "userId": ada.id });
    assert_eq!(kim.ask("personInsights", hers.clone()).await.done()["items"], json!([]));
    ada.opens(&kim, &["projects:read"]).await;
    let told = kim.ask("personInsights", hers).await.done();
    assert_eq!(
        (&told["items"][0]["code"], &told["items"][0]["suggestedCommand"]),
        (&json!("UNTAPPED_AREA"), &json!(null))
    );
    // A project there, whoever's it is and however it writes the area, and it is untapped no more.
    let project =
        ben.create("Project", json!({ "title": "Forms", "applicationArea": "ÖFFENTLICHE  VERWALTUNG" })).await.id();
    assert_eq!(ada.ask("insights", json!({ "subjectId": id })).await.done()["items"], json!([]));
    ben.tell("Project", "delete", &project).await.done();
    assert_eq!(ada.ask("personInsights", json!({})).await.done()["items"].as_array().unwrap().len(), 1);
    ada.tell(KIND, "evaluate", &id).await.done();
    ada.tell(KIND, "shelve", &id).await.done();
    assert_eq!(ada.ask("personInsights", json!({})).await.done()["items"], json!([]), "it is put away");
}
