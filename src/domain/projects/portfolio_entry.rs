//! Portfolio entries: what somebody shows of what they did, in four stages (§15).

pub(in crate::domain) mod competencies;
mod draft;
pub mod stage;
mod written;

use chrono::{DateTime, Utc};
use entity::{
    id::{PortfolioEntryId, ProjectId, UserId},
    kind::{Kind, Patch, id, int, line, list, prose, word},
    object,
    platform::user,
    projects::{
        portfolio_entry::{
            Column, Entity, LINKS, Model, PersonalKind, PortfolioLink, PortfolioResource, PortfolioStage,
            PortfolioVisibility,
        },
        project,
    },
    vocabulary::Set as Words,
};

use self::{
    competencies::{SHOWN, ShownCompetency},
    written::{revise, write},
};
use super::peer_feedback::is_in;
use crate::{
    domain::{
        caller::Caller,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        policy::Action,
        tx::Tx,
        verb::{Done, External, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

/// What an entry is called.
pub(super) const TITLE: Kind = line(1, 200);
/// What was done.
pub(super) const SUMMARY: Kind = prose(5000);
/// How complex it was.
pub(super) const COMPLEXITY: Kind = int(1, 5);
/// How many people worked on it.
pub(super) const TEAM: Kind = int(1, 100_000);
const RESOURCE: Kind = word::<PortfolioResource>();
/// What its owner was trusted with.
pub(super) const RESOURCES: Kind = list(&RESOURCE, 4);

impl Row for Entity {
    const NAME: &'static str = "PortfolioEntry";
    type Id = PortfolioEntryId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<PortfolioEntryId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Whose it is; it never changes.").filter(),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project that it tells of.").filter(),
        Column::Title => leaf(TITLE, "What it is called.").sort(),
        Column::Summary => leaf(SUMMARY, "What was done, and what came of it."),
        Column::Stage => leaf(word::<PortfolioStage>(), "How far it goes, as its owner says.").filter(),
        Column::Assigned => leaf(Kind::Bool, "Whether it was an assignment whose answer is known."),
        Column::PersonalKind => leaf(word::<PersonalKind>(), "What kind of thing, when it was begun by oneself."),
        Column::StartedAt => leaf(Kind::Time, "When work began."),
        Column::FinishedAt => leaf(Kind::Time, "When it was finished.").filter().sort(),
        Column::Complexity => leaf(COMPLEXITY, "How complex it was, 1 to 5."),
        Column::TeamSize => leaf(TEAM, "How many people worked on it, its owner among them."),
        Column::Resources => leaf(RESOURCES, "What its owner was trusted with."),
        Column::Links => leaf(LINKS, "Where it is to be seen."),
        Column::Visibility => leaf(
            word::<PortfolioVisibility>(),
            "Whom it is shown to without an account. Whom its owner opened their portfolio to sees all of it.",
        )
        .filter(),
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
        "PortfolioEntry",
        "Something that somebody shows of what they did (§15).",
        "pfe",
        Action::ViewPortfolioEntry,
        show,
    )
    .order("created_at", false)
    .external_refs()
    .one("owner", "owner_id", "User", "Whose it is.")
    .one("project", "project_id", "Project", "The project that it tells of, for whom may see it.")
    .many("valueEvidence", "entry_id", "PortfolioEvidence", "What shows that it was worth something to others.")
    .many("confirmations", "entry_id", "StakeholderConfirmation", "Who was asked whether it was.")
    .through(
        "skills",
        ("portfolio_entry_competency", "entry_id", "competency_id"),
        "Competency",
        "The competencies that it shows, as such.",
    );
    Resource { shape: stage::shown(competencies::shown(shape)), plural: "portfolioEntries", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{CreatePortfolioEntry, EditPortfolioEntry};
    vec![
        Verb::create(
            CreatePortfolioEntry,
            "Show something that somebody did. Without a stage it is what it seems to be: an assignment, or one's own.",
            create,
        ),
        Verb::upsert(CreatePortfolioEntry, "Make or change the entry that another system's name stands for.", upsert),
        Verb::on_collection(
            "draft",
            CreatePortfolioEntry,
            "Draft an entry from a finished project, for who was in it: private, with what is known of it.",
            draft::draft,
        )
        .called("draftPortfolioEntry"),
        Verb::on::<Entity, _, _, _>("update", EditPortfolioEntry, "Change an entry.", update),
        Verb::delete::<Entity>(EditPortfolioEntry, "Delete an entry; it can be restored."),
        Verb::restore::<Entity>(EditPortfolioEntry, "Bring a deleted entry back."),
    ]
}

object! {
    /// Something to show.
    NewPortfolioEntry {
        /// What it is called.
        required title: String = TITLE,
        /// What was done, and what came of it.
        optional summary: String = SUMMARY,
        /// How far it goes; what stands on evidence is said once there is some.
        optional stage: PortfolioStage = word::<PortfolioStage>(),
        /// Whether it was an assignment whose answer is known; it was not, unless it is said.
        optional assigned: bool = Kind::Bool,
        /// What kind of thing, when it was begun by oneself.
        optional personal_kind: PersonalKind = word::<PersonalKind>(),
        /// When work began.
        optional started_at: DateTime<Utc> = Kind::Time,
        /// When it was finished.
        optional finished_at: DateTime<Utc> = Kind::Time,
        /// How complex it was, 1 to 5.
        optional complexity: i64 = COMPLEXITY,
        /// How many people worked on it, its owner among them.
        optional team_size: i64 = TEAM,
        /// What its owner was trusted with.
        optional resources: Words<PortfolioResource> = RESOURCES,
        /// What it shows, and at which level.
        optional competencies: Vec<ShownCompetency> = SHOWN,
        /// Where it is to be seen.
        optional links: Vec<PortfolioLink> = LINKS,
        /// Whom it is shown to without an account; nobody, unless its owner says so.
        optional visibility: PortfolioVisibility = word::<PortfolioVisibility>(),
        /// The project that it tells of, in which its owner was.
        optional project_id: ProjectId = id::<ProjectId>(),
        /// Whose it is: yours, unless you write for somebody who let you.
        optional owner_id: UserId = id::<UserId>(),
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to an entry.
    PortfolioEntryPatch {
        /// What it is called.
        change title: String = TITLE,
        /// What was done, and what came of it.
        clear summary: String = SUMMARY,
        /// How far it goes: `VALUE_CREATION` and `RISING_SCOPE` stand on evidence.
        change stage: PortfolioStage = word::<PortfolioStage>(),
        /// Whether it was an assignment whose answer is known.
        change assigned: bool = Kind::Bool,
        /// What kind of thing, when it was begun by oneself.
        clear personal_kind: PersonalKind = word::<PersonalKind>(),
        /// When work began.
        clear started_at: DateTime<Utc> = Kind::Time,
        /// When it was finished.
        clear finished_at: DateTime<Utc> = Kind::Time,
        /// How complex it was, 1 to 5.
        clear complexity: i64 = COMPLEXITY,
        /// How many people worked on it, its owner among them.
        clear team_size: i64 = TEAM,
        /// What its owner was trusted with.
        change resources: Words<PortfolioResource> = RESOURCES,
        /// What it shows, in place of what it showed.
        change competencies: Vec<ShownCompetency> = SHOWN,
        /// Where it is to be seen.
        change links: Vec<PortfolioLink> = LINKS,
        /// Whom it is shown to without an account: its owner alone says so.
        change visibility: PortfolioVisibility = word::<PortfolioVisibility>(),
        /// Never changes: another value is refused with `OWNER_IMMUTABLE`.
        change owner_id: UserId = id::<UserId>(),
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewPortfolioEntry) -> Result<Done> {
    let mut tx = who.begin().await?;
    let entry = write(&mut tx, new).await?;
    tx.made(&entry).await
}

async fn upsert(who: Caller, external: External, mut new: NewPortfolioEntry) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let entry = tx.find_external::<Entity>(&external, id, Action::EditPortfolioEntry).await?;
        if new.project_id.is_some() && new.project_id != entry.project_id {
            let why = "What an entry tells of never changes.";
            return Err(Error::field(Code::ProjectImmutable, "/projectId", why));
        }
        let entry = revise(&mut tx, entry, over(new)).await?;
        return tx.done(&entry).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let entry = write(&mut tx, new).await?;
    tx.made(&entry).await
}

/// What is told of an entry that is there, as changes to it.
fn over(new: NewPortfolioEntry) -> PortfolioEntryPatch {
    PortfolioEntryPatch {
        title: Some(new.title),
        summary: new.summary.map_or(Patch::Keep, Patch::Set),
        stage: new.stage,
        assigned: new.assigned,
        personal_kind: new.personal_kind.map_or(Patch::Keep, Patch::Set),
        started_at: new.started_at.map_or(Patch::Keep, Patch::Set),
        finished_at: new.finished_at.map_or(Patch::Keep, Patch::Set),
        complexity: new.complexity.map_or(Patch::Keep, Patch::Set),
        team_size: new.team_size.map_or(Patch::Keep, Patch::Set),
        resources: new.resources,
        competencies: new.competencies,
        links: new.links,
        visibility: new.visibility,
        owner_id: new.owner_id,
        external_refs: new.external_refs,
    }
}

/// Whose portfolio it is: the caller's, or that of somebody who let them write in it.
pub(super) async fn for_whom(tx: &Tx, wanted: Option<UserId>) -> Result<user::Model> {
    let id = wanted
        .or(tx.who.user())
        .ok_or_else(|| Error::field(Code::OwnerRequired, "/ownerId", "A machine names whose portfolio it is."))?;
    tx.refer_to::<user::Entity>(id, Action::PortfolioFor, "/ownerId").await
}

/// The project that an entry of somebody tells of: one in which they were, as its owner or beside them.
pub(super) async fn of_project(tx: &Tx, id: ProjectId, owner: UserId) -> Result<project::Model> {
    let project = tx.refer::<project::Entity>(id, "/projectId").await?;
    if is_in(tx, &project, owner).await? {
        return Ok(project);
    }
    Err(Error::field(Code::ReferenceUnknown, "/projectId", "There is no such project of theirs."))
}

async fn update(who: Caller, target: Target<PortfolioEntryId>, patch: PortfolioEntryPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let entry = tx.find_at::<Entity>(&target, Action::EditPortfolioEntry).await?;
    let entry = revise(&mut tx, entry, patch).await?;
    tx.done(&entry).await
}
