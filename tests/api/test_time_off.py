"""Calendars that say when people are away: read from a real server, all of it or nothing."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import structlog

from pagefree.infra.http import GuardedClient
from pagefree.infra.queue import Context
from pagefree.schedules import time_off_reading
from pagefree.schedules.jobs import read_time_off
from pagefree.schedules.time_off_reading import UNREACHABLE, Reader
from tests.api.conftest import Api, Person
from tests.api.handovers import DAY, FIRST, Turns, turns
from tests.api.rota import HOUR, JSON, iso
from tests.fake_servers import Manner, WebServer, web_server

PATH = "/v1/me/time-off-calendars"


@pytest.fixture
async def rota(api: Api) -> Turns:
    return await turns(api)


@pytest.fixture
async def server() -> AsyncIterator[WebServer]:
    async with web_server() as fake:
        yield fake


@pytest.fixture
async def http() -> AsyncIterator[GuardedClient]:
    made = GuardedClient(["127.0.0.0/8"])
    yield made
    await made.aclose()


def reply(body: str | bytes, status: str = "200 OK", more: str = "") -> bytes:
    content = body.encode() if isinstance(body, str) else body
    head = f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


def calendar(*events: str) -> str:
    """An event is its lines, with `;` between them."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:tests"]
    for number, event in enumerate(events):
        own = event.replace(" ", "\r\n")
        lines += ["BEGIN:VEVENT", f"UID:{number}", "DTSTAMP:20260101T000000Z"]
        lines += [own, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


# Bo has 4 March from 8:00 to 8:00 of the 5th, and every second day
AWAY = "DTSTART:20260304T120000Z DTEND:20260304T180000Z"


async def added(person: Person, url: str) -> str:
    answer = await person.client.post(PATH, json={"url": url})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def look(api: Api, http: GuardedClient) -> None:
    """What the worker does every few seconds."""
    ctx = Context(api.engine, api.clock, structlog.get_logger())
    await read_time_off(http, api.app.state.vault, ctx)


async def known(person: Person) -> JSON:
    found: list[JSON] = (await person.client.get(PATH)).json()
    return found[0]


async def asked(person: Person) -> list[tuple[object, object, object]]:
    """The start, the end and the state of the requests for cover, soonest first."""
    found: list[JSON] = (await person.client.get("/v1/me/cover-requests")).json()
    return sorted((one["start"], one["end"], one["status"]) for one in found)


async def test_a_shift_that_time_off_touches_opens_a_request_for_what_is_missed(
    api: Api, rota: Turns, server: WebServer, http: GuardedClient
) -> None:
    server.answer = reply(calendar(AWAY))
    await added(rota.bo, server.url)

    await look(api, http)

    assert await asked(rota.bo) == [
        ("2026-03-04T12:00:00Z", "2026-03-04T18:00:00Z", "open")
    ]
    found = await known(rota.bo)
    assert found["error"] is None
    assert found["read_at"] == iso(api.clock.now)
    assert found["away"] == [
        {"start": "2026-03-04T12:00:00Z", "end": "2026-03-04T18:00:00Z"}
    ]
    assert sorted(who for who, _ in await rota.told()) == ["Cy", "Di", "Lea"]
    assert await rota.happened() == ["schedule.cover_requested"]


async def test_it_is_read_every_hour_and_asks_once(
    api: Api, rota: Turns, server: WebServer, http: GuardedClient
) -> None:
    server.answer = reply(calendar(AWAY))
    await added(rota.bo, server.url)
    await look(api, http)
    [request] = (await rota.bo.client.get("/v1/me/cover-requests")).json()
    await rota.bo.client.delete(f"/v1/cover-requests/{request['id']}")

    for _ in range(3):  # Bo has said that it is not needed
        api.clock.advance(HOUR)
        await look(api, http)
    await look(api, http)

    assert len(server.posts) == 4
    assert len(await asked(rota.bo)) == 1


async def test_whole_days_and_what_recurs_are_meant_where_the_person_is(
    api: Api, rota: Turns, server: WebServer, http: GuardedClient
) -> None:
    await rota.bo.client.patch("/v1/me", json={"time_zone": "Europe/Berlin"})
    server.answer = reply(
        calendar(
            "DTSTART;VALUE=DATE:20260308 DTEND;VALUE=DATE:20260309",
            "DTSTART:20260326T170000 DTEND:20260326T180000 RRULE:FREQ=DAILY;COUNT=5",
        )
    )
    await added(rota.bo, server.url)

    await look(api, http)

    found = (await known(rota.bo))["away"]
    assert isinstance(found, list)
    assert [one["start"] for one in found] == [
        "2026-03-07T23:00:00Z",
        "2026-03-26T16:00:00Z",
        "2026-03-27T16:00:00Z",
        "2026-03-28T16:00:00Z",
        "2026-03-29T15:00:00Z",  # the clocks have changed
        "2026-03-30T15:00:00Z",
    ]


async def test_what_is_free_was_called_off_or_is_over_is_no_time_off(
    api: Api, rota: Turns, server: WebServer, http: GuardedClient
) -> None:
    server.answer = reply(
        calendar(
            f"{AWAY} TRANSP:TRANSPARENT",
            f"{AWAY} STATUS:CANCELLED",
            "DTSTART:20260204T120000Z DTEND:20260204T180000Z",
        )
    )
    await added(rota.bo, server.url)

    await look(api, http)

    assert (await known(rota.bo))["away"] == []
    assert await asked(rota.bo) == []


async def test_whoever_is_away_then_is_not_asked_but_may_accept(
    api: Api, rota: Turns, server: WebServer, http: GuardedClient
) -> None:
    server.answer = reply(calendar(AWAY))
    await added(rota.di, server.url)
    await look(api, http)
    await added(rota.bo, server.url)

    await look(api, http)

    assert sorted(who for who, _ in await rota.told()) == ["Cy", "Lea"]
    [request] = (await rota.di.client.get("/v1/me/cover-requests")).json()
    path = f"/v1/cover-requests/{request['id']}/acceptance"
    assert (await rota.di.client.put(path)).status_code == 200
    assert await rota.paged_on(2) == ["Di"]


NESTED = "BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\n" * 60_000
BAD = {
    "larger than 2 MiB": reply(calendar(AWAY) + "X" * (2 * 1024 * 1024)),
    "not a calendar": reply("<!doctype html><p>Sign in</p>"),
    "empty": reply(""),
    "binary": reply(b"\x00\xff\xfe" * 100),
    "moved": reply("", "302 Found", "Location: http://10.0.0.1/\r\n"),
    "gone": reply(calendar(AWAY), "404 Not Found"),
    "every second": reply(calendar(AWAY + " RRULE:FREQ=SECONDLY")),
    "nested": reply(NESTED),
    "half": reply(calendar(AWAY, "DTSTART:20261399T120000Z DTEND:20260304T180000Z")),
}
ERRORS = {
    "larger than 2 MiB": "it is larger than 2 MiB",
    "not a calendar": "it is not a calendar",
    "empty": "it is not a calendar",
    "binary": "it is not a calendar",
    "moved": "it leads to another address: give that one",
    "gone": "it was answered with 404",
    "every second": "it says too much to be read: give a calendar with nothing but time off",
    "nested": "it is not a calendar",
    "half": "an event in it cannot be read",
}


@pytest.mark.parametrize("bad", sorted(BAD))
async def test_what_cannot_be_read_says_why_and_changes_nothing(
    api: Api, rota: Turns, server: WebServer, http: GuardedClient, bad: str
) -> None:
    server.answer = reply(calendar("DTSTART:20260306T090000Z DTEND:20260306T100000Z"))
    await added(rota.bo, server.url)
    await look(api, http)
    before = await known(rota.bo), await asked(rota.bo), len(await rota.told())

    server.answer = BAD[bad]
    api.clock.advance(HOUR)
    await look(api, http)

    after = await known(rota.bo)
    assert after["error"] == ERRORS[bad]
    assert {**after, "error": None} == before[0]
    assert (await asked(rota.bo), len(await rota.told())) == before[1:]


async def test_a_slow_server_is_given_up(
    api: Api, rota: Turns, server: WebServer, http: GuardedClient
) -> None:
    server.manner = Manner.HANG
    await added(rota.bo, server.url)

    reader = Reader(http, api.app.state.vault, api.clock, total_s=0.2)
    await time_off_reading.read_due(api.engine, reader)

    assert (await known(rota.bo))["error"] == "it did not arrive within 10 seconds"


async def test_private_networks_are_not_read_and_nothing_is_told_of_them(
    api: Api, rota: Turns, server: WebServer
) -> None:
    guarded = GuardedClient()
    nobody = "http://127.0.0.1:1/x.ics"
    await added(rota.bo, server.url)
    await added(rota.bo, nobody)

    await look(api, guarded)

    found = (await rota.bo.client.get(PATH)).json()
    assert [one["error"] for one in found] == [UNREACHABLE] * 2
    assert server.connections == 0


async def test_when_it_can_be_read_again_the_error_is_gone(
    api: Api, rota: Turns, server: WebServer, http: GuardedClient
) -> None:
    server.answer = BAD["gone"]
    await added(rota.bo, server.url)
    await look(api, http)

    server.answer = reply(calendar(AWAY))
    api.clock.advance(HOUR)
    await look(api, http)

    assert (await known(rota.bo))["error"] is None
    assert len(await asked(rota.bo)) == 1


async def test_only_the_next_twelve_weeks_ask(
    api: Api, rota: Turns, server: WebServer, http: GuardedClient
) -> None:
    far = FIRST + timedelta(weeks=13)
    times = f"DTSTART:{far:%Y%m%dT%H%M%SZ} DTEND:{far + 2 * DAY:%Y%m%dT%H%M%SZ}"
    server.answer = reply(calendar(times))
    await added(rota.bo, server.url)

    await look(api, http)
    early = await asked(rota.bo)
    api.clock.advance(timedelta(weeks=2))
    await look(api, http)

    assert early == []
    starts = [
        datetime.fromisoformat(str(start)) for start, _, _ in await asked(rota.bo)
    ]
    assert [far <= start < far + 2 * DAY for start in starts] == [True]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/x.ics",
        "not an address",
        "https://",
        "https://user:secret@example.org/x.ics",
        "https://exa mple.org/",
        "https://example.org/\r\nX: y",
        "https://[::1/x.ics",
        "file:///etc/passwd",
    ],
)
async def test_what_is_no_address_is_refused_at_once(rota: Turns, url: str) -> None:
    answer = await rota.bo.client.post(PATH, json={"url": url})

    assert answer.status_code == 422
    assert (await rota.bo.client.get(PATH)).json() == []


async def test_the_address_is_a_secret_of_its_owner(rota: Turns) -> None:
    secret = "webcal://calendars.example.org/private-5f3a/basic.ics"
    calendar_id = await added(rota.bo, secret)

    await rota.cy.client.delete(f"{PATH}/{calendar_id}")
    answer = await rota.bo.client.get(PATH)

    assert [one["host"] for one in answer.json()] == ["calendars.example.org"]
    assert "5f3a" not in answer.text
    assert (await rota.cy.client.get(PATH)).json() == []
    await rota.bo.client.delete(f"{PATH}/{calendar_id}")
    assert (await rota.bo.client.get(PATH)).json() == []


async def test_nobody_has_more_than_five(rota: Turns) -> None:
    codes = [
        (
            await rota.bo.client.post(PATH, json={"url": f"https://x.org/{n}"})
        ).status_code
        for n in range(6)
    ]

    assert codes == [201] * 5 + [409]
