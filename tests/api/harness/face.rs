//! One vocabulary through both faces: the same command, the same read and the same refusal, by REST or by GraphQL, as the
//! contract names them.

use cairn::{
    domain::{
        self,
        verb::{On, Resource, Verb, kebab, upper_first},
    },
    read::shape::{Leaf, Shape, named_lists},
};
use entity::kind::{Kind, Object};
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::{
    Actor, Answer,
    answer::{pointers, refused},
};

/// How a command or a read is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Rest,
    Graphql,
}

/// What came of a command or a read.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The object, or null.
    pub object: Value,
    /// The whole answer.
    pub answer: Answer,
    /// The refusal in a line, if there was one.
    pub refused: Option<String>,
    /// More of the refusal, for programs.
    pub details: Value,
}

impl Outcome {
    /// How it ended: `fine`, or the code with the members that are wrong: `DUE_DATE_PAST /dueOn`.
    pub fn said(&self) -> String {
        self.refused.clone().unwrap_or_else(|| "fine".to_owned())
    }

    /// The code alone: what GraphQL finds before the core does, it finds without a pointer.
    pub fn code(&self) -> String {
        self.said().split(' ').next().unwrap_or_default().to_owned()
    }

    /// The object, of what must not have been refused.
    #[track_caller]
    pub fn done(self) -> Value {
        assert!(
            self.refused.is_none() && self.answer.status() < 300,
            "{} {}",
            self.answer.status(),
            self.answer.text()
        );
        self.object
    }

    /// The object's id.
    #[track_caller]
    pub fn id(self) -> String {
        id(&self.done())
    }

    /// Whether it was carried out by an earlier request with the same key.
    pub fn replayed(&self) -> bool {
        self.answer.header("idempotency-replayed") == "true"
    }
}

/// The id of an object.
#[track_caller]
pub fn id(object: &Value) -> String {
    object["id"].as_str().unwrap_or_else(|| panic!("no id in {object}")).to_owned()
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    pub items: Vec<Value>,
    pub info: Value,
    pub total: Value,
    pub refused: Option<String>,
}

impl Page {
    /// One member of each.
    pub fn each(&self, name: &str) -> Vec<Value> {
        self.items.iter().map(|item| item[name].clone()).collect()
    }

    /// The ids.
    pub fn ids(&self) -> Vec<String> {
        self.items.iter().map(id).collect()
    }
}

/// The resource of a name.
pub fn resource(name: &str) -> &'static Resource {
    domain::resource(name).unwrap_or_else(|| panic!("no resource {name}"))
}

impl Actor {
    /// Makes an object.
    pub async fn create(&self, name: &str, input: Value) -> Outcome {
        self.act(name, "create", None, input).await
    }

    /// Changes an object.
    pub async fn update(&self, name: &str, id: &str, input: Value) -> Outcome {
        self.act(name, "update", Some(id), input).await
    }

    /// Carries out a command without input.
    pub async fn tell(&self, name: &str, verb: &str, id: &str) -> Outcome {
        self.act(name, verb, Some(id), json!({})).await
    }

    /// Makes or changes what another system's name stands for.
    pub async fn upsert(&self, name: &str, source: &str, external_id: &str, input: Value) -> Outcome {
        let (of, id) = (resource(name), format!("ext:{source}:{external_id}"));
        let verb = of.verb("upsert").expect("an upsert");
        match self.face {
            Face::Rest => self.by_rest(of, verb, Some(&id), input).await,
            Face::Graphql => {
                let extra = json!({ verb.system(): source, "externalId": external_id });
                self.by_graphql(of, verb, extra, input).await
            }
        }
    }

    /// Carries out a command.
    pub async fn act(&self, name: &str, verb: &str, id: Option<&str>, input: Value) -> Outcome {
        let of = resource(name);
        // A batch takes one list, by a name of its own.
        let is_batch =
            |known: &&Verb| known.many && known.input.fields.iter().all(|field| input.get(&field.name).is_some());
        let mut named = of.verbs.iter().filter(|known| known.name == verb);
        let found =
            named.clone().find(is_batch).or_else(|| named.clone().find(|known| !known.many)).or_else(|| named.next());
        let verb = found.unwrap_or_else(|| panic!("{name} has no verb {verb}"));
        match self.face {
            Face::Rest => self.by_rest(of, verb, id, input).await,
            Face::Graphql => self.by_graphql(of, verb, id.map_or(json!({}), |id| json!({ "id": id })), input).await,
        }
    }

    async fn by_rest(&self, of: &Resource, verb: &Verb, id: Option<&str>, input: Value) -> Outcome {
        let (method, path) = route(of, verb, id);
        // What takes a list of what another takes one of.
        let body = if verb.many && matches!(verb.name, "create" | "record") {
            input.as_object().and_then(|input| input.values().next()).cloned().unwrap_or_default()
        } else {
            input
        };
        let mut request = self.request(method, &path).json(&body);
        if let Some(version) = self.known_version {
            request = request.header("if-match", format!("\"{version}.0\""));
        }
        of_rest(self.send(request).await)
    }

    async fn by_graphql(&self, of: &Resource, verb: &Verb, extra: Value, input: Value) -> Outcome {
        let name = of.mutation(verb);
        let shown = if verb.many { of.plural.to_owned() } else { of.singular() };
        let reveals = verb.reveals.map(|(name, _)| name).unwrap_or_default();
        let query = format!(
            "mutation Do($input: {}Input!) {{ done: {name}(input: $input) {{ object: {shown} {{ {} }} {reveals} \
             warnings {{ code message details }} userErrors {{ code message path details }} }} }}",
            upper_first(&name),
            leaves(&of.shape),
        );
        let mut members = extra.as_object().cloned().unwrap_or_default();
        if let Some(version) = self.known_version {
            members.insert("expectedVersion".to_owned(), version.into());
        }
        members.extend(input.as_object().cloned().unwrap_or_default());
        of_graphql(self.graphql(&query, json!({ "input": members })).await)
    }

    /// Looks at an object.
    pub async fn see(&self, name: &str, id: &str) -> Outcome {
        let of = resource(name);
        match self.face {
            Face::Rest => of_rest(self.get(&format!("/{}/{id}", of.path())).await),
            Face::Graphql => {
                let query =
                    format!("query See($id: ID!) {{ object: {}(id: $id) {{ {} }} }}", of.singular(), leaves(&of.shape));
                let answer = self.graphql(&query, json!({ "id": id })).await;
                let mut outcome = of_graphql(answer);
                outcome.object = outcome.answer.json()["data"]["object"].clone();
                if outcome.refused.is_none() && outcome.object.is_null() {
                    outcome.refused = Some("NOT_FOUND".to_owned());
                }
                outcome
            }
        }
    }

    /// Asks for a computed answer; a list of things is told as REST tells it, under `items`.
    pub async fn ask(&self, name: &str, input: Value) -> Outcome {
        let of = answer(name);
        if self.face == Face::Rest {
            return of_rest(
                self.send(self.request(Method::GET, &format!("/{}", of.path())).query(&asked(&input))).await,
            );
        }
        let shown = selected(name, of.output);
        let shown = shown.strip_prefix(name).unwrap_or_default();
        let answer = self.graphql(&format!("{{ told: {name}{} {shown} }}", question(of, &input)), json!({})).await;
        let mut outcome = of_graphql(answer);
        let told = outcome.answer.json()["data"]["told"].clone();
        outcome.object = if told.is_array() { json!({ "items": told }) } else { told };
        outcome
    }

    /// Asks for a computed answer in another form: `csv` or `svg`.
    pub async fn ask_for(&self, form: &str, name: &str, input: Value) -> String {
        let of = answer(name);
        let media_type = of.forms.iter().find(|known| known.name == form).expect("the form").media_type;
        if self.face == Face::Rest {
            let who = self.with("accept", media_type);
            let told = who.send(who.request(Method::GET, &format!("/{}", of.path())).query(&asked(&input))).await;
            assert_eq!(told.status(), 200, "{}", told.text());
            assert!(told.header("content-type").starts_with(&format!("{media_type}; charset=utf-8")));
            assert!(told.header("etag").starts_with('"') && told.header("vary").to_lowercase().contains("accept"));
            return told.text();
        }
        let query = format!("{{ told: {name}{} {{ {form} }} }}", question(of, &input));
        let told = self.graphql(&query, json!({})).await.fine();
        told["data"]["told"][form].as_str().expect("a text").to_owned()
    }

    /// The code with which another form of a computed answer is refused.
    pub async fn refuses(&self, form: &str, name: &str, input: Value) -> String {
        let of = answer(name);
        let code = if self.face == Face::Rest {
            let media_type = of.forms.iter().find(|known| known.name == form).expect("the form").media_type;
            let who = self.with("accept", media_type);
            let told = who.send(who.request(Method::GET, &format!("/{}", of.path())).query(&asked(&input))).await;
            told.json()["code"].clone()
        } else {
            let query = format!("{{ told: {name}{} {{ {form} }} }}", question(of, &input));
            self.graphql(&query, json!({})).await.json()["errors"][0]["extensions"]["code"].clone()
        };
        code.as_str().expect("a refusal").to_owned()
    }

    /// Looks at a list, as REST writes the question: `[("status", "DRAFT,ACTIVE"), ("sort", "-createdAt")]`.
    /// A list of a name of its own goes by that name: `reviewQueue`.
    pub async fn list(&self, name: &str, query: &[(&str, &str)]) -> Page {
        let (shape, root) = match named_lists().find(|(_, list)| list.name == name) {
            Some((shape, list)) => (shape, list.name),
            None => (&resource(name).shape, resource(name).plural),
        };
        match self.face {
            Face::Rest => self.list_by_rest(root, query).await,
            Face::Graphql => self.list_by_graphql(shape, root, query).await,
        }
    }

    async fn list_by_rest(&self, root: &str, query: &[(&str, &str)]) -> Page {
        let answer = self.send(self.request(Method::GET, &format!("/{}", kebab(root))).query(query)).await;
        let outcome = of_rest(answer);
        let items = outcome.object["items"].as_array().cloned().unwrap_or_default();
        let info = outcome.object["page"].clone();
        Page { items, total: info["totalCount"].clone(), info, refused: outcome.refused }
    }

    async fn list_by_graphql(&self, shape: &Shape, root: &str, query: &[(&str, &str)]) -> Page {
        let total = match query.iter().find(|(name, _)| *name == "count") {
            Some((_, "true")) => "totalCount".to_owned(),
            Some((_, most)) => format!("totalCount(atMost: {most})"),
            None => String::new(),
        };
        let document = format!(
            "query List($first: Int, $after: String, $last: Int, $before: String, $filter: {0}Filter, $orderBy: [{0}Order!]) {{ \
             page: {1}(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {{ \
             nodes {{ {2} }} pageInfo {{ startCursor endCursor hasNextPage hasPreviousPage }} {total} }} }}",
            shape.name,
            root,
            leaves(shape),
        );
        let outcome = of_graphql(self.graphql(&document, Value::Object(arguments(shape, query))).await);
        let page = outcome.answer.json()["data"]["page"].clone();
        let items = page["nodes"].as_array().cloned().unwrap_or_default();
        Page { items, info: page["pageInfo"].clone(), total: page["totalCount"].clone(), refused: outcome.refused }
    }
}

fn answer(name: &str) -> &'static domain::answer::Answer {
    let of = domain::answers().iter().find(|answer| answer.name == name);
    of.unwrap_or_else(|| panic!("no answer {name}"))
}

/// A question as REST asks it.
fn asked(input: &Value) -> Vec<(String, String)> {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let members = input.as_object().into_iter().flatten().map(|(name, value)| {
        let several = value.as_array().map(|all| all.iter().map(plain).collect::<Vec<_>>().join(","));
        (name.clone(), several.unwrap_or_else(|| plain(value)))
    });
    members.collect()
}

/// A question as GraphQL asks it.
fn question(of: &domain::answer::Answer, input: &Value) -> String {
    let members = input.as_object().into_iter().flatten();
    let arguments: Vec<_> =
        members.map(|(name, value)| format!("{name}: {}", literal(of.input, name, value))).collect();
    if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) }
}

/// Where REST offers a verb, by the contract's own words.
pub fn route(of: &Resource, verb: &Verb, id: Option<&str>) -> (Method, String) {
    let collection = format!("/{}", of.path());
    let object = format!("{collection}/{}", id.unwrap_or_default());
    match (verb.on, verb.name) {
        (On::Collection, "create" | "record") => (Method::POST, collection),
        (On::Collection, name) => (Method::POST, format!("{collection}/{}", kebab(name))),
        (On::External, _) => (Method::PUT, object),
        (On::Object, "update") => (Method::PATCH, object),
        (On::Object, "delete") => (Method::DELETE, object),
        (On::Object, name) => (Method::POST, format!("{object}/{}", kebab(name))),
    }
}

fn of_rest(answer: Answer) -> Outcome {
    let body = answer.json();
    let code = body["code"].as_str().filter(|_| answer.status() >= 400);
    let refused = code
        .map(|code| std::iter::once(code.to_owned()).chain(pointers(&body["errors"])).collect::<Vec<_>>().join(" "));
    let refused = refused.or_else(|| (answer.status() >= 400).then(|| answer.status().to_string()));
    if refused.is_some() {
        answer.problem();
    }
    Outcome { object: body.clone(), details: body["details"].clone(), refused, answer }
}

fn of_graphql(answer: Answer) -> Outcome {
    let body = answer.json();
    let payload = &body["data"]["done"];
    let first = &body["errors"][0]["extensions"];
    let (refused, details) = match payload["userErrors"].as_array().filter(|errors| !errors.is_empty()) {
        _ if !first.is_null() => {
            let code = first["code"].as_str().unwrap_or("no code").to_owned();
            let line = std::iter::once(code).chain(pointers(&first["errors"])).collect::<Vec<_>>().join(" ");
            (Some(line), first["details"].clone())
        }
        Some(errors) => (Some(refused(errors)), errors[0]["details"].clone()),
        None if answer.status() >= 400 => (Some(answer.status().to_string()), Value::Null),
        None => (None, Value::Null),
    };
    let mut object = payload["object"].clone();
    if let Some(members) = object.as_object_mut() {
        // What REST shows beside the object.
        for (name, value) in payload
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| !["object", "userErrors"].contains(&name.as_str()))
        {
            members.insert(name.clone(), value.clone());
        }
    } else if object.is_array() {
        object = json!({ "items": object, "warnings": payload["warnings"] });
    }
    Outcome { object, answer, refused, details }
}

/// Every value of a shape, as GraphQL selects it.
pub fn leaves(shape: &Shape) -> String {
    let all: Vec<String> = shape.leaves.iter().map(|leaf: &Leaf| selected(&leaf.name, leaf.kind)).collect();
    all.join(" ")
}

fn selected(name: &str, kind: Kind) -> String {
    let inner = |declared: &Object| {
        declared.fields.iter().map(|field| selected(&field.name, field.kind)).collect::<Vec<_>>().join(" ")
    };
    match kind {
        Kind::Object(declared) => format!("{name} {{ {} }}", inner(declared())),
        Kind::List { of: Kind::Object(declared), .. } => format!("{name} {{ {} }}", inner(declared())),
        _ => name.to_owned(),
    }
}

/// A value as GraphQL writes it: words stand without quotes.
fn literal(takes: &Object, name: &str, value: &Value) -> String {
    let kind = takes.fields.iter().find(|field| field.name == name).map(|field| field.kind);
    match (kind, value) {
        (Some(Kind::Word(_)), Value::String(word)) => word.clone(),
        (Some(Kind::List { of: Kind::Word(_), .. }), Value::Array(words)) => {
            format!("[{}]", words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "))
        }
        _ => value.to_string(),
    }
}

/// A question in the words of REST as the arguments of GraphQL.
fn arguments(shape: &Shape, query: &[(&str, &str)]) -> Map<String, Value> {
    let (mut out, mut filter) = (Map::new(), Map::new());
    for (name, value) in query {
        let (stem, bound) = name.split_once('.').unwrap_or((name, ""));
        match *name {
            "first" | "last" => {
                let number = value.parse::<i64>().map_or_else(|_| json!(value), Value::from);
                out.insert(stem.to_owned(), number);
            }
            "after" | "before" => _ = out.insert(stem.to_owned(), json!(value)),
            "count" => {}
            "sort" => _ = out.insert("orderBy".to_owned(), value.split(',').map(|word| order(shape, word)).collect()),
            "deleted" => _ = filter.insert(stem.to_owned(), json!(*value == "true")),
            "q" => _ = filter.insert(stem.to_owned(), json!(value)),
            _ => {
                let leaf = shape.leaf(stem).unwrap_or_else(|| panic!("{} has no {stem}", shape.name));
                let single = match leaf.kind {
                    Kind::Int { .. } => json!(value.parse::<i64>().expect("a number")),
                    Kind::Bool => json!(*value == "true"),
                    _ => json!(value),
                };
                match leaf.kind {
                    Kind::Int { .. } | Kind::Decimal | Kind::Time | Kind::Date => {
                        let bounds = filter.entry(stem).or_insert_with(|| json!({}));
                        for bound in if bound.is_empty() { vec!["gte", "lte"] } else { vec![bound] } {
                            bounds[bound] = single.clone();
                        }
                    }
                    Kind::Bool => _ = filter.insert(stem.to_owned(), single),
                    _ => _ = filter.insert(stem.to_owned(), value.split(',').collect()),
                }
            }
        }
    }
    if !filter.is_empty() {
        out.insert("filter".to_owned(), filter.into());
    }
    out
}

fn order(shape: &Shape, word: &str) -> Value {
    let (name, direction) = word.strip_prefix('-').map_or((word, "ASC"), |name| (name, "DESC"));
    json!({ "field": shape.leaf(name).map(Leaf::sort_word), "direction": direction })
}
