"""What a failed statement means: nobody can be asked now, or the statement is wrong."""

from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.infra.db import (
    Tx,
    create_engine,
    driver,
    is_down,
    sql_state,
    transaction,
)

Run = Callable[[Tx, str], Awaitable[object]]


async def with_sqlalchemy(tx: Tx, statement: str) -> object:
    return await tx.execute(text(statement))


async def plainly(tx: Tx, statement: str) -> object:
    return await (await driver(tx)).execute(statement)


BOTH = pytest.mark.parametrize("run", [with_sqlalchemy, plainly])


@pytest.fixture
async def own(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    """Connections to a database of one's own."""
    engine = create_engine(fresh_database)
    yield engine
    await engine.dispose()


async def failure(engine: AsyncEngine, run: Run, *statements: str) -> Exception:
    """What comes of a transaction that ends with a statement that fails."""
    try:
        async with transaction(engine) as tx:
            for statement in statements:
                await run(tx, statement)
    except Exception as e:  # noqa: BLE001 -- whatever the caller of a transaction sees
        return e
    raise AssertionError("nothing failed")


@BOTH
async def test_a_server_that_shuts_down_cannot_be_asked_now(
    own: AsyncEngine, run: Run
) -> None:
    # a connection that ends itself is told what all are told at a shutdown
    error = await failure(own, run, "SELECT pg_terminate_backend(pg_backend_pid())")

    assert is_down(error)


@BOTH
async def test_a_lock_that_is_held_for_too_long_says_nothing_of_the_statement(
    own: AsyncEngine, run: Run
) -> None:
    lock = "LOCK TABLE teams IN ACCESS EXCLUSIVE MODE"

    async with transaction(own) as holder:
        await plainly(holder, lock)
        error = await failure(own, run, "SET LOCAL lock_timeout = '10ms'", lock)

    assert is_down(error)


@BOTH
async def test_a_wrong_statement_does_not_mean_that_the_database_is_away(
    own: AsyncEngine, run: Run
) -> None:
    error = await failure(own, run, "SELECT 1 / 0")

    assert not is_down(error)
    assert sql_state(error) == "22012"


async def test_a_value_that_cannot_be_sent_does_not_mean_that_either(
    own: AsyncEngine,
) -> None:
    async def seven(tx: Tx, statement: str) -> object:
        return await (await driver(tx)).fetch(statement, "seven")

    error = await failure(own, seven, "SELECT $1::int")

    assert isinstance(error, asyncpg.PostgresError)
    assert not is_down(error)


@BOTH
async def test_a_server_that_only_reads_is_left_for_another(
    own: AsyncEngine, run: Run
) -> None:
    before = await server_process(own)

    error = await failure(own, run, "SET TRANSACTION READ ONLY", "CREATE TABLE x ()")

    assert is_down(error)
    assert await server_process(own) != before


async def server_process(engine: AsyncEngine) -> object:
    """Which process of the server the next transaction talks to."""
    async with transaction(engine) as tx:
        return await tx.scalar(text("SELECT pg_backend_pid()"))
