//! Documents that are being taken in: each is a job of its own, with its progress and what came of it.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::Serialize;
use serde_json::Value;

use crate::{
    id::{ClientId, CompetencyFrameworkId, ImportId, JobSearchId, LearningPlanId, OrganizationId, ProjectId, UserId},
    kind::{Form, Kind, int, line, list, text},
    platform::client::Scope,
    vocabulary::{Json, Set},
};

crate::vocabulary! {
    /// What is taken in.
    ImportKind {
        /// A competency framework as a 1EdTech CASE 1.0 package.
        Case = "CASE",
        /// The competencies of a framework as a table.
        FrameworkCsv = "FRAMEWORK_CSV",
        /// A learning plan with its items.
        LearningPlan = "LEARNING_PLAN",
        /// A project with everything in it.
        Project = "PROJECT",
        /// A search for a job as another system keeps it.
        JobTracker = "JOB_TRACKER",
        /// Applications as a table.
        JobTrackerCsv = "JOB_TRACKER_CSV",
        /// Contacts as vCards, of version 3.0 or 4.0 (RFC 2426, RFC 6350).
        ContactsVcard = "CONTACTS_VCARD",
        /// Contacts as a table.
        ContactsCsv = "CONTACTS_CSV",
    }
}

crate::vocabulary! {
    /// Where an import stands.
    ImportState {
        /// It waits for its turn.
        Queued = "QUEUED",
        /// It is being read and checked, and then written as a whole.
        Running = "RUNNING",
        /// Everything in it is there.
        Succeeded = "SUCCEEDED",
        /// Nothing of it is there; the errors say why.
        Failed = "FAILED",
        /// Somebody called it off; nothing of it is there.
        Cancelled = "CANCELLED",
    }
}

crate::vocabulary! {
    /// What becomes of a row.
    ImportRowOutcome {
        /// It is new.
        Create = "CREATE",
        /// It is there already, and what it says besides is filled in.
        Fill = "FILL",
        /// It is there already, with all that it says.
        Same = "SAME",
        /// It is an earlier row of the same document again.
        Duplicate = "DUPLICATE",
        /// It is left out: it was deleted here, or does not follow what is known here.
        LeftOut = "LEFT_OUT",
    }
}

crate::vocabulary! {
    /// By what a row was found to be there already.
    ImportMatch {
        /// It names the object itself.
        Id = "ID",
        /// The name that another system has for it.
        ExternalRef = "EXTERNAL_REF",
        /// The e-mail address.
        Email = "EMAIL",
        /// Name and company; where neither says a company, the name.
        NameAndCompany = "NAME_AND_COMPANY",
    }
}

crate::object! {
    /// What becomes of a row, or would become of it.
    #[derive(Serialize, PartialEq, Eq)]
    ImportRow {
        /// Where it begins in a table or among vCards: the line, from 1. In a tracker's document, its place in its list, from 1.
        required line: i64 = int(1, i64::MAX),
        /// Where it stands in a tracker's document, as a JSON pointer.
        optional pointer: String = line(1, 500),
        /// What it is about.
        required name: String = line(1, 200),
        /// What becomes of it.
        required outcome: ImportRowOutcome = crate::kind::word::<ImportRowOutcome>(),
        /// By what it was found to be there.
        optional matched_by: ImportMatch = crate::kind::word::<ImportMatch>(),
        /// The object that is there, or that was made of it.
        optional object_id: String = text(Form::Slug, 1, 100),
        /// Of one that is new: what is there already and looks like it. If the two are one, give the row that id: then it is filled in.
        optional possible_duplicate_id: String = text(Form::Slug, 1, 100),
        /// Of one that is there: the members that it fills in.
        optional fills: Vec<String> = list(&MEMBER, 20),
    }
}

/// The name of a member.
const MEMBER: Kind = line(1, 100);

/// The kind of one row.
pub const ROW: Kind = Kind::Object(<ImportRow as crate::kind::Declared>::object);

crate::object! {
    /// Something about one place in a document.
    #[derive(Serialize, PartialEq, Eq)]
    ImportNote {
        /// The line of a table, from 1; the head is the first.
        optional line: i64 = int(1, i64::MAX),
        /// Where in the document, as a JSON pointer; of a table, the column.
        required pointer: String = line(0, 2000),
        /// What, as a code.
        required code: String = line(1, 100),
        /// What, for people.
        required message: String = line(1, 2000),
        /// What a program needs to know of it besides: the id of what stands in the way.
        optional details: Value = Kind::Json,
    }
}

/// The kind of one note.
pub const NOTE: Kind = Kind::Object(<ImportNote as crate::kind::Declared>::object);

/// A row of `import_job`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "import_job")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ImportId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// What is taken in.
    pub kind: ImportKind,
    /// Whether it is only looked at what would become of it.
    pub preview: bool,
    /// What becomes of the first rows.
    pub rows: Json<Vec<ImportRow>>,
    /// Where it stands.
    pub state: ImportState,
    /// Who asked, when it was a person.
    pub user_id: Option<UserId>,
    /// Who asked, when it was a machine.
    pub client_id: Option<ClientId>,
    /// What the token of who asked might do.
    pub scopes: Set<Scope>,
    /// The framework that was made or changed.
    pub framework_id: Option<CompetencyFrameworkId>,
    /// The plan that was made.
    pub plan_id: Option<LearningPlanId>,
    /// The project that was made.
    pub project_id: Option<ProjectId>,
    /// The search for a job that was filled.
    pub job_search_id: Option<JobSearchId>,
    /// How many rows the document has, once they are counted.
    pub total: Option<i64>,
    /// How many of them were checked.
    pub done: i64,
    /// How many things were made.
    pub added: i64,
    /// How many were changed.
    pub changed: i64,
    /// How many were the same already.
    pub unchanged: i64,
    /// How many were deleted, being in the document no more.
    pub removed: i64,
    /// How many errors there are.
    pub error_count: i64,
    /// The first of them.
    pub errors: Json<Vec<ImportNote>>,
    /// Advice about what was taken in.
    pub warnings: Json<Vec<ImportNote>>,
    /// How often it was begun.
    pub attempts: i64,
    /// Who works on it.
    pub lease: Option<Uuid>,
    /// Until when nobody else does.
    pub lease_until: Option<DateTime<Utc>>,
    /// When it was begun.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was deleted; it can be restored.
    pub deleted_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}
