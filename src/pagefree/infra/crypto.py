"""Tokens that people and programs hold, and secrets that we must be able to read back."""

import base64
import hmac
import secrets
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class Unsealable(Exception):
    """The secret was sealed with another key, or for another purpose."""


def new_token(prefix: str = "", *, random_bytes: int = 24) -> str:
    """A secret for a URL or a header: `prefix` and at least 128 random bits."""
    return prefix + secrets.token_urlsafe(random_bytes)


def token_hash(token: str) -> bytes:
    """What is stored of a token; plain SHA-256 is enough at 128 random bits and more."""
    return sha256(token.encode()).digest()


class Vault:
    """Seals secrets at rest with AES-256-GCM under the installation's key.

    The first of `secret_keys` seals, all of them open and are believed, so that a key can be
    changed while processes run. Whatever is sealed is bound to its purpose, which names its
    row: copied into another row, it does not open.
    """

    def __init__(self, *secret_keys: str) -> None:
        keys = [key.encode() for key in secret_keys]
        self._derived, *self._derived_before = [
            sha256(b"pagefree codes" + key).digest() for key in keys
        ]
        self._cipher, *self._ciphers_before = [
            AESGCM(sha256(b"pagefree vault" + key).digest()) for key in keys
        ]

    def digits(self, purpose: str, count: int) -> str:
        """A number of `count` digits that is always the same for `purpose`, and ours alone."""
        return _digits(self._derived, purpose, count)

    def made_digits(self, purpose: str, given: str) -> bool:
        """Whether `given` is such a number, by any of the keys."""
        return any(
            hmac.compare_digest(
                _digits(key, purpose, len(given)).encode(), given.encode()
            )
            for key in (self._derived, *self._derived_before)
        )

    def mac(self, purpose: str) -> bytes:
        """128 bits that are always the same for `purpose`, and that nobody else can make."""
        return _mac(self._derived, purpose)

    def made(self, purpose: str, given: bytes) -> bool:
        """Whether `given` is such bits, by any of the keys."""
        return any(
            hmac.compare_digest(_mac(key, purpose), given)
            for key in (self._derived, *self._derived_before)
        )

    def link_token(self, purpose: str) -> str:
        """The same 128 bits for a URL: nowhere kept, made again in every try to send it."""
        return base64.urlsafe_b64encode(self.mac(purpose)).decode().rstrip("=")

    def seal(self, plain: bytes, purpose: str) -> bytes:
        """`plain` encrypted; it can only be opened again for the same `purpose`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """What `seal` was given. Raises Unsealable."""
        for cipher in (self._cipher, *self._ciphers_before):
            plain = _opened(cipher, sealed, purpose)
            if plain is not None:
                return plain
        raise Unsealable(purpose)

    def sealed_anew(self, sealed: bytes, purpose: str) -> bytes | None:
        """The same under the first key; none if it is under that one. Raises Unsealable."""
        if _opened(self._cipher, sealed, purpose) is not None:
            return None
        return self.seal(self.open(sealed, purpose), purpose)


def _opened(cipher: AESGCM, sealed: bytes, purpose: str) -> bytes | None:
    nonce, box = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return cipher.decrypt(nonce, box, purpose.encode())
    except (InvalidTag, ValueError):  # ValueError: it is too short
        return None


def _mac(key: bytes, purpose: str) -> bytes:
    return hmac.digest(key, f"mac {purpose}".encode(), sha256)[:16]


def _digits(key: bytes, purpose: str, count: int) -> str:
    mac = hmac.digest(key, purpose.encode(), sha256)
    return str(int.from_bytes(mac) % 10**count).zfill(count)
