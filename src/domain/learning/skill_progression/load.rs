//! What a progression is computed from: two statements, and one for the evidence, however much of it there is.

use std::collections::HashSet;

use entity::{
    id::{CompetencyFrameworkId, CompetencyId, UserId},
    learning::{competency::CompetencyRule, competency_framework::Scale, user_competency::Calculation},
    vocabulary::Json,
};
use sea_orm::FromQueryResult;

use super::super::user_competency::tree::Node;
use crate::{
    domain::{
        error::{Code, Error, FieldError, Result},
        look::Look,
    },
    read::{
        shape::shape,
        sql::{Arg, Sql},
    },
};

/// A competency that was asked for.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Wanted {
    pub id: CompetencyId,
    pub parent_id: Option<CompetencyId>,
    pub rule: CompetencyRule,
    pub code: String,
    pub name: String,
    pub path: String,
    pub framework_id: CompetencyFrameworkId,
    pub scale: Json<Scale>,
    pub calculation: Option<Calculation>,
}

/// A competency below one that was asked for, which that one may follow from.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Below {
    pub id: CompetencyId,
    pub parent_id: Option<CompetencyId>,
    pub rule: CompetencyRule,
    pub framework_id: CompetencyFrameworkId,
    pub calculation: Option<Calculation>,
}

impl Wanted {
    pub(super) fn node(&self) -> Node {
        Node { id: self.id, parent_id: self.parent_id, rule: self.rule, proficient: None }
    }
}

impl Below {
    pub(super) fn node(&self) -> Node {
        Node { id: self.id, parent_id: self.parent_id, rule: self.rule, proficient: None }
    }
}

fn standing(sql: &mut Sql, look: &Look, user: UserId) {
    sql.push(
        " LEFT JOIN \"user_competency\" u ON u.competency_id = c.id AND u.deleted_at IS NULL AND u.organization_id = ",
    );
    sql.bind(Arg::Uuid(look.who.organization.0)).push(" AND u.user_id = ").bind(Arg::Uuid(user.0));
    sql.push(" WHERE c.deleted_at IS NULL AND ");
}

/// The competencies that were asked for, each once and in that order: those that the caller may see, or a refusal that
/// names the others.
pub(super) async fn wanted(look: &Look, user: UserId, ids: &[CompetencyId]) -> Result<Vec<Wanted>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT c.id, c.parent_id, c.rule, c.code, c.name, c.path, c.framework_id, f.scale, u.calculation \
         FROM \"competency\" c JOIN \"competency_framework\" f ON f.id = c.framework_id AND f.deleted_at IS NULL",
    );
    standing(&mut sql, look, user);
    sql.push("c.id").among(Arg::Uuids(ids.iter().map(|id| id.0).collect())).push(" AND ");
    sql.visible(shape("Competency"), "c", &look.who);
    let found = look.rows::<Wanted>(&sql).await?;
    let (mut all, mut unknown, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for (place, id) in ids.iter().enumerate() {
        match found.iter().find(|one| one.id == *id) {
            Some(one) if seen.insert(one.id) => all.push(one.clone()),
            Some(_) => {}
            None => unknown.push(FieldError::new(
                format!("/competencyIds/{place}"),
                Code::ReferenceUnknown.as_str(),
                "There is no such competency.",
            )),
        }
    }
    if unknown.is_empty() { Ok(all) } else { Err(Error::fields(Code::ReferenceUnknown, unknown)) }
}

/// What stands below the competencies that follow from what is below them; nothing is asked when none does.
pub(super) async fn below(look: &Look, user: UserId, wanted: &[Wanted]) -> Result<Vec<Below>> {
    let follow: Vec<&Wanted> = wanted.iter().filter(|one| one.rule != CompetencyRule::None).collect();
    if follow.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = look.sql();
    sql.push("SELECT c.id, c.parent_id, c.rule, c.framework_id, u.calculation FROM \"competency\" c");
    standing(&mut sql, look, user);
    sql.push("(c.organization_id = ")
        .bind(Arg::Uuid(look.who.organization.0))
        .push(" OR c.organization_id IS NULL) AND (");
    for (place, one) in follow.iter().enumerate() {
        // Text compares by bytes: what begins with `path/` stands between that and the byte after the stroke.
        sql.push(if place > 0 { " OR (c.framework_id = " } else { "(c.framework_id = " });
        sql.bind(Arg::Uuid(one.framework_id.0)).push(" AND c.path > ").bind(Arg::Text(format!("{}/", one.path)));
        sql.push(" AND c.path < ").bind(Arg::Text(format!("{}0", one.path))).push(")");
    }
    sql.push(")");
    let all = look.rows::<Below>(&sql).await?;
    Ok(all.into_iter().filter(|one| wanted.iter().all(|known| known.id != one.id)).collect())
}
