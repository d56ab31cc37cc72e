"""What the handlers share: keys, permits, codes and the challenge's state, as the crate `challenge` has them.

Plainer where that saves time: a phone number is checked for its form alone, and a calling code has one digit.
"""

import base64
import hashlib
import hmac
import json
import re

PERMIT_LIFETIME = 60
CLOCK_TOLERANCE = 30
CODE_LENGTH = 6
MAX_ATTEMPTS = 3

_CODES = 1_000_000
_REJECT_FROM = 0xFFFFFFFF - 0xFFFFFFFF % _CODES
_PHONE_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_DIGITS = re.compile(r"[0-9]{6}", re.ASCII)


class Refused(Exception):
    """Why a permit or a state is not taken: for the log."""


def decode(text):
    """Base64url without padding."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _mac(key, *parts):
    return hmac.digest(key, b"".join(parts), hashlib.sha256)


def derive_key(secret, label):
    """HKDF-SHA-256 without salt, one block."""
    pseudorandom_key = _mac(bytes(32), secret.encode())
    return _mac(pseudorandom_key, b"passwordless-edge/", label, b"/v1\x01")


def is_phone_number(text):
    return isinstance(text, str) and _PHONE_NUMBER.fullmatch(text) is not None


def masked(phone):
    return phone[:2] + "•" * (len(phone) - 6) + phone[-4:]


def open_permit(text, keys, now):
    """The permit, and which of the keys it is signed with. Checks the signature, then reads, then checks the age."""
    signed, dot, tag = text.rpartition(".")
    try:
        tag = decode(tag)
    except ValueError:
        raise Refused("permit malformed") from None
    if not dot:
        raise Refused("permit malformed")
    for index, key in enumerate(keys):
        if hmac.compare_digest(_mac(key, signed.encode()), tag):
            break
    else:
        raise Refused("permit not signed with this key")
    try:
        version, payload = signed.split(".")
        permit = json.loads(decode(payload))
        nonce = decode(permit["nonce"])
        issued_at = permit["issued_at"]
        if version != "v1" or len(nonce) != 16 or not is_phone_number(permit["phone"]) or permit["channel"] != "sms":
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise Refused("permit malformed") from None
    if issued_at > now + CLOCK_TOLERANCE:
        raise Refused("permit issued in the future")
    if now > issued_at + PERMIT_LIFETIME:
        raise Refused("permit expired")
    return {**permit, "nonce": nonce}, index


def derive_code(key, nonce, phone, pool_id):
    phone, pool_id = phone.encode(), pool_id.encode()
    parts = [nonce, len(phone).to_bytes(8, "big"), phone, len(pool_id).to_bytes(8, "big"), pool_id]
    counter = 0
    while True:
        block = _mac(key, *parts, counter.to_bytes(4, "big"))
        for at in range(0, len(block), 4):
            word = int.from_bytes(block[at : at + 4], "big")
            if word < _REJECT_FROM:
                return f"{word % _CODES:06}"
        counter += 1


def encode_state(key, nonce, issued_at, code):
    issued = issued_at.to_bytes(8, "big")
    return "v1." + encode(nonce + issued + _mac(key, nonce, issued, code.encode()))


def decode_state(text):
    """Nonce, time of issue and hash."""
    try:
        if not text.startswith("v1."):
            raise ValueError
        data = decode(text[3:])
        if len(data) != 56:
            raise ValueError
    except (ValueError, AttributeError):
        raise Refused("not the state of a challenge") from None
    return data[:16], int.from_bytes(data[16:24], "big"), data[24:]


def matches(state, keys, answer):
    """Whether the answer is the challenge's code under one of the keys."""
    nonce, issued_at, expected = state
    if not isinstance(answer, str) or _DIGITS.fullmatch(answer) is None:
        return False
    issued = issued_at.to_bytes(8, "big")
    found = False
    for key in keys:
        found |= hmac.compare_digest(_mac(key, nonce, issued, answer.encode()), expected)
    return found
