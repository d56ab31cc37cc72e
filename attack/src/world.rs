//! A system with all that goes on around it, event by event in simulated time. It can be cloned at any moment: what would a
//! real user meet who came now?

use std::collections::HashMap;
use std::rc::Rc;

use fastrand::Rng;
use guard::UnixMillis;

use crate::clock::{HOUR, MINUTE, SECOND};
use crate::system::{Answer, Caller, Sent, System};

/// How long a person takes from asking for a code to answering with it.
pub(crate) const TYPING: u64 = 15 * SECOND;

/// First address and number of the background's users; above are no others.
const BACKGROUND: u32 = 100_000_000;

#[derive(Debug, Clone)]
pub(crate) struct World<A> {
    pub(crate) system: System,
    pub(crate) rng: Rng,
    pub(crate) attacker: A,
    pub(crate) background: Background,
}

/// Somebody who makes one request after the other.
pub(crate) trait Attacker: Clone {
    /// When the next one is due; `None` if there is none.
    fn next_at(&self) -> Option<UnixMillis>;

    /// Makes it.
    fn step(&mut self, system: &mut System, rng: &mut Rng);
}

impl<A: Attacker> World<A> {
    /// Lets everything happen that happens before `until`.
    pub(crate) fn run_until(&mut self, until: UnixMillis) {
        loop {
            let attack = self.attacker.next_at();
            let background = self.background.next_at();
            let next = [attack, background].into_iter().flatten().min();
            if next.is_none_or(|at| at >= until) {
                return;
            }
            if attack.is_none_or(|at| background.is_some_and(|background| background < at)) {
                self.background.step(&mut self.system, &mut self.rng);
            } else {
                self.attacker.step(&mut self.system, &mut self.rng);
            }
        }
    }
}

/// Normal sign-ins: each by someone else, from an address of their own.
#[derive(Debug, Clone)]
pub(crate) struct Background {
    events: Rc<[Event]>,
    next: usize,
    /// Codes that were sent and will be answered, by caller.
    waiting: HashMap<u32, Sent>,
    /// From here on they are counted.
    counted_from: UnixMillis,
    /// Codes asked for and sent, by country.
    pub(crate) counts: HashMap<&'static str, (u32, u32)>,
}

#[derive(Debug, Clone, Copy)]
struct Event {
    at: UnixMillis,
    caller: Caller,
    is_answer: bool,
}

/// How many of ten who ask for a code answer with it.
const ANSWERED: u32 = 9;

impl Background {
    /// Nobody.
    pub(crate) fn none() -> Self {
        Self::of(Vec::new(), UnixMillis::default())
    }

    /// Sign-ins from one time to another: countries with how many ask for a code in the busiest hour of the day.
    pub(crate) fn new(
        countries: &[(&'static str, u32)],
        (from, until): (UnixMillis, UnixMillis),
        counted_from: UnixMillis,
        rng: &mut Rng,
    ) -> Self {
        let mut events = Vec::new();
        let mut id = BACKGROUND;
        for hour in 0..until.since(from) / HOUR {
            for (country, busiest) in countries {
                for _ in 0..scaled(*busiest, share_of(hour % 24)) {
                    id += 1;
                    let caller = Caller {
                        address: id,
                        number: id,
                        country,
                    };
                    // All of it within the hour, so that what a country's hour verifies is what it asks for.
                    let at = from.plus(hour * HOUR + rng.u64(..HOUR - MINUTE));
                    let is_answered = rng.u32(..10) < ANSWERED;
                    let moments = [(at, false), (at.plus(TYPING), true)];
                    for (at, is_answer) in moments.into_iter().take(1 + usize::from(is_answered)) {
                        events.push(Event { at, caller, is_answer });
                    }
                }
            }
        }
        events.sort_by_key(|event| (event.at, event.caller.number));
        Self::of(events, counted_from)
    }

    fn of(events: Vec<Event>, counted_from: UnixMillis) -> Self {
        Self {
            events: events.into(),
            next: 0,
            waiting: HashMap::new(),
            counted_from,
            counts: HashMap::new(),
        }
    }

    fn next_at(&self) -> Option<UnixMillis> {
        self.events.get(self.next).map(|event| event.at)
    }

    fn step(&mut self, system: &mut System, rng: &mut Rng) {
        let Some(event) = self.events.get(self.next).copied() else {
            return;
        };
        self.next += 1;
        if event.is_answer {
            if let Some(mut sent) = self.waiting.remove(&event.caller.number) {
                let answer = system.answer(event.caller, &mut sent.session, sent.code, event.at);
                debug_assert!(matches!(answer, Answer::Right), "{answer:?}");
            }
            return;
        }
        let asked = system.ask(event.caller, event.at, rng);
        if event.at >= self.counted_from {
            let (all, sent) = self.counts.entry(event.caller.country).or_default();
            *all += 1;
            *sent += u32::from(asked.is_ok());
        }
        if let Ok(sent) = asked {
            self.waiting.insert(event.caller.number, sent);
        }
    }
}

/// How busy an hour of the day is: most at three in the afternoon, a tenth of that twelve hours later.
fn share_of(hour: u64) -> f64 {
    let from_peak = f64::from(u32::try_from(hour).unwrap_or_default()) - 15.0;
    let wave = (from_peak / 24.0 * std::f64::consts::TAU).cos();
    0.55 + 0.45 * wave
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a small number"
)]
fn scaled(number: u32, share: f64) -> u32 {
    (f64::from(number) * share).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{DAY, START};
    use crate::flood::Flood;
    use crate::ours::Ours;

    #[test]
    fn a_day_of_normal_traffic_passes_ours_and_its_busiest_hour_is_as_busy_as_told() {
        let mut rng = Rng::with_seed(1);
        let background = Background::new(&[("XA", 100)], (START, START.plus(DAY)), START, &mut rng);
        let in_hour = |hour: u64| {
            let of_hour = |event: &&Event| !event.is_answer && event.at.since(START) / HOUR == hour;
            background.events.iter().filter(of_hour).count()
        };
        assert_eq!((0..24).map(in_hour).max(), Some(100));
        assert_eq!(in_hour(3), 10);

        let flood = Flood::of_one_number(START.plus(DAY), START.plus(DAY));
        let mut world = World {
            system: System::Ours(Box::new(Ours::new(guard::Policy::default(), 1_000_000))),
            rng,
            attacker: flood,
            background,
        };
        world.run_until(START.plus(2 * DAY));
        let (asked, sent) = world.background.counts["XA"];
        assert_eq!(asked, sent);
        assert!(asked > 1_000, "{asked}");
    }
}
