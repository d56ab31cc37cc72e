//! New isolates of the worker `lenient`, which a test needs to see what an isolate does that knows nothing yet, or to ask the
//! issuer without waiting for the ten seconds that `fault` leaves between two questions.

use e2e::{
    Answer, Worker,
    key_server::KeyServer,
    keys::{PUBLISHED, UNPUBLISHED, of_this_run},
    ledger::Kind,
    lenient::{SCOPES, load_anew},
    system,
};
use serde_json::{Value, json};

use crate::issuer::claims_with;

/// A new isolate of `lenient`, and the issuer that it has its keys from.
pub(crate) struct Isolate {
    pub(crate) worker: Worker,
    issuer: String,
}

impl Isolate {
    /// In a location that never heard of this issuer.
    #[track_caller]
    pub(crate) fn in_new_location(server: &KeyServer, name: &str) -> Self {
        let issuer = of_this_run(name);
        let worker = load_anew(server, &issuer);
        Self { worker, issuer }
    }

    /// In a location that knows the issuer's keys: the isolate has them without having asked, and may ask at once.
    #[track_caller]
    pub(crate) fn in_knowing_location(server: &KeyServer, name: &str) -> Self {
        let first = Self::in_new_location(server, name);
        first.expect_accepted(name);
        let second = first.followed_by_another(server);
        second.expect_accepted(name);
        second
    }

    /// Another isolate of the same location; this one is gone.
    #[track_caller]
    pub(crate) fn followed_by_another(self, server: &KeyServer) -> Self {
        let Self { issuer, .. } = self;
        let worker = load_anew(server, &issuer);
        Self { worker, issuer }
    }

    #[track_caller]
    pub(crate) fn call(&self, token: &str) -> Answer {
        system().ledger.note(Kind::Token, token);
        self.worker.call_secured(token)
    }

    /// Checks that a good token, by the published key, is accepted.
    #[track_caller]
    pub(crate) fn expect_accepted(&self, name: &str) {
        let answer = self.call(&good());
        assert_eq!((answer.status, answer.code()), (200, String::new()), "{name}");
    }

    /// Checks that nobody can say whether a token is good.
    #[track_caller]
    pub(crate) fn expect_undecided(&self, name: &str, token: &str) {
        let answer = self.call(token);
        assert_eq!(answer.status, 503, "{name}");
        answer.expect_problem(503, "UPSTREAM_UNAVAILABLE");
        assert!(answer.header("retry-after").is_some(), "{name}");
    }
}

/// The claims of a token that `lenient` lets call.
pub(crate) fn lenient_claims() -> Value {
    claims_with("scope", json!(SCOPES.join(" ")))
}

/// The same with one claim changed.
pub(crate) fn lenient_claims_with(name: &str, value: Value) -> Value {
    let mut claims = lenient_claims();
    claims[name] = value;
    claims
}

/// A token that is good for `lenient`.
pub(crate) fn good() -> String {
    PUBLISHED.plain_token(&lenient_claims())
}

/// A token that would be good if its key were published.
pub(crate) fn unknown() -> String {
    UNPUBLISHED.plain_token(&lenient_claims())
}
