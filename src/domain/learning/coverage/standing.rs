//! Where somebody stands in frameworks, area by area: what coverage tells, and what advice about areas is found in.

use std::collections::{HashMap, HashSet};

use entity::{
    id::{CompetencyFrameworkId, CompetencyId},
    learning::competency_framework::Scale,
    platform::user,
    vocabulary::Json,
};
use sea_orm::FromQueryResult;

use crate::{
    domain::{error::Result, look::Look},
    read::{
        shape::shape,
        sql::{Arg, Sql},
    },
};

/// How deep a framework is at most.
const DEPTH: usize = 10;

/// A framework, by its areas.
#[derive(Clone, Debug)]
pub struct Framework {
    /// The id.
    pub id: CompetencyFrameworkId,
    /// The full name.
    pub title: String,
    /// Its roots, in their order.
    pub areas: Vec<Area>,
}

/// A root of a framework, with the competencies below it that have none below them: itself, when there are none.
#[derive(Clone, Debug)]
pub struct Area {
    /// The id.
    pub id: CompetencyId,
    /// The code.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// Its leaves, in their order.
    pub leaves: Vec<Leaf>,
}

/// A competency that has none below it.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// The id.
    pub id: CompetencyId,
    /// The code.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// Where the person stands, when that is known.
    pub level: Option<i64>,
    /// Whether that counts as proficient.
    pub proficient: bool,
}

impl Area {
    /// How many of its leaves the person is proficient in.
    #[must_use]
    pub fn proficient(&self) -> usize {
        self.leaves.iter().filter(|leaf| leaf.proficient).count()
    }

    /// The same of a hundred, rounded down: 100 only when it is every one.
    #[must_use]
    pub fn percent(&self) -> usize {
        self.proficient() * 100 / self.leaves.len().max(1)
    }

    /// The leaf in which the person stands lowest, the first of several. Who has no standing stands at the default level.
    #[must_use]
    pub fn weakest(&self, scale: &Scale) -> Option<&Leaf> {
        // `min_by_key` gives the first of several.
        self.leaves.iter().min_by_key(|leaf| leaf.level.unwrap_or(scale.default_level))
    }
}

/// Which frameworks.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    /// One, whether the person stands anywhere in it or not.
    One(CompetencyFrameworkId),
    /// Those in which the person stands somewhere.
    Begun,
}

#[derive(FromQueryResult)]
struct CompetencyRow {
    framework_id: CompetencyFrameworkId,
    title: String,
    scale: Json<Scale>,
    id: CompetencyId,
    parent_id: Option<CompetencyId>,
    code: String,
    name: String,
    level: Option<i64>,
    proficient: Option<bool>,
}

/// Loads where somebody stands, in one statement. Who may see it has been asked before.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn load(look: &Look, person: &user::Model, which: Which) -> Result<Vec<(Framework, Scale)>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT c.framework_id, f.title, f.scale, c.id, c.parent_id, c.code, c.name, s.level, s.proficient \
         FROM \"competency\" c JOIN \"competency_framework\" f ON f.id = c.framework_id AND f.deleted_at IS NULL \
         LEFT JOIN \"user_competency\" s ON s.competency_id = c.id AND s.deleted_at IS NULL AND ",
    );
    of(&mut sql, look, "s", person).push("WHERE ").visible(shape("CompetencyFramework"), "f", &look.who);
    sql.push(" AND c.deleted_at IS NULL AND c.framework_id ");
    match which {
        Which::One(id) => {
            sql.push("= ").bind(Arg::Uuid(id.0));
        }
        Which::Begun => {
            sql.push(
                "IN (SELECT k.framework_id FROM \"user_competency\" u JOIN \"competency\" k ON k.id = u.competency_id \
                 WHERE u.deleted_at IS NULL AND ",
            );
            of(&mut sql, look, "u", person).push(")");
        }
    }
    sql.push(" ORDER BY c.framework_id, c.sort_order, c.path, c.id");
    Ok(grouped(look.rows::<CompetencyRow>(&sql).await?))
}

/// Adds the person, inside the caller's organization.
fn of<'a>(sql: &'a mut Sql, look: &Look, alias: &str, person: &user::Model) -> &'a mut Sql {
    sql.column(alias, "organization_id").push(" = ").bind(Arg::Uuid(look.who.organization.0)).push(" AND ");
    sql.column(alias, "user_id").push(" = ").bind(Arg::Uuid(person.id.0)).push(" ")
}

/// Frameworks with their areas, of competencies that come framework by framework, siblings in their order.
fn grouped(rows: Vec<CompetencyRow>) -> Vec<(Framework, Scale)> {
    let known: HashSet<CompetencyId> = rows.iter().map(|row| row.id).collect();
    let mut below = HashMap::<CompetencyId, Vec<&CompetencyRow>>::new();
    let mut frameworks: Vec<(Framework, Scale)> = Vec::new();
    for row in &rows {
        // What is below something that was deleted stands by itself.
        if let Some(parent) = row.parent_id.filter(|parent| known.contains(parent)) {
            below.entry(parent).or_default().push(row);
            continue;
        }
        if frameworks.last().is_none_or(|(last, _)| last.id != row.framework_id) {
            let framework = Framework { id: row.framework_id, title: row.title.clone(), areas: Vec::new() };
            frameworks.push((framework, row.scale.0.clone()));
        }
        if let Some((last, _)) = frameworks.last_mut() {
            last.areas.push(Area { id: row.id, code: row.code.clone(), name: row.name.clone(), leaves: Vec::new() });
        }
    }
    let by_id: HashMap<CompetencyId, &CompetencyRow> = rows.iter().map(|row| (row.id, row)).collect();
    for area in frameworks.iter_mut().flat_map(|(framework, _)| &mut framework.areas) {
        if let Some(root) = by_id.get(&area.id) {
            gather(root, &below, DEPTH, &mut area.leaves);
        }
    }
    frameworks
}

/// The leaves below a competency, or itself, in the order in which people read the tree.
fn gather(
    row: &CompetencyRow,
    below: &HashMap<CompetencyId, Vec<&CompetencyRow>>,
    depth: usize,
    leaves: &mut Vec<Leaf>,
) {
    match below.get(&row.id).filter(|_| depth > 0) {
        Some(children) => children.iter().for_each(|child| gather(child, below, depth - 1, leaves)),
        None => leaves.push(Leaf {
            id: row.id,
            code: row.code.clone(),
            name: row.name.clone(),
            level: row.level,
            proficient: row.proficient == Some(true),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::new_id;
    use entity::learning::competency_framework::ScaleLevel;

    fn scale(default_level: i64) -> Scale {
        let level = |value| ScaleLevel { value, name: value.to_string(), proficient: value > 1 };
        Scale { levels: [1, 2, 3].map(level).to_vec(), default_level }
    }

    fn row(framework: CompetencyFrameworkId, parent: Option<CompetencyId>, code: &str) -> CompetencyRow {
        CompetencyRow {
            framework_id: framework,
            title: "F".to_owned(),
            scale: Json(scale(1)),
            id: new_id(),
            parent_id: parent,
            code: code.to_owned(),
            name: code.to_uppercase(),
            level: None,
            proficient: None,
        }
    }

    fn told(frameworks: &[(Framework, Scale)]) -> String {
        let area = |area: &Area| {
            let leaves: Vec<_> = area.leaves.iter().map(|leaf| leaf.code.as_str()).collect();
            format!("{}({})", area.code, leaves.join(" "))
        };
        let framework = |framework: &Framework| framework.areas.iter().map(area).collect::<Vec<_>>().join(" ");
        frameworks.iter().map(|(one, _)| framework(one)).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn leaves_stand_under_their_root_in_the_order_of_the_tree() {
        let [one, other]: [CompetencyFrameworkId; 2] = [new_id(), new_id()];
        let (a, b) = (row(one, None, "a"), row(one, None, "b"));
        let deep = row(one, Some(a.id), "a.2");
        let rows = vec![
            row(one, Some(deep.id), "a.2.1"),
            row(one, Some(a.id), "a.1"),
            row(one, Some(new_id()), "orphan"),
            row(one, Some(deep.id), "a.2.2"),
            a,
            deep,
            b,
            row(other, None, "c"),
        ];
        assert_eq!(told(&grouped(rows)), "orphan(orphan) a(a.1 a.2.1 a.2.2) b(b); c(c)");
        assert!(grouped(Vec::new()).is_empty());
    }

    #[test]
    fn the_weakest_leaf_is_the_first_of_the_lowest() {
        let leaf = |level: Option<i64>, proficient| Leaf {
            id: new_id(),
            code: format!("{level:?}"),
            name: "L".to_owned(),
            level,
            proficient,
        };
        let area = |leaves: Vec<Leaf>| Area { id: new_id(), code: "a".to_owned(), name: "A".to_owned(), leaves };
        for (levels, default_level, place) in [
            (vec![Some(3), None, Some(1)], 1, 1),
            (vec![Some(3), None, Some(1)], 2, 2),
            (vec![Some(2), Some(2)], 1, 0),
            (vec![None, None], 1, 0),
        ] {
            let area = area(levels.iter().map(|level| leaf(*level, false)).collect());
            assert_eq!(area.weakest(&scale(default_level)).unwrap().id, area.leaves[place].id, "{levels:?}");
        }
        let most = area(vec![leaf(Some(2), true), leaf(Some(3), true), leaf(None, false)]);
        assert_eq!((most.proficient(), most.percent()), (2, 66));
        assert_eq!((area(Vec::new()).percent(), area(Vec::new()).weakest(&scale(1)).is_none()), (0, true));
    }
}
