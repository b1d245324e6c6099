"""The sending lane itself: several of them, slow and dead addresses, stopping in good order."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import channel_configs, contact_queries
from pagefree.accounts import service as accounts
from pagefree.accounts.contact_queries import NewContactMethod
from pagefree.accounts.contacts import secret_purpose
from pagefree.accounts.queries import NewUser
from pagefree.app.worker import WorkerDeps, run_worker
from pagefree.channels.base import Transports
from pagefree.core.access import Actor
from pagefree.core.alerts import Severity
from pagefree.core.escalation import Policy, Step, Target, TargetKind
from pagefree.core.notifications import Rule
from pagefree.core.routing import Urgency
from pagefree.incidents.service import Opening, acknowledge, open_many
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Channel, create_engine, driver, notify, transaction
from pagefree.infra.http import GuardedClient
from pagefree.infra.ids import new_id
from pagefree.notifications import rule_queries
from pagefree.notifications.delivery import Gateway
from pagefree.tables.services import services
from pagefree.timeline.service import SYSTEM
from tests.fake_servers import Manner, WebServer, web_server

VAULT = Vault("a key for tests, long enough to be one")
SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
DEADLINE_S = 60


@pytest.fixture
async def committed(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    """A database of one's own, to really commit to."""
    engine = create_engine(fresh_database)
    yield engine
    await engine.dispose()


@pytest.fixture
async def web() -> AsyncIterator[WebServer]:
    async with web_server() as server:
        yield server


@asynccontextmanager
async def worker(url: str) -> AsyncIterator[asyncio.Event]:
    """A worker of its own; it is told to stop when the block ends."""
    engine, http = create_engine(url, pool_size=4), GuardedClient(["127.0.0.0/8"])
    gateway = Gateway(Transports(http, None), VAULT, "http://x", system_clock)
    stop = asyncio.Event()
    deps = WorkerDeps(engine, url, gateway)
    running = asyncio.create_task(run_worker(deps, stop))
    yield stop
    stop.set()
    await running
    await http.aclose()
    await engine.dispose()


async def open_incidents(engine: AsyncEngine, count: int, *urls: str) -> None:
    """Incidents that each page one person, whose only rule is one of these webhooks."""
    now = system_clock()
    async with transaction(engine) as tx:
        team = await accounts.create_team(tx, "Web", "", now)
        service_id = new_id()
        row = {"id": service_id, "team_id": team.id, "name": "Shop", "created_at": now}
        await tx.execute(insert(services).values(row))
        policies = []
        for number, url in enumerate(urls):
            new = NewUser(f"u{number}@example.org", f"u{number}")
            user = await accounts.create_user(tx, new, now)
            method_id = new_id()
            sealed = VAULT.seal(SECRET.encode(), secret_purpose(method_id))
            address = {"url": url}
            method = NewContactMethod(
                method_id, user.id, "webhook", "hook", address, sealed
            )
            await contact_queries.insert_contact_methods(tx, [method], now)
            rule = Rule(Urgency.HIGH, timedelta(0), method_id)
            await rule_queries.replace_rules(tx, user.id, [rule])
            target = Target(TargetKind.USER, user.id)
            step = Step(timedelta(hours=1), (target,))
            policies.append(Policy(new_id(), "p", (step,)))
        openings = [
            Opening(
                new_id(), service_id, team.id, policies[n % len(urls)], "Disk full",
                Severity.CRITICAL, "P1", Urgency.HIGH, None, 1, SYSTEM,
            )
            for n in range(count)
        ]  # fmt: skip
        await open_many(await driver(tx), openings, now)
        await notify(tx, Channel.MESSAGES)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not await condition():  # noqa: ASYNC110 - the database cannot set an event
            await asyncio.sleep(0.02)


async def statuses(engine: AsyncEngine) -> Counter[str]:
    async with transaction(engine) as tx:
        rows = await tx.execute(text("SELECT status FROM notifications"))
        return Counter(rows.scalars())


async def test_three_workers_page_each_incident_exactly_once(
    committed: AsyncEngine, fresh_database: str, web: WebServer
) -> None:
    async with AsyncExitStack() as workers:
        for _ in range(3):
            await workers.enter_async_context(worker(fresh_database))
        await open_incidents(committed, 300, web.url)

        async def all_sent() -> bool:
            return (await statuses(committed))["accepted"] == 300

        await until(all_sent)

    ids = Counter(post.headers["webhook-id"] for post in web.posts)
    assert len(ids) == 300
    assert set(ids.values()) == {1}


async def test_a_stalling_webhook_does_not_hold_up_the_others(
    committed: AsyncEngine, fresh_database: str, web: WebServer
) -> None:
    async with web_server() as stalling:
        stalling.manner = Manner.HANG
        async with worker(fresh_database):
            await open_incidents(committed, 100, stalling.url, web.url)

            async def others_sent() -> bool:
                return len(web.posts) == 50

            await until(others_sent)
            assert (await statuses(committed))["accepted"] <= 50
            stalling.manner = Manner.OK
            stalling.closing.set()


async def test_a_worker_that_is_told_to_stop_finishes_what_it_is_sending(
    committed: AsyncEngine, fresh_database: str, web: WebServer
) -> None:
    web.manner = Manner.HANG
    async with worker(fresh_database) as stop:
        await open_incidents(committed, 1, web.url)

        async def arrived() -> bool:
            return bool(web.posts)

        await until(arrived)
        stop.set()
        web.manner = Manner.OK
        web.released.set()

    assert (await statuses(committed))["accepted"] == 1


async def test_a_worker_takes_over_what_another_left_behind(
    committed: AsyncEngine, fresh_database: str, web: WebServer
) -> None:
    await open_incidents(committed, 5, web.url)  # while no worker was there to hear it

    async with worker(fresh_database):

        async def all_sent() -> bool:
            return (await statuses(committed))["accepted"] == 5

        await until(all_sent)

    async with transaction(committed) as tx:
        assert await tx.scalar(text("SELECT count(*) FROM process_beats")) == 0


async def use_slack(engine: AsyncEngine, web: WebServer) -> Actor:
    """The only person is told by Slack instead, and may acknowledge."""
    now = system_clock()
    body = json.dumps({"ok": True, "channel": "D1", "ts": "17.1"})
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n"
    web.answer = (head + body).encode()
    config = {"bot_token": "xoxb-1", "signing_secret": "s" * 20, "api_url": web.url}
    address = {"team_id": "T1", "user_id": "U1"}
    async with transaction(engine) as tx:
        await channel_configs.keep_operator_configs(tx, {"slack": config}, VAULT, now)
        user_id: UUID = (await tx.execute(text("SELECT id FROM users"))).scalar_one()
        method = NewContactMethod(new_id(), user_id, "slack", "", address, None)
        await contact_queries.insert_contact_methods(tx, [method], now)
        rule = Rule(Urgency.HIGH, timedelta(0), method.id)
        await rule_queries.replace_rules(tx, user_id, [rule])
    return Actor(user_id, "u0", platform_admin=True)


async def test_a_worker_brings_what_was_sent_up_to_date(
    committed: AsyncEngine, fresh_database: str, web: WebServer
) -> None:
    await open_incidents(committed, 1, web.url)
    actor = await use_slack(committed, web)
    async with worker(fresh_database):

        async def sent() -> bool:
            return (await statuses(committed))["accepted"] == 1

        await until(sent)
        async with transaction(committed) as tx:
            found = await tx.execute(text("SELECT id FROM incidents"))
            await acknowledge(tx, found.scalar_one(), actor, system_clock())

        async def updated() -> bool:
            left = "SELECT 1 FROM notifications WHERE withdraw_due_at IS NOT NULL"
            async with transaction(committed) as tx:
                return (await tx.execute(text(left))).first() is None

        await until(updated)

    posted, update = (json.loads(post.body) for post in web.posts)
    assert "ts" not in posted
    assert update["ts"] == "17.1"
    assert update["text"].startswith("Acknowledged by u0: ")
