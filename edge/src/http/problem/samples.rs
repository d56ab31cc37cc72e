//! For tests: one of each problem.

use serde_json::Map;

use super::Problem;

/// One value for each variant of an enum: `one_of_each!(Type { PATTERN => VALUE, … })` is the array of the values. A new
/// variant does not compile until it has a pattern here, and each value is seen to be of the variant that it stands for.
macro_rules! one_of_each {
    ($type:ty { $($pattern:pat_param => $value:expr),+ $(,)? }) => {{
        const fn is_listed(value: &$type) -> bool {
            match value { $($pattern)|+ => true }
        }
        [$({
            let value: $type = $value;
            assert!(is_listed(&value) && matches!(value, $pattern), "{}", stringify!($value));
            value
        }),+]
    }};
}
pub(in crate::http) use one_of_each;

/// Every problem, once.
pub(in crate::http) fn every_problem() -> impl Iterator<Item = Problem> {
    one_of_each!(Problem {
        Problem::InvalidRequest(_) => Problem::invalid_field("phone_number", "is required"),
        Problem::InvalidPhoneNumber => Problem::InvalidPhoneNumber,
        Problem::TokenMissing => Problem::TokenMissing,
        Problem::TokenInvalid => Problem::TokenInvalid,
        Problem::InsufficientScope(_) => Problem::InsufficientScope("orders/read".to_owned()),
        Problem::WrongCode { .. } => Problem::WrongCode {
            session: "next".to_owned(),
            parameters: Map::new(),
        },
        Problem::NotAuthorized => Problem::NotAuthorized,
        Problem::DestinationNotAllowed => Problem::DestinationNotAllowed,
        Problem::HumanCheckRequired => Problem::HumanCheckRequired,
        Problem::TooManyRequests { .. } => Problem::TooManyRequests {
            retry_after: 60,
            retry_at: 1_795_365_859,
        },
        Problem::NotFound => Problem::NotFound,
        Problem::MethodNotAllowed(_) => Problem::MethodNotAllowed("POST, OPTIONS"),
        Problem::ExpiredCode => Problem::ExpiredCode,
        Problem::BodyTooLarge => Problem::BodyTooLarge,
        Problem::UnsupportedMediaType => Problem::UnsupportedMediaType,
        Problem::Internal => Problem::Internal,
        Problem::UpstreamError => Problem::UpstreamError,
        Problem::UpstreamUnavailable => Problem::UpstreamUnavailable,
        Problem::OriginError => Problem::OriginError,
        Problem::OriginUnavailable => Problem::OriginUnavailable,
        Problem::OriginTimeout => Problem::OriginTimeout,
    })
    .into_iter()
}
