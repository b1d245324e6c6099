"""Text messages, through Twilio or AWS SNS, whichever comes first and works.

https://www.twilio.com/docs/messaging/api/message-resource
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from pydantic import ConfigDict, Field, SecretStr

from pagefree.channels.base import (
    Callback,
    Channel,
    ChannelBroken,
    Delivery,
    Message,
    OptOut,
    Receipt,
    Received,
    Rendered,
    Reply,
    Transports,
    Weight,
)
from pagefree.channels.phone import PhoneAddress, escape_xml, number
from pagefree.channels.sms.segments import cheap, cut, size
from pagefree.channels.sms.sns import Sns, publish
from pagefree.channels.twilio import DEAD, TwilioAccount, create, verified_form, works
from pagefree.channels.wording import headline, listed
from pagefree.core.words import words_in

VALID_S = 600  # a page that comes hours late says something that is no longer true
RECEIPT_S = {"twilio": 60}  # AWS SNS tells nobody but CloudWatch
MOST_SEGMENTS = 3
TITLE_SEGMENTS = 2  # of them
SENTENCE = re.compile(r"\s*([a-z]+)[\s#.:,]*([a-z0-9]{0,8})[\s.!]*", re.IGNORECASE)
Verb = Literal["acknowledge", "resolve", "escalate", "none"]
VERBS: dict[str, Verb] = {
    **dict.fromkeys(("ack", "acknowledge", "acknowledged", "a"), "acknowledge"),
    **dict.fromkeys(("res", "resolve", "resolved", "r"), "resolve"),
    **dict.fromkeys(("esc", "escalate", "e"), "escalate"),
}
STOPS = {"stop", "stopall", "unsubscribe", "cancel", "end", "quit"}
STARTS = {"start", "unstop", "yes"}
HELPS = {"help", "info"}
STATES: dict[str, Literal["accepted", "delivered", "failed"]] = {
    **dict.fromkeys(("queued", "accepted", "scheduled", "sending", "sent"), "accepted"),
    **dict.fromkeys(("delivered", "read"), "delivered"),
    **dict.fromkeys(("undelivered", "failed", "canceled"), "failed"),
}
TWIML = "text/xml"


class Config(TwilioAccount):
    """Who carries text messages. Either is enough; with both, one stands in for the other."""

    model_config = ConfigDict(extra="forbid", title="SMS")

    sns_region: str = Field(
        default="", title="AWS SNS: region", pattern=r"^([a-z0-9-]{5,30})?$"
    )
    sns_key_id: str = Field(default="", title="AWS SNS: access key id")
    sns_secret: SecretStr = Field(
        default=SecretStr(""), title="AWS SNS: secret access key"
    )
    sns_sender_id: str = Field(
        default="",
        title="AWS SNS: sender id",
        description="3 to 11 letters and digits, where the country allows it.",
        pattern=r"^([A-Za-z0-9]{3,11})?$",
    )
    sns_url: str = Field(
        default="",
        title="AWS SNS: address of the API",
        description="Empty: that of the region.",
    )
    sns_first: list[str] = Field(
        default=[],
        title="AWS SNS first for numbers that begin with",
        description="For instance +91. Elsewhere Twilio goes first.",
    )

    segment_price: float = Field(
        default=0,
        title="Price of a segment",
        description="For the estimate of what is spent, in your currency; 0: none is made.",
        ge=0,
        le=10,
    )

    @property
    def sns(self) -> Sns:
        """The account with AWS."""
        url = self.sns_url or f"https://sns.{self.sns_region}.amazonaws.com/"
        secret = self.sns_secret.get_secret_value()
        return Sns(self.sns_region, self.sns_key_id, secret, url, self.sns_sender_id)


class Address(PhoneAddress):
    """Which phone."""

    model_config = ConfigDict(extra="forbid", title="SMS")


def providers(config: Config, address: Address) -> Sequence[str]:
    """Who is asked to carry a message to this number, in order."""
    ours = [
        *(["twilio"] if config.account_sid and config.sender else []),
        *(["sns"] if config.sns_region and config.sns_key_id else []),
    ]
    if any(prefix and address.number.startswith(prefix) for prefix in config.sns_first):
        ours.reverse()
    return ours


def render(message: Message) -> Rendered:
    """As few segments as it can be: what broke, what to answer, where to look."""
    title = cheap(headline(message))
    if message.code is not None or message.subject is None:
        return Rendered(title, title)
    short = cut(title, TITLE_SEGMENTS)
    lines = [short if short == title else short[:-3] + "..."]
    if message.others:
        others = listed(message.others, message.language)
        lines += [cheap(line)[:60] for line in others[:2]]
    if message.reply_code:
        answer = words_in(message.language).answer
        lines.append(answer.format(code=message.reply_code))
    link = message.acknowledge_url or message.subject.url
    text = cut("\n".join(lines), MOST_SEGMENTS)
    # without its end a link is worth nothing: it goes whole or not at all
    with_link = f"{text}\n{link}"
    return Rendered(
        title, with_link if size(with_link).segments <= MOST_SEGMENTS else text
    )


def weigh(config: Config, rendered: Rendered) -> Weight:
    """How many segments it is; their real price differs by country and provider."""
    segments = size(rendered.text).segments
    price = Decimal(str(config.segment_price))
    return Weight(segments, segments * price if price else None)


async def send(transports: Transports, delivery: Delivery) -> str:
    """Hand it to the provider that was chosen."""
    config: Config = delivery.config
    to: str = delivery.address.number
    chosen = delivery.provider or next(iter(providers(config, delivery.address)), "")
    if chosen == "sns":
        text = delivery.rendered.text
        return await publish(transports, config.sns, to, text, delivery.now)
    if chosen != "twilio":
        raise ChannelBroken("no provider for text messages is set up")
    return await create(transports, config, "Messages", _form(config, delivery))


async def probe(
    transports: Transports, config: Config, provider: str, reason: str
) -> bool:
    """Whether Twilio works again; AWS can be asked for nothing but a message."""
    return provider == "twilio" and await works(transports, config, reason)


def _form(config: Config, delivery: Delivery) -> dict[str, str]:
    is_service = config.sender.startswith("MG")
    return {
        "To": delivery.address.number,
        "MessagingServiceSid" if is_service else "From": config.sender,
        "Body": delivery.rendered.text,
        "ValidityPeriod": str(VALID_S),
        "StatusCallback": f"{delivery.callback_url}/status",
    }


async def receive(
    transports: Transports, config: Config, callback: Callback
) -> Received:
    """How a message fares, and what people write back."""
    del transports
    form = verified_form(config, callback)
    if "MessageStatus" in form and "Body" not in form:
        return Received(_receipts(form))
    sender, text = form.get("From", ""), form.get("Body", "")
    event = _stop_or_start(sender, text, form.get("OptOutType", ""))
    if event is not None:
        return Received([event], body=_twiml(""), content_type=TWIML)
    if text.strip().lower() in HELPS:  # Twilio has answered that
        return Received(body=_twiml(""), content_type=TWIML)
    reply = understood(sender, text, form.get("MessageSid", ""))
    return Received([reply], content_type=TWIML, respond=_twiml)


def _receipts(form: dict[str, str]) -> list[Receipt]:
    state = STATES.get(form.get("MessageStatus", ""))
    sid = form.get("MessageSid", "")
    if state is None or not sid:
        return []
    code = form.get("ErrorCode", "")
    known = int(code) if code.isascii() and code.isdigit() and len(code) < 9 else 0  # noqa: PLR2004
    reason = f"Twilio could not deliver it ({known})" if known else ""
    return [Receipt(sid, state, reason, dead=known in DEAD)]


def _stop_or_start(sender: str, text: str, kind: str) -> OptOut | None:
    word = (kind or text).strip().lower()
    if word in STOPS:
        return OptOut(sender, stopped=True)
    return OptOut(sender, stopped=False) if word in STARTS else None


def understood(sender: str, text: str, sid: str) -> Reply:
    """What a person has answered, as phones write it: any case, a dot at the end."""
    found = SENTENCE.fullmatch(text)
    verb = VERBS.get(found[1].lower(), "none") if found else "none"
    code = found[2].lower() or None if found and verb != "none" else None
    return Reply(sender, verb, code, text=text[:200], id=sid)


def _twiml(line: str) -> bytes:
    said = f"<Message>{escape_xml(cheap(line))}</Message>" if line else ""
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{said}</Response>'.encode()


CHANNEL = Channel(
    title="SMS",
    Address=Address,
    recipient=number,
    render=render,
    send=send,
    summary="A text message that you can answer with ack or res.",
    Config=Config,
    receive=receive,
    verify="code",
    providers=providers,
    identity=number,
    receipt_s=RECEIPT_S,
    probe=probe,
    weigh=weigh,
    most_per_10_min=10,
    at_once=10,
    links=True,
    replies=True,
    bundles=True,
)
