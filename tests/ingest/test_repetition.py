"""Deliveries that come again: recorded, answered like the first, and without effect."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta

import asyncpg
import httpx2
import pytest

from pagefree.alerts import delivery_queries as queries
from pagefree.alerts.ingest import Ingest
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Channel, transaction
from pagefree.infra.listen import Listener
from pagefree.services import intake
from tests.ingest.scene import ADMIN, Scene, behind

NAMELESS = {
    "event_action": "trigger",
    "payload": {"summary": "Backup failed", "source": "db-1", "severity": "error"},
}
NAMED = {**NAMELESS, "dedup_key": "backup"}
CHANGE = {"payload": {"summary": "Version 7 is live"}}
REQUESTS = "SELECT outcome FROM inbound_requests ORDER BY id"


async def outcomes(scene: Scene) -> list[object]:
    """What became of the requests, in their order."""
    return [outcome for (outcome,) in await scene.rows(REQUESTS)]


async def change(scene: Scene, body: object) -> httpx2.Response:
    """Post a change event."""
    key = scene.sources["pagerduty_v2"].key
    body = {"routing_key": key, **CHANGE}
    return await scene.client.post("/v2/change/enqueue", json=body)


async def honeycomb(scene: Scene, delivery: str, status: str) -> httpx2.Response:
    """Post a trigger as Honeycomb does, which numbers its deliveries."""
    key = scene.sources["honeycomb"].key
    return await scene.client.post(
        f"/in/honeycomb/{key}",
        json={"id": "t1", "name": "Latency", "status": status},
        headers={"X-Honeycomb-Webhook-Delivery-ID": delivery},
    )


async def test_the_same_delivery_id_takes_effect_once(scene: Scene) -> None:
    first = await honeycomb(scene, "d1", "TRIGGERED")
    again = await honeycomb(scene, "d1", "TRIGGERED")

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert await outcomes(scene) == ["processed", "repeated"]
    assert await scene.value("SELECT occurrences FROM alerts") == 1
    errors = await scene.rows("SELECT error FROM inbound_requests ORDER BY id")
    request_id = await scene.value("SELECT id FROM inbound_requests ORDER BY id")
    assert errors[1] == (f"the same as request {request_id}",)


async def test_another_delivery_id_counts_although_the_body_is_the_same(
    scene: Scene,
) -> None:
    for delivery in ("d1", "d2", "d3"):
        await honeycomb(scene, delivery, "TRIGGERED")

    assert await outcomes(scene) == ["processed"] * 3
    assert await scene.value("SELECT occurrences FROM alerts") == 3


async def test_a_delivery_id_is_that_of_one_integration(scene: Scene) -> None:
    await honeycomb(scene, "d1", "TRIGGERED")
    key = scene.sources["checkly"].key
    body = {"alert_type": "ALERT_FAILURE", "check_id": "c", "check_result_id": "d1"}
    await scene.client.post(f"/in/checkly/{key}", json=body)

    assert "repeated" not in await outcomes(scene)


async def test_an_event_without_a_name_opens_one_alert_however_often_it_is_sent(
    scene: Scene,
) -> None:
    answers = [(await scene.pagerduty(NAMELESS)).json() for _ in range(3)]

    assert answers[0] == answers[1] == answers[2]
    dedup_key = await scene.value("SELECT dedup_key FROM alerts")
    assert answers[0]["dedup_key"] == dedup_key
    assert await outcomes(scene) == ["processed", "repeated", "repeated"]
    assert await scene.value("SELECT count(*) FROM incidents") == 1


async def test_an_event_with_a_name_counts_however_often_it_is_sent(
    scene: Scene,
) -> None:
    for _ in range(3):
        await scene.pagerduty(NAMED)

    assert await outcomes(scene) == ["processed"] * 3
    assert await scene.value("SELECT occurrences FROM alerts") == 3


async def test_a_change_is_recorded_once(scene: Scene) -> None:
    for _ in range(3):
        assert (await change(scene, CHANGE)).status_code == 202

    assert await scene.value("SELECT count(*) FROM changes") == 1
    assert await outcomes(scene) == ["processed", "repeated", "repeated"]


async def test_json_without_a_key_is_repeated_while_nothing_else_is_said(
    scene: Scene,
) -> None:
    first = await scene.generic({"title": "Disk full"})
    again = await scene.generic({"title": "Disk full"})
    other = await scene.generic({"title": "Disk full", "severity": "warning"})

    assert first.json() == again.json() == other.json()
    assert await outcomes(scene) == ["processed", "repeated", "processed"]
    assert await scene.value("SELECT occurrences FROM alerts") == 2


async def test_firing_again_after_a_resolve_is_never_taken_for_a_repetition(
    scene: Scene,
) -> None:
    for _ in range(3):
        await scene.generic({"title": "Disk full"})
        await scene.generic({"title": "Disk full", "status": "resolved"})

    assert await outcomes(scene) == ["processed"] * 6
    assert await scene.outcomes() == ["opened", "resolved"] * 3
    assert await scene.value("SELECT count(*) FROM incidents") == 3


async def test_firing_again_after_somebody_resolved_it_is_no_repetition(
    scene: Scene,
) -> None:
    await scene.pagerduty(NAMELESS)
    await scene.connection.execute("UPDATE alerts SET status = 'resolved'")
    await scene.pagerduty(NAMELESS)
    await scene.pagerduty(NAMELESS)

    assert await outcomes(scene) == ["processed", "processed", "repeated"]
    assert await scene.value("SELECT count(*) FROM alerts") == 2


@pytest.mark.parametrize("ended", ["incidents", "alerts"])
async def test_a_repetition_is_compared_with_what_is_still_open(
    scene: Scene, ended: str
) -> None:
    await scene.generic({"title": "Disk full"})
    await scene.connection.execute(f"UPDATE {ended} SET status = 'resolved'")
    await scene.generic({"title": "Disk full"})

    assert await outcomes(scene) == ["processed", "processed"]


async def test_what_was_suppressed_is_looked_at_again(scene: Scene) -> None:
    await scene.connection.execute("UPDATE services SET lifecycle = 'archived'")
    await scene.ingest.snapshot.load()
    await scene.generic({"title": "Disk full"})
    await scene.connection.execute("UPDATE services SET lifecycle = 'active'")
    await scene.ingest.snapshot.load()
    await scene.generic({"title": "Disk full"})

    assert await scene.outcomes() == ["suppressed", "opened"]


async def test_what_cannot_be_read_is_stored_each_time(scene: Scene) -> None:
    for _ in range(2):
        await scene.post("generic", b"not json")

    assert await outcomes(scene) == ["quarantined"] * 2


async def test_after_its_window_a_delivery_counts_again(scene: Scene) -> None:
    await scene.pagerduty(NAMELESS)
    await scene.connection.execute(
        "UPDATE deliveries SET expires_at = expires_at - interval '15 min'"
    )
    await scene.pagerduty(NAMELESS)
    await scene.pagerduty(NAMELESS)

    assert await outcomes(scene) == ["processed", "processed", "repeated"]


async def test_an_integration_has_a_window_of_its_own(scene: Scene) -> None:
    async with transaction(scene.engine) as tx:
        await intake.change_signing(
            tx,
            scene.sources["pagerduty_v2"].id,
            {"repeat_window_s": 0},
            ADMIN,
            system_clock(),
        )
    await scene.ingest.snapshot.load()
    for _ in range(2):
        await scene.pagerduty(NAMELESS)

    assert await scene.value("SELECT count(*) FROM alerts") == 2
    assert await scene.value("SELECT count(*) FROM deliveries") == 0


async def test_repetitions_in_one_batch_take_effect_once(scene: Scene) -> None:
    answers = await asyncio.gather(*(scene.pagerduty(NAMELESS) for _ in range(50)))

    assert len({answer.text for answer in answers}) == 1
    assert await scene.value("SELECT count(*) FROM alerts") == 1
    found = await outcomes(scene)
    assert sorted(map(str, found)) == ["processed"] + ["repeated"] * 49


@asynccontextmanager
async def another_process(scene: Scene) -> AsyncIterator[httpx2.AsyncClient]:
    """A second web process on the same database."""
    listener = Listener(scene.url, [Channel.CONFIG])
    ingest = Ingest(scene.url, system_clock)
    transport = httpx2.ASGITransport(ingest.in_front_of(behind))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(listener.running())
        await stack.enter_async_context(ingest.running(listener))
        yield await stack.enter_async_context(
            httpx2.AsyncClient(
                transport=transport, base_url="http://two.test", timeout=20
            )
        )


async def test_processes_that_get_the_same_delivery_at_once_agree(scene: Scene) -> None:
    body = {"routing_key": scene.sources["pagerduty_v2"].key, **NAMELESS}
    async with another_process(scene) as two:
        for n in range(10):
            each = {**body, "payload": {**NAMELESS["payload"], "summary": f"B{n}"}}  # type: ignore[dict-item]
            answers = await asyncio.gather(
                *(
                    client.post("/v2/enqueue", json=each)
                    for client in (scene.client, two) * 5
                )
            )
            assert len({answer.text for answer in answers}) == 1

    assert await scene.value("SELECT count(*) FROM alerts") == 10
    assert await scene.value("SELECT count(*) FROM incidents") == 10


async def test_what_senders_identify_themselves_writes_no_delivery(
    scene: Scene,
) -> None:
    await scene.pagerduty(NAMED)
    await scene.alertmanager({"status": "firing", "labels": {"alertname": "x"}})

    assert await scene.value("SELECT count(*) FROM deliveries") == 0


async def test_deliveries_are_forgotten_when_their_time_is_over(scene: Scene) -> None:
    await scene.pagerduty(NAMELESS)
    now: datetime = system_clock()
    connection = await asyncpg.connect(scene.url)

    await queries.forget(connection, now, 10)
    assert await scene.value("SELECT count(*) FROM deliveries") == 1
    await queries.forget(connection, now + timedelta(minutes=16), 10)
    assert await scene.value("SELECT count(*) FROM deliveries") == 0
    await connection.close()
