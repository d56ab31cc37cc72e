//! Limits: so many in a window, and several of those together.

use std::{fmt, str::FromStr};

use crate::{
    history::History,
    time::{DAY, HOUR, MINUTE, SECOND, UnixMillis},
};

/// At most `count` events in any time of `window_ms` milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// At least 1.
    pub count: u32,
    /// Milliseconds.
    pub window_ms: u64,
}

/// Limits that hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits(Vec<Limit>);

/// The text is not `COUNT/WINDOW`, or several of those separated by blanks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidLimits;

impl Limit {
    /// Each event takes room for as long as it counts: this bounds what a Guard keeps.
    const MAX_COUNT: u32 = 1_000;

    /// Longest window, in milliseconds.
    const MAX_WINDOW: u64 = 7 * DAY;

    /// `5/hour`, `10/day`, `30/5m`: a count and a window, which is `second`, `minute`, `hour`, `day`, or a number with `s`,
    /// `m`, `h` or `d`.
    fn parse(text: &str) -> Option<Self> {
        let (count, window) = text.split_once('/')?;
        let count = count
            .parse()
            .ok()
            .filter(|count| (1..=Self::MAX_COUNT).contains(count))?;
        let window_ms = match window {
            "second" => SECOND,
            "minute" => MINUTE,
            "hour" => HOUR,
            "day" => DAY,
            _ => {
                let digits = window.trim_end_matches(|letter: char| !letter.is_ascii_digit());
                let unit = match window.strip_prefix(digits)? {
                    "s" => SECOND,
                    "m" => MINUTE,
                    "h" => HOUR,
                    "d" => DAY,
                    _ => return None,
                };
                digits.parse::<u64>().ok()?.checked_mul(unit)?
            }
        };
        (SECOND..=Self::MAX_WINDOW)
            .contains(&window_ms)
            .then_some(Self { count, window_ms })
    }
}

impl Limits {
    /// Most limits that hold together.
    const MAX: usize = 4;

    /// Limits from counts and windows in milliseconds.
    pub fn new(limits: impl IntoIterator<Item = (u32, u64)>) -> Self {
        let limits = limits.into_iter().map(|(count, window_ms)| Limit { count, window_ms });
        Self(limits.collect())
    }

    /// The limits one by one.
    pub fn iter(&self) -> impl Iterator<Item = &Limit> {
        self.0.iter()
    }

    /// The counts with so many percent more, rounded up.
    pub(crate) fn plus(&self, percent: u32) -> Self {
        let more = |count: u32| count.saturating_mul(percent).div_ceil(100);
        Self::new(
            self.iter()
                .map(|limit| (limit.count.saturating_add(more(limit.count)), limit.window_ms)),
        )
    }

    /// For how long an event counts, in milliseconds.
    pub(crate) fn longest(&self) -> u64 {
        self.iter().map(|limit| limit.window_ms).max().unwrap_or_default()
    }

    /// When another event fits in: `None` if at once.
    pub(crate) fn retry_at(&self, history: &History, now: UnixMillis) -> Option<UnixMillis> {
        self.retry_at_of(now, |_| history.times())
    }

    /// Likewise, with events that may differ from limit to limit.
    pub(crate) fn retry_at_of<'a>(
        &self,
        now: UnixMillis,
        events: impl Fn(&Limit) -> &'a [UnixMillis],
    ) -> Option<UnixMillis> {
        let full = self.iter().filter_map(|limit| {
            // Of the newest `count` events the oldest must have left the window.
            let events = events(limit);
            let oldest = events.len().checked_sub(limit.count as usize)?;
            let free_at = events.get(oldest)?.plus(limit.window_ms);
            (free_at > now).then_some(free_at)
        });
        full.max()
    }
}

impl FromStr for Limits {
    type Err = InvalidLimits;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let limits: Option<Vec<_>> = text.split_ascii_whitespace().map(Limit::parse).collect();
        let limits = limits.filter(|limits| (1..=Self::MAX).contains(&limits.len()));
        limits.map(Self).ok_or(InvalidLimits)
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, limit) in self.iter().enumerate() {
            let between = if at == 0 { "" } else { " " };
            write!(f, "{between}{}/{}s", limit.count, limit.window_ms / SECOND)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_as_people_write_them() {
        assert_eq!("5/hour 10/day".parse(), Ok(Limits::new([(5, HOUR), (10, DAY)])));
        assert_eq!("30/5m".parse(), Ok(Limits::new([(30, 5 * MINUTE)])));
        assert_eq!(
            " 1/90s  2/2d ".parse(),
            Ok(Limits::new([(1, 90 * SECOND), (2, 2 * DAY)]))
        );
        assert_eq!(
            "5/hour 10/day"
                .parse::<Limits>()
                .map(|limits| limits.to_string().parse()),
            Ok("5/hour 10/day".parse::<Limits>())
        );
    }

    #[test]
    fn what_is_no_limit_is_refused() {
        for text in [
            "",
            " ",
            "5",
            "5/",
            "/hour",
            "0/hour",
            "-1/hour",
            "1001/hour",
            "5/h",
            "5/0h",
            "5/8d",
            "5/week",
            "5/hour,10/day",
            "5 /hour",
            "1.5/hour",
            "5/18446744073709551615d",
            "1/s 1/m 1/h 1/d",
            "1/1s 1/1m 1/1h 1/1d 1/2d",
        ] {
            assert_eq!(text.parse::<Limits>(), Err(InvalidLimits), "{text:?}");
        }
    }
}
