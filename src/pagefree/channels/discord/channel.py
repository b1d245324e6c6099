"""A message in Discord, through a webhook of the chat.

https://discord.com/developers/docs/resources/webhook#execute-webhook
"""

import re
from collections.abc import Sequence

from pydantic import ConfigDict

from pagefree.channels.base import (
    Channel,
    Delivery,
    Message,
    Rendered,
    Transports,
    Withdrawal,
)
from pagefree.channels.chat import (
    WebhookAddress,
    WebhookRoom,
    colour,
    host,
    links,
    rows,
)
from pagefree.channels.posting import confirmed, judge, patch_json, post_json
from pagefree.channels.wording import headline, plain_text

MARKUP = re.compile(r"([\\*_~`|>#\[\]()<@:-])")
GONE = frozenset({401, 403, 404})  # the token is part of the address
MOST_FIELDS = 25
SHORT = 30  # characters that leave room for another field beside


class Address(WebhookAddress):
    """Where to post it."""

    model_config = ConfigDict(extra="forbid", title="Discord")


class Room(WebhookRoom):
    """The same for a team."""

    model_config = ConfigDict(extra="forbid", title="Discord")


def escaped(text: str) -> str:
    """Hostile `text` without meaning in Discord's Markdown."""
    return MARKUP.sub(r"\\\1", text)


def render(message: Message) -> Rendered:
    """An embed. The links come when it is known who reads them."""
    fields = [
        {"name": name, "value": escaped(value), "inline": len(value) < SHORT}
        for name, value in rows(message)[:MOST_FIELDS]
    ]
    embed = {
        "title": escaped(headline(message)),
        "color": colour(message),
        "fields": fields,
    }
    payload: dict[str, object] = {"embeds": [embed], "allowed_mentions": {"parse": []}}
    return Rendered(headline(message), plain_text(message), payload=payload)


async def send(transports: Transports, delivery: Delivery) -> str:
    """Post it and wait until Discord has it; without `wait` failures stay hidden."""
    address: Address | Room = delivery.address
    text = _line(links(delivery.message, mine=address.mine))
    url = str(address.url).partition("?")[0] + "?wait=true"
    body = {**(delivery.rendered.payload or {}), "content": text}
    reply = await post_json(transports, url, body)
    judge(reply, "Discord", dead=GONE)
    return str(confirmed(reply, "Discord", "id").get("id", ""))


def _line(found: Sequence[tuple[str, str]]) -> str:
    return "  ·  ".join(f"[{word}]({url})" for word, url in found)


async def withdraw(transports: Transports, withdrawal: Withdrawal) -> None:
    """Show the incident as it is now, without what could be pressed.

    https://discord.com/developers/docs/resources/webhook#edit-webhook-message
    """
    address: Address | Room = withdrawal.address
    base = str(address.url).partition("?")[0].rstrip("/")
    text = links(withdrawal.message, mine=False)
    body = {**(withdrawal.rendered.payload or {}), "content": _line(text)}
    reply = await patch_json(
        transports, f"{base}/messages/{withdrawal.provider_id}", body
    )
    judge(reply, "Discord", dead=GONE)


CHANNEL = Channel(
    title="Discord",
    Address=Address,
    recipient=host,
    render=render,
    send=send,
    summary="A message in a Discord chat, through its webhook.",
    verify="code",
    withdraw=withdraw,
    at_once=5,
    team_target=True,
    Room=Room,
    links=True,
    bundles=True,
)
