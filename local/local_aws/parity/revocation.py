"""RevokeToken: what counts as a token to revoke."""

from __future__ import annotations

import re

from ..patch import Patch

_REFERENCE = "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html"

genuine_token = Patch(
    name="revoke-genuine-token",
    row="19",
    difference="RevokeToken takes whatever it is given: it ends the sign-in that a forged or foreign token names, and "
    "answers 200 for other tokens than refresh tokens and for what has no token's form.",
    aws="UnsupportedTokenTypeException for other tokens; InvalidParameterException for other characters than "
    "[A-Za-z0-9-_=.]; 200 without effect for a token that is not valid or revoked already. (For a token of the "
    "pool's other clients no code is documented; UnauthorizedException is what the operation has for clients.)",
    source=f"{_REFERENCE}, https://docs.aws.amazon.com/cognito/latest/developerguide/revocation-endpoint.html",
    why="/sign_out hands on what a client sends. Here anybody could have ended anybody's sign-in by it, and a client that "
    "mixes up its tokens would not be told.",
    uses=(
        "services.cognito._pool_for_client",
        "services.cognito._token_claims",
        "services.cognito._signature_valid",
        "services.cognito.json_response",
        "services.cognito.error_response_json",
    ),
)


@genuine_token.replaces("services.cognito._revoke_token")
def _revoke_genuine(original, data):
    from ministack.services import cognito

    token = data.get("Token")
    if not isinstance(token, str) or not re.fullmatch(r"[A-Za-z0-9_=.-]+", token):
        return cognito.error_response_json("InvalidParameterException", "Invalid token", 400)
    claims = cognito._token_claims(token)
    _, pool_id = cognito._pool_for_client(data.get("ClientId"))
    of_pool = str(claims.get("iss", "")).rsplit("/", 1)[-1] == pool_id and cognito._signature_valid(token)
    if not of_pool:
        return cognito.json_response({})
    if claims.get("token_use") != "refresh":
        return cognito.error_response_json("UnsupportedTokenTypeException", "Unsupported token type", 400)
    if claims.get("client_id") != data.get("ClientId"):
        return cognito.error_response_json("UnauthorizedException", "The token is of another client", 400)
    return original(data)


setting = Patch(
    name="revocation-setting",
    row="20",
    difference="RevokeToken works whatever the client's EnableTokenRevocation says.",
    aws="UnsupportedOperationException: an operation that is not enabled for the user pool client.",
    source=_REFERENCE,
    why="A template that forgets the setting would sign users out here and not on AWS.",
    uses=("services.cognito._pool_for_client", "services.cognito.error_response_json"),
)


@setting.replaces("services.cognito._revoke_token")
def _revoke_if_enabled(original, data):
    from ministack.services import cognito

    pool, _ = cognito._pool_for_client(data.get("ClientId"))
    client = ((pool or {}).get("_clients") or {}).get(data.get("ClientId")) or {}
    if client.get("EnableTokenRevocation") is False:
        reason = "Revocation is not enabled for this client"
        return cognito.error_response_json("UnsupportedOperationException", reason, 400)
    return original(data)
