//! An issuer of access tokens that the worker trusts, because its key set is the one that the worker fetches.

use std::{sync::LazyLock, time::Duration};

use e2e::{
    Answer,
    key_server::KeyServer,
    keys::{Algorithm, PUBLISHED, SigningKey, UNPUBLISHED, of_this_run},
    ledger::Kind,
    system,
    waiting::{now, until},
};
use serde_json::{Value, json};

/// The worker asks for an unknown key at most every 10 s.
pub(crate) const LEARNS_WITHIN: Duration = Duration::from_secs(20);

/// A key that is too short: RFC 7518 §3.3 wants 2,048 bits.
pub(crate) static SMALL: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate("small", 1024));

/// The keys that are published unless a test says otherwise: a good one, and some that must not be used.
pub(crate) fn published() -> Vec<Value> {
    let changed = |id: &str, member: &str, value: Value| {
        let mut jwk = PUBLISHED.jwk_named(&of_this_run(id));
        jwk[member] = value;
        jwk
    };
    let mut without_alg = PUBLISHED.jwk_named(&of_this_run("without-alg"));
    without_alg.as_object_mut().unwrap().remove("alg");
    let mut without_use = PUBLISHED.jwk_named(&of_this_run("without-use"));
    without_use.as_object_mut().unwrap().remove("use");
    vec![
        json!({ "kty": "EC", "use": "sig", "alg": "ES256", "kid": of_this_run("ec"), "crv": "P-256", "x": "AA", "y": "AA" }),
        json!("no key at all"),
        changed("encryption", "use", json!("enc")),
        changed("rs512", "alg", json!("RS512")),
        changed("octets", "kty", json!("oct")),
        without_use,
        without_alg,
        SMALL.jwk(),
        PUBLISHED.jwk(),
    ]
}

/// Opens the key server and makes sure that the worker has learned the published keys, and from a fetch that succeeded: after
/// one that failed, in the test before, it answers 503 for a while about a key that it does not know.
pub(crate) fn open() -> KeyServer {
    let server = KeyServer::for_fault(&published());
    let (known, unknown) = (PUBLISHED.plain_token(&claims()), UNPUBLISHED.plain_token(&claims()));
    until("the worker to learn the keys", LEARNS_WITHIN, || {
        (call(&known).status == 200 && call(&unknown).status == 401).then_some(())
    });
    server
}

/// The claims of a good access token, made now.
pub(crate) fn claims() -> Value {
    let stack = system().main_stack();
    let region = &system().description.region;
    json!({
        "iss": format!("https://cognito-idp.{region}.amazonaws.com/{}", stack.user_pool_id),
        "client_id": stack.client_id,
        "token_use": "access",
        "sub": "5b1f0d6e-0000-4000-8000-00000000e2e0",
        "username": "5b1f0d6e-0000-4000-8000-00000000e2e0",
        "scope": "aws.cognito.signin.user.admin",
        "iat": now(),
        "exp": now() + 3_600,
    })
}

/// The same with one claim changed, or left out if `value` is null.
pub(crate) fn claims_with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    let members = claims.as_object_mut().unwrap();
    members.remove(name);
    if !value.is_null() {
        members.insert(name.to_owned(), value);
    }
    claims
}

/// A good header with one member changed, or left out if `value` is null.
pub(crate) fn header_with(name: &str, value: Value) -> Value {
    let mut header = json!({ "alg": "RS256", "kid": PUBLISHED.id, "typ": "JWT" });
    let members = header.as_object_mut().unwrap();
    members.remove(name);
    if !value.is_null() {
        members.insert(name.to_owned(), value);
    }
    header
}

/// A token from texts that need not be JSON, with a good signature over them.
pub(crate) fn token_of(header: &[u8], payload: &[u8]) -> String {
    let encode = e2e::keys::base64url;
    let signed = format!("{}.{}", encode(header), encode(payload));
    let signature = PUBLISHED.sign(Algorithm::Rs256, &signed);
    format!("{signed}.{signature}")
}

/// Calls the worker with the token.
#[track_caller]
pub(crate) fn call(token: &str) -> Answer {
    system().ledger.note(Kind::Token, token);
    system().fault().call_secured(token)
}

/// Checks that each token is refused with one and the same answer. A token is named so that a failure tells which.
#[track_caller]
pub(crate) fn expect_all_refused<N: std::fmt::Display>(tokens: impl IntoIterator<Item = (N, String)>) {
    let plainly_bad = call("no-token");
    plainly_bad.expect_problem(401, "INVALID_TOKEN");
    for (name, token) in tokens {
        let answer = call(&token);
        assert_eq!(answer.status, 401, "{name}");
        assert_eq!(answer.distinguishable(), plainly_bad.distinguishable(), "{name}");
    }
}

#[track_caller]
pub(crate) fn expect_accepted(name: &str, token: &str) -> Answer {
    let answer = call(token);
    assert_eq!((answer.status, answer.code()), (200, String::new()), "{name}");
    answer
}

pub(crate) fn with_claim(name: &str, value: Value) -> String {
    PUBLISHED.plain_token(&claims_with(name, value))
}

pub(crate) fn with_header(name: &str, value: Value) -> String {
    PUBLISHED.token(Algorithm::Rs256, &header_with(name, value), &claims())
}

/// Good claims as text, with one member written as it is in `value`, JSON or not.
pub(crate) fn claims_text(name: &str, value: &str) -> String {
    let others = claims_with(name, Value::Null).to_string();
    others.replacen('{', &format!("{{\"{name}\":{value},"), 1)
}

/// A token with this payload and a good header and signature.
pub(crate) fn signed_text(payload: &str) -> String {
    token_of(
        header_with("typ", Value::Null).to_string().as_bytes(),
        payload.as_bytes(),
    )
}
