//! What the origin is told of the caller can be checked with ten lines, those of docs/gateway.md, and with no others here.

use std::{fs, path::PathBuf, process::Command, sync::LazyLock};

use e2e::{Phone, Tokens, keys, origin::origin, port::HttpRequest, system, waiting::now};
use serde_json::{Map, Value, json};

static USER: LazyLock<Tokens> = LazyLock::new(|| system().main().signed_in(&Phone::new()));

/// The one block of JavaScript in the documentation, as a file that Node.js can import.
static EXAMPLE: LazyLock<PathBuf> = LazyLock::new(|| {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join("docs/gateway.md")).expect("the documentation");
    let mut blocks = text.split("```js\n").skip(1);
    let block = blocks.next().expect("an example").split("```").next().expect("its end");
    assert!(blocks.next().is_none(), "more than one example");
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("gateway-example.mjs");
    fs::write(&path, block).expect("a file");
    path
});

/// What the origin received, as Node.js gives it to the example.
struct Received {
    method: String,
    url: String,
    headers: Map<String, Value>,
}

impl Received {
    fn read(request: &HttpRequest) -> Self {
        let mut words = request.head.split(' ').map(str::to_owned);
        let headers = request.head.lines().skip(1).filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), json!(value.trim())))
        });
        Self {
            method: words.next().unwrap(),
            url: words.next().unwrap(),
            headers: headers.collect(),
        }
    }

    fn with(&self, name: &str, value: &str) -> Self {
        let mut headers = self.headers.clone();
        headers.insert(name.to_owned(), json!(value));
        Self {
            method: self.method.clone(),
            url: self.url.clone(),
            headers,
        }
    }

    /// Who calls, by the example's word; null if it does not believe it.
    #[track_caller]
    fn caller(&self, key: &str, now: u64) -> Value {
        let script = "import(process.argv[1]).then(({ caller }) => { \
                      const { request, key, now } = JSON.parse(process.argv[2]); \
                      console.log(JSON.stringify(caller(request, key, now))); })";
        let request = json!({ "method": self.method, "url": self.url, "headers": self.headers });
        let arguments = json!({ "request": request, "key": key, "now": now }).to_string();
        let output = Command::new("node")
            .args(["-e", script, &EXAMPLE.display().to_string(), &arguments])
            .output()
            .expect("node runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("JSON")
    }
}

/// Sends a request and gives back what the origin received of it.
#[track_caller]
fn received(method: &str, path: &str, query: &str) -> Received {
    origin().answer(path, "200 OK", &[], b"");
    let worker = system().main();
    let request = worker.request(method, &format!("{path}{query}"));
    let request = request.header("authorization", format!("Bearer {}", USER.access));
    worker.send(&request.body(()).unwrap()).expect_status(200);
    Received::read(&origin().last(path))
}

fn key() -> &'static str {
    &system().description.origin.signing_key
}

#[test]
fn the_example_believes_the_gateway() {
    let claims = keys::claims(&USER.access);
    let expected = json!({ "sub": claims["sub"], "username": claims["username"], "scope": claims["scope"] });
    for (method, path, query) in [
        ("GET", "/secured/signed/plain", ""),
        ("POST", "/secured/signed/a%2Fb;c=(d)!'*", "?x=|1%22&&y=%zz&z"),
        ("DELETE", "/secured/signed//twice/", "?"),
    ] {
        let received = received(method, path, query);
        assert_eq!(received.url, format!("/api{path}{query}"));
        assert_eq!(received.caller(key(), now()), expected, "{method} {path}{query}");
    }
}

#[test]
fn the_example_believes_nobody_else() {
    let good = received("GET", "/secured/signed/forged", "?a=1");
    let now = now();
    assert_ne!(good.caller(key(), now), Value::Null);
    assert_eq!(good.caller("another-key-of-the-same-kind-entirely", now), Value::Null);
    for (name, value) in [
        ("x-caller-sub", "another"),
        ("x-caller-username", "another"),
        ("x-caller-scope", "aws.cognito.signin.user.admin admin"),
        ("x-caller-signature", "t=1,v1=00"),
        ("x-caller-signature", ""),
    ] {
        assert_eq!(
            good.with(name, value).caller(key(), now),
            Value::Null,
            "{name}: {value}"
        );
    }
    let other_path = Received {
        url: "/api/secured/signed/forged?a=2".to_owned(),
        ..good.with("x", "")
    };
    assert_eq!(other_path.caller(key(), now), Value::Null);
    let other_method = Received {
        method: "DELETE".to_owned(),
        ..good.with("x", "")
    };
    assert_eq!(other_method.caller(key(), now), Value::Null);
}

#[test]
fn a_signature_is_good_for_a_minute() {
    let good = received("GET", "/secured/signed/old", "");
    let signature = good.headers["x-caller-signature"].as_str().unwrap().to_owned();
    let signed_at: u64 = signature[2..].split(',').next().unwrap().parse().unwrap();
    assert!(signed_at.abs_diff(now()) < 10);
    assert_ne!(good.caller(key(), signed_at + 60), Value::Null);
    assert_eq!(good.caller(key(), signed_at + 61), Value::Null);
    assert_eq!(good.caller(key(), signed_at - 61), Value::Null);
    // Nobody can make it younger.
    let renewed = signature.replace(&signed_at.to_string(), &(signed_at + 61).to_string());
    assert_eq!(
        good.with("x-caller-signature", &renewed).caller(key(), signed_at + 61),
        Value::Null
    );
}
