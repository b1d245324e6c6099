"""Messages of a Telegram bot with buttons. https://core.telegram.org/bots/api describes it."""

import re
from functools import partial
from hmac import compare_digest
from html import escape
from typing import Literal
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr

from pagefree.channels.base import (
    AddressDead,
    Callback,
    CallbackRefused,
    Channel,
    Delivery,
    Linked,
    Message,
    Received,
    Rendered,
    Reply,
    Transports,
    Withdrawal,
)
from pagefree.channels.chat import rows
from pagefree.channels.posting import answered, confirmed, judge, post_json
from pagefree.channels.wording import headline, plain_text
from pagefree.core.errors import DeliveryError
from pagefree.core.words import words_in
from pagefree.infra.http_connection import Reply as HttpReply

TEXT_LIMIT = 4096  # characters, after entities are read
ROW_LIMIT = 200
ROOM = re.compile(r"/room(?:@\w+)?")
START = re.compile(r"/start(?:@\w+)?\s+([A-Za-z0-9_-]{4,64})")
Verb = Literal["acknowledge", "resolve", "escalate"]
VERBS: dict[str, Verb] = {"a": "acknowledge", "r": "resolve", "e": "escalate"}
BAD_REQUEST, FORBIDDEN, SLOW_DOWN = 400, 403, 429
MOST_WAIT_S = 3600
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - a name


class Config(BaseModel):
    """The bot that writes."""

    model_config = ConfigDict(extra="forbid", title="Telegram")

    bot_token: SecretStr = Field(
        title="Token of the bot", description="As @BotFather has given it."
    )
    webhook_secret: SecretStr = Field(
        title="Secret of the webhook",
        description="The secret_token that setWebhook was called with.",
        min_length=16,
    )
    api_url: HttpUrl = Field(
        default=HttpUrl("https://api.telegram.org"), title="Address of the Bot API"
    )


class Address(BaseModel):
    """Which chat."""

    model_config = ConfigDict(extra="forbid", title="Telegram")

    chat_id: int = Field(
        title="Chat", description="Found out when you write to the bot."
    )


class Room(BaseModel):
    """Which group."""

    model_config = ConfigDict(extra="forbid", title="Telegram")

    chat_id: int = Field(
        title="Group",
        description="Its number: add the bot to the group and write /room there.",
    )
    thread_id: int | None = Field(
        default=None,
        title="Topic",
        description="Its number, where the group has topics.",
        ge=1,
    )


class _From(msgspec.Struct):
    id: int
    first_name: str = ""
    username: str = ""


class _Chat(msgspec.Struct):
    id: int
    type: str = "private"


class _Text(msgspec.Struct):
    chat: _Chat
    message_id: int = 0
    text: str = ""


class _Press(msgspec.Struct):
    id: str
    sender: _From = msgspec.field(name="from")
    data: str = ""


class _Update(msgspec.Struct):
    update_id: int
    message: _Text | None = None
    callback_query: _Press | None = None


def recipient(address: Address | Room) -> str:
    """The number of the chat."""
    return str(address.chat_id)


def render(message: Message) -> Rendered:
    """HTML of Telegram's own few tags, and buttons that come back as callbacks."""
    lines = [f"<b>{escape(headline(message))}</b>"]
    lines += [
        f"{escape(name)}: {escape(value[:ROW_LIMIT])}" for name, value in rows(message)
    ]
    subject = message.subject
    payload: dict[str, object] = {
        "text": "\n".join(lines)[:TEXT_LIMIT],
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "disable_notification": subject is not None and subject.urgency != "high",
    }
    if subject is not None:
        payload["reply_markup"] = {"inline_keyboard": _keyboard(message, subject.id)}
    return Rendered(headline(message), plain_text(message), payload=payload)


def _keyboard(message: Message, incident_id: UUID) -> list[list[dict[str, str]]]:
    words = words_in(message.language)
    said = {"a": words.acknowledge, "r": words.resolve, "e": words.escalate}
    presses = [
        {"text": said[verb], "callback_data": f"{verb}:{incident_id.hex}"}
        for verb in VERBS
    ]
    opens = message.subject.url if message.subject else message.base_url
    return [presses, [{"text": words.open, "url": opens}]]


async def send(transports: Transports, delivery: Delivery) -> str:
    """Send it; returns the number of the message in its chat."""
    address: Address | Room = delivery.address
    body = {"chat_id": address.chat_id, **(delivery.rendered.payload or {})}
    if isinstance(address, Room) and address.thread_id is not None:
        body["message_thread_id"] = address.thread_id
    reply = await _call(transports, delivery.config, "sendMessage", body)
    result = confirmed(reply, "Telegram", "result").get("result")
    return str(result.get("message_id", "")) if isinstance(result, dict) else ""


async def withdraw(transports: Transports, withdrawal: Withdrawal) -> None:
    """Show the incident as it is now, without buttons."""
    payload = {**(withdrawal.rendered.payload or {})}
    payload.pop("reply_markup", None)
    payload.pop("disable_notification", None)
    await _call(
        transports,
        withdrawal.config,
        "editMessageText",
        {
            "chat_id": withdrawal.address.chat_id,
            "message_id": int(withdrawal.provider_id),
            **payload,
        },
    )


async def probe(
    transports: Transports, config: Config, provider: str, reason: str
) -> bool:
    """Whether Telegram knows our bot."""
    del provider, reason  # there is one, and it refuses us for nothing but the token
    await _call(transports, config, "getMe", {})
    return True


async def _call(
    transports: Transports, config: Config, method: str, body: dict[str, object]
) -> HttpReply:
    token = config.bot_token.get_secret_value()
    base = str(config.api_url).rstrip("/")
    reply = await post_json(transports, f"{base}/bot{token}/{method}", body)
    if reply.status == SLOW_DOWN:
        raise DeliveryError(
            "Telegram answered 429", permanent=False, retry_after_s=_wait_s(reply)
        )
    if reply.status == BAD_REQUEST and "chat not found" in _description(reply):
        raise AddressDead("Telegram knows no such chat")
    if (moved := _parameters(reply).get("migrate_to_chat_id")) is not None:
        raise AddressDead(f"the group has another number now: {moved}")
    # 403: the person has blocked the bot; 401 and 404: the token is wrong
    judge(
        reply,
        "Telegram",
        dead=frozenset({FORBIDDEN}),
        broken=frozenset({401, 404}),
    )
    return reply


def _description(reply: HttpReply) -> str:
    return str(answered(reply).get("description", "")).lower()


def _parameters(reply: HttpReply) -> dict[str, object]:
    found = answered(reply).get("parameters")
    return found if isinstance(found, dict) else {}


def _wait_s(reply: HttpReply) -> int | None:
    wait = _parameters(reply).get("retry_after")
    return min(wait, MOST_WAIT_S) if isinstance(wait, int) and wait > 0 else None


async def receive(
    transports: Transports, config: Config, callback: Callback
) -> Received:
    """A button that was pressed, or `/start <code>` that links a chat."""
    del transports
    given = callback.headers.get(SECRET_HEADER, "").encode()
    if not compare_digest(given, config.webhook_secret.get_secret_value().encode()):
        raise CallbackRefused("the secret token is missing or wrong")
    try:
        update = msgspec.json.decode(callback.body, type=_Update)
    except msgspec.DecodeError:
        return Received()  # a kind of update that is not for us
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    if update.message is not None:
        return _written(update.message)
    return Received()


def _pressed(press: _Press) -> Received:
    verb, _, incident = press.data.partition(":")
    try:
        incident_id = UUID(hex=incident)
        reply = Reply(
            str(press.sender.id),
            VERBS[verb],
            text=press.data,
            id=press.id,
            incident_id=incident_id,
            from_chat=True,
        )
    except (KeyError, ValueError):
        return Received()
    return Received(
        [reply], content_type="application/json", respond=partial(_answer, press.id)
    )


def _answer(press_id: str, line: str) -> bytes:
    """Telegram takes a call of its API as the answer to its webhook."""
    return msgspec.json.encode(
        {
            "method": "answerCallbackQuery",
            "callback_query_id": press_id,
            "text": line[:200],
        }
    )


def _number(chat_id: int) -> bytes:
    """What a team types in where it adds the group as a room."""
    text = f"The number of this group is {chat_id}."
    return msgspec.json.encode(
        {"method": "sendMessage", "chat_id": chat_id, "text": text}
    )


def _written(message: _Text) -> Received:
    text = message.text.strip()
    if ROOM.fullmatch(text) and message.chat.type != "private":
        return Received(body=_number(message.chat.id), content_type="application/json")
    found = START.fullmatch(text)
    if found is None or message.chat.type != "private":
        return Received()
    # in a private chat its number is that of the person: buttons come from the same one
    return Received([Linked(found[1], {"chat_id": message.chat.id}, "Telegram")])


CHANNEL = Channel(
    title="Telegram",
    Address=Address,
    recipient=recipient,
    render=render,
    send=send,
    summary="Messages of a Telegram bot, with buttons to answer.",
    Config=Config,
    receive=receive,
    verify="handshake",
    link_line="/start {code}",
    withdraw=withdraw,
    probe=probe,
    identity=recipient,
    at_once=20,
    team_target=True,
    Room=Room,
    bundles=True,
)
