"""Ingest as senders meet it: real requests through ASGI, real commits."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from uuid import UUID

import asyncpg
import httpx2
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import service as accounts
from pagefree.alerts.asgi import App, Receive, Send
from pagefree.alerts.asgi import Scope as AsgiScope
from pagefree.alerts.ingest import Ingest
from pagefree.alerts.lane import Limits
from pagefree.alerts.limits import Gate
from pagefree.core.access import Actor
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Channel, Connection, create_engine, transaction
from pagefree.infra.ids import new_id
from pagefree.infra.listen import Listener
from pagefree.integrations import all_kinds
from pagefree.services import service as services
from pagefree.services.service import NewService
from pagefree.tables import metadata

ADMIN = Actor(new_id(), "Ana", platform_admin=True)
BEHIND = "behind"  # what the app behind ingest answers
VAULT_KEY = "k" * 32


@dataclass(frozen=True, slots=True)
class Source:
    """An integration and its key."""

    id: UUID
    key: str


@dataclass(slots=True)
class Scene:
    """A service with an integration of every kind, ingest, and a sender."""

    url: str
    engine: AsyncEngine
    service_id: UUID
    sources: Mapping[str, Source]
    ingest: Ingest
    app: App
    client: httpx2.AsyncClient
    connection: Connection = field(repr=False)

    async def generic(self, body: object) -> httpx2.Response:
        """Post JSON to the generic integration."""
        key = self.sources["generic"].key
        return await self.client.post(f"/in/generic/{key}", json=body)

    async def alertmanager(self, *alerts: object, group: str = "g") -> httpx2.Response:
        """Post a group of alerts as Alertmanager does."""
        headers = {"Authorization": f"Bearer {self.sources['alertmanager'].key}"}
        body = {"version": "4", "groupKey": group, "alerts": alerts}
        return await self.client.post("/in/alertmanager", json=body, headers=headers)

    async def pagerduty(self, body: Mapping[str, object]) -> httpx2.Response:
        """Post an event with the right routing key."""
        key = self.sources["pagerduty_v2"].key
        return await self.client.post("/v2/enqueue", json={"routing_key": key, **body})

    async def post(self, kind: str, body: bytes) -> httpx2.Response:
        """Post bytes to the address of a kind."""
        key, endpoint = (
            self.sources[kind].key,
            all_kinds()[kind].integration.endpoints[0],
        )
        beside = endpoint.key_in_body or not endpoint.key_in_path
        address = endpoint.path if beside else f"{endpoint.path}/{key}"
        headers = {} if endpoint.key_in_path else {"Authorization": f"Bearer {key}"}
        return await self.client.post(address, content=body, headers=headers)

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        """What is in the database."""
        return [tuple(row) for row in await self.connection.fetch(query)]

    async def value(self, query: str) -> object:
        """The first value of the first row."""
        return await self.connection.fetchval(query)

    async def outcomes(self) -> list[object]:
        """What became of all events, in the order of the requests."""
        query = "SELECT unnest(event_outcomes) FROM inbound_requests ORDER BY id"
        return [outcome for (outcome,) in await self.rows(query)]


async def behind(_: AsgiScope, __: Receive, send: Send) -> None:
    """The app behind ingest."""
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": BEHIND.encode()})


@dataclass(frozen=True, slots=True)
class _Populated:
    """What is in a database with a service and its integrations, to be copied from."""

    service_id: UUID
    sources: Mapping[str, Source]
    tables: Mapping[str, bytes]
    numbers: Mapping[str, int]


_populated: list[_Populated] = []  # the first one: making it takes half a second


async def populate(
    engine: AsyncEngine, connection: Connection
) -> tuple[UUID, Mapping[str, Source]]:
    """A service with an integration of every kind, the same in each empty database."""
    if not _populated:
        service_id, sources = await make(engine)
        tables, numbers = await _kept(connection)
        _populated.append(_Populated(service_id, sources, tables, numbers))
        return service_id, sources
    (first,) = _populated
    async with connection.transaction():
        # what the triggers of the audit wrote is among the rows
        await connection.execute("SET LOCAL session_replication_role = replica")
        for table, rows in first.tables.items():
            await connection.copy_to_table(table, source=BytesIO(rows))
    for name, last in first.numbers.items():
        await connection.execute("SELECT setval($1, $2)", name, last)
    return first.service_id, first.sources


async def _kept(connection: Connection) -> tuple[dict[str, bytes], dict[str, int]]:
    """All rows by table, and the last number of each sequence."""
    tables: dict[str, bytes] = {}
    for table in metadata.sorted_tables:
        rows = BytesIO()
        # a table of partitions can be copied only by a query
        await connection.copy_from_query(f"SELECT * FROM {table.name}", output=rows)
        if rows.getvalue():
            tables[table.name] = rows.getvalue()
    numbers = await connection.fetch(
        "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
    )
    return tables, dict(tuple(row) for row in numbers)


async def make(engine: AsyncEngine) -> tuple[UUID, dict[str, Source]]:
    now = system_clock()
    async with transaction(engine) as tx:
        team = await accounts.create_team(tx, "Web", "", now)
        new = NewService("Shop", team.id)
        service = await services.create_service(tx, new, ADMIN, now)
        sources = {}
        for kind in all_kinds():
            made, key = await services.create_integration(
                tx, service.id, kind, kind, ADMIN, now
            )
            sources[kind] = Source(made.id, key.routing_key)
    return service.id, sources


@asynccontextmanager
async def opened(
    url: str, limits: Limits | None = None, gate: Gate | None = None
) -> AsyncIterator[Scene]:
    """A scene on the empty database at `url`."""
    engine = create_engine(url, pool_size=2)
    connection = await asyncpg.connect(url)
    service_id, sources = await populate(engine, connection)
    vault = Vault(VAULT_KEY)
    ingest = Ingest(url, system_clock, limits=limits, vault=vault, gate=gate)
    listener = Listener(url, [Channel.CONFIG])
    app = ingest.in_front_of(behind)
    client = httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://pagefree.test", timeout=20
    )
    async with listener.running(), ingest.running(listener), client:
        yield Scene(url, engine, service_id, sources, ingest, app, client, connection)
    connection.terminate()
    await engine.dispose()
