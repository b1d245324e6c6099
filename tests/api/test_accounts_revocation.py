"""Whoever holds a socket open hears at once that a session has ended."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import func, select

from pagefree.accounts import credentials, service
from pagefree.accounts.credentials import Browser
from pagefree.core.access import Role
from pagefree.core.errors import NotSignedIn
from pagefree.infra.db import Channel, transaction
from pagefree.tables.accounts import sessions
from tests.api.conftest import CHEAP, PASSWORD, Api, Person

Notices = asyncio.Queue[str]
PATIENCE_S = 60


@pytest.fixture
async def notices(api: Api, api_database: str) -> AsyncIterator[Notices]:
    """What is heard on the channel of ended sessions."""
    del api  # its clean-up must not wait for this connection
    heard: Notices = asyncio.Queue()
    connection = await asyncpg.connect(api_database)
    await connection.add_listener(
        Channel.SESSIONS.value, lambda *notice: heard.put_nowait(notice[2])
    )
    yield heard
    await connection.close()


@pytest.fixture
async def ana(api: Api) -> Person:
    return await api.user("Ana", password=PASSWORD)


async def sign_out(ana: Person, _: Person) -> None:
    await ana.client.delete("/v1/session")


async def end_one(ana: Person, _: Person) -> None:
    listed = (await ana.client.get("/v1/me/sessions")).json()
    await ana.client.delete(f"/v1/me/sessions/{listed[0]['id']}")


async def sign_in_again(ana: Person, _: Person) -> None:
    body = {"email": ana.email, "password": PASSWORD}
    await ana.client.post("/v1/session", json=body)


async def be_given_a_password(ana: Person, admin: Person) -> None:
    body = {"password": "set by an admin"}
    await admin.client.patch(f"/v1/users/{ana.id}", json=body)


async def be_deactivated(ana: Person, admin: Person) -> None:
    await admin.client.put(f"/v1/users/{ana.id}/deactivation")


@pytest.mark.parametrize(
    "end", [sign_out, end_one, sign_in_again, be_given_a_password, be_deactivated]
)
async def test_every_end_of_a_session_is_heard(
    api: Api,
    ana: Person,
    admin: Person,
    notices: Notices,
    end: Callable[[Person, Person], Awaitable[None]],
) -> None:
    async with transaction(api.engine) as tx:
        before = await service.session_actor(tx, ana.token, api.clock())

    await end(ana, admin)

    await asyncio.wait_for(notices.get(), PATIENCE_S)
    async with transaction(api.engine) as tx:
        assert before is not None
        assert await service.session_actor(tx, ana.token, api.clock()) is None
        assert await service.live_sessions(tx, {before[0]}, api.clock()) == set()


async def test_a_new_password_is_heard_though_the_own_session_goes_on(
    ana: Person, notices: Notices
) -> None:
    await ana.client.put(
        "/v1/me/password", json={"current": PASSWORD, "new": "another password"}
    )

    await asyncio.wait_for(notices.get(), PATIENCE_S)
    assert (await ana.client.get("/v1/me")).status_code == 200


async def test_a_session_is_live_until_it_expires(api: Api, ana: Person) -> None:
    web = await api.team()
    async with transaction(api.engine) as tx:
        await service.set_membership(tx, web.id, ana.id, Role.RESPONDER)
        found = await service.session_actor(tx, ana.token, api.clock())
        assert found is not None
        session_id, actor = found

        now = await service.live_sessions(tx, {session_id, uuid4()}, api.clock())
        api.clock.advance(timedelta(days=30))
        later = await service.live_sessions(tx, {session_id}, api.clock())

    assert (now, later) == ({session_id}, set())
    assert (actor.user_id, actor.roles) == (ana.id, {web.id: Role.RESPONDER})


@pytest.mark.parametrize("change", [be_given_a_password, be_deactivated])
async def test_a_sign_in_that_was_overtaken_by_a_change_is_refused(
    api: Api,
    ana: Person,
    admin: Person,
    change: Callable[[Person, Person], Awaitable[None]],
) -> None:
    """The password is checked outside of any transaction, so this can happen."""
    async with transaction(api.engine) as tx:
        holder = await credentials.password_holder(tx, ana.email)
    assert holder is not None
    assert await CHEAP.matches(holder.password_hash, PASSWORD)

    await change(ana, admin)

    async with transaction(api.engine) as tx:
        with pytest.raises(NotSignedIn):
            await credentials.start_session(
                tx, holder, Browser("", ""), timedelta(days=1), api.clock()
            )


async def test_sessions_that_have_expired_are_forgotten_and_no_others(
    api: Api,
) -> None:
    ana = await api.user("Ana")
    api.clock.advance(timedelta(days=20))
    await api.session(ana.id)

    async with transaction(api.engine) as tx:
        await credentials.forget_expired_sessions(tx, api.clock() + timedelta(days=10))
        left = await tx.scalar(select(func.count()).select_from(sessions))

    assert left == 1
