"""Handing a letter over in each way: a mail, a signed request, a chat, a text message."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any

import msgspec

from pagefree.channels.base import Delivery, Message, Rendered
from pagefree.channels.posting import JSON_TYPE, judge, post, post_json
from pagefree.channels.sms import channel as sms
from pagefree.channels.smtp import hand_in
from pagefree.channels.webhook.channel import signature
from pagefree.core.errors import DeliveryError
from pagefree.core.subscriptions import Way
from pagefree.notifications.handing_over import Gateway
from pagefree.notifications.link_queries import NewOutboxMessage
from pagefree.status_pages import letters, subscriber_links, subscribing
from pagefree.status_pages.letters import Envelope, Letter, Links
from pagefree.status_pages.message_queries import Leased

NOBODY = "pagefree.invalid"
GONE = frozenset({404, 410})
MOST_SMS = 300  # characters


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter for somebody."""

    message: Leased
    letter: Letter
    links: Links | None  # none: whoever gets it follows nothing yet
    language: str
    sms_config: Any = None  # none: text messages are not set up


def shown(parcel: Parcel) -> NewOutboxMessage:
    """The parcel for the outbox of a demo, from which nothing leaves."""
    letter, links, message = parcel.letter, parcel.links, parcel.message
    mails = message.way is Way.EMAIL
    text = letters.plain(letter, links, letters.words_in(parcel.language))
    return NewOutboxMessage(
        channel=message.way,
        recipient=message.address,
        title=letters.subject(letter, links),
        text=_text(letter) if message.way is Way.SMS else text,
        html=letters.rich(letter, links, parcel.language) if mails else None,
        payload=letter.data if message.way is Way.WEBHOOK else None,
    )


async def hand_over(gateway: Gateway, parcel: Parcel) -> None:
    """Send it; in a demo nothing leaves. Raises DeliveryError."""
    if not gateway.demo:
        await WAYS[parcel.message.way](gateway, parcel, gateway.clock())


async def _mail(gateway: Gateway, parcel: Parcel, now: datetime) -> None:
    server, message = gateway.transports.smtp, parcel.message
    if server is None:
        raise DeliveryError("the installation has no mail server", permanent=False)
    sender = parseaddr(server.sender)[1]
    domain = sender.rpartition("@")[2] or NOBODY
    name = f"<status-{message.id}@{domain}>"
    envelope = Envelope(server.sender, message.address, name)
    mail = letters.mail(parcel.letter, envelope, parcel.links, parcel.language, now)
    if gateway.reply_domain:  # what comes back says whose mail it was
        sender = subscriber_links.bounce_address(
            gateway.vault, message.subscriber_id, gateway.reply_domain
        )
    await hand_in(server, mail, sender, message.address)


async def _webhook(gateway: Gateway, parcel: Parcel, now: datetime) -> None:
    message = parcel.message
    secret = subscribing.secret_of(gateway.vault, message.sealed_secret)
    if secret is None:
        raise DeliveryError("its signing secret cannot be read", permanent=True)
    data = dict(parcel.letter.data)
    if parcel.links:
        data["unsubscribe_url"] = parcel.links.end
    told = {
        "type": parcel.letter.kind,
        "timestamp": now.astimezone(UTC).isoformat(),
        "data": data,
    }
    body = msgspec.json.encode(told)
    stamp = str(int(now.timestamp()))
    headers = {
        **JSON_TYPE,
        "webhook-id": str(message.id),
        "webhook-timestamp": stamp,
        "webhook-signature": signature(
            secret, f"{message.id}.{stamp}.".encode() + body
        ),
    }
    reply = await post(gateway.transports, message.address, body, headers)
    judge(reply, "the webhook", dead=GONE)


async def _slack(gateway: Gateway, parcel: Parcel, now: datetime) -> None:
    del now
    letter = parcel.letter
    lines = [f"*{_mrkdwn(letter.page)}: {_mrkdwn(letter.title)}*", _mrkdwn(letter.body)]
    lines += [*map(_mrkdwn, letter.facts), f"<{letter.url}|{_mrkdwn(letter.button)}>"]
    if parcel.links:
        words = letters.words_in(parcel.language)
        lines.append(f"<{parcel.links.change}|{_mrkdwn(words['change'])}>")
    body = {"text": "\n".join(line for line in lines if line), "unfurl_links": False}
    reply = await post_json(gateway.transports, parcel.message.address, body)
    judge(reply, "Slack", dead=GONE)


def _mrkdwn(text: str) -> str:
    """Hostile text without links, mentions or channels."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


async def _teams(gateway: Gateway, parcel: Parcel, now: datetime) -> None:
    del now
    letter = parcel.letter
    texts = [letter.body, *letter.facts]
    runs = [_runs(f"{letter.page}: {letter.title}", weight="Bolder", size="Large")]
    runs += [_runs(text) for text in texts if text]
    actions = [{"type": "Action.OpenUrl", "title": letter.button, "url": letter.url}]
    if parcel.links:
        words = letters.words_in(parcel.language)
        change = {"title": words["change"], "url": parcel.links.change}
        actions.append({"type": "Action.OpenUrl", **change})
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": runs,
        "actions": actions,
    }
    kind = "application/vnd.microsoft.card.adaptive"
    body = {"type": "message", "attachments": [{"contentType": kind, "content": card}]}
    reply = await post_json(gateway.transports, parcel.message.address, body)
    judge(reply, "Teams", dead=GONE)


def _runs(text: str, **look: str) -> dict[str, object]:
    """A block of text that knows no Markdown."""
    run = {"type": "TextRun", "text": text, **look}
    return {"type": "RichTextBlock", "inlines": [run]}


async def _sms(gateway: Gateway, parcel: Parcel, now: datetime) -> None:
    if parcel.sms_config is None:
        raise DeliveryError("text messages are not set up", permanent=False)
    letter, message = parcel.letter, parcel.message
    delivery = Delivery(
        message=Message(message.id, "status", "", "", None, gateway.base_url),
        rendered=Rendered(letter.title, _text(letter)),
        address=sms.Address(number=message.address),
        secret=None,
        now=now,
        config=parcel.sms_config,
        callback_url=f"{gateway.base_url}/v1/channels/sms/callbacks",
    )
    await sms.CHANNEL.send(gateway.transports, delivery)


def _text(letter: Letter) -> str:
    return f"{letter.page}: {letter.title}"[:MOST_SMS] + f"\n{letter.url}"


WAYS: dict[Way, Callable[[Gateway, Parcel, datetime], Awaitable[None]]] = {
    Way.EMAIL: _mail,
    Way.WEBHOOK: _webhook,
    Way.SLACK: _slack,
    Way.TEAMS: _teams,
    Way.SMS: _sms,
}
