import asyncio
import json
from uuid import UUID

import httpx2
import pytest
import socketio
from socketio.exceptions import ConnectionError as Refused

from pagefree.accounts import service as accounts
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Channel, notify, transaction
from pagefree.infra.ids import new_id
from pagefree.timeline import service as timeline
from pagefree.timeline.service import SYSTEM, Entry
from tests.app.conftest import Served, serving

POLL = "/socket.io/?EIO=4&transport=polling"
PATIENCE_S = 60  # it takes milliseconds, on a machine that does nothing else
NOBODY = "postgresql://nobody@127.0.0.1:1/nothing"


async def happen(served: Served) -> str:
    """Something happens; returns the id of what is stale then."""
    name = str(new_id())
    async with transaction(served.engine) as tx:
        entry = Entry("schedule.updated", SYSTEM, data={"id": name})
        await timeline.record(tx, [entry], system_clock())
    return name


def cookie(token: str) -> dict[str, str]:
    return {"Cookie": f"other=1; pagefree={token}"}


async def connect(
    client: socketio.AsyncClient,
    served: Served,
    headers: dict[str, str],
    auth: object = None,
) -> object:
    """None when admitted, else what the refusal said."""
    said: asyncio.Queue[object] = asyncio.Queue()
    client.on("connect_error", said.put)
    try:
        await client.connect(
            served.address,
            headers,
            auth,
            transports=["websocket"],
            wait_timeout=PATIENCE_S,
        )
    except Refused:
        return await asyncio.wait_for(said.get(), PATIENCE_S)
    return None


async def test_a_signed_in_browser_hears_what_is_stale(
    served: Served,
) -> None:
    _, token = await served.person()
    client, heard = served.socket()
    assert await connect(client, served, cookie(token)) is None

    await happen(served)

    message = await asyncio.wait_for(heard.get(), PATIENCE_S)
    assert isinstance(message, dict)
    assert message["seq"] > message["after"]


@pytest.mark.parametrize(
    ("channel", "key"),
    [(Channel.STEPS, ["workflow-runs"]), (Channel.RUNS, ["runbook-runs"])],
)
async def test_a_run_that_goes_on_makes_runs_stale_and_no_event_missed(
    served: Served, channel: Channel, key: list[str]
) -> None:
    _, token = await served.person()
    client, heard = served.socket()
    await connect(client, served, cookie(token))
    await happen(served)
    first = await asyncio.wait_for(heard.get(), PATIENCE_S)

    async with transaction(served.engine) as tx:
        await notify(tx, channel)

    message = await asyncio.wait_for(heard.get(), PATIENCE_S)
    assert isinstance(first, dict)
    assert isinstance(message, dict)
    assert message["keys"] == [key]
    assert message["after"] == message["seq"] == first["seq"]


async def test_messages_carry_ids_and_keys_and_nothing_else(served: Served) -> None:
    _, token = await served.person()
    client, heard = served.socket()
    await connect(client, served, cookie(token))

    await happen(served)

    message = await asyncio.wait_for(heard.get(), PATIENCE_S)
    assert isinstance(message, dict)
    assert set(message) == {"keys", "after", "seq"}


async def test_without_a_session_the_refusal_says_to_sign_in(served: Served) -> None:
    client, _ = served.socket()

    said = await connect(client, served, {})

    assert said == {"message": "sign in first", "data": {"code": "sign_in"}}
    assert not client.connected


async def test_a_token_in_the_handshake_is_refused_even_beside_a_good_session(
    served: Served,
) -> None:
    _, token = await served.person()
    client, _ = served.socket()

    said = await connect(client, served, cookie(token), {"token": "from before"})

    assert isinstance(said, dict)
    assert said["data"] == {"code": "sign_in"}


@pytest.mark.parametrize("auth", ["text", ["list"], {"a": 1}, 7])
async def test_other_handshake_data_is_ignored(served: Served, auth: object) -> None:
    _, token = await served.person()
    client, _ = served.socket()

    assert await connect(client, served, cookie(token), auth) is None


async def test_a_page_of_another_origin_is_refused(served: Served) -> None:
    _, token = await served.person()
    client, _ = served.socket()

    with pytest.raises(Refused):
        await client.connect(
            served.address,
            {**cookie(token), "Origin": "https://evil.example"},
            transports=["websocket"],
            wait_timeout=PATIENCE_S,
        )


async def test_our_own_pages_are_let_in(served: Served) -> None:
    _, token = await served.person()
    client, _ = served.socket()

    headers = {**cookie(token), "Origin": served.address}

    assert await connect(client, served, headers) is None


async def test_a_socket_ends_with_its_session(served: Served) -> None:
    user_id, token = await served.person()
    client, _ = served.socket()
    ended = asyncio.Event()
    client.on("disconnect", lambda *_: ended.set())
    await connect(client, served, cookie(token))

    await end_sessions(served, user_id)

    await asyncio.wait_for(ended.wait(), PATIENCE_S)


async def test_other_sockets_stay_when_one_session_ends(served: Served) -> None:
    user_id, token = await served.person()
    _, other_token = await served.person("Bo")
    client, _ = served.socket()
    other, heard = served.socket()
    ended = asyncio.Event()
    client.on("disconnect", lambda *_: ended.set())
    await connect(client, served, cookie(token))
    await connect(other, served, cookie(other_token))

    await end_sessions(served, user_id)
    await asyncio.wait_for(ended.wait(), PATIENCE_S)
    await happen(served)

    await asyncio.wait_for(heard.get(), PATIENCE_S)


async def end_sessions(served: Served, user_id: UUID) -> None:
    async with transaction(served.engine) as tx:
        await accounts.end_sessions(tx, user_id)


async def test_nothing_reaches_a_connection_that_was_not_admitted(
    served: Served,
) -> None:
    _, token = await served.person()
    client, heard = served.socket()
    async with httpx2.AsyncClient(
        base_url=served.address, timeout=PATIENCE_S
    ) as stranger:
        opened = await stranger.get(POLL)
        sid = json.loads(opened.text[1:])["sid"]
        waiting = asyncio.create_task(stranger.get(f"{POLL}&sid={sid}"))
        await connect(client, served, cookie(token))

        await happen(served)

        await asyncio.wait_for(heard.get(), PATIENCE_S)
        assert not waiting.done()
        waiting.cancel()


async def test_without_a_database_the_refusal_says_when_to_come_again() -> None:
    async with serving(NOBODY) as served:
        client, _ = served.socket()

        said = await connect(client, served, cookie("any"))
        await client.disconnect()

    assert isinstance(said, dict)
    assert said["data"] == {"code": "unavailable", "retry_after": 10}
