//! Portfolio entries: what somebody shows of what they did, in four stages (§15).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{
    id::{OrganizationId, PortfolioEntryId, ProjectId, UserId},
    kind::{Declared as _, Form, Kind, line, list, text},
    vocabulary::{Json, Set},
};

crate::vocabulary! {
    /// How far something that somebody did goes: each stage is more than the one before it.
    PortfolioStage {
        /// An assignment whose answer is known.
        ClassProject = "CLASS_PROJECT",
        /// Begun by oneself, alone or with friends.
        PersonalProject = "PERSONAL_PROJECT",
        /// Worth something to others, as they say.
        ValueCreation = "VALUE_CREATION",
        /// Worth something, and of a larger scope or complexity than everything before.
        RisingScope = "RISING_SCOPE",
    }
}

crate::vocabulary! {
    /// What kind of thing somebody began by themself.
    PersonalKind {
        /// What others did, done again.
        Reimplementation = "REIMPLEMENTATION",
        /// For the joy of it.
        Hobby = "HOBBY",
        /// Something small that makes one's own work easier.
        WorkScript = "WORK_SCRIPT",
        /// For a competition.
        Competition = "COMPETITION",
    }
}

crate::vocabulary! {
    /// What somebody was trusted with. Sets store their order: words are only ever appended.
    PortfolioResource {
        /// Machines and instruments.
        Equipment = "EQUIPMENT",
        /// Time on processors.
        Compute = "COMPUTE",
        /// Money for labels.
        LabelingBudget = "LABELING_BUDGET",
        /// People.
        Headcount = "HEADCOUNT",
    }
}

crate::vocabulary! {
    /// Whom an entry is shown to, beside whom its owner opened their portfolio to.
    PortfolioVisibility {
        /// Nobody.
        Private = "PRIVATE",
        /// Whoever has an address that its owner shared.
        Link = "LINK",
        /// Everybody.
        Public = "PUBLIC",
    }
}

crate::vocabulary! {
    /// What speaks for a stage, or is missing for one.
    StageReasonCode {
        /// It was an assignment whose answer is known.
        Assignment = "ASSIGNMENT",
        /// It was begun by oneself.
        SelfStarted = "SELF_STARTED",
        /// Somebody else shows that it was worth something.
        ValueEvidence = "VALUE_EVIDENCE",
        /// Something before it was worth something, too.
        ValueBefore = "VALUE_BEFORE",
        /// It is more complex than everything before it, or its owner was trusted with more.
        GreaterScope = "GREATER_SCOPE",
    }
}

crate::vocabulary! {
    /// For whom a portfolio is written.
    PortfolioFormat {
        /// For sites and services that know JSON Resume.
        JsonResume = "JSON_RESUME",
        /// For people: a text with headings.
        Markdown = "MARKDOWN",
        /// What the person is proficient in, as achievements in the words of Open Badges 3.0.
        OpenBadges = "OPEN_BADGES",
    }
}

/// Where something is to be seen.
const LINK: Kind = Kind::Object(PortfolioLink::object);
/// All such addresses of an entry.
pub const LINKS: Kind = list(&LINK, 20);

crate::object! {
    /// Where something is to be seen.
    #[derive(Serialize, PartialEq, Eq)]
    PortfolioLink {
        /// The address.
        required url: String = text(Form::Url, 1, 2000),
        /// What is there.
        optional label: String = line(1, 100),
    }
}

/// A row of `portfolio_entry`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "portfolio_entry")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PortfolioEntryId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whose it is; it never changes.
    pub owner_id: UserId,
    /// The project that it tells of.
    pub project_id: Option<ProjectId>,
    /// What it is called.
    pub title: String,
    /// What was done, and what came of it.
    pub summary: Option<String>,
    /// How far it goes.
    pub stage: PortfolioStage,
    /// Whether it was an assignment whose answer is known.
    pub assigned: bool,
    /// What kind of thing it is, when it was begun by oneself.
    pub personal_kind: Option<PersonalKind>,
    /// When work began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was finished.
    pub finished_at: Option<DateTime<Utc>>,
    /// How complex it was, 1 to 5.
    pub complexity: Option<i64>,
    /// How many people worked on it.
    pub team_size: Option<i64>,
    /// What its owner was trusted with.
    pub resources: Set<PortfolioResource>,
    /// Where it is to be seen.
    pub links: Json<Vec<PortfolioLink>>,
    /// Whom it is shown to.
    pub visibility: PortfolioVisibility,
    /// The title, folded for searching.
    pub search_text: String,
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
