"""Several people at once, on connections of their own with real commits."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.core.errors import Conflict, PageFreeError
from pagefree.incidents import merging, people, service, writing
from pagefree.infra.db import Tx, driver, transaction
from tests.incidents.scene import (
    NOW,
    Scene,
    burn,
    burn_one,
    history,
    numbers,
    open_alerts,
    row_of,
)

Verb = Callable[[Tx], Awaitable[object]]


async def at_once(engine: AsyncEngine, *verbs: Verb) -> list[object]:
    """Run every verb in a transaction of its own; what each returned or was refused with."""

    async def one(verb: Verb) -> object:
        async with transaction(engine) as tx:
            return await verb(tx)

    done = await asyncio.gather(*map(one, verbs), return_exceptions=True)
    for result in done:
        if isinstance(result, BaseException) and not isinstance(result, PageFreeError):
            raise result
    return list(done)


@pytest.fixture
async def incident_id(fresh_engine: AsyncEngine, committed: Scene) -> UUID:
    async with transaction(fresh_engine) as tx:
        return await burn_one(tx, committed)


async def test_of_ten_who_acknowledge_at_once_one_has_it(
    fresh_engine: AsyncEngine, committed: Scene, incident_id: UUID
) -> None:
    people_ = [committed.ana, committed.bo] * 5

    done = await at_once(
        fresh_engine,
        *(
            lambda tx, a=a: service.acknowledge(tx, incident_id, a, NOW)
            for a in people_
        ),
    )

    assert done == [None] * 10
    async with transaction(fresh_engine) as tx:
        row = await row_of(tx, incident_id)
        assert row["acknowledged_by_id"] in {p.user_id for p in people_}
        assert await history(tx, incident_id) == ["triggered", "acknowledged"]


async def test_acknowledge_and_resolve_at_once_end_resolved(
    fresh_engine: AsyncEngine, committed: Scene, incident_id: UUID
) -> None:
    done = await at_once(
        fresh_engine,
        lambda tx: service.acknowledge(tx, incident_id, committed.ana, NOW),
        lambda tx: service.resolve(tx, incident_id, None, committed.bo, NOW),
    )

    assert all(r is None or isinstance(r, Conflict) for r in done)
    async with transaction(fresh_engine) as tx:
        assert (await row_of(tx, incident_id))["status"] == "resolved"
        assert (await history(tx, incident_id))[-1] == "resolved"
        assert await open_alerts(tx, incident_id) == 0


async def test_two_incidents_merged_into_each_other_at_once_leave_one_open(
    fresh_engine: AsyncEngine, committed: Scene
) -> None:
    async with transaction(fresh_engine) as tx:
        first, second = await burn(tx, committed, "a", "b")

    done = await at_once(
        fresh_engine,
        lambda tx: merging.merge(tx, first, second, committed.ana, NOW),
        lambda tx: merging.merge(tx, second, first, committed.bo, NOW),
    )

    assert sum(isinstance(r, Conflict) for r in done) == 1
    async with transaction(fresh_engine) as tx:
        rows = [await row_of(tx, i) for i in (first, second)]
        assert sorted(str(row["status"]) for row in rows) == ["resolved", "triggered"]
        left = [await open_alerts(tx, i) for i in (first, second)]
        assert sorted(left) == [0, 2]


async def test_the_timeline_has_no_gap_however_many_write_at_once(
    fresh_engine: AsyncEngine, committed: Scene, incident_id: UUID
) -> None:
    ana, bo = committed.ana, committed.bo
    notes: list[Verb] = [
        partial(
            writing.add_note, incident_id=incident_id, text=f"{n}", actor=ana, now=NOW
        )
        for n in range(20)
    ]
    verbs: list[Verb] = [
        lambda tx: service.acknowledge(tx, incident_id, ana, NOW),
        lambda tx: service.unacknowledge(tx, incident_id, bo, NOW),
        lambda tx: people.add_responder(tx, incident_id, bo.user_id, ana, NOW),
        lambda tx: writing.edit(tx, incident_id, {"priority": "P1"}, ana, NOW),
    ]

    await at_once(fresh_engine, *notes, *verbs)

    async with transaction(fresh_engine) as tx:
        found = await numbers(tx, incident_id)
        assert found == list(range(1, len(found) + 1))
        assert (await row_of(tx, incident_id))["last_seq"] == len(found)


async def test_bulk_changes_of_the_same_incidents_in_any_order_do_not_deadlock(
    fresh_engine: AsyncEngine, committed: Scene
) -> None:
    async with transaction(fresh_engine) as tx:
        ids = await burn(tx, committed, *(f"incident {n}" for n in range(200)))
    backwards = ids[::-1]
    ana, bo = committed.ana, committed.bo

    await at_once(
        fresh_engine,
        lambda tx: service.acknowledge_bulk(tx, ids, ana, NOW),
        lambda tx: service.resolve_bulk(tx, backwards, None, bo, NOW),
        lambda tx: service.acknowledge_bulk(tx, backwards, bo, NOW),
        lambda tx: service.resolve_bulk(tx, ids, "done", ana, NOW),
    )

    async with transaction(fresh_engine) as tx:
        connection = await driver(tx)
        assert await connection.fetchval(
            "SELECT count(*) FROM incidents WHERE status = 'resolved'"
        ) == len(ids)
