//! Every decision about a code as a data point of Workers Analytics Engine, for whoever watches the bill.
//!
//! Index: the country. Blobs: event (`code` or `country_budget`), decision, cause, country. Doubles: codes of the last hour in the country that nobody verified,
//! and how many there may be. Neither number nor address.

use guard::Budget;
use serde_json::json;
use worker::Env;

use crate::{
    runtime::{analytics, log},
    settings::ANALYTICS,
};

/// What was decided about one code.
pub(super) struct Decision<'a> {
    pub(super) request_id: &'a str,
    pub(super) country: &'a str,
    /// `sent`, `recorded`, `denied`, `failed`, `verified`.
    pub(super) outcome: &'static str,
    /// Why, if not `sent` or `verified`.
    pub(super) cause: &'static str,
}

impl Decision<'_> {
    /// Writes the line in the log and the data point. `budget` if it was the country's decision.
    pub(super) fn write(&self, env: &Env, budget: Option<&Budget>) {
        let Self {
            request_id,
            country,
            outcome,
            cause,
        } = self;
        let (unverified, limit) = budget.map_or((0, 0), |budget| (budget.unverified, budget.limit));
        let mut line = json!({
            "request_id": request_id, "country": country, "decision": outcome, "cause": cause,
        });
        if let (Some(members), Some(_)) = (line.as_object_mut(), budget) {
            members.insert("unverified".to_owned(), json!(unverified));
            members.insert("budget".to_owned(), json!(limit));
        }
        let event = if budget.is_some() { "country_budget" } else { "code" };
        if budget.is_some_and(Budget::is_exceeded) {
            log::warning(event, line);
        } else {
            log::info(event, line);
        }
        analytics::write(
            env,
            ANALYTICS,
            country,
            &[event, outcome, cause, country],
            &[f64::from(unverified), f64::from(limit)],
        );
    }
}
