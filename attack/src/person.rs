//! A real user, who only wants to sign in: asks for a code, reads it, answers, and waits as told, if that is not too long.

use guard::UnixMillis;

use crate::clock::{DAY, MINUTE, SECOND, in_words};
use crate::system::{Answer, Caller, Refused};
use crate::world::{Attacker, TYPING, World};

/// How long somebody goes on trying, in milliseconds.
pub(crate) const PATIENCE: u64 = 10 * MINUTE;
/// From a mistyped code to the right one.
const AGAIN: u64 = 10 * SECOND;
/// One in so many mistypes a code once.
const MISTYPES: u32 = 10;
/// At most so much later than told does somebody try again.
const LATE: u64 = 2 * SECOND;

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Visit {
    /// Signed in, so many milliseconds after having come.
    In { after: u64 },
    /// Gave up.
    Out {
        by: &'static str,
        /// How long the first refusal said to wait, in milliseconds; `None` if waiting does not help.
        told: Option<u64>,
    },
}

/// Plays one visit. Whatever else goes on, goes on meanwhile.
pub(crate) fn visit<A: Attacker>(world: &mut World<A>, caller: Caller, at: UnixMillis, patience: u64) -> Visit {
    let deadline = at.plus(patience);
    let mut now = at;
    let mut first_refusal = None;
    loop {
        world.run_until(now);
        let refused = match world.system.ask(caller, now, &mut world.rng) {
            Ok(mut sent) => {
                now = now.plus(TYPING);
                world.run_until(now);
                let mut answer = Answer::Wrong { challenge: 0 };
                if world.rng.u32(..MISTYPES) == 0 {
                    let mistyped = if sent.code == 0 { 1 } else { sent.code - 1 };
                    answer = world.system.answer(caller, &mut sent.session, mistyped, now);
                    now = now.plus(AGAIN);
                    world.run_until(now);
                }
                if !matches!(answer, Answer::Refused(_)) {
                    answer = world.system.answer(caller, &mut sent.session, sent.code, now);
                }
                match answer {
                    Answer::Right => return Visit::In { after: now.since(at) },
                    Answer::Refused(refused) => Refused {
                        // Another code may do.
                        until: Some(refused.until.unwrap_or(now)),
                        ..refused
                    },
                    // Somebody else's newer code took the place of this one.
                    Answer::Wrong { .. } => Refused {
                        until: Some(now),
                        by: "a newer code",
                    },
                }
            }
            Err(refused) => refused,
        };
        let told = refused.until.map(|until| until.since(now));
        let (by, told_first) = *first_refusal.get_or_insert((refused.by, told));
        let out = Visit::Out { by, told: told_first };
        // Retry-After has whole seconds.
        let Some(until) = refused.until.map(|until| now.plus(until.seconds_from(now) * SECOND)) else {
            return out;
        };
        let late = world.rng.u64(..LATE);
        let next = until.plus(late);
        if next <= deadline {
            now = next;
        } else if now < deadline {
            // One last time, as told or not.
            now = deadline;
        } else {
            return out;
        }
    }
}

/// A visit with patience for days, in words.
pub(crate) fn patiently<A: Attacker>(world: &mut World<A>, caller: Caller, at: UnixMillis) -> String {
    match visit(world, caller, at, 3 * DAY) {
        Visit::In { after } => format!("signed in after {}", in_words(after)),
        Visit::Out { by, .. } => format!("not signed in; refused by {by}"),
    }
}

/// Visits in words: `24 of 24, after 15 s`.
pub(crate) fn in_short(visits: &[Visit]) -> String {
    let mut after: Vec<u64> = visits
        .iter()
        .filter_map(|visit| match visit {
            Visit::In { after } => Some(*after),
            Visit::Out { .. } => None,
        })
        .collect();
    after.sort_unstable();
    let signed_in = match after.get(after.len() / 2) {
        Some(middle) if after.len() > 1 => format!(
            "{} of {} signed in, after {} (median)",
            after.len(),
            visits.len(),
            in_words(*middle)
        ),
        Some(only) => format!("1 of {} signed in, after {}", visits.len(), in_words(*only)),
        None => format!("0 of {} signed in", visits.len()),
    };
    match refusal(visits) {
        Some(refusal) => format!("{signed_in}; refused by {refusal}"),
        None => signed_in,
    }
}

/// What refused most of those who gave up, and what it told them to wait.
fn refusal(visits: &[Visit]) -> Option<String> {
    let out = |visit: &Visit| match visit {
        Visit::Out { by, told } => Some((*by, *told)),
        Visit::In { .. } => None,
    };
    let refused: Vec<_> = visits.iter().filter_map(out).collect();
    let count = |by| refused.iter().filter(|(other, _)| *other == by).count();
    let (by, _) = refused.iter().max_by_key(|(by, _)| (count(*by), *by))?;
    let mut told: Vec<u64> = refused
        .iter()
        .filter(|(other, _)| other == by)
        .filter_map(|(_, told)| *told)
        .collect();
    told.sort_unstable();
    Some(match told.get(told.len() / 2) {
        Some(middle) => format!("{by} (told to wait {})", in_words(*middle)),
        None => format!("{by} (waiting does not help)"),
    })
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;
    use guard::Policy;

    use super::*;
    use crate::clock::{HOUR, START};
    use crate::flood::{Flood, OWN};
    use crate::ours::Ours;
    use crate::system::System;
    use crate::world::Background;

    const CALLER: Caller = Caller {
        address: 1_000_000,
        number: 0,
        country: OWN,
    };

    fn world(flood: Flood, seed: u64) -> World<Flood> {
        World {
            system: System::Ours(Box::new(Ours::new(Policy::default(), 1_000_000))),
            rng: Rng::with_seed(seed),
            attacker: flood,
            background: Background::none(),
        }
    }

    #[test]
    fn without_an_attack_it_takes_as_long_as_reading_and_typing() {
        for seed in 0..50 {
            let mut world = world(Flood::of_one_number(START.plus(DAY), START.plus(DAY)), seed);
            let visit = visit(&mut world, CALLER, START, PATIENCE);
            let expected = [TYPING, TYPING + AGAIN].map(|after| Visit::In { after });
            assert!(expected.contains(&visit), "{visit:?}");
        }
    }

    #[test]
    fn whoever_is_told_to_wait_longer_than_the_patience_gives_up() {
        let mut world = world(Flood::of_one_number(START, START.plus(DAY)), 1);
        let at = START.plus(12 * HOUR);
        let Visit::Out { by, told } = visit(&mut world.clone(), CALLER, at, PATIENCE) else {
            panic!("signed in");
        };
        assert_eq!(by, "the number's codes of the hour or day");
        assert!(told.unwrap() > 10 * HOUR);
        // With patience for days it is a matter of waiting until the attack is over.
        assert!(matches!(visit(&mut world, CALLER, at, 3 * DAY), Visit::In { .. }));
    }

    #[test]
    fn visits_are_told_in_words() {
        let (signed_in, refused) = (
            Visit::In { after: 15_000 },
            Visit::Out {
                by: "the pause between codes",
                told: Some(2 * HOUR),
            },
        );
        assert_eq!(in_short(&[signed_in; 3]), "3 of 3 signed in, after 15 s (median)");
        assert_eq!(
            in_short(&[signed_in, refused]),
            "1 of 2 signed in, after 15 s; refused by the pause between codes (told to wait 2.0 h)"
        );
    }
}
