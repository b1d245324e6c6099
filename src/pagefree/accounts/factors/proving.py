"""Giving a proof: a code of an app, a passkey, or a recovery code."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from pagefree.accounts import events
from pagefree.accounts.factors import passkeys, queries, recovery, totp
from pagefree.accounts.factors.passkeys import Answer, Purpose
from pagefree.core.sign_in import Factor
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody gives; one of them."""

    code: str | None = field(default=None, repr=False)
    recovery_code: str | None = field(default=None, repr=False)
    passkey: Answer | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is given: what opens secrets, and the address of the installation."""

    vault: Vault
    base_url: str


async def accept(
    tx: Tx,
    user_id: UUID,
    given: Given,
    purpose: Purpose,
    place: Place,
    now: datetime,
) -> Factor | None:
    """Which factor was right; none: nothing was. What was right counts no second time."""
    if given.passkey is not None:
        site = passkeys.site_of(place.base_url)
        if site is None:
            return None
        right = await passkeys.accept(tx, site, purpose, user_id, given.passkey, now)
        return Factor.PASSKEY if right else None
    if given.code is not None:
        right_code = await totp.accept(tx, user_id, given.code, place.vault, now)
        return Factor.TOTP if right_code else None
    if given.recovery_code is not None and purpose is Purpose.SECOND:
        return await _recovered(tx, user_id, given.recovery_code, now)
    return None


async def _recovered(tx: Tx, user_id: UUID, code: str, now: datetime) -> Factor | None:
    if not await recovery.accept(tx, user_id, code, now):
        return None
    left = (await queries.get_has(tx, user_id)).recovery_codes
    await events.tell(tx, user_id, lambda words: words.code_used.format(left=left), now)
    return Factor.RECOVERY_CODE
