"""A real Alertmanager, with every kind of receiver that PageFree understands."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from pagefree.alerts.ingest import Ingest
from pagefree.infra.clock import system_clock
from tests.api.conftest import Api
from tests.api.desk import Desk, desk_of, proxy_to, serving
from tests.certificates import certificate
from tests.programs import START_S, Program, eventually, free_port

PATIENCE_S = 90.0


@pytest.fixture
async def desk(api: Api, ingest: Ingest) -> AsyncIterator[Desk]:
    """A running PageFree with an integration of each kind."""
    async with desk_of(api, ingest) as desk:
        yield desk


@pytest.fixture
async def proxy(api: Api, ingest: Ingest, tmp_path: Path) -> AsyncIterator[str]:
    """Leads to the same PageFree over TLS, whatever host is asked for."""
    file = tmp_path / "certificate.pem"
    file.write_bytes(certificate())
    app = ingest.in_front_of(api.app)
    async with serving(app, file) as url, proxy_to(url) as proxy:
        yield proxy


def receivers(desk: Desk, proxy: str) -> Mapping[str, Mapping[str, object]]:
    """Every kind of receiver that Alertmanager has and PageFree understands."""
    return {
        "webhook": {
            "webhook_configs": [
                {"url": f"{desk.url}/in/alertmanager/{desk.keys['alertmanager']}"}
            ]
        },
        "pagerduty": {
            "pagerduty_configs": [
                {
                    "url": f"{desk.url}/v2/enqueue",
                    "routing_key": desk.keys["pagerduty_v2"],
                }
            ]
        },
        # the address of the older API cannot be changed, only the way there
        "pagerduty_v1": {
            "pagerduty_configs": [
                {
                    "service_key": desk.keys["pagerduty_v1"],
                    "http_config": {
                        "proxy_url": proxy,
                        "tls_config": {"insecure_skip_verify": True},
                    },
                }
            ]
        },
        "opsgenie": {
            "opsgenie_configs": [
                {
                    "api_url": f"{desk.url}/",
                    "api_key": desk.keys["opsgenie"],
                    "update_alerts": True,
                }
            ]
        },
        # it speaks the same webhook, with the key as a bearer token
        "incident.io": {
            "incidentio_configs": [
                {
                    "url": f"{desk.url}/in/alertmanager",
                    "alert_source_token": desk.keys["incident.io"],
                }
            ]
        },
        "victorops": {
            "victorops_configs": [
                {
                    "api_url": f"{desk.url}/integrations/generic/20131114/alert/",
                    "api_key": desk.keys["victorops"],
                    "routing_key": "database",
                }
            ]
        },
    }


@asynccontextmanager
async def alertmanager_of(
    desk: Desk, proxy: str, binary: Path, folder: Path
) -> AsyncIterator[httpx2.AsyncClient]:
    """A real Alertmanager with all these receivers; each hears of every alert."""
    named = receivers(desk, proxy)
    settings = {
        "route": {
            "receiver": "webhook",
            "group_by": ["alertname"],
            "group_wait": "0s",
            "group_interval": "1s",
            "repeat_interval": "1h",
            "routes": [{"receiver": name, "continue": True} for name in named],
        },
        "receivers": [{"name": name, **of} for name, of in named.items()],
    }
    file, port = folder / "alertmanager.yml", free_port()
    file.write_text(json.dumps(settings))  # JSON is YAML
    program = Program(
        (
            binary,
            f"--config.file={file}",
            f"--storage.path={folder / 'storage'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
        ),
        folder,
        name="alertmanager",
        cwd=binary.parents[2],
    )
    program.start()
    try:
        address = f"http://127.0.0.1:{port}"
        async with httpx2.AsyncClient(base_url=address, timeout=PATIENCE_S) as client:

            async def ready() -> bool:
                assert program.runs, program.printed
                try:
                    return (await client.get("/-/ready")).is_success
                except httpx2.TransportError:
                    return False

            await eventually(ready, START_S)
            yield client
    finally:
        program.stop()


async def test_every_receiver_of_alertmanager_fires_and_resolves(
    desk: Desk, proxy: str, alertmanager: Path, tmp_path: Path
) -> None:
    statuses = (
        "SELECT i.name, a.status FROM alerts AS a"
        " JOIN integrations AS i ON i.id = a.integration_id ORDER BY 1"
    )
    names = sorted(desk.keys.keys() - {"prometheus"})

    def all_are(status: str) -> Callable[[], Awaitable[bool]]:
        async def look() -> bool:
            return await desk.rows(statuses) == [(name, status) for name in names]

        return look

    async with alertmanager_of(desk, proxy, alertmanager, tmp_path) as client:

        async def report(ends_at: datetime) -> None:
            alert = {
                "labels": {"alertname": "DiskFull", "severity": "critical"},
                "annotations": {"summary": "Disk is full"},
                "endsAt": ends_at.isoformat(),
            }
            answer = await client.post("/api/v2/alerts", json=[alert])
            assert answer.is_success, answer.text

        now = system_clock()  # Alertmanager's own
        await report(now + timedelta(hours=1))
        await eventually(all_are("open"), PATIENCE_S)
        await report(now)
        await eventually(all_are("resolved"), PATIENCE_S)

    refused = "SELECT error FROM inbound_requests WHERE outcome = 'quarantined'"
    assert await desk.rows(refused) == []


async def test_what_the_receiver_for_incident_io_posts_is_answered_as_it_expects(
    desk: Desk,
) -> None:
    """As version 0.29 and later post it, groups that were cut short included."""

    def message(status: str, *names: str) -> bytes:
        labels = {"alertname": "DiskFull", "severity": "critical"}
        ended = status == "resolved"
        alerts = [
            {
                "status": status,
                "labels": {**labels, "instance": name},
                "annotations": {"summary": f"Disk of {name} is full"},
                "startsAt": "2026-03-02T10:00:00.123456789Z",
                "endsAt": "2026-03-02T10:05:00Z" if ended else "0001-01-01T00:00:00Z",
                "generatorURL": "https://prometheus.example/graph",
                "fingerprint": name.encode().hex(),
            }
            for name in names
        ]
        body = {
            "receiver": "incidentio",
            "status": status,
            "alerts": alerts,
            "groupLabels": {"alertname": "DiskFull"},
            "commonLabels": labels,
            "commonAnnotations": {},
            "externalURL": "https://alertmanager.example",
            "version": "1",
            "groupKey": '{}:{alertname="DiskFull"}',
            "truncatedAlerts": 3,
        }
        return json.dumps(body).encode() + b"\n"  # as Go's encoder ends it

    headers = {
        "Authorization": f"Bearer {desk.keys['alertmanager']}",  # alert_source_token
        "Content-Type": "application/json",
        "User-Agent": "Alertmanager/0.31.0",
    }
    address = f"{desk.url}/in/alertmanager"
    async with httpx2.AsyncClient(headers=headers, timeout=60) as client:
        fired = await client.post(address, content=message("firing", "db-1", "db-2"))
        repeated = await client.post(address, content=message("firing", "db-1", "db-2"))
        ended = await client.post(address, content=message("resolved", "db-1", "db-2"))
        stranger = await client.post(
            address,
            content=message("firing", "x"),
            headers={"Authorization": "Bearer x"},
        )

    # it takes every 2xx for success, and tries again after 429 and 5xx
    found = [each.status_code for each in (fired, repeated, ended, stranger)]
    assert found == [202, 202, 202, 401]
    read = "SELECT title, status, occurrences FROM alerts ORDER BY title"
    assert await desk.rows(read) == [
        ("Disk of db-1 is full", "resolved", 2),
        ("Disk of db-2 is full", "resolved", 2),
    ]
    told = await desk.rows("SELECT status FROM incidents")
    assert told == [("resolved",)]
