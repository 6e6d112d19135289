//! Calendars: what is due, as JSON and as iCalendar, and the addresses at which calendar programs read it.

use cairn::domain::clock;
use chrono::Days;
use entity::platform::client::Scope;
use serde_json::{Value, json};

use crate::{
    harness::{Actor, Answer, Api, assert_snapshot, stories_in_both_faces, world::nothing},
    projects::scoped,
};

stories_in_both_faces!(
    what_is_due_is_in_the_calendar,
    a_calendar_program_needs_no_token,
    an_address_is_shown_once_and_opens_nothing_else,
    whoever_leaves_takes_their_calendar_along,
    a_feed_shows_no_more_than_the_token_that_made_it,
    a_feed_names_whom_its_token_could,
    whose_a_feed_is,
);

const KIND: &str = "CalendarFeed";

/// A day so many days from today.
fn day(from_today: u64) -> String {
    (clock::now().date_naive() + Days::new(from_today)).to_string()
}

/// A milestone of a project.
async fn promise(who: &Actor, project: &str, title: &str, due: &str) -> String {
    let new = json!({ "projectId": project, "title": title, "targetDate": due });
    who.create("Milestone", new).await.id()
}

/// What a calendar program reads at an address.
async fn read(api: &Api, url: &str) -> Answer {
    let path = url.strip_prefix(&api.url).unwrap_or_else(|| panic!("{url} is elsewhere"));
    api.anyone().get(&format!("/{path}")).await
}

/// The summaries in a calendar.
fn summaries(text: &str) -> Vec<String> {
    let whole = text.replace("\r\n ", "");
    whole.split("\r\n").filter_map(|line| line.strip_prefix("SUMMARY:")).map(str::to_owned).collect()
}

/// The entries of a calendar in a line each.
fn lines(told: &Value) -> String {
    let line = |one: &Value| {
        let word = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
        let marks = [("done", "done"), ("tentative", "tentative")];
        let marks: Vec<_> = marks.iter().filter(|(name, _)| one[*name] == true).map(|(_, mark)| *mark).collect();
        format!("{}: {} {}", word("content"), word("summary"), marks.join(" ")).trim_end().to_owned()
    };
    told["entries"].as_array().unwrap().iter().map(line).collect::<Vec<_>>().join("\n")
}

async fn what_is_due_is_in_the_calendar(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let project = scoped(&ada, "Wind").await;
    ada.tell("Project", "start", &project).await.done();
    ada.update("Project", &project, json!({ "dueOn": day(90), "summary": "All, of it; soon" })).await.done();
    let first = promise(&ada, &project, "Second forecast", &day(30)).await;
    let plan = json!({ "title": "Statistics", "dueOn": day(60) });
    ada.create("LearningPlan", plan).await.done();
    // What is not dated is in no calendar, nor what is of others, though they opened it or it is given up.
    ada.create("LearningPlan", json!({ "title": "Some day" })).await.done();
    let gone = ben.create("Project", json!({ "title": "Sun", "dueOn": day(9) })).await.id();
    promise(&ben, &gone, "Sunshine", &day(3)).await;
    ben.opens(&ada, &["projects:read", "learning:read"]).await;
    let told = ada.ask("calendar", json!({})).await.done();
    assert_eq!(told["name"], "ada");
    assert_snapshot!(lines(&told), @r"
    MILESTONES: Second forecast · Wind
    MILESTONES: First forecast · Wind
    PROJECTS: Wind
    LEARNING_PLANS: Statistics tentative
    ");
    let of = |told: &Value, uid: &str| {
        told["entries"].as_array().unwrap().iter().find(|one| one["uid"] == uid).cloned().unwrap_or_default()
    };
    let entry = of(&told, &first);
    assert_eq!((&entry["day"], &entry["description"]), (&json!(day(30)), &Value::Null));
    // What changes counts up, be it what it is part of.
    let sequence = entry["sequence"].as_i64().unwrap();
    ada.tell("Milestone", "complete", &first).await.done();
    ada.update("Project", &project, json!({ "title": "Waves" })).await.done();
    let after = of(&ada.ask("calendar", json!({ "contents": ["MILESTONES"] })).await.done(), &first);
    assert_eq!((&after["done"], &after["sequence"]), (&json!(true), &json!(sequence + 2)));
    assert!(after["changedAt"].as_str().unwrap() > entry["changedAt"].as_str().unwrap());
    // Who is taken into a project has its days, whoever leads it.
    let takes = json!({ "projectId": project, "userId": kim.id, "role": "OBSERVER" });
    ada.create("ProjectMember", takes).await.done();
    let told = kim.ask("calendar", json!({ "contents": ["MILESTONES", "PROJECTS"], "name": "Work" })).await.done();
    assert_eq!(told["name"], "Work");
    assert_snapshot!(lines(&told), @r"
    MILESTONES: Second forecast · Waves done
    MILESTONES: First forecast · Waves
    PROJECTS: Waves
    ");
    // The text says the same, escaped.
    let text = kim.ask_for("ics", "calendar", json!({ "contents": ["MILESTONES", "PROJECTS"] })).await;
    assert_eq!(summaries(&text), ["✓ Second forecast · Waves", "First forecast · Waves", "Waves"]);
    assert!(
        text.contains("\r\nDESCRIPTION:All\\, of it\\; soon\r\n") && text.contains(&format!("\r\nUID:{first}\r\n"))
    );
    // What ends unfinished is due no more; what was done was done.
    ada.tell("Project", "cancel", &project).await.done();
    let told = kim.ask("calendar", json!({})).await.done();
    assert_snapshot!(lines(&told), @"MILESTONES: Second forecast · Waves done");
    ada.tell("Project", "delete", &project).await.done();
    assert_snapshot!(lines(&kim.ask("calendar", json!({})).await.done()), @"");
    // A year back, and no further.
    let long = promise(&ben, &gone, "Long ago", "2020-03-01").await;
    assert_eq!(of(&ben.ask("calendar", json!({})).await.done(), &long), Value::Null);
    let machine = acme.omnipotent().await;
    assert_snapshot!(machine.ask("calendar", json!({})).await.said(), @"FORBIDDEN");
}

async fn a_calendar_program_needs_no_token(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let project = ada.create("Project", json!({ "title": "Wind" })).await.id();
    let made = ada.create(KIND, json!({ "name": "Phone, mine" })).await.done();
    assert_eq!(
        made["contents"],
        json!([
            "MILESTONES",
            "PROJECTS",
            "LEARNING_PLANS",
            "INTERVIEWS",
            "OFFERS",
            "POSTINGS",
            "NEXT_ACTIONS",
            "INFORMATIONAL_INTERVIEWS",
            "FOLLOW_UPS",
        ])
    );
    let url = made["url"].as_str().unwrap();
    let empty = read(&api, url).await;
    assert_eq!((empty.status(), empty.header("content-type")), (200, "text/calendar; charset=utf-8"));
    assert!(empty.text().contains("\r\nX-WR-CALNAME:Phone\\, mine\r\n") && empty.text().contains("BEGIN:VTIMEZONE"));
    let long = "Größe ".repeat(30);
    let milestone = promise(&ada, &project, long.trim(), &day(30)).await;
    let told = read(&api, url).await;
    assert_eq!(summaries(&told.text()), [format!("{} · Wind", long.trim())]);
    assert!(told.text().split("\r\n").all(|line| line.len() <= 75));
    assert_ne!(told.header("etag"), empty.header("etag"));
    // Nothing has changed: nothing is sent, and what is sent is the same.
    let again = read(&api, url).await;
    assert_eq!((again.text(), again.header("etag")), (told.text(), told.header("etag")));
    let path = format!("/{}", url.strip_prefix(&api.url).unwrap());
    let known = api.anyone().with("if-none-match", told.header("etag")).get(&path).await;
    assert_eq!((known.status(), known.text()), (304, String::new()));
    ada.update("Milestone", &milestone, json!({ "targetDate": day(31) })).await.done();
    let changed = api.anyone().with("if-none-match", told.header("etag")).get(&path).await;
    assert_eq!(changed.status(), 200);
    // A program asks for whatever it likes, and may ask for the head alone.
    let outlook = api.anyone().with("accept", "text/html").get(&format!("{path}?nocache=1")).await;
    assert_eq!((outlook.status(), outlook.text()), (200, changed.text()));
    let head = api.anyone().send(api.anyone().request(reqwest::Method::HEAD, &path)).await;
    assert_eq!((head.status(), head.header("etag")), (200, changed.header("etag")));
    // It is called as its person says, and holds what they say.
    let id = made["id"].as_str().unwrap();
    let patch = json!({ "name": "Plans", "contents": ["LEARNING_PLANS"] });
    assert_eq!(ada.update(KIND, id, patch).await.done()["contents"], json!(["LEARNING_PLANS"]));
    let plans = read(&api, url).await.text();
    assert!(plans.contains("\r\nNAME:Plans\r\n") && summaries(&plans).is_empty());
}

async fn an_address_is_shown_once_and_opens_nothing_else(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let made = ada.create(KIND, json!({ "name": "Phone" })).await.done();
    let (id, first) = (made["id"].as_str().unwrap(), made["url"].as_str().unwrap().to_owned());
    let secret = first.rsplit('/').next().unwrap().strip_suffix(".ics").unwrap();
    assert!(secret.starts_with("cairn_cf_") && secret.len() == 52);
    for text in [ada.see(KIND, id).await.answer.text(), format!("{:?}", ada.list("Event", &[]).await.items)] {
        assert!(!text.contains(secret) && !text.contains("ingerprint"), "{text}");
    }
    let renamed = ada.update(KIND, id, json!({ "name": "Telephone" })).await.done();
    assert!(renamed["url"].is_null());
    // It is no token, anywhere.
    let bearing = ada.bearing(secret);
    for path in ["/me", "/calendar", "/projects", "/calendar-feeds"] {
        assert_eq!(bearing.get(path).await.problem(), "401 UNAUTHENTICATED", "{path}");
    }
    assert_eq!(bearing.graphql("{ me { kind } }", json!({})).await.status(), 401);
    // And what is a token, or only nearly an address, is no address.
    let token = ada.token.clone().unwrap();
    for file in [format!("{token}.ics"), secret.to_owned(), format!("{}x.ics", &secret[..51]), ".ics".to_owned()] {
        assert_eq!(ada.api.anyone().get(&format!("//calendar/{file}")).await.problem(), "404 NOT_FOUND", "{file}");
    }
    let posts =
        api.anyone().send(api.anyone().request(reqwest::Method::POST, &format!("//calendar/{secret}.ics"))).await;
    assert_eq!((posts.status(), posts.header("allow")), (405, "GET, HEAD"));
    // Another address: the one before it is gone at once, and so is the last with the feed.
    let second = ada.tell(KIND, "rotateAddress", id).await.done()["url"].as_str().unwrap().to_owned();
    assert_eq!((read(&api, &first).await.status(), read(&api, &second).await.status()), (404, 200));
    ada.tell(KIND, "delete", id).await.done();
    assert_snapshot!(read(&api, &second).await.problem(), @"404 NOT_FOUND");
    let third = ada.tell(KIND, "restore", id).await.done()["url"].as_str().unwrap().to_owned();
    let statuses = [&first, &second, &third].map(|url| read(&api, url));
    let [first, second, third] = statuses;
    assert_eq!((first.await.status(), second.await.status(), third.await.status()), (404, 404, 200));
    assert_snapshot!(ada.tell(KIND, "restore", id).await.said(), @"NOT_FOUND");
}

async fn whoever_leaves_takes_their_calendar_along(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let project = root.create("Project", json!({ "title": "Wind" })).await.id();
    promise(&root, &project, "Forecast", &day(30)).await;
    let takes = json!({ "projectId": project, "userId": ada.id, "role": "CONTRIBUTOR" });
    let member = root.create("ProjectMember", takes).await.id();
    let url = ada.create(KIND, json!({ "name": "Phone" })).await.done()["url"].as_str().unwrap().to_owned();
    assert_eq!(summaries(&read(&api, &url).await.text()), ["Forecast · Wind"]);
    root.tell("ProjectMember", "delete", &member).await.done();
    assert!(summaries(&read(&api, &url).await.text()).is_empty());
    root.tell("User", "delete", &ada.id).await.done();
    assert_snapshot!(read(&api, &url).await.problem(), @"404 NOT_FOUND");
}

async fn a_feed_shows_no_more_than_the_token_that_made_it(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let narrow = ada.limited_to(&acme, &[Scope::IdentityWrite, Scope::LearningRead]);
    let made = narrow.create(KIND, json!({ "name": "Narrow" })).await.done();
    assert_eq!(made["contents"], json!(["LEARNING_PLANS"]));
    let wide = json!({ "name": "Wide", "contents": ["MILESTONES"] });
    let refused = narrow.create(KIND, wide.clone()).await;
    assert_snapshot!(refused.said(), @"INSUFFICIENT_SCOPE");
    assert_eq!(refused.details, json!({ "scope": "projects:read" }));
    let id = made["id"].as_str().unwrap();
    assert_snapshot!(narrow.update(KIND, id, json!({ "contents": ["PROJECTS"] })).await.said(), @"INSUFFICIENT_SCOPE");
    assert_snapshot!(narrow.ask("calendar", json!({ "contents": ["PROJECTS"] })).await.said(), @"INSUFFICIENT_SCOPE");
    // Nor does it learn the address of one that shows more.
    let wide = ada.create(KIND, wide).await.id();
    assert_snapshot!(narrow.tell(KIND, "rotateAddress", &wide).await.said(), @"INSUFFICIENT_SCOPE");
    narrow.tell(KIND, "rotateAddress", id).await.done();
    let none = ada.limited_to(&acme, &[Scope::IdentityWrite]);
    assert_snapshot!(none.create(KIND, json!({ "name": "None" })).await.said(), @"INSUFFICIENT_SCOPE");
    let reader = ada.limited_to(&acme, &[Scope::IdentityRead, Scope::ProjectsRead]);
    assert_snapshot!(reader.create(KIND, json!({ "name": "Mine" })).await.said(), @"INSUFFICIENT_SCOPE");
}

async fn a_feed_names_whom_its_token_could(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let company = ada.create("Company", json!({ "name": "Windy Grid" })).await.id();
    let noor = ada.create("Contact", json!({ "name": "Noor", "companyId": company })).await.id();
    let talk = json!({ "contactId": noor, "companyId": company });
    let talk = ada.create("InformationalInterview", talk).await.id();
    ada.tell("InformationalInterview", "request", &talk).await.done();
    let at = json!({ "scheduledAt": format!("{}T10:00:00Z", day(3)) });
    ada.act("InformationalInterview", "schedule", Some(&talk), at).await.done();
    let narrow = ada.limited_to(&acme, &[Scope::IdentityWrite, Scope::JobsRead]);
    let contents = json!({ "name": "Talks", "contents": ["INFORMATIONAL_INTERVIEWS"] });
    let made = narrow.create(KIND, contents.clone()).await.done();
    let (id, url) = (made["id"].as_str().unwrap(), made["url"].as_str().unwrap());
    // Whoever reads the address is told no more than who made it could be: neither the contact nor the company.
    assert_eq!(summaries(&read(&api, url).await.text()), ["Talk with somebody"]);
    let wide = ada.create(KIND, contents).await.done();
    let told = read(&api, wide["url"].as_str().unwrap()).await.text();
    assert_eq!(summaries(&told), ["Talk with Noor · Windy Grid"]);
    // Opened again by who may know them, it names them.
    let url = ada.tell(KIND, "rotateAddress", id).await.done()["url"].as_str().unwrap().to_owned();
    assert_eq!(summaries(&read(&api, &url).await.text()), ["Talk with Noor · Windy Grid"]);
    narrow.update(KIND, id, json!({ "contents": ["FOLLOW_UPS", "INFORMATIONAL_INTERVIEWS"] })).await.done();
    assert_eq!(summaries(&read(&api, &url).await.text()), ["Talk with somebody"]);
}

async fn whose_a_feed_is(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let machine = acme.omnipotent().await;
    let feed = ada.create(KIND, json!({ "name": "Mine" })).await.id();
    ada.opens(&kim, &["projects:write", "learning:write"]).await;
    // No role, no grant and no machine sees it.
    for who in [&kim, &root, &machine] {
        assert_snapshot!(who.see(KIND, &feed).await.said(), @"NOT_FOUND");
        assert!(who.list(KIND, &[]).await.items.is_empty());
        for verb in ["rotateAddress", "delete"] {
            assert_snapshot!(who.tell(KIND, verb, &feed).await.said(), @"NOT_FOUND");
        }
    }
    assert_snapshot!(machine.create(KIND, json!({ "name": "Ours" })).await.said(), @"FORBIDDEN");
    assert_snapshot!(ada.tell(KIND, "delete", &nothing("cal")).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.create(KIND, json!({ "name": "", "contents": [] })).await.said(), @"VALIDATION_FAILED /name /contents");
    assert_eq!(ada.list(KIND, &[]).await.ids(), [feed]);
}
