"""Requests for cover over HTTP: whoever could is asked, the first to accept has the shift."""

import asyncio

import httpx2
import pytest

from tests.api.conftest import Api, Person
from tests.api.handovers import DAY, FIRST, Turns, day, turns
from tests.api.rota import JSON


@pytest.fixture
async def rota(api: Api) -> Turns:
    return await turns(api)


async def ask(rota: Turns, by: Person, number: int) -> httpx2.Response:
    path = f"/v1/schedules/{rota.id}/cover-requests"
    return await by.client.post(path, json={**day(number), "reason": "Ill"})


async def asked(rota: Turns) -> str:
    """Bo asks for cover on the third day."""
    answer = await ask(rota, rota.bo, 2)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def accept(person: Person, cover_id: str) -> httpx2.Response:
    return await person.client.put(f"/v1/cover-requests/{cover_id}/acceptance")


async def seen_by(person: Person) -> list[str]:
    found: list[JSON] = (await person.client.get("/v1/me/cover-requests")).json()
    return [str(one["status"]) for one in found]


async def test_everybody_who_could_have_it_is_asked(rota: Turns) -> None:
    await asked(rota)

    told = await rota.told()

    assert sorted(who for who, _ in told) == ["Cy", "Di", "Lea"]
    assert {text for _, text in told} == {
        "Can you cover Bo in Web rota, Wed 04 Mar 08:00 to Thu 05 Mar 08:00 (UTC)? (Ill)"
    }
    for person in (rota.bo, rota.cy, rota.di, rota.lea):
        assert await seen_by(person) == ["open"]
    assert await seen_by(rota.ed) == []


async def test_whoever_accepts_has_the_shift_and_no_more(rota: Turns) -> None:
    cover_id = await asked(rota)

    answer = await accept(rota.di, cover_id)

    assert answer.status_code == 200, answer.text
    assert answer.json()["covered_by"]["name"] == "Di"
    assert [await rota.paged_on(n) for n in (1, 2, 3)] == [["Cy"], ["Di"], ["Cy"]]
    assert await rota.happened() == ["schedule.cover_requested", "schedule.covered"]
    assert (await rota.told())[-1] == (
        "Bo",
        "Di covers you in Web rota, Wed 04 Mar 08:00 to Thu 05 Mar 08:00 (UTC)",
    )


async def test_of_many_at_once_one_has_it_and_the_others_hear_who(
    rota: Turns,
) -> None:
    cover_id = await asked(rota)
    people = (rota.cy, rota.di, rota.lea)

    answers = await asyncio.gather(*(accept(one, cover_id) for one in people * 2))

    won = {a.json()["covered_by"]["name"] for a in answers if a.status_code == 200}
    lost = {a.json()["detail"] for a in answers if a.status_code == 409}
    assert len(won) == 1
    assert [a.status_code for a in answers].count(409) == 4
    assert lost == {f"{next(iter(won))} has it already"}
    assert await rota.paged_on(2) == list(won)
    overrides = await rota.bo.client.get(f"/v1/schedules/{rota.id}/overrides")
    assert len(overrides.json()) == 1


async def test_whoever_could_not_have_it_may_not_take_it(rota: Turns) -> None:
    cover_id = await asked(rota)

    stranger = await accept(rota.ed, cover_id)
    oneself = await accept(rota.bo, cover_id)

    assert (stranger.status_code, oneself.status_code) == (403, 409)
    assert await rota.paged_on(2) == ["Bo"]


async def test_it_can_be_taken_back_by_its_owner_and_by_team_admins(
    rota: Turns,
) -> None:
    first, second = await asked(rota), await asked(rota)

    codes = [
        (await person.client.delete(f"/v1/cover-requests/{one}")).status_code
        for person, one in [(rota.di, first), (rota.bo, first), (rota.lea, second)]
    ]

    assert codes == [403, 204, 204]
    late = await accept(rota.di, first)
    assert (late.status_code, late.json()["detail"]) == (
        409,
        "the request has been withdrawn",
    )


async def test_it_ends_where_the_shift_begins(api: Api, rota: Turns) -> None:
    cover_id = await asked(rota)
    api.clock.now = FIRST + 2 * DAY

    answer = await accept(rota.di, cover_id)

    assert answer.status_code == 409
    assert await seen_by(rota.bo) == ["expired"]
    assert await rota.paged_on(2) == ["Bo"]


async def test_it_is_refused_when_the_shift_has_changed_since(rota: Turns) -> None:
    cover_id = await asked(rota)
    taken = {**day(2), "user_id": str(rota.cy.id)}
    path = f"/v1/schedules/{rota.id}/overrides"
    await rota.lea.client.post(path, json={"overrides": [taken]})

    answer = await accept(rota.di, cover_id)

    assert answer.status_code == 409
    assert "the shifts have changed since" in answer.json()["detail"]
    assert await rota.paged_on(2) == ["Cy"]


async def test_cover_is_asked_for_own_shifts_only(rota: Turns) -> None:
    answer = await ask(rota, rota.di, 2)

    assert answer.status_code == 409
    assert answer.json()["detail"] == "Di is not on call for all of that time"
