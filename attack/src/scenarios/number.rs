//! One phone is to be flooded with texts, or its owner to be kept from signing in.

use fastrand::Rng;

use super::flooded::{END, User, play};
use super::{systems, with_known};
use crate::clock::START;
use crate::flood::{Flood, OWN};
use crate::report::Row;
use crate::system::{Caller, System};
use crate::world::Background;

pub(crate) const NAME: &str = "number";
pub(crate) const WHAT: &str = "one number, the real user's own, is texted from 1,000 addresses, ten requests a second, for a \
                               day. 24 visits of the user, one in each hour, with ten minutes of patience.";

const KNOWN: &str = "user who has signed in from the same address before";
const NEW: &str = "user who has never signed in";

const USER: Caller = Caller {
    address: 1_000_000,
    number: 0,
    country: OWN,
};

pub(crate) fn run(seed: u64) -> Vec<Row> {
    let mut rows: Vec<Row> = systems().into_iter().flat_map(|system| on(system, seed)).collect();
    rows.sort_by_key(|row| row.variant != KNOWN);
    rows
}

fn on(system: System, seed: u64) -> Vec<Row> {
    // One after the other: what is known of the number changes what the attacker gets.
    let variants = [(KNOWN, with_known(system.clone(), USER, seed)), (NEW, system)];
    let rows = variants.into_iter().flat_map(|(variant, system)| {
        let user = User { variant, caller: USER };
        let flood = Flood::of_one_number(START, END);
        play(NAME, system, flood, Background::none(), &[user], Rng::with_seed(seed))
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use guard::OnBudget;

    use super::super::ours;
    use super::*;
    use crate::chance::CODES;
    use crate::clock::MINUTE;
    use crate::person::{PATIENCE, Visit, visit};
    use crate::world::World;

    /// Visits of the user in the first hours of a flood, when it takes all that it can of the day: one each minute, each into
    /// a copy of the world. And the flood's texts.
    fn each_minute(system: System) -> (Vec<Visit>, u64) {
        let mut world = World {
            system,
            rng: Rng::with_seed(1),
            attacker: Flood::of_one_number(START, END),
            background: Background::none(),
        };
        let visits = (0..180).map(|minute| {
            let at = START.plus(minute * MINUTE + MINUTE / 2);
            world.run_until(at);
            visit(&mut world.clone(), USER, at, PATIENCE)
        });
        (visits.collect(), world.attacker.texts)
    }

    fn signed_in(visits: &[Visit]) -> usize {
        let is_in = |visit: &&Visit| matches!(visit, Visit::In { .. });
        visits.iter().filter(is_in).count()
    }

    #[test]
    fn ours_sends_as_many_as_the_number_may_have_in_a_day_and_has_a_reserve_for_who_is_known() {
        let rows = on(ours(OnBudget::Record, CODES), 1);
        let [known, new] = rows.as_slice() else {
            panic!("{} rows", rows.len());
        };
        assert_eq!(
            (known.variant, known.system, known.texts),
            (KNOWN, "ours (default)", 10)
        );
        assert_eq!((new.variant, new.system, new.texts), (NEW, "ours (default)", 10));
        assert!(known.user.starts_with("24 of 24"), "{}", known.user);
        assert!(new.user.starts_with("0 of 24"), "{}", new.user);
    }

    #[test]
    fn a_known_user_signs_in_during_a_flood_and_pauses_are_all_he_waits_for() {
        let (visits, texts) = each_minute(with_known(ours(OnBudget::Record, CODES), USER, 1));
        assert_eq!(texts, 10);
        // While the flood still gets codes, in the first minutes of two hours, its pauses are his, too: for at most
        // 2 * (1 + 2 + 3 * 5) minutes a day. It is quicker than he is when one ends, so often enough they outlast his patience.
        let out: Vec<usize> = (0..)
            .zip(&visits)
            .filter(|(_, visit)| matches!(visit, Visit::Out { .. }))
            .map(|(minute, _)| minute)
            .collect();
        assert!(out.len() < 30, "{out:?}");
        assert!(out.iter().all(|minute| matches!(minute, 0..18 | 60..78)), "{out:?}");
        let pauses = visits.iter().all(|visit| match visit {
            Visit::In { .. } => true,
            Visit::Out { by, .. } => *by == "the pause between codes",
        });
        assert!(pauses, "{visits:?}");
        let at_once = |visit: &Visit| matches!(visit, Visit::In { after } if *after < MINUTE);
        assert!(visits[90..].iter().all(at_once), "{visits:?}");
        assert!(
            visits.iter().filter(|visit| at_once(visit)).count() >= 180 - 45,
            "{visits:?}"
        );
    }

    #[test]
    fn at_an_address_of_which_nothing_is_known_he_is_a_stranger_like_the_attacker() {
        let elsewhere = Caller {
            address: USER.address + 1,
            ..USER
        };
        let (visits, texts) = each_minute(with_known(ours(OnBudget::Record, CODES), elsewhere, 1));
        assert_eq!(texts, 10);
        assert!(signed_in(&visits) < 10, "{}", signed_in(&visits));
    }
}
