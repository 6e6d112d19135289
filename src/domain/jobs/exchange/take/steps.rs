//! The steps of an application as events of its history.

use entity::jobs::{
    application::{self, ApplicationOutcome},
    application_event::{self, ApplicationEventKind},
};

use super::rows::Base;
use crate::domain::{
    clock,
    error::{Error, Result},
    jobs::{
        application::history::{Happening, Standing, event, holding, stands},
        exchange::{
            draft::{StageName, To},
            order::Dated,
        },
    },
    learning::exchange::notes::Place,
    tx::Tx,
};

fn stage_of<'b>(base: &'b Base<'_>, name: &StageName) -> Result<&'b entity::jobs::stage::Model> {
    base.stages.get(name).ok_or_else(|| Error::internal("a stage that was not looked for"))
}

/// A step as an event, after what happened before.
pub(super) fn happening(
    base: &Base<'_>,
    step: &Dated,
    history: &[application_event::Model],
    source: &str,
) -> Result<Happening> {
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
        dated: step.told,
        ..Happening::of(kind, at)
    })
}

/// Whether an event led to where a step leads.
fn leads(base: &Base<'_>, step: &Dated, event: &application_event::Model) -> bool {
    match &step.to {
        To::Stage(name) => stage_of(base, name).is_ok_and(|stage| event.to_stage_id == Some(stage.id)),
        To::End(outcome) => event.outcome == Some(*outcome),
    }
}

/// Whether a step is known: the same end or stage at the same moment, or at any when it is not dated.
fn happened(base: &Base<'_>, step: &Dated, history: &[application_event::Model]) -> bool {
    // What was corrected here is known, too: it is not taken in again as it was.
    let same = |event: &application_event::Model| {
        leads(base, step, event) && (!step.told || event.occurred_at == clock::whole(step.at))
    };
    history.iter().any(same)
}

/// A history that a tracker goes on with.
pub(super) struct Going<'a> {
    tx: &'a Tx,
    base: &'a Base<'a>,
    source: &'a str,
    known: &'a application::Model,
    pub history: Vec<application_event::Model>,
    /// Where the tracker says what happened more, each thing in its order.
    pub said: Vec<Place>,
    /// Whether something that the tracker says does not follow.
    pub differs: bool,
}

impl<'a> Going<'a> {
    pub(super) fn of(tx: &'a Tx, base: &'a Base<'a>, source: &'a str, known: &'a application::Model) -> Self {
        Self { tx, base, source, known, history: base.known.history(known.id), said: Vec::new(), differs: false }
    }

    /// Adds what happened since it was taken in, and then where the tracker says that it stands.
    pub(super) fn go_on(&mut self, steps: &[Dated]) -> Result<()> {
        let (count, said) = (self.history.len(), self.told().cloned());
        for step in steps {
            if !(step.stands && !step.told || happened(self.base, step, &self.history)) {
                self.dated(step)?;
            }
        }
        let Some(wanted) = steps.last().filter(|step| step.stands) else { return Ok(()) };
        self.differs |= wanted.contradicts;
        if self.stands_at(wanted)? {
            return Ok(());
        }
        // What the tracker said before, and somebody changed here since, is no news.
        let news = self.history.len() > count || said.is_none_or(|said| !leads(self.base, wanted, &said));
        if news && self.may_go_on(wanted)? {
            self.take(&Dated { at: self.tx.now, told: true, ..wanted.clone() })?;
        }
        self.differs |= !self.stands_at(wanted)?;
        Ok(())
    }

    /// Something that happened at its moment. What would come before the last that is known does not follow.
    fn dated(&mut self, step: &Dated) -> Result<()> {
        let last = holding(&self.history).last().map(|event| event.occurred_at);
        if !step.told && stands(&self.history)?.end.is_some() {
            // Where it stood last says nothing of what has ended.
            return Ok(());
        }
        if self.stays(step) || step.told && last.is_some_and(|last| clock::whole(step.at) < last) {
            self.differs = true;
            return Ok(());
        }
        let at = if step.told { step.at } else { last.unwrap_or(step.at).max(step.at) };
        self.take(&Dated { at, ..step.clone() })
    }

    fn take(&mut self, step: &Dated) -> Result<()> {
        let happening = happening(self.base, step, &self.history, self.source)?;
        let number = self.history.last().map_or(0, |last| last.number) + 1;
        self.history.push(event(self.tx, self.known, number, happening));
        if stands(&self.history).is_err() {
            self.history.pop();
            self.differs = true;
        } else {
            self.said.push(step.said.what.clone());
        }
        Ok(())
    }

    /// Whether its offer stands accepted, and a step leads to something else: by hand, that is said of the offer first.
    fn stays(&self, step: &Dated) -> bool {
        self.base.stays == Some(self.known.id) && step.to != To::End(ApplicationOutcome::OfferAccepted)
    }

    /// What the tracker told last, however it was corrected since.
    fn told(&self) -> Option<&application_event::Model> {
        let told = |event: &&application_event::Model| {
            event.source.as_deref() == Some(self.source) && event.corrects_id.is_none()
        };
        self.history.iter().rfind(told)
    }

    fn stands_at(&self, wanted: &Dated) -> Result<bool> {
        let standing = stands(&self.history)?;
        Ok(match &wanted.to {
            To::Stage(name) => standing.end.is_none() && stage_of(self.base, name)?.id == standing.stage.0,
            To::End(outcome) => standing.end.is_some_and(|end| end.outcome == *outcome),
        })
    }

    /// Where it stands now, without a day, does not take back what somebody accepted or gave up.
    fn may_go_on(&self, wanted: &Dated) -> Result<bool> {
        if self.stays(wanted) {
            return Ok(false);
        }
        let end = stands(&self.history)?.end;
        let others = |outcome| matches!(outcome, ApplicationOutcome::NoResponse | ApplicationOutcome::Rejected);
        Ok(end.is_none_or(|end| matches!(wanted.to, To::Stage(_)) && others(end.outcome)))
    }
}
