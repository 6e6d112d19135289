//! Portfolios as a whole: how somebody progressed, and what other systems get (§15). Story 13.

use serde_json::{Value, json};

use super::{
    portfolio_entry::{entry, worth},
    portfolio_share::share,
    scoped,
    stakeholder_confirmation::{ask, program},
};
use crate::harness::{Actor, Api, assert_snapshot, face::id, stories_in_both_faces};

stories_in_both_faces!(
    a_portfolio_site,
    somebody_progresses_through_four_stages,
    a_portfolio_goes_out,
    what_is_learnt_goes_out_as_achievements,
    nobody_is_told_of_anothers_portfolio,
);

/// Story 13: from a finished project to a site, and back.
async fn a_portfolio_site(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let project = scoped(&ada, "Wind").await;
    let draft = json!({ "projectId": project });
    ada.tell("Project", "start", &project).await.done();
    assert_snapshot!(ada.act("PortfolioEntry", "draft", None, draft.clone()).await.said(), @"PROJECT_NOT_FINISHED /projectId");
    ada.tell("Project", "complete", &project).await.done();
    let drafted = ada.act("PortfolioEntry", "draft", None, draft).await.done();
    let wind = id(&drafted);
    assert_eq!(drafted["suggestedStage"], "PERSONAL_PROJECT");
    let refused = ada.update("PortfolioEntry", &wind, json!({ "stage": "VALUE_CREATION" })).await;
    assert_snapshot!(refused.said(), @"STAGE_EVIDENCE_MISSING /stage");
    assert_snapshot!(refused.details, @r#"{"missing":["VALUE_EVIDENCE"],"stage":"VALUE_CREATION","suggestedStage":"PERSONAL_PROJECT"}"#);
    // Somebody for whom it was made says so, by a link and without an account.
    let (_, link) = ask(&ada, &wind).await;
    let says = json!({ "verdict": "CONFIRM", "name": "Noor", "statement": "It works.", "quotable": true });
    program(&api).post(&link, says).await.fine();
    assert_eq!(ada.see("PortfolioEntry", &wind).await.done()["suggestedStage"], "VALUE_CREATION");
    let shown = json!({ "stage": "VALUE_CREATION", "visibility": "LINK", "summary": "Forecasts." });
    ada.update("PortfolioEntry", &wind, shown).await.done();
    // A generator of static sites pulls it by a token, until that is revoked.
    let (made, path) = share(&ada).await;
    let resume = api.anyone().get(&format!("{path}/resume.json")).await.fine();
    assert_eq!(
        (&resume["projects"][0]["name"], &resume["projects"][0]["type"], &resume["projects"][0]["highlights"][0]),
        (&json!("Wind"), &json!("creating value"), &json!("Confirmed by a stakeholder (Noor): It works."))
    );
    ada.tell("PortfolioShare", "revoke", &id(&made)).await.done();
    assert_snapshot!(api.anyone().get(&format!("{path}/resume.json")).await.problem(), @"404 NOT_FOUND");
    // Its progression draws the four stages.
    let chart = ada.ask_for("svg", "portfolioProgression", json!({})).await;
    for stage in ["Class project", "Personal project", "Creating value", "Rising scope and complexity"] {
        assert!(chart.contains(stage), "{stage}");
    }
}

async fn somebody_progresses_through_four_stages(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let none = ada.ask("portfolioProgression", json!({})).await.done();
    assert_eq!(
        (&none["entries"], &none["complexityTrend"], &none["plateauSince"]),
        (&json!([]), &json!(null), &json!(null))
    );
    let (framework, [_, a, b]) = root.framework("own").await;
    root.update("CompetencyFramework", &framework, json!({ "visible": true })).await.done();
    let at = |day: &str, complexity: i64, shows: &[&str], resources: &[&str]| {
        let shows: Vec<_> = shows.iter().map(|id| json!({ "competencyId": id, "levelShown": 2 })).collect();
        json!({
            "finishedAt": format!("{day}T00:00:00Z"), "complexity": complexity, "competencies": shows, "resources": resources,
        })
    };
    let mut class = at("2024-01-01", 1, &[&a], &[]);
    class["assigned"] = json!(true);
    let iris = entry(&ada, "Iris", class).await;
    let chess = entry(&ada, "Chess", at("2024-06-01", 2, &[&a], &[])).await;
    let wind = entry(&ada, "Wind, \"=1\"", at("2025-01-01", 3, &[&a, &b], &["COMPUTE"])).await;
    let grid = entry(&ada, "Grid", at("2025-06-01", 5, &[], &["COMPUTE", "HEADCOUNT"])).await;
    for (one, stage) in [(&wind, "VALUE_CREATION"), (&grid, "RISING_SCOPE")] {
        worth(&ada, one).await;
        ada.update("PortfolioEntry", one, json!({ "stage": stage })).await.done();
    }
    let told = ada.ask("portfolioProgression", json!({})).await.done();
    let stages: Vec<_> = told["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| (stage["stage"].clone(), stage["entries"].clone(), stage["entryId"].clone()))
        .collect();
    let expected =
        [("CLASS_PROJECT", &iris), ("PERSONAL_PROJECT", &chess), ("VALUE_CREATION", &wind), ("RISING_SCOPE", &grid)];
    assert_eq!(stages, expected.map(|(stage, id)| (json!(stage), json!(1), json!(id))));
    let entries = told["entries"].as_array().unwrap();
    let each = |name: &str| entries.iter().map(|one| one[name].clone()).collect::<Vec<_>>();
    assert_eq!(each("entryId"), [&iris, &chess, &wind, &grid].map(|id| json!(id)));
    assert_eq!(each("valueEvidence"), [0, 0, 1, 1].map(Value::from));
    assert_eq!(each("resourcesUnlocked"), [json!([]), json!([]), json!(["COMPUTE"]), json!(["HEADCOUNT"])]);
    let first: Vec<Vec<_>> = entries
        .iter()
        .map(|one| one["competenciesFirstShown"].as_array().unwrap().iter().map(|of| of["name"].clone()).collect())
        .collect();
    assert_eq!(first, [vec![json!("leaf-a")], vec![], vec![json!("leaf-b")], vec![]]);
    assert_eq!(
        (&told["complexityTrend"], &told["resourcesUnlocked"], &told["plateauSince"]),
        (&json!("RISING"), &json!(["COMPUTE", "HEADCOUNT"]), &json!(null))
    );
    let table = ada.ask_for("csv", "portfolioProgression", json!({})).await;
    assert_snapshot!(table.replace("\r\n", "\n"), @r#"
    title,stage,finishedAt,complexity,teamSize,valueEvidence,resourcesUnlocked,competenciesFirstShown
    Iris,CLASS_PROJECT,2024-01-01T00:00:00.000000Z,1,,0,,leaf-a
    Chess,PERSONAL_PROJECT,2024-06-01T00:00:00.000000Z,2,,0,,
    "Wind, ""=1""",VALUE_CREATION,2025-01-01T00:00:00.000000Z,3,,1,COMPUTE,leaf-b
    Grid,RISING_SCOPE,2025-06-01T00:00:00.000000Z,5,,1,HEADCOUNT,
    "#);
    let chart = ada.ask_for("svg", "portfolioProgression", json!({})).await;
    let chart = roxmltree::Document::parse(&chart).expect("a chart");
    assert_eq!(chart.descendants().filter(|node| node.tag_name().name() == "circle").count(), 4);
    // Who stays where they are, since when.
    for (title, day) in [("A", "2025-07-01"), ("B", "2025-08-01"), ("C", "2025-09-01")] {
        entry(&ada, title, at(day, 2, &[], &[])).await;
    }
    let told = ada.ask("portfolioProgression", json!({})).await.done();
    assert_eq!(told["plateauSince"], "2025-07-01T00:00:00.000000Z");
}

/// An export as both faces tell it: REST tells the document alone.
async fn export(who: &Actor, question: Value) -> Value {
    let told = who.ask("exportPortfolio", question).await.done();
    if told["document"].is_null() { told } else { told["document"].clone() }
}

async fn a_portfolio_goes_out(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    let profile = ada.list("CareerProfile", &[("userId", &ada.id)]).await.ids().remove(0);
    let about = json!({ "headline": "Forecaster", "currentRole": "Analyst", "currentIndustry": "Energy" });
    ada.update("CareerProfile", &profile, about).await.done();
    entry(&ada, "Secret", json!({})).await;
    let more = json!({
        "visibility": "LINK", "startedAt": "2024-12-01T00:00:00Z", "finishedAt": "2025-01-31T00:00:00Z", "summary": "# Big\n*wind*",
    });
    entry(&ada, "Wind", more).await;
    let resume = export(&ada, json!({})).await;
    assert_eq!(resume["basics"], json!({ "name": "ada", "label": "Forecaster", "email": ada.email(&acme) }));
    assert_eq!(resume["work"], json!([{ "position": "Analyst", "description": "Energy" }]));
    assert_eq!(resume["projects"].as_array().unwrap().len(), 1, "an export is likely to be published");
    assert_eq!(
        (&resume["projects"][0]["startDate"], &resume["projects"][0]["endDate"]),
        (&json!("2024-12-01"), &json!("2025-01-31"))
    );
    let all = export(&ada, json!({ "includePrivate": true, "format": "JSON_RESUME" })).await;
    assert_eq!(all["projects"].as_array().unwrap().len(), 2);
    let expected = "# ada\n\nForecaster\n\nAnalyst, Energy\n\n## Projects\n\n### Wind\n\n\
                    *personal project · 2024-12-01 to 2025-01-31*\n\n\\# Big\\\n\\*wind\\*\n";
    assert_eq!(export(&ada, json!({ "format": "MARKDOWN" })).await, expected);
    assert_eq!(ada.ask_for("markdown", "exportPortfolio", json!({})).await, expected);
    assert_eq!(ada.ask_for("markdown", "exportPortfolio", json!({ "format": "MARKDOWN" })).await, expected);
    // To a coach it tells what she opened: of her career only with her learning, of her address nothing.
    ada.opens(&kim, &["portfolio:read"]).await;
    let hers = json!({ "userId": ada.id });
    assert_eq!(export(&kim, hers.clone()).await["basics"], json!({ "name": "ada" }));
    ada.opens(&kim, &["learning:read"]).await;
    let told = export(&kim, hers).await;
    assert_eq!(told["basics"], json!({ "name": "ada", "label": "Forecaster" }));
}

async fn what_is_learnt_goes_out_as_achievements(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (framework, [_, a, b]) = root.framework("own").await;
    root.update("CompetencyFramework", &framework, json!({ "visible": true })).await.done();
    ada.opens(&kim, &["learning:review"]).await;
    for (competency, level) in [(&a, 2), (&b, 1)] {
        let rated = json!({
            "userId": ada.id, "competencyId": competency, "action": "RATE", "source": "REVIEW", "level": level,
        });
        kim.act("Evidence", "record", None, rated).await.done();
    }
    let shows = json!({ "visibility": "LINK", "competencies": [{ "competencyId": a, "levelShown": 2 }] });
    entry(&ada, "Wind", shows).await;
    let told = export(&ada, json!({ "format": "OPEN_BADGES" })).await;
    let all = told["achievements"].as_array().unwrap();
    assert_eq!(all.len(), 1, "only what somebody is proficient in");
    assert_eq!(
        (&all[0]["achievement"]["name"], &all[0]["achievement"]["type"], &all[0]["evidence"][0]["name"]),
        (&json!("leaf-a"), &json!(["Achievement"]), &json!("Wind"))
    );
    let text = ada.ask_for("markdown", "exportPortfolio", json!({ "format": "OPEN_BADGES" })).await;
    assert!(text.starts_with("# Achievements\n\n## leaf-a\n"), "{text}");
    // Whom she opened her portfolio to is told nothing of what she learnt.
    let tom = acme.coach("tom").await;
    ada.opens(&tom, &["portfolio:read"]).await;
    let told = export(&tom, json!({ "userId": ada.id, "format": "OPEN_BADGES" })).await;
    assert_eq!(told["achievements"], json!([]));
}

async fn nobody_is_told_of_anothers_portfolio(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, tom) = (acme.learner("ada").await, acme.coach("kim").await, acme.analyst("tom").await);
    let (root, machine) = (acme.admin("root").await, acme.omnipotent().await);
    entry(&ada, "Sun", json!({ "visibility": "PUBLIC" })).await;
    let hers = json!({ "userId": ada.id });
    for name in ["portfolioProgression", "exportPortfolio"] {
        for who in [&kim, &tom, &root] {
            assert_snapshot!(who.ask(name, hers.clone()).await.said(), @"GRANT_REQUIRED");
        }
        machine.ask(name, hers.clone()).await.done();
        assert_snapshot!(machine.ask(name, json!({})).await.said().replace(" userId", " /userId"), @"OWNER_REQUIRED /userId");
        let stranger = api.organization(&format!("Other {name}")).await.omnipotent().await;
        assert_snapshot!(stranger.ask(name, hers.clone()).await.said(), @"GRANT_REQUIRED");
    }
    ada.opens(&kim, &["portfolio:read"]).await;
    let told = kim.ask("portfolioProgression", hers).await.done();
    assert_eq!(told["entries"].as_array().unwrap().len(), 1);
}
