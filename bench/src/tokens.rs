//! The tokens that `tokens.mjs` made, read into memory before anything is measured.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// A token and whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) sub: String,
    pub(crate) text: String,
}

#[derive(Debug)]
pub(crate) struct Tokens {
    /// For the first call of every process and for nothing else.
    pub(crate) first: Token,
    pub(crate) good: Vec<Token>,
    pub(crate) invalid: Vec<Token>,
    pub(crate) expired: Vec<Token>,
    /// The key set that belongs to them.
    pub(crate) key_set: String,
}

impl Tokens {
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
        };
        let mut good = parse(&read("good.txt")?)?;
        let first = good.pop().context("there is no good token")?;
        Ok(Self {
            first,
            invalid: with_signatures_of_others(&good)?,
            good,
            expired: parse(&read("expired.txt")?)?,
            key_set: read("jwks.json")?,
        })
    }
}

fn parse(list: &str) -> Result<Vec<Token>> {
    list.lines()
        .map(|line| {
            let (sub, text) = line.split_once(' ').context("a line is not `sub token`")?;
            Ok(Token {
                sub: sub.to_owned(),
                text: text.to_owned(),
            })
        })
        .collect()
}

/// Each token with its neighbour's signature: a real one of the same key, so it is only found wrong at the very end of
/// the arithmetic. A signature with a changed byte can be refused early, as a number that is too large.
fn with_signatures_of_others(good: &[Token]) -> Result<Vec<Token>> {
    if good.len() < 2 {
        bail!("too few tokens to swap signatures");
    }
    let neighbours = good.iter().cycle().skip(1);
    good.iter()
        .zip(neighbours)
        .map(|(token, neighbour)| {
            let (signed, _) = token.text.rsplit_once('.').context("a token has no signature")?;
            let (_, signature) = neighbour.text.rsplit_once('.').context("a token has no signature")?;
            Ok(Token {
                sub: token.sub.clone(),
                text: format!("{signed}.{signature}"),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_token_is_a_good_one_with_anothers_signature() {
        let good = parse("u1 h.p1.s1\nu2 h.p2.s2\nu3 h.p3.s3\n").unwrap();
        let invalid = with_signatures_of_others(&good).unwrap();
        let texts: Vec<&str> = invalid.iter().map(|token| token.text.as_str()).collect();
        assert_eq!(texts, ["h.p1.s2", "h.p2.s3", "h.p3.s1"]);
        assert!(with_signatures_of_others(&good[..1]).is_err());
    }
}
