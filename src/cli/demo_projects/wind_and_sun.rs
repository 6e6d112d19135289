//! The power grid: a forecast of wind and sun, scoped twice.

use serde_json::{Value, json};

use super::Project;
use crate::{
    cli::{
        Outcome,
        demo_data::{act, ahead, competency, evening},
    },
    domain::caller::Caller,
};

/// The power grid: scoped once, found infeasible, returned to brainstorming, rescoped with satellite images in the budget.
pub(super) async fn tell(lena: &Caller, carl: &Caller) -> Outcome {
    let project = Project::begin(
        lena,
        json!({
            "title": "Wind and sun, a day ahead", "kind": "WORK", "domain": "Energy", "applicationArea": "Power grids",
            "summary": "How much wind and solar power will the grid get tomorrow?\nWhoever knows buys less reserve.",
            "dueOn": ahead(120), "externalRefs": [{ "source": "jira", "externalId": "GRID-1" }],
        }),
    )
    .await?;
    let noor = asked(&project).await?;
    let masts = first_time(&project, &noor).await?;
    let promised = promises(&project).await?;
    let lines = plans(&project).await?;
    project.complete(&["MILESTONES", "BUDGET"]).await?;
    project.tell("Project", "start", &project.id).await?;
    project.observe(&promised.error, "mlflow", 7..10, &["17.8", "17.1", "16.9"]).await?;
    found_infeasible(&project, &masts).await?;
    second_time(&project, &noor, &masts).await?;
    project.observe(&promised.error, "mlflow", 0..6, &["15.2", "13.1", "11.8", "10.4", "9.6", "8.8"]).await?;
    project.observe(&promised.reserve, "control-room", 0..6, &["415", "402", "388", "371", "362", "350"]).await?;
    carried_out(&project, carl, &promised.park, &lines).await
}

/// Step 1: what hurts, and who said so.
async fn asked(project: &Project<'_>) -> Outcome<String> {
    let lena = project.who;
    let grid = act(lena, "Company", "create", None, json!({ "name": "Windward Grid", "industry": "Energy" })).await?;
    let noor =
        json!({ "name": "Noor Haddad", "companyId": grid, "role": "Dispatcher", "relationship": "Domain expert" });
    let noor = act(lena, "Contact", "create", None, noor).await?;
    let problem = json!({
        "statement": "Every day the control room buys reserve power that it mostly does not need, because nobody there knows how \
                      much wind and solar power the next day brings.",
        "domain": "Energy", "stakeholders": ["Dispatchers in the control room", "Whoever pays for power"],
        "impactIfUnsolved": "420 MWh of reserve are bought a day; a third of it burns gas for nothing.",
        "beneficiaries": ["The town", "The climate"], "possibleHarms": ["Too little reserve on a calm day"],
        "mitigations": ["Dispatchers decide; the forecast says how sure it is"],
    });
    project.scope("update", json!({ "problem": problem })).await?;
    let pains = json!([
        { "rank": 1, "wish": "To know by noon what tomorrow brings", "whyNotWorkingYet": "The public forecast is for cities, not for parks" },
        { "rank": 2, "wish": "To know how sure that is", "whyNotWorkingYet": "One number comes without a range" },
        { "rank": 3, "wish": "To see clouds before they come", "whyNotWorkingYet": "Nobody looks at pictures from above" },
    ]);
    let talk =
        json!({ "contactId": noor, "expert": "Noor Haddad, dispatcher", "heldAt": evening(80), "painPoints": pains });
    project.add("ExpertConsultation", talk).await?;
    project.complete(&["BUSINESS_PROBLEM"]).await?;
    Ok(noor)
}

/// What Noor says of how much something is worth.
fn worth(noor: &str, verdict: &str, finding: &str) -> Value {
    json!({ "verdict": verdict, "evidence": [{ "kind": "DOMAIN_EXPERT", "contactId": noor, "finding": finding }] })
}

/// Steps 2 and 3, the first time: a forecast from weather masts.
async fn first_time(project: &Project<'_>, noor: &str) -> Outcome<String> {
    let masts =
        project.candidate("A forecast from our weather masts", "Five masts, ten years, a model for each park.", true);
    let masts = masts.await?;
    let more =
        project.candidate("Longer contracts for reserve", "Cheaper by the month, and no smarter.", false).await?;
    project.complete(&["SOLUTION_BRAINSTORM"]).await?;
    let can = json!({ "verdict": "FEASIBLE", "evidence": [
        { "kind": "PUBLISHED_WORK", "url": "https://example.org/papers/wind-from-masts", "finding": "Errors of 8 % where masts stand among the turbines." },
    ] });
    project.assess(&masts, can, worth(noor, "HIGH", "A third less reserve would pay for it in a year.")).await?;
    project.tell("CandidateSolution", "select", &masts).await?;
    project.tell("CandidateSolution", "discard", &more).await?;
    project.complete(&["ASSESSMENT"]).await?;
    Ok(masts)
}

/// A milestone, and what is measured of it.
struct Promises {
    park: String,
    error: String,
    reserve: String,
}

/// Step 4: a milestone with both kinds of metric.
async fn promises(project: &Project<'_>) -> Outcome<Promises> {
    let park = json!({ "title": "A forecast for the first park", "targetDate": ahead(21) });
    let park = project.add("Milestone", park).await?;
    let error = json!({ "kind": "ML", "name": "Mean absolute error", "unit": "% of capacity", "baseline": "18", "target": "9" });
    let error = project.metric(&park, error).await?;
    let reserve = json!({ "kind": "BUSINESS", "name": "Reserve bought", "unit": "MWh a day", "baseline": "420", "target": "300" });
    let reserve = project.metric(&park, reserve).await?;
    Ok(Promises { park, error, reserve })
}

/// The lines of the budget that something is spent on.
struct Lines {
    people: String,
    link: String,
}

/// Step 5: what it takes.
async fn plans(project: &Project<'_>) -> Outcome<Lines> {
    let euros = |amount: &str| json!({ "plannedAmount": { "amount": amount, "currency": "EUR" } });
    project.line("DATA", "Ten years of the masts' readings", euros("1200.00")).await?;
    let days = json!({ "plannedQuantity": "40", "unit": "person-days" });
    let people = project.line("PEOPLE", "Lena, two days a week", days).await?;
    let spare = json!({ "category": "TIME", "reason": "It runs beside the day's work." });
    act(project.who, "Budget", "markNotNeeded", Some(&project.budget), spare).await?;
    let mut link = euros("3500.00");
    link["supportTeam"] = json!("Control room software");
    let link = project.line("INTEGRATIONS", "A page in the control room", link).await?;
    let asks = json!({ "note": "A page that shows a number and a range, by May?" });
    act(project.who, "BudgetLine", "requestSupport", Some(&link), asks).await?;
    Ok(Lines { people, link })
}

/// A trial shows that the masts do not do: back to brainstorming, with what was learnt.
async fn found_infeasible(project: &Project<'_>, masts: &str) -> Outcome {
    let asks =
        json!({ "solutionId": masts, "question": "Do the masts know the wind in the parks?", "timeboxDays": 10 });
    let trial = act(project.who, "ProofOfConcept", "request", None, asks).await?;
    let found = json!({
        "outcome": "INFEASIBLE", "url": "https://example.org/lab/masts",
        "finding": "They stand 60 km from the parks, and see no clouds: the error stays above 16 %.",
    });
    act(project.who, "ProofOfConcept", "report", Some(&trial), found).await?;
    let back = json!({
        "step": "SOLUTION_BRAINSTORM", "reason": "INFEASIBLE",
        "learning": "What stands on the ground sees the weather too late. What comes tomorrow is seen from above today: satellite \
                     images are to be bought, for every quarter of an hour.",
    });
    project.scope("returnToStep", back).await.map(drop)
}

/// Steps 2 to 5, the second time: a forecast from satellite images, which the budget has now.
async fn second_time(project: &Project<'_>, noor: &str, masts: &str) -> Outcome {
    project.tell("CandidateSolution", "discard", masts).await?;
    let images = project
        .candidate(
            "A forecast from satellite images",
            "Clouds and wind fields every 15 minutes, one model for all parks.",
            true,
        )
        .await?;
    project.complete(&["SOLUTION_BRAINSTORM"]).await?;
    let can = json!({ "verdict": "FEASIBLE", "evidence": [
        { "kind": "PUBLISHED_WORK", "url": "https://example.org/papers/sun-from-space", "finding": "Errors of 7 % for the sun, 9 % for the wind." },
        { "kind": "COMPETITOR", "finding": "The neighbours' grid buys such a forecast." },
    ] });
    project.assess(&images, can, worth(noor, "HIGH", "With a range I would buy by it.")).await?;
    project.tell("CandidateSolution", "select", &images).await?;
    project.complete(&["ASSESSMENT"]).await?;
    let all = json!({ "title": "All parks and roofs, in the control room", "targetDate": ahead(100) });
    let all = project.add("Milestone", all).await?;
    let metric = json!({ "kind": "BUSINESS", "name": "Gas burnt for reserve", "unit": "MWh a month", "baseline": "4100", "target": "2700" });
    project.metric(&all, metric).await?;
    project.complete(&["MILESTONES"]).await?;
    let plan = json!({ "plannedAmount": { "amount": "14500.00", "currency": "EUR" } });
    let images = project.line("DATA", "Satellite images, every 15 minutes, for a year", plan).await?;
    for (month, amount) in [(2_u64, "1208.33"), (1, "1208.33")] {
        let entry = json!({
            "lineId": images, "amount": { "amount": amount, "currency": "EUR" }, "incurredAt": evening(30 * month - 25),
            "note": "A month of images",
        });
        act(project.who, "BudgetEntry", "create", None, entry).await?;
    }
    project.complete(&["BUDGET"]).await?;
    project.tell("Project", "start", &project.id).await.map(drop)
}

/// How it goes: the model is good, and the control room still buys by habit.
async fn carried_out(project: &Project<'_>, carl: &Caller, park: &str, lines: &Lines) -> Outcome {
    let lena = project.who;
    act(lena, "BudgetLine", "confirmSupport", Some(&lines.link), json!({ "note": "In May, with a range." })).await?;
    for (days, spent) in [(45, "12"), (12, "9.5")] {
        let entry = json!({ "lineId": lines.people, "quantity": spent, "incurredAt": evening(days) });
        act(lena, "BudgetEntry", "create", None, entry).await?;
    }
    let coach = carl.user().map(|id| id.to_string());
    project.add("ProjectMember", json!({ "userId": coach, "role": "OBSERVER" })).await?;
    let obstacle = json!({
        "projectId": project.id, "competencyId": competency("ml.error-analysis"),
        "note": "Nobody could say on which days the error is made, and why.",
    });
    act(lena, "Obstacle", "record", None, obstacle).await?;
    let says = json!({ "health": "AT_RISK", "note": "The dispatchers read the forecast, and still buy by habit." });
    act(lena, "Milestone", "updateHealth", Some(park), says).await.map(drop)
}
