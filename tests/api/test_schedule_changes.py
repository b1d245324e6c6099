"""Changes of schedules over HTTP: from an instant on, previewed, called off."""

from datetime import timedelta
from uuid import uuid4

import pytest

from pagefree.core.access import Role
from pagefree.infra.db import transaction
from pagefree.schedules import service
from tests.api.conftest import START, Api, Person
from tests.api.rota import DAY, HOUR, JSON, iso, layer, made, paged, schedule


async def test_a_change_from_a_day_on_leaves_everything_before_it(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    bo, cy = await api.user("Bo"), await api.user("Cy")
    before = await made(admin, schedule(team.id, layer(admin, bo)))
    path = f"/v1/schedules/{before['id']}"
    kept = before["layers"][0]["id"]  # type: ignore[index]
    change = START + 10 * DAY

    answer = await admin.client.put(
        path,
        json=schedule(team.id, layer(admin, cy, id=kept), from_at=iso(change)),
    )

    assert answer.status_code == 200
    after = answer.json()
    assert [u["name"] for u in after["layers"][0]["users"]] == ["Pia", "Bo"]
    [ahead] = after["versions_ahead"]
    assert (ahead["from_at"], ahead["layers"][0]["id"]) == (iso(change), kept)
    assert await paged(api, before["id"], START + 9 * DAY) == [str(bo.id)]
    assert await paged(api, before["id"], change + DAY) == [str(cy.id)]


async def test_a_change_that_is_ahead_can_be_called_off_and_one_that_holds_not(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    body = schedule(team.id, layer(admin))
    found = await made(admin, body)
    path = f"/v1/schedules/{found['id']}"
    bo = await api.user("Bo")
    later = {**body, "layers": [layer(bo)], "from_at": iso(START + DAY)}
    ahead = (await admin.client.put(path, json=later)).json()["versions_ahead"][0]

    gone = await admin.client.delete(f"{path}/versions/{ahead['id']}")
    again = await admin.client.delete(f"{path}/versions/{ahead['id']}")
    kept = (await admin.client.put(path, json=later)).json()["versions_ahead"][0]
    api.clock.advance(2 * DAY)
    holds = await admin.client.delete(f"{path}/versions/{kept['id']}")

    assert (gone.status_code, again.status_code) == (204, 404)
    assert (holds.status_code, holds.json()["code"]) == (409, "conflict")
    assert await paged(api, found["id"], api.clock()) == [str(bo.id)]


async def test_the_past_of_a_schedule_stays_whatever_is_changed_later(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    bo = await api.user("Bo")
    found = await made(admin, schedule(team.id, layer(admin)))
    path = f"/v1/schedules/{found['id']}"
    window = {"start": iso(START), "end": iso(START + 9 * DAY)}
    api.clock.advance(3 * DAY)

    changed = await admin.client.put(
        path, json=schedule(team.id, layer(bo), name="Renamed")
    )
    past = await admin.client.put(
        path, json=schedule(team.id, layer(bo), from_at=iso(START + DAY))
    )
    shifts = (await admin.client.get(f"{path}/shifts", params=window)).json()

    assert changed.status_code == 200
    assert (past.status_code, past.json()["code"]) == (422, "invalid")
    assert [(s["user"]["name"], s["end"]) for s in shifts] == [
        ("Pia", iso(START + 3 * DAY)),
        ("Bo", iso(START + 9 * DAY)),
    ]


async def test_a_new_name_alone_makes_no_new_version(api: Api, admin: Person) -> None:
    team = await api.team()
    nights = {"windows": [{"weekdays": [4, 0], "start": "22:00", "end": "06:00"}]}
    free = {"country": "DE", "subdivision": "BY", "mode": "except"}
    cut = layer(admin, restriction={**nights, "holidays": free, "keep_turns": True})
    found = await made(admin, schedule(team.id, cut))
    path = f"/v1/schedules/{found['id']}"
    before: JSON = found["layers"][0]  # type: ignore[index]
    stored = {name: value for name, value in before.items() if name != "users"}
    stored["user_ids"] = [str(admin.id)]
    body = schedule(team.id, stored, name="Nights", description="Of Bavaria")

    first = await admin.client.put(path, json=body)
    async with transaction(api.engine) as tx:
        kept = await service.get(tx, found["id"], START - 90 * DAY)  # type: ignore[arg-type]

    assert first.status_code == 200
    assert first.json()["description"] == "Of Bavaria"
    assert first.json()["layers"] == [before]
    assert first.json()["layers"][0]["restriction"]["windows"][0]["weekdays"] == [0, 4]
    assert len(kept.versions) == 1


@pytest.mark.parametrize("which", ["unknown", "twice"])
async def test_layers_that_are_kept_belong_to_the_schedule_and_are_named_once(
    api: Api, admin: Person, which: str
) -> None:
    team = await api.team()
    found = await made(admin, schedule(team.id, layer(admin)))
    kept = found["layers"][0]["id"]  # type: ignore[index]
    ids = {"unknown": [str(uuid4())], "twice": [kept, kept]}[which]
    wanted = schedule(team.id, *(layer(admin, id=one) for one in ids))

    answer = await admin.client.put(f"/v1/schedules/{found['id']}", json=wanted)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_the_timeline_says_at_every_hour_whom_the_pager_pages(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    bo, cy = await api.user("Bo"), await api.user("Cy")
    office = {
        "windows": [{"weekdays": [0, 1, 2, 3, 4], "start": "09:00", "end": "17:00"}]
    }
    top = layer(cy, bo, name="Office", at_once=2, restriction=office)
    found = await made(admin, schedule(team.id, layer(admin, bo), top))
    path = f"/v1/schedules/{found['id']}"
    begin = START + 25 * DAY  # the clocks change on the 29th
    cover = {"user_id": str(cy.id), "replaces": str(bo.id)}
    times = {"start": iso(begin + 30 * HOUR), "end": iso(begin + 50 * HOUR)}
    gap = {"start": iso(begin + 60 * HOUR), "end": iso(begin + 62 * HOUR)}
    await admin.client.post(
        f"{path}/overrides", json={"overrides": [{**cover, **times}]}
    )
    await admin.client.post(f"{path}/gaps", json={**gap, "reason": "Exercise"})
    later = schedule(team.id, layer(cy), from_at=iso(begin + 4 * DAY))
    await admin.client.put(path, json=later)
    window = {"start": iso(begin), "end": iso(begin + 6 * DAY)}

    timeline = (await admin.client.get(f"{path}/timeline", params=window)).json()

    for hour in range(6 * 24):
        at = iso(begin + hour * HOUR)
        drawn = [
            shift["user"]["id"]
            for shift in timeline["final"]
            if shift["start"] <= at < shift["end"]
        ]
        assert drawn == await paged(api, found["id"], begin + hour * HOUR)
    assert [one["name"] for one in timeline["layers"]] == [
        "Primary",
        "Primary",
        "Office",
    ]
    assert timeline["gaps"][0] == {
        **gap,
        "id": timeline["gaps"][0]["id"],
        "intended": True,
        "reason": "Exercise",
    }
    edges = {shift["start"] for shift in timeline["final"]} - {iso(begin)}
    assert edges <= {*timeline["handoffs"], *gap.values()}
    assert timeline["overrides"][0]["replaces"]["name"] == "Bo"


async def test_a_preview_shows_what_would_be_and_saves_nothing(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    bo = await api.user("Bo")
    nights = {"windows": [{"weekdays": [0], "start": "22:00", "end": "06:00"}]}
    body = schedule(team.id, layer(bo, restriction=nights))
    window = {"start": iso(START), "end": iso(START + 7 * DAY)}

    answer = await bo.client.post("/v1/schedules/preview", json={**body, **window})

    assert answer.status_code == 200
    preview = answer.json()
    assert [(s["user"]["name"], s["start"]) for s in preview["timeline"]["final"]] == [
        ("Bo", "2026-03-02T21:00:00Z")
    ]
    assert [gap["intended"] for gap in preview["timeline"]["gaps"]] == [False, False]
    assert preview["findings"][0]["code"] == "gap"
    assert preview["findings"][0]["detail"] == "nobody is on call"
    assert (await admin.client.get("/v1/schedules")).json() == []


async def test_a_preview_of_what_cannot_be_is_refused(api: Api, admin: Person) -> None:
    team = await api.team()
    week: JSON = {"start": iso(START), "end": iso(START + 7 * DAY)}
    body = schedule(team.id, layer(admin))

    nobody = {**body, **week, "layers": [layer(admin, user_ids=[str(uuid4())])]}
    backwards = {**body, "start": week["end"], "end": week["start"]}
    answers = [
        await admin.client.post("/v1/schedules/preview", json=wanted)
        for wanted in (nobody, backwards)
    ]

    assert [a.json()["code"] for a in answers] == ["invalid", "invalid"]


async def test_findings_tell_of_gaps_and_of_people_who_cannot_be_paged(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    bo, cy = await api.user("Bo"), await api.user("Cy")
    idle = layer(bo, name="Idle", end_at=iso(START))
    found = await made(admin, schedule(team.id, layer(bo, cy), idle))
    path = f"/v1/schedules/{found['id']}/findings"
    quiet = await admin.client.get(path)
    methods = (await admin.client.get(f"/v1/users/{bo.id}/contact-methods")).json()
    for method in methods:
        await admin.client.delete(f"/v1/users/{bo.id}/contact-methods/{method['id']}")
    await admin.client.put(f"/v1/users/{cy.id}/deactivation")

    findings = (await admin.client.get(path)).json()

    assert [f["detail"] for f in quiet.json()] == [
        "the layer Idle decides nothing in the next 12 weeks"
    ]
    others = [f for f in findings if f["code"] != "gap"]
    assert [(f["code"], f["severity"]) for f in others] == [
        ("no_contact_method", "error"),
        ("left", "warning"),
        ("idle_layer", "info"),
    ]
    assert others[0]["detail"] == "Bo has no contact method that works"
    assert findings[0]["start"] == "2026-03-03T08:00:00Z"


async def test_the_balance_counts_hours_nights_and_weekends_of_twelve_weeks(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    bo = await api.user("Bo")
    week = {"unit": "week", "start_at": "2026-03-02T00:00:00Z"}
    body = schedule(team.id, layer(admin, bo, **week), time_zone="UTC")
    found = await made(admin, body)
    gap = {"start": iso(START), "end": iso(START + timedelta(hours=5))}
    await admin.client.post(f"/v1/schedules/{found['id']}/gaps", json=gap)

    balance = (await admin.client.get(f"/v1/schedules/{found['id']}/balance")).json()

    assert [(p.pop("user")["name"], p) for p in balance["people"]] == [
        ("Bo", {"hours": 1008, "night_hours": 378, "weekend_hours": 288}),
        ("Pia", {"hours": 1003, "night_hours": 378, "weekend_hours": 288}),
    ]


async def test_several_are_on_call_at_once_the_first_one_first(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    bo, cy = await api.user("Bo"), await api.user("Cy")
    found = await made(admin, schedule(team.id, layer(admin, bo, cy, at_once=2)))

    board = (await admin.client.get("/v1/on-call")).json()[0]
    mine = (await bo.client.get("/v1/me/on-call")).json()

    assert [user["name"] for user in board["users"]] == ["Pia", "Bo"]
    assert [user["name"] for user in board["next"]] == ["Bo", "Cy"]
    assert [(s["start"], s["end"]) for s in mine] == [
        ("2026-03-02T08:00:00Z", "2026-03-04T08:00:00Z"),
        ("2026-03-05T08:00:00Z", "2026-03-07T08:00:00Z"),
    ]
    assert await paged(api, found["id"], START) == [str(admin.id), str(bo.id)]


async def test_the_countries_whose_holidays_are_known_are_listed(
    api: Api, admin: Person
) -> None:
    del api
    countries = (await admin.client.get("/v1/holidays")).json()

    germany = next(c for c in countries if c["country"] == "DE")
    assert "BY" in germany["subdivisions"]


async def test_a_layer_rests_on_public_holidays(api: Api, admin: Person) -> None:
    team = await api.team()
    bo = await api.user("Bo")
    free = {"country": "DE", "mode": "only"}
    top = layer(bo, name="Holidays", restriction={"holidays": free})
    found = await made(admin, schedule(team.id, layer(admin), top))
    labour_day = START.replace(month=5, day=1, hour=12)

    assert await paged(api, found["id"], labour_day) == [str(bo.id)]
    assert await paged(api, found["id"], labour_day + DAY) == [str(admin.id)]


async def test_a_rename_by_somebody_of_another_team_changes_nothing(
    api: Api, admin: Person
) -> None:
    team, own = await api.team(), await api.team("Own")
    bo = await api.user("Bo", teams={own.id: Role.TEAM_ADMIN})
    found = await made(admin, schedule(team.id, layer(admin)))
    path = f"/v1/schedules/{found['id']}"

    answer = await bo.client.put(path, json=schedule(own.id, layer(bo), name="Mine"))

    assert answer.status_code == 403
    assert (await bo.client.get(path)).json() == found
