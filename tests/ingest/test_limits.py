"""More than the limit is stored and folded, far more is asked to come again."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import httpx2
import limits
import pytest

from pagefree.alerts.limits import Gate, Rates
from pagefree.core.limits import OVER_LIMIT_KEY
from pagefree.infra.clock import system_clock
from pagefree.infra.db import transaction
from pagefree.invariants import service as invariants
from tests.ingest.scene import Scene, opened

PER_KEY, PER_ADDRESS, HARD = 20, 60, 5
OPEN = "SELECT dedup_key, occurrences, severity FROM alerts WHERE status = 'open'"


class Clock:
    """Stands still until told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def scene(fresh_database: str, clock: Clock) -> AsyncIterator[Scene]:
    rates = Rates(
        limits.parse(f"{PER_KEY}/minute"), limits.parse(f"{PER_ADDRESS}/minute"), HARD
    )
    async with opened(fresh_database, gate=Gate(rates, clock)) as scene:
        yield scene


async def storm(scene: Scene, start: int, end: int) -> list[httpx2.Response]:
    """Different alerts of one integration, all at once."""
    return list(
        await asyncio.gather(
            *(
                scene.generic({"title": f"Disk {n}", "dedup_key": f"disk-{n}"})
                for n in range(start, end)
            )
        )
    )


async def test_what_is_above_the_limit_is_stored_and_counted_by_one_alert(
    scene: Scene,
) -> None:
    answers = await storm(scene, 0, PER_KEY + 15)

    assert {answer.status_code for answer in answers} == {202}
    assert await scene.value("SELECT count(*) FROM inbound_requests") == PER_KEY + 15
    alerts = {str(key): count for key, count, _ in await scene.rows(OPEN)}
    assert alerts.pop(OVER_LIMIT_KEY) == 15
    assert list(alerts.values()) == [1] * PER_KEY
    assert Counter(await scene.outcomes()) == {"opened": PER_KEY + 1, "duplicate": 14}


async def test_folding_breaks_no_promise(scene: Scene) -> None:
    await storm(scene, 0, PER_KEY * 2)
    await storm(scene, 0, 5)

    async with transaction(scene.engine) as tx:
        assert await invariants.list_violations(tx, system_clock()) == []


async def test_every_folded_event_leads_to_the_alert_that_counts_it(
    scene: Scene,
) -> None:
    await storm(scene, 0, PER_KEY + 15)

    query = """
        SELECT count(*) FROM inbound_requests AS r JOIN alerts AS a ON a.id = r.alert_ids[1]
        WHERE a.dedup_key = 'pagefree:over-limit'
    """
    assert await scene.value(query) == 15


async def test_people_are_told_once_that_there_is_more(scene: Scene) -> None:
    await storm(scene, 0, PER_KEY)
    before = await scene.value("SELECT count(*) FROM incidents")

    for n in range(3):
        await storm(scene, PER_KEY + n * 10, PER_KEY + n * 10 + 10)

    titles = [title for (title,) in await scene.rows("SELECT title FROM incidents")]
    assert titles.count("More events than the limit from generic") == 1
    assert await scene.value("SELECT count(*) FROM incidents") == int(str(before)) + 1
    counting = {key: count for key, count, _ in await scene.rows(OPEN)}[OVER_LIMIT_KEY]
    assert counting == 30


async def test_duplicates_of_open_alerts_still_count_above_the_limit(
    scene: Scene,
) -> None:
    await storm(scene, 0, PER_KEY)

    await storm(scene, 0, PER_KEY)

    alerts = {key: count for key, count, _ in await scene.rows(OPEN)}
    assert len(alerts) == PER_KEY
    assert set(alerts.values()) == {2}


async def test_what_is_over_ends_above_the_limit_too(scene: Scene) -> None:
    await storm(scene, 0, PER_KEY)

    await scene.generic({"dedup_key": "disk-3", "status": "resolved", "title": "x"})

    assert len(await scene.rows(OPEN)) == PER_KEY - 1
    assert (await scene.outcomes())[-1] == "resolved"


async def test_after_the_storm_alerts_open_as_ever(scene: Scene, clock: Clock) -> None:
    await storm(scene, 0, PER_KEY + 5)
    clock.now += timedelta(minutes=1)

    await storm(scene, 100, 103)

    keys = {key for key, _, _ in await scene.rows(OPEN)}
    assert keys >= {"disk-100", "disk-101", "disk-102"}


async def test_one_integration_that_storms_leaves_another_alone(scene: Scene) -> None:
    await storm(scene, 0, PER_KEY * 4)

    answers = [
        await scene.pagerduty(
            {
                "event_action": "trigger",
                "dedup_key": f"other-{n}",
                "payload": {"summary": "x", "source": "y", "severity": "critical"},
            }
        )
        for n in range(PER_KEY)
    ]

    assert {answer.status_code for answer in answers} == {202}
    keys = {str(key) for key, _, _ in await scene.rows(OPEN)}
    assert keys >= {f"other-{n}" for n in range(PER_KEY)}


async def test_many_integrations_of_one_address_share_its_limit(scene: Scene) -> None:
    kinds = ("generic", "pagerduty_v2", "pagerduty_v1", "opsgenie")
    for n in range(PER_KEY):
        for kind in kinds:
            await _send(scene, kind, f"{kind}-{n}")

    alerts = [(key, count) for key, count, _ in await scene.rows(OPEN)]
    folded = [int(str(count)) for key, count in alerts if key == OVER_LIMIT_KEY]
    assert sum(folded) == PER_KEY * len(kinds) - PER_ADDRESS
    assert len(folded) == len(kinds)
    assert len(alerts) - len(folded) == PER_ADDRESS


async def test_the_incident_of_what_is_folded_is_as_severe_as_the_worst_of_it(
    scene: Scene,
) -> None:
    await storm(scene, 0, PER_KEY)
    for severity in ("info", "critical", "warning"):
        await scene.generic(
            {"title": severity, "dedup_key": severity, "severity": severity}
        )

    query = """
        SELECT i.severity FROM incidents AS i JOIN alerts AS a ON a.incident_id = i.id
        WHERE a.dedup_key = 'pagefree:over-limit'
    """
    assert await scene.value(query) == "critical"


async def test_far_above_the_limit_senders_are_asked_to_come_again(
    scene: Scene, clock: Clock
) -> None:
    await storm(scene, 0, PER_KEY * HARD)

    (answer,) = await storm(scene, 1000, 1001)

    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert int(answer.headers["retry-after"]) > 0
    count = "SELECT count(*) FROM inbound_requests"
    assert await scene.value(count) == PER_KEY * HARD
    clock.now += timedelta(seconds=int(answer.headers["retry-after"]))
    (again,) = await storm(scene, 1000, 1001)
    assert again.status_code == 202


@pytest.mark.parametrize(
    ("kind", "status", "said"),
    [
        ("pagerduty_v2", 429, {"status": "throttle exceeded"}),
        ("pagerduty_v1", 403, {"status": "throttle exceeded"}),
        ("opsgenie", 429, {}),
        ("alertmanager", 503, {"status": "refused"}),
        ("generic", 503, {"status": "refused"}),
    ],
)
async def test_each_protocol_is_refused_as_its_senders_try_again(
    scene: Scene, kind: str, status: int, said: dict[str, str]
) -> None:
    for _ in range(PER_KEY * HARD):
        await _send(scene, kind)

    answer = await _send(scene, kind)

    assert answer.status_code == status
    assert int(answer.headers["retry-after"]) > 0
    assert said.items() <= answer.json().items()
    if kind == "opsgenie":
        assert answer.headers["x-ratelimit-state"] == "THROTTLED"


async def _send(scene: Scene, kind: str, dedup_key: str = "k") -> httpx2.Response:
    key = scene.sources[kind].key
    if kind == "pagerduty_v2":
        payload = {"summary": "x", "source": "y", "severity": "info"}
        return await scene.pagerduty(
            {"event_action": "trigger", "dedup_key": dedup_key, "payload": payload}
        )
    if kind == "pagerduty_v1":
        body = {"service_key": key, "event_type": "trigger", "description": "x"}
        path = "/generic/2010-04-15/create_event.json"
        return await scene.client.post(path, json={**body, "incident_key": dedup_key})
    if kind == "opsgenie":
        headers = {"Authorization": f"GenieKey {key}"}
        body = {"message": "x", "alias": dedup_key}
        return await scene.client.post("/v2/alerts", json=body, headers=headers)
    if kind == "alertmanager":
        return await scene.alertmanager()
    return await scene.generic({"title": "x", "dedup_key": dedup_key})


async def test_an_address_that_guesses_keys_is_refused_before_they_are_looked_up(
    scene: Scene,
) -> None:
    codes = [
        (await scene.client.post(f"/in/generic/wrong-{n}", json={})).status_code
        for n in range(PER_ADDRESS * HARD + 5)
    ]

    assert Counter(codes) == {404: PER_ADDRESS * HARD, 503: 5}
