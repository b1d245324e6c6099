"""One flight of the canary: an event by HTTP, and a look at each place it must come by."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.canary import queries
from pagefree.core.canary import NAME, WITHIN
from pagefree.incidents import automation
from pagefree.infra.clock import Clock
from pagefree.infra.db import Tx, is_down, transaction
from pagefree.infra.http import GuardedClient, Unreachable
from pagefree.timeline.service import Cause, CauseKind

T = TypeVar("T")

POLL_S = 0.05
AGAIN_S = 0.5  # as senders do: what is not taken in is sent again
PATH = "/in/generic"
CAUSE = Cause(CauseKind.SYSTEM, None, NAME)
TAKEN = range(200, 300)


@dataclass(slots=True)
class Flight:
    """Where the event of one flight has got to."""

    engine: AsyncEngine
    http: GuardedClient
    address: str  # of PageFree, as senders know it
    key: str
    dedup_key: str
    clock: Clock
    stage: str = "was not begun"
    heard: str = ""  # the last thing that went wrong

    async def lost(self) -> str | None:
        """Fly; where the event went missing, or none if it came back."""
        try:
            async with asyncio.timeout(WITHIN.total_seconds()):
                await self._fly()
        except TimeoutError:
            heard = f" ({self.heard})" if self.heard else ""
            return f"after {WITHIN.seconds} s the event {self.stage}{heard}"
        except Exception as e:
            if not is_down(e):
                raise
            return f"the event {self.stage}: the database does not answer"
        return None

    async def _fly(self) -> None:
        await self._post("trigger", "had not been taken in")
        self.stage = "had opened no incident"
        incident_id = await self._until(
            lambda tx: queries.incident_of(tx, self.dedup_key)
        )
        self.stage = "had paged nobody"
        await self._until(lambda tx: queries.has_been_sent(tx, incident_id))
        self.stage = "could not be acknowledged"
        await self._acknowledge(incident_id)
        await self._post("resolve", "could not be resolved")
        self.stage = "was not over"
        await self._until(lambda tx: queries.is_over(tx, incident_id))

    async def _post(self, action: str, stage: str) -> None:
        """Send until it is taken in, like a monitoring tool."""
        self.stage = stage
        event = {
            "action": action,
            "dedup_key": self.dedup_key,
            "title": NAME,
            "severity": "critical",
        }
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
        }
        body, url = msgspec.json.encode(event), self.address + PATH
        while True:
            try:
                reply = await self.http.post(url, body, headers)
                if reply.status in TAKEN:
                    self.heard = ""
                    return
                self.heard = f"HTTP {reply.status}"
            except Unreachable as e:
                self.heard = str(e)
            await asyncio.sleep(AGAIN_S)

    async def _acknowledge(self, incident_id: UUID) -> None:
        async with transaction(self.engine) as tx:
            await automation.acknowledge(tx, incident_id, CAUSE, self.clock())

    async def _until(self, look: Callable[[Tx], Awaitable[T | None]]) -> T:
        """The first true thing that `look` finds."""
        while True:
            async with transaction(self.engine) as tx:
                found = await look(tx)
            if found:
                return found
            await asyncio.sleep(POLL_S)
