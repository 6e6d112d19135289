//! In short, how the others search: reports are of everybody, and tell of nobody alone.

use chrono::Weekday::{Fri, Mon, Thu, Tue, Wed};
use entity::jobs::stage::StageKind::{self, Applied, Interviewing, Offer, Screening};
use serde_json::json;

use super::{Cast, Story, at, stages};
use crate::cli::{
    Outcome,
    demo_data::{Peer, People, on},
};

/// An application: by which way, in which week it began, how far it came, and what came of it.
type Told = (&'static str, i64, StageKind, Option<&'static str>);

/// What each of them did: everybody tries it directly and by somebody whom they know, and most are found by a recruiter.
const SEARCHES: [[Told; 4]; 6] = [
    [
        ("DIRECT", 9, Applied, Some("NO_RESPONSE")),
        ("DIRECT", 8, Screening, Some("REJECTED")),
        ("REFERRAL", 7, Interviewing, Some("REJECTED")),
        ("RECRUITER", 4, Offer, None),
    ],
    [
        ("DIRECT", 10, Applied, Some("NO_RESPONSE")),
        ("DIRECT", 7, Applied, Some("REJECTED")),
        ("REFERRAL", 6, Interviewing, None),
        ("RECRUITER", 3, Screening, None),
    ],
    [
        ("DIRECT", 8, Screening, Some("REJECTED")),
        ("DIRECT", 5, Applied, None),
        ("REFERRAL", 9, Offer, Some("OFFER_DECLINED")),
        ("INBOUND", 4, Interviewing, None),
    ],
    [
        ("DIRECT", 9, Applied, Some("POSITION_CLOSED")),
        ("DIRECT", 6, Interviewing, Some("REJECTED")),
        ("REFERRAL", 5, Screening, None),
        ("RECRUITER", 3, Applied, None),
    ],
    [
        ("DIRECT", 7, Applied, Some("NO_RESPONSE")),
        ("REFERRAL", 8, Interviewing, Some("WITHDRAWN")),
        ("RECRUITER", 5, Interviewing, None),
        ("DIRECT", 4, Screening, None),
    ],
    [
        ("DIRECT", 10, Screening, Some("REJECTED")),
        ("DIRECT", 9, Applied, Some("NO_RESPONSE")),
        ("REFERRAL", 6, Interviewing, None),
        ("RECRUITER", 2, Applied, None),
    ],
];

pub(super) async fn tell(people: &People, cast: &Cast) -> Outcome {
    let companies = [&cast.at.ledger, &cast.at.maps, &cast.at.kestrel, &cast.at.danube];
    for (peer, told) in people.cohort.iter().zip(SEARCHES) {
        let story = begins(peer).await?;
        for (one, company) in told.into_iter().zip(companies) {
            applied(&story, company, one).await?;
        }
    }
    Ok(())
}

async fn begins(peer: &Peer) -> Outcome<Story<'_>> {
    let new = json!({ "title": "Into machine learning", "targetRoles": ["ML engineer"] });
    let search = at(on(11, Mon, 12), &peer.caller, "JobSearch", "create", None, new).await?;
    let stages = stages(&peer.caller, &search).await?;
    Ok(Story { who: &peer.caller, role: String::new(), search, stages })
}

async fn applied(story: &Story<'_>, company: &str, (channel, week, reached, outcome): Told) -> Outcome {
    let posting = json!({ "companyId": company, "title": "ML engineer", "employerKind": "MID_SIZED" });
    let mut application = story.applies(on(week, Tue, 12), Applied, posting, json!({ "channel": channel })).await?;
    let steps = [(Screening, on(week, Fri, 9)), (Interviewing, on(week - 1, Wed, 9)), (Offer, on(week - 1, Fri, 15))];
    for (stage, when) in steps.into_iter().filter(|(stage, _)| *stage <= reached) {
        application.to(when, stage).await?;
    }
    match outcome {
        Some(outcome) => application.ends(on(week - 2, Thu, 9), outcome, "So it went.").await,
        None => Ok(()),
    }
}
