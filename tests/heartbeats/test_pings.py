"""Addresses of pings, as clients of Healthchecks and Opsgenie use them."""

import asyncio
from contextlib import suppress
from uuid import uuid4

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.heartbeats import PingKind, State
from pagefree.heartbeats.addresses import Malformed, asked
from pagefree.heartbeats.front import Pings
from pagefree.infra.clock import system_clock
from pagefree.infra.db import transaction
from pagefree.services import service as services
from tests.heartbeats.conftest import ADMIN, Monitored
from tests.ingest.scene import BEHIND, behind


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
async def test_a_ping_is_answered_once_it_is_on_disk(
    monitored: Monitored, method: str
) -> None:
    answer = await monitored.client.request(method, monitored.path())

    assert answer.status_code == 200
    assert answer.text == ("" if method == "HEAD" else "OK")
    assert answer.headers["Ping-Body-Limit"] == "10000"
    assert (await monitored.stored()).state.state is State.UP
    (ping,) = await monitored.pings()
    assert (ping.method, ping.remote_address) == (method, "192.0.2.7")


@pytest.mark.parametrize(
    ("rest", "kind", "status", "state"),
    [
        ("/start", "start", None, State.NEW),
        ("/fail", "fail", None, State.DOWN),
        ("/log", "log", None, State.NEW),
        ("/0", "success", 0, State.UP),
        ("/1", "fail", 1, State.DOWN),
        ("/255", "fail", 255, State.DOWN),
        ("/", "success", None, State.UP),
    ],
)
async def test_an_address_says_how_it_went(
    monitored: Monitored, rest: str, kind: str, status: int | None, state: State
) -> None:
    answer = await monitored.client.post(monitored.path(rest), content=b"said")

    assert answer.text == "OK"
    (ping,) = await monitored.pings()
    assert (ping.kind, ping.exit_status, ping.body) == (kind, status, b"said")
    assert (await monitored.stored()).state.state is state


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ping/00000000-0000-4000-8000-000000000000", 404),
        ("/ping/x", 404),
        ("/ping/", 404),
        ("/ping/x/Slug", 404),
        ("/ping/{key}", 404),
        ("/ping/{key}/unknown", 404),
        ("/ping/{key}/nightly-backup/0/1", 404),
        ("/ping/{key}/nightly-backup/256", 400),
        ("/ping/{key}/nightly-backup/stop", 400),
        ("/ping/{key}/nightly-backup?rid=1", 400),
        ("/ping/pfi_wrong/nightly-backup", 404),
    ],
)
async def test_what_is_not_a_ping_is_refused(
    monitored: Monitored, path: str, status: int
) -> None:
    answer = await monitored.client.get(path.replace("{key}", monitored.key))

    assert answer.status_code == status
    assert await monitored.pings() == []


async def test_other_methods_are_not_allowed(monitored: Monitored) -> None:
    answer = await monitored.client.delete(monitored.path())

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, POST"


async def test_everything_else_is_passed_on(monitored: Monitored) -> None:
    assert (await monitored.client.get("/v1/me")).text == BEHIND


async def test_a_slug_with_the_ping_key(monitored: Monitored) -> None:
    answer = await monitored.client.get(f"/ping/{monitored.key}/nightly-backup/fail")

    assert answer.text == "OK"
    assert (await monitored.stored()).state.state is State.DOWN


async def test_two_of_one_slug_are_told_apart_by_nobody(monitored: Monitored) -> None:
    await monitored.one_more("Nightly backup")

    answer = await monitored.client.get(f"/ping/{monitored.key}/nightly-backup")

    assert (answer.status_code, answer.text) == (409, "ambiguous slug")


async def test_the_first_ping_may_make_it_and_only_once(monitored: Monitored) -> None:
    path = f"/ping/{monitored.key}/new-job?create=1"

    answers = await asyncio.gather(*(monitored.client.get(path) for _ in range(8)))
    later = await monitored.client.get(f"/ping/{monitored.key}/new-job")

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] * 7 + [201]
    assert later.text == "OK"


async def test_a_run_is_paired_by_its_id(monitored: Monitored) -> None:
    run = uuid4()
    await monitored.client.get(monitored.path(f"/start?rid={run}"))
    await monitored.client.get(monitored.path(f"?rid={run}"))

    end, start = await monitored.pings()
    assert end.run_id == start.run_id == run
    assert end.duration == end.at - start.at


async def test_only_the_beginning_of_a_body_is_kept(monitored: Monitored) -> None:
    body = b"\0\xff" + b"x" * 3_000_000
    answer = await monitored.client.post(monitored.path(), content=body)

    assert answer.text == "OK"
    (ping,) = await monitored.pings()
    assert ping.body == body[:10_000]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
async def test_opsgenies_clients_ping_by_name(
    monitored: Monitored, method: str
) -> None:
    headers = {"Authorization": f"GenieKey {monitored.key}"}
    for name in ("Nightly%20Backup", "nightly-backup"):
        path = f"/v2/heartbeats/{name}/ping"
        answer = await monitored.client.request(method, path, headers=headers)
        assert answer.status_code == 202
        assert answer.json()["result"] == "PONG - Heartbeat received"
    unknown = await monitored.client.get("/v2/heartbeats/x/ping", headers=headers)
    keyless = await monitored.client.get("/v2/heartbeats/x/ping")

    assert (await monitored.stored()).ping_count == 2
    assert unknown.status_code == 404
    assert keyless.status_code == 401


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("end", ["", "/"])
async def test_a_beat_of_grafana_oncall_is_for_the_heartbeat_of_the_same_name(
    monitored: Monitored, method: str, end: str
) -> None:
    now = system_clock()
    async with transaction(monitored.engine) as tx:
        _, key = await services.create_integration(
            tx, monitored.service_id, "alertmanager", "Nightly Backup", ADMIN, now
        )
    path = f"/integrations/v1/alertmanager/{key.routing_key}/heartbeat{end}"

    answer = await monitored.client.request(method, path)

    assert (answer.status_code, answer.text) == (200, "Ok.")
    assert (await monitored.stored()).ping_count == 1


async def test_a_ping_key_is_enough_where_there_is_one_heartbeat(
    monitored: Monitored,
) -> None:
    path = f"/integrations/v1/webhook/{monitored.key}/heartbeat/"

    one = await monitored.client.get(path)
    await monitored.one_more("Other")
    two = await monitored.client.get(path)

    assert (one.status_code, two.status_code) == (200, 409)
    assert (await monitored.stored()).ping_count == 1


@pytest.mark.parametrize("key", ["pfi_nobody", "%00"])
async def test_a_beat_that_no_heartbeat_waits_for_is_passed_on(
    monitored: Monitored, key: str
) -> None:
    path = f"/integrations/v1/webhook/{key}/heartbeat/"

    assert (await monitored.client.post(path, content=b"{}")).text == BEHIND


async def test_many_at_once_are_all_counted(monitored: Monitored) -> None:
    other = await monitored.one_more("Other")
    paths = [monitored.path(), f"/ping/{other.ping_id}"]

    answers = await asyncio.gather(
        *(monitored.client.get(paths[n % 2]) for n in range(600))
    )

    assert {answer.text for answer in answers} == {"OK"}
    assert (await monitored.stored()).ping_count == 300
    kept = await monitored.pings()
    assert [ping.number for ping in kept] == list(range(300, 200, -1))


async def test_without_a_database_the_sender_is_asked_to_come_again() -> None:
    pings = Pings("postgresql://nobody@127.0.0.1:9/none", system_clock)
    transport = httpx2.ASGITransport(pings.in_front_of(behind))
    async with (
        pings.running(),
        httpx2.AsyncClient(transport=transport, base_url="http://x.test") as client,
    ):
        answer = await client.get(f"/ping/{uuid4()}")

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


@given(st.text(st.characters(exclude_characters="?#"), max_size=60))
def test_any_path_is_a_ping_or_refused(rest: str) -> None:
    with suppress(Malformed):
        assert asked(f"/ping/{rest}", {}).kind in PingKind
