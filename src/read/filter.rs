//! Filters of lists: from the JSON that both faces make, by what the shape declares, to conditions on columns.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{decimal::Decimal, id::decode_as, kind::Kind};
use serde_json::{Map, Value};

use super::{
    cell::{Cell, Store},
    shape::{Leaf, NamedList, Shape, Veil, Veiled},
    sql::{Arg, Sql},
};
use crate::domain::{
    caller::Caller,
    clock,
    error::{Code, Error, FieldError, Result},
};

/// How many values one filter names at most.
pub const VALUES_MAX: usize = 100;
/// How long a search is at most, in characters.
pub const SEARCH_MAX: usize = 200;

/// A condition on a row.
#[derive(Clone, Debug)]
pub enum Condition {
    /// The column is one of the values.
    Among(&'static str, Arg),
    /// The same, as others than one person read the column.
    Veiled(&'static str, Veil, Arg),
    /// The column compares so with the value.
    Compare(&'static str, Comparison, Arg),
    /// The folded column contains the folded text.
    Contains(&'static str, String),
    /// The column holds nothing, or something.
    Without(&'static str, bool),
    /// The row stands in the list.
    Listed(&'static NamedList),
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Greater.
    Gt,
    /// Greater or equal.
    Gte,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
}

impl Comparison {
    /// Every comparison with its name.
    pub const ALL: [(&'static str, Self); 4] =
        [("gt", Self::Gt), ("gte", Self::Gte), ("lt", Self::Lt), ("lte", Self::Lte)];

    const fn operator(self) -> &'static str {
        match self {
            Self::Gt => " > ",
            Self::Gte => " >= ",
            Self::Lt => " < ",
            Self::Lte => " <= ",
        }
    }
}

/// Whether a leaf is filtered by a range rather than by a list of values.
#[must_use]
pub const fn is_range(kind: Kind) -> bool {
    matches!(kind, Kind::Time | Kind::Date | Kind::Int { .. } | Kind::Decimal)
}

/// Reads `filter`: the conditions, and whether only deleted rows are asked for.
///
/// # Errors
/// `BAD_INPUT` naming every member that is wrong.
pub fn read(shape: &'static Shape, filter: Option<&Value>) -> Result<(Vec<Condition>, bool)> {
    let none = Map::new();
    let filter = filter.and_then(Value::as_object).unwrap_or(&none);
    let (mut conditions, mut deleted, mut wrong) = (Vec::new(), false, Vec::new());
    for (name, value) in filter.iter().filter(|(_, value)| !value.is_null()) {
        let pointer = format!("/filter/{name}");
        match (name.as_str(), shape.leaf(name).filter(|leaf| leaf.filter)) {
            ("deleted", None) if shape.deletable => match value.as_bool() {
                Some(yes) => deleted = yes,
                None => wrong.push(bad(pointer, "must be true or false")),
            },
            ("q", None) if shape.search.is_some() => match (shape.search, value.as_str().and_then(folded)) {
                (Some(column), Some(text)) => conditions.push(Condition::Contains(column, text)),
                _ => wrong.push(bad(pointer, "must be a text of 1 to 200 characters")),
            },
            (_, Some(leaf)) => match conditions_of(leaf, value) {
                Ok(more) => conditions.extend(more),
                Err(why) => wrong.push(bad(pointer, why)),
            },
            _ => wrong.push(bad(pointer, "is not something this list is filtered by")),
        }
    }
    if wrong.is_empty() { Ok((conditions, deleted)) } else { Err(Error::fields(Code::BadInput, wrong)) }
}

fn bad(pointer: String, why: &str) -> FieldError {
    let name = pointer.rsplit('/').next().unwrap_or_default().to_owned();
    FieldError::new(pointer, Code::BadInput.as_str(), format!("{name} {why}."))
}

fn folded(text: &str) -> Option<String> {
    let folded = text.trim().to_lowercase();
    (!folded.is_empty() && folded.chars().count() <= SEARCH_MAX && !folded.contains('\0')).then_some(folded)
}

fn conditions_of(leaf: &'static Leaf, value: &Value) -> Result<Vec<Condition>, &'static str> {
    if let Some(column) = leaf.without {
        return Ok(vec![Condition::Without(column, value.as_bool().ok_or("must be true or false")?)]);
    }
    let column = leaf.column().ok_or("is computed")?;
    if is_range(leaf.kind) {
        let range = value.as_object().ok_or("takes gt, gte, lt and lte")?;
        return range
            .iter()
            .filter(|(_, bound)| !bound.is_null())
            .map(|(name, bound)| {
                let comparison =
                    Comparison::ALL.iter().find(|(known, _)| known == name).ok_or("takes gt, gte, lt and lte")?;
                let bound = one(leaf.kind, bound).ok_or("has a bound that is not of its kind")?;
                Ok(Condition::Compare(column, comparison.1, bound))
            })
            .collect();
    }
    if matches!(leaf.kind, Kind::Bool) {
        return Ok(vec![Condition::Among(column, Arg::Bool(value.as_bool().ok_or("must be true or false")?))]);
    }
    let values = value.as_array().ok_or("takes a list of values")?;
    if values.len() > VALUES_MAX {
        return Err("names more than 100 values");
    }
    let args: Vec<Arg> = values
        .iter()
        .map(|v| one(leaf.kind, v))
        .collect::<Option<_>>()
        .ok_or("names a value that is not of its kind")?;
    let among = together(Store::of(leaf.kind), args);
    Ok(vec![match leaf.veil {
        Some(veil) => Condition::Veiled(column, veil, among),
        None => Condition::Among(column, among),
    }])
}

/// The values of a list as one argument.
fn together(store: Store, args: Vec<Arg>) -> Arg {
    match store {
        Store::Uuid => Arg::Uuids(
            args.into_iter().filter_map(|arg| if let Arg::Uuid(id) = arg { Some(id) } else { None }).collect(),
        ),
        Store::Int => {
            Arg::Ints(args.into_iter().filter_map(|arg| if let Arg::Int(n) = arg { Some(n) } else { None }).collect())
        }
        _ => Arg::Texts(
            args.into_iter().filter_map(|arg| if let Arg::Text(text) = arg { Some(text) } else { None }).collect(),
        ),
    }
}

/// One value as an argument of its kind.
fn one(kind: Kind, value: &Value) -> Option<Arg> {
    Some(match kind {
        Kind::Id(prefix) => Arg::Uuid(decode_as(prefix, value.as_str()?).ok()?),
        Kind::Word(words) => {
            let word = value.as_str()?;
            words.words.iter().any(|known| known.name == word).then(|| Arg::Text(word.to_owned()))?
        }
        Kind::Text { .. } => {
            Arg::Text(value.as_str().filter(|text| !text.contains('\0') && text.len() <= 4000)?.to_owned())
        }
        Kind::Int { .. } => Arg::Int(value.as_i64()?),
        Kind::Decimal => Arg::Int(value.as_str()?.parse::<Decimal>().ok()?.millionths()),
        Kind::Bool => Arg::Bool(value.as_bool()?),
        Kind::Time => Arg::Time(time(value.as_str()?)?),
        Kind::Date => Arg::Date(date(value.as_str()?)?),
        Kind::Object(_) | Kind::List { .. } | Kind::Json | Kind::Document(_) => return None,
    })
}

/// A moment in RFC 3339 as both databases hold it: to the microsecond, and a leap second as the one after it.
#[must_use]
pub fn time(text: &str) -> Option<DateTime<Utc>> {
    let at = clock::whole(DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc));
    let year = chrono::Datelike::year(&at);
    (1..=9999).contains(&year).then_some(at)
}

/// A day that both databases can hold, in the one form `YYYY-MM-DD`.
#[must_use]
pub fn date(text: &str) -> Option<NaiveDate> {
    let day = text.parse::<NaiveDate>().ok()?;
    (text.len() == 10 && (1..=9999).contains(&chrono::Datelike::year(&day))).then_some(day)
}

impl Condition {
    /// The list that it keeps to, if it is that.
    #[must_use]
    pub const fn list(&self) -> Option<&'static NamedList> {
        match self {
            Self::Listed(list) => Some(list),
            Self::Among(..) | Self::Veiled(..) | Self::Compare(..) | Self::Contains(..) | Self::Without(..) => None,
        }
    }

    /// Adds the condition on the row `alias`.
    pub fn write(&self, sql: &mut Sql, alias: &str, who: &Caller) {
        match self {
            Self::Among(column, arg @ (Arg::Uuids(_) | Arg::Texts(_) | Arg::Ints(_))) => {
                sql.column(alias, column).among(arg.clone());
            }
            Self::Among(column, arg) => {
                sql.column(alias, column).push(" = ").bind(arg.clone());
            }
            Self::Veiled(column, veil, arg) => veiled(sql, alias, (column, *veil, arg), who),
            Self::Compare(column, comparison, arg) => {
                sql.column(alias, column).push(comparison.operator()).bind(arg.clone());
            }
            Self::Contains(column, text) => {
                let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
                sql.column(alias, column).push(" LIKE ").bind(Arg::Text(format!("%{escaped}%"))).push(" ESCAPE '\\'");
            }
            Self::Without(column, nothing) => {
                sql.column(alias, column).push(if *nothing { " IS NULL" } else { " IS NOT NULL" });
            }
            Self::Listed(list) => {
                sql.rule(&list.whole().settled(who), alias, who);
            }
        }
    }
}

/// Adds that a column is one of the values as the caller reads it: so that an index finds what it says.
fn veiled(sql: &mut Sql, alias: &str, (column, veil, arg): (&str, Veil, &Arg), who: &Caller) {
    let kept = |sql: &mut Sql| match veil.of {
        Veiled::True(of) => _ = sql.column(alias, of),
        Veiled::Are(words) => {
            sql.push("1 = 1");
            for (of, word) in words {
                sql.push(" AND ").column(alias, of).push(" = ").bind(Arg::Text((*word).to_owned()));
            }
        }
    };
    let own = |sql: &mut Sql| match veil.me(who.user()) {
        Some(Cell::Uuid(id)) => _ = sql.column(alias, veil.person.0).push(" = ").bind(Arg::Uuid(id)),
        Some(Cell::Text(id)) => _ = sql.column(alias, veil.person.0).push(" = ").bind(Arg::Text(id)),
        _ => _ = sql.push("1 = 0"),
    };
    sql.push("((").column(alias, column).among(arg.clone()).push(" AND (NOT (");
    kept(sql);
    sql.push(") OR ");
    own(sql);
    sql.push("))");
    let instead = veil.instead.is_some_and(|word| matches!(arg, Arg::Texts(all) if all.iter().any(|one| one == word)));
    if instead {
        sql.push(" OR ((");
        kept(sql);
        sql.push(") AND NOT (");
        own(sql);
        sql.push("))");
    }
    sql.push(")");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_one_that_both_databases_hold() {
        for (told, is) in [
            ("2026-11-25T11:00:00.1234567+01:00", Some("2026-11-25T10:00:00.123456Z")),
            ("2016-12-31T23:59:60Z", Some("2017-01-01T00:00:00.000000Z")),
            ("2026-11-25T10:00:60.5Z", Some("2026-11-25T10:01:00.500000Z")),
            ("9999-12-31T23:59:59Z", Some("9999-12-31T23:59:59.000000Z")),
            ("9999-12-31T23:59:60Z", None),
            ("0000-12-31T23:59:59Z", None),
            ("2026-11-25T10:00:61Z", None),
        ] {
            assert_eq!(time(told).map(clock::rfc3339).as_deref(), is, "{told}");
        }
    }
}
