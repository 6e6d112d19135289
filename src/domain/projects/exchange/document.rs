//! The document of a project: what is in it, by what it belongs to, in an order that never changes by itself.
//!
//! Whatever it names that is not in it (people, contacts, competencies) it names so that another installation may know it,
//! too. Ids of its own tell only which thing an earlier revision means: whoever takes it in gives new ones.

pub mod people;
pub mod plan;
pub mod scope;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    kind::{Declared as _, Kind, int, line, list, word},
    object,
    projects::project::{ProjectKind, ProjectStatus},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::super::part;
use crate::{
    domain::{
        clock,
        external::{self, ExternalRef},
        projects::project,
    },
    read::filter,
};
use people::{ObstaclePart, ProjectMemberPart, SelectionChecklistPart};
use plan::{BudgetPart, MilestonePart};
use scope::ScopePart;

/// What the document says it is.
pub const FORMAT: &str = "cairn/project";
/// Which edition of that.
pub const VERSION: i64 = 1;
/// How many of anything a document holds, where nothing else says: in a whole project, not in each part of it.
pub const MOST: usize = part::MOST;
/// How many entries of a budget.
pub const ENTRIES_MOST: usize = 5000;
/// How many observations.
pub const OBSERVATIONS_MOST: usize = 20_000;

const PROJECT: Kind = Kind::Object(ProjectPart::object);
const MEMBER: Kind = Kind::Object(ProjectMemberPart::object);
const SCOPE: Kind = Kind::Object(ScopePart::object);
const MILESTONE: Kind = Kind::Object(MilestonePart::object);
const BUDGET: Kind = Kind::Object(BudgetPart::object);
const OBSTACLE: Kind = Kind::Object(ObstaclePart::object);
const CHECKLIST: Kind = Kind::Object(SelectionChecklistPart::object);

object! {
    /// A project with everything in it, as one document: what `projectExport` tells, and an import of the kind `PROJECT`
    /// takes. Lists are in the order in which their things were made, or in their own: milestones by `sortOrder`, what was
    /// observed and spent by its time.
    #[derive(Serialize)]
    ProjectDocument {
        /// What it is: `cairn/project`.
        required format: String = line(1, 100),
        /// Which edition of that: 1.
        required version: i64 = int(1, i64::MAX),
        /// The project itself.
        required project: ProjectPart = PROJECT,
        /// Who is in it beside its owner.
        required members: Vec<ProjectMemberPart> = list(&MEMBER, MOST),
        /// What it sets out to do.
        required scope: ScopePart = SCOPE,
        /// What is promised in it, with what is measured and was observed.
        required milestones: Vec<MilestonePart> = list(&MILESTONE, super::super::milestone::MOST),
        /// What it is planned to take, and what it took.
        required budget: BudgetPart = BUDGET,
        /// What stood in its way.
        required obstacles: Vec<ObstaclePart> = list(&OBSTACLE, MOST),
        /// What speaks for it.
        optional checklist: SelectionChecklistPart = CHECKLIST,
    }
}

object! {
    /// The project itself. Its present step follows from those of its scope.
    #[derive(Serialize)]
    ProjectPart {
        /// What it is called.
        required title: String = project::TITLE,
        /// What it is about.
        optional summary: String = project::SUMMARY,
        /// What it is done for.
        required kind: ProjectKind = word::<ProjectKind>(),
        /// Where it stands.
        required status: ProjectStatus = word::<ProjectStatus>(),
        /// The field of business whose problem it solves.
        optional domain: String = project::DOMAIN,
        /// Where AI is applied.
        optional application_area: String = project::AREA,
        /// When it should be done.
        optional due_on: NaiveDate = Kind::Date,
        /// When work first began.
        optional started_at: Moment = Kind::Time,
        /// When it was completed, cancelled or closed: of what has ended, and of nothing else.
        optional ended_at: Moment = Kind::Time,
        /// Why it ended as it did.
        optional end_note: String = project::NOTE,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
        /// When it was made there; whoever takes it in makes it then.
        optional created_at: Moment = Kind::Time,
    }
}

impl ProjectDocument {
    /// How many things it holds.
    #[must_use]
    pub fn parts(&self) -> usize {
        let scope = &self.scope;
        let of_solution = scope.solutions.iter().map(|one| {
            1 + usize::from(one.feasibility.is_some()) + usize::from(one.value.is_some()) + one.proofs_of_concept.len()
        });
        let metrics = self.milestones.iter().flat_map(|one| &one.metrics).map(|one| 1 + one.observations.len());
        self.members.len()
            + scope.consultations.len()
            + scope.transitions.len()
            + scope.revisions.len()
            + of_solution.sum::<usize>()
            + self.milestones.len()
            + metrics.sum::<usize>()
            + self.budget.lines.iter().map(|one| 1 + one.entries.len()).sum::<usize>()
            + self.obstacles.len()
            + usize::from(self.checklist.is_some())
    }
}

/// A moment in a document: it goes out in the one form of the wire, and comes in in any form of RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub DateTime<Utc>);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&clock::rfc3339(self.0))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        filter::time(&text).map(Self).ok_or_else(|| D::Error::custom("no moment"))
    }
}

/// A moment, when there is one.
pub(super) fn moment(at: Option<DateTime<Utc>>) -> Option<Moment> {
    at.map(Moment)
}
