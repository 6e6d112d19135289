//! What waits for a coach: a list of its own name over learning plans (story 3).

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Actor, Api, assert_snapshot, stories, stories_in_both_faces};

stories_in_both_faces!(what_waits_for_a_coach, the_oldest_request_stands_first, it_is_a_list_as_any_other);
stories!(it_is_there_in_both_faces);

const KIND: &str = "LearningPlan";
const QUEUE: &str = "reviewQueue";

async fn asked(who: &Actor, title: &str) -> String {
    let plan = who.plan(title).await;
    who.tell(KIND, "requestReview", &plan).await.done();
    plan
}

async fn what_waits_for_a_coach(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let (kim, lee) = (acme.coach("kim").await, acme.coach("lee").await);
    let grant = ada.opens(&kim, &["learning:review"]).await;
    ada.opens(&lee, &["learning:review"]).await;
    let plan = asked(&ada, "Learn").await;
    asked(&ben, "Not opened").await;
    ada.plan("Not asked").await;
    let queue = async |who: &Actor| who.list(QUEUE, &[]).await.ids();
    assert_eq!((queue(&kim).await, queue(&lee).await), (vec![plan.clone()], vec![plan.clone()]));
    // Whoever reviews it keeps it; for the other it waits no longer.
    lee.tell(KIND, "startReview", &plan).await.done();
    assert_eq!((queue(&kim).await, queue(&lee).await), (vec![], vec![plan.clone()]));
    lee.tell(KIND, "stopReview", &plan).await.done();
    assert_eq!((queue(&kim).await, queue(&lee).await), (vec![], vec![]));
    ada.tell(KIND, "requestReview", &plan).await.done();
    // A grant for something else lets no one review, and a revoked one nothing at all.
    ben.opens(&kim, &["learning:read", "learning:write"]).await;
    assert_eq!(queue(&kim).await, std::slice::from_ref(&plan));
    ada.tell("Grant", "revoke", &grant).await.done();
    assert_eq!((queue(&kim).await, queue(&lee).await), (vec![], vec![plan.clone()]));
    // It is for those who review: others are told so, and a machine has nothing to review.
    assert_snapshot!(ada.list(QUEUE, &[]).await.refused.unwrap(), @"INSUFFICIENT_SCOPE");
    assert_snapshot!(acme.admin("root").await.list(QUEUE, &[]).await.refused.unwrap(), @"INSUFFICIENT_SCOPE");
    assert_snapshot!(acme.omnipotent().await.list(QUEUE, &[]).await.items.len(), @"0");
}

async fn the_oldest_request_stands_first(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    ada.opens(&kim, &["learning:review"]).await;
    ben.opens(&kim, &["learning:review"]).await;
    let (first, second, third) = (asked(&ada, "A").await, asked(&ben, "B").await, asked(&ada, "C").await);
    // Requests a day apart each.
    for (days, plan) in [(1, &third), (2, &second), (3, &first)] {
        let (at, id) =
            (cairn::domain::clock::now() - TimeDelta::days(days), plan.parse::<entity::id::LearningPlanId>());
        let values = vec![at.into(), id.unwrap().0.into()];
        api.execute("UPDATE learning_plan SET review_requested_at = $1 WHERE id = $2", values).await;
    }
    kim.tell(KIND, "startReview", &second).await.done();
    assert_eq!(kim.list(QUEUE, &[]).await.ids(), [first.clone(), second.clone(), third.clone()]);
    // Who asks again stands at the end.
    ada.tell(KIND, "cancelReviewRequest", &first).await.done();
    assert_eq!(ada.see(KIND, &first).await.done()["reviewRequestedAt"], Value::Null);
    ada.tell(KIND, "requestReview", &first).await.done();
    assert_eq!(kim.list(QUEUE, &[]).await.ids(), [second.clone(), third.clone(), first.clone()]);
    for verb in ["stopReview", "approve"] {
        let done = kim.tell(KIND, verb, if verb == "approve" { &third } else { &second }).await.done();
        assert_eq!(done["reviewRequestedAt"], Value::Null, "{verb}");
    }
    kim.tell(KIND, "startReview", &first).await.done();
    let back = kim.act(KIND, "requestChanges", Some(&first), json!({ "comment": "More." })).await.done();
    assert_eq!(back["reviewRequestedAt"], Value::Null);
    assert_snapshot!(kim.list(QUEUE, &[]).await.items.len(), @"0");
}

async fn it_is_a_list_as_any_other(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    ada.opens(&kim, &["learning:review"]).await;
    ben.opens(&kim, &["learning:review"]).await;
    let plans = [asked(&ada, "Algebra").await, asked(&ben, "Biology").await, asked(&ada, "Chemistry").await];
    let page = kim.list(QUEUE, &[("first", "2"), ("count", "true")]).await;
    assert_eq!((page.ids(), &page.total), (plans[..2].to_vec(), &json!(3)));
    let after = page.info["endCursor"].as_str().unwrap();
    assert_eq!(kim.list(QUEUE, &[("first", "2"), ("after", after)]).await.ids(), plans[2..]);
    assert_eq!(
        kim.list(QUEUE, &[("ownerId", &ada.id), ("sort", "-title")]).await.each("title"),
        [json!("Chemistry"), json!("Algebra")]
    );
    assert_eq!(kim.list(QUEUE, &[("q", "bio")]).await.ids(), plans[1..2]);
    assert_eq!(kim.list(QUEUE, &[("status", "DRAFT,ACTIVE")]).await.items.len(), 0);
    // A cursor belongs to one sort.
    let refused = kim.list(QUEUE, &[("sort", "title"), ("after", after)]).await.refused.unwrap();
    assert_snapshot!(refused.split(' ').next().unwrap(), @"CURSOR_INVALID");
}

async fn it_is_there_in_both_faces(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    ada.opens(&kim, &["learning:review"]).await;
    let plan = asked(&ada, "Learn").await;
    let rest = kim.get("/review-queue?expand=owner&first=5").await.fine();
    assert_eq!(rest["items"][0]["owner"]["name"], "ada");
    assert!(rest.header("etag").starts_with("\"0."));
    let query =
        "{ reviewQueue(first: 5) { totalCount edges { cursor node { id owner { name } } } pageInfo { hasNextPage } } }";
    let graphql = kim.graphql(query, json!({})).await.fine();
    let queue = &graphql["data"]["reviewQueue"];
    assert_eq!((&queue["totalCount"], &queue["edges"][0]["node"]["id"]), (&json!(1), &json!(plan)));
    assert_snapshot!(kim.get("/review-queue?colour=red").await.problem(), @"400 BAD_INPUT colour");
    assert_snapshot!(kim.post("/review-queue", json!({})).await.problem(), @"405 METHOD_NOT_ALLOWED");
    assert_snapshot!(ada.get("/review-queue").await.problem(), @"403 INSUFFICIENT_SCOPE");
    assert_snapshot!(ada.graphql("{ reviewQueue { totalCount } }", json!({})).await.user_error(), @"errors: INSUFFICIENT_SCOPE");
}
