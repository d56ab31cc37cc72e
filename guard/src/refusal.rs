//! Why a Guard says no.

use serde::{Deserialize, Serialize};

use crate::time::UnixMillis;

/// A refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Too much for now; the first moment at which the same would be let through, if nothing else happens until then. An
    /// answer's code may have expired by that time.
    Wait { until: UnixMillis, cause: Cause },
    /// Only for somebody who has shown to be human.
    HumanCheck,
    /// An operator blocked the number.
    Blocked,
    /// Too many wrong answers in a row: an operator has to unlock it.
    Locked,
    /// There is no such challenge: answered, used up, replaced by a newer one, or this answer's turn has passed.
    NoChallenge,
    /// The code is too old.
    Expired,
}

/// Which limit it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The last code to this number is too fresh.
    Pause,
    /// Codes to this number.
    NumberSends,
    /// Answers for this number.
    Guesses,
    /// Codes that this address asked for.
    AddressSends,
    /// Codes that this address asked for, those included that were not sent.
    AddressAttempts,
    /// Countries that this address asked for.
    AddressCountries,
    /// Codes to this country that nobody verified.
    CountryBudget,
}

impl Refusal {
    /// The name in logs and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wait { cause, .. } => cause.name(),
            Self::HumanCheck => "human_check",
            Self::Blocked => "blocked",
            Self::Locked => "locked",
            Self::NoChallenge => "no_challenge",
            Self::Expired => "expired",
        }
    }
}

impl Cause {
    const fn name(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::NumberSends => "number_sends",
            Self::Guesses => "guesses",
            Self::AddressSends => "address_sends",
            Self::AddressAttempts => "address_attempts",
            Self::AddressCountries => "address_countries",
            Self::CountryBudget => "country_budget",
        }
    }
}

/// The latest of the times for which something has to wait.
#[derive(Default)]
pub(crate) struct Waiting(Option<(UnixMillis, Cause)>);

impl Waiting {
    pub(crate) fn add(&mut self, until: Option<UnixMillis>, cause: Cause) {
        if let Some(until) = until
            && self.0.is_none_or(|(latest, _)| until > latest)
        {
            self.0 = Some((until, cause));
        }
    }

    pub(crate) fn end(self) -> Result<(), Refusal> {
        match self.0 {
            None => Ok(()),
            Some((until, cause)) => Err(Refusal::Wait { until, cause }),
        }
    }
}
