//! Lines of budgets: money to the smallest unit, quantities, and what other teams say (§9, §12).

use cairn::read::sql::Dialect;
use serde_json::{Value, json};

use super::budget::{euros, project};
use crate::harness::{Actor, Api, Outcome, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    money_is_exact_in_every_currency,
    a_line_is_money_or_a_quantity,
    a_line_changes,
    other_teams_are_asked,
    a_line_has_names_elsewhere,
    a_budget_is_full_at_two_hundred
);

const KIND: &str = "BudgetLine";

async fn plan(who: &Actor, project: &str, amount: &str, currency: &str) -> Outcome {
    let mut line = euros(project, "DATA", amount);
    line["plannedAmount"]["currency"] = json!(currency);
    who.create(KIND, line).await
}

async fn money_is_exact_in_every_currency(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, _) = project(&ada).await;
    for (amount, currency, shown) in [
        ("1250", "EUR", "1250.00"),
        ("0.1", "EUR", "0.10"),
        ("0", "USD", "0.00"),
        ("999999999999999.99", "CHF", "999999999999999.99"),
        ("150000", "JPY", "150000"),
        ("150000.0", "KRW", "150000"),
        ("0.001", "KWD", "0.001"),
        ("999999999999999.999", "BHD", "999999999999999.999"),
        ("0012.30", "EUR", "12.30"),
    ] {
        let line = plan(&ada, &project, amount, currency).await.done();
        assert_eq!(line["plannedAmount"], json!({ "amount": shown, "currency": currency }));
        assert_eq!(line["currency"], currency);
        assert_eq!([&line["plannedQuantity"], &line["unit"], &line["actualQuantity"]], [&Value::Null; 3]);
        assert_eq!(line["actualAmount"]["currency"], currency);
    }
    for (amount, currency, digits) in [("1.001", "EUR", 2), ("0.5", "JPY", 0), ("1.01", "XOF", 0)] {
        let refused = plan(&ada, &project, amount, currency).await;
        assert_snapshot!(refused.said(), @"AMOUNT_PRECISION /plannedAmount/amount");
        assert_eq!(refused.details, json!({ "digits": digits }));
    }
    assert_snapshot!(plan(&ada, &project, "-1", "EUR").await.said(), @"AMOUNT_NEGATIVE /plannedAmount/amount");
    for amount in ["1e3", "1,5", "1000000000000000", "1.2345", "", "EUR 5"] {
        let refused = plan(&ada, &project, amount, "EUR").await;
        assert_snapshot!(refused.said(), @"VALIDATION_FAILED /plannedAmount/amount");
    }
    assert_snapshot!(plan(&ada, &project, "1", "XXX").await.code(), @"BAD_INPUT");
    assert_eq!(ada.list(KIND, &[("currency", "JPY,KRW")]).await.items.len(), 2);
}

async fn a_line_is_money_or_a_quantity(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, eve) =
        (acme.learner("ada").await, acme.learner("ben").await, api.organization("Beta").await.learner("eve").await);
    let (project, budget) = project(&ada).await;
    let line = |extra: Value| {
        let mut line = json!({ "projectId": project, "category": "PEOPLE", "description": "An engineer" });
        line.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        line
    };
    let said = async |extra: Value| ada.create(KIND, line(extra)).await.said();
    let money = json!({ "amount": "1", "currency": "EUR" });
    assert_snapshot!(said(json!({})).await, @"MEASURE_AMBIGUOUS /plannedAmount");
    assert_snapshot!(said(json!({ "plannedQuantity": "1" })).await, @"MEASURE_AMBIGUOUS /plannedAmount");
    assert_snapshot!(said(json!({ "plannedAmount": money, "plannedQuantity": "1", "unit": "days" })).await, @"MEASURE_AMBIGUOUS /plannedAmount");
    assert_snapshot!(said(json!({ "plannedQuantity": "-1", "unit": "days" })).await, @"AMOUNT_NEGATIVE /plannedQuantity");
    assert_snapshot!(said(json!({ "plannedAmount": money, "assigneeId": eve.id })).await, @"REFERENCE_UNKNOWN /assigneeId");
    let days = json!({ "plannedQuantity": "12.50", "unit": "person-days", "assigneeId": ben.id });
    let line = ada.create(KIND, line(days)).await.done();
    assert_eq!(
        [&line["plannedQuantity"], &line["unit"], &line["plannedAmount"], &line["actualQuantity"]],
        [&json!("12.5"), &json!("person-days"), &Value::Null, &json!("0")]
    );
    assert_eq!(
        [&line["budgetId"], &line["ownerId"], &line["assigneeId"], &line["supportStatus"]],
        [&json!(budget), &json!(ada.id), &json!(ben.id), &json!("NOT_ASKED")]
    );
}

async fn a_line_changes(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, _) = project(&ada).await;
    let id = ada.create(KIND, euros(&project, "DATA", "100")).await.id();
    let change = async |patch: Value| ada.update(KIND, &id, patch).await;
    let days = json!({ "plannedQuantity": "3", "unit": "days" });
    assert_snapshot!(change(json!({ "unit": "days" })).await.said(), @"MEASURE_AMBIGUOUS /plannedAmount");
    assert_eq!(change(days.clone()).await.done()["plannedQuantity"], "3");
    assert_eq!(change(json!({ "unit": "weeks" })).await.done()["plannedQuantity"], "3");
    assert_snapshot!(change(json!({ "plannedAmount": { "amount": "1", "currency": "EUR" }, "unit": "days" })).await.said(), @"MEASURE_AMBIGUOUS /plannedAmount");
    let money = |currency: &str| json!({ "plannedAmount": { "amount": "70", "currency": currency } });
    let after = change(money("EUR")).await.done();
    assert_eq!((&after["plannedAmount"]["amount"], &after["unit"]), (&json!("70.00"), &Value::Null));
    assert_eq!(change(money("EUR")).await.done()["version"], after["version"], "nothing has changed");
    assert_snapshot!(ada.knowing(1).update(KIND, &id, money("JPY")).await.said(), @"VERSION_MISMATCH");

    // What was spent is told in the line's currency, and goes nowhere, not even when it was deleted.
    let spent = json!({ "lineId": id, "amount": { "amount": "5", "currency": "EUR" } });
    let entry = ada.create("BudgetEntry", spent).await.id();
    assert_eq!(ada.see(KIND, &id).await.done()["actualAmount"], json!({ "amount": "5.00", "currency": "EUR" }));
    assert_snapshot!(ada.tell(KIND, "delete", &id).await.said(), @"IN_USE");
    let refused = change(money("JPY")).await;
    assert_snapshot!(refused.said(), @"IN_USE");
    assert_eq!(refused.details, json!({ "entries": 1 }));
    ada.tell("BudgetEntry", "delete", &entry).await.done();
    assert_snapshot!(change(days).await.said(), @"IN_USE");
    assert_eq!(ada.see(KIND, &id).await.done()["actualAmount"]["amount"], "0.00");
    change(json!({ "plannedAmount": { "amount": "80", "currency": "EUR" }, "description": "More images" }))
        .await
        .done();
    ada.tell(KIND, "delete", &id).await.done();
    // What was spent on a line comes back after the line.
    assert_snapshot!(ada.tell("BudgetEntry", "restore", &entry).await.said(), @"NOT_FOUND");
    ada.tell(KIND, "restore", &id).await.done();
    ada.tell("BudgetEntry", "restore", &entry).await.done();
}

async fn other_teams_are_asked(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, _) = project(&ada).await;
    let id = ada.create(KIND, euros(&project, "INTEGRATIONS", "0")).await.id();
    assert_snapshot!(ada.tell(KIND, "requestSupport", &id).await.said(), @"SUPPORT_TEAM_REQUIRED");
    ada.update(KIND, &id, json!({ "supportTeam": "Grid operations" })).await.done();
    let refused = ada.tell(KIND, "confirmSupport", &id).await;
    assert_snapshot!(refused.said(), @"INVALID_TRANSITION");
    assert_eq!(
        refused.details,
        json!({ "from": "NOT_ASKED", "command": "confirmSupport", "allowed": ["requestSupport"] })
    );
    let says = |note: &str| json!({ "note": note });
    let asked = ada.act(KIND, "requestSupport", Some(&id), says("A feed, please.")).await.done();
    assert_eq!((&asked["supportStatus"], &asked["supportNote"]), (&json!("ASKED"), &json!("A feed, please.")));
    assert!(asked["supportAskedAt"].is_string() && asked["supportAnsweredAt"].is_null());
    let no = ada.act(KIND, "refuseSupport", Some(&id), says("Not this year.")).await.done();
    assert_eq!((&no["supportStatus"], &no["supportNote"]), (&json!("REFUSED"), &json!("Not this year.")));
    assert_eq!(no["supportAskedAt"], asked["supportAskedAt"]);
    let again = ada.tell(KIND, "requestSupport", &id).await.done();
    assert_eq!([&again["supportNote"], &again["supportAnsweredAt"]], [&Value::Null; 2]);
    let yes = ada.tell(KIND, "confirmSupport", &id).await.done();
    assert!(yes["supportAnsweredAt"].is_string());
    let events = ada.list("Event", &[("subjectId", &id), ("sort", "seq"), ("first", "100")]).await;
    let types: Vec<_> = events.each("type").iter().map(|one| one.as_str().unwrap().to_owned()).collect();
    assert_snapshot!(types.join(" "), @"budget_line.created budget_line.updated budget_line.support_requested budget_line.support_refused budget_line.support_requested budget_line.support_confirmed");
    // Another team has not been asked.
    let other = ada.update(KIND, &id, json!({ "supportTeam": "Weather service" })).await.done();
    assert_eq!(
        [&other["supportStatus"], &other["supportAskedAt"], &other["supportAnsweredAt"]],
        [&json!("NOT_ASKED"), &Value::Null, &Value::Null]
    );
}

async fn a_line_has_names_elsewhere(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, machine) = (acme.learner("ada").await, acme.omnipotent().await);
    let (project, _) = project(&ada).await;
    let made = machine.upsert(KIND, "sap", "4711", euros(&project, "DATA", "10")).await.done();
    let days = json!({
        "projectId": project, "category": "TIME", "description": "Time", "plannedQuantity": "4", "unit": "weeks",
    });
    // What it says of the measure takes the place of what was.
    let after = machine.upsert(KIND, "sap", "4711", days.clone()).await.done();
    assert_eq!(
        (&after["id"], &after["plannedQuantity"], &after["plannedAmount"]),
        (&made["id"], &json!("4"), &Value::Null)
    );
    assert_eq!(machine.upsert(KIND, "sap", "4711", days).await.done()["version"], after["version"]);
    assert_eq!(after["externalRefs"], json!([{ "source": "sap", "externalId": "4711" }]));
}

async fn a_budget_is_full_at_two_hundred(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, _) = project(&ada).await;
    let first = ada.create(KIND, euros(&project, "DATA", "1")).await.id();
    let uuid = match api.house.database.dialect() {
        Dialect::Sqlite => "randomblob(16)",
        Dialect::Postgres => "gen_random_uuid()",
    };
    let columns = "organization_id, project_id, budget_id, owner_id, category, description, planned, currency, support_status, \
        version, created_at, updated_at";
    let copy = format!("INSERT INTO budget_line (id, {columns}) SELECT {uuid}, {columns} FROM budget_line");
    // 1, 2, 4 … 128, and then some of them again.
    for _ in 0..7 {
        api.execute(&copy, Vec::new()).await;
    }
    api.execute(&format!("{copy} LIMIT 71"), Vec::new()).await;
    ada.create(KIND, euros(&project, "DATA", "1")).await.done();
    let refused = ada.create(KIND, euros(&project, "DATA", "1")).await;
    assert_snapshot!(refused.said(), @"BUDGET_FULL");
    assert_eq!(refused.details, json!({ "max": 200 }));
    ada.tell(KIND, "delete", &first).await.done();
    ada.create(KIND, euros(&project, "DATA", "1")).await.done();
    assert_snapshot!(ada.tell(KIND, "restore", &first).await.said(), @"BUDGET_FULL");
}
