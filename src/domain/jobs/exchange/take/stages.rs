//! The stages of a search that a tracker names: found by their names, and made when there is none.

use std::collections::{BTreeSet, HashMap};

use entity::jobs::{
    job_search,
    stage::{self, StageKind},
};

use super::Stages;
use crate::domain::{
    error::Result,
    jobs::{
        exchange::draft::{StageName, To, Tracker},
        stage as stages,
    },
    spelling::{folded, plain},
    tx::Tx,
};

/// Finds them all: of a kind alone, the first; of a name, the one that is called so among those of its kind.
pub(super) async fn found(tx: &mut Tx, search: &job_search::Model, tracker: &Tracker) -> Result<Stages> {
    let mut known = stages::of_search(tx, search.id).await?;
    let mut wanted: Vec<StageName> = tracker.stages.clone();
    let steps = tracker.applications.iter().flat_map(|one| &one.steps);
    let met: BTreeSet<StageName> =
        steps.filter_map(|step| if let To::Stage(stage) = &step.to { Some(stage.clone()) } else { None }).collect();
    wanted.extend(met);
    // What came to an end, and what was only taken note of.
    wanted.extend([StageKind::Applied, StageKind::Research].map(|kind| StageName { kind, name: None }));
    let mut found = HashMap::new();
    for one in wanted {
        if found.contains_key(&one) {
            continue;
        }
        let stage = if let Some(stage) = fitting(&known, &one) {
            stage.clone()
        } else {
            let stage = stages::add_to(tx, search, &known, called(&known, &one), one.kind).await?;
            known.push(stage.clone());
            stage
        };
        found.insert(one, stage);
    }
    Ok(found)
}

fn fitting<'k>(known: &'k [stage::Model], wanted: &StageName) -> Option<&'k stage::Model> {
    let mut of_kind = known.iter().filter(|one| one.kind == wanted.kind);
    match &wanted.name {
        Some(name) => of_kind.find(|one| plain(&one.name) == plain(name)),
        None => of_kind.min_by_key(|one| one.position),
    }
}

/// A name for a new stage that no other has.
fn called(known: &[stage::Model], wanted: &StageName) -> String {
    let name = wanted.name.clone().unwrap_or_else(|| stages::called(wanted.kind).to_owned());
    let taken = |name: &str| known.iter().any(|one| folded(&one.name) == folded(name));
    if !taken(&name) {
        return name;
    }
    let kind = stages::called(wanted.kind);
    let mut tries =
        (1..).map(|count| if count == 1 { format!("{name} ({kind})") } else { format!("{name} ({kind} {count})") });
    tries.find(|name| !taken(name)).unwrap_or(name)
}
