"""What comes back from Telegram: buttons, links of chats, and what only looks like it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from pagefree.channels.base import Callback, CallbackRefused, Linked, Reply, Transports
from pagefree.channels.telegram.channel import Config, receive
from pagefree.infra.http import GuardedClient
from tests.fakes.telegram import SECRET, TOKEN
from tests.providers.pages import ID, NOW

CONFIG = Config(bot_token=SecretStr(TOKEN), webhook_secret=SecretStr(SECRET))
WAYS = Transports(GuardedClient(), None)


def update(body: object, secret: str = SECRET) -> Callback:
    return Callback(
        "POST",
        "updates",
        "",
        {"x-telegram-bot-api-secret-token": secret},
        json.dumps(body).encode() if not isinstance(body, bytes) else body,
        "https://pagefree.example.org/v1/channels/telegram/callbacks/updates",
        NOW,
    )


async def heard(callback: Callback) -> tuple[list[object], bytes]:
    received = await receive(WAYS, CONFIG, callback)
    assert received.status == 200
    return list(received.events), received.respond("Yours") if received.respond else b""


async def test_a_button_acts_for_whoever_pressed_it() -> None:
    press = {"id": "9", "from": {"id": 77}, "data": f"a:{ID.hex}"}

    events, reply = await heard(update({"update_id": 1, "callback_query": press}))

    [event] = events
    assert isinstance(event, Reply)
    assert (event.sender, event.verb, event.incident_id) == ("77", "acknowledge", ID)
    assert json.loads(reply) == {
        "method": "answerCallbackQuery",
        "callback_query_id": "9",
        "text": "Yours",
    }


async def test_start_with_a_code_links_the_chat() -> None:
    said = {"message_id": 1, "chat": {"id": 77}, "text": "/start abcd1234"}

    events, _ = await heard(update({"update_id": 1, "message": said}))

    assert events == [Linked("abcd1234", {"chat_id": 77}, "Telegram")]


async def test_a_group_cannot_be_linked_as_a_person() -> None:
    chat = {"id": -77, "type": "group"}
    said = {"message_id": 1, "chat": chat, "text": "/start abcd1234"}

    events, _ = await heard(update({"update_id": 1, "message": said}))

    assert events == []


async def test_a_group_is_told_its_number_which_makes_it_a_room() -> None:
    chat = {"id": -77, "type": "supergroup"}
    said = {"message_id": 1, "chat": chat, "text": "/room@pagefree_bot"}

    received = await receive(WAYS, CONFIG, update({"update_id": 1, "message": said}))

    assert list(received.events) == []
    answer = json.loads(received.body)
    assert (answer["method"], answer["chat_id"]) == ("sendMessage", -77)
    assert "-77" in answer["text"]


@pytest.mark.parametrize("secret", ["", "0123456789abcdef0124", "ü"])
async def test_an_update_without_the_secret_is_refused(
    secret: str,
) -> None:
    press = {"id": "9", "from": {"id": 77}, "data": f"a:{ID.hex}"}

    with pytest.raises(CallbackRefused):
        await heard(update({"update_id": 1, "callback_query": press}, secret))


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
async def test_junk_in_an_update_means_nothing(junk: bytes) -> None:
    received = await receive(WAYS, CONFIG, update(junk))

    assert list(received.events) == []
