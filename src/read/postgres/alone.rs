//! Statements that need nothing from the level above: what was to be the ids of its rows becomes the question itself.

use std::{borrow::Cow, fmt::Write as _};

use crate::read::{
    compile::Level,
    sql::{Arg, Sql},
};

/// A level's statement and its count, each with the levels above written into it.
pub(super) type Alone<'a> = (Cow<'a, Sql>, Option<Cow<'a, Sql>>);

/// The statements of every level, so that all can be sent at once. The levels above are asked again inside those below,
/// of which PostgreSQL computes no column but the one that is needed: a page is short, and a round trip is long.
pub(super) fn stands_alone(levels: &[Level]) -> Vec<Alone<'_>> {
    let mut alone: Vec<Alone<'_>> = Vec::with_capacity(levels.len());
    for level in levels {
        let (sql, total) = match level.parent {
            None => (Cow::Borrowed(&level.sql), level.total.as_ref().map(Cow::Borrowed)),
            Some((above, column)) => {
                let parent = &alone[above].0;
                let total = level.total.as_ref().map(|total| Cow::Owned(inside(total, parent, column)));
                (Cow::Owned(inside(&level.sql, parent, column)), total)
            }
        };
        alone.push((sql, total));
    }
    alone
}

/// The statement with its parents' ids asked for inside.
fn inside(sql: &Sql, parent: &Sql, column: usize) -> Sql {
    let Some(place) = sql.args.iter().position(|arg| *arg == Arg::Parents) else { return sql.clone() };
    let marker = format!("${}::uuid[]", place + 1);
    let Some((before, after)) = sql.text.split_once(&marker) else { return sql.clone() };
    let mut args = sql.args.clone();
    let mut text = String::with_capacity(sql.text.len() + parent.text.len() + 64);
    let _ = write!(text, "{before}ARRAY(SELECT c{column} FROM (");
    // The place that the ids had is taken by the parent's first argument; the others follow all of the child's.
    let own = args.len();
    renumbered(&parent.text, &mut text, |number| if number == 1 { place + 1 } else { own + number - 1 });
    let mut inner = parent.args.iter().cloned();
    if let Some(first) = inner.next() {
        args[place] = first;
    }
    args.extend(inner);
    let _ = write!(text, ") above){after}");
    Sql { text, args, dialect: sql.dialect }
}

/// Copies a statement with other numbers for its arguments. Values are never in the text: every `$` is an argument.
fn renumbered(sql: &str, out: &mut String, number: impl Fn(usize) -> usize) {
    let mut parts = sql.split('$');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let end = part.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(part.len());
        let (digits, rest) = part.split_at(end);
        let _ = write!(out, "${}{rest}", digits.parse().map_or(0, &number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::sql::Dialect;

    #[test]
    fn the_question_above_takes_the_place_of_its_answer() {
        let mut parent = Sql::new(Dialect::Postgres);
        parent.push("SELECT id AS c0 FROM a WHERE x = ").bind(Arg::Int(7)).push(" LIMIT ").bind(Arg::Int(3));
        let mut child = Sql::new(Dialect::Postgres);
        child.push("SELECT * FROM b WHERE y = ").bind(Arg::Int(1)).push(" AND z").among(Arg::Parents);
        child.push(" AND w = ").bind(Arg::Int(2));
        let alone = inside(&child, &parent, 0);
        insta::assert_snapshot!(alone.text, @"SELECT * FROM b WHERE y = $1 AND z = ANY(ARRAY(SELECT c0 FROM (SELECT id AS c0 FROM a WHERE x = $2 LIMIT $4) above)) AND w = $3");
        assert_eq!(alone.args, [Arg::Int(1), Arg::Int(7), Arg::Int(2), Arg::Int(3)]);
    }
}
