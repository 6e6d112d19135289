//! Contacts: whom somebody knows. Their network is theirs (§31).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CompanyId, ContactId, OrganizationId, UserId};

/// A row of `contact`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who knows them; it never changes.
    pub owner_id: UserId,
    /// What they are called.
    pub name: String,
    /// Where they work.
    pub company_id: Option<CompanyId>,
    /// What they do there.
    pub role: Option<String>,
    /// How the owner stands to them.
    pub relationship: Option<String>,
    /// How the owner met them.
    pub how_met: Option<String>,
    /// After how many days without a word it is time for one.
    pub cadence_days: Option<i64>,
    /// When they were last in touch: the later of what the owner said and of what was logged.
    pub last_interaction_at: Option<DateTime<Utc>>,
    /// Who they are here, when they are a user of the organization.
    pub user_id: Option<UserId>,
    /// When they were last in touch as the owner said it, without logging it.
    pub said_in_touch_at: Option<DateTime<Utc>>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Their telephone number.
    pub phone: Option<String>,
    /// Where they show themselves.
    pub url: Option<String>,
    /// What else is known of them.
    pub note: Option<String>,
    /// Name, role, relationship and e-mail address, folded for searching.
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
