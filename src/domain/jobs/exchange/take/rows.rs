//! From a tracker that was read to the rows that it becomes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    id::{ApplicationId, JobPostingId, TypedId as _},
    jobs::{
        application::{self, ApplicationChannel, ApplicationOutcome},
        application_event::{self, ApplicationEventKind},
        job_posting, job_search, referral,
        stage::StageKind,
    },
    learning::import_job::{ImportRow, ImportRowOutcome},
    platform::external_ref,
    vocabulary::Json,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Known, Stages,
    known::Before,
    postings::Posting,
    steps::{Going, happening},
    told,
    turns::Turn,
};
use crate::domain::{
    clock,
    error::{Code, Error, Result},
    jobs::{
        application::{
            history::{Change, event, stands},
            said, tell,
        },
        exchange::{
            draft::{Application, To, Tracker},
            order::{Dated, in_order},
        },
        job_posting as job_postings,
        referral::subject,
    },
    learning::exchange::notes::Notes,
    tx::Tx,
};

/// The rows that are made and changed.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub postings: Vec<job_posting::Model>,
    pub applications: Vec<application::Model>,
    pub events: Vec<application_event::Model>,
    /// Applications to which more happened.
    pub moved: Vec<Moved>,
    pub refs: Vec<external_ref::Model>,
    /// The referrals by which new applications came about.
    pub brought: Vec<(referral::Model, ApplicationId)>,
    /// How the applications of the tracker stand, by their place in it; none of one that was deleted here, or is refused.
    pub stands: Vec<Option<Stand>>,
    /// Those that came to an end, or from one.
    pub turns: Vec<Turn>,
    /// What becomes of the rows of the tracker.
    pub told: Vec<ImportRow>,
    /// The openings of the tracker, by their place in it; none of one that was deleted here.
    ids: Vec<Option<JobPostingId>>,
}

/// An application to which more happened.
#[derive(Debug)]
pub(super) struct Moved {
    /// Its place in the tracker.
    place: usize,
    was: application::Model,
    change: Change,
    /// What happened.
    events: Vec<application_event::Model>,
}

/// How an application of the tracker stands, for what belongs to it.
#[derive(Clone, Debug)]
pub(super) struct Stand {
    /// As it stands here.
    pub model: application::Model,
    /// How it ended, and when, as the tracker tells.
    pub ended: Option<(ApplicationOutcome, DateTime<Utc>)>,
    /// Whether it tells when it ended.
    pub dated: bool,
    /// When it came to a stage of offers, as the tracker tells.
    pub offered: Option<DateTime<Utc>>,
}

impl Stand {
    fn of(model: application::Model, steps: &[Dated]) -> Self {
        let ended = steps.last().and_then(|step| match step.to {
            To::End(outcome) => Some((outcome, step.at)),
            To::Stage(_) => None,
        });
        let offered = |step: &&Dated| matches!(&step.to, To::Stage(stage) if stage.kind == StageKind::Offer);
        let dated = steps.last().is_some_and(|step| step.told);
        Self { model, ended, dated, offered: steps.iter().find(offered).map(|step| step.at) }
    }
}

/// What every application of a tracker has.
pub(super) struct Base<'a> {
    pub search: &'a job_search::Model,
    pub stages: &'a Stages,
    pub zone: &'a str,
    pub known: &'a Known,
    /// When something was last heard in an interview or an offer of an application, by its place in the tracker.
    pub heard: HashMap<usize, DateTime<Utc>>,
    /// The application of which an offer stands accepted.
    pub stays: Option<ApplicationId>,
}

/// The name of a thing in the other system.
pub(super) fn named(tx: &Tx, known: &Known, prefix: &str, target_id: Uuid, id: &str) -> external_ref::Model {
    external_ref::Model {
        organization_id: tx.who.organization,
        kind: known.book(prefix).word().to_owned(),
        source: known.source.clone(),
        external_id: id.to_owned(),
        target_id,
    }
}

impl Rows {
    /// Takes an opening in.
    pub(super) fn post(&mut self, posting: Posting) {
        match posting {
            Posting::There(id) => self.ids.push(Some(id)),
            Posting::Gone => self.ids.push(None),
            Posting::New(posting, name) => {
                self.ids.push(Some(posting.id));
                self.refs.push(name);
                self.postings.push(*posting);
            }
        }
    }

    /// Takes an application in: what is new as a whole, and of what is there what happened since.
    pub(super) fn apply(
        &mut self,
        tx: &Tx,
        (base, tracker): (&Base<'_>, &Tracker),
        (place, draft): (usize, &Application),
        notes: &mut Notes,
    ) -> Result<()> {
        let steps = in_order(&draft.steps, base.zone, tx.now);
        let tell = |outcome, id: Option<ApplicationId>, fills: &[&str]| {
            told::row((&draft.at, place), &tracker.called(place), outcome, id, fills)
        };
        if let Some(step) = steps.iter().find(|step| clock::past(tx.now, step.at, "").is_err()) {
            let why = clock::past(tx.now, step.at, "").err().map(|error| error.detail().to_owned()).unwrap_or_default();
            notes.error(step.said.when.clone(), Code::OccurredAtInvalid, &why);
            self.stands.push(None);
            return Ok(());
        }
        match base.known.application(&draft.id) {
            // What somebody deleted here stays deleted.
            Before::Gone => {
                self.told.push(tell(ImportRowOutcome::LeftOut, None, &[]));
                self.stands.push(None);
            }
            Before::There(known) if known.job_search_id != base.search.id => {
                let why = "It is in another search, and stays there: take it into that one.";
                let details = json!({ "jobSearchId": known.job_search_id });
                let at = draft.at.member(tracker.members.called("externalId"));
                notes.error_with(at, Code::JobSearchImmutable, why, details);
                self.stands.push(None);
            }
            Before::There(known) => {
                let more = self.go_on(tx, (base, &tracker.source), (place, draft), (known, &steps), notes)?;
                let (outcome, fills): (_, &[&str]) =
                    if more { (ImportRowOutcome::Fill, &["activities"]) } else { (ImportRowOutcome::Same, &[]) };
                self.told.push(tell(outcome, Some(known.id), fills));
                told::kept((base, tracker), draft, known, notes);
                self.stands.push(Some(Stand::of(known.clone(), &steps)));
            }
            Before::Never => {
                let new = self.begin(tx, (base, &tracker.source), (place, draft), &steps, notes)?;
                let id = new.as_ref().map(|model| model.id);
                self.told.push(tell(ImportRowOutcome::Create, id, &[]));
                self.stands.push(new.map(|model| Stand::of(model, &steps)));
            }
        }
        Ok(())
    }

    fn begin(
        &mut self,
        tx: &Tx,
        (base, source): (&Base<'_>, &str),
        (place, draft): (usize, &Application),
        steps: &[Dated],
        notes: &mut Notes,
    ) -> Result<Option<application::Model>> {
        let Some(posting) = self.ids.get(draft.job).copied().flatten() else {
            return Err(Error::internal("an application for no job"));
        };
        // A referral brings one application: the first of the tracker that names the posting, and says no other way.
        let spoken = base
            .known
            .spoken_for(posting)
            .filter(|one| draft.channel.is_none() && self.brought.iter().all(|(other, _)| other.id != one.id));
        let mut application = blank(tx, base, draft, posting);
        if spoken.is_some() {
            application.channel = ApplicationChannel::Referral;
        }
        let mut history = Vec::new();
        for step in steps {
            let happened = happening(base, step, &history, source)?;
            let number = i64::try_from(history.len()).unwrap_or(i64::MAX) + 1;
            history.push(event(tx, &application, number, happened));
        }
        match stands(&history) {
            Ok(standing) => standing.stand(&mut application),
            Err(error) => {
                notes.refused(&draft.at, &error);
                return Ok(None);
            }
        }
        if steps.iter().any(|step| step.contradicts) {
            told::differs(&draft.at, notes);
        }
        let happened: Vec<_> = history.iter().zip(steps.iter().map(|step| &step.said.what)).collect();
        self.turns.extend(Turn::of((place, None), application.id, &happened, application.outcome.is_some()));
        if let Some(heard) = base.heard.get(&place) {
            application.last_activity_at = application.last_activity_at.max(*heard);
        }
        if let Some(referral) = spoken {
            self.brought.push((referral.clone(), application.id));
        }
        self.refs.push(named(tx, base.known, ApplicationId::PREFIX, application.id.0, &draft.id));
        self.applications.push(application.clone());
        self.events.extend(history);
        Ok(Some(application))
    }

    /// Adds what happened since it was taken in, and says whether anything did; what does not follow is left out, with advice.
    fn go_on(
        &mut self,
        tx: &Tx,
        (base, source): (&Base<'_>, &str),
        (place, draft): (usize, &Application),
        (known, steps): (&application::Model, &[Dated]),
        notes: &mut Notes,
    ) -> Result<bool> {
        let mut going = Going::of(tx, base, source, known);
        let (before, count) = (stands(&going.history)?, going.history.len());
        going.go_on(steps)?;
        if going.differs {
            told::differs(&draft.at, notes);
        }
        if going.history.len() == count {
            return Ok(false);
        }
        let after = stands(&going.history)?;
        let ends = after.end.is_some();
        let change = Change::of(known, &before, after);
        let events: Vec<_> = going.history.into_iter().skip(count).collect();
        let happened: Vec<_> = events.iter().zip(&going.said).collect();
        self.turns.extend(Turn::of((place, Some(&before)), known.id, &happened, ends));
        self.events.extend(events.iter().cloned());
        self.moved.push(Moved { place, was: known.clone(), change, events });
        Ok(true)
    }

    /// Writes all of it down, what is referred to before what refers, and tells of each thing what its own verb tells.
    pub(super) async fn add(&mut self, tx: &mut Tx) -> Result<()> {
        for one in &self.postings {
            tx.record("created", one, job_postings::said(one))?;
        }
        for one in &self.applications {
            tx.record("created", one, said(one))?;
        }
        self.ended(tx)?;
        tx.add_all::<job_posting::Entity>(std::mem::take(&mut self.postings)).await?;
        tx.add_all::<application::Entity>(std::mem::take(&mut self.applications)).await?;
        tx.add_all::<application_event::Entity>(std::mem::take(&mut self.events)).await?;
        for (referral, application) in std::mem::take(&mut self.brought) {
            subject::brings(tx, referral, application).await?;
        }
        for moved in std::mem::take(&mut self.moved) {
            let after = tx.change::<application::Entity>(moved.was, |row| moved.change.put(row)).await?;
            for event in &moved.events {
                tell(tx, &after.row, event, verb(event.kind))?;
            }
            if let Some(Some(stand)) = self.stands.get_mut(moved.place) {
                stand.model = after.row;
            }
        }
        tx.add_all::<external_ref::Entity>(std::mem::take(&mut self.refs)).await
    }

    /// New applications that came to an end already: whoever waits for ends is told.
    fn ended(&self, tx: &mut Tx) -> Result<()> {
        let closed = self.events.iter().filter(|event| event.kind == ApplicationEventKind::Closed);
        let ends: HashMap<ApplicationId, _> = closed.map(|event| (event.application_id, event)).collect();
        for one in self.applications.iter().filter(|one| one.outcome.is_some()) {
            if let Some(event) = ends.get(&one.id) {
                tell(tx, one, event, verb(event.kind))?;
            }
        }
        Ok(())
    }
}

/// What the feed calls something that happened.
const fn verb(kind: ApplicationEventKind) -> &'static str {
    match kind {
        ApplicationEventKind::Created => "created",
        ApplicationEventKind::Moved => "moved",
        ApplicationEventKind::Closed => "closed",
        ApplicationEventKind::Reopened => "reopened",
        ApplicationEventKind::Revoked => "corrected",
    }
}

/// An application before anything happened to it.
fn blank(tx: &Tx, base: &Base<'_>, draft: &Application, posting: JobPostingId) -> application::Model {
    application::Model {
        id: clock::new_id(),
        organization_id: base.search.organization_id,
        owner_id: base.search.owner_id,
        job_search_id: base.search.id,
        posting_id: posting,
        channel: draft.channel.unwrap_or(ApplicationChannel::Direct),
        stage_id: Uuid::nil().into(),
        stage_kind: StageKind::Research,
        stage_since: tx.now,
        began_at: tx.now,
        outcome: None,
        outcome_stage_id: None,
        outcome_reason: None,
        closed_at: None,
        resume_version: draft.resume_version.clone(),
        documents: Json(Vec::new()),
        applied_at: None,
        next_action: draft.next_action.clone(),
        next_action_at: draft.next_action_at.map(|at| at.moment(base.zone)),
        last_activity_at: tx.now,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    }
}
