//! Taking a framework in: what its document says becomes what is there, as a whole and by the rules of frameworks and
//! competencies. What is the same already is left alone.

mod competencies;
mod matching;

use entity::{
    id::CompetencyFrameworkId,
    kind::Patch,
    learning::{
        competency_framework::{self, Model, Scale, ScaleLevel},
        framework_package,
        import_job::{ImportRow, ImportRowOutcome},
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::OnConflict};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Draft, Head,
    case::SOURCE,
    notes::{Notes, Place},
};
use crate::domain::{
    error::{Code, Error, Result},
    external::{self, ExternalRef},
    learning::competency_framework::{CompetencyFrameworkPatch, NewCompetencyFramework, add, revise, turn},
    policy::Action,
    tx::{Changed, Tx},
    verb::External,
};

/// What a request wants besides the document.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The framework that the document is of.
    pub framework: Option<CompetencyFrameworkId>,
    /// Its short name.
    pub short_name: Option<String>,
    /// Its full name, when the document does not say.
    pub title: Option<String>,
    /// Its scale, when the document does not say.
    pub scale: Option<Scale>,
    /// Whether members see it.
    pub visible: Option<bool>,
}

/// What came of it.
#[derive(Debug)]
pub struct Taken {
    /// The framework.
    pub framework: Model,
    /// How many things were made, changed, left alone and deleted.
    pub counts: Counts,
}

/// How many things were made, changed, left alone and deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Made.
    pub added: i64,
    /// Changed.
    pub changed: i64,
    /// The same already.
    pub unchanged: i64,
    /// Deleted.
    pub removed: i64,
}

impl Counts {
    /// How many rows became what.
    #[must_use]
    pub fn of(rows: &[ImportRow]) -> Self {
        use ImportRowOutcome::{Create, Duplicate, Fill, LeftOut, Same};
        let of = |outcomes: &[ImportRowOutcome]| {
            i64::try_from(rows.iter().filter(|row| outcomes.contains(&row.outcome)).count()).unwrap_or(i64::MAX)
        };
        Self { added: of(&[Create]), changed: of(&[Fill]), unchanged: of(&[Same, Duplicate, LeftOut]), removed: 0 }
    }
}

/// The scale of a framework whose document has none: CASE has no place for one.
#[must_use]
pub fn default_scale() -> Scale {
    let level = |(value, name, proficient): (i64, &str, bool)| ScaleLevel { value, name: name.to_owned(), proficient };
    let levels = [(1, "Not yet", false), (2, "Developing", false), (3, "Proficient", true), (4, "Advanced", true)];
    Scale { levels: levels.into_iter().map(level).collect(), default_level: 1 }
}

/// Takes a framework in. What refuses it is noted: the work is not to be committed then.
///
/// # Errors
/// What is no matter of the document: `UNAVAILABLE`, `FORBIDDEN`.
pub async fn take(
    tx: &mut Tx,
    draft: &Draft,
    package: Option<&Value>,
    wanted: Wanted,
    notes: &mut Notes,
) -> Result<Option<Taken>> {
    tx.who.may(Action::ManageCompetencyFramework)?;
    let known = known(tx, draft.head.as_ref(), &wanted).await;
    let Some(known) = noted(known, notes)? else { return Ok(None) };
    let is_new = known.is_none();
    let before = known.as_ref().map(|framework| framework.version);
    let framework = match known {
        Some(framework) => change(tx, framework, draft.head.as_ref(), wanted).await,
        None => make(tx, draft.head.as_ref(), wanted, notes).await,
    };
    let Some(framework) = noted(framework, notes)? else { return Ok(None) };
    let mut was = if is_new { None } else { stored(tx, framework.id).await? };
    let mut counts = Counts::default();
    let changed = competencies::take(tx, &framework, draft, package, was.as_ref(), notes, &mut counts).await?;
    if !changed {
        return Ok(None);
    }
    let other = package.is_some_and(|package| was.as_ref() != Some(package));
    if let Some(package) = package.filter(|_| other) {
        keep(tx, framework.id, package).await?;
        was = None;
    }
    let touched = Some(framework.version) != before;
    let framework = mark(tx, framework, !is_new && !touched && other && was.is_none()).await?;
    Ok(Some(Taken { framework, counts }))
}

/// What a rule refuses is a note about the framework; what is no rule's is an error.
fn noted<T>(outcome: Result<T>, notes: &mut Notes) -> Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if passes(&error) => Err(error),
        Err(error) => {
            notes.refused(&Place::default(), &error);
            Ok(None)
        }
    }
}

/// Whether an error is not about what the document says: trying again may help.
pub(in crate::domain) fn passes(error: &Error) -> bool {
    matches!(error.code(), Code::Unavailable | Code::Internal)
}

/// The framework that is there already, to change it: deleted ones come back.
async fn known(tx: &mut Tx, head: Option<&Head>, wanted: &Wanted) -> Result<Option<Model>> {
    let id = match (wanted.framework, head) {
        (Some(id), _) => Some(id.0),
        (None, Some(head)) => by_case_id(tx, &head.case_id).await?,
        (None, None) => by_name(tx, wanted.short_name.as_deref()).await?,
    };
    let Some(id) = id else { return Ok(None) };
    turn(tx, CompetencyFrameworkId(id)).await?;
    let external = External { source: String::new(), external_id: String::new(), id: Some(id), version: None };
    let found =
        tx.find_external::<competency_framework::Entity>(&external, id, Action::ManageCompetencyFramework).await;
    match found {
        Err(error) if error.code() == Code::NotFound => {
            Err(Error::field(Code::ReferenceUnknown, "/frameworkId", "There is no such competency framework."))
        }
        other => other.map(Some),
    }
}

/// What CASE's identifier stands for; what was made here is exported under its own id.
async fn by_case_id(tx: &Tx, case_id: &str) -> Result<Option<Uuid>> {
    let organization = tx.who.organization;
    if let Some(id) = external::find_in(&tx.db, organization, &external::Book::shared("cfw"), SOURCE, case_id).await? {
        return Ok(Some(id));
    }
    let Ok(id) = Uuid::try_parse(case_id) else { return Ok(None) };
    let own = competency_framework::Column::OrganizationId.eq(organization);
    let found = competency_framework::Entity::find_by_id(CompetencyFrameworkId(id)).filter(own);
    Ok(found.one(&tx.db).await?.map(|row| row.id.0))
}

async fn by_name(tx: &Tx, name: Option<&str>) -> Result<Option<Uuid>> {
    use competency_framework::Column::{DeletedAt, OrganizationId, ShortName};
    let Some(name) = name else { return Ok(None) };
    let found = competency_framework::Entity::find()
        .filter(OrganizationId.eq(tx.who.organization))
        .filter(ShortName.eq(name))
        .filter(DeletedAt.is_null());
    Ok(found.one(&tx.db).await?.map(|row| row.id.0))
}

async fn change(tx: &mut Tx, framework: Model, head: Option<&Head>, wanted: Wanted) -> Result<Model> {
    let (id, description) = (framework.id, |head: &Head| head.description.clone().map_or(Patch::Clear, Patch::Set));
    let patch = CompetencyFrameworkPatch {
        short_name: wanted.short_name,
        title: head.map(|head| head.title.clone()).or(wanted.title),
        edition: head.map(|head| head.edition.clone()),
        description: head.map_or(Patch::Keep, description),
        scale: head.and_then(|head| head.scale.clone()).or(wanted.scale),
        visible: wanted.visible,
        external_refs: None,
    };
    let framework = revise(tx, framework, patch).await?;
    debug_assert_eq!(framework.id, id);
    Ok(framework)
}

async fn make(tx: &mut Tx, head: Option<&Head>, wanted: Wanted, notes: &mut Notes) -> Result<Model> {
    let title = head.map(|head| head.title.clone()).or(wanted.title).or_else(|| wanted.short_name.clone());
    let title = title.unwrap_or_default();
    let short_name = wanted.short_name.or_else(|| head.map(|head| short(&head.title, &head.case_id)));
    let Some(short_name) = short_name else {
        let message = "A table says nothing of its framework: name it by frameworkId or shortName.";
        return Err(Error::field(Code::FrameworkRequired, "/shortName", message));
    };
    let scale = head.and_then(|head| head.scale.clone()).or(wanted.scale).unwrap_or_else(|| {
        let message = "The document has no scale: the usual one of four levels is taken.";
        notes.warn(Place::default(), "SCALE_DEFAULTED", message);
        default_scale()
    });
    let refs = head.map(|head| ExternalRef { source: SOURCE.to_owned(), external_id: head.case_id.clone() });
    let new = NewCompetencyFramework {
        short_name,
        title,
        edition: head.map(|head| head.edition.clone()),
        description: head.and_then(|head| head.description.clone()),
        scale,
        visible: wanted.visible,
        external_refs: refs.map(|one| vec![one]),
    };
    let taken = |error: Error| match error.code() {
        Code::AlreadyExists => {
            let message = "Another framework has this short name: give this one another by shortName.";
            Error::field(Code::AlreadyExists, "/shortName", message)
        }
        _ => error,
    };
    add(tx, new).await.map_err(taken)
}

/// A short name made of the full one.
fn short(title: &str, case_id: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let short: String = words.collect::<Vec<_>>().join("-").to_lowercase().chars().take(100).collect();
    let id: String = case_id.chars().filter(char::is_ascii_alphanumeric).take(100).collect();
    match (short.is_empty(), id.is_empty()) {
        (false, _) => short,
        (true, false) => id,
        (true, true) => "framework".to_owned(),
    }
}

/// The package that the framework came from.
async fn stored(tx: &Tx, framework: CompetencyFrameworkId) -> Result<Option<Value>> {
    let row = framework_package::Entity::find_by_id(framework).one(&tx.db).await?;
    row.map(|row| serde_json::from_str(&row.package).map_err(Error::internal)).transpose()
}

async fn keep(tx: &Tx, framework: CompetencyFrameworkId, package: &Value) -> Result<()> {
    use framework_package::Column::{FrameworkId, Package};
    let row = framework_package::ActiveModel {
        framework_id: Set(framework),
        organization_id: Set(tx.who.organization),
        package: Set(package.to_string()),
    };
    let over = OnConflict::column(FrameworkId).update_column(Package).to_owned();
    framework_package::Entity::insert(row).on_conflict(over).exec_without_returning(&tx.db).await?;
    Ok(())
}

/// Counts a change of what Cairn has no place for as a change of the framework.
async fn mark(tx: &mut Tx, framework: Model, other: bool) -> Result<Model> {
    let after = Changed { row: framework, changed: false };
    let after = tx.beside::<competency_framework::Entity>(after, other).await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    Ok(after.row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_made_of_the_title() {
        assert_eq!(short("Machine Learning: the 2nd!", "x"), "machine-learning-the-2nd");
        assert_eq!(short("機械学習", "0f-9"), "0f9");
        assert_eq!(short("機械学習", "—"), "framework");
    }
}
