//! Coverage: how much of a framework somebody is proficient in, area by area; and charts that a frontend embeds (§2, §4).

use cairn::domain::clock;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    harness::{Actor, Api, Face, assert_snapshot, stories_in_both_faces, world::nothing},
    insight::rows::standing,
};

stories_in_both_faces!(
    areas_are_told_with_their_leaves,
    advice_and_coverage_agree,
    whose_coverage_is_whose_to_know,
    charts_are_well_formed,
    tables_hold_the_same_numbers,
);

async fn coverage(who: &Actor, asked: Value) -> Value {
    who.ask("coverage", asked).await.done()
}

async fn areas_are_told_with_their_leaves(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (framework, [top, a, b]) = root.framework("own").await;
    root.update("CompetencyFramework", &framework, json!({ "visible": true })).await.done();
    let alone = json!({ "frameworkId": framework, "code": "alone", "name": "Alone", "sortOrder": 9 });
    let alone = root.create("Competency", alone).await.id();
    let asked = json!({ "frameworkId": framework });
    let told = coverage(&ada, asked.clone()).await;
    assert_eq!((&told["percent"], &told["proficient"], &told["total"]), (&json!(0), &json!(0), &json!(3)));
    assert_eq!(told["areas"][0]["weakestCompetencyId"], a, "the first of the lowest");
    // A root without anything below it is its own leaf; what stands for a root with leaves does not count.
    standing(&api, &acme, &ada, &top, 3, true).await;
    standing(&api, &acme, &ada, &a, 2, true).await;
    standing(&api, &acme, &ada, &alone, 1, false).await;
    let told = coverage(&ada, asked.clone()).await;
    assert_eq!((&told["percent"], &told["proficient"], &told["total"]), (&json!(33), &json!(1), &json!(3)));
    let expected = json!([
        {
            "competencyId": top, "code": "root", "name": "Root", "proficient": 1, "total": 2, "percent": 50, "weakestCompetencyId": b,
            "leaves": [
                { "competencyId": a, "code": "leaf-a", "name": "leaf-a", "level": 2, "levelName": "Able", "proficient": true },
                { "competencyId": b, "code": "leaf-b", "name": "leaf-b", "level": null, "levelName": null, "proficient": false },
            ],
        },
        {
            "competencyId": alone, "code": "alone", "name": "Alone", "proficient": 0, "total": 1, "percent": 0, "weakestCompetencyId": alone,
            "leaves": [
                { "competencyId": alone, "code": "alone", "name": "Alone", "level": 1, "levelName": "Aware", "proficient": false },
            ],
        },
    ]);
    assert_eq!(told["areas"], expected);
    // Beside ids stands what they name.
    let query = "query($id: ID!) { coverage(frameworkId: $id) { framework { shortName } user { name } areas { weakestCompetency { code } } } }";
    let told = ada.graphql(query, json!({ "id": framework })).await.fine();
    let weakest = json!([{ "weakestCompetency": { "code": "leaf-b" } }, { "weakestCompetency": { "code": "alone" } }]);
    let expected = json!({ "framework": { "shortName": "own" }, "user": { "name": "ada" }, "areas": weakest });
    assert_eq!(told["data"]["coverage"], expected);
    root.tell("Competency", "delete", &alone).await.done();
    assert_eq!(coverage(&ada, asked).await["percent"], 50);
}

async fn advice_and_coverage_agree(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let (framework, all) = ada.foundations().await;
    let of = |area: &str| {
        let of = all.iter().filter(|one| one["code"].as_str().unwrap().starts_with(&format!("{area}.")));
        of.map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let machine_learning = of("ml");
    let codes = async || {
        let told = ada.ask("insights", json!({ "subjectId": framework })).await.done();
        told["items"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for competency in &machine_learning {
        standing(&api, &acme, &ada, competency, 2, true).await;
        let told = coverage(&ada, json!({ "frameworkId": framework })).await;
        let percents: Vec<i64> =
            told["areas"].as_array().unwrap().iter().map(|one| one["percent"].as_i64().unwrap()).collect();
        let ahead = percents.iter().any(|percent| *percent > 60);
        let untouched = percents.contains(&0);
        assert_eq!(codes().await.contains(&"AREA_IMBALANCE".to_owned()), ahead && untouched, "{percents:?}");
        assert_eq!(codes().await.contains(&"EDA_MISSING".to_owned()), ahead);
    }
    let told = coverage(&ada, json!({ "frameworkId": framework })).await;
    let areas: Vec<String> =
        told["areas"].as_array().unwrap().iter().map(|one| format!("{} {}", one["code"], one["percent"])).collect();
    assert_snapshot!(areas.join(", "), @r#""ml" 100, "dl" 0, "software" 0, "math" 0"#);
}

async fn whose_coverage_is_whose_to_know(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim, root) =
        (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await, acme.admin("root").await);
    let (framework, _) = ada.foundations().await;
    let adas = json!({ "userId": ada.id, "frameworkId": framework });
    let eve = api.organization("Beta").await.learner("eve").await;
    for who in [&ben, &kim, &root, &acme.analyst("noor").await, &eve] {
        assert_snapshot!(who.ask("coverage", adas.clone()).await.said(), @"GRANT_REQUIRED");
    }
    ada.opens(&kim, &["learning:review"]).await;
    let moodle = acme.moodle().await;
    for who in [&kim, &moodle] {
        assert_eq!(coverage(who, adas.clone()).await["userId"], ada.id);
    }
    assert_snapshot!(moodle.ask("coverage", json!({ "frameworkId": framework })).await.code(), @"OWNER_REQUIRED");
    // A framework that one may not see, and one that is not.
    let (hidden, _) = root.framework("own").await;
    root.update("CompetencyFramework", &hidden, json!({ "visible": false })).await.done();
    for id in [hidden, nothing("cfw")] {
        let asked = json!({ "frameworkId": id });
        assert!(["NOT_FOUND", "BAD_INPUT"].contains(&ada.ask("coverage", asked).await.code().as_str()));
    }
}

/// A chart, read as the XML that it must be: its texts, without the styles.
fn texts(chart: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(chart).unwrap();
    let root = document.root_element();
    assert_eq!((root.tag_name().name(), root.attribute("role")), ("svg", Some("img")));
    assert_eq!(root.tag_name().namespace(), Some("http://www.w3.org/2000/svg"));
    for kind in ["title", "desc"] {
        let told = root.children().find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", kind)));
        assert!(told.and_then(|node| node.text()).is_some_and(|text| !text.trim().is_empty()), "no {kind}");
    }
    let style = root.children().find(|node| node.tag_name().name() == "style").unwrap().text().unwrap().to_owned();
    assert!(style.contains("prefers-color-scheme:dark") && style.contains("@media print"));
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(!["script", "image", "foreignObject", "a"].contains(&node.tag_name().name()));
        assert!(node.attributes().all(|one| !one.name().starts_with("on") && !["href", "id"].contains(&one.name())));
    }
    let words = document
        .descendants()
        .filter(|node| node.is_text() && node.parent().is_some_and(|node| node.tag_name().name() != "style"));
    words.map(|node| node.text().unwrap().trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

async fn charts_are_well_formed(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let title = "<script>alert('&')</script> 機械学習";
    let framework = json!({ "shortName": "odd", "title": title, "scale": crate::harness::world::scale() });
    let framework = root.create("CompetencyFramework", framework).await.id();
    root.update("CompetencyFramework", &framework, json!({ "visible": true })).await.done();
    let asked = json!({ "frameworkId": framework });
    assert!(
        texts(&ada.ask_for("svg", "coverage", asked.clone()).await).contains(&"There is nothing in it yet.".to_owned())
    );
    let area = json!({ "frameworkId": framework, "code": "a", "name": "\"]]>\" & עברית" });
    root.create("Competency", area).await.done();
    let chart = ada.ask_for("svg", "coverage", asked.clone()).await;
    let told = texts(&chart);
    assert!(told.contains(&title.to_owned()) && told.contains(&"\"]]>\" & עברית".to_owned()), "{told:?}");
    assert!(told.contains(&"0 % · 0 of 1".to_owned()), "{told:?}");
    assert_eq!(chart, ada.through(Face::Rest).ask_for("svg", "coverage", asked.clone()).await);
    assert_eq!(chart, ada.through(Face::Graphql).ask_for("svg", "coverage", asked).await);

    let empty = texts(&ada.ask_for("svg", "weeklyPace", json!({ "weeks": 1 })).await);
    assert!(empty.contains(&"No learning in these weeks yet.".to_owned()), "{empty:?}");
    let session = json!({ "startedAt": clock::rfc3339(clock::now() - TimeDelta::minutes(1)), "minutes": 75 });
    ada.create("LearningSession", session).await.done();
    for weeks in [1, 12, 52, 104] {
        let told = texts(&ada.ask_for("svg", "weeklyPace", json!({ "weeks": weeks })).await);
        assert!(told.iter().any(|text| text.contains("1 h 15 on 1 day")), "{told:?}");
        assert!(told.iter().any(|text| text.starts_with("Streak of 1 week")), "{told:?}");
    }
    let rest = ada.through(Face::Rest).with("accept", "application/pdf");
    assert_snapshot!(rest.get("/weekly-pace").await.problem(), @"406 NOT_ACCEPTABLE");
}

async fn tables_hold_the_same_numbers(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (framework, [_, a, _]) = root.framework("own").await;
    root.update("CompetencyFramework", &framework, json!({ "visible": true })).await.done();
    root.update("Competency", &a, json!({ "name": "@SUM(A1), \"quoted\"" })).await.done();
    standing(&api, &acme, &ada, &a, 2, true).await;
    let table = ada.ask_for("csv", "coverage", json!({ "frameworkId": framework })).await;
    assert_snapshot!(table.replace("\r\n", "\n"), @r#"
    areaCode,areaName,areaPercent,code,name,level,levelName,proficient,weakest
    root,Root,50,leaf-a,"'@SUM(A1), ""quoted""",2,Able,true,false
    root,Root,50,leaf-b,leaf-b,,,false,true
    "#);
    let session = json!({ "startedAt": clock::rfc3339(clock::now() - TimeDelta::minutes(1)), "minutes": 75 });
    ada.create("LearningSession", session).await.done();
    let told = ada.ask("weeklyPace", json!({ "weeks": 3 })).await.done();
    let table = crate::report::rows(&ada.ask_for("csv", "weeklyPace", json!({ "weeks": 3 })).await);
    assert_eq!(table.len(), 3);
    for (row, week) in table.iter().zip(told["weeks"].as_array().unwrap()) {
        for name in ["startsOn", "isoWeek", "minutes", "activeDays", "paused", "met"] {
            assert_eq!(row[name], crate::report::cell(&week[name]), "{name}");
        }
        assert_eq!(row["targetMinutes"], "");
    }
}
