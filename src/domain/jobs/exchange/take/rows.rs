//! From a tracker that was read to the rows that it becomes.

use entity::{
    id::{ApplicationId, JobPostingId, TypedId as _, UserId},
    jobs::{
        application::{self, ApplicationChannel},
        application_event::{self, ApplicationEventKind},
        job_posting, job_search,
        stage::StageKind,
    },
    platform::external_ref,
    vocabulary::Json,
};
use uuid::Uuid;

use super::{Known, Stages, known::Before};
use crate::domain::{
    clock,
    community::company::folded,
    error::{Code, Error, Result},
    jobs::{
        application::history::{Change, Happening, Standing, event, holding, stands},
        companies::Companies,
        exchange::draft::{Application, Dated, StageName, To, Tracker, in_order},
        job_posting::search_text,
    },
    learning::exchange::{framework::Counts, notes::Notes},
    tx::Tx,
};

/// The rows that are made and changed.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub postings: Vec<job_posting::Model>,
    pub applications: Vec<application::Model>,
    pub events: Vec<application_event::Model>,
    /// Applications to which more happened, each with how it stands now.
    pub moved: Vec<(application::Model, Change)>,
    pub refs: Vec<external_ref::Model>,
    /// The openings of the tracker, by their place in it.
    ids: Vec<JobPostingId>,
    unchanged: i64,
}

/// A job of the tracker, as it stands here: there already, or to be made under a name.
pub(super) enum Posting {
    There(JobPostingId),
    New(Box<job_posting::Model>, external_ref::Model),
}

/// What every application of a tracker has.
pub(super) struct Base<'a> {
    pub search: &'a job_search::Model,
    pub stages: &'a Stages,
    pub zone: &'a str,
    pub known: &'a Known,
}

fn named(tx: &Tx, known: &Known, prefix: &str, target_id: Uuid, id: &str) -> external_ref::Model {
    external_ref::Model {
        organization_id: tx.who.organization,
        kind: prefix.to_owned(),
        source: known.source.clone(),
        external_id: known.name(id),
        target_id,
    }
}

/// The openings of a tracker, in its order.
pub(super) fn postings(
    tx: &Tx,
    tracker: &Tracker,
    owner: UserId,
    zone: &str,
    companies: &Companies,
    known: &Known,
) -> Vec<Posting> {
    let each = tracker.jobs.iter().filter_map(|job| {
        if let Some(id) = known.posting(&job.id) {
            return Some(Posting::There(id));
        }
        let company_id = *companies.get(&folded(&job.company))?;
        let posting = job_posting::Model {
            id: clock::new_id(),
            organization_id: tx.who.organization,
            owner_id: owner,
            company_id,
            role_profile_id: None,
            requisition_id: job.requisition.clone(),
            search_text: search_text(&job.title, job.location.as_deref()),
            title: job.title.clone(),
            url: job.url.clone(),
            description: job.description.clone(),
            employer_kind: None,
            employment_type: None,
            comp_min: None,
            comp_max: None,
            comp_currency: None,
            comp_period: None,
            location: job.location.clone(),
            closes_at: job.closes_at.map(|at| at.moment(zone)),
            source: job.source.clone().or_else(|| Some(tracker.source.clone())),
            version: 1,
            created_at: tx.now,
            updated_at: tx.now,
            deleted_at: None,
        };
        let name = named(tx, known, JobPostingId::PREFIX, posting.id.0, &job.id);
        Some(Posting::New(Box::new(posting), name))
    });
    each.collect()
}

impl Rows {
    /// Takes an opening in.
    pub(super) fn post(&mut self, posting: Posting) {
        match posting {
            Posting::There(id) => self.ids.push(id),
            Posting::New(posting, name) => {
                self.ids.push(posting.id);
                self.refs.push(name);
                self.postings.push(*posting);
            }
        }
    }

    /// What was made.
    pub(super) fn counts(&self) -> Counts {
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let (added, changed) = (number(self.applications.len()), number(self.moved.len()));
        Counts { added, changed, unchanged: self.unchanged, removed: 0 }
    }

    /// Takes an application in: what is new as a whole, and of what is there what happened since.
    pub(super) fn apply(
        &mut self,
        tx: &Tx,
        base: &Base<'_>,
        tracker: &Tracker,
        draft: &Application,
        there: Before<'_>,
        notes: &mut Notes,
    ) -> Result<()> {
        let steps = in_order(&draft.steps, base.zone, tx.now);
        if let Some(step) = steps.iter().find(|step| clock::past(tx.now, step.at, "").is_err()) {
            let why = clock::past(tx.now, step.at, "").err().map(|error| error.detail().to_owned()).unwrap_or_default();
            notes.error(draft.at.clone(), Code::OccurredAtInvalid, &why);
            return Ok(());
        }
        match there {
            // What somebody deleted here stays deleted.
            Before::Gone => self.unchanged += 1,
            Before::There(known) => self.go_on(tx, base, draft, known, &steps, &tracker.source, notes)?,
            Before::Never => self.begin(tx, base, draft, &steps, &tracker.source, notes)?,
        }
        Ok(())
    }

    fn begin(
        &mut self,
        tx: &Tx,
        base: &Base<'_>,
        draft: &Application,
        steps: &[Dated],
        source: &str,
        notes: &mut Notes,
    ) -> Result<()> {
        let Some(posting) = self.ids.get(draft.job).copied() else {
            return Err(Error::internal("an application for no job"));
        };
        let mut application = blank(tx, base, draft, posting);
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
                return Ok(());
            }
        }
        self.refs.push(named(tx, base.known, ApplicationId::PREFIX, application.id.0, &draft.id));
        self.applications.push(application);
        self.events.extend(history);
        Ok(())
    }

    /// Adds what happened since it was taken in; what does not follow is left out, with advice.
    #[expect(clippy::too_many_arguments, reason = "what is there, and what is to come")]
    fn go_on(
        &mut self,
        tx: &Tx,
        base: &Base<'_>,
        draft: &Application,
        known: &application::Model,
        steps: &[Dated],
        source: &str,
        notes: &mut Notes,
    ) -> Result<()> {
        let mut history = base.known.history(known.id);
        let (before, count) = (stands(&history)?, history.len());
        let new: Vec<&Dated> = steps.iter().filter(|step| !happened(base, step, &history)).collect();
        for step in new {
            let happening = happening(base, step, &history, source)?;
            let number = history.last().map_or(0, |last| last.number) + 1;
            history.push(event(tx, known, number, happening));
            if stands(&history).is_err() {
                history.pop();
                let message = "Something that it says does not follow what is known here: it is left out.";
                notes.warn(draft.at.clone(), "HISTORY_DIFFERS", message);
            }
        }
        if history.len() == count {
            self.unchanged += 1;
            return Ok(());
        }
        let after = stands(&history)?;
        self.moved.push((known.clone(), Change::of(known, &before, after)));
        self.events.extend(history.into_iter().skip(count));
        Ok(())
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

fn stage_of<'b>(base: &'b Base<'_>, name: &StageName) -> Result<&'b entity::jobs::stage::Model> {
    base.stages.get(name).ok_or_else(|| Error::internal("a stage that was not looked for"))
}

/// A step as an event, after what happened before.
fn happening(base: &Base<'_>, step: &Dated, history: &[application_event::Model], source: &str) -> Result<Happening> {
    let standing: Option<Standing> = if history.is_empty() { None } else { Some(stands(history)?) };
    let from = standing.as_ref().map(|standing| standing.stage);
    let kind = match (&step.to, &standing) {
        (To::Stage(_), None) => ApplicationEventKind::Created,
        // Whatever is told to have happened after an end says that it was none.
        (To::Stage(_), Some(standing)) if standing.end.is_some() => ApplicationEventKind::Reopened,
        (To::Stage(_), Some(_)) => ApplicationEventKind::Moved,
        (To::End(_), _) => ApplicationEventKind::Closed,
    };
    let (to, outcome) = match &step.to {
        To::Stage(name) => {
            let stage = stage_of(base, name)?;
            (Some((stage.id, stage.kind)), None)
        }
        To::End(outcome) => (None, Some(*outcome)),
    };
    let at = clock::whole(step.at);
    Ok(Happening {
        from,
        to,
        outcome,
        source: Some(source.to_owned()),
        reason: step.reason.clone(),
        ..Happening::of(kind, at)
    })
}

/// Whether a step is known: the same end or stage at the same moment, or at any when it is not dated.
fn happened(base: &Base<'_>, step: &Dated, history: &[application_event::Model]) -> bool {
    // What was corrected here is known, too: it is not taken in again as it was.
    let same = |event: &application_event::Model| {
        let to = match &step.to {
            To::Stage(name) => stage_of(base, name).is_ok_and(|stage| event.to_stage_id == Some(stage.id)),
            To::End(outcome) => event.outcome == Some(*outcome),
        };
        to && (!step.told || event.occurred_at == clock::whole(step.at))
    };
    history.iter().any(same) || (!step.told && holding(history).iter().any(|event| same(event)))
}
