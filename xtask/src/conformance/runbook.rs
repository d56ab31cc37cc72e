//! Checks that whoever is woken by an alarm finds its name in `docs/runbook.md`.

use std::collections::BTreeSet;
use std::fs;

use super::markdown::{code_spans, prose};
use super::root;

/// What alarms are called after the stack's name.
fn alarms(template: &str) -> BTreeSet<&str> {
    let names = template.lines().filter_map(|line| {
        let name = line.trim().strip_prefix("AlarmName: !Sub \"${AWS::StackName}-")?;
        name.strip_suffix('"')
    });
    names.collect()
}

fn missing<'a>(alarms: &BTreeSet<&'a str>, runbook: &str) -> Vec<&'a str> {
    let is_named = |alarm: &str| prose(runbook).any(|(_, line)| code_spans(line).any(|code| code == alarm));
    alarms.iter().copied().filter(|alarm| !is_named(alarm)).collect()
}

#[test]
fn every_alarm_is_in_the_runbook() {
    let read = |path: &str| fs::read_to_string(root().join(path)).expect("a file of the workspace");
    let (template, runbook) = (read("infra/template.yaml"), read("docs/runbook.md"));
    let alarms = alarms(&template);
    assert!(alarms.len() > 5, "alarms are not found any more: {alarms:?}");
    assert_eq!(missing(&alarms, &runbook), Vec::<&str>::new());
}

#[test]
fn an_alarm_that_the_runbook_does_not_name_is_noticed() {
    let template = "      AlarmName: !Sub \"${AWS::StackName}-one\"\n      AlarmName: !Sub \"${AWS::StackName}-two\"\n";
    let runbook = "the alarm `one`, and two\n```\n`two`\n```\n";
    assert_eq!(missing(&alarms(template), runbook), ["two"]);
}
