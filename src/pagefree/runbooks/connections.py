"""Connections to targets: kept encrypted, tested when saved, for the teams they are for."""

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, SecretStr, ValidationError

from pagefree.accounts import service as accounts
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, Forbidden, Invalid, NotFound
from pagefree.core.runbooks import content_hash
from pagefree.infra.crypto import Unsealable, Vault
from pagefree.infra.db import Tx
from pagefree.infra.http import GuardedClient
from pagefree.infra.ids import new_id
from pagefree.runbooks import connection_queries as queries
from pagefree.runbooks.connection_queries import StoredConnection
from pagefree.runbooks.contents import problems, target_of
from pagefree.runbooks.recording import About, record
from pagefree.targets.base import TargetError, Way
from pagefree.timeline.service import by

MOST_NETWORKS = 20
LEAST_PREFIX = {4: 16, 6: 48}  # a wider one opens far more than one system
FAILED_TEST = "the test failed: nothing there took the credentials"


@dataclass(frozen=True, slots=True)
class Draft:
    """A connection as somebody wants it."""

    name: str
    values: Mapping[str, object]
    team_ids: tuple[UUID, ...]
    networks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """What was checked and tested, to be stored."""

    kind: str
    draft: Draft
    form: BaseModel


async def list_connections(
    tx: Tx, team_id: UUID | None, before: UUID | None, limit: int
) -> list[StoredConnection]:
    """Newest first; those that a team may use, or all."""
    return await queries.list_connections(tx, team_id, before, limit)


async def get_connection(tx: Tx, connection_id: UUID) -> StoredConnection:
    """One connection. Raises NotFound."""
    found = await queries.get_connection(tx, connection_id)
    if found is None:
        raise NotFound(f"no connection {connection_id}")
    return found


async def require_may_create(
    tx: Tx, team_id: UUID | None, draft: Draft, actor: Actor
) -> None:
    """Raise Forbidden, NotFound or Invalid unless the actor may make such a connection."""
    if team_id is None:
        require(actor, Can.ADMINISTER)
    else:
        await accounts.require_team(tx, team_id)
        require(actor, Can.EDIT_TEAM, team_id)
    await _require_draft(tx, draft, (), actor)


async def require_may_change(
    tx: Tx, connection_id: UUID, draft: Draft, actor: Actor
) -> StoredConnection:
    """The connection, if the actor may change it like this. Raises as for a new one."""
    before = await get_connection(tx, connection_id)
    _require_owner(before, actor)
    await _require_draft(tx, draft, before.networks, actor)
    return before


async def _require_draft(
    tx: Tx, draft: Draft, before: tuple[str, ...], actor: Actor
) -> None:
    """Internal networks are opened by platform admins alone, one by one."""
    for team_id in draft.team_ids:
        await accounts.require_team(tx, team_id)
    if set(draft.networks) - set(before):
        try:
            require(actor, Can.ADMINISTER)
        except Forbidden as e:
            raise Forbidden("only a platform admin opens internal networks") from e
    if len(draft.networks) > MOST_NETWORKS:
        raise Invalid(f"a connection reaches at most {MOST_NETWORKS} networks")
    for text in draft.networks:
        try:
            network = ipaddress.ip_network(text)
        except ValueError as e:
            raise Invalid(f"{text!r} is no network such as 10.1.2.0/24") from e
        if network.prefixlen < LEAST_PREFIX[network.version]:
            raise Invalid(f"{text} is too wide for one connection")


def stored(row: StoredConnection, vault: Vault) -> Ready:
    """A connection as it is kept, to be tested once more."""
    draft = Draft(row.name, {}, row.team_ids, row.networks)
    return Ready(row.kind, draft, opened(row, vault))


def form_of(
    kind: str, draft: Draft, before: StoredConnection | None, vault: Vault
) -> Ready:
    """The typed-in values as the target's form; a secret left out stays as it was.

    Not where the address has changed: else whoever may edit could have it sent elsewhere.
    Raises Invalid.
    """
    target = target_of(kind)
    kept: dict[str, object] = {}
    if before is not None and _same_address(before, draft, vault):
        kept = _secrets(opened(before, vault))
    try:
        form = target.Connection.model_validate({**kept, **draft.values})
    except ValidationError as e:
        raise Invalid(problems(e)) from None
    return Ready(kind, draft, form)


async def test(http: GuardedClient, ready: Ready, now: datetime) -> None:
    """Ask the target whether it takes the credentials. Raises Invalid."""
    client = http.also(ready.draft.networks)
    try:
        await target_of(ready.kind).check(Way(client, ready.form, now))
    except TargetError as e:
        raise Invalid(f"{FAILED_TEST} ({e})") from e
    finally:
        await client.aclose()


async def create(
    tx: Tx,
    team_id: UUID | None,
    ready: Ready,
    vault: Vault,
    actor: Actor,
    now: datetime,
) -> StoredConnection:
    """Keep a connection that was tested at `now`."""
    connection_id = new_id()
    made = {
        "id": connection_id,
        "kind": ready.kind,
        "team_id": team_id,
        "created_by_id": actor.user_id,
        "created_at": now,
    }
    values = {**made, **_columns(connection_id, ready, vault, now)}
    await queries.insert_connection(tx, values)
    return await _changed(tx, "target_connection.created", connection_id, actor, now)


async def replace(
    tx: Tx, connection_id: UUID, ready: Ready, vault: Vault, actor: Actor, now: datetime
) -> StoredConnection:
    """Change a connection; what was approved for another address has to be approved anew."""
    values = _columns(connection_id, ready, vault, now)
    await queries.update_connection(tx, connection_id, values)
    return await _changed(tx, "target_connection.changed", connection_id, actor, now)


async def tested(tx: Tx, connection_id: UUID, now: datetime) -> None:
    """Note that it still takes the credentials."""
    await queries.update_connection(tx, connection_id, {"tested_at": now})


async def delete(tx: Tx, connection_id: UUID, actor: Actor, now: datetime) -> None:
    """Forget its credentials: nothing runs through it any more."""
    before = await get_connection(tx, connection_id)
    _require_owner(before, actor)
    await _changed(tx, "target_connection.deleted", connection_id, actor, now)
    values = {"deleted_at": now, "sealed": b""}
    await queries.update_connection(tx, connection_id, values)


def require_may_test(connection: StoredConnection, actor: Actor) -> None:
    """Raise Forbidden unless the actor may have it tested."""
    _require_owner(connection, actor)


def opened(connection: StoredConnection, vault: Vault) -> Any:  # noqa: ANN401 - the target's Connection
    """The credentials. Raises Conflict where they have to be typed in anew."""
    form = target_of(connection.kind).Connection
    try:
        plain = vault.open(connection.sealed, _purpose(connection.id))
        return form.model_validate_json(plain)
    except (Unsealable, ValidationError) as e:
        raise Conflict("the credentials of the connection cannot be read") from e


def public_values(connection: StoredConnection, vault: Vault) -> dict[str, object]:
    """What was typed in, without the secrets."""
    try:
        return _public(opened(connection, vault))
    except Conflict:
        return {}


def _columns(
    connection_id: UUID, ready: Ready, vault: Vault, now: datetime
) -> dict[str, object]:
    plain = json.dumps(ready.form.model_dump(), default=_plain).encode()
    networks = sorted(set(ready.draft.networks))
    seen = {"kind": ready.kind, "values": _public(ready.form)}
    return {
        "name": ready.draft.name,
        "team_ids": list(dict.fromkeys(ready.draft.team_ids)),
        "networks": networks,
        "sealed": vault.seal(plain, _purpose(connection_id)),
        "fingerprint": content_hash(seen),
        "updated_at": now,
        "tested_at": now,
    }


async def _changed(
    tx: Tx, kind: str, connection_id: UUID, actor: Actor, now: datetime
) -> StoredConnection:
    found = await get_connection(tx, connection_id)
    shown = {"connection_id": str(found.id), "name": found.name}
    kept = {
        "target": found.kind,
        "fingerprint": found.fingerprint,
        "networks": list(found.networks),
    }
    about = About(team_id=found.team_id, shown=shown, kept=kept)
    await record(tx, kind, about, by(actor), now)
    return found


def _require_owner(connection: StoredConnection, actor: Actor) -> None:
    if connection.team_id is None:
        require(actor, Can.ADMINISTER)
    else:
        require(actor, Can.EDIT_TEAM, connection.team_id)


def _same_address(before: StoredConnection, draft: Draft, vault: Vault) -> bool:
    was = _public(opened(before, vault))
    return all(
        was.get(name) == draft.values.get(name, was.get(name))
        for name in ("api_url", "region")
    )


def _public(form: BaseModel) -> dict[str, object]:
    secret = _secrets(form)
    shown = form.model_dump(mode="json").items()
    return {name: value for name, value in shown if name not in secret}


def _secrets(form: BaseModel) -> dict[str, object]:
    values = {name: getattr(form, name) for name in type(form).model_fields}
    return {
        name: value.get_secret_value()
        for name, value in values.items()
        if isinstance(value, SecretStr)
    }


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _purpose(connection_id: UUID) -> str:
    return f"target connection {connection_id}"
