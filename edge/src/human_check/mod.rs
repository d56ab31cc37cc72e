//! Whether a human asks for a code: Cloudflare Turnstile, checked on the server's side.
//!
//! Source: "Validate the token" (Server-side validation), Cloudflare Turnstile's documentation. A token is good once and for
//! five minutes; the service itself sees to both.

mod verdict;

use std::time::Duration;

use serde_json::json;
use verdict::Verdict;

use crate::{
    http::problem::Problem,
    runtime::{clock::Deadline, fetch, log, random},
};

/// Longest token that Turnstile makes, in characters.
pub(crate) const MAX_TOKEN: usize = 2_048;

/// How long the service may take, each time that it is asked.
const WITHIN: Duration = Duration::from_millis(1_500);

/// How often it is asked, if it cannot be reached.
const TRIES: usize = 2;

/// How humans are told from others. Holds a secret, hence no `Debug`.
pub(crate) struct HumanCheck {
    pub(crate) secret: String,
    /// Where tokens are verified.
    pub(crate) url: String,
    /// Of the sites whose tokens count.
    pub(crate) hostnames: Vec<String>,
    /// What the token must be for.
    pub(crate) action: String,
    pub(crate) asked: Asked,
}

/// When somebody has to show to be human.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Always,
    AboveSoftLimits,
}

impl HumanCheck {
    /// Whether the client says that it is human, which is to be verified: `false` if it says nothing and need not.
    /// [`Problem::HumanCheckRequired`] if it must.
    pub(crate) fn is_claimed(&self, token: Option<&str>) -> Result<bool, Problem> {
        match (token, self.asked) {
            (Some(_), _) => Ok(true),
            (None, Asked::AboveSoftLimits) => Ok(false),
            (None, Asked::Always) => Err(Problem::HumanCheckRequired),
        }
    }

    /// Has the token verified.
    ///
    /// # Errors
    /// [`Problem::HumanCheckRequired`] if it is not good, [`Problem::UpstreamUnavailable`] if nobody can tell.
    pub(crate) async fn check(
        &self,
        token: &str,
        address: Option<&str>,
        request_id: &str,
        deadline: Deadline,
    ) -> Result<(), Problem> {
        match self.verify(token, address, deadline).await {
            Verdict::Human => Ok(()),
            Verdict::NotHuman(reason) => {
                log::info(
                    "human_check_failed",
                    json!({ "request_id": request_id, "reason": reason }),
                );
                Err(Problem::HumanCheckRequired)
            }
            Verdict::Misconfigured => {
                log::error("human_check_misconfigured", json!({ "request_id": request_id }));
                Err(Problem::Internal)
            }
            Verdict::Unknown => {
                log::warning("human_check_unavailable", json!({ "request_id": request_id }));
                Err(Problem::UpstreamUnavailable)
            }
        }
    }

    async fn verify(&self, token: &str, address: Option<&str>, deadline: Deadline) -> Verdict {
        // With the same key a token can be verified again after an answer that got lost; without, it would be used up.
        let body = json!({
            "secret": self.secret, "response": token, "remoteip": address, "idempotency_key": random::uuid(),
        })
        .to_string();
        for _ in 0..TRIES {
            let limit = WITHIN.min(deadline.remaining());
            let headers = [("content-type", "application/json")];
            let verdict = match fetch::post(&self.url, headers, &body, limit).await {
                Ok(answer) => Verdict::read(answer.status, &answer.body, &self.hostnames, &self.action),
                Err(_) => Verdict::Unknown,
            };
            if verdict != Verdict::Unknown {
                return verdict;
            }
        }
        Verdict::Unknown
    }
}
