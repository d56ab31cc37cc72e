//! What the service's answer means.

use serde::Deserialize;

/// Whether a token is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Human,
    /// With the reason for the log.
    NotHuman(&'static str),
    /// The service does not take our secret: no token can be good until an operator has looked.
    Misconfigured,
    /// The service did not say.
    Unknown,
}

#[derive(Deserialize)]
struct Document {
    success: bool,
    #[serde(default)]
    hostname: String,
    #[serde(default)]
    action: String,
    #[serde(default, rename = "error-codes")]
    error_codes: Vec<String>,
}

impl Verdict {
    /// Reads an answer. `hostnames` and `action`: what a good token must name.
    pub(super) fn read(status: u16, body: &str, hostnames: &[String], action: &str) -> Self {
        let Ok(document) = serde_json::from_str::<Document>(body) else {
            return Self::Unknown;
        };
        let has_error = |code: &str| document.error_codes.iter().any(|found| found == code);
        if document.success && status == 200 {
            return if !hostnames
                .iter()
                .any(|name| name.eq_ignore_ascii_case(&document.hostname))
            {
                Self::NotHuman("hostname")
            } else if document.action != action {
                Self::NotHuman("action")
            } else {
                Self::Human
            };
        }
        if has_error("missing-input-secret") || has_error("invalid-input-secret") {
            Self::Misconfigured
        } else if has_error("timeout-or-duplicate") {
            Self::NotHuman("used_or_expired")
        } else if has_error("invalid-input-response") || has_error("missing-input-response") {
            Self::NotHuman("invalid")
        } else if status >= 500 || document.success || has_error("internal-error") {
            Self::Unknown
        } else {
            Self::NotHuman("refused")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(status: u16, document: &Value) -> Verdict {
        Verdict::read(
            status,
            &document.to_string(),
            &["app.example.com".to_owned()],
            "sign_up",
        )
    }

    fn good() -> Value {
        json!({
            "success": true, "challenge_ts": "2022-02-28T15:14:30.096Z", "hostname": "app.example.com", "error-codes": [],
            "action": "sign_up", "cdata": "x", "metadata": {"ephemeral_id": "x:1"},
        })
    }

    #[test]
    fn a_token_is_good_for_its_site_and_action_alone() {
        assert_eq!(read(200, &good()), Verdict::Human);
        for (name, value, reason) in [
            ("hostname", "evil.example.com", "hostname"),
            ("hostname", "app.example.com.evil.com", "hostname"),
            ("hostname", "", "hostname"),
            ("action", "login", "action"),
            ("action", "", "action"),
        ] {
            let mut document = good();
            document[name] = json!(value);
            assert_eq!(read(200, &document), Verdict::NotHuman(reason), "{name}={value}");
        }
        let mut without = good();
        without.as_object_mut().unwrap().remove("action");
        assert_eq!(read(200, &without), Verdict::NotHuman("action"));
    }

    #[test]
    fn a_refusal_is_the_clients_ours_or_nobodys() {
        for (code, verdict) in [
            ("invalid-input-response", Verdict::NotHuman("invalid")),
            ("missing-input-response", Verdict::NotHuman("invalid")),
            ("timeout-or-duplicate", Verdict::NotHuman("used_or_expired")),
            ("bad-request", Verdict::NotHuman("refused")),
            ("invalid-input-secret", Verdict::Misconfigured),
            ("missing-input-secret", Verdict::Misconfigured),
            ("internal-error", Verdict::Unknown),
        ] {
            assert_eq!(
                read(200, &json!({"success": false, "error-codes": [code]})),
                verdict,
                "{code}"
            );
        }
    }

    #[test]
    fn what_is_no_answer_of_the_service_proves_nothing() {
        assert_eq!(read(500, &good()), Verdict::Unknown);
        for body in ["", "<html>", "{}", "[]", r#"{"success":"true"}"#] {
            assert_eq!(Verdict::read(200, body, &[], ""), Verdict::Unknown, "{body}");
        }
    }
}
