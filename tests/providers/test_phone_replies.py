"""What comes back from telephones: answers, receipts, keys, and who has signed them."""

from collections.abc import Mapping
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from pagefree.channels import twilio
from pagefree.channels.base import (
    Callback,
    CallbackRefused,
    OptOut,
    Receipt,
    Received,
    Reply,
    Transports,
)
from pagefree.channels.sms import channel as sms
from pagefree.channels.voice import channel as voice
from pagefree.infra.http import GuardedClient
from tests.fakes.twilio import TOKEN, report
from tests.providers.pages import ID, NOW

ANA = "+4915112345678"
HOOK = "https://pagefree.example.org/v1/channels"
WAYS = Transports(GuardedClient(), None)


def texting(token: str = TOKEN, old: str = "") -> sms.Config:
    return sms.Config(auth_token=SecretStr(token), old_auth_token=SecretStr(old))


def signed(
    path: str, form: Mapping[str, str], *, token: str = TOKEN, url: str = ""
) -> Callback:
    """A callback as Twilio's own library signs it."""
    public = f"{HOOK}/{path}"
    told = report(url or public, dict(form), token=token)
    headers = {name.lower(): value for name, value in told.headers.items()}
    path = path.partition("callbacks/")[2]
    return Callback("POST", path, "", headers, told.body, public, NOW)


def wrote(text: str, **more: str) -> Callback:
    form = {"From": ANA, "To": "+15005550006", "Body": text, "MessageSid": "SM9"}
    return signed("sms/callbacks/replies", {**form, **more})


async def heard(callback: Callback) -> Received:
    return await sms.receive(WAYS, texting(), callback)


@pytest.mark.parametrize(
    ("text", "verb", "code"),
    [
        ("ack", "acknowledge", None),
        ("Ack 3", "acknowledge", "3"),
        (" ACK #3. ", "acknowledge", "3"),
        ("ack3", "acknowledge", "3"),
        ("ack all", "acknowledge", "all"),
        ("Res 3", "resolve", "3"),
        ("esc", "escalate", None),
        ("who is this?", "none", None),
        ("rm -rf", "none", None),
        ("", "none", None),
    ],
)
async def test_an_answer_is_read_as_phones_write_it(
    text: str, verb: str, code: str | None
) -> None:
    [event] = (await heard(wrote(text))).events

    assert isinstance(event, Reply)
    assert (event.sender, event.verb, event.code, event.id) == (ANA, verb, code, "SM9")


@pytest.mark.parametrize(
    ("text", "kind", "stopped"),
    [("STOP", "", True), ("stop", "STOP", True), ("START", "", False)],
)
async def test_stop_and_start_are_heard(text: str, kind: str, *, stopped: bool) -> None:
    received = await heard(wrote(text, OptOutType=kind))

    assert list(received.events) == [OptOut(ANA, stopped=stopped)]
    assert b"<Message>" not in received.body


async def test_an_answer_is_answered_once_and_escaped() -> None:
    received = await heard(wrote("ack"))
    assert received.respond is not None

    root = ET.fromstring(received.respond("Yours: <b>&"))

    assert [child.text for child in root] == ["Yours: <b>&"]


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        ("sent", "", Receipt("SM1", "accepted")),
        ("delivered", "", Receipt("SM1", "delivered")),
        (
            "undelivered",
            "30003",
            Receipt("SM1", "failed", "Twilio could not deliver it (30003)"),
        ),
        (
            "failed",
            "30005",
            Receipt("SM1", "failed", "Twilio could not deliver it (30005)", dead=True),
        ),
    ],
)
async def test_twilio_tells_how_a_message_fares(
    status: str, code: str, expected: Receipt
) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": status, "ErrorCode": code}

    received = await heard(signed("sms/callbacks/status", form))

    assert list(received.events) == [expected]


async def called(path: str, form: Mapping[str, str]) -> Received:
    callback = signed(f"voice/callbacks/{path}", {"CallSid": "CA1", **form})
    return await voice.receive(
        WAYS, voice.Config(auth_token=SecretStr(TOKEN)), callback
    )


@pytest.mark.parametrize(
    ("key", "verb"),
    [("1", "acknowledge"), ("2", "resolve"), ("3", "escalate"), ("9", "none")],
)
async def test_a_key_is_an_answer_about_what_was_called_for(
    key: str, verb: str
) -> None:
    received = await called(f"keys/{ID}", {"To": ANA, "Digits": key})

    [event] = received.events
    assert isinstance(event, Reply)
    assert (event.sender, event.verb, event.notification_id) == (ANA, verb, ID)


@pytest.mark.parametrize(
    ("form", "state"),
    [
        ({"CallStatus": "ringing"}, "accepted"),
        ({"CallStatus": "completed"}, "delivered"),
        ({"CallStatus": "no-answer"}, "failed"),
        ({"CallStatus": "completed", "AnsweredBy": "machine_start"}, "failed"),
    ],
)
async def test_a_mailbox_that_answers_is_nobody(
    form: dict[str, str], state: str
) -> None:
    [event] = (await called("status", form)).events

    assert isinstance(event, Receipt)
    assert event.state == state


# who has signed it


async def test_a_signature_over_the_default_port_is_the_same() -> None:
    url = f"{HOOK}/sms/callbacks/status".replace(".org/", ".org:443/")
    form = {"MessageSid": "SM1", "MessageStatus": "sent"}

    assert (await heard(signed("sms/callbacks/status", form, url=url))).events


@pytest.mark.parametrize(
    ("port", "expected"),
    [("", "XaYf7Udl/1OIqD163nm8LyUeQwg="), (":443", "8POowFF16rNQ2MTadSG3Snq5GIM=")],
)
def test_a_known_form_has_its_known_signature(port: str, expected: str) -> None:
    form = {"From": "+15550001", "Body": "1 ack", "To": "+15550002", "Empty": ""}
    url = f"https://pager.example{port}/tw/sms?i=1"

    assert twilio.signature("test-token", url, list(form.items())) == expected


@pytest.mark.fault("T-42", "the token of Twilio is changed")
async def test_the_token_before_it_counts_while_tokens_are_changed() -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "sent"}
    callback = signed("sms/callbacks/status", form, token="o" * 32)

    received = await sms.receive(WAYS, texting(old="o" * 32), callback)

    assert received.events


FORM = {"From": ANA, "Body": "ack", "MessageSid": "SM9"}
GOOD = signed("sms/callbacks/replies", FORM)


@pytest.mark.parametrize(
    "callback",
    [
        replace(GOOD, headers={}),
        replace(GOOD, headers={"x-twilio-signature": "ü"}),
        replace(GOOD, body=GOOD.body + b"&Body=res"),
        replace(GOOD, public_url=GOOD.public_url + "?a=1"),
        signed("sms/callbacks/replies", FORM, token="another"),
        signed("sms/callbacks/replies", FORM, token=""),
    ],
    ids=["unsigned", "not base64", "another body", "another address", "token", "empty"],
)
async def test_what_twilio_has_not_signed_is_refused(callback: Callback) -> None:
    with pytest.raises(CallbackRefused):
        await heard(callback)


async def test_an_account_without_a_token_believes_nobody() -> None:
    with pytest.raises(CallbackRefused):
        await sms.receive(
            WAYS,
            texting(""),
            signed("sms/callbacks/replies", FORM, token=""),
        )


@given(st.text(max_size=200))
async def test_any_text_is_an_answer_that_can_be_read(text: str) -> None:
    reply = sms.understood(ANA, text, "SM9")

    assert reply.verb in {"acknowledge", "resolve", "escalate", "none"}
    assert reply.code is None or len(reply.code) <= 8
