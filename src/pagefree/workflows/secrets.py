"""Secrets of workflows: named in forms, sealed at rest, never shown again."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Invalid
from pagefree.infra.crypto import Unsealable, Vault
from pagefree.infra.db import Tx
from pagefree.workflows import secret_queries as queries
from pagefree.workflows.secret_queries import Secret

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
Opened = Mapping[tuple[UUID | None, str], str]


def require_writer(actor: Actor, team_id: UUID | None) -> None:
    """Raise Forbidden unless the actor may change workflows of this team, or of all."""
    if team_id is None:
        require(actor, Can.ADMINISTER)
    else:
        require(actor, Can.EDIT_TEAM, team_id)


async def list_secrets(tx: Tx, actor: Actor, team_id: UUID | None) -> list[Secret]:
    """The names that workflows of this team may use."""
    require(actor, Can.SEE)
    return await queries.list_secrets(tx, team_id)


async def put(
    tx: Tx,
    actor: Actor,
    secret: tuple[UUID | None, str, str],
    vault: Vault,
    now: datetime,
) -> None:
    """Keep (team, name, value), instead of what had the name."""
    team_id, name, value = secret
    require_writer(actor, team_id)
    if not NAME.fullmatch(name):
        raise Invalid("a name has letters, digits and _, and begins with a letter")
    sealed = vault.seal(value.encode(), _purpose(team_id, name))
    await queries.put_secret(tx, team_id, name, sealed, actor.user_id, now)


async def remove(tx: Tx, actor: Actor, team_id: UUID | None, name: str) -> None:
    """Forget it; steps that name it fail from now on."""
    require_writer(actor, team_id)
    await queries.delete_secret(tx, team_id, name)


async def names(tx: Tx, team_id: UUID | None) -> set[str]:
    """What workflows of this team may name."""
    return {secret.name for secret in await queries.list_secrets(tx, team_id)}


async def opened(tx: Tx, wanted: Collection[str], vault: Vault) -> Opened:
    """The secrets of these names, by whose they are; what cannot be opened is missing."""
    if not wanted:
        return {}
    found: dict[tuple[UUID | None, str], str] = {}
    for team_id, name, sealed in await queries.sealed_secrets(tx, wanted):
        try:
            found[team_id, name] = vault.open(sealed, _purpose(team_id, name)).decode()
        except Unsealable:
            continue
    return found


def usable(
    all_opened: Opened, team_id: UUID | None, wanted: Collection[str]
) -> dict[str, str]:
    """Those of `wanted` that a workflow of this team may use; its own come first."""
    found = {}
    for name in wanted:
        value = all_opened.get((team_id, name), all_opened.get((None, name)))
        if value is not None:
            found[name] = value
    return found


def _purpose(team_id: UUID | None, name: str) -> str:
    return f"workflow secret {team_id} {name}"
