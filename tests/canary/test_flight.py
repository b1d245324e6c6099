"""The canary in a real installation: it comes back, the watchdog hears it, people see nothing."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import credentials
from pagefree.accounts import service as accounts
from pagefree.accounts.credentials import AskedApiKey
from pagefree.accounts.queries import NewUser
from pagefree.canary import queries, service
from pagefree.core import canary as core
from pagefree.core.access import Actor, Scope
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault, token_hash
from pagefree.infra.db import Tx, create_engine, transaction
from pagefree.invariants.service import list_violations
from pagefree.maintenance import service as maintenance
from pagefree.maintenance.service import Draft as Work
from pagefree.routing import service as routing
from pagefree.routing.actions import RuleActions
from pagefree.routing.service import Draft as Rule
from pagefree.services.queries import list_routes
from pagefree.tables.accounts import process_beats, users
from pagefree.tables.audit import audit_entries
from pagefree.tables.incidents import incidents
from tests.crash.installation import SECRET_KEY, answers
from tests.fake_servers import WebServer, web_server
from tests.programs import BIN, Program, eventually, free_port

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
VAULT = Vault("a key for tests, long enough to be one")


@pytest.fixture
async def engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(fresh_database, pool_size=3)
    yield engine
    await engine.dispose()


@pytest.fixture
async def watchdog() -> AsyncIterator[WebServer]:
    async with web_server() as server:
        yield server


async def admin_key(tx: Tx) -> str:
    now = system_clock()
    new = NewUser("ana@example.org", "Ana", None, platform_admin=True)
    ana = await accounts.create_user(tx, new, now)
    asked = AskedApiKey("test", frozenset(Scope), None)
    _, key = await credentials.create_api_key(tx, Actor(ana.id, "Ana"), asked, now)
    return key


async def test_it_comes_back_and_nobody_sees_that_it_was_there(
    fresh_database: str, engine: AsyncEngine, tmp_path: Path, watchdog: WebServer
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    variables = {
        "PAGEFREE_DATABASE_URL": fresh_database,
        "PAGEFREE_SECRET_KEY": SECRET_KEY,
        "PAGEFREE_PORT": str(port),
        "PAGEFREE_CANARY": "true",
        "PAGEFREE_WATCHDOG_URL": f"{watchdog.base}/ping/abc?x=1",
    }
    async with transaction(engine) as tx:
        key = await admin_key(tx)
        await _hush_everything(tx)
    async with AsyncExitStack() as stack:
        for name in ("web", "worker"):
            part = Program((BIN / "pagefree", name), tmp_path, name, variables)
            part.start()
            stack.callback(part.kill)
        await answers(address)

        async def flown() -> list[core.Run]:
            async with transaction(engine) as tx:
                return await queries.list_runs(tx, 10)

        (run, *_) = await eventually(flown, 60)
        assert run.ok, run.why
        assert [request.path for request in watchdog.posts] == ["/ping/abc?x=1"]
        await _nothing_is_seen(address, key)
    async with transaction(engine) as tx:
        assert not await list_violations(tx, system_clock())
        entry = audit_entries.c
        audited = select(entry.kind).where(
            or_(
                entry.object_id.startswith(core.ID_PREFIX),
                entry.team_id == core.TEAM_ID,
            )
        )
        assert list(await tx.scalars(audited)) == []
        numbers = list(await tx.scalars(select(incidents.c.number)))
        assert {number < 0 for number in numbers} == {True}  # it may have flown again


async def _hush_everything(tx: Tx) -> None:
    """By a rule and by planned work of the installation, which were not made for it."""
    now, (ana,) = system_clock(), await tx.execute(select(users.c.id, users.c.name))
    admin = Actor(ana.id, ana.name, platform_admin=True)
    hush = RuleActions.model_validate({"suppress": {"reason": "all"}})
    await routing.create_rule(tx, None, Rule("all", "", None, hush), admin, now)
    planned = Work("all", now, now + timedelta(hours=1), (), {}, None, "UTC", None)
    await maintenance.create_window(tx, None, planned, admin, now)


async def _nothing_is_seen(address: str, key: str) -> None:
    """Ask for everything that can be asked for without knowing an id."""
    seen, asked = [], 0
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(
        base_url=address, headers=headers, timeout=30
    ) as http:
        paths = (await http.get("/api/openapi.json")).json()["paths"]
        for path, operations in paths.items():
            if "get" not in operations or "{" in path:
                continue
            needed = {
                one["name"]: EXAMPLES.get(one["name"], "canary")
                for one in operations["get"].get("parameters", ())
                if one.get("required") and one["in"] == "query"
            }
            reply = await http.get(path, params=needed)
            asked += reply.is_success
            if core.NAME in reply.text or core.ID_PREFIX in reply.text:
                seen.append((path, reply.text[:300]))
    assert asked > 60
    assert seen == []


async def test_one_of_several_workers_flies_and_the_next_a_minute_later(tx: Tx) -> None:
    assert await service.take_turn(tx, VAULT, NOW) == (None, NOW + core.SETTLING)
    due = NOW + core.SETTLING

    key, then = await service.take_turn(tx, VAULT, due)
    assert key is not None
    assert then == due + core.EVERY
    assert await service.take_turn(tx, VAULT, due) == (None, then)
    assert await service.take_turn(tx, VAULT, then) == (key, then + core.EVERY)


async def test_it_waits_while_processes_of_another_release_are_running(tx: Tx) -> None:
    _, due = await service.take_turn(tx, VAULT, NOW)
    await tx.execute(  # of before it told which
        process_beats.insert().values(
            name="worker:old:1", kind="worker", started_at=NOW, beat_at=due
        )
    )

    nobody, then = await service.take_turn(tx, VAULT, due)
    assert (nobody, then) == (None, due + core.EVERY)
    assert await queries.list_runs(tx, 1) == []
    later = due + 2 * core.EVERY  # it was not heard of since
    somebody, _ = await service.take_turn(tx, VAULT, later)
    assert somebody is not None


async def test_another_key_of_the_installation_makes_another_routing_key(
    tx: Tx,
) -> None:
    _, due = await service.take_turn(tx, VAULT, NOW)
    first, due = await service.take_turn(tx, VAULT, due)

    other = Vault("another key for tests, as long as the first")
    second, _ = await service.take_turn(tx, other, due)

    assert first is not None
    assert second is not None
    assert second != first
    assert len(await list_routes(tx, due, [token_hash(second)])) == 1
    assert not await list_routes(tx, due, [token_hash(first)])


async def test_what_is_left_of_a_flight_is_deleted_after_a_day(tx: Tx) -> None:
    await queries.insert_run(tx, core.Run(NOW, timedelta(seconds=1), None))

    await queries.delete_before(tx, system_clock() - core.KEPT)
    assert len(await queries.list_runs(tx, 5)) == 1
    await queries.delete_before(tx, system_clock() + core.KEPT)
    assert await queries.list_runs(tx, 5) == []


@pytest.mark.parametrize(
    ("url", "failing"),
    [
        ("https://hc-ping.com/abc", "https://hc-ping.com/abc/fail"),
        ("https://hc-ping.com/abc/", "https://hc-ping.com/abc/fail"),
        (
            "https://x.example/ping/k/job?create=1",
            "https://x.example/ping/k/job/fail?create=1",
        ),
    ],
)
def test_a_failure_is_told_as_healthchecks_wants_it(url: str, failing: str) -> None:
    assert service.with_suffix(url, "fail") == failing


EXAMPLES = {"from": "2026-03-01T00:00:00Z", "to": "2036-03-01T00:00:00Z"}
