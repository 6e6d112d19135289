//! Competency frameworks: organized sets of abilities, each with the scale that it measures with (§2).

mod copy;

use entity::{
    id::CompetencyFrameworkId,
    kind::{Declared as _, Form, Kind, Patch, id, int, line, prose, text},
    learning::{
        competency,
        competency_framework::{ActiveModel, Column, Entity, Model, Scale},
        evidence, plan_item,
    },
    object,
    vocabulary::Json,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, JoinType, PaginatorTrait as _, QueryFilter as _,
    QuerySelect as _,
};
use serde_json::json;

use super::{learning_plan_template_item, prior_learning, requirement};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, FieldError, Result},
        external::{self, ExternalRef},
        policy::Action,
        projects::portfolio_entry::competencies as portfolio,
        tx::Tx,
        verb::{Done, External, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, Tenant, leaf},
};

pub(super) const SHORT_NAME: Kind = text(Form::Slug, 1, 100);
pub(super) const TITLE: Kind = line(1, 200);
pub(super) const EDITION: Kind = line(1, 50);
pub(super) const DESCRIPTION: Kind = prose(5000);
pub(super) const SCALE: Kind = Kind::Object(Scale::object);

impl Row for Entity {
    const NAME: &'static str = "CompetencyFramework";
    type Id = CompetencyFrameworkId;
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<CompetencyFrameworkId>(), "The id."),
        Column::ShortName => leaf(SHORT_NAME, "A short name, unique inside the organization.").filter().sort(),
        Column::Title => leaf(TITLE, "The full name.").sort(),
        Column::Edition => leaf(EDITION, "Which edition of it this is, in its own counting."),
        Column::Description => leaf(DESCRIPTION, "What it covers."),
        Column::Scale => leaf(SCALE, "The levels that it measures with."),
        Column::Visible => leaf(Kind::Bool, "Whether members who do not manage frameworks see it.").filter(),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::SearchText => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "CompetencyFramework",
        "An organized set of competencies and the scale that they are measured with (§2).",
        "cfw",
        Action::ViewCompetencyFramework,
        show,
    )
    .tenant(Tenant::OwnOrBuiltIn)
    .order("created_at", false)
    .computed(
        "builtIn",
        Kind::Bool,
        "Whether it comes with Cairn: it is read-only and can be cloned.",
        vec![crate::read::shape::Need::Column("organization_id", crate::read::cell::Store::Uuid)],
        |cells, _| crate::read::cell::Cell::Bool(cells[0].uuid().is_none()),
    )
    .external_refs()
    .many("competencies", "framework_id", "Competency", "Its competencies.");
    Resource { shape, plural: "competencyFrameworks", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{CloneCompetencyFramework, ManageCompetencyFramework};
    vec![
        Verb::create(ManageCompetencyFramework, "Make a framework.", create),
        Verb::upsert(
            ManageCompetencyFramework,
            "Make or change the framework that another system's name stands for.",
            upsert,
        ),
        Verb::on::<Entity, _, _, _>("update", ManageCompetencyFramework, "Change a framework.", update),
        Verb::on::<Entity, _, _, _>(
            "delete",
            ManageCompetencyFramework,
            "Delete a framework that nobody uses; it can be restored.",
            delete,
        ),
        Verb::restore::<Entity>(ManageCompetencyFramework, "Bring a deleted framework back."),
        Verb::on::<Entity, _, _, _>(
            "clone",
            CloneCompetencyFramework,
            "Copy a framework with its competencies, to change the copy.",
            clone,
        ),
    ]
}

object! {
    /// A framework to make.
    NewCompetencyFramework {
        /// A short name, unique inside the organization.
        required short_name: String = SHORT_NAME,
        /// The full name.
        required title: String = TITLE,
        /// Which edition of it this is; without it, 1.
        optional edition: String = EDITION,
        /// What it covers.
        optional description: String = DESCRIPTION,
        /// The levels that it measures with.
        required scale: Scale = SCALE,
        /// Whether members who do not manage frameworks see it; without it, yes.
        optional visible: bool = Kind::Bool,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to a framework.
    CompetencyFrameworkPatch {
        /// A short name, unique inside the organization.
        change short_name: String = SHORT_NAME,
        /// The full name.
        change title: String = TITLE,
        /// Which edition of it this is.
        change edition: String = EDITION,
        /// What it covers.
        clear description: String = DESCRIPTION,
        /// The levels that it measures with; refused once somebody has data in it.
        change scale: Scale = SCALE,
        /// Whether members who do not manage frameworks see it.
        change visible: bool = Kind::Bool,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// What the copy is called.
    CompetencyFrameworkClone {
        /// A short name, unique inside the organization.
        required short_name: String = SHORT_NAME,
        /// The full name; without it, the original's.
        optional title: String = TITLE,
    }
}

/// A scale needs its default level among its levels and at least one proficient level, each value once and rising.
fn complete(scale: &Scale) -> Result<()> {
    let mut wrong = Vec::new();
    let mut refuse =
        |pointer: &str, message: &str| wrong.push(FieldError::new(pointer, Code::ScaleIncomplete.as_str(), message));
    if !scale.levels.iter().any(|level| level.value == scale.default_level) {
        refuse("/scale/defaultLevel", "The default level is not one of the levels.");
    }
    if !scale.levels.iter().any(|level| level.proficient) {
        refuse("/scale/levels", "At least one level must count as proficient.");
    }
    if scale.levels.windows(2).any(|pair| pair[0].value >= pair[1].value) {
        refuse("/scale/levels", "The levels must rise, each value once.");
    }
    if scale.levels.windows(2).any(|pair| pair[0].proficient && !pair[1].proficient) {
        refuse("/scale/levels", "Above a proficient level every level is proficient.");
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::fields(Code::ScaleIncomplete, wrong)) }
}

/// What is built in is read-only.
pub(super) fn own<M>(row: M, organization: Option<entity::id::OrganizationId>) -> Result<M> {
    match organization {
        Some(_) => Ok(row),
        None => Err(Error::new(Code::BuiltIn, "This comes with Cairn: it can be cloned, not changed.")),
    }
}

async fn create(who: Caller, new: NewCompetencyFramework) -> Result<Done> {
    who.may(Action::ManageCompetencyFramework)?;
    let mut tx = who.begin().await?;
    let framework = add(&mut tx, new).await?;
    tx.made(&framework).await
}

async fn upsert(who: Caller, external: External, mut new: NewCompetencyFramework) -> Result<Done> {
    who.may(Action::ManageCompetencyFramework)?;
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        turn(&tx, CompetencyFrameworkId(id)).await?;
        let framework = tx.find_external::<Entity>(&external, id, Action::ManageCompetencyFramework).await?;
        let patch = CompetencyFrameworkPatch {
            short_name: Some(new.short_name),
            title: Some(new.title),
            edition: new.edition,
            description: new.description.map_or(Patch::Keep, Patch::Set),
            scale: Some(new.scale),
            visible: new.visible,
            external_refs: new.external_refs,
        };
        let framework = revise(&mut tx, framework, patch).await?;
        return tx.done(&framework).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let framework = add(&mut tx, new).await?;
    tx.made(&framework).await
}

pub(super) async fn add(tx: &mut Tx, new: NewCompetencyFramework) -> Result<Model> {
    complete(&new.scale)?;
    let framework = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(Some(tx.who.organization)),
            search_text: Set(search_text(&new.short_name, &new.title)),
            short_name: Set(new.short_name),
            title: Set(new.title),
            edition: Set(new.edition.unwrap_or_else(|| "1".to_owned())),
            description: Set(new.description),
            scale: Set(Json(new.scale)),
            visible: Set(new.visible.unwrap_or(true)),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&framework, new.external_refs.as_deref()).await?;
    tx.record("created", &framework, json!({}))?;
    Ok(framework)
}

/// Takes a framework's turn: who changes its tree or its scale, or begins to use it, waits for who does the same.
pub(super) async fn turn(tx: &Tx, framework: CompetencyFrameworkId) -> Result<()> {
    tx.lock(&format!("framework {framework}")).await
}

pub(super) fn search_text(short: &str, long: &str) -> String {
    format!("{short} {long}").to_lowercase()
}

async fn update(who: Caller, target: Target<CompetencyFrameworkId>, patch: CompetencyFrameworkPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    turn(&tx, target.id).await?;
    let framework = tx.find_at::<Entity>(&target, Action::ManageCompetencyFramework).await?;
    let framework = revise(&mut tx, framework, patch).await?;
    tx.done(&framework).await
}

pub(super) async fn revise(tx: &mut Tx, framework: Model, patch: CompetencyFrameworkPatch) -> Result<Model> {
    let organization = framework.organization_id;
    let framework = own(framework, organization)?;
    let scale = patch.scale.unwrap_or_else(|| framework.scale.0.clone());
    if scale != framework.scale.0 {
        complete(&scale)?;
        unused(tx, framework.id, "Its scale cannot change any more.").await?;
    }
    let short_name = patch.short_name.unwrap_or_else(|| framework.short_name.clone());
    let title = patch.title.unwrap_or_else(|| framework.title.clone());
    let description = patch.description.over(framework.description.clone());
    let after = tx
        .change::<Entity>(framework, |row| {
            row.search_text.set_if_not_equals(search_text(&short_name, &title));
            row.short_name.set_if_not_equals(short_name);
            row.title.set_if_not_equals(title);
            row.description.set_if_not_equals(description);
            row.scale.set_if_not_equals(Json(scale));
            if let Some(edition) = patch.edition {
                row.edition.set_if_not_equals(edition);
            }
            if let Some(visible) = patch.visible {
                row.visible.set_if_not_equals(visible);
            }
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    Ok(after.row)
}

/// Whether nobody has data in a framework: items of plans and templates, evidence, or what goals and roles need.
async fn unused(tx: &Tx, framework: CompetencyFrameworkId, consequence: &str) -> Result<()> {
    let of = competency::Column::FrameworkId.eq(framework);
    let items = plan_item::Entity::find()
        .join(
            JoinType::InnerJoin,
            plan_item::Entity::belongs_to(competency::Entity)
                .from(plan_item::Column::CompetencyId)
                .to(competency::Column::Id)
                .into(),
        )
        .filter(of.clone())
        .count(&tx.db)
        .await?;
    let proofs = evidence::Entity::find()
        .join(
            JoinType::InnerJoin,
            evidence::Entity::belongs_to(competency::Entity)
                .from(evidence::Column::CompetencyId)
                .to(competency::Column::Id)
                .into(),
        )
        .filter(of)
        .count(&tx.db)
        .await?;
    let needs = requirement::in_framework(tx, framework).await?;
    let given = learning_plan_template_item::in_framework(tx, framework).await?;
    let filed = prior_learning::in_framework(tx, framework).await?;
    let shown = portfolio::in_framework(tx, framework).await?;
    if items + proofs + needs + given + filed + shown == 0 {
        return Ok(());
    }
    let error = Error::new(Code::FrameworkInUse, format!("People have data in this framework. {consequence}"));
    Err(error.with(json!({
        "planItems": items, "evidence": proofs, "requirements": needs, "templateItems": given,
        "priorLearning": filed, "portfolioEntries": shown,
    })))
}

async fn delete(who: Caller, target: Target<CompetencyFrameworkId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    turn(&tx, target.id).await?;
    let framework = tx.find_at::<Entity>(&target, Action::ManageCompetencyFramework).await?;
    let organization = framework.organization_id;
    let framework = own(framework, organization)?;
    unused(&tx, framework.id, "It cannot be deleted; it can be hidden.").await?;
    let framework = tx.delete::<Entity>(framework).await?;
    tx.record("deleted", &framework, json!({}))?;
    tx.done(&framework).await
}

async fn clone(who: Caller, target: Target<CompetencyFrameworkId>, copy: CompetencyFrameworkClone) -> Result<Done> {
    let mut tx = who.begin().await?;
    let original = tx.find_at::<Entity>(&target, Action::CloneCompetencyFramework).await?;
    let framework = add(
        &mut tx,
        NewCompetencyFramework {
            short_name: copy.short_name,
            title: copy.title.unwrap_or(original.title),
            edition: Some(original.edition),
            description: original.description,
            scale: original.scale.0,
            visible: Some(true),
            external_refs: None,
        },
    )
    .await?;
    copy::competencies(&mut tx, original.id, framework.id).await?;
    tx.made(&framework).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::learning::competency_framework::ScaleLevel;

    fn scale(levels: &[(i64, bool)], default_level: i64) -> Scale {
        let levels = levels
            .iter()
            .map(|&(value, proficient)| ScaleLevel { value, name: value.to_string(), proficient })
            .collect();
        Scale { levels, default_level }
    }

    #[test]
    fn a_scale_has_a_default_and_a_proficient_level() {
        assert!(complete(&scale(&[(1, false), (2, true)], 1)).is_ok());
        for wrong in [
            scale(&[(1, false), (2, false)], 1),
            scale(&[(1, false), (2, true)], 3),
            scale(&[(2, true), (1, true)], 1),
            scale(&[(1, true), (2, false)], 1),
            scale(&[], 1),
        ] {
            assert_eq!(complete(&wrong).unwrap_err().code(), Code::ScaleIncomplete);
        }
    }
}
