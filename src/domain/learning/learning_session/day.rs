//! The minutes of each person and day (UTC), kept beside the sessions: reports over many people read these few rows.
//!
//! A person's own days depend on their time zone and are counted from the sessions themselves (`weeklyPace`).

use chrono::{DateTime, Utc};
use entity::{id::UserId, learning::learning_session::Model};
use sea_orm::{ConnectionTrait as _, Value};

use crate::domain::{error::Result, tx::Tx};

const ADD: &str = "INSERT INTO \"learning_day\" (organization_id, user_id, day, minutes, sessions) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (organization_id, user_id, day) \
     DO UPDATE SET minutes = \"learning_day\".minutes + excluded.minutes, sessions = \"learning_day\".sessions + excluded.sessions";
const CLEAR: &str =
    "DELETE FROM \"learning_day\" WHERE organization_id = $1 AND user_id = $2 AND day = $3 AND sessions <= 0";

/// Counts sessions that began at a moment, or with negative numbers counts them out: whoever adds, changes, deletes or
/// restores a session says so here, in the same transaction.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn add(tx: &Tx, user: UserId, started_at: DateTime<Utc>, minutes: i64, sessions: i64) -> Result<()> {
    let day: Vec<Value> = vec![tx.who.organization.0.into(), user.0.into(), started_at.date_naive().into()];
    let added = day.iter().cloned().chain([minutes.into(), sessions.into()]).collect();
    tx.db.execute_raw(tx.statement(ADD, added)).await?;
    if sessions < 0 {
        tx.db.execute_raw(tx.statement(CLEAR, day)).await?;
    }
    Ok(())
}

/// Counts what a change of a session moved.
///
/// # Errors
/// `UNAVAILABLE`.
pub(super) async fn moved(tx: &Tx, was: &Model, is: &Model) -> Result<()> {
    if was.started_at.date_naive() == is.started_at.date_naive() {
        if was.minutes != is.minutes {
            add(tx, is.user_id, is.started_at, is.minutes - was.minutes, 0).await?;
        }
        return Ok(());
    }
    add(tx, was.user_id, was.started_at, -was.minutes, -1).await?;
    add(tx, is.user_id, is.started_at, is.minutes, 1).await
}
