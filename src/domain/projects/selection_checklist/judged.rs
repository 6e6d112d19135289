//! What a checklist shows beside what was put in: computed as it is read (§14).

use entity::{
    kind::{Declared as _, Kind, list, word},
    projects::selection_checklist::ChecklistPeople,
    vocabulary::Vocabulary as _,
};
use serde::Serialize;

use super::{
    ChecklistGrowth, ChecklistSteppingStone, GROWTH, STEPPING_STONE,
    verdict::{self, Factors, StretchBand, Verdict, VerdictReason},
};
use crate::read::{
    cell::{Cell, Store},
    shape::{Need, Seen, Shape},
};

const REASON: Kind = Kind::Object(VerdictReason::object);

/// The biggest complexity and impact among the checklists of the projects that the owner finished, but for this one.
pub(in crate::domain::projects) const BEFORE: &str = "(SELECT CAST(MAX(f.technical_complexity + f.business_impact) AS BIGINT) \
    FROM selection_checklist f JOIN project p ON p.id = f.project_id AND p.deleted_at IS NULL AND p.status = 'COMPLETED' \
    WHERE f.organization_id = {t}.organization_id AND f.owner_id = {t}.owner_id AND f.id <> {t}.id AND f.deleted_at IS NULL)";
const NEEDS_BEFORE: Need = Need::aggregate(BEFORE, Store::Int);
const STRETCH: Need = Need::Column("stretch", Store::Int);
const SUCCESS: Need = Need::Column("success_likelihood", Store::Int);
const NAMED: Need = Need::Column("people", Store::Text);
const COMPLEXITY: Need = Need::Column("technical_complexity", Store::Int);
const IMPACT: Need = Need::Column("business_impact", Store::Int);

/// What the numbers say.
pub(super) fn shown(shape: Shape) -> Shape {
    let all = || vec![STRETCH, SUCCESS, NAMED, COMPLEXITY, IMPACT, NEEDS_BEFORE];
    shape
        .computed("growth", GROWTH, "Whether its owner grows with it.", vec![STRETCH, SUCCESS], growth)
        .computed("steppingStone", STEPPING_STONE, "Whether it leads further.", vec![COMPLEXITY, IMPACT], stone)
        .computed(
            "stretchBand",
            word::<StretchBand>(),
            "Whether it is a stretch: new enough (from 3), and not hardly to be done (from 2).",
            vec![STRETCH, SUCCESS],
            |cells, _| Cell::Text(verdict::band(cells[0].int(), cells[1].int()).word().to_owned()),
        )
        .computed(
            "hasPeople",
            Kind::Bool,
            "Whether there is anybody to work with, or at least to talk to.",
            vec![NAMED],
            |cells, _| Cell::Bool(verdict::has_people(&named(&cells[0]))),
        )
        .computed(
            "biggerThanBefore",
            Kind::Bool,
            "Whether complexity and impact together are more than in every project that its owner finished; null when none of these has a checklist.",
            vec![COMPLEXITY, IMPACT, NEEDS_BEFORE],
            |cells, _| {
                let bigger = verdict::bigger(cells[0].int() + cells[1].int(), known(&cells[2]));
                bigger.map_or(Cell::Null, Cell::Bool)
            },
        )
        .nullable()
        .computed(
            "verdict",
            word::<Verdict>(),
            "What follows: to go on, to adjust it when one factor does not speak for it, to reconsider when more do not.",
            all(),
            |cells, _| Cell::Text(verdict::verdict(factors(cells)).0.word().to_owned()),
        )
        .computed("verdictReasons", list(&REASON, 3), "Why, a reason for each factor.", all(), |cells, _| {
            json_cell(&verdict::verdict(factors(cells)).1)
        })
}

fn growth(cells: &[Cell], _: &Seen) -> Cell {
    json_cell(&ChecklistGrowth { stretch: cells[0].int(), success_likelihood: cells[1].int() })
}

fn stone(cells: &[Cell], _: &Seen) -> Cell {
    json_cell(&ChecklistSteppingStone { technical_complexity: cells[0].int(), business_impact: cells[1].int() })
}

fn factors(cells: &[Cell]) -> Factors {
    Factors {
        stretch: cells[0].int(),
        success: cells[1].int(),
        people: verdict::has_people(&named(&cells[2])),
        size: cells[3].int() + cells[4].int(),
        before: known(&cells[5]),
    }
}

fn known(cell: &Cell) -> Option<i64> {
    matches!(cell, Cell::Int(_)).then(|| cell.int())
}

fn named(cell: &Cell) -> ChecklistPeople {
    cell.text().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

fn json_cell(value: &impl Serialize) -> Cell {
    serde_json::to_string(value).map_or(Cell::Null, Cell::Text)
}
