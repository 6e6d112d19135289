//! Lists: pages in both directions, sorts, filters, search and counts, alike in both faces.

use serde_json::{Value, json};

use crate::harness::{Actor, Api, assert_snapshot, stories, stories_in_both_faces};

stories_in_both_faces!(
    there_and_back,
    counted_no_further,
    sorts,
    filters_and_search,
    what_is_no_page,
    while_others_write
);
stories!(links_lead_on, lists_within_lists, a_cursor_belongs_to_its_sort);

const KIND: &str = "LearningResource";

/// Somebody, and 23 resources with ties, nulls and letters of every kind.
async fn library(api: &Api) -> Actor {
    let ada = api.organization("Acme").await.learner("ada").await;
    for n in 0..23_i64 {
        let place = usize::try_from(n).unwrap();
        let title = ["Zebra", "äther", "Ähre", "alpha", "Beta", "100 %", "under_score"][place % 7];
        let kind = ["COURSE", "BOOK", "PAPER"][place % 3];
        let mut new = json!({ "kind": kind, "title": format!("{title} {}", n / 7) });
        if n % 4 != 0 {
            new["estimatedMinutes"] = json!(10 * (n % 5) + 10);
        }
        ada.create(KIND, new).await.done();
    }
    ada
}

/// Walks a whole list in pages, forwards by `first` and `after` or backwards by `last` and `before`.
pub async fn walk(who: &Actor, kind: &str, query: &[(&str, &str)], size: &str, forwards: bool) -> Vec<String> {
    let (count, from, more, end) = if forwards {
        ("first", "after", "hasNextPage", "endCursor")
    } else {
        ("last", "before", "hasPreviousPage", "startCursor")
    };
    let (mut ids, mut cursor): (Vec<String>, Option<String>) = (Vec::new(), None);
    loop {
        let mut query = query.to_vec();
        query.push((count, size));
        if let Some(cursor) = &cursor {
            query.push((from, cursor));
        }
        let page = who.list(kind, &query).await;
        assert_eq!(page.refused, None, "{kind} {query:?}");
        let here = page.ids();
        if forwards {
            ids.extend(here);
        } else {
            ids.splice(0..0, here).for_each(drop);
        }
        assert!(ids.len() < 1000, "{kind} goes round in circles");
        if page.info[more] != true {
            return ids;
        }
        cursor = Some(page.info[end].as_str().unwrap().to_owned());
    }
}

async fn there_and_back(api: Api) {
    let ada = library(&api).await;
    for sort in [
        "createdAt",
        "-createdAt",
        "title",
        "-title",
        "estimatedMinutes",
        "-estimatedMinutes",
        "estimatedMinutes,-title",
        "-updatedAt,title",
    ] {
        let query = [("sort", sort)];
        let whole = ada.list(KIND, &[("sort", sort), ("first", "100"), ("count", "true")]).await;
        assert_eq!(
            (whole.items.len(), &whole.total, &whole.info["hasNextPage"]),
            (23, &json!(23), &json!(false)),
            "{sort}"
        );
        for size in ["1", "5", "23"] {
            assert_eq!(walk(&ada, KIND, &query, size, true).await, whole.ids(), "{sort} forwards by {size}");
            assert_eq!(walk(&ada, KIND, &query, size, false).await, whole.ids(), "{sort} backwards by {size}");
        }
    }
}

async fn sorts(api: Api) {
    let ada = library(&api).await;
    let titles = async |sort: &str| {
        let page = ada.list(KIND, &[("sort", sort), ("first", "100")]).await;
        page.each("title").iter().map(|title| title.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // By code points, the same on both databases.
    let mut expected = titles("createdAt").await;
    expected.sort();
    assert_eq!(titles("title").await, expected);
    expected.reverse();
    assert_eq!(titles("-title").await, expected);
    // What has no value comes last, whichever way.
    for sort in ["estimatedMinutes", "-estimatedMinutes"] {
        let minutes = ada.list(KIND, &[("sort", sort), ("first", "100")]).await.each("estimatedMinutes");
        let nulls = minutes.iter().position(Value::is_null).unwrap();
        assert!(minutes[nulls..].iter().all(Value::is_null), "{sort}: {minutes:?}");
        let values: Vec<_> = minutes[..nulls].iter().map(|n| n.as_i64().unwrap()).collect();
        assert!(
            if sort.starts_with('-') { values.is_sorted_by(|a, b| a >= b) } else { values.is_sorted() },
            "{sort}: {values:?}"
        );
    }
}

async fn counted_no_further(api: Api) {
    let ada = library(&api).await;
    let count = async |count: &str, more: &[(&str, &str)]| {
        let query: Vec<_> = more.iter().copied().chain([("count", count), ("first", "1")]).collect();
        ada.list(KIND, &query).await
    };
    for (most, total) in [("true", 23), ("1", 1), ("22", 22), ("23", 23), ("24", 23), ("10000", 23)] {
        assert_eq!(count(most, &[]).await.total, total, "{most}");
    }
    assert_eq!(count("5", &[("kind", "COURSE")]).await.total, 5);
    assert_eq!(count("9", &[("kind", "COURSE")]).await.total, 8);
    assert_eq!(count("9", &[("q", "nothing like it")]).await.total, 0);
    // It is the whole list that is counted, whatever page is shown.
    let first = ada.list(KIND, &[("first", "20")]).await;
    let rest = count("22", &[("after", first.info["endCursor"].as_str().unwrap())]).await;
    assert_eq!((rest.total, rest.items.len()), (json!(22), 1));
    for most in ["0", "-1", "10001"] {
        let refused = count(most, &[]).await.refused.unwrap();
        assert!(refused.starts_with("BAD_INPUT") || refused.contains(" BAD_INPUT"), "{most}: {refused}");
    }
}

async fn filters_and_search(api: Api) {
    let ada = library(&api).await;
    let count = async |query: &[(&str, &str)]| {
        let query: Vec<_> = query.iter().copied().chain([("count", "true"), ("first", "100")]).collect();
        let page = ada.list(KIND, &query).await;
        assert_eq!(page.total, page.items.len(), "{query:?} {:?}", page.refused);
        page.items.len()
    };
    assert_snapshot!(count(&[("kind", "COURSE")]).await, @"8");
    assert_snapshot!(count(&[("kind", "COURSE,BOOK")]).await, @"16");
    assert_snapshot!(count(&[("estimatedMinutes.gte", "30"), ("estimatedMinutes.lt", "50")]).await, @"7");
    assert_snapshot!(count(&[("estimatedMinutes", "30")]).await, @"4");
    assert_snapshot!(count(&[("kind", "BOOK"), ("estimatedMinutes.gt", "0"), ("q", "a")]).await, @"2");
    // In any case, also beyond ASCII; what is a wildcard elsewhere is a letter here.
    assert_snapshot!(count(&[("q", "ÄTHER")]).await, @"4");
    assert_snapshot!(count(&[("q", "0 %")]).await, @"3");
    assert_snapshot!(count(&[("q", "%")]).await, @"3");
    assert_snapshot!(count(&[("q", "r_s")]).await, @"3");
    assert_snapshot!(count(&[("q", "nothing like it")]).await, @"0");
    assert_snapshot!(count(&[("createdAt.gt", "2999-01-01T00:00:00Z")]).await, @"0");
    assert_snapshot!(count(&[("createdAt.lt", "2999-01-01T01:00:00+01:00")]).await, @"23");
}

async fn what_is_no_page(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    ada.create(KIND, json!({ "kind": "BOOK", "title": "x" })).await.done();
    let said = async |query: &[(&str, &str)]| {
        let refused = ada.list(KIND, query).await.refused.unwrap_or_else(|| "fine".to_owned());
        refused.split(' ').next().unwrap().to_owned()
    };
    assert_snapshot!(said(&[("first", "100")]).await, @"fine");
    assert_snapshot!(said(&[("first", "101")]).await, @"BAD_INPUT");
    assert_snapshot!(said(&[("first", "-1")]).await, @"BAD_INPUT");
    // Both together mean the end of the list: no contract can say that they exclude each other.
    assert_snapshot!(said(&[("first", "1"), ("last", "1")]).await, @"fine");
    assert_snapshot!(said(&[("after", "nonsense")]).await, @"CURSOR_INVALID");
    assert_snapshot!(said(&[("q", "")]).await, @"BAD_INPUT");
    assert_snapshot!(said(&[("estimatedMinutes.gt", "99999999999")]).await, @"fine");
    assert_snapshot!(said(&[("createdAt.gt", "yesterday")]).await, @"BAD_INPUT");
    let many = vec!["BOOK"; 101].join(",");
    assert_snapshot!(said(&[("kind", &many)]).await, @"BAD_INPUT");
}

/// What is added while somebody pages is seen once or not at all; nothing is seen twice, nothing that was there is missed.
async fn while_others_write(api: Api) {
    let ada = library(&api).await;
    let before = walk(&ada, KIND, &[("sort", "title")], "100", true).await;
    let writer = {
        let ada = ada.clone();
        tokio::spawn(async move {
            for n in 0..15 {
                let letter = ["A", "m", "z"][n % 3];
                ada.create(KIND, json!({ "kind": "OTHER", "title": format!("{letter} new") })).await.done();
            }
        })
    };
    for _ in 0..4 {
        let seen = walk(&ada, KIND, &[("sort", "title")], "3", true).await;
        let mut once = seen.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), seen.len(), "nothing twice");
        assert!(before.iter().all(|id| seen.contains(id)), "nothing missed");
    }
    writer.await.unwrap();
}

async fn links_lead_on(api: Api) {
    let ada = library(&api).await;
    let linked = |header: &str, rel: &str| {
        let part = header.split(", ").find(|part| part.ends_with(&format!("rel=\"{rel}\"")))?;
        Some(part.split(['<', '>']).nth(1)?.strip_prefix("/api/v1")?.to_owned())
    };
    let (mut at, mut titles, mut last) =
        (Some("/learning-resources?sort=-title&first=7&kind=COURSE,BOOK".to_owned()), Vec::new(), String::new());
    while let Some(path) = at {
        let page = ada.get(&path).await.fine();
        titles.extend(page["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()));
        at = linked(page.header("link"), "next");
        last = page.header("link").to_owned();
    }
    assert_eq!(titles.len(), 16);
    assert!(titles.is_sorted_by(|a, b| a >= b));
    let back = ada.get(&linked(&last, "prev").unwrap()).await.fine();
    assert_eq!(back["items"].as_array().unwrap().len(), 7);
    assert!(linked(back.header("link"), "next").is_some());
    let first = ada.get("/learning-resources").await.fine();
    assert_eq!((first["items"].as_array().unwrap().len(), &first["page"]["totalCount"]), (20, &Value::Null));
    assert!(ada.get("/learning-resources?first=100").await.fine().header("link").is_empty());
}

async fn lists_within_lists(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let (foundations, competencies) = ada.foundations().await;
    for n in 0..3 {
        ada.create("LearningPlan", json!({ "title": format!("Plan {n}"), "fromFrameworkId": foundations }))
            .await
            .done();
    }
    let leaves = competencies.len() - 4;
    let expanded = ada.get("/learning-plans?expand=items.competency").await.fine();
    for plan in expanded["items"].as_array().unwrap() {
        let items = &plan["items"];
        assert_eq!((items["items"].as_array().unwrap().len(), &items["page"]["hasNextPage"]), (20, &json!(true)));
        assert!(items["items"][0]["competency"]["code"].is_string());
        assert_eq!(items["items"][0]["competency"]["id"], items["items"][0]["competencyId"]);
    }
    // Each connection within connections has pages of its own; two aliases are two pages.
    let query = "query($after: String) { learningPlans(orderBy: [{field: TITLE}]) { nodes { title
        items(first: 30, after: $after) { totalCount few: totalCount(atMost: 5) many: totalCount(atMost: 10000)
            nodes { id } pageInfo { endCursor hasNextPage } }
        some: items(first: 0, filter: {status: TODO}) { least: totalCount(atMost: 1) few: totalCount(atMost: 5) }
        none: items(first: 0, filter: {status: DONE}) { totalCount(atMost: 5) }
        last: items(last: 2) { edges { cursor node { id competency { framework { shortName } } } } pageInfo { hasPreviousPage } } } } }";
    let page = ada.graphql(query, json!({ "after": null })).await.fine();
    let plans = page["data"]["learningPlans"]["nodes"].as_array().unwrap().clone();
    for plan in &plans {
        assert_eq!(
            (&plan["items"]["totalCount"], plan["items"]["nodes"].as_array().unwrap().len()),
            (&json!(leaves), 30)
        );
        assert_eq!((&plan["items"]["few"], &plan["items"]["many"]), (&json!(5), &json!(leaves)));
        assert_eq!((&plan["some"]["least"], &plan["some"]["few"]), (&json!(1), &json!(5)));
        assert_eq!(plan["none"]["totalCount"], 0);
        assert_eq!(plan["last"]["edges"][1]["node"]["competency"]["framework"]["shortName"], "ai-foundations");
        assert_eq!(plan["last"]["pageInfo"]["hasPreviousPage"], true);
    }
    let after = &plans[1]["items"]["pageInfo"]["endCursor"];
    let next = ada.graphql(query, json!({ "after": after })).await.fine();
    assert_eq!(next["data"]["learningPlans"]["nodes"][1]["items"]["nodes"].as_array().unwrap().len(), leaves - 30);
    assert_snapshot!(ada.get("/learning-plans?expand=items.plan.items").await.problem(), @"400 BAD_INPUT expand");
    assert_snapshot!(ada.get("/learning-plans?expand=secrets").await.problem(), @"400 BAD_INPUT expand");
}

async fn a_cursor_belongs_to_its_sort(api: Api) {
    let ada = library(&api).await;
    let page = ada.list(KIND, &[("sort", "title"), ("first", "2")]).await;
    let cursor = page.info["endCursor"].as_str().unwrap();
    for path in [
        format!("/learning-resources?after={cursor}"),
        format!("/learning-resources?sort=-title&after={cursor}"),
        format!("/competencies?sort=path&after={cursor}"),
    ] {
        assert_eq!(ada.get(&path).await.problem(), "409 CURSOR_INVALID after", "{path}");
    }
    let query = "query($after: String) { learningResources(after: $after) { nodes { id } } }";
    assert_snapshot!(ada.graphql(query, json!({ "after": cursor })).await.user_error(), @"errors: CURSOR_INVALID /after");
    ada.get(&format!("/learning-resources?sort=title&kind=BOOK&after={cursor}")).await.fine();
    assert_snapshot!(ada.get("/learning-resources?first=2&first=3").await.problem(), @"400 BAD_INPUT first");
    assert_snapshot!(ada.get("/learning-resources?sort=provider").await.problem(), @"400 BAD_INPUT sort");
    assert_snapshot!(ada.get("/learning-resources?colour=red").await.problem(), @"400 BAD_INPUT colour");
    assert_snapshot!(ada.get("/learning-resources?kind=MOVIE").await.problem(), @"400 BAD_INPUT kind");
    assert_snapshot!(ada.get("/learning-resources?kind.gt=BOOK").await.problem(), @"400 BAD_INPUT kind.gt");
}
