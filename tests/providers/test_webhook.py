"""Webhooks: signed as their specification says, and what answers mean."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from standardwebhooks import Webhook

from pagefree.channels.base import AddressDead, Delivery, Transports
from pagefree.channels.webhook.channel import CHANNEL
from pagefree.core.errors import DeliveryError
from pagefree.infra.clock import system_clock
from pagefree.infra.http import GuardedClient
from tests.fake_servers import Manner, serving
from tests.fakes.webhook import SECRET, Receiver
from tests.providers.pages import page


@pytest.fixture
async def web() -> AsyncIterator[Receiver]:
    """Believes what is signed, on the clock that all go by."""
    async with serving(Receiver()) as fake:
        yield fake
    assert fake.complaints == []


def post_to(url: str, secret: str | None = SECRET) -> Delivery:
    made = page()
    to = CHANNEL.Address.model_validate({"url": url})
    return Delivery(made, CHANNEL.render(made), to, secret, system_clock())


async def test_the_standard_library_of_webhooks_verifies_ours(
    ways: Transports, web: Receiver
) -> None:
    sent = await CHANNEL.send(ways, post_to(web.url))

    [post] = web.posts
    body = Webhook(SECRET).verify(post.body, post.headers)
    assert body["data"]["incident"]["number"] == 12
    assert body["type"] == "incident.page"
    assert post.headers["webhook-id"] == sent == post.headers["idempotency-key"]


@pytest.mark.parametrize(
    ("status", "permanent", "dead"),
    [
        (301, True, False),
        (400, True, False),
        (404, True, False),
        (408, False, False),
        (410, True, True),
        (429, False, False),
        (500, False, False),
        (503, False, False),
    ],
)
async def test_an_answer_says_whether_to_try_again(
    ways: Transports, web: Receiver, status: int, *, permanent: bool, dead: bool
) -> None:
    web.says(status)

    with pytest.raises(DeliveryError) as e:
        await CHANNEL.send(ways, post_to(web.url))

    assert e.value.permanent == permanent
    assert isinstance(e.value, AddressDead) == dead


@pytest.mark.parametrize(
    ("header", "seconds"), [("30", 30), ("soon", None), ("9" * 5000, None)]
)
async def test_retry_after_is_read_when_it_is_a_number(
    ways: Transports, web: Receiver, header: str, seconds: int | None
) -> None:
    web.says(503, headers={"Retry-After": header})

    with pytest.raises(DeliveryError) as e:
        await CHANNEL.send(ways, post_to(web.url))

    assert e.value.retry_after_s == seconds


async def test_a_failure_never_shows_the_secret_the_path_or_the_answer(
    ways: Transports, web: Receiver
) -> None:
    web.says(500, {"error": "inside"}, {"X-Secret": "inside"})

    with pytest.raises(DeliveryError) as e:
        await CHANNEL.send(ways, post_to(web.url))

    assert str(e.value) == "the webhook answered 500"


async def test_our_own_network_is_out_of_reach_unless_allowed(web: Receiver) -> None:
    guarded = GuardedClient()

    with pytest.raises(DeliveryError, match="could not be reached"):
        await CHANNEL.send(Transports(guarded, None), post_to(web.url))
    assert web.posts == []
    await guarded.aclose()


async def test_a_webhook_without_its_secret_is_not_sent(
    ways: Transports, web: Receiver
) -> None:
    with pytest.raises(DeliveryError) as e:
        await CHANNEL.send(ways, post_to(web.url, None))
    assert e.value.permanent
    assert web.posts == []


async def test_a_connection_that_breaks_after_the_request_leaves_it_unknown(
    ways: Transports, web: Receiver
) -> None:
    web.manner = Manner.RESET

    with pytest.raises(DeliveryError) as e:
        await CHANNEL.send(ways, post_to(web.url))

    assert (e.value.permanent, e.value.unknown) == (False, True)


async def test_a_webhook_that_never_answers_can_be_given_up(
    ways: Transports, web: Receiver
) -> None:
    web.manner = Manner.HANG

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await CHANNEL.send(ways, post_to(web.url))
