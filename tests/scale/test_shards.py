"""Ingest over several databases: what is exact on one is exact on all of them together."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

import asyncpg
import httpx2
import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.world import SECRET_KEY, build
from pagefree.alerts.asgi import Receive, Scope, Send
from pagefree.alerts.ingest import Ingest
from pagefree.core.sharding import home_of, shard_of
from pagefree.escalation import jobs as escalation
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Channel, Connection, create_engine, transaction
from pagefree.infra.listen import Listener
from pagefree.infra.postgres import DATABASE
from pagefree.infra.queue import Context

KEYS, EVENTS = 60, 400
SOURCE = UUID(int=1)  # one that all shards know
OPEN = "SELECT EXISTS (SELECT FROM alerts WHERE dedup_key = $1 AND status = 'open')"
OPEN_ALERTS = "SELECT dedup_key, occurrences FROM alerts WHERE status = 'open'"
EPISODES = "SELECT dedup_key, occurrences FROM alerts"
PAGED = """
SELECT i.title, count(*) FROM notifications AS n JOIN incidents AS i ON i.id = n.incident_id
WHERE n.kind = 'page' AND n.status <> 'skipped' GROUP BY i.id
"""


async def _nothing(_: Scope, __: Receive, ___: Send) -> None:
    raise AssertionError("what is sent here is for ingest")


@dataclass(slots=True)
class Shard:
    """An installation of its own: a database, ingest, and somebody on call."""

    engine: AsyncEngine
    connection: Connection
    client: httpx2.AsyncClient
    key: str  # to send with

    async def send(self, action: str, dedup_key: str) -> None:
        """Take an event in, for good."""
        body = {
            "routing_key": self.key,
            "event_action": action,
            "dedup_key": dedup_key,
            "payload": {"summary": dedup_key, "source": "t", "severity": "critical"},
        }
        answer = await self.client.post("/v2/enqueue", json=body)
        assert answer.status_code == 202

    async def page(self) -> None:
        """Page whoever is due."""
        await escalation.sweep(
            Context(self.engine, system_clock, structlog.get_logger())
        )


@dataclass(slots=True)
class Cluster:
    """Shards, and the router in front of them: it keeps nothing but their names."""

    shards: dict[str, Shard]
    names: list[str]
    former: list[str] = field(default_factory=list)

    async def send(self, action: str, dedup_key: str) -> str:
        """To the shard that the key belongs to; returns which."""
        opened = {
            name: await self.shards[name].connection.fetchval(OPEN, dedup_key)
            for name in self.former
        }
        home = home_of(SOURCE, dedup_key, self.names, self.former, opened.__getitem__)
        await self.shards[home].send(action, dedup_key)
        return home

    async def rows(self, query: str) -> list[tuple[str, int]]:
        """What all shards say."""
        found: list[tuple[str, int]] = []
        for name in self.names:
            found += map(tuple, await self.shards[name].connection.fetch(query))
        return found


@pytest.fixture
async def cluster(postgres: str, template: str) -> AsyncIterator[Cluster]:
    """Three shards on one server, and a fourth that nothing is sent to yet."""
    admin = await asyncpg.connect(postgres)
    async with AsyncExitStack() as stack:
        shards = {}
        for name in ("one", "two", "three", "four"):
            await admin.execute(f"CREATE DATABASE shard_{name} TEMPLATE {template}")
            url = postgres.replace(f"/{DATABASE}?", f"/shard_{name}?", 1)
            shards[name] = await _opened(url, stack)
        yield Cluster(shards, ["one", "two", "three"])
    for name in shards:
        await admin.execute(f"DROP DATABASE shard_{name} WITH (FORCE)")
    await admin.close()


async def _opened(url: str, stack: AsyncExitStack) -> Shard:
    engine = create_engine(url, pool_size=2)
    stack.push_async_callback(engine.dispose)
    async with transaction(engine) as tx:
        world = await build(tx, "http://127.0.0.1:9/")
    ingest = Ingest(url, system_clock, vault=Vault(SECRET_KEY))
    listener = Listener(url, [Channel.CONFIG])
    await stack.enter_async_context(listener.running())
    await stack.enter_async_context(ingest.running(listener))
    transport = httpx2.ASGITransport(ingest.in_front_of(_nothing))
    client = httpx2.AsyncClient(transport=transport, base_url="http://shard.test")
    await stack.enter_async_context(client)
    connection = await asyncpg.connect(url)
    stack.push_async_callback(connection.close)
    return Shard(engine, connection, client, world.paging_key)


async def test_shards_together_page_once_an_episode_even_while_one_is_added(
    cluster: Cluster,
) -> None:
    random = Random(9)
    firing: Counter[str] = Counter()  # how often, of those that fire now
    episodes: list[tuple[str, int]] = []  # that are over
    homes: dict[str, set[str]] = {}
    for number in range(EVENTS):
        if number == EVENTS // 2:
            cluster.former, cluster.names = cluster.names, [*cluster.names, "four"]
        key = f"disk/{random.randrange(KEYS)}"
        over = bool(firing[key]) and random.random() < 0.2
        home = await cluster.send("resolve" if over else "trigger", key)
        if not firing[key]:
            homes[key] = set()
        homes[key].add(home)
        assert len(homes[key]) == 1  # as long as it fires
        if over:
            episodes.append((key, firing.pop(key)))
        else:
            firing[key] += 1
        if number % 50 == 0:
            for shard in cluster.shards.values():
                await shard.page()
    for shard in cluster.shards.values():
        await shard.page()

    still = [(key, count) for key, count in firing.items() if count]
    assert sorted(await cluster.rows(EPISODES)) == sorted([*episodes, *still])
    assert sorted(await cluster.rows(OPEN_ALERTS)) == sorted(still)
    paged = await cluster.rows(PAGED)
    assert {count for _, count in paged} == {1}
    assert Counter(key for key, _ in paged) <= Counter(
        key for key, _ in [*episodes, *still]
    )
    assert {key for key, _ in still} <= {key for key, _ in paged}
    moved = {
        key
        for key in homes
        if shard_of(SOURCE, key, cluster.former) != shard_of(SOURCE, key, cluster.names)
    }
    assert 0 < len(moved) < KEYS / 2
