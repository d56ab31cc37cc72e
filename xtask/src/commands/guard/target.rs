//! Where an order goes, with which token, and in whose name.

use anyhow::{Context, Result, bail};

/// Where the worker is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// Its URL, without a slash at the end.
    pub(super) base: String,
    pub(super) is_local: bool,
}

impl Target {
    /// Only what all readers of URLs read alike: no user names, no escapes, no queries. The token follows this URL.
    pub(super) fn parse(url: &str) -> Result<Self> {
        let is_plain = |text: &str, others: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c));
        let parts = url.split_once("://").and_then(|(scheme, rest)| {
            let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
            let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
            let is_valid = !host.is_empty()
                && is_plain(host, ".-")
                && port.chars().all(|c| c.is_ascii_digit())
                && is_plain(path, "/-_.~");
            is_valid.then_some((scheme, host))
        });
        let (scheme, host) = parts.with_context(|| format!("`{url}` is not the URL of a worker"))?;
        let is_local = matches!(host, "127.0.0.1" | "localhost");
        match scheme {
            "https" => {}
            "http" if is_local => {}
            "http" => {
                bail!("{url}: everyone on the way could read the token; only 127.0.0.1 and localhost may be http")
            }
            _ => bail!("`{url}` is not the URL of a worker"),
        }
        Ok(Self {
            base: url.trim_end_matches('/').to_owned(),
            is_local,
        })
    }
}

/// The environment's token, or that of `.dev.vars`, which is for this machine alone.
pub(super) fn token(environment: Option<String>, settings: Option<&str>, is_local: bool) -> Result<String> {
    let in_settings = || {
        let text = settings.filter(|_| is_local)?;
        // The last one, as wrangler reads the file.
        let value = text
            .lines()
            .rev()
            .find_map(|line| line.trim().strip_prefix("ADMIN_TOKEN="))?;
        let value = value.trim().trim_matches(['"', '\'']);
        (!value.is_empty()).then(|| value.to_owned())
    };
    let token = environment.or_else(in_settings).with_context(|| {
        if is_local {
            "there is no token: neither the environment variable ADMIN_TOKEN nor an ADMIN_TOKEN in .dev.vars"
        } else {
            "there is no token: set the environment variable ADMIN_TOKEN (that of .dev.vars is for this machine alone)"
        }
    })?;
    if !token.chars().all(|c| c.is_ascii_graphic()) {
        bail!("the token has a character that a header cannot carry");
    }
    Ok(token)
}

/// The first name there is: who gives the order, by their own word.
pub(super) fn operator(names: [Option<String>; 2]) -> Result<String> {
    names
        .into_iter()
        .flatten()
        .next()
        .context("who are you? Set the environment variable OPERATOR")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_only_sent_where_nobody_on_the_way_can_read_it() {
        let parse = |url: &str| Target::parse(url).map(|target| (target.base, target.is_local));
        let local = parse("http://127.0.0.1:8787/").unwrap();
        assert_eq!(local, ("http://127.0.0.1:8787".to_owned(), true));
        assert!(parse("http://localhost:1").unwrap().1);
        assert!(!parse("https://api.example.com/v1").unwrap().1);
        for wrong in [
            "http://api.example.com",
            "http://127.0.0.1:8787@example.com",
            "http://127.0.0.1\\@example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://127.0.0.1#@example.com",
            "https://user:password@example.com",
            "https://example.com/?a=b",
            "https://",
            "ftp://127.0.0.1",
            "HTTP://example.com",
            "127.0.0.1:8787",
            "",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_environments_token_comes_first_and_that_of_dev_vars_stays_here() {
        let settings = Some("# Comment\nCLIENT_ID=a\nADMIN_TOKEN=dev\n");
        let token = |environment: Option<&str>, settings, is_local| {
            token(environment.map(str::to_owned), settings, is_local).map_err(|error| error.to_string())
        };
        assert_eq!(token(Some("mine"), settings, true).unwrap(), "mine");
        assert_eq!(token(Some("mine"), settings, false).unwrap(), "mine");
        assert_eq!(token(None, settings, true).unwrap(), "dev");
        assert!(token(None, settings, false).unwrap_err().contains("this machine"));
        assert!(token(None, None, true).unwrap_err().contains(".dev.vars"));
        assert!(token(None, Some("ADMIN_TOKEN=\nADMIN_TOKEN_OLD=x\n"), true).is_err());
    }

    #[test]
    fn a_token_that_no_header_can_carry_is_refused_without_showing_it() {
        for wrong in ["two words", "line\nbreak", "ümlaut"] {
            let message = token(Some(wrong.to_owned()), None, true).unwrap_err().to_string();
            assert!(!message.contains(wrong), "{message}");
        }
    }

    #[test]
    fn somebody_answers_for_an_order() {
        let name = |text: &str| Some(text.to_owned());
        assert_eq!(operator([name("ana"), name("root")]).unwrap(), "ana");
        assert_eq!(operator([None, name("root")]).unwrap(), "root");
        assert!(operator([None, None]).is_err());
    }
}
