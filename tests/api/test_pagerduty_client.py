"""PagerDuty's own client, with nothing changed but the host."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pagerduty
import pytest

from pagefree.alerts.ingest import Ingest
from tests.api.conftest import Api
from tests.api.desk import Desk, desk_of, serving
from tests.certificates import certificate

Session = Callable[[str], pagerduty.EventsApiV2Client]


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
