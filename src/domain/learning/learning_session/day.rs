//! The minutes of each person and day (UTC), kept beside the sessions: reports over many people read these few rows.
//!
//! A person's own days depend on their time zone and are counted from the sessions themselves (`weeklyPace`).

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{id::UserId, learning::learning_session::Model};
use sea_orm::{ConnectionTrait as _, Value};

use crate::domain::{error::Result, tx::Tx};

const ADD: &str = "INSERT INTO \"learning_day\" (organization_id, user_id, day, minutes, sessions) VALUES ";
const ON: &str = " ON CONFLICT (organization_id, user_id, day) \
     DO UPDATE SET minutes = \"learning_day\".minutes + excluded.minutes, sessions = \"learning_day\".sessions + excluded.sessions";
const CLEAR: &str =
    "DELETE FROM \"learning_day\" WHERE organization_id = $1 AND user_id = $2 AND day = $3 AND sessions <= 0";
/// How many days one statement counts.
const ROWS: usize = 500;

/// What a request counts, of each person and day the minutes and the sessions: whoever adds, changes, deletes or restores
/// sessions notes it here, and writes it last, in the same transaction. The days are locked by it, everybody's in one
/// order.
#[derive(Debug, Default)]
pub struct Days(BTreeMap<(UserId, NaiveDate), (i64, i64)>);

impl Days {
    /// Counts sessions that began at a moment, or with negative numbers counts them out.
    pub fn add(&mut self, user: UserId, started_at: DateTime<Utc>, minutes: i64, sessions: i64) {
        let day = self.0.entry((user, started_at.date_naive())).or_default();
        *day = (day.0 + minutes, day.1 + sessions);
    }

    /// Counts what a change of a session moved.
    pub(super) fn moved(&mut self, was: &Model, is: &Model) {
        self.add(was.user_id, was.started_at, -was.minutes, -1);
        self.add(is.user_id, is.started_at, is.minutes, 1);
    }

    /// Writes what was counted.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn write(self, tx: &Tx) -> Result<()> {
        let days: Vec<_> = self.0.into_iter().filter(|(_, counted)| *counted != (0, 0)).collect();
        for some in days.chunks(ROWS) {
            let rows: Vec<String> = (0..some.len()).map(|row| row_of(row * 5)).collect();
            let values = some.iter().flat_map(|((user, day), (minutes, sessions))| {
                key(tx, *user, *day).into_iter().chain([(*minutes).into(), (*sessions).into()])
            });
            let sql = format!("{ADD}{}{ON}", rows.join(", "));
            tx.db.execute_raw(tx.statement(&sql, values.collect())).await?;
        }
        for ((user, day), _) in days.iter().filter(|(_, (_, sessions))| *sessions < 0) {
            tx.db.execute_raw(tx.statement(CLEAR, key(tx, *user, *day).into())).await?;
        }
        Ok(())
    }
}

fn key(tx: &Tx, user: UserId, day: NaiveDate) -> [Value; 3] {
    [tx.who.organization.0.into(), user.0.into(), day.into()]
}

/// The five arguments of a row, after as many others.
fn row_of(others: usize) -> String {
    let numbers: Vec<String> = (others + 1..=others + 5).map(|number| format!("${number}")).collect();
    format!("({})", numbers.join(", "))
}
