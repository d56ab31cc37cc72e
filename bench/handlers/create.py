"""Create auth challenge: asks for the permit, sends the code, and keeps it through wrong answers."""

import os
import time

import boto3
from botocore.config import Config

import challenge
import log
import metrics
import secrets_manager

CODE_TTL_SECONDS = int(os.environ["CODE_TTL_SECONDS"])
MESSAGE_TEMPLATE = os.environ["MESSAGE_TEMPLATE"]
APP_NAME = os.environ["APP_NAME"]
ORIGIN_DOMAIN = os.environ.get("ORIGIN_DOMAIN")
TEST_NUMBERS = [number for number in os.environ.get("TEST_NUMBERS", "").split(",") if number]

ATTRIBUTES = {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}}
if os.environ.get("SENDER_ID"):
    ATTRIBUTES["AWS.SNS.SMS.SenderID"] = {"DataType": "String", "StringValue": os.environ["SENDER_ID"]}

KEYS = [
    {label: challenge.derive_key(secret, label) for label in (b"permit", b"code", b"code-hash")}
    for secret in secrets_manager.read()
]
SNS = boto3.client("sns", config=Config(connect_timeout=3, read_timeout=3, retries={"total_max_attempts": 2}))
metrics.started("create")


class ChallengeNotCreated(Exception):
    """Cognito hands the text to whoever called it, so that it is fixed."""


def open_permit(event, now):
    request = event["request"]
    text = (request.get("clientMetadata") or {}).get("permit")
    if text is None:
        raise challenge.Refused("no permit")
    permit, index = challenge.open_permit(text, [keys[b"permit"] for keys in KEYS], now)
    if not request["userNotFound"] and request["userAttributes"].get("phone_number") != permit["phone"]:
        raise challenge.Refused("permit for another phone")
    if permit.get("test_code") is not None and "*" not in TEST_NUMBERS and permit["phone"] not in TEST_NUMBERS:
        raise challenge.Refused("test code for a number that is no test number")
    return permit, KEYS[index]


def send(phone, code):
    text = MESSAGE_TEMPLATE.replace("{app}", APP_NAME).replace("{code}", code)
    if ORIGIN_DOMAIN:
        text += f"\n\n@{ORIGIN_DOMAIN} #{code}"
    SNS.publish(PhoneNumber=phone, Message=text, MessageAttributes=ATTRIBUTES)


def ask_for_code(state, issued_at, destination, attempts_left):
    return {
        "publicChallengeParameters": {
            "channel": "sms",
            "destination": destination,
            "code_length": str(challenge.CODE_LENGTH),
            "issued_at": str(issued_at),
            "expires_at": str(issued_at + CODE_TTL_SECONDS),
            "attempts_left": str(attempts_left),
        },
        "privateChallengeParameters": {"state": state},
        "challengeMetadata": state,
    }


def first(event, now):
    try:
        permit, keys = open_permit(event, now)
    except challenge.Refused as reason:
        log.warn(trigger="create", outcome="permit_refused", request_id=log.request_id(event), reason=str(reason))
        metrics.count("PermitsRefused")
        raise ChallengeNotCreated("the permit was refused") from None
    phone, nonce, issued_at = permit["phone"], permit["nonce"], permit["issued_at"]
    request_id = permit.get("request_id") or log.request_id(event)
    destination = challenge.masked(phone)
    code = permit.get("test_code") or challenge.derive_code(keys[b"code"], nonce, phone, event["userPoolId"])
    state = challenge.encode_state(keys[b"code-hash"], nonce, issued_at, code)
    if event["request"]["userNotFound"]:
        outcome = "unknown_user"
    elif permit.get("test_code"):
        outcome = "test_number"
        metrics.count("TestNumbersUsed")
    else:
        started = time.monotonic()
        try:
            send(phone, code)
        except Exception as error:
            reason = type(error).__name__
            log.warn(
                trigger="create",
                outcome="send_failed",
                request_id=request_id,
                destination=destination,
                reason=reason,
            )
            metrics.count("SendsFailed", int((time.monotonic() - started) * 1000))
            raise ChallengeNotCreated("the code was not sent") from None
        outcome = "sent"
        metrics.count("CodesSent", int((time.monotonic() - started) * 1000))
    log.info(
        trigger="create",
        outcome=outcome,
        request_id=request_id,
        attempts_left=challenge.MAX_ATTEMPTS,
        destination=destination,
    )
    return ask_for_code(state, issued_at, destination, challenge.MAX_ATTEMPTS)


def again(event, rounds):
    state = (event["request"]["session"][-1] or {}).get("challengeMetadata")
    try:
        _, issued_at, _ = challenge.decode_state(state)
    except challenge.Refused:
        log.warn(trigger="create", outcome="no_state", request_id=log.request_id(event))
        raise ChallengeNotCreated("the challenge has no state") from None
    attempts_left = max(challenge.MAX_ATTEMPTS - (rounds - 1), 0)
    phone = event["request"]["userAttributes"].get("phone_number") or event.get("userName")
    destination = challenge.masked(phone) if challenge.is_phone_number(phone) else "••••••"
    log.info(
        trigger="create",
        outcome="asked_again",
        request_id=log.request_id(event),
        attempts_left=attempts_left,
        destination=destination,
    )
    return ask_for_code(state, issued_at, destination, attempts_left)


def ask_for_permit(user_not_found):
    log.info(trigger="create", outcome="asked_for_permit")
    return {
        "publicChallengeParameters": {"user_not_found": "true"} if user_not_found else {},
        "privateChallengeParameters": {},
        "challengeMetadata": "permit",
    }


def handle(event, context):
    rounds = len(event["request"]["session"])
    if rounds == 0:
        event["response"] = ask_for_permit(event["request"]["userNotFound"])
    elif rounds == 1:
        event["response"] = first(event, int(time.time()))
    else:
        event["response"] = again(event, rounds)
    return event
