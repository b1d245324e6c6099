"""What arrived at the sink, and how long after its alert was due to be sent."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from bench.percentiles import percentile

STALLED_S = 15.0  # without a new page
POLL_S = 0.05
DUE = " @"  # what a title says after it: when its alert was due to be sent


@dataclass(frozen=True, slots=True)
class Page:
    """One webhook."""

    at: float  # seconds since 1970
    title: str

    @property
    def latency_s(self) -> float:
        """How long after its alert was due to be sent; for alerts of `pace` only."""
        return self.at - float(self.title.rpartition(DUE)[2])


@dataclass(frozen=True, slots=True)
class Sink:
    """The process of bench/sink.py."""

    port: int

    async def count(self) -> int:
        """How many came so far."""
        return int(await self._get("/count"))

    async def pages(self, at_least: int) -> list[Page]:
        """What came, once that is `at_least` so many, or nothing more comes."""
        seen, since = 0, time.monotonic()
        while seen < at_least and time.monotonic() < since + STALLED_S:
            await asyncio.sleep(POLL_S)
            if (count := await self.count()) > seen:
                seen, since = count, time.monotonic()
        rows: list[tuple[float, str]] = msgspec.json.decode(await self._get("/pages"))
        return [Page(at, title) for at, title in rows]

    async def _get(self, path: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(f"GET {path} HTTP/1.1\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            return await reader.readexactly(int(head.rpartition(b":")[2]))
        finally:
            writer.close()


def paced(pages: Iterable[Page]) -> list[Page]:
    """Those of alerts that `pace` sent."""
    return [page for page in pages if DUE in page.title]


def once_each(pages: Sequence[Page], expected: int) -> str | None:
    """What is wrong, unless `expected` different alerts were paged exactly once each."""
    times = Counter(page.title for page in pages)
    if repeated := sum(count > 1 for count in times.values()):
        return f"{repeated} alerts were paged more than once"
    if len(times) != expected:
        return f"{expected} pages expected, {len(times)} came"
    return None


def latencies_ms(pages: Iterable[Page], prefix: str = "page") -> dict[str, float]:
    """The figures of a scenario that paces its alerts."""
    seconds = [page.latency_s for page in pages]
    return {
        f"{prefix} p50": percentile(seconds, 50),
        f"{prefix} p99": percentile(seconds, 99),
        f"{prefix} max": percentile(seconds, 100),
    }
