//! Moments are told in one form everywhere: RFC 3339 in UTC, with six digits.

use cairn::domain::{self, clock};
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{query_plans::questions, world::World};
use crate::harness::{Api, stories_in_both_faces};

stories_in_both_faces!(answers_tell_moments_in_one_form);

async fn answers_tell_moments_in_one_form(api: Api) {
    let world = World::new(&api).await;
    let (mut seen, mut odd) = (0, Vec::new());
    for answer in domain::answers() {
        for (who, question) in questions(&world, answer) {
            let told = who.ask(answer.name, question).await.object;
            moments(&told, &mut |text, at| {
                seen += 1;
                if clock::rfc3339(at) != text {
                    odd.push(format!("{}: {text}", answer.name));
                }
            });
        }
    }
    assert!(seen > 50, "only {seen} moments were told");
    odd.dedup();
    assert!(odd.is_empty(), "{odd:#?}");
}

/// Every text in a value that is a moment.
fn moments(value: &Value, found: &mut impl FnMut(&str, DateTime<Utc>)) {
    match value {
        Value::String(text) => {
            if let Ok(at) = DateTime::parse_from_rfc3339(text) {
                found(text, at.with_timezone(&Utc));
            }
        }
        Value::Array(list) => list.iter().for_each(|one| moments(one, found)),
        Value::Object(members) => members.values().for_each(|one| moments(one, found)),
        _ => {}
    }
}
