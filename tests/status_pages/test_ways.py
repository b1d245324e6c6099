"""Followers by chat, text message and webhook: what arrives at fakes that are real servers."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from pagefree.accounts import channel_configs
from pagefree.core.subscriptions import Way
from pagefree.infra.db import transaction
from pagefree.status_pages import jobs, subscriber_queries, subscribing
from pagefree.timeline import listening
from tests.fake_servers import Manner
from tests.fakes.provider import Fields, Provider
from tests.fakes.slack_hook import SlackHook
from tests.fakes.teams import Teams
from tests.fakes.twilio import SID, Twilio, report
from tests.fakes.webhook import SECRET, Receiver
from tests.status_pages.conftest import BASE_URL, VAULT, Scene
from tests.status_pages.following import Following, followed

SOON = timedelta(seconds=5)
HOSTILE = "<!channel> & <https://evil.example|here>"
ANSWERS = f"{BASE_URL}/v1/channels/sms/callbacks/incoming"


def _of_slack(fields: Fields) -> str:
    return str(fields["text"])


def _of_teams(fields: Fields) -> str:
    runs = [run["text"] for block in fields["body"] for run in block["inlines"]]
    links = [action["url"] for action in fields["actions"]]
    return "\n".join([*runs, *links])


def _of_text(fields: Fields) -> str:
    return str(fields["Body"])


def _of_webhook(fields: Fields) -> str:
    return str(fields)


FAKES: dict[Way, tuple[Callable[[], Provider], Callable[[Fields], str]]] = {
    Way.SLACK: (SlackHook, _of_slack),
    Way.TEAMS: (Teams, _of_teams),
    Way.SMS: (Twilio, _of_text),
    Way.WEBHOOK: (Receiver, _of_webhook),
}


@dataclass(slots=True)
class Told:
    """A page, and a fake at whose address somebody follows it."""

    shop: Following
    way: Way
    fake: Provider

    async def tell(self, body: str, component: str | None = None) -> None:
        await self.shop.tell(body, component)
        await self.shop.work(SOON)

    async def address(self, number: int = 0) -> str:
        """Somebody who has confirmed."""
        known: dict[str, Any] = self.fake.address(number)
        return str(known.get("url") or known["number"])

    async def follow(self, number: int = 0, **values: object) -> UUID:
        scene = self.shop.scene
        row = {
            "page_id": scene.page_id,
            "channel": self.way,
            "address": await self.address(number),
            "language": "en",
            "sealed_secret": VAULT.seal(SECRET.encode(), subscribing.PURPOSE),
            "confirmed_at": scene.now,
            "created_at": scene.now,
        }
        async with transaction(scene.engine) as tx:
            made = await subscriber_queries.add(tx, row | values)
        assert made
        return made

    async def rows(self, columns: str, table: str = "subscribers") -> list[Any]:
        async with transaction(self.shop.scene.engine) as tx:
            rows = await tx.execute(text(f"SELECT {columns} FROM {table}"))
            return [tuple(row) for row in rows]


@pytest.fixture
async def shop(scene: Scene) -> AsyncIterator[Following]:
    async with followed(scene, "in.test") as found:
        yield found


@pytest.fixture(params=list(FAKES), ids=str)
async def told(shop: Following, request: pytest.FixtureRequest) -> AsyncIterator[Told]:
    async for one in following_by(shop, request.param):
        yield one


async def following_by(shop: Following, way: Way) -> AsyncIterator[Told]:
    fake = FAKES[way][0]()
    fake.clock = shop.scene.clock
    async with fake.started():
        if way is Way.SMS:
            async with transaction(shop.scene.engine) as tx:
                await channel_configs.keep_operator_configs(
                    tx, {"sms": fake.account}, VAULT, shop.scene.now
                )
        yield Told(shop, way, fake)


@pytest.fixture
async def texted(shop: Following) -> AsyncIterator[Told]:
    async for one in following_by(shop, Way.SMS):
        yield one


async def test_each_way_shows_what_the_page_tells(told: Told) -> None:
    await told.follow()
    await told.tell(HOSTILE, "Checkout")

    assert told.fake.complaints == []
    (fields,) = told.fake.accepted
    said = FAKES[told.way][1](fields)
    assert "Checkout fails" in said
    assert f"{BASE_URL}/s/shop/incidents/" in said
    assert "internal-" not in said
    if told.way is not Way.SMS:  # which is as short as it can be
        assert "Checkout" in said.replace("Checkout fails", "")
        assert "/s/shop/subscription/" in said or "/s/shop/unsubscribe/" in said
    assert await told.rows("sent_at IS NOT NULL", "status_messages") == [(True,)]


async def test_whoever_asks_by_it_is_asked_back_there(told: Told) -> None:
    scene = told.shop.scene
    wanted = await told.follow(confirmed_at=None)
    async with transaction(scene.engine) as tx:
        await subscriber_queries.ask_to_confirm(tx, wanted, scene.now, scene.now)
    await told.tell("Nobody hears this yet.")

    said = [FAKES[told.way][1](fields) for fields in told.fake.accepted]
    assert told.fake.complaints == []
    assert len(said) == 1
    assert "/s/shop/confirm/" in said[0]


async def test_where_nobody_is_any_more_nothing_more_is_sent(told: Told) -> None:
    await told.follow()
    told.fake.manner = Manner.REFUSE
    await told.tell("First.")
    told.fake.manner = Manner.OK
    await told.tell("Second.")

    assert len(told.fake.posts) == 1
    assert await told.rows("stopped_at IS NOT NULL") == [(True,)]


async def test_what_breaks_on_the_way_is_tried_again_and_flagged(told: Told) -> None:
    await told.follow()
    told.fake.manner = Manner.RESET
    await told.tell("It is down.")
    told.fake.manner = Manner.OK
    await told.shop.work(timedelta(minutes=2))

    assert len(told.fake.accepted) == 1
    assert await told.rows("possible_duplicate, error", "status_messages") == [
        (True, None)
    ]
    assert await told.rows("bounces, stopped_at") == [(0, None)]


# -- STOP ---------------------------------------------------------------------------------


async def answer(told: Told, number: str, words: str) -> int:
    """What somebody answers to a text message; how Twilio is answered."""
    scene = told.shop.scene
    form = {
        "AccountSid": SID,
        "From": number,
        "To": "+15005550006",
        "Body": words,
        "MessageSid": "SM1",
    }
    call = report(ANSWERS, form)
    said = await told.shop.client.post(
        call.url, content=call.body, headers=dict(call.headers)
    )
    await listening.catch_up(scene.engine, jobs.OPTED_OUT, scene.now)
    return said.status_code


async def test_stop_ends_what_a_number_follows_and_nothing_else(texted: Told) -> None:
    scene = texted.shop.scene
    await texted.follow(1)
    await texted.follow(2)
    await texted.shop.follow("ida@example.org")
    await listening.catch_up(scene.engine, jobs.OPTED_OUT, scene.now)

    number = await texted.address(1)
    assert await answer(texted, number, "thanks") == 200
    thanked = await texted.rows("address")
    assert await answer(texted, number, " Stop ") == 200

    left = {await texted.address(2), "ida@example.org"}
    assert {one for (one,) in thanked} == left | {number}
    assert {one for (one,) in await texted.rows("address")} == left
    await texted.tell("It is down.")
    assert [fields["To"] for fields in texted.fake.accepted] == [
        await texted.address(2)
    ]
    events = await texted.rows("data::text", "events WHERE kind = 'channel.opted_out'")
    assert number not in str(events)


async def test_a_forged_stop_ends_nothing(texted: Told) -> None:
    scene = texted.shop.scene
    await texted.follow()
    await listening.catch_up(scene.engine, jobs.OPTED_OUT, scene.now)
    form = {"From": await texted.address(), "Body": "STOP", "MessageSid": "SM1"}
    call = report(ANSWERS, form, token="another")

    said = await texted.shop.client.post(
        call.url, content=call.body, headers=dict(call.headers)
    )
    await listening.catch_up(scene.engine, jobs.OPTED_OUT, scene.now)

    assert said.status_code == 403
    assert len(await texted.rows("id")) == 1
