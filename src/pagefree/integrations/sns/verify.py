"""Whether SNS sent it: signatures 1 and 2 with Amazon's certificate, for one topic only.

As in "Verifying the signatures of Amazon SNS messages" (docs.aws.amazon.com). Anybody can
have a topic whose messages carry good signatures: that is why the topic is pinned.
"""

import base64
import binascii
import re
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from pagefree.core.verification import VERIFIED, Check, Verdict
from pagefree.integrations.base import Finding, Inbound, Outside
from pagefree.integrations.sns.envelope import (
    NOTIFICATION,
    SUBSCRIPTION,
    Envelope,
    is_raw,
    opened,
)
from pagefree.integrations.sns.settings import Settings

HOST = re.compile(r"sns\.([a-z0-9-]{3,40})\.amazonaws\.com(?:\.cn)?\Z")
HASHES = {"1": SHA1, "2": SHA256}  # noqa: S303 -- what version 1 signs with
CERTIFICATE_BYTES = 64 * 1024
CONFIRMED = b"SubscriptionArn"


async def verify(inbound: Inbound, outside: Outside) -> Finding:
    """What the message is worth; a good subscription is confirmed, and its topic pinned."""
    settings = (
        inbound.settings if isinstance(inbound.settings, Settings) else Settings()
    )
    if is_raw(inbound.headers):
        if settings.raw_delivery:
            return Finding(Verdict(Check.UNSIGNED, "raw messages are not signed"))
        return _rejected("raw message delivery is not accepted")
    envelope = opened(inbound.body)
    if envelope is None:
        return _rejected("this is not a message of SNS")
    wrong = _wrong_topic(envelope, settings) or await _wrong_signature(
        envelope, settings, outside
    )
    if wrong:
        return _rejected(wrong)
    if envelope.kind != SUBSCRIPTION:
        return Finding(VERIFIED)
    wrong = await _wrong_confirmation(envelope, outside)
    if wrong:
        return _rejected(wrong)
    return Finding(VERIFIED, {"topic_arn": envelope.topic_arn})


def _rejected(reason: str) -> Finding:
    return Finding(Verdict(Check.REJECTED, reason))


def _wrong_topic(envelope: Envelope, settings: Settings) -> str:
    if settings.topic_arn and envelope.topic_arn != settings.topic_arn:
        return "it is of another topic"
    if not settings.topic_arn and envelope.kind == NOTIFICATION:
        return "no subscription has been confirmed yet"
    return ""


async def _wrong_signature(
    envelope: Envelope, settings: Settings, outside: Outside
) -> str:
    version = envelope.told.get("SignatureVersion", "")
    wanted = HASHES if settings.signature_version == "any" else {"2": SHA256}
    if version not in wanted:
        return "the version of the signature is not accepted"
    address = envelope.told.get("SigningCertURL", "")
    if not _is_amazon(address, envelope.region) or not address.endswith(".pem"):
        return "the certificate is not at Amazon's"
    key = _key(await outside.fetch_kept(address), outside)
    if key is None:
        return "the certificate is not valid"
    try:
        signature = base64.b64decode(envelope.told.get("Signature", ""), validate=True)
        key.verify(signature, envelope.signed, PKCS1v15(), wanted[version]())
    except (binascii.Error, ValueError, InvalidSignature):
        return "the signature does not match the message"
    return ""


def _is_amazon(address: str, region: str) -> bool:
    """Whether an address is of SNS itself, in the topic's region: nothing else is fetched."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    host = HOST.match(parts.netloc)
    return (
        parts.scheme == "https"
        and port is None
        and host is not None
        and host[1] == region
        and address.isascii()
        and address.isprintable()
    )


def _key(pem: bytes, outside: Outside) -> RSAPublicKey | None:
    if len(pem) > CERTIFICATE_BYTES:
        return None
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        key = certificate.public_key()
    except ValueError:
        return None
    starts, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not starts <= outside.now <= ends or not isinstance(key, RSAPublicKey):
        return None
    return key


async def _wrong_confirmation(envelope: Envelope, outside: Outside) -> str:
    """Confirm the subscription; what is wrong with it, if anything."""
    address = envelope.told["SubscribeURL"]
    if not _is_amazon(address, envelope.region):
        return "the address to confirm at is not Amazon's"
    asked = parse_qs(urlsplit(address).query)
    if asked.get("Action") != ["ConfirmSubscription"] or asked.get("TopicArn") != [
        envelope.topic_arn
    ]:
        return "the address to confirm at is for something else"
    reply = await outside.fetch(address)
    return "" if CONFIRMED in reply else "the subscription could not be confirmed"
