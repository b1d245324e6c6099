"""What machines are told of how PageFree is, the canary's flights among it."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, text

from pagefree.app import queries as processes
from pagefree.app.figures import Figures
from pagefree.app.told import HEARD_OF
from pagefree.canary import queries
from pagefree.core.access import Role
from pagefree.core.canary import Run
from pagefree.infra.db import transaction
from pagefree.infra.ids import first_id_of
from pagefree.tables.alerts import inbound_requests
from tests.api.conftest import START, Api
from tests.api.test_services import service

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


async def flown(api: Api, why: str | None = None) -> None:
    async with transaction(api.engine) as tx:
        await queries.insert_run(tx, Run(api.clock(), 2 * SECOND, why))


@pytest.mark.parametrize(
    ("why", "later_s", "status", "said"),
    [
        (None, 60, 200, "ok"),
        (None, 180, 200, "ok"),
        (None, 181, 503, "silent"),
        ("due work waits", 60, 503, "failed"),
    ],
    ids=["fresh", "just-fresh", "silent", "failed"],
)
async def test_whoever_watches_is_told_whether_the_canary_came_back_lately(
    api: Api, why: str | None, later_s: int, status: int, said: str
) -> None:
    await flown(api, why)
    api.clock.advance(later_s * SECOND)

    answer = await (await api.browser()).get("/canaryz")

    assert answer.status_code == status
    assert answer.json() == {"status": said, "age_seconds": later_s, "seconds": 2.0}


async def test_before_its_first_flight_nobody_is_told_that_all_is_well(
    api: Api,
) -> None:
    answer = await (await api.browser()).get("/canaryz")

    assert answer.status_code == 503
    assert answer.json()["status"] == "silent"


async def test_figures_are_measured_at_most_every_five_seconds(api: Api) -> None:
    client = await api.browser()
    await flown(api)
    api.clock.now = START + 10 * SECOND
    first = (await client.get("/metrics")).text
    assert "pagefree_canary_ok 1.0" in first
    assert "pagefree_canary_age_seconds 8.0" in first
    assert 'pagefree_overdue_seconds{what="alerts"} 0.0' in first
    for name in ("database_transaction_age", "clock_offset_seconds", "database_up"):
        assert f"pagefree_{name} " in first

    await flown(api, "it failed")
    assert "pagefree_canary_ok 1.0" in (await client.get("/metrics")).text
    api.clock.advance(5 * SECOND)
    assert "pagefree_canary_ok 0.0" in (await client.get("/metrics")).text


async def test_a_measure_that_fails_is_not_tried_again_at_once(api: Api) -> None:
    client = await api.browser()
    before = (await client.get("/metrics")).text
    api.clock.advance(10 * SECOND)
    async with api.engine.connect() as locking:
        await locking.execute(text("LOCK canary_runs IN ACCESS EXCLUSIVE MODE"))
        failed = (await client.get("/metrics")).text
    again = (await client.get("/metrics")).text  # it would work by now
    api.clock.advance(5 * SECOND)
    later = (await client.get("/metrics")).text

    up = [
        f"pagefree_database_up {n}" in told
        for told, n in (
            (before, "1.0"),
            (failed, "0.0"),
            (again, "0.0"),
            (later, "1.0"),
        )
    ]
    assert up == [True] * 4


async def test_what_workers_have_counted_is_told_by_any_web_process(api: Api) -> None:
    told = {
        "job_failures": {"escalation.sweep": 3},
        "leases_lost": {"notifications": 2},
        "certificates": {
            "smtp.example": {"ends_s": 2e9, "lifetime_s": 5e6, "seen_s": 2.0}
        },
    }
    older = {"ends_s": 1e9, "lifetime_s": 5e6, "seen_s": 1.0}
    async with transaction(api.engine) as tx:
        await processes.beat(tx, "worker:a:7", "worker", told, START)
        kept = {"certificates": {"smtp.example": older}}
        await processes.beat(tx, "web:a:8", "web", kept, START)
        strange = {"job_failures": ["of another release"]}
        await processes.beat(tx, "worker:b:9", "worker", strange, START)
    api.clock.advance(10 * SECOND)

    seen = (await (await api.browser()).get("/metrics")).text

    for line in (
        'pagefree_process_job_failures{job="escalation.sweep",node="a:7"} 3.0',
        'pagefree_process_leases_lost{lane="notifications",node="a:7"} 2.0',
        'pagefree_certificate_ends_seconds{host="smtp.example"} 2e+09',
        'pagefree_certificate_lifetime_seconds{host="smtp.example"} 5e+06',
    ):
        assert line in seen
    api.clock.advance(HEARD_OF)
    later = (await (await api.browser()).get("/metrics")).text
    assert "a:7" not in later


async def test_an_integration_that_used_to_send_is_told_of_when_it_is_silent(
    api: Api,
) -> None:
    team = await api.team("Web")
    lead = await api.user("Ana", platform_admin=True, teams={team.id: Role.TEAM_ADMIN})
    path = f"/v1/services/{(await service(lead))['id']}/integrations"
    busy, seldom = [
        (await lead.client.post(path, json={"kind": "generic", "name": name})).json()
        for name in ("Busy", "Seldom")
    ]
    heard = [START - 20 * HOUR - n * 6 * HOUR for n in range(40)]
    async with transaction(api.engine) as tx:
        for source, hours in (
            (busy, heard),
            (seldom, [at - SECOND for at in heard[:3]]),
        ):
            await tx.execute(insert(inbound_requests), requests(source["id"], hours))
    api.app.state.figures = Figures(api.engine)  # has not looked before

    seen = (await lead.client.get("/metrics")).text
    found = (await lead.client.get("/v1/operations")).json()

    labels = f'{{integration="{busy["id"]}",name="{busy["name"]}"}}'
    assert f"pagefree_integration_silence_seconds{labels} 72000.0" in seen
    assert f"pagefree_integration_usual_silence_seconds{labels} 18000.0" in seen
    assert seldom["id"] not in seen
    silent = [c for c in found["concerns"] if c["alarm"] == "PageFreeIntegrationSilent"]
    assert [one["says"] for one in silent] == [
        f"{busy['name']} has sent nothing for 20 h, before never for more than 5 h"
    ]


def requests(integration_id: str, hours: list[datetime]) -> list[dict[str, object]]:
    return [
        {
            "id": first_id_of(at),
            "integration_id": UUID(integration_id),
            "received_at": at,
            "content_type": "",
            "user_agent": "",
            "body": b"",
            "outcome": "processed",
            "event_outcomes": [],
            "alert_ids": [],
        }
        for at in hours
    ]
