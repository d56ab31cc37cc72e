//! Plain HTTP to what runs on this machine.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process::logs::shown;
use crate::process::{Group, interrupt};

/// Nothing local takes longer to answer, unless it hangs.
const TIMEOUT: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(100);

/// The status and the body of a GET. An error means that there was no answer at all.
pub(crate) fn get(url: &str) -> Result<(u16, String)> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        // Whatever proxy the user has, it does not know this machine's loopback.
        .proxy(None)
        .build()
        .into();
    let mut response = agent.get(url).call().with_context(|| format!("GET {url}"))?;
    let status = response.status().as_u16();
    let body = response
        .body_mut()
        .read_to_string()
        .with_context(|| format!("GET {url}"))?;
    Ok((status, body))
}

/// Waits until a URL answers 200, or its server ends, or the limit is over.
pub(crate) fn wait_until_ok(url: &str, server: &mut Group, limit: Duration) -> Result<()> {
    let started = Instant::now();
    loop {
        server.must_run()?;
        let problem = match get(url) {
            Ok((200, _)) => return Ok(()),
            Ok((status, body)) => format!("{url} answers {status}: {}", body.trim()),
            Err(error) => format!("{error:#}"),
        };
        if started.elapsed() > limit {
            bail!(
                "{} is not ready after {} s. {problem}\nSee {}",
                server.name(),
                limit.as_secs(),
                shown(server.log())
            );
        }
        interrupt::pause(POLL)?;
    }
}
