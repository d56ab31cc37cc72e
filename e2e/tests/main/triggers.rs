//! The Lambda functions themselves, invoked with events such as Cognito's: what must hold whoever calls them.

use std::time::{SystemTime, UNIX_EPOCH};

use challenge::{Channel, Nonce, Permit, PermitKey, PhoneNumber, UnixSeconds};
use e2e::{Phone, ledger::Kind, phone::other_than, system, system::Stack, waiting::now};
use serde_json::{Value, json};

fn function(stack: &Stack, trigger: &str) -> String {
    format!("{}-{trigger}-auth-challenge", stack.name)
}

#[track_caller]
fn invoke(trigger: &str, event: &Value) -> Result<Value, Value> {
    system().root().invoke(&function(system().main_stack(), trigger), event)
}

/// A permit as the worker seals it, for a nonce that is new.
fn permit(phone: &Phone, key: &PermitKey, issued_at: u64) -> String {
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let permit = Permit {
        nonce: Nonce::new(time.to_be_bytes()),
        phone: PhoneNumber::parse(phone.number()).unwrap(),
        channel: Channel::Sms,
        issued_at: UnixSeconds(issued_at),
        test_code: None,
        request_id: None,
    };
    let sealed = permit.seal(key);
    system().ledger.note(Kind::Permit, &sealed);
    sealed
}

fn permit_key() -> PermitKey {
    PermitKey::from_base64url(&system().main_stack().permit_key).unwrap()
}

fn event(trigger: &str, phone: &Phone, request: &Value) -> Value {
    let stack = system().main_stack();
    let mut event = json!({
        "version": "1", "region": "us-east-1", "userPoolId": stack.user_pool_id, "userName": "e2e",
        "callerContext": { "awsSdkVersion": "e2e", "clientId": stack.client_id },
        "triggerSource": trigger,
        "request": { "userAttributes": { "sub": "e2e", "phone_number": phone.number() } },
        "response": {},
    });
    let members = event["request"].as_object_mut().unwrap();
    members.extend(request.as_object().unwrap().clone());
    event
}

/// The event for challenge 1, in which the permit comes.
fn create_event(phone: &Phone, permit: Option<&str>) -> Value {
    let round = json!({ "challengeName": "CUSTOM_CHALLENGE", "challengeResult": false, "challengeMetadata": "permit" });
    let mut request = json!({ "challengeName": "CUSTOM_CHALLENGE", "session": [round] });
    if let Some(permit) = permit {
        request["clientMetadata"] = json!({ "permit": permit });
    }
    event("CreateAuthChallenge_Authentication", phone, &request)
}

#[test]
fn the_same_event_twice_sends_the_same_code_twice() {
    let phone = Phone::new();
    let event = create_event(&phone, Some(&permit(&phone, &permit_key(), now())));
    let first = invoke("create", &event).expect("a challenge");
    let second = invoke("create", &event).expect("a challenge");
    assert_eq!(first["response"], second["response"]);
    let texts = phone.texts();
    assert_eq!(texts.len(), 2);
    assert_eq!(texts[0], texts[1]);
}

#[test]
fn another_permit_sends_another_code() {
    let phone = Phone::new();
    // Six digits repeat once in a million; three times in a row they do not.
    for _ in 0..3 {
        let event = create_event(&phone, Some(&permit(&phone, &permit_key(), now())));
        invoke("create", &event).expect("a challenge");
    }
    let mut texts = phone.texts();
    assert_eq!(texts.len(), 3);
    texts.dedup();
    assert!(texts.len() > 1);
}

#[test]
fn the_code_is_in_nothing_that_cognito_keeps_or_shows() {
    let phone = Phone::new();
    let event = create_event(&phone, Some(&permit(&phone, &permit_key(), now())));
    let created = invoke("create", &event).expect("a challenge");
    let code = phone.code();
    let response = created["response"].to_string();
    assert!(!response.contains(&code));
    assert!(!response.contains(&phone.number()[1..]), "the full number");
    // Nor as the hash that anybody could compute.
    assert!(
        created["response"]["challengeMetadata"]
            .as_str()
            .is_some_and(|state| state.starts_with("v1."))
    );
}

#[test]
fn a_permit_that_is_missing_forged_expired_or_for_another_phone_sends_nothing() {
    let (phone, other) = (Phone::new(), Phone::new());
    let right = permit_key();
    let short = PermitKey::from_base64url(&system().short_stack().permit_key).unwrap();
    let good = permit(&phone, &right, now());
    let mut tampered = good.clone();
    let last = tampered.pop().unwrap();
    tampered.push(if last == 'A' { 'E' } else { 'A' });
    let refused = [
        None,
        Some(String::new()),
        Some("v1.x.y".to_owned()),
        Some(tampered),
        Some(permit(&phone, &short, now())),
        Some(permit(&phone, &right, now() - Permit::LIFETIME - 1)),
        Some(permit(&phone, &right, now() + Permit::CLOCK_TOLERANCE + 60)),
        Some(permit(&other, &right, now())),
    ]
    .map(|permit| invoke("create", &create_event(&phone, permit.as_deref())).expect_err("an error"));
    for error in &refused {
        // One text for all: it goes to whoever called Cognito.
        assert_eq!(error["errorMessage"], "the permit was refused");
        assert_eq!(error["errorMessage"], refused[0]["errorMessage"]);
        assert!(!error.to_string().contains(&phone.number()[1..]));
    }
    assert!(phone.texts().is_empty() && other.texts().is_empty());
}

#[test]
fn challenge_0_sends_nothing_even_with_a_permit() {
    let phone = Phone::new();
    let mut event = create_event(&phone, Some(&permit(&phone, &permit_key(), now())));
    event["request"]["session"] = json!([]);
    let created = invoke("create", &event).expect("challenge 0");
    assert_eq!(created["response"]["challengeMetadata"], "permit");
    assert!(phone.texts().is_empty());
}

#[test]
fn a_number_that_cognito_only_simulates_gets_no_text() {
    let phone = Phone::new();
    let sealed = permit(&phone, &permit_key(), now());
    let known = invoke("create", &create_event(&phone, Some(&sealed))).expect("a challenge");
    let mut event = create_event(&phone, Some(&sealed));
    event["request"]["userNotFound"] = json!(true);
    event["request"]["userAttributes"] = json!({});
    let unknown = invoke("create", &event).expect("the same challenge");
    let names = |answer: &Value| {
        answer["response"]["publicChallengeParameters"]
            .as_object()
            .map(|all| all.keys().cloned().collect::<Vec<_>>())
    };
    assert_eq!(names(&known), names(&unknown));
    assert_eq!(phone.texts().len(), 1, "only the user who exists got one");
}

#[test]
fn verify_knows_right_from_wrong_and_late_and_unknown() {
    let phone = Phone::new();
    let verify = |state: &Value, answer: &str, not_found: bool| {
        let request =
            json!({ "privateChallengeParameters": state, "challengeAnswer": answer, "userNotFound": not_found });
        let event = event("VerifyAuthChallengeResponse_Authentication", &phone, &request);
        invoke("verify", &event).expect("a verdict")["response"]["answerCorrect"].clone()
    };
    let created = |issued_at| {
        let event = create_event(&phone, Some(&permit(&phone, &permit_key(), issued_at)));
        invoke("create", &event).expect("a challenge")["response"]["privateChallengeParameters"].clone()
    };
    let state = created(now());
    let code = phone.code_of_text(1);
    assert_eq!(verify(&state, &code, false), true);
    assert_eq!(verify(&state, &other_than(&code, 1), false), false);
    assert_eq!(verify(&state, "", false), false);
    assert_eq!(verify(&state, &code, true), false, "a user who does not exist");
    assert_eq!(verify(&json!({}), &code, false), false, "challenge 0");
    assert_eq!(verify(&json!({ "state": "v1.forged" }), &code, false), false);

    // A permit lives as long as a code here, so this one is issued as early as it may be and looked at when it is late.
    let early = now() - Permit::LIFETIME + 2;
    let state = created(early);
    let code = phone.code_of_text(2);
    e2e::waiting::until_clock_shows(early + system().main_stack().code_ttl_seconds + 1);
    assert_eq!(verify(&state, &code, false), false, "too late");
}

#[test]
fn define_ends_a_sign_in_with_a_challenge_of_another_kind() {
    let phone = Phone::new();
    let decide = |session: Value| {
        let event = event(
            "DefineAuthChallenge_Authentication",
            &phone,
            &json!({ "session": session }),
        );
        invoke("define", &event).expect("a decision")["response"].clone()
    };
    let round = |name: &str, right: bool| json!({ "challengeName": name, "challengeResult": right });
    let custom = |right| round("CUSTOM_CHALLENGE", right);

    assert_eq!(decide(json!([]))["challengeName"], "CUSTOM_CHALLENGE");
    assert_eq!(
        decide(json!([custom(true)]))["issueTokens"],
        false,
        "challenge 0 never counts"
    );
    assert_eq!(decide(json!([custom(false), custom(true)]))["issueTokens"], true);
    for session in [
        json!([round("SRP_A", true)]),
        json!([custom(false), round("PASSWORD_VERIFIER", true)]),
        json!([custom(false), custom(false), custom(false), custom(false)]),
    ] {
        let decision = decide(session);
        assert_eq!(
            (&decision["failAuthentication"], &decision["issueTokens"]),
            (&json!(true), &json!(false))
        );
    }
}
