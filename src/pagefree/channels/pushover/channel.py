"""A push notification through Pushover, as https://pushover.net/api describes."""

from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr

from pagefree.channels.base import (
    AddressDead,
    Channel,
    ChannelBroken,
    Delivery,
    Message,
    Rendered,
    Transports,
)
from pagefree.channels.posting import answered, confirmed, judge, post
from pagefree.channels.wording import headline, plain_text
from pagefree.infra.http_connection import Reply

KEY = r"^[A-Za-z0-9]{30}$"
TITLE_LIMIT, TEXT_LIMIT = 250, 1024  # characters
URL_LIMIT = 512
NORMAL, HIGH, EMERGENCY = 0, 1, 2
REPEAT_S, EXPIRE_S = 60, 1800  # of an emergency that nobody confirms on the phone
BAD_REQUEST = 400
FORM = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "PageFree"}


class Config(BaseModel):
    """The application that you have registered with Pushover."""

    model_config = ConfigDict(extra="forbid", title="Pushover")

    app_token: SecretStr = Field(title="API token of your application")
    api_url: HttpUrl = Field(
        default=HttpUrl("https://api.pushover.net/1/messages.json"),
        title="Where messages are posted",
    )


class Address(BaseModel):
    """Whose phone."""

    model_config = ConfigDict(extra="forbid", title="Pushover")

    user_key: str = Field(
        title="Your user key",
        description="Shown when you sign in at pushover.net.",
        pattern=KEY,
    )
    emergency: bool = Field(
        default=True,
        title="Sound until I confirm",
        description="High urgency repeats every minute, also when the phone is silent.",
    )


def recipient(address: Address) -> str:
    """The start of the key: enough to tell two apart."""
    return f"{address.user_key[:4]}…"


def render(message: Message) -> Rendered:
    """Plain text: Pushover shows markup only when asked to."""
    return Rendered(headline(message), plain_text(message))


def form(delivery: Delivery, config: Config) -> dict[str, str | int]:
    """What Pushover is asked to show."""
    address: Address = delivery.address
    fields: dict[str, str | int] = {
        "token": config.app_token.get_secret_value(),
        "user": address.user_key,
        "title": delivery.rendered.title[:TITLE_LIMIT],
        "message": delivery.rendered.text[:TEXT_LIMIT],
        "priority": _priority(delivery.message, address),
    }
    if fields["priority"] == EMERGENCY:
        fields |= {"retry": REPEAT_S, "expire": EXPIRE_S}
    link = delivery.message.acknowledge_url
    if link is not None and len(link) <= URL_LIMIT:
        fields |= {"url": link, "url_title": "Acknowledge"}
    return fields


def _priority(message: Message, address: Address) -> int:
    if message.subject is None or message.subject.urgency != "high":
        return NORMAL
    return EMERGENCY if address.emergency else HIGH


async def send(transports: Transports, delivery: Delivery) -> str:
    """Post it; returns Pushover's id of the request."""
    config: Config = delivery.config
    body = urlencode(form(delivery, config)).encode()
    reply = await post(transports, str(config.api_url), body, FORM)
    if reply.status == BAD_REQUEST:
        raise _invalid(reply)
    judge(reply, "Pushover", broken=frozenset({401, 403}))
    return str(confirmed(reply, "Pushover", "status").get("request", ""))


def _invalid(reply: Reply) -> AddressDead | ChannelBroken:
    """Which of the two keys Pushover does not know: it says so by naming the field."""
    if answered(reply).get("user") == "invalid":
        return AddressDead("Pushover does not know this user key")
    return ChannelBroken("Pushover refused the message: is the token right?")


CHANNEL = Channel(
    title="Pushover",
    Address=Address,
    recipient=recipient,
    render=render,
    send=send,
    summary="A push notification of the Pushover app that can break through silence.",
    Config=Config,
    verify="code",
    at_once=2,  # more connections than that, and Pushover blocks us
    links=True,
    bundles=True,
)
