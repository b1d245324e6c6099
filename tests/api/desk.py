"""PageFree over a real socket, for clients that bring their own way of asking."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from sqlalchemy import text

from pagefree.alerts.asgi import App
from pagefree.alerts.ingest import Ingest
from pagefree.cli.serving import listening_socket
from pagefree.core.access import Role
from pagefree.infra.db import transaction
from tests.api.conftest import Api, Person
from tests.api.test_services import service

KINDS = (
    "pagerduty_v1",
    "pagerduty_v2",
    "opsgenie",
    "victorops",
    "alertmanager",
    "prometheus",
)
# Alertmanager's receiver for incident.io speaks its webhook, with the key in a header
NAMED = {**{kind: kind for kind in KINDS}, "incident.io": "alertmanager"}


class Quiet(uvicorn.Server):
    """Leaves the signals of the tests alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: App, certificate: Path | None = None) -> AsyncIterator[str]:
    """The address at which `app` is served over a real socket."""
    sock = listening_socket("127.0.0.1", 0)
    config = uvicorn.Config(
        app, lifespan="off", log_config=None, access_log=False, ssl_certfile=certificate
    )
    server = Quiet(config)
    task = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        scheme = "https" if certificate else "http"
        yield f"{scheme}://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def proxy_to(url: str) -> AsyncIterator[str]:
    """A proxy that leads every tunnel to `url`, wherever it was meant to go."""
    host, port = urlsplit(url).hostname, urlsplit(url).port

    async def copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
        sink.close()

    async def tunnel(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"\r\n\r\n")
        inner_reader, inner_writer = await asyncio.open_connection(host, port)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        both = copy(reader, inner_writer), copy(inner_reader, writer)
        await asyncio.gather(*both, return_exceptions=True)

    server = await asyncio.start_server(tunnel, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@dataclass(slots=True)
class Desk:
    """A running PageFree with an integration of each kind."""

    url: str
    api: Api
    lead: Person
    keys: Mapping[str, str]  # by the names above

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        """What is in the database."""
        async with transaction(self.api.engine) as tx:
            return [tuple(row) for row in await tx.execute(text(query))]

    async def events(self) -> list[object]:
        """What became of all events, in the order of the requests."""
        query = "SELECT unnest(event_outcomes) FROM inbound_requests ORDER BY id"
        return [outcome for (outcome,) in await self.rows(query)]


@asynccontextmanager
async def desk_of(api: Api, ingest: Ingest) -> AsyncIterator[Desk]:
    """A running PageFree with an integration of each kind, each on a service of its own."""
    team = await api.team("Web")
    lead = await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})
    keys = {}
    for name, kind in NAMED.items():
        on = await service(lead, f"Service {name}")
        path = f"/v1/services/{on['id']}/integrations"
        made = await lead.client.post(path, json={"kind": kind, "name": name})
        keys[name] = made.json()["routing_key"]
    async with serving(ingest.in_front_of(api.app)) as url:
        yield Desk(url, api, lead, keys)
