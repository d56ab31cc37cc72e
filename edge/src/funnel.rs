//! The funnel: who asks for a code, gets one, and signs in with it; as data points of Workers Analytics Engine, and in the log.
//!
//! This is the one place that says what a data point looks like (docs/watching.md has the queries):
//!
//! | | |
//! |---|---|
//! | index | the country: ISO 3166-1 alpha-2, `ZZ` for numbers of none, `test` for test numbers, `unknown` where only the number's Guard would know |
//! | blob 1 | the event: `code` (somebody asks for one), `answer` (somebody answers with one), `country_budget` (what a country's Guard says) |
//! | blob 2 | the outcome: see [`Outcome`] |
//! | blob 3 | the reason, if it is neither `asked`, `sent` nor `verified` |
//! | blob 4 | the country once more |
//! | double 1 | `country_budget`: codes of the last hour in the country that nobody verified; otherwise 0 |
//! | double 2 | `country_budget`: how many there may be; otherwise 0 |
//!
//! Neither number nor address. Every code that is asked for is either sent, denied or failed; an answer is either verified,
//! failed or denied, and up to three of them belong to one code. But `guard_failed` and `guard_timed_out` of a number's Guard
//! ([`crate::guard::NoAnswer`]) may come on top of that: the worker writes them when it hears nothing, and the Guard may have
//! written how it ended, or still do so.

use guard::Budget;
use serde_json::json;
use worker::Env;

use crate::{
    runtime::{analytics, log},
    settings::ANALYTICS,
};

/// By what a number is counted that belongs to no country: ISO 3166-1 leaves this code to users.
pub(crate) const NO_COUNTRY: &str = "ZZ";

/// The country of test numbers, which are counted for none.
pub(crate) const TEST: &str = "test";

/// The country of what ends before the number's Guard is asked, where the number is not known.
pub(crate) const UNKNOWN: &str = "unknown";

/// What it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// Somebody asks for a code.
    Code,
    /// Somebody answers with one.
    Answer,
    /// A country's budget of unverified codes.
    CountryBudget,
}

/// How far it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A code was asked for, for a possible number.
    Asked,
    /// Cognito and the triggers sent it. Of a budget: it may be sent.
    Sent,
    /// Of a budget: it may be sent, but not if the budget were not only recorded.
    Recorded,
    /// The answer was right.
    Verified,
    /// It was let through and came to nothing: something failed, or the answer was wrong or late.
    Failed,
    /// It was not let through.
    Denied,
}

impl Event {
    const fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Answer => "answer",
            Self::CountryBudget => "country_budget",
        }
    }
}

impl Outcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Sent => "sent",
            Self::Recorded => "recorded",
            Self::Verified => "verified",
            Self::Failed => "failed",
            Self::Denied => "denied",
        }
    }
}

/// One step of somebody through the funnel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step<'a> {
    pub(crate) request_id: &'a str,
    pub(crate) event: Event,
    pub(crate) country: &'a str,
    pub(crate) outcome: Outcome,
    /// Empty where the outcome says it all.
    pub(crate) reason: &'static str,
}

impl Step<'_> {
    /// Writes the data point and a line in the log.
    pub(crate) fn write(&self, env: &Env) {
        log::info(self.event.name(), self.line());
        self.write_point(env);
    }

    /// Writes the data point alone: of what has a line in the log already, or of what a client can repeat at will, which shall
    /// not write the operator's log.
    pub(crate) fn write_point(&self, env: &Env) {
        self.point(None).write(env);
    }

    /// Writes what was decided about a country.
    pub(crate) fn write_budget(&self, env: &Env, budget: &Budget) {
        let mut line = self.line();
        if let Some(members) = line.as_object_mut() {
            members.insert("unverified".to_owned(), json!(budget.unverified));
            members.insert("budget".to_owned(), json!(budget.limit));
        }
        if budget.is_exceeded() {
            log::warning(self.event.name(), line);
        } else {
            log::info(self.event.name(), line);
        }
        self.point(Some(budget)).write(env);
    }

    /// The fields that lines of worker and triggers share.
    fn line(&self) -> serde_json::Value {
        json!({
            "request_id": self.request_id,
            "country": self.country,
            "outcome": self.outcome.name(),
            "reason": self.reason,
        })
    }

    fn point(&self, budget: Option<&Budget>) -> Point<'_> {
        let doubles = budget.map_or([0.0; 2], |budget| [budget.unverified, budget.limit].map(f64::from));
        Point {
            index: self.country,
            blobs: [self.event.name(), self.outcome.name(), self.reason, self.country],
            doubles,
        }
    }
}

/// A data point, as the engine keeps it.
#[derive(Debug, PartialEq)]
struct Point<'a> {
    index: &'a str,
    blobs: [&'a str; 4],
    doubles: [f64; 2],
}

impl Point<'_> {
    fn write(&self, env: &Env) {
        analytics::write(env, ANALYTICS, self.index, &self.blobs, &self.doubles);
    }
}

#[cfg(test)]
mod tests {
    use guard::UnixMillis;

    use super::*;

    const STEP: Step<'_> = Step {
        request_id: "3f0c",
        event: Event::Answer,
        country: "DE",
        outcome: Outcome::Failed,
        reason: "wrong",
    };

    #[test]
    fn a_data_point_has_the_layout_that_is_documented() {
        let expected = Point {
            index: "DE",
            blobs: ["answer", "failed", "wrong", "DE"],
            doubles: [0.0, 0.0],
        };
        assert_eq!(STEP.point(None), expected);
    }

    #[test]
    fn the_point_of_a_budget_says_how_much_of_it_is_used() {
        let budget = Budget {
            unverified: 4,
            limit: 3,
            decision: Ok(UnixMillis(1)),
        };
        let step = Step {
            event: Event::CountryBudget,
            outcome: Outcome::Recorded,
            reason: "country_budget",
            ..STEP
        };
        let expected = Point {
            index: "DE",
            blobs: ["country_budget", "recorded", "country_budget", "DE"],
            doubles: [4.0, 3.0],
        };
        assert_eq!(step.point(Some(&budget)), expected);
    }

    #[test]
    fn a_line_shares_its_fields_with_the_triggers() {
        let expected = json!({"request_id": "3f0c", "country": "DE", "outcome": "failed", "reason": "wrong"});
        assert_eq!(STEP.line(), expected);
    }
}
