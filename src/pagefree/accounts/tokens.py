"""The shape of API keys: recognisable, and checkable without asking the database."""

import base64
import hmac
import secrets
from hashlib import sha256

API_KEY_PREFIX = "pf_"
RANDOM_BYTES = 20  # 160 bits: 32 letters
CHECKSUM_LETTERS = 6
SHOWN_LETTERS = 6  # of the random part, to tell keys apart in a list


def new_api_key() -> str:
    """`pf_`, 32 random letters and a checksum of six."""
    random = _letters(secrets.token_bytes(RANDOM_BYTES))
    return API_KEY_PREFIX + random + _checksum(random)


def is_api_key(text: str) -> bool:
    """Whether this can be a key at all: one mistyped or cut short cannot."""
    random, checksum = (
        text[len(API_KEY_PREFIX) :][:-CHECKSUM_LETTERS],
        text[-CHECKSUM_LETTERS:],
    )
    return (
        text.isascii()
        and text.startswith(API_KEY_PREFIX)
        and hmac.compare_digest(checksum, _checksum(random))
    )


def shown_prefix(key: str) -> str:
    """The part of a key that may be shown again."""
    return key[: len(API_KEY_PREFIX) + SHOWN_LETTERS]


def _checksum(random: str) -> str:
    return _letters(sha256(random.encode()).digest())[:CHECKSUM_LETTERS]


def _letters(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()
