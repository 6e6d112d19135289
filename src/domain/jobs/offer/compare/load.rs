//! What is known around offers: three statements, however many offers there are.

use std::collections::HashMap;

use entity::id::{ApplicationId, CompetencyId, OfferId};
use sea_orm::FromQueryResult;

use crate::{
    domain::{error::Result, look::Look},
    read::{
        shape::shape,
        sql::{Arg, Sql},
    },
};

/// What is known around offers, by offer.
#[derive(Debug, Default)]
pub(super) struct Around {
    /// What the role is called, and by whom it is offered.
    pub posting: HashMap<OfferId, (String, Option<String>)>,
    /// The other applications of the same search whose results are not known.
    pub waiting: HashMap<OfferId, Vec<ApplicationId>>,
    /// What the role asks for, when that is described.
    pub taught: HashMap<OfferId, Vec<Learnt>>,
}

/// Something that a role asks for.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Learnt {
    offer_id: OfferId,
    /// The competency.
    pub competency_id: CompetencyId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether a need for it is open.
    pub needed: bool,
    /// Whether a goal asks for it.
    pub for_goal: bool,
}

#[derive(FromQueryResult)]
struct Named {
    offer_id: OfferId,
    title: String,
    company: Option<String>,
}

#[derive(FromQueryResult)]
struct Awaited {
    offer_id: OfferId,
    application_id: ApplicationId,
}

/// Loads it.
pub(super) async fn around(look: &Look, offers: &[OfferId]) -> Result<Around> {
    let ids = || Arg::Uuids(offers.iter().map(|id| id.0).collect());
    let mut around = Around::default();
    for one in look.rows::<Named>(&named(look, ids())).await? {
        around.posting.insert(one.offer_id, (one.title, one.company));
    }
    for one in look.rows::<Awaited>(&awaited(look, ids())).await? {
        around.waiting.entry(one.offer_id).or_default().push(one.application_id);
    }
    for one in look.rows::<Learnt>(&taught(look, ids())).await? {
        around.taught.entry(one.offer_id).or_default().push(one);
    }
    Ok(around)
}

fn own(look: &Look) -> Arg {
    Arg::Uuid(look.who.organization.0)
}

fn named(look: &Look, ids: Arg) -> Sql {
    let mut sql = look.sql();
    sql.push(
        "SELECT o.id AS offer_id, p.title, c.name AS company FROM \"offer\" o \
         JOIN \"application\" a ON a.id = o.application_id JOIN \"job_posting\" p ON p.id = a.posting_id \
         LEFT JOIN \"company\" c ON c.id = p.company_id AND ",
    );
    sql.visible_by_id(shape("Company"), "c", &look.who).push(" WHERE o.id").among(ids);
    sql.push(" AND o.organization_id = ").bind(own(look));
    sql
}

/// An application whose result is not known: it is open, has no offer, and they look at it, or an interview is to come or waits for its result.
fn awaited(look: &Look, ids: Arg) -> Sql {
    let mut sql = look.sql();
    sql.push(
        "SELECT o.id AS offer_id, a.id AS application_id FROM \"offer\" o \
         JOIN \"application\" a ON a.job_search_id = o.job_search_id AND a.id <> o.application_id \
         AND a.outcome IS NULL AND a.deleted_at IS NULL AND a.organization_id = o.organization_id \
         WHERE (a.stage_kind IN ('SCREENING', 'INTERVIEWING') OR EXISTS (SELECT 1 FROM \"interview\" i \
         WHERE i.application_id = a.id AND i.deleted_at IS NULL AND (i.state IN ('SCHEDULED', 'RESCHEDULED') \
         OR i.state = 'HELD' AND i.result = 'PENDING'))) \
         AND NOT EXISTS (SELECT 1 FROM \"offer\" x WHERE x.application_id = a.id AND x.deleted_at IS NULL) AND o.id",
    );
    sql.among(ids).push(" AND o.organization_id = ").bind(own(look)).push(" ORDER BY a.created_at, a.id");
    sql
}

fn taught(look: &Look, ids: Arg) -> Sql {
    let mut sql = look.sql();
    sql.push(
        "SELECT o.id AS offer_id, c.id AS competency_id, c.code, c.name, EXISTS (SELECT 1 FROM \"learning_need\" n \
         WHERE n.user_id = o.owner_id AND n.competency_id = c.id AND n.state IN ('OPEN', 'PLANNED') \
         AND n.deleted_at IS NULL AND ",
    );
    sql.visible(shape("LearningNeed"), "n", &look.who).push(
        ") AS needed, EXISTS (SELECT 1 FROM \"goal_requirement\" g JOIN \"career_goal\" k ON k.id = g.goal_id \
         AND k.deleted_at IS NULL AND k.achieved_at IS NULL AND ",
    );
    sql.visible_by_id(shape("CareerGoal"), "k", &look.who).push(
        " WHERE g.user_id = o.owner_id AND g.competency_id = c.id AND g.deleted_at IS NULL AND g.organization_id = ",
    );
    sql.bind(own(look)).push(
        ") AS for_goal FROM \"offer\" o JOIN \"application\" a ON a.id = o.application_id \
         JOIN \"job_posting\" p ON p.id = a.posting_id \
         JOIN \"role_requirement\" r ON r.role_profile_id = p.role_profile_id AND r.deleted_at IS NULL \
         JOIN \"competency\" c ON c.id = r.competency_id AND c.deleted_at IS NULL AND ",
    );
    sql.visible_by_id(shape("Competency"), "c", &look.who).push(" WHERE o.id").among(ids);
    sql.push(" AND o.organization_id = ").bind(own(look)).push(" ORDER BY c.code, c.id");
    sql
}

#[cfg(test)]
impl Learnt {
    /// Something that a role asks for, of some offer.
    pub(super) fn of(code: &str, needed: bool, for_goal: bool) -> Self {
        let (offer_id, competency_id) = (crate::domain::clock::new_id(), crate::domain::clock::new_id());
        Self { offer_id, competency_id, code: code.to_owned(), name: code.to_owned(), needed, for_goal }
    }
}
