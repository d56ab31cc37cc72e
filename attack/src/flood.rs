//! An attacker who has texts sent and answers none.

use fastrand::Rng;
use guard::UnixMillis;

use crate::clock::SECOND;
use crate::system::{Caller, System};
use crate::world::Attacker;

/// Between a request of the attacker and the next, in milliseconds: ten a second, at every system. Some would take more.
pub(crate) const PACE: u64 = SECOND / 10;

/// The attacker's country, where texts are dear.
pub(crate) const ATTACKED: &str = "XP";
/// Another.
pub(crate) const OWN: &str = "XA";

/// Goes round the numbers and the addresses, asking at a steady pace.
#[derive(Debug, Clone)]
pub(crate) struct Flood {
    numbers: u32,
    addresses: u32,
    country: &'static str,
    from: UnixMillis,
    until: UnixMillis,
    asked: u64,
    /// Texts that it had sent.
    pub(crate) texts: u64,
}

impl Flood {
    /// One number, the victim's, from 1,000 addresses.
    pub(crate) fn of_one_number(from: UnixMillis, until: UnixMillis) -> Self {
        Self::new(1, 1_000, OWN, (from, until))
    }

    /// 1,000 numbers from one address.
    pub(crate) fn from_one_address(from: UnixMillis, until: UnixMillis) -> Self {
        Self::new(1_000, 1, OWN, (from, until))
    }

    /// 10,000 numbers of one country from 10,000 addresses.
    pub(crate) fn of_a_country(from: UnixMillis, until: UnixMillis) -> Self {
        Self::new(10_000, 10_000, ATTACKED, (from, until))
    }

    fn new(numbers: u32, addresses: u32, country: &'static str, (from, until): (UnixMillis, UnixMillis)) -> Self {
        Self {
            numbers,
            addresses,
            country,
            from,
            until,
            asked: 0,
            texts: 0,
        }
    }

    /// No more requests.
    pub(crate) fn stop(&mut self) {
        self.until = UnixMillis::default();
    }
}

impl Attacker for Flood {
    fn next_at(&self) -> Option<UnixMillis> {
        let at = self.from.plus(self.asked * PACE);
        (at < self.until).then_some(at)
    }

    fn step(&mut self, system: &mut System, rng: &mut Rng) {
        let Some(now) = self.next_at() else { return };
        let turn = |of: u32| u32::try_from(self.asked % u64::from(of)).unwrap_or_default();
        let caller = Caller {
            address: turn(self.addresses),
            number: turn(self.numbers),
            country: self.country,
        };
        self.asked += 1;
        self.texts += u64::from(system.ask(caller, now, rng).is_ok());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{MINUTE, START};
    use crate::peer::Peer;
    use crate::peers::{SUPABASE_UNCAPPED, SUPERTOKENS};

    /// Texts that a flood of a minute has sent.
    fn texts(mut flood: Flood, mut system: System) -> u64 {
        let mut rng = Rng::with_seed(1);
        while flood.next_at().is_some() {
            flood.step(&mut system, &mut rng);
        }
        flood.texts
    }

    #[test]
    fn it_asks_ten_times_a_second_for_its_numbers_in_turn() {
        let end = START.plus(MINUTE);
        let peer = |limits| System::Peer(Box::new(Peer::new(limits, 1_000_000)));
        assert_eq!(texts(Flood::of_one_number(START, end), peer(SUPERTOKENS)), 600);
        // One number, one text a minute; one address, thirty at once and then one in ten seconds; neither.
        assert_eq!(texts(Flood::of_one_number(START, end), peer(SUPABASE_UNCAPPED)), 1);
        assert_eq!(texts(Flood::from_one_address(START, end), peer(SUPABASE_UNCAPPED)), 35);
        assert_eq!(texts(Flood::of_a_country(START, end), peer(SUPABASE_UNCAPPED)), 600);
    }

    #[test]
    fn once_stopped_it_asks_no_more() {
        let mut flood = Flood::of_a_country(START, START.plus(MINUTE));
        flood.stop();
        assert_eq!(flood.next_at(), None);
    }
}
