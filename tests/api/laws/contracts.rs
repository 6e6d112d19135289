//! The contracts are what is committed, and the table of who may what is printed for everybody to read.

use std::{collections::BTreeMap, fs, path::Path};

use cairn::{
    auth::scopes,
    domain::{
        self,
        caller::{Caller, Principal},
        clock,
        policy::{Action, Rule, permission},
    },
};
use entity::{
    id::UserId,
    platform::membership::Role,
    vocabulary::{Set, Vocabulary as _},
};
use insta::assert_snapshot;

use crate::harness::{self, Api, stories};

stories!(what_is_served_is_what_is_committed);

async fn what_is_served_is_what_is_committed(api: Api) {
    for (path, file) in [("//openapi.json", "openapi/openapi.json"), ("//schema.graphql", "openapi/schema.graphql")] {
        let committed = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap_or_default();
        let served = api.anyone().get(path).await.fine().text();
        let place = committed.lines().zip(served.lines()).position(|(a, b)| a != b);
        let same = committed.trim_end() == served.trim_end();
        assert!(same, "{file} differs from the contract from line {place:?} on: run `cairn schemas` and commit it");
    }
}

/// An id says by its prefix what it is of.
#[test]
fn no_two_kinds_share_a_prefix() {
    let mut names = BTreeMap::new();
    for resource in domain::resources() {
        let (prefix, name) = (resource.shape.prefix, resource.shape.name);
        assert_eq!(names.insert(prefix, name), None, "{name} takes the prefix {prefix}");
    }
}

/// A row for each action: its scope, and for each kind of caller what is left of its rule: `-` when they never may.
#[tokio::test]
async fn the_policy_in_a_table() {
    let house = harness::sqlite_house().await;
    let somebody = UserId(clock::new_uuid());
    let caller = |principal, scopes| Caller {
        house: house.clone(),
        organization: clock::new_id(),
        settings: entity::platform::organization::Settings::default().into(),
        principal,
        scopes,
        session: None,
        request_id: "table".into(),
        now: clock::now(),
        idempotency: None,
        recalled: None,
    };
    let mut callers: Vec<(String, Caller)> = Role::ALL
        .iter()
        .map(|role| {
            let roles = Set::EMPTY.with(*role);
            (role.word().to_owned(), caller(Principal::User { id: somebody, roles }, scopes::scopes_of(roles)))
        })
        .collect();
    callers.push(("client".to_owned(), caller(Principal::Client { id: clock::new_id() }, scopes::all())));
    let mut table = format!("{:<26} {:<16}", "action", "scope");
    table += &callers.iter().map(|(name, _)| format!(" {name:<44}")).collect::<String>();
    table = table.trim_end().to_owned() + "\n";
    for action in Action::ALL {
        let (scope, _) = permission(*action);
        let mut row = format!("{:<26} {:<16}", action.name(), scope.word());
        for (_, who) in &callers {
            let left =
                if who.scopes.has(scope) { shown(&permission(*action).1.settled(who)) } else { "no scope".to_owned() };
            row += &format!(" {left:<44}");
        }
        table += row.trim_end();
        table.push('\n');
    }
    assert_snapshot!("policy", table);
}

fn shown(rule: &Rule) -> String {
    let list = |rules: &[Rule], by: &str| rules.iter().map(shown).collect::<Vec<_>>().join(by);
    match rule {
        Rule::Anyone => "yes".to_owned(),
        Rule::Nobody => "-".to_owned(),
        Rule::Owner(column) => format!("own {column}"),
        Rule::Granted(column, scopes) if scopes.len() > 3 => format!("granted {column}"),
        Rule::Granted(column, scopes) => {
            let scopes: Vec<_> =
                scopes.iter().map(|scope| scope.word().rsplit(':').next().unwrap_or_default()).collect();
            format!("granted {column} {}", scopes.join("/"))
        }
        Rule::Team(column, scopes, roles) => {
            let scopes = scopes.iter().map(|scope| scope.word().rsplit(':').next().unwrap_or_default());
            let words: Vec<_> = scopes.chain(roles.iter().map(|role| role.word())).collect();
            format!("team {column} {}", words.join("/"))
        }
        Rule::Person(column, role) => format!("{column} is {role}"),
        Rule::Among(column, words) => format!("{column} in {}", words.join("/")),
        Rule::Unowned(column) => format!("no {column}"),
        Rule::True(column) => column.to_string(),
        Rule::Reached(column) => format!("after {column}"),
        Rule::Sees(column, _) => format!("sees {column}"),
        Rule::Lives(column, _) => format!("{column} lives"),
        Rule::All(rules) => list(rules, " and "),
        Rule::Any(rules) => list(rules, ", "),
        other => format!("{other:?}"),
    }
}
