"""Messages of a Slack app with buttons, changed in place when the incident changes.

https://docs.slack.dev/messaging/
"""

from uuid import UUID

from pagefree.channels.base import (
    Channel,
    Delivery,
    Message,
    Rendered,
    Transports,
    Withdrawal,
)
from pagefree.channels.chat import rows
from pagefree.channels.slack.addresses import Address, Room, identity, recipient
from pagefree.channels.slack.callbacks import VERBS, receive
from pagefree.channels.slack.chats import CHATS
from pagefree.channels.slack.web_api import Config, call, escaped, probe
from pagefree.channels.wording import headline, plain_text
from pagefree.core.words import words_in
from pagefree.core.words.tables import Words

__all__ = ["CHANNEL", "Address", "Config", "Room", "receive", "send", "withdraw"]

VALUE_LIMIT = 300


def render(message: Message) -> Rendered:
    """Blocks for the message, and one line for the notification of the phone."""
    title = {"type": "plain_text", "text": headline(message)[:150], "emoji": False}
    blocks: list[dict[str, object]] = [{"type": "header", "text": title}]
    lines = [
        f"*{name}:* {escaped(value[:VALUE_LIMIT])}" for name, value in rows(message)
    ]
    if lines:
        text = {"type": "mrkdwn", "text": "\n".join(lines)[:3000], "verbatim": True}
        blocks.append({"type": "section", "text": text})
    if message.subject is not None:
        words = words_in(message.language)
        elements = [
            *_buttons(message.subject.id, words),
            _open(message.subject.url, words),
        ]
        blocks.append({"type": "actions", "elements": elements})
    payload: dict[str, object] = {
        "text": escaped(headline(message)),
        "blocks": blocks,
        "unfurl_links": False,
        "unfurl_media": False,
    }
    return Rendered(headline(message), plain_text(message), payload=payload)


def _buttons(incident_id: UUID, words: Words) -> list[dict[str, object]]:
    said = {
        "acknowledge": words.acknowledge,
        "resolve": words.resolve,
        "escalate": words.escalate,
    }
    return [
        {
            "type": "button",
            "action_id": verb,
            "text": {"type": "plain_text", "text": said[verb]},
            "value": incident_id.hex,
            **({"style": "primary"} if verb == "acknowledge" else {}),
        }
        for verb in VERBS
    ]


def _open(url: str, words: Words) -> dict[str, object]:
    text = {"type": "plain_text", "text": words.open}
    return {"type": "button", "action_id": "open", "text": text, "url": url}


async def send(transports: Transports, delivery: Delivery) -> str:
    """Post it to the member or the channel; returns where it is, so that it can be changed."""
    body = {"channel": delivery.address.place, **(delivery.rendered.payload or {})}
    found = await call(transports, delivery.config, "chat.postMessage", body)
    return f"{found.get('channel', '')}/{found.get('ts', '')}"


async def withdraw(transports: Transports, withdrawal: Withdrawal) -> None:
    """Show the incident as it is now, without buttons."""
    channel, _, ts = withdrawal.provider_id.partition("/")
    payload = withdrawal.rendered.payload or {}
    kept = payload.get("blocks")
    blocks = (
        [b for b in kept if b["type"] != "actions"] if isinstance(kept, list) else []
    )
    body = {"channel": channel, "ts": ts, "text": payload.get("text"), "blocks": blocks}
    await call(transports, withdrawal.config, "chat.update", body)


CHANNEL = Channel(
    title="Slack",
    Address=Address,
    recipient=recipient,
    render=render,
    send=send,
    summary="A direct message in Slack, with buttons to answer.",
    Config=Config,
    receive=receive,
    verify="handshake",
    link_line="/oncall link {code}",
    withdraw=withdraw,
    probe=probe,
    identity=identity,
    at_once=10,
    team_target=True,
    Room=Room,
    chats=CHATS,
    bundles=True,
)
