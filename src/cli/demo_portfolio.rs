//! What the demo's learner shows: an exercise, a script for herself, and one that became part of her job (§15).

use serde_json::{Value, json};

use super::{
    Outcome,
    demo_data::{act, competency, evening},
};
use crate::domain::caller::Caller;

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
        "competencies": shows(&[("math.statistics", 3), ("software.databases", 4), ("ml.error-analysis", 3)]),
        "links": [{ "url": "https://example.org/lena/before-the-quarter-closes", "label": "How it works" }],
    });
    let warning = add(lena, warning).await?;
    let part = json!({
        "entryId": warning, "kind": "PART_OF_JOB", "occurredAt": evening(60),
        "note": "It runs for three departments, and keeping it is in my job description since spring.",
    });
    act(lena, "PortfolioEvidence", "record", None, part).await?;
    act(lena, "PortfolioEntry", "update", Some(&warning), json!({ "stage": "VALUE_CREATION" })).await.map(drop)
}

async fn add(lena: &Caller, entry: Value) -> Outcome<String> {
    act(lena, "PortfolioEntry", "create", None, entry).await
}

/// What an entry shows, at which levels.
fn shows(levels: &[(&str, i64)]) -> Value {
    levels.iter().map(|&(code, level)| json!({ "competencyId": competency(code), "levelShown": level })).collect()
}
