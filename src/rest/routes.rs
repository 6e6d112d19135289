//! The routes of the REST face: one `web::resource` for each path, so that a wrong method is 405 and says which are right.

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest, Route,
    http::Method,
    web::{self, Payload, ServiceConfig},
};

use super::{
    ask, me,
    operation::{Operation, ROOT, operations},
    serve::serve,
    xapi,
};
use crate::domain;

/// Registers every path. The router looks at one after the other: it looks first at what the path begins with, so that it
/// need not look at the paths of every resource to find one.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::scope(ROOT).configure(inside));
}

fn inside(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/me").route(web::get().to(me::me)).route(web::head().to(me::me)));
    let codes = web::resource("/error-codes");
    cfg.service(codes.route(web::get().to(me::error_codes)).route(web::head().to(me::error_codes)));
    cfg.configure(xapi::routes);
    for answer in domain::answers() {
        let ask = move |req: HttpRequest| ask::ask(answer, req);
        let path = format!("/{}", answer.path());
        cfg.service(web::resource(path).route(web::get().to(ask)).route(web::head().to(ask)));
    }
    for (collection, paths) in collections() {
        let scope = paths.into_iter().fold(web::scope(collection), |scope, path| {
            let here = operations().iter().filter(|operation| operation.path == path);
            let below = &path[ROOT.len() + collection.len()..];
            let resource = here
                .flat_map(methods)
                .fold(web::resource(below), |resource, (method, operation)| resource.route(route(method, operation)));
            scope.service(resource)
        });
        cfg.service(scope);
    }
}

/// The paths of the operations, by what they begin with.
fn collections() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for operation in operations() {
        let below = &operation.path[ROOT.len()..];
        let end = below[1..].find('/').map_or(below.len(), |end| end + 1);
        let paths = all.entry(&below[..end]).or_default();
        if !paths.contains(&operation.path.as_str()) {
            paths.push(&operation.path);
        }
    }
    // A path that is written out goes before one that holds an id in its place.
    for paths in all.values_mut() {
        paths.sort_by_key(|path| path.matches('{').count());
    }
    all
}

/// What can be got can be asked for its head alone.
fn methods(operation: &'static Operation) -> Vec<(Method, &'static Operation)> {
    let head = (operation.method == Method::GET).then_some((Method::HEAD, operation));
    [(operation.method.clone(), operation)].into_iter().chain(head).collect()
}

fn route(method: Method, operation: &'static Operation) -> Route {
    web::method(method).to(move |req: HttpRequest, payload: Payload| serve(operation, req, payload))
}
