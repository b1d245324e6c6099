"""Partitions of raw requests: made ahead, dropped in time, and nothing lost that is needed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.core.partitions import days_to_make, expired, first_id, partition
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Connection, create_engine, transaction
from pagefree.retention import keeping
from pagefree.retention.queries import Kept

INSERT = """
INSERT INTO inbound_requests (id, integration_id, received_at, content_type, user_agent,
    body, outcome, event_outcomes, alert_ids)
VALUES ($1, $1, $2, '', '', 'x', 'processed', '{duplicate}', '{null}')
"""
ALERT = """
INSERT INTO alerts (id, integration_id, service_id, incident_id, last_request_id, dedup_key,
    status, severity, title, occurrences, opened_at, last_at)
VALUES ($1, $1, $1, NULL, $1, $2, $2, 'critical', 't', 1, $3, $3)
"""
HOME = "SELECT tableoid::regclass::text FROM inbound_requests WHERE id = $1"
NAMES = """
SELECT inhrelid::regclass::text FROM pg_inherits
WHERE inhparent = 'inbound_requests'::regclass ORDER BY 1
"""
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
async def own(own_database: str) -> AsyncIterator[tuple[AsyncEngine, Connection]]:
    """A database whose tables may be dropped."""
    engine = create_engine(own_database, pool_size=2)
    connection = await asyncpg.connect(own_database)
    yield engine, connection
    await connection.close()
    await engine.dispose()


Own = tuple[AsyncEngine, Connection]


async def test_days_are_made_a_week_ahead_and_once(own: Own) -> None:
    engine, connection = own
    later = system_clock() + 30 * DAY

    assert await keeping.make_room(engine, later) == 8
    assert await keeping.make_room(engine, later) == 0

    made = first_id(later + 7 * DAY)
    await connection.execute(INSERT, made, later)
    name = f"inbound_requests_{later + 7 * DAY:%Y%m%d}"
    assert await connection.fetchval(HOME, made) == name


async def test_what_waits_in_the_default_partition_moves_to_its_day(own: Own) -> None:
    engine, connection = own
    later = system_clock() + 30 * DAY
    early = first_id(later)
    await connection.execute(INSERT, early, later)
    assert await connection.fetchval(HOME, early) == "inbound_requests_default"

    await keeping.make_room(engine, later)

    assert await connection.fetchval(HOME, early) == f"inbound_requests_{later:%Y%m%d}"


async def test_old_days_go_but_not_what_an_open_alert_shows(own: Own) -> None:
    engine, connection = own
    now = system_clock()
    later = now + 60 * DAY
    ids = [first_id(now + timedelta(seconds=n)) for n in range(4)]
    for one in ids:
        await connection.execute(INSERT, one, now)
    await connection.execute(ALERT, ids[1], "open", now)
    await connection.execute(ALERT, ids[2], "resolved", now)
    await keeping.make_room(engine, later)

    assert await keeping.forget_requests(engine, now + 20 * DAY) == 0
    assert await keeping.forget_requests(engine, later) == 7  # with what there was

    left = await connection.fetch("SELECT id, body FROM inbound_requests")
    assert [tuple(row) for row in left] == [(ids[1], b"x")]
    assert all("before" not in name for (name,) in await connection.fetch(NAMES))

    await connection.execute("UPDATE alerts SET status = 'resolved'")
    await keeping.forget_requests(engine, later)
    assert await connection.fetchval("SELECT count(*) FROM inbound_requests") == 0


async def test_nothing_goes_where_everything_is_kept(own: Own) -> None:
    engine, connection = own
    now = system_clock()
    await connection.execute(INSERT, first_id(now), now)
    async with transaction(engine) as tx:
        await keeping.keep_for(tx, Kept(raw_request_days=None), now)

    assert await keeping.forget_requests(engine, now + 400 * DAY) == 0
    assert await connection.fetchval("SELECT count(*) FROM inbound_requests") == 1


async def test_what_was_taken_out_before_a_crash_is_dropped_by_the_next_run(
    own: Own,
) -> None:
    engine, connection = own
    now = system_clock()
    needed = first_id(now)
    await connection.execute(INSERT, needed, now)
    await connection.execute(ALERT, needed, "open", now)
    await connection.execute(
        "ALTER TABLE inbound_requests DETACH PARTITION inbound_requests_before"
    )

    await keeping.forget_requests(engine, now + 60 * DAY)

    assert await connection.fetchval(HOME, needed) == "inbound_requests_default"
    gone = "SELECT to_regclass('inbound_requests_before') IS NULL"
    assert await connection.fetchval(gone)


async def test_whoever_holds_the_table_makes_the_job_fail_and_nothing_else(
    own: Own,
) -> None:
    engine, connection = own
    now = system_clock()
    await connection.execute(INSERT, first_id(now), now)
    transaction_ = connection.transaction()
    await transaction_.start()
    await connection.fetch("SELECT id FROM inbound_requests")  # a long report

    with pytest.raises(Exception, match="lock timeout"):
        await keeping.forget_requests(engine, now + 60 * DAY)

    await transaction_.rollback()
    assert await connection.fetchval("SELECT count(*) FROM inbound_requests") == 1


async def test_a_day_that_somebody_detached_holds_up_no_other_and_is_a_finding(
    own: Own,
) -> None:
    engine, connection = own
    later = system_clock() + 30 * DAY
    await keeping.make_room(engine, later)
    taken = f"inbound_requests_{later + 2 * DAY:%Y%m%d}"
    await connection.execute(f"ALTER TABLE inbound_requests DETACH PARTITION {taken}")

    assert await keeping.make_room(engine, later + DAY) == 1  # the last one

    async with transaction(engine) as tx:
        room = await keeping.room(tx, later + DAY)
    assert room.finding is not None
    assert taken in room.finding


async def test_days_that_are_missing_are_a_finding(own: Own) -> None:
    engine, _ = own
    now = system_clock()
    async with transaction(engine) as tx:
        ready = await keeping.room(tx, now)
        late = await keeping.room(tx, now + 7 * DAY)

    assert (ready.finding, ready.unplaced) == (None, 0)
    assert ready.days_ahead >= 6
    assert late.days_ahead == 0
    assert late.finding is not None


def test_a_partition_without_bounds_is_the_default_one() -> None:
    assert partition("d", "DEFAULT") is None
    first = partition("p", "FOR VALUES FROM (MINVALUE) TO ('" + str(UUID(int=7)) + "')")
    assert first is not None
    assert (first.first, first.last) == (UUID(int=0), UUID(int=7))


def test_a_day_that_is_partly_there_is_not_made_twice() -> None:
    half = partition(
        "p",
        f"FOR VALUES FROM ('{first_id(NOW)}') TO ('{first_id(NOW + DAY)}')",
    )
    assert half is not None
    made = [day.day for day, _, _ in days_to_make([half], 3, NOW)]
    assert made == [25, 26]
    assert expired([half], NOW) == []
    assert expired([half], NOW + DAY) == [half]
