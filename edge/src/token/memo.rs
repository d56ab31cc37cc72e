//! Tokens that this isolate verified before: what they said, so that the signature need not be checked again.
//!
//! Keyed by a digest of the whole token, so that one letter more or less is another token, and so that no token lies in
//! memory: SipHash-2-4 of 128 bits under a random key of this isolate. That is a pseudorandom function: without the key nobody
//! can find two tokens with one digest, and it costs a tenth of SHA-256 (docs/performance.md). Nothing is in here that was not verified; what can change after that (time, keys, revocation) is looked at again
//! at every use.

use std::{hash::Hasher, num::NonZeroUsize, rc::Rc};

use lru::LruCache;
use siphasher::sip128::{Hasher128, SipHasher24};

use super::claims::Caller;

/// Most bytes that the remembered callers may take together. Cognito's take about 300 each; tokens with very many scopes
/// take more.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// What a token is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TokenDigest(u128);

struct Entry {
    caller: Rc<Caller>,
    /// Of the key set that it was verified with.
    generation: u64,
}

/// Verified tokens, the least recently used out first.
pub(super) struct Memo {
    hasher: SipHasher24,
    entries: LruCache<TokenDigest, Entry>,
    bytes: usize,
}

impl Memo {
    /// `key`: random, and of this memo alone.
    pub(super) fn new(entries: NonZeroUsize, key: &[u8; 16]) -> Self {
        Self {
            hasher: SipHasher24::new_with_key(key),
            entries: LruCache::new(entries),
            bytes: 0,
        }
    }

    pub(super) fn digest(&self, token: &str) -> TokenDigest {
        let mut hasher = self.hasher;
        hasher.write(token.as_bytes());
        TokenDigest(hasher.finish128().as_u128())
    }

    /// The caller of a token that was verified with the keys of `generation`.
    pub(super) fn get(&mut self, digest: &TokenDigest, generation: u64) -> Option<Rc<Caller>> {
        let entry = self.entries.get(digest)?;
        (entry.generation == generation).then(|| Rc::clone(&entry.caller))
    }

    /// Remembers a token that was verified with the keys of `generation`.
    pub(super) fn remember(&mut self, digest: TokenDigest, caller: Rc<Caller>, generation: u64) {
        self.bytes += size(&caller);
        // What falls out: the same token with an older generation, or the least recently used one.
        if let Some((_, out)) = self.entries.push(digest, Entry { caller, generation }) {
            self.bytes -= size(&out.caller);
        }
        while self.bytes > MAX_BYTES {
            match self.entries.pop_lru() {
                Some((_, out)) => self.bytes -= size(&out.caller),
                None => break,
            }
        }
    }

    pub(super) fn forget(&mut self, digest: &TokenDigest) {
        if let Some(out) = self.entries.pop(digest) {
            self.bytes -= size(&out.caller);
        }
    }
}

/// About what an entry takes in memory, in bytes.
fn size(caller: &Caller) -> usize {
    let texts = [
        Some(&caller.sub),
        Some(&caller.username),
        Some(&caller.client_id),
        caller.sign_in.as_ref(),
    ];
    let texts: usize = texts.into_iter().flatten().map(String::len).sum();
    let scope: usize = caller.scope.iter().map(|scope| scope.len() + size_of::<String>()).sum();
    size_of::<Entry>() + size_of::<TokenDigest>() + size_of::<Caller>() + texts + scope
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memo(entries: usize) -> Memo {
        Memo::new(NonZeroUsize::new(entries).unwrap(), &[7; 16])
    }

    fn remember(memo: &mut Memo, token: &str, caller: Caller) {
        memo.remember(memo.digest(token), Rc::new(caller), 1);
    }

    fn known(memo: &mut Memo, token: &str) -> bool {
        let digest = memo.digest(token);
        memo.get(&digest, 1).is_some()
    }

    #[test]
    fn a_token_is_known_as_a_whole() {
        let mut memo = memo(10);
        remember(&mut memo, "a.b.c", Caller::unverified("s"));
        assert!(known(&mut memo, "a.b.c"));
        for other in ["a.b.d", "a.b", "a.b.c ", "A.b.c", "a.b.c."] {
            assert!(!known(&mut memo, other), "{other}");
        }
    }

    #[test]
    fn another_isolate_digests_otherwise() {
        let other = Memo::new(NonZeroUsize::MIN, &[8; 16]);
        assert_ne!(memo(1).digest("t"), other.digest("t"));
        assert_eq!(memo(1).digest("t"), memo(1).digest("t"));
    }

    #[test]
    fn keys_that_changed_make_everything_unknown() {
        let mut memo = memo(10);
        remember(&mut memo, "t", Caller::unverified("s"));
        let digest = memo.digest("t");
        assert!(memo.get(&digest, 2).is_none());
        memo.remember(digest, Rc::new(Caller::unverified("s")), 2);
        assert!(memo.get(&digest, 2).is_some());
        assert_eq!(memo.bytes, size(&Caller::unverified("s")));
    }

    #[test]
    fn the_least_recently_used_goes_first() {
        let mut memo = memo(2);
        remember(&mut memo, "1", Caller::unverified("s"));
        remember(&mut memo, "2", Caller::unverified("s"));
        assert!(known(&mut memo, "1"));
        remember(&mut memo, "3", Caller::unverified("s"));
        assert!(known(&mut memo, "1") && known(&mut memo, "3") && !known(&mut memo, "2"));
    }

    #[test]
    fn large_callers_are_bounded_by_their_bytes() {
        let mut memo = memo(1_000);
        let large = Caller {
            scope: vec!["x".repeat(50_000)],
            ..Caller::unverified("s")
        };
        for number in 0..200 {
            remember(&mut memo, &number.to_string(), large.clone());
            assert!(memo.bytes <= MAX_BYTES);
        }
        assert!(known(&mut memo, "199") && !known(&mut memo, "0"));
        assert_eq!(memo.bytes, memo.entries.len() * size(&large));
    }

    #[test]
    fn what_is_forgotten_is_unknown_and_takes_no_room() {
        let mut memo = memo(2);
        remember(&mut memo, "t", Caller::unverified("s"));
        memo.forget(&memo.digest("t"));
        assert!(!known(&mut memo, "t"));
        assert_eq!(memo.bytes, 0);
    }
}
