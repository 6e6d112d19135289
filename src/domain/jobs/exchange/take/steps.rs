//! The steps of an application as events of its history.

use entity::jobs::application_event::{self, ApplicationEventKind};

use super::rows::Base;
use crate::domain::{
    clock,
    error::{Error, Result},
    jobs::{
        application::history::{Happening, Standing, holding, stands},
        exchange::draft::{Dated, StageName, To},
    },
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
        ..Happening::of(kind, at)
    })
}

/// Whether a step is known: the same end or stage at the same moment, or at any when it is not dated.
pub(super) fn happened(base: &Base<'_>, step: &Dated, history: &[application_event::Model]) -> bool {
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
