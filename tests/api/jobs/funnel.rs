//! How far applications came: counted by what each ever reached, from its history (§21).

use serde_json::{Value, json};

use super::Search;
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    a_funnel_counts_what_was_ever_reached,
    a_funnel_by_groups,
    how_long_applications_stand,
    who_may_ask
);

/// An application that went through stages on days of March: the first began it.
pub async fn went(who: &Actor, search: &Search, more: Value, steps: &[(usize, u32)]) -> String {
    let at = |day: u32| format!("2026-03-{day:02}T10:00:00Z");
    let (first, day) = steps[0];
    let mut new = search.applying(more);
    new["stageId"] = json!(search.stages[first]);
    new["occurredAt"] = json!(at(day));
    let id = who.create("Application", new).await.id();
    for pair in steps.windows(2) {
        let mut step = search.step(pair[0].0, pair[1].0);
        step["occurredAt"] = json!(at(pair[1].1));
        step["reason"] = json!("It went so.");
        who.act("Application", "move", Some(&id), step).await.done();
    }
    id
}

pub async fn ended(who: &Actor, id: &str, outcome: &str, day: u32) {
    let closing = json!({ "outcome": outcome, "occurredAt": format!("2026-03-{day:02}T10:00:00Z") });
    who.act("Application", "close", Some(id), closing).await.done();
}

/// A group in a line: its name, how many, and of each kind of stage what reached it, the share and the days.
pub fn line(group: &Value) -> String {
    let stages = group["stages"].as_array().unwrap().iter().map(|stage| {
        let number = |name: &str| stage[name].as_i64().map_or("-".to_owned(), |number| number.to_string());
        format!("{}/{}%/{}d", number("reached"), number("conversionPercent"), number("medianDays"))
    });
    let stages = stages.collect::<Vec<_>>().join(" ");
    let outcomes = group["outcomes"].as_array().unwrap().iter().filter(|one| one["applications"] != 0).map(|one| {
        let number = one["applications"].as_i64().map_or("-".to_owned(), |number| number.to_string());
        format!("{}={number}", one["outcome"].as_str().unwrap_or("OPEN"))
    });
    let outcomes = outcomes.collect::<Vec<_>>().join(" ");
    let key = group["key"].as_str().unwrap_or(".");
    format!("{} {key} {}: {stages}; {outcomes}", group["kind"].as_str().unwrap(), group["applications"])
}

async fn lines(who: &Actor, asked: Value) -> String {
    let told = who.ask("funnel", asked).await.done();
    told["groups"].as_array().unwrap().iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Four applications of one person.
async fn four(who: &Actor) -> Search {
    let search = Search::of(who).await;
    went(who, &search, json!({ "resumeVersion": "2" }), &[(0, 1), (2, 3), (3, 7), (4, 12)]).await;
    let back = went(who, &search, json!({ "channel": "REFERRAL" }), &[(2, 2), (4, 9), (3, 10)]).await;
    ended(who, &back, "REJECTED", 20).await;
    let quiet = went(who, &search, json!({}), &[(2, 4)]).await;
    ended(who, &quiet, "NO_RESPONSE", 25).await;
    went(who, &search, json!({}), &[(0, 5)]).await;
    search
}

async fn a_funnel_counts_what_was_ever_reached(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = four(&ada).await;
    let asked = json!({ "jobSearchId": search.id });
    // What skipped a stage reached it all the same, and what went back keeps what it reached.
    assert_snapshot!(lines(&ada, asked.clone()).await, @"TOTAL . 4: 4/-%/2d 3/75%/-d 3/100%/7d 2/66%/5d 2/100%/1d 0/0%/-d; OPEN=2 REJECTED=1 NO_RESPONSE=1");
    // Days are those of the owner, and what began on others is left out.
    let mut some = asked.clone();
    some["from"] = json!("2026-03-02");
    some["to"] = json!("2026-03-04");
    assert_snapshot!(lines(&ada, some.clone()).await, @"TOTAL . 2: 2/-%/-d 2/100%/-d 2/100%/7d 1/50%/10d 1/100%/1d 0/0%/-d; REJECTED=1 NO_RESPONSE=1");
    some["to"] = json!("2026-03-01");
    assert_snapshot!(ada.ask("funnel", some).await.code(), @"PERIOD_INVALID");
    // A correction holds from then on: what never happened was never reached.
    let event = |items: &[Value]| {
        items.iter().find(|one| one["kind"] == "MOVED" && one["toKind"] == "INTERVIEWING").unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let first = ada.list("Application", &[("resumeVersion", "2")]).await.ids().remove(0);
    let events = ada.list("ApplicationEvent", &[("applicationId", &first)]).await.items;
    let never = json!({ "revoke": true, "reason": "Another company." });
    ada.act("ApplicationEvent", "correct", Some(&event(&events)), never).await.done();
    assert_snapshot!(lines(&ada, asked.clone()).await, @"TOTAL . 4: 4/-%/2d 3/75%/-d 3/100%/7d 2/66%/10d 1/50%/1d 0/0%/-d; OPEN=2 REJECTED=1 NO_RESPONSE=1");
    // What was deleted is not counted.
    ada.tell("Application", "delete", &first).await.done();
    assert_snapshot!(lines(&ada, asked).await, @"TOTAL . 3: 3/-%/-d 2/66%/-d 2/100%/7d 1/50%/10d 1/100%/1d 0/0%/-d; OPEN=1 REJECTED=1 NO_RESPONSE=1");
}

async fn a_funnel_by_groups(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let search = four(&ada).await;
    let role = root.create("RoleProfile", json!({ "title": "Machine learning engineer" })).await.id();
    let big =
        json!({ "companyId": search.company, "title": "MLE", "roleProfileId": role, "employerKind": "BIG_COMPANY" });
    let posting = ada.create("JobPosting", big).await.id();
    went(&ada, &search, json!({ "postingId": posting }), &[(5, 6)]).await;
    let by = |by: &str| json!({ "jobSearchId": search.id, "groupBy": by });
    assert_snapshot!(lines(&ada, by("CHANNEL")).await, @r"
    TOTAL . 5: 5/-%/2d 4/80%/-d 4/100%/7d 3/75%/5d 3/100%/1d 1/33%/-d; OPEN=3 REJECTED=1 NO_RESPONSE=1
    GROUP DIRECT 4: 4/-%/2d 3/75%/-d 3/100%/4d 2/66%/5d 2/100%/-d 1/50%/-d; OPEN=3 NO_RESPONSE=1
    GROUP REFERRAL 1: 1/-%/-d 1/100%/-d 1/100%/7d 1/100%/10d 1/100%/1d 0/0%/-d; REJECTED=1
    ");
    let mut names = Vec::new();
    for name in ["ROLE", "COMPANY_KIND", "RESUME_VERSION"] {
        let told = ada.ask("funnel", by(name)).await.done();
        let groups = told["groups"].as_array().unwrap().iter().skip(1);
        names.extend(
            groups
                .map(|one| format!("{name} {} {} {}", one["kind"].as_str().unwrap(), one["key"], one["applications"])),
        );
    }
    assert_snapshot!(names.join("\n"), @r#"
    ROLE GROUP "ML engineer" 4
    ROLE GROUP "Machine learning engineer" 1
    COMPANY_KIND GROUP "BIG_COMPANY" 1
    COMPANY_KIND UNASSIGNED null 4
    RESUME_VERSION GROUP "2" 1
    RESUME_VERSION UNASSIGNED null 4
    "#);
    let csv = ada.ask_for("csv", "funnel", by("CHANNEL")).await;
    assert!(csv.starts_with("kind,key,measure,of,value"), "{csv}");
    assert!(csv.contains("GROUP,REFERRAL,reached,INTERVIEWING,1"), "{csv}");
    let svg = ada.ask_for("svg", "funnel", by("NONE")).await;
    let picture = roxmltree::Document::parse(&svg).unwrap();
    assert_eq!(picture.root_element().attribute("aria-label"), Some("How far applications came"));
    assert!(svg.contains("4, 80 % of the step before"), "{svg}");
}

async fn how_long_applications_stand(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = four(&ada).await;
    let asked = json!({ "jobSearchId": search.id });
    let csv = ada.ask_for("csv", "timeInStage", asked.clone()).await;
    assert_snapshot!(csv.replace('\r', ""), @r"
    kind,left,medianDays,threeQuartersDays,longestDays
    RESEARCH,1,2,2,2
    OUTREACH,0,,,
    APPLIED,3,7,21,21
    SCREENING,2,5,10,10
    INTERVIEWING,1,1,1,1
    OFFER,0,,,
    ");
    let told = ada.ask("timeInStage", asked.clone()).await.done();
    assert_eq!(
        told["stages"][2],
        json!({ "kind": "APPLIED", "left": 3, "medianDays": 7, "threeQuartersDays": 21, "longestDays": 21 })
    );
    let svg = ada.ask_for("svg", "timeInStage", asked).await;
    assert!(svg.contains("the whole bar is 21 days") && roxmltree::Document::parse(&svg).is_ok(), "{svg}");
}

async fn who_may_ask(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root, machine) =
        (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await, acme.omnipotent().await);
    let search = four(&ada).await;
    let asked = json!({ "jobSearchId": search.id });
    for who in [&kim, &root, &machine] {
        for name in ["funnel", "timeInStage"] {
            assert_eq!(who.ask(name, asked.clone()).await.said(), "NOT_FOUND", "{name} by {}", who.name);
        }
    }
    ada.opens(&kim, &["jobs:read"]).await;
    kim.ask("funnel", asked).await.done();
    assert_snapshot!(ada.ask("funnel", json!({ "jobSearchId": nothing("jsr") })).await.said(), @"NOT_FOUND");
}
