//! Metrics: exact, aimed at what lies ahead, and judged by what was observed (§11).

use cairn::domain::projects::metric::measure::{Point, projected};
use serde_json::{Value, json};

use super::milestone::{day, metric, promised, saw};
use crate::harness::{Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    a_target_lies_ahead_of_where_it_begins,
    numbers_are_exact,
    what_observations_tell,
    a_metric_moves_within_its_project,
    a_metric_against_its_target
);

const KIND: &str = "Metric";

fn new(milestone: &str, more: Value) -> Value {
    let mut new =
        json!({ "milestoneId": milestone, "kind": "BUSINESS", "name": "Cost", "direction": "DOWN", "target": "100" });
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    new
}

async fn a_target_lies_ahead_of_where_it_begins(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (_, milestone) = promised(&ada, 30).await;
    let create = async |more: Value| ada.create(KIND, new(&milestone, more)).await;
    assert_snapshot!(create(json!({ "baseline": "100.0" })).await.said(), @"METRIC_TARGET_EQUALS_BASELINE /target");
    assert_snapshot!(create(json!({ "baseline": "99" })).await.said(), @"METRIC_TARGET_AGAINST_DIRECTION /target");
    let one = create(json!({ "baseline": "200", "unit": "EUR a month" })).await.done();
    assert_eq!([&one["baseline"], &one["target"], &one["unit"]], [&json!("200"), &json!("100"), &json!("EUR a month")]);
    let id = one["id"].as_str().unwrap();
    let change = async |patch: Value| ada.update(KIND, id, patch).await;
    assert_snapshot!(change(json!({ "target": "200" })).await.said(), @"METRIC_TARGET_EQUALS_BASELINE /target");
    assert_snapshot!(change(json!({ "direction": "UP" })).await.said(), @"METRIC_TARGET_AGAINST_DIRECTION /target");
    change(json!({ "direction": "UP", "baseline": null })).await.done();
    change(json!({ "target": "300", "baseline": "200" })).await.done();
    let nowhere = new(&nothing("ms"), json!({}));
    assert_snapshot!(ada.create(KIND, nowhere).await.said(), @"REFERENCE_UNKNOWN /milestoneId");
}

async fn numbers_are_exact(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (_, milestone) = promised(&ada, 30).await;
    for (told, is) in [
        ("0.1", "0.1"),
        ("0.30000", "0.3"),
        ("-0.0", "0"),
        ("0.000001", "0.000001"),
        ("123456789012.345678", "123456789012.345678"),
        ("-999999999999.999999", "-999999999999.999999"),
    ] {
        let id = ada.create(KIND, new(&milestone, json!({ "target": told }))).await.id();
        assert_eq!(ada.see(KIND, &id).await.done()["target"], is);
    }
    for wrong in ["1e3", "0.1234567", "1234567890123", "01", ".5", "", "NaN"] {
        let refused = ada.create(KIND, new(&milestone, json!({ "target": wrong }))).await;
        assert_eq!(refused.said(), "VALIDATION_FAILED /target", "{wrong}");
    }
    assert_snapshot!(ada.create(KIND, new(&milestone, json!({ "target": 0.1 }))).await.code(), @"BAD_INPUT");

    // Lists compare them as numbers, to the last digit.
    let recall = metric(&ada, &milestone, "ML", "Recall").await;
    for value in ["9", "10", "-1", "123456789012.345678", "123456789012.345679"] {
        saw(&ada, &recall, value, 1).await;
    }
    let found = async |query: &[(&str, &str)]| ada.list("MetricObservation", query).await.each("value").len();
    assert_eq!(found(&[("value.gt", "9")]).await, 3);
    assert_eq!(found(&[("value.lte", "9.5"), ("value.gte", "-1")]).await, 2);
    assert_eq!(found(&[("value.gt", "123456789012.345678")]).await, 1);
    assert_eq!(found(&[("value", "10")]).await, 1);
}

async fn what_observations_tell(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (_, milestone) = promised(&ada, 10).await;
    let recall = metric(&ada, &milestone, "ML", "Recall").await;
    let told = async || {
        let one = ada.see(KIND, &recall).await.done();
        ["latestValue", "targetMet", "attainment", "trend"].map(|name| one[name].to_string()).join(" ")
    };
    assert_snapshot!(told().await, @"null null null null");
    assert_eq!(ada.see(KIND, &recall).await.done()["projectedAtTargetDate"], Value::Null);
    saw(&ada, &recall, "2.5", 4).await;
    assert_snapshot!(told().await, @r#""2.5" false 25 null"#);
    saw(&ada, &recall, "5", 2).await;
    assert_snapshot!(told().await, @r#""5" false 50 "IMPROVING""#);
    // What came late does not count as the latest.
    saw(&ada, &recall, "4", 3).await;
    let one = ada.see(KIND, &recall).await.done();
    assert_eq!([&one["latestValue"], &one["attainment"]], [&json!("5"), &json!(50)]);
    let seen = ada.list("MetricObservation", &[("metricId", &recall)]).await;
    let point = |one: &Value| Point {
        at: one["observedAt"].as_str().unwrap().parse().unwrap(),
        value: one["value"].as_str().unwrap().parse().unwrap(),
    };
    let points: Vec<Point> = seen.items.iter().map(point).collect();
    let end = format!("{}T00:00:00Z", day(11)).parse().unwrap();
    assert_eq!(one["projectedAtTargetDate"], json!(projected(&points, end)));
    let last = saw(&ada, &recall, "-1", 0).await;
    assert_snapshot!(told().await, @r#""-1" false -10 "WORSENING""#);
    ada.tell("MetricObservation", "delete", &last).await.done();
    saw(&ada, &recall, "12", 1).await;
    assert_snapshot!(told().await, @r#""12" true 120 "IMPROVING""#);
    // Nothing is projected to what is past.
    ada.update("Milestone", &milestone, json!({ "targetDate": day(-1) })).await.done();
    assert_eq!(ada.see(KIND, &recall).await.done()["projectedAtTargetDate"], Value::Null);
}

async fn a_metric_moves_within_its_project(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, milestone) = promised(&ada, 30).await;
    let other = json!({ "projectId": project, "title": "Later", "targetDate": day(60) });
    let other = ada.create("Milestone", other).await.id();
    let recall = metric(&ada, &milestone, "ML", "Recall").await;
    let after = ada.update(KIND, &recall, json!({ "milestoneId": other, "kind": "BUSINESS" })).await.done();
    assert_eq!([&after["milestoneId"], &after["kind"]], [&json!(other), &json!("BUSINESS")]);
    assert_eq!(ada.list(KIND, &[("milestoneId", &other), ("kind", "BUSINESS")]).await.ids(), [recall.as_str()]);
    let (_, elsewhere) = promised(&ada, 30).await;
    let refused = ada.update(KIND, &recall, json!({ "milestoneId": elsewhere })).await;
    assert_snapshot!(refused.said(), @"PROJECT_IMMUTABLE /projectId");
    ada.tell(KIND, "delete", &recall).await.done();
    assert!(ada.list(KIND, &[("milestoneId", &other)]).await.items.is_empty());
    ada.tell(KIND, "restore", &recall).await.done();
}

async fn a_metric_against_its_target(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let (_, milestone) = promised(&ada, 20).await;
    let recall = metric(&ada, &milestone, "ML", "=Recall <of> wind").await;
    for (value, days) in [("1", 3), ("2", 2), ("12", 1)] {
        saw(&ada, &recall, value, days).await;
    }
    let asked = json!({ "metricId": recall, "observations": 2 });
    let told = ada.ask("metricProgress", asked.clone()).await.done();
    assert_eq!(
        [&told["attainment"], &told["trend"], &told["target"]],
        [&json!(120), &json!("IMPROVING"), &json!("10")]
    );
    assert_eq!(told["targetDate"], day(20));
    let seen = told["observations"].as_array().unwrap();
    let each: Vec<_> = seen.iter().map(|one| (one["value"].clone(), one["targetMet"].clone())).collect();
    assert_eq!(each, [(json!("2"), json!(false)), (json!("12"), json!(true))]);
    let csv = ada.ask_for("csv", "metricProgress", asked.clone()).await;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!((lines[0], lines.len()), ("observedAt,value,target,targetMet", 3));
    assert!(lines[1].ends_with(",2,10,false") && lines[2].ends_with(",12,10,true"), "{csv}");
    let svg = ada.ask_for("svg", "metricProgress", asked.clone()).await;
    let drawn = roxmltree::Document::parse(&svg).unwrap();
    assert_eq!(drawn.root_element().attribute("aria-label"), Some("=Recall <of> wind"));
    assert_eq!(drawn.descendants().filter(|node| node.tag_name().name() == "circle").count(), 2);
    assert_snapshot!(ben.ask("metricProgress", asked).await.said(), @"NOT_FOUND");
}
