//! What the tests of several files need.

use std::ops::Range;

use proptest::{collection::vec, prelude::*, sample::select};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Asker, GuessPolicy, Limits, Policy, SendPolicy,
    policy::AddressPolicy,
    time::{DAY, HOUR, MINUTE, SECOND, UnixMillis},
};

pub(crate) const START: UnixMillis = UnixMillis(1_800_000_000_123);

/// `START` and so many milliseconds.
pub(crate) fn after(milliseconds: u64) -> UnixMillis {
    START.plus(milliseconds)
}

/// Somebody from nowhere in particular.
pub(crate) fn stranger(is_human: bool) -> Asker<'static> {
    Asker {
        network: None,
        is_human,
    }
}

/// The moment before.
pub(crate) fn just_before(at: UnixMillis) -> UnixMillis {
    UnixMillis(at.0 - 1)
}

pub(crate) fn moved(now: UnixMillis, step: i64) -> UnixMillis {
    UnixMillis(now.0.saturating_add_signed(step))
}

fn up_to(milliseconds: u64) -> Range<i64> {
    0..i64::try_from(milliseconds).unwrap()
}

/// How far a clock goes on: not at all, a little, far, or just about to where something may end.
pub(crate) fn forward() -> impl Strategy<Value = i64> {
    let ends = vec![10 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, HOUR, DAY];
    prop_oneof![
        3 => Just(0),
        1 => up_to(SECOND),
        4 => (select(ends), -1..=1_i64).prop_map(|(end, off)| i64::try_from(end).unwrap() + off),
        3 => up_to(10 * MINUTE),
        1 => up_to(2 * HOUR),
        1 => up_to(30 * HOUR),
    ]
}

/// Likewise, and now and then back.
pub(crate) fn any_way() -> impl Strategy<Value = i64> {
    prop_oneof![
        12 => forward(),
        1 => up_to(10 * SECOND).prop_map(|step| -step),
        1 => up_to(3 * HOUR).prop_map(|step| -step),
    ]
}

/// What is done, each with the step of the clock before it.
pub(crate) fn sequence<Act: std::fmt::Debug>(
    step: impl Strategy<Value = i64>,
    act: impl Strategy<Value = Act>,
) -> impl Strategy<Value = Vec<(i64, Act)>> {
    vec((step, act), 0..100)
}

/// The default policy, the one for test numbers, and one in which everything differs: pauses that outlast its limits, and soft
/// limits that look further back.
pub(crate) fn any_policy() -> impl Strategy<Value = Policy> {
    let other = Policy {
        sending: SendPolicy {
            pauses_ms: vec![SECOND, 10 * SECOND, 5 * MINUTE],
            limits: Limits::new([(2, 10 * SECOND), (3, MINUTE)]),
            soft_limits: Some(Limits::new([(4, 2 * HOUR)])),
        },
        address: AddressPolicy {
            limits: Limits::new([(3, MINUTE)]),
            attempts: Limits::new([(5, 10 * MINUTE)]),
            soft_limits: Some(Limits::new([(4, HOUR)])),
            countries: 2,
        },
        guessing: GuessPolicy {
            per_challenge: 4,
            limits: Limits::new([(3, 5 * MINUTE), (5, 2 * HOUR)]),
            lock_after: 6,
        },
        ..Policy::default()
    };
    prop_oneof![3 => Just(Policy::default()), 1 => Just(Policy::for_test_numbers()), 2 => Just(other)]
}

/// What a restart makes of it.
pub(crate) fn through_text<T: Serialize + DeserializeOwned>(memory: &T) -> T {
    serde_json::from_str(&serde_json::to_string(memory).unwrap()).unwrap()
}

/// The most of the times, in ascending order, that are in one window.
pub(crate) fn most_in(window_ms: u64, times: &[UnixMillis]) -> usize {
    let from = |(first, begin): (usize, &UnixMillis)| {
        let since = &times[first..];
        since.iter().take_while(|at| at.since(*begin) < window_ms).count()
    };
    times.iter().enumerate().map(from).max().unwrap_or_default()
}

pub(crate) fn assert_within(limits: &Limits, times: &[UnixMillis]) {
    for limit in limits.iter() {
        let most = most_in(limit.window_ms, times);
        assert!(most <= limit.count as usize, "{most} of {limit:?}: {times:?}");
    }
}

/// How many times a history may hold that is held to the limits and looks back `kept_ms`: each of the limits lets through no more
/// than its count for every time that its window has begun.
pub(crate) fn most_kept(limits: &Limits, kept_ms: u64) -> u64 {
    let most = |limit: &crate::Limit| u64::from(limit.count) * kept_ms.div_ceil(limit.window_ms);
    limits.iter().map(most).min().unwrap()
}
