//! Who approves what a project takes, and that a change needs approval again (§12).

use cairn::{auth::access, domain::projects::budget::gate};
use serde_json::{Value, json};

use super::budget::{euros, project};
use crate::harness::{Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    nobody_approves_unless_somebody_is_named,
    whoever_is_asked_sees_the_budget_and_nothing_else,
    a_coach_approves_what_was_opened_to_them,
    named_people_approve,
    nobody_approves_their_own,
    a_change_needs_approval_again
);

const KIND: &str = "Budget";

async fn nobody_approves_unless_somebody_is_named(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, budget) = project(&ada).await;
    assert_snapshot!(ada.tell(KIND, "requestApproval", &budget).await.said(), @"APPROVAL_NOT_NEEDED");
    assert_snapshot!(root.tell(KIND, "approve", &budget).await.said(), @"NOT_FOUND");
    let decide =
        async |settings: Value| root.update("Organization", &acme.id(), json!({ "settings": settings })).await.said();
    assert_snapshot!(decide(json!({ "budgetApprover": "NAMED" })).await, @"APPROVER_REQUIRED /settings/budgetApproverIds");
    let eve = api.organization("Beta").await.learner("eve").await;
    let stranger = json!({ "budgetApprover": "NAMED", "budgetApproverIds": [ada.id, eve.id] });
    assert_snapshot!(decide(stranger).await, @"REFERENCE_UNKNOWN /settings/budgetApproverIds/1");
    assert_snapshot!(decide(json!({ "budgetApprover": "NAMED", "budgetApproverIds": [ada.id] })).await, @"fine");
    let settings = root.see("Organization", &acme.id()).await.done()["settings"].clone();
    assert_eq!((&settings["budgetApprover"], &settings["budgetApproverIds"]), (&json!("NAMED"), &json!([ada.id])));
}

async fn whoever_is_asked_sees_the_budget_and_nothing_else(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root, other) = (acme.learner("ada").await, acme.admin("root").await, acme.learner("ben").await);
    acme.decide(&root, json!({ "budgetApprover": "ADMINISTRATOR" })).await;
    let (project, budget) = project(&ada).await;
    let line = ada.create("BudgetLine", euros(&project, "DATA", "10")).await.id();
    let spent = json!({ "lineId": line, "amount": { "amount": "1", "currency": "EUR" } });
    let entry = ada.create("BudgetEntry", spent).await.id();
    assert_snapshot!(root.see(KIND, &budget).await.said(), @"NOT_FOUND");
    assert!(root.list("budgetApprovalQueue", &[]).await.items.is_empty());

    let asked = ada.tell(KIND, "requestApproval", &budget).await.done();
    assert_eq!(asked["approval"], "REQUESTED");
    assert!(asked["approvalRequestedAt"].is_string());
    assert_eq!(root.list("budgetApprovalQueue", &[]).await.ids(), [budget.as_str()]);
    assert!(other.list("budgetApprovalQueue", &[]).await.items.is_empty());
    assert_eq!(root.see(KIND, &budget).await.done()["projectTitle"], "Wind");
    root.see("BudgetLine", &line).await.done();
    root.see("BudgetEntry", &entry).await.done();
    assert_eq!(root.list("BudgetLine", &[("budgetId", &budget)]).await.ids(), [line.as_str()]);
    assert_eq!(root.ask("budgetSummary", json!({ "projectId": project })).await.done()["amounts"][0]["lines"], 1);
    assert_snapshot!(root.see("Project", &project).await.said(), @"NOT_FOUND");
    assert_snapshot!(root.update("BudgetLine", &line, json!({ "description": "x" })).await.said(), @"FORBIDDEN");
    assert_snapshot!(other.see(KIND, &budget).await.said(), @"NOT_FOUND");

    assert_snapshot!(root.tell(KIND, "reject", &budget).await.code(), @"BAD_INPUT");
    let no = root.act(KIND, "reject", Some(&budget), json!({ "reason": "Too much" })).await.done();
    assert_eq!(
        [&no["approval"], &no["approverId"], &no["decisionReason"]],
        [&json!("REJECTED"), &json!(root.id), &json!("Too much")]
    );
    assert!(root.list("budgetApprovalQueue", &[]).await.items.is_empty());
    let refused = root.tell(KIND, "approve", &budget).await;
    assert_snapshot!(refused.said(), @"INVALID_TRANSITION");
    assert_eq!(refused.details, json!({ "from": "REJECTED", "command": "approve", "allowed": ["requestApproval"] }));
    let again = ada.tell(KIND, "requestApproval", &budget).await.done();
    assert_eq!([&again["approverId"], &again["decisionReason"]], [&Value::Null; 2]);
    ada.tell(KIND, "cancelApprovalRequest", &budget).await.done();
    assert_snapshot!(root.see(KIND, &budget).await.said(), @"NOT_FOUND");
    ada.tell(KIND, "requestApproval", &budget).await.done();
    root.act(KIND, "approve", Some(&budget), json!({ "reason": "Fine" })).await.done();
    // Whoever approved it sees it as long as there is a project.
    root.see(KIND, &budget).await.done();
    ada.tell("Project", "delete", &project).await.done();
    for (kind, id) in [(KIND, &budget), ("BudgetLine", &line), ("BudgetEntry", &entry)] {
        assert_snapshot!(root.see(kind, id).await.said(), @"NOT_FOUND");
    }
}

async fn a_coach_approves_what_was_opened_to_them(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, lee, root) =
        (acme.learner("ada").await, acme.coach("kim").await, acme.coach("lee").await, acme.admin("root").await);
    acme.decide(&root, json!({ "budgetApprover": "COACH" })).await;
    let (_, budget) = project(&ada).await;
    ada.opens(&kim, &["projects:read"]).await;
    ada.tell(KIND, "requestApproval", &budget).await.done();
    assert_eq!(kim.list("budgetApprovalQueue", &[]).await.ids(), [budget.as_str()]);
    assert!(lee.list("budgetApprovalQueue", &[]).await.items.is_empty());
    assert_snapshot!(lee.tell(KIND, "approve", &budget).await.said(), @"NOT_FOUND");
    assert_snapshot!(root.tell(KIND, "approve", &budget).await.said(), @"NOT_FOUND");
    let done = kim.tell(KIND, "approve", &budget).await.done();
    assert_eq!((&done["approval"], &done["approverId"]), (&json!("APPROVED"), &json!(kim.id)));
    assert!(done["decidedAt"].is_string());
    let back = kim.tell(KIND, "unapprove", &budget).await.done();
    assert_eq!((&back["approval"], &back["approverId"]), (&json!("REQUESTED"), &Value::Null));
    let events = ada.list("Event", &[("subjectId", &budget), ("sort", "seq")]).await;
    let types: Vec<_> = events.each("type").iter().map(|one| one.as_str().unwrap().to_owned()).collect();
    assert_snapshot!(types.join(" "), @"budget.created budget.approval_requested budget.approved budget.unapproved");
}

async fn named_people_approve(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    acme.decide(&root, json!({ "budgetApprover": "NAMED", "budgetApproverIds": [ben.id] })).await;
    let (_, budget) = project(&ada).await;
    ada.tell(KIND, "requestApproval", &budget).await.done();
    assert_snapshot!(root.tell(KIND, "approve", &budget).await.said(), @"NOT_FOUND");
    ben.tell(KIND, "approve", &budget).await.done();
    // Whom the organization no longer names sees it no longer.
    acme.decide(&root, json!({ "budgetApproverIds": [root.id] })).await;
    assert_snapshot!(ben.see(KIND, &budget).await.said(), @"NOT_FOUND");
    root.see(KIND, &budget).await.done();
}

async fn nobody_approves_their_own(api: Api) {
    let acme = api.organization("Acme").await;
    let root = acme.admin("root").await;
    acme.decide(&root, json!({ "budgetApprover": "ADMINISTRATOR" })).await;
    let (_, budget) = project(&root).await;
    root.tell(KIND, "requestApproval", &budget).await.done();
    assert_snapshot!(root.tell(KIND, "approve", &budget).await.said(), @"FORBIDDEN");
    acme.decide(&root, json!({ "selfApproval": true })).await;
    root.tell(KIND, "approve", &budget).await.done();
}

async fn a_change_needs_approval_again(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    acme.decide(&root, json!({ "budgetApprover": "ADMINISTRATOR" })).await;
    let (project, budget) = project(&ada).await;
    let line = ada.create("BudgetLine", euros(&project, "DATA", "10")).await.id();
    let mark = json!({ "category": "TIME", "reason": "None" });
    let approve = async || {
        ada.tell(KIND, "requestApproval", &budget).await.done();
        root.tell(KIND, "approve", &budget).await.done();
    };
    let lacking = async || {
        let organization = cairn::domain::platform::organization::named(&api.house.database.read, "Acme").await;
        let look = access::operator(&api.house, &organization.unwrap().unwrap(), "test".into()).look().await.unwrap();
        let unmet = gate::of_project(&look, project.parse().unwrap()).await.unwrap();
        unmet.iter().any(|one| one.code == entity::projects::scope::UnmetGate::BudgetNotApproved)
    };
    assert!(lacking().await, "the last step waits for the approval");
    approve().await;
    assert!(!lacking().await);
    // A line that another system brings back is planned anew, as one that is restored.
    let mut named = euros(&project, "DATA", "20");
    let other = ada.upsert("BudgetLine", "erp", "l2", named.clone()).await.id();
    ada.tell("BudgetLine", "delete", &other).await.done();
    approve().await;
    named["description"] = json!("Data");
    assert_eq!(ada.upsert("BudgetLine", "erp", "l2", named).await.id(), other);
    assert!(lacking().await, "what was approved was approved without it");
    ada.tell("BudgetLine", "delete", &other).await.done();
    approve().await;

    // What was spent, who sees to it and what others say is no change of what is planned.
    let spent = json!({ "lineId": line, "amount": { "amount": "1", "currency": "EUR" } });
    for said in [
        ada.create("BudgetEntry", spent).await.done(),
        ada.update("BudgetLine", &line, json!({ "assigneeId": ada.id, "supportTeam": "Data" })).await.done(),
        ada.tell("BudgetLine", "requestSupport", &line).await.done(),
    ] {
        assert_eq!(said["warnings"], json!([]));
    }
    assert_eq!(ada.see(KIND, &budget).await.done()["approval"], "APPROVED");

    let more = |amount: &str| json!({ "plannedAmount": { "amount": amount, "currency": "EUR" } });
    let said = ada.update("BudgetLine", &line, more("11")).await.done();
    assert_snapshot!(said["warnings"], @r#"[{"code":"APPROVAL_LAPSED","details":null,"message":"What is planned has changed: the budget needs to be approved again."}]"#);
    let after = ada.see(KIND, &budget).await.done();
    assert_eq!(
        [&after["approval"], &after["approverId"], &after["approvalRequestedAt"]],
        [&json!("DRAFT"), &Value::Null, &Value::Null]
    );
    assert!(lacking().await);
    for change in ["describe", "add", "delete", "mark"] {
        approve().await;
        let said = match change {
            "describe" => ada.update("BudgetLine", &line, json!({ "description": "Radar" })).await,
            "add" => ada.create("BudgetLine", euros(&project, "PEOPLE", "5")).await,
            "delete" => {
                let id = ada.list("BudgetLine", &[("category", "PEOPLE")]).await.ids().remove(0);
                ada.tell("BudgetLine", "delete", &id).await
            }
            _ => ada.act(KIND, "markNotNeeded", Some(&budget), mark.clone()).await,
        };
        let said = said.done();
        assert_eq!(
            (said["warnings"].as_array().unwrap().len(), &said["warnings"][0]["code"]),
            (1, &json!("APPROVAL_LAPSED")),
            "{change}"
        );
        assert_eq!(ada.see(KIND, &budget).await.done()["approval"], "DRAFT", "{change}");
    }
    // Whoever is asked decides about what they were asked about.
    ada.tell(KIND, "requestApproval", &budget).await.done();
    ada.update("BudgetLine", &line, more("12")).await.done();
    assert_snapshot!(root.tell(KIND, "approve", &budget).await.said(), @"NOT_FOUND");
}
