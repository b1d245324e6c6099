"""Redis is a convenience: whatever becomes of it, people are paged."""

import asyncio
import random
from dataclasses import dataclass

import httpx2
import pytest

from tests.chaos.proxy import Proxy, Target, Weather, proxy_to
from tests.chaos.standing import Standing
from tests.crash.installation import answers
from tests.crash.monitoring_tool import MonitoringTool
from tests.programs import free_port
from tests.redis_server import Redis

pytestmark = [pytest.mark.xdist_group("standing"), pytest.mark.crash]

FORGED = 2_000
PER_S = 10


async def ask(port: int, *commands: bytes) -> bytes:
    """What Redis says to these."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"".join(command + b"\r\n" for command in commands))
    await writer.drain()
    answer = await reader.read(1 << 16)
    writer.close()
    return answer


@dataclass(slots=True)
class Fates:
    """What may become of Redis."""

    redis: Redis
    network: Proxy

    async def appears(self) -> None:
        await asyncio.to_thread(self.redis.start)

    async def is_slow(self) -> None:
        self.network.change(Weather(latency_s=2.5))

    async def hangs_up(self) -> None:
        self.network.change(Weather())
        self.network.reset_all()

    async def is_killed(self) -> None:
        self.redis.stop()

    async def holds_nonsense(self) -> None:
        await self.appears()
        names = [
            line
            for line in (await ask(self.redis.port, b"KEYS *")).split(b"\r\n")
            if line[:1] not in {b"", b"*", b"$"}
        ]
        for name in names:
            await ask(self.redis.port, b"DEL " + name, b"LPUSH " + name + b" nonsense")


@pytest.mark.fault(
    "T-16", "Redis is absent, appears, is slow, hangs up, is killed, holds nonsense"
)
async def test_whatever_becomes_of_redis_people_are_paged(
    installation: Standing, redis: Redis
) -> None:
    redis.stop()
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    async with proxy_to(Target(redis.port)) as network:
        url = f"redis://127.0.0.1:{network.port}/0"
        web = installation.another(
            "web", PAGEFREE_PORT=str(port), PAGEFREE_REDIS_URL=url
        )
        web.start()
        await answers(address)
        tool = await _sent_meanwhile(installation, address, Fates(redis, network))
        web.kill()
    assert tool.refused == 0
    await installation.nothing_is_lost(tool)


async def _sent_meanwhile(
    installation: Standing, address: str, fates: Fates
) -> MonitoringTool:
    async with httpx2.AsyncClient(base_url=address) as client:
        key = installation.installation.routing_key
        tool = MonitoringTool(client, key, "redis-absent", per_s=PER_S)
        await tool.send_for(1, random.Random(1))
        for fate in (
            fates.appears,
            fates.is_slow,
            fates.hangs_up,
            fates.is_killed,
            fates.holds_nonsense,
        ):
            await fate()
            tool.name = f"redis-{fate.__name__}"
            await tool.send_for(1, random.Random(1))
    return tool


@pytest.mark.fault("T-17", "Redis is flooded with forged messages")
async def test_forged_messages_in_redis_break_nothing(
    installation: Standing, redis: Redis
) -> None:
    port = free_port()
    web = installation.another(
        "web", PAGEFREE_PORT=str(port), PAGEFREE_REDIS_URL=redis.url
    )
    web.start()
    address = f"http://127.0.0.1:{port}"
    await answers(address)
    channels = (await ask(redis.port, b"PUBSUB CHANNELS *")).split(b"\r\n")
    heard = [name for name in channels if name and name[:1] not in b"*$"]
    for channel in [*heard, b"socketio"]:
        for junk in (b"x", b"{}", b'"\\x80\\x04."', b'{"method":"emit","event":"x"}'):
            quoted = b'"' + junk.replace(b'"', b'\\"') + b'"'
            flood = [b"PUBLISH " + channel + b" " + quoted] * (FORGED // 4)
            await ask(redis.port, *flood)
    async with httpx2.AsyncClient(base_url=address) as client:
        key = installation.installation.routing_key
        tool = MonitoringTool(client, key, "forged", per_s=PER_S)
        await tool.send_for(1, random.Random(17))
        session = await client.get("/v1/incidents")
    assert session.status_code == httpx2.codes.UNAUTHORIZED
    assert web.runs, web.printed
    assert tool.refused == 0
    await installation.nothing_is_lost(tool)
