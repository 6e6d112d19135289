//! Both faces offer the same operations, and none without a token, but for a few that are public.

use std::collections::{BTreeMap, BTreeSet};

use cairn::domain;
use insta::assert_snapshot;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Api, stories};

stories!(none_without_a_token, both_faces_offer_the_same);

/// The methods and paths of the document, each with its description.
pub async fn documented(api: &Api) -> Vec<(Method, String, Value)> {
    let document = api.anyone().get("//openapi.json").await.fine().json().clone();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in
            item.as_object().unwrap().iter().filter(|(_, operation)| operation["operationId"].is_string())
        {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let secured = if operation["security"].is_null() { &document["security"] } else { &operation["security"] };
            let mut operation = operation.clone();
            operation["secured"] = json!(secured.as_array().is_some_and(|needs| {
                needs.iter().any(|need| need.as_object().is_some_and(|need| !need.is_empty()))
            }));
            all.push((method, path.clone(), operation));
        }
    }
    all
}

async fn none_without_a_token(api: Api) {
    let anyone = api.anyone();
    let mut public = Vec::new();
    for (method, path, operation) in documented(&api).await {
        if operation["secured"] == false {
            public.push(format!("{method} {path}"));
            continue;
        }
        let path = format!("/{}", path.replace("{id}", "pln_00000000000000000000000000"));
        for who in [anyone.clone(), anyone.bearing("x.y.z")] {
            let answer = who.send(who.request(method.clone(), &path).json(&json!({}))).await;
            assert_eq!(answer.problem(), "401 UNAUTHENTICATED", "{method} {path}");
            assert!(answer.header("www-authenticate").starts_with("Bearer"), "{method} {path}");
        }
    }
    public.sort();
    assert_snapshot!("public_operations", public.join("\n"));
    let roots = roots(&api).await;
    for (kind, name) in roots.iter().flat_map(|(kind, names)| names.iter().map(move |name| (kind, name))) {
        let answer = anyone.graphql(&format!("{} {{ {name} }}", kind.to_lowercase()), json!({})).await;
        assert_eq!((answer.status(), answer.user_error().as_str()), (401, "errors: UNAUTHENTICATED"), "{name}");
    }
}

/// The fields of the two roots of GraphQL.
async fn roots(api: &Api) -> BTreeMap<&'static str, BTreeSet<String>> {
    let ada = api.organization("Roots").await.learner("ada").await;
    let answer = ada
        .graphql("{ __schema { queryType { fields { name } } mutationType { fields { name } } } }", json!({}))
        .await
        .fine();
    let names = |root: &str| {
        let fields = answer["data"]["__schema"][root]["fields"].as_array().unwrap();
        fields.iter().map(|field| field["name"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    BTreeMap::from([("Query", names("queryType")), ("Mutation", names("mutationType"))])
}

/// What only one face has, and why.
const EXEMPT: &[(&str, &str)] = &[
    ("node", "REST has typed paths"),
    ("nodes", "REST has typed paths"),
    ("recordCompletions", "REST takes a list where it takes one"),
    ("createLearningSessions", "REST takes a list where it takes one"),
    ("recordObservations", "REST takes a list where it takes one"),
    ("getMe", "`me` in GraphQL"),
    ("me", "`getMe` in REST"),
    ("listErrorCodes", "`errorCodes` in GraphQL"),
    ("errorCodes", "`listErrorCodes` in REST"),
    ("getXapiAbout", "xAPI is a standard of its own"),
    ("postXapiStatements", "xAPI: `recordCompletions` in GraphQL"),
    ("putXapiStatement", "xAPI: `recordCompletion` in GraphQL"),
];

async fn both_faces_offer_the_same(api: Api) {
    let documented = documented(&api).await;
    let rest: BTreeMap<String, String> = documented
        .iter()
        .filter(|(_, path, _)| path.starts_with("/api/v1/"))
        .map(|(method, path, operation)| {
            (operation["operationId"].as_str().unwrap().to_owned(), format!("{method} {path}"))
        })
        .collect();
    let roots = roots(&api).await;
    let graphql: BTreeSet<&str> = roots.values().flatten().map(String::as_str).collect();
    let mut table = String::new();
    let (mut seen_rest, mut seen_graphql) = (BTreeSet::new(), BTreeSet::new());
    let mut row = |operation: String, field: String| {
        let place = rest.get(&operation).map_or("-", String::as_str);
        let known = if graphql.contains(field.as_str()) { field.as_str() } else { "-" };
        table += &format!("{place:<64} {known}\n");
        seen_rest.insert(operation.clone());
        seen_graphql.insert(field.clone());
        let exempt = |name: &str| EXEMPT.iter().any(|(known, _)| *known == name);
        assert!(place != "-" || exempt(&field), "{field} is missing in REST");
        assert!(known != "-" || exempt(&operation), "{operation} is missing in GraphQL");
    };
    for resource in domain::resources() {
        let plural = resource.plural;
        row(format!("list{}{}", plural[..1].to_uppercase(), &plural[1..]), plural.to_owned());
        row(format!("get{}", resource.shape.name), resource.singular());
        for list in &resource.shape.lists {
            row(format!("list{}{}", list.name[..1].to_uppercase(), &list.name[1..]), list.name.to_owned());
        }
        for verb in &resource.verbs {
            row(resource.mutation(verb), resource.mutation(verb));
        }
    }
    for answer in domain::answers() {
        row(format!("get{}{}", answer.name[..1].to_uppercase(), &answer.name[1..]), answer.name.to_owned());
    }
    let left: Vec<&str> = rest.keys().filter(|name| !seen_rest.contains(*name)).map(String::as_str).collect();
    let alone: Vec<&str> = graphql.into_iter().filter(|name| !seen_graphql.contains(*name)).collect();
    for name in left.iter().chain(&alone) {
        let why =
            EXEMPT.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name} is in one face alone"));
        table += &format!("{name}: {}\n", why.1);
    }
    assert_snapshot!("operations", table);
}
