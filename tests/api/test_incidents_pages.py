"""The page behind the acknowledge link of a message."""

from datetime import timedelta
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import func, insert, select

from pagefree.infra.crypto import new_token, token_hash
from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from pagefree.notifications import preference_queries
from pagefree.notifications.preference_queries import Preferences
from pagefree.tables.notifications import action_links, notifications
from pagefree.tables.timeline import events
from tests.api.conftest import Api, Person
from tests.api.incident_world import World, make_world, put

DAY = timedelta(days=1)


@pytest.fixture
async def world(api: Api) -> World:
    return await make_world(api)


@pytest.fixture
async def phone(api: Api) -> httpx2.AsyncClient:
    """A browser that comes from a mail program: not signed in, no page of ours."""
    return await api.browser(headers={"Origin": "null"})


async def link_of(
    world: World, incident_id: str, person: Person, verb: str = "acknowledge"
) -> str:
    """The path of the link in a message to this person."""
    token = new_token()
    async with transaction(world.api.engine) as tx:
        await tx.execute(
            insert(action_links).values(
                id=new_id(),
                token_hash=token_hash(token),
                incident_id=UUID(incident_id),
                user_id=person.id,
                verb=verb,
                created_at=world.now,
                expires_at=world.now + DAY,
            )
        )
    return f"/act/{token}"


async def events_in_all(world: World) -> int:
    async with transaction(world.api.engine) as tx:
        return await tx.scalar(select(func.count()).select_from(events)) or 0


async def test_looking_changes_nothing_however_often(
    world: World, phone: httpx2.AsyncClient
) -> None:
    incident = await world.burn_one()
    path = await link_of(world, incident, world.ana)
    before = await events_in_all(world)

    for method in ("GET", "HEAD"):
        assert (await phone.request(method, path)).status_code == 200
    answer = await phone.get(path)

    assert "Nobody has it yet" in answer.text
    assert '<form method="post">' in answer.text
    assert await events_in_all(world) == before


async def test_pressing_the_button_acknowledges_once(
    world: World, phone: httpx2.AsyncClient
) -> None:
    incident = await world.burn_one()
    path = await link_of(world, incident, world.ana)

    pressed = await phone.post(path)
    again = await phone.post(path)

    assert pressed.status_code == 200
    assert "you have it" in pressed.text
    assert again.status_code == 410
    shown = (await world.bo.client.get(f"/v1/incidents/{incident}")).json()
    assert shown["acknowledged_by"]["name"] == "Ana"
    assert await world.kinds(incident) == ["triggered", "acknowledged"]


async def test_whoever_is_paged_from_another_team_can_answer(
    world: World, phone: httpx2.AsyncClient
) -> None:
    incident = await world.burn_one()
    await put(world.ana, f"{incident}/responders/{world.eve.id}")
    path = await link_of(world, incident, world.eve)

    pressed = await phone.post(path)

    assert "you have it" in pressed.text
    shown = (await world.bo.client.get(f"/v1/incidents/{incident}")).json()
    assert shown["acknowledged_by"]["name"] == "Eve"


async def test_when_somebody_was_faster_the_page_says_who(
    world: World, phone: httpx2.AsyncClient
) -> None:
    incident = await world.burn_one()
    path = await link_of(world, incident, world.ana)
    await put(world.bo, f"{incident}/acknowledgement")

    for method in ("GET", "POST"):
        answer = await phone.request(method, path)

        assert answer.status_code == 200
        assert "Bo has it" in answer.text
        assert "<form" not in answer.text
    assert await world.kinds(incident) == ["triggered", "acknowledged"]


async def test_what_i_have_already_is_said(
    world: World, phone: httpx2.AsyncClient
) -> None:
    incident = await world.burn_one()
    path = await link_of(world, incident, world.ana)
    await put(world.ana, f"{incident}/acknowledgement")

    assert "You have it already" in (await phone.get(path)).text


async def test_when_it_is_over_the_page_says_so(
    world: World, phone: httpx2.AsyncClient
) -> None:
    resolved, merged, into = await world.burn("a", "b", "c")
    await put(world.bo, f"{resolved}/resolution")
    await put(world.bo, f"{merged}/merge", {"into_id": into})

    pressed = await phone.post(await link_of(world, resolved, world.ana))
    looked = await phone.get(await link_of(world, merged, world.ana))

    assert "It is over" in pressed.text
    assert "Resolved by Bo" in pressed.text
    assert "It is now part of" in looked.text
    assert await world.kinds(resolved) == ["triggered", "resolved"]


async def test_whoever_reads_german_reads_the_page_in_german(
    world: World, phone: httpx2.AsyncClient
) -> None:
    incident = await world.burn_one()
    path = await link_of(world, incident, world.bo)
    async with transaction(world.api.engine) as tx:
        wants = Preferences(language="de-AT")
        await preference_queries.put_preferences(tx, world.bo.id, wants)

    asks, done = await phone.get(path), await phone.post(path)

    assert '<html lang="de">' in asks.text
    assert "Noch kümmert sich niemand" in asks.text
    assert ">Bestätigen</button>" in asks.text
    assert "Bestätigt: Sie kümmern sich" in done.text
    assert "Acknowledge" not in asks.text + done.text


async def test_an_expired_or_unknown_link_does_nothing_and_says_so(
    world: World, phone: httpx2.AsyncClient
) -> None:
    incident = await world.burn_one()
    path = await link_of(world, incident, world.ana)
    world.api.clock.advance(DAY)

    for method in ("GET", "POST"):
        expired = await phone.request(method, path)
        unknown = await phone.request(method, "/act/no-such-token")

        assert (expired.status_code, unknown.status_code) == (410, 404)
        assert "This link has expired" in expired.text
        assert "There is no such link" in unknown.text
        assert "Disk full" not in expired.text
    assert await world.kinds(incident) == ["triggered"]


async def test_the_link_of_a_deactivated_person_does_nothing(
    world: World, phone: httpx2.AsyncClient
) -> None:
    incident = await world.burn_one()
    path = await link_of(world, incident, world.eve)
    admin = await world.api.user("Pia", platform_admin=True)
    await admin.client.put(f"/v1/users/{world.eve.id}/deactivation")

    answer = await phone.post(path)

    assert answer.status_code == 410
    assert await world.kinds(incident) == ["triggered"]


async def test_hostile_titles_are_only_text(
    world: World, phone: httpx2.AsyncClient
) -> None:
    title = """</title><script>alert(1)</script>"'><img src=x onerror=alert(2)>"""
    incident = await world.burn_one(title)

    answer = await phone.get(await link_of(world, incident, world.ana))

    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


async def test_the_page_is_kept_nowhere_and_runs_no_script(
    world: World, phone: httpx2.AsyncClient
) -> None:
    incident = await world.burn_one()

    answer = await phone.get(await link_of(world, incident, world.ana))

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy


async def paged(world: World, incident_id: str, person: Person) -> None:
    """The person was paged for it."""
    async with transaction(world.api.engine) as tx:
        await tx.execute(
            insert(notifications).values(
                id=new_id(),
                incident_id=UUID(incident_id),
                user_id=person.id,
                channel="email",
                kind="page",
                cause="step 1",
                priority=0,
                status="accepted",
                created_at=world.now,
                send_at=world.now,
            )
        )


async def test_one_press_acknowledges_all_that_a_person_was_paged_for(
    world: World, phone: httpx2.AsyncClient
) -> None:
    mine = [await world.burn_one() for _ in range(3)]
    others = await world.burn_one()
    for incident in mine:
        await paged(world, incident, world.ana)
    path = await link_of(world, mine[0], world.ana, "acknowledge_all")

    looked = await phone.get(path)
    pressed = await phone.post(path)

    assert "3 incidents you were paged for" in looked.text
    assert "3 acknowledged: you have them" in pressed.text
    states = [
        (await world.ana.client.get(f"/v1/incidents/{i}")).json()["status"]
        for i in (*mine, others)
    ]
    assert states == ["acknowledged"] * 3 + ["triggered"]
    assert "This link does nothing" in (await phone.post(path)).text
