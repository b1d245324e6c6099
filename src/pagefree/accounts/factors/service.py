"""A person's factors: what there is, what is added, what is taken away."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.accounts import events, service
from pagefree.accounts.events import Happening, Said
from pagefree.accounts.factors import (
    everybody,
    passkey_queries,
    passkeys,
    queries,
    recovery,
    totp,
)
from pagefree.accounts.factors.passkey_queries import Passkey
from pagefree.accounts.factors.passkeys import Answer, Asked, Site
from pagefree.accounts.factors.queries import Totp
from pagefree.accounts.factors.totp import Enrolment
from pagefree.core.access import Actor, Can, Person, require, require_about
from pagefree.core.errors import Conflict, NotFound
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx

ADDED = "factor.added"
REMOVED = "factor.removed"
RENEWED = "recovery_codes.renewed"


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person can prove themselves with beside the password."""

    totp: Totp | None  # only if it counts
    passkeys: list[Passkey]
    recovery_codes: int  # that are left


async def get(tx: Tx, actor: Actor) -> Factors:
    """The actor's own."""
    _require_own(actor)
    app = await queries.get_totp(tx, actor.user_id)
    return Factors(
        app if app and app.confirmed_at else None,
        await passkey_queries.list_passkeys(tx, actor.user_id),
        (await queries.get_has(tx, actor.user_id)).recovery_codes,
    )


async def begin_totp(tx: Tx, actor: Actor, vault: Vault, now: datetime) -> Enrolment:
    """What the actor's authenticator app is to be told."""
    _require_own(actor)
    user = await service.require_user(tx, actor.user_id)
    return await totp.begin(tx, actor.user_id, user.email, vault, now)


async def confirm_totp(
    tx: Tx, actor: Actor, code: str, vault: Vault, now: datetime
) -> list[str]:
    """The app counts; recovery codes if there were none."""
    _require_own(actor)
    await queries.lock_person(tx, actor.user_id)
    await totp.confirm(tx, actor.user_id, code, vault, now)
    await everybody.enrolled(tx, actor.user_id)
    await _happened(tx, actor, ADDED, "an authenticator app", now)
    await events.tell(tx, actor.user_id, lambda words: words.app_added, now)
    return await _first_codes(tx, actor.user_id, now)


async def remove_totp(tx: Tx, actor: Actor, now: datetime) -> None:
    """No code of the app counts any more."""
    _require_own(actor)
    await queries.lock_person(tx, actor.user_id)
    if not await queries.delete_totp(tx, actor.user_id):
        raise NotFound("there is no authenticator app")
    what = "the authenticator app"
    await _removed(tx, actor, what, lambda words: words.app_removed, now)


async def ask_passkey(tx: Tx, actor: Actor, site: Site, now: datetime) -> Asked:
    """What makes a passkey for the actor."""
    _require_own(actor)
    user = await service.require_user(tx, actor.user_id)
    account = (user.email, user.name)
    return await passkeys.ask_to_register(tx, site, actor.user_id, account, now)


async def add_passkey(
    tx: Tx, actor: Actor, site: Site, name: str, answer: Answer, now: datetime
) -> tuple[Passkey, list[str]]:
    """The passkey counts; recovery codes if there were none."""
    _require_own(actor)
    await queries.lock_person(tx, actor.user_id)
    made = await passkeys.register(tx, site, actor.user_id, name, answer, now)
    await everybody.enrolled(tx, actor.user_id)
    await _happened(tx, actor, ADDED, f"the passkey “{name}”", now)
    await events.tell(
        tx, actor.user_id, lambda words: words.passkey_added.format(name=name), now
    )
    return made, await _first_codes(tx, actor.user_id, now)


async def rename_passkey(tx: Tx, actor: Actor, passkey_id: UUID, name: str) -> None:
    """Another name for one of the actor's passkeys."""
    _require_own(actor)
    if not await passkey_queries.rename(tx, actor.user_id, passkey_id, name):
        raise NotFound("you have no such passkey")


async def remove_passkey(tx: Tx, actor: Actor, passkey_id: UUID, now: datetime) -> None:
    """Nobody signs in with this passkey any more."""
    _require_own(actor)
    await queries.lock_person(tx, actor.user_id)
    name = await passkey_queries.delete_passkey(tx, actor.user_id, passkey_id)
    if name is None:
        raise NotFound("you have no such passkey")
    what = f"the passkey “{name}”"
    await _removed(
        tx, actor, what, lambda words: words.passkey_removed.format(name=name), now
    )


async def renew_codes(tx: Tx, actor: Actor, now: datetime) -> list[str]:
    """Other recovery codes instead of those before. Raises Conflict."""
    _require_own(actor)
    await queries.lock_person(tx, actor.user_id)
    if not (await queries.get_has(tx, actor.user_id)).any:
        raise Conflict("add an authenticator app or a passkey first")
    codes = await recovery.renew(tx, actor.user_id, now)
    await _happened(tx, actor, RENEWED, "recovery codes", now)
    await events.tell(tx, actor.user_id, lambda words: words.codes_renewed, now)
    return codes


async def reset(tx: Tx, actor: Actor, user_id: UUID, now: datetime) -> None:
    """Somebody has lost all they had: their password alone opens their account again.

    Raises Conflict for one's own, which are removed one by one.
    """
    require(actor, Can.ADMINISTER)
    user = await service.require_user(tx, user_id)
    if user_id == actor.user_id:
        raise Conflict("your own factors are removed under Me, Security")
    await queries.lock_person(tx, user_id)
    had_app = await queries.delete_totp(tx, user_id)
    had_passkeys = await passkey_queries.delete_passkeys(tx, user_id)
    await queries.replace_codes(tx, user_id, (), now)
    await queries.delete_halves(tx, user_id)
    if not (had_app or had_passkeys):
        return
    what = Happening("factors.reset", user_id, user.name)
    await events.note(tx, what, now)
    await events.tell(
        tx, user_id, lambda words: words.factors_reset.format(name=actor.name), now
    )


async def _first_codes(tx: Tx, user_id: UUID, now: datetime) -> list[str]:
    if (await queries.get_has(tx, user_id)).recovery_codes:
        return []
    return await recovery.renew(tx, user_id, now)


async def _removed(tx: Tx, actor: Actor, what: str, said: Said, now: datetime) -> None:
    if not (await queries.get_has(tx, actor.user_id)).any:
        await everybody.require_left(tx, actor.user_id, now)
        await queries.replace_codes(tx, actor.user_id, (), now)
    await _happened(tx, actor, REMOVED, what, now)
    await events.tell(tx, actor.user_id, said, now)


async def _happened(tx: Tx, actor: Actor, kind: str, what: str, now: datetime) -> None:
    happening = Happening(kind, actor.user_id, actor.name, {"what": what})
    await events.note(tx, happening, now)


def _require_own(actor: Actor) -> None:
    require_about(actor, Can.OWN_ACCOUNT, Person(actor.user_id))
