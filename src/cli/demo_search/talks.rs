//! Talks with people who do the work (§20): one after which to learn first, one that led on, and one that is to come.

use chrono::{
    DateTime, Utc,
    Weekday::{Fri, Mon, Thu, Tue, Wed},
};
use serde_json::{Value, json};

use super::{Cast, Story};
use crate::{
    cli::{
        Outcome,
        demo_data::{competency, on},
    },
    domain::clock,
};

/// A talk: planned, asked for and agreed, one thing after the other.
async fn agreed(story: &Story<'_>, mut about: Value, [asked, answered, when]: [DateTime<Utc>; 3]) -> Outcome<String> {
    about["roleProfileId"] = json!(story.role);
    let talk = story.add(asked, "InformationalInterview", about).await?;
    story.tell(asked, "InformationalInterview", "request", &talk).await?;
    let agreed = json!({ "scheduledAt": clock::rfc3339(when), "channel": "VIDEO" });
    story.act(answered, "InformationalInterview", "schedule", Some(&talk), agreed).await?;
    Ok(talk)
}

/// It took place: what they answered, and what that brought.
async fn held(story: &Story<'_>, talk: &str, when: DateTime<Utc>, answers: Value, found: &[Found]) -> Outcome {
    let told = json!({ "heldAt": clock::rfc3339(when), "answers": answers });
    story.act(when, "InformationalInterview", "hold", Some(talk), told).await?;
    for &(kind, text, asks_for, weight) in found {
        let new = json!({
            "interviewId": talk, "kind": kind, "text": text, "competencyId": asks_for.map(competency), "weight": weight,
        });
        story.add(when, "Finding", new).await?;
    }
    Ok(())
}

/// A finding: its kind and text, the competency that it asks for, and how much it matters.
type Found = (&'static str, &'static str, Option<&'static str>, i64);

/// With Tomasz, who makes maps: there is something to learn first, and now it is known what.
pub(super) async fn learn_first(story: &Story<'_>, cast: &Cast) -> Outcome {
    let about = json!({
        "contactId": cast.tomasz, "purpose": "What does an applied scientist do all week, and what would I have to know?",
        "researchInterviewee": "Geographer, wrote about labels that lie; came to maps by way of statistics.",
        "researchCompany": "Maps for machines are half of what they earn by now. Forty people work on models.",
    });
    let when = on(10, Tue, 16);
    let talk = agreed(story, about, [on(11, Thu, 8), on(11, Fri, 8), when]).await?;
    let answers = json!([
        { "topic": "A typical day or week", "text": "Four days of five I clean pictures of streets, and wonder who labelled them." },
        { "topic": "What made past candidates stand out", "text": "One showed us her errors, sorted by cause. We hired her." },
    ]);
    let found = [
        ("DUTY", "Clean and label pictures of streets", Some("software.data-manipulation"), 5),
        ("DUTY", "Train models for new kinds of streets", None, 3),
        ("TIME_SHARE", "Four days of five go into data, one into models", None, 4),
        ("SKILL", "Sort the errors of a model by cause", Some("ml.error-analysis"), 5),
        ("STACK_SOFTWARE", "PyTorch, and a great many scripts", Some("dl.training-practice"), 2),
        ("HIRING_STEP", "A task to take home, then an afternoon with the team", None, 2),
    ];
    held(story, &talk, when, answers, &found).await?;
    let outcome = json!({ "outcome": "LEARN_FIRST", "note": "I know now what I cannot do yet: say why a model errs." });
    story.act(on(10, Tue, 18), "InformationalInterview", "conclude", Some(&talk), outcome).await?;
    thanked(story, &talk, on(10, Thu, 8)).await
}

/// With Amara, who would speak for her.
pub(super) async fn led_on(story: &Story<'_>, cast: &Cast) -> Outcome {
    let about = json!({
        "contactId": cast.amara, "purpose": "How did you get from the books into models, and is there room for one more?",
        "researchInterviewee": "Three years at the bank with me; went to claims two years ago.",
        "researchCompany": "The insurance pays eighty thousand claims a year, a tenth of them after somebody looked twice.",
    });
    let talk = agreed(story, about, [on(9, Mon, 10), on(9, Mon, 15), on(9, Wed, 15)]).await?;
    let when = on(9, Thu, 15);
    let later = json!({ "scheduledAt": clock::rfc3339(when), "reason": "Her quarter closes a day later." });
    story.act(on(9, Tue, 9), "InformationalInterview", "reschedule", Some(&talk), later).await?;
    let answers = json!([
        { "topic": "The skills that matter", "text": "Explaining a number to somebody who has to sign it. And SQL, every day." },
        { "topic": "How the team works together", "text": "Two of us and an actuary look at each model before it goes out." },
    ]);
    let found = [
        ("DUTY", "Say which claims somebody should look at twice", Some("ml.logistic-regression"), 5),
        ("DUTY", "Explain a model to those who sign for it", None, 4),
        ("DUTY", "Clean and join tables of three systems", Some("software.databases"), 4),
        ("TIME_SHARE", "A third data, a third models, a third talking", None, 3),
        ("SKILL", "SQL that somebody else can read", Some("software.databases"), 4),
        ("STANDOUT", "Who knows how a balance sheet works", None, 4),
    ];
    held(story, &talk, when, answers, &found).await?;
    let outcome = json!({ "outcome": "REFERRAL_OFFERED", "note": "She will say so to Ruth, who leads them." });
    story.act(on(9, Thu, 17), "InformationalInterview", "conclude", Some(&talk), outcome).await?;
    thanked(story, &talk, on(9, Fri, 8)).await
}

/// With Henrik, next week: who works there, she does not know yet.
pub(super) async fn to_come(story: &Story<'_>, cast: &Cast) -> Outcome {
    let about = json!({
        "contactId": cast.henrik, "roleTitle": "Machine-learning engineer",
        "purpose": "Whom would I work with, and what do they do when a model is wrong?",
        "researchInterviewee": "Writes the part that talks to the harbours; we know each other from the bank.",
        "researchCompany": "Fourteen people, twelve harbours, money for two years.",
        "ownQuestions": [
            { "topic": "The team", "text": "Who builds models today, and who would teach me?" },
            { "topic": "The work", "text": "What happened the last time that a ship came when nobody had expected it?" },
            { "topic": "What comes next", "text": "What would have to be there in a year, so that all of you are glad?" },
        ],
    });
    agreed(story, about, [on(1, Wed, 18), on(1, Fri, 9), on(-1, Tue, 16)]).await.map(drop)
}

async fn thanked(story: &Story<'_>, talk: &str, when: DateTime<Utc>) -> Outcome {
    let at = json!({ "followedUpAt": clock::rfc3339(when) });
    story.act(when, "InformationalInterview", "followUp", Some(talk), at).await.map(drop)
}
