"""A push notification through ntfy, as https://docs.ntfy.sh/publish/ describes."""

from pydantic import BaseModel, ConfigDict, Field, HttpUrl

from pagefree.channels.base import (
    Channel,
    Delivery,
    Message,
    Rendered,
    Transports,
)
from pagefree.channels.posting import confirmed, judge, post_json
from pagefree.channels.wording import headline, plain_text
from pagefree.core.words import words_in

TOPIC = r"^[A-Za-z0-9_-]{1,64}$"
BODY_LIMIT = 4000  # bytes: above 4096 ntfy makes a file of it
URGENT, DEFAULT = 5, 3
GONE = frozenset({404})
REFUSED = frozenset({401, 403})


class Address(BaseModel):
    """Which topic."""

    model_config = ConfigDict(extra="forbid", title="ntfy")

    server: HttpUrl = Field(
        default=HttpUrl("https://ntfy.sh"), title="Server", description="Also your own."
    )
    topic: str = Field(
        title="Topic",
        description="Whoever knows it can read along: make it long and random.",
        pattern=TOPIC,
    )


def recipient(address: Address) -> str:
    """The server and the start of the topic, which is a secret."""
    return f"{address.server.host}/{address.topic[:3]}…"


def render(message: Message) -> Rendered:
    """Plain text, loud where the urgency is; the first button acknowledges in one press."""
    subject = message.subject
    loud = subject is not None and subject.urgency == "high"
    payload: dict[str, object] = {
        "title": headline(message),
        "priority": URGENT if loud else DEFAULT,
        "tags": ["rotating_light"] if loud else [],
        "click": subject.url if subject else message.base_url,
        "actions": _buttons(message),
    }
    return Rendered(headline(message), plain_text(message), payload=payload)


def _buttons(message: Message) -> list[dict[str, object]]:
    words = words_in(message.language)
    presses = [
        (words.acknowledge, message.acknowledge_url),
        (words.resolve, message.resolve_url),
        (words.acknowledge_all, message.acknowledge_all_url),
    ]
    return [
        {"action": "http", "label": label, "url": url, "method": "POST", "clear": True}
        for label, url in presses
        if url
    ]


async def send(transports: Transports, delivery: Delivery) -> str:
    """Publish it as JSON: header values would have to be ASCII."""
    address: Address = delivery.address
    text = delivery.rendered.text.encode()[:BODY_LIMIT].decode(errors="ignore")
    payload = delivery.rendered.payload or {}
    body = {"topic": address.topic, "message": text, **payload}
    reply = await post_json(transports, str(address.server), body)
    judge(reply, "ntfy", dead=GONE | REFUSED)
    return str(confirmed(reply, "ntfy", "id").get("id", ""))


CHANNEL = Channel(
    title="ntfy",
    Address=Address,
    recipient=recipient,
    render=render,
    send=send,
    summary="A push notification of the ntfy app, also through a server of your own.",
    verify="code",
    at_once=10,
    team_target=True,
    links=True,
    bundles=True,
)
