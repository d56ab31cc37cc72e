//! Pumping: texts to numbers of a country whose operator shares what they cost with the attacker.

use fastrand::Rng;
use guard::UnixMillis;

use super::flooded::{END, User, play};
use super::systems;
use crate::clock::{DAY, START};
use crate::flood::{ATTACKED, Flood, OWN};
use crate::report::Row;
use crate::system::{Caller, System};
use crate::world::Background;

pub(crate) const NAME: &str = "country";
pub(crate) const WHAT: &str = "10,000 numbers of one country are texted from 10,000 addresses, ten requests a second, for a \
                               day, and nobody answers. Two weeks of normal traffic before, and on the day itself: 100 codes \
                               in the busiest hour in the own country, 5 in the attacked one, nine of ten answered. 24 visits \
                               of a real user.";

/// Codes that are asked for in the busiest hour.
const TRAFFIC: [(&str, u32); 2] = [(OWN, 100), (ATTACKED, 5)];

const THERE: &str = "user in the attacked country";
const ELSEWHERE: &str = "user in another country";

pub(crate) fn run(seed: u64) -> Vec<Row> {
    let mut rows: Vec<Row> = systems().into_iter().flat_map(|system| on(system, seed)).collect();
    rows.sort_by_key(|row| row.variant != THERE);
    rows
}

fn on(system: System, seed: u64) -> Vec<Row> {
    let user = |variant, country| User {
        variant,
        caller: Caller {
            address: 1_000_000,
            number: 1_000_000,
            country,
        },
    };
    let users = [user(THERE, ATTACKED), user(ELSEWHERE, OWN)];
    // The same traffic for all systems, as the seed is the same.
    let mut rng = Rng::with_seed(seed);
    let before = UnixMillis(START.0 - 14 * DAY);
    let background = Background::new(&TRAFFIC, (before, END), START, &mut rng);
    play(NAME, system, Flood::of_a_country(START, END), background, &users, rng)
}
