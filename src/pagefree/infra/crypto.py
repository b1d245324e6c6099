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
    """Seals secrets at rest with AES-256-GCM under the installation's key."""

    def __init__(self, secret_key: str) -> None:
        self._derived = sha256(b"pagefree codes" + secret_key.encode()).digest()
        self._cipher = AESGCM(sha256(b"pagefree vault" + secret_key.encode()).digest())

    def digits(self, purpose: str, count: int) -> str:
        """A number of `count` digits that is always the same for `purpose`, and ours alone."""
        mac = hmac.digest(self._derived, purpose.encode(), sha256)
        return str(int.from_bytes(mac) % 10**count).zfill(count)

    def mac(self, purpose: str) -> bytes:
        """128 bits that are always the same for `purpose`, and that nobody else can make."""
        return hmac.digest(self._derived, f"mac {purpose}".encode(), sha256)[:16]

    def link_token(self, purpose: str) -> str:
        """The same 128 bits for a URL: nowhere kept, made again in every try to send it."""
        return base64.urlsafe_b64encode(self.mac(purpose)).decode().rstrip("=")

    def seal(self, plain: bytes, purpose: str) -> bytes:
        """`plain` encrypted; it can only be opened again for the same `purpose`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """What `seal` was given. Raises Unsealable."""
        nonce, box = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, box, purpose.encode())
        except (InvalidTag, ValueError) as e:  # ValueError: it is too short
            raise Unsealable(purpose) from e
