//! What the peers document about their limits. All of them are defaults; each can be told more, and all of them can be put
//! behind a captcha or a firewall of one's own, as ours can.

use crate::bucket::Rate;
use crate::clock::{HOUR, MINUTE, SECOND};
use crate::peer::Limits;

/// Supabase Auth as a new project has it.
///
/// - 30 codes an hour for the whole project; 60 s between codes to one user; 360 answers an hour from one address, 30 at
///   once ("Rate limits", <https://supabase.com/docs/guides/auth/rate-limits>). The page calls the limits of addresses token
///   buckets; that the project's is one, too, is assumed. So is it that asking is limited for an address as answering is
///   (`rate_limit_otp`: the page names the setting, not its default).
/// - A code is good for an hour ("Phone Login", <https://supabase.com/docs/guides/auth/phone-login>).
/// - Wrong answers count for nothing but the address ("Proposal: per-token failed-attempt limit for OTP verification",
///   <https://github.com/supabase/auth/issues/2819>, open in September 2026).
pub(crate) const SUPABASE: Limits = Limits {
    name: "Supabase Auth (30 an hour)",
    lifetime: HOUR,
    tries: None,
    newest_only: true,
    pause: Some(60 * SECOND),
    asked_by_address: Some(THIRTY_IN_FIVE_MINUTES),
    answered_by_address: Some(THIRTY_IN_FIVE_MINUTES),
    calls_for_number: None,
    sent_to_all: Some(Rate {
        burst: 30,
        every: HOUR / 30,
    }),
};

const THIRTY_IN_FIVE_MINUTES: Rate = Rate {
    burst: 30,
    every: 5 * MINUTE / 30,
};

/// The same without the project's limit, which has to be raised for more than 30 sign-ins an hour; by how much is each
/// one's own decision, so here it is gone.
pub(crate) const SUPABASE_UNCAPPED: Limits = Limits {
    name: "Supabase Auth (uncapped)",
    sent_to_all: None,
    ..SUPABASE
};

/// `SuperTokens`, its recipe `passwordless`.
///
/// - 5 tries for a code ("Customize the one-time password",
///   <https://supertokens.com/docs/authentication/passwordless/customize-the-otp>), which is good for 15 minutes
///   (`passwordless_code_lifetime`, 900000 ms, in the core's configuration).
/// - No limit for sending: the gap between codes "is only enforced on the client-side" ("Changing email / SMS resend time
///   interval", <https://www.supertokens.com/docs/passwordless/common-customizations/sign-in-and-up/resend-time-gap>).
pub(crate) const SUPERTOKENS: Limits = Limits {
    name: "SuperTokens",
    lifetime: 15 * MINUTE,
    tries: Some(5),
    newest_only: false,
    pause: None,
    asked_by_address: None,
    answered_by_address: None,
    calls_for_number: None,
    sent_to_all: None,
};

/// Amazon Cognito with triggers for custom authentication, and nothing before it.
///
/// - 3 tries in a session, as in AWS's sample ("Implementing passwordless email authentication with Amazon Cognito",
///   <https://aws.amazon.com/blogs/mobile/implementing-passwordless-email-authentication-with-amazon-cognito>), and a
///   session is good for 3 minutes (`AuthSessionValidity`).
/// - Ten calls a second for one user, signing in included ("Quotas in Amazon Cognito",
///   <https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html>, the note on quotas per user). The quota of a
///   whole account, 120 a second, is higher than what attackers here need.
pub(crate) const COGNITO: Limits = Limits {
    name: "Cognito alone",
    lifetime: 3 * MINUTE,
    tries: Some(3),
    newest_only: false,
    pause: None,
    asked_by_address: None,
    answered_by_address: None,
    calls_for_number: Some(Rate {
        burst: 10,
        every: SECOND / 10,
    }),
    sent_to_all: None,
};

pub(crate) const ALL: [Limits; 4] = [SUPABASE, SUPABASE_UNCAPPED, SUPERTOKENS, COGNITO];

/// What is modelled, for whoever reads the result.
pub(crate) const NOTES: [&str; 7] = [
    "Ours: the very decisions of the crate guard with its defaults, or with the country's budget denying; codes good for 60 s.",
    "Supabase Auth: 60 s between codes to a number, 30 requests in 5 minutes from an address, codes good for an hour, no \
     count of wrong answers; 30 codes an hour for the whole project, or (uncapped) that limit gone.",
    "SuperTokens: 5 tries for a code, good for 15 minutes; no limit for sending.",
    "Cognito alone: 3 tries in a session of 3 minutes; ten calls a second for a user.",
    "A user signs in 15 s after asking for a code, mistypes one in ten, waits as told for ten minutes at most and tries once \
     more at their end; answers only codes asked for by himself.",
    "Who has signed in before did so a day before the attack, from the address from which he comes now, and nobody else has it. \
     Ours has 20 % more than the number's limits for addresses from which a right answer came in the last 30 days; pauses between \
     codes hold for all. No peer documents the like. Who has never signed in is known from his first sign-in on.",
    "Peers are models of the limits in their documentation, not the programs. Nobody's captcha, firewall, spending limit or \
     carrier's filter is modelled.",
];
