"""Routing keys: the secret in an integration's address, with a checksum against typos."""

import secrets
import string
from collections.abc import Callable
from zlib import crc32

from pagefree.integrations.base import KeyShape

ALPHABET = string.ascii_lowercase + string.digits
PREFIX = "pfi_"
CHECKSUM_LENGTH = 4
RANDOM_LENGTHS = {
    KeyShape.PREFIXED: 32,  # 165 bits
    KeyShape.THIRTY_TWO: 28,  # 144 bits: what fits beside the checksum
}
PREFIXES = {KeyShape.PREFIXED: PREFIX, KeyShape.THIRTY_TWO: ""}
SHOWN = 8  # characters that tell keys apart on a screen


def make(shape: KeyShape, choose: Callable[[str], str] = secrets.choice) -> str:
    """A fresh routing key; `choose` takes one character."""
    secret = "".join(choose(ALPHABET) for _ in range(RANDOM_LENGTHS[shape]))
    start = PREFIXES[shape] + secret
    return start + _checksum(start)


def well_formed(key: str) -> bool:
    """Whether `key` can be one of ours: guesses and typos never reach the database."""
    shape = KeyShape.PREFIXED if key.startswith(PREFIX) else KeyShape.THIRTY_TWO
    length = len(PREFIXES[shape]) + RANDOM_LENGTHS[shape] + CHECKSUM_LENGTH
    return (
        key.isascii()
        and len(key) == length
        and key[-CHECKSUM_LENGTH:] == _checksum(key[:-CHECKSUM_LENGTH])
    )


def shown(key: str) -> str:
    """The first characters, which are kept readable."""
    return key[:SHOWN]


def _checksum(text: str) -> str:
    rest = crc32(text.encode())
    letters = []
    for _ in range(CHECKSUM_LENGTH):
        rest, digit = divmod(rest, len(ALPHABET))
        letters.append(ALPHABET[digit])
    return "".join(letters)
