//! Imports: documents that are taken in as jobs, with their progress, and as a whole or not at all.

mod document;
pub mod rows;
pub mod run;

use entity::{
    id::{CompetencyFrameworkId, ImportId, JobSearchId, LearningPlanId, ProjectId, UserId},
    kind::{Declared as _, Form, Kind, id, int, list, text, word},
    learning::{
        competency_framework::Scale,
        import_job::{ActiveModel, Column, Entity, ImportKind, ImportState, Model, NOTE},
        import_payload,
    },
    object,
    vocabulary::{Json, Vocabulary as _},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    competency_framework::{SCALE, SHORT_NAME, TITLE},
    exchange::notes::TOLD,
    learning_plan::for_whom,
};
use crate::{
    domain::{
        caller::{Caller, Principal},
        clock,
        community::{
            contact,
            exchange::columns::{COLUMN, MappedColumn},
        },
        error::{Code, Error, Result},
        jobs::{self, exchange::mapping::TrackerMapping},
        policy::Action,
        projects::project,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::{
        cell::{Cell, Store},
        shape::{Leaf, Need, Shape, leaf},
    },
};

/// How many bytes a request with a document has at most.
pub const DOCUMENT_MAX: usize = 16 * 1024 * 1024;
/// How many bytes the document of a plan has at most.
const PLAN_MAX: usize = 1024 * 1024;
/// How many imports of one principal may wait at once.
const WAITING_MAX: u64 = 20;
/// What holds contacts.
const CONTACTS: &[ImportKind] = &[ImportKind::ContactsVcard, ImportKind::ContactsCsv];
const COUNT: Kind = int(0, i64::MAX);
const NOTES: Kind = list(&NOTE, TOLD);
const TRACKER_MAPPING: Kind = Kind::Object(TrackerMapping::object);
const MAPPING: Kind = Kind::List { of: &COLUMN, min: 1, max: 50 };
const TABLE: Kind = text(Form::Prose, 1, DOCUMENT_MAX);
const CARDS: Kind = text(Form::File, 1, DOCUMENT_MAX);

impl Row for Entity {
    const NAME: &'static str = "ImportJob";
    type Id = ImportId;

    fn owner(row: &Model) -> Option<UserId> {
        row.user_id
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ImportId>(), "The id."),
        Column::Kind => leaf(word::<ImportKind>(), "What is taken in.").filter(),
        Column::State => leaf(word::<ImportState>(), "Where it stands.").filter(),
        Column::Preview => {
            leaf(Kind::Bool, "Whether it is only looked at what would become of its rows: nothing is written.")
        }
        Column::UserId => leaf(id::<UserId>(), "Who asked for it, when it was a person.").filter(),
        Column::FrameworkId => leaf(id::<CompetencyFrameworkId>(), "The framework that it made or changed.").filter(),
        Column::PlanId => leaf(id::<LearningPlanId>(), "The plan that it made.").filter(),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project that it made.").filter(),
        Column::Total => leaf(COUNT, "How many rows the document has, once they are counted."),
        Column::Done => leaf(COUNT, "How many of them were checked."),
        Column::Added => {
            leaf(COUNT, "How many competencies, items, parts of a project, applications or contacts it made.")
        }
        Column::Changed => leaf(COUNT, "How many it changed."),
        Column::Unchanged => leaf(COUNT, "How many were the same already."),
        Column::Removed => leaf(COUNT, "How many it deleted: they are in the document no more, and nobody uses them."),
        Column::ErrorCount => leaf(COUNT, "How many errors there are."),
        Column::Errors => leaf(NOTES, "What is wrong in the document, each with its place: the first 200."),
        Column::Warnings => leaf(NOTES, "Advice about what was taken in: the first 200."),
        Column::StartedAt => leaf(Kind::Time, "When it was begun."),
        Column::EndedAt => leaf(Kind::Time, "When it ended.").filter(),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was asked for.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        // Shown to whoever may see the search.
        Column::JobSearchId
        | Column::OrganizationId
        | Column::ClientId
        | Column::Scopes
        | Column::Rows
        | Column::Attempts
        | Column::Lease
        | Column::LeaseUntil => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "ImportJob",
        "A document that is taken in: as a whole, or not at all.",
        "imp",
        Action::ViewImportJob,
        show,
    )
    .order("created_at", true)
    .computed(
        "jobSearchId",
        id::<JobSearchId>(),
        "The search for a job that it filled, for whoever may see that.",
        vec![Need::Column("job_search_id", Store::Uuid), Need::Sees("job_search_id", "JobSearch")],
        |cells, _| if cells[1] == Cell::Bool(true) { cells[0].clone() } else { Cell::Null },
    )
    .nullable()
    .one("user", "user_id", "User", "Who asked for it.")
    .one("framework", "framework_id", "CompetencyFramework", "The framework that it made or changed.")
    .one("plan", "plan_id", "LearningPlan", "The plan that it made.")
    .one("project", "project_id", "Project", "The project that it made.")
    .one("jobSearch", "job_search_id", "JobSearch", "The search for a job that it filled.");
    let verbs = vec![
        Verb::create(
            Action::CreateImportJob,
            "Take a document in. It is read, checked row by row and written as a whole; ask for the job to see how far it is.",
            create,
        )
        .accepts(DOCUMENT_MAX)
        .later(),
        Verb::on::<Entity, _, _, _>("cancel", Action::CancelImportJob, "Call an import off that has not ended.", cancel),
    ];
    Resource { shape, plural: "importJobs", verbs }
}

object! {
    /// A document to take in.
    #[derive(Serialize)]
    NewImportJob {
        /// What it is.
        required kind: ImportKind = word::<ImportKind>(),
        /// The document: a CASE 1.0 CFPackage, an exported plan, an exported project or a tracker. A request in GraphQL has at most 1 MiB; REST takes 16.
        optional document: Value = Kind::Json,
        /// The text of a table. Of competencies: a head with `code` and `name`, and at will `description`, `parentCode`,
        /// `sortOrder`, `rule` and `alignments`. Of applications: what `trackerMapping` says. Of contacts: a head with `name`, and at will
        /// `email`, `phone`, `company`, `role`, `relationship`, `howMet`, `url`, `note`, `cadenceDays`, `lastInteractionAt`, `id`,
        /// `externalId` and `externalSource`.
        optional csv: String = TABLE,
        /// The text of vCards, of version 3.0 or 4.0.
        optional vcard: String = CARDS,
        /// Of a table of applications: what its columns are.
        optional tracker_mapping: TrackerMapping = TRACKER_MAPPING,
        /// Of a table of contacts: what its columns hold, when they are not called as ours. Others are left out.
        optional mapping: Vec<MappedColumn> = MAPPING,
        /// Of contacts, or of a tracker: only look at what would become of each row; `importRows` tells. Nothing is written.
        optional preview: bool = Kind::Bool,
        /// Of a tracker: the search to fill. Without it, the one that came from the same system before, or a new one.
        optional job_search_id: JobSearchId = id::<JobSearchId>(),
        /// Of a table of competencies: the framework whose competencies it holds.
        optional framework_id: CompetencyFrameworkId = id::<CompetencyFrameworkId>(),
        /// Of a framework: its short name; a package that says nothing gets one made of its title.
        optional short_name: String = SHORT_NAME,
        /// Of a table of competencies: the full name of a new framework.
        optional title: String = TITLE,
        /// Of a framework: its levels, when the document has none.
        optional scale: Scale = SCALE,
        /// Of a framework: whether members who do not manage frameworks see it.
        optional visible: bool = Kind::Bool,
        /// Of a plan: who learns; of a project or of contacts: whose they are; of a tracker: who searches. Without it, yourself.
        optional owner_id: UserId = id::<UserId>(),
    }
}

async fn create(who: Caller, new: NewImportJob) -> Result<Done> {
    start(&who, new).await
}

/// Notes down that a document is to be taken in.
///
/// # Errors
/// Whatever refuses it before it is read.
pub async fn start(who: &Caller, new: NewImportJob) -> Result<Done> {
    may(who, new.kind)?;
    has_document(&new)?;
    nothing_else(&new)?;
    let mut tx = who.begin().await?;
    if new.kind == ImportKind::LearningPlan {
        for_whom(&tx, new.owner_id, "/ownerId").await?;
    }
    if new.kind == ImportKind::Project {
        project::for_whom(&tx, new.owner_id).await?;
    }
    if is_tracker(new.kind) {
        jobs::whose(&tx, new.owner_id).await?;
    }
    if CONTACTS.contains(&new.kind) {
        contact::whose(&tx, new.owner_id).await?;
    }
    few_wait(&tx).await?;
    let payload = serde_json::to_string(&new).map_err(Error::internal)?;
    if new.kind == ImportKind::LearningPlan && payload.len() > PLAN_MAX {
        return Err(Error::field(Code::TooLarge, "/document", "A plan has at most 1 MiB."));
    }
    let job = tx.insert::<Entity>(queued(&tx, new.kind, new.preview == Some(true))).await?;
    let payload = import_payload::ActiveModel {
        import_id: Set(job.id),
        organization_id: Set(job.organization_id),
        payload: Set(payload),
    };
    import_payload::Entity::insert(payload).exec_without_returning(&tx.db).await?;
    tx.record("created", &job, json!({ "kind": job.kind }))?;
    let done = tx.made(&job).await?;
    who.house.work.notify_one();
    Ok(done)
}

/// Whether somebody may take such a thing in at all; whether all of it is theirs is seen when it is read.
fn may(who: &Caller, kind: ImportKind) -> Result<()> {
    match kind {
        ImportKind::Case | ImportKind::FrameworkCsv => who.may(Action::ManageCompetencyFramework),
        ImportKind::LearningPlan => who.may(Action::CreateLearningPlan),
        ImportKind::Project => who.may(Action::CreateProject),
        ImportKind::JobTracker | ImportKind::JobTrackerCsv => who.may(Action::CreateJobSearch),
        ImportKind::ContactsVcard | ImportKind::ContactsCsv => who.may(Action::CreateContact),
    }
}

const fn is_tracker(kind: ImportKind) -> bool {
    matches!(kind, ImportKind::JobTracker | ImportKind::JobTrackerCsv)
}

fn has_document(new: &NewImportJob) -> Result<()> {
    let (there, pointer) = match new.kind {
        ImportKind::Case | ImportKind::LearningPlan | ImportKind::Project | ImportKind::JobTracker => {
            (new.document.is_some(), "/document")
        }
        ImportKind::FrameworkCsv | ImportKind::JobTrackerCsv | ImportKind::ContactsCsv => (new.csv.is_some(), "/csv"),
        ImportKind::ContactsVcard => (new.vcard.is_some(), "/vcard"),
    };
    if there {
        return Ok(());
    }
    Err(Error::field(Code::DocumentRequired, pointer, "There is nothing to take in."))
}

/// What a kind of import does not take is refused, not ignored: who names a framework means it.
fn nothing_else(new: &NewImportJob) -> Result<()> {
    use ImportKind::{
        Case, ContactsCsv, ContactsVcard, FrameworkCsv, JobTracker, JobTrackerCsv, LearningPlan, Project,
    };
    let given: [(&str, bool, &[ImportKind]); 13] = [
        ("/document", new.document.is_some(), &[Case, LearningPlan, Project, JobTracker]),
        ("/csv", new.csv.is_some(), &[FrameworkCsv, JobTrackerCsv, ContactsCsv]),
        ("/vcard", new.vcard.is_some(), &[ContactsVcard]),
        ("/trackerMapping", new.tracker_mapping.is_some(), &[JobTrackerCsv]),
        ("/mapping", new.mapping.is_some(), &[ContactsCsv]),
        ("/preview", new.preview.is_some(), &[JobTracker, JobTrackerCsv, ContactsVcard, ContactsCsv]),
        ("/jobSearchId", new.job_search_id.is_some(), &[JobTracker, JobTrackerCsv]),
        ("/frameworkId", new.framework_id.is_some(), &[FrameworkCsv]),
        ("/shortName", new.short_name.is_some(), &[Case, FrameworkCsv]),
        ("/title", new.title.is_some(), &[Case, FrameworkCsv]),
        ("/scale", new.scale.is_some(), &[Case, FrameworkCsv]),
        ("/visible", new.visible.is_some(), &[Case, FrameworkCsv]),
        (
            "/ownerId",
            new.owner_id.is_some(),
            &[LearningPlan, Project, JobTracker, JobTrackerCsv, ContactsVcard, ContactsCsv],
        ),
    ];
    match given.iter().find(|(_, given, kinds)| *given && !kinds.contains(&new.kind)) {
        Some((pointer, ..)) => {
            Err(Error::field(Code::ImportOptionForbidden, pointer, format!("{} takes no such thing.", new.kind)))
        }
        None => Ok(()),
    }
}

async fn few_wait(tx: &Tx) -> Result<()> {
    let (user, client) = principal(&tx.who);
    let waiting = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::State.is_in([ImportState::Queued, ImportState::Running]))
        .filter(match (user, client) {
            (Some(user), _) => Column::UserId.eq(user),
            (_, Some(client)) => Column::ClientId.eq(client),
            _ => return Ok(()),
        });
    if waiting.count(&tx.db).await? < WAITING_MAX {
        return Ok(());
    }
    let error = Error::new(Code::ImportsWaiting, format!("{WAITING_MAX} imports of yours have not ended yet."));
    Err(error.retry_after(30))
}

fn principal(who: &Caller) -> (Option<UserId>, Option<entity::id::ClientId>) {
    match who.principal {
        Principal::User { id, .. } => (Some(id), None),
        Principal::Client { id } => (None, Some(id)),
        Principal::Operator => (None, None),
    }
}

fn queued(tx: &Tx, kind: ImportKind, preview: bool) -> ActiveModel {
    let (user, client) = principal(&tx.who);
    ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(tx.who.organization),
        kind: Set(kind),
        preview: Set(preview),
        rows: Set(Json(Vec::new())),
        state: Set(ImportState::Queued),
        user_id: Set(user),
        client_id: Set(client),
        scopes: Set(tx.who.scopes),
        framework_id: Set(None),
        plan_id: Set(None),
        project_id: Set(None),
        job_search_id: Set(None),
        total: Set(None),
        done: Set(0),
        added: Set(0),
        changed: Set(0),
        unchanged: Set(0),
        removed: Set(0),
        error_count: Set(0),
        errors: Set(Json(Vec::new())),
        warnings: Set(Json(Vec::new())),
        attempts: Set(0),
        lease: Set(None),
        lease_until: Set(None),
        started_at: Set(None),
        ended_at: Set(None),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    }
}

async fn cancel(who: Caller, target: Target<ImportId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let job = tx.find_at::<Entity>(&target, Action::CancelImportJob).await?;
    if !matches!(job.state, ImportState::Queued | ImportState::Running) {
        let error = Error::new(Code::InvalidTransition, "The import has ended already.");
        return Err(error.with(json!({ "from": job.state.word(), "command": "cancel", "allowed": [] })));
    }
    let job = ended(&tx, job, ImportState::Cancelled, |_| {}).await?;
    tx.record("cancelled", &job, json!({ "kind": job.kind }))?;
    tx.done(&job).await
}

/// Ends an import: what it took in is not needed any more.
async fn ended(tx: &Tx, job: Model, state: ImportState, more: impl FnOnce(&mut ActiveModel)) -> Result<Model> {
    import_payload::Entity::delete_by_id(job.id).exec(&tx.db).await?;
    let now = tx.now;
    let after = tx
        .change::<Entity>(job, |row| {
            row.state = Set(state);
            row.ended_at = Set(Some(now));
            row.lease = Set(None);
            row.lease_until = Set(None);
            more(row);
        })
        .await?;
    Ok(after.row)
}
