"""Heartbeats in the world: a job that pings, and the worker that finds its silence."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from pagefree.core.access import Actor
from pagefree.core.heartbeats import AT_ONCE, Hearing, Ping, PingKind
from pagefree.heartbeats import pings, service, sweep
from pagefree.heartbeats.expectations import Schedule
from pagefree.heartbeats.pings import Arrived, Heard, Secret
from pagefree.heartbeats.queries import Stored
from pagefree.heartbeats.service import NewHeartbeat
from pagefree.infra.db import driver
from pagefree.infra.ids import new_id
from pagefree.tables.alerts import alerts
from tests.simulation.world import World

MINUTE = timedelta(minutes=1)
PLATFORM_ADMIN = Actor(new_id(), "Ana", platform_admin=True)


@dataclass(slots=True)
class Job:
    """A job with a heartbeat, on the world's service."""

    world: World
    id: UUID
    ping_id: UUID
    since: datetime = AT_ONCE  # pings could be taken without a break
    backlog: datetime | None = None  # pings from then on still wait to be stored

    async def ping(
        self,
        kind: PingKind = PingKind.SUCCESS,
        *,
        status: int | None = None,
        run_id: UUID | None = None,
        body: bytes = b"",
        at: datetime | None = None,
    ) -> Heard:
        """Ping, and let the worker do what follows at once."""
        ping = Ping(kind, at or self.world.now, run_id)
        arrived = Arrived(Secret(self.ping_id), ping, exit_status=status, body=body)
        connection = await driver(self.world.tx)
        (heard,) = await pings.store(connection, [arrived], self.world.now)
        await self.look()
        return heard

    async def look(self) -> None:
        """What the worker does when it is woken."""
        until = min(self.world.now, self.backlog or self.world.now)
        await sweep.look(self.world.tx, Hearing(until, self.since), self.world.now)
        await self.world.work()

    async def advance(self, by: timedelta) -> None:
        """Let time pass, stopping wherever a heartbeat or anything else is due."""
        target = self.world.now + by
        while True:
            due = await sweep.next_due_at(self.world.tx)
            if due is None or due > target or self.backlog is not None:
                break
            await self.world.advance(max(due - self.world.now, timedelta(0)))
            await self.look()
        await self.world.advance(target - self.world.now)
        await self.look()

    async def stored(self) -> Stored:
        return await service.get_heartbeat(self.world.tx, self.id)

    async def alerts(self) -> list[tuple[str, str]]:
        """Status and title of its alerts."""
        c = alerts.c
        query = select(c.status, c.title).order_by(c.opened_at, c.id)
        return [(row.status, row.title) for row in await self.world.tx.execute(query)]


async def job(
    world: World,
    *,
    period: timedelta | None = None,
    cron: str | None = None,
    time_zone: str = "UTC",
    grace: timedelta = 5 * MINUTE,
    manual_resume: bool = False,
) -> Job:
    """A job whose service pages Ana."""
    new = NewHeartbeat(
        world.service_id,
        "Backup",
        Schedule(period, cron, time_zone),
        grace,
        manual_resume=manual_resume,
    )
    stored, _ = await service.create_heartbeat(world.tx, new, PLATFORM_ADMIN, world.now)
    return Job(world, stored.id, stored.ping_id)
