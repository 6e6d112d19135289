//! What SQLite's planner takes the tables for.
//!
//! SQLite knows nothing of a table that was never analysed, and then thinks as much of the index of the tenant as of the
//! index of a thing: it would read all of a tenant's evidence to find what belongs to three competencies. To analyse is no
//! answer: a young database looks as if it were best read from end to end, and what was true of it stays written down when
//! it has grown. So it is told what every table looks like once a tenant is large; whatever there is, the way is the same.

use std::fmt::Write as _;

use sea_orm::{
    DatabaseConnection,
    sqlx::{self, SqliteConnection},
};

/// How many rows a table has.
const ROWS: u64 = 1_000_000;

const INDEXES: &str = "SELECT m.name, l.name, l.\"unique\", i.name FROM sqlite_master m, pragma_index_list(m.name) l, \
    pragma_index_info(l.name) i WHERE m.type = 'table' ORDER BY m.name, l.name, i.seqno";
const TOLD: &str = "SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx";

/// A table, an index of it, and how many rows there are of each prefix of its columns.
type Told = (String, String, String);

/// Tells it of every index, unless it was told before. Connections that are opened from now on know it.
pub(super) async fn tell(writer: &DatabaseConnection) -> Result<(), sqlx::Error> {
    let mut transaction = writer.get_sqlite_connection_pool().begin().await?;
    let connection = &mut *transaction;
    // It makes the table of statistics, and looks at no other.
    sqlx::query("ANALYZE sqlite_schema").execute(&mut *connection).await?;
    let wanted = wanted(connection).await?;
    if sqlx::query_as::<_, Told>(TOLD).fetch_all(&mut *connection).await? != wanted {
        sqlx::query("DELETE FROM sqlite_stat1").execute(&mut *connection).await?;
        for (table, index, stat) in wanted {
            let row = sqlx::query("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)");
            row.bind(table).bind(index).bind(stat).execute(&mut *connection).await?;
        }
        sqlx::query("ANALYZE sqlite_schema").execute(&mut *connection).await?;
    }
    transaction.commit().await
}

async fn wanted(connection: &mut SqliteConnection) -> Result<Vec<Told>, sqlx::Error> {
    let columns: Vec<(String, String, bool, Option<String>)> = sqlx::query_as(INDEXES).fetch_all(connection).await?;
    let of_one = columns.chunk_by(|one, next| (&one.0, &one.1) == (&next.0, &next.1));
    let told = of_one.filter_map(|columns| {
        let (table, index, unique, _) = columns.first()?;
        let names: Vec<&str> = columns.iter().map(|column| column.3.as_deref().unwrap_or_default()).collect();
        Some((table.clone(), index.clone(), stat(&names, *unique)))
    });
    Ok(told.collect())
}

/// How many rows there are, and how many of one value of each prefix: `1000000 50000 50 5 noskipscan`.
fn stat(columns: &[&str], unique: bool) -> String {
    let mut left = ROWS;
    let mut out = left.to_string();
    for (place, column) in columns.iter().enumerate() {
        left = match *column {
            "organization_id" => left.min(50_000),
            // Of a person, and of a thing: whoever's it is, it is of one tenant.
            "user_id" | "owner_id" | "grantee_id" | "author_id" | "reviewer_id" => left.min(50),
            "id" => 1,
            other if other.ends_with("_id") => left.min(10),
            _ => (left / 10).max(1),
        };
        if unique && place + 1 == columns.len() {
            left = 1;
        }
        // Writing to memory does not fail.
        let _ = write!(out, " {left}");
    }
    // Nor is it an answer to look into every tenant for a name.
    out + " noskipscan"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_of_a_thing_finds_less_than_one_of_the_tenant() {
        for (columns, unique, told) in [
            (&["id"][..], true, "1000000 1"),
            (&["organization_id", "created_at"], false, "1000000 50000 5000"),
            (&["organization_id", "user_id", "started_at"], false, "1000000 50000 50 5"),
            (&["plan_id", "sort_order"], false, "1000000 10 1"),
            (&["organization_id", "goal_id"], false, "1000000 50000 10"),
            (&["framework_id", "code"], true, "1000000 10 1"),
            (&["name_folded"], true, "1000000 1"),
        ] {
            assert_eq!(stat(columns, unique), format!("{told} noskipscan"), "{columns:?}");
        }
    }
}
