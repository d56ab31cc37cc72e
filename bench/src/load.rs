//! The kinds of load: which requests, which answer each must get, and how often a request may come again.

use std::cell::Cell;

use anyhow::{Result, bail};

use crate::tokens::{Token, Tokens};

/// How many tokens are used in turn: the callers of a busy hour at one place.
const TURN: usize = 2_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    /// Every token is new to the server.
    New,
    /// Many tokens, all of which the server has met before.
    Turn,
    One,
    /// A wrong signature, on another token each time.
    Invalid,
    /// A good signature on another expired token each time.
    Expired,
    Health,
}

impl Load {
    pub(crate) const ALL: [Self; 6] = [
        Self::New,
        Self::Turn,
        Self::One,
        Self::Invalid,
        Self::Expired,
        Self::Health,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Turn => "turn",
            Self::One => "one",
            Self::Invalid => "invalid",
            Self::Expired => "expired",
            Self::Health => "health",
        }
    }

    /// The named ones in their usual order, or all.
    pub(crate) fn choose(only: &[String]) -> Result<Vec<Self>> {
        let names = || Self::ALL.map(Self::name);
        if let Some(unknown) = only.iter().find(|name| !names().contains(&name.as_str())) {
            bail!("there is no load `{unknown}`; there are {}", names().join(", "));
        }
        Ok(Self::ALL
            .into_iter()
            .filter(|load| only.is_empty() || only.iter().any(|name| name == load.name()))
            .collect())
    }

    /// The status that every answer must have.
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::New | Self::Turn | Self::One | Self::Health => 200,
            Self::Invalid | Self::Expired => 401,
        }
    }

    /// What a process must have been asked before it is measured. The tokens in turn must all have been met.
    pub(crate) fn warm_up_requests(self) -> usize {
        if self == Self::Turn { TURN } else { 0 }
    }

    /// The least that ours should be of the faster peer.
    pub(crate) fn target(self) -> Option<f64> {
        match self {
            Self::New | Self::Invalid => Some(1.1),
            Self::Turn | Self::One => Some(1.5),
            Self::Expired => None,
            Self::Health => Some(1.0),
        }
    }

    /// The requests for one process.
    pub(crate) fn supply(self, tokens: &Tokens) -> Supply<'_> {
        let (tokens, again) = match self {
            Self::New => (tokens.good.as_slice(), false),
            Self::Turn => (&tokens.good[..TURN.min(tokens.good.len())], true),
            Self::One => (&tokens.good[..1], true),
            Self::Invalid => (tokens.invalid.as_slice(), false),
            Self::Expired => (tokens.expired.as_slice(), false),
            Self::Health => (&[][..], true),
        };
        Supply {
            load: self,
            tokens,
            again,
            next: Cell::new(0),
        }
    }
}

/// Hands out the requests of a load, one at a time. Every process gets a supply of its own, which begins anew: where
/// tokens must be new, what they must be new to is the process.
#[derive(Debug)]
pub(crate) struct Supply<'a> {
    pub(crate) load: Load,
    tokens: &'a [Token],
    /// Whether a token may come again.
    again: bool,
    next: Cell<usize>,
}

/// A request: what it asks with, if anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask<'a> {
    Health,
    Secured(&'a Token),
}

impl<'a> Supply<'a> {
    /// Nothing when all tokens are used up.
    pub(crate) fn next(&self) -> Option<Ask<'a>> {
        let index = self.next.get();
        self.next.set(index + 1);
        if self.load == Load::Health {
            return Some(Ask::Health);
        }
        let index = if self.again { index % self.tokens.len() } else { index };
        self.tokens.get(index).map(Ask::Secured)
    }
}

impl Ask<'_> {
    /// Writes the request into a buffer that is used again and again.
    pub(crate) fn write(self, request: &mut Vec<u8>) {
        const COMMON: &[u8] = b"Host: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: application/json\r\n";
        request.clear();
        match self {
            Self::Health => {
                request.extend_from_slice(b"GET /health HTTP/1.1\r\n");
                request.extend_from_slice(COMMON);
            }
            Self::Secured(token) => {
                request.extend_from_slice(b"GET /secured/call?greeting=hello&page=2 HTTP/1.1\r\n");
                request.extend_from_slice(COMMON);
                request.extend_from_slice(b"Authorization: Bearer ");
                request.extend_from_slice(token.text.as_bytes());
                request.extend_from_slice(b"\r\n");
            }
        }
        request.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(count: usize) -> Tokens {
        let list: Vec<Token> = (0..count)
            .map(|index| Token {
                sub: format!("u{index}"),
                text: format!("h.p.{index}"),
            })
            .collect();
        Tokens {
            first: list[0].clone(),
            good: list.clone(),
            invalid: list.clone(),
            expired: list,
            key_set: String::new(),
        }
    }

    fn subs(supply: &Supply<'_>, count: usize) -> Vec<Option<String>> {
        (0..count)
            .map(|_| match supply.next()? {
                Ask::Secured(token) => Some(token.sub.clone()),
                Ask::Health => Some("health".to_owned()),
            })
            .collect()
    }

    #[test]
    fn new_tokens_never_come_again() {
        let tokens = tokens(2);
        let supply = Load::New.supply(&tokens);
        assert_eq!(subs(&supply, 3), [Some("u0".to_owned()), Some("u1".to_owned()), None]);
    }

    #[test]
    fn tokens_in_turn_do() {
        let tokens = tokens(2);
        let turn = subs(&Load::Turn.supply(&tokens), 3);
        assert_eq!(turn, ["u0", "u1", "u0"].map(|sub| Some(sub.to_owned())));
        let one = subs(&Load::One.supply(&tokens), 2);
        assert_eq!(one, ["u0", "u0"].map(|sub| Some(sub.to_owned())));
    }

    #[test]
    fn loads_are_chosen_by_name() {
        let chosen = Load::choose(&["health".to_owned(), "new".to_owned()]).unwrap();
        assert_eq!(chosen, [Load::New, Load::Health]);
        assert_eq!(Load::choose(&[]).unwrap(), Load::ALL);
        let error = Load::choose(&["old".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("`old`") && error.contains("invalid"), "{error}");
    }
}
