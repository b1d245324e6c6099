"""Write into a channel of Microsoft Teams."""

from collections.abc import Mapping

from pydantic import Field

from pagefree.actions.base import (
    Action,
    Call,
    Form,
    SecretName,
    Situation,
    json_call,
    require_success,
)
from pagefree.infra.http_connection import Reply

SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
CARD = "application/vnd.microsoft.card.adaptive"
MOST_TEXT = 6000  # a card may have 28 KB


class Config(Form):
    """What to write where."""

    webhook: SecretName = Field(
        title="Secret with the address of the workflow in Teams"
    )
    heading: str = Field(
        "#{{incident.number}} {{incident.title}}",
        title="Heading",
        max_length=500,
        json_schema_extra={"template": True, "escape": "markdown"},
    )
    text: str = Field(
        "",
        title="Text, Markdown",
        max_length=MOST_TEXT,
        json_schema_extra={"template": True, "escape": "markdown"},
    )
    link: str = Field(
        "{{incident.url}}",
        title="Address that the button opens",
        json_schema_extra={"template": True},
    )


def call(config: Config, at: Situation) -> Call:
    """An Adaptive Card."""
    body: list[dict[str, object]] = [
        {"type": "TextBlock", "text": config.heading, "weight": "bolder", "wrap": True}
    ]
    if config.text:
        text = config.text[:MOST_TEXT]
        body.append({"type": "TextBlock", "text": text, "wrap": True})
    content: dict[str, object] = {
        "$schema": SCHEMA,
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    if config.link.startswith(("https://", "http://")):
        content["actions"] = [
            {"type": "Action.OpenUrl", "title": "Open", "url": config.link}
        ]
    card = {"contentType": CARD, "contentUrl": None, "content": content}
    url = at.secret(config.webhook)
    return json_call("POST", url, {"type": "message", "attachments": [card]})


def read(_: Config, reply: Reply) -> Mapping[str, object]:
    """202: the flow has taken it."""
    require_success(reply, "Teams")
    return {}


ACTION = Action(
    title="Teams message",
    summary="Writes a card into a channel of Microsoft Teams.",
    group="chat",
    Config=Config,
    call=call,
    read=read,
)
