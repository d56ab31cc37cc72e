//! One user's codes are guessed, from as many addresses as it takes.

use fastrand::Rng;
use guard::{OnBudget, Policy, UnixMillis};

use super::{Findings, ours, systems, with_known};
use crate::chance::{CODES, MOST, Worst, of_guesses};
use crate::clock::{DAY, HOUR, START};
use crate::flood::OWN;
use crate::guesser::{Guesser, VICTIM};
use crate::person::{PATIENCE, Visit, in_short, patiently, visit};
use crate::report::{Row, chance, cost, grouped};
use crate::system::{Caller, System};
use crate::world::{Background, World};

pub(crate) const NAME: &str = "guess";
pub(crate) const WHAT: &str = "one user's codes are guessed for a week from any number of addresses: codes are asked for, and \
                               answered with distinct guesses, as often as allowed, up to ten requests a second. The user \
                               signs in once a day. Texts and answers are means of many weeks for ours, those of one week for \
                               peers; the chance is that of codes of six digits.";

const DAYS: u64 = 7;
const END: UnixMillis = UnixMillis(START.0 + DAYS * DAY);

/// Weeks that are played of ours; of a peer, whose limits leave little to chance, one.
const WEEKS: u64 = 1_000;
/// Codes of three digits, which are guessed often enough to count how often.
const FEW_CODES: u32 = 1_000;
const WEEKS_WITH_FEW_CODES: u64 = 12_000;
/// So many standard errors may lie between what was counted and what was calculated: by accident once in 16,000 times.
const STANDARD_ERRORS: f64 = 4.0;

/// From a code to the next, in milliseconds, for an attacker who leaves the user two of the ten codes a day.
const SPARING: u64 = 3 * HOUR;

/// Whether the user has signed in before from where he comes now, and what it is called.
const GREEDY: [(bool, &str); 2] = [
    (
        true,
        "attacker who takes all that is allowed; user who has signed in from the same address before",
    ),
    (
        false,
        "attacker who takes all that is allowed; user who has never signed in",
    ),
];
/// Ours only.
const PATIENT: [(bool, &str); 2] = [
    (
        true,
        "attacker who takes 8 codes a day, so that wrong answers are never too many in a row; user who has signed in from the \
         same address before",
    ),
    (
        false,
        "attacker who takes 8 codes a day, so that wrong answers are never too many in a row; user who has never signed in",
    ),
];

const USER: Caller = Caller {
    address: 1_000_000,
    number: VICTIM,
    country: OWN,
};

pub(crate) fn run(seed: u64) -> Findings {
    let mut findings = Findings::default();
    promise(&mut findings);
    for (is_known, variant) in GREEDY {
        for (at, system) in systems().into_iter().enumerate() {
            let count = if matches!(system, System::Ours(_)) { WEEKS } else { 1 };
            let weeks = weeks(&system, is_known, seed, count, &greedy(None));
            findings.rows.push(row(&system, variant, &weeks));
            // The defaults, which are first, are what the promise is about.
            if at == 0 {
                played(variant, &weeks, &mut findings);
            }
        }
    }
    let system = ours(OnBudget::Record, CODES);
    for (is_known, variant) in PATIENT {
        let weeks = weeks(&system, is_known, seed, WEEKS, &greedy(None).sparing(SPARING));
        findings.rows.push(row(&system, variant, &weeks));
        played(variant, &weeks, &mut findings);
    }
    compare(seed, &mut findings);
    findings
}

fn weeks(system: &System, is_known: bool, seed: u64, count: u64, attacker: &Guesser) -> Vec<Week> {
    let mut system = system.clone();
    if is_known {
        system = with_known(system, USER, seed);
    }
    seeds(seed, count)
        .map(|seed| Week::play(system.clone(), seed, attacker.clone()))
        .collect()
}

/// A week, and what came of it.
struct Week {
    /// The user's, one a day.
    visits: Vec<Visit>,
    world: World<Guesser>,
}

impl Week {
    fn play(system: System, seed: u64, attacker: Guesser) -> Self {
        let mut world = World {
            system,
            rng: Rng::with_seed(seed),
            attacker,
            background: Background::none(),
        };
        let mut visits = Vec::new();
        for day in 0..DAYS {
            // Between eight in the morning and ten in the evening.
            let at = START.plus(day * DAY + 8 * HOUR + world.rng.u64(..14 * HOUR));
            world.run_until(at);
            let visit = visit(&mut world, USER, at, PATIENCE);
            if let Visit::In { after } = visit {
                world.attacker.try_at(at.plus(after));
            }
            visits.push(visit);
        }
        world.run_until(END);
        Self { visits, world }
    }

    /// Guesses that were compared.
    fn answers(&self) -> u64 {
        self.guesses().map(u64::from).sum()
    }

    /// Guesses at each challenge.
    fn guesses(&self) -> impl Iterator<Item = u32> {
        self.world.attacker.guesses.values().copied()
    }

    /// How likely one of them was right.
    fn chance(&self, codes: u32) -> f64 {
        of_guesses(self.guesses(), codes)
    }
}

fn row(system: &System, variant: &'static str, weeks: &[Week]) -> Row {
    let count = weeks.len().max(1) as u64;
    let mean = |of: fn(&Week) -> u64| (weeks.iter().map(of).sum::<u64>() + count / 2) / count;
    let texts = mean(|week| week.world.attacker.texts);
    let visits: Vec<Visit> = weeks.iter().flat_map(|week| week.visits.iter().copied()).collect();
    let afterwards = weeks.last().map(|week| patiently(&mut week.world.clone(), USER, END));
    Row {
        scenario: NAME,
        variant,
        system: system.name(),
        texts,
        cost_usd: cost(texts),
        answers: mean(Week::answers),
        chance: mean_of(weeks.iter().map(|week| week.chance(CODES))),
        user: format!("{}{}", in_short(&visits), by_day(weeks)),
        afterwards: afterwards.unwrap_or_default(),
        traffic: None,
    }
}

/// In how many weeks the user signed in on each day, if there are several weeks to say so of.
fn by_day(weeks: &[Week]) -> String {
    let count = weeks.len();
    let signed_in = |day: usize| {
        let visits = weeks.iter().filter_map(|week| week.visits.get(day));
        visits.filter(|visit| matches!(visit, Visit::In { .. })).count()
    };
    let days: Vec<usize> = (0..)
        .map(signed_in)
        .take(weeks.first().map_or(0, |week| week.visits.len()))
        .collect();
    if count < 2 || days.iter().all(|signed_in| *signed_in == 0) {
        return String::new();
    }
    if days.iter().all(|signed_in| *signed_in == count) {
        return "; each day".to_owned();
    }
    let days: Vec<String> = days.into_iter().map(|signed_in| signed_in.to_string()).collect();
    format!("; day by day in {} of {count} weeks", days.join(", "))
}

/// `codes`: so many to choose from; `None` if all guesses are to be wrong, to see how many there can be.
fn greedy(codes: Option<u32>) -> Guesser {
    Guesser::new(START, END, codes)
}

/// Holds what is possible at worst to what is promised.
fn promise(findings: &mut Findings) {
    let worst = Worst::of(&Policy::default());
    findings.calculation.extend(worst.steps());
    findings.calculation.push(format!(
        "Promised is at most {} in a week: {}.",
        chance(MOST),
        if worst.in_a_week <= MOST { "kept" } else { "NOT KEPT" }
    ));
    hold(worst.in_a_week, "at worst", findings);
}

/// What there was at most in weeks that were played.
fn played(attacker: &str, weeks: &[Week], findings: &mut Findings) {
    let most = weeks.iter().max_by_key(|week| week.answers());
    let (answers, played) = most.map_or((0, 0.0), |week| (week.answers(), week.chance(CODES)));
    let locked = weeks.iter().filter_map(|week| week.world.attacker.gave_up_at);
    let days: Vec<u64> = locked.map(|at| at.since(START) / DAY + 1).collect();
    let when = match (days.iter().min(), days.iter().max()) {
        (Some(first), Some(last)) if first == last => format!(", on day {first}"),
        (Some(first), Some(last)) => format!(", on day {first} to {last}"),
        _ => String::new(),
    };
    findings.calculation.push(format!(
        "Simulated weeks, {attacker}: at most {answers} answers were compared, {}. The number got locked in {} of {} \
         weeks{when}.",
        chance(played),
        grouped(days.len() as u64),
        grouped(weeks.len() as u64),
    ));
    hold(played, "in a simulated week", findings);
}

fn hold(value: f64, when: &str, findings: &mut Findings) {
    if value > MOST {
        findings.faults.push(format!(
            "With our defaults somebody's codes are guessed within a week with a probability of {} {when}; promised is {}.",
            chance(value),
            chance(MOST)
        ));
    }
}

/// Counts how often codes of three digits are guessed, and calculates it from how many guesses there are.
fn compare(seed: u64, findings: &mut Findings) {
    let Comparison {
        counted,
        calculated,
        error,
    } = Comparison::of(seed, WEEKS_WITH_FEW_CODES);
    let apart = (counted - calculated).abs() / error;
    findings.calculation.push(format!(
        "Checked with codes of three digits: in {} weeks of real guesses the attacker got in with a frequency of {counted:.4}; \
         the formula says {calculated:.4}. That is {apart:.1} standard errors apart (at most {STANDARD_ERRORS}).",
        grouped(WEEKS_WITH_FEW_CODES),
    ));
    if apart > STANDARD_ERRORS {
        findings
            .faults
            .push("The formula does not say what the simulation counts.".to_owned());
    }
}

/// The same weeks counted and calculated.
struct Comparison {
    counted: f64,
    calculated: f64,
    /// Of the difference between the two.
    error: f64,
}

impl Comparison {
    fn of(seed: u64, weeks: u64) -> Self {
        let play = |seed, codes| Week::play(ours(OnBudget::Record, FEW_CODES), seed, greedy(codes));
        let got_in = seeds(seed, weeks).map(|seed| {
            let week = play(seed, Some(FEW_CODES));
            f64::from(u8::from(week.world.attacker.got_in))
        });
        let counted = mean_of(got_in);
        // Other seeds, so that the two do not depend on each other.
        let chances = seeds(!seed, weeks).map(|seed| play(seed, None).chance(FEW_CODES));
        let chances: Vec<f64> = chances.collect();
        let calculated = mean_of(chances.iter().copied());
        let spread = mean_of(chances.iter().map(|chance| (chance - calculated).powi(2)));
        #[expect(clippy::cast_precision_loss, reason = "some thousands")]
        let error = ((calculated * (1.0 - calculated) + spread) / weeks as f64).sqrt();
        Self {
            counted,
            calculated,
            error,
        }
    }
}

/// Seeds of so many weeks: those of one seed have nothing to do with those of the next.
fn seeds(seed: u64, weeks: u64) -> impl Iterator<Item = u64> {
    let mut rng = Rng::with_seed(seed);
    (0..weeks).map(move |_| rng.u64(..))
}

fn mean_of(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0.0, 0.0), |(count, sum), value| (count + 1.0, sum + value));
    sum / f64::max(count, 1.0)
}

#[cfg(test)]
mod tests;
