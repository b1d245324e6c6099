"""The lane when things go wrong: races, poison, a database that is away, too much at once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import chain, repeat
from pathlib import Path

import asyncpg
import pytest

from pagefree.alerts import requests
from pagefree.alerts.ingest import LANE_SETTINGS
from pagefree.alerts.lane import Lane, Limits
from pagefree.alerts.requests import Request
from pagefree.alerts.rulebook import NO_RULES, Rulebook
from pagefree.core.alerts import Action, AlertEvent
from pagefree.core.errors import Unavailable
from pagefree.infra import migrate, seen_views
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Connection
from pagefree.infra.ids import new_id
from pagefree.infra.metrics import REGISTRY
from pagefree.infra.postgres import EmbeddedPostgres
from tests.ingest.scene import Scene, opened

KEYS = 20


@asynccontextmanager
async def lane_on(
    url: str,
    limits: Limits | None = None,
    first: Sequence[Mapping[str, str]] = (),
    rulebook: Callable[[], Rulebook] = lambda: NO_RULES,
) -> AsyncIterator[Lane]:
    """A lane of its own, as another process would have one.

    `first`: the settings of its first connections, which are not as they should be.
    """
    settings = chain(first, repeat(LANE_SETTINGS))

    async def connect() -> Connection:
        return await asyncpg.connect(url, server_settings=next(settings), timeout=20)

    lane = Lane(connect, system_clock, limits, rulebook)
    task = asyncio.create_task(lane.run())
    yield lane
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def request(
    scene: Scene, *, key: str = "k", title: str = "t", action: Action = Action.TRIGGER
) -> Request:
    """A request of the generic integration with one event."""
    source = await scene.ingest.snapshot.of_integration(scene.sources["generic"].id)
    assert source is not None
    event = AlertEvent(action, key, title=title)
    return Request(new_id(), source, b"{}", "application/json", "a test", [event])


async def test_two_processes_never_open_two_alerts_of_one_key(scene: Scene) -> None:
    async with lane_on(scene.url) as one, lane_on(scene.url) as two:
        some = await request(scene)
        storm = [
            lane.submit(
                requests.Request(
                    new_id(),
                    some.source,
                    b"{}",
                    "",
                    "",
                    [AlertEvent(action, f"k{n % KEYS}", group_key=f"g{n % 3}")],
                )
            )
            for n in range(400)
            for lane, action in (
                (one, Action.TRIGGER),
                (two, Action.RESOLVE if n % 7 == 0 else Action.TRIGGER),
            )
        ]
        taken = await asyncio.gather(*storm)

    assert len(taken) == 800
    twice = """
        SELECT dedup_key FROM alerts WHERE status = 'open'
        GROUP BY dedup_key HAVING count(*) > 1
    """
    assert await scene.rows(twice) == []
    fired = await scene.value("SELECT sum(occurrences) FROM alerts")
    outcomes = await scene.outcomes()
    assert fired == sum(outcome in {"opened", "duplicate"} for outcome in outcomes)
    assert len(outcomes) == 800
    wrong_counts = """
        SELECT number FROM incidents AS i WHERE open_alert_count <> (
            SELECT count(*) FROM alerts AS a
            WHERE a.incident_id = i.id AND a.status = 'open'
        )
    """
    assert await scene.rows(wrong_counts) == []
    groups = """
        SELECT group_key FROM incidents WHERE status <> 'resolved'
        GROUP BY group_key HAVING count(*) > 1
    """
    assert await scene.rows(groups) == []


async def test_what_only_opens_alerts_is_stored_by_one_statement(scene: Scene) -> None:
    said: list[str] = []

    async def connect() -> Connection:
        connection = await asyncpg.connect(scene.url, server_settings=LANE_SETTINGS)
        connection.add_query_logger(lambda query: said.append(query.query))
        return connection

    lane = Lane(connect, system_clock)
    task = asyncio.create_task(lane.run())
    spoken = {}
    for about, key in (("first", "a"), ("new", "b"), ("known", "b"), ("after it", "c")):
        said.clear()
        await lane.submit(await request(scene, key=key))
        # what asyncpg asks about types is left out
        ours = [sql for sql in said if "alerts" in sql or sql in {"BEGIN;", "COMMIT;"}]
        spoken[about] = [sql.split()[0].rstrip(";") for sql in ours]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    in_one = ["BEGIN", "SELECT", "WITH", "COMMIT"]
    assert spoken["first"] == in_one  # nobody knows yet what it brings
    assert spoken["new"] == ["SELECT", "WITH"]
    assert spoken["known"] == ["SELECT", *in_one]  # looked for once more, and locked
    assert spoken["after it"] == in_one
    assert await scene.outcomes() == ["opened", "opened", "duplicate", "opened"]


@pytest.mark.fault("T-09", "an event cannot be stored")
async def test_only_the_poisoned_row_of_a_batch_is_quarantined(scene: Scene) -> None:
    wanted = [await request(scene, key=f"k{n}") for n in range(40)]
    # text that PostgreSQL refuses: a parser that forgot to clean it
    wanted[17] = await request(scene, key="poison", title="a\0b")
    wanted[31] = await request(scene, key="poison 2", title="\ud800")
    async with lane_on(scene.url) as lane:
        taken = await asyncio.gather(*(lane.submit(one) for one in wanted))

    assert [one.request_id for one in taken] == [one.id for one in wanted]
    bad = "SELECT id FROM inbound_requests WHERE outcome = 'quarantined' ORDER BY id"
    assert await scene.rows(bad) == [(wanted[17].id,), (wanted[31].id,)]
    assert await scene.value("SELECT count(*) FROM inbound_requests") == 40
    # 38 alerts, and one that says that something could not be stored
    assert await scene.value("SELECT count(*) FROM incidents") == 39


async def test_a_broken_connection_is_replaced_and_nothing_is_lost_or_doubled(
    scene: Scene,
) -> None:
    kill = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND query ILIKE '%inbound_requests%'
    """
    async with lane_on(scene.url) as lane:
        for n in range(30):
            sent = lane.submit(await request(scene, key=f"k{n}"))
            killed = scene.connection.execute(kill)
            await asyncio.gather(sent, killed)

    assert await scene.value("SELECT count(*) FROM inbound_requests") == 30
    assert await scene.value("SELECT count(*) FROM incidents") == 30


async def test_a_server_that_only_reads_is_left_for_the_one_that_writes(
    scene: Scene,
) -> None:
    reads_only = {**LANE_SETTINGS, "default_transaction_read_only": "on"}
    async with lane_on(scene.url, first=[reads_only, reads_only]) as lane:
        taken = await lane.submit(await request(scene))

    stored = await scene.rows("SELECT id FROM inbound_requests")
    assert stored == [(taken.request_id,)]


class UnspeakableError(OSError):
    """There is no memory left to say what it is."""

    def __repr__(self) -> str:
        raise MemoryError


@pytest.mark.parametrize("error", [MemoryError(), UnspeakableError()])
async def test_a_lane_without_memory_refuses_and_stores_what_comes_afterwards(
    scene: Scene, error: Exception
) -> None:
    errors = [error] * 5

    def rulebook() -> Rulebook:
        if errors:
            raise errors.pop()
        return NO_RULES

    async with lane_on(scene.url, rulebook=rulebook) as lane:
        with pytest.raises(Unavailable):
            await lane.submit(await request(scene))
        errors.clear()
        taken = await lane.submit(await request(scene))

    stored = await scene.rows("SELECT id, error FROM inbound_requests")
    assert stored == [(taken.request_id, None)]


async def test_whoever_gave_up_comes_back_by_another_connection(scene: Scene) -> None:
    # whoever may read everything may write nothing: what a try again cannot mend
    forbidden = {**LANE_SETTINGS, "role": "pg_read_all_data"}
    async with lane_on(scene.url, first=[forbidden]) as lane:
        with pytest.raises(Unavailable):
            await lane.submit(await request(scene))
        taken = await lane.submit(await request(scene))

    stored = await scene.rows("SELECT id FROM inbound_requests")
    assert stored == [(taken.request_id,)]


async def test_a_migration_under_a_running_lane_loses_nothing(
    own_database: str,
) -> None:
    async with opened(own_database) as scene, lane_on(scene.url) as lane:
        for n in range(3):
            await lane.submit(await request(scene, key=f"k{n}"))
            await scene.connection.execute(
                f"DROP SCHEMA IF EXISTS {seen_views.SCHEMA} CASCADE;"
                f"ALTER TABLE alerts ADD COLUMN new_{n} text;"
                "ALTER TABLE alerts ALTER COLUMN severity TYPE varchar(20)"
            )
        await lane.submit(await request(scene, key="k0"))

        outcomes = ["opened", "opened", "opened", "duplicate"]
        assert await scene.outcomes() == outcomes


async def test_what_ingest_does_is_counted(scene: Scene) -> None:
    def counted(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(f"pagefree_ingest_{name}", labels) or 0

    before = counted("events_total", outcome="opened"), counted("quarantined_total")
    await scene.generic({"title": "x"})
    await scene.post("generic", b"x")

    assert counted("events_total", outcome="opened") == before[0] + 2
    assert counted("quarantined_total") == before[1] + 1
    assert counted("waiting") == 0


async def test_a_commit_whose_answer_was_lost_is_not_done_twice(scene: Scene) -> None:
    sent = await request(scene)
    async with lane_on(scene.url) as lane:
        await lane.submit(sent)
        # the same request again is what a try after a lost answer looks like
        again = await lane.submit(sent)

    assert again.request_id == sent.id
    assert await scene.value("SELECT occurrences FROM alerts") == 1


async def test_senders_are_asked_to_come_again_while_the_database_is_away(
    tmp_path: Path,
) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", fsync=False)
    url = await asyncio.to_thread(server.start)
    try:
        await migrate.upgrade(url)
        async with opened(url) as scene:
            assert (await scene.generic({"title": "before"})).status_code == 202

            await asyncio.to_thread(server.stop)
            began = asyncio.get_running_loop().time()
            away = await scene.generic({"title": "meanwhile"})
            assert (away.status_code, away.headers["Retry-After"]) == (503, "5")
            assert asyncio.get_running_loop().time() - began < 15
            unknown = await scene.client.post("/in/generic/pfi_nobody", json={})
            assert unknown.status_code == 404

            await asyncio.to_thread(server.start)
            assert (await scene.generic({"title": "after"})).status_code == 202
            stored = await asyncpg.connect(url)
            titles = await stored.fetch("SELECT title FROM alerts ORDER BY id")
            assert [title for (title,) in titles] == ["before", "after"]
            await stored.close()
    finally:
        await asyncio.to_thread(server.stop)


async def test_only_so_much_may_wait(fresh_database: str) -> None:
    async with opened(fresh_database, Limits(requests=3)) as scene:
        blocker = await asyncpg.connect(fresh_database)
        transaction = blocker.transaction()
        await transaction.start()
        await blocker.execute("LOCK TABLE inbound_requests IN ACCESS EXCLUSIVE MODE")
        first = asyncio.create_task(scene.generic({"title": "being stored"}))
        blocked = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while not await blocker.fetchval(blocked):  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0.01)

        answers = [
            asyncio.create_task(scene.generic({"title": f"{n}"})) for n in range(8)
        ]
        refused = [await answer for answer in answers[3:]]
        await transaction.rollback()
        stored = [await first, *[await answer for answer in answers[:3]]]
        await blocker.close()

        assert [answer.status_code for answer in refused] == [503] * 5
        assert {answer.headers["Retry-After"] for answer in refused} == {"5"}
        assert [answer.status_code for answer in stored] == [202] * 4
        assert await scene.value("SELECT count(*) FROM inbound_requests") == 4


async def test_so_many_bytes_may_wait(scene: Scene) -> None:
    async with lane_on(scene.url, Limits(size=1)) as lane:
        with pytest.raises(Unavailable):
            await lane.submit(await request(scene))
