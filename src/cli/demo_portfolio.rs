//! What the demo's learner shows: an exercise, a script for herself, and one that became part of her job (§15).

use serde_json::{Value, json};

use super::{
    Outcome,
    demo_data::{act, act_and_show, competency, evening},
    open,
};
use crate::domain::{
    caller::Caller,
    projects::stakeholder_confirmation::answer::{self, StakeholderAnswer, StakeholderVerdict},
};

/// Tells the three, oldest first: each goes further than the one before.
pub(super) async fn fill(lena: &Caller) -> Outcome {
    let digits = json!({
        "title": "Ten digits, read by a machine", "assigned": true, "complexity": 1, "teamSize": 1, "visibility": "LINK",
        "summary": "The last exercise of the course: logistic regression by hand, then by a library, on handwritten digits.",
        "startedAt": evening(300), "finishedAt": evening(280), "competencies": shows(&[("ml.logistic-regression", 2)]),
    });
    add(lena, digits).await?;
    let scans = json!({
        "title": "Balance sheets, read from scans", "personalKind": "WORK_SCRIPT", "complexity": 2, "teamSize": 1,
        "summary": "A script that finds the table in a scanned balance sheet, so that nobody types it again. It errs where \
                    there are footnotes, and says so.",
        "startedAt": evening(220), "finishedAt": evening(170), "visibility": "LINK", "resources": ["COMPUTE"],
        "competencies": shows(&[("software.python", 3), ("ml.error-analysis", 2)]),
    });
    add(lena, scans).await?;
    let warning = json!({
        "title": "A warning before the quarter closes", "personalKind": "WORK_SCRIPT", "complexity": 3, "teamSize": 2,
        "summary": "Bookings that do not look like their neighbours, on a list every Monday. Two of the first ten were typed twice.",
        "startedAt": evening(150), "finishedAt": evening(70), "visibility": "PUBLIC", "resources": ["COMPUTE"],
        "competencies": shows(&[("math.statistics", 3), ("software.data-frames", 3), ("ml.error-analysis", 3)]),
        "links": [{ "url": "https://example.org/lena/before-the-quarter-closes", "label": "How it works" }],
    });
    let warning = add(lena, warning).await?;
    let part = json!({
        "entryId": warning, "kind": "PART_OF_JOB", "occurredAt": evening(60),
        "note": "It runs for three departments, and keeping it has been in my job description ever since.",
    });
    act(lena, "PortfolioEvidence", "record", None, part).await?;
    confirmed(lena, &warning).await?;
    act(lena, "PortfolioEntry", "update", Some(&warning), json!({ "stage": "VALUE_CREATION" })).await.map(drop)
}

/// Asks who works with it, who answers by the link as anybody would.
async fn confirmed(lena: &Caller, entry: &str) -> Outcome {
    let asks = json!({
        "entryId": entry, "stakeholder": "Mira Okafor",
        "message": "You have had the list for some weeks now: is it of any use to you?",
    });
    let (_, link) = act_and_show(lena, "StakeholderConfirmation", "request", None, asks).await?;
    let token = link.as_deref().and_then(|link| link.rsplit('/').next()).unwrap_or_default();
    let said = StakeholderAnswer {
        verdict: StakeholderVerdict::Confirm,
        name: Some("Mira Okafor".to_owned()),
        role: Some("Head of accounting".to_owned()),
        statement: Some("We close two days earlier, and nobody stays late for it.".to_owned()),
        quotable: Some(true),
    };
    let answered = answer::answer(&lena.house, token, said, "demo".into()).await;
    answered.map(drop).map_err(|error| open::told(&error))
}

async fn add(lena: &Caller, entry: Value) -> Outcome<String> {
    act(lena, "PortfolioEntry", "create", None, entry).await
}

/// What an entry shows, at which levels.
fn shows(levels: &[(&str, i64)]) -> Value {
    levels.iter().map(|&(code, level)| json!({ "competencyId": competency(code), "levelShown": level })).collect()
}
