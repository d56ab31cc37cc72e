use super::*;

const NPM: &str = r#"npm error something
    {"auditReportVersion": 2, "vulnerabilities": {
        "tough-cookie": {"via": [{"title": "Prototype pollution", "range": "<4.1.3",
            "url": "https://example.com/advisories/GHSA-72xf-g2v4-qvf3"}]},
        "request": {"via": ["tough-cookie"]}}}"#;

const FOUND: &str = r#"{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "PYSEC-2026-1"}]}]}"#;
const CLEAN: &str = r#"{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}"#;
const NOT_FOUND: &str = r#"{"dependencies": [{"name": "b", "skip_reason": "not found: b"}]}"#;

/// The end of what pip-audit printed, where the network was not there, where it refused, and of an error of its own.
const NO_ROUTE: &str = "Traceback (most recent call last):
  File \"requests/adapters.py\", line 723, in send
requests.exceptions.ConnectionError: HTTPSConnectionPool(host='example.com', port=443): Max retries exceeded";
const UNAVAILABLE: &str = "Traceback (most recent call last):
requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://example.com/a/1/json

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File \"pip_audit/_service/pypi.py\", line 91, in query
pip_audit._service.interface.ServiceError
";
const BLOCKED: &str = "ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed
ERROR:pip_audit._cli:Tip: your network may be blocking this service. Try another service with `-s SERVICE`
";
const BROKEN: &str = "Traceback (most recent call last):
  File \"pip_audit/_cli.py\", line 554, in audit
KeyError: 'aliases'
";

fn ended(printed: &str) -> Ended {
    Ended {
        printed: printed.to_owned(),
        too_late: false,
    }
}

/// What becomes of these answers of pip-audit, each what it wrote and what it printed; the remark or the error.
fn pip(answers: &[(&str, &str)]) -> Result<Remark, String> {
    let mut all = Report::default();
    for (written, printed) in answers {
        all.add(pip_report(written, &ended(printed)));
    }
    judge(&all, &[]).map_err(|error| format!("{error:#}"))
}

fn npm(printed: &str) -> Result<Remark, String> {
    judge(&npm_report(&ended(printed)), &[]).map_err(|error| format!("{error:#}"))
}

#[test]
fn a_vulnerability_fails_unless_it_is_accepted() {
    let report = npm_report(&ended(NPM));
    let message = format!("{:#}", judge(&report, &[]).unwrap_err());
    assert!(
        message.contains("GHSA-72xf-g2v4-qvf3: tough-cookie <4.1.3: Prototype pollution"),
        "{message}"
    );
    assert_eq!(judge(&report, &[("GHSA-72xf-g2v4-qvf3", "why")]).unwrap(), None);
    assert!(judge(&report, &[("GHSA-0000-0000-0000", "why")]).is_err());
    let message = pip(&[(FOUND, "Found 1 known vulnerability in 1 package")]).unwrap_err();
    assert!(message.contains("PYSEC-2026-1: a 1"), "{message}");
}

#[test]
fn what_was_found_fails_though_others_could_not_be_asked() {
    for other in [
        ("", NO_ROUTE),
        ("", UNAVAILABLE),
        ("", BLOCKED),
        ("", BROKEN),
        (NOT_FOUND, ""),
    ] {
        for answers in [[(FOUND, ""), other], [other, (FOUND, "")]] {
            let message = pip(&answers).unwrap_err();
            assert!(message.contains("PYSEC-2026-1: a 1"), "{message}");
        }
    }
}

#[test]
fn a_registry_that_does_not_answer_is_named_as_the_reason() {
    let refused = r#"npm error audit endpoint returned an error
        {"message": "405 Method Not Allowed", "statusCode": 405}"#;
    assert_eq!(npm(refused), Ok(Some(skipped("405 Method Not Allowed"))));
    for message in [
        "request to https://example.com/bulk failed, reason: connect ECONNREFUSED 192.0.2.1:443",
        "request to https://example.com/bulk failed, reason: getaddrinfo ENOTFOUND example.com",
        "network timeout at: https://example.com/bulk",
    ] {
        let printed = format!(r#"{{"message": "{message}", "error": {{"summary": ""}}}}"#);
        assert_eq!(npm(&printed), Ok(Some(skipped(message))));
    }

    for (printed, reason) in [
        (
            NO_ROUTE,
            "HTTPSConnectionPool(host='example.com', port=443): Max retries exceeded",
        ),
        (
            UNAVAILABLE,
            "503 Server Error: Service Unavailable for url: https://example.com/a/1/json",
        ),
        (BLOCKED, "Could not connect to PyPI's vulnerability feed"),
    ] {
        assert_eq!(pip(&[("", printed)]), Ok(Some(skipped(reason))));
    }

    let late = Ended {
        printed: String::new(),
        too_late: true,
    };
    for report in [npm_report(&late), pip_report("", &late)] {
        assert_eq!(
            judge(&report, &[]).unwrap(),
            Some(skipped("no answer within 120 seconds"))
        );
    }
}

#[test]
fn an_audit_that_fails_itself_is_no_silence_of_the_registry() {
    for (written, printed, said) in [
        ("", BROKEN, "KeyError: 'aliases'"),
        ("", "", "it printed nothing"),
        ("", "Traceback\nno route to host\n", "no route to host"),
        ("{", "No known vulnerabilities found", "No known vulnerabilities found"),
        (
            "",
            "requests.exceptions.SSLError: certificate verify failed",
            "certificate verify failed",
        ),
        (
            "",
            "pip_audit._service.interface.ServiceError: malformed",
            "ServiceError: malformed",
        ),
        ("", &UNAVAILABLE.replace("503 Server", "Server"), "ServiceError"),
        ("", &UNAVAILABLE.replace("HTTPError", "InvalidHeader"), "ServiceError"),
        ("", &format!("{NO_ROUTE}\n{BROKEN}"), "KeyError"),
        (
            r#"{"dependencies": [{"name": "a", "version": "1"}]}"#,
            "",
            r#""name":"a""#,
        ),
    ] {
        let message = pip(&[(written, printed)]).unwrap_err();
        assert!(
            message.starts_with("an audit failed:") && message.contains(said),
            "{message}"
        );
    }
    for printed in [
        "",
        "npm error network timeout",
        r#"{"error": {"code": "ENOLOCK", "summary": "This command requires an existing lockfile."}}"#,
        r#"{"message": "request to https://example.com/bulk failed, reason: self-signed certificate"}"#,
        r#"{"message": "Cannot read properties of undefined (reading 'ENOTFOUND')"}"#,
        r#"{"message": "Not Modified", "statusCode": 304}"#,
        r#"{"auditReportVersion": 3, "vulnerabilities": {}}"#,
        r#"{"auditReportVersion": 2}"#,
    ] {
        let message = npm(printed).unwrap_err();
        assert!(message.starts_with("an audit failed:"), "{message}");
    }
}

#[test]
fn packages_of_which_nothing_is_known_are_no_success() {
    assert_eq!(
        pip(&[(NOT_FOUND, ""), (NOT_FOUND, "")]),
        Ok(Some(skipped("not found: b")))
    );
    assert_eq!(
        pip(&[(NOT_FOUND, ""), ("", BLOCKED)]),
        Ok(Some(skipped("Could not connect to PyPI's vulnerability feed")))
    );
    for answers in [[(CLEAN, ""), (NOT_FOUND, "")], [(NOT_FOUND, ""), (CLEAN, "")]] {
        let remark = pip(&answers).unwrap().unwrap();
        assert_eq!(
            remark,
            "PARTLY SKIPPED: of 1 of 2 packages nothing could be learned: not found: b"
        );
    }
    let remark = pip(&[(CLEAN, ""), ("", BLOCKED)]).unwrap().unwrap();
    assert!(
        remark.starts_with("PARTLY SKIPPED: of 0 of 1 packages") && remark.contains("of 1 whole lists"),
        "{remark}"
    );
}

#[test]
fn nothing_found_is_nothing_to_say() {
    assert_eq!(npm(r#"{"auditReportVersion": 2, "vulnerabilities": {}}"#), Ok(None));
    assert_eq!(pip(&[(CLEAN, ""), (CLEAN, "")]), Ok(None));
}
