//! What was spent, and what the summary makes of it: exact, each currency by itself, refused rather than wrapped (§12).

use serde_json::{Value, json};

use super::budget::{euros, project};
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    what_is_spent_is_told_as_it_is_planned,
    an_accounting_system_books_once,
    a_sum_that_is_too_large_is_refused,
    each_currency_is_summed_by_itself,
    a_summary_is_a_table_and_a_picture
);

const KIND: &str = "BudgetEntry";

async fn line(who: &Actor, project: &str, category: &str, amount: &str, currency: &str) -> String {
    let mut line = euros(project, category, amount);
    line["plannedAmount"]["currency"] = json!(currency);
    who.create("BudgetLine", line).await.id()
}

async fn days(who: &Actor, project: &str, count: &str) -> String {
    let line = json!({ "projectId": project, "category": "TIME", "description": "Time", "plannedQuantity": count, "unit": "days" });
    who.create("BudgetLine", line).await.id()
}

fn spent(line: &str, amount: &str, currency: &str) -> Value {
    json!({ "lineId": line, "amount": { "amount": amount, "currency": currency } })
}

async fn what_is_spent_is_told_as_it_is_planned(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, _) = project(&ada).await;
    let (money, time) = (line(&ada, &project, "DATA", "100", "EUR").await, days(&ada, &project, "10").await);
    let said = async |new: Value| ada.create(KIND, new).await.said();
    let refused = ada.create(KIND, spent(&money, "1", "USD")).await;
    assert_snapshot!(refused.said(), @"CURRENCY_MISMATCH /amount/currency");
    assert_eq!(refused.details, json!({ "currency": "EUR" }));
    assert_snapshot!(said(spent(&money, "1.001", "EUR")).await, @"AMOUNT_PRECISION /amount/amount");
    assert_snapshot!(said(json!({ "lineId": money, "quantity": "1" })).await, @"MEASURE_MISMATCH /amount");
    assert_snapshot!(said(json!({ "lineId": money })).await, @"MEASURE_MISMATCH /amount");
    assert_snapshot!(said(spent(&time, "1", "EUR")).await, @"MEASURE_MISMATCH /quantity");
    assert_snapshot!(said(spent(&nothing("bln"), "1", "EUR")).await, @"REFERENCE_UNKNOWN /lineId");
    let mut future = spent(&money, "1", "EUR");
    future["incurredAt"] = json!("2999-01-01T00:00:00Z");
    assert_snapshot!(said(future).await, @"OCCURRED_AT_INVALID /incurredAt");

    let mut new = spent(&money, "40.05", "EUR");
    new["incurredAt"] = json!("2026-03-01T09:30:00Z");
    new["note"] = json!("An invoice");
    let entry = ada.create(KIND, new).await.done();
    assert_eq!(
        [&entry["amount"], &entry["quantity"], &entry["projectId"], &entry["incurredAt"]],
        [
            &json!({ "amount": "40.05", "currency": "EUR" }),
            &Value::Null,
            &json!(project),
            &json!("2026-03-01T09:30:00.000000Z")
        ]
    );
    // What comes back is less than nothing.
    ada.create(KIND, spent(&money, "-0.05", "EUR")).await.done();
    let half = ada.create(KIND, json!({ "lineId": time, "quantity": "0.5" })).await.done();
    assert_eq!((&half["quantity"], &half["amount"]), (&json!("0.5"), &Value::Null));
    let line = ada.see("BudgetLine", &money).await.done();
    assert_eq!(line["actualAmount"], json!({ "amount": "40.00", "currency": "EUR" }));
    let id = entry["id"].as_str().unwrap();
    let after =
        ada.update(KIND, id, json!({ "amount": { "amount": "50", "currency": "EUR" }, "note": null })).await.done();
    assert_eq!((&after["amount"]["amount"], &after["note"]), (&json!("50.00"), &Value::Null));
    assert_snapshot!(ada.update(KIND, id, json!({ "quantity": "5" })).await.said(), @"MEASURE_MISMATCH /amount");
    assert_eq!(ada.list(KIND, &[("lineId", &money), ("sort", "-incurredAt")]).await.items.len(), 2);
}

async fn an_accounting_system_books_once(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, machine) = (acme.learner("ada").await, acme.omnipotent().await);
    let (project, _) = project(&ada).await;
    let money = line(&ada, &project, "DATA", "100", "EUR").await;
    let made = machine.upsert(KIND, "sap", "1", spent(&money, "10", "EUR")).await.done();
    let again = machine.upsert(KIND, "sap", "1", spent(&money, "10.00", "EUR")).await.done();
    assert_eq!((&again["id"], &again["version"]), (&made["id"], &json!(1)), "the same changes nothing");
    let corrected = machine.upsert(KIND, "sap", "1", spent(&money, "12", "EUR")).await.done();
    assert_eq!((&corrected["id"], &corrected["amount"]["amount"]), (&made["id"], &json!("12.00")));
    assert_eq!(ada.list(KIND, &[]).await.items.len(), 1);
}

async fn a_sum_that_is_too_large_is_refused(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, _) = project(&ada).await;
    let most = "999999999999999.999";
    let one = line(&ada, &project, "DATA", most, "KWD").await;
    // On a line: it is refused when it is noted.
    let first = ada.create(KIND, spent(&one, most, "KWD")).await.id();
    assert_snapshot!(ada.create(KIND, spent(&one, "0.001", "KWD")).await.said(), @"AMOUNT_TOO_LARGE /amount/amount");
    let back = ada.create(KIND, spent(&one, "-0.001", "KWD")).await.id();
    let other = ada.create(KIND, spent(&one, "0.001", "KWD")).await.id();
    assert_snapshot!(ada.tell(KIND, "delete", &back).await.said(), @"AMOUNT_TOO_LARGE /amount/amount");
    ada.tell(KIND, "delete", &other).await.done();
    ada.tell(KIND, "delete", &back).await.done();
    assert_snapshot!(ada.tell(KIND, "restore", &other).await.said(), @"AMOUNT_TOO_LARGE /amount/amount");
    assert_snapshot!(ada.update(KIND, &first, json!({ "amount": { "amount": most, "currency": "KWD" } })).await.said(), @"fine");
    let summary = ada.ask("budgetSummary", json!({ "projectId": project })).await.done();
    assert_eq!(summary["amounts"][0]["actual"]["amount"], most);
    // Over the lines of a project: it is refused when it is asked for, and every line still tells its own.
    line(&ada, &project, "PEOPLE", "0.001", "KWD").await;
    let refused = ada.ask("budgetSummary", json!({ "projectId": project })).await;
    assert_snapshot!(refused.code(), @"AMOUNT_TOO_LARGE");
    assert_eq!(ada.see("BudgetLine", &one).await.done()["plannedAmount"]["amount"], most);
    // Advice counts it all the same.
    ada.ask("personInsights", json!({})).await.done();
}

async fn each_currency_is_summed_by_itself(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, budget) = project(&ada).await;
    let images = line(&ada, &project, "DATA", "1000.10", "EUR").await;
    let labels = line(&ada, &project, "DATA", "100.20", "EUR").await;
    line(&ada, &project, "DATA", "5000", "JPY").await;
    let people = line(&ada, &project, "PEOPLE", "10.001", "KWD").await;
    let time = days(&ada, &project, "2.5").await;
    for (line, amount) in [(&images, "400.05"), (&labels, "120.25")] {
        ada.create(KIND, spent(line, amount, "EUR")).await.done();
    }
    ada.create(KIND, spent(&people, "10.002", "KWD")).await.done();
    ada.create(KIND, json!({ "lineId": time, "quantity": "3" })).await.done();
    // What was deleted does not count.
    let gone = ada.create(KIND, spent(&images, "1", "EUR")).await.id();
    ada.tell(KIND, "delete", &gone).await.done();
    let gone = line(&ada, &project, "DATA", "77", "EUR").await;
    ada.tell("BudgetLine", "delete", &gone).await.done();
    ada.act("Budget", "markNotNeeded", Some(&budget), json!({ "category": "INTEGRATIONS", "reason": "None" }))
        .await
        .done();

    let told = ada.ask("budgetSummary", json!({ "projectId": project })).await.done();
    assert_eq!(
        [&told["budgetId"], &told["approval"], &told["forecastMethod"], &told["notNeeded"][0]["category"]],
        [&json!(budget), &json!("DRAFT"), &json!("LINE_BY_LINE"), &json!("INTEGRATIONS")]
    );
    let row = |row: &Value| {
        let each = ["planned", "actual", "remaining", "forecast"].map(|name| {
            let cell = &row[name];
            cell["amount"].as_str().or(cell.as_str()).unwrap().to_owned()
        });
        let measured = row["currency"].as_str().or(row["unit"].as_str()).unwrap();
        format!(
            "{} {measured} {} {} {}",
            row["category"].as_str().unwrap_or("ALL"),
            row["lines"],
            each.join(" "),
            row["over"]
        )
    };
    let all = ["amounts", "quantities", "totals"]
        .map(|name| told[name].as_array().unwrap().iter().map(row).collect::<Vec<_>>());
    assert_snapshot!(all.concat().join("\n"), @r"
        DATA EUR 2 1100.30 520.30 580.00 1120.35 false
        DATA JPY 1 5000 0 5000 5000 false
        PEOPLE KWD 1 10.001 10.002 -0.001 10.002 true
        TIME days 1 2.5 3 -0.5 3 true
        ALL EUR null 1100.30 520.30 580.00 1120.35 null
        ALL JPY null 5000 0 5000 5000 null
        ALL KWD null 10.001 10.002 -0.001 10.002 null
    ");
    assert_snapshot!(ada.ask("budgetSummary", json!({ "projectId": nothing("prj") })).await.said(), @"NOT_FOUND");
}

async fn a_summary_is_a_table_and_a_picture(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, _) = project(&ada).await;
    let question = || json!({ "projectId": project });
    let empty = ada.ask_for("svg", "budgetSummary", question()).await;
    assert!(empty.contains("Nothing is planned yet."), "{empty}");
    let images = line(&ada, &project, "DATA", "100", "EUR").await;
    let time = days(&ada, &project, "2").await;
    ada.create(KIND, spent(&images, "130", "EUR")).await.done();
    ada.create(KIND, json!({ "lineId": time, "quantity": "-1" })).await.done();
    let table = ada.ask_for("csv", "budgetSummary", question()).await;
    assert_snapshot!(table.replace("\r\n", "\n"), @r"
        category,currency,unit,lines,planned,actual,remaining,forecast,over
        DATA,EUR,,1,100.00,130.00,-30.00,130.00,true
        TIME,,days,1,2,-1,3,2,false
    ");
    let picture = ada.ask_for("svg", "budgetSummary", question()).await;
    let document = roxmltree::Document::parse(&picture).unwrap();
    let says = document.descendants().find(|node| node.tag_name().name() == "desc").unwrap().text().unwrap();
    assert_snapshot!(says, @"One category is over its plan. Data: 130.00 of 100.00 EUR. Time: -1 of 2 days.");
    assert!(picture.contains("over plan"));
}
