"""A monitoring tool that sends events at a steady pace and repeats what was not taken."""

import asyncio
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, islice, takewhile

import httpx2

PER_S = 50
AGAIN_S = 0.25
# Long: a request that is given up while the server still has it may be stored after the
# next event of its key, and nobody could say which of the two states is right.
ANSWER_S = 55
GIVE_UP_S = 60  # unless a test holds it up for longer
OPEN_FOR = 100  # events: a condition is repeated and resolved while this many follow


@dataclass(frozen=True, slots=True)
class Event:
    """What one request says."""

    action: str
    dedup_key: str


@dataclass(slots=True)
class MonitoringTool:
    """Remembers what was answered 2xx, and how often it had to try."""

    client: httpx2.AsyncClient
    routing_key: str
    name: str = "condition"  # keys begin with it
    per_s: int = PER_S
    give_up_s: float = GIVE_UP_S
    taken: list[Event] = field(default_factory=list)
    refused: int = 0  # requests without a 2xx

    async def send_for(self, seconds: float, chance: random.Random) -> None:
        """Send for that long; returns when every event was taken. Each key's in order."""
        coming = events(chance, self.name)
        await self._send(islice(coming, int(seconds * self.per_s)))

    async def send_until(self, over: Callable[[], bool], chance: random.Random) -> None:
        """The same, until it is over."""
        coming = events(chance, self.name)
        await self._send(takewhile(lambda _: not over(), coming))

    async def _send(self, coming: Iterable[Event]) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        last: dict[str, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as sending:
            for number, event in enumerate(coming):
                await asyncio.sleep(began + number / self.per_s - loop.time())
                before = last.get(event.dedup_key)
                last[event.dedup_key] = sending.create_task(
                    self._deliver(event, before)
                )

    async def _deliver(self, event: Event, before: asyncio.Task[None] | None) -> None:
        if before:
            await before
        async with asyncio.timeout(self.give_up_s):
            while not await self._is_taken(event):
                self.refused += 1
                await asyncio.sleep(AGAIN_S)
        self.taken.append(event)

    async def _is_taken(self, event: Event) -> bool:
        body = {
            "routing_key": self.routing_key,
            "event_action": event.action,
            "dedup_key": event.dedup_key,
            "payload": {
                "summary": f"Condition {event.dedup_key}",
                "source": "load",
                "severity": "critical",
            },
        }
        try:
            answer = await self.client.post("/v2/enqueue", json=body, timeout=ANSWER_S)
        except httpx2.HTTPError:
            return False
        return answer.is_success


def events(chance: random.Random, name: str = "condition") -> Iterator[Event]:
    """Without end: new conditions, repetitions of open ones, and ends of some, mixed."""
    opened: list[str] = []
    for number in count():
        kind = chance.choices(("new", "again", "end"), (5, 3, 2))[0]
        if kind == "new" or not opened:
            opened.append(f"{name}-{number}")
            yield Event("trigger", opened[-1])
        elif kind == "again":
            yield Event("trigger", chance.choice(opened[-OPEN_FOR:]))
        else:
            recent = opened[-OPEN_FOR:]
            ended = chance.choice(recent)
            opened.remove(ended)
            yield Event("resolve", ended)
