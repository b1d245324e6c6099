"""What followers of pages hold: links that confirm, that change, and where mail bounces to.

Nothing is kept of them: each is made of an id and a code that only this installation can
make. What confirms counts once, so its hash is kept until then.
"""

from base64 import b32decode, b32encode
from binascii import Error as NotBase32
from uuid import UUID

from pagefree.infra.crypto import Vault

ID_BYTES = 16
MAILBOX = "status"  # what stands before the plus sign
CONFIRMS, CHANGES, BOUNCES = "confirm", "change", "bounce"


def made(vault: Vault, what: str, of: UUID) -> str:
    """The secret that does `what` for `of`; case does not matter in it."""
    return _written(of.bytes + vault.mac(_purpose(what, of)))


def read(vault: Vault, what: str, token: str) -> UUID | None:
    """What a secret is for; none if it is not one of ours."""
    padded = token.upper() + "=" * (-len(token) % 8)
    try:
        raw = b32decode(padded)
    except (NotBase32, ValueError):
        return None
    # what the last letter says beyond the last byte is read by nobody, but must be ours, too
    if len(raw) != 2 * ID_BYTES or _written(raw) != token.lower():
        return None
    of = UUID(bytes=raw[:ID_BYTES])
    return of if vault.made(_purpose(what, of), raw[ID_BYTES:]) else None


def bounce_address(vault: Vault, subscriber_id: UUID, domain: str) -> str:
    """Where a mail to this subscriber comes back to."""
    return f"{MAILBOX}+{made(vault, BOUNCES, subscriber_id)}@{domain}"


def _written(token: bytes) -> str:
    return b32encode(token).decode().rstrip("=").lower()


def _purpose(what: str, of: UUID) -> str:
    return f"status subscriber {what} {of}"
