//! How somebody came to stand where they stand: a dated series of levels, each with the evidence that moved it (§8).
//!
//! The evidence is folded once more, in the order in which it occurred, by the calculations and rules of today.

mod load;
mod replay;

use chrono::{DateTime, Utc};
use entity::{
    id::{CompetencyId, EvidenceId, UserId},
    kind::{Declared as _, Kind, id, line, list, word},
    learning::{
        evidence::{EvidenceAction, EvidenceSource},
        user_competency::Calculation,
    },
    object,
};
use serde::Serialize;

use super::{requirement::LEVEL, user_competency::standing};
use crate::domain::{
    answer::Answer,
    clock,
    error::{Code, Error, Result},
    look::Look,
    policy::Action,
};
use replay::Replay;

/// How many points of one competency are told at most: the latest.
pub(super) const POINTS: usize = 500;
const COMPETENCY: Kind = id::<CompetencyId>();
const SERIES: Kind = Kind::Object(SkillSeries::object);
const POINT: Kind = Kind::Object(SkillPoint::object);

object! {
    /// Whose progression, in what, over which time.
    SkillProgressionQuestion {
        /// Who learns; without it, the caller.
        optional user_id: UserId = id::<UserId>(),
        /// In what.
        required competency_ids: Vec<CompetencyId> = Kind::List { of: &COMPETENCY, min: 1, max: 50 },
        /// From when; without it, from the first evidence.
        optional from: DateTime<Utc> = Kind::Time,
        /// Until when, the moment included; without it, until now.
        optional to: DateTime<Utc> = Kind::Time,
    }
}

object! {
    /// How somebody came to stand where they stand.
    #[derive(Serialize)]
    SkillProgression {
        /// Who.
        required user_id: UserId = id::<UserId>(),
        /// From when; null from the first evidence.
        optional from: String = Kind::Time,
        /// Until when.
        required to: String = Kind::Time,
        /// The competencies, in the order in which they were named.
        required series: Vec<SkillSeries> = list(&SERIES, 50),
    }
}

object! {
    /// The levels that somebody had in a competency, one after another.
    #[derive(Serialize)]
    SkillSeries {
        /// In what.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// The competency's code.
        required code: String = line(1, 100),
        /// The competency's name.
        required name: String = line(1, 300),
        /// How the level follows from the evidence.
        required calculation: Calculation = word::<Calculation>(),
        /// The levels, the earliest first. With a beginning, the first is where they stood then.
        required points: Vec<SkillPoint> = list(&POINT, POINTS),
        /// Whether there were more than 500: the latest are told.
        required truncated: bool = Kind::Bool,
    }
}

object! {
    /// A level, from when on, and what moved it there.
    #[derive(Serialize, PartialEq, Eq)]
    SkillPoint {
        /// From when on.
        required at: String = Kind::Time,
        /// The level; null when there is none.
        optional level: i64 = LEVEL,
        /// Whether it counts as proficient; null as long as the level is.
        optional proficient: bool = Kind::Bool,
        /// The level before.
        optional level_before: i64 = LEVEL,
        /// The evidence that moved it; null where the series begins.
        optional evidence_id: EvidenceId = id::<EvidenceId>(),
        /// What that evidence is for: the competency itself, or one below it which it follows from.
        optional competency_id: CompetencyId = id::<CompetencyId>(),
        /// What the evidence does.
        optional action: EvidenceAction = word::<EvidenceAction>(),
        /// Where it comes from.
        optional source: EvidenceSource = word::<EvidenceSource>(),
    }
}

/// `skillProgression`.
#[must_use]
pub fn of_person() -> Answer {
    Answer::new(
        "skillProgression",
        Action::ViewSkillProgression,
        "How somebody came to stand where they stand: the levels that they had, with the evidence that moved them.",
        Kind::Object(SkillProgression::object),
        progression,
    )
}

async fn progression(look: Look, asked: SkillProgressionQuestion) -> Result<SkillProgression> {
    let person = look.person(asked.user_id, Action::ViewSkillProgression).await?;
    let to = asked.to.map_or(look.now, clock::whole);
    let from = asked.from.map(clock::whole);
    if from.is_some_and(|from| from > to) {
        return Err(Error::field(Code::RangeInverted, "/to", "It ends before it begins."));
    }
    let wanted = load::wanted(&look, person.id, &asked.competency_ids).await?;
    let below = load::below(&look, person.id, &wanted).await?;
    let of: Vec<_> = wanted.iter().map(|one| one.id).chain(below.iter().map(|one| one.id)).collect();
    let evidence = standing::rating_evidence(&look, person.id, &of, Some(to)).await?;
    let mut replay = Replay::new(&wanted, &below, from);
    for one in &evidence {
        replay.take(one);
    }
    let series = replay.series();
    Ok(SkillProgression { user_id: person.id, from: from.map(clock::rfc3339), to: clock::rfc3339(to), series })
}
