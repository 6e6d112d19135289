//! How an import is carried out: claimed by one worker at a time, read, checked row by row, written in one piece.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    id::ImportId,
    learning::{
        import_job::{Column, Entity, ImportKind, ImportNote, ImportState, Model},
        import_payload,
    },
    vocabulary::Json,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, Statement, Value,
    sea_query::{Expr, ExprTrait as _},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    document::{Read, Taken, read, take},
    ended,
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        learning::exchange::{
            framework::{Counts, passes},
            notes::{Notes, Place},
        },
        tx::Tx,
    },
    house::House,
    read::sql::Dialect,
};

/// How long a worker that says nothing keeps an import to itself.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// How often it says that it is there.
const HEARTBEAT: Duration = Duration::from_secs(8);
/// How often an import is begun: one that takes its worker along must not take all of them.
const ATTEMPTS: i64 = 5;
/// How many seconds an import rests that could not be carried out, after the first time.
const REST: i64 = 3;
/// From how many rows on an import changes how much there is of everything.
const LARGE: i64 = 1000;
/// How many rows are checked between two words about the progress.
const STEP: usize = 500;

/// An import that is ours to carry out.
#[derive(Debug)]
pub struct Claimed {
    /// The job, as it was claimed.
    pub job: Model,
    lease: Uuid,
    house: Arc<House>,
}

/// How carrying out ended.
enum Step<T> {
    Done(T),
    /// Somebody called it off, or another worker has it.
    Lost,
}

/// Whether an import waits for a worker.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn waits(house: &House) -> Result<bool> {
    let now = clock::now();
    let waiting = Column::State.eq(ImportState::Queued);
    let left = Column::State.eq(ImportState::Running).and(Column::LeaseUntil.lt(now));
    Ok(Entity::find().filter(waiting.or(left)).one(&house.database.read).await?.is_some())
}

/// Claims an import: the one that is asked for, or that which waits longest. Instances that claim at the same moment get
/// different ones.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn claim(house: &Arc<House>, only: Option<ImportId>) -> Result<Option<Claimed>> {
    let db = &house.database.write;
    let (lease, now) = (clock::new_uuid(), clock::now());
    let skip = if house.database.dialect() == Dialect::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
    let this = if only.is_some() { " AND id = $4" } else { "" };
    let sql = format!(
        "UPDATE import_job SET state = 'RUNNING', lease = $1, lease_until = $2, attempts = attempts + 1, \
         started_at = COALESCE(started_at, $3), updated_at = $3, version = version + 1 WHERE id = (SELECT id FROM import_job \
         WHERE (state = 'QUEUED' OR (state = 'RUNNING' AND lease_until < $3)) AND deleted_at IS NULL{this} \
         ORDER BY created_at, id LIMIT 1{skip}) RETURNING id",
    );
    let mut values: Vec<Value> = vec![lease.into(), (now + LEASE).into(), now.into()];
    values.extend(only.map(|id| Value::from(id.0)));
    let row = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let Some(row) = row else { return Ok(None) };
    let id = ImportId(row.try_get_by_index(0)?);
    let job = Entity::find_by_id(id).one(db).await?;
    Ok(job.map(|job| Claimed { job, lease, house: Arc::clone(house) }))
}

impl Claimed {
    /// Carries it out with the rights of who asked, as they are now.
    ///
    /// # Errors
    /// `UNAVAILABLE`: then it is tried again.
    pub async fn carry_out(self, who: Caller) -> Result<()> {
        if self.job.attempts > ATTEMPTS {
            let message = format!("It was begun {ATTEMPTS} times, and never ended.");
            return self.refuse(who, Code::Internal, &message).await;
        }
        let beat = async {
            loop {
                tokio::time::sleep(HEARTBEAT).await;
                // Whoever cannot say so in time has lost the import: that is seen at the end.
                let _ = self.alive().await;
            }
        };
        let outcome = tokio::select! {
            outcome = Box::pin(self.work(who.clone())) => outcome,
            () = beat => Ok(()),
        };
        match outcome {
            Err(error) if passes(&error) => {
                self.give_back().await;
                Err(error)
            }
            Err(error) => self.refuse(who, error.code(), error.detail()).await,
            Ok(()) => Ok(()),
        }
    }

    /// Ends it without looking at it.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn refuse(&self, who: Caller, code: Code, message: &str) -> Result<()> {
        let mut notes = Notes::default();
        notes.error(Place::default(), code, message);
        self.fail(who, notes).await
    }

    async fn work(&self, who: Caller) -> Result<()> {
        let payload = import_payload::Entity::find_by_id(self.job.id).one(&self.house.database.write).await?;
        // Who has nothing to take in any more lost the import to somebody who ended it.
        let Some(payload) = payload else { return Ok(()) };
        let (input, read, mut notes) = tokio::task::spawn_blocking(move || read(&payload.payload))
            .await
            .map_err(|why| Error::internal(format!("reading an import failed: {why}")))??;
        let Some(mut read) = read.filter(|_| notes.fine()) else { return self.fail(who, notes).await };
        match self.check(&mut read, &mut notes).await? {
            Step::Lost => return Ok(()),
            Step::Done(()) if !notes.fine() => return self.fail(who, notes).await,
            Step::Done(()) => {}
        }
        let mut tx = who.begin_for(read.rows()).await?;
        let taken = take(&mut tx, read, input, &mut notes).await?;
        let Some(taken) = taken.filter(|_| notes.fine()) else {
            drop(tx);
            return self.fail(who, notes).await;
        };
        // What a preview tells is what the import would do: it is done, and not committed.
        let tx = if self.job.preview {
            tx.give_up().await?;
            who.begin().await?
        } else {
            tx
        };
        self.succeed(tx, taken, notes).await
    }

    /// Checks row by row, and says how far it is.
    async fn check(&self, read: &mut Read, notes: &mut Notes) -> Result<Step<()>> {
        let total = read.rows();
        let mut done = 0;
        read.check_head(notes);
        loop {
            if let Step::Lost = self.progress(total, done).await? {
                return Ok(Step::Lost);
            }
            if done == total {
                return Ok(Step::Done(()));
            }
            let to = (done + STEP).min(total);
            read.check(done, to, notes);
            done = to;
        }
    }

    async fn progress(&self, total: usize, done: usize) -> Result<Step<()>> {
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let mine = self.mine(clock::now() + LEASE).col_expr(Column::Total, Expr::value(number(total)));
        let mine = mine.col_expr(Column::Done, Expr::value(number(done)));
        let mine = mine.col_expr(Column::Version, Expr::col(Column::Version).add(1));
        let mine = mine.col_expr(Column::UpdatedAt, Expr::value(clock::now()));
        let touched = mine.exec(&self.house.database.write).await?.rows_affected;
        Ok(if touched == 1 { Step::Done(()) } else { Step::Lost })
    }

    async fn alive(&self) -> Result<()> {
        self.mine(clock::now() + LEASE).exec(&self.house.database.write).await?;
        Ok(())
    }

    /// The job, as long as it is ours, with a lease until a moment.
    fn mine(&self, until: DateTime<Utc>) -> sea_orm::UpdateMany<Entity> {
        Entity::update_many()
            .filter(Column::Id.eq(self.job.id))
            .filter(Column::State.eq(ImportState::Running))
            .filter(Column::Lease.eq(self.lease))
            .col_expr(Column::LeaseUntil, Expr::value(until))
    }

    /// Lets it rest, the longer the oftener it was begun: others come first.
    async fn give_back(&self) {
        let rested = clock::now() + TimeDelta::seconds(REST * self.job.attempts);
        let mine = self.mine(rested);
        let _ = mine.exec(&self.house.database.write).await;
    }

    /// The job in a unit of work, if it is still ours.
    async fn held(&self, tx: &Tx) -> Result<Option<Model>> {
        let job = Entity::find_by_id(self.job.id).one(&tx.db).await?;
        Ok(job.filter(|job| job.state == ImportState::Running && job.lease == Some(self.lease)))
    }

    /// Commits what was taken in together with the end of the job.
    async fn succeed(&self, mut tx: Tx, taken: Taken, notes: Notes) -> Result<()> {
        let Some(job) = self.held(&tx).await? else { return Ok(()) };
        let Counts { added, changed, unchanged, removed } = taken.counts;
        if added + changed >= LARGE {
            tx.count_again(filled(job.kind)).await?;
        }
        let job = ended(&tx, job, ImportState::Succeeded, |row| {
            row.framework_id = Set(taken.framework);
            row.plan_id = Set(taken.plan);
            row.project_id = Set(taken.project);
            row.job_search_id = Set(taken.search);
            row.added = Set(added);
            row.changed = Set(changed);
            row.unchanged = Set(unchanged);
            row.removed = Set(removed);
            row.rows = Set(Json(taken.rows));
            row.warnings = Set(Json(notes.warnings));
        })
        .await?;
        // Which search it filled, the job tells whoever may see that.
        let made = json!({
            "kind": job.kind, "preview": job.preview, "frameworkId": job.framework_id, "planId": job.plan_id, "projectId": job.project_id,
        });
        tx.record("succeeded", &job, made)?;
        tx.finish(vec![job.id.0], false).await?;
        Ok(())
    }

    async fn fail(&self, who: Caller, notes: Notes) -> Result<()> {
        let mut tx = who.begin().await?;
        let Some(job) = self.held(&tx).await? else { return Ok(()) };
        let count = notes.error_count;
        let errors: Vec<ImportNote> = notes.errors;
        // There is no advice about what was not taken in.
        let job = ended(&tx, job, ImportState::Failed, |row| {
            row.error_count = Set(count);
            row.errors = Set(Json(errors));
        })
        .await?;
        tx.record("failed", &job, json!({ "kind": job.kind, "errorCount": count }))?;
        tx.finish(vec![job.id.0], false).await?;
        Ok(())
    }
}

/// Where an import writes many rows.
const fn filled(kind: ImportKind) -> &'static str {
    match kind {
        ImportKind::JobTracker | ImportKind::JobTrackerCsv => {
            "application, application_event, company, event, external_ref, interview, job_posting, offer, offer_version"
        }
        ImportKind::ContactsVcard | ImportKind::ContactsCsv => "company, contact, event, external_ref",
        ImportKind::Case | ImportKind::FrameworkCsv => "competency, event, external_ref",
        ImportKind::LearningPlan => "event, plan_item",
        ImportKind::Project => "budget_entry, event, external_ref, metric_observation",
    }
}
