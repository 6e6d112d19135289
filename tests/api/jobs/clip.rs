//! Clipping a posting: what a page says in the words of schema.org, however it says it (§21).

use serde_json::{Value, json};

use crate::harness::{Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(a_page_becomes_a_posting, what_a_page_may_be, whose_posting_it_is);

const KIND: &str = "JobPosting";

fn page() -> Value {
    json!({
        "@context": "https://schema.org", "@type": "JobPosting", "title": "ML engineer",
        "hiringOrganization": { "@type": "Organization", "name": "Windy Grid", "sameAs": "https://example.org" },
        "description": "<p>Build <b>models</b>.</p><script>alert(1)</script>", "identifier": { "value": "R-7" },
        "jobLocation": { "address": { "addressLocality": "Vienna", "addressCountry": "AT" } }, "employmentType": "FULL_TIME",
        "validThrough": "2999-12-31T23:59:00Z", "url": "https://example.org/jobs/7",
        "baseSalary": { "currency": "EUR", "value": { "minValue": 60000, "maxValue": 72000, "unitText": "YEAR" } },
    })
}

async fn a_page_becomes_a_posting(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let posting = ada.act(KIND, "clip", None, json!({ "document": page(), "employerKind": "STARTUP" })).await.done();
    for (member, wanted) in [
        ("title", json!("ML engineer")),
        ("description", json!("Build models.")),
        ("requisitionId", json!("R-7")),
        ("location", json!("Vienna, AT")),
        ("employmentType", json!("FULL_TIME")),
        ("employerKind", json!("STARTUP")),
        ("closesAt", json!("2999-12-31T23:59:00.000000Z")),
        ("url", json!("https://example.org/jobs/7")),
        ("compRange", json!({ "min": "60000.00", "max": "72000.00", "currency": "EUR", "per": "YEAR" })),
    ] {
        assert_eq!(posting[member], wanted, "{member}");
    }
    let company = ada.see("Company", posting["companyId"].as_str().unwrap()).await.done();
    assert_eq!(company["name"], json!("Windy Grid"));
    // The same page again changes what was noted; the company is found, however it is written.
    let mut later = page();
    (later["title"], later["hiringOrganization"]["name"]) = (json!("Senior ML engineer"), json!("WINDY  grid"));
    let again = ada.act(KIND, "clip", None, json!({ "document": [{ "@type": "WebSite" }, later] })).await.done();
    assert_eq!(
        [&again["id"], &again["title"], &again["companyId"]],
        [&posting["id"], &json!("Senior ML engineer"), &company["id"]]
    );
    assert_eq!(ada.list("Company", &[]).await.items.len(), 1);
    // So does the same page at another place in it, and one whose address is long.
    for long in ["https://example.org/jobs/7#apply".to_owned(), format!("https://example.org/{}", "x".repeat(500))] {
        let input = json!({ "document": page(), "url": long });
        let first = ada.act(KIND, "clip", None, input.clone()).await.done()["id"].clone();
        assert_eq!(ada.act(KIND, "clip", None, input).await.done()["id"], first);
        assert_eq!(first == posting["id"], long.contains('#'));
    }
    // Another page is another opening.
    let other = json!({ "document": page(), "url": "https://example.org/jobs/8" });
    assert_ne!(ada.act(KIND, "clip", None, other).await.done()["id"], posting["id"]);
}

async fn what_a_page_may_be(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let clip = |document: Value| {
        let ada = ada.clone();
        async move { ada.act(KIND, "clip", None, json!({ "document": document })).await }
    };
    let deep = (0..60).fold(page(), |inner, _| json!([inner]));
    let mut long = page();
    long["title"] = json!("x".repeat(100_000));
    for (document, wanted) in [
        (json!({}), "POSTING_UNREADABLE /document"),
        (json!([]), "POSTING_UNREADABLE /document"),
        (json!("JobPosting"), "POSTING_UNREADABLE /document"),
        (json!({ "@type": "Recipe", "title": "Soup" }), "POSTING_UNREADABLE /document"),
        (deep, "POSTING_UNREADABLE /document"),
        (json!({ "@type": "JobPosting", "hiringOrganization": "A" }), "POSTING_UNREADABLE /document/title"),
        (
            json!({ "@type": "JobPosting", "title": "<script>x</script>", "hiringOrganization": "A" }),
            "POSTING_UNREADABLE /document/title",
        ),
        (json!({ "@type": "JobPosting", "title": "A" }), "POSTING_UNREADABLE /document/hiringOrganization"),
    ] {
        assert_eq!(clip(document.clone()).await.said(), wanted, "{document}");
    }
    // What is too long is cut, and what cannot be read is left out with a word.
    assert_eq!(clip(long).await.done()["title"].as_str().unwrap().len(), 200);
    let mut odd = page();
    (odd["baseSalary"], odd["validThrough"], odd["url"]) = (json!("60k"), json!("soon"), json!("javascript:alert(1)"));
    let posting = clip(odd).await.done();
    let codes: Vec<_> =
        posting["warnings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["VALID_THROUGH_LEFT_OUT", "SALARY_LEFT_OUT"]);
    assert_eq!([&posting["compRange"], &posting["closesAt"], &posting["url"]], [&Value::Null; 3]);
    // An amount that can be read in two ways is not guessed, and marks that are written out are marks.
    let mut european = page();
    european["baseSalary"] = json!({ "currency": "EUR", "value": { "value": "60.000", "unitText": "YEAR" } });
    european["description"] = json!("&lt;p&gt;Hello&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
    (european["url"], european["validThrough"]) = (json!("https://example.org/jobs/9"), json!("2999-12-31"));
    let posting = clip(european).await.done();
    assert_eq!(posting["warnings"][0]["code"], "SALARY_LEFT_OUT");
    assert_eq!([&posting["compRange"], &posting["description"]], [&Value::Null, &json!("Hello")]);
    assert_eq!(posting["closesAt"], json!("2999-12-31T23:59:59.000000Z"));
    assert_snapshot!(ada.act(KIND, "clip", None, json!({ "document": page(), "url": "javascript:1" })).await.said(), @"VALIDATION_FAILED /url");
    assert_snapshot!(ada.act(KIND, "clip", None, json!({})).await.code(), @"BAD_INPUT");
}

async fn whose_posting_it_is(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, machine) = (acme.learner("ada").await, acme.learner("ben").await, acme.omnipotent().await);
    let hers = ada.act(KIND, "clip", None, json!({ "document": page() })).await.done();
    // The same page is another opening for another person, and neither sees the other's.
    let his = ben.act(KIND, "clip", None, json!({ "document": page() })).await.done();
    assert_ne!(hers["id"], his["id"]);
    assert_eq!(ben.see(KIND, hers["id"].as_str().unwrap()).await.said(), "NOT_FOUND");
    assert_snapshot!(machine.act(KIND, "clip", None, json!({ "document": page() })).await.said(), @"OWNER_REQUIRED /ownerId");
    let hers = json!({ "document": page(), "ownerId": ada.id });
    assert_snapshot!(ben.act(KIND, "clip", None, hers).await.said(), @"REFERENCE_UNKNOWN /ownerId");
}
