//! The worker's settings as wrangler reads them: a file of `NAME=value` lines, `.dev.vars` or another env file.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::process::logs;
use crate::system::private_file;
use crate::system::stack::Stack;

/// Bytes of randomness in a token.
const TOKEN_BYTES: usize = 24;

/// A token that nobody can guess, in hexadecimal: for a setting that has to be secret even on a developer's machine, where
/// every program can connect to the worker.
pub(crate) fn fresh_token() -> Result<String> {
    random_hex(TOKEN_BYTES)
}

/// So many bytes of randomness, in hexadecimal.
pub(crate) fn random_hex(count: usize) -> Result<String> {
    let mut bytes = vec![0; count];
    let mut source = File::open("/dev/urandom").context("there is no /dev/urandom")?;
    source.read_exact(&mut bytes).context("cannot read /dev/urandom")?;
    let mut text = String::with_capacity(2 * count);
    for byte in bytes {
        write!(text, "{byte:02x}")?;
    }
    Ok(text)
}

/// Names and values, in the order in which they are written.
pub(crate) struct WorkerSettings(Vec<(&'static str, String)>);

impl WorkerSettings {
    /// For a worker of this stack. `cognito` and `keys` are base URLs without a slash at the end; usually both are the
    /// local AWS, but a test may stand in between.
    pub(crate) fn new(stack: &Stack, cognito: &str, keys: &str) -> Self {
        let jwks = format!("{keys}/{}/.well-known/jwks.json", stack.user_pool_id);
        Self(vec![
            ("AWS_REGION", stack.region.clone()),
            ("USER_POOL_ID", stack.user_pool_id.clone()),
            ("CLIENT_ID", stack.client_id.clone()),
            ("AWS_ACCESS_KEY_ID", stack.access_key_id.clone()),
            ("AWS_SECRET_ACCESS_KEY", stack.secret_access_key.clone()),
            ("CLIENT_SECRET", stack.client_secret.clone()),
            ("PERMIT_KEY", stack.permit_key.clone()),
            ("COGNITO_ENDPOINT", format!("{cognito}/")),
            ("JWKS_URL", jwks),
        ])
    }

    /// The same with one more setting, or another value for one.
    pub(crate) fn with(self, name: &'static str, value: &str) -> Self {
        let mut settings = self.without(name);
        settings.0.push((name, value.to_owned()));
        settings
    }

    /// The same without that setting.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(present, _)| *present != name);
        self
    }

    /// Writes the file.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        private_file::write(path, &self.render()?)
    }

    /// Writes the file with what the file `own` has added, if there is one: settings that the user wrote, as they are. They win,
    /// since readers of env files take a name's last line.
    pub(crate) fn write_with(&self, own: &Path, path: &Path) -> Result<()> {
        let added = match fs::read_to_string(own) {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            read => {
                let text = read.with_context(|| format!("cannot read {}", own.display()))?;
                format!("\n# From {}:\n{text}", logs::shown(own))
            }
        };
        private_file::write(path, &(self.render()? + &added))
    }

    fn render(&self) -> Result<String> {
        let mut text = "# Written by cargo xtask; overwritten at its next start.\n".to_owned();
        for (name, value) in &self.0 {
            if !is_plain(value) {
                bail!("the setting {name} has a character that an env file cannot carry");
            }
            text.push_str(name);
            text.push('=');
            text.push_str(value);
            text.push('\n');
        }
        Ok(text)
    }
}

/// Whether a value means the same to every reader of env files. They differ in how they treat quotes, `$`, `#`,
/// backslashes, and blanks at an end, so none of these is written; identifiers, keys, base64 and URLs need none of them.
/// Lists do need single spaces between their words, which readers leave as they are.
pub(crate) fn is_plain(value: &str) -> bool {
    value.split(' ').all(|word| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '`' | '$' | '#' | '\\'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stack() -> Stack {
        Stack {
            name: "pe".into(),
            region: "us-east-1".into(),
            user_pool_id: "us-east-1_abc".into(),
            client_id: "client".into(),
            client_secret: "client-secret".into(),
            access_key_id: "AKIA".into(),
            secret_access_key: "a/b+c=".into(),
            permit_key: "key_-".into(),
        }
    }

    #[test]
    fn the_settings_are_those_of_the_contract() {
        let settings = WorkerSettings::new(&stack(), "http://127.0.0.1:1", "http://127.0.0.1:2");
        let text = settings.render().unwrap();
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "AWS_REGION=us-east-1",
                "USER_POOL_ID=us-east-1_abc",
                "CLIENT_ID=client",
                "AWS_ACCESS_KEY_ID=AKIA",
                "AWS_SECRET_ACCESS_KEY=a/b+c=",
                "CLIENT_SECRET=client-secret",
                "PERMIT_KEY=key_-",
                "COGNITO_ENDPOINT=http://127.0.0.1:1/",
                "JWKS_URL=http://127.0.0.1:2/us-east-1_abc/.well-known/jwks.json",
            ]
        );
    }

    #[test]
    fn a_token_is_new_each_time_and_can_be_written() {
        let (one, other) = (fresh_token().unwrap(), fresh_token().unwrap());
        assert_ne!(one, other);
        assert!(one.len() == 2 * TOKEN_BYTES && is_plain(&one));
    }

    #[test]
    fn what_the_user_set_comes_last_and_wins() {
        let folder = std::env::temp_dir().join(format!("xtask-own-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (own, path) = (folder.join("own"), folder.join("vars"));
        let settings = WorkerSettings(vec![("ALLOWED_COUNTRIES", "*".to_owned())]);
        settings.write_with(&own, &path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), settings.render().unwrap());
        fs::write(&own, "ALLOWED_COUNTRIES=\"ES PT\"\n").unwrap();
        settings.write_with(&own, &path).unwrap();
        let written = fs::read_to_string(&path).unwrap();
        assert!(
            written.ends_with("\nALLOWED_COUNTRIES=\"ES PT\"\n") && written.contains("=*\n"),
            "{written}"
        );
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn words_with_single_spaces_between_them_are_written_as_they_are() {
        let settings = WorkerSettings(vec![("REQUIRED_SCOPES", "a/b /secured/c d".to_owned())]);
        let text = settings.render().unwrap();
        assert!(text.ends_with("\nREQUIRED_SCOPES=a/b /secured/c d\n"), "{text}");
    }

    #[test]
    fn a_value_that_readers_would_take_differently_is_refused_without_showing_it() {
        for value in [
            "", " x1", "x1 ", "a  b", "a\tb", "a\nb", "a#b", "$HOME", "'a'", "\"a\"", "a\\n", "ä",
        ] {
            let settings = WorkerSettings(vec![("CLIENT_SECRET", value.to_owned())]);
            let message = settings.render().unwrap_err().to_string();
            assert!(message.contains("CLIENT_SECRET"));
            assert!(value.is_empty() || !message.contains(value), "{message}");
        }
    }
}
