//! Routes and their methods are those that are described.

use std::{collections::BTreeSet, fs};

use super::{METHODS, at, members, operations};
use crate::http::{
    problem::{Problem, samples::one_of_each},
    route::{Offered, Route},
};

const ALL: Offered = Offered {
    origin: true,
    admin: true,
};

/// Where a route is described.
fn path(route: Route) -> &'static str {
    match route {
        Route::SignUp => "/sign_up",
        Route::SignIn => "/sign_in",
        Route::RefreshToken => "/refresh_token",
        Route::SignOut => "/sign_out",
        Route::SecuredCall => "/secured/call",
        Route::SecuredOrigin => "/secured/{path}",
        Route::Health => "/health",
        Route::AdminGuard => "/admin/guard",
        Route::Preflight(_) => "*",
    }
}

/// A path that is meant by a described one.
fn concrete(path: &str) -> String {
    path.replace("{path}", "orders")
}

#[test]
fn every_route_is_described_and_every_described_path_is_a_route() {
    let routes = one_of_each!(Route {
        Route::SignUp => Route::SignUp,
        Route::SignIn => Route::SignIn,
        Route::RefreshToken => Route::RefreshToken,
        Route::SignOut => Route::SignOut,
        Route::SecuredCall => Route::SecuredCall,
        Route::SecuredOrigin => Route::SecuredOrigin,
        Route::Health => Route::Health,
        Route::AdminGuard => Route::AdminGuard,
        Route::Preflight(_) => Route::Preflight(""),
    });
    let of_routes: BTreeSet<&str> = routes.into_iter().map(path).filter(|path| *path != "*").collect();
    let described: BTreeSet<&str> = members(at("/paths")).keys().map(String::as_str).collect();
    assert_eq!(of_routes, described);
}

#[test]
fn every_method_that_a_path_takes_is_described_and_no_other() {
    let described: BTreeSet<String> = operations().map(|operation| operation.name()).collect();
    let mut taken = BTreeSet::new();
    for template in members(at("/paths")).keys() {
        for method in METHODS
            .map(str::to_uppercase)
            .iter()
            .chain(&["CONNECT".to_owned(), "QUERY".to_owned()])
        {
            match Route::find(method, &concrete(template), ALL) {
                Ok(Route::Preflight(_)) => assert_eq!(method, "OPTIONS"),
                Ok(route) => assert_eq!(path(route), template),
                Err(_) => continue,
            }
            taken.insert(format!("{method} {template}"));
        }
    }
    assert_eq!(taken, described);
}

#[test]
fn the_methods_that_allow_lists_are_those_described() {
    let described: BTreeSet<&str> = at("/components/schemas/Methods/enum")
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|methods| methods.as_str())
        .collect();
    let mut allowed = BTreeSet::new();
    for template in members(at("/paths")).keys() {
        let Err(Problem::MethodNotAllowed(allow)) = Route::find("BREW", &concrete(template), ALL) else {
            panic!("{template} takes every method")
        };
        allowed.insert(allow);
    }
    assert_eq!(allowed, described);
}

#[test]
fn what_is_there_only_with_its_setting_is_described_with_the_404_of_its_lack() {
    for operation in operations() {
        let found = Route::find(&operation.method, &concrete(operation.path), Offered::default());
        let may_be_missing = operation.responses().any(|(status, _)| status == "404");
        assert_eq!(found == Err(Problem::NotFound), may_be_missing, "{}", operation.name());
    }
}

/// `run_worker_first` in wrangler.toml: for these paths no static file is looked for. A `*` at the end is whatever follows.
fn asked_before_files() -> Vec<String> {
    let config = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../wrangler.toml")).unwrap();
    let (_, rest) = config.split_once("run_worker_first = [").unwrap();
    let (list, _) = rest.split_once(']').unwrap();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn no_static_file_stands_before_an_endpoint() {
    let before_files = asked_before_files();
    for path in members(at("/paths")).keys() {
        let is_before = |pattern: &String| match pattern.strip_suffix('*') {
            Some(start) => path.starts_with(start),
            None => path == pattern,
        };
        assert!(before_files.iter().any(is_before), "{path}");
    }
}
