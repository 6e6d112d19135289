//! Two server instances over one PostgreSQL, a hundred times: always one winner (story 12).

use serde_json::json;

use super::{super::Search, KIND, offered, won_once};
use crate::harness::{Api, Backend, Face, api::tell};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_races_have_a_hundred_winners() {
    tell(Backend::Postgres, races).await;
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
