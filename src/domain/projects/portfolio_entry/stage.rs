//! How far an entry goes: what its stage would be by what is known of it, and why (§15).
//!
//! Entries follow each other as they were finished; what is not finished comes last. What is known of an entry and of those
//! before it is asked for by one text of SQL, whether it is shown, kept from being said, or pointed out.

use entity::{
    kind::{Declared as _, Kind, line, list, word},
    object,
    projects::portfolio_entry::{Model, PersonalKind, PortfolioStage, StageReasonCode},
    vocabulary::Vocabulary as _,
};
use sea_orm::FromQueryResult;
use serde::Serialize;
use serde_json::json;

use crate::{
    domain::{
        error::{Code, Error, Result},
        look::Look,
    },
    read::{
        cell::{Cell, Store},
        shape::{Need, Seen, Shape},
        sql::Arg,
    },
};

const REASON: Kind = Kind::Object(StageReason::object);

object! {
    /// Something that a stage depends on.
    #[derive(Serialize, PartialEq, Eq)]
    StageReason {
        /// What, for programs.
        required code: StageReasonCode = word::<StageReasonCode>(),
        /// Whether it is so.
        required met: bool = Kind::Bool,
        /// The same for people.
        required message: String = line(1, 300),
    }
}

/// What a stage follows from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether it was an assignment.
    pub assigned: bool,
    /// What kind of thing, when it was begun by oneself.
    pub kind: Option<PersonalKind>,
    /// How complex it was.
    pub complexity: Option<i64>,
    /// With how many kinds of resources its owner was trusted.
    pub resources: i64,
    /// How much evidence of its value there is.
    pub evidence: i64,
    /// How many entries before it were worth something.
    pub valuable: i64,
    /// The most complex of the entries before it.
    pub complexity_before: Option<i64>,
    /// The most kinds of resources of an entry before it; none without such an entry.
    pub resources_before: Option<i64>,
}

impl Known {
    /// Whether it is above every entry before it, in what is known of both.
    fn is_greater(&self) -> bool {
        let above = |is: Option<i64>, before: Option<i64>| is.zip(before).is_some_and(|(is, before)| is > before);
        above(self.complexity, self.complexity_before) || above(Some(self.resources), self.resources_before)
    }

    fn has(&self, code: StageReasonCode) -> bool {
        use StageReasonCode::{Assignment, GreaterScope, SelfStarted, ValueBefore, ValueEvidence};
        match code {
            Assignment => self.assigned,
            SelfStarted => !self.assigned,
            ValueEvidence => self.evidence > 0,
            ValueBefore => self.valuable > 0,
            GreaterScope => self.is_greater(),
        }
    }

    fn says(&self, code: StageReasonCode) -> String {
        use StageReasonCode::{Assignment, GreaterScope, SelfStarted, ValueBefore, ValueEvidence};
        match (code, self.has(code)) {
            (Assignment, _) => "It was an assignment whose answer is known.".to_owned(),
            (SelfStarted, _) => match self.kind {
                Some(PersonalKind::Reimplementation) => "It does again what others did, begun by oneself.".to_owned(),
                Some(PersonalKind::Hobby) => "It was begun by oneself, for the joy of it.".to_owned(),
                Some(PersonalKind::WorkScript) => "It makes one's own work easier, begun by oneself.".to_owned(),
                Some(PersonalKind::Competition) => {
                    "It was made for a competition, by oneself or with friends.".to_owned()
                }
                None => "It was begun by oneself, alone or with friends.".to_owned(),
            },
            (ValueEvidence, true) => "Somebody else shows that it was worth something.".to_owned(),
            (ValueEvidence, false) => "Nobody else shows yet that it was worth something.".to_owned(),
            (ValueBefore, true) => "Something before it was worth something, too.".to_owned(),
            (ValueBefore, false) => "Nothing before it reached that others found it worth something.".to_owned(),
            (GreaterScope, true) => "It goes further in complexity or resources than everything before it.".to_owned(),
            (GreaterScope, false) => {
                "Neither its complexity nor its resources are known to be above everything before it.".to_owned()
            }
        }
    }
}

/// What an entry is before anybody can have said that it was worth something.
#[must_use]
pub const fn begun(assigned: bool) -> PortfolioStage {
    if assigned { PortfolioStage::ClassProject } else { PortfolioStage::PersonalProject }
}

/// What a stage stands on, and is refused without.
const fn needed(stage: PortfolioStage) -> &'static [StageReasonCode] {
    use StageReasonCode::{GreaterScope, ValueBefore, ValueEvidence};
    match stage {
        PortfolioStage::ClassProject | PortfolioStage::PersonalProject => &[],
        PortfolioStage::ValueCreation => &[ValueEvidence],
        PortfolioStage::RisingScope => &[ValueEvidence, ValueBefore, GreaterScope],
    }
}

/// What is missing for a stage.
#[must_use]
pub fn missing(stage: PortfolioStage, known: &Known) -> Vec<StageReasonCode> {
    needed(stage).iter().copied().filter(|code| !known.has(*code)).collect()
}

/// The stage that follows from what is known: the highest for which nothing is missing; and why, with what the next one
/// lacks.
#[must_use]
pub fn suggested(known: &Known) -> (PortfolioStage, Vec<StageReason>) {
    use PortfolioStage::{RisingScope, ValueCreation};
    let above = [RisingScope, ValueCreation].into_iter().find(|stage| missing(*stage, known).is_empty());
    let begun = if known.assigned { StageReasonCode::Assignment } else { StageReasonCode::SelfStarted };
    // Of something that was worth nothing yet, what comes after that says nothing.
    let further = if above.is_some() { needed(RisingScope) } else { needed(ValueCreation) };
    let reason = |code: StageReasonCode| StageReason { code, met: known.has(code), message: known.says(code) };
    let reasons = std::iter::once(begun).chain(further.iter().copied()).map(reason).collect();
    (above.unwrap_or(self::begun(known.assigned)), reasons)
}

/// Entries of the same portfolio that come before `{t}`, as `b`.
macro_rules! before {
    ($what:literal, $also:literal) => {
        concat!(
            "(SELECT ",
            $what,
            " FROM portfolio_entry b WHERE b.organization_id = {t}.organization_id AND b.owner_id = {t}.owner_id \
             AND b.deleted_at IS NULL AND (b.finished_at < {t}.finished_at \
             OR (b.finished_at IS NOT NULL AND {t}.finished_at IS NULL) \
             OR ((b.finished_at = {t}.finished_at OR (b.finished_at IS NULL AND {t}.finished_at IS NULL)) AND b.id < {t}.id))",
            $also,
            ")"
        )
    };
}

const EVIDENCE: &str = "(SELECT CAST(COUNT(*) AS BIGINT) FROM portfolio_evidence v \
    WHERE v.entry_id = {t}.id AND v.deleted_at IS NULL)";
const VALUABLE: &str =
    before!("CAST(COUNT(*) AS BIGINT)", " AND (b.stage = 'VALUE_CREATION' OR b.stage = 'RISING_SCOPE')");
const COMPLEXITY: &str = before!("MAX(b.complexity)", "");
const RESOURCES: &str = before!(
    "MAX((b.resources & 1) + ((b.resources >> 1) & 1) + ((b.resources >> 2) & 1) + ((b.resources >> 3) & 1))",
    ""
);

fn needs() -> Vec<Need> {
    vec![
        Need::Column("assigned", Store::Bool),
        Need::Column("personal_kind", Store::Text),
        Need::Column("complexity", Store::Int),
        Need::Column("resources", Store::Int),
        Need::aggregate(EVIDENCE, Store::Int),
        Need::aggregate(VALUABLE, Store::Int),
        Need::aggregate(COMPLEXITY, Store::Int),
        Need::aggregate(RESOURCES, Store::Int),
    ]
}

fn known(cells: &[Cell]) -> Known {
    let number = |cell: &Cell| matches!(cell, Cell::Int(_)).then(|| cell.int());
    let [assigned, kind, complexity, resources, evidence, valuable, complexity_before, resources_before] = cells else {
        return Known::default();
    };
    Known {
        assigned: matches!(assigned, Cell::Bool(true)),
        kind: kind.text().and_then(PersonalKind::of),
        complexity: number(complexity),
        resources: i64::from(resources.int().count_ones()),
        evidence: evidence.int(),
        valuable: valuable.int(),
        complexity_before: number(complexity_before),
        resources_before: number(resources_before),
    }
}

/// Shows the stage that follows from what is known, and why.
pub(super) fn shown(shape: Shape) -> Shape {
    shape
        .computed(
            "suggestedStage",
            word::<PortfolioStage>(),
            "The stage that follows from what is known: from how it was begun, from the evidence of its value, and from what came before it.",
            needs(),
            |cells: &[Cell], _: &Seen| Cell::Text(suggested(&known(cells)).0.word().to_owned()),
        )
        .computed(
            "stageReasons",
            list(&REASON, 4),
            "Why, and what the next stage lacks.",
            needs(),
            |cells: &[Cell], _: &Seen| serde_json::to_string(&suggested(&known(cells)).1).map_or(Cell::Null, Cell::Text),
        )
}

/// What is known of an entry besides its own columns.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(in crate::domain) struct Around {
    /// How much evidence of its value there is.
    pub evidence: i64,
    /// How many entries before it were worth something.
    pub valuable: i64,
    /// The most complex of the entries before it.
    pub complexity_before: Option<i64>,
    /// The most kinds of resources of an entry before it.
    pub resources_before: Option<i64>,
}

/// The columns of [`Around`], of the entry that goes by a name.
pub(in crate::domain) fn around(alias: &str) -> String {
    let of = |sql: &str| sql.replace("{t}", alias);
    format!(
        "{} AS evidence, {} AS valuable, {} AS complexity_before, {} AS resources_before",
        of(EVIDENCE),
        of(VALUABLE),
        of(COMPLEXITY),
        of(RESOURCES)
    )
}

/// What is known of an entry.
pub(in crate::domain) fn known_of(entry: &Model, around: Around) -> Known {
    Known {
        assigned: entry.assigned,
        kind: entry.personal_kind,
        complexity: entry.complexity,
        resources: i64::from(entry.resources.bits().count_ones()),
        evidence: around.evidence,
        valuable: around.valuable,
        complexity_before: around.complexity_before,
        resources_before: around.resources_before,
    }
}

/// Whether an entry, as it was just written, has all that its stage stands on.
///
/// # Errors
/// `STAGE_EVIDENCE_MISSING` with what is missing.
pub(super) async fn stands(look: &Look, entry: &Model) -> Result<()> {
    if needed(entry.stage).is_empty() {
        return Ok(());
    }
    let mut sql = look.sql();
    sql.push("SELECT ").push(&around("t0")).push(" FROM \"portfolio_entry\" t0 WHERE t0.id = ");
    sql.bind(Arg::Uuid(entry.id.0)).push(" AND t0.deleted_at IS NULL AND t0.organization_id = ");
    sql.bind(Arg::Uuid(look.who.organization.0));
    let around = look.row::<Around>(&sql).await?.ok_or_else(|| Error::internal("an entry went as it was written"))?;
    let known = known_of(entry, around);
    let missing = missing(entry.stage, &known);
    if missing.is_empty() {
        return Ok(());
    }
    let why = missing.iter().map(|code| known.says(*code)).collect::<Vec<_>>().join(" ");
    Err(Error::field(Code::StageEvidenceMissing, "/stage", why).with(json!({
        "stage": entry.stage, "missing": missing, "suggestedStage": suggested(&known).0,
    })))
}

#[cfg(test)]
mod tests;
