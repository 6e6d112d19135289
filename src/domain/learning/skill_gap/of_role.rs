//! What is left between where somebody stands and what a role asks for (§17).

use std::{cmp::Reverse, collections::BTreeMap};

use entity::{
    id::{CompetencyId, RoleProfileId, UserId},
    kind::{Declared as _, Kind, id, int, line, list},
    learning::competency_framework::Scale,
    object,
    vocabulary::Json,
};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::{
    super::requirement::{LEVEL, MOST, RATIONALE},
    gap, number,
};
use crate::{
    domain::{error::Result, look::Look},
    read::{shape::shape, sql::Arg},
};

const ENTRY: Kind = Kind::Object(RoleGapEntry::object);
const COUNT: Kind = int(0, i64::MAX);

object! {
    /// What is left to learn for a role.
    #[derive(Serialize, PartialEq, Eq)]
    RoleGap {
        /// The role.
        required role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// How many requirements are met.
        required met: i64 = COUNT,
        /// How many are not.
        required open: i64 = COUNT,
        /// The requirements, the widest gap first.
        required requirements: Vec<RoleGapEntry> = list(&ENTRY, MOST),
    }
}

object! {
    /// What is left to learn of one competency.
    #[derive(Serialize, PartialEq, Eq)]
    RoleGapEntry {
        /// What is needed.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// The competency's code.
        required code: String = line(1, 100),
        /// The competency's name.
        required name: String = line(1, 300),
        /// Where the person stands; null when nothing is known of it.
        optional current_level: i64 = LEVEL,
        /// What is needed.
        required required_level: i64 = LEVEL,
        /// How many steps of the scale lie between; without a standing, from its default level on.
        required gap: i64 = COUNT,
        /// Whether a plan that is not complete has an item for it that counts.
        required planned: bool = Kind::Bool,
        /// Why it is needed.
        optional rationale: String = RATIONALE,
    }
}

/// What a role asks for, with what it is compared with.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain) struct Asked {
    role_profile_id: RoleProfileId,
    /// What is needed.
    pub competency_id: CompetencyId,
    code: String,
    name: String,
    scale: Json<Scale>,
    level: Option<i64>,
    required_level: i64,
    planned: bool,
    /// Why.
    pub rationale: Option<String>,
}

impl Asked {
    /// How many steps of the scale are left.
    pub(in crate::domain) fn gap(&self) -> i64 {
        gap(&self.scale.0, self.level, self.required_level)
    }

    /// How many steps the scale has.
    pub(in crate::domain) fn widest(&self) -> i64 {
        number(self.scale.0.levels.len()) - 1
    }
}

const ASKED: &str = "\
    SELECT r.role_profile_id, r.competency_id, c.code, c.name, f.scale, u.level, r.required_level, r.rationale, \
    EXISTS (SELECT 1 FROM plan_item i JOIN learning_plan p ON p.id = i.plan_id \
    WHERE i.competency_id = r.competency_id AND i.organization_id = r.organization_id AND i.owner_id = ";
const STANDING: &str = "\
    AND i.deleted_at IS NULL AND i.motivation <> 'CURIOSITY' AND i.status <> 'DROPPED' \
    AND p.deleted_at IS NULL AND p.status <> 'COMPLETE') AS planned \
    FROM role_requirement r \
    JOIN competency c ON c.id = r.competency_id \
    JOIN competency_framework f ON f.id = c.framework_id \
    LEFT JOIN user_competency u ON u.organization_id = r.organization_id \
    AND u.competency_id = r.competency_id AND u.deleted_at IS NULL AND u.user_id = ";

/// What roles ask for of a person, of what the caller may know of: in one statement, however many roles.
pub(in crate::domain) async fn needed(
    look: &Look,
    person: UserId,
    roles: &[RoleProfileId],
) -> Result<BTreeMap<RoleProfileId, Vec<Asked>>> {
    let mut all = BTreeMap::<RoleProfileId, Vec<Asked>>::new();
    if roles.is_empty() {
        return Ok(all);
    }
    let mut sql = look.sql();
    sql.push(ASKED).bind(Arg::Uuid(person.0)).push(" ").push(STANDING).bind(Arg::Uuid(person.0));
    sql.push(" WHERE r.deleted_at IS NULL AND r.organization_id = ").bind(Arg::Uuid(look.who.organization.0));
    sql.push(" AND r.role_profile_id").among(Arg::Uuids(roles.iter().map(|role| role.0).collect()));
    sql.push(" AND ").visible(shape("Competency"), "c", &look.who).push(" ORDER BY r.created_at, r.id");
    for row in look.rows::<Asked>(&sql).await? {
        all.entry(row.role_profile_id).or_default().push(row);
    }
    Ok(all)
}

/// What is left for a role.
pub(in crate::domain) fn told(role: RoleProfileId, asked: Vec<Asked>) -> RoleGap {
    let mut requirements: Vec<RoleGapEntry> = asked.into_iter().map(entry).collect();
    requirements
        .sort_by(|a, b| (Reverse(a.gap), &a.code, a.competency_id).cmp(&(Reverse(b.gap), &b.code, b.competency_id)));
    let met = requirements.iter().filter(|entry| entry.gap == 0).count();
    RoleGap { role_profile_id: role, met: number(met), open: number(requirements.len() - met), requirements }
}

fn entry(asked: Asked) -> RoleGapEntry {
    RoleGapEntry {
        gap: asked.gap(),
        competency_id: asked.competency_id,
        code: asked.code,
        name: asked.name,
        current_level: asked.level,
        required_level: asked.required_level,
        planned: asked.planned,
        rationale: asked.rationale,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock;
    use entity::learning::competency_framework::ScaleLevel;

    #[test]
    fn the_widest_gap_comes_first() {
        let role = clock::new_id();
        let levels = (1..=4).map(|value| ScaleLevel { value, name: value.to_string(), proficient: value > 2 });
        let scale = Scale { levels: levels.collect(), default_level: 1 };
        let asked = |code: &str, level, required_level| Asked {
            role_profile_id: role,
            competency_id: clock::new_id(),
            code: code.to_owned(),
            name: code.to_owned(),
            scale: Json(scale.clone()),
            level,
            required_level,
            planned: false,
            rationale: None,
        };
        let told = told(
            role,
            vec![asked("b", Some(2), 3), asked("met", Some(4), 3), asked("a", Some(2), 3), asked("wide", None, 4)],
        );
        let codes: Vec<_> = told.requirements.iter().map(|entry| (entry.code.as_str(), entry.gap)).collect();
        assert_eq!(codes, [("wide", 3), ("a", 1), ("b", 1), ("met", 0)]);
        assert_eq!((told.met, told.open), (1, 3));
        assert_eq!(asked("x", None, 4).widest(), 3);
    }
}
