//! Two devices at once: a move happens once, and the other learns where the application stands (§21).

use serde_json::json;
use tokio::task::JoinSet;

use super::Search;
use crate::harness::{Api, Face, stories_in_both_faces};

stories_in_both_faces!(a_move_happens_once);

const KIND: &str = "Application";

async fn a_move_happens_once(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    for _ in 0..5 {
        let id = ada.through(Face::Rest).create(KIND, search.applying(json!({}))).await.id();
        let mut tries = JoinSet::new();
        for to in 1..6 {
            let (ada, step, id) = (ada.clone(), search.step(0, to), id.clone());
            tries.spawn(async move { ada.act(KIND, "move", Some(&id), step).await.said() });
        }
        let mut said = tries.join_all().await;
        said.sort();
        assert_eq!(said[..4], ["STALE_STAGE /fromStageId"; 4].map(str::to_owned));
        assert_eq!(said[4], "fine");
        let events = ada.list("ApplicationEvent", &[("applicationId", &id)]).await.items;
        let mut numbers: Vec<_> = events.iter().map(|event| event["number"].as_i64().unwrap()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2]);
        let moved = events.iter().find(|event| event["kind"] == "MOVED").unwrap();
        assert_eq!(ada.see(KIND, &id).await.done()["stageId"], moved["toStageId"]);
    }
}
