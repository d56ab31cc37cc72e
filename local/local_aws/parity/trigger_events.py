"""What the define, create and verify triggers are told."""

from __future__ import annotations

from ..patch import Patch

_INITIATES = ("services.cognito._initiate_auth", "services.cognito._admin_initiate_auth")

canonical_user_name = Patch(
    name="canonical-user-name",
    row="3",
    difference="userName is whatever the caller signed in with, an alias or the phone number included.",
    aws="userName is the user's username; where the phone number is the sign-in name, that is the sub.",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-identity-pools-working-with-aws-lambda-triggers.html "
    "(userName: the username of the current user); seen in real events, e.g. "
    "https://github.com/aws-amplify/amplify-js/issues/5834",
    why="A trigger that takes userName for a phone number, or logs it, would work here and not on AWS.",
    uses=("services.cognito._user_pools", "services.cognito._pool_for_client", "services.cognito._resolve_user"),
)


@canonical_user_name.replaces(*_INITIATES)
def _initiate_by_username(original, data):
    """SECRET_HASH, which covers the name as sent, has been checked by the time this runs."""
    user = custom_auth_user(data)
    if user:
        data = {**data, "AuthParameters": {**data["AuthParameters"], "USERNAME": user["Username"]}}
    return original(data)


def custom_auth_user(data: dict) -> dict | None:
    """The user that an InitiateAuth request for CUSTOM_AUTH names; None where there is none."""
    from ministack.services import cognito

    name = (data.get("AuthParameters") or {}).get("USERNAME")
    if data.get("AuthFlow") != "CUSTOM_AUTH" or not name:
        return None
    pool = cognito._user_pools.get(data.get("UserPoolId")) or cognito._pool_for_client(data.get("ClientId"))[0]
    return cognito._resolve_user(pool, name)[0] if pool else None


user_status_attribute = Patch(
    name="user-status-attribute",
    row="3",
    difference="userAttributes are the stored attributes only.",
    aws="They also carry cognito:user_status.",
    source="Seen in real events, e.g. https://github.com/aws-amplify/amplify-js/issues/5834; "
    "aws_lambda_events has it in its fixtures of all three triggers",
    why="Events must have the shape the triggers' types were made for.",
    uses=("services.cognito._user_pools", "services.cognito._resolve_user"),
)


@user_status_attribute.replaces("services.cognito._build_define_auth_challenge_event")
def _define_with_status(original, pool_id, client_id, username, user_attrs, session, client_metadata=None):
    return original(pool_id, client_id, username, _with_status(pool_id, username, user_attrs), session, client_metadata)


@user_status_attribute.replaces("services.cognito._build_create_auth_challenge_event")
def _create_with_status(original, pool_id, client_id, username, user_attrs, session, client_metadata=None):
    return original(pool_id, client_id, username, _with_status(pool_id, username, user_attrs), session, client_metadata)


@user_status_attribute.replaces("services.cognito._build_verify_auth_challenge_event")
def _verify_with_status(
    original, pool_id, client_id, username, user_attrs, session, challenge_answer, client_metadata=None
):
    attributes = _with_status(pool_id, username, user_attrs)
    return original(pool_id, client_id, username, attributes, session, challenge_answer, client_metadata)


def _with_status(pool_id: str, username: str, attributes: dict | None) -> dict:
    from ministack.services import cognito

    user, _ = cognito._resolve_user(cognito._user_pools.get(pool_id) or {"_users": {}}, username)
    return {**(attributes or {}), **({"cognito:user_status": user["UserStatus"]} if user else {})}


initiate_metadata = Patch(
    name="initiate-metadata",
    row="4",
    difference="ClientMetadata of (Admin)InitiateAuth reaches the define and create triggers.",
    aws="It does not; that of (Admin)RespondToAuthChallenge reaches define, create and verify.",
    source="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminInitiateAuth.html "
    "(ClientMetadata), "
    "https://repost.aws/knowledge-center/cognito-clientmetadata-lambda-trigger",
    why="This is why there is a challenge 0: a permit sent with the first call would pass here and be lost on AWS.",
)


@initiate_metadata.replaces(*_INITIATES)
def _initiate_without_metadata(original, data):
    """Left out of the event too, as AWS does where the request has none: the emulator puts {} there."""
    if data.get("AuthFlow") == "CUSTOM_AUTH":
        data = {key: value for key, value in data.items() if key != "ClientMetadata"}
    return original(data)


@initiate_metadata.replaces("services.cognito._build_define_auth_challenge_event")
def _define_without_empty_metadata(original, pool_id, client_id, username, user_attrs, session, client_metadata=None):
    return _without_empty_metadata(original(pool_id, client_id, username, user_attrs, session, client_metadata))


@initiate_metadata.replaces("services.cognito._build_create_auth_challenge_event")
def _create_without_empty_metadata(original, pool_id, client_id, username, user_attrs, session, client_metadata=None):
    return _without_empty_metadata(original(pool_id, client_id, username, user_attrs, session, client_metadata))


def _without_empty_metadata(event: dict) -> dict:
    if not event["request"]["clientMetadata"]:
        del event["request"]["clientMetadata"]
    return event


verify_event = Patch(
    name="verify-event",
    row="5",
    difference="The verify event also has challengeName, session and publicChallengeParameters.",
    aws="Its request has userAttributes, privateChallengeParameters, challengeAnswer, clientMetadata and "
    "userNotFound, no more.",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-verify-auth-challenge-response.html",
    why="A verify trigger that counts attempts from session, say, would work here only.",
)

_VERIFY_REQUEST = ("userAttributes", "privateChallengeParameters", "challengeAnswer", "clientMetadata", "userNotFound")


@verify_event.replaces("services.cognito._build_verify_auth_challenge_event")
def _verify_as_documented(
    original, pool_id, client_id, username, user_attrs, session, challenge_answer, client_metadata=None
):
    event = original(pool_id, client_id, username, user_attrs, session, challenge_answer, client_metadata)
    request = {key: value for key, value in event["request"].items() if key in _VERIFY_REQUEST}
    if not request.get("clientMetadata"):
        request.pop("clientMetadata", None)
    return {**event, "request": request}
