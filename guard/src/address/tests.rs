use proptest::{prelude::*, sample::select};

use super::*;
use crate::{
    testing::{
        START, after, any_policy, any_way, assert_within, forward, just_before, most_kept, moved, sequence,
        through_text,
    },
    time::{HOUR, MINUTE, SECOND},
};

/// A code is asked for, and sent or not.
#[derive(Clone, Debug)]
struct Ask {
    country: &'static str,
    is_human: bool,
    arrives: bool,
}

fn any_ask() -> impl Strategy<Value = Ask> {
    let country = select(vec!["DE", "FR", "GB", "US", "BR"]);
    (country, any::<bool>(), prop::bool::weighted(0.9)).prop_map(|(country, is_human, arrives)| Ask {
        country,
        is_human,
        arrives,
    })
}

fn ask(address: &mut Address, policy: &Policy, ask: &Ask, now: UnixMillis) -> Result<UnixMillis, Refusal> {
    let at = address.begin_send(policy, ask.country, now, ask.is_human)?;
    if !ask.arrives {
        address.take_back_send(at);
    }
    Ok(at)
}

proptest! {
    #[test]
    fn no_window_has_more_codes_or_countries_than_its_limit(
        policy in any_policy(), asks in sequence(any_way(), any_ask()),
    ) {
        let mut address = Address::default();
        let mut now = START;
        let (mut sent, mut tried) = (Vec::new(), Vec::new());
        for (step, wanted) in asks {
            now = moved(now, step);
            match ask(&mut address, &policy, &wanted, now) {
                Ok(at) => {
                    tried.push((at, wanted.country));
                    if wanted.arrives {
                        sent.push(at);
                    }
                }
                Err(Refusal::Wait { until, .. }) => {
                    let would = |at| ask(&mut address.clone(), &policy, &wanted, at);
                    let seconds = until.seconds_from(now);
                    for early in [just_before(until), now.plus((seconds - 1) * 1_000)] {
                        prop_assert!(matches!(would(early), Err(Refusal::Wait { .. })), "{early:?}");
                    }
                    for late in [until, now.plus(seconds * 1_000)] {
                        prop_assert!(matches!(would(late), Ok(_) | Err(Refusal::HumanCheck)), "{late:?}");
                    }
                }
                Err(refusal) => {
                    prop_assert_eq!(refusal, Refusal::HumanCheck);
                    prop_assert!(!wanted.is_human);
                    let human = Ask { is_human: true, ..wanted };
                    prop_assert!(ask(&mut address.clone(), &policy, &human, now).is_ok());
                }
            }
        }
        assert_within(&policy.address.limits, &sent);
        for (first, _) in &tried {
            let day = tried.iter().filter(|(at, _)| at >= first && at.since(*first) < DAY);
            let mut countries: Vec<_> = day.map(|(_, country)| country).collect();
            countries.sort_unstable();
            countries.dedup();
            prop_assert!(countries.len() <= policy.address.countries, "{:?}", countries);
        }
    }

    #[test]
    fn neither_a_restart_nor_forgetting_changes_a_decision(
        policy in any_policy(), asks in sequence(forward(), (any_ask(), any::<bool>(), any::<bool>())),
    ) {
        let (mut steady, mut evicted) = (Address::default(), Address::default());
        let mut now = START;
        for (step, (wanted, restarts, forgets)) in asks {
            now = moved(now, step);
            if forgets {
                evicted.forget(&policy, now);
            }
            if restarts {
                evicted = through_text(&evicted);
            }
            prop_assert_eq!(ask(&mut evicted, &policy, &wanted, now), ask(&mut steady, &policy, &wanted, now));
        }
    }

    #[test]
    fn what_is_stored_is_bounded_and_fades(policy in any_policy(), asks in sequence(any_way(), any_ask())) {
        let mut address = Address::default();
        let (mut now, mut latest) = (START, START);
        for (step, wanted) in asks {
            now = moved(now, step);
            latest = latest.max(now);
            address.forget(&policy, now);
            let _ = ask(&mut address, &policy, &wanted, now);
            let stored = serde_json::to_string(&address).unwrap().len() as u64;
            prop_assert!(stored <= most_bytes(&policy), "{} > {}", stored, most_bytes(&policy));
            prop_assert!(address.fades_in(START).is_some());
        }
        address.forget(&policy, latest.plus(DAY + MINUTE));
        prop_assert!(address.is_empty() && address.fades_in(START).is_none());
    }

    #[test]
    fn a_send_that_is_taken_back_leaves_its_country_and_no_other_trace(
        policy in any_policy(),
        before in sequence(any_way(), any_ask()),
        later in sequence(any_way(), any_ask()),
    ) {
        // But for what is never taken back.
        let mut policy = policy;
        policy.address.attempts = Limits::new([(1_000, SECOND)]);
        let mut address = Address::default();
        let mut now = START;
        for (step, wanted) in before {
            now = moved(now, step);
            let _ = ask(&mut address, &policy, &Ask { country: "DE", ..wanted }, now);
        }
        let mut without = address.clone();
        if let Ok(at) = address.begin_send(&policy, "DE", now, true) {
            address.take_back_send(at);
        }
        for (step, wanted) in later {
            now = moved(now, step);
            let wanted = Ask { country: "DE", ..wanted };
            prop_assert_eq!(ask(&mut address, &policy, &wanted, now), ask(&mut without, &policy, &wanted, now));
        }
    }
}

/// What the text of an address may take: the codes that the policy lets through while they count, the countries of a day, and a
/// fixed rest.
fn most_bytes(policy: &Policy) -> u64 {
    const TIME: u64 = 14;
    const COUNTRY: u64 = TIME + 7;
    const REST: u64 = 48;
    let codes = most_kept(&policy.address.limits, kept_ms(&policy.address));
    let attempts = &policy.address.attempts;
    (codes + most_kept(attempts, attempts.longest())) * TIME + policy.address.countries as u64 * COUNTRY + REST
}

fn begin(address: &mut Address, country: &str, milliseconds: u64) -> Result<UnixMillis, Refusal> {
    address.begin_send(&Policy::default(), country, after(milliseconds), false)
}

fn wait(milliseconds: u64, cause: Cause) -> Result<UnixMillis, Refusal> {
    Err(Refusal::Wait {
        until: after(milliseconds),
        cause,
    })
}

#[test]
fn an_address_asks_for_five_codes_an_hour_and_twenty_a_day() {
    let mut address = Address::default();
    for hour in 0..4 {
        for code in 0..5 {
            assert!(begin(&mut address, "DE", hour * HOUR + code).is_ok());
        }
        let cause = Cause::AddressSends;
        let until = if hour < 3 { (hour + 1) * HOUR } else { DAY };
        assert_eq!(begin(&mut address, "DE", hour * HOUR + 5), wait(until, cause));
    }
}

#[test]
fn a_fourth_country_waits_until_one_of_the_three_is_a_day_old() {
    let mut address = Address::default();
    for (at, country) in [(0, "DE"), (HOUR, "FR"), (2 * HOUR, "GB"), (3 * HOUR, "DE")] {
        assert!(begin(&mut address, country, at).is_ok());
    }
    let until = HOUR + DAY;
    assert_eq!(
        begin(&mut address, "US", 4 * HOUR),
        wait(until, Cause::AddressCountries)
    );
    assert!(begin(&mut address.clone(), "FR", 4 * HOUR).is_ok());
    assert_eq!(
        begin(&mut address, "US", until - 1),
        wait(until, Cause::AddressCountries)
    );
    assert!(begin(&mut address, "US", until).is_ok());
    assert_eq!(
        begin(&mut address, "FR", until),
        wait(2 * HOUR + DAY, Cause::AddressCountries)
    );
}

#[test]
fn a_country_is_one_of_the_days_even_if_its_code_was_not_sent() {
    let mut address = Address::default();
    for (at, country) in ["DE", "FR", "GB"].into_iter().enumerate() {
        let at = begin(&mut address, country, at as u64).unwrap();
        address.take_back_send(at);
    }
    assert_eq!(begin(&mut address, "US", 3), wait(DAY, Cause::AddressCountries));
}

#[test]
fn a_clock_that_goes_back_makes_no_country_older() {
    let mut address = Address::default();
    let at = begin(&mut address, "DE", HOUR).unwrap();
    address.take_back_send(at);
    for (at, country) in [(0, "DE"), (1, "FR"), (2, "GB")] {
        assert!(begin(&mut address, country, at).is_ok());
    }
    assert!(begin(&mut address.clone(), "US", DAY + 1).is_ok());
    assert_eq!(begin(&mut address, "US", DAY), wait(DAY + 1, Cause::AddressCountries));
}

#[test]
fn soft_limits_that_look_further_back_are_not_forgotten() {
    let mut policy = Policy::default();
    policy.address.soft_limits = Some(Limits::new([(1, 2 * DAY)]));
    let mut address = Address::default();
    assert!(address.begin_send(&policy, "DE", START, false).is_ok());
    let late = after(2 * DAY - 1);
    address.forget(&policy, late);
    assert_eq!(address.begin_send(&policy, "DE", late, false), Err(Refusal::HumanCheck));
    assert!(address.begin_send(&policy, "DE", late, true).is_ok());
}

#[test]
fn what_is_taken_back_still_counts_as_an_attempt() {
    let mut address = Address::default();
    for at in 0..60 {
        let counted = begin(&mut address, "DE", at).unwrap();
        address.take_back_send(counted);
    }
    assert_eq!(begin(&mut address, "DE", 60), wait(HOUR, Cause::AddressAttempts));
    assert!(begin(&mut address, "DE", HOUR).is_ok());
}
