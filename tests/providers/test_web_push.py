"""Web push against a push service that checks and decrypts as those of browsers do."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.channels import all_channels
from pagefree.channels.base import (
    AddressDead,
    Callback,
    CallbackRefused,
    ChannelBroken,
    Delivery,
    Message,
    Receipt,
    Subject,
    Transports,
    Withdrawal,
)
from pagefree.channels.web_push import keys
from pagefree.channels.web_push.channel import LONGEST_PAYLOAD, Config
from pagefree.channels.web_push.encryption import LONGEST, encrypt
from pagefree.core.errors import DeliveryError
from pagefree.infra.clock import system_clock
from pagefree.infra.http import GuardedClient
from tests.fake_servers import Manner
from tests.fakes.push import PushService, Subscription, push_service

CHANNEL = all_channels()["web_push"]
KEY, EARLIER = keys.new_private_key(), keys.new_private_key()
ID = UUID("019525d5-0000-7000-8000-000000000001")
INCIDENT = UUID("019525d5-0000-7000-8000-000000000002")
SITE = "https://pagefree.example.org"


def config(private: str = KEY, **more: object) -> Config:
    values = {"subject": "mailto:ops@example.org", "hosts": ["127.0.0.1"], **more}
    return Config.model_validate({"private_key": private, **values})


def message(title: str = "Disk full", status: str = "triggered") -> Message:
    subject = Subject(
        id=INCIDENT,
        number=12,
        title=title,
        service="Shop",
        severity="critical",
        priority="P1",
        urgency="high",
        status=status,
        opened_at=system_clock(),
        url=f"{SITE}/incidents/12",
    )
    return Message(
        id=ID,
        kind="page",
        cause="step 1",
        user_name="Ana",
        subject=subject,
        base_url=SITE,
        acknowledge_url=f"{SITE}/act/one",
        resolve_url=f"{SITE}/act/two",
    )


def delivery(to: Subscription, config: Config, made: Message) -> Delivery:
    return Delivery(
        made,
        CHANNEL.render(made),
        CHANNEL.Address.model_validate(to.address),
        None,
        system_clock(),
        config=config,
        callback_url=f"{SITE}/v1/channels/web_push/callbacks",
    )


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as fake:
        yield fake


@pytest.fixture
async def transports() -> AsyncIterator[Transports]:
    http = GuardedClient(["127.0.0.0/8"])
    yield Transports(http, None)
    await http.aclose()


@pytest.fixture
def phone(service: PushService) -> Subscription:
    return service.subscribe(keys.public_key(KEY))


async def test_only_the_browser_can_read_it_and_it_has_everything_to_act(
    transports: Transports, phone: Subscription
) -> None:
    sent = await CHANNEL.send(transports, delivery(phone, config(), message()))

    [pushed] = phone.messages
    assert sent == str(ID) == pushed.payload["id"]
    assert pushed.payload["title"] == "#12 Disk full (Shop)"
    assert pushed.payload["tag"] == f"incident {INCIDENT}"
    assert pushed.payload["acknowledge"] == "/act/one"
    assert pushed.payload["resolve"] == "/act/two"
    assert pushed.payload["open"] == "/incidents/12"


def test_a_push_about_several_opens_the_list_that_has_them_all() -> None:
    one = message()
    assert one.subject is not None
    several = replace(one, others=(replace(one.subject, number=13),))

    payload = CHANNEL.render(several).payload

    assert payload is not None
    assert payload["open"] == "/incidents?tab=mine"
    assert "#13 Disk full" in str(payload["body"])


async def test_a_page_outlives_a_tunnel_wakes_the_phone_and_replaces_the_one_before(
    transports: Transports, phone: Subscription
) -> None:
    await CHANNEL.send(transports, delivery(phone, config(), message()))
    await CHANNEL.send(transports, delivery(phone, config(), message("Disk fuller")))

    first, second = phone.messages
    assert (first.headers["ttl"], first.headers["urgency"]) == ("900", "high")
    assert first.headers["topic"] == second.headers["topic"]
    assert first.claims["sub"] == "mailto:ops@example.org"


async def test_browsers_of_two_push_services_are_not_mixed_up(
    transports: Transports, service: PushService, phone: Subscription
) -> None:
    async with push_service() as other:
        theirs = other.subscribe(keys.public_key(KEY))
        await CHANNEL.send(transports, delivery(phone, config(), message()))
        await CHANNEL.send(transports, delivery(theirs, config(), message()))

        assert phone.messages[0].claims["aud"].endswith(f":{service.port}")
        assert theirs.messages[0].claims["aud"].endswith(f":{other.port}")


@pytest.mark.parametrize(
    ("status", "error", "permanent"),
    [
        (404, AddressDead, True),
        (410, AddressDead, True),
        (401, ChannelBroken, True),
        (403, ChannelBroken, True),
        (400, DeliveryError, True),
        (413, DeliveryError, True),
        (429, DeliveryError, False),
        (500, DeliveryError, False),
        (503, DeliveryError, False),
    ],
)
async def test_an_answer_says_what_is_broken_and_whether_to_try_again(
    transports: Transports,
    service: PushService,
    phone: Subscription,
    status: int,
    error: type[DeliveryError],
    *,
    permanent: bool,
) -> None:
    service.says(status, headers={"Retry-After": "7"})

    with pytest.raises(DeliveryError) as e:
        await CHANNEL.send(transports, delivery(phone, config(), message()))

    assert (type(e.value), e.value.permanent) == (error, permanent)
    assert e.value.retry_after_s == (7 if status in {429, 503} else None)


async def test_a_push_service_that_never_answers_can_be_given_up(
    transports: Transports, service: PushService, phone: Subscription
) -> None:
    service.manner = Manner.HANG

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await CHANNEL.send(transports, delivery(phone, config(), message()))


@pytest.mark.fault("T-42", "the key of web push is changed")
async def test_an_earlier_key_serves_the_browsers_that_know_only_it(
    transports: Transports, service: PushService
) -> None:
    old = service.subscribe(keys.public_key(EARLIER))
    rotated = config(KEY, earlier_private_keys=EARLIER)

    await CHANNEL.send(transports, delivery(old, rotated, message()))

    assert len(old.messages) == 1


async def test_a_browser_with_a_foreign_key_is_not_even_tried(
    transports: Transports, service: PushService
) -> None:
    foreign = service.subscribe(keys.public_key(keys.new_private_key()))

    with pytest.raises(AddressDead, match="not ours"):
        await CHANNEL.send(transports, delivery(foreign, config(), message()))
    assert service.posts == []


async def test_what_is_no_known_push_service_is_never_asked(
    transports: Transports, service: PushService, phone: Subscription
) -> None:
    with pytest.raises(DeliveryError, match="no push service") as e:
        await CHANNEL.send(transports, delivery(phone, config(hosts=[]), message()))
    assert e.value.permanent
    assert service.posts == []


@pytest.mark.parametrize(
    "host", ["fcm.googleapis.com.example.org", "evil-web.push.apple.com.example.org"]
)
async def test_a_host_that_only_begins_like_one_is_not_one(
    transports: Transports, phone: Subscription, host: str
) -> None:
    address = {**phone.address, "endpoint": f"https://{host}/x"}
    to = replace(phone, address=address)

    with pytest.raises(DeliveryError, match="no push service"):
        await CHANNEL.send(transports, delivery(to, config(hosts=[]), message()))


async def test_what_became_of_the_incident_replaces_the_page_in_silence(
    transports: Transports, phone: Subscription
) -> None:
    made = message(status="acknowledged")
    sent = delivery(phone, config(), made)
    changed = Withdrawal(
        made, sent.rendered, str(ID), sent.address, None, sent.config, sent.now
    )
    assert CHANNEL.withdraw is not None

    await CHANNEL.withdraw(transports, changed)

    payload = phone.messages[0].payload
    assert payload["title"].startswith("Acknowledged: #12")
    assert payload["quiet"] is True
    assert "acknowledge" not in payload


def test_what_others_are_asked_for_now_is_not_urgent_any_more() -> None:
    made = replace(message(), fate="Others are asked now")

    payload = CHANNEL.render(made).payload or {}

    assert str(payload["title"]).startswith("Others are asked now: #12")
    assert payload["urgent"] is False


def test_who_has_it_is_said_once() -> None:
    made = replace(message(status="acknowledged"), fate="Acknowledged by Bo")

    payload = CHANNEL.render(made).payload or {}

    assert str(payload["title"]).startswith("Acknowledged by Bo: #12")


# receipts


def callback(path: str, method: str = "POST") -> Callback:
    return Callback(method, path, "", {}, b"", f"{SITE}/{path}", system_clock())


async def test_what_the_service_worker_has_shown_is_delivered(
    transports: Transports, phone: Subscription
) -> None:
    await CHANNEL.send(transports, delivery(phone, config(), message()))
    address = phone.messages[0].payload["receipt"]
    path = address.removeprefix("/v1/channels/web_push/callbacks/")
    assert CHANNEL.receive is not None

    now = await CHANNEL.receive(transports, config(), callback(path))
    after_rotation = await CHANNEL.receive(
        transports,
        config(keys.new_private_key(), earlier_private_keys=KEY),
        callback(path),
    )

    assert list(now.events) == [Receipt(str(ID), "delivered")]
    assert now.events == after_rotation.events


@pytest.mark.parametrize(
    "path",
    [
        "",
        "received",
        f"received/{ID}/{'0' * 32}",
        f"received/{ID}/{keys.receipt_mac(EARLIER, str(ID))}",
        f"received/{INCIDENT}/{keys.receipt_mac(KEY, str(ID))}",
        f"received/{ID}/{keys.receipt_mac(KEY, str(ID))}/more",
    ],
    ids=["nothing", "no id", "a guess", "another key", "another message", "more"],
)
async def test_a_receipt_that_nobody_was_given_is_refused(
    transports: Transports, path: str
) -> None:
    assert CHANNEL.receive is not None
    with pytest.raises(CallbackRefused):
        await CHANNEL.receive(transports, config(), callback(path))


# what is sent


@given(st.text(max_size=3000))
def test_any_alert_fits_into_what_every_push_service_takes(title: str) -> None:
    payload = CHANNEL.render(message(title)).payload or {}

    assert re.fullmatch(r"#12 .*\(Shop\)|.*…", str(payload["title"]), re.DOTALL)
    assert len(str(payload).encode()) <= 2 * LONGEST_PAYLOAD


def test_the_longest_message_makes_the_longest_body() -> None:
    address = PushService(port=1).subscribe(keys.public_key(KEY))
    p256dh, auth = (keys.decode(address.address[name]) for name in ("p256dh", "auth"))

    assert len(encrypt(b"x" * LONGEST, p256dh, auth)) == 4096
    with pytest.raises(ValueError, match="too long"):
        encrypt(b"x" * (LONGEST + 1), p256dh, auth)


@pytest.mark.parametrize(
    "subject",
    ["ops@example.org", "mailto: ops@example.org", "http://example.org", "mailto:x"],
)
def test_a_contact_that_apple_would_refuse_is_refused_at_once(subject: str) -> None:
    with pytest.raises(ValueError, match="subject"):
        config(subject=subject)


@pytest.mark.parametrize("key", ["", "AAAA", "not a key", "A" * 43])
def test_what_is_no_key_is_refused_at_once(key: str) -> None:
    with pytest.raises(ValueError, match="private_key"):
        config(key)
