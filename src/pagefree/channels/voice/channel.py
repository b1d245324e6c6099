"""Calls through Twilio: it says what broke, and a key acknowledges.

https://www.twilio.com/docs/voice/api/call-resource and https://www.twilio.com/docs/voice/twiml
"""

import re
from functools import partial
from typing import Literal
from urllib.parse import parse_qs
from uuid import UUID

from pydantic import ConfigDict

from pagefree.channels.base import (
    Callback,
    CallbackRefused,
    Channel,
    Delivery,
    Message,
    Receipt,
    Received,
    Rendered,
    Reply,
    Transports,
    one_line,
)
from pagefree.channels.phone import PhoneAddress, escape_xml, number
from pagefree.channels.twilio import TwilioAccount, create, verified_form, works
from pagefree.channels.wording import headline
from pagefree.core.words import DEFAULT, words_in

RING_S = 28  # voicemail takes over after about 30
RECEIPT_S = 90  # it rings, somebody wakes up, and listens
SPOKEN_LIMIT = 300  # characters of what an alert says
SERVICE_LIMIT = 60
TIMES_SAID = 3
KEYS: dict[str, Literal["acknowledge", "resolve", "escalate"]] = {
    "1": "acknowledge",
    "2": "resolve",
    "3": "escalate",
}
STATES: dict[str, Literal["accepted", "delivered", "failed"]] = {
    **dict.fromkeys(("queued", "initiated", "ringing"), "accepted"),
    **dict.fromkeys(("in-progress", "completed"), "delivered"),
    **dict.fromkeys(("busy", "no-answer", "failed", "canceled"), "failed"),
}
PRESSED = re.compile(r"keys/([0-9a-f-]{36})")
UNSPEAKABLE = re.compile(r"[^\w\s.,:;!?%()+/'-]")
DIGITS = re.compile(r"\d{5,}")  # said one by one: nobody follows millions
TWIML = "text/xml"


class Config(TwilioAccount):
    """The account that calls."""

    model_config = ConfigDict(extra="forbid", title="Phone call")


class Address(PhoneAddress):
    """Which phone."""

    model_config = ConfigDict(extra="forbid", title="Phone call")


def spoken(text: str) -> str:
    """Hostile `text` as it can be said: short, without signs, long numbers digit by digit."""
    plain = UNSPEAKABLE.sub(" ", one_line(text, SPOKEN_LIMIT))
    spelt = DIGITS.sub(lambda found: " ".join(found[0]), plain)
    return " ".join(spelt.split())[:SPOKEN_LIMIT]


def render(message: Message) -> Rendered:
    """The words of the call; its markup depends on where keys are sent."""
    return Rendered(headline(message), said(message))


def said(message: Message) -> str:
    """The words of the call, in the language of the person."""
    words, subject = words_in(message.language), message.subject
    if message.code is not None:
        return words.code.format(code=", ".join(message.code))
    if message.kind == "notice":
        return f"PageFree. {spoken(headline(message))}."
    if subject is None:
        return words.test
    broken = {
        "number": spoken(str(subject.number)),
        "title": spoken(subject.title),
        "service": spoken(subject.service)[:SERVICE_LIMIT],
    }
    starts = {"fallback": words.nobody_answered, "unreached": words.nobody_reached}
    sentences = [
        "PageFree.",
        f"{spoken(message.spoken_name)}." if message.spoken_name else "",
        starts.get(message.kind, ""),
        words.critical if subject.severity == "critical" else "",
        words.incident.format(**broken),
        words.more.format(count=len(message.others)) if message.others else "",
        words.menu,
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def twiml(message: Message, callback_url: str) -> str:
    """The call: said a few times, and a key ends it."""
    language = words_in(message.language).voice
    say = f'<Say language="{language}">{escape_xml(said(message))}</Say>'
    rounds = '<Pause length="2"/>'.join([say] * TIMES_SAID)
    if message.kind == "notice":  # no key means anything
        return f"<Response>{rounds}</Response>"
    action = escape_xml(f"{callback_url}/keys/{message.id}?language={language}")
    gather = f'<Gather input="dtmf" numDigits="1" timeout="8" action="{action}">'
    return f"<Response>{gather}{rounds}</Gather></Response>"


async def send(transports: Transports, delivery: Delivery) -> str:
    """Call; returns Twilio's id of the call."""
    config: Config = delivery.config
    status = f"{delivery.callback_url}/status"
    form = {
        "To": delivery.address.number,
        "From": config.sender,
        "Twiml": twiml(delivery.message, delivery.callback_url),
        "Timeout": str(RING_S),
        "StatusCallback": status,
        "MachineDetection": "Enable",
        "AsyncAmd": "true",
        "AsyncAmdStatusCallback": status,
    }
    return await create(transports, config, "Calls", form)


async def receive(
    transports: Transports, config: Config, callback: Callback
) -> Received:
    """How the call went, and which key was pressed."""
    del transports
    form = verified_form(config, callback)
    pressed = PRESSED.fullmatch(callback.path)
    if pressed is not None:
        language = parse_qs(callback.query).get("language", [DEFAULT])[0]
        return _key(pressed[1], form, language)
    return Received(_receipts(form))


def _key(notification: str, form: dict[str, str], language: str) -> Received:
    try:
        notification_id = UUID(notification)
    except ValueError:
        raise CallbackRefused("the call is about nothing") from None
    # a call goes out, so who answers is at the number that was called
    reply = Reply(
        form.get("To", ""),
        KEYS.get(form.get("Digits", ""), "none"),
        text=form.get("Digits", "")[:8],
        id=f"{form.get('CallSid', '')}/{form.get('Digits', '')[:8]}",
        notification_id=notification_id,
    )
    return Received([reply], content_type=TWIML, respond=partial(_goodbye, language))


def _goodbye(language: str, line: str) -> bytes:
    voice = words_in(language).voice
    said = f'<Say language="{voice}">{escape_xml(spoken(line))}</Say>'
    say = said if line else ""
    return f"<Response>{say}<Hangup/></Response>".encode()


def _receipts(form: dict[str, str]) -> list[Receipt]:
    sid = form.get("CallSid", "")
    if not sid:
        return []
    if form.get("AnsweredBy", "").startswith(("machine", "fax")):
        return [Receipt(sid, "failed", "a machine has answered the call")]
    status = form.get("CallStatus", "")
    state = STATES.get(status)
    if state is None:
        return []
    reason = f"nobody has taken the call ({status})" if state == "failed" else ""
    return [Receipt(sid, state, reason)]


async def probe(
    transports: Transports, config: Config, provider: str, reason: str
) -> bool:
    """Whether Twilio works again."""
    del provider  # there is one
    return await works(transports, config, reason)


CHANNEL = Channel(
    title="Phone call",
    Address=Address,
    recipient=number,
    render=render,
    send=send,
    summary="A call that says what broke; a key acknowledges.",
    Config=Config,
    receive=receive,
    verify="code",
    identity=number,
    receipt_s=RECEIPT_S,
    probe=probe,
    most_per_10_min=6,
    at_once=5,
    bundles=True,
)
