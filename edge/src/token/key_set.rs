//! The issuer's keys as this isolate knows them: imported once, fresh for ten minutes, and used for a day more while the
//! issuer cannot be asked.
//!
//! An isolate must not await another request's future, so requests that find no keys load each for itself: look, do one's
//! own work, then set. No borrow is held across an await. Only who needs a key that may be new waits for another request's
//! question, by looking again and again: a good token must not be refused because it came in the same moment.

use std::{cell::RefCell, time::Duration};

use serde_json::json;
use web_sys::CryptoKey;

use super::{
    Rejection, TokenError,
    jwks::RsaKey,
    key_source::{Issuer, KeySource, Loaded},
};
use crate::runtime::{
    clock::{self, Deadline},
    log, signature,
};

/// For how long a key set is used without asking again: a key that the issuer withdrew is good for no longer.
pub(super) const FRESH_MS: u64 = 10 * 60 * 1_000;

/// For how long it is used while the issuer cannot be asked (`stale-if-error` of RFC 5861 §4): fresh, and a day more.
pub(super) const USABLE_MS: u64 = FRESH_MS + 24 * 60 * 60 * 1_000;

/// Least time between two questions to the issuer, however many unknown key names come and however often it fails.
const ASK_INTERVAL_MS: u64 = 10_000;

/// The same while there are no keys at all: a short failure should not be felt for long.
const FIRST_ASK_INTERVAL_MS: u64 = 1_000;

/// When a question that is not answered counts as failed: a little more than the limit of the fetch. The request that asked
/// may be gone.
const ANSWER_WITHIN_MS: u64 = 2_500;

/// Between two looks whether another request's question was answered.
const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// How the newest question to the issuer went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Begun,
    Answered,
    Failed,
}

/// A published key and its imported form.
struct Known {
    published: RsaKey,
    imported: CryptoKey,
}

#[derive(Default)]
struct KeySet {
    keys: Vec<Known>,
    /// When the issuer was asked for these keys, in milliseconds since the Unix epoch; `None` without keys.
    fetched_at: Option<u64>,
    /// The newest question, and when it was asked.
    newest: Option<(Asked, u64)>,
    /// Counts the changes of `keys`.
    generation: u64,
}

/// What to do about a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plan {
    /// It is known, and that is recent enough, or as recent as can be had.
    Use,
    /// Load the set, from the location or the issuer.
    Load,
    /// The set is fresh and does not have it: only the issuer can know better.
    AskIssuer,
    /// Another request is asking the issuer.
    Wait,
    /// The issuer was asked a moment ago and does not publish it.
    Unknown,
    /// The issuer could not be asked a moment ago.
    Unavailable,
}

/// `is_known`: the key is among those that are `age_ms` old; `age_ms` is `None` while there are none. `newest` is the newest
/// question and for how long ago it was asked.
fn plan(is_known: bool, age_ms: Option<u64>, newest: Option<(Asked, u64)>) -> Plan {
    let lately = |interval| newest.filter(|(_, ago_ms)| *ago_ms < interval).map(|(asked, _)| asked);
    match age_ms.filter(|age| *age < USABLE_MS) {
        None => match lately(FIRST_ASK_INTERVAL_MS) {
            Some(Asked::Failed) => Plan::Unavailable,
            // On a new isolate each request loads for itself until one has succeeded.
            _ => Plan::Load,
        },
        Some(age) if is_known && age < FRESH_MS => Plan::Use,
        Some(age) => match lately(ASK_INTERVAL_MS) {
            Some(_) if is_known => Plan::Use,
            Some(Asked::Begun) if newest.is_some_and(|(_, ago_ms)| ago_ms < ANSWER_WITHIN_MS) => Plan::Wait,
            Some(Asked::Begun | Asked::Failed) => Plan::Unavailable,
            Some(Asked::Answered) => Plan::Unknown,
            None if age < FRESH_MS => Plan::AskIssuer,
            None => Plan::Load,
        },
    }
}

thread_local! {
    static KEY_SET: RefCell<KeySet> = RefCell::default();
}

impl KeySet {
    fn find(&self, id: &str) -> Option<Found> {
        let known = self.keys.iter().find(|known| known.published.id == id)?;
        Some(Found {
            key: known.imported.clone(),
            generation: self.generation,
        })
    }

    fn is_fresh(&self, now_ms: u64) -> bool {
        self.fetched_at
            .is_some_and(|fetched_at| now_ms.saturating_sub(fetched_at) < FRESH_MS)
    }

    /// What to do now; remembers that it is being done, so that requests that come meanwhile do not do it too.
    fn plan(&mut self, is_known: bool, now_ms: u64) -> Plan {
        let age_ms = self.fetched_at.map(|at| now_ms.saturating_sub(at));
        let newest = self.newest.map(|(asked, at)| (asked, now_ms.saturating_sub(at)));
        let plan = plan(is_known, age_ms, newest);
        if matches!(plan, Plan::Load | Plan::AskIssuer) {
            self.newest = Some((Asked::Begun, now_ms));
        }
        plan
    }

    /// Takes a key set over, unless a newer one came meanwhile.
    fn take(&mut self, keys: Vec<Known>, loaded: (u64, Issuer), now_ms: u64) {
        let (fetched_at, issuer) = loaded;
        self.newest = match issuer {
            // What the location knew says nothing of the issuer: an unknown key may be asked for at once, unless another
            // request does just that.
            Issuer::NotAsked => self.newest.filter(|newest| *newest != (Asked::Begun, now_ms)),
            Issuer::Answered => Some((Asked::Answered, now_ms)),
            Issuer::Failed => Some((Asked::Failed, now_ms)),
        };
        if self.fetched_at.is_some_and(|newer| newer > fetched_at) {
            return;
        }
        let same = self.keys.len() == keys.len()
            && keys
                .iter()
                .all(|key| self.keys.iter().any(|known| known.published == key.published));
        if !same {
            self.keys = keys;
            self.generation += 1;
        }
        self.fetched_at = Some(fetched_at);
    }
}

/// A key, and the generation of the set that it was found in.
pub(super) struct Found {
    pub(super) key: CryptoKey,
    pub(super) generation: u64,
}

/// The generation of the present keys, while they are fresh: what was verified with them needs no new look at them.
pub(super) fn fresh_generation(now_ms: u64) -> Option<u64> {
    KEY_SET.with_borrow(|set| set.is_fresh(now_ms).then_some(set.generation))
}

/// The published key of that name, if it is known and fresh.
pub(super) fn fresh_key(id: &str, now_ms: u64) -> Option<Found> {
    KEY_SET.with_borrow(|set| set.is_fresh(now_ms).then(|| set.find(id)).flatten())
}

/// The published key of that name, loaded if need be.
///
/// # Errors
/// [`Rejection::UnknownKey`] if the issuer does not publish it, [`TokenError::KeysUnavailable`] if that cannot be known.
pub(super) async fn key(id: &str, source: &KeySource<'_>) -> Result<Found, TokenError> {
    // Ends: the first load may bring the location's keys, the second brings the issuer's, and those are fresh.
    loop {
        let now = clock::now_ms();
        let (found, plan) = KEY_SET.with_borrow_mut(|set| {
            let found = set.find(id);
            let plan = set.plan(found.is_some(), now);
            (found, plan)
        });
        let loaded = match plan {
            Plan::Use => return found.ok_or(Rejection::UnknownKey.into()),
            Plan::Unknown => return Err(Rejection::UnknownKey.into()),
            Plan::Unavailable => return Err(TokenError::KeysUnavailable),
            Plan::Wait => {
                clock::sleep(LOOK_AGAIN).await;
                continue;
            }
            Plan::Load => source.load(now).await,
            Plan::AskIssuer => source.load_from_issuer(now).await,
        };
        let Some(Loaded {
            keys,
            fetched_at,
            issuer,
        }) = loaded
        else {
            // From the failure on, not from the question: who waited two seconds in vain need not be followed at once.
            let failed_at = clock::now_ms();
            KEY_SET.with_borrow_mut(|set| set.newest = Some((Asked::Failed, failed_at)));
            // One that is known and no longer fresh is still better than none.
            return found.ok_or(TokenError::KeysUnavailable);
        };
        let keys = imported(keys).await;
        KEY_SET.with_borrow_mut(|set| set.take(keys, (fetched_at, issuer), now));
    }
}

/// Imports keys, but for those that are known already. Keys that the platform does not take are left out with a warning.
async fn imported(keys: Vec<RsaKey>) -> Vec<Known> {
    let mut all = Vec::with_capacity(keys.len());
    for published in keys {
        let known = KEY_SET.with_borrow(|set| {
            let known = set.keys.iter().find(|known| known.published == published)?;
            Some(known.imported.clone())
        });
        let imported = match known {
            Some(imported) => Ok(imported),
            None => signature::import(&published.modulus, &published.exponent).await,
        };
        match imported {
            Ok(imported) => all.push(Known { published, imported }),
            Err(_) => log::warning("jwks_key_refused", json!({})),
        }
    }
    all
}

/// Whether the issuer's key set can be fetched now; for the deep health check.
pub(crate) async fn reachable(jwks_url: &str, deadline: Deadline) -> bool {
    let source = KeySource {
        jwks_url,
        site: "",
        deadline,
    };
    source.fetch().await.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60_000;
    const DAY: u64 = 24 * 60 * MINUTE;

    #[test]
    fn a_known_key_is_used_for_ten_minutes_and_then_looked_after() {
        assert_eq!(plan(true, Some(10 * MINUTE - 1), None), Plan::Use);
        assert_eq!(plan(true, Some(10 * MINUTE), None), Plan::Load);
    }

    #[test]
    fn while_one_request_looks_after_it_and_while_the_issuer_fails_others_use_what_is_known() {
        for asked in [Asked::Begun, Asked::Failed] {
            assert_eq!(plan(true, Some(11 * MINUTE), Some((asked, 9_999))), Plan::Use);
            assert_eq!(plan(true, Some(11 * MINUTE), Some((asked, 10_000))), Plan::Load);
        }
    }

    #[test]
    fn a_day_after_it_was_fresh_a_key_is_not_used_any_more() {
        let failed = Some((Asked::Failed, 500));
        assert_eq!(plan(true, Some(DAY + 10 * MINUTE - 1), failed), Plan::Use);
        assert_eq!(plan(true, Some(DAY + 10 * MINUTE), failed), Plan::Unavailable);
        assert_eq!(plan(true, Some(DAY + 10 * MINUTE), None), Plan::Load);
    }

    #[test]
    fn an_unknown_key_makes_one_question_in_ten_seconds() {
        assert_eq!(plan(false, Some(MINUTE), None), Plan::AskIssuer);
        let answered = |ago| plan(false, Some(MINUTE), Some((Asked::Answered, ago)));
        assert_eq!(answered(9_999), Plan::Unknown);
        assert_eq!(answered(10_000), Plan::AskIssuer);
    }

    #[test]
    fn while_one_request_asks_for_an_unknown_key_others_wait_for_the_answer_and_not_for_ever() {
        let begun = |ago| plan(false, Some(MINUTE), Some((Asked::Begun, ago)));
        assert_eq!(begun(2_499), Plan::Wait);
        assert_eq!(begun(2_500), Plan::Unavailable);
        assert_eq!(begun(10_000), Plan::AskIssuer);
    }

    #[test]
    fn a_failed_question_leaves_an_unknown_key_undecided_until_the_next_one() {
        assert_eq!(
            plan(false, Some(MINUTE), Some((Asked::Failed, 9_999))),
            Plan::Unavailable
        );
        assert_eq!(
            plan(false, Some(MINUTE), Some((Asked::Failed, 10_000))),
            Plan::AskIssuer
        );
        assert_eq!(plan(false, None, Some((Asked::Failed, 999))), Plan::Unavailable);
        assert_eq!(plan(false, None, Some((Asked::Failed, 1_000))), Plan::Load);
    }

    #[test]
    fn a_new_isolate_does_not_wait_for_another_requests_load() {
        assert_eq!(plan(false, None, None), Plan::Load);
        assert_eq!(plan(false, None, Some((Asked::Begun, 5))), Plan::Load);
    }
}
