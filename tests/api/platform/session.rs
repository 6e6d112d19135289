//! Sessions: log-in, refresh tokens that are good for one use, log-out, and who guesses.

use serde_json::{Value, json};

use crate::harness::{Actor, Answer, Api, Organization, assert_snapshot, stories};

stories!(
    logging_in_and_out,
    nobody_learns_who_is_known,
    a_refresh_token_that_comes_twice_ends_the_family,
    of_two_refreshes_at_once_one_holds,
    guessing_is_slowed_down,
    several_organizations,
    sessions_are_listed_and_ended,
    a_new_password_ends_the_other_sessions,
    a_one_time_link,
);

const PASSWORD: &str = "correct horse battery";

/// Somebody with a password.
async fn person(acme: &Organization, name: &str) -> String {
    let root = acme.admin(&format!("admin-{name}")).await;
    let email = format!("{name}@people.example");
    root.post("/users", json!({ "name": name, "email": email, "password": PASSWORD })).await.fine();
    email
}

async fn log_in(api: &Api, email: &str, password: &str) -> Answer {
    api.anyone().post("//auth/login", json!({ "email": email, "password": password })).await
}

async fn refresh(api: &Api, token: &Value) -> Answer {
    api.anyone().post("//auth/refresh", json!({ "refreshToken": token })).await
}

fn bearer(api: &Api, tokens: &Answer) -> Actor {
    api.anyone().bearing(tokens["accessToken"].as_str().unwrap())
}

async fn logging_in_and_out(api: Api) {
    let acme = api.organization("Acme").await;
    let email = person(&acme, "ada").await;
    let tokens = log_in(&api, &email.to_uppercase(), PASSWORD).await.fine();
    assert_eq!(
        (&tokens["tokenType"], &tokens["expiresIn"], &tokens["organization"]["name"]),
        (&json!("Bearer"), &json!(600), &json!("Acme"))
    );
    assert_snapshot!(tokens.header("cache-control"), @"no-store");
    let ada = bearer(&api, &tokens);
    let me = ada.get("/me").await.fine();
    assert_eq!((&me["kind"], &me["roles"], &me["user"]["email"]), (&json!("USER"), &json!(["LEARNER"]), &json!(email)));
    assert_eq!(me["organization"]["id"], acme.id());
    let by_graphql =
        ada.graphql("{ me { sessionId roles user { email } organization { name } } }", json!({})).await.fine();
    assert_eq!(by_graphql["data"]["me"]["sessionId"], me["sessionId"]);

    let next = refresh(&api, &tokens["refreshToken"]).await.fine();
    assert_ne!(next["refreshToken"], tokens["refreshToken"]);
    bearer(&api, &next).get("/me").await.fine();
    assert_snapshot!(api.anyone().post("//auth/logout", json!({ "refreshToken": next["refreshToken"] })).await.status(), @"204");
    for tokens in [&tokens, &next] {
        assert_eq!(bearer(&api, tokens).get("/me").await.problem(), "401 UNAUTHENTICATED");
    }
    assert_snapshot!(refresh(&api, &next["refreshToken"]).await.problem(), @"401 REFRESH_REJECTED");
    assert_snapshot!(refresh(&api, &json!("cairn_rt_unknown")).await.problem(), @"401 REFRESH_REJECTED");
    // Ending what has ended is fine; ending nothing is not.
    assert_snapshot!(api.anyone().post("//auth/logout", json!({ "refreshToken": next["refreshToken"] })).await.status(), @"204");
    assert_snapshot!(api.anyone().post("//auth/logout", json!({})).await.problem(), @"400 BAD_INPUT /refreshToken");
    let by_token = log_in(&api, &email, PASSWORD).await.fine();
    assert_snapshot!(bearer(&api, &by_token).post("//auth/logout", json!({})).await.status(), @"204");
    assert_snapshot!(bearer(&api, &by_token).get("/me").await.problem(), @"401 UNAUTHENTICATED");
}

async fn nobody_learns_who_is_known(api: Api) {
    let acme = api.organization("Acme").await;
    let (email, bare) = (person(&acme, "ada").await, acme.learner("bare").await);
    let wrong = log_in(&api, &email, "not the password").await;
    let unknown = log_in(&api, "nobody@people.example", PASSWORD).await;
    let without = log_in(&api, &bare.email(&acme), PASSWORD).await;
    assert_snapshot!(wrong.problem(), @"401 LOGIN_FAILED");
    for other in [&unknown, &without] {
        assert_eq!((other.problem(), &other["detail"]), (wrong.problem(), &wrong["detail"]));
    }
    let elsewhere = json!({ "email": email, "password": PASSWORD, "organization": "Beta" });
    assert_snapshot!(api.anyone().post("//auth/login", elsewhere).await.problem(), @"401 LOGIN_FAILED");
    assert_snapshot!(api.anyone().post("//auth/login", json!({ "email": email })).await.problem(), @"400 BAD_INPUT /password");
    assert_snapshot!(api.anyone().get("//auth/login").await.problem(), @"405 METHOD_NOT_ALLOWED");
    // Idempotency keys are not for secrets: they change nothing here.
    let twice = api.anyone().once("k");
    let body = json!({ "email": email, "password": PASSWORD });
    let (one, two) =
        (twice.post("//auth/login", body.clone()).await.fine(), twice.post("//auth/login", body).await.fine());
    assert_ne!(one["refreshToken"], two["refreshToken"]);
}

async fn a_refresh_token_that_comes_twice_ends_the_family(api: Api) {
    let acme = api.organization("Acme").await;
    let email = person(&acme, "ada").await;
    let other = log_in(&api, &email, PASSWORD).await.fine();
    let first = log_in(&api, &email, PASSWORD).await.fine();
    let second = refresh(&api, &first["refreshToken"]).await.fine();
    let third = refresh(&api, &second["refreshToken"]).await.fine();
    bearer(&api, &third).get("/me").await.fine();
    // A thief, or the one that was robbed: nobody can tell, so that both are out.
    assert_snapshot!(refresh(&api, &first["refreshToken"]).await.problem(), @"401 REFRESH_REJECTED");
    assert_snapshot!(refresh(&api, &third["refreshToken"]).await.problem(), @"401 REFRESH_REJECTED");
    assert_snapshot!(bearer(&api, &third).get("/me").await.problem(), @"401 UNAUTHENTICATED");
    // Another session of the same person goes on.
    let ada = bearer(&api, &other);
    ada.get("/me").await.fine();
    let ended = ada.list("Session", &[("sort", "createdAt")]).await;
    assert_eq!(ended.each("endReason"), [Value::Null, json!("TOKEN_REUSED")]);
}

async fn of_two_refreshes_at_once_one_holds(api: Api) {
    let acme = api.organization("Acme").await;
    let email = person(&acme, "ada").await;
    let tokens = log_in(&api, &email, PASSWORD).await.fine();
    let other = api.another(&[]).await;
    let tries: Vec<_> = (0..6)
        .map(|n| {
            let (api, token) = (if n % 2 == 0 { api.clone() } else { other.clone() }, tokens["refreshToken"].clone());
            tokio::spawn(async move { refresh(&api, &token).await })
        })
        .collect();
    let mut good = 0;
    for one in tries {
        let answer = one.await.unwrap();
        good += usize::from(answer.status() == 200);
        assert!([200, 401].contains(&answer.status()), "{} {}", answer.status(), answer.text());
    }
    assert!(good <= 1, "{good} of six got a new token");
    assert_snapshot!(bearer(&api, &tokens).get("/me").await.problem(), @"401 UNAUTHENTICATED");
}

async fn guessing_is_slowed_down(api: Api) {
    let acme = api.organization("Acme").await;
    let email = person(&acme, "ada").await;
    let mut said = Vec::new();
    for _ in 0..7 {
        said.push(log_in(&api, &email, "a wild guess").await);
    }
    assert!(said[..5].iter().all(|answer| answer.problem() == "401 LOGIN_FAILED"));
    let last = &said[6];
    assert_snapshot!(last.problem(), @"429 LOGIN_THROTTLED");
    let wait: u64 = last.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    // Not even the right password, and not on another spelling; but the owner is not kept out for long.
    assert_snapshot!(log_in(&api, &email.to_uppercase(), PASSWORD).await.problem(), @"429 LOGIN_THROTTLED");
    tokio::time::sleep(std::time::Duration::from_secs(wait + 1)).await;
    log_in(&api, &email, PASSWORD).await.fine();
    log_in(&api, &email, PASSWORD).await.fine();
}

async fn several_organizations(api: Api) {
    let (acme, beta) = (api.organization("Acme").await, api.organization("Beta").await);
    let email = person(&acme, "ada").await;
    let ada = log_in(&api, &email, PASSWORD).await.fine();
    let me = bearer(&api, &ada).get("/me").await.fine();
    let user = me["userId"].as_str().unwrap().parse().unwrap();
    beta.join("ada", user, &[entity::platform::membership::Role::Admin]).await;

    let refused = log_in(&api, &email, PASSWORD).await;
    assert_snapshot!(refused.problem(), @"409 ORGANIZATION_REQUIRED /organization");
    let named: Vec<_> =
        refused["details"]["organizations"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(named, ["Acme", "Beta"]);
    for (organization, roles) in [("acme".to_owned(), json!(["LEARNER"])), (beta.id(), json!(["ADMIN"]))] {
        let body = json!({ "email": email, "password": PASSWORD, "organization": organization });
        let tokens = api.anyone().post("//auth/login", body).await.fine();
        assert_eq!(bearer(&api, &tokens).get("/me").await.fine()["roles"], roles);
    }
}

async fn sessions_are_listed_and_ended(api: Api) {
    let acme = api.organization("Acme").await;
    let (email, root, ben) = (person(&acme, "ada").await, acme.admin("root").await, acme.learner("ben").await);
    let (phone, laptop) = (log_in(&api, &email, PASSWORD).await.fine(), log_in(&api, &email, PASSWORD).await.fine());
    let ada = bearer(&api, &laptop);
    let own = ada.list("Session", &[]).await;
    assert_snapshot!(own.items.len(), @"2");
    assert_snapshot!(ben.list("Session", &[]).await.items.len(), @"0");
    assert_snapshot!(root.list("Session", &[]).await.items.len(), @"2");
    let id = bearer(&api, &phone).get("/me").await.fine()["sessionId"].as_str().unwrap().to_owned();
    assert_snapshot!(ben.tell("Session", "end", &id).await.said(), @"NOT_FOUND");
    ada.tell("Session", "end", &id).await.done();
    assert_snapshot!(bearer(&api, &phone).get("/me").await.problem(), @"401 UNAUTHENTICATED");
    assert_snapshot!(refresh(&api, &phone["refreshToken"]).await.problem(), @"401 REFRESH_REJECTED");
    ada.tell("Session", "end", &id).await.done();
    let rest = ada.get("/me").await.fine()["sessionId"].as_str().unwrap().to_owned();
    root.through(crate::harness::Face::Graphql).tell("Session", "end", &rest).await.done();
    assert_snapshot!(ada.get("/me").await.problem(), @"401 UNAUTHENTICATED");
}

async fn a_new_password_ends_the_other_sessions(api: Api) {
    let acme = api.organization("Acme").await;
    let email = person(&acme, "ada").await;
    let (phone, laptop) = (log_in(&api, &email, PASSWORD).await.fine(), log_in(&api, &email, PASSWORD).await.fine());
    let ada = bearer(&api, &laptop);
    let id = ada.get("/me").await.fine()["userId"].as_str().unwrap().to_owned();
    let change = async |current: &str, new: &str| {
        ada.act("User", "changePassword", Some(&id), json!({ "currentPassword": current, "newPassword": new }))
            .await
            .said()
    };
    assert_snapshot!(change("wrong", "another long password").await, @"PASSWORD_WRONG /currentPassword");
    assert_snapshot!(change(PASSWORD, "short").await, @"VALIDATION_FAILED /newPassword");
    assert_snapshot!(change(PASSWORD, &email).await, @"VALIDATION_FAILED /newPassword");
    assert_snapshot!(change(PASSWORD, "another long password").await, @"fine");
    ada.get("/me").await.fine();
    assert_snapshot!(bearer(&api, &phone).get("/me").await.problem(), @"401 UNAUTHENTICATED");
    assert_snapshot!(log_in(&api, &email, PASSWORD).await.problem(), @"401 LOGIN_FAILED");
    log_in(&api, &email, "another long password").await.fine();
    let root = acme.admin("root").await;
    let foreign = json!({ "currentPassword": PASSWORD, "newPassword": "another long password" });
    assert_snapshot!(root.act("User", "changePassword", Some(&id), foreign).await.said(), @"FORBIDDEN");
}

async fn a_one_time_link(api: Api) {
    let acme = api.organization("Acme").await;
    let (email, root) = (person(&acme, "ada").await, acme.admin("root").await);
    let open = log_in(&api, &email, PASSWORD).await.fine();
    let ada = bearer(&api, &open).get("/me").await.fine()["userId"].as_str().unwrap().to_owned();
    assert_snapshot!(acme.coach("kim").await.tell("User", "createPasswordReset", &ada).await.said(), @"NOT_FOUND");
    let older = root.tell("User", "createPasswordReset", &ada).await.done()["token"].clone();
    let token =
        root.through(crate::harness::Face::Graphql).tell("User", "createPasswordReset", &ada).await.done()["token"]
            .clone();
    let reset = async |token: &Value, password: &str| {
        api.anyone().post("//auth/reset-password", json!({ "token": token, "password": password })).await
    };
    assert_snapshot!(reset(&older, "a brand new password").await.problem(), @"401 RESET_REJECTED /token");
    assert_snapshot!(reset(&token, "short").await.problem(), @"422 VALIDATION_FAILED /password");
    assert_snapshot!(reset(&token, "a brand new password").await.status(), @"204");
    assert_snapshot!(reset(&token, "a brand new password").await.problem(), @"401 RESET_REJECTED /token");
    assert_snapshot!(bearer(&api, &open).get("/me").await.problem(), @"401 UNAUTHENTICATED");
    log_in(&api, &email, "a brand new password").await.fine();
}
