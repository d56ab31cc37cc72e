//! One machine has texts sent to many numbers.

use fastrand::Rng;

use super::flooded::{END, User, play};
use super::systems;
use crate::clock::START;
use crate::flood::{Flood, OWN};
use crate::report::Row;
use crate::system::{Caller, System};
use crate::world::Background;

pub(crate) const NAME: &str = "address";
pub(crate) const WHAT: &str = "1,000 numbers are texted from one address, ten requests a second, for a day. 24 visits of a real \
                               user with another number.";

const SAME: &str = "user behind the same address (NAT)";
const OTHER: &str = "user at another address";

pub(crate) fn run(seed: u64) -> Vec<Row> {
    let mut rows: Vec<Row> = systems().into_iter().flat_map(|system| on(system, seed)).collect();
    rows.sort_by_key(|row| row.variant != SAME);
    rows
}

fn on(system: System, seed: u64) -> Vec<Row> {
    let user = |variant, address| User {
        variant,
        caller: Caller {
            address,
            number: 1_000_000,
            country: OWN,
        },
    };
    let users = [user(SAME, 0), user(OTHER, 1_000_000)];
    let flood = Flood::from_one_address(START, END);
    play(NAME, system, flood, Background::none(), &users, Rng::with_seed(seed))
}

#[cfg(test)]
mod tests {
    use guard::OnBudget;

    use super::super::ours;
    use super::*;
    use crate::chance::CODES;

    #[test]
    fn ours_sends_as_many_as_the_address_may_ask_for_in_a_day_and_hinders_nobody_elsewhere() {
        let rows = on(ours(OnBudget::Record, CODES), 1);
        let [same, other] = rows.as_slice() else {
            panic!("{} rows", rows.len());
        };
        assert_eq!((same.texts, other.texts), (20, 20));
        assert!(other.user.starts_with("24 of 24"), "{}", other.user);
    }
}
