//! Reads the settings from the worker's bindings, once per isolate.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use serde_json::json;
use worker::Env;

use super::log;
use crate::settings::Settings;

thread_local! {
    static SETTINGS: RefCell<Option<Rc<Settings>>> = const { RefCell::new(None) };
    static REPORTED: Cell<bool> = const { Cell::new(false) };
}

/// The settings, or `None` if one is missing or malformed: that is logged by name, once per isolate.
pub(crate) fn load(env: &Env) -> Option<Rc<Settings>> {
    if let Some(settings) = SETTINGS.with_borrow(Clone::clone) {
        return Some(settings);
    }
    // `var` reads secrets as well: both are plain string bindings to the worker.
    match Settings::read(|name| env.var(name).ok().map(|value| value.to_string())) {
        Ok(settings) => {
            let settings = Rc::new(settings);
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
