//! Revocation at the edge. An access token is good until it expires, wherever it is checked without asking Cognito; here it
//! also ends when its user signs out.
//!
//! What is promised, when the deny list is bound (a Workers KV namespace, [`DENY_LIST`](crate::settings::DENY_LIST)):
//!
//! - The location that signed out refuses at once: the isolate by its own memory, the others there by a marker ([`marker`]).
//! - Every other location refuses within a minute. It may have read the deny list just before: KV hands that answer out again
//!   for [`CACHE_SECONDS`], also if it was "nothing there" ("How KV works", Workers KV), and then an isolate for ten seconds.
//!   40 s in all; the rest is for KV itself, whose write goes to central stores that a location asks when its own copy has
//!   ended. KV promises no more than "60 seconds or more" for that, so the minute is what is to be expected and not what is
//!   guaranteed. Until then a token that was signed out opens what it opened before, in those locations.
//!
//! Without a deny list only the isolate that signed out refuses, until it is ended; Cognito refuses the refresh either way.
//!
//! What a secured call costs by it:
//!
//! - without a deny list: a look at the isolate's memory. Nothing is awaited, nothing allocated, the platform not called.
//! - with one: two look-ups in the location's cache, side by side, no matter what the isolate knows, because another isolate
//!   may have signed out a millisecond ago; and at most once in ten seconds for each sign-in in each isolate two reads of KV
//!   beside them. These are billed.

mod expiring_map;
mod marker;
mod memory;
mod record;

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use challenge::UnixSeconds;
use futures_util::future::join;
use serde_json::json;
use worker::Env;

use crate::{
    http::problem::Problem,
    runtime::{
        clock::{self, Deadline},
        key_value::{KeyValue, KeyValueError},
        log,
    },
    settings::{DENY_LIST, Settings},
    token::{Caller, Rejection, TokenError},
};
use marker::Markers;
use memory::Memory;
pub(crate) use record::Extent;
use record::{Entry, Keys, SignOuts};

/// For how long a location may answer from what it has read of the deny list, in seconds: the least that KV takes.
const CACHE_SECONDS: u32 = 30;

/// The longest wait for the deny list in a secured call.
const READ_LIMIT: Duration = Duration::from_secs(1);

/// The longest wait for it in a sign-out, which has Cognito to call afterwards.
const WRITE_LIMIT: Duration = Duration::from_secs(2);

/// Least time between two warnings that the deny list cannot be read, in seconds: secured calls may be many.
const WARNING_INTERVAL: u64 = 10;

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
    /// When the last of those warnings was.
    static WARNED_AT: Cell<Option<UnixSeconds>> = const { Cell::new(None) };
    /// Whether it was said that there is no deny list.
    static LACK_REPORTED: Cell<bool> = const { Cell::new(false) };
}

/// The sign-outs, as far as one request can know and change them.
pub(crate) struct Revocation<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) env: &'a Env,
    /// The worker's own scheme and host.
    pub(crate) site: &'a str,
    pub(crate) deadline: Deadline,
}

impl Revocation<'_> {
    /// Whether the caller may go on.
    ///
    /// # Errors
    /// [`Rejection::SignedOut`]; [`TokenError::DenyListUnavailable`] if that cannot be known and the settings want it known.
    pub(crate) async fn check(&self, caller: &Caller) -> Result<(), TokenError> {
        let now = clock::now();
        if MEMORY.with_borrow(|memory| memory.own(caller, now)).refuses(caller) {
            return Err(Rejection::SignedOut.into());
        }
        if !self.settings.has_deny_list {
            return Ok(());
        }
        let keys = Keys::of(caller);
        let markers = self.markers();
        let (marked, stored) = join(markers.look_up(&keys), self.stored(caller, &keys, now)).await;
        if let Some(error) = stored.error {
            warn_unreadable(error, now);
        }
        verdict(caller, marked, stored, self.settings.deny_list_fail_closed)
    }

    /// Signs the caller out here, and has it told to all locations.
    ///
    /// # Errors
    /// [`Problem::UpstreamUnavailable`] if not all locations will know. This one does, as far as it can.
    pub(crate) async fn add(&self, caller: &Caller, extent: Extent) -> Result<(), Problem> {
        let now = clock::now();
        let entry = Entry::new(caller, extent, self.settings.expected.clock_tolerance, now);
        let to_be_stored = MEMORY.with_borrow_mut(|memory| memory.add(caller, &entry, now));
        if !self.settings.has_deny_list {
            if !LACK_REPORTED.replace(true) {
                log::warning("no_deny_list", json!({ "binding": DENY_LIST }));
            }
            return Ok(());
        }
        let keys = Keys::of(caller);
        let markers = self.markers();
        let (stored, ()) = join(
            async {
                if to_be_stored {
                    self.store(&keys, &entry).await
                } else {
                    Ok(())
                }
            },
            markers.leave(&keys, &entry),
        )
        .await;
        if let Err(error) = stored {
            log::warning("deny_list_not_written", json!({ "reason": reason(error) }));
            return Err(Problem::UpstreamUnavailable);
        }
        if to_be_stored {
            MEMORY.with_borrow_mut(|memory| memory.stored(caller, &entry, now));
        }
        Ok(())
    }

    fn markers(&self) -> Markers<'_> {
        Markers {
            site: self.site,
            issuer: &self.settings.expected.issuer,
        }
    }

    /// What the deny list says of the caller, or said lately.
    async fn stored(&self, caller: &Caller, keys: &Keys, now: UnixSeconds) -> Stored {
        if let Some(sign_outs) = MEMORY.with_borrow(|memory| memory.known(caller, now)) {
            return Stored { sign_outs, error: None };
        }
        let limit = READ_LIMIT.min(self.deadline.remaining());
        let (session, user) = match KeyValue::bound(self.env, DENY_LIST) {
            Ok(namespace) => {
                join(
                    namespace.get(&keys.session, CACHE_SECONDS, limit),
                    namespace.get(&keys.user, CACHE_SECONDS, limit),
                )
                .await
            }
            Err(error) => (Err(error), Err(error)),
        };
        let stored = Stored::of(session, user);
        if stored.error.is_none() {
            MEMORY.with_borrow_mut(|memory| memory.learn(caller, stored.sign_outs, now));
        }
        stored
    }

    async fn store(&self, keys: &Keys, entry: &Entry) -> Result<(), KeyValueError> {
        let namespace = KeyValue::bound(self.env, DENY_LIST)?;
        let limit = WRITE_LIMIT.min(self.deadline.remaining());
        namespace
            .put(keys.key(entry.extent), &entry.value(), entry.seconds, limit)
            .await
    }
}

/// What the deny list says of a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stored {
    sign_outs: SignOuts,
    /// Why that may not be all.
    error: Option<KeyValueError>,
}

impl Stored {
    /// Puts together what was read under the two keys. If one of them could not be read, the other still counts.
    fn of(session: Result<Option<String>, KeyValueError>, user: Result<Option<String>, KeyValueError>) -> Self {
        let error = session.as_ref().err().or(user.as_ref().err()).copied();
        let (session, user) = (session.ok().flatten(), user.ok().flatten());
        Self {
            sign_outs: SignOuts::read(session.as_deref(), user.as_deref()),
            error,
        }
    }
}

/// What follows from what the location's markers and the deny list say.
fn verdict(caller: &Caller, marked: SignOuts, stored: Stored, fail_closed: bool) -> Result<(), TokenError> {
    if marked.refuses(caller) || stored.sign_outs.refuses(caller) {
        Err(Rejection::SignedOut.into())
    } else if stored.error.is_some() && fail_closed {
        Err(TokenError::DenyListUnavailable)
    } else {
        Ok(())
    }
}

fn warn_unreadable(error: KeyValueError, now: UnixSeconds) {
    if is_due(WARNED_AT.get(), now) {
        WARNED_AT.set(Some(now));
        log::warning("deny_list_not_read", json!({ "reason": reason(error) }));
    }
}

fn is_due(last: Option<UnixSeconds>, now: UnixSeconds) -> bool {
    last.is_none_or(|last| now.0.abs_diff(last.0) >= WARNING_INTERVAL)
}

fn reason(error: KeyValueError) -> &'static str {
    match error {
        KeyValueError::TimedOut => "timed_out",
        KeyValueError::Failed => "failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Result<Option<String>, KeyValueError> = Ok(None);
    const UNREADABLE: Result<Option<String>, KeyValueError> = Err(KeyValueError::TimedOut);

    /// What somebody wrote under a key.
    fn entry() -> String {
        "1".to_owned()
    }

    fn is_marked(marked: bool) -> SignOuts {
        SignOuts::read(marked.then_some("1"), None)
    }

    fn decide(marked: bool, stored: Stored, fail_closed: bool) -> Result<(), TokenError> {
        verdict(&Caller::unverified("user"), is_marked(marked), stored, fail_closed)
    }

    const REFUSED: Result<(), TokenError> = Err(TokenError::Rejected(Rejection::SignedOut));

    #[test]
    fn either_of_location_and_deny_list_is_enough_to_refuse() {
        for fail_closed in [false, true] {
            assert_eq!(decide(true, Stored::of(NOTHING, NOTHING), fail_closed), REFUSED);
            assert_eq!(
                decide(false, Stored::of(Ok(Some(entry())), NOTHING), fail_closed),
                REFUSED
            );
            assert_eq!(
                decide(false, Stored::of(NOTHING, Ok(Some(entry()))), fail_closed),
                REFUSED
            );
            assert_eq!(decide(false, Stored::of(NOTHING, NOTHING), fail_closed), Ok(()));
        }
    }

    #[test]
    fn what_is_known_counts_while_the_rest_cannot_be_read() {
        for fail_closed in [false, true] {
            assert_eq!(decide(true, Stored::of(UNREADABLE, UNREADABLE), fail_closed), REFUSED);
            assert_eq!(
                decide(false, Stored::of(Ok(Some(entry())), UNREADABLE), fail_closed),
                REFUSED
            );
            assert_eq!(
                decide(false, Stored::of(UNREADABLE, Ok(Some(entry()))), fail_closed),
                REFUSED
            );
        }
    }

    #[test]
    fn while_the_deny_list_cannot_be_read_the_settings_decide() {
        let unavailable = Err(TokenError::DenyListUnavailable);
        for stored in [
            Stored::of(UNREADABLE, UNREADABLE),
            Stored::of(NOTHING, UNREADABLE),
            Stored::of(UNREADABLE, NOTHING),
        ] {
            assert_eq!(decide(false, stored, false), Ok(()));
            assert_eq!(decide(false, stored, true), unavailable);
        }
    }

    #[test]
    fn it_warns_once_in_ten_seconds() {
        let at = |second| Some(UnixSeconds(second));
        assert!(is_due(None, UnixSeconds(100)));
        assert!(!is_due(at(100), UnixSeconds(109)));
        assert!(is_due(at(100), UnixSeconds(110)));
        // A clock that was set back must not silence it.
        assert!(is_due(at(100), UnixSeconds(50)));
    }
}
