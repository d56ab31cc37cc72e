//! A token bucket, as the peers limit by: so many at once, and then one whenever there is a new token.

use guard::UnixMillis;

/// How large, and how quickly it fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    /// So many at once.
    pub(crate) burst: u64,
    /// Milliseconds until there is one more.
    pub(crate) every: u64,
}

/// A bucket, full at first. It is kept as the moment at which it would be full again.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bucket {
    full_at: UnixMillis,
}

impl Bucket {
    /// From when on there is a token; `None` if there is one now.
    pub(crate) fn empty_until(self, rate: Rate, now: UnixMillis) -> Option<UnixMillis> {
        let from = UnixMillis(self.full_at.0.saturating_sub((rate.burst - 1) * rate.every));
        (from > now).then_some(from)
    }

    /// Takes a token, or says from when on there is one.
    pub(crate) fn take(&mut self, rate: Rate, now: UnixMillis) -> Result<(), UnixMillis> {
        if let Some(until) = self.empty_until(rate, now) {
            return Err(until);
        }
        self.full_at = self.full_at.max(now).plus(rate.every);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_one_at_a_time() {
        let rate = Rate { burst: 3, every: 10 };
        let (mut bucket, now) = (Bucket::default(), UnixMillis(1_000));
        for _ in 0..3 {
            bucket.take(rate, now).unwrap();
        }
        assert_eq!(bucket.take(rate, now), Err(now.plus(10)));
        assert_eq!(bucket.take(rate, now.plus(9)), Err(now.plus(10)));
        bucket.take(rate, now.plus(10)).unwrap();
        assert_eq!(bucket.take(rate, now.plus(10)), Err(now.plus(20)));
        // Full again, and not more than full.
        let later = now.plus(1_000);
        for _ in 0..3 {
            bucket.take(rate, later).unwrap();
        }
        assert!(bucket.take(rate, later).is_err());
    }
}
