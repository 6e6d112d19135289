//! CASE packages, in and out.

use serde_json::{Value, json};

use super::{
    competencies, events, exported, import, outcome,
    package::{WIDE, package, place, uuid},
};
use crate::harness::{Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    a_published_framework_comes_and_goes_unchanged,
    what_changed_is_changed,
    what_is_used_stays,
    what_was_made_here_goes_and_comes,
    what_is_wrong_is_told_by_its_place,
    what_the_rules_refuse,
);

fn case(document: &Value) -> Value {
    json!({ "kind": "CASE", "document": document, "shortName": "data" })
}

async fn a_published_framework_comes_and_goes_unchanged(api: Api) {
    let acme = api.organization("Acme").await;
    let (root, ada, machine) = (acme.admin("root").await, acme.learner("ada").await, acme.omnipotent().await);
    let package = package(WIDE);
    let count = package["CFItems"].as_array().unwrap().len();
    assert_eq!(count, 264);
    let job = import(&root, case(&package)).await;
    assert_eq!((&job["total"], &job["done"]), (&json!(count), &json!(count)));
    assert_snapshot!(outcome(&job), @"SUCCEEDED 264 0 0 0 warnings:  SCALE_DEFAULTED");

    let framework = ada.see("CompetencyFramework", job["frameworkId"].as_str().unwrap()).await.done();
    assert_snapshot!(
        format!("{} {} {} {}", framework["shortName"], framework["title"], framework["edition"], framework["version"]),
        @r#""data" "Data literacy for everybody" "2024" 1"#
    );
    assert_eq!(framework["externalRefs"], json!([{ "source": "case", "externalId": uuid(1, 0) }]));
    let all = competencies(&ada, &job["frameworkId"]).await;
    assert_eq!(all.len(), count);
    let one = &all["DL2.3.1"];
    assert_snapshot!(one["path"].as_str().unwrap(), @"DL2/DL2.3/DL2.3.1");
    assert!(all.values().all(|one| one["version"] == 1 && one["externalRefs"][0]["source"] == "case"));
    let aligned = all.values().filter(|one| one["alignments"] != json!([]));
    assert_snapshot!(aligned.count(), @"40");
    // Siblings stand in the order of their numbers, not of the list.
    let below = ada
        .through(crate::harness::Face::Rest)
        .list("Competency", &[("parentId", one["parentId"].as_str().unwrap()), ("sort", "sortOrder")])
        .await;
    assert_snapshot!(json!(below.each("code")), @r#"["DL2.3.4","DL2.3.3","DL2.3.2","DL2.3.1"]"#);

    // It goes out as it came, member for member.
    assert_eq!(exported(&ada, &job["frameworkId"]).await, package);

    let before = events(&machine).await;
    let again = import(&root, case(&package)).await;
    assert_snapshot!(outcome(&again), @"SUCCEEDED 0 0 264 0");
    assert_eq!(again["frameworkId"], job["frameworkId"]);
    assert_eq!(events(&machine).await, before, "nothing happened");
    assert!(competencies(&ada, &job["frameworkId"]).await == all);
    assert_eq!(ada.see("CompetencyFramework", job["frameworkId"].as_str().unwrap()).await.done()["version"], 1);
}

async fn what_changed_is_changed(api: Api) {
    let acme = api.organization("Acme").await;
    let root = acme.admin("root").await;
    let mut package = package([2, 2, 2, 0]);
    let job = import(&root, case(&package)).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 14 0 0 0 warnings:  SCALE_DEFAULTED");
    let framework = &job["frameworkId"];

    // Another statement, codes that change places, something that Cairn has no place for, another parent, one less.
    let (first, second, third) = (place(&package, 2), place(&package, 3), place(&package, 4));
    package["CFItems"][first]["fullStatement"] = json!("Another statement");
    let code = package["CFItems"][second]["humanCodingScheme"].take();
    package["CFItems"][second]["humanCodingScheme"] = package["CFItems"][third]["humanCodingScheme"].take();
    package["CFItems"][third]["humanCodingScheme"] = code;
    let fourth = place(&package, 6);
    package["CFItems"][fourth]["educationLevel"] = json!(["12"]);
    let moved = package["CFItems"][place(&package, 1)].clone();
    package["CFAssociations"][7]["destinationNodeURI"] =
        json!({ "title": "moved", "identifier": moved["identifier"], "uri": moved["uri"] });
    let last = place(&package, 13);
    package["CFItems"].as_array_mut().unwrap().remove(last);
    package["CFAssociations"]
        .as_array_mut()
        .unwrap()
        .retain(|one| one["originNodeURI"]["identifier"] != uuid(2, 13).as_str());
    let mut new = package["CFItems"][first].clone();
    new["identifier"] = json!(uuid(9, 0));
    new["humanCodingScheme"] = json!("NEW");
    package["CFItems"].as_array_mut().unwrap().push(new);

    let job = import(&root, case(&package)).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 1 10 3 1");
    assert_eq!(exported(&root, framework).await, package);
    let again = import(&root, case(&package)).await;
    assert_snapshot!(outcome(&again), @"SUCCEEDED 0 0 14 0");

    // What went comes back as what it was.
    let before = competencies(&root, framework).await;
    let mut without = package.clone();
    without["CFItems"].as_array_mut().unwrap().retain(|item| item["identifier"] != uuid(9, 0).as_str());
    assert_snapshot!(outcome(&import(&root, case(&without)).await), @"SUCCEEDED 0 0 13 1");
    assert_snapshot!(outcome(&import(&root, case(&package)).await), @"SUCCEEDED 0 1 13 0");
    assert_eq!(competencies(&root, framework).await["NEW"]["id"], before["NEW"]["id"]);

    // What is changed here goes out changed, and nothing else does.
    let one = &before["NEW"];
    let patch =
        json!({ "name": "New here", "alignments": [{ "framework": "ESCO", "uri": "https://esco.example.org/9" }] });
    root.update("Competency", one["id"].as_str().unwrap(), patch).await.done();
    let mut out = exported(&root, framework).await;
    let place = package["CFItems"].as_array().unwrap().len() - 1;
    assert_eq!(out["CFItems"][place]["fullStatement"], "New here");
    let added = out["CFAssociations"].as_array_mut().unwrap().pop().unwrap();
    assert_eq!(
        (&added["associationType"], &added["destinationNodeURI"]["uri"]),
        (&json!("exactMatchOf"), &json!("https://esco.example.org/9"))
    );
    assert_eq!(out["CFAssociations"], package["CFAssociations"]);
    out["CFItems"][place] = package["CFItems"][place].clone();
    assert_eq!(out["CFItems"], package["CFItems"]);
    // And comes back into another organization as it stands.
    let out = exported(&root, framework).await;
    let eve = api.organization("Beta").await.admin("eve").await;
    let there = import(&eve, case(&out)).await;
    assert_snapshot!(outcome(&there), @"SUCCEEDED 14 0 0 0 warnings:  SCALE_DEFAULTED");
    assert_eq!(exported(&eve, &there["frameworkId"]).await, out);
}

async fn what_is_used_stays(api: Api) {
    let acme = api.organization("Acme").await;
    let (root, ada) = (acme.admin("root").await, acme.learner("ada").await);
    let whole = package([2, 2, 1, 0]);
    let job = import(&root, case(&whole)).await;
    let all = competencies(&ada, &job["frameworkId"]).await;
    let plan = ada.plan("Learn").await;
    let leaf = &all["DL2.1.1"];
    ada.create("PlanItem", json!({ "planId": plan, "competencyId": leaf["id"] })).await.done();

    let mut less = whole.clone();
    let below = |id: &str| ["DL2"].iter().any(|code| id.starts_with(code));
    less["CFItems"].as_array_mut().unwrap().retain(|item| {
        all.iter().any(|(code, one)| one["externalRefs"][0]["externalId"] == item["identifier"] && !below(code))
    });
    let left: Vec<Value> = less["CFItems"].as_array().unwrap().iter().map(|item| item["identifier"].clone()).collect();
    less["CFAssociations"]
        .as_array_mut()
        .unwrap()
        .retain(|one| left.contains(&one["originNodeURI"]["identifier"]) && one["associationType"] == "isChildOf");
    let job = import(&root, case(&less)).await;
    // One is aligned no more. The item's competency stays, with what it stands below; its sibling goes.
    assert_snapshot!(outcome(&job), @"SUCCEEDED 0 1 7 2 warnings:  COMPETENCY_KEPT,  COMPETENCY_KEPT,  COMPETENCY_KEPT");
    let now = competencies(&ada, &job["frameworkId"]).await;
    assert_snapshot!(json!(now.keys().collect::<Vec<_>>()), @r#"["DL1","DL1.1","DL1.1.1","DL1.2","DL1.2.1","DL2","DL2.1","DL2.1.1"]"#);

    // With data in it, it keeps its scale.
    let other = json!({ "levels": [{ "value": 1, "name": "Able", "proficient": true }], "defaultLevel": 1 });
    let mut input = case(&less);
    input["scale"] = other;
    let job = import(&root, input).await;
    assert_snapshot!(outcome(&job), @"FAILED 0 0 0 0 errors:  FRAMEWORK_IN_USE");
}

async fn what_was_made_here_goes_and_comes(api: Api) {
    let acme = api.organization("Acme").await;
    let (root, ada, machine) = (acme.admin("root").await, acme.learner("ada").await, acme.omnipotent().await);
    let (framework, [top, leaf, other]) = root.framework("own").await;
    let framework = json!(framework);
    let more = json!({
        "rule": "ANY", "description": "All of it.",
        "alignments": [{ "framework": "ESCO", "uri": "https://esco.example.org/1" }, { "framework": "O*NET", "uri": "https://onet.example.org/2" }],
    });
    root.update("Competency", &top, more).await.done();
    root.update("Competency", &other, json!({ "parentId": leaf, "description": "leaf-b" })).await.done();
    let package = exported(&ada, &framework).await;
    assert_snapshot!(
        format!("{} {} {}", package["CFItems"].as_array().unwrap().len(), package["CFAssociations"].as_array().unwrap().len(),
            package["CFRubrics"][0]["CFRubricCriteria"][0]["CFRubricCriterionLevels"].as_array().unwrap().len()),
        @"3 5 3"
    );

    // Into the same organization: it is the same.
    let before = events(&machine).await;
    let mut input = case(&package);
    input["shortName"] = json!("own");
    let job = import(&root, input.clone()).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 0 0 3 0");
    assert_eq!(job["frameworkId"], framework);
    // That it has a package now is a change of the framework, once.
    assert_eq!(events(&machine).await, before + 1);
    assert_snapshot!(outcome(&import(&root, input.clone()).await), @"SUCCEEDED 0 0 3 0");
    assert_eq!(events(&machine).await, before + 1);

    // Into another: it is the same but for its ids.
    let eve = api.organization("Beta").await.admin("eve").await;
    let there = import(&eve, input).await;
    assert_snapshot!(outcome(&there), @"SUCCEEDED 3 0 0 0");
    let (here, copies) = (competencies(&ada, &framework).await, competencies(&eve, &there["frameworkId"]).await);
    for (code, one) in &here {
        for member in ["name", "description", "path", "sortOrder", "rule", "alignments"] {
            assert_eq!(one[member], copies[code][member], "{code} {member}");
        }
    }
    let scale = |who: &crate::harness::Actor, id: &Value| {
        let (who, id) = (who.clone(), id.as_str().unwrap().to_owned());
        async move { who.see("CompetencyFramework", &id).await.done()["scale"].clone() }
    };
    assert_eq!(scale(&root, &framework).await, scale(&eve, &there["frameworkId"]).await);
    assert_eq!(exported(&eve, &there["frameworkId"]).await, package);

    // What comes with Cairn becomes one's own.
    let (foundations, leaves) = ada.foundations().await;
    let package = exported(&ada, &json!(foundations)).await;
    let job = import(&root, json!({ "kind": "CASE", "document": package })).await;
    assert_eq!((&job["state"], &job["added"]), (&json!("SUCCEEDED"), &json!(leaves.len())));
    assert_ne!(job["frameworkId"], json!(foundations));
    assert_eq!(exported(&root, &job["frameworkId"]).await, package);
}

async fn what_is_wrong_is_told_by_its_place(api: Api) {
    let acme = api.organization("Acme").await;
    let root = acme.admin("root").await;
    let whole = package([1, 2, 1, 0]);
    let with = async |change: fn(&mut Value)| {
        let mut document = whole.clone();
        change(&mut document);
        outcome(&import(&root, case(&document)).await)
    };
    assert_snapshot!(with(|d| *d = json!([])).await, @"FAILED 0 0 0 0 errors:  BAD_INPUT");
    assert_snapshot!(with(|d| d["CFDocument"] = json!(null)).await, @"FAILED 0 0 0 0 errors: /CFDocument BAD_INPUT");
    assert_snapshot!(with(|d| d["CFDocument"] = json!({ "identifier": 1, "title": "" })).await, @"FAILED 0 0 0 0 errors: /CFDocument/identifier BAD_INPUT, /CFDocument/title BAD_INPUT");
    assert_snapshot!(with(|d| d["CFItems"] = json!(null)).await, @"FAILED 0 0 0 0 errors: /CFItems BAD_INPUT");
    assert_snapshot!(with(|d| d["CFItems"] = json!({})).await, @"FAILED 0 0 0 0 errors: /CFItems BAD_INPUT");
    assert_snapshot!(with(|d| d["CFItems"][1] = json!("x")).await, @"FAILED 0 0 0 0 errors: /CFItems/1 BAD_INPUT");
    assert_snapshot!(with(|d| d["CFItems"][1]["identifier"] = json!(null)).await, @"FAILED 0 0 0 0 errors: /CFItems/1/identifier BAD_INPUT");
    assert_snapshot!(with(|d| d["CFItems"][1]["identifier"] = d["CFItems"][2]["identifier"].clone()).await, @"FAILED 0 0 0 0 errors: /CFItems/2/identifier ALREADY_EXISTS");
    assert_snapshot!(with(|d| {
        d["CFItems"][0]["fullStatement"] = json!(7);
        d["CFItems"][1]["fullStatement"] = json!("  ");
        d["CFItems"][2]["humanCodingScheme"] = json!(["a"]);
        d["CFItems"][3]["fullStatement"] = json!("x".repeat(5001));
    }).await, @"FAILED 0 0 0 0 errors: /CFItems/2/humanCodingScheme BAD_INPUT, /CFItems/0/fullStatement BAD_INPUT, /CFItems/1/fullStatement BAD_INPUT");
    assert_snapshot!(with(|d| d["CFItems"][2]["humanCodingScheme"] = d["CFItems"][1]["humanCodingScheme"].clone()).await, @"FAILED 0 0 0 0 errors: /CFItems/1/humanCodingScheme ALREADY_EXISTS");
    assert_snapshot!(with(|d| d["CFAssociations"][1]["originNodeURI"] = json!("x")).await, @"FAILED 0 0 0 0 errors: /CFAssociations/1/originNodeURI BAD_INPUT");
    assert_snapshot!(with(|d| d["CFAssociations"][1]["destinationNodeURI"]["identifier"] = json!("nowhere")).await, @"FAILED 0 0 0 0 errors: /CFAssociations/1/destinationNodeURI/identifier REFERENCE_UNKNOWN");
    assert_snapshot!(with(|d| d["CFAssociations"][1]["originNodeURI"]["identifier"] = json!("nowhere")).await, @"FAILED 0 0 0 0 errors: /CFAssociations/1/originNodeURI/identifier REFERENCE_UNKNOWN");
    assert_snapshot!(with(|d| d["CFAssociations"][1]["sequenceNumber"] = json!("first")).await, @"FAILED 0 0 0 0 errors: /CFAssociations/1/sequenceNumber BAD_INPUT");
    assert_snapshot!(with(|d| {
        // The area stands below a strand of its own.
        d["CFAssociations"][0]["destinationNodeURI"] = d["CFAssociations"][1]["originNodeURI"].clone();
    }).await, @"FAILED 0 0 0 0 errors: /CFAssociations/1 COMPETENCY_CYCLE, /CFAssociations/0 COMPETENCY_CYCLE");
    assert_snapshot!(with(|d| {
        let (mut items, mut associations) = (Vec::new(), Vec::new());
                for n in 0..11 {
                    let mut item = d["CFItems"][0].clone();
                    item["identifier"] = json!(uuid(8, n));
                    item["humanCodingScheme"] = json!(format!("D{n}"));
                    items.push(item);
                    let above = if n == 0 { uuid(1, 0) } else { uuid(8, n - 1) };
                    associations.push(json!({
                        "identifier": uuid(4, n), "associationType": "isChildOf",
                        "originNodeURI": { "identifier": uuid(8, n) }, "destinationNodeURI": { "identifier": above },
                    }));
                }
                d["CFItems"] = json!(items);
        d["CFAssociations"] = json!(associations);
    }).await, @"FAILED 0 0 0 0 errors: /CFAssociations/10 FRAMEWORK_TOO_DEEP");
    // Nothing of all that is there.
    assert_snapshot!(root.list("CompetencyFramework", &[("shortName", "data")]).await.items.len(), @"0");
}

async fn what_the_rules_refuse(api: Api) {
    let acme = api.organization("Acme").await;
    let root = acme.admin("root").await;
    let first = package([1, 1, 0, 0]);
    import(&root, case(&first)).await;
    // A short name is unique, and a competency never moves to another framework.
    let mut other = first.clone();
    other["CFDocument"]["identifier"] = json!(uuid(1, 1));
    other["CFAssociations"][0]["destinationNodeURI"]["identifier"] = json!(uuid(1, 1));
    assert_snapshot!(outcome(&import(&root, case(&other)).await), @"FAILED 0 0 0 0 errors: /shortName ALREADY_EXISTS");
    let mut named = case(&other);
    named["shortName"] = json!("other");
    assert_snapshot!(outcome(&import(&root, named).await), @"FAILED 0 0 0 0 errors: /CFItems/0/identifier FRAMEWORK_IMMUTABLE, /CFItems/1/identifier FRAMEWORK_IMMUTABLE");
    // A scale is complete, and what stands below two stands below the first.
    let mut input = case(&first);
    input["scale"] = json!({ "levels": [{ "value": 1, "name": "Able", "proficient": false }], "defaultLevel": 2 });
    assert_snapshot!(outcome(&import(&root, input).await), @"FAILED 0 0 0 0 errors: /scale/defaultLevel SCALE_INCOMPLETE, /scale/levels SCALE_INCOMPLETE");
    let mut twice = first.clone();
    let second = twice["CFAssociations"][0].clone();
    twice["CFAssociations"].as_array_mut().unwrap().push(second);
    assert_snapshot!(outcome(&import(&root, case(&twice)).await), @"SUCCEEDED 0 0 2 0 warnings: /CFAssociations/3 SECOND_PARENT");
    // What comes with Cairn is nobody's to change.
    let (foundations, _) = root.foundations().await;
    let table = json!({ "kind": "FRAMEWORK_CSV", "csv": "code,name\na,A\n", "frameworkId": foundations });
    assert_snapshot!(outcome(&import(&root, table).await), @"FAILED 0 0 0 0 errors:  BUILT_IN");
}
