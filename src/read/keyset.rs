//! Keyset paging in SQL: the order of a walk, and the condition that a row stands beyond a mark.

use super::{
    cell::Cell,
    plan::{Slice, Sort},
    shape::Shape,
    sql::{Arg, Sql},
};

/// The keys of an order with the tie breaker, each with whether it descends on this walk.
fn keys<'a>(shape: &'a Shape, slice: &'a Slice) -> impl Iterator<Item = (&'a str, bool)> {
    let own = slice.order.iter().map(|sort| (sort.column, sort.descending));
    // The tie breaker follows the direction of the first key, as people expect of "newest first".
    let down = slice.order.first().is_some_and(|sort| sort.descending);
    own.chain([(shape.tie.0, down)])
}

/// Adds the order of a walk.
pub(super) fn order_by(sql: &mut Sql, shape: &Shape, slice: &Slice) {
    for (place, (column, descending)) in keys(shape, slice).enumerate() {
        sql.push(if place == 0 { "" } else { ", " }).column("t0", column);
        // Nulls stand last in the order, so a walk from its end meets them first.
        sql.push(if descending == slice.backward { " ASC" } else { " DESC" });
        sql.push(if slice.backward { " NULLS FIRST" } else { " NULLS LAST" });
    }
}

/// Adds the condition that a row stands after (`past`) or before a mark, nulls standing last.
pub(super) fn beyond(sql: &mut Sql, shape: &Shape, order: &[Sort], mark: &[Cell], past: bool) {
    let down = order.first().is_some_and(|sort| sort.descending);
    let keys: Vec<(&str, bool)> =
        order.iter().map(|sort| (sort.column, sort.descending)).chain([(shape.tie.0, down)]).collect();
    sql.push("(");
    for place in 0..keys.len() {
        sql.push(if place == 0 { "(" } else { " OR (" });
        for ((column, _), cell) in keys.iter().zip(mark).take(place) {
            match arg(cell) {
                Some(arg) => sql.column("t0", column).push(" = ").bind(arg),
                None => sql.column("t0", column).push(" IS NULL"),
            };
            sql.push(" AND ");
        }
        let (column, descending) = keys[place];
        strictly(sql, column, descending, mark.get(place).unwrap_or(&Cell::Null), past);
        sql.push(")");
    }
    sql.push(")");
}

/// Adds that one key stands strictly after or before a value.
fn strictly(sql: &mut Sql, column: &str, descending: bool, cell: &Cell, past: bool) {
    match (arg(cell), past) {
        (None, true) => sql.push("1 = 0"),
        (None, false) => sql.column("t0", column).push(" IS NOT NULL"),
        (Some(arg), true) => {
            sql.push("(").column("t0", column).push(if descending { " < " } else { " > " }).bind(arg);
            sql.push(" OR ").column("t0", column).push(" IS NULL)")
        }
        (Some(arg), false) => sql.column("t0", column).push(if descending { " > " } else { " < " }).bind(arg),
    };
}

fn arg(cell: &Cell) -> Option<Arg> {
    Some(match cell {
        Cell::Null => return None,
        Cell::Uuid(value) => Arg::Uuid(*value),
        Cell::Text(value) => Arg::Text(value.clone()),
        Cell::Int(value) => Arg::Int(*value),
        Cell::Bool(value) => Arg::Bool(*value),
        Cell::Time(value) => Arg::Time(*value),
        Cell::Date(value) => Arg::Date(*value),
    })
}
