//! What a comparison of offers tells.

use chrono::NaiveDate;
use entity::{
    currency::Currency,
    id::{ApplicationId, CompetencyId, OfferId},
    jobs::offer::{OfferState, PeopleAssessment, TeamDisclosure},
    kind::{Declared as _, Kind, id, int, line, list, prose, word},
    money::Money,
    object, vocabulary,
};
use serde::Serialize;

use super::super::{ASSESSMENT, MONEY};
use crate::domain::insight::SuggestedCommand;

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
