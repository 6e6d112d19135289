//! The statements of an answer as one: each level is computed once, and those below ask it for the ids of its rows.

use std::fmt::Write as _;

use crate::read::{
    cell::Store,
    sql::{Arg, Dialect, Sql},
};

/// A statement that is a part of an answer.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    /// What it asks.
    pub(super) sql: &'a Sql,
    /// How its columns are stored.
    pub(super) stores: &'a [Store],
    /// The part before it, and the column there, whose values are its parents.
    pub(super) parent: Option<(usize, usize)>,
}

/// The statement that asks everything: its rows are the number of a part and a row of it, part by part.
pub(super) fn whole(parts: &[Part<'_>]) -> Sql {
    let mut sql = Sql::new(Dialect::Postgres);
    sql.text.reserve(parts.iter().map(|part| part.sql.text.len() + 96).sum());
    for (place, part) in parts.iter().enumerate() {
        let _ = write!(sql.text, "{} p{place} AS MATERIALIZED (", if place == 0 { "WITH" } else { ")," });
        within(part, &mut sql);
    }
    for place in 0..parts.len() {
        // A part's rows come in its order: what is materialized is read as it was written.
        let _ =
            write!(sql.text, "{}SELECT {place}, p{place} FROM p{place}", if place == 0 { ") " } else { " UNION ALL " });
    }
    sql
}

/// Adds a part's text with its arguments numbered on; the ids of its parents are asked for where they stand.
fn within(part: &Part<'_>, sql: &mut Sql) {
    // Values are never in the text: every `$` is an argument.
    let mut pieces = part.sql.text.split('$');
    sql.text.push_str(pieces.next().unwrap_or_default());
    // Arguments that stood for parents are not sent: those behind them move up.
    let mut numbers = Vec::with_capacity(part.sql.args.len());
    for arg in &part.sql.args {
        if *arg != Arg::Parents {
            sql.args.push(arg.clone());
        }
        numbers.push((*arg != Arg::Parents).then_some(sql.args.len()));
    }
    for piece in pieces {
        let end = piece.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(piece.len());
        let (digits, rest) = piece.split_at(end);
        let number = digits.parse::<usize>().ok().and_then(|number| numbers.get(number.checked_sub(1)?).copied());
        let _ = match (number.flatten(), part.parent) {
            (Some(number), _) => write!(sql.text, "${number}{rest}"),
            (None, Some((above, column))) => write!(sql.text, "ARRAY(SELECT c{column} FROM p{above}){rest}"),
            (None, None) => write!(sql.text, "NULL{rest}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_below_ask_those_above_for_the_ids_of_their_rows() {
        let mut above = Sql::new(Dialect::Postgres);
        above.push("SELECT id AS c0 FROM a WHERE x = ").bind(Arg::Int(7)).push(" LIMIT ").bind(Arg::Int(3));
        let mut below = Sql::new(Dialect::Postgres);
        below.push("SELECT * FROM b WHERE y = ").bind(Arg::Int(1)).push(" AND z").among(Arg::Parents);
        below.push(" AND w = ").bind(Arg::Int(2));
        let part = |sql, parent| Part { sql, stores: &[], parent };
        let all = whole(&[part(&above, None), part(&below, Some((0, 0)))]);
        insta::assert_snapshot!(all.text, @"WITH p0 AS MATERIALIZED (SELECT id AS c0 FROM a WHERE x = $1 LIMIT $2), p1 AS MATERIALIZED (SELECT * FROM b WHERE y = $3 AND z = ANY(ARRAY(SELECT c0 FROM p0)::uuid[]) AND w = $4) SELECT 0, p0 FROM p0 UNION ALL SELECT 1, p1 FROM p1");
        assert_eq!(all.args, [Arg::Int(7), Arg::Int(3), Arg::Int(1), Arg::Int(2)]);
    }
}
