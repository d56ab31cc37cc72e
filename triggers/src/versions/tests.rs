//! An exchange of the secret as create and verify see it: whatever of it has reached whom.

use challenge::{ChallengeState, Code, CodeHashKey, CodeKey, PermitKey, Secret};
use serde_json::json;

use super::*;
use crate::{
    create::{Create, CreateError},
    testing::{
        FakeSms, ISSUED_AT, PHONE, POOL, TEST_CODE, create_event, create_settings, create_settings_with, listed,
        permit_for, round, test_permit_for, verify_event, verify_settings,
    },
    verify::Verify,
};

/// A version of the secret, and with it the worker that signs with what follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    Old,
    New,
}

use Version::{New, Old};

impl Version {
    const ALL: [Self; 2] = [Old, New];

    fn secret(self) -> Secret {
        let text = match self {
            Old => "correct horse battery staple, 32+ characters",
            New => "another secret that is also thirty-two or more",
        };
        Secret::new(text).unwrap()
    }

    fn permit(self) -> String {
        permit_for(PHONE).seal(&PermitKey::derive(&self.secret()))
    }

    fn code(self) -> Code {
        let permit = permit_for(PHONE);
        let key = CodeKey::derive(&self.secret());
        Code::derive(&key, &permit.nonce, &permit.phone, POOL)
    }

    fn hash_key(self) -> CodeHashKey {
        CodeHashKey::derive(&self.secret())
    }

    fn state(self) -> String {
        let permit = permit_for(PHONE);
        ChallengeState::new(&self.hash_key(), permit.nonce, ISSUED_AT, &self.code()).encode()
    }
}

/// What an instance of a trigger read when it started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Knows {
    OldOnly,
    Both,
    NewOnly,
}

use Knows::{Both, NewOnly, OldOnly};

impl Knows {
    const ALL: [Self; 3] = [OldOnly, Both, NewOnly];

    fn secrets(self) -> Versions<Secret> {
        match self {
            OldOnly => Versions::only(Old.secret()),
            NewOnly => Versions::only(New.secret()),
            Both => Versions {
                current: New.secret(),
                previous: Some(Old.secret()),
            },
        }
    }

    fn has(self, version: Version) -> bool {
        matches!((self, version), (Both, _) | (OldOnly, Old) | (NewOnly, New))
    }

    fn create(self, sms: &FakeSms) -> Create<&FakeSms> {
        Create::new(create_settings(), &self.secrets(), sms)
    }

    fn accepts(self, state: &str, answer: &str) -> bool {
        let verify = Verify::new(&verify_settings(), &self.secrets());
        let answered = verify.handle(verify_event(Some(state), &json!(answer)), ISSUED_AT);
        answered.response.answer_correct
    }
}

/// Has an instance of create ask for the code: the state that it makes, and the text that it sends.
async fn ask(knows: Knows, permit: &str) -> Result<(String, String), CreateError> {
    let sms = FakeSms::default();
    let event = create_event(&[round("permit", false)], Some(permit));
    let event = knows.create(&sms).handle(event, ISSUED_AT).await?;
    let [(_, text)] = sms.sent().try_into().unwrap();
    Ok((event.response.challenge_metadata.unwrap(), text))
}

#[tokio::test]
async fn the_key_that_opens_the_permit_makes_the_challenge() {
    for signed in Version::ALL {
        for knows in Knows::ALL {
            let asked = ask(knows, &signed.permit()).await;
            if knows.has(signed) {
                let (state, text) = asked.unwrap();
                // The same from every instance: Cognito repeats a slow trigger, perhaps on another one.
                assert_eq!(state, signed.state(), "{signed:?} {knows:?}");
                assert!(text.starts_with(signed.code().expose()), "{signed:?} {knows:?}");
            } else {
                assert_eq!(asked, Err(CreateError::PermitRefused), "{signed:?} {knows:?}");
            }
        }
    }
}

#[test]
fn verify_takes_the_code_of_every_version_that_it_knows() {
    for made in Version::ALL {
        for knows in Knows::ALL {
            let accepts = |answer: &str| knows.accepts(&made.state(), answer);
            assert_eq!(accepts(made.code().expose()), knows.has(made), "{made:?} {knows:?}");
            // The two codes differ, and neither version vouches for the other's.
            let other = if made == Old { New } else { Old };
            assert!(!accepts(other.code().expose()), "{made:?} {knows:?}");
            assert!(!accepts("000000"), "{made:?} {knows:?}");
        }
    }
}

#[tokio::test]
async fn a_challenge_goes_on_with_any_instance_whatever_it_knows() {
    for made in Version::ALL {
        for knows in Knows::ALL {
            let session = [round("permit", false), round(&made.state(), false)];
            let event = knows
                .create(&FakeSms::failing())
                .handle(create_event(&session, None), ISSUED_AT)
                .await
                .unwrap();
            assert_eq!(event.response.challenge_metadata, Some(made.state()));
        }
    }
}

#[tokio::test]
async fn under_the_previous_key_a_permit_is_checked_as_under_the_current_one() {
    let sms = FakeSms::default();
    let create = Both.create(&sms);
    for signed in Version::ALL {
        let of_other_phone = permit_for("+15005550007").seal(&PermitKey::derive(&signed.secret()));
        let of_no_test_number = test_permit_for(PHONE).seal(&PermitKey::derive(&signed.secret()));
        for (permit, now) in [
            (signed.permit(), ISSUED_AT.plus(61)),
            (signed.permit().replace("v1.", "v2."), ISSUED_AT),
            (of_other_phone, ISSUED_AT),
            (of_no_test_number, ISSUED_AT),
        ] {
            let event = create_event(&[round("permit", false)], Some(&permit));
            let refused = create.handle(event, now).await;
            assert_eq!(refused, Err(CreateError::PermitRefused), "{signed:?} {permit}");
        }
    }
    assert!(sms.sent().is_empty());
}

#[tokio::test]
async fn the_code_of_a_test_number_is_taken_under_either_version() {
    for signed in Version::ALL {
        let permit = test_permit_for(PHONE).seal(&PermitKey::derive(&signed.secret()));
        let settings = create_settings_with(listed(&[PHONE]));
        let event = Create::new(settings, &Both.secrets(), &FakeSms::failing())
            .handle(create_event(&[round("permit", false)], Some(&permit)), ISSUED_AT)
            .await
            .unwrap();
        let state = event.response.challenge_metadata.unwrap();
        for knows in Knows::ALL {
            assert_eq!(
                knows.accepts(&state, TEST_CODE),
                knows.has(signed),
                "{signed:?} {knows:?}"
            );
        }
    }
}

/// The steps of an exchange in their order: which workers ask and which instances answer at a time.
const STEPS: &[(&[Version], &[Knows])] = &[
    (&[Old], &[OldOnly]),
    // The new secret is put; instances that start from now on know both.
    (&[Old], &[OldOnly, Both]),
    // All have started anew. The new worker spreads.
    (&[Old], &[Both]),
    (&[Old, New], &[Both]),
    (&[New], &[Both]),
    // The old secret is taken away once no code from before can be answered any more.
    (&[New], &[Both, NewOnly]),
    (&[New], &[NewOnly]),
];

#[tokio::test]
async fn no_sign_in_fails_at_any_step_or_from_one_to_the_next() {
    for (step, (workers, creates)) in STEPS.iter().enumerate() {
        let next = STEPS.get(step + 1).map_or(&[][..], |(_, instances)| *instances);
        for (worker, create) in workers
            .iter()
            .flat_map(|worker| creates.iter().map(move |c| (worker, c)))
        {
            let (state, text) = ask(*create, &worker.permit()).await.unwrap();
            for verify in creates.iter().chain(next) {
                assert!(!verify.accepts(&state, "000000"));
                assert!(
                    verify.accepts(&state, &text[..6]),
                    "step {step}: {worker:?} asks {create:?}, answered to {verify:?}"
                );
            }
        }
    }
}
