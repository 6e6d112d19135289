//! Taking a tracker in: as a whole or not at all, in as many statements for thousands of applications as for ten.

mod beside;
mod interviews;
mod known;
mod names;
mod offers;
mod postings;
mod rows;
mod stages;
mod steps;
mod told;
mod turns;

use entity::{
    id::{JobSearchId, UserId},
    jobs::{
        job_search::{self, JobSearchState},
        offer::{self, OfferState},
        stage,
    },
    learning::import_job::{ImportRow, ImportRowOutcome},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::json;

use super::draft::Tracker;
use crate::domain::{
    community::companies,
    error::{Code, Error, Result},
    external::ExternalRef,
    jobs::{job_search as searches, whose},
    learning::exchange::{
        framework::{Counts, passes},
        notes::{Notes, Place},
    },
    policy::Action,
    tx::Tx,
};
use beside::Hand;
use known::{Before, Known};
use rows::Rows;
use turns::Turn;

/// Into which search a tracker is taken, and whose that is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// The search; without it, the one that came from the same system before, or a new one.
    pub search: Option<JobSearchId>,
    /// Whose; without it, the caller's.
    pub owner: Option<UserId>,
    /// Whether it is only looked at what would become of it: then the work is not to be committed.
    pub preview: bool,
}

/// What became of a tracker, or would.
#[derive(Debug)]
pub struct Taken {
    /// The search that was filled; of a preview, when there is one.
    pub search: Option<JobSearchId>,
    /// How many rows became what.
    pub counts: Counts,
    /// The rows.
    pub rows: Vec<ImportRow>,
}

/// Takes a tracker in. What refuses it is noted: the work is not to be committed then.
///
/// # Errors
/// What is no matter of the document: `UNAVAILABLE`.
pub async fn take(tx: &mut Tx, mut tracker: Tracker, wanted: Wanted, notes: &mut Notes) -> Result<Option<Taken>> {
    match Box::pin(taken(tx, &mut tracker, wanted, notes)).await {
        Err(error) if passes(&error) => Err(error),
        Err(error) => {
            notes.refused(&Place::default(), &error);
            Ok(None)
        }
        Ok(made) => Ok(Some(made).filter(|_| notes.fine())),
    }
}

async fn taken(tx: &mut Tx, tracker: &mut Tracker, wanted: Wanted, notes: &mut Notes) -> Result<Taken> {
    let owner = whose(tx, wanted.owner).await?;
    // One at a time for each person: a second one of the same sees what the first has made.
    tx.lock(&format!("job tracker {}", owner.id)).await?;
    let (search, made) = search(tx, tracker, wanted.search, owner.id).await?;
    let stages = stages::found(tx, &search, tracker).await?;
    let known = Known::find(tx, tracker, search.id, &owner).await?;
    let tracker: &Tracker = tracker;
    let new = tracker.jobs.iter().filter(|job| matches!(known.posting(&job.id), Before::Never));
    let companies = companies::named(tx, new.map(|job| job.company.trim())).await?;
    let mut rows = Rows::default();
    for job in postings::postings(tx, tracker, owner.id, &owner.time_zone, &companies, &known) {
        rows.post(job);
    }
    let heard = beside::heard(tracker, tx.now);
    let stays = known.stays(tracker);
    let base = rows::Base { search: &search, stages: &stages, zone: &owner.time_zone, known: &known, heard, stays };
    for draft in tracker.applications.iter().enumerate() {
        rows.apply(tx, (&base, tracker), draft, notes)?;
    }
    if notes.fine() {
        rows.add(tx).await?;
        turns::follow(tx, &rows.turns, &rows.stands, owner.id, notes).await?;
    }
    let (mut hand, turns) = (Hand::new(&base, tracker, rows.stands, rows.told), rows.turns);
    interviews::take(tx, &mut hand, notes).await?;
    let accepts = answered(tx, &mut hand, &turns, notes).await?;
    let mut rows = hand.told;
    let counts = Counts::of(&rows);
    let named = wanted.search.is_some();
    over(tx, (search.clone(), named), accepts, counts, notes).await?;
    if wanted.preview {
        // What would be made has no id.
        rows.iter_mut().filter(|row| row.outcome == ImportRowOutcome::Create).for_each(|row| row.object_id = None);
    }
    Ok(Taken { search: Some(search.id).filter(|_| !(made && wanted.preview)), counts, rows })
}

/// Takes the offers in; whether one of them is accepted now. What they and the ends of applications say together is as by hand.
async fn answered(tx: &mut Tx, hand: &mut Hand<'_>, turns: &[Turn], notes: &mut Notes) -> Result<bool> {
    let offers = Box::pin(offers::take(tx, hand, notes)).await?;
    let accepts = !offers.is_empty();
    if notes.fine() {
        turns::alone(tx, hand.base.search.id, &hand.taken(turns, offers), notes).await?;
    }
    if notes.fine() {
        turns::waiting(tx, hand, turns, notes).await?;
    }
    Ok(accepts)
}

/// A search that is over takes nothing more; one of which an offer is accepted now is over with it, and other offers stay.
async fn over(
    tx: &mut Tx,
    (search, named): (job_search::Model, bool),
    accepts: bool,
    counts: Counts,
    notes: &mut Notes,
) -> Result<()> {
    if search.state == JobSearchState::Closed {
        if counts.added + counts.changed > 0 {
            let why = "The search that it fills is over: reopen that first, or name another.";
            // Of a search that was found by what came from there before, the request has no member.
            let at = if named { Place::default().member("jobSearchId") } else { Place::default() };
            notes.error_with(at, Code::JobSearchClosed, why, json!({ "jobSearchId": search.id }));
        }
        return Ok(());
    }
    if !accepts || !notes.fine() {
        return Ok(());
    }
    let open = offer::Entity::find()
        .filter(offer::Column::OrganizationId.eq(tx.who.organization))
        .filter(offer::Column::JobSearchId.eq(search.id))
        .filter(offer::Column::State.is_in([OfferState::Received, OfferState::Negotiating]))
        .filter(offer::Column::DeletedAt.is_null());
    if open.count(&tx.db).await? > 0 {
        notes.warn(Place::default().member("offers"), "OFFERS_STILL_OPEN", "Other offers wait for an answer.");
    }
    let message = "An offer was accepted: the search is over with it. It can be reopened.";
    notes.warn(Place::default().member("offers"), "JOB_SEARCH_ENDED", message);
    searches::close(tx, search).await.map(drop)
}

/// The search that is filled, and whether it is a new one: the one that is named, the one that came from there before, or else a new one.
/// One that is over may be named again: what is there already is there.
async fn search(
    tx: &mut Tx,
    tracker: &Tracker,
    wanted: Option<JobSearchId>,
    owner: UserId,
) -> Result<(job_search::Model, bool)> {
    let there = async |id| tx.refer_to::<job_search::Entity>(id, Action::EditJobSearch, "/jobSearchId").await;
    if let Some(id) = wanted {
        let search = there(id).await?;
        if search.owner_id != owner {
            return Err(Error::field(Code::ReferenceUnknown, "/jobSearchId", "There is no such job search of theirs."));
        }
        return Ok((search, false));
    }
    let name = "search".to_owned();
    if let Some(id) = known::search(tx, owner, &tracker.source, &name).await? {
        let of_id = job_search::Entity::find_by_id(JobSearchId(id));
        let living = of_id.filter(job_search::Column::DeletedAt.is_null()).one(&tx.db).await?;
        if living.is_some() {
            return Ok((there(JobSearchId(id)).await?, false));
        }
        // One that was deleted is gone: the next is called so.
        known::forget(tx, &tracker.source, &[id]).await?;
    }
    let new = searches::NewJobSearch {
        owner_id: Some(owner),
        title: format!("Imported from {}", tracker.source),
        target_roles: None,
        transition_plan_id: None,
        external_refs: Some(vec![ExternalRef { source: tracker.source.clone(), external_id: name }]),
    };
    Ok((searches::add(tx, new).await?, true))
}

/// The stages of a search that a tracker names.
type Stages = std::collections::HashMap<super::draft::StageName, stage::Model>;
