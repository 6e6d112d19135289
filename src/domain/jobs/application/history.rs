//! The history of an application: what happened, in the order in which it was written down, and how the application stands
//! after it (§21). Nothing in it is ever changed: what was written wrongly is corrected by another event in its place.

mod change;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::{
    id::{ApplicationEventId, StageId},
    jobs::{
        application::{self, ApplicationOutcome},
        application_event::{
            ApplicationEventKind::{self, Closed, Created, Moved, Reopened, Revoked},
            Column, Entity, Model,
        },
        stage::{self, StageKind},
    },
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
};

pub(in crate::domain::jobs) use self::change::Change;
use crate::domain::{
    clock,
    error::{Code, Error, Result},
    tx::Tx,
};

/// A stage, with what it is.
pub(in crate::domain::jobs) type Place = (StageId, StageKind);

/// Something that happened.
#[derive(Clone, Debug)]
pub(in crate::domain::jobs) struct Happening {
    pub kind: ApplicationEventKind,
    pub from: Option<Place>,
    pub to: Option<Place>,
    pub outcome: Option<ApplicationOutcome>,
    pub at: DateTime<Utc>,
    /// Whether it is known when.
    pub dated: bool,
    pub source: Option<String>,
    pub reason: Option<String>,
    /// The event that it corrects, with the place in which that holds.
    pub corrects: Option<(ApplicationEventId, i64)>,
}

impl Happening {
    /// Of a kind, at a moment, and no more.
    pub(in crate::domain::jobs) const fn of(kind: ApplicationEventKind, at: DateTime<Utc>) -> Self {
        Self { kind, from: None, to: None, outcome: None, at, dated: true, source: None, reason: None, corrects: None }
    }
}

/// Where an application stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::domain::jobs) struct Standing {
    pub began: DateTime<Utc>,
    pub stage: Place,
    pub since: DateTime<Utc>,
    /// The first moment in a stage in which one has applied.
    pub applied: Option<DateTime<Utc>>,
    /// What came of it, when it is closed.
    pub end: Option<End>,
    /// The last moment at which something happened.
    pub last: DateTime<Utc>,
}

/// What came of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::domain::jobs) struct End {
    pub outcome: ApplicationOutcome,
    /// The stage in which it was.
    pub stage: StageId,
    pub at: DateTime<Utc>,
    pub why: Option<String>,
}

/// What holds of a history, in its order: what was corrected gave its place to what corrects it, and what was revoked is gone.
pub(in crate::domain::jobs) fn holding(history: &[Model]) -> Vec<&Model> {
    let corrected: BTreeSet<ApplicationEventId> = history.iter().filter_map(|one| one.corrects_id).collect();
    let holds = |one: &&Model| one.kind != Revoked && !corrected.contains(&one.id);
    let mut holding: Vec<&Model> = history.iter().filter(holds).collect();
    holding.sort_by_key(|one| one.place);
    holding
}

/// How an application stands after what happened to it.
///
/// # Errors
/// `INVALID_TRANSITION` when one thing cannot follow the other; `OCCURRED_AT_INVALID` when one was before the beginning.
pub(in crate::domain::jobs) fn stands(history: &[Model]) -> Result<Standing> {
    let holding = holding(history);
    let Some((first, later)) = holding.split_first().filter(|(first, _)| first.kind == Created) else {
        return Err(Error::new(
            Code::InvalidTransition,
            "What began an application cannot be revoked: delete it instead.",
        ));
    };
    let begun = place(first)?;
    let mut standing = Standing {
        began: first.occurred_at,
        stage: begun,
        since: first.occurred_at,
        applied: (begun.1 >= StageKind::Applied).then_some(first.occurred_at),
        end: None,
        last: first.occurred_at,
    };
    for event in later {
        if event.occurred_at < first.occurred_at {
            let why = "It cannot have happened before the application began.";
            let error = Error::field(Code::OccurredAtInvalid, "/occurredAt", why);
            return Err(error.with(serde_json::json!({ "began": clock::rfc3339(first.occurred_at) })));
        }
        standing.take(event, history)?;
    }
    Ok(standing)
}

impl Standing {
    fn take(&mut self, event: &Model, history: &[Model]) -> Result<()> {
        match (event.kind, self.end.is_some()) {
            (Moved, false) => {
                self.come(place(event)?, event.occurred_at);
            }
            (Closed, false) => {
                let outcome = event.outcome.ok_or_else(|| Error::internal("an end without an outcome"))?;
                // A correction says why it corrects; why something came to an end was said at first.
                let first = history.iter().find(|one| one.number == event.place);
                let why = first.and_then(|first| first.reason.clone());
                self.end = Some(End { outcome, stage: self.stage.0, at: event.occurred_at, why });
            }
            (Reopened, true) => {
                if self.end.take().is_some_and(|end| event.occurred_at < end.at) {
                    let why = "It cannot have gone on before it came to an end.";
                    return Err(Error::field(Code::OccurredAtInvalid, "/occurredAt", why));
                }
                // It goes on where it stood, or somewhere else, as other systems and corrections tell it.
                if let Some(to) = led(event).filter(|to| to.0 != self.stage.0) {
                    self.come(to, event.occurred_at);
                }
            }
            _ => {
                let why = "What happened afterwards would not follow: correct that first.";
                return Err(Error::new(Code::InvalidTransition, why));
            }
        }
        self.last = self.last.max(event.occurred_at);
        Ok(())
    }

    /// It comes to a stage.
    fn come(&mut self, to: Place, at: DateTime<Utc>) {
        (self.stage, self.since) = (to, at);
        if to.1 >= StageKind::Applied {
            self.applied.get_or_insert(at);
        }
    }
}

fn place(event: &Model) -> Result<Place> {
    led(event).ok_or_else(|| Error::internal("a move to no stage"))
}

/// The stage to which an event led.
fn led(event: &Model) -> Option<Place> {
    event.to_stage_id.zip(event.to_kind)
}

/// The whole history of an application, as it was written down.
pub(super) async fn of(tx: &Tx, application: &application::Model) -> Result<Vec<Model>> {
    let of = Entity::find()
        .filter(Column::OrganizationId.eq(application.organization_id))
        .filter(Column::ApplicationId.eq(application.id))
        .filter(Column::DeletedAt.is_null());
    Ok(of.order_by_asc(Column::Number).all(&tx.db).await?)
}

/// The next event of a history, as it will stand.
pub(in crate::domain::jobs) fn event(tx: &Tx, application: &application::Model, number: i64, what: Happening) -> Model {
    let (actor_kind, actor_id) = tx.who.actor();
    Model {
        id: clock::new_id(),
        organization_id: application.organization_id,
        owner_id: application.owner_id,
        application_id: application.id,
        number,
        kind: what.kind,
        from_stage_id: what.from.map(|(id, _)| id),
        from_kind: what.from.map(|(_, kind)| kind),
        to_stage_id: what.to.map(|(id, _)| id),
        to_kind: what.to.map(|(_, kind)| kind),
        outcome: what.outcome,
        occurred_at: what.at,
        dated: what.dated,
        recorded_at: tx.now,
        actor_kind,
        actor_id,
        source: what.source,
        reason: what.reason,
        corrects_id: what.corrects.map(|(id, _)| id),
        place: what.corrects.map_or(number, |(_, place)| place),
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    }
}

/// Writes what happened to an application, which whoever writes it holds: the event, and the application after it.
///
/// # Errors
/// Those of [`stands`], and `STAGE_DELETED`.
pub(super) async fn write(
    tx: &mut Tx,
    application: application::Model,
    mut history: Vec<Model>,
    what: Happening,
) -> Result<(Model, application::Model)> {
    let before = stands(&history)?;
    let number = history.last().map_or(0, |last| last.number) + 1;
    history.push(event(tx, &application, number, what));
    let after = stands(&history)?;
    if after.stage.0 != application.stage_id {
        is_there(tx, after.stage.0).await?;
    }
    let event = history.pop().ok_or_else(|| Error::internal("a history without its last event"))?;
    let event = tx.insert::<Entity>(event.into_active_model().reset_all()).await?;
    let change = Change::of(&application, &before, after);
    let changed = tx.change::<application::Entity>(application, |row| change.put(row)).await?;
    Ok((event, changed.row))
}

/// Whether a stage is there, for an application to stand in it.
///
/// # Errors
/// `STAGE_DELETED`.
pub(super) async fn is_there(tx: &Tx, id: StageId) -> Result<()> {
    let stage = stage::Entity::find_by_id(id).filter(stage::Column::DeletedAt.is_null()).one(&tx.db).await?;
    if stage.is_some() {
        return Ok(());
    }
    let error = Error::new(Code::StageDeleted, "Its stage was deleted: bring that back first.");
    Err(error.with(serde_json::json!({ "stageId": id })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::filter::time;
    use entity::{jobs::application_event::ApplicationEventKind as Kind, platform::event::ActorKind};
    use uuid::Uuid;

    /// A line of a history: its kind, the stage to which it leads, its day of March, and the number of what it corrects.
    type Line = (Kind, Option<StageKind>, u32, Option<i64>);

    fn id(number: i64) -> ApplicationEventId {
        ApplicationEventId(Uuid::from_u128(u128::try_from(number).unwrap()))
    }

    fn on(day: u32) -> DateTime<Utc> {
        time(&format!("2026-03-{day:02}T10:00:00Z")).unwrap()
    }

    fn written(lines: &[Line]) -> Vec<Model> {
        let mut history: Vec<Model> = Vec::new();
        for (number, (kind, to, day, corrects)) in (1..).zip(lines) {
            let place = corrects.map_or(number, |of| history[usize::try_from(of).unwrap() - 1].place);
            let stage = to.map(|kind| StageId(Uuid::from_u128(kind as u128)));
            history.push(Model {
                id: id(number),
                organization_id: Uuid::nil().into(),
                owner_id: Uuid::nil().into(),
                application_id: Uuid::nil().into(),
                number,
                kind: *kind,
                from_stage_id: None,
                from_kind: None,
                to_stage_id: stage,
                to_kind: *to,
                outcome: (*kind == Closed).then_some(ApplicationOutcome::Rejected),
                occurred_at: on(*day),
                dated: true,
                recorded_at: on(31),
                actor_kind: ActorKind::User,
                actor_id: None,
                source: None,
                reason: Some(format!("{number}")),
                corrects_id: corrects.map(id),
                place,
                version: 1,
                created_at: on(31),
                updated_at: on(31),
                deleted_at: None,
            });
        }
        history
    }

    fn told(lines: &[Line]) -> String {
        let day = |at: DateTime<Utc>| at.format("%-d").to_string();
        match stands(&written(lines)) {
            Ok(is) => {
                let end = is.end.map_or("open".to_owned(), |end| {
                    format!("{} {} because {}", end.outcome, day(end.at), end.why.unwrap())
                });
                let applied = is.applied.map_or("never".to_owned(), day);
                format!("{} since {}, applied {applied}, {end}, last {}", is.stage.1, day(is.since), day(is.last))
            }
            Err(error) => error.code().as_str().to_owned(),
        }
    }

    #[test]
    fn an_application_stands_where_its_history_leads() {
        use StageKind::{Applied, Interviewing, Research, Screening};
        let began: Line = (Created, Some(Research), 2, None);
        let moved = |to, day| (Moved, Some(to), day, None);
        let cases: &[(&[Line], &str)] = &[
            (&[began], "RESEARCH since 2, applied never, open, last 2"),
            (&[began, moved(Applied, 4), moved(Screening, 9)], "SCREENING since 9, applied 4, open, last 9"),
            // What was written down later may have happened earlier; the last that was written says where it stands.
            (&[began, moved(Interviewing, 9), moved(Screening, 4)], "SCREENING since 4, applied 9, open, last 9"),
            (&[began, moved(Applied, 4), moved(Research, 5)], "RESEARCH since 5, applied 4, open, last 5"),
            (&[began, (Closed, None, 8, None)], "RESEARCH since 2, applied never, REJECTED 8 because 2, last 8"),
            (
                &[began, (Closed, None, 8, None), (Reopened, None, 9, None)],
                "RESEARCH since 2, applied never, open, last 9",
            ),
            (
                &[began, (Closed, None, 8, None), (Reopened, Some(Screening), 9, None)],
                "SCREENING since 9, applied 9, open, last 9",
            ),
            // It goes on where it stood, also where that was corrected afterwards.
            (
                &[
                    began,
                    moved(Interviewing, 4),
                    (Closed, None, 8, None),
                    (Reopened, None, 9, None),
                    (Moved, Some(Screening), 4, Some(2)),
                ],
                "SCREENING since 4, applied 4, open, last 9",
            ),
            // Corrections hold in the place of what they correct.
            (
                &[began, moved(Applied, 4), moved(Screening, 9), (Moved, Some(Applied), 3, Some(2))],
                "SCREENING since 9, applied 3, open, last 9",
            ),
            (&[began, moved(Applied, 4), (Revoked, None, 4, Some(2))], "RESEARCH since 2, applied never, open, last 2"),
            (
                &[began, moved(Applied, 4), (Revoked, None, 4, Some(2)), (Moved, Some(Screening), 5, Some(3))],
                "SCREENING since 5, applied 5, open, last 5",
            ),
            (
                &[began, (Closed, None, 8, None), (Closed, None, 7, Some(2))],
                "RESEARCH since 2, applied never, REJECTED 7 because 2, last 7",
            ),
            // What cannot follow.
            (&[], "INVALID_TRANSITION"),
            (&[began, moved(Applied, 1)], "OCCURRED_AT_INVALID"),
            (&[began, moved(Applied, 4), (Created, Some(Research), 5, Some(1))], "OCCURRED_AT_INVALID"),
            (&[began, (Revoked, None, 2, Some(1))], "INVALID_TRANSITION"),
            (&[began, (Closed, None, 8, None), moved(Applied, 9)], "INVALID_TRANSITION"),
            (&[began, (Closed, None, 8, None), (Closed, None, 9, None)], "INVALID_TRANSITION"),
            (&[began, (Reopened, Some(Research), 9, None)], "INVALID_TRANSITION"),
            (
                &[began, (Closed, None, 8, None), (Reopened, Some(Research), 9, None), (Revoked, None, 8, Some(2))],
                "INVALID_TRANSITION",
            ),
        ];
        for (lines, wanted) in cases {
            assert_eq!(told(lines), *wanted, "{lines:?}");
        }
    }
}
