//! Observations: noted by hand, and pushed by an ML platform every night (§11, story 6).

use std::collections::BTreeMap;

use entity::platform::client::Scope;
use serde_json::{Value, json};

use super::milestone::{ago, metric, promised, saw};
use crate::harness::{Actor, Api, Face, Organization, assert_snapshot, stories, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    what_a_metric_was,
    the_same_again,
    what_was_deleted_stays_so,
    the_model_is_good_and_the_business_flat,
    the_business_is_asked_about,
    a_hundred_replays_add_nothing,
);
stories!(a_batch_is_all_or_nothing, two_platforms_at_once);

const KIND: &str = "MetricObservation";

/// A machine that pushes what it measures, and may do no more than that takes.
async fn platform(acme: &Organization) -> Actor {
    acme.client(&[Scope::ProjectsRead, Scope::ProjectsWrite]).await
}

/// What was measured in a run.
fn run(metric: &str, name: usize, value: &str, at: &str) -> Value {
    json!({
        "metricId": metric, "value": value, "observedAt": at, "source": "mlflow", "externalRef": format!("run-{name}"),
    })
}

const AT: &str = "2026-03-01T10:00:00Z";

async fn record(who: &Actor, new: Value) -> crate::harness::Outcome {
    who.act(KIND, "record", None, new).await
}

/// How many events of a kind there are, as somebody who sees them all counts.
async fn events(acme: &Organization, kind: &str) -> usize {
    let rest = acme.omnipotent().await.through(Face::Rest);
    let mut counted = BTreeMap::<String, usize>::new();
    let mut after = String::new();
    loop {
        let mut query = vec![("first", "100"), ("sort", "seq")];
        if !after.is_empty() {
            query.push(("after", &after));
        }
        let page = rest.list("Event", &query).await;
        for one in &page.items {
            *counted.entry(one["type"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        if page.info["hasNextPage"] != true {
            return counted.remove(kind).unwrap_or_default();
        }
        after = page.info["endCursor"].as_str().unwrap().to_owned();
    }
}

async fn what_a_metric_was(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let (project, milestone) = promised(&ada, 30).await;
    let recall = metric(&ada, &milestone, "ML", "Recall").await;
    let by_hand = json!({ "metricId": recall, "value": "1.50", "observedAt": AT });
    let one = record(&ada, by_hand.clone()).await.done();
    assert_eq!([&one["value"], &one["source"], &one["externalRef"]], [&json!("1.5"), &json!("manual"), &Value::Null]);
    assert_eq!([&one["projectId"], &one["ownerId"]], [&json!(project), &json!(ada.id)]);
    // Without a reference, whoever says it twice has seen it twice.
    assert_ne!(record(&ada, by_hand).await.id(), one["id"].as_str().unwrap());
    let wrong = |more: Value| {
        let mut new = json!({ "metricId": recall, "value": "1", "observedAt": AT });
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        new
    };
    let said = async |more: Value| record(&ada, wrong(more)).await.said();
    assert_snapshot!(said(json!({ "observedAt": "2999-01-01T00:00:00Z" })).await, @"OCCURRED_AT_INVALID /observedAt");
    assert_snapshot!(said(json!({ "metricId": nothing("mtr") })).await, @"REFERENCE_UNKNOWN /metricId");
    assert_snapshot!(said(json!({ "value": "a lot" })).await, @"VALIDATION_FAILED /value");
    assert_snapshot!(said(json!({ "source": "ml flow" })).await, @"VALIDATION_FAILED /source");
    // The platform needs the scope, and nothing else; one of another organization finds nothing.
    let machine = platform(&acme).await;
    record(&machine, run(&recall, 1, "2", AT)).await.done();
    let reader = acme.client(&[Scope::ProjectsRead]).await;
    assert_snapshot!(record(&reader, run(&recall, 2, "2", AT)).await.said(), @"INSUFFICIENT_SCOPE");
    let stranger = platform(&api.organization("Beta").await).await;
    assert_snapshot!(record(&stranger, run(&recall, 2, "2", AT)).await.said(), @"REFERENCE_UNKNOWN /metricId");
    let page = ada.list(KIND, &[("metricId", &recall), ("source", "mlflow")]).await;
    assert_eq!(page.each("externalRef"), ["run-1"]);
}

async fn the_same_again(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let (_, milestone) = promised(&ada, 30).await;
    let (recall, precision) =
        (metric(&ada, &milestone, "ML", "Recall").await, metric(&ada, &milestone, "ML", "Precision").await);
    let machine = platform(&acme).await;
    let first = record(&machine, run(&recall, 1, "2", AT)).await;
    let again = record(&machine, run(&recall, 1, "2.0", "2026-03-01T11:00:00+01:00")).await;
    if api.face == Face::Rest {
        assert_eq!((first.answer.status(), again.answer.status()), (201, 200));
    }
    let id = first.id();
    assert_eq!(id, again.id());
    for other in [run(&recall, 1, "2.000001", AT), run(&recall, 1, "2", "2026-03-01T10:00:01Z")] {
        let refused = record(&machine, other).await;
        assert_eq!(refused.said(), "OBSERVATION_CONFLICT /externalRef");
        assert_eq!(refused.details, json!({ "externalRef": "run-1", "observationId": id, "value": "2" }));
    }
    // A run measures several things.
    assert_ne!(record(&machine, run(&precision, 1, "3", AT)).await.id(), id);
    assert_eq!(events(&acme, "metric_observation.recorded").await, 2);
}

async fn what_was_deleted_stays_so(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let (_, milestone) = promised(&ada, 30).await;
    let recall = metric(&ada, &milestone, "ML", "Recall").await;
    let machine = platform(&acme).await;
    let id = record(&machine, run(&recall, 1, "2", AT)).await.id();
    ada.tell(KIND, "delete", &id).await.done();
    let again = record(&machine, run(&recall, 1, "2", AT)).await;
    let warnings = if api.face == Face::Rest {
        again.answer.json()["warnings"].clone()
    } else {
        again.answer.json()["data"]["done"]["warnings"].clone()
    };
    assert_eq!(warnings[0]["code"], "OBSERVATION_DELETED");
    assert_eq!(ada.see("Metric", &recall).await.done()["latestValue"], Value::Null);
    ada.tell(KIND, "restore", &id).await.done();
    assert_eq!(ada.see("Metric", &recall).await.done()["latestValue"], "2");
}

async fn the_model_is_good_and_the_business_flat(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, machine) = (acme.learner("ada").await, platform(&acme).await);
    let (project, milestone) = promised(&ada, 30).await;
    let recall = metric(&ada, &milestone, "ML", "Recall").await;
    let revenue = metric(&ada, &milestone, "BUSINESS", "Revenue").await;
    let codes = async || {
        let told = ada.ask("insights", json!({ "subjectId": project })).await.done();
        let each = told["items"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned());
        each.collect::<Vec<_>>().join(" ")
    };
    let night = |name: usize, model: &str, business: &str| {
        let at = ago(10 - i64::try_from(name).unwrap());
        json!({ "observations": [run(&recall, name, model, &at), run(&revenue, name, business, &at)] })
    };
    let first = night(1, "8", "1");
    record(&machine, first.clone()).await.done();
    assert_snapshot!(codes().await, @"");
    let second = night(2, "10", "1");
    record(&machine, second.clone()).await.done();
    assert_snapshot!(codes().await, @"MODEL_GOOD_BUSINESS_FLAT");
    // It is news once: not when the same comes again, nor when it is still so.
    let appeared = async || events(&acme, "project.insight_appeared").await;
    assert_eq!(appeared().await, 1);
    for again in [second, first, night(3, "11", "1.1")] {
        record(&machine, again).await.done();
    }
    assert_eq!(appeared().await, 1);
    let told = ada.ask("insights", json!({ "subjectId": project })).await.done();
    let one = &told["items"][0];
    assert_eq!([&one["severity"], &one["playbookRef"]], [&json!("WARNING"), &json!("§11")]);
    assert_eq!([&one["subjectKind"], &one["subjectId"]], [&json!("project"), &json!(project)]);
    let command = &one["suggestedCommand"];
    assert_eq!([&command["name"], &command["objectId"]], [&json!("updateMilestoneHealth"), &json!(milestone)]);
    ada.act("Milestone", "updateHealth", Some(&milestone), command["input"].clone()).await.done();
    // The business moves, and falls back: that is news again.
    record(&machine, night(4, "11", "10")).await.done();
    assert_snapshot!(codes().await, @"");
    record(&machine, night(5, "11", "2")).await.done();
    assert_eq!((appeared().await, codes().await.as_str()), (2, "MODEL_GOOD_BUSINESS_FLAT"));
    let rest = acme.omnipotent().await.through(Face::Rest);
    let news = rest.list("Event", &[("subjectId", &project), ("sort", "-seq")]).await.items.remove(0);
    assert_eq!(
        [&news["type"], &news["data"]],
        [&json!("project.insight_appeared"), &json!({ "code": "MODEL_GOOD_BUSINESS_FLAT" })]
    );
}

async fn the_business_is_asked_about(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let (project, milestone) = promised(&ada, 30).await;
    let recall = metric(&ada, &milestone, "ML", "Recall").await;
    let revenue = metric(&ada, &milestone, "BUSINESS", "Revenue").await;
    let told = async |subject: &str| ada.ask("insights", json!({ "subjectId": subject })).await.done()["items"].clone();
    saw(&ada, &recall, "1", 1).await;
    let only = told(&project).await;
    assert_eq!((&only[0]["code"], only.as_array().unwrap().len()), (&json!("ONLY_ML_OBSERVED"), 1));
    // What is suggested can be done once the value is known.
    let mut input = only[0]["suggestedCommand"]["input"].clone();
    input
        .as_object_mut()
        .unwrap()
        .extend([("value".to_owned(), json!("2")), ("observedAt".to_owned(), json!(ago(40)))]);
    record(&ada, input).await.done();
    assert_eq!(told(&project).await, json!([]));
    // It has been in progress for 31 days, and the business was looked at before.
    let id: entity::id::ProjectId = project.parse().unwrap();
    let began: chrono::DateTime<chrono::Utc> = ago(31).parse().unwrap();
    let sql = "UPDATE project SET status = 'IN_PROGRESS', started_at = $2 WHERE id = $1";
    api.execute(sql, vec![id.into(), began.into()]).await;
    let unobserved = told(&project).await;
    assert_eq!(
        [&unobserved[0]["code"], &unobserved[0]["subjectId"]],
        [&json!("BUSINESS_METRIC_UNOBSERVED"), &json!(revenue)]
    );
    assert_eq!(told(&milestone).await[0]["code"], "BUSINESS_METRIC_UNOBSERVED");
    // Whoever sees the project may know, and is told no command that is not theirs; of her learning they are told nothing.
    let (kim, ben) = (acme.coach("kim").await, acme.learner("ben").await);
    let asked = async |who: &Actor| who.ask("insights", json!({ "subjectId": project })).await;
    assert_snapshot!(asked(&ben).await.said(), @"NOT_FOUND");
    ada.opens(&kim, &["projects:read"]).await;
    ada.create("ProjectMember", json!({ "projectId": project, "userId": ben.id, "role": "OBSERVER" })).await.done();
    for who in [&kim, &ben] {
        let told = asked(who).await.done();
        assert_eq!(told["items"][0]["code"], "BUSINESS_METRIC_UNOBSERVED");
        assert_eq!(told["items"][0]["suggestedCommand"], Value::Null);
        let of_her = who.ask("personInsights", json!({ "userId": ada.id })).await;
        assert_eq!(of_her.said(), "GRANT_REQUIRED");
    }
    saw(&ada, &revenue, "2", 1).await;
    assert_eq!(told(&project).await, json!([]));
}

const MANY: &str = "mutation($input: RecordObservationsInput!) { recordObservations(input: $input) { metricObservations { id } userErrors { code path } } }";

async fn a_batch_is_all_or_nothing(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, machine) = (acme.learner("ada").await, platform(&acme).await);
    let (_, milestone) = promised(&ada, 30).await;
    let recall = metric(&ada, &milestone, "ML", "Recall").await;
    let good = run(&recall, 1, "1", AT);
    let post = async |body: Value| machine.post("/metric-observations", body).await.problem();
    assert_snapshot!(post(json!([good, run(&nothing("mtr"), 2, "1", AT)])).await, @"404 REFERENCE_UNKNOWN /1/metricId");
    assert_snapshot!(post(json!([good, run(&recall, 2, "1", "2999-01-01T00:00:00Z")])).await, @"409 OCCURRED_AT_INVALID /1/observedAt");
    assert_snapshot!(post(json!([good, run(&recall, 2, "x", AT)])).await, @"422 VALIDATION_FAILED /1/value");
    assert_snapshot!(post(json!([good, run(&recall, 1, "2", AT)])).await, @"409 OBSERVATION_CONFLICT /1/externalRef");
    let input = json!({ "observations": [good, run(&recall, 1, "2", AT)] });
    assert_snapshot!(machine.graphql(MANY, json!({ "input": input })).await.user_error(), @"OBSERVATION_CONFLICT /observations/1/externalRef");
    assert_eq!(ada.list(KIND, &[]).await.items.len(), 0, "all or nothing");
    // The same twice in one batch is one.
    let made = machine.post("/metric-observations", json!([good, good])).await.fine();
    assert_eq!(made["items"][0]["id"], made["items"][1]["id"]);
    assert_eq!(ada.list(KIND, &[]).await.items.len(), 1);
    let many: Vec<Value> = (0..201).map(|name| run(&recall, name, "1", AT)).collect();
    assert_snapshot!(post(json!(many)).await, @"422 VALIDATION_FAILED");
}

/// 200 observations, sent a hundred times over through both faces, are 200 observations, and 200 events.
/// The law of story 6: two hundred observations in each of a hundred calls that repeat the first leave nothing behind, through whatever
/// face they come, whichever came first.
async fn a_hundred_replays_add_nothing(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, machine) = (acme.learner("ada").await, platform(&acme).await);
    let (project, milestone) = promised(&ada, 30).await;
    let recall = metric(&ada, &milestone, "ML", "Recall").await;
    let revenue = metric(&ada, &milestone, "BUSINESS", "Revenue").await;
    let night: Vec<Value> = (0..200)
        .map(|name| run(if name % 2 == 0 { &recall } else { &revenue }, name, &format!("0.{name:03}1"), AT))
        .collect();
    let sends = async |who: &Actor| who.act(KIND, "record", None, json!({ "observations": night })).await;
    let ids = |told: &Value| told["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>();
    let first = ids(&sends(&machine).await.done());
    assert_eq!(first.len(), 200);
    // All that it could have changed: what is counted, what each object says, what was told of it.
    let stands = async || {
        let mut all = vec![ada.list(KIND, &[("first", "1"), ("count", "true")]).await.total];
        for (name, id) in [("Metric", &recall), ("Metric", &revenue), ("Milestone", &milestone), ("Project", &project)]
        {
            all.push(ada.see(name, id).await.done());
        }
        all.push(ada.list(KIND, &[("first", "100"), ("sort", "createdAt")]).await.items.into());
        all.push(acme.omnipotent().await.list("Event", &[("first", "1"), ("count", "true")]).await.total);
        all
    };
    let before = stands().await;
    assert_eq!(before[0], 200);
    assert_eq!(events(&acme, "metric_observation.recorded").await, 200);
    let other = if api.face == Face::Rest { Face::Graphql } else { Face::Rest };
    for replay in 0..100 {
        let who = if replay % 10 == 0 { machine.through(other) } else { machine.clone() };
        assert_eq!(ids(&sends(&who).await.done()), first, "replay {replay}");
    }
    assert_eq!(stands().await, before);
    // In another order, and with one more among them, that one alone is new.
    let mut more: Vec<Value> = night.iter().rev().take(199).cloned().collect();
    more.push(run(&recall, 1000, "0.5", AT));
    let told = machine.act(KIND, "record", None, json!({ "observations": more })).await.done();
    assert_eq!(ids(&told)[..199], first.iter().rev().take(199).cloned().collect::<Vec<_>>()[..]);
    assert_eq!(ada.list(KIND, &[("first", "1"), ("count", "true")]).await.total, 201);
}

async fn two_platforms_at_once(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, machine) = (acme.learner("ada").await, platform(&acme).await);
    let other = api.another(&[]).await;
    let (project, milestone) = promised(&ada, 30).await;
    let recall = metric(&ada, &milestone, "ML", "Recall").await;
    let revenue = metric(&ada, &milestone, "BUSINESS", "Revenue").await;
    // The same night on two instances in opposite orders, while somebody puts milestones in order and changes one.
    let tries = (0..12).map(|n| {
        let who = if n % 2 == 0 { machine.clone() } else { machine.calling(&other) };
        let mut night: Vec<Value> =
            (0..20).map(|name| run(if name % 2 == 0 { &recall } else { &revenue }, name, "1", AT)).collect();
        if n % 3 == 0 {
            night.reverse();
        }
        let (ada, project, milestone) = (ada.clone(), project.clone(), milestone.clone());
        tokio::spawn(async move {
            if n % 4 == 3 {
                ada.update("Milestone", &milestone, json!({ "title": format!("Try {n}") })).await.done();
                let order = json!({ "projectId": project, "milestoneIds": [milestone] });
                ada.act("Milestone", "reorder", None, order).await.done();
            }
            who.post("/metric-observations", json!(night)).await.fine();
        })
    });
    for one in tries.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    assert_eq!(ada.list(KIND, &[("first", "1"), ("count", "true")]).await.total, 20);
    assert_eq!(events(&acme, "metric_observation.recorded").await, 20);
}
