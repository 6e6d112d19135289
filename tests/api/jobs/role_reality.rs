//! What titles really mean, and which skills roles ask for (§20, §28).

use entity::platform::client::Scope;
use serde_json::{Value, json};

use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    one_title_means_different_work,
    what_most_talks_name_is_learnt,
    a_talk_shows_a_need_once,
    marks_that_make_another_word_count,
    only_talks_that_took_place_count,
    the_newest_observations_are_told,
    a_title_is_known_however_it_is_written,
    whose_findings_these_are
);

const TALK: &str = "InformationalInterview";

async fn company(who: &Actor, name: &str) -> String {
    who.create("Company", json!({ "name": name })).await.id()
}

/// A talk at a company about a title, with what it brought: kind, text and competency.
async fn talk(who: &Actor, company: &str, title: &str, found: &[(&str, &str, Option<&str>)]) -> String {
    let contact = who.create("Contact", json!({ "name": "Noor", "companyId": company })).await.id();
    let new = json!({ "contactId": contact, "roleTitle": title });
    let talk = who.create(TALK, new).await.id();
    for (kind, text, competency) in found {
        let new = json!({ "interviewId": talk, "kind": kind, "text": text, "competencyId": competency });
        who.create("Finding", new).await.done();
    }
    who.tell(TALK, "request", &talk).await.done();
    who.act(TALK, "schedule", Some(&talk), json!({ "scheduledAt": "2026-03-10T10:00:00Z" })).await.done();
    who.tell(TALK, "hold", &talk).await.done();
    talk
}

fn duties(told: &Value) -> Vec<String> {
    let of = |company: &Value| {
        let all = company["duties"].as_array().unwrap().iter();
        let all: Vec<_> = all.map(|duty| format!("{} {}", duty["text"].as_str().unwrap(), duty["mentions"])).collect();
        format!("{}: {}", company["name"].as_str().unwrap_or("-"), all.join(", "))
    };
    told["companies"].as_array().unwrap().iter().map(of).collect()
}

async fn one_title_means_different_work(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    let profile = json!({ "title": "Data Scientist", "aliases": ["Decision Scientist"] });
    let profile = root.create("RoleProfile", profile).await.id();
    let (grid, shop) = (company(&ada, "Windy Grid").await, company(&ada, "Web Shop").await);
    let ask = async |title: &str| ada.ask("roleReality", json!({ "title": title })).await.done();
    let told = ask("data scientist").await;
    assert_eq!((&told["companies"], &told["titleInconsistency"]), (&json!([]), &Value::Null));
    let first = [("DUTY", "Clean data", None), ("DUTY", "Train models", None), ("TIME_SHARE", "80 % cleaning", None)];
    let gone = talk(&ada, &grid, "Data Scientist", &first).await;
    assert_eq!(ask("Data Scientist").await["titleInconsistency"], Value::Null, "one company is compared with none");
    talk(&ada, &grid, "DATA  scientist", &[("DUTY", "clean data!", None), ("SKILL", "SQL", None)]).await;
    // The role is called otherwise elsewhere, and the profile knows it.
    let seen = json!({ "companyId": shop, "title": "Decision Scientist", "duties": ["Dashboards", "Clean data"] });
    ada.create("RoleObservation", seen).await.done();
    talk(&ada, &shop, "Clerk", &[("DUTY", "Files", None)]).await;
    // What others found is theirs.
    talk(&ben, &shop, "Data Scientist", &[("DUTY", "Everything", None)]).await;
    for title in ["Data Scientist", "decision scientist"] {
        let told = ask(title).await;
        assert_eq!(
            duties(&told),
            ["Web Shop: Clean data 1, Dashboards 1", "Windy Grid: Clean data 2, Train models 1"],
            "{title}"
        );
        // Of three duties both name one: two thirds are named by one alone.
        assert_eq!((&told["titleInconsistency"], &told["roleProfileIds"]), (&json!(66), &json!([profile])));
        assert_eq!(told["titles"].as_array().unwrap().len(), 2);
        assert_eq!(
            (&told["companies"][1]["sources"], &told["companies"][1]["timeShares"][0]["text"]),
            (&json!(2), &json!("80 % cleaning"))
        );
    }
    assert_eq!(duties(&ask("Clerk").await), ["Web Shop: Files 1"]);
    // Whoever may not look at companies is told no name of one.
    let narrow = ada.limited_to(&acme, &[Scope::JobsRead, Scope::IdentityRead]);
    let told = narrow.ask("roleReality", json!({ "title": "Clerk" })).await.done();
    assert_eq!(duties(&told), ["-: Files 1"]);
    // A wildcard is a letter like others.
    assert_eq!(ask("%").await["titles"], json!(["%"]));
    ada.tell(TALK, "delete", &gone).await.done();
    assert_eq!(
        duties(&ask("Data Scientist").await),
        ["Web Shop: Clean data 1, Dashboards 1", "Windy Grid: clean data! 1"]
    );
}

async fn what_most_talks_name_is_learnt(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [_, sql, python]) = root.framework("own").await;
    let profile = root.create("RoleProfile", json!({ "title": "Data Scientist" })).await.id();
    let grid = company(&ada, "Windy Grid").await;
    let title = "Data Scientist";
    talk(&ada, &grid, title, &[("SKILL", "Joins", Some(&sql)), ("STACK_SOFTWARE", "Spark", None)]).await;
    talk(&ada, &grid, title, &[("SKILL", "SQL", Some(&sql)), ("STANDOUT", "Clean Python", Some(&python))]).await;
    talk(&ada, &grid, "Clerk", &[("SKILL", "Typing", None)]).await;
    for asked in [json!({ "title": "data scientist" }), json!({ "roleProfileId": profile })] {
        let told = ada.ask("skillDemand", asked).await.done();
        let skills: Vec<_> = told["skills"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| format!("{} {} {}", one["name"].as_str().unwrap(), one["interviews"], one["kinds"]))
            .collect();
        assert_eq!(skills, ["leaf-a 2 [\"SKILL\"]", "Spark 1 [\"STACK_SOFTWARE\"]", "leaf-b 1 [\"STANDOUT\"]"]);
        assert_eq!(told["interviews"], 2);
    }
    for asked in [json!({}), json!({ "title": "x", "roleProfileId": profile })] {
        assert_snapshot!(ada.ask("skillDemand", asked).await.code(), @"ROLE_AMBIGUOUS");
    }
    assert_snapshot!(ada.ask("skillDemand", json!({ "roleProfileId": nothing("rpr") })).await.code(), @"REFERENCE_UNKNOWN");
    // It becomes what one needs to learn, and what a goal needs.
    let goal = ada.create("CareerGoal", json!({ "title": "Become one", "kind": "OTHER" })).await.id();
    let by_hand = json!({ "goalId": goal, "competencyId": python, "requiredLevel": 2 });
    ada.create("GoalRequirement", by_hand).await.done();
    let raise = async |input: Value| ada.act("LearningNeed", "raiseFromInterviews", None, input).await;
    let often = raise(json!({ "title": title, "minimumInterviews": 2 })).await.done();
    assert_eq!(often["items"].as_array().unwrap().len(), 1);
    let needs = raise(json!({ "title": title, "goalId": goal })).await.done();
    let told: Vec<_> =
        needs["items"].as_array().unwrap().iter().map(|need| (&need["competencyId"], &need["strength"])).collect();
    assert_eq!(told, [(&json!(sql), &json!(100)), (&json!(python), &json!(60))]);
    let sources = ada.list("LearningNeedSource", &[]).await.items;
    assert!(sources.len() == 3 && sources.iter().all(|one| one["source"] == "INFO_INTERVIEW"));
    let mut notes: Vec<_> = sources.iter().map(|one| one["note"].as_str().unwrap()).collect();
    notes.sort_unstable();
    let twice = "Named in 2 informational interviews.";
    assert_eq!(notes, [twice, twice, "Named in an informational interview."]);
    let needed = ada.list("GoalRequirement", &[("goalId", &goal), ("sort", "createdAt")]).await.items;
    let told: Vec<_> = needed.iter().map(|one| (&one["competencyId"], &one["origin"])).collect();
    assert_eq!(told, [(&json!(python), &json!("USER")), (&json!(sql), &json!("INFO_INTERVIEW"))]);
    // Her coach in learning sees what she needs, and neither the talks nor that there were some; nor does a machine.
    let (kim, machine) = (acme.coach("kim").await, acme.omnipotent().await);
    ada.opens(&kim, &["learning:review"]).await;
    for who in [&kim, &machine] {
        assert_eq!(who.list("LearningNeed", &[("userId", &ada.id)]).await.items.len(), 2, "{}", who.name);
        assert!(who.list("LearningNeedSource", &[]).await.items.is_empty(), "{}", who.name);
        let needed = who.list("GoalRequirement", &[("goalId", &goal)]).await.each("origin");
        assert_eq!(needed, [json!("USER"), json!("USER")], "{}", who.name);
        for (origin, found) in [("INFO_INTERVIEW", 0), ("USER", 2)] {
            assert_eq!(who.list("GoalRequirement", &[("origin", origin)]).await.items.len(), found, "{}", who.name);
        }
        let gap = who.ask("skillGap", json!({ "goalId": goal })).await.done();
        assert!(gap["requirements"].as_array().unwrap().iter().all(|one| one["origin"] == "USER"));
        let told = who.list("Event", &[("subjectKind", "learning_need,goal_requirement"), ("first", "100")]).await;
        let told = json!(told.each("data")).to_string();
        assert!(!told.contains("INFO_INTERVIEW") && !told.contains("sourceId"), "{}: {told}", who.name);
    }
    for (origin, found) in [("INFO_INTERVIEW", 1), ("USER", 1)] {
        assert_eq!(ada.list("GoalRequirement", &[("origin", origin)]).await.items.len(), found);
    }
    // Whom she lets see her search reads them as well.
    ada.opens(&kim, &["jobs:read"]).await;
    assert_eq!(kim.list("LearningNeedSource", &[]).await.items.len(), 3);
    let again = raise(json!({ "title": title, "goalId": goal })).await.done();
    assert_eq!(again["items"].as_array().unwrap().len(), 2);
    assert_eq!(ada.list("GoalRequirement", &[("goalId", &goal)]).await.items.len(), 2, "once is enough");
    let none = raise(json!({ "title": "Clerk" })).await.done();
    assert_eq!((&none["items"], &none["warnings"][0]["code"]), (&json!([]), &json!("NOTHING_NAMED_TO_LEARN")));
    let nowhere = json!({ "title": title, "goalId": nothing("gol") });
    assert_snapshot!(raise(nowhere).await.said(), @"REFERENCE_UNKNOWN /goalId");
    assert_snapshot!(raise(json!({})).await.said(), @"ROLE_AMBIGUOUS /title");
}

async fn a_talk_shows_a_need_once(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [_, sql, _]) = root.framework("own").await;
    let grid = company(&ada, "Windy Grid").await;
    let first = talk(&ada, &grid, "Clerk", &[("SKILL", "Joins", Some(&sql))]).await;
    let strength = async || ada.list("LearningNeed", &[]).await.items[0]["strength"].clone();
    ada.act(TALK, "conclude", Some(&first), json!({ "outcome": "LEARN_FIRST" })).await.done();
    assert_eq!(strength().await, json!(60));
    let raise = async || ada.act("LearningNeed", "raiseFromInterviews", None, json!({ "title": "Clerk" })).await.done();
    let again = raise().await;
    assert_eq!((again["items"].as_array().unwrap().len(), strength().await), (1, json!(60)), "it was shown already");
    // Another talk shows it again; one that was called off, does not.
    let off = ada.create("Contact", json!({ "name": "Olu", "companyId": grid })).await.id();
    let off = ada.create(TALK, json!({ "contactId": off, "roleTitle": "Clerk" })).await.id();
    let new = json!({ "interviewId": off, "kind": "SKILL", "text": "x", "competencyId": sql });
    ada.create("Finding", new).await.done();
    ada.tell(TALK, "cancel", &off).await.done();
    raise().await;
    assert_eq!(strength().await, json!(60));
    let told = ada.ask("skillDemand", json!({ "title": "Clerk" })).await.done();
    assert_eq!((&told["interviews"], &told["skills"][0]["mentions"]), (&json!(1), &json!(1)));
    talk(&ada, &grid, "Clerk", &[("SKILL", "More joins", Some(&sql))]).await;
    raise().await;
    assert_eq!(strength().await, json!(100));
    assert_eq!(ada.list("LearningNeedSource", &[]).await.items.len(), 2, "each talk is a source");
}

/// C, C++ and C# are three languages.
async fn marks_that_make_another_word_count(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let grid = company(&ada, "Windy Grid").await;
    let named = ["C", "C++", "c++!", "C#", ".NET", "NET"].map(|text| ("STACK_SOFTWARE", text, None));
    let done = ["C++ code", "C code"].map(|text| ("DUTY", text, None));
    talk(&ada, &grid, "Clerk", &[&named[..], &done[..]].concat()).await;
    let told = ada.ask("skillDemand", json!({ "title": "Clerk" })).await.done();
    let skills: Vec<_> =
        told["skills"].as_array().unwrap().iter().map(|one| (&one["name"], &one["mentions"])).collect();
    let once = [".NET", "C", "C#", "NET"].map(|name| (json!(name), json!(1)));
    let expected: Vec<_> = [(json!("C++"), json!(2))].into_iter().chain(once).collect();
    assert_eq!(skills, expected.iter().map(|(name, mentions)| (name, mentions)).collect::<Vec<_>>());
    let told = ada.ask("roleReality", json!({ "title": "Clerk" })).await.done();
    assert_eq!(duties(&told), ["Windy Grid: C code 1, C++ code 1"]);
    let shop = company(&ada, "Web Shop").await;
    talk(&ada, &shop, "Clerk", &[("DUTY", "C++ code", None)]).await;
    let told = ada.ask("roleReality", json!({ "title": "Clerk" })).await.done();
    assert_eq!(told["titleInconsistency"], json!(50), "one of two does both");
}

async fn only_talks_that_took_place_count(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let grid = company(&ada, "Windy Grid").await;
    let contact = ada.create("Contact", json!({ "name": "Olu", "companyId": grid })).await.id();
    let off = ada.create(TALK, json!({ "contactId": contact, "roleTitle": "Clerk" })).await.id();
    for (kind, text) in [("DUTY", "Files"), ("TIME_SHARE", "All day")] {
        ada.create("Finding", json!({ "interviewId": off, "kind": kind, "text": text })).await.done();
    }
    let told = async || ada.ask("roleReality", json!({ "title": "Clerk" })).await.done()["companies"].clone();
    assert_eq!(told().await, json!([]));
    ada.tell(TALK, "cancel", &off).await.done();
    assert_eq!(told().await, json!([]));
    let held = talk(&ada, &grid, "Clerk", &[("DUTY", "Letters", None)]).await;
    for command in ["", "followUp"] {
        if !command.is_empty() {
            ada.tell(TALK, command, &held).await.done();
        }
        assert_eq!((told().await[0]["sources"].clone(), told().await.as_array().unwrap().len()), (json!(1), 1));
    }
}

/// Of more than can be looked at, what was seen last counts.
async fn the_newest_observations_are_told(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let grid = company(&ada, "Windy Grid").await;
    let seen = |duty: &str| json!({ "companyId": grid, "title": "Clerk", "duties": [duty] });
    ada.create("RoleObservation", seen("Files")).await.done();
    let sqlite = api.database.url.starts_with("sqlite");
    let id = if sqlite { "randomblob(16)" } else { "gen_random_uuid()" };
    let columns = "organization_id, owner_id, company_id, title, title_folded, duties, observed_at, version, created_at, updated_at";
    let twice =
        format!("INSERT INTO \"role_observation\" (id, {columns}) SELECT {id}, {columns} FROM \"role_observation\"");
    for _ in 0..11 {
        api.execute(&twice, Vec::new()).await;
    }
    ada.create("RoleObservation", seen("Letters")).await.done();
    let told = ada.ask("roleReality", json!({ "title": "Clerk" })).await.done();
    assert_eq!(duties(&told), ["Windy Grid: Files 1999, Letters 1"]);
}

async fn a_title_is_known_however_it_is_written(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let new = |title: &str, alias: &str| json!({ "title": title, "aliases": [alias] });
    let odd = root.create("RoleProfile", new("Odd  Title", "Strange\u{a0}one")).await.id();
    let tools = root.create("RoleProfile", new("C++ / .NET-developer", "50% clerk")).await.id();
    root.create("RoleProfile", new("C developer", "50 x clerk")).await.done();
    for (title, profile) in [
        ("odd title", &odd),
        ("Odd  Title", &odd),
        ("strange one", &odd),
        ("Odd-title", &odd),
        ("c++ .net developer", &tools),
        ("50% Clerk", &tools),
    ] {
        let told = ada.ask("roleReality", json!({ "title": title })).await.done();
        assert_eq!(told["roleProfileIds"], json!([profile]), "{title}");
        let there = json!({ "fromRole": "Student", "toRole": title });
        let told = ada.ask("classifyTransition", there).await.done();
        assert_eq!(told["toRoleProfileId"], json!(profile), "{title}");
    }
}

async fn whose_findings_these_are(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let machine = acme.omnipotent().await;
    let grid = company(&ada, "Windy Grid").await;
    talk(&ada, &grid, "Clerk", &[("DUTY", "Files", None)]).await;
    let hers = || json!({ "title": "Clerk", "userId": ada.id });
    ada.opens(&kim, &["learning:write", "community:write"]).await;
    for who in [&kim, &root, &machine, &api.organization("Beta").await.admin("eve").await] {
        for answer in ["roleReality", "skillDemand"] {
            assert_eq!(who.ask(answer, hers()).await.said(), "GRANT_REQUIRED", "{answer} by {}", who.name);
        }
        let raised = who.act("LearningNeed", "raiseFromInterviews", None, hers()).await;
        assert_eq!(raised.said(), "GRANT_REQUIRED", "{}", who.name);
    }
    ada.opens(&kim, &["jobs:read"]).await;
    assert_eq!(duties(&kim.ask("roleReality", hers()).await.done()), ["Windy Grid: Files 1"]);
    kim.act("LearningNeed", "raiseFromInterviews", None, hers()).await.done();
}
