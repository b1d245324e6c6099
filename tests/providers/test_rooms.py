"""Rooms of teams: many read what is posted there, and alerts may try to speak to them."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from pagefree.channels import all_channels
from pagefree.channels.base import Delivery, Message, Transports, Withdrawal
from tests.fake_servers import Post
from tests.fakes.provider import Provider
from tests.providers.pages import LINK, NOW, SITE, page

ROOMS: dict[str, dict[str, object]] = {
    "discord": {},
    "mattermost": {},
    "ntfy": {"topic": "ops-alerts"},
    "slack": {"channel_id": "C1"},
    "teams": {},
    "telegram": {"chat_id": -100123, "thread_id": 7},
    "webhook": {},
}
MENTIONS = [
    "<!channel> <!here> <!everyone> <@U1> <#C1>",
    "@channel @here @everyone @all",
    "<at>everyone</at> [free](https://evil.example)",
    "`x` *bold* _it_ ~no~ || spoiler ||",
    "</b><a href='https://evil.example'>free</a>",
]
CHANNELS = all_channels()


def room_of(kind: str, provider: Provider) -> object:
    """The address of a room there."""
    person = provider.address()
    form = CHANNELS[kind].form(room=True)
    usual = {key: person[key] for key in ("url", "server") if key in person}
    return form.model_validate({**usual, **ROOMS[kind]})


def posting(kind: str, provider: Provider, message: Message) -> Delivery:
    channel = CHANNELS[kind]
    return Delivery(
        message,
        channel.render(message),
        room_of(kind, provider),
        provider.secret,
        NOW,
        channel.Config.model_validate(provider.account) if channel.Config else None,
    )


def told(title: str = "Disk full") -> Message:
    """As it is posted to a room: whoever reads it is nobody in particular."""
    return replace(page(title), acknowledge_url=None, in_room=True, user_name="Ops")


async def posted(
    ways: Transports, provider: Provider, kind: str, message: Message
) -> Post:
    await CHANNELS[kind].send(ways, posting(kind, provider, message))
    return provider.posts[-1]


def texts(value: object) -> Iterator[str]:
    """Every text in a body."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def test_every_channel_that_has_rooms_is_here() -> None:
    declared = {kind for kind, one in CHANNELS.items() if one.team_target}

    assert declared == set(ROOMS)


@pytest.mark.parametrize("kind", ROOMS)
async def test_a_room_is_told_what_broke_and_where_to_look(
    ways: Transports, provider: Provider, kind: str
) -> None:
    body = (await posted(ways, provider, kind, told())).body.decode()

    assert "Disk full" in body
    assert f"{SITE}/incidents/12" in body
    assert "You are on call" not in body


@pytest.mark.parametrize("kind", ROOMS)
async def test_nothing_in_a_room_acts_without_saying_who_presses(
    ways: Transports, provider: Provider, kind: str
) -> None:
    """Links that prove by themselves who acts are not even made for a room."""
    body = (await posted(ways, provider, kind, told())).body

    assert b"/act/" not in body
    assert LINK.encode() not in body


@pytest.mark.parametrize("kind", ["slack", "telegram"])
async def test_where_it_is_known_who_presses_there_are_buttons(
    ways: Transports, provider: Provider, kind: str
) -> None:
    body = (await posted(ways, provider, kind, told())).body.decode()

    assert "Acknowledge" in body
    assert CHANNELS[kind].receive is not None


@pytest.mark.parametrize("title", MENTIONS)
@pytest.mark.parametrize("kind", ["slack"])
async def test_an_alert_calls_nobody_in_slack(
    ways: Transports, provider: Provider, kind: str, title: str
) -> None:
    body = json.loads((await posted(ways, provider, kind, told(title))).body)

    marked = [body["text"]]
    marked += [
        block["text"]["text"]
        for block in body["blocks"]
        if block.get("text", {}).get("type") == "mrkdwn"
    ]
    for text in marked:
        assert "<" not in text
        assert "@channel" not in text
        assert "@here" not in text
        assert "@everyone" not in text
    assert body["unfurl_links"] is False
    assert all(b["text"].get("verbatim", True) for b in body["blocks"] if "text" in b)


@pytest.mark.parametrize("title", MENTIONS)
@pytest.mark.parametrize("kind", ["discord"])
async def test_an_alert_calls_nobody_in_discord(
    ways: Transports, provider: Provider, kind: str, title: str
) -> None:
    body = json.loads((await posted(ways, provider, kind, told(title))).body)

    assert body["allowed_mentions"] == {"parse": []}
    shown = "".join(texts(body["embeds"]))
    assert "](https://evil" not in shown
    assert "<@" not in shown


@pytest.mark.parametrize("title", MENTIONS)
@pytest.mark.parametrize("kind", ["mattermost"])
async def test_an_alert_calls_nobody_in_mattermost(
    ways: Transports, provider: Provider, kind: str, title: str
) -> None:
    body = json.loads((await posted(ways, provider, kind, told(title))).body)

    [attachment] = body["attachments"]
    for text in texts({k: v for k, v in attachment.items() if k != "fallback"}):
        assert "@channel" not in text
        assert "@all" not in text
        assert "@here" not in text
        assert "](https://evil" not in text


@pytest.mark.parametrize("title", MENTIONS)
@pytest.mark.parametrize("kind", ["teams"])
async def test_an_alert_is_only_words_on_a_card(
    ways: Transports, provider: Provider, kind: str, title: str
) -> None:
    """Text runs know no Markdown; a mention would need an entity beside the card."""
    body = json.loads((await posted(ways, provider, kind, told(title))).body)

    card = body["attachments"][0]["content"]
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    runs = [run for block in card["body"] for run in block["inlines"]]
    assert {run["type"] for run in runs} == {"TextRun"}
    assert not any("selectAction" in run for run in runs)
    assert "msteams" not in card
    assert [action["title"] for action in card["actions"]] == ["Open"]


@pytest.mark.parametrize("kind", ["teams"])
async def test_a_card_for_one_person_has_all_that_a_link_can_do(
    ways: Transports, provider: Provider, kind: str
) -> None:
    channel = CHANNELS[kind]
    message = replace(page(), resolve_url=f"{SITE}/act/other")
    address = channel.Address.model_validate({**provider.address(), "mine": True})

    await channel.send(ways, replace(posting(kind, provider, message), address=address))

    card = json.loads(provider.posts[-1].body)["attachments"][0]["content"]
    assert [(a["type"], a["title"]) for a in card["actions"]] == [
        ("Action.OpenUrl", "Acknowledge"),
        ("Action.OpenUrl", "Resolve"),
        ("Action.OpenUrl", "Open"),
    ]


@pytest.mark.parametrize("kind", ["telegram"])
async def test_a_group_with_topics_is_told_in_its_topic(
    ways: Transports, provider: Provider, kind: str
) -> None:
    message = told("</b><a href='https://evil.example'>free</a>")

    body = json.loads((await posted(ways, provider, kind, message)).body)

    assert (body["chat_id"], body["message_thread_id"]) == (-100123, 7)
    assert "<a" not in body["text"]


@pytest.mark.parametrize("kind", ["discord"])
async def test_discord_changes_what_it_shows_when_the_incident_has_changed(
    ways: Transports, provider: Provider, kind: str
) -> None:
    channel, sent = CHANNELS[kind], posting(kind, provider, told())
    number = await channel.send(ways, sent)
    assert channel.withdraw is not None
    after = replace(sent.message, fate="Acknowledged by Bo")

    await channel.withdraw(
        ways,
        Withdrawal(after, channel.render(after), number, sent.address, None, None, NOW),
    )

    change = provider.posts[-1]
    assert change.path.endswith(f"/token/messages/{number}")
    body = json.loads(change.body)
    assert body["embeds"][0]["title"].startswith("Acknowledged by Bo")
    assert body["allowed_mentions"] == {"parse": []}
