//! What an isolate itself knows of sign-outs, without asking anyone.

use challenge::UnixSeconds;

use super::{
    expiring_map::ExpiringMap,
    record::{Entry, Extent, SignOuts, session_of},
};
use crate::token::Caller;

/// Sign-outs that an isolate remembers, of each extent. Forgetting one early is harmless where there is a deny list.
const OWN: usize = 4_096;

/// Answers of the deny list that an isolate remembers.
const KNOWN: usize = 4_096;

/// How long an answer of the deny list stands in for the next, in seconds: a user who makes many calls costs one look-up in
/// this time. Part of the minute in [`super`].
const KNOWN_FOR: u64 = 10;

/// How long after an entry was stored the same one need not be stored again, in seconds. KV takes one write a second for a
/// key ("Limits", Workers KV) and fails a second one, and a client that repeats its request at once is not wrong.
const STORED_FOR: u64 = 10;

/// A sign-out that was made in this isolate.
struct Own {
    until: UnixSeconds,
    /// When the deny list took it, if it did.
    stored_at: Option<UnixSeconds>,
}

pub(super) struct Memory {
    sessions: ExpiringMap<Own>,
    users: ExpiringMap<Own>,
    known: ExpiringMap<SignOuts>,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            sessions: ExpiringMap::new(OWN),
            users: ExpiringMap::new(OWN),
            known: ExpiringMap::new(KNOWN),
        }
    }
}

impl Memory {
    /// The sign-outs made here that concern the caller. Without any it costs two comparisons.
    pub(super) fn own(&self, caller: &Caller, now: UnixSeconds) -> SignOuts {
        let session = !self.sessions.is_empty() && self.sessions.get(&*session_of(caller), now).is_some();
        let user = if self.users.is_empty() {
            None
        } else {
            self.users.get(&*caller.sub, now)
        };
        SignOuts {
            session,
            user_until: user.map(|own| own.until),
        }
    }

    /// Remembers a sign-out. Whether the deny list has yet to be told.
    pub(super) fn add(&mut self, caller: &Caller, entry: &Entry, now: UnixSeconds) -> bool {
        let stored_at = self.stored_at(caller, entry, now);
        self.insert(caller, entry, stored_at, now);
        stored_at.is_none_or(|stored_at| now.0.saturating_sub(stored_at.0) >= STORED_FOR)
    }

    /// Notes that the deny list has been told.
    pub(super) fn stored(&mut self, caller: &Caller, entry: &Entry, now: UnixSeconds) {
        self.insert(caller, entry, Some(now), now);
    }

    /// What the deny list said lately.
    pub(super) fn known(&self, caller: &Caller, now: UnixSeconds) -> Option<SignOuts> {
        self.known.get(&*session_of(caller), now).copied()
    }

    /// Remembers what the deny list said at `read_at`.
    pub(super) fn learn(&mut self, caller: &Caller, sign_outs: SignOuts, read_at: UnixSeconds) {
        let ends_at = UnixSeconds(read_at.0.saturating_add(KNOWN_FOR));
        self.known
            .insert(session_of(caller).into_owned(), sign_outs, ends_at, read_at);
    }

    fn stored_at(&self, caller: &Caller, entry: &Entry, now: UnixSeconds) -> Option<UnixSeconds> {
        match entry.extent {
            Extent::Session => self.sessions.get(&*session_of(caller), now)?.stored_at,
            // Of another second it is another entry.
            Extent::User => {
                self.users
                    .get(&*caller.sub, now)
                    .filter(|own| own.until == entry.until)?
                    .stored_at
            }
        }
    }

    fn insert(&mut self, caller: &Caller, entry: &Entry, stored_at: Option<UnixSeconds>, now: UnixSeconds) {
        let ends_at = UnixSeconds(now.0.saturating_add(entry.seconds.into()));
        let own = Own {
            until: entry.until,
            stored_at,
        };
        match entry.extent {
            Extent::Session => self.sessions.insert(session_of(caller).into_owned(), own, ends_at, now),
            Extent::User => {
                // A clock that was set back must not let sign-ins in again that were signed out.
                let newer = self.users.get(&*caller.sub, now).map(|own| own.until);
                let until = newer.map_or(own.until, |newer| newer.max(own.until));
                self.users
                    .insert(caller.sub.clone(), Own { until, ..own }, ends_at, now);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

    fn at(seconds: u64) -> UnixSeconds {
        UnixSeconds(NOW.0 + seconds)
    }

    fn caller(sub: &str, sign_in: &str, signed_in_at: u64) -> Caller {
        Caller {
            sign_in: Some(sign_in.to_owned()),
            signed_in_at: Some(UnixSeconds(signed_in_at)),
            issued_at: Some(UnixSeconds(signed_in_at)),
            expires_at: UnixSeconds(signed_in_at + 3_600),
            ..Caller::unverified(sub)
        }
    }

    fn phone() -> Caller {
        caller("user", "phone", NOW.0 - 100)
    }

    fn signed_out(extent: Extent) -> Memory {
        let mut memory = Memory::default();
        memory.add(&phone(), &Entry::new(&phone(), extent, 0, NOW), NOW);
        memory
    }

    #[test]
    fn a_session_that_was_signed_out_here_is_refused_and_no_other() {
        let memory = signed_out(Extent::Session);
        assert!(memory.own(&phone(), NOW).refuses(&phone()));
        for other in [caller("user", "laptop", NOW.0 - 100), caller("other", "x", NOW.0 - 100)] {
            assert!(!memory.own(&other, NOW).refuses(&other));
        }
    }

    #[test]
    fn a_user_who_was_signed_out_here_is_refused_on_all_devices_until_the_next_sign_in() {
        let memory = signed_out(Extent::User);
        for earlier in [phone(), caller("user", "laptop", NOW.0)] {
            assert!(memory.own(&earlier, at(9)).refuses(&earlier));
        }
        for other in [caller("user", "laptop", NOW.0 + 1), caller("other", "x", NOW.0)] {
            assert!(!memory.own(&other, at(9)).refuses(&other));
        }
    }

    #[test]
    fn a_sign_out_is_remembered_as_long_as_a_token_can_live() {
        let memory = signed_out(Extent::Session);
        assert!(memory.own(&phone(), at(3_659)).session);
        assert!(!memory.own(&phone(), at(3_660)).session);
    }

    #[test]
    fn the_deny_list_is_told_once_in_ten_seconds_and_until_it_took_it() {
        let mut memory = Memory::default();
        let entry = Entry::new(&phone(), Extent::Session, 0, NOW);
        assert!(memory.add(&phone(), &entry, NOW));
        assert!(memory.add(&phone(), &entry, at(1)), "it was not told yet");
        memory.stored(&phone(), &entry, at(1));
        assert!(!memory.add(&phone(), &entry, at(10)));
        assert!(memory.add(&phone(), &entry, at(11)));
    }

    #[test]
    fn of_another_second_a_user_is_another_entry() {
        let mut memory = Memory::default();
        let entry = |now| Entry::new(&phone(), Extent::User, 0, now);
        memory.add(&phone(), &entry(NOW), NOW);
        memory.stored(&phone(), &entry(NOW), NOW);
        assert!(!memory.add(&phone(), &entry(NOW), NOW));
        assert!(memory.add(&phone(), &entry(at(1)), at(1)));
    }

    #[test]
    fn a_clock_that_was_set_back_lets_nobody_in_again() {
        let mut memory = signed_out(Extent::User);
        let earlier = UnixSeconds(NOW.0 - 50);
        memory.add(&phone(), &Entry::new(&phone(), Extent::User, 0, earlier), earlier);
        assert_eq!(memory.own(&phone(), NOW).user_until, Some(NOW));
    }

    #[test]
    fn an_answer_of_the_deny_list_is_good_for_ten_seconds_and_for_its_sign_in() {
        let mut memory = Memory::default();
        let sign_outs = SignOuts::read(None, Some("7"));
        memory.learn(&phone(), sign_outs, NOW);
        assert_eq!(memory.known(&phone(), at(9)), Some(sign_outs));
        assert_eq!(memory.known(&phone(), at(10)), None);
        assert_eq!(memory.known(&caller("user", "laptop", NOW.0), NOW), None);
    }
}
