"""Slack: what is posted, what its answers mean, and who may press a button."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import HttpUrl, SecretStr

from pagefree.channels.base import (
    AddressDead,
    Callback,
    CallbackRefused,
    ChannelBroken,
    Command,
    Delivery,
    Linked,
    Reply,
    Transports,
    Withdrawal,
)
from pagefree.channels.slack.channel import (
    CHANNEL,
    Address,
    Config,
    receive,
    send,
    withdraw,
)
from pagefree.core.errors import DeliveryError
from pagefree.infra.http import GuardedClient
from tests.fake_servers import serving
from tests.fakes.slack import SECRET, TOKEN, Slack
from tests.providers.pages import ID, NOW, page

TO = Address(team_id="T1", user_id="U7")
WAYS = Transports(GuardedClient(), None)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with serving(Slack()) as fake:
        yield fake
    assert fake.complaints == []


def config(url: str = "https://slack.invalid") -> Config:
    return Config(
        bot_token=SecretStr(TOKEN),
        signing_secret=SecretStr(SECRET),
        api_url=HttpUrl(f"{url}/api"),
    )


def delivery(slack: Slack, title: str = "Disk full") -> Delivery:
    message = page(title)
    return Delivery(message, CHANNEL.render(message), TO, None, NOW, config(slack.base))


async def test_a_page_is_a_direct_message_with_buttons(
    ways: Transports, slack: Slack
) -> None:
    sent = await send(
        ways, delivery(slack, "<!channel> *now* <https://evil.example|free>")
    )

    [post] = slack.posts
    body = json.loads(post.body)
    assert sent == "D1/1700000000.000001"
    assert post.path == "/api/chat.postMessage"
    assert post.headers["authorization"] == "Bearer xoxb-1"
    assert body["channel"] == "U7"
    assert "<" not in body["text"]
    *presses, opens = body["blocks"][-1]["elements"]
    assert [p["action_id"] for p in presses] == ["acknowledge", "resolve", "escalate"]
    assert opens["url"] == "https://pagefree.example.org/incidents/12"


@pytest.mark.parametrize(
    ("error", "kind", "permanent"),
    [
        ("user_not_found", AddressDead, True),
        ("token_revoked", ChannelBroken, True),
        ("ratelimited", DeliveryError, False),
        ("msg_too_long", DeliveryError, True),
    ],
)
async def test_an_error_in_a_success_is_a_failure(
    ways: Transports,
    slack: Slack,
    error: str,
    kind: type[DeliveryError],
    *,
    permanent: bool,
) -> None:
    slack.says(200, {"ok": False, "error": error})

    with pytest.raises(DeliveryError) as e:
        await send(ways, delivery(slack))

    assert type(e.value) is kind
    assert e.value.permanent == permanent
    assert "xoxb" not in str(e.value)


@pytest.mark.parametrize(("status", "permanent"), [(429, False), (500, False)])
async def test_overload_passes(
    ways: Transports, slack: Slack, status: int, *, permanent: bool
) -> None:
    slack.says(status, headers={"Retry-After": "3"})

    with pytest.raises(DeliveryError) as e:
        await send(ways, delivery(slack))

    assert e.value.permanent == permanent


async def test_a_message_is_changed_in_place_and_loses_its_buttons(
    ways: Transports, slack: Slack
) -> None:
    sent = delivery(slack)

    await withdraw(
        ways,
        Withdrawal(sent.message, sent.rendered, "D1/17.1", TO, None, sent.config, NOW),
    )

    body = json.loads(slack.posts[0].body)
    assert (body["channel"], body["ts"]) == ("D1", "17.1")
    assert "actions" not in {block["type"] for block in body["blocks"]}


def asked(
    body: bytes,
    *,
    at: datetime = NOW,
    secret: str = SECRET,
    signed: bytes | None = None,
) -> Callback:
    stamp = str(int(at.timestamp()))
    over = b"v0:" + stamp.encode() + b":" + (body if signed is None else signed)
    mac = hmac.new(secret.encode(), over, hashlib.sha256).hexdigest()
    headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={mac}"}
    url = "https://pagefree.example.org/v1/channels/slack/callbacks/actions"
    return Callback("POST", "actions", "", headers, body, url, NOW)


def press(
    action: str = "acknowledge", value: str = ID.hex, place: str | None = None
) -> bytes:
    payload = {
        **({"channel": {"id": place}} if place else {}),
        "type": "block_actions",
        "user": {"id": "U7"},
        "team": {"id": "T1"},
        "actions": [{"action_id": action, "action_ts": "17.2", "value": value}],
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


async def test_a_button_acts_for_the_member_who_pressed_it() -> None:
    received = await receive(WAYS, config(), asked(press()))

    assert list(received.events) == [
        Reply(
            "T1/U7",
            "acknowledge",
            text="acknowledge",
            id="17.2",
            incident_id=ID,
            from_chat=True,
        )
    ]
    assert CHANNEL.identity is not None
    assert CHANNEL.identity(TO) == "T1/U7"


async def test_a_command_links_the_account() -> None:
    body = urlencode(
        {"text": "link 482913", "team_id": "T1", "user_id": "U7", "user_name": "ana"}
    ).encode()

    received = await receive(WAYS, config(), asked(body))

    address = {"team_id": "T1", "user_id": "U7"}
    assert list(received.events) == [Linked("482913", address, "ana")]


def typed(command: str, text: str) -> bytes:
    return urlencode(
        {
            "command": command,
            "text": text,
            "team_id": "T1",
            "user_id": "U7",
            "trigger_id": "9.8",
        }
    ).encode()


@pytest.mark.parametrize(
    ("command", "text", "event"),
    [
        ("/page", "Shop is down", Command("T1/U7", "page", "Shop is down", "9.8")),
        (
            "/page",
            "link in the shop",
            Command("T1/U7", "page", "link in the shop", "9.8"),
        ),
        ("/page", "link it", Command("T1/U7", "page", "link it", "9.8")),
        (
            "/page",
            "<@U1|ana>: see <#C1|ops> &amp; <https://x.example|x> &lt;now&gt;",
            Command("T1/U7", "page", "see #ops & x <now>", "9.8", "T1/U1"),
        ),
        ("/page", "Shop <@U1> left", Command("T1/U7", "page", "Shop @U1 left", "9.8")),
        ("/oncall", "", Command("T1/U7", "on_call", "", "9.8")),
        ("/oncall", "Nights", Command("T1/U7", "on_call", "Nights", "9.8")),
    ],
    ids=[
        "page",
        "not a link",
        "nor this",
        "a member",
        "not whom",
        "everybody",
        "one schedule",
    ],
)
async def test_what_is_typed_is_asked_as_the_member_who_typed_it(
    command: str, text: str, event: Command
) -> None:
    received = await receive(WAYS, config(), asked(typed(command, text)))

    assert list(received.events) == [event]
    assert received.respond is not None
    answer = json.loads(received.respond("#1 <!channel> is open"))
    assert answer["response_type"] == "ephemeral"
    assert "<" not in answer["text"]


async def test_a_command_that_slack_has_not_signed_is_refused() -> None:
    with pytest.raises(CallbackRefused):
        await receive(WAYS, config(), asked(typed("/page", "Shop"), secret=SECRET[:-1]))


async def test_who_presses_in_a_room_alone_reads_what_came_of_it(
    ways: Transports, slack: Slack
) -> None:
    slack.says(200, {"ok": True})

    received = await receive(WAYS, config(slack.base), asked(press(place="C1")))
    assert received.tell is not None
    await received.tell(ways, "#1: you may not respond for this team @here")

    [whisper] = slack.posts
    told = json.loads(whisper.body)
    assert whisper.path.endswith("/chat.postEphemeral")
    assert (told["channel"], told["user"]) == ("C1", "U7")
    assert "@here" not in told["text"]


async def test_any_other_command_says_what_there_is() -> None:
    received = await receive(WAYS, config(), asked(b"text=help"))

    assert list(received.events) == []
    assert b"/oncall link" in received.body


@pytest.mark.parametrize(
    "callback",
    [
        asked(press(), secret=SECRET[:-1]),
        asked(press(), signed=press("resolve")),
        asked(press(), at=NOW - timedelta(seconds=301)),
        asked(press(), at=NOW + timedelta(seconds=301)),
        Callback("POST", "actions", "", {}, press(), "https://x.example", NOW),
    ],
    ids=["another secret", "another body", "too old", "too early", "unsigned"],
)
async def test_what_slack_has_not_signed_is_refused(callback: Callback) -> None:
    with pytest.raises(CallbackRefused):
        await receive(WAYS, config(), callback)


@given(st.binary(max_size=300))
async def test_junk_that_is_signed_means_nothing(junk: bytes) -> None:
    received = await receive(WAYS, config(), asked(junk))

    assert [e for e in received.events if isinstance(e, Reply)] == []


@given(st.text(max_size=30), st.text(max_size=40))
async def test_a_press_of_an_unknown_button_means_nothing(
    action: str, value: str
) -> None:
    received = await receive(WAYS, config(), asked(press(f"x{action}", value)))

    assert list(received.events) == []
