//! Access tokens: every way in which one is not accepted, and keys that change under live ones.

use cairn::auth::{
    access::{Subject, Ticket, issue},
    keys, scopes,
    token::{Claims, KeySet, SigningKey},
};
use cairn::domain::clock;
use chrono::TimeDelta;
use serde_json::json;

use crate::harness::{Actor, Api, Organization, assert_snapshot, stories};

stories!(
    nobody_without_a_token,
    every_claim_is_checked,
    who_is_gone_is_out_at_once,
    rights_are_those_of_now,
    rotated_keys_keep_live_tokens,
    revoked_tokens,
);

async fn nobody_without_a_token(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let token = ada.token.clone().unwrap();
    let said = async |header: &str| {
        let who = api.anyone().with("authorization", header);
        let (rest, graphql) = (who.get("/me").await, who.graphql("{ me { id } }", json!({})).await);
        assert_eq!(
            (graphql.status(), graphql.user_error().as_str()),
            (rest.status(), "errors: UNAUTHENTICATED"),
            "{header}"
        );
        rest.problem()
    };
    for header in
        ["", "Bearer", "Bearer ", "Basic YTpi", &format!("Bearer {token} x"), &format!("Token {token}"), "Bearer a.b.c"]
    {
        assert_eq!(said(header).await, "401 UNAUTHENTICATED");
    }
    let bare = api.anyone().get("/me").await;
    assert!(
        bare.header("www-authenticate").starts_with("Bearer realm=\"cairn\""),
        "{}",
        bare.header("www-authenticate")
    );
    assert!(!bare.header("www-authenticate").contains("error="));
    let bad = ada.bearing("a.b.c").get("/me").await;
    assert!(bad.header("www-authenticate").contains("error=\"invalid_token\""), "{}", bad.header("www-authenticate"));
    // Longer than 8 KiB: refused unread, also when it is a good one with something behind it.
    for length in [8 * 1024, 8 * 1024 + 1, 60_000] {
        let long = format!("{token}{}", "A".repeat(length - token.len()));
        let answer = ada.bearing(&long).get("/me").await;
        assert!([400, 401, 431].contains(&answer.status()), "{length}: {}", answer.status());
    }
    ada.get("/me").await.fine();
}

/// How a token is other than a good one.
type Change<'a> = &'a dyn Fn(&mut Claims);

fn good(api: &Api, acme: &Organization, ada: &Actor) -> Claims {
    let now = clock::now();
    Claims {
        iss: api.url.clone(),
        sub: ada.id.clone(),
        aud: vec!["cairn".to_owned()],
        exp: now + TimeDelta::minutes(5),
        iat: now,
        nbf: None,
        jti: clock::new_uuid().to_string(),
        scope: "identity:read learning:read".to_owned(),
        org: acme.id(),
        client_id: "cairn".to_owned(),
        sid: None,
    }
}

async fn every_claim_is_checked(api: Api) {
    let (acme, beta) = (api.organization("Acme").await, api.organization("Beta").await);
    let ada = acme.learner("ada").await;
    let keys = api.house.auth.keys.set();
    let try_with = async |change: &dyn Fn(&mut Claims)| {
        let mut claims = good(&api, &acme, &ada);
        change(&mut claims);
        let token = cairn::auth::token::issue(&keys, &claims).unwrap();
        ada.bearing(&token).get("/me").await.problem()
    };
    let minutes = |n| clock::now() + TimeDelta::minutes(n);
    assert_snapshot!(try_with(&|_| {}).await, @"200");
    assert_snapshot!(try_with(&|claims| claims.aud = vec!["other".to_owned(), "cairn".to_owned()]).await, @"200");
    assert_snapshot!(try_with(&|claims| claims.nbf = Some(minutes(-1))).await, @"200");
    let wrong: [(&str, Change); 16] = [
        ("iss of another", &|claims| claims.iss = "https://evil.example".to_owned()),
        ("iss with a slash", &|claims| claims.iss.push('/')),
        ("aud of another", &|claims| claims.aud = vec!["other".to_owned()]),
        ("no aud", &|claims| claims.aud.clear()),
        ("exp past", &|claims| (claims.iat, claims.exp) = (minutes(-10), minutes(-1))),
        ("exp before iat", &|claims| (claims.iat, claims.exp) = (minutes(5), minutes(4))),
        ("exp in a year", &|claims| claims.exp = minutes(60 * 24 * 365)),
        ("iat ahead", &|claims| claims.iat = minutes(3)),
        ("nbf ahead", &|claims| claims.nbf = Some(minutes(3))),
        ("sub of nobody", &|claims| claims.sub = crate::harness::world::nothing("usr")),
        ("sub no id", &|claims| claims.sub = "ada".to_owned()),
        ("sub of a machine of no organization", &|claims| claims.sub = crate::harness::world::nothing("cli")),
        ("org of another", &|claims| claims.org = beta.id()),
        ("org no id", &|claims| claims.org = "Acme".to_owned()),
        ("sid of no session", &|claims| claims.sid = Some(crate::harness::world::nothing("ses"))),
        ("sid no id", &|claims| claims.sid = Some("1".to_owned())),
    ];
    for (name, change) in wrong {
        assert_eq!(try_with(change).await, "401 UNAUTHENTICATED", "{name}");
    }
    // A key that is not the house's own, even under the name of one that is.
    let foreign = SigningKey::generate().unwrap();
    let set = KeySet::new(&foreign, Vec::new()).unwrap();
    let token = cairn::auth::token::issue(&set, &good(&api, &acme, &ada)).unwrap();
    assert_snapshot!(ada.bearing(&token).get("/me").await.problem(), @"401 UNAUTHENTICATED");
    let genuine = cairn::auth::token::issue(&keys, &good(&api, &acme, &ada)).unwrap();
    let mixed =
        [genuine.split('.').next().unwrap(), token.split('.').nth(1).unwrap(), token.split('.').nth(2).unwrap()]
            .join(".");
    assert_snapshot!(ada.bearing(&mixed).get("/me").await.problem(), @"401 UNAUTHENTICATED");
    // What was found good once is good no longer when its time is over.
    let mut short = good(&api, &acme, &ada);
    short.exp = clock::now() + TimeDelta::milliseconds(1600);
    let short = cairn::auth::token::issue(&keys, &short).unwrap();
    ada.bearing(&short).get("/me").await.fine();
    tokio::time::sleep(std::time::Duration::from_millis(1700)).await;
    assert_snapshot!(ada.bearing(&short).get("/me").await.problem(), @"401 UNAUTHENTICATED");
}

async fn who_is_gone_is_out_at_once(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root, moodle) = (acme.learner("ada").await, acme.admin("root").await, acme.moodle().await);
    ada.get("/me").await.fine();
    moodle.get("/learning-resources").await.fine();
    root.tell("User", "delete", &ada.id).await.done();
    root.tell("Client", "delete", &moodle.id).await.done();
    for who in [&ada, &moodle] {
        assert_eq!(who.get("/me").await.problem(), "401 UNAUTHENTICATED");
        assert_eq!(who.graphql("{ me { id } }", json!({})).await.user_error(), "errors: UNAUTHENTICATED");
    }
    root.tell("User", "restore", &ada.id).await.done();
    root.tell("Client", "restore", &moodle.id).await.done();
    ada.get("/me").await.fine();
    moodle.get("/me").await.fine();
}

async fn rights_are_those_of_now(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (moodle, plan) = (acme.moodle().await, ada.plan("Learn").await);
    ada.opens(&kim, &["learning:review"]).await;
    ada.tell("LearningPlan", "requestReview", &plan).await.done();
    let place = async |who: &Actor| root.list("Membership", &[("userId", &who.id)]).await.ids().remove(0);
    let kims = place(&kim).await;
    root.update("Membership", &kims, json!({ "roles": ["LEARNER"] })).await.done();
    // The token still says learning:review; the roles do not any more.
    assert_snapshot!(kim.tell("LearningPlan", "startReview", &plan).await.said(), @"INSUFFICIENT_SCOPE");
    root.update("Membership", &kims, json!({ "roles": ["COACH"] })).await.done();
    kim.tell("LearningPlan", "startReview", &plan).await.done();

    root.update("Client", &moodle.id, json!({ "scopes": ["learning:read"] })).await.done();
    let course = json!({ "kind": "COURSE", "title": "x" });
    assert_snapshot!(moodle.post("/learning-resources", course).await.problem(), @"403 INSUFFICIENT_SCOPE");
    let boss = acme.admin("boss").await;
    root.update("Membership", &place(&boss).await, json!({ "roles": ["LEARNER"] })).await.done();
    assert_snapshot!(boss.get("/clients").await.fine()["items"].as_array().unwrap().len(), @"0");
}

async fn rotated_keys_keep_live_tokens(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let kids = async |api: &Api| {
        let set = api.anyone().get("//.well-known/jwks.json").await.fine();
        set["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let before = kids(&api).await;
    let other = api.another(&[]).await;
    let house = &other.house;
    keys::rotate(&house.database, &house.auth.sealer, clock::now()).await.unwrap();
    house.auth.keys.look(&house.database, &house.auth.sealer, clock::now()).await.unwrap();
    let after = kids(&other).await;
    assert_eq!((after.len(), after.contains(&before[0])), (2, true), "{after:?}");
    // A token of the old key goes on, on both; one of the new key is taken by who has not heard of it yet.
    ada.get("/me").await.fine();
    ada.calling(&other).get("/me").await.fine();
    let ticket = Ticket {
        subject: Subject::User(ada.user()),
        organization: acme.row.id,
        session: None,
        scopes: scopes::all(),
        life: TimeDelta::minutes(5),
    };
    let fresh = ada.bearing(&issue(house, &ticket, clock::now()).unwrap());
    fresh.calling(&other).get("/me").await.fine();
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    fresh.get("/me").await.fine();
    for key in api.anyone().get("//.well-known/jwks.json").await.fine()["keys"].as_array().unwrap() {
        assert!(key["d"].is_null() && key["alg"] == "ES256" && key["use"] == "sig", "{key}");
    }
}

async fn revoked_tokens(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    ada.get("/me").await.fine();
    let token = ada.token.clone().unwrap();
    assert_snapshot!(api.anyone().form("//oauth/revoke", &[("token", &token)]).await.status(), @"200");
    assert_snapshot!(ada.get("/me").await.problem(), @"401 UNAUTHENTICATED");
    assert_snapshot!(api.anyone().form("//oauth/revoke", &[("token", &token)]).await.status(), @"200");
    assert_snapshot!(api.anyone().form("//oauth/revoke", &[("token", "nonsense")]).await.status(), @"200");
    ben.get("/me").await.fine();
}
