import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from pagefree.infra.db import transaction
from pagefree.timeline import service as timeline
from pagefree.timeline.listening import Event, Listener, catch_up, read_on
from pagefree.timeline.service import SYSTEM, Cause, CauseKind, Entry

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class Ear:
    """A listener that writes down the names it hears; it may fail or want nothing."""

    heard: list[object] = field(default_factory=list)
    fails: bool = False
    wants: bool = True
    takes_s: float = 0

    async def handle(
        self, _: AsyncConnection, events: Sequence[Event], __: datetime
    ) -> None:
        await asyncio.sleep(self.takes_s)
        self.heard += [one.data["name"] for one in events]
        if self.fails:
            raise ConnectionError("the process died")

    async def wanted(self, _: AsyncConnection) -> bool:
        return self.wants

    def listener(self, *kinds: str) -> Listener:
        wanted = frozenset(kinds or ("test.",))
        return Listener("tests", wanted, self.handle, self.wanted)


async def say(tx: AsyncConnection, *names: str, kind: str = "test.said") -> None:
    entries = [Entry(kind, SYSTEM, data={"name": name}) for name in names]
    await timeline.record(tx, entries, NOW)


async def begin(engine: AsyncEngine, ear: Ear, *kinds: str) -> Listener:
    """A listener that has begun to listen."""
    listener = ear.listener(*kinds)
    await catch_up(engine, listener, NOW)
    return listener


async def test_a_new_listener_begins_with_what_happens_next(
    fresh_engine: AsyncEngine,
) -> None:
    ear = Ear()
    async with transaction(fresh_engine) as tx:
        await say(tx, "before")
    listener = await begin(fresh_engine, ear)
    async with transaction(fresh_engine) as tx:
        await say(tx, "a", "b")

    await catch_up(fresh_engine, listener, NOW)
    await catch_up(fresh_engine, listener, NOW)

    assert ear.heard == ["a", "b"]


async def test_only_the_wanted_kinds_and_families_are_heard(
    fresh_engine: AsyncEngine,
) -> None:
    ear = Ear()
    listener = await begin(fresh_engine, ear, "test.said", "shop.")
    async with transaction(fresh_engine) as tx:
        await say(tx, "said")
        await say(tx, "whispered", kind="test.whispered")
        await say(tx, "shop", kind="shop.opened")
        await say(tx, "shopping", kind="shopping.done")

    await catch_up(fresh_engine, listener, NOW)

    assert ear.heard == ["said", "shop"]


async def test_what_others_caused_is_passed_over_where_only_people_are_heard(
    fresh_engine: AsyncEngine,
) -> None:
    ear = Ear()
    heard = replace(ear.listener(), caused_by=CauseKind.USER)
    await catch_up(fresh_engine, heard, NOW)
    ana = Cause(CauseKind.USER, UUID(int=1), "Ana")
    async with transaction(fresh_engine) as tx:
        await say(tx, "by itself")
        await timeline.record(tx, [Entry("test.said", ana, data={"name": "Ana"})], NOW)
        await say(tx, "by itself")

    await catch_up(fresh_engine, heard, NOW)

    assert ear.heard == ["Ana"]


async def test_what_is_committed_late_is_heard_once_all_the_same(
    fresh_engine: AsyncEngine,
) -> None:
    ear = Ear()
    listener = await begin(fresh_engine, ear)
    async with fresh_engine.connect() as slow:
        await say(slow, "slow 1", "slow 2")  # takes the smaller ids
        async with transaction(fresh_engine) as tx:
            await say(tx, "quick")
        await catch_up(fresh_engine, listener, NOW)
        await slow.commit()

    for later in range(3):
        await catch_up(fresh_engine, listener, NOW + later * SECOND)

    assert ear.heard == ["quick", "slow 1", "slow 2"]


async def test_what_is_rolled_back_is_waited_for_only_a_while(
    fresh_engine: AsyncEngine,
) -> None:
    ear = Ear()
    listener = await begin(fresh_engine, ear)
    async with fresh_engine.connect() as failed:
        await say(failed, "never")
        await failed.rollback()
    async with transaction(fresh_engine) as tx:
        await say(tx, "done")
    await catch_up(fresh_engine, listener, NOW)

    waiting = await statements(fresh_engine, listener, NOW + SECOND)
    await catch_up(fresh_engine, listener, NOW + timedelta(minutes=6))
    after = await statements(fresh_engine, listener, NOW + timedelta(minutes=6))

    assert ear.heard == ["done"]
    assert len(waiting) > len(after)


async def test_what_failed_is_heard_again_and_what_was_done_is_not(
    fresh_engine: AsyncEngine,
) -> None:
    ear = Ear()
    listener = await begin(fresh_engine, ear)
    async with transaction(fresh_engine) as tx:
        await say(tx, "a")
    await catch_up(fresh_engine, listener, NOW)
    async with transaction(fresh_engine) as tx:
        await say(tx, "b")

    ear.fails = True
    with pytest.raises(ConnectionError):
        await catch_up(fresh_engine, listener, NOW)
    ear.fails = False
    await catch_up(fresh_engine, listener, NOW)

    assert ear.heard == ["a", "b", "b"]


async def test_two_workers_hear_everything_once_between_them(
    fresh_engine: AsyncEngine,
) -> None:
    ear = Ear(takes_s=0.01)
    listener = await begin(fresh_engine, ear)
    names = [f"event {n}" for n in range(20)]

    async def speak() -> None:
        for name in names:
            async with transaction(fresh_engine) as tx:
                await say(tx, name)

    async def work(done: asyncio.Event) -> None:
        while not done.is_set():
            await catch_up(fresh_engine, listener, NOW)

    done = asyncio.Event()
    workers = [asyncio.create_task(work(done)) for _ in range(2)]
    await speak()
    done.set()
    await asyncio.gather(*workers)
    await catch_up(fresh_engine, listener, NOW)

    assert sorted(map(str, ear.heard)) == sorted(names)


async def test_more_than_fits_into_one_look_is_read_in_several(
    fresh_engine: AsyncEngine,
) -> None:
    ear = Ear()
    listener = await begin(fresh_engine, ear)
    names = [f"event {n}" for n in range(2500)]
    async with transaction(fresh_engine) as tx:
        await say(tx, *names)

    async with transaction(fresh_engine) as tx:
        more = await read_on(tx, listener, NOW)
    await catch_up(fresh_engine, listener, NOW)

    assert more
    assert ear.heard == names


async def test_while_nobody_wants_to_know_events_are_passed_over(
    fresh_engine: AsyncEngine,
) -> None:
    ear = Ear(wants=False)
    listener = await begin(fresh_engine, ear)
    async with transaction(fresh_engine) as tx:
        await say(tx, "unwanted")
    await catch_up(fresh_engine, listener, NOW)
    ear.wants = True
    async with transaction(fresh_engine) as tx:
        await say(tx, "wanted")

    await catch_up(fresh_engine, listener, NOW)

    assert ear.heard == ["wanted"]


async def test_a_look_at_nothing_new_is_one_statement(
    fresh_engine: AsyncEngine,
) -> None:
    ear = Ear()
    listener = await begin(fresh_engine, ear)
    async with transaction(fresh_engine) as tx:
        await say(tx, "a")
    await catch_up(fresh_engine, listener, NOW)

    assert len(await statements(fresh_engine, listener, NOW)) == 1


async def statements(
    engine: AsyncEngine, listener: Listener, now: datetime
) -> list[str]:
    """What one look asks the database."""
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    await catch_up(engine, listener, now)
    event.remove(engine.sync_engine, "before_cursor_execute", note)
    return asked
