//! Keyset paging in SQL: the order of a walk, and the condition that a row stands beyond a mark.
//!
//! Both are written so that an index of the tenant and the first key is walked, from the mark on: PostgreSQL does not know
//! that a column without nulls has them wherever one likes, and neither database makes a range of conditions with OR.

use super::{
    cell::Cell,
    plan::{Slice, Sort},
    shape::Shape,
    sql::{Arg, Sql},
};

/// A key of an order.
struct Key<'a> {
    column: &'a str,
    descending: bool,
    nullable: bool,
}

/// The keys of an order with the tie breaker.
fn keys<'a>(shape: &'a Shape, order: &'a [Sort]) -> impl Iterator<Item = Key<'a>> {
    let own = order.iter().map(|sort| Key {
        column: sort.column,
        descending: sort.descending,
        nullable: shape.leaf(sort.leaf).is_none_or(|leaf| leaf.nullable),
    });
    // The tie breaker follows the direction of the first key, as people expect of "newest first".
    let down = order.first().is_some_and(|sort| sort.descending);
    own.chain([Key { column: shape.tie.0, descending: down, nullable: false }])
}

/// Adds the order of a walk.
pub(super) fn order_by(sql: &mut Sql, shape: &Shape, slice: &Slice) {
    for (place, key) in keys(shape, &slice.order).enumerate() {
        sql.push(if place == 0 { "" } else { ", " }).column("t0", key.column);
        sql.push(if key.descending == slice.backward { " ASC" } else { " DESC" });
        if key.nullable {
            // Nulls stand last in the order, so a walk from its end meets them first.
            sql.push(if slice.backward { " NULLS FIRST" } else { " NULLS LAST" });
        }
    }
}

/// Adds the condition that a row stands after (`past`) or before a mark, nulls standing last.
pub(super) fn beyond(sql: &mut Sql, shape: &Shape, order: &[Sort], mark: &[Cell], past: bool) {
    let keys: Vec<Key<'_>> = keys(shape, order).collect();
    let down = keys.first().is_some_and(|key| key.descending);
    let values: Option<Vec<Arg>> = mark.iter().map(arg).collect();
    match values.filter(|values| values.len() == keys.len()) {
        Some(values) if keys.iter().all(|key| !key.nullable && key.descending == down) => {
            as_one(sql, &keys, values, past);
        }
        _ => key_by_key(sql, &keys, mark, past),
    }
}

/// All keys run one way and none is ever null: they compare as one.
fn as_one(sql: &mut Sql, keys: &[Key<'_>], values: Vec<Arg>, past: bool) {
    let down = keys.first().is_some_and(|key| key.descending);
    let listed = |sql: &mut Sql, place: usize| _ = sql.push(if place == 0 { "(" } else { ", " });
    for (place, key) in keys.iter().enumerate() {
        listed(sql, place);
        sql.column("t0", key.column);
    }
    sql.push(if down == past { ") < " } else { ") > " });
    for (place, value) in values.into_iter().enumerate() {
        listed(sql, place);
        sql.bind(value);
    }
    sql.push(")");
}

/// Beyond in the first key, or equal in it and beyond in the next, and so on.
fn key_by_key(sql: &mut Sql, keys: &[Key<'_>], mark: &[Cell], past: bool) {
    sql.push("(");
    if let (Some(first), Some(value)) = (keys.first(), mark.first().and_then(arg))
        && (!first.nullable || !past)
    {
        // It follows from the rest, and is a range.
        sql.column("t0", first.column).push(if first.descending == past { " <= " } else { " >= " }).bind(value);
        sql.push(" AND (");
    } else {
        sql.push("(");
    }
    for place in 0..keys.len() {
        sql.push(if place == 0 { "(" } else { " OR (" });
        for (key, cell) in keys.iter().zip(mark).take(place) {
            match arg(cell) {
                Some(arg) => sql.column("t0", key.column).push(" = ").bind(arg),
                None => sql.column("t0", key.column).push(" IS NULL"),
            };
            sql.push(" AND ");
        }
        strictly(sql, &keys[place], mark.get(place).unwrap_or(&Cell::Null), past);
        sql.push(")");
    }
    sql.push("))");
}

/// Adds that one key stands strictly after or before a value.
fn strictly(sql: &mut Sql, key: &Key<'_>, cell: &Cell, past: bool) {
    let (sign, other) = if key.descending == past { (" < ", " >= ") } else { (" > ", " <= ") };
    match (arg(cell), past) {
        (None, true) => sql.push("1 = 0"),
        (None, false) => sql.column("t0", key.column).push(" IS NOT NULL"),
        // Not up to the value: beyond it, or null. Said with OR, SQLite would find both by an index each, and sort them all.
        (Some(arg), true) if key.nullable => {
            sql.push("(").column("t0", key.column).push(other).bind(arg).push(") IS NOT TRUE")
        }
        (Some(arg), _) => sql.column("t0", key.column).push(sign).bind(arg),
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
