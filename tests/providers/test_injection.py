"""Text of alerts in every channel: never markup, never a template, never a command or a verb.

And callbacks in every channel: whoever is not the provider tells us nothing.
"""

import asyncio
from collections import Counter
from dataclasses import replace
from email import message_from_bytes
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.channels import all_channels
from pagefree.channels.base import (
    Callback,
    CallbackRefused,
    Channel,
    Delivery,
    Message,
    Rendered,
    Transports,
)
from pagefree.channels.email.channel import Address, headers_of
from pagefree.channels.mail import written
from pagefree.channels.voice.channel import twiml
from pagefree.core.words import LANGUAGES
from pagefree.infra.http import GuardedClient
from tests.fakes.every import EVERY, channel_of
from tests.providers.pages import NOW, SITE, page

TEMPLATES = (
    "{{7*7}}",
    "{% for x in y %}",
    "{code} {0.__class__} {title}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "%s %(title)s %n",
    "{{#each this}}{{@root}}{{/each}}",
)
MENTIONS = (
    "<!channel>",
    "<!everyone>",
    "<@U0123>",
    "<https://evil.example|Acknowledge>",
)
MARKUP = (
    "</Say><Hangup/><Say>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "]]><![CDATA[",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "&lt;b&gt;",
    '" onmouseover="alert(1)',
    "](https://evil.example)",
)
CHANNELS = all_channels()
VERBS = {"Response", "Gather", "Say", "Pause"}
each = pytest.mark.parametrize("channel", CHANNELS.values(), ids=CHANNELS)
HEARING = {
    name: make
    for name, make in EVERY.items()
    if CHANNELS[channel_of(name)].receive is not None and channel_of(name) == name
}


def hostile(text: str, language: str = "en") -> Message:
    """A page whose every text that strangers write is `text`."""
    made = page(text)
    assert made.subject is not None
    subject = replace(made.subject, service=text)
    others = (replace(subject, number=13), replace(subject, number=14))
    return replace(
        made,
        cause=text,
        user_name=text,
        subject=subject,
        others=others,
        language=language,
    )


class Tags(HTMLParser):
    """Which elements there are, how often, and with which attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[f"{tag} {sorted(name for name, _ in attrs)}"] += 1


def strings(value: object) -> list[str]:
    """Every text in a payload."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in strings(one)]
    if isinstance(value, list | tuple):
        return [text for one in value for text in strings(one)]
    return []


def shown(rendered: Rendered) -> str:
    return "\n".join([rendered.title, rendered.text, *strings(rendered.payload or {})])


@each
@pytest.mark.parametrize("template", TEMPLATES, ids=range(len(TEMPLATES)))
def test_a_template_in_an_alert_is_only_text(channel: Channel, template: str) -> None:
    rendered = channel.render(hostile(template))

    assert template.split(maxsplit=1)[0] in rendered.title
    assert "49" not in shown(rendered).replace(str(page().id), "")


@each
@pytest.mark.parametrize("markup", MARKUP, ids=range(len(MARKUP)))
def test_the_elements_of_a_mail_are_ours_alone(channel: Channel, markup: str) -> None:
    plain, nasty = channel.render(hostile("x")), channel.render(hostile(markup))

    assert (plain.html is None) == (nasty.html is None)
    assert Tags(nasty.html or "").found == Tags(plain.html or "").found


@pytest.mark.parametrize("mention", MENTIONS, ids=range(len(MENTIONS)))
def test_nobody_is_called_in_slack_by_an_alert(mention: str) -> None:
    payload = CHANNELS["slack"].render(hostile(mention)).payload or {}

    assert mention not in "".join(marked_up(payload))


def marked_up(value: object) -> list[str]:
    """The texts in which Slack looks for markup; plain_text is none of them."""
    if isinstance(value, dict):
        if value.get("type") == "plain_text":
            return []
        return [text for one in value.values() for text in marked_up(one)]
    if isinstance(value, list):
        return [text for one in value for text in marked_up(one)]
    return [value] if isinstance(value, str) else []


@given(
    st.text(max_size=300) | st.sampled_from(MARKUP), st.sampled_from(sorted(LANGUAGES))
)
def test_a_call_has_our_verbs_alone(text: str, language: str) -> None:
    spoken = twiml(
        hostile(text, language=language), f"{SITE}/v1/channels/voice/callbacks"
    )

    root = ET.fromstring(spoken)
    assert {verb.tag for verb in root.iter()} <= VERBS
    assert len(list(root.iter("Gather"))) == 1
    [gather] = root.iter("Gather")
    assert gather.get("action", "").startswith(
        f"{SITE}/v1/channels/voice/callbacks/keys/"
    )


@given(st.text(max_size=300) | st.sampled_from(MARKUP))
def test_what_a_push_opens_and_presses_is_ours(text: str) -> None:
    payload = CHANNELS["web_push"].render(hostile(text)).payload or {}

    assert len(str(payload["title"]).splitlines()) == 1
    for name in ("open", "acknowledge", "resolve"):
        assert str(payload.get(name, "/")).startswith("/")
        assert not str(payload.get(name, "/")).startswith("//")
    assert str(payload["tag"]).startswith("incident ")


@given(st.text(max_size=300) | st.sampled_from(MARKUP))
def test_no_text_makes_a_header_of_a_mail(text: str) -> None:
    def headers(message: Message) -> list[str]:
        channel = CHANNELS["email"]
        to = Address(email="ana@example.org")
        made = Delivery(message, channel.render(message), to, None, NOW)
        headers_given = headers_of(made, "PageFree <p@example.org>")
        mail = written(headers_given.items(), made.rendered.text, made.rendered.html)
        read = message_from_bytes(mail)
        assert not read.defects
        return sorted(read.keys())

    assert headers(hostile(text)) == headers(hostile("x"))


def called(name: str, path: str, headers: dict[str, str], body: bytes) -> int:
    """How much a request tells that anybody could send: it should be nothing."""
    channel = CHANNELS[name]
    assert channel.receive is not None
    assert channel.Config is not None
    config = channel.Config.model_validate(HEARING[name]().account)
    url = f"{SITE}/v1/channels/{name}/callbacks/{path}"
    callback = Callback("POST", path, "", headers, body, url, NOW)
    receive, ways = channel.receive, Transports(GuardedClient(), None)

    async def events() -> int:
        try:
            return len((await receive(ways, config, callback)).events)
        except CallbackRefused:
            return 0

    return asyncio.run(events())


SIGNATURES = (
    "x-twilio-signature",
    "x-slack-signature",
    "x-slack-request-timestamp",
    "x-telegram-bot-api-secret-token",
    "x-signature-ed25519",
    "x-signature-timestamp",
    "authorization",
    "webhook-signature",
)
BODIES = (
    b"From=%2B4915110000000&Body=res+all&MessageSid=SM1",
    b"CallSid=CA1&Digits=2&To=%2B4915110000000",
    b'{"message": {"text": "/ack 1", "from": {"id": 1}, "chat": {"id": 1}}}',
    b'{"type": "block_actions", "user": {"id": "U1"}, "actions": [{"value": "x"}]}',
    b"payload=%7B%22type%22%3A%22block_actions%22%7D",
    b"command=%2Foncall&user_id=U1&text=",
)
PATHS = ("", "reply", "status", "events", "actions", "commands", f"keys/{page().id}")


def test_channels_that_hear_are_forged() -> None:
    assert {"sms", "voice", "slack", "telegram", "web_push"} <= HEARING.keys()


@pytest.mark.parametrize("name", HEARING)
@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
def test_what_nobody_has_signed_tells_nothing(name: str, path: str) -> None:
    for body in BODIES:
        assert called(name, path, {}, body) == 0
        for signature in ("", "AAAA", "v0=" + "0" * 64, "0" * 128):
            headers = dict.fromkeys(SIGNATURES, signature)
            timely = {**headers, "x-slack-request-timestamp": str(int(NOW.timestamp()))}
            assert called(name, path, headers, body) == 0
            assert called(name, path, timely, body) == 0


@pytest.mark.parametrize("name", HEARING)
@given(
    path=st.sampled_from(PATHS) | st.text(max_size=40),
    headers=st.dictionaries(st.sampled_from(SIGNATURES), st.text(max_size=80)),
    body=st.binary(max_size=200) | st.sampled_from(BODIES),
)
def test_nobody_guesses_what_a_provider_signs(
    name: str, path: str, headers: dict[str, str], body: bytes
) -> None:
    assert called(name, path, headers, body) == 0
