//! The openings of a tracker.

use entity::{
    id::{JobPostingId, TypedId as _, UserId},
    jobs::job_posting,
    platform::external_ref,
};

use super::{Known, known::Before, rows::named};
use crate::domain::{
    clock,
    community::companies::Companies,
    jobs::{exchange::draft::Tracker, job_posting::search_text},
    tx::Tx,
};

/// A job of the tracker, as it stands here: there already, deleted here and wanted by nobody, or to be made under a name.
pub(super) enum Posting {
    There(JobPostingId),
    Gone,
    New(Box<job_posting::Model>, external_ref::Model),
}

/// The openings of a tracker, in its order.
pub(super) fn postings(
    tx: &Tx,
    tracker: &Tracker,
    owner: UserId,
    zone: &str,
    companies: &Companies,
    known: &Known,
) -> Vec<Posting> {
    let each = tracker.jobs.iter().filter_map(|job| {
        match known.posting(&job.id) {
            Before::There(kept) => return Some(Posting::There(kept.id)),
            Before::Gone => return Some(Posting::Gone),
            Before::Never => {}
        }
        let company_id = companies.get(&job.company)?;
        let posting = job_posting::Model {
            id: clock::new_id(),
            organization_id: tx.who.organization,
            owner_id: owner,
            company_id,
            role_profile_id: None,
            requisition_id: job.requisition.clone(),
            search_text: search_text(&job.title, job.location.as_deref()),
            title: job.title.clone(),
            url: job.url.clone(),
            description: job.description.clone(),
            employer_kind: None,
            employment_type: None,
            comp_min: None,
            comp_max: None,
            comp_currency: None,
            comp_period: None,
            location: job.location.clone(),
            closes_at: job.closes_at.map(|at| at.moment(zone)),
            source: job.source.clone().or_else(|| Some(tracker.source.clone())),
            version: 1,
            created_at: tx.now,
            updated_at: tx.now,
            deleted_at: None,
        };
        let name = named(tx, known, JobPostingId::PREFIX, posting.id.0, &job.id);
        Some(Posting::New(Box::new(posting), name))
    });
    each.collect()
}
