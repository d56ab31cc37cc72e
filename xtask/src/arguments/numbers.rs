//! Options that take a number.

use std::fmt::Display;
use std::str::FromStr;

use anyhow::{Result, bail};
use lexopt::prelude::ValueExt;

/// An option's number, from `least` to `most`.
pub(super) fn within<N>(arguments: &mut lexopt::Parser, option: &str, least: N, most: N) -> Result<N>
where
    N: Copy + FromStr + PartialOrd + Display,
{
    let text = arguments.value()?.string()?;
    match text.parse() {
        Ok(number) if number >= least && number <= most => Ok(number),
        _ => bail!("{option} takes a number from {least} to {most}, not `{text}`"),
    }
}

/// Port 0 would mean "any", which nobody could then find.
pub(super) fn port(arguments: &mut lexopt::Parser, option: &str) -> Result<u16> {
    let text = arguments.value()?.string()?;
    match text.parse() {
        Ok(0) | Err(_) => bail!("{option} takes a port from 1 to 65535, not `{text}`"),
        Ok(port) => Ok(port),
    }
}
