//! Checks that the environments of `wrangler.toml`, one for each stage, are the worker that was tested. Wrangler lets an
//! environment inherit no bindings and no vars, and deploys a worker without its Guards when one was forgotten there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use toml::{Table, Value};

/// The stages that can be deployed.
const STAGES: [&str; 3] = ["dev", "production", "staging"];

/// What an environment has from the top level (wrangler's reference, "Inheritable keys"). Anything else it must repeat.
const INHERITED: [&str; 7] = [
    "assets",
    "build",
    "compatibility_date",
    "main",
    "migrations",
    "name",
    "observability",
];

fn config() -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wrangler.toml");
    let text = fs::read_to_string(path).expect("wrangler.toml is there");
    text.parse().expect("wrangler.toml is TOML")
}

fn environments(config: &Table) -> BTreeMap<&str, &Table> {
    let environments = config["env"].as_table().expect("environments");
    let tables = environments
        .iter()
        .map(|(name, environment)| (name.as_str(), environment.as_table().expect("a table")));
    tables.collect()
}

/// Everything that the worker's code can find in `env`, but for vars: kind, name and, where there is one, the class.
fn bindings(environment: &Table) -> BTreeSet<(&str, &str, Option<&str>)> {
    let mut found = BTreeSet::new();
    for (kind, value) in environment {
        if INHERITED.contains(&kind.as_str()) || kind == "env" || kind == "vars" {
            continue;
        }
        let list = value.get("bindings").unwrap_or(value);
        for binding in list.as_array().unwrap_or_else(|| panic!("{kind} is no list")) {
            let text = |key: &str| binding.get(key).and_then(Value::as_str);
            let name = text("binding").or_else(|| text("name"));
            found.insert((kind.as_str(), name.expect("a name"), text("class_name")));
        }
    }
    found
}

#[test]
fn every_stage_has_an_environment_and_a_worker_of_its_own() {
    let config = config();
    let environments = environments(&config);
    assert_eq!(environments.keys().copied().collect::<Vec<_>>(), STAGES);
    for (stage, environment) in environments {
        assert_eq!(
            environment["name"].as_str(),
            Some(&*format!("passwordless-edge-{stage}"))
        );
        // What `ENVIRONMENT` means to the worker: only in `production` are test numbers refused.
        assert_eq!(environment["vars"]["ENVIRONMENT"].as_str(), Some(stage));
    }
}

#[test]
fn an_environment_has_all_bindings_of_the_top_level_and_no_others() {
    let config = config();
    let expected = bindings(&config);
    for name in ["DENY_LIST", "GUARD", "ANALYTICS"] {
        assert!(expected.iter().any(|(_, binding, _)| *binding == name), "{name}");
    }
    for (stage, environment) in environments(&config) {
        assert_eq!(bindings(environment), expected, "{stage}");
    }
}

#[test]
fn an_environment_repeats_the_vars_of_the_top_level() {
    let config = config();
    let names = |table: &Table| -> BTreeSet<String> {
        let vars = table.get("vars").and_then(Value::as_table);
        vars.into_iter().flatten().map(|(name, _)| name.clone()).collect()
    };
    for (stage, environment) in environments(&config) {
        assert!(names(environment).is_superset(&names(&config)), "{stage}");
    }
}

#[test]
fn the_data_points_of_stages_do_not_mix() {
    let config = config();
    let dataset = |table: &Table| {
        let dataset = table["analytics_engine_datasets"][0]["dataset"].as_str();
        dataset.expect("a dataset").to_owned()
    };
    let mut datasets: BTreeSet<String> = environments(&config).into_values().map(dataset).collect();
    datasets.insert(dataset(&config));
    assert_eq!(datasets.len(), STAGES.len() + 1);
}

/// Every line that the worker writes is kept, and none that Cloudflare would write by itself: it has the URL, and with it the
/// query, of every secured call.
#[test]
fn the_logs_are_kept_in_every_stage_without_urls() {
    let config = config();
    let observability = &config["observability"];
    assert_eq!(observability["enabled"].as_bool(), Some(true));
    let logs = &observability["logs"];
    assert_eq!(logs["enabled"].as_bool(), Some(true));
    assert_eq!(logs["head_sampling_rate"].as_integer(), Some(1));
    assert_eq!(logs["invocation_logs"].as_bool(), Some(false));
    for (stage, environment) in environments(&config) {
        assert!(!environment.contains_key("observability"), "{stage} has its own");
    }
}

#[test]
fn a_binding_that_was_forgotten_is_noticed() {
    let text = "main = \"a\"\n[[kv_namespaces]]\nbinding = \"A\"\n[[durable_objects.bindings]]\nname = \"B\"\nclass_name = \"C\"\n\
        [env.x.vars]\nV = \"1\"\n[[env.x.kv_namespaces]]\nbinding = \"A\"\n";
    let config: Table = text.parse().unwrap();
    let missing: Vec<_> = bindings(&config)
        .difference(&bindings(environments(&config)["x"]))
        .copied()
        .collect();
    assert_eq!(missing, [("durable_objects", "B", Some("C"))]);
}
