//! Learning resources: courses, books, papers and other things to learn from (§3).

use entity::{
    id::{CompetencyId, LearningResourceId, UserId},
    kind::{Form, Kind, Patch, id, int, line, list, text, word},
    learning::{
        competency,
        learning_resource::{ActiveModel, Column, Entity, Model, ResourceKind},
        learning_resource_competency as link, plan_item_resource,
    },
    object,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::json;

use super::learning_plan_template_item;
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        policy::Action,
        tx::Tx,
        verb::{Done, External, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

pub(super) const TITLE: Kind = line(1, 300);
pub(super) const URL: Kind = text(Form::Url, 1, 2000);
pub(super) const PROVIDER: Kind = line(1, 200);
pub(super) const MINUTES: Kind = int(1, 600_000);
const COMPETENCY: Kind = id::<CompetencyId>();
const COMPETENCIES: Kind = list(&COMPETENCY, 50);

impl Row for Entity {
    const NAME: &'static str = "LearningResource";
    type Id = LearningResourceId;
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<LearningResourceId>(), "The id."),
        Column::Kind => leaf(word::<ResourceKind>(), "What kind of thing.").filter(),
        Column::Title => leaf(TITLE, "What it is called.").sort(),
        Column::Url => leaf(URL, "Where it is."),
        Column::Provider => leaf(PROVIDER, "Who offers it.").filter(),
        Column::EstimatedMinutes => leaf(MINUTES, "How long it takes, in minutes.").filter().sort(),
        Column::CreatedBy => leaf(id::<UserId>(), "The person who added it, when it was one."),
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
        "LearningResource",
        "Something to learn from (§3).",
        "res",
        Action::ViewLearningResource,
        show,
    )
    .order("created_at", false)
    .external_refs()
    .through(
        "competencies",
        ("learning_resource_competency", "learning_resource_id", "competency_id"),
        "Competency",
        "What it teaches.",
    );
    Resource { shape, plural: "learningResources", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{CreateLearningResource, EditLearningResource};
    vec![
        Verb::create(CreateLearningResource, "Add a resource.", create),
        Verb::upsert(
            CreateLearningResource,
            "Add or change the resource that another system's name stands for.",
            upsert,
        ),
        Verb::on::<Entity, _, _, _>("update", EditLearningResource, "Change a resource.", update),
        Verb::on::<Entity, _, _, _>(
            "delete",
            EditLearningResource,
            "Delete a resource that no item uses; it can be restored.",
            delete,
        ),
        Verb::restore::<Entity>(EditLearningResource, "Bring a deleted resource back."),
    ]
}

object! {
    /// A resource to add.
    NewLearningResource {
        /// What kind of thing.
        required kind: ResourceKind = word::<ResourceKind>(),
        /// What it is called.
        required title: String = TITLE,
        /// Where it is.
        optional url: String = URL,
        /// Who offers it.
        optional provider: String = PROVIDER,
        /// How long it takes, in minutes.
        optional estimated_minutes: i64 = MINUTES,
        /// What it teaches.
        optional competency_ids: Vec<CompetencyId> = COMPETENCIES,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to a resource.
    LearningResourcePatch {
        /// What kind of thing.
        change kind: ResourceKind = word::<ResourceKind>(),
        /// What it is called.
        change title: String = TITLE,
        /// Where it is.
        clear url: String = URL,
        /// Who offers it.
        clear provider: String = PROVIDER,
        /// How long it takes, in minutes.
        clear estimated_minutes: i64 = MINUTES,
        /// What it teaches, in place of what was named.
        change competency_ids: Vec<CompetencyId> = COMPETENCIES,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewLearningResource) -> Result<Done> {
    let mut tx = who.begin().await?;
    let resource = add(&mut tx, new).await?;
    tx.made(&resource).await
}

async fn upsert(who: Caller, external: External, mut new: NewLearningResource) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let resource = tx.find_external::<Entity>(&external, id, Action::EditLearningResource).await?;
        let patch = LearningResourcePatch {
            kind: Some(new.kind),
            title: Some(new.title),
            url: new.url.map_or(Patch::Keep, Patch::Set),
            provider: new.provider.map_or(Patch::Keep, Patch::Set),
            estimated_minutes: new.estimated_minutes.map_or(Patch::Keep, Patch::Set),
            competency_ids: new.competency_ids,
            external_refs: new.external_refs,
        };
        let resource = revise(&mut tx, resource, patch).await?;
        return tx.done(&resource).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let resource = add(&mut tx, new).await?;
    tx.made(&resource).await
}

pub(super) async fn add(tx: &mut Tx, new: NewLearningResource) -> Result<Model> {
    let resource = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            search_text: Set(search_text(&new.title, new.provider.as_deref())),
            kind: Set(new.kind),
            title: Set(new.title),
            url: Set(new.url),
            provider: Set(new.provider),
            estimated_minutes: Set(new.estimated_minutes),
            created_by: Set(tx.who.user()),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&resource, new.external_refs.as_deref()).await?;
    link_competencies(tx, resource.id, new.competency_ids.as_deref()).await?;
    tx.record("created", &resource, json!({ "title": resource.title }))?;
    Ok(resource)
}

fn search_text(title: &str, provider: Option<&str>) -> String {
    format!("{title} {}", provider.unwrap_or_default()).trim().to_lowercase()
}

async fn update(who: Caller, target: Target<LearningResourceId>, patch: LearningResourcePatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let resource = tx.find_at::<Entity>(&target, Action::EditLearningResource).await?;
    let resource = revise(&mut tx, resource, patch).await?;
    tx.done(&resource).await
}

async fn revise(tx: &mut Tx, resource: Model, patch: LearningResourcePatch) -> Result<Model> {
    let title = patch.title.unwrap_or_else(|| resource.title.clone());
    let url = patch.url.over(resource.url.clone());
    let provider = patch.provider.over(resource.provider.clone());
    let minutes = patch.estimated_minutes.over(resource.estimated_minutes);
    let after = tx
        .change::<Entity>(resource, |row| {
            row.search_text.set_if_not_equals(search_text(&title, provider.as_deref()));
            row.title.set_if_not_equals(title);
            row.url.set_if_not_equals(url);
            row.provider.set_if_not_equals(provider);
            row.estimated_minutes.set_if_not_equals(minutes);
            if let Some(kind) = patch.kind {
                row.kind.set_if_not_equals(kind);
            }
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let linked = link_competencies(tx, after.row.id, patch.competency_ids.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed || linked).await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    Ok(after.row)
}

/// Names what a resource teaches, in place of what was named: whether it was something else.
async fn link_competencies(
    tx: &Tx,
    resource: LearningResourceId,
    competencies: Option<&[CompetencyId]>,
) -> Result<bool> {
    let Some(competencies) = competencies else { return Ok(false) };
    for (place, competency) in competencies.iter().enumerate() {
        tx.refer::<competency::Entity>(*competency, &format!("/competencyIds/{place}")).await?;
    }
    let mut named = competencies.to_vec();
    named.sort_unstable();
    named.dedup();
    let of = link::Column::LearningResourceId.eq(resource);
    let known = link::Entity::find().filter(of.clone()).all(&tx.db).await?;
    if known.len() == named.len() && known.iter().all(|link| named.contains(&link.competency_id)) {
        return Ok(false);
    }
    link::Entity::delete_many().filter(of).exec(&tx.db).await?;
    let rows = named
        .into_iter()
        .map(|competency| link::ActiveModel { learning_resource_id: Set(resource), competency_id: Set(competency) });
    link::Entity::insert_many(rows).exec(&tx.db).await?;
    Ok(true)
}

async fn delete(who: Caller, target: Target<LearningResourceId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let resource = tx.find_at::<Entity>(&target, Action::EditLearningResource).await?;
    let uses = plan_item_resource::Entity::find()
        .filter(plan_item_resource::Column::LearningResourceId.eq(resource.id))
        .count(&tx.db)
        .await?;
    let given = learning_plan_template_item::from_resource(&tx, resource.id).await?;
    if uses + given > 0 {
        let error = Error::new(Code::InUse, "Items of learning plans or of their templates are learnt from it.");
        return Err(error.with(json!({ "planItems": uses, "templateItems": given })));
    }
    let resource = tx.delete::<Entity>(resource).await?;
    tx.record("deleted", &resource, json!({}))?;
    tx.done(&resource).await
}
