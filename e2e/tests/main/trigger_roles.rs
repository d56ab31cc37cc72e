//! What the triggers' roles may do: write their own logs; create and verify read the stack's secret; create sends texts.
//! Lambda alone may assume them, so each is tried as a user with the very policies that the role has in the deployed stack.

use std::sync::OnceLock;

use e2e::{
    Phone,
    aws::{Aws, Call, error_name},
    system,
    system::Stack,
};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Value, json};

const IAM_VERSION: &str = "2010-05-08";
const SNS_VERSION: &str = "2010-03-31";

/// One of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trigger {
    Define,
    Create,
    Verify,
}

impl Trigger {
    const ALL: [Self; 3] = [Self::Define, Self::Create, Self::Verify];

    fn function(self, stack: &Stack) -> String {
        let step = match self {
            Self::Define => "define",
            Self::Create => "create",
            Self::Verify => "verify",
        };
        format!("{}-{step}-auth-challenge", stack.name)
    }

    fn log_group(self, stack: &Stack) -> String {
        format!("/aws/lambda/{}", self.function(stack))
    }

    /// Somebody with the policies of this trigger's role of the main stack, and nothing else.
    fn twin(self) -> &'static Aws {
        static TWINS: [OnceLock<Aws>; 3] = [const { OnceLock::new() }; 3];
        TWINS[self as usize].get_or_init(|| make_twin(&self.function(system().main_stack())))
    }

    #[track_caller]
    fn is_denied(self, what: &str, call: &Call) {
        let answer = self.twin().call(call);
        let name = error_name(&answer);
        let refusals = [
            "AccessDenied",
            "AccessDeniedException",
            "AuthorizationError",
            "AuthorizationErrorException",
        ];
        assert!(
            refusals.contains(&name.as_str()),
            "{self:?} {what}: {} {name}",
            answer.status
        );
    }

    #[track_caller]
    fn is_allowed(self, what: &str, call: &Call) {
        let answer = self.twin().call(call);
        assert_eq!(answer.status, 200, "{self:?} {what}: {}", error_name(&answer));
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// An operation of IAM as the root user; its answer.
#[track_caller]
fn iam(action: &str, parameters: &[(&str, &str)]) -> String {
    let parameters: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("&{name}={}", encoded(value)))
        .collect();
    let parameters = parameters.concat();
    let answer = system()
        .root()
        .call(&Call::query("iam", action, IAM_VERSION, &parameters));
    assert_eq!(answer.status, 200, "{action}: {}", error_name(&answer));
    answer.text()
}

/// The text of each element of this name that holds text alone.
fn elements<'a>(document: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let parts = document.split(open.as_str()).skip(1);
    parts
        .filter_map(|part| part.split_once(close.as_str()).map(|(text, _)| text))
        .collect()
}

fn make_twin(function: &str) -> Aws {
    let path = format!("/2015-03-31/functions/{function}");
    let described = system().root().call(&Call::rest("lambda", "GET", &path, ""));
    let described = described.expect_status(200).json();
    let role = described["Configuration"]["Role"]
        .as_str()
        .expect("the function has a role");
    let role = role.rsplit('/').next().expect("a role's name");

    let attached = iam("ListAttachedRolePolicies", &[("RoleName", role)]);
    assert!(
        elements(&attached, "PolicyArn").is_empty(),
        "{role} has more than its inline policies"
    );
    let listed = iam("ListRolePolicies", &[("RoleName", role)]);
    let policies = elements(&listed, "member");
    assert!(!policies.is_empty(), "{role} may do nothing");

    // Tests may run again on the same system.
    let user = format!("twin-{}-{}", std::process::id(), function);
    iam("CreateUser", &[("UserName", &user)]);
    for policy in policies {
        let read = iam("GetRolePolicy", &[("RoleName", role), ("PolicyName", policy)]);
        let document = elements(&read, "PolicyDocument")[0];
        let document = percent_decode_str(document)
            .decode_utf8()
            .expect("UTF-8")
            .replace("&quot;", "\"");
        // What was misread would be a policy that allows nothing, and every refusal below a success.
        assert!(
            serde_json::from_str::<Value>(&document).is_ok(),
            "{policy} of {role} was not read"
        );
        let put = [
            ("UserName", user.as_str()),
            ("PolicyName", policy),
            ("PolicyDocument", &document),
        ];
        iam("PutUserPolicy", &put);
    }
    let key = iam("CreateAccessKey", &[("UserName", &user)]);
    system().aws(elements(&key, "AccessKeyId")[0], elements(&key, "SecretAccessKey")[0])
}

fn secret(operation: &str, of: &Stack, more: &Value) -> Call {
    let mut body = json!({ "SecretId": format!("{}/challenge", of.name) });
    body.as_object_mut()
        .expect("an object")
        .extend(more.as_object().cloned().unwrap_or_default());
    Call::json("secretsmanager", &format!("secretsmanager.{operation}"), &body)
}

fn text_to(number: &str) -> Call {
    let parameters = format!("&PhoneNumber={}&Message=x", encoded(number));
    Call::query("sns", "Publish", SNS_VERSION, &parameters)
}

fn new_log_stream(group: &str) -> Call {
    let stream = format!("{}-{:?}", std::process::id(), std::thread::current().id());
    let body = json!({ "logGroupName": group, "logStreamName": stream.replace(['(', ')'], "-") });
    Call::json("logs", "Logs_20140328.CreateLogStream", &body)
}

#[test]
fn each_writes_its_own_log_and_no_other() {
    let stack = system().main_stack();
    for trigger in Trigger::ALL {
        trigger.is_allowed("its own log", &new_log_stream(&trigger.log_group(stack)));
        for other in Trigger::ALL.into_iter().filter(|other| *other != trigger) {
            trigger.is_denied("another's log", &new_log_stream(&other.log_group(stack)));
        }
        trigger.is_denied(
            "the other stack's log",
            &new_log_stream(&trigger.log_group(system().short_stack())),
        );
    }
}

#[test]
fn none_reads_a_log_or_makes_or_removes_one() {
    let stack = system().main_stack();
    for trigger in Trigger::ALL {
        let group = json!({ "logGroupName": trigger.log_group(stack) });
        for operation in ["FilterLogEvents", "DeleteLogGroup", "DescribeLogGroups"] {
            trigger.is_denied(
                operation,
                &Call::json("logs", &format!("Logs_20140328.{operation}"), &group),
            );
        }
        let new = json!({ "logGroupName": "/aws/lambda/new" });
        trigger.is_denied(
            "CreateLogGroup",
            &Call::json("logs", "Logs_20140328.CreateLogGroup", &new),
        );
    }
}

#[test]
fn create_and_verify_read_their_stacks_secret_and_nobody_changes_it() {
    let (stack, other) = (system().main_stack(), system().short_stack());
    let read = |of| secret("GetSecretValue", of, &json!({}));
    Trigger::Create.is_allowed("its secret", &read(stack));
    Trigger::Verify.is_allowed("its secret", &read(stack));
    Trigger::Define.is_denied("the secret", &read(stack));
    for trigger in Trigger::ALL {
        trigger.is_denied("the other stack's secret", &read(other));
        for (operation, more) in [
            ("PutSecretValue", json!({ "SecretString": "x" })),
            ("UpdateSecret", json!({ "SecretString": "x" })),
            ("DeleteSecret", json!({})),
            ("PutResourcePolicy", json!({ "ResourcePolicy": "{}" })),
        ] {
            trigger.is_denied(operation, &secret(operation, stack, &more));
        }
        let list = Call::json("secretsmanager", "secretsmanager.ListSecrets", &json!({}));
        trigger.is_denied("ListSecrets", &list);
    }
}

#[test]
fn create_sends_texts_and_reaches_no_topic() {
    let phone = Phone::new();
    Trigger::Create.is_allowed("a text", &text_to(phone.number()));
    assert_eq!(phone.texts().len(), 1);
    Trigger::Define.is_denied("a text", &text_to(phone.number()));
    Trigger::Verify.is_denied("a text", &text_to(phone.number()));
    assert_eq!(phone.texts().len(), 1);

    let topic = encoded(&format!(
        "arn:aws:sns:{}:000000000000:orders",
        system().description.region
    ));
    for trigger in Trigger::ALL {
        for (operation, parameters) in [
            ("Publish", format!("&TopicArn={topic}&Message=x")),
            ("Publish", format!("&TargetArn={topic}&Message=x")),
            ("Subscribe", format!("&TopicArn={topic}&Protocol=sms&Endpoint=x")),
            ("CreateTopic", "&Name=x".to_owned()),
            ("ListTopics", String::new()),
            (
                "SetSMSAttributes",
                "&attributes.entry.1.key=MonthlySpendLimit&attributes.entry.1.value=1".to_owned(),
            ),
        ] {
            trigger.is_denied(operation, &Call::query("sns", operation, SNS_VERSION, &parameters));
        }
    }
}

#[test]
fn none_touches_a_user_a_function_or_a_right() {
    let stack = system().main_stack();
    let user = json!({ "UserPoolId": stack.user_pool_id, "Username": "+14155550100" });
    let function = format!("/2015-03-31/functions/{}", Trigger::Create.function(stack));
    for trigger in Trigger::ALL {
        for operation in [
            "AdminGetUser",
            "AdminSetUserPassword",
            "AdminDeleteUser",
            "ListUsers",
            "DescribeUserPool",
        ] {
            trigger.is_denied(operation, &Call::cognito(operation, &user));
        }
        for (operation, parameters) in [
            ("CreateUser", "&UserName=x"),
            ("CreateAccessKey", "&UserName=x"),
            ("ListRoles", ""),
            ("PutRolePolicy", "&RoleName=x&PolicyName=x&PolicyDocument=%7B%7D"),
        ] {
            trigger.is_denied(operation, &Call::query("iam", operation, IAM_VERSION, parameters));
        }
        let role = "&RoleArn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2Fx&RoleSessionName=xx";
        trigger.is_denied("AssumeRole", &Call::query("sts", "AssumeRole", "2011-06-15", role));
        trigger.is_denied(
            "InvokeFunction",
            &Call::rest("lambda", "POST", &format!("{function}/invocations"), "{}"),
        );
        trigger.is_denied("GetFunction", &Call::rest("lambda", "GET", &function, ""));
        trigger.is_denied("DeleteFunction", &Call::rest("lambda", "DELETE", &function, ""));
        trigger.is_denied("ListAllMyBuckets", &Call::rest("s3", "GET", "/", ""));
    }
}
