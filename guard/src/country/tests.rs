use proptest::prelude::*;

use super::*;
use crate::testing::{START, after, any_way, forward, just_before, moved, sequence, through_text};

#[derive(Clone, Debug)]
enum Act {
    Send,
    /// One of the codes that nobody verified yet is.
    Verify(prop::sample::Index),
    /// One of them turns out not to have been sent.
    TakeBack(prop::sample::Index),
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => Just(Act::Send),
        3 => any::<prop::sample::Index>().prop_map(Act::Verify),
        1 => any::<prop::sample::Index>().prop_map(Act::TakeBack),
    ]
}

/// Now and then so far that the best hour no longer counts.
fn any_step() -> impl Strategy<Value = i64> {
    prop_oneof![30 => any_way(), 1 => Just(7 * DAY.cast_signed())]
}

fn policy(on_budget: OnBudget, floor: u32) -> Policy {
    Policy {
        conversion: ConversionPolicy {
            on_budget,
            floor,
            percent: 50,
        },
        ..Policy::default()
    }
}

/// A country, and the codes sent there.
#[derive(Clone, Default)]
struct Play {
    country: Country,
    /// When each was sent, and under which time it is counted.
    unverified: Vec<(UnixMillis, UnixMillis)>,
    verified: Vec<UnixMillis>,
}

impl Play {
    fn act(&mut self, policy: &Policy, act: &Act, now: UnixMillis) -> Option<Budget> {
        match act {
            Act::Send => {
                let budget = self.country.begin_send(policy, now);
                if let Ok(at) = budget.decision {
                    self.unverified.push((now.max(at), at));
                }
                return Some(budget);
            }
            Act::Verify(which) if !self.unverified.is_empty() => {
                let (_, at) = self.unverified.remove(which.index(self.unverified.len()));
                self.country.verified(at);
                self.verified.push(at);
            }
            Act::TakeBack(which) if !self.unverified.is_empty() => {
                let (_, at) = self.unverified.remove(which.index(self.unverified.len()));
                self.country.take_back_send(at);
            }
            _ => {}
        }
        None
    }

    fn best_hour(&self, now: UnixMillis) -> u32 {
        let recent = |at: &&UnixMillis| now.since(UnixMillis(at.0 / HOUR * HOUR)) < 14 * DAY;
        let hours: Vec<_> = self.verified.iter().filter(recent).map(|at| at.0 / HOUR).collect();
        let verified = |hour| hours.iter().filter(|other| *other == hour).count();
        u32::try_from(hours.iter().map(verified).max().unwrap_or_default()).unwrap()
    }

    /// Codes sent in the sixty minutes up to the newest one, and not verified.
    fn unverified_in_an_hour(&self, now: UnixMillis) -> usize {
        self.unverified
            .iter()
            .filter(|(sent_at, _)| now.since(*sent_at) < HOUR)
            .count()
    }
}

proptest! {
    #[test]
    fn no_sixty_minutes_have_more_unverified_codes_than_the_budget(
        floor in 1..6_u32, acts in sequence(any_step(), any_act()),
    ) {
        let policy = policy(OnBudget::Deny, floor);
        let (mut play, mut now) = (Play::default(), START);
        for (step, act) in acts {
            now = moved(now, step);
            let Some(budget) = play.act(&policy, &act, now) else {
                continue;
            };
            prop_assert_eq!(budget.is_exceeded(), budget.decision.is_err());
            match budget.decision {
                Ok(at) => {
                    let now = now.max(at);
                    prop_assert_eq!(budget.limit, floor.max(play.best_hour(now) / 2));
                    prop_assert!(play.unverified_in_an_hour(now) <= budget.unverified as usize);
                    prop_assert!(budget.unverified <= budget.limit);
                }
                Err(Refusal::Wait { until, cause }) => {
                    prop_assert_eq!(cause, Cause::CountryBudget);
                    let may_send = |at| play.country.clone().begin_send(&policy, at).decision.is_ok();
                    let seconds = until.seconds_from(now);
                    prop_assert!(!may_send(just_before(until)) && !may_send(now.plus((seconds - 1) * 1_000)));
                    prop_assert!(may_send(until) && may_send(now.plus(seconds * 1_000)));
                }
                Err(refusal) => prop_assert!(false, "{refusal:?}"),
            }
        }
    }

    #[test]
    fn neither_a_restart_nor_forgetting_changes_a_decision(
        denies in any::<bool>(), acts in sequence(forward(), (any_act(), any::<bool>(), any::<bool>())),
    ) {
        let policy = policy(if denies { OnBudget::Deny } else { OnBudget::Record }, 3);
        let (mut steady, mut evicted, mut now) = (Play::default(), Play::default(), START);
        for (step, (act, restarts, forgets)) in acts {
            now = moved(now, step);
            if forgets {
                evicted.country.forget(&policy, now);
            }
            if restarts {
                evicted.country = through_text(&evicted.country);
            }
            prop_assert_eq!(evicted.act(&policy, &act, now), steady.act(&policy, &act, now));
        }
    }

    #[test]
    fn what_is_stored_is_bounded_and_fades(acts in sequence(any_step(), any_act())) {
        let policy = policy(OnBudget::Record, 1);
        let (mut play, mut now, mut latest) = (Play::default(), START, START);
        for (step, act) in acts {
            now = moved(now, step);
            latest = latest.max(now);
            play.country.forget(&policy, now);
            let _ = play.act(&policy, &act, now);
            assert_bounded(&play.country);
        }
        play.country.forget(&policy, latest.plus(14 * DAY + HOUR));
        prop_assert!(play.country.is_empty() && play.country.fades_in(START).is_none());
    }

    #[test]
    fn a_send_that_is_taken_back_leaves_no_trace(
        before in sequence(any_way(), any_act()),
        later in sequence(any_way(), any_act()),
    ) {
        let policy = policy(OnBudget::Deny, 4);
        let (mut play, mut now) = (Play::default(), START);
        for (step, act) in before {
            now = moved(now, step);
            play.act(&policy, &act, now);
        }
        let mut without = play.clone();
        if let Ok(at) = play.country.begin_send(&policy, now).decision {
            play.country.take_back_send(at);
        }
        for (step, act) in later {
            now = moved(now, step);
            prop_assert_eq!(play.act(&policy, &act, now), without.act(&policy, &act, now));
        }
    }

    #[test]
    fn pumping_never_raises_the_limit(steps in prop::collection::vec(any_way(), 0..300)) {
        let policy = policy(OnBudget::Record, 4);
        let (mut country, mut now) = (Country::default(), START);
        for step in steps {
            now = moved(now, step);
            let budget = country.begin_send(&policy, now);
            prop_assert!(budget.decision.is_ok());
            prop_assert_eq!(budget.limit, 4);
            prop_assert_eq!(budget.is_exceeded(), budget.unverified > 4);
        }
    }
}

/// What the text of a country may take: 62 minutes, 337 hours, and a fixed rest.
fn assert_bounded(country: &Country) {
    const MINUTE: usize = 64;
    const HOUR: usize = 20;
    const REST: usize = 32;
    let stored = serde_json::to_string(country).unwrap().len();
    assert!(stored <= 62 * MINUTE + 337 * HOUR + REST, "{stored}");
    assert!(country.minutes.len() <= 62 && country.hours.len() <= 337);
}

/// At the beginning of an hour.
const ON_THE_HOUR: UnixMillis = UnixMillis(500_000 * HOUR);

fn sent_and_verified(country: &mut Country, policy: &Policy, now: UnixMillis, codes: u32) {
    for _ in 0..codes {
        let at = country.begin_send(policy, now).decision.unwrap();
        country.verified(at);
    }
}

#[test]
fn a_country_in_use_every_minute_for_weeks_is_bounded() {
    let policy = policy(OnBudget::Record, 1);
    let mut country = Country::default();
    for minute in 0..16 * 24 * 60 {
        let now = after(minute * MINUTE);
        country.forget(&policy, now);
        sent_and_verified(&mut country, &policy, now, 1);
    }
    assert_bounded(&country);
    assert_eq!((country.minutes.len(), country.hours.len()), (61, 336));
}

#[test]
fn the_budget_is_a_share_of_the_best_hour_of_fourteen_days() {
    let policy = policy(OnBudget::Deny, 20);
    let mut country = Country::default();
    sent_and_verified(&mut country, &policy, ON_THE_HOUR, 60);
    sent_and_verified(&mut country, &policy, ON_THE_HOUR.plus(HOUR), 100);
    let limit = |at| country.clone().begin_send(&policy, ON_THE_HOUR.plus(at)).limit;
    assert_eq!(limit(2 * HOUR), 50);
    assert_eq!(limit(14 * DAY + HOUR - 1), 50);
    assert_eq!(limit(14 * DAY + HOUR), 20);
}

#[test]
fn a_verified_code_makes_room_for_another() {
    let policy = policy(OnBudget::Deny, 2);
    let mut country = Country::default();
    let first = country.begin_send(&policy, START).decision.unwrap();
    assert!(country.begin_send(&policy, START).decision.is_ok());
    assert!(country.begin_send(&policy, START).decision.is_err());
    country.verified(first);
    assert!(country.begin_send(&policy, START).decision.is_ok());
    assert!(country.begin_send(&policy, START).decision.is_err());
}

#[test]
fn what_is_above_the_budget_is_sent_and_told_where_that_is_only_recorded() {
    let policy = policy(OnBudget::Record, 2);
    let mut country = Country::default();
    for code in 1..=5 {
        let budget = country.begin_send(&policy, START);
        assert!(budget.decision.is_ok());
        assert_eq!((budget.unverified, budget.limit), (code, 2));
        assert_eq!(budget.is_exceeded(), code > 2);
    }
}

#[test]
fn a_clock_that_goes_back_makes_no_room() {
    let policy = policy(OnBudget::Deny, 2);
    let mut country = Country::default();
    sent_and_verified(&mut country, &policy, ON_THE_HOUR, 100);
    let now = ON_THE_HOUR.plus(14 * DAY);
    for _ in 0..2 {
        assert!(country.begin_send(&policy, now).decision.is_ok());
    }
    for back in [1, MINUTE, HOUR, DAY, 30 * DAY] {
        let budget = country.begin_send(&policy, UnixMillis(now.0 - back));
        assert_eq!((budget.limit, budget.decision.is_ok()), (2, false), "{back}");
    }
}

#[test]
fn it_is_free_again_when_the_falling_limit_has_room_too() {
    let policy = policy(OnBudget::Deny, 1);
    let mut country = Country::default();
    sent_and_verified(&mut country, &policy, ON_THE_HOUR, 4);
    // Until the fourteenth day there may be two, then one: when the first has left there is still no room.
    for minutes in [50, 30] {
        let now = ON_THE_HOUR.plus(14 * DAY - minutes * MINUTE);
        assert!(country.begin_send(&policy, now).decision.is_ok());
    }
    let refused = country.begin_send(&policy, ON_THE_HOUR.plus(14 * DAY - 1)).decision;
    let until = ON_THE_HOUR.plus(14 * DAY + 31 * MINUTE);
    let cause = Cause::CountryBudget;
    assert_eq!(refused, Err(Refusal::Wait { until, cause }));
    assert!(country.begin_send(&policy, until).decision.is_ok());
}
