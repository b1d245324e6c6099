"""Secrets in the mails that we send: which rows they are for, and a code that only we can make.

Nothing is kept of them, so none can be listed or revoked: each does one harmless thing.
"""

from base64 import b32decode, b32encode, urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotWritten
from dataclasses import dataclass
from uuid import UUID

from pagefree.infra.crypto import Vault

ID_BYTES = MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class SignedIds:
    """One kind of such secrets.

    `purpose` has a `{}` for each id; it is what tells the kinds apart. Mail servers may change
    the case of an address, so what stands in one is of `one_case`; links are shorter without.
    """

    purpose: str
    one_case: bool = False

    def token(self, vault: Vault, *ids: UUID) -> str:
        """The secret for these rows: always the same, of letters that need no quoting."""
        mac = vault.mac(self.purpose.format(*ids))
        return self._written(b"".join(one.bytes for one in ids) + mac)

    def read(self, vault: Vault, token: str) -> tuple[UUID, ...] | None:
        """The rows that a secret is for; none if it is not one of ours."""
        raw = self._bytes_of(token)
        count = self.purpose.count("{}")
        # what the last letter says beyond the last byte must be ours, too
        given = token.lower() if self.one_case else token
        if len(raw) != count * ID_BYTES + MAC_BYTES or self._written(raw) != given:
            return None
        ids = tuple(
            UUID(bytes=raw[at : at + ID_BYTES])
            for at in range(0, count * ID_BYTES, ID_BYTES)
        )
        ours = vault.made(self.purpose.format(*ids), raw[count * ID_BYTES :])
        return ids if ours else None

    def read_one(self, vault: Vault, token: str) -> UUID | None:
        """The only row that a secret of one id is for."""
        ids = self.read(vault, token)
        return ids[0] if ids else None

    def _written(self, raw: bytes) -> str:
        if self.one_case:
            return b32encode(raw).decode().rstrip("=").lower()
        return urlsafe_b64encode(raw).decode().rstrip("=")

    def _bytes_of(self, token: str) -> bytes:
        try:
            if self.one_case:
                return b32decode(token.upper() + "=" * (-len(token) % 8))
            return urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4))
        except (NotWritten, ValueError):
            return b""
