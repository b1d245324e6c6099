"""PagerDuty's own clients, the one of today and the one before, with another host."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pagerduty
import pdpyras
import pytest

from pagefree.alerts.ingest import Ingest
from tests.api.conftest import Api
from tests.api.desk import Desk, desk_of, serving
from tests.certificates import certificate

Session = Callable[[str], pagerduty.EventsApiV2Client]
Pointed = Callable[[pdpyras.PDSession], None]


@pytest.fixture
async def desk(api: Api, ingest: Ingest) -> AsyncIterator[Desk]:
    """A running PageFree with an integration of each kind."""
    async with desk_of(api, ingest) as desk:
        yield desk


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


@pytest.fixture
async def older(desk: Desk, ingest: Ingest, tmp_path: Path) -> AsyncIterator[Pointed]:
    """Points a session of pdpyras here."""
    file = tmp_path / "certificate.pem"
    file.write_bytes(certificate())

    async with serving(ingest.in_front_of(desk.api.app), file) as url:

        def pointed(session: pdpyras.PDSession) -> None:
            session.url, session.verify = url, str(file)
            session.trust_env = False  # a bundle named there would come first

        yield pointed


async def test_the_client_before_triggers_acknowledges_resolves_and_records_changes(
    desk: Desk, older: Pointed
) -> None:
    routing_key = desk.keys["pagerduty_v2"]

    def calls() -> list[str]:
        with pdpyras.EventsAPISession(routing_key) as events:
            older(events)
            key = events.trigger("Disk is full", "db-1", severity="warning")
            again = events.trigger("Disk is full", "db-1", dedup_key=key)
            keys = [key, again, events.acknowledge(key), events.resolve(key)]
        with pdpyras.ChangeEventsAPISession(routing_key) as changes:
            older(changes)
            changes.submit("Version 7 is live", "deploys")
        return keys

    keys = await asyncio.to_thread(calls)

    assert len(set(keys)) == 1
    assert keys[0]
    events = ["opened", "duplicate", "acknowledged", "resolved", "change"]
    assert await desk.events() == events


async def test_the_client_before_is_told_of_a_wrong_key(
    desk: Desk, older: Pointed
) -> None:
    def calls() -> None:
        with pdpyras.EventsAPISession("0" * 32) as events:
            older(events)
            events.trigger("Disk is full", "db-1")

    with pytest.raises(pdpyras.PDClientError, match="400"):
        await asyncio.to_thread(calls)

    assert await desk.events() == []
