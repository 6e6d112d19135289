//! The checklist of three factors, and ideas side by side (§14).

use serde_json::{Value, json};

use crate::harness::{Actor, Api, Face, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    a_checklist_says_what_speaks_for_an_idea,
    who_is_named_is_there,
    a_checklist_of_a_project_goes_with_it,
    a_checklist_of_an_idea_goes_with_it,
    bigger_than_what_was_finished,
    ideas_side_by_side
);

const KIND: &str = "SelectionChecklist";

/// What speaks for an idea or a project: how new it is and how likely, how complex and how much it matters.
fn speaks(about: (&str, &str), [stretch, success, complexity, impact]: [i64; 4]) -> Value {
    json!({
        about.0: about.1, "growth": { "stretch": stretch, "successLikelihood": success },
        "steppingStone": { "technicalComplexity": complexity, "businessImpact": impact },
    })
}

async fn put(who: &Actor, about: (&str, &str), scores: [i64; 4]) -> Value {
    who.act(KIND, "put", None, speaks(about, scores)).await.done()
}

async fn idea(who: &Actor, title: &str) -> String {
    who.create("ProjectIdea", json!({ "title": title, "source": "READING_AND_TALKING" })).await.id()
}

/// The verdict, and the factors that do not speak for it.
fn judged(checklist: &Value) -> String {
    let reasons = checklist["verdictReasons"].as_array().unwrap();
    let unmet = reasons.iter().filter(|reason| reason["met"] == false).map(|one| one["factor"].as_str().unwrap());
    let all: Vec<_> = std::iter::once(checklist["verdict"].as_str().unwrap()).chain(unmet).collect();
    all.join(" ")
}

async fn a_checklist_says_what_speaks_for_an_idea(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let idea = idea(&ada, "Satellites").await;
    let first = put(&ada, ("ideaId", &idea), [2, 3, 3, 4]).await;
    assert_eq!(
        (&first["growth"], &first["steppingStone"], &first["people"]),
        (
            &json!({ "stretch": 2, "successLikelihood": 3 }),
            &json!({ "technicalComplexity": 3, "businessImpact": 4 }),
            &json!({ "teammateIds": [], "discussantIds": [] })
        )
    );
    assert_eq!(
        (&first["stretchBand"], &first["hasPeople"], &first["biggerThanBefore"]),
        (&json!("TOO_EASY"), &json!(false), &json!(null))
    );
    assert_snapshot!(judged(&first), @"RECONSIDER GROWTH PEOPLE");
    let reasons: Vec<_> = first["verdictReasons"].as_array().unwrap().iter().map(|one| one["reason"].clone()).collect();
    assert_eq!(
        reasons,
        [
            "Little of it is new to you: a harder question would teach you more.",
            "Nobody is named for it yet: even one person to talk it through with helps.",
            "No finished project says what it would have to be bigger than.",
        ]
    );
    // Each idea has one: what is put again takes the place of what was there.
    let mut again = speaks(("ideaId", &idea), [4, 3, 3, 4]);
    again["people"] = json!({ "discussantIds": [ada.id] });
    let again = ada.act(KIND, "put", None, again).await.done();
    assert_eq!((&again["id"], &again["version"]), (&first["id"], &json!(2)));
    assert_eq!((&again["stretchBand"], &again["hasPeople"]), (&json!("STRETCH"), &json!(true)));
    assert_snapshot!(judged(&again), @"PURSUE");
    let alone = put(&ada, ("ideaId", &idea), [4, 1, 3, 4]).await;
    assert_eq!((&alone["stretchBand"], &alone["hasPeople"]), (&json!("TOO_HARD"), &json!(false)));
    let same = put(&ada, ("ideaId", &idea), [4, 1, 3, 4]).await;
    assert_eq!(same["version"], alone["version"], "the same again is no change");
    // What cannot be.
    assert_snapshot!(ada.act(KIND, "put", None, speaks(("ideaId", &idea), [0, 6, 3, 4])).await.said(), @"VALIDATION_FAILED /growth/stretch /growth/successLikelihood");
    assert_snapshot!(ada.act(KIND, "put", None, speaks(("ideaId", &nothing("ide")), [1; 4])).await.said(), @"REFERENCE_UNKNOWN /ideaId");
    let mut both = speaks(("ideaId", &idea), [1; 4]);
    both["projectId"] = json!(nothing("prj"));
    assert_snapshot!(ada.act(KIND, "put", None, both).await.said(), @"CHECKLIST_SUBJECT_AMBIGUOUS /ideaId");
    let neither = json!({ "growth": { "stretch": 1, "successLikelihood": 1 }, "steppingStone": { "technicalComplexity": 1, "businessImpact": 1 } });
    assert_snapshot!(ada.act(KIND, "put", None, neither).await.said(), @"CHECKLIST_SUBJECT_AMBIGUOUS /ideaId");
    // One that was deleted comes back, unless another took its place.
    let id = first["id"].as_str().unwrap();
    ada.tell(KIND, "delete", id).await.done();
    let other = put(&ada, ("ideaId", &idea), [3; 4]).await;
    assert_ne!(other["id"], first["id"]);
    assert_snapshot!(ada.tell(KIND, "restore", id).await.said(), @"ALREADY_EXISTS");
    ada.tell(KIND, "delete", other["id"].as_str().unwrap()).await.done();
    ada.tell(KIND, "restore", id).await.done();
}

async fn who_is_named_is_there(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    let eve = api.organization("Beta").await.learner("eve").await;
    let idea = idea(&ada, "Satellites").await;
    let with = |people: Value| {
        let mut new = speaks(("ideaId", &idea), [3; 4]);
        new["people"] = people;
        new
    };
    let noor = ada.create("Contact", json!({ "name": "Noor" })).await.id();
    let bens = ben.create("Contact", json!({ "name": "Olu" })).await.id();
    // Colleagues, whom she may see or not, and contacts of hers; each once.
    let known = with(json!({ "teammateIds": [ben.id, noor, ben.id], "discussantIds": [root.id] }));
    let kept = ada.act(KIND, "put", None, known).await.done();
    assert_eq!(kept["people"], json!({ "teammateIds": [ben.id, noor], "discussantIds": [root.id] }));
    let unknown = with(json!({ "teammateIds": [ben.id, eve.id, bens], "discussantIds": [idea, "Noor"] }));
    let refused = ada.act(KIND, "put", None, unknown).await;
    assert_snapshot!(refused.said(), @"REFERENCE_UNKNOWN /people/teammateIds/1 /people/teammateIds/2 /people/discussantIds/0 /people/discussantIds/1");
}

async fn a_checklist_of_a_project_goes_with_it(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let project = ada.create("Project", json!({ "title": "Wind" })).await.id();
    let checklist = put(&ada, ("projectId", &project), [4, 3, 3, 4]).await;
    let id = checklist["id"].as_str().unwrap();
    assert_eq!((&checklist["projectId"], &checklist["ideaId"]), (&json!(project), &json!(null)));
    let hers = speaks(("projectId", &project), [3; 4]);
    assert_snapshot!(ben.see(KIND, id).await.said(), @"NOT_FOUND");
    assert_snapshot!(ben.act(KIND, "put", None, hers.clone()).await.said(), @"REFERENCE_UNKNOWN /projectId");
    // Whoever is in the project sees it, and whoever works on it changes it.
    let takes = json!({ "projectId": project, "userId": ben.id, "role": "OBSERVER" });
    let member = ada.create("ProjectMember", takes).await.id();
    assert_eq!(ben.list(KIND, &[]).await.ids(), [id]);
    assert_snapshot!(ben.act(KIND, "put", None, hers.clone()).await.said(), @"FORBIDDEN");
    assert_snapshot!(ben.tell(KIND, "delete", id).await.said(), @"FORBIDDEN");
    ada.update("ProjectMember", &member, json!({ "role": "CONTRIBUTOR" })).await.done();
    let changed = ben.act(KIND, "put", None, hers.clone()).await.done();
    assert_eq!((&changed["id"], &changed["ownerId"]), (&json!(id), &json!(ada.id)));
    let shown = ada.get(&format!("/projects/{project}?expand=checklists")).await.fine();
    assert_eq!(shown["checklists"]["items"][0]["id"], json!(id));
    // What has ended stays as it is.
    api.execute("UPDATE \"project\" SET status = 'CANCELLED'", Vec::new()).await;
    assert_snapshot!(ada.act(KIND, "put", None, hers).await.said(), @"PROJECT_CLOSED");
    assert_snapshot!(ada.tell(KIND, "delete", id).await.said(), @"PROJECT_CLOSED");
}

async fn a_checklist_of_an_idea_goes_with_it(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, machine) = (acme.learner("ada").await, acme.learner("ben").await, acme.omnipotent().await);
    let (kept, gone) = (idea(&ada, "Sun").await, idea(&ada, "Wind").await);
    let checklist = put(&ada, ("ideaId", &gone), [4, 3, 3, 4]).await;
    let id = checklist["id"].as_str().unwrap();
    ada.tell("ProjectIdea", "delete", &gone).await.done();
    // It is not shown, changed or compared without its idea, by nobody.
    for who in [&ada, &machine] {
        assert_snapshot!(who.see(KIND, id).await.said(), @"NOT_FOUND");
        assert!(who.list(KIND, &[]).await.items.is_empty());
        assert_snapshot!(who.tell(KIND, "delete", id).await.said(), @"NOT_FOUND");
        let again = who.act(KIND, "put", None, speaks(("ideaId", &gone), [3; 4])).await;
        assert_snapshot!(again.said(), @"REFERENCE_UNKNOWN /ideaId");
    }
    let compared = ada.ask("compareIdeas", json!({ "ids": [kept, gone] })).await;
    assert_snapshot!(compared.code(), @"REFERENCE_UNKNOWN");
    // It comes back with it; one that was deleted by itself does not.
    ada.tell("ProjectIdea", "restore", &gone).await.done();
    assert_eq!(ada.see(KIND, id).await.done()["version"], 1);
    ada.tell(KIND, "delete", id).await.done();
    ada.tell("ProjectIdea", "delete", &gone).await.done();
    assert_snapshot!(ada.tell(KIND, "restore", id).await.said(), @"NOT_FOUND");
    ada.tell("ProjectIdea", "restore", &gone).await.done();
    assert!(ada.list(KIND, &[]).await.items.is_empty());
    ada.tell(KIND, "restore", id).await.done();

    // When a project came of it, it is the project's, too, and stays as long as that is there.
    ada.tell("ProjectIdea", "evaluate", &gone).await.done();
    let project = ada.tell("ProjectIdea", "promote", &gone).await.done()["projectId"].as_str().unwrap().to_owned();
    ada.create("ProjectMember", json!({ "projectId": project, "userId": ben.id, "role": "OBSERVER" })).await.done();
    ada.tell("ProjectIdea", "delete", &gone).await.done();
    for who in [&ada, &ben] {
        assert_eq!(who.list(KIND, &[]).await.ids(), [id]);
    }
    let shown = ada.get(&format!("/selection-checklists/{id}?expand=idea,project")).await.fine();
    assert_eq!((&shown["idea"], &shown["project"]["id"]), (&json!(null), &json!(project)));
    ada.tell("Project", "delete", &project).await.done();
    assert!(ada.list(KIND, &[]).await.items.is_empty() && ben.list(KIND, &[]).await.items.is_empty());
    // Of the idea alone it is her own again.
    ada.tell("ProjectIdea", "restore", &gone).await.done();
    assert_eq!(ada.list(KIND, &[]).await.ids(), [id]);
    assert_snapshot!(ben.see(KIND, id).await.said(), @"NOT_FOUND");
}

async fn bigger_than_what_was_finished(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let bens = ben.create("Project", json!({ "title": "Huge" })).await.id();
    put(&ben, ("projectId", &bens), [3, 3, 5, 5]).await;
    let (small, large) = (
        ada.create("Project", json!({ "title": "Small" })).await.id(),
        ada.create("Project", json!({ "title": "Large" })).await.id(),
    );
    put(&ada, ("projectId", &small), [3, 3, 2, 2]).await;
    put(&ada, ("projectId", &large), [3, 3, 3, 3]).await;
    let idea = idea(&ada, "Next").await;
    let bigger = async |complexity: i64, impact: i64| {
        let told = put(&ada, ("ideaId", &idea), [3, 3, complexity, impact]).await;
        told["biggerThanBefore"].clone()
    };
    // What goes on is not finished, and what others finished is theirs.
    api.execute("UPDATE \"project\" SET status = 'COMPLETED' WHERE title = 'Huge'", Vec::new()).await;
    assert_eq!(bigger(1, 1).await, json!(null));
    api.execute("UPDATE \"project\" SET status = 'COMPLETED' WHERE title = 'Small'", Vec::new()).await;
    assert_eq!((bigger(2, 2).await, bigger(1, 4).await), (json!(false), json!(true)));
    // The biggest counts; giving up finishes nothing.
    api.execute("UPDATE \"project\" SET status = 'CANCELLED' WHERE title = 'Large'", Vec::new()).await;
    assert_eq!(bigger(1, 4).await, json!(true));
    api.execute("UPDATE \"project\" SET status = 'COMPLETED' WHERE title = 'Large'", Vec::new()).await;
    assert_eq!((bigger(1, 4).await, bigger(3, 3).await, bigger(3, 4).await), (json!(false), json!(false), json!(true)));
    // It is not bigger than itself.
    let own = ada.list(KIND, &[("projectId", &large)]).await;
    assert_eq!(own.items[0]["biggerThanBefore"], json!(true), "six are more than four");
}

async fn ideas_side_by_side(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    let (one, two, three) = (idea(&ada, "One").await, idea(&ada, "Two").await, idea(&ada, "Three").await);
    let mut pursued = speaks(("ideaId", &one), [4, 3, 3, 4]);
    pursued["people"] = json!({ "teammateIds": [kim.id], "discussantIds": [ada.id, kim.id] });
    ada.act(KIND, "put", None, pursued).await.done();
    put(&ada, ("ideaId", &two), [5, 1, 5, 5]).await;
    // In the order in which they are named; what has no checklist is told all the same.
    let told = ada.ask("compareIdeas", json!({ "ids": [three, two, one] })).await.done();
    let rows = told["items"].as_array().unwrap();
    let line = |row: &Value| {
        [
            "title",
            "stretch",
            "stretchBand",
            "teammates",
            "discussants",
            "hasPeople",
            "technicalComplexity",
            "biggerThanBefore",
            "verdict",
        ]
        .map(|name| row[name].to_string())
        .join(" ")
    };
    assert_snapshot!(rows.iter().map(line).collect::<Vec<_>>().join("\n"), @r#"
    "Three" null null null null null null null null
    "Two" 5 "TOO_HARD" 0 0 false 5 null "RECONSIDER"
    "One" 4 "STRETCH" 1 2 true 3 null "PURSUE"
    "#);
    assert_eq!(rows[0]["verdictReasons"], json!([]));
    // It tells what the checklists themselves tell.
    let checklist = ada.list(KIND, &[("ideaId", &one)]).await.items.remove(0);
    for name in ["verdict", "verdictReasons", "hasPeople", "stretchBand", "biggerThanBefore"] {
        assert_eq!(rows[2][name], checklist[name], "{name}");
    }
    assert_snapshot!(ada.ask("compareIdeas", json!({ "ids": [one] })).await.code(), @"VALIDATION_FAILED");
    let many: Vec<_> = std::iter::repeat_n(&one, 11).collect();
    assert_snapshot!(ada.ask("compareIdeas", json!({ "ids": many })).await.code(), @"VALIDATION_FAILED");
    let unknown = json!({ "ids": [one, nothing("ide"), two] });
    // REST names the parameter, GraphQL the member.
    let at = if api.face == Face::Rest { "ids" } else { "/ids" };
    assert_eq!(ada.ask("compareIdeas", unknown).await.said(), format!("REFERENCE_UNKNOWN {at}/1"));
    let hers = kim.ask("compareIdeas", json!({ "ids": [one, two] })).await;
    assert_eq!(hers.said(), format!("REFERENCE_UNKNOWN {at}/0 {at}/1"));
    ada.opens(&kim, &["projects:read"]).await;
    assert_eq!(
        kim.ask("compareIdeas", json!({ "ids": [one, two] })).await.done()["items"].as_array().unwrap().len(),
        2
    );
}
