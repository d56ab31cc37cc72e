//! Answers tried for one number.

use serde::{Deserialize, Serialize};

use crate::{
    history::History,
    limit::Limits,
    policy::GuessPolicy,
    refusal::{Cause, Refusal, Waiting},
    time::{HOUR, UnixMillis},
};

/// The one challenge of a number that can be answered: a newer one takes its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// Tells it from all others of this number.
    pub id: String,
    /// When its code was recorded as sent.
    pub sent_at: UnixMillis,
    /// The last moment at which its code is good.
    pub expires_at: UnixMillis,
    /// Answers that were let through. Also the number of the session that the next answer comes with: each is good for one.
    #[serde(default)]
    pub answers: u32,
    /// Whether what became of one of them is unknown. It may have been compared, so Cognito may have counted further.
    #[serde(default)]
    pub is_unsure: bool,
}

impl Challenge {
    /// For how long it is still known that its code was too old, in milliseconds.
    const KNOWN_EXPIRED: u64 = HOUR;

    /// Whether it expired so long ago that there is no such challenge any more.
    fn is_past(&self, now: UnixMillis) -> bool {
        now.since(self.expires_at) >= Self::KNOWN_EXPIRED
    }
}

/// An answer that was let through, to be concluded with its [`Outcome`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    challenge: String,
    /// Which answer to its challenge it is, beginning with 1.
    pub turn: u32,
    /// Whether Cognito may have counted more answers than this turn says.
    pub is_unsure: bool,
    pub(crate) at: UnixMillis,
    /// Where it came from.
    pub(crate) network: Option<String>,
}

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Right,
    Wrong,
    /// It was turned away before anybody looked at it: as if it had not been made.
    NotAsked,
    /// Nobody knows: it may have been compared, so it counts as an answer; but not as a wrong one, so that outages lock
    /// nobody. Its session may still be good, so its turn is given back: for Cognito a session is good once, and who tries
    /// again after an outage either goes on or is told to begin anew.
    Unknown,
}

/// What is remembered of answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Guessing {
    answered: History,
    /// When the last right answer was given.
    right_at: Option<UnixMillis>,
    wrong_in_a_row: u32,
    locked: bool,
    challenge: Option<Challenge>,
    /// Under which time the newest code is counted that had a challenge, or may have had.
    newest_code: Option<UnixMillis>,
}

impl Guessing {
    pub(crate) fn is_locked(&self) -> bool {
        self.locked
    }

    pub(crate) fn wrong_in_a_row(&self) -> u32 {
        self.wrong_in_a_row
    }

    pub(crate) fn times(&self) -> &[UnixMillis] {
        self.answered.times()
    }

    /// Says what another answer would have to wait for, whoever gives it. `reserve_percent`: how much more than the limits there
    /// may be in all.
    pub(crate) fn wait(&self, policy: &GuessPolicy, reserve_percent: u32, now: UnixMillis, waiting: &mut Waiting) {
        let limits = policy.limits.plus(reserve_percent);
        waiting.add(retry_at(&limits, &self.answered, self.right_at, now), Cause::Guesses);
    }

    pub(crate) fn right_at(&self) -> Option<UnixMillis> {
        self.right_at
    }

    /// Puts a challenge, or none, in the place of whatever is open: that of the code that is counted under `code`. Unless a newer
    /// code was quicker on its way.
    pub(crate) fn replace(&mut self, code: UnixMillis, challenge: Option<Challenge>) {
        if self.newest_code.is_none_or(|newest| newest <= code) {
            self.newest_code = Some(code);
            self.challenge = challenge;
        }
    }

    pub(crate) fn open_since(&self) -> Option<UnixMillis> {
        self.challenge.as_ref().map(|challenge| challenge.sent_at)
    }

    pub(crate) fn close(&mut self) {
        self.challenge = None;
    }

    /// Lets an answer through, or not. `turn`: how many answers the challenge had when its session was handed out; `waiting`: what
    /// it has to wait for, if its challenge can be answered.
    pub(crate) fn begin(
        &mut self,
        policy: &GuessPolicy,
        id: &str,
        turn: u32,
        now: UnixMillis,
        waiting: Waiting,
    ) -> Result<Guess, Refusal> {
        if self.locked {
            return Err(Refusal::Locked);
        }
        let known = self.challenge.as_mut().filter(|challenge| !challenge.is_past(now));
        let challenge = known.ok_or(Refusal::NoChallenge)?;
        if challenge.id != id || challenge.answers != turn || challenge.answers >= policy.per_challenge {
            return Err(Refusal::NoChallenge);
        }
        if now > challenge.expires_at {
            return Err(Refusal::Expired);
        }
        waiting.end()?;
        challenge.answers += 1;
        Ok(Guess {
            challenge: challenge.id.clone(),
            turn: challenge.answers,
            is_unsure: challenge.is_unsure,
            at: self.answered.record(now),
            network: None,
        })
    }

    /// Writes down what became of an answer.
    pub(crate) fn conclude(&mut self, policy: &GuessPolicy, guess: &Guess, outcome: Outcome) {
        match outcome {
            Outcome::Right => {
                self.right_at = self.right_at.max(Some(guess.at));
                self.wrong_in_a_row = 0;
                self.challenge = None;
            }
            Outcome::Wrong => {
                self.wrong_in_a_row = self.wrong_in_a_row.saturating_add(1);
                if self.wrong_in_a_row >= policy.lock_after {
                    self.locked = true;
                    self.challenge = None;
                }
            }
            Outcome::NotAsked => {
                self.answered.take_back(guess.at);
                self.give_back_turn(guess);
            }
            Outcome::Unknown => {
                self.give_back_turn(guess);
                if let Some(challenge) = self.challenge.as_mut().filter(|open| open.id == guess.challenge) {
                    challenge.is_unsure = true;
                }
            }
        }
    }

    fn give_back_turn(&mut self, guess: &Guess) {
        if let Some(challenge) = &mut self.challenge
            && challenge.id == guess.challenge
            && challenge.answers == guess.turn
        {
            challenge.answers -= 1;
        }
    }

    /// An operator lets the user try again.
    pub(crate) fn unlock(&mut self) {
        self.locked = false;
        self.wrong_in_a_row = 0;
        self.answered.clear();
        self.right_at = None;
        self.begin_anew();
    }

    /// The next code is the newest, whatever was before: its time may be earlier, since those of the others are forgotten.
    pub(crate) fn begin_anew(&mut self) {
        self.newest_code = None;
    }

    pub(crate) fn forget(&mut self, policy: &GuessPolicy, now: UnixMillis) {
        self.answered.forget(policy.limits.longest(), now);
        self.challenge.take_if(|challenge| challenge.is_past(now));
        self.right_at.take_if(|right_at| now.since(*right_at) >= HOUR);
        self.newest_code.take_if(|code| now.since(*code) >= HOUR);
    }

    /// A count of wrong answers is never forgotten: they are counted in a row, however long that takes.
    pub(crate) fn is_empty(&self) -> bool {
        !self.fades() && self.wrong_in_a_row == 0 && !self.locked
    }

    pub(crate) fn fades(&self) -> bool {
        !self.answered.is_empty() || self.challenge.is_some() || self.right_at.is_some() || self.newest_code.is_some()
    }
}

/// When another answer fits in. A right one has cleared windows of up to an hour.
pub(crate) fn retry_at(
    limits: &Limits,
    answered: &History,
    right_at: Option<UnixMillis>,
    now: UnixMillis,
) -> Option<UnixMillis> {
    limits.retry_at_of(now, |limit| match right_at {
        Some(right_at) if limit.window_ms <= HOUR => answered.after(right_at),
        _ => answered.times(),
    })
}

#[cfg(test)]
mod tests;
