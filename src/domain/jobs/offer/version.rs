//! What an offer was at each of its versions: written when it changes, and never changed (§24).

use entity::{
    currency::Currency,
    id::{ContactId, OfferId, OfferVersionId, UserId},
    jobs::{
        offer::{self, OfferState, TeamDisclosure},
        offer_version::{Column, Entity, Model},
    },
    kind::{Kind, id, int, word},
};
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _};

use super::{ASSESSMENT, BENEFITS, LOCATION, NOTE, TEAMMATES, paying};
use crate::{
    domain::{
        clock,
        error::Result,
        policy::Action,
        tx::Tx,
        verb::{Resource, Row},
    },
    read::shape::{Leaf, Shape, leaf},
};

impl Row for Entity {
    const NAME: &'static str = "OfferVersion";
    type Id = OfferVersionId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<OfferVersionId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Whose offer it is.").filter(),
        Column::OfferId => leaf(id::<OfferId>(), "The offer.").filter(),
        Column::Number => leaf(int(1, i64::MAX), "The version of the offer.").filter().sort(),
        Column::State => leaf(word::<OfferState>(), "Where it stood."),
        Column::Currency => leaf(word::<Currency>(), "The currency of its amounts, when it had any."),
        Column::Benefits => leaf(BENEFITS, "What else it held."),
        Column::Location => leaf(LOCATION, "Where one would have worked."),
        Column::StartDate => leaf(Kind::Date, "When one would have begun."),
        Column::RespondBy => leaf(Kind::Time, "Until when it was to be answered."),
        Column::ManagerContactId => leaf(id::<ContactId>(), "Who would have led."),
        Column::TeammatesMet => leaf(TEAMMATES, "Whom the owner had met of the people they would have worked with."),
        Column::TeamDisclosure => leaf(word::<TeamDisclosure>(), "How much was known of these people."),
        Column::PeopleAssessment => leaf(ASSESSMENT, "What these people were like."),
        Column::Note => leaf(NOTE, "What its owner thought of it, or why it changed."),
        Column::Version => leaf(int(1, i64::MAX), "Always 1: what was stays as it was."),
        Column::CreatedAt => leaf(Kind::Time, "Since when it was so.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it was written."),
        Column::DeletedAt => leaf(Kind::Time, "Never: what was stays."),
        Column::Base | Column::Bonus | Column::Equity | Column::OrganizationId => return None,
    })
}

/// The declaration. Versions are written with the changes of their offer, and only read here.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "OfferVersion",
        "What an offer was at one of its versions (§24).",
        "ofv",
        Action::ViewOfferVersion,
        show,
    )
    .order("created_at", false);
    let shape = paying(shape).one("offer", "offer_id", "Offer", "The offer.").one(
        "manager",
        "manager_contact_id",
        "Contact",
        "Who would have led, for whoever may see them.",
    );
    Resource { shape, plural: "offerVersions", verbs: Vec::new() }
}

/// Keeps what an offer is now.
pub(super) async fn keep(tx: &Tx, offer: &offer::Model) -> Result<()> {
    tx.insert::<Entity>(of(tx, offer).into_active_model().reset_all()).await?;
    Ok(())
}

/// What an offer is now, as a version of it.
pub(in crate::domain::jobs) fn of(tx: &Tx, offer: &offer::Model) -> Model {
    Model {
        id: clock::new_id(),
        organization_id: offer.organization_id,
        owner_id: offer.owner_id,
        offer_id: offer.id,
        number: offer.version,
        state: offer.state,
        currency: offer.currency,
        base: offer.base,
        bonus: offer.bonus,
        equity: offer.equity,
        benefits: offer.benefits.clone(),
        location: offer.location.clone(),
        start_date: offer.start_date,
        respond_by: offer.respond_by,
        manager_contact_id: offer.manager_contact_id,
        teammates_met: offer.teammates_met.clone(),
        team_disclosure: offer.team_disclosure,
        people_assessment: offer.people_assessment.clone(),
        note: offer.note.clone(),
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    }
}
