//! The routes of the REST face: one `web::resource` for each path, so that a wrong method is 405 and says which are right.

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

/// Registers every path.
pub fn routes(cfg: &mut ServiceConfig) {
    let read = |path: &str| web::resource(format!("{ROOT}/{path}"));
    cfg.service(read("me").route(web::get().to(me::me)).route(web::head().to(me::me)));
    cfg.service(read("error-codes").route(web::get().to(me::error_codes)).route(web::head().to(me::error_codes)));
    cfg.configure(xapi::routes);
    for answer in domain::answers() {
        let ask = move |req: HttpRequest| ask::ask(answer, req);
        cfg.service(read(&answer.path()).route(web::get().to(ask)).route(web::head().to(ask)));
    }
    let mut paths: Vec<&str> = Vec::new();
    for operation in operations() {
        if !paths.contains(&operation.path.as_str()) {
            paths.push(&operation.path);
        }
    }
    // A path that is written out goes before one that holds an id in its place.
    paths.sort_by_key(|path| path.matches('{').count());
    for path in paths {
        let here = operations().iter().filter(|operation| operation.path == path);
        let resource = here
            .flat_map(methods)
            .fold(web::resource(path), |resource, (method, operation)| resource.route(route(method, operation)));
        cfg.service(resource);
    }
}

/// What can be got can be asked for its head alone.
fn methods(operation: &'static Operation) -> Vec<(Method, &'static Operation)> {
    let head = (operation.method == Method::GET).then_some((Method::HEAD, operation));
    [(operation.method.clone(), operation)].into_iter().chain(head).collect()
}

fn route(method: Method, operation: &'static Operation) -> Route {
    web::method(method).to(move |req: HttpRequest, payload: Payload| serve(operation, req, payload))
}
