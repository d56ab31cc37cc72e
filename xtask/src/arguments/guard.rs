//! What `guard` is asked.

use anyhow::{Context, Result, bail};
use challenge::PhoneNumber;
use lexopt::prelude::{Long, Short, Value, ValueExt};

use super::Task;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct GuardOptions {
    pub(crate) order: GuardOrder,
    pub(crate) number: PhoneNumber,
    /// The worker's.
    pub(crate) url: String,
}

/// What an operator wants of a number's Guard.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(crate) enum GuardOrder {
    Show,
    Unlock,
    Block,
    Allow,
}

impl GuardOrder {
    pub(super) const ALL: [Self; 4] = [Self::Show, Self::Unlock, Self::Block, Self::Allow];

    /// The name on the command line and in requests.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Show => "show",
            Self::Unlock => "unlock",
            Self::Block => "block",
            Self::Allow => "allow",
        }
    }
}

pub(super) fn guard(mut arguments: lexopt::Parser) -> Result<Task> {
    let (mut order, mut number) = (None, None);
    let mut url = "http://127.0.0.1:8787".to_owned();
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(name) if order.is_none() => {
                let name = name.string()?;
                let known = GuardOrder::ALL.into_iter().find(|order| order.name() == name);
                order = Some(
                    known
                        .with_context(|| format!("`{name}` is no order; `show`, `unlock`, `block` and `allow` are"))?,
                );
            }
            // The number itself is not repeated: what is printed may be logged.
            Value(text) if number.is_none() => {
                let parsed = PhoneNumber::parse(&text.string()?);
                number = Some(parsed.context("the number is not one in E.164 form, such as +15005550006")?);
            }
            Long("url") => url = arguments.value()?.string()?,
            Short('h') | Long("help") => return Ok(Task::Help),
            other => bail!(other.unexpected()),
        }
    }
    Ok(Task::Guard(GuardOptions {
        order: order.context("which order? `show`, `unlock`, `block` or `allow`")?,
        number: number.context("of which number? Such as +15005550006")?,
        url,
    }))
}
