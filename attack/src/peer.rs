//! Another system, as the limits that it documents: everything else about it is left out.

use std::collections::{HashMap, VecDeque};

use fastrand::Rng;
use guard::UnixMillis;

use crate::bucket::{Bucket, Rate};
use crate::system::{Answer, Caller, Refused, Sent, Session};

/// The limits. [`crate::peers`] has them and says where they are from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) name: &'static str,
    /// For how long a code is good, in milliseconds.
    pub(crate) lifetime: u64,
    /// Wrong answers that make a code worthless; `None` if they do not.
    pub(crate) tries: Option<u32>,
    /// Whether a new code for a number takes the place of the one before, whoever asked. If so, an answer names the number;
    /// if not, it names the session.
    pub(crate) newest_only: bool,
    /// Between a code and the next to the same number, in milliseconds.
    pub(crate) pause: Option<u64>,
    pub(crate) asked_by_address: Option<Rate>,
    pub(crate) answered_by_address: Option<Rate>,
    /// Requests of either kind for one number.
    pub(crate) calls_for_number: Option<Rate>,
    /// Codes to all numbers together.
    pub(crate) sent_to_all: Option<Rate>,
}

#[derive(Debug, Clone)]
pub(crate) struct Peer {
    limits: Limits,
    /// So many codes are possible.
    codes: u32,
    asked: HashMap<u32, Bucket>,
    answered: HashMap<u32, Bucket>,
    calls: HashMap<u32, Bucket>,
    sent: Bucket,
    last_sent: HashMap<u32, UnixMillis>,
    open: HashMap<u64, Open>,
    newest: HashMap<u32, u64>,
    /// Oldest first: all codes are good for the same time.
    expiring: VecDeque<(UnixMillis, u64)>,
    challenges: u64,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    code: u32,
    wrong: u32,
}

impl Peer {
    pub(crate) fn new(limits: Limits, codes: u32) -> Self {
        Self {
            limits,
            codes,
            asked: HashMap::new(),
            answered: HashMap::new(),
            calls: HashMap::new(),
            sent: Bucket::default(),
            last_sent: HashMap::new(),
            open: HashMap::new(),
            newest: HashMap::new(),
            expiring: VecDeque::new(),
            challenges: 0,
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.limits.name
    }

    pub(crate) fn tries(&self) -> Option<u32> {
        self.limits.tries
    }

    pub(crate) fn ask(&mut self, caller: Caller, now: UnixMillis, rng: &mut Rng) -> Result<Sent, Refused> {
        self.forget(now);
        let limits = self.limits;
        // Requests count even if something else refuses them; codes count only when they are sent.
        let calls = self.calls.entry(caller.number).or_default();
        take(calls, limits.calls_for_number, now, "the number's calls of the second")?;
        let asked = self.asked.entry(caller.address).or_default();
        take(asked, limits.asked_by_address, now, "the address's requests")?;
        if let (Some(pause), Some(last)) = (limits.pause, self.last_sent.get(&caller.number))
            && now.since(*last) < pause
        {
            return Err(Refused {
                until: Some(last.plus(pause)),
                by: "the pause between codes",
            });
        }
        take(
            &mut self.sent,
            limits.sent_to_all,
            now,
            "the project's codes of the hour",
        )?;

        self.challenges += 1;
        let (challenge, code) = (self.challenges, rng.u32(..self.codes));
        self.last_sent.insert(caller.number, now);
        let replaced = self.newest.insert(caller.number, challenge);
        if let Some(replaced) = replaced.filter(|_| limits.newest_only) {
            self.open.remove(&replaced);
        }
        self.open.insert(challenge, Open { code, wrong: 0 });
        self.expiring.push_back((now.plus(limits.lifetime), challenge));
        let session = Session { challenge, turn: 0 };
        Ok(Sent { session, code })
    }

    pub(crate) fn answer(&mut self, caller: Caller, session: &mut Session, code: u32, now: UnixMillis) -> Answer {
        self.forget(now);
        let limits = self.limits;
        let calls = self.calls.entry(caller.number).or_default();
        let answered = self.answered.entry(caller.address).or_default();
        let passed = take(calls, limits.calls_for_number, now, "the number's calls of the second")
            .and_then(|()| take(answered, limits.answered_by_address, now, "the address's requests"));
        if let Err(refused) = passed {
            return Answer::Refused(refused);
        }
        let challenge = match self.newest.get(&caller.number) {
            Some(newest) if limits.newest_only => *newest,
            _ => session.challenge,
        };
        let Some(open) = self.open.get_mut(&challenge) else {
            return Answer::Refused(Refused {
                until: None,
                by: "the end of the code",
            });
        };
        session.turn += 1;
        if open.code == code {
            self.open.remove(&challenge);
            return Answer::Right;
        }
        open.wrong += 1;
        if limits.tries.is_some_and(|tries| open.wrong >= tries) {
            self.open.remove(&challenge);
        }
        Answer::Wrong { challenge }
    }

    /// Drops the codes that are too old.
    fn forget(&mut self, now: UnixMillis) {
        while let Some((_, challenge)) = self.expiring.pop_front_if(|(expires_at, _)| *expires_at < now) {
            self.open.remove(&challenge);
        }
    }
}

fn take(bucket: &mut Bucket, rate: Option<Rate>, now: UnixMillis, by: &'static str) -> Result<(), Refused> {
    let Some(rate) = rate else { return Ok(()) };
    bucket
        .take(rate, now)
        .map_err(|until| Refused { until: Some(until), by })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{HOUR, MINUTE, START};
    use crate::peers::{COGNITO, SUPABASE, SUPABASE_UNCAPPED, SUPERTOKENS};

    const CALLER: Caller = Caller {
        address: 1,
        number: 1,
        country: "XA",
    };

    fn from(address: u32) -> Caller {
        Caller { address, ..CALLER }
    }

    /// Codes sent when asked for at a pace, in milliseconds, for a time, each from another address and for another number.
    fn sent(limits: Limits, pace: u64, for_ms: u64) -> usize {
        let (mut peer, mut rng) = (Peer::new(limits, 1_000_000), Rng::with_seed(1));
        let mut ask = |n| {
            let caller = Caller { number: n, ..from(n) };
            peer.ask(caller, START.plus(u64::from(n) * pace), &mut rng).is_ok()
        };
        (0..u32::try_from(for_ms / pace).unwrap()).filter(|n| ask(*n)).count()
    }

    #[test]
    fn supabase_pauses_a_number_and_caps_the_project() {
        let (mut peer, mut rng) = (Peer::new(SUPABASE, 1_000_000), Rng::with_seed(1));
        peer.ask(from(1), START, &mut rng).unwrap();
        let refused = peer.ask(from(2), START.plus(1_000), &mut rng).unwrap_err();
        assert_eq!(refused.until, Some(START.plus(MINUTE)));
        // The bucket is full at first, hence the second thirty.
        assert_eq!(sent(SUPABASE, 1_000, HOUR), 59);
        assert_eq!(sent(SUPABASE_UNCAPPED, 1_000, HOUR), 3_600);
    }

    #[test]
    fn at_supabase_wrong_answers_leave_a_code_as_it_is_and_a_newer_code_replaces_it() {
        let (mut peer, mut rng) = (Peer::new(SUPABASE, 1_000_000), Rng::with_seed(1));
        let mut old = peer.ask(CALLER, START, &mut rng).unwrap();
        for address in 0..1_000 {
            let answer = peer.answer(from(address), &mut old.session, u32::MAX, START);
            assert_eq!(answer, Answer::Wrong { challenge: 1 });
        }
        let later = START.plus(MINUTE);
        let new = peer.ask(CALLER, later, &mut rng).unwrap();
        let answer = peer.answer(CALLER, &mut old.session, old.code, later);
        assert_eq!(answer, Answer::Wrong { challenge: 2 });
        let answer = peer.answer(CALLER, &mut old.session, new.code, later);
        assert_eq!(answer, Answer::Right);
    }

    #[test]
    fn supertokens_takes_five_answers_and_never_refuses_to_send() {
        let (mut peer, mut rng) = (Peer::new(SUPERTOKENS, 1_000_000), Rng::with_seed(1));
        let mut sent = peer.ask(CALLER, START, &mut rng).unwrap();
        for _ in 0..5 {
            let answer = peer.answer(CALLER, &mut sent.session, u32::MAX, START);
            assert!(matches!(answer, Answer::Wrong { .. }));
        }
        let sixth = peer.answer(CALLER, &mut sent.session, sent.code, START);
        assert!(matches!(sixth, Answer::Refused(_)));
        assert!((0..1_000).all(|_| peer.ask(CALLER, START, &mut rng).is_ok()));
    }

    #[test]
    fn cognito_alone_takes_ten_calls_a_second_for_a_user() {
        let (mut peer, mut rng) = (Peer::new(COGNITO, 1_000_000), Rng::with_seed(1));
        let sent = (0..100).filter(|n| peer.ask(from(*n), START, &mut rng).is_ok()).count();
        assert_eq!(sent, 10);
    }

    #[test]
    fn codes_grow_too_old() {
        let (mut peer, mut rng) = (Peer::new(SUPERTOKENS, 1_000_000), Rng::with_seed(1));
        let mut sent = peer.ask(CALLER, START, &mut rng).unwrap();
        let late = START.plus(SUPERTOKENS.lifetime + 1);
        let answer = peer.answer(CALLER, &mut sent.session, sent.code, late);
        assert!(matches!(answer, Answer::Refused(_)));
    }
}
