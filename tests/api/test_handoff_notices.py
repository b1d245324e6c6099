"""Notices of handoffs: each once, to whoever wants them, through their own channels."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import select

from pagefree.channels.base import (
    Message,
)
from pagefree.channels.wording import headline
from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from pagefree.infra.queue import Context
from pagefree.notifications.jobs import plan_notices
from pagefree.notifications.preference_queries import Preferences, put_preferences
from pagefree.schedules.jobs import clean_up, expire, tell_of_handoffs
from pagefree.tables.notifications import notifications
from tests.api.conftest import START, Api, Person
from tests.api.handovers import DAY, FIRST, Turns, day, turns
from tests.api.rota import HOUR

PATH = "/v1/me/handoff-notices"
MINUTE = timedelta(minutes=1)
ALL = {"before_s": 1800, "started": True, "ended": True}


@pytest.fixture
async def rota(api: Api) -> Turns:
    return await turns(api)


def context(api: Api) -> Context:
    return Context(api.engine, api.clock, structlog.get_logger())


async def wish(person: Person, wishes: Mapping[str, object]) -> None:
    answer = await person.client.put(PATH, json=wishes)
    assert answer.status_code == 200, answer.text


async def watch(api: Api, until: timedelta, every: timedelta = 10 * MINUTE) -> None:
    """Let the job look now and then, as far as `until` after the rota's begin."""
    while api.clock.now < FIRST + until:
        api.clock.advance(every)
        await tell_of_handoffs(context(api))


async def test_nobody_is_told_until_they_say_so(api: Api, rota: Turns) -> None:
    known = await rota.bo.client.get(PATH)

    await watch(api, DAY + HOUR)

    assert known.json() == {"before_s": None, "started": False, "ended": False}
    assert await rota.told() == []


async def test_each_handoff_is_told_once_in_the_zone_of_the_person(
    api: Api, rota: Turns
) -> None:
    await rota.cy.client.patch("/v1/me", json={"time_zone": "Europe/Berlin"})
    await wish(rota.cy, ALL)

    await watch(api, 2 * DAY + HOUR)

    when = "Tue 03 Mar 09:00 to Wed 04 Mar 09:00 (Europe/Berlin)"
    assert await rota.told() == [
        ("Cy", f"You will be on call for Web rota: {when}"),
        ("Cy", f"You are on call now for Web rota: {when}"),
        ("Cy", "Your shift for Web rota is over"),
    ]


async def test_a_handoff_is_told_in_the_language_of_the_person(
    api: Api, rota: Turns
) -> None:
    await rota.cy.client.patch("/v1/me", json={"time_zone": "Europe/Berlin"})
    async with transaction(api.engine) as tx:
        await put_preferences(tx, rota.cy.id, Preferences(language="de"))
    await wish(rota.cy, ALL)

    await watch(api, 2 * DAY + HOUR)

    when = "Di 03.03. 09:00 bis Mi 04.03. 09:00 (Europe/Berlin)"
    assert await rota.told() == [
        ("Cy", f"Sie haben bald Bereitschaft für Web rota: {when}"),
        ("Cy", f"Sie haben jetzt Bereitschaft für Web rota: {when}"),
        ("Cy", "Ihre Schicht für Web rota ist vorbei"),
    ]


async def test_a_restart_tells_nothing_twice_and_late_ones_are_no_news(
    api: Api, rota: Turns
) -> None:
    await wish(rota.cy, ALL)
    api.clock.now = FIRST + DAY + MINUTE

    for _ in range(3):
        await tell_of_handoffs(context(api))
    api.clock.now = FIRST + 2 * DAY + HOUR  # nobody looked when the shift ended
    await tell_of_handoffs(context(api))

    assert [text.partition(" for ")[0] for _, text in await rota.told()] == [
        "You are on call now"
    ]


async def test_many_workers_tell_once(api: Api, rota: Turns) -> None:
    await wish(rota.cy, ALL)
    await wish(rota.bo, ALL)
    api.clock.now = FIRST + DAY

    await asyncio.gather(*(tell_of_handoffs(context(api)) for _ in range(4)))

    assert sorted(who for who, _ in await rota.told()) == ["Bo", "Cy"]


async def test_a_shift_that_somebody_covers_is_no_handoff_of_ones_own(
    api: Api, rota: Turns
) -> None:
    await wish(rota.cy, ALL)
    await wish(rota.di, ALL)
    cover = {**day(1), "user_id": str(rota.di.id)}
    path = f"/v1/schedules/{rota.id}/overrides"
    await rota.lea.client.post(path, json={"overrides": [cover]})

    await watch(api, DAY + HOUR)

    assert [who for who, _ in await rota.told()] == ["Di", "Di"]


async def test_a_notice_leaves_through_ones_own_channels_apart_from_pages(
    api: Api, rota: Turns
) -> None:
    await wish(rota.cy, {"started": True})
    api.clock.now = FIRST + DAY
    await tell_of_handoffs(context(api))
    text = (await rota.told())[0][1]

    await plan_notices(context(api))
    await plan_notices(context(api))

    assert await rota.told() == []
    c = notifications.c
    query = select(c.user_id, c.channel, c.kind, c.cause, c.incident_id, c.priority)
    async with transaction(api.engine) as tx:
        rows = {tuple(row) for row in await tx.execute(query)}
    assert rows == {
        (rota.cy.id, channel, "notice", text, None, 2)
        for channel in ("email", "in_app")
    }


def test_a_notice_says_what_it_says() -> None:
    message = Message(new_id(), "notice", "Your shift is over", "Cy", None, "https://x")

    assert headline(message) == "Your shift is over"


async def test_what_has_begun_expires_and_whoever_waited_is_told(
    api: Api, rota: Turns
) -> None:
    offer = {**day(2), "user_id": str(rota.cy.id)}
    path = f"/v1/schedules/{rota.id}"
    await rota.bo.client.post(f"{path}/swaps", json=offer)
    await rota.bo.client.post(f"{path}/cover-requests", json=day(2))
    before = len(await rota.told())

    await expire(context(api))
    assert len(await rota.told()) == before
    api.clock.now = FIRST + 2 * DAY
    await expire(context(api))
    await expire(context(api))

    assert (await rota.told())[before:] == [
        ("Bo", f"{what} Web rota, Wed 04 Mar 08:00 to Thu 05 Mar 08:00 (UTC)")
        for what in ("Nobody answered your swap of", "Nobody covers you in")
    ]
    assert (await rota.happened())[-2:] == [
        "schedule.swap_expired",
        "schedule.cover_expired",
    ]


async def test_what_was_told_is_forgotten_when_it_is_long_ago(
    api: Api, rota: Turns
) -> None:
    await wish(rota.cy, ALL)
    api.clock.now = FIRST + DAY
    await tell_of_handoffs(context(api))

    await clean_up(context(api))
    await tell_of_handoffs(context(api))

    assert len(await rota.told()) == 1
    assert api.clock.now > START


@pytest.mark.parametrize("before_s", [0, 59, 8 * 24 * 3600])
async def test_a_notice_comes_a_minute_to_a_week_ahead(
    rota: Turns, before_s: int
) -> None:
    answer = await rota.bo.client.put(PATH, json={**ALL, "before_s": before_s})

    assert answer.status_code == 422
