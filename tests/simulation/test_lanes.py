"""Who gets the slots of a channel, and what waits for them."""

from uuid import UUID

import pytest
from sqlalchemy import select

from pagefree.notifications import delivery
from pagefree.notifications.delivery import LEASE, Assignment
from pagefree.notifications.lanes import FRESH_S, MOST_AHEAD, Lane
from pagefree.tables.notifications import attempts, notifications
from tests.simulation.world import HOUR, World


@pytest.fixture
async def one(world: World) -> Assignment:
    """A leased mail."""
    world.working = False
    await world.trigger(world.policy(("ana", 24 * HOUR)))
    await world.escalate()
    return await mail_of(world)


async def mail_of(world: World) -> Assignment:
    [mail] = [one for one in await world.claim() if one.claimed.channel == "email"]
    return mail


def busy_lane(one: Assignment, at_once: int) -> Lane:
    """All its slots are taken."""
    lane = Lane(at_once)
    for _ in range(at_once):
        lane.add(one, 0.0)
        assert lane.begin(0.0) is one
    return lane


def test_a_channel_that_ends_nothing_is_given_nothing(one: Assignment) -> None:
    lane = busy_lane(one, 5)

    assert lane.room() == 0


def test_a_quick_channel_is_given_what_its_slots_will_take_next(
    one: Assignment,
) -> None:
    lane = busy_lane(one, 5)
    for _ in range(4):
        lane.end()

    assert lane.room() == 4 + 2 * 4
    assert lane.room() == 4  # nothing has ended since


def test_nothing_is_leased_far_ahead(one: Assignment) -> None:
    lane = busy_lane(one, 1)
    for _ in range(1000):
        lane.end()
        lane.busy += 1

    assert lane.room() == MOST_AHEAD


def test_no_more_run_than_there_are_slots(one: Assignment) -> None:
    lane = busy_lane(one, 2)
    lane.add(one, 0.0)

    assert lane.begin(0.0) is None
    lane.end()
    assert lane.begin(0.0) is one
    assert lane.begin(0.0) is None


def test_what_has_waited_too_long_is_not_sent_unseen(one: Assignment) -> None:
    lane = busy_lane(one, 1)
    lane.add(one, 0.0)
    lane.end()
    late = FRESH_S + 0.1

    assert lane.begin(late) is None
    assert lane.take_stale(late) == [one]
    assert lane.take_stale(late) == []


async def row_of(world: World, notification_id: UUID) -> tuple[str, int]:
    c = notifications.c
    found = await world.tx.execute(
        select(c.status, c.attempt_count).where(c.id == notification_id)
    )
    status, count = found.one()
    return status, count


async def test_what_is_given_back_is_sent_as_if_it_had_not_been_leased(
    world: World, one: Assignment
) -> None:
    await delivery.give_back(world.tx, [one], world.now)
    assert await row_of(world, one.claimed.id) == ("planned", 0)

    await world.send_due()

    c = attempts.c
    found = await world.tx.execute(
        select(c.number, c.possible_duplicate).where(
            c.notification_id == one.claimed.id
        )
    )
    assert found.all() == [(1, False)]
    assert await world.paged() == [("ana", 0)]


async def test_whoever_lost_the_lease_gives_nothing_back(
    world: World, one: Assignment
) -> None:
    world.now += LEASE
    again = await mail_of(world)

    await delivery.give_back(world.tx, [one], world.now)

    assert again.claimed.id == one.claimed.id
    assert await row_of(world, one.claimed.id) == ("sending", 2)
