//! Reads the settings from the worker's bindings, once per isolate.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::Reflect;
use serde_json::json;
use worker::Env;

use super::log;
use crate::settings::Settings;

thread_local! {
    static SETTINGS: RefCell<Option<Rc<Settings>>> = const { RefCell::new(None) };
    static REPORTED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a binding that is not text has that name: a KV namespace, a service.
fn is_bound(env: &Env, name: &str) -> bool {
    Reflect::get(env, &name.into()).is_ok_and(|binding| binding.is_object())
}

/// Says once an isolate what is allowed, and what an operator may not want to be.
fn report(settings: &Settings) {
    for (event, detail) in settings.protection.warnings() {
        log::warning(event, json!({ "detail": detail }));
    }
}

/// The settings, or `None` if one is missing or malformed: that is logged by name, once per isolate.
pub(crate) fn load(env: &Env) -> Option<Rc<Settings>> {
    if let Some(settings) = SETTINGS.with_borrow(Clone::clone) {
        return Some(settings);
    }
    // `var` reads secrets as well: both are plain string bindings to the worker.
    let text = |name: &str| env.var(name).ok().map(|value| value.to_string());
    match Settings::read(text, |name| is_bound(env, name)) {
        Ok(settings) => {
            let settings = Rc::new(settings);
            report(&settings);
            SETTINGS.set(Some(Rc::clone(&settings)));
            Some(settings)
        }
        Err(invalid) => {
            if !REPORTED.replace(true) {
                log::error("invalid_settings", json!({ "detail": invalid.to_string() }));
            }
            None
        }
    }
}
