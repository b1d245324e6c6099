"""Pings as senders meet them: real requests through ASGI, real commits."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import service as accounts
from pagefree.core.access import Actor
from pagefree.heartbeats import service
from pagefree.heartbeats.expectations import Schedule
from pagefree.heartbeats.front import Pings
from pagefree.heartbeats.queries import Stored, StoredPing
from pagefree.heartbeats.service import NewHeartbeat
from pagefree.infra.clock import system_clock
from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from pagefree.services import service as services
from pagefree.services.service import NewService
from tests.ingest.scene import behind

ADMIN = Actor(new_id(), "Ana", platform_admin=True)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Monitored:
    """A heartbeat, the ping key of its service, and a sender."""

    url: str
    engine: AsyncEngine
    service_id: UUID
    first: Stored
    key: str
    client: httpx2.AsyncClient

    async def stored(self) -> Stored:
        async with transaction(self.engine) as tx:
            return await service.get_heartbeat(tx, self.first.id)

    async def pings(self) -> list[StoredPing]:
        """Newest first."""
        async with transaction(self.engine) as tx:
            return await service.list_pings(tx, self.first.id)

    async def one_more(
        self, name: str, *, period: timedelta = DAY, grace: timedelta = DAY
    ) -> Stored:
        """Another heartbeat of the same service."""
        new = NewHeartbeat(self.service_id, name, Schedule(period, None), grace)
        async with transaction(self.engine) as tx:
            made, _ = await service.create_heartbeat(tx, new, ADMIN, system_clock())
        return made

    def path(self, rest: str = "") -> str:
        """Its address."""
        return f"/ping/{self.first.ping_id}{rest}"


@pytest.fixture
async def monitored(
    fresh_database: str, fresh_engine: AsyncEngine
) -> AsyncIterator[Monitored]:
    """Pings on a database of the test's own."""
    now = system_clock()
    async with transaction(fresh_engine) as tx:
        team = await accounts.create_team(tx, "Web", "", now)
        new = NewService("Shop", team.id)
        shop = await services.create_service(tx, new, ADMIN, now)
        first, key = await service.create_heartbeat(
            tx,
            NewHeartbeat(shop.id, "Nightly Backup", Schedule(DAY, None), DAY),
            ADMIN,
            now,
        )
    pings = Pings(fresh_database, system_clock)
    transport = httpx2.ASGITransport(pings.in_front_of(behind), client=("192.0.2.7", 1))
    client = httpx2.AsyncClient(
        transport=transport, base_url="http://pagefree.test", timeout=20
    )
    async with pings.running(), client:
        yield Monitored(fresh_database, fresh_engine, shop.id, first, key or "", client)
