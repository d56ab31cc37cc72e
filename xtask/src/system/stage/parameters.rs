//! What a stage is called and how its stack differs from the template's defaults: `wrangler.toml` and `infra/stages/NAME.json`.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use crate::process::logs;
use crate::system::stack::template_parameters;
use crate::system::wrangler::CONFIG;
use crate::workspace::Workspace;

/// Set by `deploy` itself.
const OURS: [&str; 6] = [
    "Architecture",
    "CodeBucket",
    "DefineCodeKey",
    "CreateCodeKey",
    "VerifyCodeKey",
    "KeysVersion",
];

/// An error that names those there are, when it is none.
pub(crate) fn must_be_environment(workspace: &Workspace, name: &str) -> Result<()> {
    let path = workspace.root().join(CONFIG);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let known = environments(&text)?;
    if known.iter().any(|other| other == name) {
        return Ok(());
    }
    bail!("there is no stage `{name}`; wrangler.toml has {}", known.join(", "));
}

fn environments(config: &str) -> Result<Vec<String>> {
    let config: toml::Table = config.parse().context("wrangler.toml is no TOML")?;
    let environments = config.get("env").and_then(toml::Value::as_table);
    Ok(environments.into_iter().flat_map(toml::Table::keys).cloned().collect())
}

/// The parameters of a stage's file. An error names what the template does not know, which CloudFormation would tell only later.
pub(crate) fn read(workspace: &Workspace, stage: &str) -> Result<Vec<(String, String)>> {
    let path = workspace.stage_parameters(stage);
    let shown = logs::shown(&path);
    let text = fs::read_to_string(&path).with_context(|| {
        format!(
            "cannot read {shown}: the stage's parameters, a JSON object of strings, such as {{\"AppName\": \"Acme\"}}"
        )
    })?;
    let template = fs::read_to_string(workspace.template()).context("cannot read the template")?;
    check(&text, &template_parameters(&template)).with_context(|| format!("{shown} is not right"))
}

fn check(text: &str, known: &[&str]) -> Result<Vec<(String, String)>> {
    let object: Map<String, Value> = serde_json::from_str(text).context("it is no JSON object")?;
    let mut parameters = Vec::new();
    for (name, value) in object {
        if OURS.contains(&name.as_str()) {
            bail!("`{name}` is set by `cargo xtask deploy` itself");
        }
        if !known.contains(&name.as_str()) {
            bail!("the template has no parameter `{name}`");
        }
        let Value::String(value) = value else {
            bail!("the value of `{name}` is no string: put it in quotes");
        };
        parameters.push((name, value));
    }
    Ok(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = include_str!("../../../../infra/template.yaml");

    #[test]
    fn the_stages_are_the_environments_of_the_configuration() {
        let config = "name = \"x\"\n[env.dev]\nname = \"x-dev\"\n[env.dev.vars]\nA = \"b\"\n[env.production]\n";
        assert_eq!(environments(config).unwrap(), ["dev", "production"]);
        assert!(environments("name = \"x\"").unwrap().is_empty());
    }

    #[test]
    fn each_stage_has_parameters_that_the_template_takes() {
        let config = include_str!("../../../../wrangler.toml");
        let known = template_parameters(TEMPLATE);
        for stage in environments(config).unwrap() {
            let path = format!("{}/../infra/stages/{stage}.json", env!("CARGO_MANIFEST_DIR"));
            let text = fs::read_to_string(&path).unwrap();
            let parameters = check(&text, &known).unwrap();
            let protection = parameters.iter().find(|(name, _)| name == "DeletionProtection");
            // A production stage whose users can be lost by one command is none.
            if stage == "production" {
                assert_eq!(protection.map(|(_, value)| value.as_str()), Some("ACTIVE"));
            }
        }
    }

    #[test]
    fn what_would_be_wrong_later_is_refused_now_and_named() {
        let known = template_parameters(TEMPLATE);
        for (text, word) in [
            (r#"{"AppNames": "x"}"#, "AppNames"),
            (r#"{"CodeTtlSeconds": 60}"#, "in quotes"),
            (r#"{"KeysVersion": "1"}"#, "itself"),
            ("[]", "JSON object"),
            ("", "JSON object"),
        ] {
            let message = format!("{:#}", check(text, &known).unwrap_err());
            assert!(message.contains(word), "{message}");
        }
    }
}
