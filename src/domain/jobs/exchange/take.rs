//! Taking a tracker in: as a whole or not at all, in as many statements for thousands of applications as for ten.

mod known;
mod rows;
mod stages;

use entity::{
    id::{JobSearchId, UserId},
    jobs::{application, application_event, job_posting, job_search, stage},
    platform::external_ref,
};
use serde_json::json;

use super::draft::Tracker;
use crate::domain::{
    error::{Code, Error, Result},
    external::ExternalRef,
    jobs::{application::said, companies, job_search as searches, whose},
    learning::exchange::{
        framework::{Counts, passes},
        notes::{Notes, Place},
    },
    tx::Tx,
};
use known::Known;
use rows::Rows;

/// Into which search a tracker is taken, and whose that is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// The search; without it, the one that came from the same system before, or a new one.
    pub search: Option<JobSearchId>,
    /// Whose; without it, the caller's.
    pub owner: Option<UserId>,
}

/// Takes a tracker in: into which search, and what was made. What refuses it is noted: the work is not to be committed then.
///
/// # Errors
/// What is no matter of the document: `UNAVAILABLE`.
pub async fn take(
    tx: &mut Tx,
    tracker: &Tracker,
    wanted: Wanted,
    notes: &mut Notes,
) -> Result<Option<(JobSearchId, Counts)>> {
    match taken(tx, tracker, wanted, notes).await {
        Err(error) if passes(&error) => Err(error),
        Err(error) => {
            notes.refused(&Place::default(), &error);
            Ok(None)
        }
        Ok(made) => Ok(Some(made).filter(|_| notes.fine())),
    }
}

async fn taken(tx: &mut Tx, tracker: &Tracker, wanted: Wanted, notes: &mut Notes) -> Result<(JobSearchId, Counts)> {
    let owner = whose(tx, wanted.owner).await?;
    // One at a time for each person: a second one of the same sees what the first has made.
    tx.lock(&format!("job tracker {}", owner.id)).await?;
    let search = search(tx, tracker, wanted.search, owner.id).await?;
    let stages = stages::found(tx, &search, tracker).await?;
    let known = Known::find(tx, tracker, owner.id).await?;
    let new = tracker.jobs.iter().filter(|job| known.posting(&job.id).is_none());
    let companies = companies::named(tx, new.map(|job| job.company.trim().to_owned())).await?;
    let mut rows = Rows::default();
    for job in rows::postings(tx, tracker, owner.id, &owner.time_zone, &companies, &known) {
        rows.post(job);
    }
    let base = rows::Base { search: &search, stages: &stages, zone: &owner.time_zone, known: &known };
    for draft in &tracker.applications {
        let there = known.application(&draft.id);
        rows.apply(tx, &base, tracker, draft, there, notes)?;
    }
    let counts = rows.counts();
    rows.add(tx).await?;
    Ok((search.id, counts))
}

/// The search that is filled: the one that is named, the one that came from there before, or a new one.
async fn search(
    tx: &mut Tx,
    tracker: &Tracker,
    wanted: Option<JobSearchId>,
    owner: UserId,
) -> Result<job_search::Model> {
    if let Some(id) = wanted {
        let search = searches::going_on(tx, id).await?;
        if search.owner_id != owner {
            return Err(Error::field(Code::ReferenceUnknown, "/jobSearchId", "There is no such job search of theirs."));
        }
        return Ok(search);
    }
    let name = name(owner, "search");
    if let Some(id) = known::search(tx, &tracker.source, &name).await? {
        return searches::going_on(tx, JobSearchId(id)).await;
    }
    let new = searches::NewJobSearch {
        owner_id: Some(owner),
        title: format!("Imported from {}", tracker.source),
        target_roles: None,
        transition_plan_id: None,
        external_refs: Some(vec![ExternalRef { source: tracker.source.clone(), external_id: name }]),
    };
    searches::add(tx, new).await
}

/// What a thing of a person is called among the names of the other system: trackers of several people have the same ids.
pub(super) fn name(owner: UserId, id: &str) -> String {
    format!("{owner}/{id}")
}

impl Rows {
    /// Writes all of it down, what is referred to before what refers, and tells of each thing what its own verb tells.
    async fn add(self, tx: &mut Tx) -> Result<()> {
        for one in &self.postings {
            tx.record("created", one, json!({ "companyId": one.company_id, "closesAt": one.closes_at }))?;
        }
        for one in &self.applications {
            tx.record("created", one, said(one))?;
        }
        tx.add_all::<job_posting::Entity>(self.postings).await?;
        tx.add_all::<application::Entity>(self.applications).await?;
        tx.add_all::<application_event::Entity>(self.events).await?;
        for (was, standing) in self.moved {
            let after = tx.change::<application::Entity>(was, |row| standing.put(row)).await?;
            tx.record("updated", &after.row, said(&after.row))?;
        }
        tx.add_all::<external_ref::Entity>(self.refs).await
    }
}

/// The stages of a search that a tracker names.
type Stages = std::collections::HashMap<super::draft::StageName, stage::Model>;
