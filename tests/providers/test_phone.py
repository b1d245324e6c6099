"""Text messages and calls: what is sent, what comes back, and who has signed it."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import parse_qs
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st
from pydantic import HttpUrl, SecretStr

from pagefree.channels.base import (
    AddressDead,
    ChannelBroken,
    Delivery,
    Message,
    Transports,
)
from pagefree.channels.sms import channel as sms
from pagefree.channels.sms.segments import cheap, cut, size
from pagefree.channels.sms.sns import Sns, headers
from pagefree.channels.voice import channel as voice
from pagefree.core.errors import DeliveryError
from tests.fake_servers import Answer, serving
from tests.fakes.sns import ERROR, SnsServer
from tests.fakes.twilio import SENDER, SID, TOKEN, Twilio
from tests.providers.pages import ID, LINK, NOW, page

ANA = "+4915112345678"
HOOK = "https://pagefree.example.org/v1/channels"


@pytest.fixture
async def twilio() -> AsyncIterator[Twilio]:
    async with serving(Twilio()) as fake:
        yield fake
    assert fake.complaints == []


def urgent(title: str = "Disk full") -> Message:
    return replace(page(title), reply_code="3")


def texting(
    twilio_url: str = "https://api.twilio.com", /, **more: object
) -> sms.Config:
    ours = {"account_sid": SID, "auth_token": TOKEN, "sender": SENDER}
    return sms.Config.model_validate({**ours, "twilio_url": twilio_url, **more})


def calling(url: str = "https://api.twilio.com") -> voice.Config:
    return voice.Config(
        account_sid=SID,
        auth_token=SecretStr(TOKEN),
        sender=SENDER,
        twilio_url=HttpUrl(url),
    )


def text_to(config: sms.Config, message: Message, provider: str = "") -> Delivery:
    return Delivery(
        message,
        sms.render(message),
        sms.Address(number=ANA),
        None,
        NOW,
        config,
        provider=provider,
        callback_url=f"{HOOK}/sms/callbacks",
    )


# sending


async def test_a_text_message_says_what_broke_and_how_to_answer(
    ways: Transports, twilio: Twilio
) -> None:
    sent = await sms.send(ways, text_to(texting(twilio.base), urgent()))

    [post] = twilio.posts
    form = {name: values[0] for name, values in parse_qs(post.body.decode()).items()}
    assert sent == f"SM{1:032x}"
    assert post.path == f"/2010-04-01/Accounts/{SID}/Messages.json"
    assert base64.b64decode(post.headers["authorization"][6:]).decode() == (
        f"{SID}:{TOKEN}"
    )
    assert form["To"] == ANA
    assert form["From"] == SENDER
    assert form["StatusCallback"] == f"{HOOK}/sms/callbacks/status"
    assert form["Body"].splitlines() == [
        "#12 Disk full (Checkout)",
        "Reply ack 3, res 3 or esc 3",
        LINK,
    ]


async def test_a_messaging_service_sends_instead_of_a_number(
    ways: Transports, twilio: Twilio
) -> None:
    await sms.send(ways, text_to(texting(twilio.base, sender="MG1"), urgent()))

    form = parse_qs(twilio.posts[0].body.decode())
    assert form["MessagingServiceSid"] == ["MG1"]
    assert "From" not in form


@pytest.mark.parametrize(
    ("status", "code", "kind", "permanent"),
    [
        (400, 21211, AddressDead, True),
        (400, 21610, AddressDead, True),
        (400, 21408, ChannelBroken, True),
        (401, 20003, ChannelBroken, True),
        (429, 20429, DeliveryError, False),
        (400, 99999, DeliveryError, True),
        (503, None, DeliveryError, False),
    ],
)
async def test_what_twilio_answers_means_something(
    ways: Transports,
    twilio: Twilio,
    status: int,
    code: int | None,
    kind: type[DeliveryError],
    *,
    permanent: bool,
) -> None:
    twilio.says(status, {"code": code, "message": f"no {TOKEN}"})

    with pytest.raises(DeliveryError) as e:
        await sms.send(ways, text_to(texting(twilio.base), urgent()))

    assert type(e.value) is kind
    assert e.value.permanent == permanent
    assert TOKEN not in str(e.value)


async def test_a_call_says_what_broke_and_asks_for_a_key(
    ways: Transports, twilio: Twilio
) -> None:
    message = urgent('Disk </Say><Dial>+1900</Dial> "full" 1234567')
    delivery = Delivery(
        message,
        voice.render(message),
        voice.Address(number=ANA),
        None,
        NOW,
        calling(twilio.base),
        callback_url=f"{HOOK}/voice/callbacks",
    )

    sent = await voice.send(ways, delivery)

    form = {k: v[0] for k, v in parse_qs(twilio.posts[0].body.decode()).items()}
    root = ET.fromstring(form["Twiml"])
    gather = root[0]
    assert sent == f"CA{1:032x}"
    assert gather.get("action") == f"{HOOK}/voice/callbacks/keys/{ID}?language=en-US"
    assert {child.tag for child in gather} == {"Say", "Pause"}
    assert "Press 1 to acknowledge" in str(gather[0].text)
    assert "1 2 3 4 5 6 7" in str(gather[0].text)


@pytest.mark.parametrize(
    ("language", "voice_of", "begins", "asks"),
    [
        ("en", "en-US", "PageFree. Critical: Incident 12, Disk full,", "Press 1"),
        ("de-AT", "de-DE", "PageFree. Kritisch: Vorfall 12, Disk full,", "Drücken Sie"),
        ("es", "es-ES", "PageFree. Crítico: Incidente 12, Disk full,", "Pulse 1"),
        ("fr-CA", "fr-FR", "PageFree. Critique : Incident 12,", "Appuyez sur 1"),
        ("it", "it-IT", "PageFree. Critico: Incidente 12,", "Premere 1"),
        ("ja", "en-US", "PageFree. Critical: Incident 12,", "Press 1"),
    ],
)
def test_a_call_speaks_the_language_of_its_voice(
    language: str, voice_of: str, begins: str, asks: str
) -> None:
    message = replace(urgent(), language=language)

    say = ET.fromstring(voice.twiml(message, HOOK))[0][0]

    assert say.get("language") == voice_of
    assert str(say.text).startswith(begins)
    assert asks in str(say.text)


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "it"])
def test_a_call_about_no_incident_asks_for_no_key(language: str) -> None:
    told = replace(
        urgent(), subject=None, kind="notice", cause="Your account", language=language
    )

    root = ET.fromstring(voice.twiml(told, HOOK))

    assert {child.tag for child in root} == {"Say", "Pause"}
    assert str(root[0].text) == "PageFree. Your account."


def test_a_code_and_a_test_are_said_in_the_language_too() -> None:
    german = replace(urgent(), subject=None, language="de")

    assert "Test von PageFree" in voice.said(replace(german, kind="test"))
    code = voice.said(replace(german, kind="code", code="123456"))
    assert code == "Ihr Code für PageFree lautet 1, 2, 3, 4, 5, 6."


# which provider


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, ["twilio"]),
        ({"sns_region": "eu-west-1", "sns_key_id": "AK"}, ["twilio", "sns"]),
        (
            {"sns_region": "eu-west-1", "sns_key_id": "AK", "sns_first": ["+49"]},
            ["sns", "twilio"],
        ),
        (
            {"sns_region": "eu-west-1", "sns_key_id": "AK", "sender": ""},
            ["sns"],
        ),
        ({"sender": ""}, []),
    ],
)
def test_providers_go_in_the_order_of_the_country(
    more: dict[str, object], expected: list[str]
) -> None:
    assert sms.providers(texting(**more), sms.Address(number=ANA)) == expected


async def test_without_any_provider_the_channel_is_broken(ways: Transports) -> None:
    with pytest.raises(ChannelBroken):
        await sms.send(ways, text_to(texting(sender=""), urgent()))


# AWS


@pytest.fixture
async def aws() -> AsyncIterator[SnsServer]:
    fake = SnsServer()
    async with fake.started():
        yield fake
    assert fake.complaints == []


def through_aws(fake: SnsServer) -> sms.Config:
    return texting(sender="", sns_sender_id="PAGER", **fake.account)


async def test_aws_takes_a_text_message(ways: Transports, aws: SnsServer) -> None:
    sent = await sms.send(ways, text_to(through_aws(aws), urgent("Größe")))

    assert str(UUID(sent)) == sent
    assert "Größe" in aws.accepted[0]["Message"]


def test_a_request_is_signed_as_the_sdk_of_aws_signs_it() -> None:
    account = Sns(
        "eu-west-1", "AKIDEXAMPLE", "wJalrXUtnFEMI", "https://sns.example:8443/"
    )
    body = b"Action=Publish&Message=caf%C3%A9"
    ours = headers(account, body, NOW)
    request = AWSRequest("POST", account.url, data=body)
    request.headers["Content-Type"] = ours["Content-Type"]
    signer = SigV4Auth(Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI"), "sns", "eu-west-1")
    request.context["timestamp"] = ours["X-Amz-Date"]
    request.headers["X-Amz-Date"] = ours["X-Amz-Date"]
    canonical = signer.canonical_request(request)

    to_sign = signer.string_to_sign(request, canonical)

    assert ours["Authorization"].endswith(
        f"Signature={signer.signature(to_sign, request)}"
    )


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (403, "SignatureDoesNotMatch", ChannelBroken),
        (400, "OptedOut", AddressDead),
        (400, "Throttling", DeliveryError),
        (500, "", DeliveryError),
    ],
)
async def test_what_aws_answers_means_something(
    ways: Transports, aws: SnsServer, status: int, code: str, kind: type[DeliveryError]
) -> None:
    aws.answer = Answer(status, ERROR.format(code=code).encode()).raw()

    with pytest.raises(DeliveryError) as e:
        await sms.send(ways, text_to(through_aws(aws), urgent()))

    assert type(e.value) is kind


# what a network makes of a text


@pytest.mark.parametrize(
    ("text", "segments", "alphabet"),
    [
        ("a" * 160, 1, "GSM-7"),
        ("a" * 161, 2, "GSM-7"),
        ("€" * 80, 1, "GSM-7"),
        ("€" * 81, 2, "GSM-7"),
        ("磁" * 70, 1, "UCS-2"),
        ("磁" * 71, 2, "UCS-2"),
        ("💥" * 35, 1, "UCS-2"),
        ("", 1, "GSM-7"),
    ],
)
def test_segments_are_counted_as_networks_do(
    text: str, segments: int, alphabet: str
) -> None:
    assert (size(text).segments, size(text).alphabet) == (segments, alphabet)


@given(st.text(max_size=600), st.integers(1, 4))
def test_a_text_is_cut_to_what_fits_and_no_further(text: str, most: int) -> None:
    kept = cut(text, most)

    assert text.startswith(kept)
    assert size(kept).segments <= most
    if kept != text:
        assert size(text[: len(kept) + 1]).segments > most


def test_typographic_signs_do_not_double_the_price() -> None:
    assert (
        size(cheap("\u201cDisk\u201d \u2013 it\u2019s full… · 90 %")).alphabet
        == "GSM-7"
    )


@given(st.text(max_size=400))
def test_a_page_never_costs_more_than_three_segments(title: str) -> None:
    assert size(sms.render(urgent(title)).text).segments <= sms.MOST_SEGMENTS


@given(st.text(max_size=500))
def test_what_is_said_is_short_and_without_markup(title: str) -> None:
    text = voice.twiml(urgent(title), f"{HOOK}/voice/callbacks")

    ET.fromstring(text)
    assert len(voice.said(urgent(title))) < 500
