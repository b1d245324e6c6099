"""Many pages at once: few messages, and nothing new that waits."""

from datetime import timedelta

from sqlalchemy import select

from pagefree.alerts.requests import Source
from pagefree.core.alerts import Action
from pagefree.core.bundles import MOST_ALONE
from pagefree.invariants import service as invariants
from pagefree.tables.notifications import outbox_messages
from tests.simulation.noise import service
from tests.simulation.world import MINUTE, START, World


async def mails(world: World) -> list[tuple[str, int]]:
    """Every mail: its title, and how many seconds after the start it left."""
    c = outbox_messages.c
    rows = await world.tx.execute(select(c.title, c.at).order_by(c.at, c.id))
    return [(row.title, int((row.at - START).total_seconds())) for row in rows]


async def storm(world: World, source: Source, number: int, first: int = 0) -> None:
    for n in range(first, first + number):
        await world.send(source, f"key {n}", title=f"Disk {n}")
    await world.work()


async def test_a_storm_is_a_few_mails_and_one_that_tells_of_the_rest(
    world: World, source: Source
) -> None:
    await storm(world, source, 60)

    found = [title for title, _ in await mails(world)]
    assert len(found) == MOST_ALONE + 1
    assert found[-1].startswith("55 incidents: ")
    assert await world.statuses() == ["delivered"] * 60
    assert await invariants.list_violations(world.tx, world.now) == []


async def test_what_follows_waits_for_the_next_mail(
    world: World, source: Source
) -> None:
    await storm(world, source, 10)
    world.now += timedelta(seconds=20)
    await storm(world, source, 30, first=10)
    assert len(await mails(world)) == MOST_ALONE + 1

    await world.advance(MINUTE)

    *_, (title, at) = await mails(world)
    assert title.startswith("30 incidents: ")
    assert at == 60
    assert await invariants.list_violations(world.tx, world.now) == []


async def test_trouble_with_another_service_does_not_wait(
    world: World, source: Source
) -> None:
    database = await service(world, "Database")
    await storm(world, source, 10)
    world.now += timedelta(seconds=20)
    await storm(world, source, 3, first=10)

    await world.send(world.source(source.policy, database), "lake", title="No lake")
    await world.work()

    *_, (title, at) = await mails(world)
    assert title.startswith("4 incidents: ")
    assert "No lake" in title
    assert at == 20


async def test_what_was_resolved_meanwhile_is_not_in_the_mail(
    world: World, source: Source
) -> None:
    await storm(world, source, 10)
    world.now += timedelta(seconds=20)
    await storm(world, source, 4, first=10)
    await world.send(source, "key 12", action=Action.RESOLVE)

    await world.advance(MINUTE)

    *_, (title, _) = await mails(world)
    assert title.startswith("3 incidents: ")
