"""Authenticator apps: time-based codes (RFC 6238), each of which counts once."""

import io
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

import pyotp
import segno

from pagefree.accounts.factors import queries
from pagefree.core.errors import Conflict, Invalid
from pagefree.core.sign_in import steps_taken
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx

ISSUER = "PageFree"
PURPOSE = "totp"
QR_SCALE = 5


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app is to be told."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)
    qr_svg: str = field(repr=False)  # the same as a picture


async def begin(
    tx: Tx, user_id: UUID, account: str, vault: Vault, now: datetime
) -> Enrolment:
    """A new secret, which counts once a code of it is given. Raises Conflict."""
    secret = pyotp.random_base32()
    sealed = vault.seal(secret.encode(), f"{PURPOSE} {user_id}")
    if not await queries.save_totp(tx, user_id, sealed, now):
        raise Conflict("there is an authenticator app already: remove it first")
    uri = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)
    return Enrolment(secret, uri, _picture(uri))


async def confirm(
    tx: Tx, user_id: UUID, code: str, vault: Vault, now: datetime
) -> None:
    """The app counts from now on. Raises Conflict, Invalid."""
    kept = await queries.get_totp(tx, user_id)
    if kept is None or kept.confirmed_at is not None:
        raise Conflict("there is no authenticator app that waits for its first code")
    if not await _is_right(tx, user_id, kept, code, vault, now):
        raise Invalid("this is not the code that the app shows now")


async def accept(tx: Tx, user_id: UUID, code: str, vault: Vault, now: datetime) -> bool:
    """Whether this is a code of the person's app that was not given before."""
    kept = await queries.get_totp(tx, user_id)
    if kept is None or kept.confirmed_at is None:
        return False
    return await _is_right(tx, user_id, kept, code, vault, now)


async def _is_right(
    tx: Tx, user_id: UUID, kept: queries.Totp, code: str, vault: Vault, now: datetime
) -> bool:
    secret = vault.open(kept.secret, f"{PURPOSE} {user_id}").decode()
    generator = pyotp.TOTP(secret)
    given = "".join(code.split()).encode()
    for step in steps_taken(kept.last_step, now):
        if compare_digest(generator.generate_otp(step).encode(), given):
            # of any number of tries with the same code at once one wins
            return await queries.use_totp_step(tx, user_id, kept.secret, step, now)
    return False


def _picture(uri: str) -> str:
    out = io.BytesIO()
    segno.make(uri, error="m", micro=False).save(
        out, kind="svg", scale=QR_SCALE, light="#fff", xmldecl=False, omitsize=True
    )
    return out.getvalue().decode().strip()
