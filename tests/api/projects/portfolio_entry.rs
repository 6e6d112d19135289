//! Portfolio entries: written by hand or drafted from a project, in four stages that stand on evidence (§15).

use serde_json::{Value, json};

use super::{begun, scoped};
use crate::harness::{Actor, Api, assert_snapshot, face::id, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    an_entry_is_written_and_changed,
    what_an_entry_shows_is_of_a_scale,
    an_entry_is_drafted_from_a_finished_project,
    stages_stand_on_evidence,
    what_came_before_decides_what_is_a_rise,
    whose_portfolio_is_whose,
    an_entry_has_names_elsewhere,
);

const KIND: &str = "PortfolioEntry";

/// An entry of a title, finished on a day.
pub async fn entry(who: &Actor, title: &str, more: Value) -> String {
    let mut new = json!({ "title": title });
    new.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    who.create(KIND, new).await.id()
}

/// Says that it became part of a job, and gives the evidence's id.
pub async fn worth(who: &Actor, entry: &str) -> String {
    let shows = json!({ "entryId": entry, "kind": "PART_OF_JOB", "note": "They run it every morning." });
    who.act("PortfolioEvidence", "record", None, shows).await.id()
}

/// The stage that an entry seems to be of, with the reasons: those that are not so in brackets.
async fn suggested(who: &Actor, entry: &str) -> String {
    let seen = who.see(KIND, entry).await.done();
    let reasons = seen["stageReasons"].as_array().unwrap().iter().map(|one| {
        let code = one["code"].as_str().unwrap();
        if one["met"] == true { code.to_owned() } else { format!("({code})") }
    });
    format!("{}: {}", seen["suggestedStage"].as_str().unwrap(), reasons.collect::<Vec<_>>().join(" "))
}

async fn an_entry_is_written_and_changed(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let new = json!({
        "title": "Chess", "summary": "It plays.\nBadly.", "personalKind": "HOBBY", "startedAt": "2025-01-01T00:00:00Z",
        "finishedAt": "2025-03-01T00:00:00Z", "complexity": 2, "teamSize": 1, "resources": ["HEADCOUNT", "COMPUTE"],
        "links": [{ "url": "https://example.org/chess", "label": "Code" }],
    });
    let made = ada.create(KIND, new).await.done();
    let made_id = id(&made);
    assert_eq!(
        ["stage", "suggestedStage", "visibility", "ownerId"].map(|name| made[name].clone()),
        ["PERSONAL_PROJECT", "PERSONAL_PROJECT", "PRIVATE", &ada.id].map(Value::from)
    );
    assert_eq!((&made["resources"], &made["projectId"]), (&json!(["COMPUTE", "HEADCOUNT"]), &json!(null)));
    assert_eq!(made["links"], json!([{ "url": "https://example.org/chess", "label": "Code" }]));
    assert_eq!((&made["competencies"], &made["assigned"]), (&json!([]), &json!(false)));
    assert_snapshot!(suggested(&ada, &made_id).await, @"PERSONAL_PROJECT: SELF_STARTED (VALUE_EVIDENCE)");
    // An assignment is another thing, unless somebody says so.
    let class = ada.create(KIND, json!({ "title": "Iris", "assigned": true })).await.done();
    assert_eq!(class["stage"], "CLASS_PROJECT");
    assert_snapshot!(suggested(&ada, &id(&class)).await, @"CLASS_PROJECT: ASSIGNMENT (VALUE_EVIDENCE)");
    // What cannot be.
    for (wrong, said) in [
        (json!({ "title": "x", "finishedAt": "2999-01-01T00:00:00Z" }), "OCCURRED_AT_INVALID /finishedAt"),
        (
            json!({ "title": "x", "startedAt": "2025-02-01T00:00:00Z", "finishedAt": "2025-01-01T00:00:00Z" }),
            "RANGE_INVERTED /finishedAt",
        ),
        (json!({ "title": "x", "projectId": nothing("prj") }), "REFERENCE_UNKNOWN /projectId"),
        (json!({ "title": "x", "complexity": 6 }), "VALIDATION_FAILED /complexity"),
    ] {
        assert_eq!(ada.create(KIND, wrong).await.said(), said);
    }
    let after =
        ada.update(KIND, &made_id, json!({ "complexity": null, "resources": [], "visibility": "LINK" })).await.done();
    assert_eq!(
        ["complexity", "resources", "visibility", "version"].map(|name| after[name].clone()),
        [json!(null), json!([]), json!("LINK"), json!(2)]
    );
    assert_snapshot!(ada.update(KIND, &made_id, json!({ "ownerId": nothing("usr") })).await.said(), @"OWNER_IMMUTABLE /ownerId");
    assert_snapshot!(ada.update(KIND, &made_id, json!({ "finishedAt": "2024-01-01T00:00:00Z" })).await.said(), @"RANGE_INVERTED /finishedAt");
    assert_eq!(ada.list(KIND, &[("visibility", "LINK,PUBLIC")]).await.ids(), std::slice::from_ref(&made_id));
    assert_eq!(ada.list(KIND, &[("stage", "CLASS_PROJECT")]).await.ids(), [id(&class)]);
    assert_eq!(ada.list(KIND, &[("q", "CHES")]).await.ids(), std::slice::from_ref(&made_id));
    ada.tell(KIND, "delete", &made_id).await.done();
    assert_snapshot!(ada.see(KIND, &made_id).await.said(), @"NOT_FOUND");
    ada.tell(KIND, "restore", &made_id).await.done();
    let said = ada.list("Event", &[("subjectId", &made_id), ("sort", "seq")]).await.each("type");
    assert_eq!(said, ["created", "updated", "deleted", "restored"].map(|what| format!("portfolio_entry.{what}")));
}

async fn what_an_entry_shows_is_of_a_scale(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (framework, [_, a, b]) = root.framework("own").await;
    root.update("CompetencyFramework", &framework, json!({ "visible": true })).await.done();
    let shows = |of: &[(&str, i64)]| {
        let all: Vec<_> = of.iter().map(|(id, level)| json!({ "competencyId": id, "levelShown": level })).collect();
        json!({ "title": "Wind", "competencies": all })
    };
    let nobody = nothing("cmp");
    let refused = ada.create(KIND, shows(&[(&a, 2), (&b, 4)])).await;
    assert_snapshot!(refused.said(), @"LEVEL_NOT_IN_SCALE /competencies/1/levelShown");
    assert_snapshot!(refused.details, @r#"{"levels":[1,2,3]}"#);
    assert_snapshot!(ada.create(KIND, shows(&[(&a, 2), (&a, 3)])).await.said(), @"LEVEL_AMBIGUOUS /competencies/1/levelShown");
    assert_snapshot!(ada.create(KIND, shows(&[(&a, 2), (&nobody, 1)])).await.said(), @"REFERENCE_UNKNOWN /competencies/1");
    assert_eq!(ada.list(KIND, &[]).await.items.len(), 0, "nothing has happened");
    let made = ada.create(KIND, shows(&[(&b, 1), (&a, 3)])).await.done();
    let told = |id: &str, level: i64| json!({ "competencyId": id, "levelShown": level });
    let mut expected = [told(&a, 3), told(&b, 1)];
    expected.sort_by_key(|one| one["competencyId"].as_str().unwrap().to_owned());
    assert_eq!(made["competencies"], json!(expected));
    // The same again is no change; another level is.
    let same = json!({ "competencies": expected });
    assert_eq!(ada.update(KIND, &id(&made), same).await.done()["version"], 1);
    let other = json!({ "competencies": [told(&a, 2)] });
    let other = ada.update(KIND, &id(&made), other).await.done();
    assert_eq!((&other["competencies"], &other["version"]), (&json!([told(&a, 2)]), &json!(2)));
    let whole = ada.get(&format!("/portfolio-entries/{}?expand=skills", id(&made))).await.fine();
    assert_eq!(whole["skills"]["items"][0]["code"], "leaf-a");
    // Whoever shows something of a framework keeps it as it is.
    let refused = root.tell("Competency", "delete", &a).await;
    assert_snapshot!(refused.said(), @"IN_USE");
    assert_eq!(refused.details["portfolioEntries"], 1);
    assert_snapshot!(root.tell("CompetencyFramework", "delete", &framework).await.said(), @"FRAMEWORK_IN_USE");
    root.tell("Competency", "delete", &b).await.done();
}

/// A project that was carried out.
async fn finished(who: &Actor, title: &str) -> String {
    let project = scoped(who, title).await;
    for verb in ["start", "complete"] {
        who.tell("Project", verb, &project).await.done();
    }
    project
}

async fn an_entry_is_drafted_from_a_finished_project(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let draft = async |who: &Actor, from: Value| who.act(KIND, "draft", None, from).await;
    let open = ada.create("Project", json!({ "title": "Sun" })).await.id();
    let refused = draft(&ada, json!({ "projectId": open })).await;
    assert_snapshot!(refused.said(), @"PROJECT_NOT_FINISHED /projectId");
    assert_snapshot!(refused.details, @r#"{"status":"SCOPING"}"#);
    let project = finished(&ada, "Wind").await;
    let speaks = json!({
        "projectId": project, "growth": { "stretch": 4, "successLikelihood": 3 },
        "steppingStone": { "technicalComplexity": 4, "businessImpact": 4 },
    });
    ada.act("SelectionChecklist", "put", None, speaks).await;
    api.execute("UPDATE \"project\" SET summary = 'Forecasts.' WHERE title = 'Wind'", Vec::new()).await;
    let known = ada.see("Project", &project).await.done();
    let drafted = draft(&ada, json!({ "projectId": project })).await.done();
    assert_eq!(
        ["title", "summary", "stage", "visibility", "ownerId", "projectId"].map(|name| drafted[name].clone()),
        ["Wind", "Forecasts.", "PERSONAL_PROJECT", "PRIVATE", &ada.id, &project].map(Value::from)
    );
    assert_eq!(
        (&drafted["startedAt"], &drafted["finishedAt"], &drafted["teamSize"]),
        (&known["startedAt"], &known["endedAt"], &json!(1))
    );
    let again = draft(&ada, json!({ "projectId": project })).await;
    assert_snapshot!(again.said(), @"ALREADY_EXISTS /projectId");
    assert_eq!(again.details["entryId"], drafted["id"], "who tells of it already is told where");
    // That AI turned out not to be the answer is a good end, too.
    let (closed, scope) = begun(&ada, "Tides").await;
    ada.act("Scope", "close", Some(&scope), json!({ "outcome": "NO_AI_SOLUTION" })).await.done();
    draft(&ada, json!({ "projectId": closed })).await.done();
    // Who was in it tells of it, too; who only sees it does not.
    let shared = ada.create("Project", json!({ "title": "Rain", "kind": "CLASS" })).await.id();
    let member = json!({ "projectId": shared, "userId": ben.id, "role": "CONTRIBUTOR" });
    ada.create("ProjectMember", member).await.done();
    ada.opens(&kim, &["projects:read"]).await;
    ada.tell("Project", "cancel", &shared).await.done();
    assert_snapshot!(draft(&ben, json!({ "projectId": shared })).await.said(), @"PROJECT_NOT_FINISHED /projectId");
    api.execute("UPDATE \"project\" SET status = 'COMPLETED' WHERE title = 'Rain'", Vec::new()).await;
    let of_ben = draft(&ben, json!({ "projectId": shared })).await.done();
    assert_eq!(
        (&of_ben["stage"], &of_ben["assigned"], &of_ben["teamSize"], &of_ben["ownerId"]),
        (&json!("CLASS_PROJECT"), &json!(true), &json!(2), &json!(ben.id))
    );
    assert_snapshot!(draft(&kim, json!({ "projectId": shared })).await.said(), @"REFERENCE_UNKNOWN /projectId");
    assert_snapshot!(draft(&ben, json!({ "projectId": project })).await.said(), @"REFERENCE_UNKNOWN /projectId");
    assert_snapshot!(draft(&kim, json!({ "projectId": shared, "ownerId": ada.id })).await.said(), @"FORBIDDEN");
    ada.opens(&kim, &["portfolio:write"]).await;
    assert_eq!(draft(&kim, json!({ "projectId": shared, "ownerId": ada.id })).await.done()["ownerId"], json!(ada.id));
}

async fn stages_stand_on_evidence(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    // Nobody can have said so before it is written down.
    let early = ada.create(KIND, json!({ "title": "Wind", "stage": "VALUE_CREATION" })).await;
    assert_snapshot!(early.said(), @"STAGE_EVIDENCE_MISSING /stage");
    assert_snapshot!(early.details, @r#"{"missing":["VALUE_EVIDENCE"],"stage":"VALUE_CREATION","suggestedStage":"PERSONAL_PROJECT"}"#);
    assert_eq!(ada.list(KIND, &[]).await.items.len(), 0, "nothing has happened");
    let wind = entry(&ada, "Wind", json!({ "complexity": 3, "finishedAt": "2025-01-01T00:00:00Z" })).await;
    let rising = ada.update(KIND, &wind, json!({ "stage": "RISING_SCOPE", "title": "Storm" })).await;
    assert_snapshot!(rising.said(), @"STAGE_EVIDENCE_MISSING /stage");
    assert_snapshot!(rising.details["missing"], @r#"["VALUE_EVIDENCE","VALUE_BEFORE","GREATER_SCOPE"]"#);
    assert_eq!(ada.see(KIND, &wind).await.done()["title"], "Wind", "nothing has happened");
    let evidence = worth(&ada, &wind).await;
    assert_snapshot!(suggested(&ada, &wind).await, @"VALUE_CREATION: SELF_STARTED VALUE_EVIDENCE (VALUE_BEFORE) (GREATER_SCOPE)");
    // The stage is the owner's to say: it is not raised by itself.
    assert_eq!(ada.see(KIND, &wind).await.done()["stage"], "PERSONAL_PROJECT");
    ada.update(KIND, &wind, json!({ "stage": "VALUE_CREATION" })).await.done();
    let rising = ada.update(KIND, &wind, json!({ "stage": "RISING_SCOPE" })).await;
    assert_snapshot!(rising.details["missing"], @r#"["VALUE_BEFORE","GREATER_SCOPE"]"#);
    // What a stage stands on is not taken away under it.
    let refused = ada.tell("PortfolioEvidence", "delete", &evidence).await;
    assert_snapshot!(refused.said(), @"IN_USE");
    assert_eq!(refused.details, json!({ "stage": "VALUE_CREATION", "entryId": wind }));
    let other = worth(&ada, &wind).await;
    ada.tell("PortfolioEvidence", "delete", &evidence).await.done();
    ada.update(KIND, &wind, json!({ "stage": "PERSONAL_PROJECT" })).await.done();
    ada.tell("PortfolioEvidence", "delete", &other).await.done();
    assert_snapshot!(suggested(&ada, &wind).await, @"PERSONAL_PROJECT: SELF_STARTED (VALUE_EVIDENCE)");
}

async fn what_came_before_decides_what_is_a_rise(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let ben = api.organization("Beta").await.learner("ben").await;
    let done =
        |day: &str, complexity: i64| json!({ "complexity": complexity, "finishedAt": format!("{day}T00:00:00Z") });
    let later = entry(&ada, "Grid", done("2025-06-01", 4)).await;
    worth(&ada, &later).await;
    assert_snapshot!(suggested(&ada, &later).await, @"VALUE_CREATION: SELF_STARTED VALUE_EVIDENCE (VALUE_BEFORE) (GREATER_SCOPE)");
    // It was written down later, and finished earlier.
    let first = entry(&ada, "Wind", done("2025-01-01", 3)).await;
    worth(&ada, &first).await;
    ada.update(KIND, &first, json!({ "stage": "VALUE_CREATION" })).await.done();
    assert_snapshot!(suggested(&ada, &later).await, @"RISING_SCOPE: SELF_STARTED VALUE_EVIDENCE VALUE_BEFORE GREATER_SCOPE");
    ada.update(KIND, &later, json!({ "stage": "RISING_SCOPE" })).await.done();
    // What is not finished comes last; it rises by what its owner is trusted with.
    let open = entry(&ada, "Sea", json!({ "complexity": 4, "resources": ["HEADCOUNT"] })).await;
    worth(&ada, &open).await;
    assert_snapshot!(suggested(&ada, &open).await, @"RISING_SCOPE: SELF_STARTED VALUE_EVIDENCE VALUE_BEFORE GREATER_SCOPE");
    // What a stage stands on does not go while it stands, unless both do.
    ada.update(KIND, &open, json!({ "stage": "RISING_SCOPE" })).await.done();
    for (at, patch) in [
        (&open, json!({ "resources": [] })),
        (&later, json!({ "complexity": 3 })),
        (&later, json!({ "complexity": null })),
        (&later, json!({ "finishedAt": "2024-01-01T00:00:00Z" })),
    ] {
        assert_snapshot!(ada.update(KIND, at, patch).await.said(), @"STAGE_EVIDENCE_MISSING /stage");
    }
    ada.update(KIND, &later, json!({ "complexity": 5, "teamSize": 2 })).await.done();
    ada.update(KIND, &later, json!({ "complexity": 4 })).await.done();
    ada.update(KIND, &open, json!({ "resources": [], "stage": "VALUE_CREATION" })).await.done();
    assert_snapshot!(suggested(&ada, &open).await, @"VALUE_CREATION: SELF_STARTED VALUE_EVIDENCE VALUE_BEFORE (GREATER_SCOPE)");
    // What was deleted came before nothing, and nobody rises above another's.
    ada.tell(KIND, "delete", &first).await.done();
    ada.tell(KIND, "delete", &later).await.done();
    assert_snapshot!(suggested(&ada, &open).await, @"VALUE_CREATION: SELF_STARTED VALUE_EVIDENCE (VALUE_BEFORE) (GREATER_SCOPE)");
    let of_ben = entry(&ben, "Sun", done("2026-01-01", 5)).await;
    worth(&ben, &of_ben).await;
    assert_snapshot!(suggested(&ben, &of_ben).await, @"VALUE_CREATION: SELF_STARTED VALUE_EVIDENCE (VALUE_BEFORE) (GREATER_SCOPE)");
}

async fn whose_portfolio_is_whose(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (tom, machine) = (acme.analyst("tom").await, acme.omnipotent().await);
    let private = entry(&ada, "Wind", json!({})).await;
    let public = entry(&ada, "Sun", json!({ "visibility": "PUBLIC" })).await;
    let evidence = worth(&ada, &public).await;
    // What is public is shown at its address: here, too, it is nobody's but its owner's.
    for who in [&kim, &root, &tom] {
        for id in [&private, &public] {
            assert_snapshot!(who.see(KIND, id).await.said(), @"NOT_FOUND");
            assert_snapshot!(who.update(KIND, id, json!({ "title": "x" })).await.said(), @"NOT_FOUND");
        }
        assert_snapshot!(who.see("PortfolioEvidence", &evidence).await.said(), @"NOT_FOUND");
        assert_eq!(who.list(KIND, &[]).await.items.len(), 0);
        assert_eq!(who.list("PortfolioEvidence", &[]).await.items.len(), 0);
    }
    let hers = json!({ "title": "For her", "ownerId": ada.id });
    assert_snapshot!(kim.create(KIND, hers.clone()).await.said(), @"REFERENCE_UNKNOWN /ownerId");
    // Her projects are not her portfolio.
    ada.opens(&kim, &["projects:read", "projects:write"]).await;
    assert_snapshot!(kim.see(KIND, &private).await.said(), @"NOT_FOUND");
    ada.opens(&kim, &["portfolio:read"]).await;
    for id in [&private, &public] {
        kim.see(KIND, id).await.done();
        assert_snapshot!(kim.update(KIND, id, json!({ "title": "x" })).await.said(), @"FORBIDDEN");
    }
    kim.see("PortfolioEvidence", &evidence).await.done();
    assert_snapshot!(kim.tell("PortfolioEvidence", "delete", &evidence).await.said(), @"FORBIDDEN");
    let asks = json!({ "entryId": public, "stakeholder": "Noor" });
    assert_snapshot!(kim.act("StakeholderConfirmation", "request", None, asks).await.said(), @"FORBIDDEN");
    ada.opens(&kim, &["portfolio:write"]).await;
    kim.update(KIND, &private, json!({ "summary": "Well said." })).await.done();
    assert_eq!(kim.create(KIND, hers.clone()).await.done()["ownerId"], json!(ada.id));
    // To whom it is shown she says herself, whoever writes for her.
    for who in [&kim, &machine] {
        let refused = who.update(KIND, &private, json!({ "visibility": "PUBLIC" })).await;
        assert_snapshot!(refused.said(), @"FORBIDDEN");
        assert_snapshot!(refused.details, @r#"{"action":"PublishPortfolioEntry"}"#);
        who.update(KIND, &private, json!({ "visibility": "PRIVATE" })).await.done();
        let shown = json!({ "title": "x", "ownerId": ada.id, "visibility": "LINK" });
        assert_snapshot!(who.create(KIND, shown).await.said(), @"FORBIDDEN");
    }
    assert_snapshot!(machine.create(KIND, json!({ "title": "x" })).await.said(), @"OWNER_REQUIRED /ownerId");
    machine.create(KIND, hers).await.done();
    let stranger = api.organization("Beta").await.omnipotent().await;
    assert_snapshot!(stranger.see(KIND, &public).await.said(), @"NOT_FOUND");
    assert_snapshot!(stranger.tell(KIND, "delete", &public).await.said(), @"NOT_FOUND");
}

async fn an_entry_has_names_elsewhere(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let wind = json!({ "title": "Wind", "complexity": 2 });
    let made = ada.upsert(KIND, "site", "wind", wind.clone()).await.done();
    assert_eq!(made["externalRefs"], json!([{ "source": "site", "externalId": "wind" }]));
    let again = ada.upsert(KIND, "site", "wind", wind).await.done();
    assert_eq!((&again["id"], &again["version"]), (&made["id"], &json!(1)));
    let other = ada.upsert(KIND, "site", "wind", json!({ "title": "Storm" })).await.done();
    assert_eq!(
        (&other["title"], &other["complexity"], &other["version"]),
        (&json!("Storm"), &json!(2), &json!(2)),
        "what is not told stays"
    );
    let project = ada.create("Project", json!({ "title": "Wind" })).await.id();
    let moved = json!({ "title": "Storm", "projectId": project });
    assert_snapshot!(ada.upsert(KIND, "site", "wind", moved).await.said(), @"PROJECT_IMMUTABLE /projectId");
}
