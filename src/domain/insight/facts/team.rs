//! With whom somebody finished projects, as far as the caller may see these.

use entity::platform::user;
use sea_orm::FromQueryResult;

use crate::{
    domain::{error::Result, look::Look},
    read::{shape::shape, sql::Arg},
};

/// The projects that somebody finished, counted.
#[derive(Clone, Copy, Debug, Default, FromQueryResult)]
pub(in crate::domain::insight) struct Finished {
    /// All of them.
    pub all: i64,
    /// Those that others were in, too.
    pub with_others: i64,
}

/// Counts them.
pub(super) async fn load(look: &Look, person: &user::Model) -> Result<Finished> {
    let mut sql = look.sql();
    sql.push(
        "SELECT CAST(COUNT(*) AS BIGINT) AS \"all\", CAST(COUNT(CASE WHEN EXISTS (SELECT 1 FROM \"project_member\" m \
         WHERE m.project_id = p.id AND m.deleted_at IS NULL) THEN 1 END) AS BIGINT) AS with_others \
         FROM \"project\" p WHERE p.status = 'COMPLETED' AND p.deleted_at IS NULL AND p.owner_id = ",
    );
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("Project"), "p", &look.who);
    Ok(look.row(&sql).await?.unwrap_or_default())
}
