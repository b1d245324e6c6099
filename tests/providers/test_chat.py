"""Chats and phone apps: what they are asked to show, and what their answers mean."""

import json
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from pagefree.channels import all_channels
from pagefree.channels.base import (
    AddressDead,
    ChannelBroken,
    Delivery,
    Message,
    Transports,
    Withdrawal,
)
from pagefree.core.errors import DeliveryError
from tests.fake_servers import Post, WebServer
from tests.providers.pages import LINK, NOW, page

NASTY = "[free](https://evil.example) @everyone <b>*bold*</b> <@U1>"
BOT_SECRET = "0123456789abcdef0123"

CHANNELS = all_channels()


def addressed(kind: str, web: WebServer, *, mine: bool = True) -> dict[str, object]:
    """An address and credentials that lead to the server."""
    addresses: dict[str, dict[str, object]] = {
        "discord": {"url": web.url, "mine": mine},
        "mattermost": {"url": web.url, "mine": mine},
        "teams": {"url": web.url, "mine": mine},
        "ntfy": {"server": web.url, "topic": "long-and-random"},
        "pushover": {"user_key": "u" * 30},
        "telegram": {"chat_id": 77},
    }
    return addresses[kind]


def credentials(kind: str, web: WebServer) -> dict[str, object] | None:
    given: dict[str, dict[str, object]] = {
        "pushover": {"app_token": "a" * 30, "api_url": web.url},
        "telegram": {
            "bot_token": "1:token",
            "webhook_secret": BOT_SECRET,
            "api_url": web.url,
        },
    }
    return given.get(kind)


def delivery(
    kind: str, web: WebServer, message: Message | None = None, *, mine: bool = True
) -> Delivery:
    channel, made = CHANNELS[kind], message or page()
    given = credentials(kind, web)
    return Delivery(
        made,
        channel.render(made),
        channel.Address.model_validate(addressed(kind, web, mine=mine)),
        None,
        NOW,
        channel.Config.model_validate(given) if channel.Config and given else None,
    )


def answer(
    status: int, body: Mapping[str, object], headers: Mapping[str, str] | None = None
) -> bytes:
    text = json.dumps(body)
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(text)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n" + text).encode()


async def posted(
    ways: Transports, web: WebServer, kind: str, message: Message | None = None
) -> Post:
    await CHANNELS[kind].send(ways, delivery(kind, web, message))
    return web.posts[-1]


KINDS = ["discord", "mattermost", "ntfy", "pushover", "teams", "telegram"]
SHARED = ["discord", "mattermost", "teams"]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_page_says_what_broke_and_where_to_look(
    ways: Transports, web: WebServer, kind: str
) -> None:
    post = await posted(ways, web, kind)

    sent = parse_qs(post.body.decode()) if kind == "pushover" else post.body.decode()
    assert "Disk full" in str(sent)
    assert "https://pagefree.example.org/incidents/12" in str(sent)


@pytest.mark.parametrize("kind", SHARED)
async def test_what_acts_for_one_person_is_only_where_nobody_else_reads(
    ways: Transports, web: WebServer, kind: str
) -> None:
    await CHANNELS[kind].send(ways, delivery(kind, web, mine=False))
    await CHANNELS[kind].send(ways, delivery(kind, web, mine=True))

    shared, alone = web.posts
    assert LINK.encode() not in shared.body
    assert LINK.encode() in alone.body


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "permanent"), [(429, False), (500, False), (503, False), (413, True)]
)
async def test_an_answer_says_whether_another_try_can_help(
    ways: Transports, web: WebServer, kind: str, status: int, *, permanent: bool
) -> None:
    web.status = status

    with pytest.raises(DeliveryError) as e:
        await CHANNELS[kind].send(ways, delivery(kind, web))

    assert e.value.permanent == permanent


@pytest.mark.parametrize("kind", KINDS)
async def test_a_connection_that_breaks_leaves_it_unknown(
    ways: Transports, web: WebServer, kind: str
) -> None:
    web.hang_up = True

    with pytest.raises(DeliveryError) as e:
        await CHANNELS[kind].send(ways, delivery(kind, web))

    assert (e.value.permanent, e.value.unknown) == (False, True)


@pytest.mark.parametrize("kind", ["discord", "mattermost", "ntfy", "teams"])
async def test_a_webhook_that_was_deleted_is_not_used_again(
    ways: Transports, web: WebServer, kind: str
) -> None:
    web.status = 404

    with pytest.raises(AddressDead):
        await CHANNELS[kind].send(ways, delivery(kind, web))


@pytest.mark.parametrize("kind", ["pushover", "telegram"])
async def test_wrong_credentials_are_our_fault_and_not_the_persons(
    ways: Transports, web: WebServer, kind: str
) -> None:
    web.status = 401

    with pytest.raises(ChannelBroken):
        await CHANNELS[kind].send(ways, delivery(kind, web))


@pytest.mark.parametrize("kind", ["pushover", "telegram"])
async def test_a_failure_never_names_a_credential(
    ways: Transports, web: WebServer, kind: str
) -> None:
    web.status = 500

    with pytest.raises(DeliveryError) as e:
        await CHANNELS[kind].send(ways, delivery(kind, web))

    assert "token" not in str(e.value)
    assert "aaa" not in str(e.value)


async def test_discord_mentions_nobody_and_reads_no_markup(
    ways: Transports, web: WebServer
) -> None:
    body = json.loads((await posted(ways, web, "discord", page(NASTY))).body)

    assert body["allowed_mentions"] == {"parse": []}
    assert "\\[free\\]\\(https\\:" in body["embeds"][0]["title"]
    assert web.posts[0].path.endswith("?wait=true")


async def test_mattermost_mentions_nobody_and_reads_no_markup(
    ways: Transports, web: WebServer
) -> None:
    body = json.loads((await posted(ways, web, "mattermost", page(NASTY))).body)

    title = body["attachments"][0]["title"]
    assert "@everyone" not in title
    assert "\\[free\\]" in title


async def test_teams_shows_text_that_knows_no_markup(
    ways: Transports, web: WebServer
) -> None:
    body = json.loads((await posted(ways, web, "teams", page(NASTY))).body)

    [attachment] = body["attachments"]
    card = attachment["content"]
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert [action["title"] for action in card["actions"]] == ["Acknowledge", "Open"]


async def test_ntfy_acknowledges_in_one_press(ways: Transports, web: WebServer) -> None:
    body = json.loads((await posted(ways, web, "ntfy")).body)

    [button] = body["actions"]
    assert (button["action"], button["method"]) == ("http", "POST")
    assert button["url"] == LINK
    assert body["priority"] == 5


async def test_ntfy_never_makes_a_file_of_a_message(
    ways: Transports, web: WebServer
) -> None:
    subject = page("ß" * 180).subject
    assert subject is not None
    others = tuple(replace(subject, number=n) for n in range(30))

    body = json.loads(
        (await posted(ways, web, "ntfy", replace(page(), others=others))).body
    )

    assert len(body["message"].encode()) <= 4096


async def test_pushover_sounds_until_confirmed_when_it_is_urgent(
    ways: Transports, web: WebServer
) -> None:
    urgent = parse_qs((await posted(ways, web, "pushover")).body.decode())
    calm = parse_qs(
        (await posted(ways, web, "pushover", page(urgency="low"))).body.decode()
    )

    assert urgent["priority"] == ["2"]
    assert int(urgent["retry"][0]) >= 30
    assert int(urgent["expire"][0]) <= 10_800
    assert calm["priority"] == ["0"]
    assert "retry" not in calm


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"user": "invalid", "status": 0}, AddressDead),
        ({"token": "invalid", "status": 0}, ChannelBroken),
    ],
)
async def test_pushover_says_whose_key_is_wrong(
    ways: Transports,
    web: WebServer,
    body: dict[str, object],
    error: type[DeliveryError],
) -> None:
    web.answer = answer(400, body)

    with pytest.raises(error):
        await CHANNELS["pushover"].send(ways, delivery("pushover", web))


# Telegram


async def test_telegram_keeps_hostile_text_as_text(
    ways: Transports, web: WebServer
) -> None:
    body = json.loads((await posted(ways, web, "telegram", page(NASTY))).body)

    assert "&lt;b&gt;*bold*&lt;/b&gt;" in body["text"]
    assert web.posts[0].path == "/hook/bot1:token/sendMessage"


async def test_telegram_says_how_long_to_wait(ways: Transports, web: WebServer) -> None:
    web.answer = answer(429, {"ok": False, "parameters": {"retry_after": 17}})

    with pytest.raises(DeliveryError) as e:
        await CHANNELS["telegram"].send(ways, delivery("telegram", web))

    assert e.value.retry_after_s == 17


@pytest.mark.parametrize(
    ("status", "description"),
    [(403, "Forbidden: bot was blocked"), (400, "Bad Request: chat not found")],
)
async def test_a_chat_that_is_closed_to_the_bot_is_not_used_again(
    ways: Transports, web: WebServer, status: int, description: str
) -> None:
    web.answer = answer(status, {"ok": False, "description": description})

    with pytest.raises(AddressDead):
        await CHANNELS["telegram"].send(ways, delivery("telegram", web))


async def test_a_message_changes_when_its_incident_has_changed(
    ways: Transports, web: WebServer
) -> None:
    web.answer = answer(200, {"ok": True, "result": {"message_id": 5}})
    sent = delivery("telegram", web)
    channel = CHANNELS["telegram"]
    number = await channel.send(ways, sent)
    assert channel.withdraw is not None

    await channel.withdraw(
        ways,
        Withdrawal(
            sent.message, sent.rendered, number, sent.address, None, sent.config, NOW
        ),
    )

    body = json.loads(web.posts[-1].body)
    assert body["message_id"] == 5
    assert "reply_markup" not in body
