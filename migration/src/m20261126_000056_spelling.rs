//! Names of industries keep the marks that make another word of one: C++ is not C, and .NET is no net.

use sea_orm_migration::{prelude::*, sea_orm::Statement};

/// See the head of the file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let backend = manager.get_database_backend();
        for row in db.query_all_raw(Statement::from_string(backend, NAMES)).await? {
            let name: String = row.try_get("", "name")?;
            // What was told apart before still is, so that no name meets another on the way.
            let values = [plain(&name).into(), name.into()];
            db.execute_raw(Statement::from_sql_and_values(backend, FOLD, values)).await?;
        }
        Ok(())
    }
}

/// As the program folds names from here on: no database does.
fn plain(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    let small = name.to_lowercase();
    let (mut before, mut rest) = (' ', small.chars().peekable());
    while let Some(letter) = rest.next() {
        let within = words.ends_with(|last: char| last != ' ');
        let says = match letter {
            '+' | '#' => within,
            '.' => !within && before != '.' && rest.peek().is_some_and(|next| next.is_alphabetic()),
            _ => letter.is_alphanumeric(),
        };
        words.push(if says { letter } else { ' ' });
        before = letter;
    }
    let words = spaced(&words);
    if words.is_empty() { spaced(&small) } else { words }
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const NAMES: &str = r#"SELECT DISTINCT name FROM "industry""#;

const FOLD: &str = r#"UPDATE "industry" SET name_folded = $1 WHERE name = $2 AND name_folded <> $1"#;
