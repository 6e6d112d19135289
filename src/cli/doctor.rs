//! `cairn doctor`: whether an installation is well.

use chrono::{DateTime, TimeDelta, Utc};
use migration::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectionTrait as _, Statement};

use super::{Outcome, open, say};
use crate::{
    auth::{key_file, keys},
    config::Config,
    database::Database,
    domain::clock,
};

/// How far our clock and the database's may be apart.
const SKEW: TimeDelta = TimeDelta::seconds(30);

/// Looks at everything, tells what it found, and fails when something is wrong. The settings were checked before.
pub(super) async fn run(config: &Config) -> Outcome {
    let mut report = Report { wrong: 0 };
    report.tell("settings", Ok(format!("listens on {}, known as {}", config.bind, config.public_url)));
    match reached(config).await {
        Err(why) => report.tell("database", Err(why)),
        Ok(database) => {
            report.tell("database", Ok(config.database()));
            report.tell("migrations", migrations(&database).await);
            report.tell("keys", signing(config, &database).await);
            report.tell("clock", ticking(&database).await);
            database.close().await;
        }
    }
    if report.wrong == 0 { Ok(()) } else { Err(format!("{} of the checks failed", report.wrong)) }
}

struct Report {
    wrong: usize,
}

impl Report {
    fn tell(&mut self, what: &str, found: Outcome<String>) {
        match found {
            Ok(fine) => say(&format!("ok    {what:<11} {fine}")),
            Err(why) => {
                self.wrong += 1;
                say(&format!("FAIL  {what:<11} {}", why.replace('\n', " ")));
            }
        }
    }
}

/// The database, when it answers. Looking must not make one.
async fn reached(config: &Config) -> Outcome<Database> {
    if let Some(file) = config.database_file().filter(|file| !file.exists()) {
        return Err(format!("{} does not exist yet; `cairn serve` makes it", file.display()));
    }
    let database = open::reach(config).await?;
    database.write.ping().await.map_err(|why| format!("{} does not answer: {why}", config.database()))?;
    Ok(database)
}

async fn migrations(database: &Database) -> Outcome<String> {
    let pending = Migrator::get_pending_migrations(&database.write).await.map_err(|why| why.to_string())?;
    if pending.is_empty() {
        Ok("up to date".to_owned())
    } else {
        Err(format!("{} pending; `cairn migrate` applies them", pending.len()))
    }
}

async fn signing(config: &Config, database: &Database) -> Outcome<String> {
    let sealer = key_file::existing(config).map_err(|error| open::told(&error))?;
    let there = keys::check(database, &sealer, clock::now()).await.map_err(|error| open::told(&error))?;
    if there {
        Ok("the signing keys can be opened".to_owned())
    } else {
        Err("there is no signing key yet; `cairn serve` makes one".to_owned())
    }
}

async fn ticking(database: &Database) -> Outcome<String> {
    let sql = "SELECT CURRENT_TIMESTAMP AS now";
    let statement = Statement::from_string(database.write.get_database_backend(), sql);
    let row = database
        .write
        .query_one_raw(statement)
        .await
        .map_err(|why| why.to_string())?
        .ok_or("the database has no clock")?;
    let theirs: DateTime<Utc> = row.try_get("", "now").map_err(|why| why.to_string())?;
    let apart = (clock::now() - theirs).abs();
    if apart <= SKEW {
        return Ok("agrees with the database's".to_owned());
    }
    Err(format!("{} s apart from the database's: tokens would be refused", apart.num_seconds()))
}
