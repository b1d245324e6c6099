"""Overrides and gaps by design over HTTP: all or nothing, by whom, and never in the past."""

from datetime import datetime, timedelta

import pytest

from pagefree.core.access import Role
from tests.api.conftest import START, Api, Person
from tests.api.rota import DAY, HOUR, JSON, iso, layer, made, paged, schedule


class Rota:
    """A schedule with somebody on it, and who may change it."""

    def __init__(self, admin: Person, lead: Person, bo: Person, cy: Person) -> None:
        self.admin, self.lead, self.bo, self.cy = admin, lead, bo, cy
        self.id = ""

    async def override(
        self, person: Person, *overrides: JSON
    ) -> tuple[int, list[JSON] | JSON]:
        """The status and the body of the answer."""
        path = f"/v1/schedules/{self.id}/overrides"
        answer = await person.client.post(path, json={"overrides": list(overrides)})
        return answer.status_code, answer.json()

    async def listed(self) -> list[JSON]:
        """The overrides that are not over."""
        answer = await self.admin.client.get(f"/v1/schedules/{self.id}/overrides")
        found: list[JSON] = answer.json()
        return found


@pytest.fixture
async def rota(api: Api, admin: Person) -> Rota:
    team = await api.team()
    lead = await api.user("Lea", teams={team.id: Role.TEAM_ADMIN})
    bo = await api.user("Bo", teams={team.id: Role.RESPONDER})
    cy = await api.user("Cy", teams={team.id: Role.RESPONDER})
    found = Rota(admin, lead, bo, cy)
    found.id = str((await made(admin, schedule(team.id, layer(bo, cy))))["id"])
    return found


def cover(
    person: Person, start: datetime, length: timedelta = HOUR, **more: object
) -> JSON:
    return {
        "user_id": str(person.id),
        "start": iso(start),
        "end": iso(start + length),
        **more,
    }


async def test_an_override_pages_whoever_covers_and_says_why(
    api: Api, rota: Rota
) -> None:
    wanted = cover(rota.lead, START + HOUR, reason="Dentist", replaces=str(rota.bo.id))

    status, [override] = await rota.override(rota.lead, wanted)

    assert status == 201
    assert isinstance(override, dict)
    assert override["user"] == {"id": str(rota.lead.id), "name": "Lea"}
    assert override["replaces"] == {"id": str(rota.bo.id), "name": "Bo"}
    assert override["created_by"] == {"id": str(rota.lead.id), "name": "Lea"}
    assert override["reason"] == "Dentist"
    assert await rota.listed() == [override]
    assert await paged(api, rota.id, START) == [str(rota.bo.id)]
    assert await paged(api, rota.id, START + HOUR) == [str(rota.lead.id)]
    assert await paged(api, rota.id, START + 2 * HOUR) == [str(rota.bo.id)]


async def test_a_whole_period_is_replaced_at_once_or_not_at_all(
    api: Api, rota: Rota
) -> None:
    days = [cover(rota.lead, START + n * DAY, DAY) for n in (1, 2, 3)]
    await rota.override(rota.admin, cover(rota.cy, START + 3 * DAY + HOUR))

    refused, problem = await rota.override(rota.admin, *days)
    made_, _ = await rota.override(rota.admin, *days[:2])

    assert isinstance(problem, dict)
    assert (refused, problem["code"]) == (409, "conflict")
    assert "2026-03-05 10:00 to 2026-03-05 11:00 UTC" in str(problem["detail"])
    assert made_ == 201
    assert len(await rota.listed()) == 3
    assert await paged(api, rota.id, START + 2 * DAY) == [str(rota.lead.id)]


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (HOUR, HOUR, "invalid"),  # of no length
        (2 * HOUR, HOUR, "invalid"),
        (-2 * HOUR, -HOUR, "invalid"),  # over
        (HOUR, 500 * DAY, "invalid"),
    ],
    ids=["empty", "backwards", "over", "endless"],
)
async def test_impossible_times_are_refused_and_nothing_is_saved(
    rota: Rota, start: timedelta, end: timedelta, code: str
) -> None:
    times: JSON = {"start": iso(START + start), "end": iso(START + end)}
    good = cover(rota.cy, START + 9 * DAY)

    status, problem = await rota.override(
        rota.admin, good, {"user_id": str(rota.cy.id), **times}
    )
    gap = await rota.admin.client.post(f"/v1/schedules/{rota.id}/gaps", json=times)

    assert isinstance(problem, dict)
    assert (status, problem["code"]) == (422, code)
    assert (gap.status_code, gap.json()["code"]) == (422, code)
    assert await rota.listed() == []


async def test_two_overrides_of_one_request_must_not_overlap_either(rota: Rota) -> None:
    twice = [cover(rota.cy, START + HOUR), cover(rota.lead, START + HOUR)]

    status, problem = await rota.override(rota.admin, *twice)

    assert isinstance(problem, dict)
    assert (status, problem["code"]) == (409, "conflict")
    assert await rota.listed() == []


async def test_whoever_is_named_must_exist_and_be_somebody_else(rota: Rota) -> None:
    unknown = "018f0000-0000-7000-8000-000000000000"
    wrong: list[JSON] = [
        cover(rota.cy, START, user_id=unknown),
        cover(rota.cy, START, layer_id=unknown),
        cover(rota.cy, START, replaces=str(rota.cy.id)),
    ]

    answers = [await rota.override(rota.admin, one) for one in wrong]

    assert [status for status, _ in answers] == [422] * 3
    assert await rota.listed() == []


async def test_responders_put_themselves_on_call_and_nobody_else(
    api: Api, rota: Rota
) -> None:
    own, [made_override] = await rota.override(rota.cy, cover(rota.cy, START + HOUR))
    other, _ = await rota.override(rota.cy, cover(rota.lead, START + 5 * HOUR))
    stranger, _ = await rota.override(
        await api.user("Di"), cover(rota.cy, START + 5 * HOUR)
    )
    assert isinstance(made_override, dict)
    path = f"/v1/schedules/{rota.id}/overrides/{made_override['id']}"
    gap = {"start": iso(START), "end": iso(START + HOUR)}

    assert (own, other, stranger) == (201, 403, 403)
    assert (await rota.bo.client.delete(path)).status_code == 403
    assert (await rota.cy.client.delete(path)).status_code == 204
    assert (await rota.cy.client.delete(path)).status_code == 404
    assert (
        await rota.cy.client.post(f"/v1/schedules/{rota.id}/gaps", json=gap)
    ).status_code == 403


async def test_what_has_begun_begins_now_and_ends_now(api: Api, rota: Rota) -> None:
    _, [running] = await rota.override(
        rota.admin, cover(rota.lead, START - HOUR, 4 * HOUR)
    )
    assert isinstance(running, dict)
    api.clock.advance(HOUR)

    await rota.admin.client.delete(f"/v1/schedules/{rota.id}/overrides/{running['id']}")
    window = {"start": iso(START - 2 * HOUR), "end": iso(START + 9 * HOUR)}
    path = f"/v1/schedules/{rota.id}/timeline"
    timeline = (await rota.admin.client.get(path, params=window)).json()

    assert running["start"] == iso(START)
    covered = [s for s in timeline["final"] if s["override_id"]]
    assert [(s["start"], s["end"]) for s in covered] == [
        (iso(START), iso(START + HOUR))
    ]


async def test_a_cover_by_somebody_who_leaves_is_no_cover(api: Api, rota: Rota) -> None:
    await rota.override(rota.admin, cover(rota.lead, START, DAY))

    await rota.admin.client.put(f"/v1/users/{rota.lead.id}/deactivation")

    assert await paged(api, rota.id, START) == [str(rota.bo.id)]


async def test_somebody_who_leaves_moves_nobody_elses_turn(
    api: Api, rota: Rota
) -> None:
    before = [await paged(api, rota.id, START + n * DAY) for n in range(6)]

    await rota.admin.client.put(f"/v1/users/{rota.bo.id}/deactivation")

    bo = [str(rota.bo.id)]
    after = [await paged(api, rota.id, START + n * DAY) for n in range(6)]
    assert after == [[] if people == bo else people for people in before]


async def test_a_gap_by_design_pages_nobody_and_is_no_finding(
    api: Api, rota: Rota
) -> None:
    path = f"/v1/schedules/{rota.id}/gaps"
    gap = {"start": iso(START - HOUR), "end": iso(START + HOUR), "reason": "Closed"}

    answer = await rota.lead.client.post(path, json=gap)
    overlapping = await rota.lead.client.post(path, json=gap)
    board = (await rota.admin.client.get("/v1/on-call")).json()[0]

    assert answer.status_code == 201
    declared = answer.json()
    assert declared["start"] == iso(START)
    assert (await rota.bo.client.get(path)).json() == [declared]
    assert (overlapping.status_code, overlapping.json()["code"]) == (409, "conflict")
    assert (board["users"], board["until"]) == ([], iso(START + HOUR))
    assert board["gap"] == {"intended": True, "reason": "Closed"}
    schedule = (await rota.bo.client.get(f"/v1/schedules/{rota.id}")).json()
    assert (schedule["on_call"], schedule["gap"]) == ([], board["gap"])
    assert await paged(api, rota.id, START) == []
    findings = await rota.admin.client.get(f"/v1/schedules/{rota.id}/findings")
    assert findings.json() == []


async def test_a_gap_is_taken_back_or_ends_now(api: Api, rota: Rota) -> None:
    path = f"/v1/schedules/{rota.id}/gaps"
    times = [(START, START + 3 * HOUR), (START + DAY, START + 2 * DAY)]
    ids = [
        (
            await rota.lead.client.post(path, json={"start": iso(a), "end": iso(b)})
        ).json()["id"]
        for a, b in times
    ]
    api.clock.advance(HOUR)

    answers = [await rota.lead.client.delete(f"{path}/{one}") for one in [*ids, ids[1]]]

    assert [a.status_code for a in answers] == [204, 204, 404]
    assert (await rota.lead.client.get(path)).json() == []
    assert await paged(api, rota.id, START) == []
    assert await paged(api, rota.id, START + HOUR) == [str(rota.bo.id)]


async def test_an_override_can_be_of_one_layer(api: Api, rota: Rota) -> None:
    found = (await rota.admin.client.get(f"/v1/schedules/{rota.id}")).json()
    layer_id = found["layers"][0]["id"]

    status, _ = await rota.override(
        rota.admin, cover(rota.lead, START, layer_id=layer_id)
    )

    assert status == 201
    assert await paged(api, rota.id, START) == [str(rota.lead.id)]
