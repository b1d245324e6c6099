"""What comes back from Slack: buttons that are pressed, and commands that are typed.

https://docs.slack.dev/authentication/verifying-requests-from-slack/,
https://docs.slack.dev/interactivity/implementing-slash-commands/.
"""

import hashlib
import hmac
import json
import re
from functools import partial
from typing import Literal
from urllib.parse import parse_qs
from uuid import UUID

import msgspec

from pagefree.channels.base import (
    Callback,
    CallbackRefused,
    Command,
    Linked,
    Received,
    Reply,
    Transports,
)
from pagefree.channels.slack.web_api import Config, call, escaped

TOLERANCE_S = 300
MOST_FIELDS = 20  # of a form
LINK = re.compile(r"\s*link(?:\s+([A-Za-z0-9_-]{4,64}))?\s*", re.IGNORECASE)
MENTIONED = re.compile(r"\s*<@(\w{1,30})(?:\|[^<>]*)?>[\s:,]*")
MARKED = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
TYPE_LINK = "Type `/oncall link` and the code that PageFree shows you."

Verb = Literal["acknowledge", "resolve", "escalate"]
VERBS: dict[str, Verb] = {
    "acknowledge": "acknowledge",
    "resolve": "resolve",
    "escalate": "escalate",
}
COMMANDS: dict[str, Literal["page", "on_call"]] = {
    "/page": "page",
    "/oncall": "on_call",
}


async def receive(
    transports: Transports, config: Config, callback: Callback
) -> Received:
    """A button that was pressed, `/page …`, `/oncall …` or `/oncall link <code>`."""
    del transports
    _verify(config, callback)
    try:
        fields = parse_qs(callback.body.decode(), max_num_fields=MOST_FIELDS)
    except ValueError:
        return Received()
    if "payload" in fields:
        return _pressed(config, fields["payload"][0])
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
    channel: _Id | None = None
    actions: list[_Action] = []


def _pressed(config: Config, payload: str) -> Received:
    try:
        press = msgspec.json.decode(payload, type=_Press)
        action = press.actions[0]
        reply = Reply(
            f"{press.team.id}/{press.user.id}",
            VERBS[action.action_id],
            text=action.action_id,
            id=action.action_ts,
            incident_id=UUID(hex=action.value),
            from_chat=True,
        )
    except (msgspec.DecodeError, IndexError, KeyError, ValueError):
        return Received()  # also "Open", which Slack reports like the others
    if press.channel is None:
        return Received([reply])
    place = press.channel.id, press.user.id
    return Received([reply], tell=partial(_whisper, config, place))


async def _whisper(
    config: Config, place: tuple[str, str], transports: Transports, line: str
) -> None:
    """Only whoever has pressed reads it: the answer to a press shows nothing by itself."""
    channel, user = place
    body = {"channel": channel, "user": user, "text": escaped(line)}
    await call(transports, config, "chat.postEphemeral", body)


def _commanded(fields: dict[str, str]) -> Received:
    """What is not one of our commands can only be about linking."""
    text, verb = fields.get("text", ""), COMMANDS.get(fields.get("command", ""))
    link = LINK.fullmatch(text) if verb != "page" else None
    if link is not None and link[1]:
        address = {"team_id": fields.get("team_id"), "user_id": fields.get("user_id")}
        linked = Linked(link[1], address, fields.get("user_name", "")[:80])
        return _answered(linked)
    if link is not None or verb is None:
        return Received(body=_ephemeral(TYPE_LINK), content_type="application/json")
    team = fields.get("team_id", "")
    sender, whom = f"{team}/{fields.get('user_id', '')}", MENTIONED.match(text)
    return _answered(
        Command(
            sender,
            verb,
            _plain(text[whom.end() :] if whom else text),
            fields.get("trigger_id", ""),
            f"{team}/{whom[1]}" if whom else "",
        )
    )


def _plain(text: str) -> str:
    """What was typed, without Slack's marks for people, channels and links."""
    read = MARKED.sub(lambda found: f"{found[1]}{found[3] or found[2]}", text)
    return read.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _answered(event: Linked | Command) -> Received:
    return Received([event], content_type="application/json", respond=_escaped)


def _escaped(line: str) -> bytes:
    return _ephemeral(escaped(line))


def _ephemeral(text: str) -> bytes:
    return json.dumps({"response_type": "ephemeral", "text": text}).encode()
