"""Calendars at secret addresses: what programs that subscribe to them read."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx2
import limits
import pytest
import recurring_ical_events
from icalendar import Calendar, Event

from pagefree.app.limits import ApiLimits
from pagefree.core.access import Scope
from pagefree.core.intervals import Interval, united
from tests.api.conftest import START, Api, Person
from tests.api.handovers import Turns, day, turns
from tests.api.rota import DAY, JSON, iso, layer, made, schedule

MINE = "/v1/me/calendar-feed"
YEAR = timedelta(days=366)
NIGHTS = {"windows": [{"weekdays": [0, 1, 2, 3, 4], "start": "20:00", "end": "06:00"}]}
Times = dict[str, list[Interval]]


@pytest.fixture
async def rota(api: Api) -> Turns:
    return await turns(api)


async def subscribed(person: Person, path: str) -> str:
    """The path of a new secret address."""
    answer = await person.client.post(path)
    assert answer.status_code == 201, answer.text
    return urlsplit(str(answer.json()["url"])).path


async def read(
    api: Api, path: str, headers: Mapping[str, str] | None = None
) -> httpx2.Response:
    """What a program that nobody has signed in reads there."""
    program = await api.browser(headers={})
    return await program.get(path, headers=headers)


async def events_at(api: Api, path: str) -> list[Event]:
    answer = await read(api, path)
    assert answer.status_code == 200, answer.text
    calendar = Calendar.from_ical(answer.content)
    assert calendar.errors == []
    return list(calendar.events)


def summaries(events: list[Event]) -> set[str]:
    return {str(event["SUMMARY"]) for event in events}


async def test_a_year_of_twelve_people_is_what_the_api_says_to_the_second(
    api: Api, admin: Person
) -> None:
    team = await api.team()
    people = [await api.user(f"Person {n}") for n in range(12)]
    layers = [
        layer(*people, unit="week"),
        layer(*people[::-1], lengths=[4, 3], restriction=NIGHTS),
        layer(*people[::2], unit="hour", lengths=[12], time_zone="America/New_York"),
    ]
    found = await made(admin, schedule(team.id, *layers))
    path = f"/v1/schedules/{found['id']}"
    cover = {
        "user_id": str(people[7].id),
        "start": "2026-03-28T21:30:00Z",  # across the night on which the clocks change
        "end": "2026-03-29T07:15:30Z",
    }
    await admin.client.post(f"{path}/overrides", json={"overrides": [cover]})
    gap = {"start": "2026-10-25T00:30:00Z", "end": "2026-10-25T02:30:00Z"}
    await admin.client.post(f"{path}/gaps", json=gap)

    answer = await read(api, await subscribed(admin, f"{path}/calendar-feed"))

    calendar = Calendar.from_ical(answer.content)
    start = START.replace(hour=8)
    seen = recurring_ical_events.of(calendar).between(start, start + YEAR - DAY)
    assert by_person(seen, Interval(start, start + YEAR - DAY)) == await timeline(
        admin, path, Interval(start, start + YEAR - DAY)
    )


def by_person(events: list[Event], window: Interval) -> Times:
    """When each is on call as the calendar has it, by name."""
    times: Times = {}
    for event in events:
        name = str(event["SUMMARY"]).partition(" on call: ")[0]
        start = max(event.decoded("DTSTART"), window.start)
        end = min(event.decoded("DTEND"), window.end)
        times.setdefault(name, []).append(Interval(start, end))
    return {name: united(found) for name, found in times.items()}


async def timeline(person: Person, path: str, window: Interval) -> Times:
    """The same as the API has it."""
    asked = {"start": iso(window.start), "end": iso(window.end)}
    answer = await person.client.get(f"{path}/timeline", params=asked)
    times: Times = {}
    for shift in answer.json()["final"]:
        start, end = (datetime.fromisoformat(shift[name]) for name in ("start", "end"))
        times.setdefault(shift["user"]["name"], []).append(Interval(start, end))
    return {name: united(found) for name, found in times.items()}


async def test_ones_own_calendar_has_ones_own_shifts_of_all_schedules(
    api: Api, rota: Turns
) -> None:
    team = await api.team("Ops")
    other = schedule(team.id, layer(rota.bo), name="Ops, days & nights; all")
    admin = await api.user("Pia", platform_admin=True)
    await made(admin, other)

    events = await events_at(api, await subscribed(rota.bo, MINE))

    assert summaries(events) == {
        "On call: Web rota",
        "On call: Ops, days & nights; all",
    }
    assert all(event["TRANSP"] == "TRANSPARENT" for event in events)
    assert {str(event["URL"]) for event in events} >= {
        f"http://127.0.0.1:8000/schedules/{rota.id}"
    }


async def test_a_team_has_a_calendar_of_all_its_schedules(
    api: Api, rota: Turns
) -> None:
    found = (await rota.bo.client.get(f"/v1/schedules/{rota.id}")).json()
    path = f"/v1/teams/{found['team']['id']}/calendar-feed"

    events = await events_at(api, await subscribed(rota.di, path))

    assert summaries(events) == {
        "Bo on call: Web rota",
        "Cy on call: Web rota",
    }


async def test_a_calendar_of_a_team_that_was_hidden_is_its_peoples_alone(
    api: Api, admin: Person, rota: Turns
) -> None:
    found = (await rota.bo.client.get(f"/v1/schedules/{rota.id}")).json()
    outsider = await api.user("Otto")
    of_schedule = f"/v1/schedules/{rota.id}/calendar-feed"
    of_team = f"/v1/teams/{found['team']['id']}/calendar-feed"
    theirs = [await subscribed(outsider, path) for path in (of_schedule, of_team)]
    ours = await subscribed(rota.bo, of_team)

    await admin.client.patch(f"/v1/teams/{found['team']['id']}", json={"hidden": True})

    assert [(await read(api, path)).status_code for path in theirs] == [404, 404]
    assert await events_at(api, ours)


async def test_a_shift_keeps_its_id_when_time_passes_and_when_it_is_cut(
    api: Api, rota: Turns
) -> None:
    path = await subscribed(rota.bo, f"/v1/schedules/{rota.id}/calendar-feed")
    before = {event["UID"]: event for event in await events_at(api, path)}

    api.clock.advance(3 * DAY + timedelta(hours=5))
    cut = {**day(4), "start": "2026-03-06T20:00:00Z", "user_id": str(rota.di.id)}
    await rota.lea.client.post(
        f"/v1/schedules/{rota.id}/overrides", json={"overrides": [cut]}
    )

    after = {event["UID"]: event for event in await events_at(api, path)}
    # as many new ones as days have passed, and what Di covers; the rest is as it was
    assert len(after.keys() - before.keys()) == 4
    assert before.keys() - after.keys() == set()
    changed = {
        uid
        for uid in before
        if before[uid].decoded("DTEND") != after[uid].decoded("DTEND")
        and before[uid].decoded("DTEND") < START + YEAR - DAY
    }
    assert len(changed) == 1


async def test_a_shift_without_beginning_or_end_has_one_id(
    api: Api, rota: Turns
) -> None:
    since = iso(START - 2 * YEAR)
    alone = schedule(
        (await api.team("Ops")).id, layer(rota.ed, start_at=since), name="Alone"
    )
    await made(await api.user("Pia", platform_admin=True), alone)
    path = await subscribed(rota.ed, MINE)

    first = await events_at(api, path)
    api.clock.advance(40 * DAY)
    second = await events_at(api, path)

    assert len(first) == len(second) == 1
    assert first[0]["UID"] == second[0]["UID"]


async def test_programs_are_told_to_look_every_hour_and_may_ask_whether_it_changed(
    api: Api, rota: Turns
) -> None:
    path = await subscribed(rota.bo, MINE)

    first = await read(api, path)
    api.clock.advance(timedelta(minutes=10))
    again = await read(api, path, {"If-None-Match": first.headers["ETag"]})
    swap = {**day(2), "user_id": str(rota.di.id)}
    await rota.lea.client.post(
        f"/v1/schedules/{rota.id}/overrides", json={"overrides": [swap]}
    )
    changed = await read(api, path, {"If-None-Match": first.headers["ETag"]})

    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert first.headers["Cache-Control"] == "private, max-age=300"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in first.content
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in first.content
    assert max(len(line) for line in first.content.split(b"\r\n")) <= 75
    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


async def test_a_new_address_kills_the_old_one_and_none_is_shown_twice(
    api: Api, rota: Turns
) -> None:
    first = await subscribed(rota.bo, MINE)
    second = await subscribed(rota.bo, MINE)

    codes = [(await read(api, path)).status_code for path in (first, second)]
    known = await rota.bo.client.get(MINE)

    assert codes == [404, 200]
    assert first not in known.text
    assert known.json()["exists"] is True
    assert known.json()["read_at"] == iso(START)


async def test_a_deleted_address_is_dead_and_an_unknown_one_never_lived(
    api: Api, rota: Turns
) -> None:
    path = await subscribed(rota.bo, MINE)
    gone = await rota.bo.client.delete(MINE)

    assert gone.status_code == 204
    for dead in (path, "/calendars/unknown.ics", "/calendars/unknown"):
        assert (await read(api, dead)).status_code == 404
    nothing = {"exists": False, "created_at": None, "read_at": None}
    assert (await rota.bo.client.get(MINE)).json() == nothing


async def test_everybody_has_an_address_of_their_own(api: Api, rota: Turns) -> None:
    subject = f"/v1/schedules/{rota.id}/calendar-feed"
    of_bo, of_cy = (
        await subscribed(rota.bo, subject),
        await subscribed(rota.cy, subject),
    )

    await rota.bo.client.delete(subject)

    assert (await read(api, of_bo)).status_code == 404
    assert (await read(api, of_cy)).status_code == 200


async def test_the_addresses_of_whoever_leaves_end_with_them(
    api: Api, rota: Turns, admin: Person
) -> None:
    path = await subscribed(rota.bo, f"/v1/schedules/{rota.id}/calendar-feed")

    gone = await admin.client.put(f"/v1/users/{rota.bo.id}/deactivation")

    assert gone.status_code == 200
    assert (await read(api, path)).status_code == 404


async def test_a_program_that_may_only_read_makes_no_address(
    api: Api, rota: Turns
) -> None:
    program = await api.key(rota.bo, Scope.READ, Scope.WRITE)

    assert (await program.post(MINE)).status_code == 403


async def test_what_has_no_calendar_is_not_found(rota: Turns) -> None:
    nowhere = "01890000-0000-7000-8000-000000000000"

    for path in (f"/v1/schedules/{nowhere}", f"/v1/teams/{nowhere}"):
        answer = await rota.bo.client.post(f"{path}/calendar-feed")
        assert answer.status_code == 404


async def test_names_cannot_break_out_of_their_line(api: Api, admin: Person) -> None:
    team = await api.team()
    mallory = await api.user("Mallory\r\nEND:VEVENT\r\nBEGIN:VALARM")
    found: JSON = await made(admin, schedule(team.id, layer(mallory)))
    path = await subscribed(admin, f"/v1/schedules/{found['id']}/calendar-feed")

    answer = await read(api, path)

    assert b"\r\nBEGIN:VALARM" not in answer.content
    assert answer.content.count(b"BEGIN:VEVENT") == 1


async def test_one_address_is_not_read_all_the_time_and_wrong_ones_are_counted(
    api: Api, rota: Turns
) -> None:
    api.app.state.limits = ApiLimits(
        limits.parse("500/minute"), limits.parse("3/minute")
    )
    path = await subscribed(rota.bo, MINE)
    other = await subscribed(rota.cy, MINE)

    codes = [(await read(api, path)).status_code for _ in range(21)]
    wrong = [(await read(api, f"/calendars/{n}.ics")).status_code for n in range(11)]

    assert codes == [200] * 20 + [429]
    assert wrong == [404] * 10 + [429]
    # Google reads the calendars of half the world from one address
    assert (await read(api, other)).status_code == 200
