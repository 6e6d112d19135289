//! Offers side by side: what they pay, until when they wait, what one would learn, and what is risky (§24).
//!
//! Amounts are compared within one currency and never converted: an offer has a rank, and is told how far it lies below the
//! best, among those of its own currency alone.

mod load;
mod risk;
mod told;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    currency::Currency,
    jobs::offer::{Entity, Model},
    kind::{Declared as _, Kind},
    money::{Amount, Money},
    platform::user,
};
use sea_orm::EntityTrait as _;

use self::{
    load::{Around, Learnt},
    risk::{risk, risks},
    told::{CompareOffersQuestion, ComparedOffer, OfferComparison, OfferGrowth, TaughtCompetency},
};
use super::{pay::Pay, state};
use crate::domain::{
    answer::Answer,
    clock,
    error::{Code, Error, Result},
    insight::Hand,
    look::Look,
    policy::Action,
};

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
