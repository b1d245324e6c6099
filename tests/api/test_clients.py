"""The clients that people have: PagerDuty's and Opsgenie's own, and a real Alertmanager."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import httpx2
import opsgenie_sdk
import pagerduty
import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat
from cryptography.x509.oid import NameOID
from opsgenie_sdk.exceptions import OpenApiException
from sqlalchemy import text

from pagefree.alerts.asgi import App
from pagefree.alerts.ingest import Ingest
from pagefree.cli.serving import listening_socket
from pagefree.core.access import Role
from pagefree.infra.clock import system_clock
from pagefree.infra.db import transaction
from tests.api.conftest import Api, Person
from tests.api.test_services import service
from tests.programs import START_S, Program, eventually, free_port

KINDS = (
    "pagerduty_v2",
    "opsgenie",
    "victorops",
    "alertmanager",
    "prometheus",
)
PATIENCE_S = 30.0
Call = Callable[..., Any]


class Quiet(uvicorn.Server):
    """Leaves the signals of the tests alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: App, certificate: Path | None = None) -> AsyncIterator[str]:
    """The address at which `app` is served over a real socket."""
    sock = listening_socket("127.0.0.1", 0)
    config = uvicorn.Config(
        app, lifespan="off", log_config=None, access_log=False, ssl_certfile=certificate
    )
    server = Quiet(config)
    task = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        scheme = "https" if certificate else "http"
        yield f"{scheme}://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@dataclass(slots=True)
class Desk:
    """A running PageFree with an integration of each kind."""

    url: str
    api: Api
    lead: Person
    keys: Mapping[str, str]

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        """What is in the database."""
        async with transaction(self.api.engine) as tx:
            return [tuple(row) for row in await tx.execute(text(query))]

    async def events(self) -> list[object]:
        """What became of all events, in the order of the requests."""
        query = "SELECT unnest(event_outcomes) FROM inbound_requests ORDER BY id"
        return [outcome for (outcome,) in await self.rows(query)]


@pytest.fixture
async def desk(api: Api, ingest: Ingest) -> AsyncIterator[Desk]:
    """A running PageFree with an integration of each kind, each on a service of its own."""
    team = await api.team("Web")
    lead = await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})
    keys = {}
    for kind in KINDS:
        on = await service(lead, f"Service {kind}")
        path = f"/v1/services/{on['id']}/integrations"
        made = await lead.client.post(path, json={"kind": kind, "name": kind})
        keys[kind] = made.json()["routing_key"]
    async with serving(ingest.in_front_of(api.app)) as url:
        yield Desk(url, api, lead, keys)


# -- PagerDuty ---------------------------------------------------------------------

Session = Callable[[str], pagerduty.EventsApiV2Client]


def certificate() -> bytes:
    """A certificate of this machine and its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "PageFree")])
    address = x509.IPAddress(IPv4Address("127.0.0.1"))
    now = system_clock()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, SHA256())
    )
    private = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(Encoding.PEM) + private


@pytest.fixture
async def session(desk: Desk, ingest: Ingest, tmp_path: Path) -> AsyncIterator[Session]:
    """PagerDuty's client, which speaks to nobody without TLS, with some routing key."""
    file = tmp_path / "certificate.pem"
    file.write_bytes(certificate())
    trusted = ssl.create_default_context(cafile=file)
    async with serving(ingest.in_front_of(desk.api.app), file) as url:
        yield lambda key: pagerduty.EventsApiV2Client(key, base_url=url, verify=trusted)


async def test_pagerdutys_client_triggers_acknowledges_and_resolves(
    desk: Desk, session: Session
) -> None:
    def calls() -> list[str]:
        with session(desk.keys["pagerduty_v2"]) as client:
            key = client.trigger(
                "Disk is full", "db-1", severity="warning", custom_details={"use": 95}
            )
            again = client.trigger("Disk is full", "db-1", dedup_key=key)
            return [key, again, client.acknowledge(key), client.resolve(key)]

    keys = await asyncio.to_thread(calls)

    assert len(set(keys)) == 1
    assert keys[0]
    assert await desk.events() == ["opened", "duplicate", "acknowledged", "resolved"]


async def test_pagerdutys_client_records_a_change(desk: Desk, session: Session) -> None:
    def calls() -> None:
        with session(desk.keys["pagerduty_v2"]) as client:
            client.send_change_event({"summary": "Version 7 is live"})

    await asyncio.to_thread(calls)

    assert await desk.rows("SELECT summary FROM changes") == [("Version 7 is live",)]


async def test_pagerdutys_client_is_told_of_a_wrong_key(
    desk: Desk, session: Session
) -> None:
    def calls() -> None:
        with session("0" * 32) as client:
            client.trigger("Disk is full", "db-1")

    with pytest.raises(pagerduty.Error, match="400"):
        await asyncio.to_thread(calls)

    assert await desk.events() == []


# -- Opsgenie ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Genie:
    """Opsgenie's own client, whose calls block."""

    alerts: opsgenie_sdk.AlertApi

    async def do(self, name: str, *args: object, **more: object) -> Any:
        """Call a method of the client."""
        call: Call = getattr(self.alerts, name)
        return await asyncio.to_thread(call, *args, **more)

    async def create(self, **fields: object) -> str:
        """Create an alert; returns the id of the request."""
        payload = opsgenie_sdk.CreateAlertPayload(**fields)
        answer = await self.do("create_alert", create_alert_payload=payload)
        assert answer.result == "Request will be processed"
        return str(answer.request_id)


@pytest.fixture
def genie(desk: Desk) -> Genie:
    """Opsgenie's client with the integration's key."""
    settings = opsgenie_sdk.Configuration()
    settings.host = desk.url
    settings.api_key = {"Authorization": desk.keys["opsgenie"]}
    settings.api_key_prefix = {"Authorization": "GenieKey"}
    settings.retry_count = 1
    return Genie(opsgenie_sdk.AlertApi(opsgenie_sdk.ApiClient(settings)))


async def test_opsgenies_client_creates_counts_and_closes(
    desk: Desk, genie: Genie
) -> None:
    first = await genie.create(message="Disk is full", alias="disk/db 1", priority="P2")
    again = await genie.create(message="Disk is full", alias="disk/db 1", priority="P2")
    done = (await genie.do("get_request_status", first)).data
    counted = (await genie.do("get_request_status", again)).data

    assert (done.is_success, done.action, done.status, done.alias) == (
        True,
        "Create",
        "Created alert",
        "disk/db 1",
    )
    assert counted.status == "Alert count is increased"
    by_id = (await genie.do("get_alert", identifier=done.alert_id)).data
    assert (by_id.message, by_id.count, by_id.priority) == ("Disk is full", 2, "P2")
    assert by_id.status == "open"

    close = opsgenie_sdk.CloseAlertPayload(user="ana")
    await genie.do("close_alert", identifier=done.alert_id, close_alert_payload=close)
    closed = await genie.do(
        "get_alert", identifier="disk/db 1", identifier_type="alias"
    )
    assert closed.data.status == "closed"
    assert await desk.events() == ["opened", "duplicate", "resolved"]


async def test_opsgenies_client_acknowledges_notes_snoozes_and_lets_go(
    desk: Desk, genie: Genie
) -> None:
    of = {"identifier": "disk", "identifier_type": "alias"}
    await genie.create(message="Disk is full", alias="disk")

    await genie.do("acknowledge_alert", **of)
    assert (await genie.do("get_alert", **of)).data.acknowledged
    note = opsgenie_sdk.AddNoteToAlertPayload(note="it is the logs", user="ana")
    await genie.do("add_note", add_note_to_alert_payload=note, **of)
    await genie.do("un_acknowledge_alert", **of)
    assert not (await genie.do("get_alert", **of)).data.acknowledged
    until = desk.api.clock() + timedelta(hours=2)
    snooze = opsgenie_sdk.SnoozeAlertPayload(end_time=until)
    await genie.do("snooze_alert", snooze_alert_payload=snooze, **of)
    assert (await genie.do("get_alert", **of)).data.snoozed

    kinds = (
        "SELECT kind, data ->> 'text' FROM events WHERE seq IS NOT NULL ORDER BY seq"
    )
    assert await desk.rows(kinds) == [
        ("incident.triggered", None),
        ("incident.acknowledged", None),
        ("incident.note", "ana: it is the logs"),
        ("incident.unacknowledged", None),
        ("incident.snoozed", None),
    ]


async def test_what_has_no_effect_here_is_accepted_and_in_the_log(
    desk: Desk, genie: Genie
) -> None:
    of = {"identifier": "disk", "identifier_type": "alias"}
    await genie.create(message="Disk is full", alias="disk")

    tags = opsgenie_sdk.AddTagsToAlertPayload(tags=["x"])
    await genie.do("add_tags", add_tags_to_alert_payload=tags, **of)
    message = opsgenie_sdk.UpdateAlertMessagePayload(message="Disk is fuller")
    await genie.do("update_alert_message", update_alert_message_payload=message, **of)
    await genie.do("delete_alert", **of)

    rows = await desk.rows("SELECT outcome FROM inbound_requests ORDER BY id")
    assert [outcome for (outcome,) in rows] == [
        "processed",
        "ignored",
        "ignored",
        "processed",
    ]
    assert await desk.events() == ["opened", "resolved"]


async def test_opsgenies_client_is_told_of_what_is_wrong(genie: Genie) -> None:
    unknown = await genie.do(
        "close_alert", identifier="never-fired", identifier_type="alias"
    )
    status = (await genie.do("get_request_status", unknown.request_id)).data
    assert (status.is_success, status.status) == (False, "Alert does not exist")

    with pytest.raises(OpenApiException) as missing:
        await genie.do("get_alert", identifier="never-fired")
    assert missing.value.status == 404
    with pytest.raises(OpenApiException) as malformed:
        await genie.create(message=" ", alias="x")
    assert malformed.value.status == 422
    genie.alerts.api_client.configuration.api_key = {"Authorization": "wrong"}
    for name, more in (("list_alerts", {}), ("close_alert", {"identifier": "x"})):
        with pytest.raises(OpenApiException) as stranger:
            await genie.do(name, **more)
        assert stranger.value.status == 401
        assert json.loads(stranger.value.body)["message"] == "Could not authenticate"


async def test_opsgenies_schedules_say_who_is_on_call(desk: Desk) -> None:
    me = (await desk.lead.client.get("/v1/me")).json()
    layer = {
        "start_at": "2026-03-01T09:00:00Z",
        "unit": "week",
        "lengths": [1],
        "user_ids": [me["id"]],
    }
    schedule = {
        "name": "First line",
        "team_id": me["memberships"][0]["team"]["id"],
        "time_zone": "UTC",
        "layers": [layer],
    }
    made = await desk.lead.client.post("/v1/schedules", json=schedule)
    assert made.status_code == 201, made.text
    headers = {"Authorization": f"GenieKey {desk.keys['opsgenie']}"}
    async with httpx2.AsyncClient(base_url=desk.url, headers=headers) as client:
        path = "/v2/schedules/First%20line/on-calls"
        query = {"scheduleIdentifierType": "name"}
        long = (await client.get(path, params=query)).json()["data"]
        flat = (await client.get(path, params={**query, "flat": "true"})).json()["data"]
        nobody = await client.get("/v2/schedules/x/on-calls")

    assert [p["name"] for p in long["onCallParticipants"]] == ["Ana"]
    assert flat["onCallRecipients"] == ["Ana"]
    assert (nobody.status_code, set(nobody.json())) == (
        404,
        {"message", "took", "requestId"},
    )


# -- Alertmanager ------------------------------------------------------------------


def receivers(desk: Desk) -> Mapping[str, Mapping[str, object]]:
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
        "opsgenie": {
            "opsgenie_configs": [
                {
                    "api_url": f"{desk.url}/",
                    "api_key": desk.keys["opsgenie"],
                    "update_alerts": True,
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
    desk: Desk, binary: Path, folder: Path
) -> AsyncIterator[httpx2.AsyncClient]:
    """A real Alertmanager with all these receivers; each hears of every alert."""
    named = receivers(desk)
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
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:

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
    desk: Desk, alertmanager: Path, tmp_path: Path
) -> None:
    statuses = (
        "SELECT i.kind, a.status FROM alerts AS a"
        " JOIN integrations AS i ON i.id = a.integration_id ORDER BY 1"
    )
    kinds = ["alertmanager", "opsgenie", "pagerduty_v2", "victorops"]

    def all_are(status: str) -> Callable[[], Awaitable[bool]]:
        async def look() -> bool:
            return await desk.rows(statuses) == [(kind, status) for kind in kinds]

        return look

    async with alertmanager_of(desk, alertmanager, tmp_path) as client:

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
