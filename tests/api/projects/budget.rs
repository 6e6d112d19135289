//! Budgets: what is not needed, and what the last step of scoping still lacks (§9, §12, story 4).

use cairn::{auth::access, domain::projects::budget::gate};
use serde_json::{Value, json};

use crate::harness::{Actor, Api, Organization, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    a_project_has_one_budget,
    each_category_is_addressed,
    what_is_marked_and_what_is_planned,
    who_changes_a_budget,
    what_has_ended_stays_as_it_is
);

const KIND: &str = "Budget";

/// A project, and its budget.
pub async fn project(who: &Actor) -> (String, String) {
    let project = who.create("Project", json!({ "title": "Wind" })).await.id();
    let budget = who.list(KIND, &[("projectId", &project)]).await.ids().remove(0);
    (project, budget)
}

/// A line in euros.
pub fn euros(project: &str, category: &str, amount: &str) -> Value {
    json!({
        "projectId": project, "category": category, "description": "Satellite images",
        "plannedAmount": { "amount": amount, "currency": "EUR" },
    })
}

/// What the last step still lacks, as the scope asks.
async fn lacks(api: &Api, acme: &Organization, project: &str) -> String {
    let look = access::operator(&api.house, &acme.row, "test".into()).look().await.unwrap();
    let unmet = gate::of_project(&look, project.parse().unwrap()).await.unwrap();
    unmet.iter().map(|one| format!("{} {}", one.code, one.details)).collect::<Vec<_>>().join("; ")
}

async fn a_project_has_one_budget(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, id) = project(&ada).await;
    let budget = ada.see(KIND, &id).await.done();
    assert_eq!(
        [&budget["projectId"], &budget["projectTitle"], &budget["approval"], &budget["notNeeded"], &budget["version"]],
        [&json!(project), &json!("Wind"), &json!("DRAFT"), &json!([]), &json!(1)]
    );
    let shown = ada.get(&format!("/projects/{project}?expand=budgets.lines")).await.fine();
    assert_eq!(shown["budgets"]["items"][0]["id"], json!(id));
    ada.tell("Project", "delete", &project).await.done();
    assert_snapshot!(ada.see(KIND, &id).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.act(KIND, "markNeeded", Some(&id), json!({ "category": "TIME" })).await.said(), @"NOT_FOUND");
    ada.tell("Project", "restore", &project).await.done();
    assert_eq!(ada.list(KIND, &[]).await.ids(), [id]);
}

/// Story 4, its last step: a budget without integrations does not do, and one that says why does.
async fn each_category_is_addressed(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let (project, budget) = project(&ada).await;
    let lacking = async || lacks(&api, &acme, &project).await;
    assert_snapshot!(lacking().await, @r#"BUDGET_CATEGORY_UNADDRESSED {"missing":["DATA","PEOPLE","TIME","INTEGRATIONS"]}"#);
    for category in ["DATA", "PEOPLE", "TIME"] {
        ada.create("BudgetLine", euros(&project, category, "100")).await.done();
    }
    assert_snapshot!(lacking().await, @r#"BUDGET_CATEGORY_UNADDRESSED {"missing":["INTEGRATIONS"]}"#);
    let mark = json!({ "category": "INTEGRATIONS", "reason": "Nobody else takes part." });
    ada.act(KIND, "markNotNeeded", Some(&budget), mark).await.done();
    assert_snapshot!(lacking().await, @"");

    // An integration that is needed after all has a team.
    let line = ada.create("BudgetLine", euros(&project, "INTEGRATIONS", "0")).await.id();
    let told = lacking().await;
    assert_eq!(told, format!("SUPPORT_TEAM_MISSING {}", json!({ "budgetLineIds": [line] })));
    ada.update("BudgetLine", &line, json!({ "supportTeam": "Grid operations" })).await.done();
    assert_snapshot!(lacking().await, @"");
    ada.tell("BudgetLine", "delete", &line).await.done();
    assert_snapshot!(lacking().await, @r#"BUDGET_CATEGORY_UNADDRESSED {"missing":["INTEGRATIONS"]}"#);
}

async fn what_is_marked_and_what_is_planned(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, id) = project(&ada).await;
    let mark = async |category: &str, reason: &str| {
        let said = json!({ "category": category, "reason": reason });
        ada.act(KIND, "markNotNeeded", Some(&id), said).await
    };
    mark("TIME", "No deadline").await.done();
    let budget = mark("DATA", "Public").await.done();
    assert_eq!(
        budget["notNeeded"],
        json!([{ "category": "DATA", "reason": "Public" }, { "category": "TIME", "reason": "No deadline" }])
    );
    assert_eq!(mark("DATA", "Public").await.done()["version"], budget["version"], "nothing has changed");
    assert_eq!(mark("DATA", "Open").await.done()["notNeeded"][0]["reason"], "Open");
    assert_snapshot!(mark("DATA", " ").await.said(), @"VALIDATION_FAILED /reason");

    // What gets a line is needed, and what has one is.
    let line = ada.create("BudgetLine", euros(&project, "DATA", "10")).await.done();
    assert_eq!(
        line["warnings"],
        json!([{
            "code": "NOT_NEEDED_TAKEN_BACK", "message": "DATA was said not to be needed: that is taken back.",
            "details": { "category": "DATA" },
        }])
    );
    assert_eq!(ada.see(KIND, &id).await.done()["notNeeded"], json!([{ "category": "TIME", "reason": "No deadline" }]));
    let refused = mark("DATA", "Public").await;
    assert_snapshot!(refused.said(), @"BUDGET_CATEGORY_IN_USE /category");
    assert_eq!(refused.details, json!({ "category": "DATA", "lines": 1 }));
    let line = line["id"].as_str().unwrap();
    let moved = ada.update("BudgetLine", line, json!({ "category": "TIME" })).await.done();
    assert_eq!(moved["warnings"][0]["code"], "NOT_NEEDED_TAKEN_BACK");
    mark("DATA", "Public").await.done();
    // A line that comes back takes the mark back, too.
    ada.tell("BudgetLine", "delete", line).await.done();
    mark("TIME", "None").await.done();
    let back = ada.tell("BudgetLine", "restore", line).await.done();
    assert_eq!(back["warnings"][0]["code"], "NOT_NEEDED_TAKEN_BACK");
    let after = ada.act(KIND, "markNeeded", Some(&id), json!({ "category": "DATA" })).await.done();
    assert_eq!(after["notNeeded"], json!([]));
}

async fn who_changes_a_budget(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (project, budget) = project(&ada).await;
    let line = ada.create("BudgetLine", euros(&project, "DATA", "10")).await.id();
    let spent = json!({ "lineId": line, "amount": { "amount": "1", "currency": "EUR" } });
    let entry = ada.create("BudgetEntry", spent.clone()).await.id();
    let mark = || json!({ "category": "TIME", "reason": "None" });
    let mut said = Vec::new();
    for role in ["LEAD", "CONTRIBUTOR", "OBSERVER"] {
        let who = acme.learner(&role.to_lowercase()).await;
        ada.create("ProjectMember", json!({ "projectId": project, "userId": who.id, "role": role })).await.done();
        for (kind, id) in [(KIND, &budget), ("BudgetLine", &line), ("BudgetEntry", &entry)] {
            who.see(kind, id).await.done();
        }
        let tried = [
            who.act(KIND, "markNotNeeded", Some(&budget), mark()).await.said(),
            who.create("BudgetLine", euros(&project, "DATA", "10")).await.said(),
            who.create("BudgetEntry", spent.clone()).await.said(),
            who.act(KIND, "approve", Some(&budget), json!({})).await.said(),
        ];
        said.push(format!("{role}: {}", tried.join(", ")));
    }
    assert_snapshot!(said.join("\n"), @r"
        LEAD: fine, fine, fine, FORBIDDEN
        CONTRIBUTOR: fine, fine, fine, FORBIDDEN
        OBSERVER: FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN
    ");
    // An administrator is not in it.
    for (kind, id) in [(KIND, &budget), ("BudgetLine", &line), ("BudgetEntry", &entry)] {
        assert_snapshot!(root.see(kind, id).await.said(), @"NOT_FOUND");
    }
    assert_snapshot!(root.create("BudgetEntry", spent).await.said(), @"REFERENCE_UNKNOWN /lineId");
    assert_snapshot!(root.create("BudgetLine", euros(&project, "DATA", "10")).await.said(), @"REFERENCE_UNKNOWN /projectId");
    assert_snapshot!(ada.create("BudgetLine", euros(&nothing("prj"), "DATA", "10")).await.said(), @"REFERENCE_UNKNOWN /projectId");
    assert_snapshot!(root.ask("budgetSummary", json!({ "projectId": project })).await.said(), @"NOT_FOUND");
}

async fn what_has_ended_stays_as_it_is(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, budget) = project(&ada).await;
    let line = ada.create("BudgetLine", euros(&project, "DATA", "10")).await.id();
    let spent = json!({ "lineId": line, "amount": { "amount": "1", "currency": "EUR" } });
    let entry = ada.create("BudgetEntry", spent.clone()).await.id();
    api.execute("UPDATE \"project\" SET status = 'COMPLETED'", Vec::new()).await;
    for outcome in [
        ada.create("BudgetLine", euros(&project, "DATA", "10")).await,
        ada.update("BudgetLine", &line, json!({ "description": "More" })).await,
        ada.tell("BudgetLine", "delete", &line).await,
        ada.tell("BudgetLine", "requestSupport", &line).await,
        ada.create("BudgetEntry", spent).await,
        ada.update("BudgetEntry", &entry, json!({ "note": "x" })).await,
        ada.tell("BudgetEntry", "delete", &entry).await,
        ada.act(KIND, "markNotNeeded", Some(&budget), json!({ "category": "TIME", "reason": "None" })).await,
        ada.tell(KIND, "requestApproval", &budget).await,
    ] {
        assert_snapshot!(outcome.said(), @"PROJECT_CLOSED");
        assert_eq!(outcome.details, json!({ "status": "COMPLETED" }));
    }
    ada.see("BudgetLine", &line).await.done();
    assert_eq!(ada.ask("budgetSummary", json!({ "projectId": project })).await.done()["amounts"][0]["lines"], 1);
}
