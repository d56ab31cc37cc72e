//! `POST /sign_out`: ends the sign-in that the access token comes from, or all of the user's.
//!
//! First at the edge ([`crate::revocation`]), then at Cognito; the second is tried also when the first has failed. A part
//! that failed for a while makes the answer 503, and the client sends the request again: every part can be done twice. That is
//! why the token is verified but not looked up in the deny list, where the first try has put it.
//!
//! Without `refresh_token` and `everywhere` Cognito is not asked, for it ends a single sign-in only by its refresh token.
//! Access tokens that are still refreshed from that one are refused as long as the deny list's entry lives: the life of one
//! access token. A client that signs out should send its refresh token along.

use super::{
    Call, Refused,
    authentication::{authenticate, revocation},
    refresh_token::MAX_REFRESH_TOKEN,
};
use crate::{
    cognito::{
        Failure,
        operation::{AdminUserGlobalSignOut, RevokeToken},
    },
    http::{
        body::{self, MediaType},
        fields::Fields,
        problem::Problem,
        reply::Reply,
        request::Inbound,
    },
    revocation::Extent,
    token::Caller,
};

/// What is to be ended.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Demand {
    everywhere: bool,
    refresh_token: Option<String>,
}

impl Demand {
    /// Reads the request's body, which may be empty.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Problem> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        let mut fields = Fields::parse(body)?;
        let demand = Self {
            everywhere: fields.switch("everywhere"),
            refresh_token: fields.optional("refresh_token", MAX_REFRESH_TOKEN),
        };
        fields.finish()?;
        Ok(demand)
    }

    fn extent(&self) -> Extent {
        if self.everywhere { Extent::User } else { Extent::Session }
    }
}

/// What Cognito has to do.
#[derive(Debug, PartialEq, Eq)]
enum AtCognito<'a> {
    Nothing,
    /// Ends all sign-ins, and so that of any refresh token, too.
    SignOutEverywhere,
    Revoke(&'a str),
}

impl<'a> AtCognito<'a> {
    /// `own_client`: the app client whose secret the worker has.
    fn plan(demand: &'a Demand, caller: &Caller, own_client: &str) -> Result<Self, Problem> {
        match &demand.refresh_token {
            _ if demand.everywhere => Ok(Self::SignOutEverywhere),
            None => Ok(Self::Nothing),
            Some(token) if caller.client_id == own_client => Ok(Self::Revoke(token)),
            // RFC 7009 §2.1: whether the token was issued to this client is checked, else "the request is refused and the
            // client is informed of the error". Only the app client itself has the secret that it takes.
            Some(_) => Err(Problem::invalid_field(
                "refresh_token",
                "was issued to another app client, which has to revoke it itself",
            )),
        }
    }
}

pub(crate) async fn sign_out(request: &Inbound, call: &Call<'_>) -> Result<Reply, Refused> {
    let caller = authenticate(request, call).await?;
    let demand = Demand::read(&read_optional_json(request).await?)?;
    let plan = AtCognito::plan(&demand, &caller, &call.settings.client_id)?;
    let at_edge = revocation(request, call).add(&caller, demand.extent()).await;
    let at_cognito = carry_out(plan, &caller, call).await;
    at_edge.and(at_cognito)?;
    Ok(Reply::empty(204))
}

/// The body, which must be JSON if there is one. Without one the media type says nothing.
async fn read_optional_json(request: &Inbound) -> Result<Vec<u8>, Problem> {
    let media_type = MediaType::parse(request.header("content-type").as_deref());
    let body = body::read(request).await?;
    if body.is_empty() || media_type == MediaType::Json {
        Ok(body)
    } else {
        Err(Problem::UnsupportedMediaType)
    }
}

async fn carry_out(plan: AtCognito<'_>, caller: &Caller, call: &Call<'_>) -> Result<(), Problem> {
    let settings = &call.settings;
    let cognito = call.cognito();
    match plan {
        AtCognito::Nothing => Ok(()),
        AtCognito::SignOutEverywhere => {
            let operation = AdminUserGlobalSignOut {
                user_pool_id: &settings.user_pool_id,
                username: &caller.username,
            };
            let signed_out = cognito.call(&operation).await;
            signed_out.map(drop).or_else(sign_out_failed)
        }
        AtCognito::Revoke(token) => {
            let operation = RevokeToken {
                client_id: &settings.client_id,
                client_secret: &settings.client_secret,
                token,
            };
            let revoked = cognito.call(&operation).await;
            revoked.map(drop).or_else(revocation_failed)
        }
    }
}

/// What a failure of [`AdminUserGlobalSignOut`] means.
fn sign_out_failed(failure: Failure) -> Result<(), Problem> {
    match failure {
        // Whoever was deleted or disabled meanwhile has no sign-ins left.
        Failure::UserNotFound | Failure::UserDisabled => Ok(()),
        // The name is from a token that Cognito issued: whatever is wrong with it is not the client's doing.
        Failure::NotAuthorized | Failure::InvalidParameter | Failure::UserNotReady => Err(Problem::UpstreamError),
        failure => Err(failure.into()),
    }
}

/// What a failure of [`RevokeToken`] means.
fn revocation_failed(failure: Failure) -> Result<(), Problem> {
    match failure {
        // RFC 7009 §2.2: invalid tokens are no error, "the purpose of the revocation request, invalidating the particular
        // token, is already achieved".
        Failure::NotAuthorized | Failure::InvalidParameter | Failure::UserNotFound | Failure::UserDisabled => Ok(()),
        // RFC 7009 §2.2.1, unsupported_token_type. Else a client that mixes up its tokens would never know that its
        // refresh token lives on.
        Failure::TokenType => Err(Problem::invalid_field("refresh_token", "is not a refresh token")),
        failure => Err(failure.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Demand, Problem> {
        Demand::read(body.as_bytes())
    }

    #[test]
    fn without_a_body_or_with_an_empty_object_it_is_this_sign_in_alone() {
        for body in [
            "",
            "{}",
            r#"{"everywhere":false}"#,
            r#"{"everywhere":null,"refresh_token":null}"#,
        ] {
            let demand = read(body).unwrap();
            assert_eq!(
                (demand.extent(), &demand.refresh_token),
                (Extent::Session, &None),
                "{body}"
            );
        }
        assert_eq!(read(r#"{"everywhere":true}"#).unwrap().extent(), Extent::User);
    }

    #[test]
    fn every_wrong_field_is_named() {
        let Err(Problem::InvalidRequest(errors)) = read(r#"{"everywhere":"yes","refresh_token":1}"#) else {
            panic!("accepted")
        };
        assert_eq!(
            errors.iter().map(|error| error.field).collect::<Vec<_>>(),
            ["everywhere", "refresh_token"]
        );
        let too_long = format!(r#"{{"refresh_token":"{}"}}"#, "x".repeat(MAX_REFRESH_TOKEN + 1));
        assert_eq!(
            read(&too_long),
            Err(Problem::invalid_field("refresh_token", "is too long"))
        );
        assert!(matches!(read("[]"), Err(Problem::InvalidRequest(_))));
    }

    #[test]
    fn cognito_is_asked_for_no_more_than_it_takes() {
        let plan = |body: &str, client: &str| {
            let caller = Caller {
                client_id: client.to_owned(),
                ..Caller::unverified("user")
            };
            AtCognito::plan(&read(body).unwrap(), &caller, "own").map(|plan| format!("{plan:?}"))
        };
        for client in ["own", "other"] {
            assert_eq!(plan("", client), Ok("Nothing".to_owned()));
            // It ends the refresh token too, of whichever client.
            for body in [r#"{"everywhere":true}"#, r#"{"everywhere":true,"refresh_token":"r"}"#] {
                assert_eq!(plan(body, client), Ok("SignOutEverywhere".to_owned()), "{body}");
            }
        }
        let with_token = r#"{"refresh_token":"r"}"#;
        assert_eq!(plan(with_token, "own"), Ok("Revoke(\"r\")".to_owned()));
        assert!(matches!(plan(with_token, "other"), Err(Problem::InvalidRequest(_))));
    }

    #[test]
    fn a_token_that_is_not_good_any_more_counts_as_revoked() {
        for failure in [
            Failure::NotAuthorized,
            Failure::InvalidParameter,
            Failure::UserNotFound,
            Failure::UserDisabled,
        ] {
            assert_eq!(revocation_failed(failure), Ok(()), "{failure:?}");
        }
    }

    #[test]
    fn a_token_that_may_be_good_still_does_not() {
        for (failure, problem) in [
            (
                Failure::TokenType,
                Problem::invalid_field("refresh_token", "is not a refresh token"),
            ),
            (Failure::Throttled, Problem::UpstreamUnavailable),
            (Failure::Unavailable, Problem::UpstreamUnavailable),
            (Failure::Unreachable, Problem::UpstreamUnavailable),
            (Failure::TimedOut, Problem::UpstreamUnavailable),
            (Failure::Credentials, Problem::UpstreamError),
            (Failure::Unexpected, Problem::UpstreamError),
        ] {
            assert_eq!(revocation_failed(failure), Err(problem), "{failure:?}");
        }
    }

    #[test]
    fn a_user_who_is_gone_is_signed_out_everywhere() {
        for failure in [Failure::UserNotFound, Failure::UserDisabled] {
            assert_eq!(sign_out_failed(failure), Ok(()), "{failure:?}");
        }
    }

    #[test]
    fn a_sign_out_everywhere_that_failed_is_ours_or_a_matter_of_time() {
        for (failure, problem) in [
            (Failure::NotAuthorized, Problem::UpstreamError),
            (Failure::InvalidParameter, Problem::UpstreamError),
            (Failure::Credentials, Problem::UpstreamError),
            (Failure::Throttled, Problem::UpstreamUnavailable),
            (Failure::TimedOut, Problem::UpstreamUnavailable),
        ] {
            assert_eq!(sign_out_failed(failure), Err(problem), "{failure:?}");
        }
    }
}
