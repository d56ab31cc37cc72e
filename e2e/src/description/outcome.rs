//! How an operation can end: what is described, and what the tests met.

use std::{
    fmt::{self, Display, Formatter},
    str::FromStr,
};

use anyhow::{Context, Error};

/// Stands for the code of an answer that has none.
const NO_CODE: &str = "-";

/// An operation's answer of one status with one code. As text: `POST /sign_up 201 CHALLENGE_SENT`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Outcome {
    /// Method and path template.
    pub operation: String,
    /// As the description has it: a number, or `default`.
    pub status: String,
    /// What programs switch on, of problems and of some other answers.
    pub code: Option<String>,
}

impl Display for Outcome {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let code = self.code.as_deref().unwrap_or(NO_CODE);
        write!(formatter, "{} {} {code}", self.operation, self.status)
    }
}

impl FromStr for Outcome {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut words = text.rsplitn(3, ' ');
        let mut next = || words.next().context("an outcome has an operation, a status and a code");
        let (code, status, operation) = (next()?, next()?, next()?);
        Ok(Self {
            operation: operation.to_owned(),
            status: status.to_owned(),
            code: (code != NO_CODE).then(|| code.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_read_as_it_is_written() {
        for text in [
            "POST /sign_up 201 CHALLENGE_SENT",
            "POST /sign_out 204 -",
            "GET /secured/{path} default -",
        ] {
            assert_eq!(text.parse::<Outcome>().unwrap().to_string(), text);
        }
        assert!("POST 201".parse::<Outcome>().is_err());
    }
}
