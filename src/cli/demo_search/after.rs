//! After the mountains: silence, a rejection that taught SQL, a referral of which nothing came, and new doors.

use chrono::Weekday::{Fri, Mon, Sun, Thu, Tue, Wed};
use entity::{
    id::LearningNeedId,
    jobs::stage::StageKind::{Applied, Interviewing, Outreach, Research, Screening},
    learning::learning_need,
};
use sea_orm::EntityTrait as _;
use serde_json::json;

use super::{Application, Cast, Story, at, before::Went};
use crate::{
    cli::{
        Outcome,
        demo_data::{People, competency, on, resource},
        open,
    },
    domain::{clock, jobs::lapse},
};

/// Tells it, and gives the application with the harbours, of which an offer came.
pub(super) async fn tell<'a>(
    story: &'a Story<'_>,
    cast: &Cast,
    people: &People,
    plan: &str,
    went: &mut Went<'_>,
) -> Outcome<Application<'a>> {
    went.maps.ends(on(4, Mon, 9), "NO_RESPONSE", "Not a word in six weeks.").await?;
    helped(story, cast).await?;
    lapsed(story, cast).await?;
    rejected(story, &mut went.ledger).await?;
    taught(story, people, plan).await?;
    let harbours = harbours(story, cast).await?;
    elsewhere(story, cast).await?;
    Ok(harbours)
}

/// Jonas told what to look at; the evening's people may know the rest.
async fn helped(story: &Story<'_>, cast: &Cast) -> Outcome {
    let asks = json!({
        "contactId": cast.jonas, "kind": "INSIDE_KNOWLEDGE",
        "question": "What do people ask in a first technical talk, and what do they make of the answer?",
    });
    let asked = story.add(on(4, Mon, 18), "HelpRequest", asks).await?;
    let said =
        json!({ "answer": "More SQL than you would think, less theory. Say what you would look at next, and why." });
    story.act(on(4, Wed, 7), "HelpRequest", "answer", Some(&asked), said).await?;
    let asks = json!({
        "communityId": cast.evenings, "kind": "ADVICE",
        "question": "A start-up made me an offer and has not said who is in the team. Is that usual?",
    });
    story.add(on(1, Thu, 19), "HelpRequest", asks).await.map(drop)
}

/// Priya would have spoken for her, and let her know how she is reached; five days later nothing had come of it.
async fn lapsed(story: &Story<'_>, cast: &Cast) -> Outcome {
    let posting = json!({
        "companyId": cast.at.quantfield, "roleProfileId": story.role, "title": "ML engineer, payments",
        "employerKind": "MID_SIZED", "employmentType": "FULL_TIME", "location": "Vienna", "source": "Priya",
    });
    let mut application = story.applies(on(4, Tue, 17), Outreach, posting, json!({ "resumeVersion": "2" })).await?;
    let asks = json!({
        "applicationId": application.id, "referrerContactId": cast.priya,
        "note": "You know how I work from the first ten weeks: would you tell the people in payments?",
    });
    let referral = story.act(on(4, Tue, 18), "Referral", "request", None, asks).await?;
    at(on(4, Wed, 9), &cast.asked, "Referral", "consent", Some(&referral), json!({})).await?;
    // What the running service sees to, within a minute.
    clock::at(on(4, Sun, 19), lapse::all(&story.who.house)).await.map_err(|error| open::told(&error))?;
    application.to(on(3, Tue, 17), Applied).await
}

/// A technical talk that went well but for one thing, and what was said of it.
async fn rejected(story: &Story<'_>, application: &mut Application<'_>) -> Outcome {
    application.to(on(4, Mon, 10), Interviewing).await?;
    let when = on(4, Thu, 13);
    let about = json!({
        "durationMin": 90, "location": "https://meet.example.org/brightledger",
        "interviewers": [{ "name": "Sofia Brandt", "role": "ML engineer" }, { "name": "Marek Novy", "role": "Data engineer" }],
        "prep": {
            "topics": ["Error analysis, on my own list of odd bookings", "Window functions"],
            "questions": ["How do you find out that a model got worse?", "What would you give me to do first?"],
        },
    });
    let interview = application.interview(on(4, Mon, 11), "TECHNICAL", when, about).await?;
    story.act(when, "Interview", "hold", Some(&interview), json!({ "heldAt": clock::rfc3339(when) })).await?;
    let card = json!({
        "interviewId": interview,
        "ratings": [
            { "competencyId": competency("software.databases"), "rating": 2 },
            { "competencyId": competency("software.python"), "rating": 4 },
            { "competencyId": competency("ml.error-analysis"), "rating": 4 },
        ],
        "asked": ["The third largest invoice of each customer, in one query", "Why is this query slow?", "Which errors would you look at first?"],
        "wentWell": "My odd bookings: they asked for twenty minutes more.",
        "improve": "I joined where a window would have done, and could not read the plan of the slow query.",
    });
    story.add(on(4, Thu, 18), "SelfScorecard", card).await?;
    let result = json!({ "result": "NOT_PASSED" });
    story.act(on(4, Fri, 9), "Interview", "recordResult", Some(&interview), result).await?;
    application.ends(on(4, Fri, 9), "REJECTED", "Somebody with more SQL.").await?;
    asked_why(story, application).await
}

/// Two are asked: one answers.
async fn asked_why(story: &Story<'_>, application: &Application<'_>) -> Outcome {
    let asks =
        |source: &str, message: &str| json!({ "applicationId": application.id, "source": source, "message": message });
    let them = asks("INTERVIEWER", "Thank you for the talk. What should I learn before I come again?");
    let them = story.add(on(4, Fri, 10), "FeedbackRequest", them).await?;
    let office = asks("HR", "May I ask what decided it?");
    let office = story.add(on(4, Fri, 10), "FeedbackRequest", office).await?;
    let said = json!({
        "requestId": them,
        "text": "We liked how you think about errors, and your Python is clean. Our data lives in SQL: window functions, and why a \
                 query is slow. Learn these two, and write to me.",
        "themes": [
            { "competencyId": competency("software.databases"), "polarity": "NEGATIVE", "note": "Window functions, and reading a query plan" },
            { "competencyId": competency("ml.error-analysis"), "polarity": "POSITIVE" },
            { "competencyId": competency("software.python"), "polarity": "POSITIVE", "note": "Clean" },
        ],
    });
    story.act(on(3, Mon, 15), "Feedback", "record", None, said).await?;
    story.tell(on(1, Mon, 9), "FeedbackRequest", "giveUp", &office).await.map(drop)
}

/// What it taught: a need, an item of the plan, a course, and that the course was passed.
async fn taught(story: &Story<'_>, people: &People, plan: &str) -> Outcome {
    let of = json!({ "jobSearchId": story.search });
    let need = story.act(on(3, Mon, 17), "LearningNeed", "raiseFromRejections", None, of).await?;
    let planned = json!({ "planId": plan, "needIds": [need] });
    story.act(on(3, Mon, 17), "LearningNeed", "plan", None, planned).await?;
    let title = "SQL beyond the first join";
    let course = resource(story.who, "COURSE", title, "course-sql", 600, &["software.databases"]);
    let course = clock::at(on(3, Mon, 18), course).await?;
    let learns = json!({ "resourceIds": [course], "status": "DOING" });
    story.act(on(3, Mon, 18), "PlanItem", "update", Some(&planned_for(story, &need).await?), learns).await?;
    let passed = on(1, Tue, 18);
    let passed = json!({
        "statementId": "demo-sql", "person": { "id": story.who.user().map(|id| id.to_string()) },
        "object": { "source": "moodle", "externalId": "course-sql" }, "verb": "PASSED",
        "occurredAt": clock::rfc3339(passed), "minutes": 50, "score": 91,
    });
    at(on(1, Tue, 19), &people.operator, "Completion", "record", None, passed).await?;
    let rates = json!({
        "userId": story.who.user().map(|id| id.to_string()), "competencyId": competency("software.databases"),
        "action": "RATE", "source": "REVIEW", "level": 3, "note": "She showed me a slow query, and why it is fast now.",
    });
    at(on(1, Fri, 15), &people.coach, "Evidence", "record", None, rates).await.map(drop)
}

/// The item of a plan that a need got.
async fn planned_for(story: &Story<'_>, need: &str) -> Outcome<String> {
    let need: LearningNeedId = need.parse().map_err(|why| format!("{need} {why}"))?;
    let row = learning_need::Entity::find_by_id(need).one(&story.who.house.database.read).await;
    let item = row.map_err(|why| open::told(&why.into()))?.and_then(|row| row.plan_item_id);
    Ok(item.ok_or("a need of the demo is in no plan")?.to_string())
}

/// A recruiter's start-up: two talks, and soon an offer.
async fn harbours<'a>(story: &'a Story<'_>, cast: &Cast) -> Outcome<Application<'a>> {
    let posting = json!({
        "companyId": cast.at.tidewise, "roleProfileId": story.role, "title": "ML engineer, arrivals",
        "employerKind": "STARTUP", "employmentType": "FULL_TIME", "location": "From home", "source": "Elif Kaya",
        "compRange": { "min": "52000.00", "max": "60000.00", "currency": "EUR", "per": "YEAR" },
    });
    let sent = json!({ "channel": "RECRUITER", "resumeVersion": "3" });
    let mut application = story.applies(on(4, Wed, 16), Applied, posting, sent).await?;
    application.to(on(3, Mon, 9), Screening).await?;
    application.to(on(3, Wed, 9), Interviewing).await?;
    for (noted, kind, when, known) in [
        (on(3, Wed, 10), "TECHNICAL", on(3, Thu, 14), on(3, Fri, 9)),
        (on(2, Mon, 10), "FINAL", on(2, Tue, 14), on(2, Thu, 9)),
    ] {
        let about = json!({
            "durationMin": 60, "location": "https://meet.example.org/tidewise",
            "prep": { "topics": ["What makes a ship late"], "questions": ["Who else builds models?"] },
        });
        let interview = application.interview(noted, kind, when, about).await?;
        application.held(&interview, when, known, "PASSED").await?;
    }
    Ok(application)
}

/// Three more: one that she let go, one that begins, and one that she has only seen.
async fn elsewhere(story: &Story<'_>, cast: &Cast) -> Outcome {
    let prompts = json!({
        "companyId": cast.at.parlando, "title": "Prompt engineer", "employerKind": "STARTUP", "location": "Berlin", "source": "They wrote",
    });
    let sent = json!({ "channel": "INBOUND", "resumeVersion": "3" });
    let mut prompts = story.applies(on(3, Tue, 9), Applied, prompts, sent.clone()).await?;
    prompts.to(on(3, Thu, 9), Screening).await?;
    prompts.ends(on(2, Mon, 9), "WITHDRAWN", "Nothing is built there, only phrased.").await?;
    let parcels = json!({
        "companyId": cast.at.kestrel, "roleProfileId": story.role, "title": "Applied scientist, sorting", "employerKind": "MID_SIZED",
        "employmentType": "FULL_TIME", "location": "Salzburg", "source": "They wrote",
    });
    let mut parcels = story.applies(on(2, Wed, 9), Applied, parcels, sent).await?;
    parcels.to(on(1, Thu, 9), Screening).await?;
    let about = json!({
        "durationMin": 45, "location": "https://meet.example.org/kestrel",
        "prep": { "topics": ["What their arms can see", "My own errors, sorted"], "questions": ["How late may a parcel be?"] },
    });
    parcels.interview(on(1, Thu, 10), "RECRUITER_SCREEN", on(-1, Thu, 9), about).await?;
    let fraud = json!({
        "companyId": cast.at.alpenrand, "roleProfileId": story.role, "title": "Machine-learning engineer, fraud",
        "employerKind": "BIG_COMPANY", "employmentType": "FULL_TIME", "location": "Vienna", "source": "The bank's own board",
        "closesAt": clock::rfc3339(clock::now() + chrono::TimeDelta::hours(60)),
    });
    let thinks = json!({ "resumeVersion": "3" });
    story.applies(on(1, Fri, 12), Research, fraud, thinks).await.map(drop)
}
