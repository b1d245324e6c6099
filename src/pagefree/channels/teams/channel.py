"""An adaptive card in Microsoft Teams, through a Workflows webhook.

https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook and
https://adaptivecards.io/explorer/ (version 1.4).
"""

from pydantic import ConfigDict

from pagefree.channels.base import (
    Channel,
    Delivery,
    Message,
    Rendered,
    Transports,
)
from pagefree.channels.chat import WebhookAddress, WebhookRoom, host, links, rows
from pagefree.channels.posting import judge, post_json
from pagefree.channels.wording import headline, plain_text

GONE = frozenset(
    {401, 403, 404, 410}
)  # the flow was deleted or disabled, or signed anew
ATTENTION = {"critical": "Attention", "error": "Attention", "warning": "Warning"}


class Address(WebhookAddress):
    """Where to post it."""

    model_config = ConfigDict(extra="forbid", title="Microsoft Teams")


class Room(WebhookRoom):
    """The same for a team."""

    model_config = ConfigDict(extra="forbid", title="Microsoft Teams")


def render(message: Message) -> Rendered:
    """A card of text runs: those know no Markdown, so that an alert cannot make a link."""
    severity = message.subject.severity if message.subject else ""
    title = _run(headline(message), size="Large", weight="Bolder")
    title["color"] = ATTENTION.get(severity, "Default")
    body = [_line(title)]
    body += [
        _line(_run(f"{name}  ", weight="Bolder"), _run(value))
        for name, value in rows(message)
    ]
    card: dict[str, object] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    return Rendered(headline(message), plain_text(message), payload=card)


def _run(text: str, **look: str) -> dict[str, object]:
    return {"type": "TextRun", "text": text, **look}


def _line(*runs: dict[str, object]) -> dict[str, object]:
    return {"type": "RichTextBlock", "spacing": "Small", "inlines": list(runs)}


async def send(transports: Transports, delivery: Delivery) -> str:
    """Hand it to the flow: 202 says that the flow began, not that anything is shown."""
    address: Address | Room = delivery.address
    actions = [
        {"type": "Action.OpenUrl", "title": word, "url": url}
        for word, url in links(delivery.message, mine=address.mine)
    ]
    card = {**(delivery.rendered.payload or {}), "actions": actions}
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    reply = await post_json(
        transports, str(address.url), {"type": "message", "attachments": [attachment]}
    )
    judge(reply, "Teams", dead=GONE)
    return reply.headers.get("x-ms-workflow-run-id", "")


CHANNEL = Channel(
    title="Microsoft Teams",
    Address=Address,
    recipient=host,
    render=render,
    send=send,
    summary="A card in a Microsoft Teams chat, through a Workflows webhook.",
    verify="code",
    at_once=5,
    team_target=True,
    Room=Room,
    links=True,
    bundles=True,
)
