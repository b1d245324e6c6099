"""A year of a team of twelve as the calendar that programs subscribe to."""

import time
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx2
from icalendar import Calendar

from bench.percentiles import percentile
from bench.rig import Rig
from bench.rotas import BEGIN
from bench.scenario import Budget, Scenario, check
from bench.scenarios.schedule_year import LAYERS
from pagefree.infra.clock import system_clock

TIMES = 100
PEOPLE = 12
AHEAD = timedelta(days=365)


async def run(rig: Rig) -> dict[str, float]:
    """Somebody must be on call in it at every instant of the year."""
    headers = {"Authorization": f"Bearer {rig.world.api_key}"}
    async with rig.web() as web:
        url = f"http://127.0.0.1:{web.port}"
        async with (
            httpx2.AsyncClient(base_url=url, headers=headers, timeout=60) as client,
            httpx2.AsyncClient(base_url=url, timeout=60) as program,
        ):
            team = await _team(rig, client)
            read = []
            body = b""
            for _ in range(rig.size(TIMES)):
                path = await _address(client, team)
                began = time.perf_counter()
                answer = await program.get(path)
                read.append(time.perf_counter() - began)
                check(answer.status_code == 200, answer.text)
                body = answer.content
            _check(body)
    return {
        "through the API p50": percentile(read, 50),
        "through the API p95": percentile(read, 95),
    }


async def _team(rig: Rig, client: httpx2.AsyncClient) -> str:
    """The id of the team, with a schedule of three layers that twelve people are in."""
    people = []
    for number in range(PEOPLE):
        person = {"name": f"Person {number}", "email": f"turn-{number}@example.org"}
        answer = await client.post("/v1/users", json=person)
        check(answer.status_code == 201, answer.text)
        people.append(answer.json()["id"])
    layers = [
        {**layer, "name": str(n), "start_at": BEGIN.isoformat(), "user_ids": people}
        for n, layer in enumerate(LAYERS)
    ]
    body = {
        "name": "A year of twelve",
        "team_id": str(rig.world.team_id),
        "time_zone": "Europe/Berlin",
        "layers": layers,
    }
    answer = await client.post("/v1/schedules", json=body)
    check(answer.status_code == 201, answer.text)
    return str(rig.world.team_id)


async def _address(client: httpx2.AsyncClient, team: str) -> str:
    """A new one each time: nobody may read the same all the time."""
    answer = await client.post(f"/v1/teams/{team}/calendar-feed")
    check(answer.status_code == 201, answer.text)
    return urlsplit(str(answer.json()["url"])).path


def _check(body: bytes) -> None:
    now = system_clock()
    events = Calendar.from_ical(body).events
    spans = sorted(
        (event.decoded("DTSTART"), event.decoded("DTEND"))
        for event in events
        if "A year of twelve" in str(event["SUMMARY"])
    )
    reached: datetime = now
    for start, end in spans:
        check(start <= reached or end <= now, f"nobody from {reached} to {start}")
        reached = max(reached, end)
    check(reached >= now + AHEAD, f"the calendar ends at {reached}")


SCENARIO = Scenario(
    "calendar-year",
    "the calendar of a team of twelve, a year ahead",
    (
        Budget("through the API p50", "ms"),
        Budget("through the API p95", "ms", 200, at_least=False),
    ),
    run,
)
