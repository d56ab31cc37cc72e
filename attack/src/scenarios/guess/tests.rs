use super::*;

fn week(seed: u64) -> Week {
    Week::play(ours(OnBudget::Record, CODES), seed, greedy(None))
}

fn weeks_with_known(count: u64, attacker: &Guesser) -> Vec<Week> {
    weeks(&ours(OnBudget::Record, CODES), true, 1, count, attacker)
}

fn signed_in(week: &Week) -> usize {
    let is_in = |visit: &&Visit| matches!(visit, Visit::In { .. });
    week.visits.iter().filter(is_in).count()
}

#[test]
fn the_same_seed_gives_the_same_week() {
    let (one, other) = (week(7), week(7));
    assert_eq!(one.world.attacker.guesses, other.world.attacker.guesses);
    assert_ne!(one.visits, week(8).visits);
    let system = ours(OnBudget::Record, CODES);
    let variant = GREEDY[1].1;
    assert_eq!(row(&system, variant, &[one]), row(&system, variant, &[other]));
}

#[test]
fn no_week_has_more_guesses_than_the_policy_allows() {
    for seed in 0..50 {
        let week = week(seed);
        assert!(week.guesses().all(|guesses| guesses <= 3));
        assert!((90..=210).contains(&week.answers()), "{}", week.answers());
    }
}

#[test]
fn who_spares_the_user_has_more_guesses_and_is_still_bounded() {
    let attacker = greedy(None).sparing(SPARING);
    let week = Week::play(ours(OnBudget::Record, CODES), 1, attacker);
    assert!((101..=210).contains(&week.answers()), "{}", week.answers());
    assert!(matches!(week.visits[6], Visit::In { .. }));
}

#[test]
fn a_known_user_signs_in_each_day_and_strangers_have_no_more_answers_than_the_limit() {
    let strangers = 7 * u64::from(Worst::of(&Policy::default()).a_day.unwrap());
    for attacker in [greedy(None), greedy(None).sparing(SPARING)] {
        let weeks = weeks_with_known(20, &attacker);
        for week in &weeks {
            assert_eq!(signed_in(week), 7, "{:?}", week.visits);
            assert!((101..=strangers).contains(&week.answers()), "{}", week.answers());
            assert_eq!(week.world.attacker.gave_up_at, None);
        }
        assert_eq!(by_day(&weeks), "; each day");
    }
}

#[test]
fn who_has_never_signed_in_cannot_while_the_attacker_takes_all() {
    let weeks: Vec<Week> = (0..5).map(week).collect();
    assert!(weeks.iter().all(|week| signed_in(week) == 0));
    assert_eq!(by_day(&weeks), "");
}

#[test]
fn sign_ins_are_told_day_by_day() {
    let mut weeks = weeks_with_known(3, &greedy(None));
    weeks[1].visits[2] = Visit::Out { by: "", told: None };
    assert_eq!(by_day(&weeks), "; day by day in 3, 3, 2, 3, 3, 3, 3 of 3 weeks");
    assert_eq!(by_day(&weeks[..1]), "");
}

#[test]
fn more_than_promised_is_a_fault() {
    let mut findings = Findings::default();
    hold(MOST, "at worst", &mut findings);
    assert!(findings.faults.is_empty());
    hold(2.0 * MOST, "at worst", &mut findings);
    assert_eq!(findings.faults.len(), 1);
}

#[test]
fn the_formula_says_what_the_simulation_counts() {
    let Comparison {
        counted,
        calculated,
        error,
    } = Comparison::of(1, 1_000);
    assert!(calculated > 0.05 && error < 0.05, "{calculated} {error}");
    assert!(
        (counted - calculated).abs() < STANDARD_ERRORS * error,
        "{counted} {calculated}"
    );
}
