"""Direct messages of a Slack app with buttons, changed in place when the incident changes.

https://docs.slack.dev/messaging/ and, for what comes back,
https://docs.slack.dev/authentication/verifying-requests-from-slack/.
"""

import hashlib
import hmac
import json
import re
from typing import Literal
from urllib.parse import parse_qs
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr

from pagefree.channels.base import (
    AddressDead,
    Callback,
    CallbackRefused,
    Channel,
    ChannelBroken,
    Delivery,
    Linked,
    Message,
    Received,
    Rendered,
    Reply,
    Transports,
    Withdrawal,
    headline,
    plain_text,
)
from pagefree.channels.chat import rows
from pagefree.channels.posting import answered, judge, post
from pagefree.core.errors import DeliveryError

TOLERANCE_S = 300
MOST_FIELDS = 20  # of a form
VALUE_LIMIT = 300
LINK = re.compile(r"\s*link\s+([A-Za-z0-9_-]{4,64})\s*", re.IGNORECASE)
ZERO_WIDTH = "\u200b"  # behind what Slack reads as a mention or a link

Verb = Literal["acknowledge", "resolve", "escalate"]
VERBS: dict[str, Verb] = {
    "acknowledge": "acknowledge",
    "resolve": "resolve",
    "escalate": "escalate",
}
# what `error` means; the rest is somebody's mistake that trying again cannot mend
DEAD = frozenset(
    {"channel_not_found", "user_not_found", "users_not_found", "user_disabled"}
    | {"cannot_dm_bot", "is_archived"}
)
BROKEN = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked"}
    | {"token_expired", "missing_scope", "no_permission", "ekm_access_denied"}
)
TEMPORARY = frozenset(
    {"ratelimited", "rate_limited", "fatal_error", "internal_error"}
    | {"service_unavailable", "request_timeout", "team_added_to_org"}
)


class Config(BaseModel):
    """The Slack app that writes."""

    model_config = ConfigDict(extra="forbid", title="Slack")

    bot_token: SecretStr = Field(title="Bot token", description="Begins with xoxb-.")
    signing_secret: SecretStr = Field(
        title="Signing secret", description="Under Basic information.", min_length=16
    )
    api_url: HttpUrl = Field(
        default=HttpUrl("https://slack.com/api"), title="Address of the Web API"
    )


class Address(BaseModel):
    """Who in Slack."""

    model_config = ConfigDict(extra="forbid", title="Slack")

    team_id: str = Field(title="Workspace", pattern=r"^[TE][A-Z0-9]{1,30}$")
    user_id: str = Field(
        title="Member",
        description="Found out when you link your account.",
        pattern=r"^[UW][A-Z0-9]{1,30}$",
    )


def identity(address: Address) -> str:
    """Members are told apart by workspace, too."""
    return f"{address.team_id}/{address.user_id}"


def recipient(address: Address) -> str:
    """The member."""
    return address.user_id


def escaped(text: str) -> str:
    """Hostile `text` without meaning in Slack's markup: no links, nobody mentioned."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([@#*_~`])", "\\1" + ZERO_WIDTH, plain)


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
        elements = [*_buttons(message.subject.id), _open(message.subject.url)]
        blocks.append({"type": "actions", "elements": elements})
    payload: dict[str, object] = {
        "text": escaped(headline(message)),
        "blocks": blocks,
        "unfurl_links": False,
        "unfurl_media": False,
    }
    return Rendered(headline(message), plain_text(message), payload=payload)


def _buttons(incident_id: UUID) -> list[dict[str, object]]:
    return [
        {
            "type": "button",
            "action_id": verb,
            "text": {"type": "plain_text", "text": verb.capitalize()},
            "value": incident_id.hex,
            **({"style": "primary"} if verb == "acknowledge" else {}),
        }
        for verb in VERBS
    ]


def _open(url: str) -> dict[str, object]:
    text = {"type": "plain_text", "text": "Open"}
    return {"type": "button", "action_id": "open", "text": text, "url": url}


async def send(transports: Transports, delivery: Delivery) -> str:
    """Post it to the member; returns where it is, so that it can be changed."""
    body = {"channel": delivery.address.user_id, **(delivery.rendered.payload or {})}
    found = await _call(transports, delivery.config, "chat.postMessage", body)
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
    await _call(transports, withdrawal.config, "chat.update", body)


async def _call(
    transports: Transports, config: Config, method: str, body: dict[str, object]
) -> dict[str, object]:
    """Slack answers 200 to most failures and says which in `error`."""
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "PageFree",
        "Authorization": f"Bearer {config.bot_token.get_secret_value()}",
    }
    url = f"{str(config.api_url).rstrip('/')}/{method}"
    reply = await post(transports, url, msgspec.json.encode(body), headers)
    judge(reply, "Slack", broken=frozenset({401, 403}))
    found = answered(reply)
    if found.get("ok") is not True:
        raise _failure(str(found.get("error", "")))
    return found


def _failure(error: str) -> DeliveryError:
    word = error if re.fullmatch(r"[a-z_]{1,40}", error) else "something unknown"
    reason = f"Slack says {word}"
    if error in DEAD:
        return AddressDead(reason)
    if error in BROKEN:
        return ChannelBroken(reason)
    return DeliveryError(reason, permanent=error not in TEMPORARY)


async def receive(
    transports: Transports, config: Config, callback: Callback
) -> Received:
    """A button that was pressed, or `/oncall link <code>`."""
    del transports
    _verify(config, callback)
    try:
        fields = parse_qs(callback.body.decode(), max_num_fields=MOST_FIELDS)
    except ValueError:
        return Received()
    if "payload" in fields:
        return _pressed(fields["payload"][0])
    return _commanded({name: values[0] for name, values in fields.items()})


def _verify(config: Config, callback: Callback) -> None:
    stamp = callback.headers.get("x-slack-request-timestamp", "")
    known = stamp.isascii() and stamp.isdigit() and len(stamp) <= 12  # noqa: PLR2004
    if not known or abs(callback.now.timestamp() - int(stamp)) > TOLERANCE_S:
        raise CallbackRefused("the timestamp is missing or too old")
    secret = config.signing_secret.get_secret_value().encode()
    signed = b"v0:" + stamp.encode() + b":" + callback.body
    right = "v0=" + hmac.new(secret, signed, hashlib.sha256).hexdigest()
    given = callback.headers.get("x-slack-signature", "")
    if not hmac.compare_digest(right.encode(), given.encode()):
        raise CallbackRefused("the signature is wrong")


class _Id(msgspec.Struct):
    id: str


class _Action(msgspec.Struct):
    action_id: str
    action_ts: str = ""
    value: str = ""


class _Press(msgspec.Struct):
    type: str
    user: _Id
    team: _Id
    actions: list[_Action] = []


def _pressed(payload: str) -> Received:
    try:
        press = msgspec.json.decode(payload, type=_Press)
        action = press.actions[0]
        reply = Reply(
            f"{press.team.id}/{press.user.id}",
            VERBS[action.action_id],
            text=action.action_id,
            id=action.action_ts,
            incident_id=UUID(hex=action.value),
        )
    except (msgspec.DecodeError, IndexError, KeyError, ValueError):
        return Received()  # also "Open", which Slack reports like the others
    return Received([reply])


def _commanded(fields: dict[str, str]) -> Received:
    found = LINK.fullmatch(fields.get("text", ""))
    if found is None:
        return _said("Type `/oncall link` and the code that PageFree shows you.")
    address = {"team_id": fields.get("team_id"), "user_id": fields.get("user_id")}
    linked = Linked(found[1], address, fields.get("user_name", "")[:80])
    return Received([linked], content_type="application/json", respond=_ephemeral)


def _said(line: str) -> Received:
    return Received(body=_ephemeral(line), content_type="application/json")


def _ephemeral(line: str) -> bytes:
    return json.dumps({"response_type": "ephemeral", "text": line}).encode()


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
    identity=identity,
    at_once=10,
    bundles=True,
)
