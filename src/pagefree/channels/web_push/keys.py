"""The key pair by which push services know an installation (VAPID, RFC 8292)."""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

CURVE = ec.SECP256R1()
KEY_BYTES = 32
HALF_LIFE = timedelta(hours=6)  # a token lives twice that: far below the 24 h allowed
MAC_DIGITS = 32


def new_private_key() -> str:
    """A fresh key in the form that web-push tools exchange: its 32 bytes in base64url."""
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return encode(number.to_bytes(KEY_BYTES))


@lru_cache(maxsize=64)
def public_key(private_key: str) -> str:
    """What browsers subscribe with. Raises ValueError if that is no private key."""
    raw = decode(private_key)
    if len(raw) != KEY_BYTES:
        raise ValueError("a private key has 32 bytes in base64url")
    key = ec.derive_private_key(int.from_bytes(raw), CURVE).public_key()
    return encode(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def authorization(
    private_key: str, subject: str, endpoint: str, now: datetime
) -> dict[str, str]:
    """The header that a push service asks for; the same for hours."""
    parts = urlsplit(endpoint)
    audience = f"{parts.scheme}://{parts.netloc}"  # no path, no slash: Apple compares
    period = int(now.timestamp() // HALF_LIFE.total_seconds())
    return _signed(private_key, subject, audience, period)


@lru_cache(maxsize=1024)
def _signed(
    private_key: str, subject: str, audience: str, period: int
) -> dict[str, str]:
    expires_at = (period + 2) * int(HALF_LIFE.total_seconds())
    claims = {"aud": audience, "exp": expires_at, "sub": subject}
    signed: dict[str, str] = Vapid02.from_raw(private_key.encode()).sign(claims)
    return signed


def receipt_mac(private_key: str, message_id: str) -> str:
    """What only whoever got the message can know: proves a receipt."""
    mac = hmac.digest(decode(private_key), f"receipt {message_id}".encode(), "sha256")
    return mac.hex()[:MAC_DIGITS]


def topic(about: str) -> str:
    """The name under which a message replaces an undelivered one: 32 letters and digits.

    Apple is known to refuse other characters that RFC 8030 allows.
    """
    return hashlib.sha256(about.encode()).hexdigest()[:MAC_DIGITS]


def encode(raw: bytes) -> str:
    """base64url without padding, as everywhere in web push."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The reverse. Raises ValueError."""
    try:
        return base64.b64decode(
            text + "=" * (-len(text) % 4), altchars=b"-_", validate=True
        )
    except binascii.Error as e:
        raise ValueError("not base64url") from e
