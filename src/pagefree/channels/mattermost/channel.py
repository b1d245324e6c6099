"""A message in Mattermost, through an incoming webhook.

https://developers.mattermost.com/integrate/webhooks/incoming/
"""

import re

from pydantic import ConfigDict

from pagefree.channels.base import (
    Channel,
    Delivery,
    Message,
    Rendered,
    Transports,
)
from pagefree.channels.chat import (
    WebhookAddress,
    WebhookRoom,
    colour,
    host,
    links,
    rows,
)
from pagefree.channels.posting import judge, post_json
from pagefree.channels.wording import headline, plain_text

MARKUP = re.compile(r"([\\*_~`|>#\[\]()!])")
MENTION = re.compile(r"([@:])(?=\w)")  # people, and emoji that hide what was said
GONE = frozenset({403, 404})  # the webhook was removed, or disabled


class Address(WebhookAddress):
    """Where to post it."""

    model_config = ConfigDict(extra="forbid", title="Mattermost")


class Room(WebhookRoom):
    """The same for a team."""

    model_config = ConfigDict(extra="forbid", title="Mattermost")


def escaped(text: str) -> str:
    """Hostile `text` without meaning in Mattermost's Markdown, and mentioning nobody."""
    return MENTION.sub("\\1\u200b", MARKUP.sub(r"\\\1", text))


def render(message: Message) -> Rendered:
    """One attachment. The links come when it is known who reads them."""
    attachment: dict[str, object] = {
        "fallback": headline(message),
        "color": f"#{colour(message):06x}",
        "title": escaped(headline(message)),
        "fields": [
            {"title": name, "value": escaped(value), "short": True}
            for name, value in rows(message)
        ],
    }
    return Rendered(headline(message), plain_text(message), payload=attachment)


async def send(transports: Transports, delivery: Delivery) -> str:
    """Post it; Mattermost gives messages of webhooks no id."""
    address: Address | Room = delivery.address
    text = " · ".join(
        f"[{word}]({url})" for word, url in links(delivery.message, mine=address.mine)
    )
    attachment = {**(delivery.rendered.payload or {}), "text": text}
    body = {"username": "PageFree", "attachments": [attachment]}
    judge(await post_json(transports, str(address.url), body), "Mattermost", dead=GONE)
    return ""


CHANNEL = Channel(
    title="Mattermost",
    Address=Address,
    recipient=host,
    render=render,
    send=send,
    summary="A message in a Mattermost chat, through its incoming webhook.",
    verify="code",
    at_once=5,
    team_target=True,
    Room=Room,
    links=True,
    bundles=True,
)
