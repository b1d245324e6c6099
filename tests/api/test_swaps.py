"""Shift swaps over HTTP: one exchange or none, and only of what is still so."""

import asyncio

import httpx2
import pytest

from tests.api.conftest import Api, Person
from tests.api.handovers import DAY, FIRST, Turns, day, turns
from tests.api.rota import JSON, iso


@pytest.fixture
async def rota(api: Api) -> Turns:
    return await turns(api)


async def offer(
    rota: Turns, by: Person, to: Person, number: int, **more: object
) -> httpx2.Response:
    body = {**day(number), "user_id": str(to.id), **more}
    return await by.client.post(f"/v1/schedules/{rota.id}/swaps", json=body)


async def offered(rota: Turns, back: int | None = 3) -> str:
    """Bo offers Cy the third day, for the fourth."""
    wanted = {"in_return": day(back)} if back is not None else {}
    answer = await offer(rota, rota.bo, rota.cy, 2, reason="Concert", **wanted)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def put(person: Person, swap_id: str, what: str) -> httpx2.Response:
    return await person.client.put(f"/v1/swaps/{swap_id}/{what}")


async def status(person: Person) -> list[str]:
    found: list[JSON] = (await person.client.get("/v1/me/swaps")).json()
    return [str(one["status"]) for one in found]


async def test_accepting_exchanges_both_shifts(rota: Turns) -> None:
    swap_id = await offered(rota)

    answer = await put(rota.cy, swap_id, "acceptance")

    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "accepted"
    assert [await rota.paged_on(n) for n in range(1, 6)] == [
        ["Cy"],
        ["Cy"],
        ["Bo"],
        ["Bo"],
        ["Cy"],
    ]
    assert await rota.happened() == ["schedule.swap_offered", "schedule.swap_accepted"]


async def test_a_shift_can_be_given_for_nothing(rota: Turns) -> None:
    swap_id = await offered(rota, back=None)

    await put(rota.cy, swap_id, "acceptance")

    assert [await rota.paged_on(n) for n in (2, 3)] == [["Cy"], ["Cy"]]


async def test_nothing_changes_until_it_is_accepted(rota: Turns) -> None:
    await offered(rota)

    assert [await rota.paged_on(n) for n in (2, 3)] == [["Bo"], ["Cy"]]
    assert await status(rota.bo) == await status(rota.cy) == ["open"]
    assert await status(rota.di) == []


async def test_both_are_told_in_words(rota: Turns) -> None:
    swap_id = await offered(rota)
    await put(rota.cy, swap_id, "acceptance")

    third = "Wed 04 Mar 08:00 to Thu 05 Mar 08:00 (UTC)"
    fourth = "Thu 05 Mar 08:00 to Fri 06 Mar 08:00 (UTC)"
    assert await rota.told() == [
        ("Cy", f"Bo offers you Web rota, {third} for your {fourth}: Concert"),
        ("Bo", f"Cy accepts your swap of Web rota, {third}"),
    ]


async def test_accepting_twice_exchanges_once(rota: Turns) -> None:
    swap_id = await offered(rota)

    answers = await asyncio.gather(
        *(put(rota.cy, swap_id, "acceptance") for _ in range(4))
    )

    assert [answer.status_code for answer in answers] == [200] * 4
    overrides = await rota.bo.client.get(f"/v1/schedules/{rota.id}/overrides")
    assert len(overrides.json()) == 2


async def test_it_is_refused_when_either_shift_has_changed_since(rota: Turns) -> None:
    swap_id = await offered(rota)
    taken = {**day(3), "user_id": str(rota.di.id)}
    path = f"/v1/schedules/{rota.id}/overrides"
    await rota.lea.client.post(path, json={"overrides": [taken]})

    answer = await put(rota.cy, swap_id, "acceptance")

    assert answer.status_code == 409
    assert answer.json()["detail"] == (
        "the shifts have changed since: Cy is not on call for all of that time"
    )
    assert [await rota.paged_on(n) for n in (2, 3)] == [["Bo"], ["Di"]]


async def test_whoever_it_is_offered_to_may_decline(rota: Turns) -> None:
    swap_id = await offered(rota)

    first = await put(rota.cy, swap_id, "refusal")
    again = await put(rota.cy, swap_id, "refusal")
    late = await put(rota.cy, swap_id, "acceptance")

    assert [first.status_code, again.status_code, late.status_code] == [200, 200, 409]
    assert late.json()["detail"] == "the offer has been declined"
    assert await rota.paged_on(2) == ["Bo"]


async def test_whoever_offered_may_take_it_back(rota: Turns) -> None:
    swap_id = await offered(rota)

    gone = await rota.bo.client.delete(f"/v1/swaps/{swap_id}")
    late = await put(rota.cy, swap_id, "acceptance")

    assert (gone.status_code, late.status_code) == (204, 409)
    assert [who for who, _ in await rota.told()] == ["Cy", "Cy"]


async def test_nobody_else_decides(rota: Turns) -> None:
    swap_id = await offered(rota)

    codes = [
        (await put(rota.bo, swap_id, "acceptance")).status_code,
        (await put(rota.lea, swap_id, "acceptance")).status_code,
        (await put(rota.di, swap_id, "refusal")).status_code,
        (await rota.cy.client.delete(f"/v1/swaps/{swap_id}")).status_code,
    ]

    assert codes == [403] * 4


async def test_an_offer_ends_where_the_first_shift_begins(
    api: Api, rota: Turns
) -> None:
    swap_id = await offered(rota)
    api.clock.now = FIRST + 2 * DAY

    answer = await put(rota.cy, swap_id, "acceptance")

    assert answer.status_code == 409
    assert answer.json()["detail"] == "the offer has expired: the shift has begun"
    assert await status(rota.bo) == ["expired"]


@pytest.mark.parametrize(
    ("number", "more", "code"),
    [
        pytest.param(1, {}, 409, id="the shift of somebody else"),
        pytest.param(0, {}, 409, id="a shift that has begun"),
        pytest.param(2, {"in_return": day(4)}, 409, id="for another shift of mine"),
        pytest.param(2, {"in_return": day(2)}, 422, id="for the same time"),
        pytest.param(
            2,
            {"end": iso(FIRST + 2 * DAY)},
            422,
            id="no time at all",
        ),
        pytest.param(
            2,
            {"end": iso(FIRST + 4 * DAY)},
            409,
            id="more than the shift",
        ),
    ],
)
async def test_only_what_is_there_can_be_offered(
    rota: Turns, number: int, more: JSON, code: int
) -> None:
    answer = await offer(rota, rota.bo, rota.cy, number, **more)

    assert answer.status_code == code, answer.text
    assert await status(rota.bo) == []
    assert await rota.told() == []


async def test_it_is_not_offered_to_strangers_or_to_oneself(rota: Turns) -> None:
    stranger = await offer(rota, rota.bo, rota.ed, 2)
    oneself = await offer(rota, rota.bo, rota.bo, 2)

    assert (stranger.status_code, oneself.status_code) == (422, 422)


async def test_a_swap_can_be_swapped_back(rota: Turns) -> None:
    await put(rota.cy, await offered(rota), "acceptance")

    back = await offer(rota, rota.cy, rota.bo, 2, in_return=day(3))
    answer = await put(rota.bo, back.json()["id"], "acceptance")

    assert answer.status_code == 200, answer.text
    assert [await rota.paged_on(n) for n in (2, 3)] == [["Bo"], ["Cy"]]
