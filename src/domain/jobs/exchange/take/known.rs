//! What is there already of a tracker that is taken in: by the names of the other system.

mod beside;

use std::collections::{HashMap, HashSet};

use entity::{
    id::{ApplicationId, InterviewId, JobPostingId, JobSearchId, OfferId, TypedId as _, UserId},
    jobs::{application, application_event, referral},
    platform::{external_ref, user},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _};
use uuid::Uuid;

use super::names;
use crate::{
    domain::{
        error::Result,
        external::{self, Book},
        jobs::{exchange::draft::Tracker, referral::subject},
        tx::Tx,
    },
    read::sql::Arg,
};

pub(super) use beside::Beside;

/// How many names one statement asks for.
pub(super) const SOME: usize = 5000;

#[derive(FromQueryResult)]
struct RefRow {
    kind: String,
    external_id: String,
    target_id: Uuid,
}

/// What is there already.
#[derive(Debug)]
pub(super) struct Known {
    pub source: String,
    owner: UserId,
    refs: HashMap<(String, String), Uuid>,
    /// What went with a deleted search, and openings that were deleted and are wanted again: all of it is taken in anew.
    lost: HashSet<Uuid>,
    postings: HashMap<Uuid, Kept>,
    applications: HashMap<Uuid, application::Model>,
    histories: HashMap<ApplicationId, Vec<application_event::Model>>,
    /// Who speaks already for an application that is to come, by posting.
    spoken: HashMap<JobPostingId, referral::Model>,
    /// Interviews and offers.
    pub beside: Beside,
}

/// An opening that is there.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Kept {
    pub id: JobPostingId,
    pub title: String,
}

#[derive(FromQueryResult)]
struct SearchRow {
    id: JobSearchId,
}

/// What is there of something.
#[derive(Clone, Copy, Debug)]
pub(super) enum Before<'k, M> {
    /// Nothing: it is new.
    Never,
    /// It was taken in, and somebody deleted it since.
    Gone,
    /// It stands here.
    There(&'k M),
}

/// The search that a system filled before.
pub(super) async fn search(tx: &Tx, owner: UserId, source: &str, name: &str) -> Result<Option<Uuid>> {
    let book = Book::of_person(JobSearchId::PREFIX, owner);
    external::find_in(&tx.db, tx.who.organization, &book, source, name).await
}

/// Takes the names of a system from what is gone: others are called so from now on.
pub(super) async fn forget(tx: &Tx, source: &str, gone: &[Uuid]) -> Result<()> {
    for some in gone.chunks(SOME) {
        external_ref::Entity::delete_many()
            .filter(external_ref::Column::OrganizationId.eq(tx.who.organization))
            .filter(external_ref::Column::Source.eq(source))
            .filter(external_ref::Column::TargetId.is_in(some.to_vec()))
            .exec(&tx.db)
            .await?;
    }
    Ok(())
}

impl Known {
    /// Finds it, in a few statements. What has no name in the other system has one then, by what is there.
    pub(super) async fn find(
        tx: &Tx,
        tracker: &mut Tracker,
        search: JobSearchId,
        person: &user::Model,
    ) -> Result<Self> {
        let owner = person.id;
        let mut known = Self {
            source: tracker.source.clone(),
            owner,
            refs: HashMap::new(),
            lost: HashSet::new(),
            postings: HashMap::new(),
            applications: HashMap::new(),
            histories: HashMap::new(),
            spoken: HashMap::new(),
            beside: Beside::default(),
        };
        let mut names = names::asked(tracker);
        names.extend(tracker.jobs.iter().map(|job| job.id.clone()));
        names.extend(tracker.applications.iter().map(|one| one.id.clone()));
        names.extend(tracker.interviews.iter().map(|one| one.id.clone()));
        names.extend(tracker.offers.iter().map(|one| one.id.clone()));
        names.sort_unstable();
        names.dedup();
        for some in names.chunks(SOME) {
            let mut sql = tx.sql();
            sql.push("SELECT e.kind, e.external_id, e.target_id FROM \"external_ref\" e WHERE e.organization_id = ");
            sql.bind(Arg::Uuid(tx.who.organization.0)).push(" AND e.source = ").bind(Arg::Text(tracker.source.clone()));
            let kinds = [JobPostingId::PREFIX, ApplicationId::PREFIX, InterviewId::PREFIX, OfferId::PREFIX];
            let books = kinds.map(|kind| Book::of_person(kind, owner).word().to_owned());
            sql.push(" AND e.kind").among(Arg::Texts(books.into()));
            sql.push(" AND e.external_id").among_many(some.to_vec());
            let rows = tx.rows::<RefRow>(&sql).await?;
            let kind = |row: &RefRow| row.kind.split(':').next().unwrap_or_default().to_owned();
            known.refs.extend(rows.into_iter().map(|row| ((kind(&row), row.external_id), row.target_id)));
        }
        known.histories(tx, owner).await?;
        known.lose(tx, owner).await?;
        names::settle(&known, tracker, &person.time_zone);
        for some in known.ids(JobPostingId::PREFIX).chunks(SOME) {
            for one in subject::spoken_for(tx, owner, some.iter().map(|id| JobPostingId(*id)).collect()).await? {
                known.spoken.entry(one.posting_id).or_insert(one);
            }
        }
        known.beside = Beside::find(tx, &known, search, owner).await?;
        let lost = known.beside.lose(&known.lost);
        known.lost.extend(lost);
        known.openings(tx, tracker, owner).await?;
        let lost: Vec<Uuid> = known.lost.iter().copied().collect();
        forget(tx, &known.source, &lost).await?;
        Ok(known)
    }

    /// An application of a deleted search is gone with it.
    async fn lose(&mut self, tx: &Tx, owner: UserId) -> Result<()> {
        if self.applications.is_empty() {
            return Ok(());
        }
        let mut sql = tx.sql();
        sql.push("SELECT s.id FROM \"job_search\" s WHERE s.deleted_at IS NULL AND s.organization_id = ");
        sql.bind(Arg::Uuid(tx.who.organization.0)).push(" AND s.owner_id = ").bind(Arg::Uuid(owner.0));
        let there = tx.rows::<SearchRow>(&sql).await?;
        let there: HashSet<JobSearchId> = there.into_iter().map(|row| row.id).collect();
        let gone = self.applications.iter().filter(|(_, one)| !there.contains(&one.job_search_id));
        self.lost = gone.map(|(id, _)| *id).collect();
        self.applications.retain(|id, _| !self.lost.contains(id));
        Ok(())
    }

    /// The openings that are there. One that was deleted is made anew only when somebody applies for it now.
    async fn openings(&mut self, tx: &Tx, tracker: &Tracker, owner: UserId) -> Result<()> {
        for some in self.ids(JobPostingId::PREFIX).chunks(SOME) {
            let mut sql = tx.sql();
            sql.push("SELECT p.id, p.title FROM \"job_posting\" p WHERE p.deleted_at IS NULL AND p.organization_id = ");
            sql.bind(Arg::Uuid(tx.who.organization.0)).push(" AND p.owner_id = ").bind(Arg::Uuid(owner.0));
            sql.push(" AND p.id").among(Arg::Uuids(some.to_vec()));
            self.postings.extend(tx.rows::<Kept>(&sql).await?.into_iter().map(|one| (one.id.0, one)));
        }
        let new = tracker.applications.iter().filter(|one| matches!(self.application(&one.id), Before::Never));
        let wanted = new.filter_map(|one| self.of(JobPostingId::PREFIX, &tracker.jobs.get(one.job)?.id));
        let gone: Vec<Uuid> = wanted.filter(|id| !self.postings.contains_key(id)).collect();
        self.lost.extend(gone);
        Ok(())
    }

    async fn histories(&mut self, tx: &Tx, owner: UserId) -> Result<()> {
        for some in self.ids(ApplicationId::PREFIX).chunks(SOME) {
            let ids: Vec<ApplicationId> = some.iter().map(|id| ApplicationId(*id)).collect();
            let there = application::Entity::find()
                .filter(application::Column::OrganizationId.eq(tx.who.organization))
                .filter(application::Column::OwnerId.eq(owner))
                .filter(application::Column::Id.is_in(ids.clone()))
                .filter(application::Column::DeletedAt.is_null());
            self.applications.extend(there.all(&tx.db).await?.into_iter().map(|one| (one.id.0, one)));
            let events = application_event::Entity::find()
                .filter(application_event::Column::OrganizationId.eq(tx.who.organization))
                .filter(application_event::Column::ApplicationId.is_in(ids))
                .filter(application_event::Column::DeletedAt.is_null());
            for event in events.all(&tx.db).await? {
                self.histories.entry(event.application_id).or_default().push(event);
            }
        }
        self.histories.values_mut().for_each(|history| history.sort_by_key(|event| event.number));
        Ok(())
    }

    /// All that is named of a kind.
    fn ids(&self, prefix: &str) -> Vec<Uuid> {
        self.refs.iter().filter(|((kind, _), _)| kind == prefix).map(|(_, id)| *id).collect()
    }

    fn of(&self, prefix: &str, id: &str) -> Option<Uuid> {
        self.refs.get(&(prefix.to_owned(), id.to_owned())).copied().filter(|id| !self.lost.contains(id))
    }

    /// What the names of a kind are kept under.
    pub(super) fn book(&self, prefix: &str) -> Book {
        Book::of_person(prefix, self.owner)
    }

    /// Whether the opening of a job was taken in before, and how it stands.
    pub(super) fn posting(&self, id: &str) -> Before<'_, Kept> {
        self.before(JobPostingId::PREFIX, id, &self.postings)
    }

    /// What an opening is called here.
    pub(super) fn title(&self, posting: JobPostingId) -> Option<&str> {
        self.postings.get(&posting.0).map(|one| one.title.as_str())
    }

    /// Whether an application was taken in before, and how it stands.
    pub(super) fn application(&self, id: &str) -> Before<'_, application::Model> {
        self.before(ApplicationId::PREFIX, id, &self.applications)
    }

    /// Whether something was taken in before, and how it stands.
    fn before<'k, M>(&self, prefix: &str, id: &str, all: &'k HashMap<Uuid, M>) -> Before<'k, M> {
        let Some(id) = self.of(prefix, id) else { return Before::Never };
        all.get(&id).map_or(Before::Gone, Before::There)
    }

    /// The referral by which the next application for a posting comes about.
    pub(super) fn spoken_for(&self, posting: JobPostingId) -> Option<&referral::Model> {
        self.spoken.get(&posting)
    }

    /// What happened to it.
    pub(super) fn history(&self, id: ApplicationId) -> Vec<application_event::Model> {
        self.histories.get(&id).cloned().unwrap_or_default()
    }
}
