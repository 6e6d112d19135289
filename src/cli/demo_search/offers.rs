//! Two offers, both open: one that was talked about, from people whom she met, and one from people whom she does not know yet.

use chrono::{
    TimeDelta,
    Weekday::{Fri, Mon, Thu, Tue, Wed},
};
use entity::jobs::stage::StageKind::Offer;
use serde_json::json;

use super::{Application, Cast, Story};
use crate::{
    cli::{
        Outcome,
        demo_data::{ahead, competency, on},
    },
    domain::clock,
};

pub(super) async fn tell(
    story: &Story<'_>,
    cast: &Cast,
    insured: &mut Application<'_>,
    harbours: &mut Application<'_>,
) -> Outcome {
    talks_at_danube(story, cast, insured).await?;
    from_danube(story, cast, insured).await?;
    from_tidewise(story, harbours).await
}

fn euros(amount: &str) -> serde_json::Value {
    json!({ "amount": amount, "currency": "EUR" })
}

/// Two more talks, the second of them a morning with those whom she would work with.
async fn talks_at_danube(story: &Story<'_>, cast: &Cast, application: &Application<'_>) -> Outcome {
    let technical = on(3, Fri, 13);
    let about = json!({
        "durationMin": 60, "location": "Danube Mutual, third floor",
        "interviewers": [{ "name": "Amara Diallo", "role": "Machine-learning engineer", "contactId": cast.amara }],
        "prep": { "topics": ["Logistic regression, and what a threshold costs"], "questions": ["Which claims go wrong most often?"] },
    });
    let interview = application.interview(on(4, Tue, 9), "TECHNICAL", technical, about).await?;
    application.held(&interview, technical, on(2, Mon, 10), "PASSED").await?;
    let card = json!({
        "interviewId": interview,
        "ratings": [{ "competencyId": competency("ml.logistic-regression"), "rating": 4 }, { "competencyId": competency("software.databases"), "rating": 3 }],
        "asked": ["What does a false alarm cost us?"], "wentWell": "The cost of each kind of mistake: I had numbers.",
        "improve": "Say sooner when I do not know.",
    });
    story.add(on(3, Fri, 17), "SelfScorecard", card).await?;
    let panel = on(2, Wed, 8);
    let about = json!({
        "durationMin": 180, "location": "Danube Mutual, third floor",
        "interviewers": [{ "name": "Ruth Adler", "role": "Head of claims models", "contactId": cast.ruth }, { "name": "Bence Toth", "role": "Actuary" }],
        "prep": { "questions": ["When did somebody here last change their mind, and why?"] },
    });
    // It was to be a day later.
    let interview = application.interview(on(2, Mon, 11), "PANEL", on(2, Thu, 8), about).await?;
    let sooner = json!({ "scheduledAt": clock::rfc3339(panel), "reason": "Bence is away on Thursday." });
    story.act(on(2, Mon, 15), "Interview", "reschedule", Some(&interview), sooner).await?;
    application.held(&interview, panel, on(2, Fri, 8), "PASSED").await
}

/// The role first, in the industry that she knows; on Tuesday they added to it.
async fn from_danube(story: &Story<'_>, cast: &Cast, application: &mut Application<'_>) -> Outcome {
    application.to(on(2, Fri, 9), Offer).await?;
    let offer = json!({
        "applicationId": application.id, "base": euros("60000.00"), "bonus": euros("3000.00"), "location": "Vienna, two days from home",
        "benefits": "Five days a year to learn, and a course of your choice.", "startDate": ahead(60),
        "respondBy": clock::rfc3339(on(-1, Fri, 16)), "managerContactId": cast.ruth, "receivedAt": clock::rfc3339(on(2, Fri, 9)),
        "teammatesMet": [
            { "name": "Amara Diallo", "role": "Machine-learning engineer", "contactId": cast.amara, "note": "She would look at my models, and I at hers." },
            { "name": "Bence Toth", "role": "Actuary", "note": "Asks until he understands." },
        ],
        "peopleAssessment": { "worksHard": 4, "keepsLearning": 5, "buildsForGood": 4 },
        "note": "The role first, among people who know what a balance sheet is.",
    });
    let offer = story.add(on(2, Fri, 10), "Offer", offer).await?;
    let asks = json!({ "base": euros("63500.00"), "note": "They added 3,500 a year after I asked. Ruth: for those who read balance sheets." });
    story.act(on(1, Tue, 14), "Offer", "negotiate", Some(&offer), asks).await?;
    let next = json!({ "nextAction": "Ask Ruth whether February is early enough", "nextActionAt": clock::rfc3339(on(-1, Mon, 9)) });
    story.act(on(1, Fri, 11), "Application", "update", Some(&application.id), next).await.map(drop)
}

/// Both at once, the role and the industry: with shares, a little more, and with people of whom nothing is known yet.
async fn from_tidewise(story: &Story<'_>, application: &mut Application<'_>) -> Outcome {
    application.to(on(1, Wed, 9), Offer).await?;
    let by = on(-1, Wed, 16);
    let offer = json!({
        "applicationId": application.id, "base": euros("58000.00"), "equity": euros("9000.00"), "location": "From home",
        "startDate": ahead(35), "respondBy": clock::rfc3339(by + TimeDelta::hours(1)), "receivedAt": clock::rfc3339(on(1, Wed, 9)),
        "note": "I would build what ships steer by. Whom with, nobody has said.",
    });
    story.add(on(1, Wed, 10), "Offer", offer).await?;
    let next = json!({ "nextAction": "Write to Tidewise after the talk with Henrik", "nextActionAt": clock::rfc3339(on(-1, Wed, 7)) });
    story.act(on(1, Thu, 11), "Application", "update", Some(&application.id), next).await.map(drop)
}
