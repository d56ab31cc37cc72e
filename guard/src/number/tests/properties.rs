//! What holds whatever is done to a number, in whatever order and at whatever times.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::super::*;
use super::play::{
    Act, HOME, Play, any_act, any_act_or_order, any_answer, any_earlier, any_network, assert_retry_is_true, pause_after,
};
use crate::{
    known::KNOWN_FOR,
    refusal::Cause,
    sending::kept_ms,
    testing::{
        START, after, any_policy, any_way, assert_within, forward, most_in, most_kept, moved, sequence, through_text,
    },
};

proptest! {
    #[test]
    fn no_window_has_more_codes_or_answers_than_its_limit_and_no_pause_is_cut_short(
        policy in any_policy(), earlier in any_earlier(), acts in sequence(any_way(), any_act()),
    ) {
        let mut play = Play::new(policy.clone(), earlier);
        let (mut now, mut wrong) = (START, 0);
        let mut codes: Vec<(UnixMillis, bool)> = Vec::new();
        let mut under_way: VecDeque<UnixMillis> = VecDeque::new();
        // Those that may have been compared, and how they stand to the last right one.
        let mut answers: Vec<UnixMillis> = Vec::new();
        let mut right_at = None;
        for (step, act) in acts {
            now = moved(now, step);
            let told = play.act(&act, now);
            match (&act, told) {
                (Act::Send { arrives, .. }, Ok(at)) => {
                    prop_assert!(wrong < policy.guessing.lock_after);
                    if let Some((last, _)) = codes.last() {
                        prop_assert!(at.since(*last) >= pause_after(&codes, &policy.sending.pauses_ms));
                    }
                    if *arrives {
                        codes.push((at, false));
                    }
                }
                (Act::Answer { .. }, Ok(at)) => {
                    prop_assert!(wrong < policy.guessing.lock_after);
                    prop_assert!(play.turns <= policy.guessing.per_challenge);
                    under_way.push_back(at);
                    answers.push(at);
                    assert_newest_within(&policy.guessing.limits.plus(policy.reserve_percent), &answers, right_at);
                }
                (Act::Conclude(outcome), _) => if let Some(at) = under_way.pop_front() {
                    match outcome {
                        Outcome::Right => {
                            right_at = right_at.max(Some(at));
                            wrong = if play.number.is_locked() { wrong } else { 0 };
                            if let Some((_, answered)) = codes.last_mut() {
                                *answered = true;
                            }
                        }
                        Outcome::Wrong => wrong += 1,
                        Outcome::NotAsked => answers.retain(|answer| *answer != at),
                        Outcome::Unknown => {}
                    }
                },
                (_, Err(Refusal::Wait { until, cause })) => {
                    assert_retry_is_true(&play, &act, now, until);
                    if cause == Cause::Pause {
                        let last = codes.last().map(|(at, _)| at.plus(pause_after(&codes, &policy.sending.pauses_ms)));
                        prop_assert_eq!(Some(until), last);
                    }
                }
                (Act::Send { network, is_human, .. }, Err(Refusal::HumanCheck)) => {
                    prop_assert!(!is_human);
                    let human = Act::Send { network: *network, is_human: true, arrives: true };
                    prop_assert!(play.would(&human, now).is_ok());
                }
                (_, Err(Refusal::Locked)) => prop_assert!(wrong >= policy.guessing.lock_after),
                _ => {}
            }
        }
        let codes: Vec<_> = codes.into_iter().map(|(at, _)| at).collect();
        assert_within(&policy.sending.limits.plus(policy.reserve_percent), &codes);
        let limits = policy.guessing.limits.plus(policy.reserve_percent);
        for limit in limits.iter().filter(|limit| limit.window_ms > HOUR) {
            prop_assert!(most_in(limit.window_ms, &answers) <= limit.count as usize);
        }
    }

    /// Strangers' are those from networks that were not known at the time. Whether any was makes no difference.
    #[test]
    fn strangers_never_have_more_than_the_limits(
        policy in any_policy(), earlier in any_earlier(), acts in sequence(any_way(), any_act()),
    ) {
        let mut play = Play::new(policy.clone(), earlier);
        let mut now = START;
        let (mut codes, mut answers): (Vec<UnixMillis>, Vec<UnixMillis>) = (Vec::new(), Vec::new());
        let mut under_way: VecDeque<UnixMillis> = VecDeque::new();
        let mut right_at = None;
        for (step, act) in acts {
            now = moved(now, step);
            let stranger = match &act {
                Act::Send { network, .. } | Act::Answer { network, .. } => !play.knows(*network, now),
                Act::Conclude(_) | Act::Order(_) => false,
            };
            let told = play.act(&act, now);
            match (&act, told) {
                (Act::Send { arrives, .. }, Ok(at)) if stranger => {
                    codes.push(at);
                    assert_newest_within(&policy.sending.limits, &codes, None);
                    if !arrives {
                        codes.pop();
                    }
                }
                (Act::Answer { .. }, Ok(at)) => {
                    under_way.push_back(at);
                    if stranger {
                        answers.push(at);
                        assert_newest_within(&policy.guessing.limits, &answers, right_at);
                    }
                }
                (Act::Conclude(outcome), _) => if let Some(at) = under_way.pop_front() {
                    match outcome {
                        Outcome::NotAsked => answers.retain(|answer| *answer != at),
                        Outcome::Right => right_at = right_at.max(Some(at)),
                        Outcome::Wrong | Outcome::Unknown => {}
                    }
                },
                _ => {}
            }
        }
    }

    #[test]
    fn whatever_strangers_do_who_is_known_waits_for_nothing_but_a_pause(
        policy in any_policy(), acts in sequence(forward(), any_act()),
    ) {
        let mut play = Play::new(policy, Some(0));
        let mut now = START;
        for (step, mut act) in acts {
            now = moved(now, step).min(after(KNOWN_FOR - 1));
            match &mut act {
                Act::Send { network, .. } | Act::Answer { network, .. } if *network == HOME => *network = None,
                Act::Conclude(outcome) if *outcome == Outcome::Right => *outcome = Outcome::Wrong,
                _ => {}
            }
            let _ = play.act(&act, now);
            let told = play.would(&Act::Send { network: HOME, is_human: true, arrives: true }, now);
            prop_assert!(
                matches!(told, Ok(_) | Err(Refusal::Locked | Refusal::Wait { cause: Cause::Pause, .. })),
                "{:?}", told
            );
            let told = play.would(&Act::Answer { network: HOME, earlier: 0 }, now);
            prop_assert!(!matches!(told, Err(Refusal::Wait { .. })), "{:?}", told);
        }
    }

    #[test]
    fn neither_a_restart_nor_forgetting_changes_a_decision(
        policy in any_policy(),
        earlier in any_earlier(),
        acts in sequence(forward(), (any_act_or_order(), any::<bool>(), any::<bool>())),
    ) {
        let mut steady = Play::new(policy.clone(), earlier);
        let mut evicted = steady.clone();
        let mut now = START;
        for (step, (act, restarts, forgets)) in acts {
            now = moved(now, step);
            if forgets {
                evicted.number.forget(&policy, now);
            }
            if restarts {
                evicted.number = through_text(&evicted.number);
            }
            if evicted.number.is_empty() {
                evicted.number = Number::default();
            }
            prop_assert_eq!(evicted.act(&act, now), steady.act(&act, now));
            for network in [None, HOME, Some("work")] {
                let asker = Asker { network, is_human: true };
                prop_assert_eq!(evicted.number.may_send(&policy, now, asker), steady.number.may_send(&policy, now, asker));
            }
        }
    }

    #[test]
    fn a_restart_changes_no_decision_when_the_clock_goes_back_either(
        earlier in any_earlier(), acts in sequence(any_way(), any_act_or_order()),
    ) {
        let mut steady = Play::new(Policy::default(), earlier);
        let mut evicted = steady.clone();
        let mut now = START;
        for (step, act) in acts {
            now = moved(now, step);
            evicted.number = through_text(&evicted.number);
            prop_assert_eq!(evicted.act(&act, now), steady.act(&act, now));
        }
    }

    #[test]
    fn what_is_stored_is_bounded_and_fades(
        policy in any_policy(), known in 0..20_u64, acts in sequence(any_way(), any_act_or_order()),
    ) {
        let mut play = Play::new(policy.clone(), None);
        for at in 0..known {
            play.number.known.remember(&format!("{at:0NAME$}"), after(at));
        }
        let (mut now, mut latest) = (START, START);
        for (step, act) in acts {
            now = moved(now, step);
            latest = latest.max(now);
            play.number.forget(&policy, now);
            let _ = play.act(&act, now);
            let stored = serde_json::to_string(&play.number).unwrap().len() as u64;
            prop_assert!(stored <= most_bytes(&policy), "{} > {}", stored, most_bytes(&policy));
        }
        let number = &mut play.number;
        number.forget(&policy, latest.plus(2 * DAY));
        prop_assert!(number.fades_in(latest.plus(2 * DAY)).is_none_or(|wait| wait > DAY && wait <= KNOWN_FOR));
        number.forget(&policy, latest.plus(2 * DAY + KNOWN_FOR));
        prop_assert!(number.fades_in(latest).is_none());
        let stays = number.guessing.wrong_in_a_row() > 0 || number.is_locked() || number.blocked || !number.orders.is_empty();
        prop_assert_eq!(number.is_empty(), !stays);
        let faded = number.clone();
        number.forget(&policy, latest.plus(1_000 * DAY));
        prop_assert_eq!(&faded, number);
    }

    #[test]
    fn a_send_that_is_taken_back_leaves_no_trace(
        policy in any_policy(),
        earlier in any_earlier(),
        network in any_network(),
        before in sequence(any_way(), any_act()),
        meanwhile in sequence(any_way(), any_answer()),
        later in sequence(any_way(), any_act()),
    ) {
        let mut without = Play::new(policy.clone(), earlier);
        let mut now = START;
        for (step, act) in before {
            now = moved(now, step);
            let _ = without.act(&act, now);
        }
        let mut with = without.clone();
        let begun = with.number.begin_send(&policy, now, Asker { network, is_human: true });
        for (step, act) in meanwhile {
            now = moved(now, step);
            prop_assert_eq!(with.act(&act, now), without.act(&act, now));
        }
        if let Ok(at) = begun {
            with.number.take_back_send(at);
        }
        prop_assert_eq!(&with.number, &without.number);
        for (step, act) in later {
            now = moved(now, step);
            prop_assert_eq!(with.act(&act, now), without.act(&act, now));
        }
    }
}

/// Length of a network's name.
const NAME: usize = 32;

/// What the text of a number may take: the codes and answers that the policy lets through while they count, the orders that are
/// kept, the networks that are known, and a fixed rest.
fn most_bytes(policy: &Policy) -> u64 {
    const TIME: u64 = 14;
    const ORDER: u64 = 64;
    const NETWORKS: u64 = 8;
    const REST: u64 = 450;
    let more = |limits: &crate::Limits| limits.plus(policy.reserve_percent);
    let codes = most_kept(&more(&policy.sending.limits), kept_ms(&policy.sending));
    let answers = most_kept(&more(&policy.guessing.limits), policy.guessing.limits.longest());
    // At most all of them were strangers', and are written down twice.
    let counts = 2 * (codes + answers) * TIME;
    let networks = NETWORKS * (NAME as u64 + TIME + r#"["",],"#.len() as u64);
    counts + networks + Number::ORDERS as u64 * ORDER + REST
}

/// Holds the windows that end with the last of the times to limits; those of up to an hour from the last right answer on.
fn assert_newest_within(limits: &crate::Limits, times: &[UnixMillis], right_at: Option<UnixMillis>) {
    let newest = times.last().unwrap();
    for limit in limits.iter() {
        let since = right_at.filter(|_| limit.window_ms <= HOUR);
        let counted = times.iter().filter(|at| Some(**at) > since);
        let within = counted.filter(|at| newest.since(**at) < limit.window_ms).count();
        assert!(within <= limit.count as usize, "{within} of {limit:?}: {times:?}");
    }
}
