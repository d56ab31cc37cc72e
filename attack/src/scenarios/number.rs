//! One phone is to be flooded with texts, or its owner to be kept from signing in.

use fastrand::Rng;

use super::flooded::{END, User, play};
use super::systems;
use crate::clock::START;
use crate::flood::{Flood, OWN};
use crate::report::Row;
use crate::system::{Caller, System};
use crate::world::Background;

pub(crate) const NAME: &str = "number";
pub(crate) const WHAT: &str = "one number, the real user's own, is texted from 1,000 addresses, ten requests a second, for a \
                               day. 24 visits of the user, one in each hour, with ten minutes of patience.";

pub(crate) fn run(seed: u64) -> Vec<Row> {
    systems().into_iter().flat_map(|system| on(system, seed)).collect()
}

fn on(system: System, seed: u64) -> Vec<Row> {
    let user = User {
        variant: "",
        caller: Caller {
            address: 1_000_000,
            number: 0,
            country: OWN,
        },
    };
    let flood = Flood::of_one_number(START, END);
    play(NAME, system, flood, Background::none(), &[user], Rng::with_seed(seed))
}

#[cfg(test)]
mod tests {
    use guard::OnBudget;

    use super::super::ours;
    use super::*;
    use crate::chance::CODES;

    #[test]
    fn ours_sends_as_many_as_the_number_may_have_in_a_day() {
        let rows = on(ours(OnBudget::Record, CODES), 1);
        assert_eq!((rows[0].system, rows[0].texts), ("ours (default)", 10));
    }
}
