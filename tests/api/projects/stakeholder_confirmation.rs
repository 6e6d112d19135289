//! Stakeholders: asked by a signed link, which needs no account and opens nothing else (§15).

use reqwest::Method;
use serde_json::{Value, json};

use super::portfolio_entry::entry;
use crate::harness::{Actor, Answer, Api, assert_snapshot, face::id, stories, stories_in_both_faces};

stories_in_both_faces!(a_stakeholder_confirms, a_question_is_taken_back);
stories!(
    a_page_asks_and_a_form_answers,
    a_link_opens_one_question_and_nothing_else,
    what_is_no_answer_is_refused,
    two_answers_at_once_are_one,
    who_has_left_is_not_asked_about,
    a_refused_form_comes_back_as_it_was,
    every_refusal_is_a_page_to_people,
    guests_have_a_budget,
    every_instance_knows_the_link,
);

const KIND: &str = "StakeholderConfirmation";

/// Asks, and gives the question and the path of its link.
pub async fn ask(who: &Actor, entry: &str) -> (Value, String) {
    let asks = json!({ "entryId": entry, "stakeholder": "Noor <noor>", "message": "Was it\nany use?" });
    let made = who.act(KIND, "request", None, asks).await.done();
    let link = made["link"].as_str().expect("the link").to_owned();
    let path = link.strip_prefix(&who.api.url).expect("an address of ours").to_owned();
    (made, format!("/{path}"))
}

/// Somebody without an account, who speaks JSON.
pub fn program(api: &Api) -> Actor {
    api.anyone().with("accept", "application/json")
}

async fn a_stakeholder_confirms(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let wind = entry(&ada, "Wind", json!({ "summary": "Forecasts." })).await;
    assert_snapshot!(ada.update("PortfolioEntry", &wind, json!({ "stage": "VALUE_CREATION" })).await.said(), @"STAGE_EVIDENCE_MISSING /stage");
    let (asked, link) = ask(&ada, &wind).await;
    assert_eq!((&asked["status"], &asked["open"]), (&json!("REQUESTED"), &json!(true)));
    let guest = program(&api);
    let question = guest.get(&link).await.fine();
    assert_eq!(
        ["owner", "stakeholder", "title", "summary", "message", "status"].map(|name| question[name].clone()),
        ["ada", "Noor <noor>", "Wind", "Forecasts.", "Was it\nany use?", "REQUESTED"].map(Value::from)
    );
    assert_eq!((&question["expiresAt"], &question["answeredAt"]), (&asked["expiresAt"], &json!(null)));
    let says = json!({
        "verdict": "CONFIRM", "name": "Noor", "role": "Dispatcher, Windy Grid", "statement": "We buy less reserve.",
        "quotable": true,
    });
    let answered = guest.post(&link, says.clone()).await.fine();
    assert_eq!(answered["status"], "CONFIRMED");
    // Yes is evidence, and the stage may be said.
    let seen = ada.see("PortfolioEntry", &wind).await.done();
    assert_eq!((&seen["suggestedStage"], &seen["stage"]), (&json!("VALUE_CREATION"), &json!("PERSONAL_PROJECT")));
    ada.update("PortfolioEntry", &wind, json!({ "stage": "VALUE_CREATION" })).await.done();
    let shown = ada.list("PortfolioEvidence", &[("entryId", &wind)]).await.items;
    assert_eq!(
        (shown.len(), &shown[0]["kind"], &shown[0]["note"], &shown[0]["confirmationId"]),
        (1, &json!("STAKEHOLDER_CONFIRMATION"), &json!("We buy less reserve."), &asked["id"])
    );
    let after = ada.see(KIND, &id(&asked)).await.done();
    assert_eq!(
        ["status", "answeredBy", "answeredAs", "statement"].map(|name| after[name].clone()),
        ["CONFIRMED", "Noor", "Dispatcher, Windy Grid", "We buy less reserve."].map(Value::from)
    );
    assert_eq!((&after["quotable"], &after["open"]), (&json!(true), &json!(false)));
    // Nobody answers twice, and what was answered is not taken back.
    let again = guest.post(&link, json!({ "verdict": "DECLINE" })).await;
    assert_snapshot!(again.problem(), @"409 CONFIRMATION_ANSWERED");
    assert_eq!(again["details"]["status"], "CONFIRMED");
    let refused = ada.tell(KIND, "withdraw", &id(&asked)).await;
    assert_snapshot!(refused.said(), @"INVALID_TRANSITION");
    assert_snapshot!(refused.details, @r#"{"allowed":[],"command":"withdraw","from":"CONFIRMED"}"#);
    assert_eq!(ada.list("PortfolioEvidence", &[]).await.items.len(), 1);
    let events = ada.list("Event", &[("subjectId", &id(&asked)), ("sort", "seq")]).await.items;
    let said: Vec<_> = events.iter().map(|one| (&one["type"], &one["actorKind"])).collect();
    assert_eq!(
        said,
        [
            (&json!("stakeholder_confirmation.requested"), &json!("USER")),
            (&json!("stakeholder_confirmation.confirmed"), &json!("SYSTEM")),
        ]
    );
    assert_eq!(events[1]["actorId"], json!(null), "a guest is nobody here");
}

async fn a_question_is_taken_back(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let wind = entry(&ada, "Wind", json!({})).await;
    let guest = program(&api);
    let ((asked, link), (_, other)) = (ask(&ada, &wind).await, ask(&ada, &wind).await);
    let withdrawn = ada.tell(KIND, "withdraw", &id(&asked)).await.done();
    assert_eq!((&withdrawn["status"], &withdrawn["open"]), (&json!("WITHDRAWN"), &json!(false)));
    assert_snapshot!(guest.get(&link).await.problem(), @"404 NOT_FOUND");
    assert_snapshot!(guest.post(&link, json!({ "verdict": "CONFIRM" })).await.problem(), @"404 NOT_FOUND");
    // No is an answer, and no evidence.
    assert_eq!(guest.post(&other, json!({ "verdict": "DECLINE" })).await.fine()["status"], "DECLINED");
    assert_eq!(ada.list("PortfolioEvidence", &[]).await.items.len(), 0);
    // A link works for as long as its owner says, at most as long as keys are kept.
    for days in [0, 31] {
        let asks = json!({ "entryId": wind, "stakeholder": "Noor", "validDays": days });
        assert_snapshot!(ada.act(KIND, "request", None, asks).await.said(), @"VALIDATION_FAILED /validDays");
    }
    let (late, link) = ask(&ada, &wind).await;
    api.execute(
        "UPDATE \"stakeholder_confirmation\" SET expires_at = created_at WHERE status = 'REQUESTED'",
        Vec::new(),
    )
    .await;
    assert_snapshot!(guest.get(&link).await.problem(), @"404 NOT_FOUND");
    assert_eq!(ada.see(KIND, &id(&late)).await.done()["open"], false);
    // What it is about is gone.
    let (_, link) = ask(&ada, &wind).await;
    guest.get(&link).await.fine();
    ada.tell("PortfolioEntry", "delete", &wind).await.done();
    assert_snapshot!(guest.post(&link, json!({ "verdict": "CONFIRM" })).await.problem(), @"404 NOT_FOUND");
}

async fn a_page_asks_and_a_form_answers(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let wind = entry(&ada, "<script>alert(1)</script>", json!({ "summary": "\"><img src=x>" })).await;
    let (_, link) = ask(&ada, &wind).await;
    let browser = api.anyone().with("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    let page = browser.get(&link).await;
    assert_eq!((page.status(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    let policy = page.header("content-security-policy").to_owned();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-") && policy.contains("form-action 'self'"),
        "{policy}"
    );
    assert_eq!((page.header("x-robots-tag"), page.header("referrer-policy")), ("noindex", "no-referrer"));
    assert!(page.header("cache-control").contains("no-cache"));
    let text = page.text();
    for shown in ["&lt;script&gt;alert(1)", "&quot;&gt;&lt;img", "ada asks Noor &lt;noor&gt;", "<form method=\"post\""]
    {
        assert!(text.contains(shown), "{shown} in {text}");
    }
    assert!(!text.contains("<script") && !text.contains("<img") && !text.contains("http-equiv"));
    // A form with something missing comes back.
    let empty = browser.form(&link, &[("statement", "x")]).await;
    assert_eq!((empty.status(), empty.header("content-type")), (422, "text/html; charset=utf-8"));
    let long = "x".repeat(2001);
    let said = browser.form(&link, &[("verdict", "CONFIRM"), ("statement", &long)]).await;
    assert_eq!(said.status(), 422);
    assert!(said.text().contains("role=\"alert\"") && said.text().contains("<form"));
    let fields = [("verdict", "CONFIRM"), ("statement", "It saved us\r\nmoney."), ("name", ""), ("role", " ")];
    let thanks = browser.form(&link, &fields).await;
    assert_eq!(thanks.status(), 200);
    assert!(thanks.text().contains("Thank you") && !thanks.text().contains("<form"));
    let after = ada.list(KIND, &[]).await.items.remove(0);
    assert_eq!(
        (&after["statement"], &after["answeredBy"], &after["answeredAs"], &after["quotable"]),
        (&json!("It saved us\nmoney."), &json!("Noor <noor>"), &json!(null), &json!(false))
    );
    // Who comes back is thanked, and does not answer again.
    assert!(browser.get(&link).await.text().contains("Thank you"));
    let again = browser.form(&link, &[("verdict", "DECLINE")]).await;
    assert_eq!(again.status(), 409);
    assert!(again.text().contains("answered already") && !again.text().contains("<form"));
}

async fn a_link_opens_one_question_and_nothing_else(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let wind = entry(&ada, "Wind", json!({})).await;
    let (_, link) = ask(&ada, &wind).await;
    let guest = program(&api);
    let token = link.rsplit('/').next().unwrap().to_owned();
    // It is no access token, and no access token is a link.
    assert_snapshot!(api.anyone().bearing(&token).get("/portfolio-entries").await.problem(), @"401 UNAUTHENTICATED");
    let access = ada.token.clone().unwrap();
    let last = if token.ends_with('A') { 'B' } else { 'A' };
    let mut forged = token.clone();
    forged.pop();
    forged.push(last);
    let short = token[..token.len() - 10].to_owned();
    let unknown = "cairn_ps_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
    let said = |answer: &Answer| (answer.problem(), answer["detail"].clone());
    let nothing = said(&guest.get("//nowhere").await);
    for wrong in [access, forged, short.clone(), unknown, "x".to_owned(), "x".repeat(9000)] {
        let path = format!("//confirmations/{wrong}");
        assert_eq!(said(&guest.get(&path).await), nothing, "{wrong}");
        assert_eq!(said(&guest.post(&path, json!({ "verdict": "CONFIRM" })).await), nothing, "{wrong}");
        // Neither is one told what is wrong with an answer that one may not give.
        assert_eq!(said(&guest.post(&path, json!({ "x": 1 })).await), nothing, "{wrong}");
    }
    assert_eq!(said(&api.anyone().get(&format!("//portfolios/{token}")).await), nothing);
    // People are told so on a page.
    let browser = api.anyone().with("accept", "text/html,*/*;q=0.8");
    for path in [format!("//confirmations/{short}"), format!("//portfolios/{token}")] {
        let page = browser.get(&path).await;
        assert_eq!((page.status(), page.header("content-type")), (404, "text/html; charset=utf-8"));
        assert!(page.text().contains("Nothing here") && page.header("content-security-policy").contains("'none'"));
    }
    guest.get(&link).await.fine();
}

async fn what_is_no_answer_is_refused(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let wind = entry(&ada, "Wind", json!({})).await;
    let (_, link) = ask(&ada, &wind).await;
    let guest = program(&api);
    for (body, said) in [
        (json!({}), "400 BAD_INPUT /verdict"),
        (json!({ "verdict": "MAYBE" }), "400 BAD_INPUT /verdict"),
        (json!({ "verdict": "CONFIRM", "x": 1 }), "400 BAD_INPUT /x"),
        (json!({ "verdict": "CONFIRM", "name": "" }), "422 VALIDATION_FAILED /name"),
        (json!({ "verdict": "CONFIRM", "statement": "x".repeat(2001) }), "422 VALIDATION_FAILED /statement"),
    ] {
        assert_eq!(guest.post(&link, body).await.problem(), said);
    }
    let send = async |media_type: &str, body: String| {
        let request = guest.request(Method::POST, &link).header("content-type", media_type).body(body);
        guest.send(request).await.problem()
    };
    assert_eq!(send("text/plain", "yes".to_owned()).await, "415 UNSUPPORTED_MEDIA_TYPE");
    assert_eq!(send("application/json", "{".to_owned()).await, "400 BAD_INPUT");
    assert_eq!(send("application/json", format!("\"{}\"", "x".repeat(70_000))).await, "413 TOO_LARGE");
    let deleted = guest.delete(&link).await;
    assert_eq!(
        (deleted.problem().as_str(), deleted.header("allow").contains("POST")),
        ("405 METHOD_NOT_ALLOWED", true)
    );
    let picky = api.anyone().with("accept", "image/png");
    assert_eq!(picky.get(&link).await.problem(), "406 NOT_ACCEPTABLE");
    // Nothing of it has happened.
    assert_eq!(guest.get(&link).await.fine()["status"], "REQUESTED");
}

async fn two_answers_at_once_are_one(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let wind = entry(&ada, "Wind", json!({})).await;
    let (_, link) = ask(&ada, &wind).await;
    let guest = program(&api);
    let says = || guest.post(&link, json!({ "verdict": "CONFIRM" }));
    let (a, b, c) = tokio::join!(says(), says(), says());
    let mut said = [a, b, c].map(|answer| answer.status());
    said.sort_unstable();
    assert_eq!(said, [200, 409, 409]);
    assert_eq!(ada.list("PortfolioEvidence", &[]).await.items.len(), 1);
}

async fn who_has_left_is_not_asked_about(api: Api) {
    let (acme, beta) = (api.organization("Acme").await, api.organization("Beta").await);
    let ada = acme.learner("ada").await;
    let there = beta.join("ada", ada.user(), &[entity::platform::membership::Role::Learner]).await;
    let (wind, tides) = (entry(&ada, "Wind", json!({})).await, entry(&there, "Tides", json!({})).await);
    let ((_, here), (_, elsewhere)) = (ask(&ada, &wind).await, ask(&there, &tides).await);
    let guest = program(&api);
    let place = || vec![acme.row.id.into(), ada.user().into()];
    let leave = "UPDATE membership SET deleted_at = created_at WHERE organization_id = $1 AND user_id = $2";
    api.execute(leave, place()).await;
    // She is still somebody, and still of the other organization: here nobody is asked about her any more.
    assert_snapshot!(guest.get(&here).await.problem(), @"404 NOT_FOUND");
    assert_snapshot!(guest.post(&here, json!({ "verdict": "CONFIRM" })).await.problem(), @"404 NOT_FOUND");
    guest.get(&elsewhere).await.fine();
    api.execute("UPDATE membership SET deleted_at = NULL WHERE organization_id = $1 AND user_id = $2", place()).await;
    guest.get(&here).await.fine();
    // The same when the organization is gone.
    api.execute("UPDATE organization SET deleted_at = created_at WHERE name = 'Beta'", Vec::new()).await;
    assert_snapshot!(guest.get(&elsewhere).await.problem(), @"404 NOT_FOUND");
    assert_snapshot!(guest.post(&elsewhere, json!({ "verdict": "CONFIRM" })).await.problem(), @"404 NOT_FOUND");
    api.execute("UPDATE organization SET deleted_at = NULL", Vec::new()).await;
    assert_eq!(guest.get(&elsewhere).await.fine()["status"], "REQUESTED", "nothing of it has happened");
}

async fn a_refused_form_comes_back_as_it_was(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let wind = entry(&ada, "Wind", json!({})).await;
    let (_, link) = ask(&ada, &wind).await;
    let browser = api.anyone().with("accept", "text/html,*/*;q=0.8");
    let written = [
        ("statement", "It <b>saved</b> us\r\nmoney."),
        ("name", "\"Noor\""),
        ("role", "Dispatcher"),
        ("quotable", "true"),
    ];
    let back = browser.form(&link, &written).await;
    assert_eq!(back.status(), 422);
    let text = back.text();
    for kept in [
        "Choose yes or no.",
        "It &lt;b&gt;saved&lt;/b&gt; us\nmoney.</textarea>",
        "value=\"&quot;Noor&quot;\"",
        "value=\"Dispatcher\"",
        "value=\"true\" checked",
    ] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
    assert!(!text.contains("is missing"), "{text}");
    // The most that may be said fits, in letters of which each is nine in a form.
    let most = "風".repeat(2000);
    let thanks = browser.form(&link, &[("verdict", "CONFIRM"), ("statement", &most)]).await;
    assert_eq!(thanks.status(), 200, "{}", thanks.text());
    assert_eq!(ada.list(KIND, &[]).await.items[0]["statement"], json!(most));
}

async fn every_refusal_is_a_page_to_people(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let wind = entry(&ada, "Wind", json!({})).await;
    let (_, link) = ask(&ada, &wind).await;
    let browser = api.anyone().with("accept", "text/html,*/*;q=0.8");
    let page = |answer: &Answer, status: u16| {
        assert_eq!((answer.status(), answer.header("content-type")), (status, "text/html; charset=utf-8"));
        assert!(answer.text().contains("<h1>") && answer.header("content-security-policy").contains("style-src"));
    };
    page(&browser.form(&link, &[("verdict", "CONFIRM"), ("statement", &"x".repeat(30_000))]).await, 413);
    let request = browser.request(Method::POST, &link).header("content-type", "text/plain").body("yes");
    page(&browser.send(request).await, 415);
    let strict = api.another(&[("CAIRN_RATE_LIMIT", "10")]).await;
    let hasty = strict.anyone().with("accept", "text/html,*/*;q=0.8");
    hasty.get(&link).await.fine();
    let refused = hasty.get(&link).await;
    page(&refused, 429);
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| (1..=60).contains(&seconds)));
    // The same without a word of HTML, to who does not ask for it.
    assert_eq!(program(&strict).get(&link).await.problem(), "429 RATE_LIMITED");
}

async fn guests_have_a_budget(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let wind = entry(&ada, "Wind", json!({})).await;
    let (_, link) = ask(&ada, &wind).await;
    let strict = api.another(&[("CAIRN_RATE_LIMIT", "20")]).await;
    let guest = program(&strict);
    for left in ["r=10", "r=0"] {
        let seen = guest.get(&link).await.fine();
        assert!(seen.header("ratelimit").contains(left), "{}", seen.header("ratelimit"));
    }
    let refused = guest.get(&link).await;
    assert_eq!(refused.problem(), "429 RATE_LIMITED");
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| (1..=60).contains(&seconds)));
    // It is theirs alone: who has an account is not slowed down by them.
    ada.calling(&strict).get("/me").await.fine();
}

async fn every_instance_knows_the_link(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let wind = entry(&ada, "Wind", json!({})).await;
    let (_, link) = ask(&ada, &wind).await;
    let other = api.another(&[]).await;
    assert_eq!(program(&other).post(&link, json!({ "verdict": "CONFIRM" })).await.fine()["status"], "CONFIRMED");
}
