//! The policy: every number that a Guard goes by, with its default. The worker's settings change them (README, "Limits").

use crate::{
    limit::Limits,
    time::{DAY, HOUR, SECOND},
};

/// All of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub sending: SendPolicy,
    pub address: AddressPolicy,
    pub guessing: GuessPolicy,
    pub conversion: ConversionPolicy,
    /// Percent of a number's limits that networks where its user has signed in before have beyond them.
    pub reserve_percent: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            sending: SendPolicy::default(),
            address: AddressPolicy::default(),
            guessing: GuessPolicy::default(),
            conversion: ConversionPolicy::default(),
            reserve_percent: 20,
        }
    }
}

/// Codes to one number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendPolicy {
    /// Milliseconds between a code and the next: after the first of a run, after the second, and so on; the last one repeats.
    /// A run ends with a right answer or an hour without a code.
    pub pauses_ms: Vec<u64>,
    pub limits: Limits,
    /// Above these, only for humans.
    pub soft_limits: Option<Limits>,
}

/// Codes asked for by one client address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressPolicy {
    pub limits: Limits,
    /// Those included that were not sent in the end: what asks Cognito in vain costs its quota.
    pub attempts: Limits,
    /// Above these, only for humans.
    pub soft_limits: Option<Limits>,
    /// Countries a day. At least 1.
    pub countries: usize,
}

/// Answers to one number's challenges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuessPolicy {
    /// To one challenge. The define trigger holds it as well.
    pub per_challenge: u32,
    /// To all challenges. A right answer clears those whose window is at most an hour.
    pub limits: Limits,
    /// Wrong ones in a row that lock the number. NIST SP 800-63B §5.2.2: "no more than 100".
    pub lock_after: u32,
}

/// Codes to one country that nobody verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversionPolicy {
    pub on_budget: OnBudget,
    /// So many in an hour are always within the budget. At least 1: without any it might never be free again.
    pub floor: u32,
    /// And so many percent of the codes that were verified in the best hour of the last 14 days. Verified, not sent: who
    /// pumps shall not raise the budget by it.
    pub percent: u32,
}

/// What happens when the budget is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnBudget {
    /// It is recorded, and the code is sent.
    Record,
    Deny,
}

impl Default for SendPolicy {
    fn default() -> Self {
        Self {
            pauses_ms: vec![60 * SECOND, 120 * SECOND, 300 * SECOND],
            limits: Limits::new([(5, HOUR), (10, DAY)]),
            soft_limits: None,
        }
    }
}

impl Default for AddressPolicy {
    fn default() -> Self {
        Self {
            limits: Limits::new([(5, HOUR), (20, DAY)]),
            attempts: Limits::new([(60, HOUR)]),
            soft_limits: None,
            countries: 3,
        }
    }
}

impl Default for GuessPolicy {
    fn default() -> Self {
        Self {
            per_challenge: 3,
            limits: Limits::new([(9, HOUR), (30, DAY)]),
            lock_after: 100,
        }
    }
}

impl Default for ConversionPolicy {
    fn default() -> Self {
        Self {
            on_budget: OnBudget::Record,
            floor: 20,
            percent: 30,
        }
    }
}

impl Policy {
    /// For test numbers, to which no text goes: generous, and still a bound for what a client's runaway CI can ask of
    /// Cognito.
    #[must_use]
    pub fn for_test_numbers() -> Self {
        Self {
            sending: SendPolicy {
                pauses_ms: Vec::new(),
                limits: Limits::new([(60, HOUR), (500, DAY)]),
                soft_limits: None,
            },
            guessing: GuessPolicy {
                limits: Limits::new([(180, HOUR), (1_000, DAY)]),
                ..GuessPolicy::default()
            },
            reserve_percent: 0,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_the_documented_ones() {
        let Policy {
            sending,
            address,
            guessing,
            conversion,
            reserve_percent,
        } = Policy::default();
        assert_eq!(sending.pauses_ms, [60_000, 120_000, 300_000]);
        assert_eq!(Ok(sending.limits), "5/hour 10/day".parse());
        assert_eq!(sending.soft_limits, None);
        assert_eq!(Ok(address.limits), "5/hour 20/day".parse());
        assert_eq!(Ok(address.attempts), "60/hour".parse());
        assert_eq!(address.soft_limits, None);
        assert_eq!(address.countries, 3);
        assert_eq!(guessing.per_challenge, 3);
        assert_eq!(Ok(guessing.limits), "9/hour 30/day".parse());
        assert_eq!(guessing.lock_after, 100);
        assert_eq!(reserve_percent, 20);
        assert_eq!(conversion.on_budget, OnBudget::Record);
        assert_eq!((conversion.floor, conversion.percent), (20, 30));
    }

    #[test]
    fn test_numbers_are_guarded_likewise_but_for_the_counts() {
        let (policy, default) = (Policy::for_test_numbers(), Policy::default());
        assert_eq!(policy.sending.pauses_ms, [0_u64; 0]);
        assert_eq!(Ok(policy.sending.limits), "60/hour 500/day".parse());
        assert_eq!(Ok(policy.guessing.limits), "180/hour 1000/day".parse());
        assert_eq!(policy.guessing.per_challenge, default.guessing.per_challenge);
        assert_eq!(policy.guessing.lock_after, default.guessing.lock_after);
        assert_eq!(
            (policy.address, policy.conversion),
            (default.address, default.conversion)
        );
    }
}
