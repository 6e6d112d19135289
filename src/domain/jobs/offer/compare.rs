//! Offers side by side: what they pay, until when they wait, what one would learn, and what is risky (§24).
//!
//! Amounts are compared within one currency and never converted: an offer has a rank, and is told how far it lies below the
//! best, among those of its own currency alone.

mod load;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    currency::Currency,
    id::{ApplicationId, CompetencyId, OfferId},
    jobs::offer::{Entity, Model, OfferState, PeopleAssessment, TeamDisclosure},
    kind::{Declared as _, Kind, id, int, line, list, prose, word},
    money::{Amount, Money},
    object,
    platform::user,
    vocabulary,
};
use sea_orm::EntityTrait as _;
use serde::Serialize;
use serde_json::json;

use self::load::{Around, Learnt};
use super::{ASSESSMENT, MONEY, pay::Pay, state};
use crate::domain::{
    answer::Answer,
    clock,
    error::{Code, Error, Result},
    insight::{Hand, Suggest, SuggestedCommand, resolve},
    look::Look,
    policy::Action,
};

const OFFER: Kind = id::<OfferId>();
const ROW: Kind = Kind::Object(ComparedOffer::object);
const GROWTH: Kind = Kind::Object(OfferGrowth::object);
const TAUGHT: Kind = Kind::Object(TaughtCompetency::object);
const RISK: Kind = Kind::Object(OfferRisk::object);
const COMMAND: Kind = Kind::Object(SuggestedCommand::object);
const CURRENCY: Kind = word::<Currency>();
const APPLICATION: Kind = id::<ApplicationId>();
const COUNT: Kind = int(0, i64::MAX);
/// How many offers are compared at most.
const MOST: usize = 10;

vocabulary! {
    /// What is risky about an offer.
    OfferRiskCode {
        /// Nobody knows yet whom one would work with: it is worth asking on.
        TeamUnknown = "TEAM_UNKNOWN",
        /// Nobody knows yet who would lead.
        ManagerUnknown = "MANAGER_UNKNOWN",
        /// It is to be answered before other results are known.
        DeadlineBeforeOtherResults = "DEADLINE_BEFORE_OTHER_RESULTS",
    }
}

object! {
    /// Which offers.
    CompareOffersQuestion {
        /// The offers of one person, in the order in which they are to be told.
        required ids: Vec<OfferId> = Kind::List { of: &OFFER, min: 1, max: MOST },
    }
}

object! {
    /// Offers side by side.
    #[derive(Serialize)]
    OfferComparison {
        /// The currencies of their amounts.
        required currencies: Vec<Currency> = list(&CURRENCY, MOST),
        /// Whether all amounts are of one currency: then every offer that says what it pays has a rank.
        required comparable: bool = Kind::Bool,
        /// The offers.
        required offers: Vec<ComparedOffer> = list(&ROW, MOST),
    }
}

object! {
    /// An offer beside others.
    #[derive(Serialize)]
    ComparedOffer {
        /// The offer.
        required offer_id: OfferId = OFFER,
        /// Its version.
        required version: i64 = int(1, i64::MAX),
        /// The application that it answers.
        required application_id: ApplicationId = APPLICATION,
        /// What the role is called.
        required title: String = line(1, 200),
        /// Whose offer it is, for whoever may know of companies.
        optional company: String = line(1, 200),
        /// Where it stands now.
        required state: OfferState = word::<OfferState>(),
        /// What it pays in a year.
        optional base: Money = MONEY,
        /// What it may pay besides.
        optional bonus: Money = MONEY,
        /// What its shares are worth.
        optional equity: Money = MONEY,
        /// Together.
        optional total: Money = MONEY,
        /// Its place among those of the same currency, from 1, the one that pays most first; null when it stands alone.
        optional total_rank: i64 = int(1, 100),
        /// How much less it pays than the best of these.
        optional below_best: Money = MONEY,
        /// Until when it is to be answered.
        optional respond_by: String = Kind::Time,
        /// How many whole days are left until then; less than nothing when they have passed.
        optional days_left: i64 = int(i64::MIN, i64::MAX),
        /// When one would begin.
        optional start_date: NaiveDate = Kind::Date,
        /// How much is known of the people whom one would work with.
        required team_disclosure: TeamDisclosure = word::<TeamDisclosure>(),
        /// What they are like.
        required people_assessment: PeopleAssessment = ASSESSMENT,
        /// What one would learn; null when it is not described what the role asks for.
        optional growth: OfferGrowth = GROWTH,
        /// What is risky about it.
        required risks: Vec<OfferRisk> = list(&RISK, 3),
    }
}

object! {
    /// How an offer fits what somebody wants to learn.
    #[derive(Serialize)]
    OfferGrowth {
        /// How many competencies the role asks for.
        required role_competencies: i64 = COUNT,
        /// How many of them one needs to learn, or has as a goal.
        required sought: i64 = COUNT,
        /// These in percent of those, rounded down.
        required percent: i64 = int(0, 100),
        /// Which these are, by their codes.
        required competencies: Vec<TaughtCompetency> = list(&TAUGHT, 200),
    }
}

object! {
    /// A competency that the role asks for, and that one wants to learn.
    #[derive(Serialize)]
    TaughtCompetency {
        /// The competency.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// Its code.
        required code: String = line(1, 100),
        /// Its name.
        required name: String = line(1, 300),
        /// Whether a need for it is open.
        required needed: bool = Kind::Bool,
        /// Whether a goal that is not reached asks for it.
        required for_goal: bool = Kind::Bool,
    }
}

object! {
    /// Something that is risky about an offer.
    #[derive(Serialize)]
    OfferRisk {
        /// What.
        required code: OfferRiskCode = word::<OfferRiskCode>(),
        /// Why, in a sentence.
        required reason: String = prose(1000),
        /// The applications whose results are not known yet.
        required waiting_for: Vec<ApplicationId> = list(&APPLICATION, 100),
        /// A command that makes it less so; null when there is none that the caller may carry out.
        optional suggested_command: SuggestedCommand = COMMAND,
    }
}

/// `compareOffers`.
#[must_use]
pub fn of_offers() -> Answer {
    Answer::new(
        "compareOffers",
        Action::ViewOffer,
        "Offers of one person side by side: what each pays beside others of its currency, until when it waits, what one would learn, and what is risky.",
        Kind::Object(OfferComparison::object),
        compare_offers,
    )
}

async fn compare_offers(look: Look, asked: CompareOffersQuestion) -> Result<OfferComparison> {
    let offers = look.find_all::<Entity>(&asked.ids, Action::ViewOffer, "/ids").await?;
    let owner = of_one(&offers)?;
    let person = user::Entity::find_by_id(owner).one(&look.db).await?.ok_or_else(|| Error::not_found("user"))?;
    let hand = Hand::of(&look, &person).await?;
    let around = load::around(&look, &asked.ids).await?;
    let totals: Vec<Option<Amount>> = offers.iter().map(|offer| Pay::of(offer).total()).collect();
    let currencies: BTreeSet<Currency> = totals.iter().flatten().map(|total| total.currency).collect();
    let told = offers.iter().map(|offer| compared(offer, &totals, &around, look.now, &hand));
    Ok(OfferComparison {
        comparable: currencies.len() <= 1,
        offers: told.collect(),
        currencies: currencies.into_iter().collect(),
    })
}

/// Offers of one person are compared, or none.
fn of_one(offers: &[Model]) -> Result<entity::id::UserId> {
    let owner = offers.first().map(|offer| offer.owner_id).ok_or_else(|| Error::not_found("offer"))?;
    match offers.iter().position(|offer| offer.owner_id != owner) {
        None => Ok(owner),
        Some(place) => {
            let why = "Offers of one person are compared.";
            Err(Error::field(Code::ReferenceUnknown, &format!("/ids/{place}"), why))
        }
    }
}

fn compared(
    offer: &Model,
    totals: &[Option<Amount>],
    around: &Around,
    now: DateTime<Utc>,
    hand: &Hand,
) -> ComparedOffer {
    let pay = Pay::of(offer);
    let (total, stands) = (pay.total(), state::standing(offer.state, offer.respond_by, now));
    let money = |minor: Option<i64>| Some(Money::from(Amount { currency: pay.currency?, minor: minor? }));
    let (rank, below) = total.and_then(|total| ranked(total, totals)).unzip();
    let (title, company) = around.posting.get(&offer.id).cloned().unwrap_or_default();
    ComparedOffer {
        offer_id: offer.id,
        version: offer.version,
        application_id: offer.application_id,
        title,
        company,
        state: stands,
        base: money(pay.base),
        bonus: money(pay.bonus),
        equity: money(pay.equity),
        total: total.map(Money::from),
        total_rank: rank,
        below_best: below.map(Money::from),
        respond_by: offer.respond_by.map(clock::rfc3339),
        days_left: offer.respond_by.map(|by| days_left(now, by)),
        start_date: offer.start_date,
        team_disclosure: offer.team_disclosure,
        people_assessment: offer.people_assessment.0.clone(),
        growth: around.taught.get(&offer.id).map(|taught| growth(taught)),
        risks: risks(
            offer.team_disclosure,
            offer.manager_contact_id.is_some(),
            state::is_open(stands) && offer.respond_by.is_some(),
            around.waiting.get(&offer.id).map_or(&[], Vec::as_slice),
        )
        .into_iter()
        .map(|(code, waiting)| risk(offer, code, waiting, hand))
        .collect(),
    }
}

/// The place of an amount among those of its currency, and how far it lies below the best; none when it stands alone.
fn ranked(total: Amount, all: &[Option<Amount>]) -> Option<(i64, Amount)> {
    let same: Vec<i64> =
        all.iter().flatten().filter(|one| one.currency == total.currency).map(|one| one.minor).collect();
    if same.len() < 2 {
        return None;
    }
    let better = same.iter().filter(|minor| **minor > total.minor).count();
    let best = same.into_iter().max().unwrap_or(total.minor);
    Some((i64::try_from(better).unwrap_or(i64::MAX) + 1, Amount { minor: best - total.minor, ..total }))
}

/// How many whole days are left.
fn days_left(now: DateTime<Utc>, by: DateTime<Utc>) -> i64 {
    (by - now).num_milliseconds().div_euclid(TimeDelta::days(1).num_milliseconds())
}

fn growth(taught: &[Learnt]) -> OfferGrowth {
    let sought: Vec<&Learnt> = taught.iter().filter(|one| one.needed || one.for_goal).collect();
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    OfferGrowth {
        role_competencies: count(taught.len()),
        sought: count(sought.len()),
        percent: count(sought.len() * 100 / taught.len().max(1)),
        competencies: sought
            .into_iter()
            .map(|one| TaughtCompetency {
                competency_id: one.competency_id,
                code: one.code.clone(),
                name: one.name.clone(),
                needed: one.needed,
                for_goal: one.for_goal,
            })
            .collect(),
    }
}

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

fn risk(offer: &Model, code: OfferRiskCode, waiting_for: Vec<ApplicationId>, hand: &Hand) -> OfferRisk {
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

    #[expect(clippy::unnecessary_wraps, reason = "as offers have it")]
    fn euros(minor: i64) -> Option<Amount> {
        Some(Amount { currency: Currency::Eur, minor })
    }

    #[expect(clippy::unnecessary_wraps, reason = "as offers have it")]
    fn dollars(minor: i64) -> Option<Amount> {
        Some(Amount { currency: Currency::Usd, minor })
    }

    #[test]
    fn amounts_are_ranked_within_their_currency() {
        let all = [euros(100), euros(250), dollars(900), None, euros(250)];
        let rank = |total: Option<Amount>, all: &[Option<Amount>]| {
            ranked(total.unwrap(), all).map(|(rank, below)| (rank, below.minor, below.currency))
        };
        assert_eq!(rank(euros(100), &all), Some((3, 150, Currency::Eur)));
        assert_eq!(rank(euros(250), &all), Some((1, 0, Currency::Eur)), "two may pay most");
        assert_eq!(rank(dollars(900), &all), None, "it stands alone");
        assert_eq!(rank(euros(1), &[euros(1), None]), None);
    }

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

    #[test]
    fn days_are_whole() {
        let now: DateTime<Utc> = "2026-03-10T12:00:00Z".parse().unwrap();
        for (hours, days) in [(0, 0), (23, 0), (24, 1), (71, 2), (-1, -1), (-24, -1), (-25, -2)] {
            assert_eq!(days_left(now, now + TimeDelta::hours(hours)), days, "{hours}");
        }
    }

    #[test]
    fn growth_is_what_is_sought_of_what_is_asked_for() {
        let one = |needed, for_goal| Learnt::of("a", needed, for_goal);
        let told = growth(&[one(true, false), one(false, true), one(false, false)]);
        assert_eq!((told.role_competencies, told.sought, told.percent), (3, 2, 66));
        assert_eq!(told.competencies.len(), 2);
        assert_eq!(growth(&[]).percent, 0);
    }
}
