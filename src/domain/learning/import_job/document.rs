//! What an import takes in: a framework, a plan or a project, read and checked before anything is written.

use entity::learning::import_job::{ImportKind, ImportRow};

use super::{NewImportJob, rows::TOLD};
use crate::domain::{
    community::exchange::{self as contacts, columns, vcard},
    error::{Error, Result},
    jobs::exchange::{self as jobs, draft::Tracker},
    learning::exchange::{
        Draft, case,
        framework::{self, Counts, Wanted},
        notes::Notes,
        plan,
        plan_document::PlanDocument,
        table,
    },
    projects::exchange::{self as projects, document::ProjectDocument},
    tx::Tx,
};

/// A document that could be read.
pub(super) enum Read {
    Framework(Draft, Option<serde_json::Value>),
    Plan(PlanDocument),
    Project(Box<ProjectDocument>),
    Tracker(Box<Tracker>),
    Contacts(Vec<contacts::Draft>),
}

impl Read {
    pub(super) fn rows(&self) -> usize {
        match self {
            Self::Framework(draft, _) => draft.items.len(),
            Self::Plan(document) => document.items.len(),
            Self::Project(document) => document.parts(),
            Self::Tracker(tracker) => tracker.rows(),
            Self::Contacts(drafts) => drafts.len(),
        }
    }

    pub(super) fn check_head(&self, notes: &mut Notes) {
        if let Self::Framework(draft, _) = self {
            draft.check_head(notes);
        }
    }

    pub(super) fn check(&mut self, from: usize, to: usize, notes: &mut Notes) {
        match self {
            Self::Framework(draft, _) => draft.check(from, to, notes),
            Self::Contacts(drafts) => drafts[from..to].iter_mut().for_each(|draft| draft.check(notes)),
            // The document of a plan, a project or a tracker was checked by its declaration, and the lines of a table as they were read.
            Self::Plan(_) | Self::Project(_) | Self::Tracker(_) => {}
        }
    }
}

/// Reads what is to be taken in.
pub(super) fn read(payload: &str) -> Result<(NewImportJob, Option<Read>, Notes)> {
    let mut input: NewImportJob = serde_json::from_str(payload).map_err(Error::internal)?;
    let mut notes = Notes::default();
    let document = input.document.take().unwrap_or_default();
    let read = match input.kind {
        ImportKind::Case => case::read::read(&document, &mut notes).map(|draft| Read::Framework(draft, Some(document))),
        ImportKind::FrameworkCsv => {
            table::read(&input.csv.take().unwrap_or_default(), &mut notes).map(|draft| Read::Framework(draft, None))
        }
        ImportKind::LearningPlan => plan::read(&document, &mut notes).map(Read::Plan),
        ImportKind::ContactsVcard => {
            vcard::read(&input.vcard.take().unwrap_or_default(), &mut notes).map(Read::Contacts)
        }
        ImportKind::ContactsCsv => {
            let text = input.csv.take().unwrap_or_default();
            columns::read(&text, input.mapping.as_deref(), &mut notes).map(Read::Contacts)
        }
        ImportKind::Project => projects::read::read(document, &mut notes).map(|read| Read::Project(Box::new(read))),
        ImportKind::JobTracker => jobs::read::read(document, &mut notes).map(|read| Read::Tracker(Box::new(read))),
        ImportKind::JobTrackerCsv => {
            let (text, mapping) =
                (input.csv.take().unwrap_or_default(), input.tracker_mapping.take().unwrap_or_default());
            jobs::table::read(&text, &mapping, &mut notes).map(|read| Read::Tracker(Box::new(read)))
        }
    };
    Ok((input, read, notes))
}

/// What was made or changed.
#[derive(Default)]
pub(super) struct Taken {
    pub(super) framework: Option<entity::id::CompetencyFrameworkId>,
    pub(super) plan: Option<entity::id::LearningPlanId>,
    pub(super) project: Option<entity::id::ProjectId>,
    pub(super) search: Option<entity::id::JobSearchId>,
    pub(super) counts: Counts,
    pub(super) rows: Vec<ImportRow>,
}

/// Takes in what was read; what refuses it is noted.
pub(super) async fn take(tx: &mut Tx, read: Read, input: NewImportJob, notes: &mut Notes) -> Result<Option<Taken>> {
    match read {
        Read::Framework(draft, package) => {
            let wanted = Wanted {
                framework: input.framework_id,
                short_name: input.short_name,
                title: input.title,
                scale: input.scale,
                visible: input.visible,
            };
            let taken = framework::take(tx, &draft, package.as_ref(), wanted, notes).await?;
            Ok(taken.map(|taken| {
                let framework = Some(taken.framework.id);
                Taken { framework, counts: taken.counts, ..Taken::default() }
            }))
        }
        Read::Plan(document) => {
            let taken = plan::take(tx, document, input.owner_id, notes).await?;
            Ok(taken.map(|(plan, added)| {
                let counts = Counts { added, ..Counts::default() };
                Taken { plan: Some(plan.id), counts, ..Taken::default() }
            }))
        }
        Read::Project(document) => {
            let taken = projects::take::take(tx, *document, input.owner_id, notes).await?;
            Ok(taken.map(|(project, added)| {
                let counts = Counts { added, ..Counts::default() };
                Taken { project: Some(project), counts, ..Taken::default() }
            }))
        }
        Read::Tracker(tracker) => {
            let preview = input.preview == Some(true);
            let wanted = jobs::take::Wanted { search: input.job_search_id, owner: input.owner_id, preview };
            let taken = jobs::take::take(tx, *tracker, wanted, notes).await?;
            Ok(taken.map(|jobs::take::Taken { search, counts, mut rows }| {
                rows.truncate(TOLD);
                Taken { search, counts, rows, ..Taken::default() }
            }))
        }
        Read::Contacts(drafts) => {
            let how = (input.kind, input.preview == Some(true));
            let taken = contacts::take::take(tx, &drafts, how, input.owner_id, notes).await?;
            Ok(taken.map(|taken| Taken { counts: taken.counts, rows: taken.rows, ..Taken::default() }))
        }
    }
}
