//! Open applications of searches that go on: what is to be done next is about these alone.

use entity::id::UserId;

use crate::{
    domain::look::Look,
    read::{
        shape::shape,
        sql::{Arg, Sql},
    },
};

/// Goes on with a statement behind its columns: the applications `a` of somebody, those that the caller may see, with their searches `s`
/// and their openings `p`.
pub(in crate::domain) fn from(sql: &mut Sql, look: &Look, owner: UserId) {
    let tenant = || Arg::Uuid(look.who.organization.0);
    sql.push(
        " FROM \"application\" a JOIN \"job_posting\" p ON p.id = a.posting_id AND p.deleted_at IS NULL AND p.organization_id = ",
    );
    sql.bind(tenant()).push(" JOIN \"job_search\" s ON s.id = a.job_search_id AND s.state = 'ACTIVE' AND s.deleted_at IS NULL AND s.organization_id = ");
    sql.bind(tenant())
        .push(" WHERE a.deleted_at IS NULL AND a.outcome IS NULL AND a.owner_id = ")
        .bind(Arg::Uuid(owner.0))
        .push(" AND ")
        .visible(shape("Application"), "a", &look.who);
}
