//! A day of unwanted texts, and real users in the midst of it.

use fastrand::Rng;
use guard::UnixMillis;

use crate::clock::{DAY, HOUR, START};
use crate::flood::Flood;
use crate::person::{PATIENCE, Visit, in_short, patiently, visit};
use crate::report::{Row, cost};
use crate::system::{Caller, System};
use crate::world::{Background, World};

/// When the attack is over.
pub(crate) const END: UnixMillis = UnixMillis(START.0 + DAY);

/// Limits of a day have just begun to be free again when a day is over. In the middle of it they have not.
const NOON: UnixMillis = UnixMillis(START.0 + DAY / 2);

/// A real user, and where he is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct User {
    pub(crate) variant: &'static str,
    pub(crate) caller: Caller,
}

/// Plays the attack once. In each of its hours each user comes once, at a time of their own, into a copy of the world as it
/// is then, so that no visit changes what another one meets.
pub(crate) fn play(
    scenario: &'static str,
    system: System,
    flood: Flood,
    background: Background,
    users: &[User],
    mut rng: Rng,
) -> Vec<Row> {
    let mut times: Vec<Vec<UnixMillis>> = Vec::new();
    for _ in users {
        // All of the user's patience lies within the attack.
        let at = |hour: u64| START.plus(hour * HOUR + rng.u64(..HOUR - PATIENCE));
        times.push((0..DAY / HOUR).map(at).collect());
    }
    let mut world = World {
        system,
        rng,
        attacker: flood,
        background,
    };
    let mut visits: Vec<Vec<Visit>> = vec![Vec::new(); users.len()];
    let mut order: Vec<(UnixMillis, usize)> = Vec::new();
    for (user, times) in times.iter().enumerate() {
        order.extend(times.iter().map(|at| (*at, user)));
    }
    order.sort_unstable();
    let mut at_noon = None;
    for (at, user) in order {
        if at >= NOON && at_noon.is_none() {
            world.run_until(NOON);
            at_noon = Some(world.clone());
        }
        world.run_until(at);
        visits[user].push(visit(&mut world.clone(), users[user].caller, at, PATIENCE));
    }
    world.run_until(END);

    let mut at_noon = at_noon.unwrap_or_else(|| world.clone());
    at_noon.attacker.stop();
    let texts = world.attacker.texts;
    let rows = users.iter().zip(visits).map(|(user, visits)| Row {
        scenario,
        variant: user.variant,
        system: world.system.name(),
        texts,
        cost_usd: cost(texts),
        answers: 0,
        // Who never answers never gets in.
        chance: 0.0,
        user: in_short(&visits),
        // The user comes at the moment at which the attack ends.
        afterwards: format!(
            "{}; had the attack ended at noon: {}",
            patiently(&mut world.clone(), user.caller, END),
            patiently(&mut at_noon.clone(), user.caller, NOON)
        ),
        traffic: traffic(&world.background, user.caller.country),
    });
    rows.collect()
}

fn traffic(background: &Background, country: &'static str) -> Option<String> {
    let (asked, sent) = background.counts.get(country)?;
    Some(format!(
        "{sent} of {asked} other users of this country got a code at once"
    ))
}
