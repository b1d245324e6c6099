"""The chain: no gap and no fork, and whatever is altered, removed or added is located."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.audit import chain_queries, sealing
from pagefree.audit.jobs import jobs
from pagefree.audit.sealing import Verdict
from pagefree.audit.service import Note, note
from pagefree.core.audit import seal
from pagefree.infra.crypto import Vault
from pagefree.infra.db import transaction
from pagefree.infra.http import GuardedClient

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
VAULT = Vault("a key for tests, long enough to be one")
PAST_THE_GUARDS = "SET LOCAL session_replication_role = replica"


async def write(engine: AsyncEngine, name: str, now: datetime = NOW) -> None:
    async with transaction(engine) as tx:
        await note(tx, Note("test.done", "test", object_name=name), now)


async def seal_all(engine: AsyncEngine) -> int:
    total, done = 0, 1
    while done:
        async with transaction(engine) as tx:
            done = await sealing.seal_waiting(tx, VAULT, NOW)
        total += done
    return total


@pytest.fixture
async def sealed(fresh_engine: AsyncEngine) -> AsyncEngine:
    """Ten sealed entries."""
    for number in range(1, 11):
        await write(fresh_engine, f"number {number}")
    await seal_all(fresh_engine)  # makes the chain
    await seal_all(fresh_engine)
    return fresh_engine


async def forge(engine: AsyncEngine, *statements: str) -> Verdict:
    """What is found after somebody has gone around what the database refuses."""
    async with transaction(engine) as tx:
        for statement in (PAST_THE_GUARDS, *statements):
            await tx.execute(text(statement))
    return await sealing.verify(engine, VAULT)


async def test_what_nobody_has_touched_is_as_it_was_sealed(sealed: AsyncEngine) -> None:
    verdict = await sealing.verify(sealed, VAULT)

    assert (verdict.count, verdict.waiting, verdict.findings) == (10, 0, ())
    assert verdict.chain.head.seq == 10


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'Nobody'",
        "at = at - interval '1 microsecond'",
        "data = '{\"a\": 1}'",
        "address = '192.0.2.1'",
    ],
    ids=["actor", "time", "data", "address"],
)
async def test_an_altered_entry_is_named(sealed: AsyncEngine, change: str) -> None:
    found = await forge(sealed, f"UPDATE audit_entries SET {change} WHERE seq = 4")

    assert found.findings == ("entry 4 is not what was sealed",)


@pytest.mark.parametrize("seq", [1, 6, 10])
async def test_a_removed_entry_is_named(sealed: AsyncEngine, seq: int) -> None:
    found = await forge(sealed, f"DELETE FROM audit_entries WHERE seq = {seq}")

    assert found.findings == (f"entry {seq} is missing",)


async def test_an_added_entry_is_named(sealed: AsyncEngine) -> None:
    found = await forge(
        sealed,
        "INSERT INTO audit_entries (at, kind, object_kind, actor_kind, seq, hash)"
        " VALUES ('2026-03-01', 'a.b', 'a', 'user', 11, '\\x00')",
    )

    assert found.findings == (
        "entry 11 is not what was sealed",
        "entries 11 to 11 come after the head",
    )


async def test_a_chain_that_was_sealed_anew_lacks_our_key(sealed: AsyncEngine) -> None:
    """Whoever can write to the database can work out hashes, but has not our key."""
    async with sealed.connect() as connection:
        last = await chain_queries.list_links(connection, 8, 10)
    altered = {**last[1].content, "object_name": "nothing"}
    forged = seal(last[0].hash, 10, altered).hex()
    found = await forge(
        sealed,
        f"UPDATE audit_entries SET object_name = 'nothing', hash = '\\x{forged}'"
        " WHERE seq = 10",
        f"UPDATE audit_chain SET hash = '\\x{forged}'",
    )

    assert found.findings == (
        "the head was not sealed with the key of this installation",
    )


async def test_sealing_on_does_not_make_a_foreign_head_ours(
    sealed: AsyncEngine,
) -> None:
    await forge(sealed, "UPDATE audit_chain SET mac = '\\x00'")
    await write(sealed, "one more")
    await seal_all(sealed)

    found = await sealing.verify(sealed, VAULT)
    assert found.findings == ("before entry 12, somebody else had sealed the chain",)


async def test_many_writers_and_sealers_make_one_chain(
    fresh_engine: AsyncEngine,
) -> None:
    writers, each = 8, 12

    async def writer(name: int) -> None:
        for number in range(each):
            async with transaction(fresh_engine) as tx:
                await note(tx, Note("test.done", "test", f"{name}-{number}"), NOW)
                await asyncio.sleep(0)  # ids and commits come in different orders

    async def sealer(stop: asyncio.Event) -> None:
        while not stop.is_set():
            async with transaction(fresh_engine) as tx:
                await sealing.seal_waiting(tx, VAULT, NOW)

    stop = asyncio.Event()
    sealers = [asyncio.create_task(sealer(stop)) for _ in range(2)]
    await asyncio.gather(*(writer(name) for name in range(writers)))
    stop.set()
    await asyncio.gather(*sealers)
    await seal_all(fresh_engine)

    verdict = await sealing.verify(fresh_engine, VAULT)
    assert verdict.findings == ()
    assert verdict.count == verdict.chain.head.seq == writers * each
    assert verdict.waiting == 0


async def test_what_is_old_enough_goes_and_leaves_an_anchor(
    fresh_engine: AsyncEngine,
) -> None:
    for day in (0, 1, 2, 40, 41):
        await write(fresh_engine, f"day {day}", NOW + timedelta(days=day))
    await seal_all(fresh_engine)
    await seal_all(fresh_engine)

    later = NOW + timedelta(days=42)
    async with transaction(fresh_engine) as tx:
        gone = await sealing.cut_old(tx, VAULT, timedelta(days=30), later)
    await seal_all(fresh_engine)

    verdict = await sealing.verify(fresh_engine, VAULT)
    assert gone == 3
    assert verdict.findings == ()
    assert verdict.chain.anchor.seq == 3
    assert verdict.count == 3  # those of 40 days and more, and that of the cut


async def test_an_old_entry_behind_a_young_one_is_kept(
    fresh_engine: AsyncEngine,
) -> None:
    await write(fresh_engine, "young", NOW + timedelta(days=40))
    await write(fresh_engine, "old", NOW)
    await seal_all(fresh_engine)
    await seal_all(fresh_engine)

    async with transaction(fresh_engine) as tx:
        later = NOW + timedelta(days=42)
        assert await sealing.cut_old(tx, VAULT, timedelta(days=30), later) == 0


def test_sealing_is_work_of_every_worker() -> None:
    assert [job.name for job in jobs(GuardedClient(), VAULT)] == [
        "audit.seal",
        "audit.stream",
        "audit.cut",
    ]
