//! How a unit of work ends: with the events of what happened, and with what came of it under the caller's key.

use entity::platform::event::{ActiveModel, Column, Entity};
use sea_orm::{ActiveModelTrait as _, ConnectionTrait as _, EntityTrait as _, Iden as _, Value};

use super::{
    error::Result,
    idempotency::{self, KEEP},
    many::ROWS,
    tx::Tx,
    verb::Done,
};
use crate::read::sql::Dialect;

/// What is written of an event, and as what PostgreSQL takes it; the database numbers it.
const EVENT: [(Column, &str); 14] = [
    (Column::Id, "uuid"),
    (Column::OrganizationId, "uuid"),
    (Column::Kind, "text"),
    (Column::SubjectKind, "text"),
    (Column::SubjectId, "text"),
    (Column::SubjectVersion, "bigint"),
    (Column::OwnerId, "uuid"),
    (Column::ProjectId, "uuid"),
    (Column::PartyId, "uuid"),
    (Column::Area, "text"),
    (Column::ActorKind, "text"),
    (Column::ActorId, "text"),
    (Column::OccurredAt, "timestamptz"),
    (Column::Data, "text"),
];

impl Tx {
    /// Writes the events and the outcome, and commits. On PostgreSQL events are numbered in the statement that writes them,
    /// and the last one ends the unit too, for each is a way to the server.
    pub(super) async fn end(self, events: &[ActiveModel], done: &Done) -> Result<()> {
        let mut key = match &self.who.idempotency {
            Some(key) => Some(idempotency::values(&self.who, key, done)?),
            None => None,
        };
        let together = self.who.house.database.dialect() == Dialect::Postgres;
        if (!together || events.is_empty())
            && let Some(values) = key.take()
        {
            self.must_write(KEEP, values).await?;
        }
        let mut left = events.chunks(ROWS).peekable();
        while let Some(some) = left.next() {
            if !together {
                Entity::insert_many(some.to_vec()).exec_without_returning(&self.db).await?;
                continue;
            }
            let key = key.take();
            let (sql, name) = (with_turn(some.len(), key.is_some()), format!("events {}", self.who.organization));
            let keyed = key.is_some();
            let values = key.into_iter().flatten().chain([name.into()]).chain(some.iter().flat_map(values)).collect();
            // What a key refuses must not be committed.
            if !keyed && left.peek().is_none() {
                let last = self.statement(&sql, values);
                return self.into_db().commit_with(last).await;
            }
            self.must_write(&sql, values).await?;
        }
        self.into_db().commit().await
    }

    /// Writes what only a living key keeps from being written.
    async fn must_write(&self, sql: &str, values: Vec<Value>) -> Result<()> {
        match self.db.execute_raw(self.statement(sql, values)).await?.rows_affected() {
            0 => Err(idempotency::in_flight()),
            _ => Ok(()),
        }
    }
}

fn values(event: &ActiveModel) -> impl Iterator<Item = Value> {
    // What was not set is refused by the database.
    EVENT.iter().map(|(column, _)| event.get(*column).into_value().unwrap_or(Value::String(None)))
}

/// The statement for some events. Those of one organization are numbered in the order in which they become visible: a
/// reader that has seen a number never misses a lower one. So who writes some waits for the turn before they get their
/// numbers, which is as soon as the rows come out of the join, and keeps it until the commit.
///
/// `keyed`, it keeps an outcome before, and writes no event when the key is taken.
fn with_turn(events: usize, keyed: bool) -> String {
    let names: Vec<String> = EVENT.iter().map(|(column, _)| column.to_string()).collect();
    let mut next = if keyed { 6 } else { 0 };
    let mut place = || {
        next += 1;
        next
    };
    let kept = if keyed { format!("kept AS ({KEEP} RETURNING 1), ") } else { String::new() };
    let only = if keyed { " WHERE EXISTS (SELECT 1 FROM kept)" } else { "" };
    let turn = place();
    let row = |place: &mut dyn FnMut() -> usize| {
        let values: Vec<String> = EVENT.iter().map(|(_, kind)| format!("${}::{kind}", place())).collect();
        format!("({})", values.join(", "))
    };
    let rows: Vec<String> = (0..events).map(|_| row(&mut place)).collect();
    format!(
        "WITH {kept}turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended(${turn}, 2))) \
         INSERT INTO \"event\" ({}) SELECT one.* FROM turn CROSS JOIN (VALUES {}) AS one{only}",
        names.join(", "),
        rows.join(", "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_counted_through() {
        let names = "id, organization_id, kind, subject_kind, subject_id, subject_version, owner_id, project_id, party_id, area, \
                     actor_kind, actor_id, occurred_at, data";
        let row = |first: usize| {
            let kinds = EVENT.iter().zip(first..).map(|((_, kind), place)| format!("${place}::{kind}"));
            format!("({})", kinds.collect::<Vec<_>>().join(", "))
        };
        let turn =
            |place| format!("turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended(${place}, 2)))");
        assert_eq!(
            with_turn(2, false),
            format!(
                "WITH {} INSERT INTO \"event\" ({names}) SELECT one.* FROM turn CROSS JOIN (VALUES {}, {}) AS one",
                turn(1),
                row(2),
                row(16)
            )
        );
        assert_eq!(
            with_turn(1, true),
            format!(
                "WITH kept AS ({KEEP} RETURNING 1), {} INSERT INTO \"event\" ({names}) SELECT one.* FROM turn CROSS JOIN \
                 (VALUES {}) AS one WHERE EXISTS (SELECT 1 FROM kept)",
                turn(7),
                row(8)
            )
        );
    }

    #[test]
    fn every_column_is_written() {
        use sea_orm::Iterable as _;
        let written: Vec<String> = EVENT.iter().map(|(column, _)| column.to_string()).collect();
        let all: Vec<String> = Column::iter().map(|column| column.to_string()).filter(|name| name != "seq").collect();
        assert_eq!(written, all);
    }
}
