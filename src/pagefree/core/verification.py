"""Whether a request is signed right.

Raw bytes go in; what comes out never says anything about a secret. Signatures are compared
as decoded bytes, in constant time, each with every active secret.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pagefree.core.signatures import (
    BODY,
    ID,
    TIMESTAMP,
    AnyOf,
    Elsewhere,
    Encoding,
    Hmac,
    Scheme,
    Signed,
    Token,
)

TOLERANCE = timedelta(seconds=300)
MOST_SIGNATURES = 10  # in one header
WEBHOOK_SECRET = "whsec_"  # noqa: S105 -- the prefix that Standard Webhooks gives secrets

HEX_DIGITS = re.compile(r"[0-9a-fA-F]+\Z")
SECONDS = re.compile(r"[0-9]{1,12}\Z")


class Check(StrEnum):
    """What is known of where a request comes from."""

    VERIFIED = "verified"
    UNSIGNED = "unsigned"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a signature is worth; `reason` is for the integration's log."""

    check: Check
    reason: str = ""


VERIFIED = Verdict(Check.VERIFIED)
NO_SIGNATURE = "there is no signature"
NO_SECRET = "no secret is set"  # noqa: S105 -- words
WRONG = "the signature does not match the body"
TOO_OLD = "the time of the signature is more than 300 s away"


def verify(
    scheme: Scheme,
    signed: Signed,
    secrets: Sequence[bytes],
    required: bool,  # noqa: FBT001 -- last but one: `now` is last
    now: datetime,
) -> Verdict:
    """Whether one of `secrets` signed this. Never raises.

    Without a secret nothing can be verified: refused where a signature is required. A
    signature that is there must be right, required or not.
    """
    usable = [secret for secret in secrets if secret]
    if isinstance(scheme, Elsewhere) or not usable:
        return _absent(NO_SECRET, required)
    ways = scheme.ways if isinstance(scheme, AnyOf) else (scheme,)
    verdicts = [_verify(way, signed, usable, now) for way in ways]
    given = [verdict for verdict in verdicts if verdict is not None]
    if VERIFIED in given:
        return VERIFIED
    return given[0] if given else _absent(NO_SIGNATURE, required)


def _absent(reason: str, required: bool) -> Verdict:  # noqa: FBT001
    return Verdict(Check.REJECTED if required else Check.UNSIGNED, reason)


def _verify(
    way: Hmac | Token, signed: Signed, secrets: Sequence[bytes], now: datetime
) -> Verdict | None:
    """None: it does not carry a signature of this kind."""
    fields = way.fields(signed)
    if isinstance(way, Token):
        token = fields.get(way.header)
        return None if token is None else _verify_token(way, token, secrets)
    for header in (way.header, *way.instead):
        value = fields.get(header)
        if value is not None:
            return _verify_hmac(way, value, signed, secrets, now)
    return None


def _verify_token(way: Token, token: str, secrets: Sequence[bytes]) -> Verdict:
    given = _bytes(token)
    if way.hashed:
        given = given.lower()
        secrets = [hashlib.new(way.hashed, s).hexdigest().encode() for s in secrets]
    # no any(): every secret is compared, whatever the first one said
    right = sum(hmac.compare_digest(given, secret) for secret in secrets)
    return VERIFIED if right else Verdict(Check.REJECTED, "the token is wrong")


def _verify_hmac(
    way: Hmac, value: str, signed: Signed, secrets: Sequence[bytes], now: datetime
) -> Verdict:
    fields = way.fields(signed)
    stamp, number = fields.get(way.timestamp_header), fields.get(way.id_header)
    wrong = _wrong_frame(way, stamp, number, now)
    if wrong:
        return Verdict(Check.REJECTED, wrong)
    signatures = [bytes_ for one in _split(way, value) if (bytes_ := _decode(way, one))]
    if not signatures:
        return Verdict(Check.REJECTED, "the signature is not written as expected")
    known = {BODY: signed.body, TIMESTAMP: _bytes(stamp), ID: _bytes(number)}
    message = b"".join(known.get(part, part.encode()) for part in way.message)
    right = 0
    for key in filter(None, (_key(way, secret) for secret in secrets)):
        digest = hmac.digest(key, message, way.algorithm)
        right += sum(hmac.compare_digest(digest, each) for each in signatures)
    return VERIFIED if right else Verdict(Check.REJECTED, WRONG)


def _wrong_frame(
    way: Hmac, stamp: str | None, number: str | None, now: datetime
) -> str:
    """What is wrong with what is signed beside the body; "" if nothing is."""
    if way.timestamp_header:
        if stamp is None or not SECONDS.match(stamp):
            return "the time of the signature is missing"
        if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
            return TOO_OLD
    if way.id_header and not number:
        return "the id of the message is missing"
    return ""


def _split(way: Hmac, value: str) -> list[str]:
    if not way.separator:
        return [value]
    return [one.strip(" ") for one in value.split(way.separator)][:MOST_SIGNATURES]


def _decode(way: Hmac, text: str) -> bytes:
    """The bytes of a signature; none if it is not written in this way."""
    if not text.startswith(way.prefix):
        return b""
    text = text[len(way.prefix) :]
    if way.encoding is Encoding.HEX:
        well = HEX_DIGITS.match(text) and len(text) % 2 == 0
        return bytes.fromhex(text) if well else b""
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return b""


def _bytes(text: str | None) -> bytes:
    return (text or "").encode("latin-1", "replace")


def _key(way: Hmac, secret: bytes) -> bytes:
    """The key in a secret; an empty one, which would verify for anybody, is no key."""
    if not way.base64_secret:
        return secret
    try:
        text = secret.removeprefix(WEBHOOK_SECRET.encode())
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return secret
