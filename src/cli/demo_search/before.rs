//! Before the mountains: the first applications, what a referral leads to, and a word from an office.

use chrono::Weekday::{Fri, Mon, Thu, Tue, Wed};
use entity::jobs::stage::StageKind::{Applied, Interviewing, Outreach, Screening};
use serde_json::json;

use super::{Application, Cast, Story, talks};
use crate::{
    cli::{
        Outcome,
        demo_data::{competency, on},
    },
    domain::clock,
};

/// The applications that go on after it.
pub(super) struct Went<'a> {
    /// At the insurance, by referral.
    pub(super) insured: Application<'a>,
    /// With the books on the web.
    pub(super) ledger: Application<'a>,
    /// With the maps: nobody answers.
    pub(super) maps: Application<'a>,
}

pub(super) async fn tell<'a>(story: &'a Story<'_>, cast: &Cast) -> Outcome<Went<'a>> {
    observed(story, cast).await?;
    let maps = maps(story, cast).await?;
    talks::led_on(story, cast).await?;
    let insured = insured(story, cast).await?;
    office(story, cast).await?;
    let ledger = ledger(story, cast).await?;
    Ok(Went { insured, ledger, maps })
}

/// What the same title means elsewhere, as openings say.
async fn observed(story: &Story<'_>, cast: &Cast) -> Outcome {
    let when = on(10, Wed, 18);
    for (company, title, duties) in [
        (
            &cast.at.maps,
            "Machine-learning engineer",
            vec!["Train models for new kinds of streets", "Clean and label pictures of streets"],
        ),
        (
            &cast.at.tidewise,
            "ML engineer",
            vec![
                "Forecast when ships come in",
                "Run what was trained, day and night",
                "Explain a model to those who sign for it",
            ],
        ),
        (
            &cast.at.danube,
            "Machine-learning engineer",
            vec!["Explain a model to those who sign for it", "Say which claims somebody should look at twice"],
        ),
    ] {
        let seen = json!({
            "companyId": company, "title": title, "roleProfileId": story.role, "duties": duties,
            "observedAt": clock::rfc3339(when),
        });
        story.add(when, "RoleObservation", seen).await?;
    }
    Ok(())
}

/// Straight to the end, a role and an industry further: nobody answers.
async fn maps<'a>(story: &'a Story<'_>, cast: &Cast) -> Outcome<Application<'a>> {
    let posting = json!({
        "companyId": cast.at.maps, "roleProfileId": story.role, "title": "Machine-learning engineer, streets",
        "employerKind": "BIG_COMPANY", "employmentType": "FULL_TIME", "location": "Graz", "source": "Their own page",
        "url": "https://example.org/maps/jobs/streets",
    });
    let sent = json!({ "channel": "DIRECT", "resumeVersion": "1", "source": "Their own page" });
    story.applies(on(10, Thu, 18), Applied, posting, sent).await
}

/// By way of Amara: asked on Friday, passed on the next week, and looked at soon.
async fn insured<'a>(story: &'a Story<'_>, cast: &Cast) -> Outcome<Application<'a>> {
    let posting = json!({
        "companyId": cast.at.danube, "roleProfileId": story.role, "title": "Machine-learning engineer, claims",
        "employerKind": "BIG_COMPANY", "employmentType": "FULL_TIME", "location": "Vienna", "source": "Amara",
        "compRange": { "min": "58000.00", "max": "66000.00", "currency": "EUR", "per": "YEAR" },
        "url": "https://example.org/danube/jobs/claims",
    });
    let sent = json!({ "channel": "DIRECT", "resumeVersion": "2" });
    let mut application = story.applies(on(9, Fri, 9), Outreach, posting, sent).await?;
    let asks = json!({
        "applicationId": application.id, "referrerContactId": cast.amara,
        "note": "You offered to tell Ruth of me: the opening is for claims, my list of odd bookings is attached.",
    });
    let referral = story.act(on(9, Fri, 10), "Referral", "request", None, asks).await?;
    story.tell(on(8, Mon, 8), "Referral", "accept", &referral).await?;
    story.tell(on(8, Tue, 8), "Referral", "submit", &referral).await?;
    application.to(on(8, Tue, 9), Applied).await?;
    application.to(on(7, Mon, 9), Screening).await?;
    let first = on(7, Thu, 13);
    let about = json!({
        "durationMin": 30, "location": "By telephone", "interviewers": [{ "name": "Ruth Adler", "role": "Head of claims models", "contactId": cast.ruth }],
        "prep": { "topics": ["What a claim is"], "questions": ["Who reads what the model says?"] },
    });
    let interview = application.interview(on(7, Tue, 9), "RECRUITER_SCREEN", first, about).await?;
    application.held(&interview, first, on(7, Fri, 9), "PASSED").await?;
    application.to(on(7, Fri, 9), Interviewing).await?;
    Ok(application)
}

/// An office that wants somebody who writes queries all day, and says so.
async fn office(story: &Story<'_>, cast: &Cast) -> Outcome {
    let posting = json!({
        "companyId": cast.at.office, "title": "Data scientist, mobility", "employerKind": "GOVERNMENT",
        "employmentType": "PART_TIME", "location": "Vienna", "source": "Public notice", "requisitionId": "OM-2211",
    });
    let sent = json!({ "channel": "DIRECT", "resumeVersion": "1" });
    let mut application = story.applies(on(9, Tue, 17), Applied, posting, sent).await?;
    application.to(on(8, Wed, 9), Screening).await?;
    application.ends(on(7, Mon, 8), "REJECTED", "Somebody who has run their databases before.").await?;
    let asks = json!({ "applicationId": application.id, "source": "HR", "message": "What would have helped?" });
    let asked = story.add(on(7, Tue, 8), "FeedbackRequest", asks).await?;
    let said = json!({
        "requestId": asked,
        "text": "Your letter was the best that we read. The work is nine parts queries over ten years of timetables; there you were new.",
        "themes": [{ "competencyId": competency("software.databases"), "polarity": "NEGATIVE", "note": "Nine parts queries" }],
    });
    story.act(on(7, Fri, 8), "Feedback", "record", None, said).await.map(drop)
}

/// Books on the web: they look, and invite her for after the mountains.
async fn ledger<'a>(story: &'a Story<'_>, cast: &Cast) -> Outcome<Application<'a>> {
    let posting = json!({
        "companyId": cast.at.ledger, "roleProfileId": story.role, "title": "ML engineer, bookkeeping",
        "employerKind": "MID_SIZED", "employmentType": "FULL_TIME", "location": "Linz, or from home", "source": "A job board",
        "compRange": { "min": "55000.00", "max": "62000.00", "currency": "EUR", "per": "YEAR" },
    });
    let sent = json!({
        "channel": "DIRECT", "resumeVersion": "2",
        "documents": [{ "name": "Résumé, second version", "url": "https://example.org/lena/resume-2.pdf" }],
    });
    let mut application = story.applies(on(8, Mon, 17), Applied, posting, sent).await?;
    // They called on Wednesday; it was written down on Friday.
    let called = json!({ "occurredAt": clock::rfc3339(on(7, Wed, 14)), "source": "A call" });
    application.moved(on(7, Fri, 16), Screening, called).await?;
    Ok(application)
}
