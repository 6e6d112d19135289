//! Shared portfolios: what somebody without an account sees, and what nobody sees (§15).

use serde_json::{Value, json};

use super::{
    portfolio_entry::{entry, worth},
    stakeholder_confirmation::{ask, program},
};
use crate::harness::{Actor, Answer, Api, assert_snapshot, face::id, stories, stories_in_both_faces, world::nothing};

stories_in_both_faces!(a_portfolio_is_shared_and_taken_back, a_share_is_its_owners);
stories!(
    nothing_tells_a_hidden_entry_from_none,
    a_page_is_clean,
    a_chart_by_itself_has_its_style,
    guests_say_what_they_take,
    everybodys_page_shows_what_is_public,
    who_has_left_shows_nothing,
    what_a_stakeholder_keeps_to_themself_stays_so,
    programs_fetch_what_has_changed,
);

const KIND: &str = "PortfolioShare";

/// A share, and the path of what it shows.
pub async fn share(who: &Actor) -> (Value, String) {
    let made = who.create(KIND, json!({})).await.done();
    let token = made["token"].as_str().expect("the token").to_owned();
    (made, format!("//portfolios/{token}"))
}

/// The titles that a résumé shows.
fn titles(resume: &Answer) -> Vec<Value> {
    resume["projects"].as_array().expect("projects").iter().map(|project| project["name"].clone()).collect()
}

async fn a_portfolio_is_shared_and_taken_back(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let finished =
        |day: &str, visibility: &str| json!({ "visibility": visibility, "finishedAt": format!("{day}T00:00:00Z") });
    entry(&ada, "Secret", finished("2025-01-01", "PRIVATE")).await;
    entry(&ada, "Wind", finished("2025-02-01", "LINK")).await;
    entry(&ada, "Sun", finished("2025-03-01", "PUBLIC")).await;
    let (made, path) = share(&ada).await;
    assert_eq!((&made["open"], &made["ownerId"], &made["revokedAt"]), (&json!(true), &json!(ada.id), &json!(null)));
    assert!(made["token"].as_str().unwrap().starts_with("cairn_ps_"));
    assert_eq!(ada.see(KIND, &id(&made)).await.done()["token"], json!(null), "it is shown once");
    let guest = api.anyone();
    let resume = guest.get(&format!("{path}/resume.json")).await.fine();
    assert_eq!(titles(&resume), ["Sun", "Wind"]);
    assert_eq!(resume["basics"], json!({ "name": "ada" }), "nobody is told her address");
    let page = guest.get(&path).await.fine().text();
    assert!(page.contains("Sun") && page.contains("Wind") && !page.contains("Secret"));
    let chart = guest.get(&format!("{path}/progression.svg")).await.fine();
    assert!(chart.header("content-type").starts_with("image/svg+xml") && !chart.text().contains("Secret"));
    // Taken back, it is gone at once; again is no change.
    for _ in 0..2 {
        let revoked = ada.tell(KIND, "revoke", &id(&made)).await.done();
        assert_eq!((&revoked["open"], &revoked["version"]), (&json!(false), &json!(2)));
    }
    for form in ["", "/resume.json", "/progression.svg"] {
        assert_snapshot!(guest.get(&format!("{path}{form}")).await.problem(), @"404 NOT_FOUND");
    }
    // It ends when it was to end.
    let past = json!({ "expiresAt": "2020-01-01T00:00:00Z" });
    assert_snapshot!(ada.create(KIND, past).await.said(), @"EXPIRY_PAST /expiresAt");
    let until = json!({ "expiresAt": "2999-01-01T00:00:00Z", "label": "Windy Grid" });
    let made = ada.create(KIND, until).await.done();
    let path = format!("//portfolios/{}", made["token"].as_str().unwrap());
    guest.get(&path).await.fine();
    api.execute("UPDATE \"portfolio_share\" SET expires_at = created_at WHERE expires_at IS NOT NULL", Vec::new())
        .await;
    assert_snapshot!(guest.get(&path).await.problem(), @"404 NOT_FOUND");
    assert_eq!(ada.see(KIND, &id(&made)).await.done()["open"], false);
}

async fn a_share_is_its_owners(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let machine = acme.omnipotent().await;
    let (made, _) = share(&ada).await;
    ada.opens(&kim, &["portfolio:read", "portfolio:write"]).await;
    for who in [&kim, &root, &machine] {
        assert_snapshot!(who.see(KIND, &id(&made)).await.said(), @"NOT_FOUND");
        assert_snapshot!(who.tell(KIND, "revoke", &id(&made)).await.said(), @"NOT_FOUND");
        assert_eq!(who.list(KIND, &[]).await.items.len(), 0);
    }
    assert_snapshot!(machine.create(KIND, json!({})).await.said(), @"FORBIDDEN");
    let limited = ada.limited_to(&acme, &[entity::platform::client::Scope::PortfolioRead]);
    assert_snapshot!(limited.create(KIND, json!({})).await.said(), @"INSUFFICIENT_SCOPE");
}

/// The address of everybody's page.
async fn own_page(who: &Actor) -> String {
    let profile = who.list("CareerProfile", &[("userId", &who.id)]).await.ids().remove(0);
    format!("//portfolios/{profile}")
}

/// An answer without what names the request.
fn told(answer: &Answer) -> Value {
    let mut body = answer.json().clone();
    body.as_object_mut().expect("a problem").remove("requestId");
    json!([answer.status(), body, answer.header("content-type"), answer.header("cache-control")])
}

async fn nothing_tells_a_hidden_entry_from_none(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    for visibility in ["PRIVATE", "LINK"] {
        entry(&ada, "Wind", json!({ "visibility": visibility })).await;
    }
    let guest = api.anyone();
    let (hers, his) = (own_page(&ada).await, own_page(&ben).await);
    for form in ["", "/resume.json", "/progression.svg"] {
        let nobody = told(&guest.get(&format!("//portfolios/{}{form}", nothing("cpr"))).await);
        assert_eq!(nobody[0], 404);
        assert_eq!(told(&guest.get(&format!("{hers}{form}")).await), nobody);
        assert_eq!(told(&guest.get(&format!("{his}{form}")).await), nobody);
        for other in ["x".to_owned(), ada.id.clone(), "cairn_ps_x".to_owned(), nothing("pfs")] {
            assert_eq!(told(&guest.get(&format!("//portfolios/{other}{form}")).await), nobody, "{other}");
        }
    }
    // Of a share that shows nothing, neither page nor résumé tells whether there is something that it does not show.
    let secret = entry(&ben, "Secret", json!({})).await;
    let (_, path) = share(&ben).await;
    let page = async || {
        let page = guest.get(&path).await.fine().text();
        (page, guest.get(&format!("{path}/resume.json")).await.fine()["projects"].clone())
    };
    let before = page().await;
    assert_eq!(before.1, json!([]));
    ben.tell("PortfolioEntry", "delete", &secret).await.done();
    assert_eq!(page().await, before);
}

async fn a_page_is_clean(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let hostile = json!({
        "visibility": "LINK", "summary": "</main><script>alert(1)</script>\n<style>*{}</style>", "complexity": 3, "teamSize": 4,
        "resources": ["COMPUTE"], "finishedAt": "2025-03-01T00:00:00Z",
        "links": [{ "url": "https://example.org/?a=1&b='2'", "label": "<b>Code</b>" }],
    });
    entry(&ada, "\"><script>x</script>", hostile).await;
    let (_, path) = share(&ada).await;
    let page = api.anyone().get(&path).await.fine();
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
    assert!(policy.contains("form-action 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(
        [page.header("x-robots-tag"), page.header("referrer-policy"), page.header("x-content-type-options")],
        ["noindex", "no-referrer", "nosniff"]
    );
    assert!(page.header("set-cookie").is_empty());
    let text = page.text();
    assert!(text.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{text}");
    for never in ["<script", "javascript:", " style=\"", "<b>", "onload", "src=", "<?xml"] {
        assert!(!text.contains(never), "{never} in {text}");
    }
    assert!(text.contains("&lt;script&gt;alert(1)") && text.contains("https://example.org/?a=1&amp;b="));
    assert!(text.contains("Trusted with compute") && text.contains("<figure tabindex=\"0\""));
    // What the page shows it shows in light, in dark and on paper; and every style in it is let in by its hash.
    assert!(text.contains("prefers-color-scheme:dark") && text.contains("@media print"));
    let styles = hashes(&text);
    assert_eq!((styles.len(), policy.matches("'sha256-").count()), (2, 2));
    assert!(styles.iter().all(|hash| policy.contains(hash)), "{policy}");
    let chart = &text[text.find("<svg").unwrap()..text.find("</svg>").unwrap() + 6];
    roxmltree::Document::parse(chart).expect("a well-formed chart");
}

/// The hashes of all styles of a text, as a policy names them.
fn hashes(text: &str) -> Vec<String> {
    use base64::Engine as _;
    let styles = text.split("<style>").skip(1).map(|rest| rest.split("</style>").next().unwrap());
    let hash = |style: &str| aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, style.as_bytes());
    let hashes = styles.map(|style| base64::engine::general_purpose::STANDARD.encode(hash(style)));
    hashes.map(|hash| format!("'sha256-{hash}'")).collect()
}

async fn a_chart_by_itself_has_its_style(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    entry(&ada, "Wind", json!({ "visibility": "LINK" })).await;
    let (_, path) = share(&ada).await;
    let chart = format!("{path}/progression.svg");
    for (who, path) in [(api.anyone(), chart.as_str()), (ada.with("accept", "image/svg+xml"), "/portfolio-progression")]
    {
        let drawn = who.get(path).await.fine();
        let [hash] = hashes(&drawn.text()).try_into().expect("one style");
        let policy = format!("default-src 'none'; style-src {hash}; frame-ancestors 'none'");
        assert_eq!(drawn.header("content-security-policy"), policy, "{path}");
        // Who knows it is told the same of what they keep.
        let known = who.with("if-none-match", drawn.header("etag")).get(path).await;
        assert_eq!((known.status(), known.header("content-security-policy")), (304, policy.as_str()), "{path}");
    }
    // What is no chart lets nothing in.
    let csv = ada.with("accept", "text/csv").get("/portfolio-progression").await.fine();
    assert_eq!(csv.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
}

async fn guests_say_what_they_take(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    entry(&ada, "Wind", json!({ "visibility": "LINK" })).await;
    let (_, path) = share(&ada).await;
    for form in ["", "/resume.json", "/progression.svg"] {
        for path in [format!("{path}{form}"), format!("//portfolios/nothing{form}")] {
            let picky = api.anyone().with("accept", "application/xml");
            assert_eq!(picky.get(&path).await.problem(), "406 NOT_ACCEPTABLE", "{path}");
        }
        for accept in ["text/html,application/xhtml+xml,*/*;q=0.8", "*/*"] {
            api.anyone().with("accept", accept).get(&format!("{path}{form}")).await.fine();
        }
    }
    // A page of another origin may ask again with what it knows, and reads by which name it knows it.
    let asks = api.anyone().with("origin", "https://site.example").with("access-control-request-method", "GET");
    let asks = asks.with("access-control-request-headers", "if-none-match");
    for form in ["/resume.json", "/progression.svg"] {
        let path = format!("{path}{form}");
        let may = asks.send(asks.request(reqwest::Method::OPTIONS, &path)).await;
        assert_eq!(
            ["access-control-allow-origin", "access-control-allow-methods", "access-control-allow-headers"]
                .map(|name| may.header(name)),
            ["*", "GET, HEAD", "If-None-Match"]
        );
        assert_eq!((may.status(), may.body().len()), (204, 0));
        assert_eq!(api.anyone().get(&path).await.header("access-control-expose-headers"), "ETag");
    }
}

async fn everybodys_page_shows_what_is_public(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let profile = ada.list("CareerProfile", &[("userId", &ada.id)]).await.ids().remove(0);
    ada.update("CareerProfile", &profile, json!({ "headline": "Forecaster", "currentRole": "Analyst" })).await.done();
    let sun = entry(&ada, "Sun", json!({ "visibility": "PUBLIC" })).await;
    entry(&ada, "Wind", json!({ "visibility": "LINK" })).await;
    let (guest, path) = (api.anyone(), own_page(&ada).await);
    let page = guest.get(&path).await.fine();
    assert_eq!(page.header("x-robots-tag"), "", "who publishes wants to be found");
    assert!(page.text().contains("Sun") && page.text().contains("Forecaster"));
    assert!(!page.text().contains("Wind") && !page.text().contains("Analyst"));
    let resume = guest.get(&format!("{path}/resume.json")).await.fine();
    assert_eq!(titles(&resume), ["Sun"]);
    assert_eq!(resume["meta"]["canonical"], json!(format!("{}{}/resume.json", api.url, &path[1..])));
    ada.update("PortfolioEntry", &sun, json!({ "visibility": "LINK" })).await.done();
    assert_eq!(guest.get(&path).await.problem(), "404 NOT_FOUND");
}

async fn who_has_left_shows_nothing(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    entry(&ada, "Sun", json!({ "visibility": "PUBLIC" })).await;
    let ((_, shared), own) = (share(&ada).await, own_page(&ada).await);
    let guest = api.anyone();
    for path in [&shared, &own] {
        guest.get(path).await.fine();
    }
    root.tell("User", "delete", &ada.id).await.done();
    for path in [&shared, &own] {
        assert_eq!(guest.get(path).await.problem(), "404 NOT_FOUND");
    }
}

async fn what_a_stakeholder_keeps_to_themself_stays_so(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let wind = entry(&ada, "Wind", json!({ "visibility": "LINK" })).await;
    let says = async |quotable: bool, name: &str| {
        let (_, link) = ask(&ada, &wind).await;
        let says = json!({
            "verdict": "CONFIRM", "name": name, "role": "Dispatcher", "statement": format!("{name} says so."),
            "quotable": quotable,
        });
        program(&api).post(&link, says).await.fine();
    };
    says(true, "Noor").await;
    says(false, "Olu").await;
    worth(&ada, &wind).await;
    let run =
        json!({ "entryId": wind, "kind": "PART_OF_JOB", "note": "It runs.", "url": "https://example.org/run?a=1" });
    ada.act("PortfolioEvidence", "record", None, run).await.done();
    let (_, path) = share(&ada).await;
    let markdown = ada.with("accept", "text/markdown").get("/export-portfolio").await.fine().text();
    assert!(markdown.contains("To be seen at https\\://example.org/run?a=1"), "{markdown}");
    for form in ["", "/resume.json"] {
        let text = api.anyone().get(&format!("{path}{form}")).await.fine().text();
        assert!(text.contains("Noor, Dispatcher") && text.contains("Noor says so."), "{text}");
        assert!(!text.contains("Olu"), "{text}");
        assert_eq!(text.matches("Confirmed by a stakeholder").count(), 2);
        assert!(text.contains("They run it every morning."));
        assert!(text.contains("https://example.org/run?a=1"), "where it is to be seen: {text}");
    }
    // Whom she opened her portfolio to reads it, as she does.
    assert_eq!(ada.list("StakeholderConfirmation", &[]).await.each("answeredBy"), ["Noor", "Olu"]);
}

async fn programs_fetch_what_has_changed(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let wind = entry(&ada, "Wind", json!({ "visibility": "LINK" })).await;
    let (_, path) = share(&ada).await;
    let resume = format!("{path}/resume.json");
    let first = api.anyone().get(&resume).await.fine();
    assert_eq!(
        [first.header("content-type"), first.header("access-control-allow-origin"), first.header("cache-control")],
        ["application/json", "*", "private, no-cache"]
    );
    let knows = api.anyone().with("if-none-match", first.header("etag"));
    assert_eq!(knows.get(&resume).await.status(), 304);
    ada.update("PortfolioEntry", &wind, json!({ "title": "Storm" })).await.done();
    let again = knows.get(&resume).await;
    assert_eq!((again.status(), titles(&again)), (200, vec![json!("Storm")]));
    // Whoever asks for the head alone gets it, and whoever posts is told what is offered.
    let head = api.anyone().send(api.anyone().request(reqwest::Method::HEAD, &path)).await;
    assert_eq!((head.status(), head.body().len()), (200, 0));
    let post = api.anyone().post(&path, json!({})).await;
    assert_eq!((post.problem().as_str(), post.header("allow")), ("405 METHOD_NOT_ALLOWED", "GET, HEAD"));
}
