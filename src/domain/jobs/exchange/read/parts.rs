//! Reading the interviews and the offers of a document.

use entity::{
    jobs::{
        interview::{InterviewResult, InterviewState, InterviewType, Interviewer},
        offer::OfferState,
        stage::StageKind,
    },
    kind::Patch,
};

use super::{super::words, Known, by_id};
use crate::domain::{
    error::Code,
    jobs::{
        exchange::{
            document::{TrackerOffer, TrackerScheduledInterview},
            draft::{Interview, Offer, StageName},
        },
        offer::{
            change::OfferPatch,
            pay::{Pay, Said},
        },
    },
    learning::exchange::notes::{Notes, Place},
};

/// How many minutes an interview takes: as many as one that is noted by hand.
const MINUTES: std::ops::RangeInclusive<i64> = 5..=1440;

impl Known<'_> {
    pub(super) fn interviews(&self, all: Vec<TrackerScheduledInterview>, notes: &mut Notes) -> Vec<Interview> {
        let _ = by_id(all.iter().map(|one| one.id.as_str()), "scheduledInterviews", notes);
        let all = all.into_iter().enumerate();
        all.filter_map(|(place, one)| self.interview(place, one, notes)).collect()
    }

    fn interview(&self, place: usize, one: TrackerScheduledInterview, notes: &mut Notes) -> Option<Interview> {
        let at = Place::pointer(format!("/scheduledInterviews/{place}"));
        let application = self.of_application(&at, &one.application_id, notes);
        let stage = one.job_interview_stage_id.as_deref();
        let stage = stage.and_then(|id| self.stage(&at.member("jobInterviewStageId"), id, notes));
        let interviewers: Vec<Interviewer> = one
            .interviewers
            .into_iter()
            .flatten()
            .map(|one| Interviewer { name: one.name, role: one.role, contact_id: None })
            .collect();
        let kind = one.r#type.or_else(|| kind(stage, interviewers.len()));
        if kind.is_none() {
            let why = "Neither it nor the name of its stage says what kind of interview it is: type is missing.";
            notes.error(at.member("type"), Code::BadInput, why);
        }
        let minutes = one.end_at.map(|end| (end - one.start_at).num_minutes());
        if minutes.is_some_and(|minutes| !MINUTES.contains(&minutes)) {
            let why = "It ends after it begins: five minutes to a day later.";
            notes.error(at.member("endAt"), Code::ValidationFailed, why);
        }
        let result = one.result.unwrap_or(InterviewResult::Pending);
        let told = result != InterviewResult::Pending;
        if told && one.status.is_some_and(|status| status != InterviewState::Held) {
            notes.error(at.member("result"), Code::InterviewNotHeld, "Only an interview that was held has a result.");
        }
        Some(Interview {
            at,
            id: one.id,
            application: application?,
            kind: kind?,
            round: one.round,
            starts: one.start_at,
            minutes,
            time_zone: one.time_zone,
            location: one.location,
            interviewers,
            state: one.status.or(told.then_some(InterviewState::Held)),
            result,
            note: one.note,
        })
    }

    pub(super) fn offers(&self, all: Vec<TrackerOffer>, notes: &mut Notes) -> Vec<Offer> {
        let _ = by_id(all.iter().map(|one| one.id.as_str()), "offers", notes);
        let accepted = |one: &TrackerOffer| one.status == Some(OfferState::Accepted);
        for (place, _) in all.iter().enumerate().filter(|(_, one)| accepted(one)).skip(1) {
            let at = Place::pointer(format!("/offers/{place}/status"));
            notes.error(at, Code::OfferAlreadyAccepted, "Of the offers of a job search one is accepted.");
        }
        let all = all.into_iter().enumerate();
        all.filter_map(|(place, one)| self.offer(place, one, notes)).collect()
    }

    fn offer(&self, place: usize, one: TrackerOffer, notes: &mut Notes) -> Option<Offer> {
        let at = Place::pointer(format!("/offers/{place}"));
        let application = self.of_application(&at, &one.application_id, notes);
        let (base, bonus, equity) = (set(one.base), set(one.bonus), set(one.equity));
        let said = Said { base: base.clone(), bonus: bonus.clone(), equity: equity.clone() };
        let pay = Pay::default().after(said).map_err(|error| notes.refused(&at, &error)).ok();
        if one.closed_at.zip(one.sent_at).is_some_and(|(closed, sent)| closed < sent) {
            notes.error(at.member("closedAt"), Code::OccurredAtInvalid, "It cannot have ended before it came.");
        }
        let terms = OfferPatch {
            base,
            bonus,
            equity,
            benefits: set(one.benefits),
            location: set(one.location),
            start_date: set(one.start_date),
            respond_by: set(one.respond_by),
            manager_contact_id: Patch::Keep,
            teammates_met: None,
            team_disclosure: None,
            people_assessment: None,
            note: set(one.note),
            received_at: None,
            external_refs: None,
        };
        Some(Offer {
            at,
            id: one.id,
            application: application?,
            state: one.status,
            sent: one.sent_at,
            closed: one.closed_at,
            pay: pay?,
            terms,
        })
    }

    fn of_application(&self, at: &Place, id: &str, notes: &mut Notes) -> Option<usize> {
        let application = self.applications.get(id).copied();
        if application.is_none() {
            let why = "There is no such application in the document.";
            notes.error(at.member("applicationId"), Code::ReferenceUnknown, why);
        }
        application
    }
}

fn set<T>(said: Option<T>) -> Patch<T> {
    said.map_or(Patch::Keep, Patch::Set)
}

/// What kind of interview it is, as far as its stage or the number of people says.
fn kind(stage: Option<&StageName>, people: usize) -> Option<InterviewType> {
    let named = stage.and_then(|stage| words::interview(stage.name.as_deref()?));
    let early = stage.is_some_and(|stage| stage.kind <= StageKind::Screening);
    named.or((people > 1).then_some(InterviewType::Panel)).or(early.then_some(InterviewType::RecruiterScreen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_and_people_say_what_kind_of_interview_it_is() {
        let stage = |kind, name: &str| StageName { kind, name: Some(name.to_owned()) };
        let (phone, take_home) = (stage(StageKind::Screening, "Call"), stage(StageKind::Screening, "Take-home"));
        let lunch = stage(StageKind::Interviewing, "Lunch");
        let usual = StageName { kind: StageKind::Interviewing, name: None };
        for (stage, people, wanted) in [
            (None, 0, None),
            (None, 2, Some(InterviewType::Panel)),
            (Some(&lunch), 1, None),
            (Some(&lunch), 3, Some(InterviewType::Panel)),
            (Some(&usual), 1, None),
            (Some(&phone), 1, Some(InterviewType::RecruiterScreen)),
            (Some(&phone), 2, Some(InterviewType::Panel)),
            (Some(&take_home), 2, Some(InterviewType::Assessment)),
        ] {
            assert_eq!(kind(stage, people), wanted, "{stage:?} {people}");
        }
    }
}
