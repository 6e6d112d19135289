//! What is risky about an offer, and what makes it less so.

use entity::{
    id::ApplicationId,
    jobs::offer::{Model, TeamDisclosure},
};
use serde_json::json;

use super::told::{OfferRisk, OfferRiskCode};
use crate::domain::{
    insight::{Hand, Suggest, SuggestedCommand, resolve},
    policy::Action,
};

/// What is risky about an offer, which has to be answered in time or has not: each with the applications whose results are
/// not known.
fn risks(
    team: TeamDisclosure,
    manager_known: bool,
    in_time: bool,
    waiting: &[ApplicationId],
) -> Vec<(OfferRiskCode, Vec<ApplicationId>)> {
    let mut found = Vec::new();
    if matches!(team, TeamDisclosure::Refused | TeamDisclosure::Unknown) {
        found.push((OfferRiskCode::TeamUnknown, Vec::new()));
    }
    if !manager_known {
        found.push((OfferRiskCode::ManagerUnknown, Vec::new()));
    }
    if in_time && !waiting.is_empty() {
        found.push((OfferRiskCode::DeadlineBeforeOtherResults, waiting.to_vec()));
    }
    found
}

/// What is told of the risks of an offer, open or not.
pub(super) fn told(offer: &Model, open: bool, waiting: &[ApplicationId], hand: &Hand) -> Vec<OfferRisk> {
    let in_time = open && offer.respond_by.is_some();
    let found = risks(offer.team_disclosure, offer.manager_contact_id.is_some(), in_time, waiting);
    let suggested = |code| suggested(offer, code, hand).filter(|_| open);
    found.into_iter().map(|(code, waiting)| risk(offer, code, waiting, suggested(code))).collect()
}

fn risk(
    offer: &Model,
    code: OfferRiskCode,
    waiting_for: Vec<ApplicationId>,
    suggested_command: Option<SuggestedCommand>,
) -> OfferRisk {
    let reason = match (code, offer.team_disclosure) {
        (OfferRiskCode::TeamUnknown, TeamDisclosure::Refused) => "Who would be in the team was not told. People matter more than most of what an offer says: it is worth asking on.".to_owned(),
        (OfferRiskCode::TeamUnknown, _) => {
            "Nobody knows yet who would be in the team. A talk with one of them says more than any title.".to_owned()
        }
        (OfferRiskCode::ManagerUnknown, _) => {
            "Nobody knows yet who would lead: whom one works for shapes what one learns. Once that is known, note it with the offer.".to_owned()
        }
        (OfferRiskCode::DeadlineBeforeOtherResults, _) => format!(
            "It is to be answered while {} other {} not known. More time can be asked for, and noted as a later day.",
            waiting_for.len(),
            if waiting_for.len() == 1 { "result is" } else { "results are" }
        ),
    };
    OfferRisk { code, reason, waiting_for, suggested_command }
}

/// What makes it less risky. Who leads, and until when they would wait, only whoever asks them knows: there is nothing to carry
/// out beforehand.
fn suggested(offer: &Model, code: OfferRiskCode, hand: &Hand) -> Option<SuggestedCommand> {
    let asks = (code == OfferRiskCode::TeamUnknown).then(|| Suggest {
        resource: "Offer",
        verb: "requestTeammateConversation",
        id: Some(offer.id.to_string()),
        needs: Action::EditOffer,
        input: json!({}),
    });
    resolve(asks?, hand)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock;

    #[test]
    fn what_is_not_known_is_risky() {
        use OfferRiskCode::{DeadlineBeforeOtherResults as Early, ManagerUnknown as Manager, TeamUnknown as Team};
        use TeamDisclosure::{Met, Named, Refused, Unknown};
        let others = [clock::new_id()];
        for (team, manager, in_time, waiting, found) in [
            (Met, true, true, &[][..], vec![]),
            (Named, true, false, &others[..], vec![]),
            (Refused, true, true, &[][..], vec![Team]),
            (Unknown, false, true, &[][..], vec![Team, Manager]),
            (Met, true, true, &others[..], vec![Early]),
            (Unknown, false, true, &others[..], vec![Team, Manager, Early]),
        ] {
            let codes: Vec<_> = risks(team, manager, in_time, waiting).into_iter().map(|(code, _)| code).collect();
            assert_eq!(codes, found, "{team} {manager} {in_time}");
        }
    }
}
