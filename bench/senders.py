"""Senders as monitoring tools are: what was not taken is sent again, until it is."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bench import pace
from bench.scenario import check
from pagefree.infra.clock import system_clock

CONNECTIONS = 32
AGAIN_S, MOST_AGAIN_S = 0.5, 2.0  # longer each time
ANSWER_S = 30.0  # what has not answered by then will not
FILLER = "x" * 700
HEAD = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    "{more}Content-Length: {length}\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Protocol:
    """How one kind of tool says that a disk is full."""

    path: str
    body: str
    header: str = ""


# The title says when the event was due, which is how pages tell how late they are.
PROTOCOLS = {
    "pagerduty_v2": Protocol(
        "/v2/enqueue",
        '{{"routing_key":"{key}","event_action":"trigger","dedup_key":"{name}",'
        '"payload":{{"summary":"Disk is full on {name} @{due:.6f}","source":"bench",'
        '"severity":"critical","custom_details":{{"text":"{filler}"}}}}}}',
    ),
    "pagerduty_v1": Protocol(
        "/generic/2010-04-15/create_event.json",
        '{{"service_key":"{key}","event_type":"trigger","incident_key":"{name}",'
        '"description":"Disk is full on {name} @{due:.6f}","details":{{"text":"{filler}"}}}}',
    ),
    "opsgenie": Protocol(
        "/v2/alerts",
        '{{"priority":"P1","source":"bench","alias":"{name}",'
        '"message":"Disk is full on {name} @{due:.6f}","details":{{"text":"{filler}"}}}}',
        "Authorization: GenieKey {key}\r\n",
    ),
}
Make = Callable[[int, float], bytes]  # of its number, and when it is due


@dataclass(frozen=True, slots=True)
class Sent:
    """An event that was taken at last; times are seconds since 1970."""

    due: float
    at: float
    tries: int

    @property
    def took_s(self) -> float:
        """From when it was due, whatever it took."""
        return self.at - self.due


def event(key: str, name: str, due: float, protocol: str = "pagerduty_v2") -> bytes:
    """The bytes of a request of about 1 KiB."""
    of = PROTOCOLS[protocol]
    body = of.body.format(key=key, name=name, due=due, filler=FILLER)
    more = of.header.format(key=key)
    return (HEAD.format(path=of.path, more=more, length=len(body)) + body).encode()


class Line(pace.Connection):
    """A connection that knows when it is no more."""

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing can be sent any more."""
        self.transport = None
        super().connection_lost(exc)


class Tool:
    """Some connections, made again whenever they break."""

    def __init__(self, port: int, connections: int = CONNECTIONS) -> None:
        self._port = port
        self._free: asyncio.LifoQueue[Line] = asyncio.LifoQueue()
        for _ in range(connections):
            self._free.put_nowait(Line())

    async def deliver(self, request: bytes, due: float) -> Sent:
        """Send it until it is taken."""
        tries = 0
        while True:
            tries += 1
            if await self._is_taken(request):
                return Sent(due, system_clock().timestamp(), tries)
            await asyncio.sleep(min(MOST_AGAIN_S, AGAIN_S * tries))

    def close(self) -> None:
        """Hang up; nothing may be on its way."""
        while not self._free.empty():
            if transport := self._free.get_nowait().transport:
                transport.close()

    async def _is_taken(self, request: bytes) -> bool:
        line = await self._free.get()
        try:
            if line.transport is None:
                line = await self._connect()
            async with asyncio.timeout(ANSWER_S):
                answer = await line.post(request)
        except (OSError, TimeoutError):
            if line.transport:
                line.transport.abort()
            line, answer = Line(), b""
        finally:
            self._free.put_nowait(line)
        wrong = answer.startswith(b"HTTP/1.1 4") and b" 429 " not in answer
        check(not wrong, answer.decode(errors="replace"))
        return answer.startswith(b"HTTP/1.1 2")

    async def _connect(self) -> Line:
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(Line, "127.0.0.1", self._port)
        return line


async def steadily(
    tool: Tool, rate: float, seconds: float, make: Make, *, together: int = 1
) -> Sequence[Sent]:
    """So many a second, whatever their answers take, some `together`; until all are taken."""
    began, since_1970 = time.monotonic(), system_clock().timestamp()
    tasks = []
    async with asyncio.TaskGroup() as group:
        for number in range(max(1, round(rate * seconds))):
            apart = number // together * together / rate
            await asyncio.sleep(max(0.0, began + apart - time.monotonic()))
            due = since_1970 + apart
            tasks.append(group.create_task(tool.deliver(make(number, due), due)))
    return [task.result() for task in tasks]


async def at_once(tool: Tool, count: int, make: Make) -> Sequence[Sent]:
    """All in the same moment."""
    now = system_clock().timestamp()
    sending = (tool.deliver(make(number, now), now) for number in range(count))
    return await asyncio.gather(*sending)


async def until(
    over: asyncio.Event, tool: Tool, rate: float, make: Make
) -> Sequence[Sent]:
    """So many a second until it is `over`; returns when all are taken."""
    tasks: list[asyncio.Task[Sent]] = []
    async with asyncio.TaskGroup() as group:
        while not over.is_set():
            due = system_clock().timestamp()
            tasks.append(group.create_task(tool.deliver(make(len(tasks), due), due)))
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), 1 / rate)
    return [task.result() for task in tasks]
