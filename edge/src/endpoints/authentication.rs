//! Who calls: the bearer token of a request, verified, not revoked, and with the scopes that its path needs.

use std::rc::Rc;

use super::{Call, Refused};
use crate::{
    http::{problem::Problem, request::Inbound},
    revocation::Revocation,
    token::{Caller, Rejection, TokenError, Verifier, bearer::Bearer},
};

/// The caller of a secured path.
pub(super) async fn authorize(request: &Inbound, call: &Call<'_>) -> Result<Rc<Caller>, Refused> {
    let caller = authenticate(request, call).await?;
    revocation(request, call).check(&caller).await?;
    // Servers that read the path differently could apply different rules to it, so it has none here.
    let required = call
        .settings
        .required_scopes
        .of(request.path())
        .ok_or_else(|| Problem::invalid_field("path", "must not be ambiguous"))?;
    if required.iter().all(|scope| caller.scope.iter().any(|own| own == scope)) {
        Ok(caller)
    } else {
        Err(Problem::InsufficientScope(required.join(" ")).into())
    }
}

/// What this request can know of sign-outs.
pub(super) fn revocation<'a>(request: &'a Inbound, call: &'a Call<'_>) -> Revocation<'a> {
    Revocation {
        settings: &call.settings,
        env: call.env,
        site: request.site(),
        deadline: call.deadline,
    }
}

/// RFC 6750 §2.1: the token from the `Authorization` header and from nowhere else.
pub(super) async fn authenticate(request: &Inbound, call: &Call<'_>) -> Result<Rc<Caller>, Refused> {
    let authorization = request.header("authorization");
    let token = match Bearer::parse(authorization.as_deref()) {
        Bearer::Token(token) => token,
        Bearer::Absent => return Err(Problem::TokenMissing.into()),
        Bearer::Malformed => return Err(TokenError::Rejected(Rejection::Malformed).into()),
    };
    let verifier = Verifier {
        expected: &call.settings.expected,
        jwks_url: &call.settings.jwks_url,
        site: request.site(),
        memo_entries: call.settings.memo_entries,
        deadline: call.deadline,
    };
    Ok(verifier.verify(token).await?)
}
