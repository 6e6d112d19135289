//! Putting things in the order in which somebody names them.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, IntoActiveModel as _, QueryFilter as _, TryIntoModel,
    sea_query::{CaseStatement, Expr, ExprTrait as _},
};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    error::{Code, Error, Result},
    tx::{Tx, column, id_of, version_of},
    verb::Row,
};

/// Whether an order names each of those that there are once, and nothing else: `what` says what they are.
///
/// # Errors
/// `ORDER_INCOMPLETE {missing, unknown, repeated}` naming the member.
pub fn complete<I: Copy + Ord + Serialize>(named: &[I], known: &[I], (pointer, what): (&str, &str)) -> Result<()> {
    let missing: Vec<_> = known.iter().filter(|id| !named.contains(id)).collect();
    let unknown: Vec<_> = named.iter().filter(|id| !known.contains(id)).collect();
    let mut seen = BTreeSet::new();
    let repeated: Vec<_> = named.iter().filter(|id| !seen.insert(**id)).collect();
    if missing.is_empty() && unknown.is_empty() && repeated.is_empty() {
        return Ok(());
    }
    let error = Error::field(Code::OrderIncomplete, pointer, format!("An order names {what} once, and nothing else."));
    Err(error.with(json!({ "missing": missing, "unknown": unknown, "repeated": repeated })))
}

/// Puts rows that were read to be changed in other places, all in one statement: as they stand now. Each counts its version up.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn put<E: Row>(tx: &Tx, place: E::Column, moved: Vec<(E::Model, i64)>) -> Result<Vec<E::Model>>
where
    E::ActiveModel: TryIntoModel<E::Model>,
{
    if moved.is_empty() {
        return Ok(Vec::new());
    }
    let (id, version) = (column::<E>("id")?, column::<E>("version")?);
    let (updated, gone) = (column::<E>("updated_at")?, column::<E>("deleted_at")?);
    let ids = moved.iter().map(|(row, _)| id_of(row)).collect::<Result<Vec<Uuid>>>()?;
    let places = ids
        .iter()
        .zip(&moved)
        .fold(CaseStatement::new(), |places, (one, (_, place))| places.case(id.eq(*one), Expr::value(*place)));
    let update = E::update_many()
        .col_expr(place, places.into())
        .col_expr(version, Expr::col(version).add(1))
        .col_expr(updated, Expr::value(tx.now))
        .filter(column::<E>("organization_id")?.eq(tx.who.organization))
        .filter(id.is_in(ids))
        .filter(gone.is_null());
    let done = update.exec(&tx.db).await?;
    if done.rows_affected != moved.len() as u64 {
        return Err(Error::contention("rows went since they were read"));
    }
    let after = moved.into_iter().map(|(was, to)| {
        let next = version_of(&was)? + 1;
        let mut row = was.into_active_model();
        row.set(place, to.into());
        row.set(version, next.into());
        row.set(updated, tx.now.into());
        row.try_into_model().map_err(Error::internal)
    });
    after.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_names_each_once() {
        let told = |named: &[i64]| {
            complete(named, &[1, 2, 3], ("/ids", "every number")).map_err(|error| error.details().cloned())
        };
        assert_eq!(told(&[3, 1, 2]), Ok(()));
        let wrong = |missing: &[i64], unknown: &[i64], repeated: &[i64]| {
            Err(Some(json!({ "missing": missing, "unknown": unknown, "repeated": repeated })))
        };
        assert_eq!(told(&[1, 2]), wrong(&[3], &[], &[]));
        assert_eq!(told(&[1, 2, 3, 4]), wrong(&[], &[4], &[]));
        assert_eq!(told(&[1, 2, 3, 1]), wrong(&[], &[], &[1]));
    }
}
