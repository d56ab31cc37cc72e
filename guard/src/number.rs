//! One phone number: the codes sent to it, the answers tried for it, and what an operator said about it.

use serde::{Deserialize, Serialize};

use crate::{
    Memory, Policy,
    guessing::{Challenge, Guess, Guessing, Outcome},
    known::Known,
    refusal::{Refusal, Waiting},
    sending::Sending,
    time::{DAY, HOUR, UnixMillis},
};

/// What is remembered of a number. Not the number itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Number {
    sending: Sending,
    guessing: Guessing,
    known: Known,
    blocked: bool,
    /// The newest orders, oldest first.
    orders: Vec<Carried>,
}

/// Who asks for a code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asker<'a> {
    /// Where it comes from, by any name that is always the same; none if nobody knows.
    pub network: Option<&'a str>,
    /// Whether it has passed the human check.
    pub is_human: bool,
}

/// What an operator can order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Takes away the lock and forgets the answers tried.
    Unlock,
    /// No code is sent to it and no answer is taken.
    Block,
    /// Takes away the block and forgets the codes sent.
    Allow,
}

impl Order {
    /// The name in commands and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unlock => "unlock",
            Self::Block => "block",
            Self::Allow => "allow",
        }
    }
}

/// An order that was carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    pub at: UnixMillis,
    pub order: Order,
    /// Who gave it, by their own word.
    pub operator: String,
}

/// What an operator is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub blocked: bool,
    pub locked: bool,
    pub wrong_in_a_row: u32,
    pub codes_last_hour: usize,
    pub codes_last_day: usize,
    pub answers_last_hour: usize,
    pub answers_last_day: usize,
    /// What would be said to somebody who asks for a code now; none if it would be sent.
    pub next_code: Option<Refusal>,
    pub orders: Vec<Carried>,
}

impl Number {
    /// Orders that are kept.
    const ORDERS: usize = 20;

    /// Counts a code as sent, or says why none may be. Returns the time under which it is counted.
    pub fn begin_send(&mut self, policy: &Policy, now: UnixMillis, asker: Asker<'_>) -> Result<UnixMillis, Refusal> {
        self.may_send(policy, now, asker)?;
        let at = self.sending.record(now);
        self.known.sent(asker.network, at);
        Ok(at)
    }

    fn may_send(&self, policy: &Policy, now: UnixMillis, asker: Asker<'_>) -> Result<(), Refusal> {
        if self.blocked {
            return Err(Refusal::Blocked);
        }
        if self.guessing.is_locked() {
            return Err(Refusal::Locked);
        }
        let mut waiting = Waiting::default();
        self.sending
            .wait(&policy.sending, policy.reserve_percent, now, &mut waiting);
        self.known.wait_to_send(policy, asker.network, now, &mut waiting);
        // A code that nobody may answer would be a text for nothing.
        self.wait_to_answer(policy, asker.network, now, &mut waiting);
        waiting.end()?;
        if asker.is_human {
            Ok(())
        } else {
            self.sending.needs_human(&policy.sending, now)
        }
    }

    /// The code that was counted under `at` was not sent.
    pub fn take_back_send(&mut self, at: UnixMillis) {
        self.sending.take_back(at);
        self.known.take_back_send(at);
    }

    /// The code that is counted under `code` is on its way, or may be, and has no challenge: whatever older one was open can no
    /// longer be answered.
    pub fn close_challenge(&mut self, code: UnixMillis) {
        self.guessing.replace(code, None);
    }

    /// The code that is counted under `code` was sent: this is the challenge that can be answered from now on, and no older one.
    pub fn open_challenge(&mut self, code: UnixMillis, challenge: Challenge) {
        self.guessing.replace(code, Some(challenge));
    }

    /// When the code of the challenge that can be answered was counted as sent.
    pub fn open_since(&self) -> Option<UnixMillis> {
        self.guessing.open_since()
    }

    /// Lets an answer through, or says why not. `turn`: how many answers its challenge had when the session that comes with it
    /// was handed out. Each turn passes once. `network`: where it comes from, as in [`Asker`].
    pub fn begin_answer(
        &mut self,
        policy: &Policy,
        id: &str,
        turn: u32,
        now: UnixMillis,
        network: Option<&str>,
    ) -> Result<Guess, Refusal> {
        if self.blocked {
            return Err(Refusal::Blocked);
        }
        let mut waiting = Waiting::default();
        self.wait_to_answer(policy, network, now, &mut waiting);
        let mut guess = self.guessing.begin(&policy.guessing, id, turn, now, waiting)?;
        self.known.answered(network, guess.at);
        guess.network = network.map(str::to_owned);
        Ok(guess)
    }

    fn wait_to_answer(&self, policy: &Policy, network: Option<&str>, now: UnixMillis, waiting: &mut Waiting) {
        self.guessing
            .wait(&policy.guessing, policy.reserve_percent, now, waiting);
        self.known
            .wait_to_answer(policy, network, self.guessing.right_at(), now, waiting);
    }

    /// Writes down what became of an answer.
    pub fn conclude(&mut self, policy: &Policy, guess: &Guess, outcome: Outcome) {
        self.guessing.conclude(&policy.guessing, guess, outcome);
        match outcome {
            Outcome::Right => {
                self.sending.verified();
                if let Some(network) = &guess.network {
                    self.known.remember(network, guess.at);
                }
            }
            Outcome::NotAsked => self.known.take_back_answer(guess.at),
            Outcome::Wrong | Outcome::Unknown => {}
        }
    }

    /// Whether too many answers in a row were wrong.
    pub fn is_locked(&self) -> bool {
        self.guessing.is_locked()
    }

    /// Carries out an order, and remembers it.
    pub fn carry_out(&mut self, order: Order, operator: String, now: UnixMillis) {
        match order {
            Order::Unlock => {
                self.guessing.unlock();
                self.known.clear_answered();
            }
            Order::Block => {
                self.blocked = true;
                self.guessing.close();
            }
            Order::Allow => {
                self.blocked = false;
                self.sending.clear();
                self.guessing.begin_anew();
                self.known.clear_sent();
            }
        }
        if self.orders.len() >= Self::ORDERS {
            self.orders.remove(0);
        }
        self.orders.push(Carried {
            at: now,
            order,
            operator,
        });
    }

    /// What there is to see.
    pub fn summary(&self, policy: &Policy, now: UnixMillis) -> Summary {
        let within = |times: &[UnixMillis], window| times.iter().filter(|at| now.since(**at) < window).count();
        let anyone = Asker {
            network: None,
            is_human: true,
        };
        let (codes, answers) = (self.sending.times(), self.guessing.times());
        Summary {
            blocked: self.blocked,
            locked: self.guessing.is_locked(),
            wrong_in_a_row: self.guessing.wrong_in_a_row(),
            codes_last_hour: within(codes, HOUR),
            codes_last_day: within(codes, DAY),
            answers_last_hour: within(answers, HOUR),
            answers_last_day: within(answers, DAY),
            next_code: self.may_send(policy, now, anyone).err(),
            orders: self.orders.clone(),
        }
    }
}

impl Memory for Number {
    fn forget(&mut self, policy: &Policy, now: UnixMillis) {
        self.sending.forget(&policy.sending, now);
        self.guessing.forget(&policy.guessing, now);
        self.known.forget(policy, now);
    }

    /// What an operator did is never forgotten.
    fn is_empty(&self) -> bool {
        self.fades_in(UnixMillis::default()).is_none()
            && self.guessing.is_empty()
            && !self.blocked
            && self.orders.is_empty()
    }

    fn fades_in(&self, now: UnixMillis) -> Option<u64> {
        if !self.sending.is_empty() || self.guessing.fades() || self.known.has_counts() {
            Some(DAY)
        } else {
            self.known.fades_in(now)
        }
    }
}

#[cfg(test)]
mod tests;
