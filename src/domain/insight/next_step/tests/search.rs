//! Next steps of a search: what has a day of its own, and what waits for a word.

use chrono::TimeDelta;
use entity::jobs::{
    informational_interview::InformationalInterviewState, interview::InterviewState, offer::TeamDisclosure,
    stage::StageKind,
};

use super::*;
use crate::domain::insight::facts::{
    ahead::{Ahead, Hoped, Invited, Offered, Talk, Taught},
    hiring::{Hiring, Lapsed},
};

fn offered(facts: &Facts, days: Option<i64>) -> Offered {
    Offered {
        id: clock::new_id(),
        title: "ML engineer".to_owned(),
        respond_by: days.map(|days| facts.now + TimeDelta::days(days)),
        team_disclosure: TeamDisclosure::Met,
        conversation_asked_at: None,
    }
}

fn hoped(facts: &Facts, hours: i64) -> Hoped {
    Hoped {
        id: clock::new_id(),
        subject: "ML engineer, Windy Grid".to_owned(),
        referrer: "Noor".to_owned(),
        expires_at: facts.now + TimeDelta::hours(hours),
    }
}

fn invited(facts: &Facts, state: InterviewState, hours: i64, prepared: bool) -> Invited {
    let ends_at = facts.now + TimeDelta::hours(hours);
    Invited { id: clock::new_id(), title: "ML engineer".to_owned(), state, on: ends_at.date_naive(), ends_at, prepared }
}

fn talk(facts: &Facts, state: InformationalInterviewState, hours: Option<i64>) -> Talk {
    let ends_at = hours.map(|hours| facts.now + TimeDelta::hours(hours));
    Talk {
        id: clock::new_id(),
        name: Some("Noor".to_owned()),
        state,
        on: ends_at.map(|at| at.date_naive()),
        ends_at,
        prepared: false,
        found: false,
    }
}

/// Something of which every rule about it finds something.
pub(super) fn everything(facts: &Facts) -> Ahead {
    use InformationalInterviewState::{Held, Planned, Scheduled};
    let unknown = Offered { team_disclosure: TeamDisclosure::Unknown, ..offered(facts, None) };
    Ahead {
        offers: vec![offered(facts, Some(2)), unknown],
        referrals: vec![hoped(facts, 24)],
        interviews: vec![
            invited(facts, InterviewState::Scheduled, 24, false),
            invited(facts, InterviewState::Held, -24, true),
        ],
        talks: vec![
            talk(facts, Planned, None),
            talk(facts, Scheduled, Some(24)),
            talk(facts, Scheduled, Some(-1)),
            talk(facts, Held, Some(-24)),
            Talk { found: true, ..talk(facts, Held, Some(-24)) },
        ],
        taught: vec![Taught { id: clock::new_id(), title: "Into ML".to_owned() }],
    }
}

/// What is told of what is ahead.
fn with(ahead: Ahead) -> Facts {
    Facts { ahead, ..somebody() }
}

#[test]
fn offers_are_answered_in_their_week_the_nearest_first() {
    let facts = somebody();
    for (days, expected) in [(Some(0), "ANSWER_OFFER"), (Some(7), "ANSWER_OFFER"), (Some(8), ""), (None, "")] {
        let ahead = Ahead { offers: vec![offered(&facts, days)], ..Ahead::default() };
        assert_eq!(codes(&with(ahead)), expected, "{days:?}");
    }
    let ahead = Ahead { offers: vec![offered(&facts, Some(2)), offered(&facts, Some(5))], ..Ahead::default() };
    let facts = with(ahead);
    let (_, step) = &told(&facts)[0];
    assert_eq!(step.subject.as_ref().unwrap().1, facts.ahead.offers[0].id.to_string());
    assert_eq!((step.command.resource, step.command.verb), ("Offer", "update"), "nobody else says yes to it");
}

#[test]
fn a_team_is_asked_for_until_somebody_is_known() {
    use TeamDisclosure::{Met, Named, Refused, Unknown};
    let facts = somebody();
    for (disclosure, asked, expected) in [
        (Unknown, None, "MEET_TEAM"),
        (Refused, None, "MEET_TEAM"),
        (Named, None, ""),
        (Met, None, ""),
        (Unknown, Some(2), ""),
        (Refused, Some(3), "MEET_TEAM"),
    ] {
        let asked_at = asked.map(|days| facts.now - TimeDelta::days(days));
        let one = offered(&facts, None);
        let one = Offered { team_disclosure: disclosure, conversation_asked_at: asked_at, ..one };
        assert_eq!(codes(&with(Ahead { offers: vec![one], ..Ahead::default() })), expected, "{disclosure} {asked:?}");
    }
}

#[test]
fn a_referral_is_asked_for_before_its_time_has_passed() {
    let facts = somebody();
    for (hours, expected) in [(1, "RENEW_REFERRAL"), (48, "RENEW_REFERRAL"), (49, "")] {
        let facts = with(Ahead { referrals: vec![hoped(&facts, hours)], ..Ahead::default() });
        assert_eq!(codes(&facts), expected, "in {hours} hours");
        if let Some((_, step)) = told(&facts).first() {
            assert_eq!(step.command.input, json!({ "expiresAt": "2026-03-13T09:00:00.000000Z" }));
        }
    }
}

#[test]
fn an_interview_is_prepared_and_then_written_down() {
    use InterviewState::{Held, Rescheduled, Scheduled};
    let facts = somebody();
    for (state, hours, prepared, expected) in [
        (Scheduled, 5, false, "PREPARE_INTERVIEW"),
        (Rescheduled, 5, false, "PREPARE_INTERVIEW"),
        (Scheduled, 5, true, ""),
        (Scheduled, 0, false, "NOTE_INTERVIEW"),
        (Rescheduled, -30, true, "NOTE_INTERVIEW"),
        (Held, -30, true, "NOTE_INTERVIEW"),
    ] {
        let facts = with(Ahead { interviews: vec![invited(&facts, state, hours, prepared)], ..Ahead::default() });
        assert_eq!(codes(&facts), expected, "{state} {hours} {prepared}");
    }
    let verb = |state| {
        let facts = with(Ahead { interviews: vec![invited(&facts, state, -1, false)], ..Ahead::default() });
        let command = told(&facts)[0].1.command.clone();
        (command.resource, command.verb)
    };
    assert_eq!((verb(Scheduled), verb(Held)), (("Interview", "hold"), ("SelfScorecard", "create")));
}

#[test]
fn a_talk_is_asked_for_prepared_and_written_down() {
    use InformationalInterviewState::{Held, Planned, Scheduled};
    let facts = somebody();
    let of = |talk: Talk| {
        let all = told(&with(Ahead { talks: vec![talk], ..Ahead::default() }));
        all.into_iter().map(|(rule, step)| format!("{} {}", rule.code.word(), step.command.verb)).collect::<Vec<_>>()
    };
    assert_eq!(of(talk(&facts, Planned, None)), ["REQUEST_TALK request"]);
    assert_eq!(of(talk(&facts, Scheduled, Some(5))), ["PREPARE_TALK update"]);
    assert!(of(Talk { prepared: true, ..talk(&facts, Scheduled, Some(5)) }).is_empty());
    assert_eq!(of(talk(&facts, Scheduled, Some(0))), ["NOTE_TALK hold"]);
    assert_eq!(of(talk(&facts, Held, Some(-5))), ["NOTE_TALK create"]);
    // What came of it is said once something was found: to learn first is a good end.
    assert_eq!(of(Talk { found: true, ..talk(&facts, Held, Some(-5)) }), ["NOTE_TALK conclude"]);
}

#[test]
fn what_was_said_after_a_no_becomes_something_to_learn() {
    let facts = with(Ahead { taught: everything(&somebody()).taught, ..Ahead::default() });
    let (rule, step) = &told(&facts)[0];
    assert_eq!((rule.code, step.command.verb), (StepCode::LearnFromFeedback, "raiseFromRejections"));
    assert_eq!(step.command.input, json!({ "jobSearchId": facts.ahead.taught[0].id }));
}

#[test]
fn nobody_waits_for_a_word_for_long() {
    let mut facts = somebody();
    for (stage, days, next, expected) in [
        (StageKind::Applied, 7, None, "FOLLOW_UP_APPLICATION"),
        (StageKind::Applied, 6, None, ""),
        (StageKind::Research, 70, None, ""),
        (StageKind::Applied, 8, Some(-1), ""),
        (StageKind::Applied, 8, Some(1), ""),
    ] {
        let mut one = jobs::tests::open(clock::new_id(), stage, days, None);
        one.next_action_at = next.map(|days| facts.now + TimeDelta::days(days));
        facts.jobs.open = vec![one];
        assert_eq!(codes(&facts), expected, "{stage} {days} {next:?}");
    }
    // The quietest first.
    let quiet = |days| jobs::tests::open(clock::new_id(), StageKind::Applied, days, None);
    facts.jobs.open = vec![quiet(8), quiet(20)];
    let (_, step) = &told(&facts)[0];
    assert_eq!(step.subject.as_ref().unwrap().1, facts.jobs.open[1].id.to_string());
    let next = json!({ "nextAction": "Ask again how it stands", "nextActionAt": "2026-03-13T09:00:00.000000Z" });
    assert_eq!(step.command.input, next);
}

#[test]
fn one_applies_before_it_closes() {
    let mut facts = somebody();
    facts.jobs = jobs::tests::everything().jobs;
    facts.jobs.open.truncate(1);
    facts.jobs.open[0].last_activity_at = facts.now;
    assert_eq!(codes(&facts), "", "there is no search to apply in");
    let (stage, search) = (clock::new_id(), facts.jobs.open[0].job_search_id);
    facts.switch.searches = vec![Search { id: search, applications: 1, applied_stage_id: Some(stage), ..into_ml() }];
    let (rule, step) = &told(&facts)[0];
    assert_eq!((rule.code, step.command.verb), (StepCode::ApplyInTime, "move"));
    let stands = facts.jobs.open[0].stage_id;
    assert_eq!(step.command.input, json!({ "fromStageId": stands, "toStageId": stage }));
    // What has no application gets one.
    facts.jobs.open.clear();
    let posting = facts.jobs.closing[0].id;
    let (_, step) = &told(&facts)[0];
    assert_eq!((step.command.resource, step.command.verb), ("Application", "create"));
    assert_eq!(step.command.input, json!({ "postingId": posting, "jobSearchId": search, "stageId": stage }));
    // Whichever closes first, first.
    let mut sooner = facts.jobs.closing[0].clone();
    sooner.id = clock::new_id();
    sooner.closes_at = facts.now + TimeDelta::hours(1);
    facts.jobs.closing.push(sooner.clone());
    assert_eq!(told(&facts)[0].1.subject.as_ref().unwrap().1, sooner.id.to_string());
}

#[test]
fn those_who_hire_are_told_and_asked() {
    let all = hiring::tests::everything();
    let of = |hiring: Hiring| codes(&Facts { hiring, ..somebody() });
    let Hiring { warm, lapsed, waiting, unasked, arrived } = all;
    let none = Hiring::default;
    assert_eq!(of(Hiring { warm: warm.clone(), ..none() }), "ASK_FOR_REFERRAL");
    assert_eq!(of(Hiring { waiting, ..none() }), "DECLINE_OTHER_OFFER");
    assert_eq!(of(Hiring { unasked, ..none() }), "ASK_FOR_FEEDBACK");
    assert_eq!(of(Hiring { arrived, ..none() }), "NAME_NEXT_GOAL");
    // After a referral of which nothing came, there is a next contact, or none.
    assert_eq!(of(Hiring { lapsed: lapsed.clone(), ..none() }), "");
    let next = Lapsed { next_id: Some(clock::new_id()), next_name: Some("Olu".to_owned()), ..lapsed[0].clone() };
    let subject = next.id.to_string();
    let facts = Facts { hiring: Hiring { warm, lapsed: vec![next], ..none() }, ..somebody() };
    let (rule, step) = &told(&facts)[0];
    assert_eq!((rule.code, &step.subject.as_ref().unwrap().1), (StepCode::AskForReferral, &subject));
}
