"""What to do in the small world so that it comes by a failpoint, by the failpoint's name."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from functools import partial

from pagefree.accounts import invitations
from pagefree.accounts.invitations import Asked
from pagefree.core.access import Role, Scope
from pagefree.infra.db import transaction
from pagefree.status_pages import telling
from pagefree.status_pages.telling import NewIncident, NewUpdate
from tests.chaos.small_world import HELD, SmallWorld
from tests.programs import eventually

TAKEN_WITHIN_S = 30
AGAIN_S = 0.05

Deed = Callable[[SmallWorld, str], Coroutine[None, None, None]]


async def until_taken(send: Callable[[], Awaitable[bool]]) -> None:
    """Repeat it as senders do: until somebody has taken it."""

    async def sent() -> bool:
        if await send():
            return True
        await asyncio.sleep(AGAIN_S)
        return False

    await eventually(sent, TAKEN_WITHIN_S)


async def fire(world: SmallWorld, name: str) -> None:
    """Somebody is paged."""
    await until_taken(lambda: world.fire(name))


async def fire_held(world: SmallWorld, name: str) -> None:
    """Somebody is paged in a second, if it does not end before."""
    await until_taken(lambda: world.fire(f"{HELD}-{name}"))


async def fire_and_press(world: SmallWorld, name: str) -> None:
    """Ana acknowledges what she was paged for."""
    await fire(world, name)

    async def posted() -> bool:
        shown = [post.body for post in world.outside.telegram.posts]
        return any(f"It is {name}".encode() in body for body in shown)

    await eventually(posted, TAKEN_WITHIN_S)
    incident_id = await world.incident_of(name)
    await until_taken(lambda: world.press(name, incident_id))


async def call_api(world: SmallWorld, name: str) -> None:
    """A program declares an incident; it may repeat itself, as its key says."""
    key = await world.automation.api.key_token(world.automation.pia, *Scope)
    [[service_id]] = await world.sql("SELECT id FROM services WHERE name = 'Shop'")
    body = {"service_id": str(service_id), "title": name}
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": name}
    await until_taken(lambda: world.post("/v1/incidents", body, headers))
    made = await world.sql("SELECT id FROM incidents WHERE title = :name", name=name)
    assert len(made) == 1


async def ping(world: SmallWorld, _: str) -> None:
    """A job says that it works, and then that it has failed."""
    for how in ("", "/fail"):
        await until_taken(partial(world.post, f"/ping/{world.ping_id}{how}", {}))


async def run(world: SmallWorld, _: str) -> None:
    """Cy starts a runbook."""
    await world.automation.start(world.runbook_id)


async def tell(world: SmallWorld, name: str) -> None:
    """The status page tells of something."""
    async with transaction(world.engine) as tx:
        update = NewUpdate("investigating", "It is down.")
        incident = NewIncident(name, update)
        assert world.page_id is not None
        now = world.mortal.now()
        await telling.open_incident(tx, world.page_id, incident, world.pia, now)


async def write_digests(world: SmallWorld, _: str) -> None:
    """It is Monday."""
    await world.sql("UPDATE digests SET due_at = :now", now=world.mortal.now())


async def ask_for_link(world: SmallWorld, _: str) -> None:
    """Ana wants to sign in by mail."""
    await world.sql(
        "INSERT INTO sign_in_links (id, email, browser_hash, created_at, due_at)"
        " VALUES (uuidv7(), 'ana@example.org', 'x', :now, :now)",
        now=world.mortal.now(),
    )


async def ask_for_partner_link(world: SmallWorld, _: str) -> None:
    """A partner wants to sign in."""
    await world.sql(
        "INSERT INTO partner_links (id, kind, email, partner_id, created_at, due_at)"
        " VALUES (uuidv7(), 'sign_in', 'partner@example.org', :partner, :now, :now)",
        partner=world.partner_id,
        now=world.mortal.now(),
    )


async def describe(world: SmallWorld, name: str) -> None:
    """Somebody changes what is audited."""
    await world.sql("UPDATE services SET description = :name", name=name)


async def invite(world: SmallWorld, name: str) -> None:
    """Ana wants somebody in her team."""
    email = f"{name.replace('.', '-')}@example.org"
    asked = Asked(email, world.automation.team_id, Role.RESPONDER)
    async with transaction(world.engine) as tx:
        now = world.mortal.now()
        await invitations.invite(tx, world.ana, asked, world.vault, now)


DEEDS: Mapping[str, Deed] = {
    "alerts": fire_held,
    "api": call_api,
    "audit": describe,
    "callbacks": fire_and_press,
    "chats": fire,
    "digests": write_digests,
    "escalation": fire,
    "heartbeats": ping,
    "ingest": fire,
    "invitations": invite,
    "links": ask_for_link,
    "listener": fire,
    "partners": ask_for_partner_link,
    "pings": ping,
    "runbooks": run,
    "sender": fire,
    "status": tell,
    "updates": fire_and_press,
    "webhooks": fire,
    "workflows": fire,
}
# what looks for its work once a minute does so when it starts
AT_START = frozenset({"digests", "invitations", "links"})
