"""Web push as RFC 8030 describes it: encrypted for one browser, signed by this installation."""

import hmac
import re
from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
)

from pagefree.channels.base import (
    AddressDead,
    Callback,
    CallbackRefused,
    Channel,
    Delivery,
    Message,
    Receipt,
    Received,
    Rendered,
    Transports,
    Withdrawal,
    one_line,
)
from pagefree.channels.posting import judge, post
from pagefree.channels.web_push import keys
from pagefree.channels.web_push.encryption import encrypt
from pagefree.channels.wording import headline, listed, plain_text, reason
from pagefree.core.errors import DeliveryError
from pagefree.core.words import words_in

# What browsers subscribe at; an address comes from a browser, so from anybody.
KNOWN_HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "push.services.mozilla.com",
    "web.push.apple.com",
    "push.apple.com",
    "notify.windows.com",
)
PAGE_TTL_S = 900  # later than that a page has long gone another way
TEST_TTL_S = 120
# Firefox on Android takes least: its bridge leaves room for 2744 characters of base64
LONGEST_PAYLOAD = 2000
TITLE_LIMIT = 120
BODY_LIMIT = 400
GONE = frozenset({404, 410})
REFUSED = frozenset({401, 403})  # our key, our clock, our contact
RECEIPT = re.compile(r"received/([0-9a-f-]{36})/([0-9a-f]{32})")
NOTHING = b""
NO_CONTENT = 204
MINE = "/incidents?tab=mine"  # in the web app


def _private(key: SecretStr) -> SecretStr:
    keys.public_key(key.get_secret_value())
    return key


def _privates(several: SecretStr) -> SecretStr:
    for key in several.get_secret_value().split():
        keys.public_key(key)
    return several


class Config(BaseModel):
    """The key pair of this installation; made when it first starts."""

    model_config = ConfigDict(extra="forbid", title="Web push")

    subject: str = Field(
        title="Contact",
        description="For push services that complain: mailto: or https://, and real.",
        examples=["mailto:ops@example.org"],
        pattern=r"^(mailto:[^\s@<>,;:]+@[^\s@<>,;:]+|https://[^\s/:]+\S*)$",
        max_length=200,
    )
    private_key: Annotated[SecretStr, AfterValidator(_private)] = Field(
        title="Private key", description="32 bytes in base64url."
    )
    earlier_private_keys: Annotated[SecretStr, AfterValidator(_privates)] = Field(
        default=SecretStr(""),
        title="Earlier private keys",
        description="Used until every browser has subscribed anew; a space between them.",
    )
    hosts: list[str] = Field(
        default=[],
        title="More push services",
        description="Hosts besides those of Google, Mozilla, Apple and Microsoft.",
    )

    def private_for(self, public: str) -> str | None:
        """The private key of a public one; none if it is not ours."""
        ours = [self.private_key, self.earlier_private_keys]
        for private in " ".join(key.get_secret_value() for key in ours).split():
            if keys.public_key(private) == public:
                return private
        return None


class Address(BaseModel):
    """A subscription, as the browser has made it."""

    model_config = ConfigDict(extra="forbid", title="Web push")

    endpoint: HttpUrl = Field(title="Endpoint", max_length=1000)
    p256dh: str = Field(title="Key of the browser", pattern=r"^[A-Za-z0-9_-]{87}$")
    auth: str = Field(title="Secret of the browser", pattern=r"^[A-Za-z0-9_-]{22}$")
    key: str = Field(
        title="Our key", description="It subscribed with.", pattern=r"^[A-Za-z0-9_-]+$"
    )


def recipient(address: Address) -> str:
    """The push service: the rest is a secret."""
    return str(address.endpoint.host)


def render(message: Message) -> Rendered:
    """What the service worker shows; a later message of an incident replaces the one before."""
    subject = message.subject
    words = words_in(message.language)
    ends = {"acknowledged": words.acknowledged, "resolved": words.resolved}
    ended = ends.get(subject.status, "") if subject else ""
    title = headline(message)
    if ended and message.fate is None:
        title = f"{ended}: {title}"
    payload: dict[str, object] = {
        "id": str(message.id),
        "kind": message.kind,
        "title": one_line(title, TITLE_LIMIT),
        "body": "\n".join(_body(message))[:BODY_LIMIT],
        "tag": f"incident {subject.id}" if subject else f"test {message.id}",
        "open": _opens(message),
        "urgent": subject is not None
        and subject.urgency == "high"
        and not ended
        and message.fate is None,
        "incident": subject.number if subject else None,
        "language": words.language,
    }
    if not ended:
        payload |= {name: _path(url) for name, url in _links(message)}
        payload["words"] = {
            "acknowledge": words.acknowledge,
            "resolve": words.resolve,
            "open": words.open,
        }
    return Rendered(headline(message), plain_text(message), payload=payload)


def _body(message: Message) -> Iterator[str]:
    subject, words = message.subject, words_in(message.language)
    if message.kind == "notice":  # its beginning is the title
        text = one_line(message.cause)
        yield text if len(text) > TITLE_LIMIT else ""
        return
    if subject is None:
        yield words.push_works
        return
    severity = (
        f"{subject.severity}, {subject.priority}"
        if subject.priority
        else subject.severity
    )
    yield f"{severity} · {words.since.lower()} {subject.opened_at:%H:%M} UTC"
    yield one_line(f"{reason(message)} ({message.cause})", TITLE_LIMIT)
    yield from (
        one_line(line, TITLE_LIMIT)
        for line in listed(message.others, message.language)[:3]
    )


def _opens(message: Message) -> str:
    """The incident; of several the list that has them all."""
    if message.others:
        return MINE
    return _path(message.subject.url) if message.subject else "/me"


def _links(message: Message) -> Iterator[tuple[str, str]]:
    many = message.acknowledge_all_url
    if many or message.acknowledge_url:
        yield "acknowledge", many or message.acknowledge_url or ""
    if message.resolve_url and not message.others:
        yield "resolve", message.resolve_url


def _path(url: str) -> str:
    """Without the host: the service worker asks the one it came from."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


async def send(transports: Transports, delivery: Delivery) -> str:
    """Encrypt it, sign for it, and hand it to the push service of that browser."""
    message_id = str(delivery.message.id)
    private = _private_key(delivery)
    mac = keys.receipt_mac(private, message_id)
    receipt = f"{_path(delivery.callback_url)}/received/{message_id}/{mac}"
    payload = {**(delivery.rendered.payload or {}), "receipt": receipt}
    ttl_s = PAGE_TTL_S if delivery.message.subject else TEST_TTL_S
    await _push(transports, delivery, private, payload, ttl_s)
    return message_id


async def withdraw(transports: Transports, withdrawal: Withdrawal) -> None:
    """Show instead, without a sound, what has become of the incident."""
    payload = {**(withdrawal.rendered.payload or {}), "quiet": True}
    private = _private_key(withdrawal)
    await _push(transports, withdrawal, private, payload, PAGE_TTL_S)


def _private_key(delivery: Delivery | Withdrawal) -> str:
    address, config = delivery.address, delivery.config
    private: str | None = config.private_for(address.key)
    if private is None:
        raise AddressDead("the browser subscribed with a key that is not ours any more")
    return private


async def _push(
    transports: Transports,
    delivery: Delivery | Withdrawal,
    private: str,
    payload: dict[str, object],
    ttl_s: int,
) -> None:
    address, config, subject = (
        delivery.address,
        delivery.config,
        delivery.message.subject,
    )
    endpoint = str(address.endpoint)
    _require_known(endpoint, config.hosts)
    p256dh, auth = keys.decode(address.p256dh), keys.decode(address.auth)
    try:
        body = encrypt(_fitting(payload), p256dh, auth)
    except ValueError as e:
        raise DeliveryError("the subscription is not valid", permanent=True) from e
    headers = {
        **keys.authorization(private, config.subject, endpoint, delivery.now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(ttl_s),
        "Urgency": "high" if payload.get("urgent") or subject is None else "normal",
        "Topic": keys.topic(str(subject.id if subject else delivery.message.id)),
    }
    reply = await post(transports, endpoint, body, headers)
    judge(reply, "the push service", dead=GONE, broken=REFUSED)


def _require_known(endpoint: str, more: list[str]) -> None:
    host = urlsplit(endpoint).hostname or ""
    known = (*KNOWN_HOSTS, *more)
    if not any(host == one or host.endswith(f".{one}") for one in known):
        raise DeliveryError("that is no push service that is known", permanent=True)


def _fitting(payload: dict[str, object]) -> bytes:
    """As JSON; where that is too long, without the body, of which the rest can be done."""
    packed = msgspec.json.encode(payload)
    if len(packed) > LONGEST_PAYLOAD:
        packed = msgspec.json.encode({**payload, "body": ""})
    return packed


async def receive(_transports: Transports, config: Any, callback: Callback) -> Received:  # noqa: ANN401
    """The service worker says that it has shown a message. Raises CallbackRefused."""
    found = RECEIPT.fullmatch(callback.path)
    if found is None or callback.method != "POST":
        raise CallbackRefused
    message_id, mac = found.groups()
    ours = (config.private_key, config.earlier_private_keys)
    for private in " ".join(key.get_secret_value() for key in ours).split():
        if hmac.compare_digest(keys.receipt_mac(private, message_id), mac):
            return Received([Receipt(message_id, "delivered")], NO_CONTENT, NOTHING)
    raise CallbackRefused


CHANNEL = Channel(
    title="Web push",
    Address=Address,
    recipient=recipient,
    render=render,
    send=send,
    summary="A notification of the installed app or the browser, with buttons.",
    Config=Config,
    receive=receive,
    withdraw=withdraw,
    receipt_s=60,
    at_once=100,
    links=True,
    bundles=True,
)
