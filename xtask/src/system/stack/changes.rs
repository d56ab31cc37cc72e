//! What a change set would do, for people to read.

use serde_json::Value;

/// What would become of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    action: String,
    logical_id: String,
    kind: String,
    /// `True`, `False`, `Conditional`, or empty where it cannot be asked.
    replacement: String,
}

/// Losing one of these loses every user, or locks out every client; CloudFormation itself would say nothing of it.
const PRECIOUS: [(&str, &str); 2] = [
    ("UserPool", "every user with it"),
    (
        "Client",
        "every session with it, and the worker's CLIENT_SECRET is no longer right until it is put anew",
    ),
];

/// Reads the answer of `describe-change-set`.
pub(crate) fn read(described: &Value) -> Vec<Change> {
    let text = |change: &Value, name: &str| change[name].as_str().unwrap_or_default().to_owned();
    described["Changes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|change| &change["ResourceChange"])
        .map(|change| Change {
            action: text(change, "Action"),
            logical_id: text(change, "LogicalResourceId"),
            kind: text(change, "ResourceType"),
            replacement: text(change, "Replacement"),
        })
        .collect()
}

/// A table with a line for each resource, and below it warnings of what could not be made good again.
pub(crate) fn table(changes: &[Change]) -> String {
    let mut rows = vec![["action", "resource", "type", "replaced"]];
    for change in changes {
        rows.push([
            &change.action,
            &change.logical_id,
            &change.kind,
            match change.replacement.as_str() {
                "True" => "yes",
                "Conditional" => "perhaps",
                _ => "",
            },
        ]);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let widths = [width(0), width(1), width(2)];
    let mut text = String::new();
    for [action, resource, kind, replaced] in rows {
        let [first, second, third] = widths;
        let line = format!("  {action:first$}  {resource:second$}  {kind:third$}  {replaced}");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    for warning in warnings(changes) {
        text.push_str(&warning);
        text.push('\n');
    }
    text
}

fn warnings(changes: &[Change]) -> Vec<String> {
    let mut warnings = Vec::new();
    for change in changes {
        let fate = match (change.action.as_str(), change.replacement.as_str()) {
            ("Remove", _) => "would be REMOVED",
            (_, "True") => "would be REPLACED",
            (_, "Conditional") => "may be REPLACED",
            _ => continue,
        };
        for (logical_id, loss) in PRECIOUS {
            if change.logical_id == logical_id {
                warnings.push(format!("WARNING: {logical_id} {fate}: {loss}."));
            }
        }
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn described(changes: &[(&str, &str, &str, Option<&str>)]) -> Value {
        let changes: Vec<_> = changes
            .iter()
            .map(|(action, id, kind, replacement)| {
                let mut change = json!({"Action": action, "LogicalResourceId": id, "ResourceType": kind});
                if let Some(replacement) = replacement {
                    change["Replacement"] = json!(replacement);
                }
                json!({"Type": "Resource", "ResourceChange": change})
            })
            .collect();
        json!({ "Changes": changes })
    }

    #[test]
    fn the_table_says_what_happens_to_which_resource() {
        let changes = read(&described(&[
            ("Add", "UserPool", "AWS::Cognito::UserPool", None),
            ("Modify", "CreateFunction", "AWS::Lambda::Function", Some("False")),
            ("Modify", "CreateRole", "AWS::IAM::Role", Some("True")),
        ]));
        let expected = "  \
            action  resource        type                    replaced\n  \
            Add     UserPool        AWS::Cognito::UserPool\n  \
            Modify  CreateFunction  AWS::Lambda::Function\n  \
            Modify  CreateRole      AWS::IAM::Role          yes\n";
        assert_eq!(table(&changes), expected);
    }

    #[test]
    fn losing_users_or_sessions_is_never_silent() {
        let pool = "AWS::Cognito::UserPool";
        for (change, word) in [
            (("Modify", "UserPool", pool, Some("True")), "REPLACED"),
            (("Modify", "UserPool", pool, Some("Conditional")), "may be REPLACED"),
            (("Remove", "UserPool", pool, None), "REMOVED"),
            (("Remove", "Client", "AWS::Cognito::UserPoolClient", None), "REMOVED"),
        ] {
            let text = table(&read(&described(&[change])));
            assert!(text.contains("WARNING") && text.contains(word), "{text}");
        }
        for harmless in [
            ("Modify", "UserPool", pool, Some("False")),
            ("Add", "UserPool", pool, None),
            ("Remove", "CreateFunction", "AWS::Lambda::Function", None),
        ] {
            assert_eq!(warnings(&read(&described(&[harmless]))), Vec::<String>::new());
        }
    }

    #[test]
    fn a_change_set_without_changes_is_an_empty_table() {
        assert_eq!(read(&json!({})), []);
    }
}
