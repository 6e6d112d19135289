//! Competencies: the abilities of a framework, as a tree (§2).

use entity::{
    id::{CompetencyFrameworkId, CompetencyId},
    kind::{Declared as _, Form, Kind, Patch, id, int, line, list, prose, text, word},
    learning::{
        competency::{ActiveModel, Alignment, Column, CompetencyRule, Entity, Model},
        competency_framework, evidence, plan_item, prior_learning_competency,
    },
    object,
    vocabulary::Json,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde_json::json;

use super::{
    competency_framework::{own, search_text, turn},
    learning_plan_template_item, requirement,
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        policy::Action,
        projects::portfolio_entry::competencies as portfolio,
        tx::Tx,
        verb::{Done, External, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, Tenant, leaf},
};

pub(super) const CODE: Kind = text(Form::Slug, 1, 100);
pub(super) const NAME: Kind = line(1, 200);
pub(super) const DESCRIPTION: Kind = prose(5000);
pub(super) const PLACE: Kind = int(0, 100_000);
const ALIGNMENT: Kind = Kind::Object(Alignment::object);
pub(super) const ALIGNMENTS: Kind = list(&ALIGNMENT, 50);
/// How deep a framework goes at most.
pub(super) const DEPTH_MAX: usize = 10;

impl Row for Entity {
    const NAME: &'static str = "Competency";
    type Id = CompetencyId;
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<CompetencyId>(), "The id."),
        Column::FrameworkId => leaf(id::<CompetencyFrameworkId>(), "The framework; it never changes.").filter(),
        Column::ParentId => leaf(id::<CompetencyId>(), "The competency above it.").filter(),
        Column::Code => leaf(CODE, "A code, unique inside the framework.").filter().sort(),
        Column::Name => leaf(NAME, "What it is called.").sort(),
        Column::Description => leaf(DESCRIPTION, "What somebody can do who has it."),
        Column::Path => leaf(line(1, 2000), "The codes from the root down to it, joined by `/`.").sort(),
        Column::SortOrder => leaf(PLACE, "Its place among its siblings.").sort(),
        Column::Rule => leaf(word::<CompetencyRule>(), "How it follows from the ones below it."),
        Column::Alignments => leaf(ALIGNMENTS, "The same ability elsewhere."),
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
    let shape =
        Shape::new::<Entity>("Competency", "One ability inside a framework (§2).", "cmp", Action::ViewCompetency, show)
            .tenant(Tenant::OwnOrBuiltIn)
            .order("path", false)
            .external_refs()
            .one("framework", "framework_id", "CompetencyFramework", "The framework.")
            .one("parent", "parent_id", "Competency", "The competency above it.")
            .many("children", "parent_id", "Competency", "The competencies below it.")
            .through(
                "resources",
                ("learning_resource_competency", "competency_id", "learning_resource_id"),
                "LearningResource",
                "What teaches it.",
            );
    Resource { shape, plural: "competencies", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::ManageCompetency;
    vec![
        Verb::create(ManageCompetency, "Add a competency to a framework.", create),
        Verb::upsert(ManageCompetency, "Add or change the competency that another system's name stands for.", upsert),
        Verb::on::<Entity, _, _, _>("update", ManageCompetency, "Change a competency.", update),
        Verb::on::<Entity, _, _, _>(
            "delete",
            ManageCompetency,
            "Delete a competency that nobody uses; it can be restored.",
            delete,
        ),
        Verb::on::<Entity, _, _, _>("restore", ManageCompetency, "Bring a deleted competency back.", restore),
    ]
}

object! {
    /// A competency to add.
    NewCompetency {
        /// The framework; it never changes.
        required framework_id: CompetencyFrameworkId = id::<CompetencyFrameworkId>(),
        /// The competency above it, in the same framework.
        optional parent_id: CompetencyId = id::<CompetencyId>(),
        /// A code, unique inside the framework.
        required code: String = CODE,
        /// What it is called.
        required name: String = NAME,
        /// What somebody can do who has it.
        optional description: String = DESCRIPTION,
        /// Its place among its siblings; without it, 0.
        optional sort_order: i64 = PLACE,
        /// How it follows from the ones below it; without it, not at all.
        optional rule: CompetencyRule = word::<CompetencyRule>(),
        /// The same ability elsewhere.
        optional alignments: Vec<Alignment> = ALIGNMENTS,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to a competency.
    CompetencyPatch {
        /// Never changes: another value is refused with `FRAMEWORK_IMMUTABLE`.
        change framework_id: CompetencyFrameworkId = id::<CompetencyFrameworkId>(),
        /// The competency above it, in the same framework.
        clear parent_id: CompetencyId = id::<CompetencyId>(),
        /// A code, unique inside the framework.
        change code: String = CODE,
        /// What it is called.
        change name: String = NAME,
        /// What somebody can do who has it.
        clear description: String = DESCRIPTION,
        /// Its place among its siblings.
        change sort_order: i64 = PLACE,
        /// How it follows from the ones below it.
        change rule: CompetencyRule = word::<CompetencyRule>(),
        /// The same ability elsewhere, in place of what was named.
        change alignments: Vec<Alignment> = ALIGNMENTS,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewCompetency) -> Result<Done> {
    who.may(Action::ManageCompetency)?;
    let mut tx = who.begin().await?;
    let competency = add(&mut tx, new).await?;
    tx.made(&competency).await
}

async fn upsert(who: Caller, external: External, mut new: NewCompetency) -> Result<Done> {
    who.may(Action::ManageCompetency)?;
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        take_turn(&tx, CompetencyId(id)).await?;
        let competency = tx.find_external::<Entity>(&external, id, Action::ManageCompetency).await?;
        let patch = CompetencyPatch {
            framework_id: Some(new.framework_id),
            parent_id: new.parent_id.map_or(Patch::Keep, Patch::Set),
            code: Some(new.code),
            name: Some(new.name),
            description: new.description.map_or(Patch::Keep, Patch::Set),
            sort_order: new.sort_order,
            rule: new.rule,
            alignments: new.alignments,
            external_refs: new.external_refs,
        };
        let competency = revise(&mut tx, competency, patch).await?;
        return tx.done(&competency).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let competency = add(&mut tx, new).await?;
    tx.made(&competency).await
}

async fn add(tx: &mut Tx, mut new: NewCompetency) -> Result<Model> {
    turn(tx, new.framework_id).await?;
    let framework = tx.refer::<competency_framework::Entity>(new.framework_id, "/frameworkId").await?;
    let organization = framework.organization_id;
    own((), organization)?;
    let parent = parent(tx, new.parent_id, new.framework_id).await?;
    let path = path(parent.as_ref(), &new.code)?;
    let refs = new.external_refs.take();
    let competency = tx.insert::<Entity>(fresh(tx, clock::new_id(), path, new)).await?;
    tx.refs(&competency, refs.as_deref()).await?;
    tx.record("created", &competency, json!({}))?;
    Ok(competency)
}

/// A new row, in a framework of the caller's organization.
pub(super) fn fresh(tx: &Tx, id: CompetencyId, path: String, new: NewCompetency) -> ActiveModel {
    ActiveModel {
        id: Set(id),
        organization_id: Set(Some(tx.who.organization)),
        framework_id: Set(new.framework_id),
        parent_id: Set(new.parent_id),
        path: Set(path),
        search_text: Set(search_text(&new.code, &new.name)),
        code: Set(new.code),
        name: Set(new.name),
        description: Set(new.description),
        sort_order: Set(new.sort_order.unwrap_or(0)),
        rule: Set(new.rule.unwrap_or(CompetencyRule::None)),
        alignments: Set(Json(new.alignments.unwrap_or_default())),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    }
}

/// Takes the turn of a competency's framework, before any row is locked: a tree is changed by one at a time.
async fn take_turn(tx: &Tx, id: CompetencyId) -> Result<()> {
    match Entity::find_by_id(id).one(&tx.db).await? {
        Some(row) => turn(tx, row.framework_id).await,
        None => Ok(()),
    }
}

/// The parent, which must stand in the same framework.
async fn parent(tx: &Tx, id: Option<CompetencyId>, framework: CompetencyFrameworkId) -> Result<Option<Model>> {
    let Some(id) = id else { return Ok(None) };
    let parent = tx.refer::<Entity>(id, "/parentId").await?;
    if parent.framework_id != framework {
        return Err(Error::field(Code::ReferenceUnknown, "/parentId", "The parent stands in another framework."));
    }
    Ok(Some(parent))
}

/// The path of what stands below a path, or at the root.
pub(super) fn joined(above: Option<&str>, code: &str) -> String {
    above.map_or_else(|| code.to_owned(), |above| format!("{above}/{code}"))
}

fn path(parent: Option<&Model>, code: &str) -> Result<String> {
    let path = joined(parent.map(|parent| parent.path.as_str()), code);
    if path.split('/').count() > DEPTH_MAX {
        return Err(Error::field(
            Code::FrameworkTooDeep,
            "/parentId",
            format!("A framework is at most {DEPTH_MAX} levels deep."),
        ));
    }
    Ok(path)
}

async fn update(who: Caller, target: Target<CompetencyId>, patch: CompetencyPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    take_turn(&tx, target.id).await?;
    let competency = tx.find_at::<Entity>(&target, Action::ManageCompetency).await?;
    let competency = revise(&mut tx, competency, patch).await?;
    tx.done(&competency).await
}

async fn revise(tx: &mut Tx, competency: Model, patch: CompetencyPatch) -> Result<Model> {
    let organization = competency.organization_id;
    let competency = own(competency, organization)?;
    if patch.framework_id.is_some_and(|framework| framework != competency.framework_id) {
        return Err(Error::field(
            Code::FrameworkImmutable,
            "/frameworkId",
            "A competency never moves to another framework.",
        ));
    }
    let parent_id = patch.parent_id.over(competency.parent_id);
    let parent = parent(tx, parent_id, competency.framework_id).await?;
    without_cycle(&competency, parent.as_ref())?;
    let code = patch.code.unwrap_or_else(|| competency.code.clone());
    let name = patch.name.unwrap_or_else(|| competency.name.clone());
    let description = patch.description.over(competency.description.clone());
    let (was, path) = (competency.path.clone(), path(parent.as_ref(), &code)?);
    let after = tx
        .change::<Entity>(competency, |row| {
            row.parent_id.set_if_not_equals(parent_id);
            row.path.set_if_not_equals(path);
            row.search_text.set_if_not_equals(search_text(&code, &name));
            row.code.set_if_not_equals(code);
            row.name.set_if_not_equals(name);
            row.description.set_if_not_equals(description);
            if let Some(place) = patch.sort_order {
                row.sort_order.set_if_not_equals(place);
            }
            if let Some(rule) = patch.rule {
                row.rule.set_if_not_equals(rule);
            }
            if let Some(alignments) = patch.alignments {
                row.alignments.set_if_not_equals(Json(alignments));
            }
        })
        .await?;
    carry_along(tx, &after.row, &was).await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    Ok(after.row)
}

/// Nothing stands below itself: a parent's path must not lead through the competency.
fn without_cycle(competency: &Model, parent: Option<&Model>) -> Result<()> {
    let below =
        |parent: &Model| parent.id == competency.id || parent.path.starts_with(&format!("{}/", competency.path));
    if parent.is_some_and(below) {
        return Err(Error::field(Code::CompetencyCycle, "/parentId", "A competency cannot stand below itself."));
    }
    Ok(())
}

/// What stands below a competency moves with it.
async fn carry_along(tx: &mut Tx, competency: &Model, was: &str) -> Result<()> {
    if competency.path == was {
        return Ok(());
    }
    let all = Entity::find()
        .filter(Column::FrameworkId.eq(competency.framework_id))
        .order_by_asc(Column::Path)
        .all(&tx.db)
        .await?;
    for below in all {
        let Some(rest) = below.path.strip_prefix(was).filter(|rest| rest.starts_with('/')).map(str::to_owned) else {
            continue;
        };
        let path = format!("{}{rest}", competency.path);
        if path.split('/').count() > DEPTH_MAX {
            return Err(Error::field(
                Code::FrameworkTooDeep,
                "/parentId",
                format!("A framework is at most {DEPTH_MAX} levels deep."),
            ));
        }
        let after = tx.change::<Entity>(below, |row| row.path = Set(path)).await?;
        tx.record("updated", &after.row, json!({}))?;
    }
    Ok(())
}

async fn delete(who: Caller, target: Target<CompetencyId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    take_turn(&tx, target.id).await?;
    let competency = tx.find_at::<Entity>(&target, Action::ManageCompetency).await?;
    let organization = competency.organization_id;
    let competency = own(competency, organization)?;
    let children = Entity::find()
        .filter(Column::ParentId.eq(competency.id))
        .filter(Column::DeletedAt.is_null())
        .count(&tx.db)
        .await?;
    let items =
        plan_item::Entity::find().filter(plan_item::Column::CompetencyId.eq(competency.id)).count(&tx.db).await?;
    let proofs =
        evidence::Entity::find().filter(evidence::Column::CompetencyId.eq(competency.id)).count(&tx.db).await?;
    let needs = requirement::of_competency(&tx, competency.id).await?;
    let filed = prior_learning_competency::Column::CompetencyId.eq(competency.id);
    let filed = prior_learning_competency::Entity::find().filter(filed).count(&tx.db).await?;
    let given = learning_plan_template_item::of_competency(&tx, competency.id).await?;
    let shown = portfolio::of_competency(&tx, competency.id).await?;
    if children + items + proofs + needs + filed + given + shown > 0 {
        let error = Error::new(
            Code::InUse,
            "Other competencies, items of plans or templates, evidence, prior learning, portfolios, goals or roles need it.",
        );
        return Err(error.with(json!({
            "children": children, "planItems": items, "evidence": proofs, "requirements": needs,
            "priorLearning": filed, "templateItems": given, "portfolioEntries": shown,
        })));
    }
    let competency = tx.delete::<Entity>(competency).await?;
    tx.record("deleted", &competency, json!({}))?;
    tx.done(&competency).await
}

async fn restore(who: Caller, target: Target<CompetencyId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    take_turn(&tx, target.id).await?;
    let competency = tx.find_deleted::<Entity>(&target, Action::ManageCompetency).await?;
    parent(&tx, competency.parent_id, competency.framework_id).await?;
    let competency = tx.restore::<Entity>(competency).await?;
    tx.record("restored", &competency, json!({}))?;
    tx.done(&competency).await
}
