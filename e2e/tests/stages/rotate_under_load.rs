//! `cargo xtask rotate` while people sign in, at workers that are replaced as Cloudflare replaces them: for a while the old version
//! and the new one both answer, and whoever began at one goes on at the other.

use std::{
    fs, thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use challenge::{Channel, Nonce, Permit, PermitKey, PhoneNumber, UnixSeconds};
use e2e::{
    aws::error_name,
    stages::{
        account,
        chapter::Chapter,
        command::Running,
        load::Load,
        rollout::{self, Version},
        stage::Vars,
    },
    waiting::now,
};
use serde_json::{Value, json};

use super::PRODUCTION;

/// Seconds, for which a code of the old version has to be good: longer than anybody keeps one here.
const OVERLAP: &str = "15";

/// How many sign in while the old version and the new one both answer.
const SHARED: u32 = 8;

/// Enough to notice one in a hundred.
const LEAST: u32 = 100;

/// Replaces the version that answers whenever the worker's settings change, until the rotation has ended. Returns the settings in
/// the order of time, the first ones included.
#[track_caller]
fn follow(rotation: &mut Running, load: &Load, first: &Vars, mut current: Version) -> Vec<Vars> {
    let mut history = vec![first.clone()];
    loop {
        let runs = rotation.is_running();
        let vars = PRODUCTION.vars();
        if history.last() != Some(&vars) {
            let next = Version::new(&vars);
            rollout::live(PRODUCTION, &[&current, &next]);
            load.changed();
            load.until_more(SHARED);
            rollout::live(PRODUCTION, &[&next]);
            load.changed();
            current = next;
            history.push(vars);
        } else if !runs {
            return history;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// The permit keys that the worker takes sessions of.
fn permit_keys(vars: &Vars) -> Vec<&str> {
    let keys = [vars.get("PERMIT_KEY"), vars.get("PERMIT_KEY_SECONDARY")];
    keys.into_iter().flatten().collect()
}

/// What create answers to a permit under this key, if it answers. No text is sent without a user.
fn answer_to_permit(key: &str) -> Result<Value, Value> {
    let number = "+15005629999";
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let permit = Permit {
        nonce: Nonce::new(nanos.to_be_bytes()),
        phone: PhoneNumber::parse(number).unwrap(),
        channel: Channel::Sms,
        issued_at: UnixSeconds(now()),
        test_code: None,
        request_id: None,
    };
    let permit = permit.seal(&PermitKey::from_base64url(key).unwrap());
    let vars = PRODUCTION.vars();
    let round = json!({ "challengeName": "CUSTOM_CHALLENGE", "challengeResult": false, "challengeMetadata": "permit" });
    let event = json!({
        "version": "1", "region": vars.value("AWS_REGION"), "userPoolId": vars.value("USER_POOL_ID"), "userName": "e2e",
        "callerContext": { "awsSdkVersion": "e2e", "clientId": vars.value("CLIENT_ID") },
        "triggerSource": "CreateAuthChallenge_Authentication",
        "request": {
            "userAttributes": { "sub": "e2e", "phone_number": number },
            "challengeName": "CUSTOM_CHALLENGE", "session": [round], "clientMetadata": { "permit": permit },
        },
        "response": {},
    });
    account().root().invoke(&PRODUCTION.function("create"), &event)
}

/// What Cognito says to the holder of the worker's access key: the name of the error, which there always is.
fn answer_to_key(vars: &Vars) -> String {
    let key = vars.key();
    let aws = account().with_key(&key.access_key_id, &key.secret_access_key);
    let body = json!({ "UserPoolId": vars.value("USER_POOL_ID"), "Username": "+14155550100",
                       "UserAttributes": [{ "Name": "phone_number_verified", "Value": "true" }] });
    error_name(&aws.cognito("AdminUpdateUserAttributes", &body))
}

pub(super) static UNDER_LOAD: Chapter = Chapter::first("a rotation under load", || {
    let before = PRODUCTION.deploy();
    PRODUCTION.expect_settled();
    let first = Version::new(&before);
    rollout::live(PRODUCTION, &[&first]);
    answer_to_permit(before.value("PERMIT_KEY")).expect("a challenge");
    assert_eq!(answer_to_key(&before), "UserNotFoundException");

    let load = Load::on(PRODUCTION);
    load.until_more(SHARED);
    let mut rotation = PRODUCTION.start("rotate", &["--overlap", OVERLAP]);
    let history = follow(&mut rotation, &load, &before, first);
    rotation.end().expect_success();
    load.until_more(LEAST.saturating_sub(load.signed_in()).max(SHARED));
    let tally = load.end();
    fs::write(&account().load, format!("{tally}\n")).expect("a file");
    tally.expect_no_failure();
    assert!(tally.signed_in >= LEAST && tally.across_changes > 0, "{tally}");

    // Whatever a worker signs with, those before it knew already.
    assert!(
        history.len() >= 4,
        "the worker's settings changed {} times",
        history.len() - 1
    );
    for pair in history.windows(2) {
        assert!(permit_keys(&pair[0]).contains(&pair[1].value("PERMIT_KEY")));
        assert!(pair[0].value("GUARD_KEY") == pair[1].value("GUARD_KEY"));
    }

    PRODUCTION.expect_settled();
    let after = PRODUCTION.vars();
    let changed = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "PERMIT_KEY"];
    assert_eq!(after.differences(&before), changed);
    answer_to_permit(after.value("PERMIT_KEY")).expect("a challenge");
    let refusal = answer_to_permit(before.value("PERMIT_KEY")).expect_err("the old key is refused");
    assert_eq!(refusal["errorMessage"], "the permit was refused");
    assert_eq!(answer_to_key(&after), "UserNotFoundException");
    assert_eq!(answer_to_key(&before), "UnrecognizedClientException");
});

#[test]
fn no_sign_in_fails_while_keys_are_rotated() {
    UNDER_LOAD.play();
}
