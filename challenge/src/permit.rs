//! The permit: the worker's signed leave to send one code to one phone, checked by the create trigger.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::Mac;
use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use crate::{Code, Nonce, PermitKey, PhoneNumber, RequestId, UnixSeconds, request_id};

#[cfg(test)]
mod tests;

/// What makes the create trigger send. Cognito hands it over unread, as `ClientMetadata` under
/// [`PERMIT_METADATA`](crate::PERMIT_METADATA).
///
/// As text: `v1.` + base64url of this struct as JSON + `.` + base64url of HMAC-SHA-256 over all before
/// that second dot. It is signed, not encrypted: it never leaves the way from the worker to the trigger.
/// The only code that can be in it is that of a test number, which is fixed and known to others anyway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permit {
    /// Makes the code of this challenge differ from that of every other one.
    pub nonce: Nonce,
    /// Where the code goes.
    pub phone: PhoneNumber,
    /// How the code gets there.
    pub channel: Channel,
    /// When the worker sealed it; the code's own lifetime counts from here too.
    pub issued_at: UnixSeconds,
    /// The fixed code of a test number, None for every other number. App-store review, demos and clients' CI sign in with
    /// numbers that the worker's operator maps to such codes: the create trigger then makes the challenge from this code
    /// instead of deriving one, and sends nothing.
    ///
    /// Without it the text has no such member. A trigger from before there were test numbers overlooks it, derives a code
    /// and texts that.
    ///
    /// It gives the worker power over the listed numbers only: the create trigger refuses the permit unless the stack names
    /// the number as well (its parameter `TestNumbers`). The worker's word would not do. Whoever had the permit key and the
    /// app client's secret, without the key of the worker's IAM user, could put a code of their own choice into permits for
    /// any number and sign in as anyone by Cognito's public `InitiateAuth`; as it is, that leak lets them send texts, and
    /// sign in with the listed numbers. (With all of the worker's secrets anyone can be taken over, test numbers or not:
    /// `AdminUpdateUserAttributes`, which the IAM user may call, moves a user to a phone of one's own.)
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub test_code: Option<Code>,
    /// The request that asks for the code, for the create trigger's log. Nothing follows from it.
    ///
    /// Without it the text has no such member: that is how workers from before wrote it, and triggers from before overlook it.
    #[serde(
        default,
        deserialize_with = "request_id::if_it_is_one",
        skip_serializing_if = "Option::is_none"
    )]
    pub request_id: Option<RequestId>,
}

/// Reads a member that is there. `null` in it is no code, and not the same as no member: no worker writes that.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Code>, D::Error> {
    Code::deserialize(deserializer).map(Some)
}

/// The ways of sending a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A text message.
    Sms,
}

impl Channel {
    /// The name in JSON and in the challenge's parameters.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
        }
    }
}

/// The form of the text; in the signature too, so that no form can be passed off as another.
const VERSION: &str = "v1";

impl Permit {
    /// For how long a permit opens, in seconds. Cognito's way from worker to trigger takes at most a few;
    /// the rest is for clocks that disagree and for Cognito invoking a slow trigger again.
    pub const LIFETIME: u64 = 60;

    /// How far ahead the worker's clock may be, in seconds: the tolerance that the token check has for `iat`.
    pub const CLOCK_TOLERANCE: u64 = 30;

    /// Writes and signs the permit.
    pub fn seal(&self, key: &PermitKey) -> String {
        // Writing this struct as JSON cannot fail: no map, no float, no custom serializer that errs.
        let payload = serde_json::to_vec(self).unwrap_or_default();
        let mut text = format!("{VERSION}.{}", BASE64_URL_SAFE_NO_PAD.encode(payload));
        let tag = key.mac().chain_update(&text).finalize().into_bytes();
        text.push('.');
        text.push_str(&BASE64_URL_SAFE_NO_PAD.encode(tag));
        text
    }

    /// Checks the signature, then reads, then checks the age. Nothing is parsed that was not signed.
    pub fn open(text: &str, key: &PermitKey, now: UnixSeconds) -> Result<Self, PermitError> {
        let (signed, tag) = text.rsplit_once('.').ok_or(PermitError::Malformed)?;
        let tag = BASE64_URL_SAFE_NO_PAD.decode(tag).map_err(|_| PermitError::Malformed)?;
        key.mac()
            .chain_update(signed)
            .verify_slice(&tag)
            .map_err(|_| PermitError::Forged)?;

        let payload = signed
            .strip_prefix(VERSION)
            .and_then(|rest| rest.strip_prefix('.'))
            .ok_or(PermitError::Malformed)?;
        let payload = BASE64_URL_SAFE_NO_PAD
            .decode(payload)
            .map_err(|_| PermitError::Malformed)?;
        let permit: Self = serde_json::from_slice(&payload).map_err(|_| PermitError::Malformed)?;

        if permit.issued_at > now.plus(Self::CLOCK_TOLERANCE) {
            return Err(PermitError::NotYetValid);
        }
        if now > permit.issued_at.plus(Self::LIFETIME) {
            return Err(PermitError::Expired);
        }
        Ok(permit)
    }
}

/// Why a permit did not open. Carries no value of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PermitError {
    /// Not the text of a permit.
    #[error("permit malformed")]
    Malformed,
    /// Not signed with this key, or changed since.
    #[error("permit not signed with this key")]
    Forged,
    /// Older than [`Permit::LIFETIME`].
    #[error("permit expired")]
    Expired,
    /// From further ahead than [`Permit::CLOCK_TOLERANCE`].
    #[error("permit issued in the future")]
    NotYetValid,
}
