//! What is in the account, as its root user sees it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::account;
use crate::aws::{Call, error_name};

/// Everything of a stage that a command could make, change or leave behind: names of things by kind.
pub type Inventory = BTreeMap<&'static str, BTreeSet<String>>;

/// All that is there and has the name of the stack in its own. Others' stages may come and go meanwhile.
#[track_caller]
pub fn inventory(stack: &str) -> Inventory {
    let mut found = everything();
    for names in found.values_mut() {
        names.retain(|name| name.contains(stack));
    }
    found
}

/// Whether nothing is there.
pub fn is_empty(inventory: &Inventory) -> bool {
    inventory.values().all(BTreeSet::is_empty)
}

fn everything() -> Inventory {
    let stacks = query("cloudformation", "DescribeStacks", "2010-05-15", "");
    let users = texts(&query("iam", "ListUsers", "2010-05-08", ""), "UserName");
    let keys = users
        .iter()
        .flat_map(|user| access_keys(user).into_iter().map(move |key| format!("{user} {key}")))
        .collect();
    let versions = secrets()
        .iter()
        .flat_map(|secret| {
            let versions = versions_of(secret);
            let name = secret.clone();
            versions
                .into_iter()
                .map(move |(id, stages)| format!("{name} {id} {stages:?}"))
        })
        .collect();
    let root = account().root();
    let buckets = root.call(&Call::rest("s3", "GET", "/", "")).expect_status(200).text();
    let functions = root.call(&Call::rest("lambda", "GET", "/2015-03-31/functions/", ""));
    let functions = functions.expect_status(200).json();
    let pools = root.cognito("ListUserPools", &json!({ "MaxResults": 60 })).json();
    [
        ("stacks", pairs(&stacks, "StackName", "StackStatus")),
        ("users", users.into_iter().collect()),
        ("access keys", keys),
        ("secrets", versions),
        ("buckets", texts(&buckets, "Name").into_iter().collect()),
        ("functions", members(&functions["Functions"], "FunctionName")),
        ("user pools", members(&pools["UserPools"], "Name")),
    ]
    .into()
}

/// The status of the stack, if there is one.
#[track_caller]
pub fn stack_status(stack: &str) -> Option<String> {
    describe(stack).and_then(|xml| texts(&xml, "StackStatus").into_iter().next())
}

/// An output of the stack.
#[track_caller]
pub fn output(stack: &str, name: &str) -> String {
    let xml = describe(stack).unwrap_or_else(|| panic!("there is no stack {stack}"));
    let outputs: Vec<(String, String)> = texts(&xml, "OutputKey")
        .into_iter()
        .zip(texts(&xml, "OutputValue"))
        .collect();
    let found = outputs.into_iter().find(|(key, _)| key == name);
    found.unwrap_or_else(|| panic!("{stack} has no output {name}")).1
}

fn describe(stack: &str) -> Option<String> {
    let call = Call::query(
        "cloudformation",
        "DescribeStacks",
        "2010-05-15",
        &format!("&StackName={stack}"),
    );
    let answer = account().root().call(&call);
    if error_name(&answer) == "ValidationError" {
        return None;
    }
    Some(answer.expect_status(200).text())
}

/// The ids of a user's access keys that can be used.
#[track_caller]
pub fn access_keys(user: &str) -> BTreeSet<String> {
    let xml = query("iam", "ListAccessKeys", "2010-05-08", &format!("&UserName={user}"));
    texts(&xml, "AccessKeyId")
        .into_iter()
        .zip(texts(&xml, "Status"))
        .filter_map(|(id, status)| (status == "Active").then_some(id))
        .collect()
}

/// The tags of a user.
#[track_caller]
pub fn tags_of_user(user: &str) -> BTreeMap<String, String> {
    let xml = query("iam", "ListUserTags", "2010-05-08", &format!("&UserName={user}"));
    texts(&xml, "Key").into_iter().zip(texts(&xml, "Value")).collect()
}

fn secrets() -> BTreeSet<String> {
    let listed = manager("ListSecrets", &json!({}));
    members(&listed["SecretList"], "Name")
}

/// The versions of a secret that have a stage, and which these are.
#[track_caller]
pub fn versions_of(secret: &str) -> BTreeMap<String, BTreeSet<String>> {
    let listed = manager("ListSecretVersionIds", &json!({ "SecretId": secret }));
    let versions = listed["Versions"].as_array().cloned().unwrap_or_default();
    versions
        .iter()
        .map(|version| {
            let stages = version["VersionStages"].as_array().cloned().unwrap_or_default();
            let stages = stages
                .iter()
                .filter_map(|stage| stage.as_str().map(str::to_owned))
                .collect();
            (version["VersionId"].as_str().unwrap_or_default().to_owned(), stages)
        })
        .filter(|(_, stages): &(_, BTreeSet<String>)| !stages.is_empty())
        .collect()
}

/// The value of a secret that has this stage, if one has.
#[track_caller]
pub fn secret_value(secret: &str, stage: &str) -> Option<String> {
    let body = json!({ "SecretId": secret, "VersionStage": stage });
    let call = Call::json("secretsmanager", "secretsmanager.GetSecretValue", &body);
    let answer = account().root().call(&call);
    answer.json()["SecretString"].as_str().map(str::to_owned)
}

#[track_caller]
fn manager(operation: &str, body: &Value) -> Value {
    let call = Call::json("secretsmanager", &format!("secretsmanager.{operation}"), body);
    account().root().call(&call).expect_status(200).json()
}

#[track_caller]
fn query(service: &'static str, action: &str, version: &str, parameters: &str) -> String {
    let call = Call::query(service, action, version, parameters);
    account().root().call(&call).expect_status(200).text()
}

fn members(list: &Value, name: &str) -> BTreeSet<String> {
    let list = list.as_array().cloned().unwrap_or_default();
    list.iter()
        .filter_map(|one| one[name].as_str().map(str::to_owned))
        .collect()
}

fn pairs(xml: &str, first: &str, second: &str) -> BTreeSet<String> {
    let pairs = texts(xml, first).into_iter().zip(texts(xml, second));
    pairs.map(|(first, second)| format!("{first} {second}")).collect()
}

/// The texts of all elements of that name that hold text alone, in order.
fn texts(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    xml.split(&open)
        .skip(1)
        .filter_map(|rest| rest.split_once(&close))
        .map(|(text, _)| text.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::texts;

    #[test]
    fn elements_are_found_by_their_whole_name() {
        let xml = "<Keys><Key>a</Key><Keyed>b</Keyed><Key>c</Key></Keys>";
        assert_eq!(texts(xml, "Key"), ["a", "c"]);
        assert!(texts(xml, "Value").is_empty());
    }
}
