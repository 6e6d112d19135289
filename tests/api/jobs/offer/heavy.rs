//! Two server instances over one PostgreSQL, a hundred times: always one winner (story 12), and nothing accepted that is not.

use serde_json::json;

use super::{super::Search, KIND, offered, outcome, won_once};
use crate::harness::{Api, Backend, Face, api::tell};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_races_have_a_hundred_winners() {
    tell(Backend::Postgres, races).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_else_becomes_of_it_an_accepted_offer_is_of_an_accepted_application() {
    tell(Backend::Postgres, ends).await;
}

/// One offer is accepted, declined and taken back, and its application closed, at once and by two instances.
async fn ends(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let other = ada.calling(&api.another(&[]).await);
    for round in 0..60 {
        let search = Search::of(&ada).await;
        let (application, a) = offered(&ada, &search, "ML engineer", json!({})).await;
        let (second, b) = offered(&ada, &search, "Analyst", json!({})).await;
        let faces = [Face::Rest, Face::Graphql];
        let (here, there) = (ada.through(faces[round % 2]), other.through(faces[round / 2 % 2]));
        let yes = json!({ "version": 1, "declineOthers": round % 4 < 2 });
        let left = json!({ "outcome": if round % 3 == 0 { "WITHDRAWN" } else { "REJECTED" } });
        let said = tokio::join!(
            async { here.act(KIND, "accept", Some(&a), yes.clone()).await.said() },
            async { there.act("Application", "close", Some(&application), left).await.said() },
            async { if round % 2 == 0 { there.tell(KIND, "decline", &a).await.said() } else { "late".to_owned() } },
            async { if round % 5 == 0 { here.tell(KIND, "rescind", &a).await.said() } else { "late".to_owned() } },
            async { there.act("Application", "close", Some(&second), json!({ "outcome": "WITHDRAWN" })).await.said() },
        );
        let said = [said.0, said.1, said.2, said.3, said.4];
        for one in &said {
            let known = ["fine", "late", "APPLICATION_CLOSED", "INVALID_TRANSITION", "VERSION_MISMATCH"];
            assert!(known.contains(&one.as_str()), "{said:?}");
        }
        for (application, offer) in [(&application, &a), (&second, &b)] {
            let state = ada.see(KIND, offer).await.done()["state"].clone();
            let outcome = outcome(&ada, application).await;
            assert!(state != "ACCEPTED" || outcome == "OFFER_ACCEPTED", "{state} {outcome} {said:?}");
            assert!(
                outcome != "OFFER_ACCEPTED" || state == "ACCEPTED" || said[3] == "fine",
                "{state} {outcome} {said:?}"
            );
        }
    }
}

async fn races(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let other = ada.calling(&api.another(&[]).await);
    for round in 0..100 {
        let search = Search::of(&ada).await;
        let (_, a) = offered(&ada, &search, "ML engineer", json!({})).await;
        let (_, b) = offered(&ada, &search, "Analyst", json!({})).await;
        // Each face on either side, each offer first in half of the rounds, and the others declined in half of them.
        let faces = [Face::Rest, Face::Graphql];
        let (here, there) = (ada.through(faces[round % 2]), other.through(faces[round / 2 % 2]));
        let (a, b) = if round % 4 < 2 { (a, b) } else { (b, a) };
        let input = json!({ "version": 1, "declineOthers": round % 8 < 4 });
        let (one, two) = tokio::join!(
            here.act(KIND, "accept", Some(&a), input.clone()),
            there.act(KIND, "accept", Some(&b), input.clone())
        );
        won_once(&ada, &search, [&one.said(), &two.said()]).await;
    }
}
