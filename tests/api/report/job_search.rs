//! Story 7: how far everybody's applications came, of enough people at once (§21, §37).

use serde_json::{Value, json};

use crate::{
    harness::{Actor, Api, Face, Organization, assert_snapshot, stories_in_both_faces},
    jobs::{
        Search,
        funnel::{ended, line, went},
    },
};

stories_in_both_faces!(
    the_pipeline_of_everybody,
    too_few_people_are_not_told,
    nobody_is_left_over,
    one_person_is_told_by_a_grant
);

const ASKED: [(&str, &str); 2] = [("from", "2026-03-02"), ("to", "2026-03-29")];

fn asked(more: Value) -> Value {
    let mut asked = more;
    for (name, value) in ASKED {
        asked[name] = json!(value);
    }
    asked
}

async fn lines(who: &Actor, more: Value) -> String {
    let told = who.ask("jobSearchFunnel", asked(more)).await.done();
    told["groups"].as_array().unwrap().iter().map(line).collect::<Vec<_>>().join("\n")
}

/// People who applied by themselves twice each, of whom some were referred, too, and few were asked.
async fn people(acme: &Organization, count: usize, referred: usize, asked: usize) -> Vec<Actor> {
    let mut all = Vec::new();
    for place in 0..count {
        let who = acme.learner(&format!("p{place}")).await.through(Face::Rest);
        let search = Search::of(&who).await;
        let quiet = went(&who, &search, json!({}), &[(2, 3)]).await;
        ended(&who, &quiet, "NO_RESPONSE", 20).await;
        went(&who, &search, json!({}), &[(0, 4), (2, 5), (3, 12)]).await;
        if place < referred {
            went(&who, &search, json!({ "channel": "REFERRAL" }), &[(2, 6), (3, 8), (4, 10)]).await;
        }
        if place < asked {
            went(&who, &search, json!({ "channel": "INBOUND" }), &[(5, 6)]).await;
        }
        all.push(who);
    }
    all
}

async fn the_pipeline_of_everybody(api: Api) {
    let acme = api.organization("Acme").await;
    people(&acme, 12, 7, 2).await;
    let (ana, ben) = (acme.analyst("ana").await, acme.learner("ben").await);
    assert_snapshot!(lines(&ana, json!({})).await, @"TOTAL . 30: 30/-%/0d 30/100%/-d 30/100%/5d 20/66%/0d 5/25%/-d -/-%/-d; OPEN=20 NO_RESPONSE=10");
    // Two people alone were asked: they are told with the next larger group.
    assert_snapshot!(lines(&ana, json!({ "groupBy": "CHANNEL" })).await, @r"
    TOTAL . 30: 30/-%/0d 30/100%/-d 30/100%/5d 20/66%/0d 5/25%/-d -/-%/-d; OPEN=20 NO_RESPONSE=10
    GROUP DIRECT 20: 20/-%/0d 20/100%/-d 20/100%/10d 10/50%/-d 0/0%/-d -/-%/-d; OPEN=10 NO_RESPONSE=10
    OTHER . 5: 5/-%/-d 5/100%/-d 5/100%/0d 5/100%/0d 5/100%/-d -/-%/-d; OPEN=5
    ");
    // The very same numbers in an address, as one writes there, and as a table.
    let path = "/reports/job-search-funnel?from=2026-03-02&to=2026-03-29&groupBy=channel";
    let told = ana.get(path).await.fine();
    assert_eq!(
        told.json(),
        &ana.through(Face::Graphql).ask("jobSearchFunnel", asked(json!({ "groupBy": "CHANNEL" }))).await.done()
    );
    let csv = ana.with("accept", "text/csv").get(path).await.fine();
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert!(csv.text().contains("TOTAL,,reached,APPLIED,"), "{}", csv.text());
    let svg = ana.ask_for("svg", "jobSearchFunnel", asked(json!({}))).await;
    assert!(svg.contains("Applications of everybody, in steps of five"), "{svg}");
    // It is told of whole weeks that have ended, and to analysts alone.
    assert_eq!([&told["from"], &told["to"]], [&json!("2026-03-02"), &json!("2026-03-29")]);
    assert_snapshot!(ben.ask("jobSearchFunnel", asked(json!({}))).await.code(), @"INSUFFICIENT_SCOPE");
    assert_snapshot!(acme.coach("kim").await.ask("jobSearchFunnel", asked(json!({}))).await.said(), @"FORBIDDEN");
    assert_snapshot!(ana.ask("jobSearchFunnel", asked(json!({ "groupBy": "RESUME_VERSION" }))).await.code(), @"BAD_INPUT");
    let inverted = json!({ "from": "2026-03-29", "to": "2026-03-02" });
    assert_snapshot!(ana.ask("jobSearchFunnel", inverted).await.code(), @"PERIOD_INVALID");
}

async fn too_few_people_are_not_told(api: Api) {
    let acme = api.organization("Acme").await;
    people(&acme, 4, 4, 4).await;
    let ana = acme.analyst("ana").await;
    assert_snapshot!(ana.ask("jobSearchFunnel", asked(json!({}))).await.said(), @"INSUFFICIENT_COHORT");
    // Others who did not apply do not make them more.
    acme.learner("idle").await;
    assert_snapshot!(ana.ask("jobSearchFunnel", asked(json!({}))).await.said(), @"INSUFFICIENT_COHORT");
    // A machine with reports:read is told no more.
    assert_snapshot!(acme.omnipotent().await.ask("jobSearchFunnel", asked(json!({}))).await.said(), @"INSUFFICIENT_COHORT");
}

/// Whoever subtracts one question from another, or in one answer what is told from the whole, finds nobody alone.
async fn nobody_is_left_over(api: Api) {
    let acme = api.organization("Acme").await;
    let mut first = Vec::new();
    for place in 0..6 {
        first.push(acme.learner(&format!("p{place}")).await.through(Face::Rest));
    }
    let alone = first.pop().unwrap();
    for who in &first {
        let search = Search::of(who).await;
        for _ in 0..2 {
            let id = went(who, &search, json!({}), &[(2, 3)]).await;
            ended(who, &id, "REJECTED", 4).await;
        }
    }
    // One person alone begins a week later, and comes far.
    let search = Search::of(&alone).await;
    for _ in 0..10 {
        let id = went(&alone, &search, json!({}), &[(2, 17), (5, 18)]).await;
        ended(&alone, &id, "OFFER_DECLINED", 19).await;
    }
    let ana = acme.analyst("ana").await;
    let of = async |from: &str, to: &str| ana.ask("jobSearchFunnel", json!({ "from": from, "to": to })).await;
    assert_eq!(of("2026-03-16", "2026-03-22").await.said(), "INSUFFICIENT_COHORT");
    let (without, with) = (of("2026-03-02", "2026-03-15").await.done(), of("2026-03-02", "2026-03-22").await.done());
    assert_eq!(without["groups"], with["groups"], "a week more with one person in it tells nothing more");
    assert_eq!(
        line(&with["groups"][0]),
        "TOTAL . 10: 10/-%/-d 10/100%/-d 10/100%/0d 0/0%/-d 0/-%/-d 0/-%/-d; REJECTED=10"
    );
    // In the very same week, what came of theirs is what is left of all: so what came of the others is not told either.
    let search = Search::of(&alone).await;
    for _ in 0..10 {
        let id = went(&alone, &search, json!({}), &[(2, 4), (5, 5)]).await;
        ended(&alone, &id, "OFFER_DECLINED", 6).await;
    }
    let told = of("2026-03-02", "2026-03-15").await.done();
    let outcomes = |told: &Value| {
        let all = told["groups"][0]["outcomes"].as_array().unwrap().iter();
        all.map(|one| (one["outcome"].clone(), one["applications"].clone())).collect::<Vec<_>>()
    };
    let hidden = outcomes(&told).into_iter().filter(|(_, number)| number.is_null()).count();
    assert_eq!(told["groups"][0]["applications"], 20);
    assert!(hidden >= 2, "{:?}", outcomes(&told));
    // Nor is it by how far they came: all twenty came to APPLIED, and of ten that stopped there nothing is told.
    let reached = told["groups"][0]["stages"].as_array().unwrap().iter().map(|one| one["reached"].clone());
    assert_eq!(reached.collect::<Vec<_>>(), [json!(20), json!(20), json!(20), json!(null), json!(null), json!(null)]);
}

async fn one_person_is_told_by_a_grant(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = people(&acme, 1, 1, 0).await.remove(0);
    let (ana, root, kim) = (acme.analyst("ana").await, acme.admin("root").await, acme.coach("kim").await);
    let machine = acme.omnipotent().await;
    let of_her = json!({ "userId": ada.id });
    for who in [&ana, &root, &kim, &machine] {
        assert_eq!(who.ask("jobSearchFunnel", asked(of_her.clone())).await.said(), "GRANT_REQUIRED", "{}", who.name);
    }
    let refused = ana.get(&format!("/reports/job-search-funnel?userId={}", ada.id)).await;
    assert_snapshot!(refused.problem(), @"403 GRANT_REQUIRED");
    // A grant for something else opens nothing.
    ada.opens(&kim, &["learning:review"]).await;
    assert_snapshot!(kim.ask("jobSearchFunnel", asked(of_her.clone())).await.said(), @"GRANT_REQUIRED");
    ada.opens(&kim, &["jobs:read"]).await;
    assert_snapshot!(lines(&kim, json!({ "userId": ada.id, "groupBy": "CHANNEL" })).await, @r"
    TOTAL . 3: 3/-%/1d 3/100%/-d 3/100%/7d 2/66%/2d 1/50%/-d 0/0%/-d; OPEN=2 NO_RESPONSE=1
    GROUP DIRECT 2: 2/-%/1d 2/100%/-d 2/100%/7d 1/50%/-d 0/0%/-d 0/-%/-d; OPEN=1 NO_RESPONSE=1
    GROUP REFERRAL 1: 1/-%/-d 1/100%/-d 1/100%/2d 1/100%/2d 1/100%/-d 0/0%/-d; OPEN=1
    ");
}
