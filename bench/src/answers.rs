//! Whether answers are right. A server that is quick because it answers wrongly must not look good.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::http::Answer;
use crate::load::{Ask, Load};

/// What every answer is checked for: the status, and that it is about the caller whose token was sent. As little as
/// costs nothing beside the request itself.
pub(crate) fn check(answer: &Answer<'_>, ask: Ask<'_>, status: u16) -> Result<()> {
    let body = || String::from_utf8_lossy(answer.body);
    if answer.status != status {
        bail!(
            "a wrong answer: status {} where {status} was due: {}",
            answer.status,
            body()
        );
    }
    match ask {
        Ask::Secured(token) if status == 200 && !contains(answer.body, token.sub.as_bytes()) => {
            bail!("a wrong answer: not about the caller {}: {}", token.sub, body())
        }
        _ => Ok(()),
    }
}

fn contains(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|window| window == part)
}

/// What an answer says, whatever its wording: two servers that do the same job mean the same.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Meaning {
    status: u16,
    media_type: String,
    /// The whole body of a good answer; of a refusal, what programs read of it.
    body: Value,
}

/// What the sample answer to a load means; an error if it is not what the load must get.
pub(crate) fn meaning(load: Load, answer: &Answer<'_>) -> Result<Meaning> {
    let text = String::from_utf8_lossy(answer.body);
    let body: Value = serde_json::from_slice(answer.body).with_context(|| format!("not JSON: {text}"))?;
    let media_type = answer.header("content-type").context("no content-type")?;
    let media_type = media_type.split(';').next().unwrap_or_default().to_owned();
    if load.status() == 200 {
        return Ok(Meaning {
            status: answer.status,
            media_type,
            body,
        });
    }
    let challenge = answer
        .header("www-authenticate")
        .context("a refusal without WWW-Authenticate")?;
    if !challenge.starts_with("Bearer ") || !challenge.contains("error=\"invalid_token\"") {
        bail!("a refusal with another challenge than RFC 6750's: {challenge}");
    }
    if media_type != "application/problem+json" {
        bail!("a refusal that is no problem document: {media_type}");
    }
    Ok(Meaning {
        status: answer.status,
        media_type,
        body: serde_json::json!([body.get("status"), body.get("code")]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_is_found_anywhere_in_a_body() {
        assert!(contains(b"{\"sub\":\"u1\"}", b"u1"));
        assert!(!contains(b"{\"sub\":\"u1\"}", b"u2"));
        assert!(!contains(b"", b"u1"));
    }
}
