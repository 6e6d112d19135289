//! What is risky about an offer, and what makes it less so.

use entity::{
    id::ApplicationId,
    jobs::offer::{Model, TeamDisclosure},
};
use serde_json::json;

use super::told::{OfferRisk, OfferRiskCode};
use crate::domain::{
    insight::{Hand, Suggest, resolve},
    policy::Action,
};

/// What is risky about an offer, which has to be answered in time or has not: each with the applications whose results are
/// not known.
pub(super) fn risks(
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

pub(super) fn risk(offer: &Model, code: OfferRiskCode, waiting_for: Vec<ApplicationId>, hand: &Hand) -> OfferRisk {
    let suggest = |verb, input| Suggest {
        resource: "Offer",
        verb,
        id: Some(offer.id.to_string()),
        needs: Action::EditOffer,
        input,
    };
    let (reason, command) = match (code, offer.team_disclosure) {
        (OfferRiskCode::TeamUnknown, TeamDisclosure::Refused) => (
            "Who would be in the team was not told. People matter more than most of what an offer says: it is worth asking on.".to_owned(),
            suggest("requestTeammateConversation", json!({})),
        ),
        (OfferRiskCode::TeamUnknown, _) => (
            "Nobody knows yet who would be in the team. A talk with one of them says more than any title.".to_owned(),
            suggest("requestTeammateConversation", json!({})),
        ),
        (OfferRiskCode::ManagerUnknown, _) => (
            "Nobody knows yet who would lead: whom one works for shapes what one learns.".to_owned(),
            suggest("update", json!({})),
        ),
        (OfferRiskCode::DeadlineBeforeOtherResults, _) => (
            format!(
                "It is to be answered while {} other {} not known. More time can be asked for.",
                waiting_for.len(),
                if waiting_for.len() == 1 { "result is" } else { "results are" }
            ),
            suggest("negotiate", json!({})),
        ),
    };
    OfferRisk { code, reason, waiting_for, suggested_command: resolve(command, hand) }
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
