"""Chats and phone apps: what they are asked to show, and what their answers mean."""

import json
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from pagefree.channels import all_channels
from pagefree.channels.base import (
    AddressDead,
    ChannelBroken,
    Message,
    Transports,
    Withdrawal,
)
from pagefree.core.errors import DeliveryError
from tests.fake_servers import Manner, Post
from tests.fakes.provider import Provider
from tests.providers.pages import LINK, NOW, delivery_to, page

NASTY = "[free](https://evil.example) @everyone <b>*bold*</b> <@U1>"

CHANNELS = all_channels()


def of(kind: str) -> pytest.MarkDecorator:
    """What the test is about."""
    return pytest.mark.parametrize("kind", [kind])


async def posted(
    ways: Transports, provider: Provider, kind: str, message: Message | None = None
) -> Post:
    await CHANNELS[kind].send(ways, delivery_to(kind, provider, message))
    return provider.posts[-1]


KINDS = ["discord", "mattermost", "ntfy", "pushover", "teams", "telegram"]
SHARED = ["discord", "mattermost", "teams"]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_page_says_what_broke_and_where_to_look(
    ways: Transports, provider: Provider, kind: str
) -> None:
    post = await posted(ways, provider, kind)

    sent = parse_qs(post.body.decode()) if kind == "pushover" else post.body.decode()
    assert "Disk full" in str(sent)
    assert "https://pagefree.example.org/incidents/12" in str(sent)


@pytest.mark.parametrize("kind", SHARED)
async def test_what_acts_for_one_person_is_only_where_nobody_else_reads(
    ways: Transports, provider: Provider, kind: str
) -> None:
    await CHANNELS[kind].send(ways, delivery_to(kind, provider, mine=False))
    await CHANNELS[kind].send(ways, delivery_to(kind, provider, mine=True))

    shared, alone = provider.posts
    assert LINK.encode() not in shared.body
    assert LINK.encode() in alone.body


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "permanent"), [(429, False), (500, False), (503, False), (413, True)]
)
async def test_an_answer_says_whether_another_try_can_help(
    ways: Transports, provider: Provider, kind: str, status: int, *, permanent: bool
) -> None:
    provider.says(status)

    with pytest.raises(DeliveryError) as e:
        await CHANNELS[kind].send(ways, delivery_to(kind, provider))

    assert e.value.permanent == permanent


@pytest.mark.parametrize("kind", KINDS)
async def test_a_connection_that_breaks_leaves_it_unknown(
    ways: Transports, provider: Provider, kind: str
) -> None:
    provider.manner = Manner.RESET

    with pytest.raises(DeliveryError) as e:
        await CHANNELS[kind].send(ways, delivery_to(kind, provider))

    assert (e.value.permanent, e.value.unknown) == (False, True)


@pytest.mark.parametrize("kind", ["discord", "mattermost", "ntfy", "teams"])
async def test_a_webhook_that_was_deleted_is_not_used_again(
    ways: Transports, provider: Provider, kind: str
) -> None:
    provider.says(404)

    with pytest.raises(AddressDead):
        await CHANNELS[kind].send(ways, delivery_to(kind, provider))


@pytest.mark.parametrize("kind", ["pushover", "telegram"])
async def test_wrong_credentials_are_our_fault_and_not_the_persons(
    ways: Transports, provider: Provider, kind: str
) -> None:
    provider.says(401)

    with pytest.raises(ChannelBroken):
        await CHANNELS[kind].send(ways, delivery_to(kind, provider))


@pytest.mark.parametrize("kind", ["pushover", "telegram"])
async def test_a_failure_never_names_a_credential(
    ways: Transports, provider: Provider, kind: str
) -> None:
    provider.says(500)

    with pytest.raises(DeliveryError) as e:
        await CHANNELS[kind].send(ways, delivery_to(kind, provider))

    assert "token" not in str(e.value)
    assert "aaa" not in str(e.value)


@of("discord")
async def test_discord_mentions_nobody_and_reads_no_markup(
    ways: Transports, provider: Provider
) -> None:
    body = json.loads((await posted(ways, provider, "discord", page(NASTY))).body)

    assert body["allowed_mentions"] == {"parse": []}
    assert "\\[free\\]\\(https\\:" in body["embeds"][0]["title"]
    assert provider.posts[0].path.endswith("?wait=true")


@of("mattermost")
async def test_mattermost_mentions_nobody_and_reads_no_markup(
    ways: Transports, provider: Provider
) -> None:
    body = json.loads((await posted(ways, provider, "mattermost", page(NASTY))).body)

    title = body["attachments"][0]["title"]
    assert "@everyone" not in title
    assert "\\[free\\]" in title


@of("teams")
async def test_teams_shows_text_that_knows_no_markup(
    ways: Transports, provider: Provider
) -> None:
    body = json.loads((await posted(ways, provider, "teams", page(NASTY))).body)

    [attachment] = body["attachments"]
    card = attachment["content"]
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert [action["title"] for action in card["actions"]] == ["Acknowledge", "Open"]


@of("ntfy")
async def test_ntfy_acknowledges_in_one_press(
    ways: Transports, provider: Provider
) -> None:
    body = json.loads((await posted(ways, provider, "ntfy")).body)

    [button] = body["actions"]
    assert (button["action"], button["method"]) == ("http", "POST")
    assert button["url"] == LINK
    assert body["priority"] == 5


@of("ntfy")
async def test_ntfy_never_makes_a_file_of_a_message(
    ways: Transports, provider: Provider
) -> None:
    subject = page("ß" * 180).subject
    assert subject is not None
    others = tuple(replace(subject, number=n) for n in range(30))

    body = json.loads(
        (await posted(ways, provider, "ntfy", replace(page(), others=others))).body
    )

    assert len(body["message"].encode()) <= 4096


@of("pushover")
async def test_pushover_sounds_until_confirmed_when_it_is_urgent(
    ways: Transports, provider: Provider
) -> None:
    urgent = parse_qs((await posted(ways, provider, "pushover")).body.decode())
    calm = parse_qs(
        (await posted(ways, provider, "pushover", page(urgency="low"))).body.decode()
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
@of("pushover")
async def test_pushover_says_whose_key_is_wrong(
    ways: Transports,
    provider: Provider,
    body: dict[str, object],
    error: type[DeliveryError],
) -> None:
    provider.says(400, body)

    with pytest.raises(error):
        await CHANNELS["pushover"].send(ways, delivery_to("pushover", provider))


# Telegram


@of("telegram")
async def test_telegram_keeps_hostile_text_as_text(
    ways: Transports, provider: Provider
) -> None:
    body = json.loads((await posted(ways, provider, "telegram", page(NASTY))).body)

    assert "&lt;b&gt;*bold*&lt;/b&gt;" in body["text"]
    assert provider.posts[0].path == "/bot1:token/sendMessage"


@of("telegram")
async def test_telegram_says_how_long_to_wait(
    ways: Transports, provider: Provider
) -> None:
    provider.says(429, {"ok": False, "parameters": {"retry_after": 17}})

    with pytest.raises(DeliveryError) as e:
        await CHANNELS["telegram"].send(ways, delivery_to("telegram", provider))

    assert e.value.retry_after_s == 17


@pytest.mark.parametrize(
    ("status", "description"),
    [(403, "Forbidden: bot was blocked"), (400, "Bad Request: chat not found")],
)
@of("telegram")
async def test_a_chat_that_is_closed_to_the_bot_is_not_used_again(
    ways: Transports, provider: Provider, status: int, description: str
) -> None:
    provider.says(status, {"ok": False, "description": description})

    with pytest.raises(AddressDead):
        await CHANNELS["telegram"].send(ways, delivery_to("telegram", provider))


@of("telegram")
async def test_a_message_changes_when_its_incident_has_changed(
    ways: Transports, provider: Provider
) -> None:
    provider.says(200, {"ok": True, "result": {"message_id": 5}})
    sent = delivery_to("telegram", provider)
    channel = CHANNELS["telegram"]
    number = await channel.send(ways, sent)
    assert channel.withdraw is not None

    await channel.withdraw(
        ways,
        Withdrawal(
            sent.message, sent.rendered, number, sent.address, None, sent.config, NOW
        ),
    )

    body = json.loads(provider.posts[-1].body)
    assert body["message_id"] == 5
    assert "reply_markup" not in body
