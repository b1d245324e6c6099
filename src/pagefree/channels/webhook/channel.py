"""A signed HTTP request as the Standard Webhooks specification describes it, version 1.0."""

import base64
import hashlib
import hmac
from datetime import UTC
from functools import lru_cache

import msgspec
from pydantic import BaseModel, ConfigDict, Field, HttpUrl

from pagefree.channels.base import (
    Channel,
    Delivery,
    Message,
    Rendered,
    Transports,
    one_line,
)
from pagefree.channels.posting import judge, post
from pagefree.channels.wording import headline, plain_text
from pagefree.core.errors import DeliveryError

GONE = frozenset({410})
SECRET_PREFIX = "whsec_"  # noqa: S105 - names the format, is no secret


class Address(BaseModel):
    """Where to send it."""

    model_config = ConfigDict(extra="forbid", title="Webhook")

    url: HttpUrl = Field(
        title="Address",
        description="Takes a POST with a JSON body and answers 2xx.",
        examples=["https://example.org/pages"],
    )


def recipient(address: Address) -> str:
    """The host: the path may hold a secret."""
    return str(address.url.host)


def render(message: Message) -> Rendered:
    """The body's `type` and `data`, and the same in words."""
    subject, title = message.subject, headline(message)
    data: dict[str, object] = {
        "notification_id": str(message.id),
        "reason": message.kind,
        "cause": one_line(message.cause),
        "user": one_line(message.user_name),
        "title": title,
    }
    if subject is not None:
        data["incident"] = {
            "id": str(subject.id),
            "number": subject.number,
            "title": one_line(subject.title),
            "status": subject.status,
            "severity": subject.severity,
            "priority": subject.priority,
            "urgency": subject.urgency,
            "service": one_line(subject.service),
            "opened_at": subject.opened_at.isoformat(),
            "url": subject.url,
        }
    kind = "notification.test" if subject is None else "incident.page"
    if message.kind == "notice":
        kind = "notification.notice"
    return Rendered(
        title,
        plain_text(message),
        payload={"type": kind, "data": data},
    )


def signature(secret: str, signed: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of `id.timestamp.body` under the decoded secret."""
    mac = _keyed(secret).copy()
    mac.update(signed)
    return "v1," + base64.b64encode(mac.digest()).decode()


@lru_cache(maxsize=1024)  # to take the key in costs half as much as to sign
def _keyed(secret: str) -> hmac.HMAC:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return hmac.new(key, digestmod=hashlib.sha256)


async def send(transports: Transports, delivery: Delivery) -> str:
    """POST it; the id stays the same over retries, so that receivers can tell copies."""
    if delivery.secret is None:
        raise DeliveryError("the signing secret is missing", permanent=True)
    message_id = str(delivery.message.id)
    timestamp = str(int(delivery.now.timestamp()))
    payload = delivery.rendered.payload or {}
    body = msgspec.json.encode(
        {
            "type": payload.get("type"),
            "timestamp": delivery.now.astimezone(UTC).isoformat(),
            "data": payload.get("data"),
        }
    )
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "PageFree",
        "Idempotency-Key": message_id,
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(
            delivery.secret, f"{message_id}.{timestamp}.".encode() + body
        ),
    }
    url = str(delivery.address.url)
    reply = await post(transports, url, body, headers)
    judge(reply, "the webhook", dead=GONE)
    return message_id


CHANNEL = Channel(
    title="Webhook",
    Address=Address,
    recipient=recipient,
    render=render,
    send=send,
    summary="A signed request to an address of yours, for programs.",
    at_once=200,
    team_target=True,
    signed=True,
)
