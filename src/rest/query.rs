//! Query strings: to the arguments that reads take, and to what an answer shows.
//!
//! What is unknown, given twice or malformed is refused by the parameter's name. What a value may be is said once, by
//! the filters of `read`; here it only gets its JSON type.

pub mod show;

use entity::{
    kind::{Kind, Object},
    vocabulary,
};
use serde_json::{Map, Value, json};

pub use show::Show;
use show::Words;

use crate::{
    domain::error::{Code, Error, FieldError, Result},
    percent::decode,
    read::{
        filter::{self, Comparison, is_range},
        plan::{COUNT_MAX, Count, Slice},
        shape::{Leaf, NamedList, Shape},
    },
};

/// How many keys sort a list at most.
pub const SORT_MAX: usize = 3;

/// What the query of a list asks for.
#[derive(Debug)]
pub struct ListQuery {
    /// Which part of the list.
    pub slice: Slice,
    /// Whether to count it, and how far.
    pub count: Option<Count>,
    /// What to show of each object.
    pub show: Show,
}

/// A parameter as it was sent.
struct Pair<'a> {
    name: String,
    raw: &'a str,
}

/// Reads the query of a list.
///
/// # Errors
/// `BAD_INPUT` and `CURSOR_INVALID`, naming the parameter.
pub fn list(of: &'static Shape, named: Option<&'static NamedList>, query: &str) -> Result<ListQuery> {
    let (mut args, mut filter, mut equal) = (Map::new(), Map::new(), Map::new());
    let (mut count, mut words) = (None, Words::default());
    for pair in pairs(query)? {
        match pair.name.as_str() {
            "first" | "last" => _ = args.insert(pair.name.clone(), pair.number()?.into()),
            "after" | "before" => _ = args.insert(pair.name.clone(), pair.text()?.into()),
            "sort" => _ = args.insert("orderBy".to_owned(), sort(of, &pair)?),
            "count" => count = pair.count()?,
            _ if words.take(of, &pair)? => {}
            "deleted" if of.deletable => _ = filter.insert(pair.name.clone(), pair.yes_or_no()?.into()),
            "q" if of.search.is_some() => _ = filter.insert(pair.name.clone(), pair.text()?.into()),
            _ => filtered(of, &pair, &mut filter, &mut equal)?,
        }
    }
    args.insert("filter".to_owned(), filter.into());
    let mut slice = Slice::read_as(of, named, &args).map_err(by_parameter)?;
    slice.conditions.extend(filter::read(of, Some(&equal.into())).map_err(by_parameter)?.0);
    Ok(ListQuery { slice, count, show: words.show(of)? })
}

/// Reads the query of what answers with an object, and takes only what says what to show of it. The version is always
/// shown: the object's tag begins with it.
///
/// # Errors
/// `BAD_INPUT`, naming the parameter.
pub fn object(of: &'static Shape, query: &str) -> Result<Show> {
    let mut words = Words::default();
    for pair in pairs(query)? {
        if !words.take(of, &pair)? {
            return Err(unknown(&pair.name));
        }
    }
    Ok(words.show(of)?.with_version(of))
}

/// Reads what a computed answer takes, each member as a parameter.
///
/// # Errors
/// `BAD_INPUT`, naming the parameter.
pub fn question(takes: &Object, query: &str) -> Result<Value> {
    let mut out = Map::new();
    for pair in pairs(query)? {
        let field = takes.fields.iter().find(|field| field.name == pair.name).ok_or_else(|| unknown(&pair.name))?;
        let value = match field.kind {
            Kind::Int { .. } => json!(pair.number()?),
            Kind::Bool => json!(pair.yes_or_no()?),
            Kind::List { of: Kind::Text { .. }, .. } => json!(pair.texts()?),
            Kind::List { .. } => json!(pair.words()?),
            // In an address, a word may be written as one writes there.
            Kind::Word(words) => json!(spelled(pair.text()?, words)),
            _ => json!(pair.text()?),
        };
        out.insert(pair.name, value);
    }
    Ok(Value::Object(out))
}

/// A word as its vocabulary has it: `companyKind`, `company-kind` and `company_kind` are `COMPANY_KIND`.
fn spelled(text: String, words: &vocabulary::Words) -> String {
    let mut known = String::with_capacity(text.len() + 2);
    let camel = text.contains(char::is_lowercase);
    for letter in text.chars() {
        if camel && letter.is_ascii_uppercase() {
            known.push('_');
        }
        known.push(if letter == '-' { '_' } else { letter.to_ascii_uppercase() });
    }
    let has = |name: &str| words.words.iter().any(|word| word.name == name);
    if has(&text) || !has(&known) { text } else { known }
}

/// Refuses every parameter.
///
/// # Errors
/// `BAD_INPUT`, naming the parameter.
pub fn none(query: &str) -> Result<()> {
    pairs(query)?.first().map_or(Ok(()), |pair| Err(unknown(&pair.name)))
}

/// The words that `sort` takes of a shape, ascending.
pub fn sort_names(of: &Shape) -> impl Iterator<Item = &str> {
    of.leaves.iter().filter(|leaf| leaf.sort && leaf.column().is_some()).map(|leaf| leaf.name.as_str())
}

fn pairs(query: &str) -> Result<Vec<Pair<'_>>> {
    let mut out: Vec<Pair<'_>> = Vec::new();
    for piece in query.split('&').filter(|piece| !piece.is_empty()) {
        let (name, raw) = piece.split_once('=').unwrap_or((piece, ""));
        let name = decode(name, true).ok_or_else(|| bad("", "is not percent-encoded UTF-8"))?;
        if out.iter().any(|known| known.name == name) {
            return Err(bad(&name, "is given twice; several values are separated by commas"));
        }
        out.push(Pair { name, raw });
    }
    Ok(out)
}

impl Pair<'_> {
    fn text(&self) -> Result<String> {
        decode(self.raw, true).ok_or_else(|| bad(&self.name, "is not percent-encoded UTF-8"))
    }

    fn number(&self) -> Result<i64> {
        let text = self.text()?;
        let digits = text.strip_prefix('-').unwrap_or(&text);
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        // What JavaScript holds exactly, as the document says.
        let exact = |number: &i64| number.unsigned_abs() < 1 << 53;
        text.parse()
            .ok()
            .filter(|number| plain && exact(number))
            .ok_or_else(|| bad(&self.name, "must be a whole number"))
    }

    fn yes_or_no(&self) -> Result<bool> {
        match self.text()?.as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(bad(&self.name, "must be true or false")),
        }
    }

    /// Whether to count, and how far.
    fn count(&self) -> Result<Option<Count>> {
        match self.text()?.as_str() {
            "true" => Ok(Some(Count::All)),
            "false" => Ok(None),
            _ => match self.number().ok().and_then(Count::at_most) {
                None => Err(bad(&self.name, &format!("must be true, false or a whole number from 1 to {COUNT_MAX}"))),
                count => Ok(count),
            },
        }
    }

    /// Values between commas that may themselves hold none: however they were encoded.
    fn words(&self) -> Result<Vec<String>> {
        Ok(self.text()?.split(',').map(str::to_owned).collect())
    }

    /// Values between commas that may hold some, encoded.
    fn texts(&self) -> Result<Vec<String>> {
        let decoded = self.raw.split(',').map(|raw| decode(raw, true).filter(|text| !text.is_empty()));
        decoded
            .collect::<Option<_>>()
            .ok_or_else(|| bad(&self.name, "takes values in percent-encoded UTF-8, none empty"))
    }
}

/// `-createdAt,title` as `orderBy` has it. A key that comes again the other way round sorts nothing more.
fn sort(of: &Shape, pair: &Pair<'_>) -> Result<Value> {
    let words = pair.words()?;
    let twice = words.iter().enumerate().any(|(place, word)| words[..place].contains(word));
    if twice || words.len() > SORT_MAX {
        return Err(bad(&pair.name, "takes at most three different keys"));
    }
    let (mut keys, mut seen): (Vec<Value>, Vec<String>) = (Vec::new(), Vec::new());
    for word in words {
        let (name, direction) = word.strip_prefix('-').map_or((word.as_str(), "ASC"), |name| (name, "DESC"));
        if !sort_names(of).any(|known| known == name) {
            return Err(bad(&pair.name, "names something that this list is not sorted by"));
        }
        if !seen.iter().any(|known| known == name) {
            let field = of.leaf(name).map(Leaf::sort_word);
            keys.push(json!({ "field": field, "direction": direction }));
            seen.push(name.to_owned());
        }
    }
    Ok(keys.into())
}

/// Reads a filter; equality of what has bounds is bounds of its own.
fn filtered(
    of: &Shape,
    pair: &Pair<'_>,
    filter: &mut Map<String, Value>,
    equal: &mut Map<String, Value>,
) -> Result<()> {
    let (name, suffix) =
        pair.name.split_once('.').map_or((pair.name.as_str(), None), |(name, rest)| (name, Some(rest)));
    let leaf = of.leaf(name).filter(|leaf| leaf.filter).ok_or_else(|| unknown(&pair.name))?;
    if is_range(leaf.kind) {
        let value = if matches!(leaf.kind, Kind::Int { .. }) { json!(pair.number()?) } else { json!(pair.text()?) };
        match suffix {
            None => _ = equal.insert(name.to_owned(), json!({ "gte": value, "lte": value })),
            Some(bound) if Comparison::ALL.iter().any(|(known, _)| *known == bound) => {
                filter.entry(name).or_insert_with(|| json!({}))[bound] = value;
            }
            Some(_) => return Err(unknown(&pair.name)),
        }
        return Ok(());
    }
    if suffix.is_some() {
        return Err(unknown(&pair.name));
    }
    let value = match leaf.kind {
        Kind::Bool => json!(pair.yes_or_no()?),
        Kind::Text { .. } => json!(pair.texts()?),
        _ => json!(pair.words()?),
    };
    filter.insert(name.to_owned(), value);
    Ok(())
}

/// The refusals of the core speak of members: here they speak of the parameters.
#[must_use]
pub fn by_parameter(error: Error) -> Error {
    if error.field_errors().is_empty() {
        return error;
    }
    let fields = error.field_errors().iter().map(|field| {
        let name = match field.pointer.trim_start_matches('/') {
            "orderBy" => "sort",
            other => other.strip_prefix("filter/").unwrap_or(other),
        };
        FieldError::new(name, field.code, field.message.clone())
    });
    let named = Error::fields(error.code(), fields.collect());
    match error.details() {
        Some(details) => named.with(details.clone()),
        None => named,
    }
}

fn unknown(name: &str) -> Error {
    bad(name, "is not a parameter of this operation")
}

fn bad(name: &str, why: &str) -> Error {
    let pointer: String = name.chars().take(100).collect();
    // A name that somebody made up may hold anything: it is for the pointer alone.
    let plain = name.len() <= 100 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    let subject = if plain && !name.is_empty() { name } else { "A parameter" };
    Error::field(Code::BadInput, &pointer, format!("{subject} {why}."))
}

#[cfg(test)]
mod tests;
