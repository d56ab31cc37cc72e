//! Whether a command is meant, or tried out on this machine.

use std::net::IpAddr;

use anyhow::{Context, Result, bail};

/// How the names of AWS's own endpoints end, those in private networks included (AWS General Reference, "AWS service
/// endpoints").
const AWS_DOMAINS: [&str; 3] = [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"];

/// The base URL, without a slash at the end, of the local AWS that `AWS_ENDPOINT_URL` names: one that only this machine can reach.
/// `None` if it names AWS itself, or nothing.
///
/// # Errors
/// It names something else: other spellings of this machine, or somebody's emulator in the network. What deploys there would
/// deploy the worker to Cloudflare in earnest, with the settings of a stack that nobody can reach from there.
pub(super) fn endpoint(url: Option<&str>) -> Result<Option<String>> {
    let Some(url) = url.filter(|url| !url.is_empty()) else {
        return Ok(None);
    };
    let (scheme, host) = scheme_and_host(url).context("AWS_ENDPOINT_URL is no URL")?;
    if host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()) {
        return Ok(Some(url.trim_end_matches('/').to_owned()));
    }
    if scheme == "https" && AWS_DOMAINS.iter().any(|domain| host.ends_with(domain)) {
        return Ok(None);
    }
    bail!(
        "AWS_ENDPOINT_URL names the host {host}, which is neither AWS (by https) nor this machine (127.0.0.1, [::1] or \
         localhost)\n  what to do: unset it, or name one of these"
    )
}

fn scheme_and_host(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    // What stands before an @ is no host.
    let host = authority.rsplit('@').next()?;
    let host = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => host.split(':').next()?,
    };
    Some((scheme, host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_on_this_machine_is_a_rehearsal() {
        for url in [
            "http://127.0.0.1:4566",
            "http://localhost:4566/",
            "http://[::1]:4566",
            "http://127.9.9.9",
        ] {
            assert_eq!(endpoint(Some(url)).unwrap().as_deref(), Some(url.trim_end_matches('/')));
        }
    }

    #[test]
    fn aws_itself_and_no_endpoint_are_meant() {
        for url in [
            None,
            Some(""),
            Some("https://vpce-1.cloudformation.eu-west-1.vpce.amazonaws.com"),
            Some("https://cloudformation.us-east-1.api.aws/"),
        ] {
            assert_eq!(endpoint(url).unwrap(), None, "{url:?}");
        }
    }

    #[test]
    fn what_is_neither_this_machine_nor_aws_is_refused() {
        for url in [
            "http://10.0.0.7:4566",
            "http://0x7f000001:4566",
            "http://2130706433",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://127.0.0.1@example.com",
            "http://cloudformation.us-east-1.amazonaws.com",
            "https://amazonaws.com.example.com",
        ] {
            let refused = endpoint(Some(url)).unwrap_err().to_string();
            assert!(refused.contains("neither AWS"), "{url}: {refused}");
        }
        assert!(endpoint(Some("localhost:4566")).is_err());
    }
}
