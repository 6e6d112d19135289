//! Calls at a library: what looked like work for a machine was a wrong web page.

use serde_json::json;

use super::Project;
use crate::{
    cli::{
        Outcome,
        demo_data::{act, evening},
    },
    domain::caller::Caller,
};

/// A good end: what people called about needs no AI.
pub(super) async fn tell(lena: &Caller) -> Outcome {
    let project = Project::begin(
        lena,
        json!({
            "title": "Calls at the town library", "kind": "PERSONAL", "domain": "Public services",
            "summary": "Two people answer the phone all day.", "applicationArea": "Customer service",
        }),
    )
    .await?;
    let problem = json!({
        "statement": "Two librarians answer the phone all day, mostly to say when the library is open.",
        "stakeholders": ["Librarians", "Readers"], "beneficiaries": ["Librarians, who could help readers instead"],
    });
    project.scope("update", json!({ "problem": problem })).await?;
    let pains = json!([{ "rank": 1, "wish": "A quiet morning", "whyNotWorkingYet": "The hours on the web page are those of last year" }]);
    let talk = json!({ "expert": "Head librarian", "heldAt": evening(30), "painPoints": pains });
    project.add("ExpertConsultation", talk).await?;
    let bot = project
        .candidate("A bot that answers the phone", "Speech to text, a language model, text to speech.", true)
        .await?;
    let chat = project.candidate("A chat on the web page", "A language model over the library's pages.", true).await?;
    project.complete(&["BUSINESS_PROBLEM", "SOLUTION_BRAINSTORM"]).await?;
    for (solution, finding) in [
        (&bot, "Callers are old and speak dialect: one call in three was understood."),
        (&chat, "It told the hours of the web page, which are wrong, very politely."),
    ] {
        let asks = json!({ "solutionId": solution, "question": "Does it answer the ten most frequent questions?", "timeboxDays": 3 });
        let trial = act(lena, "ProofOfConcept", "request", None, asks).await?;
        act(lena, "ProofOfConcept", "report", Some(&trial), json!({ "outcome": "INFEASIBLE", "finding": finding }))
            .await?;
        let worth = json!({ "solutionId": solution, "verdict": "NONE", "evidence": [
            { "kind": "DOMAIN_EXPERT", "finding": "Eight of ten callers ask for the hours. Correct them, and they do not call." },
        ] });
        act(lena, "ValueAssessment", "create", None, worth).await?;
    }
    let end = json!({
        "outcome": "NO_AI_SOLUTION",
        "note": "The web page has the right hours since Monday: calls are down by two thirds, for the price of one e-mail.",
    });
    project.scope("close", end).await.map(drop)
}
