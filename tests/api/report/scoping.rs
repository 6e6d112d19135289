//! Where projects stand in scoping: of those that somebody sees as it is, of all of them only counted (§9, §37).

use cairn::domain::clock;
use chrono::TimeDelta;
use entity::platform::{client::Scope, membership::Role};
use serde_json::{Value, json};

use super::{cell, rows};
use crate::{
    harness::{Actor, Api, Face, Organization, assert_snapshot, stories_in_both_faces, world::nothing},
    projects::{begun, candidate, complete, fill, go_back, scope_of, scoped, state_the_problem},
};

stories_in_both_faces!(
    a_coach_sees_what_people_opened,
    an_analyst_sees_it_counted,
    small_groups_are_told_together,
    what_was_planned_beside_what_came_of_it,
    what_only_a_few_did_is_not_told,
    who_may_ask,
    a_named_person_needs_a_grant,
    every_form_tells_the_same_numbers,
);

async fn report(who: &Actor, asked: Value) -> Value {
    who.ask("scopingReport", asked).await.done()
}

/// So many learners.
async fn learners(acme: &Organization, count: usize) -> Vec<Actor> {
    let mut all = Vec::new();
    for place in 0..count {
        all.push(acme.learner(&format!("learner{place}")).await);
    }
    all
}

/// A number of a member of a list: `of(group, "statuses", "status", "SCOPING", "projects")`.
fn of(group: &Value, list: &str, by: &str, word: &str, number: &str) -> Value {
    let all = group[list].as_array().unwrap();
    all.iter().find(|one| one[by] == word).unwrap_or_else(|| panic!("no {word} in {group}"))[number].clone()
}

/// A group in a line: where projects stand, the steps, and why they went back.
fn line(group: &Value) -> String {
    let each = |list: &str, number: &str| {
        let all = group[list].as_array().unwrap().iter().map(|one| one[number].to_string());
        all.collect::<Vec<_>>().join(" ")
    };
    format!(
        "{} {}: {} people, {} projects; stand {}; at {}; complete {}; days {}; {} returned {} times: {}",
        group["kind"].as_str().unwrap(),
        group["name"].as_str().unwrap_or("."),
        group["people"],
        group["projects"],
        each("statuses", "projects"),
        each("steps", "projects"),
        each("steps", "completed"),
        each("steps", "medianDays"),
        group["projectsReturned"],
        group["timesReturned"],
        each("returnReasons", "times"),
    )
}

/// Lets what is complete have taken so many days.
async fn took(api: &Api, days: i64) {
    let at = clock::now() - TimeDelta::days(days) - TimeDelta::hours(1);
    api.execute("UPDATE \"scope_step\" SET opened_at = $1 WHERE state = 'COMPLETE'", vec![at.into()]).await;
}

/// A project whose first step is complete, or that went back to it.
async fn begins(who: &Actor, returns: bool) -> String {
    let (project, scope) = begun(who, "Sun").await;
    state_the_problem(who, &project, &scope).await;
    complete(who, &scope, "BUSINESS_PROBLEM").await.done();
    if returns {
        go_back(who, &scope, "BUSINESS_PROBLEM").await.done();
    }
    project
}

async fn a_coach_sees_what_people_opened(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let project = scoped(&ada, "Wind").await;
    let scope = scope_of(&ada, &project).await;
    go_back(&ada, &scope, "ASSESSMENT").await.done();
    begun(&ada, "Sun").await;
    let bens = begun(&ben, "Waves").await.0;
    took(&api, 3).await;
    // Whoever sees none is told of none.
    assert_snapshot!(line(&report(&kim, json!({})).await["groups"][0]), @"TOTAL .: 0 people, 0 projects; stand 0 0 0 0 0 0 0; at 0 0 0 0 0; complete 0 0 0 0 0; days null null null null null; 0 returned 0 times: 0 0 0 0 0 0");
    let grant = ada.opens(&kim, &["projects:read"]).await;
    let told = report(&kim, json!({})).await;
    assert_eq!((&told["population"], &told["groupBy"]), (&json!("SEEN"), &json!("NONE")));
    assert_snapshot!(line(&told["groups"][0]), @"TOTAL .: 1 people, 2 projects; stand 2 0 0 0 0 0 0; at 1 0 1 0 0; complete 1 1 0 0 0; days 3 3 null null null; 1 returned 1 times: 1 0 0 0 0 0");
    // So are those that a coach is in, and none that are gone.
    let takes = json!({ "projectId": bens, "userId": kim.id, "role": "OBSERVER" });
    ben.create("ProjectMember", takes).await.done();
    let told = report(&kim, json!({})).await;
    assert_eq!([&told["groups"][0]["people"], &told["groups"][0]["projects"]], [&json!(2), &json!(3)]);
    ben.tell("Project", "delete", &bens).await.done();
    ada.tell("Grant", "revoke", &grant).await.done();
    assert_eq!(report(&kim, json!({})).await["groups"][0]["projects"], 0);
}

async fn an_analyst_sees_it_counted(api: Api) {
    let acme = api.organization("Acme").await;
    let noor = acme.analyst("noor").await;
    let all = learners(&acme, 6).await;
    for who in &all[..4] {
        begins(who, true).await;
    }
    let few = noor.ask("scopingReport", json!({})).await;
    assert_snapshot!(few.said(), @"INSUFFICIENT_COHORT");
    assert_eq!(few.details, json!({ "minimumCohort": 5 }));
    for who in &all[4..] {
        begins(who, true).await;
    }
    // Six projects that went back, and six that wait at the second step.
    for who in &all {
        begins(who, false).await;
    }
    took(&api, 12).await;
    let told = report(&noor, json!({})).await;
    assert_eq!((&told["population"], &told["minimumCohort"]), (&json!("ORGANIZATION"), &json!(5)));
    assert_snapshot!(line(&told["groups"][0]), @"TOTAL .: 5 people, 10 projects; stand 10 0 0 0 0 0 0; at 5 5 0 0 0; complete 5 0 0 0 0; days 10 null null null null; 5 returned 5 times: 5 0 0 0 0 0");
    // One more than a step does not move anything.
    begins(&all[0], true).await;
    begins(&all[0], false).await;
    assert_eq!(report(&noor, json!({})).await["groups"][0]["timesReturned"], 5);
    // People who do not learn here are not among them, and the organization may ask for more.
    begun(&noor, "Mine").await;
    assert_eq!(report(&noor, json!({})).await["groups"][0]["people"], 5);
    let root = acme.admin("root").await;
    acme.decide(&root, json!({ "minimumCohort": 7 })).await;
    assert_snapshot!(root.ask("scopingReport", json!({})).await.said(), @"INSUFFICIENT_COHORT");
    // What one sees oneself is told as it is, whoever one is.
    let own = report(&noor, json!({ "population": "SEEN" })).await;
    assert_eq!([&own["groups"][0]["people"], &own["groups"][0]["projects"]], [&json!(1), &json!(1)]);
}

async fn small_groups_are_told_together(api: Api) {
    let acme = api.organization("Acme").await;
    let noor = acme.analyst("noor").await;
    for (place, who) in learners(&acme, 13).await.iter().enumerate() {
        let kind = match place {
            0..6 => "ROLE",
            6..11 => "BUILD_MODEL",
            _ => "PASS_INTERVIEW",
        };
        who.create("CareerGoal", json!({ "title": "Goal", "kind": kind })).await.done();
        // All of the first group went back, and one of the second.
        begins(who, place < 7).await;
    }
    let told = report(&noor, json!({ "groupBy": "GOAL_KIND" })).await;
    let lines: Vec<_> = told["groups"].as_array().unwrap().iter().map(line).collect();
    // Two are too few to be told: the smallest other group joins them. Of these one went back: nobody is told of who did.
    assert_snapshot!(lines.join("\n"), @r"
    TOTAL .: 10 people, 10 projects; stand 10 0 0 0 0 0 0; at 5 5 0 0 0; complete 5 0 0 0 0; days 0 null null null null; 5 returned 5 times: 5 0 0 0 0 0
    GROUP To take on a role: 5 people, 5 projects; stand 5 0 0 0 0 0 0; at null 0 0 0 0; complete 0 0 0 0 0; days null null null null null; null returned null times: null 0 0 0 0 0
    OTHER .: 5 people, 5 projects; stand 5 0 0 0 0 0 0; at null 5 0 0 0; complete 5 0 0 0 0; days 0 null null null null; null returned null times: null 0 0 0 0 0
    ");
    let total = &report(&noor, json!({})).await["groups"];
    assert_eq!((total.as_array().unwrap().len(), &total[0]), (1, &told["groups"][0]));
}

/// A project of which half of what was planned in DATA was spent, with one milestone done two days late and one still to come.
async fn carried_out(api: &Api, who: &Actor) {
    let (project, scope) = begun(who, "Wind").await;
    fill(who, &project, &scope).await;
    let line = who.list("BudgetLine", &[("projectId", &project), ("category", "DATA")]).await.ids().remove(0);
    let entry = json!({ "lineId": line, "amount": { "amount": "625.00", "currency": "EUR" } });
    who.create("BudgetEntry", entry).await.done();
    let milestone = who.list("Milestone", &[("projectId", &project)]).await.ids().remove(0);
    let why = json!({ "overrideReason": "It is good enough." });
    who.act("Milestone", "complete", Some(&milestone), why).await.done();
    let today = clock::now().date_naive();
    let late = json!({ "projectId": project, "title": "Late", "targetDate": today - chrono::Days::new(4) });
    who.create("Milestone", late).await.done();
    let id: entity::id::MilestoneId = milestone.parse().unwrap();
    let due = today - chrono::Days::new(2);
    api.execute("UPDATE \"milestone\" SET target_date = $1 WHERE id = $2", vec![due.into(), id.0.into()]).await;
}

async fn what_was_planned_beside_what_came_of_it(api: Api) {
    let acme = api.organization("Acme").await;
    let (noor, kim) = (acme.analyst("noor").await, acme.coach("kim").await);
    let all = learners(&acme, 5).await;
    for who in &all {
        carried_out(&api, who).await;
        who.opens(&kim, &["projects:read"]).await;
    }
    // One of them spent three times the plan in people, and somebody got money back.
    let line = all[0].list("BudgetLine", &[("category", "PEOPLE")]).await.ids().remove(0);
    for amount in ["3750.00", "-0.01"] {
        let entry = json!({ "lineId": line, "amount": { "amount": amount, "currency": "EUR" } });
        all[0].create("BudgetEntry", entry).await.done();
    }
    let yen = json!({ "amount": "1000", "currency": "JPY" });
    let project = all[1].list("Project", &[]).await.ids().remove(0);
    let line = json!({ "projectId": project, "category": "DATA", "description": "Yen", "plannedAmount": yen });
    all[1].create("BudgetLine", line).await.done();
    let seen = report(&kim, json!({})).await["groups"][0].clone();
    assert_eq!(seen["milestones"], json!({ "done": 5, "inTime": 0, "overdue": 5, "medianDaysLate": 2 }));
    assert_eq!(
        seen["spending"],
        json!([
            { "category": "DATA", "planned": 5, "over": 0, "medianPercent": 50 },
            { "category": "PEOPLE", "planned": 5, "over": 1, "medianPercent": 0 },
            { "category": "TIME", "planned": 5, "over": 0, "medianPercent": 0 },
            { "category": "INTEGRATIONS", "planned": 0, "over": 0, "medianPercent": null },
        ])
    );
    let money = |amount: &str, currency: &str| json!({ "amount": amount, "currency": currency });
    assert_eq!(
        seen["amounts"],
        json!([
            { "category": "DATA", "currency": "EUR", "planned": money("6250.00", "EUR"), "actual": money("3125.00", "EUR") },
            { "category": "DATA", "currency": "JPY", "planned": money("1000", "JPY"), "actual": money("0", "JPY") },
            { "category": "PEOPLE", "currency": "EUR", "planned": money("6250.00", "EUR"), "actual": money("3749.99", "EUR") },
            { "category": "TIME", "currency": "EUR", "planned": money("6250.00", "EUR"), "actual": money("0.00", "EUR") },
        ])
    );
    // Who is not told of anybody is told no money, nor of the one who spent too much.
    let told = report(&noor, json!({})).await["groups"][0].clone();
    assert_eq!(told["milestones"], json!({ "done": 5, "inTime": 0, "overdue": 5, "medianDaysLate": 0 }));
    assert_eq!(told["amounts"], json!([]));
    assert_eq!(of(&told, "spending", "category", "DATA", "medianPercent"), 50);
    assert_eq!(of(&told, "spending", "category", "PEOPLE", "over"), Value::Null);
    // A sum that is too large is not told, and never wraps; the rest is.
    api.execute("UPDATE \"budget_line\" SET planned = 999999999999999999 WHERE currency = 'EUR'", vec![]).await;
    let seen = kim.ask("scopingReport", json!({})).await.done()["groups"][0].clone();
    assert_eq!(
        (&seen["amounts"][0]["planned"], &seen["amounts"][0]["actual"]),
        (&Value::Null, &money("3125.00", "EUR"))
    );
    assert_eq!(seen["amounts"][1]["planned"], money("1000", "JPY"));
    assert_eq!(report(&noor, json!({})).await["groups"][0]["spending"][0]["medianPercent"], 0);
}

async fn what_only_a_few_did_is_not_told(api: Api) {
    let acme = api.organization("Acme").await;
    let noor = acme.analyst("noor").await;
    let all = learners(&acme, 7).await;
    for who in &all {
        begins(who, false).await;
    }
    let project = begun(&all[0], "Given up").await.0;
    all[0].tell("Project", "cancel", &project).await.done();
    go_back(&all[1], &scope_of(&all[1], &begins(&all[1], false).await).await, "BUSINESS_PROBLEM").await.done();
    let told = report(&noor, json!({})).await["groups"][0].clone();
    assert_eq!(of(&told, "statuses", "status", "CANCELLED", "projects"), Value::Null, "one person");
    assert_eq!(of(&told, "statuses", "status", "PAUSED", "projects"), 0);
    assert_eq!([&told["projectsReturned"], &told["timesReturned"]], [&Value::Null, &Value::Null]);
    assert_eq!(of(&told, "returnReasons", "reason", "INFEASIBLE", "times"), Value::Null);
    assert_eq!(of(&told, "steps", "step", "SOLUTION_BRAINSTORM", "projects"), 5);
    // Their own people know.
    let both = acme.member("both", &[Role::Learner, Role::Coach]).await;
    all[1].opens(&both, &["projects:read"]).await;
    assert_eq!(report(&both, json!({})).await["groups"][0]["timesReturned"], 1);
}

async fn who_may_ask(api: Api) {
    let acme = api.organization("Acme").await;
    let all = learners(&acme, 5).await;
    for who in &all {
        begun(who, "Wind").await;
    }
    let (noor, root, kim) = (acme.analyst("noor").await, acme.admin("root").await, acme.coach("kim").await);
    let reader = acme.client(&[Scope::ReportsRead]).await;
    for who in [&noor, &root, &reader] {
        assert_eq!(report(who, json!({})).await["groups"][0]["people"], 5);
    }
    let all_of_them = json!({ "population": "ORGANIZATION" });
    let seen = json!({ "population": "SEEN" });
    assert_snapshot!(all[0].ask("scopingReport", json!({})).await.said(), @"INSUFFICIENT_SCOPE");
    assert_snapshot!(kim.ask("scopingReport", all_of_them.clone()).await.said(), @"FORBIDDEN");
    // What is told as it is takes the right to look at it one by one.
    assert_snapshot!(reader.ask("scopingReport", seen.clone()).await.said(), @"INSUFFICIENT_SCOPE");
    let machine = acme.client(&[Scope::ReportsRead, Scope::ProjectsRead]).await;
    assert_eq!(report(&machine, seen.clone()).await["groups"][0]["projects"], 5);
    let grouped = json!({ "population": "SEEN", "groupBy": "GOAL_KIND" });
    assert_snapshot!(noor.ask("scopingReport", grouped).await.code(), @"POPULATION_MISMATCH");
    // Another organization has projects of its own, or none.
    let eve = api.organization("Beta").await.member("eve", &[Role::Admin, Role::Coach]).await;
    assert_snapshot!(eve.ask("scopingReport", all_of_them).await.said(), @"INSUFFICIENT_COHORT");
    assert_eq!(report(&eve, seen).await["groups"][0]["projects"], 0);
}

async fn a_named_person_needs_a_grant(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, noor) = (acme.learner("ada").await, acme.learner("ben").await, acme.analyst("noor").await);
    begins(&ada, true).await;
    begun(&ben, "Waves").await;
    let adas = json!({ "userId": ada.id });
    for who in [&noor, &acme.admin("root").await, &acme.coach("kim").await, &acme.omnipotent().await] {
        assert_snapshot!(who.ask("scopingReport", adas.clone()).await.said(), @"GRANT_REQUIRED");
        let nobody = json!({ "userId": nothing("usr") });
        assert_snapshot!(who.ask("scopingReport", nobody).await.said(), @"GRANT_REQUIRED");
    }
    let grant = ada.opens(&noor, &["projects:read"]).await;
    ben.opens(&noor, &["projects:read"]).await;
    let told = report(&noor, adas.clone()).await;
    assert_eq!((&told["userId"], &told["population"]), (&json!(ada.id), &json!("SEEN")));
    assert_eq!([&told["groups"][0]["projects"], &told["groups"][0]["timesReturned"]], [&json!(1), &json!(1)]);
    let alone = json!({ "userId": ada.id, "population": "ORGANIZATION" });
    assert_snapshot!(noor.ask("scopingReport", alone).await.code(), @"POPULATION_MISMATCH");
    ada.tell("Grant", "revoke", &grant).await.done();
    assert_snapshot!(noor.ask("scopingReport", adas).await.said(), @"GRANT_REQUIRED");
}

async fn every_form_tells_the_same_numbers(api: Api) {
    let acme = api.organization("Acme").await;
    let (noor, kim) = (acme.analyst("noor").await, acme.coach("kim").await);
    for (place, who) in learners(&acme, 7).await.iter().enumerate() {
        carried_out(&api, who).await;
        begins(who, place % 2 == 0).await;
        who.opens(&kim, &["projects:read"]).await;
    }
    for (who, asked) in [(&noor, json!({ "groupBy": "JOINED_MONTH" })), (&kim, json!({}))] {
        let told = report(who, asked.clone()).await;
        assert_eq!(told, report(&who.through(Face::Rest), asked.clone()).await);
        assert_eq!(told, report(&who.through(Face::Graphql), asked.clone()).await);
        let table = rows(&who.ask_for("csv", "scopingReport", asked.clone()).await);
        let number = |measure: &str, of: &str| {
            let found = table.iter().find(|row| row["kind"] == "TOTAL" && row["measure"] == measure && row["of"] == of);
            found.unwrap_or_else(|| panic!("no {measure} {of}"))["value"].clone()
        };
        let total = &told["groups"][0];
        for (measure, word, value) in [
            ("people", "", total["people"].clone()),
            ("projects", "", total["projects"].clone()),
            ("projectsInStatus", "SCOPING", of(total, "statuses", "status", "SCOPING", "projects")),
            ("stepCompleted", "BUSINESS_PROBLEM", of(total, "steps", "step", "BUSINESS_PROBLEM", "completed")),
            ("stepMedianDays", "BUDGET", of(total, "steps", "step", "BUDGET", "medianDays")),
            ("timesReturned", "", total["timesReturned"].clone()),
            ("timesReturnedFor", "INFEASIBLE", of(total, "returnReasons", "reason", "INFEASIBLE", "times")),
            ("milestonesOverdue", "", total["milestones"]["overdue"].clone()),
            ("milestonesMedianDaysLate", "", total["milestones"]["medianDaysLate"].clone()),
            ("medianPercentSpent", "DATA", of(total, "spending", "category", "DATA", "medianPercent")),
        ] {
            assert_eq!(number(measure, word), cell(&value), "{measure} {word}");
        }
        let planned = table.iter().find(|row| row["measure"] == "planned" && row["of"] == "DATA");
        assert_eq!(planned.map(|row| (&row["currency"], &row["value"])).is_some(), who.id == kim.id);
        assert!(planned.is_none_or(|row| (&row["currency"], &row["value"]) == (&json!("EUR"), &json!("8750.00"))));
        let drawn = who.ask_for("svg", "scopingReport", asked).await;
        let document = roxmltree::Document::parse(&drawn).unwrap();
        let says = document.descendants().find(|node| node.tag_name().name() == "desc").unwrap().text().unwrap();
        assert!(says.contains("Business problem: ") && says.contains("at it"), "{says}");
    }
    let rest = noor.through(Face::Rest).with("accept", "image/png");
    assert_snapshot!(rest.get("/reports/scoping").await.problem(), @"406 NOT_ACCEPTABLE");
    // Whatever is not there is not asked for.
    let (project, _) = begun(&kim, "Kites").await;
    candidate(&kim, &project, "Kites").await;
    assert_snapshot!(kim.ask("scopingReport", json!({ "population": "EVERYBODY" })).await.code(), @"BAD_INPUT");
}
