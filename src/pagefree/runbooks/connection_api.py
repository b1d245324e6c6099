"""Routes of targets and connections to them."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.channels.base import Transports
from pagefree.core.access import Actor, Can, allowed, require
from pagefree.infra.crypto import Vault
from pagefree.infra.db import transaction
from pagefree.infra.http import GuardedClient
from pagefree.infra.web import (
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    SecretVault,
    decode_cursor,
    next_cursor,
)
from pagefree.runbooks import callbacks, connections
from pagefree.runbooks.connection_queries import StoredConnection
from pagefree.runbooks.connections import Draft
from pagefree.runbooks.contents import target_of
from pagefree.runbooks.shapes import (
    Connection,
    ConnectionChanges,
    ConnectionIn,
    RunbookRef,
    RunbookTarget,
)
from pagefree.targets import all_targets, readme
from pagefree.targets.base import Hint

router = APIRouter(prefix="/v1", tags=["runbooks"])
MOST_HINT = 64 * 1024  # bytes that are looked at


@dataclass(frozen=True, slots=True)
class Bench:
    """What it takes to test a connection while no transaction is open."""

    engine: AsyncEngine
    http: GuardedClient
    vault: Vault


def _bench(request: Request) -> Bench:
    state = request.app.state
    transports: Transports = state.transports
    return Bench(state.engine, transports.http, state.vault)


TheBench = Annotated[Bench, Depends(_bench)]


@router.get("/runbook-targets")
async def list_runbook_targets(actor: CurrentActor) -> list[RunbookTarget]:
    """The kinds of systems that can run something, with their forms."""
    require(actor, Can.SEE)
    return [
        RunbookTarget(
            kind=kind,
            title=target.title,
            summary=target.summary,
            connection_schema=target.Connection.model_json_schema(),
            content_schema=target.Content.model_json_schema(),
            can_cancel=target.cancel is not None,
            calls_back=target.poll is None,
            readme=readme(kind),
        )
        for kind, target in all_targets().items()
    ]


@router.get("/target-connections")
async def list_target_connections(
    tx: RequestTx,
    actor: CurrentActor,
    vault: SecretVault,
    team_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Connection]:
    """Connections, newest first; those that a team may use, or all."""
    require(actor, Can.SEE)
    rows = await connections.list_connections(tx, team_id, decode_cursor(cursor), limit)
    return Page[Connection](
        items=[_out(row, vault, actor) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.post("/target-connections", status_code=201)
async def create_target_connection(
    body: ConnectionIn,
    bench: TheBench,
    actor: CurrentActor,
    now: Now,
) -> Connection:
    """Test a connection, then keep it. Only a platform admin opens internal networks."""
    draft = _draft(body)
    async with transaction(bench.engine) as tx:
        await connections.require_may_create(tx, body.team_id, draft, actor)
    ready = connections.form_of(body.kind, draft, None, bench.vault)
    await connections.test(bench.http, ready, now)  # no transaction is open meanwhile
    async with transaction(bench.engine) as tx:
        row = await connections.create(tx, body.team_id, ready, bench.vault, actor, now)
    return _out(row, bench.vault, actor)


@router.get("/target-connections/{connection_id}")
async def get_target_connection(
    connection_id: UUID, tx: RequestTx, actor: CurrentActor, vault: SecretVault
) -> Connection:
    """One connection."""
    require(actor, Can.SEE)
    return _out(await connections.get_connection(tx, connection_id), vault, actor)


@router.put("/target-connections/{connection_id}")
async def put_target_connection(
    connection_id: UUID,
    body: ConnectionChanges,
    bench: TheBench,
    actor: CurrentActor,
    now: Now,
) -> Connection:
    """Test a connection as it is to be, then change it.

    Where its address changes, runbooks that use it have to be approved anew.
    """
    draft = _draft(body)
    async with transaction(bench.engine) as tx:
        before = await connections.require_may_change(tx, connection_id, draft, actor)
    ready = connections.form_of(before.kind, draft, before, bench.vault)
    await connections.test(bench.http, ready, now)
    async with transaction(bench.engine) as tx:
        row = await connections.replace(
            tx, connection_id, ready, bench.vault, actor, now
        )
    return _out(row, bench.vault, actor)


@router.post("/target-connections/{connection_id}/test")
async def test_target_connection(
    connection_id: UUID,
    bench: TheBench,
    actor: CurrentActor,
    now: Now,
) -> Connection:
    """Ask whether the target still takes the credentials; 422 if not."""
    async with transaction(bench.engine) as tx:
        row = await connections.get_connection(tx, connection_id)
    connections.require_may_test(row, actor)
    await connections.test(bench.http, connections.stored(row, bench.vault), now)
    async with transaction(bench.engine) as tx:
        await connections.tested(tx, connection_id, now)
        row = await connections.get_connection(tx, connection_id)
    return _out(row, bench.vault, actor)


@router.delete("/target-connections/{connection_id}", status_code=204)
async def delete_target_connection(
    connection_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Forget its credentials: nothing runs through it any more."""
    await connections.delete(tx, connection_id, actor, now)


@router.post("/target-connections/{connection_id}/hint", status_code=202)
async def hint_target_connection(
    connection_id: UUID, request: Request, tx: RequestTx, now: Now
) -> None:
    """A target's own notification: the run that it names is looked at now, no more."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    body = (await request.body())[:MOST_HINT]
    await callbacks.hint(tx, connection_id, Hint(headers, body), now)


def _draft(body: ConnectionChanges) -> Draft:
    return Draft(
        body.name,
        body.values,
        tuple(dict.fromkeys(body.team_ids)),
        tuple(dict.fromkeys(body.networks)),
    )


def _out(row: StoredConnection, vault: Vault, actor: Actor) -> Connection:
    can = Can.ADMINISTER if row.team_id is None else Can.EDIT_TEAM
    hears = target_of(row.kind).receive is not None
    return Connection(
        id=row.id,
        kind=row.kind,
        name=row.name,
        team=RunbookRef(id=row.team_id, name=row.team_name or "")
        if row.team_id
        else None,
        team_ids=list(row.team_ids),
        networks=list(row.networks),
        values=connections.public_values(row, vault),
        can_edit=allowed(actor, can, row.team_id),
        created_at=row.created_at,
        updated_at=row.updated_at,
        tested_at=row.tested_at,
        hint_path=f"/v1/target-connections/{row.id}/hint" if hears else None,
    )
