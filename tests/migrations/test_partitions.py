"""Raw requests of an installation become partitions while the old code goes on."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from pagefree.app import queries
from pagefree.infra import migrate
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Connection, create_engine, transaction
from pagefree.infra.ids import first_id_of, new_id
from pagefree.infra.postgres import DATABASE

BEFORE = "0018"
# PostgreSQL refuses who waits longer for a lock; a busy machine does not count
LONGEST_LOCK = "SET lock_timeout = '1s'"
ROWS = 20_000
HOUR = timedelta(hours=1)
REVISION = "SELECT version_num FROM alembic_version"
FILL = """
INSERT INTO inbound_requests (id, integration_id, received_at, content_type, user_agent,
    body, outcome, event_outcomes, alert_ids)
SELECT encode(
        substring(int8send(($1::bigint + n) << 16) FROM 1 FOR 6) || '\\x7000'::bytea
        || int8send(n), 'hex')::uuid,
    '00000000-0000-7000-8000-000000000001', '2026-01-01', '', '', 'x', 'processed',
    '{opened}', '{null}'
FROM generate_series(1, $2::int) AS n
"""
INSERT = """
INSERT INTO inbound_requests (id, integration_id, received_at, content_type, user_agent,
    body, outcome, event_outcomes, alert_ids)
VALUES ($1, '00000000-0000-7000-8000-000000000001', $2, '', '', 'x', 'processed',
    '{opened}', '{null}')
"""
NEWEST = """
SELECT id FROM inbound_requests WHERE integration_id = $1 ORDER BY id DESC LIMIT 50
"""
WHERE = "SELECT tableoid::regclass::text FROM inbound_requests WHERE id = $1"
ANYBODY = "00000000-0000-7000-8000-000000000001"


@pytest.fixture
async def old_database(postgres: str) -> AsyncIterator[str]:
    """A database of the release before, with raw requests of four weeks."""
    admin = await asyncpg.connect(postgres)
    await admin.execute("CREATE DATABASE before_partitions")
    url = postgres.replace(f"/{DATABASE}?", "/before_partitions?", 1)
    await migrate.upgrade(url, BEFORE)
    connection = await asyncpg.connect(url)
    began = int((system_clock() - timedelta(days=28)).timestamp() * 1000)
    await connection.execute(FILL, began, ROWS)
    await connection.close()
    yield url
    await admin.execute("DROP DATABASE before_partitions WITH (FORCE)")
    await admin.close()


async def test_the_old_code_goes_on_while_its_table_becomes_a_partition(
    old_database: str,
) -> None:
    old_code = await asyncpg.connect(old_database)
    await old_code.execute(LONGEST_LOCK)
    stop = asyncio.Event()
    working = asyncio.create_task(_work(old_code, stop))
    await migrate.upgrade(old_database)
    stop.set()
    stored = await working

    there = await old_code.fetchval("SELECT count(*) FROM inbound_requests")
    assert there == ROWS + len(stored)
    homes = {await old_code.fetchval(WHERE, one) for one in stored}
    assert homes == {"inbound_requests_before"}
    with pytest.raises(asyncpg.UniqueViolationError) as refused:
        await old_code.execute(INSERT, stored[0], system_clock())
    # by this name the old code knows that it has stored a batch before
    assert refused.value.constraint_name == "pk_inbound_requests"
    await old_code.close()


async def test_days_ahead_are_there_and_the_rest_has_a_place(own_database: str) -> None:
    connection = await asyncpg.connect(own_database)
    now = system_clock()
    homes = []
    for days in (0, 3, 6, 400):
        at = first_id_of(now + timedelta(days=days))
        await connection.execute(INSERT, at, now)
        homes.append(await connection.fetchval(WHERE, at))
    await connection.close()

    assert homes == [
        "inbound_requests_before",
        f"inbound_requests_{now + timedelta(days=3):%Y%m%d}",
        f"inbound_requests_{now + timedelta(days=6):%Y%m%d}",
        "inbound_requests_default",
    ]


@pytest.mark.parametrize("killed", [False, True], ids=["failed", "killed"])
async def test_a_migration_that_ends_half_way_is_no_time_bomb(
    old_database: str, *, killed: bool
) -> None:
    old_code = await asyncpg.connect(old_database)
    if killed:  # yesterday, so that what was promised has nearly run out
        await old_code.execute(
            "ALTER TABLE inbound_requests ADD CONSTRAINT ck_inbound_requests_before"
            f" CHECK (id < '{first_id_of(system_clock() + HOUR)}') NOT VALID"
        )
        assert await _left_over(old_database) is not None
    else:
        await old_code.execute("CREATE TABLE inbound_requests_default ()")
        with pytest.raises(Exception, match="already exists"):
            await migrate.upgrade(old_database)
        assert await _left_over(old_database) is None
        assert await old_code.fetchval(REVISION) == BEFORE
        later = system_clock() + timedelta(days=9)
        await old_code.execute(INSERT, first_id_of(later), later)
        await old_code.execute("DROP TABLE inbound_requests_default")

    await migrate.upgrade(old_database)

    assert await _left_over(old_database) is None
    soon = first_id_of(system_clock() + 2 * HOUR)
    await old_code.execute(INSERT, soon, system_clock())
    assert await old_code.fetchval(WHERE, soon) == "inbound_requests_before"
    await old_code.close()


async def _left_over(url: str) -> UUID | None:
    """What `pagefree doctor` looks for."""
    engine = create_engine(url, pool_size=1)
    async with transaction(engine) as tx:
        found = await queries.left_over(tx)
    await engine.dispose()
    return found


async def _work(connection: Connection, stop: asyncio.Event) -> list[object]:
    """Store and read as ingest and the screens do; returns what was stored."""
    stored: list[object] = []
    while not stop.is_set():
        made = new_id()
        await connection.execute(INSERT, made, system_clock())
        stored.append(made)
        assert await connection.fetch(NEWEST, ANYBODY)
    return stored
