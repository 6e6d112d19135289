//! xAPI statements (1.0.3 and 2.0) that report completions: what each means, and that it is kept like any other (story 1).

mod agent;
mod duration;
mod form;
mod lookup;
mod meaning;
mod said;
mod statement;
mod valid;

use std::{collections::HashMap, sync::Arc};

use entity::{
    id::CompletionId,
    learning::completion::{Column, Entity},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QuerySelect as _};
use serde_json::{Value, json};

use self::{meaning::Statement, valid::Findings};
use super::completion::{BATCH, batch};
use crate::domain::{
    caller::Caller,
    error::{Code, Error, Result},
    idempotency,
    policy::Action,
    verb::Done,
};

/// What is not offered, for those who ask for it.
pub const NOT_OFFERED: &str = "Cairn takes in statements about completions. The queries of xAPI, its State, Activity Profile, Agents and Agent \
                               Profile resources are not offered: what came of the statements is read at /api/v1/completions.";

/// A version of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 1.0.x.
    One,
    /// 2.0.x.
    Two,
}

impl Version {
    /// Every version that is offered, oldest first.
    pub const ALL: [Self; 2] = [Self::One, Self::Two];

    /// The version that a request names.
    ///
    /// # Errors
    /// `XAPI_VERSION_UNSUPPORTED` for another one, or none.
    pub fn read(named: Option<&str>) -> Result<Self> {
        let found = named.and_then(|named| Self::ALL.into_iter().find(|version| version.covers(named)));
        found.ok_or_else(|| {
            let known = Self::ALL.map(Self::latest);
            let detail = format!("Name the version of xAPI in X-Experience-API-Version: {} or {}.", known[0], known[1]);
            Error::new(Code::XapiVersionUnsupported, detail).with(json!({ "supported": known }))
        })
    }

    /// The latest patch of it: what answers name.
    #[must_use]
    pub const fn latest(self) -> &'static str {
        match self {
            Self::One => "1.0.3",
            Self::Two => "2.0.0",
        }
    }

    /// Whether a version is one of this line: every patch of it, known or not.
    fn covers(self, named: &str) -> bool {
        let line = &self.latest()[..3];
        named.strip_prefix(line).is_some_and(|patch| {
            patch.is_empty()
                || patch.strip_prefix('.').is_some_and(|digits| {
                    !digits.is_empty() && digits.len() <= 3 && digits.bytes().all(|digit| digit.is_ascii_digit())
                })
        })
    }
}

/// What came of statements.
#[derive(Debug)]
pub struct Taken {
    /// Their ids, in the order in which they came.
    pub ids: Vec<String>,
    /// Whether an earlier request with the same idempotency key had brought them.
    pub replayed: bool,
}

/// Takes one statement or a list of them: all or none. `place` is the id under which a single one is put.
///
/// # Errors
/// `BAD_INPUT` for what is no statement, `XAPI_NOT_OFFERED` and `XAPI_VERB_UNSUPPORTED` for what Cairn does not take,
/// and whatever refuses a completion.
pub async fn take(who: &Caller, version: Version, body: Value, place: Option<&str>) -> Result<Taken> {
    who.may(Action::RecordCompletion)?;
    let statements = Arc::new(read(who, version, body, place)?);
    let done = idempotency::once(who, Error::is_contention, || keep(who.clone(), Arc::clone(&statements))).await?;
    Ok(Taken { ids: ids(who, &done).await?, replayed: done.replayed })
}

/// The verbs that report a completion.
pub fn verbs() -> impl Iterator<Item = &'static str> {
    meaning::VERBS.iter().map(|(verb, _)| *verb)
}

/// How many statements a body holds.
#[must_use]
pub fn count(body: &Value) -> u64 {
    body.as_array().map_or(1, |statements| statements.len() as u64)
}

/// The statements of a body, checked and understood.
fn read(who: &Caller, version: Version, body: Value, place: Option<&str>) -> Result<Vec<Statement>> {
    let (items, at): (Vec<Value>, fn(usize) -> String) = match (body, place) {
        (Value::Array(items), None) => (items, |place| format!("/{place}")),
        (one, _) => (vec![one], |_| String::new()),
    };
    if items.is_empty() || items.len() > BATCH {
        return Err(Error::field(Code::BadInput, "", format!("Send 1 to {BATCH} statements at once.")));
    }
    let items = items.into_iter().map(|item| placed(item, place)).collect::<Result<Vec<_>>>()?;
    let mut findings = Findings::of(version);
    for (place, item) in items.iter().enumerate() {
        findings.object(item, &at(place), statement::MEMBERS);
    }
    findings.settle()?;
    let statements: Vec<_> = items
        .into_iter()
        .enumerate()
        .map(|(place, item)| Statement::read(who, item, at(place)))
        .collect::<Result<_>>()?;
    each_id_once(&statements)?;
    Ok(statements)
}

/// A statement under the id that its address says.
fn placed(mut item: Value, place: Option<&str>) -> Result<Value> {
    let Some(place) = place else { return Ok(item) };
    if !form::is_uuid(place) {
        return Err(Error::field(Code::BadInput, "statementId", "statementId must be a UUID."));
    }
    if let Some(members) = item.as_object_mut() {
        let id = members.entry("id").or_insert_with(|| place.into());
        if id.as_str().is_some_and(|id| !id.eq_ignore_ascii_case(place)) {
            return Err(Error::field(Code::BadInput, "/id", "The id differs from statementId."));
        }
    }
    Ok(item)
}

/// The standard lets no request name an id twice; ids that we gave may meet, for statements that are the same.
fn each_id_once(statements: &[Statement]) -> Result<()> {
    let mut seen: HashMap<&str, &Statement> = HashMap::new();
    for statement in statements.iter().filter(|statement| statement.has_own_id) {
        if seen.insert(&statement.told.report.statement_id, statement).is_some() {
            let at = format!("{}/id", statement.told.at);
            return Err(Error::field(Code::BadInput, &at, "Another statement of this request has this id."));
        }
    }
    Ok(())
}

async fn keep(who: Caller, statements: Arc<Vec<Statement>>) -> Result<Done> {
    let mut tx = who.begin_for(statements.len()).await?;
    let told: Vec<_> = statements.iter().map(|statement| &statement.told).collect();
    let (rows, created) = batch::keep(&mut tx, &told).await?;
    tx.finish(rows, created).await
}

#[derive(FromQueryResult)]
struct Known {
    id: CompletionId,
    statement_id: String,
}

/// The ids of the statements that became these completions.
async fn ids(who: &Caller, done: &Done) -> Result<Vec<String>> {
    let rows: Vec<Known> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::StatementId])
        .filter(Column::OrganizationId.eq(who.organization))
        .filter(Column::Id.is_in(done.ids.iter().copied()))
        .into_model()
        .all(&who.house.database.read)
        .await?;
    let known: HashMap<_, _> = rows.into_iter().map(|row| (row.id.0, row.statement_id)).collect();
    Ok(done.ids.iter().filter_map(|id| known.get(id).cloned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_patch_of_two_lines_is_taken() {
        for (named, version) in [
            ("1.0", Some(Version::One)),
            ("1.0.0", Some(Version::One)),
            ("1.0.3", Some(Version::One)),
            ("1.0.99", Some(Version::One)),
            ("2.0.0", Some(Version::Two)),
            ("2.0", Some(Version::Two)),
            ("", None),
            ("1", None),
            ("1.0.", None),
            ("1.0.x", None),
            ("1.03", None),
            ("1.1.0", None),
            ("0.95", None),
            ("2.1.0", None),
            (" 1.0.3", None),
        ] {
            assert_eq!(Version::read(Some(named)).ok(), version, "{named}");
        }
        let refused = Version::read(None).unwrap_err();
        assert_eq!(refused.details(), Some(&json!({ "supported": ["1.0.3", "2.0.0"] })));
    }

    #[test]
    fn an_address_and_a_statement_agree() {
        let id = "7ccd3322-e1a5-411a-a67d-6a735c76f119";
        assert_eq!(placed(json!({}), Some(id)).unwrap(), json!({ "id": id }));
        assert!(placed(json!({ "id": id.to_uppercase() }), Some(id)).is_ok());
        assert!(placed(json!({ "id": "x" }), Some(id)).is_err());
        assert!(placed(json!({}), Some("x")).is_err());
    }
}
