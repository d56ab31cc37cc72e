//! Why a stack's change failed.

use serde_json::Value;

/// What the events of `describe-stack-events`, newest first, say of the last thing that was done to the stack: each failure with
/// its reason, in the order of time.
pub(crate) fn failures(events: &Value) -> Vec<String> {
    let text = |event: &'_ Value, name: &str| event[name].as_str().unwrap_or_default().to_owned();
    let mut failures = Vec::new();
    for event in events["StackEvents"].as_array().into_iter().flatten() {
        let status = text(event, "ResourceStatus");
        let of_stack = event["PhysicalResourceId"] == event["StackId"];
        if status.ends_with("_FAILED") {
            let reason = text(event, "ResourceStatusReason");
            // The others' failure is why these were given up.
            if !reason.contains("cancelled") {
                let (id, kind) = (text(event, "LogicalResourceId"), text(event, "ResourceType"));
                failures.push(format!("{id} ({kind}), {status}: {reason}"));
            }
        }
        // What is older belongs to what was done before.
        if of_stack
            && matches!(
                status.as_str(),
                "CREATE_IN_PROGRESS" | "UPDATE_IN_PROGRESS" | "DELETE_IN_PROGRESS"
            )
        {
            break;
        }
    }
    failures.reverse();
    failures
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(id: &str, status: &str, reason: &str) -> Value {
        json!({
            "StackId": "arn:stack/pe/1",
            "LogicalResourceId": id,
            "PhysicalResourceId": if id == "pe" { "arn:stack/pe/1" } else { "x" },
            "ResourceType": "AWS::IAM::User",
            "ResourceStatus": status,
            "ResourceStatusReason": reason,
        })
    }

    #[test]
    fn the_reasons_are_those_of_the_last_change_in_the_order_of_time() {
        let events = json!({ "StackEvents": [
            event("pe", "UPDATE_ROLLBACK_IN_PROGRESS", ""),
            event("WorkerUser", "UPDATE_FAILED", "Resource update cancelled"),
            event("Second", "CREATE_FAILED", "as well"),
            event("First", "CREATE_FAILED", "not allowed"),
            event("pe", "UPDATE_IN_PROGRESS", "User Initiated"),
            event("Older", "CREATE_FAILED", "long ago"),
        ]});
        assert_eq!(
            failures(&events),
            [
                "First (AWS::IAM::User), CREATE_FAILED: not allowed",
                "Second (AWS::IAM::User), CREATE_FAILED: as well",
            ]
        );
        assert!(failures(&json!({})).is_empty());
    }
}
