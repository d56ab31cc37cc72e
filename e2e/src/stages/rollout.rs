//! Which versions of a stage's worker answer, as Cloudflare's network would have it.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Map, Value, json};

use super::{
    account,
    stage::{Stage, Vars},
};
use crate::waiting;

/// What the tests set besides: limits are not what they try, and a sign-up need not hide how long it takes.
const BESIDES: [(&str, &str); 6] = [
    ("ALLOWED_COUNTRIES", "*"),
    ("SIGN_UP_FLOOR_MS", "0"),
    ("SEND_PAUSES_SECONDS", "0"),
    ("SENDS_PER_NUMBER", "1000/hour"),
    ("ANSWERS_PER_NUMBER", "1000/hour"),
    ("LOG_EVERY_ANSWER", "true"),
];

/// A version of a stage's worker: one set of settings.
#[derive(Clone)]
pub struct Version {
    pub name: String,
    settings: Map<String, Value>,
}

impl Version {
    /// A new version, with what the worker holds.
    pub fn new(vars: &Vars) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let own = vars.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let settings = own.chain(BESIDES);
        Self {
            name: format!("v{}", NEXT.fetch_add(1, Ordering::Relaxed)),
            settings: settings.map(|(name, value)| (name.to_owned(), json!(value))).collect(),
        }
    }
}

/// The base URL of a stage's worker, without a slash at the end.
pub fn url(stage: Stage) -> String {
    format!("{}/_rollout/{}", account().rollout, stage.0)
}

/// From here on these versions answer, and no others. Returns when each of them does.
#[track_caller]
pub fn live(stage: Stage, versions: &[&Version]) {
    let wanted: Map<String, Value> = versions
        .iter()
        .map(|version| (version.name.clone(), Value::Object(version.settings.clone())))
        .collect();
    let answer = ureq::put(&url(stage)).send(json!({ "live": wanted }).to_string());
    answer.unwrap_or_else(|error| panic!("the rollout of {} was refused: {error}", stage.0));
    for version in versions {
        waiting::until("a version that answers", std::time::Duration::from_secs(20), || {
            let health = ureq::get(format!("{}/health", url(stage))).header("x-version", &version.name);
            health.call().ok()
        });
    }
}
