//! What is there already of interviews and offers: those that the tracker names, and those that rules ask for.

use std::collections::{HashMap, HashSet};

use entity::{
    id::{ApplicationId, InterviewId, JobSearchId, OfferId, TypedId as _, UserId},
    jobs::{
        interview,
        offer::{self, OfferState},
        offer_version,
    },
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _};
use uuid::Uuid;

use super::{Before, Known, SOME};
use crate::{
    domain::{
        error::Result,
        jobs::{
            exchange::draft::Tracker,
            offer::taken::{self, Taken},
        },
        tx::Tx,
    },
    read::sql::Arg,
};

/// Interviews and offers that are there.
#[derive(Debug, Default)]
pub(in crate::domain::jobs::exchange::take) struct Beside {
    interviews: HashMap<Uuid, interview::Model>,
    offers: HashMap<Uuid, offer::Model>,
    versions: HashMap<OfferId, Vec<offer_version::Model>>,
    /// The last round of each application.
    pub rounds: HashMap<ApplicationId, i64>,
    /// The open offer of each application.
    pub open: HashMap<ApplicationId, offer::Model>,
    /// What is taken in the search.
    pub taken: Option<Taken>,
}

#[derive(FromQueryResult)]
struct RoundRow {
    application_id: ApplicationId,
    last: i64,
}

impl Beside {
    /// Finds them, in a few statements.
    pub(super) async fn find(tx: &Tx, known: &Known, search: JobSearchId, owner: UserId) -> Result<Self> {
        let mut beside = Self::default();
        for some in known.ids(InterviewId::PREFIX).chunks(SOME) {
            let there = interview::Entity::find()
                .filter(interview::Column::OrganizationId.eq(tx.who.organization))
                .filter(interview::Column::OwnerId.eq(owner))
                .filter(interview::Column::Id.is_in(some.to_vec()))
                .filter(interview::Column::DeletedAt.is_null());
            beside.interviews.extend(there.all(&tx.db).await?.into_iter().map(|one| (one.id.0, one)));
        }
        for some in known.ids(OfferId::PREFIX).chunks(SOME) {
            let there = offer::Entity::find()
                .filter(offer::Column::OrganizationId.eq(tx.who.organization))
                .filter(offer::Column::OwnerId.eq(owner))
                .filter(offer::Column::Id.is_in(some.to_vec()))
                .filter(offer::Column::DeletedAt.is_null());
            beside.offers.extend(there.all(&tx.db).await?.into_iter().map(|one| (one.id.0, one)));
            let versions = offer_version::Entity::find()
                .filter(offer_version::Column::OrganizationId.eq(tx.who.organization))
                .filter(offer_version::Column::OfferId.is_in(some.to_vec()))
                .filter(offer_version::Column::DeletedAt.is_null());
            for one in versions.all(&tx.db).await? {
                beside.versions.entry(one.offer_id).or_default().push(one);
            }
        }
        beside.of_applications(tx, known).await?;
        beside.taken = taken::of(tx, search, None).await?;
        Ok(beside)
    }

    /// Leaves out what belongs to applications that are gone, and tells what that is.
    pub(super) fn lose(&mut self, applications: &HashSet<Uuid>) -> Vec<Uuid> {
        let gone = |id: ApplicationId| applications.contains(&id.0);
        let interviews = self.interviews.iter().filter(|(_, one)| gone(one.application_id)).map(|(id, _)| *id);
        let offers = self.offers.iter().filter(|(_, one)| gone(one.application_id)).map(|(id, _)| *id);
        let lost: Vec<Uuid> = interviews.chain(offers).collect();
        self.interviews.retain(|_, one| !gone(one.application_id));
        self.offers.retain(|_, one| !gone(one.application_id));
        lost
    }

    async fn of_applications(&mut self, tx: &Tx, known: &Known) -> Result<()> {
        let ids: Vec<Uuid> = known.applications.keys().copied().collect();
        for some in ids.chunks(SOME) {
            let mut sql = tx.sql();
            sql.push("SELECT i.application_id, MAX(i.round) AS last FROM \"interview\" i WHERE i.deleted_at IS NULL");
            sql.push(" AND i.organization_id = ").bind(Arg::Uuid(tx.who.organization.0)).push(" AND i.application_id");
            sql.among(Arg::Uuids(some.to_vec())).push(" GROUP BY i.application_id");
            let rows = tx.rows::<RoundRow>(&sql).await?;
            self.rounds.extend(rows.into_iter().map(|row| (row.application_id, row.last)));
            let open = offer::Entity::find()
                .filter(offer::Column::OrganizationId.eq(tx.who.organization))
                .filter(offer::Column::ApplicationId.is_in(some.to_vec()))
                .filter(offer::Column::State.is_in([OfferState::Received, OfferState::Negotiating]))
                .filter(offer::Column::DeletedAt.is_null());
            self.open.extend(open.all(&tx.db).await?.into_iter().map(|one| (one.application_id, one)));
        }
        Ok(())
    }
}

impl Known {
    /// Whether an interview was taken in before, and how it stands.
    pub(in crate::domain::jobs::exchange::take) fn interview(&self, id: &str) -> Before<'_, interview::Model> {
        self.before(InterviewId::PREFIX, id, &self.beside.interviews)
    }

    /// Whether an offer was taken in before, and how it stands.
    pub(in crate::domain::jobs::exchange::take) fn offer(&self, id: &str) -> Before<'_, offer::Model> {
        self.before(OfferId::PREFIX, id, &self.beside.offers)
    }

    /// The application of which an offer stands accepted: it neither goes on nor comes to something else. A tracker that says that the
    /// offer was taken back lets it go on.
    pub(in crate::domain::jobs::exchange::take) fn stays(&self, tracker: &Tracker) -> Option<ApplicationId> {
        let taken = self.beside.taken.as_ref()?;
        let accepted = taken.offer_id?;
        let back = tracker.offers.iter().filter(|one| one.state == Some(OfferState::Rescinded));
        let mut back = back.filter_map(|one| match self.offer(&one.id) {
            Before::There(offer) => Some(offer.id),
            _ => None,
        });
        back.all(|offer| offer != accepted).then_some(taken.application_id)
    }

    /// What an offer was.
    pub(in crate::domain::jobs::exchange::take) fn versions(&self, id: OfferId) -> &[offer_version::Model] {
        self.beside.versions.get(&id).map_or(&[], Vec::as_slice)
    }
}
