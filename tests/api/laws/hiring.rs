//! Referrals, interviews, offers, feedback and help in the world of the laws: one of everything, and a tour of every verb.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::writes::Tour;
use crate::harness::{Actor, face::id};

/// One of everything around the application that is there.
pub async fn one_of_each(ada: &Actor, one: &mut BTreeMap<&'static str, String>) {
    let application = one["Application"].clone();
    let asks = json!({ "applicationId": application, "referrerContactId": one["Contact"], "note": "Would you?" });
    one.insert("Referral", ada.act("Referral", "request", None, asks).await.id());
    let held = json!({
        "applicationId": application, "type": "TECHNICAL", "scheduledAt": "2026-03-10T09:00:00Z",
        "interviewers": [{ "name": "Noor", "contactId": one["Contact"] }], "prep": { "topics": ["SQL"] },
        "externalRefs": [{ "source": "mail", "externalId": "i1" }],
    });
    let interview = ada.act("Interview", "schedule", None, held).await.id();
    ada.tell("Interview", "hold", &interview).await.done();
    let card = json!({ "interviewId": interview, "ratings": [{ "competencyId": one["Competency"], "rating": 2 }] });
    one.insert("SelfScorecard", ada.create("SelfScorecard", card).await.id());
    one.insert("Interview", interview);
    let offer = json!({
        "applicationId": application, "base": { "amount": "65000", "currency": "EUR" },
        "bonus": { "amount": "5000", "currency": "EUR" }, "equity": { "amount": "1000", "currency": "EUR" },
        "teammatesMet": [{ "name": "Noor", "contactId": one["Contact"] }], "respondBy": "2999-01-01T00:00:00Z",
    });
    let offer = ada.create("Offer", offer).await.id();
    one.insert("OfferVersion", ada.list("OfferVersion", &[("offerId", &offer)]).await.ids().remove(0));
    one.insert("Offer", offer);
    let asks = json!({ "applicationId": application, "source": "HR", "contactId": one["Contact"] });
    let asked = ada.create("FeedbackRequest", asks).await.id();
    let said = json!({
        "requestId": asked, "text": "More SQL.", "themes": [{ "competencyId": one["Competency"], "polarity": "NEGATIVE" }],
    });
    one.insert("Feedback", ada.act("Feedback", "record", None, said).await.id());
    one.insert("FeedbackRequest", asked);
    let community = ada.create("Community", json!({ "name": "Rust Vienna", "kind": "MEETUP" })).await.id();
    let help = json!({ "communityId": community, "kind": "ADVICE", "question": "How?", "applicationId": application });
    one.insert("HelpRequest", ada.create("HelpRequest", help).await.id());
    one.insert("Community", community);
}

/// An application of the tour, with its search.
async fn apply(ada: &Actor, company: &str) -> (String, String) {
    let search = ada.create("JobSearch", json!({ "title": "Tour of hiring" })).await.id();
    let posting = ada.create("JobPosting", json!({ "companyId": company, "title": "Analyst" })).await.id();
    let applies = json!({ "jobSearchId": search, "postingId": posting, "appliedAt": "2026-03-01T10:00:00Z" });
    (search, ada.create("Application", applies).await.id())
}

/// Every verb.
pub(super) async fn tour(tour: &mut Tour<'_>) {
    referrals(tour).await;
    interviews(tour).await;
    offers(tour).await;
    feedback(tour).await;
    help(tour).await;
}

async fn both_ways(tour: &mut Tour<'_>, name: &str, id: &str) {
    let ada = &tour.world.ada;
    for verb in ["delete", "restore"] {
        tour.go(ada, name, verb, Some(id), json!({})).await;
    }
}

async fn referrals(tour: &mut Tour<'_>) {
    let (ada, kim, one) = (&tour.world.ada, &tour.world.kim, &tour.world.one);
    let (_, application) = apply(ada, &one["Company"]).await;
    let olu = json!({ "name": "Olu", "companyId": one["Company"] });
    let olu = ada.create("Contact", olu).await.id();
    let asks = json!({ "applicationId": application, "referrerContactId": olu });
    let asked = id(&tour.go(ada, "Referral", "request", None, asks.clone()).await);
    tour.go(ada, "Referral", "update", Some(&asked), json!({ "note": "Please." })).await;
    both_ways(tour, "Referral", &asked).await;
    tour.go(ada, "Referral", "withdraw", Some(&asked), json!({})).await;
    let asked = id(&tour.go(ada, "Referral", "request", None, asks.clone()).await);
    tour.go(ada, "Referral", "decline", Some(&asked), json!({})).await;
    // Whoever is a user here speaks for themself.
    let kims =
        ada.create("Contact", json!({ "name": "Kim", "userId": kim.id, "companyId": one["Company"] })).await.id();
    let asks = json!({ "applicationId": application, "referrerContactId": kims });
    let asked = id(&tour.go(ada, "Referral", "request", None, asks).await);
    for verb in ["consent", "withdrawConsent", "accept", "submit"] {
        tour.go(kim, "Referral", verb, Some(&asked), json!({})).await;
    }
}

async fn interviews(tour: &mut Tour<'_>) {
    let (ada, one) = (&tour.world.ada, &tour.world.one);
    let (_, application) = apply(ada, &one["Company"]).await;
    let new = |kind: &str| json!({ "applicationId": application, "type": kind, "scheduledAt": "2026-03-10T09:00:00Z" });
    let interview = id(&tour.go(ada, "Interview", "schedule", None, new("TECHNICAL")).await);
    tour.go(ada, "Interview", "update", Some(&interview), json!({ "location": "Vienna" })).await;
    let later = json!({ "scheduledAt": "2026-03-11T09:00:00Z", "reason": "They are ill." });
    tour.go(ada, "Interview", "reschedule", Some(&interview), later).await;
    both_ways(tour, "Interview", &interview).await;
    tour.go(ada, "Interview", "hold", Some(&interview), json!({})).await;
    let card = json!({ "interviewId": interview, "ratings": [{ "competencyId": one["Competency"], "rating": 1 }] });
    let card = id(&tour.go(ada, "SelfScorecard", "create", None, card).await);
    tour.go(ada, "SelfScorecard", "update", Some(&card), json!({ "improve": "Joins." })).await;
    both_ways(tour, "SelfScorecard", &card).await;
    tour.go(ada, "Interview", "recordResult", Some(&interview), json!({ "result": "NOT_PASSED" })).await;
    tour.go(ada, "Interview", "raiseNeeds", Some(&interview), json!({})).await;
    for verb in ["cancel", "miss"] {
        let other = ada.act("Interview", "schedule", None, new("PANEL")).await.id();
        tour.go(ada, "Interview", verb, Some(&other), json!({})).await;
    }
}

async fn offers(tour: &mut Tour<'_>) {
    let (ada, one) = (&tour.world.ada, &tour.world.one);
    let (_, application) = apply(ada, &one["Company"]).await;
    let new = |application: &str| json!({ "applicationId": application });
    let offer = id(&tour.go(ada, "Offer", "create", None, new(&application)).await);
    tour.go(ada, "Offer", "update", Some(&offer), json!({ "location": "Vienna" })).await;
    tour.go(ada, "Offer", "negotiate", Some(&offer), json!({ "base": { "amount": "70000", "currency": "EUR" } })).await;
    tour.go(ada, "Offer", "requestTeammateConversation", Some(&offer), json!({ "teamDisclosure": "REFUSED" })).await;
    both_ways(tour, "Offer", &offer).await;
    tour.go(ada, "Offer", "rescind", Some(&offer), json!({})).await;
    let offer = ada.create("Offer", new(&application)).await.id();
    tour.go(ada, "Offer", "decline", Some(&offer), json!({})).await;
    let (_, application) = apply(ada, &one["Company"]).await;
    let offer = ada.create("Offer", new(&application)).await.done();
    let yes = json!({ "version": offer["version"], "declineOthers": true });
    tour.go(ada, "Offer", "accept", Some(&id(&offer)), yes).await;
}

async fn feedback(tour: &mut Tour<'_>) {
    let (ada, one) = (&tour.world.ada, &tour.world.one);
    let (search, application) = apply(ada, &one["Company"]).await;
    let asks = json!({ "applicationId": application, "source": "INTERVIEWER" });
    let asked = id(&tour.go(ada, "FeedbackRequest", "create", None, asks).await);
    tour.go(ada, "FeedbackRequest", "update", Some(&asked), json!({ "message": "What was missing?" })).await;
    for verb in ["refuse", "reopen", "giveUp"] {
        tour.go(ada, "FeedbackRequest", verb, Some(&asked), json!({})).await;
    }
    both_ways(tour, "FeedbackRequest", &asked).await;
    let missing: Value = json!([{ "competencyId": one["Competency"], "polarity": "NEGATIVE" }]);
    let said = json!({ "requestId": asked, "text": "SQL", "themes": missing });
    let said = id(&tour.go(ada, "Feedback", "record", None, said).await);
    tour.go(ada, "Feedback", "update", Some(&said), json!({ "text": "More SQL" })).await;
    both_ways(tour, "Feedback", &said).await;
    tour.go(ada, "LearningNeed", "raiseFromRejections", None, json!({ "jobSearchId": search })).await;
}

async fn help(tour: &mut Tour<'_>) {
    let (ada, one) = (&tour.world.ada, &tour.world.one);
    let community = json!({ "name": "PyData", "kind": "MEETUP" });
    let community = id(&tour.go(ada, "Community", "create", None, community).await);
    tour.go(ada, "Community", "update", Some(&community), json!({ "url": "https://pydata.example" })).await;
    both_ways(tour, "Community", &community).await;
    let asks = json!({ "contactId": one["Contact"], "kind": "MOCK_INTERVIEW", "question": "An hour?" });
    let asked = id(&tour.go(ada, "HelpRequest", "create", None, asks).await);
    tour.go(ada, "HelpRequest", "update", Some(&asked), json!({ "expiresAt": null })).await;
    tour.go(ada, "HelpRequest", "decline", Some(&asked), json!({})).await;
    tour.go(ada, "HelpRequest", "reopen", Some(&asked), json!({})).await;
    tour.go(ada, "HelpRequest", "answer", Some(&asked), json!({ "answer": "Gladly." })).await;
    both_ways(tour, "HelpRequest", &asked).await;
}
