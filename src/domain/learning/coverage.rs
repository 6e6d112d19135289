//! Coverage: how much of a framework somebody is proficient in, area by area (§2).

pub mod standing;

use entity::{
    id::{CompetencyFrameworkId, CompetencyId, UserId},
    kind::{Declared as _, Kind, id, int, line, list},
    learning::competency_framework::{self, Scale},
    object,
};
use serde::Serialize;

use super::requirement::LEVEL;
use crate::domain::{
    answer::{Answer, Form},
    chart::shares::{Area as Row, Bar, Shares, State},
    error::Result,
    look::Look,
    policy::Action,
    table::{Cell, csv},
};
use standing::{Area, Leaf, Which};

const AREA: Kind = Kind::Object(CoverageArea::object);
const LEAF: Kind = Kind::Object(CoverageLeaf::object);
const COUNT: Kind = int(0, i64::MAX);
const PERCENT: Kind = int(0, 100);
const CODE: Kind = line(1, 100);
const NAME: Kind = line(1, 300);

object! {
    /// Whose coverage, of what.
    CoverageQuestion {
        /// The framework.
        required framework_id: CompetencyFrameworkId = id::<CompetencyFrameworkId>(),
        /// Who; without it, the caller.
        optional user_id: UserId = id::<UserId>(),
    }
}

object! {
    /// How much of a framework somebody is proficient in. What has others below it is counted by these.
    #[derive(Serialize)]
    Coverage {
        /// Who.
        required user_id: UserId = id::<UserId>(),
        /// The framework.
        required framework_id: CompetencyFrameworkId = id::<CompetencyFrameworkId>(),
        /// The framework's full name.
        required title: String = NAME,
        /// How many of its competencies that have none below them the person is proficient in.
        required proficient: i64 = COUNT,
        /// How many of these there are.
        required total: i64 = COUNT,
        /// The share, in whole percent, rounded down: 100 only when it is every one.
        required percent: i64 = PERCENT,
        /// Its areas: the competencies that have none above them, in their order.
        required areas: Vec<CoverageArea> = list(&AREA, 1_000_000),
    }
}

object! {
    /// How much of an area somebody is proficient in.
    #[derive(Serialize)]
    CoverageArea {
        /// The area.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// Its code.
        required code: String = CODE,
        /// Its name.
        required name: String = NAME,
        /// How many of its leaves the person is proficient in.
        required proficient: i64 = COUNT,
        /// How many leaves it has.
        required total: i64 = COUNT,
        /// The share, in whole percent, rounded down.
        required percent: i64 = PERCENT,
        /// The leaf in which the person stands lowest, the first of several; who has no standing stands at the scale's
        /// default level.
        required weakest_competency_id: CompetencyId = id::<CompetencyId>(),
        /// The leaves: what is below it and has none below itself, in their order; itself, when there are none.
        required leaves: Vec<CoverageLeaf> = list(&LEAF, 1_000_000),
    }
}

object! {
    /// Where somebody stands in a competency that has none below it.
    #[derive(Serialize)]
    CoverageLeaf {
        /// The competency.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// Its code.
        required code: String = CODE,
        /// Its name.
        required name: String = NAME,
        /// Where the person stands; null when nothing is known of it.
        optional level: i64 = LEVEL,
        /// What the framework's scale calls that level.
        optional level_name: String = line(1, 100),
        /// Whether that counts as proficient.
        required proficient: bool = Kind::Bool,
    }
}

/// `coverage`.
#[must_use]
pub fn of_framework() -> Answer {
    Answer::new(
        "coverage",
        Action::ViewCoverage,
        "How much of a framework somebody is proficient in, area by area.",
        Kind::Object(Coverage::object),
        coverage,
    )
    .form(Form::csv("A row for each leaf, as CSV.", table))
    .form(Form::svg("A bar for each area, as SVG, in light and dark.", chart))
}

async fn coverage(look: Look, asked: CoverageQuestion) -> Result<Coverage> {
    let person = look.person(asked.user_id, Action::ViewCoverage).await?;
    let framework =
        look.find::<competency_framework::Entity>(asked.framework_id, Action::ViewCompetencyFramework).await?;
    let loaded = standing::load(&look, &person, Which::One(framework.id)).await?;
    let areas: Vec<Area> = loaded.into_iter().flat_map(|(framework, _)| framework.areas).collect();
    let scale = framework.scale.0;
    let total: usize = areas.iter().map(|area| area.leaves.len()).sum();
    let proficient: usize = areas.iter().map(Area::proficient).sum();
    Ok(Coverage {
        user_id: person.id,
        framework_id: framework.id,
        title: framework.title,
        proficient: number(proficient),
        total: number(total),
        percent: number(proficient * 100 / total.max(1)),
        areas: areas.into_iter().map(|area| told(area, &scale)).collect(),
    })
}

fn told(area: Area, scale: &Scale) -> CoverageArea {
    CoverageArea {
        competency_id: area.id,
        proficient: number(area.proficient()),
        total: number(area.leaves.len()),
        percent: number(area.percent()),
        // An area without leaves is its own.
        weakest_competency_id: area.weakest(scale).map_or(area.id, |leaf| leaf.id),
        code: area.code,
        name: area.name,
        leaves: area.leaves.into_iter().map(|leaf| leaf_told(leaf, scale)).collect(),
    }
}

fn leaf_told(leaf: Leaf, scale: &Scale) -> CoverageLeaf {
    let known = scale.levels.iter().find(|level| Some(level.value) == leaf.level);
    CoverageLeaf {
        competency_id: leaf.id,
        code: leaf.code,
        name: leaf.name,
        level: leaf.level,
        level_name: known.map(|level| level.name.clone()),
        proficient: leaf.proficient,
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn table(told: &Coverage) -> Result<String> {
    let columns =
        ["areaCode", "areaName", "areaPercent", "code", "name", "level", "levelName", "proficient", "weakest"];
    let rows = told.areas.iter().flat_map(|area| {
        area.leaves.iter().map(|leaf| {
            vec![
                Cell::from(area.code.as_str()),
                area.name.as_str().into(),
                area.percent.into(),
                leaf.code.as_str().into(),
                leaf.name.as_str().into(),
                leaf.level.into(),
                leaf.level_name.as_deref().into(),
                leaf.proficient.into(),
                (leaf.competency_id == area.weakest_competency_id).into(),
            ]
        })
    });
    csv(&columns, rows)
}

#[expect(clippy::unnecessary_wraps, reason = "forms may fail")]
fn chart(told: &Coverage) -> Result<String> {
    let areas = told.areas.iter().map(|area| {
        let weakest = area.leaves.iter().find(|leaf| leaf.competency_id == area.weakest_competency_id);
        Row {
            name: area.name.clone(),
            share: format!("{} of {}", area.proficient, area.total),
            percent: Some(area.percent),
            note: note(area, weakest),
            bar: Bar::Things(area.leaves.iter().map(part).collect()),
        }
    });
    let subtitle = format!("{} % proficient · {} of {}", told.percent, told.proficient, told.total);
    let legend = ["Proficient", "Begun", "Not begun"];
    Ok(Shares { title: told.title.clone(), subtitle, legend, areas: areas.collect() }.svg())
}

/// What is said below an area: where to go on.
fn note(area: &CoverageArea, weakest: Option<&CoverageLeaf>) -> String {
    match weakest {
        _ if area.proficient == area.total => "Proficient in all of it".to_owned(),
        Some(leaf) => format!("Lowest: {}", leaf.name),
        None => String::new(),
    }
}

fn part(leaf: &CoverageLeaf) -> (String, State) {
    let state = match leaf.level {
        _ if leaf.proficient => State::Full,
        Some(_) => State::Part,
        None => State::None,
    };
    (format!("{}: {}", leaf.name, leaf.level_name.as_deref().unwrap_or("not begun")), state)
}
