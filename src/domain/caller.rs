//! Who asks: the capability that every operation of the core takes first.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use chrono::{DateTime, Utc};
use entity::{
    id::{ClientId, OrganizationId, SessionId, UserId},
    platform::{client::Scope, event::ActorKind, membership::Role, organization::Settings},
    vocabulary::Set,
};
use uuid::Uuid;

use super::{
    clock,
    error::{Code, Error, Result},
    idempotency::Key,
    look::Look,
    policy::{Action, Rule, permission},
    tx::Tx,
};
use crate::{
    house::House,
    read::{
        cell::{Cell, Store},
        sql::Sql,
    },
};

/// Over how many rows a unit of work takes no longer than others can wait for.
const SHORT: usize = 20;

/// A person or a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal {
    /// A person, as what they are in the organization.
    User {
        /// Who.
        id: UserId,
        /// As what.
        roles: Set<Role>,
    },
    /// A machine integration, on behalf of the organization.
    Client {
        /// Which.
        id: ClientId,
    },
    /// The operator at the command line, on behalf of the organization.
    Operator,
}

/// Who asks, in which organization, with which rights: read from the database for this one request.
#[derive(Clone)]
pub struct Caller {
    /// The house: its database, its keys, its settings.
    pub house: Arc<House>,
    /// The tenant: in every statement.
    pub organization: OrganizationId,
    /// What the organization decided for itself.
    pub settings: Arc<Settings>,
    /// Who.
    pub principal: Principal,
    /// What the token may do at most.
    pub scopes: Set<Scope>,
    /// The session, for people who logged in.
    pub session: Option<SessionId>,
    /// Names this request in logs and answers.
    pub request_id: Arc<str>,
    /// When the request came: the one `now` of its reads.
    pub now: DateTime<Utc>,
    /// The key under which a repetition has no effect.
    pub idempotency: Option<Arc<Key>>,
    /// What was remembered of them, when the database was not asked yet: such a caller may read, and nothing else.
    pub recalled: Option<Arc<Recalled>>,
}

/// How a caller stood the last time: a read shows nothing unless it stands the same in its own snapshot.
#[derive(Debug)]
pub struct Recalled {
    /// The statement that asks.
    pub sql: Sql,
    /// How its columns are stored.
    pub stores: &'static [Store],
    /// What it answered.
    pub row: Arc<[Cell; 4]>,
    /// Whether it answered the same in this request.
    pub held: AtomicBool,
}

impl Caller {
    /// The person, when it is one.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        match self.principal {
            Principal::User { id, .. } => Some(id),
            Principal::Client { .. } | Principal::Operator => None,
        }
    }

    /// The person, or a refusal: some things only a person has.
    ///
    /// # Errors
    /// `FORBIDDEN` for machines.
    pub fn person(&self) -> Result<UserId> {
        self.user().ok_or_else(|| Error::new(Code::Forbidden, "Only a person can do this."))
    }

    /// Whether the caller is a person with this role here.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        matches!(self.principal, Principal::User { roles, .. } if roles.has(role))
    }

    /// Whether the caller acts on behalf of the organization.
    #[must_use]
    pub fn is_machine(&self) -> bool {
        matches!(self.principal, Principal::Client { .. } | Principal::Operator)
    }

    /// What idempotency keys and budgets are kept by.
    #[must_use]
    pub fn principal_id(&self) -> Uuid {
        match self.principal {
            Principal::User { id, .. } => id.0,
            Principal::Client { id } => id.0,
            Principal::Operator => Uuid::nil(),
        }
    }

    /// How events name who did it.
    #[must_use]
    pub fn actor(&self) -> (ActorKind, Option<String>) {
        match self.principal {
            Principal::User { id, .. } => (ActorKind::User, Some(id.to_string())),
            Principal::Client { id } => (ActorKind::Client, Some(id.to_string())),
            Principal::Operator => (ActorKind::System, None),
        }
    }

    /// Whether the token has the scope that `action` needs.
    ///
    /// # Errors
    /// `INSUFFICIENT_SCOPE`.
    pub fn has_scope_for(&self, action: Action) -> Result<()> {
        let (scope, _) = permission(action);
        if self.scopes.has(scope) {
            return Ok(());
        }
        Err(Error::new(Code::InsufficientScope, format!("The token lacks the scope {scope}."))
            .with(serde_json::json!({ "scope": scope })))
    }

    /// Whether the caller may do what concerns no row yet.
    ///
    /// # Errors
    /// `INSUFFICIENT_SCOPE` or `FORBIDDEN`.
    pub fn may(&self, action: Action) -> Result<()> {
        self.has_scope_for(action)?;
        match permission(action).1.settled(self) {
            Rule::Anyone => Ok(()),
            _ => Err(forbidden(action)),
        }
    }

    /// Whether the database said how the caller stands, in this request.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.recalled.as_ref().is_none_or(|recalled| recalled.held.load(Ordering::Relaxed))
    }

    /// The same, for whatever does more than a read.
    ///
    /// # Errors
    /// [`Error::stale`], which makes a face ask.
    pub fn confirmed(&self) -> Result<()> {
        if self.recalled.is_some() { Err(Error::stale()) } else { Ok(()) }
    }

    /// Begins to look: at one snapshot, and at nothing that comes after it.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database cannot be reached.
    pub async fn look(&self) -> Result<Look> {
        self.confirmed()?;
        let db = self.house.database.look().await?;
        Ok(Look { db, now: self.now, who: self.clone(), writes: false })
    }

    /// Begins a unit of work.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database cannot be reached, `IDEMPOTENCY_IN_FLIGHT`.
    pub async fn begin(&self) -> Result<Tx> {
        self.begin_for(1).await
    }

    /// Begins a unit of work over so many rows.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database cannot be reached, `IDEMPOTENCY_IN_FLIGHT`.
    pub async fn begin_for(&self, rows: usize) -> Result<Tx> {
        self.confirmed()?;
        Tx::begin(self.clone(), clock::now(), rows > SHORT).await
    }
}

/// The refusal of something that may be seen but not done.
#[must_use]
pub fn forbidden(action: Action) -> Error {
    Error::new(Code::Forbidden, "This is not yours to do.").with(serde_json::json!({ "action": action.name() }))
}
