//! Callers as they stood at their last request: good enough to plan a read, which asks again in its own snapshot whether
//! all is still so, before it shows anything.

use std::sync::{Arc, Mutex, PoisonError, atomic::AtomicBool};

use chrono::{DateTime, Utc};
use entity::platform::organization::Settings;

use super::{
    identify::{Bearer, STANDING, caller, identify, standing_sql, verified},
    token::Claims,
};
use crate::{
    domain::{
        caller::{Caller, Recalled},
        clock,
        error::Result,
    },
    house::House,
    read::cell::Cell,
};

/// A token whose signature was found good, and how its owner stood when it was last used.
#[derive(Debug)]
pub struct Verified {
    /// What it says.
    pub claims: Claims,
    last: Mutex<Option<Arc<Last>>>,
}

/// How a token's owner stood.
#[derive(Debug)]
struct Last {
    row: Arc<[Cell; 4]>,
    settings: Arc<Settings>,
}

impl Verified {
    /// A token that was never used.
    pub(super) const fn new(claims: Claims) -> Self {
        Self { claims, last: Mutex::new(None) }
    }

    /// Remembers how the owner stands.
    pub(super) fn stands(&self, row: [Cell; 4], settings: Arc<Settings>) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Arc::new(Last { row: Arc::new(row), settings }));
    }

    fn last(&self) -> Option<Arc<Last>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Who asks with this bearer token, as they stood the last time; the first time, as [`identify`] says.
///
/// # Errors
/// Those of [`identify`].
pub async fn recall(house: &Arc<House>, bearer: &str, request_id: Arc<str>) -> Result<Caller> {
    let now = clock::now();
    let token = verified(house, bearer, now).await?;
    match token.last() {
        Some(last) => recalled(house, &token, &last, request_id, now),
        None => identify(house, bearer, request_id).await,
    }
}

fn recalled(
    house: &Arc<House>,
    token: &Arc<Verified>,
    last: &Last,
    request_id: Arc<str>,
    now: DateTime<Utc>,
) -> Result<Caller> {
    let bearer = Bearer::of(&token.claims)?;
    let sql = standing_sql(house.database.dialect(), &bearer, now);
    let mut who = caller(house, token, &bearer, (Arc::clone(&last.settings), last.row[1].int()), request_id, now);
    who.recalled =
        Some(Arc::new(Recalled { sql, stores: &STANDING, row: Arc::clone(&last.row), held: AtomicBool::new(false) }));
    Ok(who)
}
