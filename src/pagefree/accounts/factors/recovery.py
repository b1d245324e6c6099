"""Recovery codes: for whoever has lost every other factor; each counts once."""

import base64
import secrets
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from pagefree.accounts.factors import queries
from pagefree.core.sign_in import RECOVERY_CODES
from pagefree.infra.db import Tx

CODE_BYTES = 10  # 80 bits: 16 letters
GROUP = 4


async def renew(tx: Tx, user_id: UUID, now: datetime) -> list[str]:
    """New codes instead of all before; this is the only time that they are known."""
    codes = [_code() for _ in range(RECOVERY_CODES)]
    hashes = [_hash(user_id, code) for code in codes]
    await queries.replace_codes(tx, user_id, hashes, now)
    return codes


async def accept(tx: Tx, user_id: UUID, code: str, now: datetime) -> bool:
    """Whether this is a code of the person's that was not used; now it is."""
    return await queries.use_code(tx, user_id, _hash(user_id, code), now)


def _code() -> str:
    letters = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()
    groups = [letters[at : at + GROUP] for at in range(0, len(letters), GROUP)]
    return "-".join(groups)


def _hash(user_id: UUID, code: str) -> bytes:
    """Plain SHA-256: 80 random bits cannot be guessed, however fast it is."""
    letters = "".join(one for one in code.lower() if one.isalnum())
    return sha256(user_id.bytes + letters.encode()).digest()
