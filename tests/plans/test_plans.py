"""No statement that somebody waits for looks through a whole big table.

On a database with the statistics of a month: each function is called as the product calls it,
and PostgreSQL tells how it went about it, with plans made for the values and with plans for any.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from bench.crowd import Crowd, fill
from bench.world import World, build
from pagefree.alerts import batch_queries, due_queries, health_queries
from pagefree.alerts import queries as alerts
from pagefree.core.alerts import Severity
from pagefree.core.insights import Window
from pagefree.escalation import queries as escalation
from pagefree.incidents import batch_queries as joining
from pagefree.incidents import queries as incidents
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Tx, create_engine, driver, transaction
from pagefree.infra.postgres import DATABASE
from pagefree.insights import queries as insights
from pagefree.insights import statements
from pagefree.notifications import delivery_queries as delivery
from pagefree.notifications import queries as notifications
from pagefree.retention import partition_queries as partitions
from pagefree.schedules import service as schedules
from pagefree.services import directory_queries as directory
from pagefree.services import queries as services
from pagefree.timeline import queries as timeline
from tests.plans.explained import Plans

CROWD = Crowd(requests=120_000, incidents=20_000, open_every=200)
BIG = frozenset(
    {
        *("alerts", "incidents", "events", "notifications", "attempts"),
        *("incident_facts", "escalations"),
    }
)
LIMIT = 50
QUIET = "SELECT id FROM integrations WHERE id <> $1 LIMIT 1"
NOW = system_clock()
LATER = NOW + timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Filled:
    """The database, and what the statements ask for."""

    url: str
    world: World
    integration_id: UUID
    incident_id: UUID
    request_id: UUID
    user_id: UUID
    alert_id: UUID
    quiet_id: UUID  # an integration that has sent nothing
    partitions: frozenset[str]


@pytest.fixture(scope="module")
async def filled(postgres: str, template: str) -> AsyncIterator[Filled]:
    """A month of work; it takes some seconds to put there."""
    admin = await asyncpg.connect(postgres)
    await admin.execute(f"CREATE DATABASE plans TEMPLATE {template}")
    url = postgres.replace(f"/{DATABASE}?", "/plans?", 1)
    engine = create_engine(url)
    async with transaction(engine) as tx:
        world = await build(tx, "http://127.0.0.1:9/")
    await engine.dispose()
    connection = await asyncpg.connect(url)
    await fill(connection, world, CROWD, NOW)
    middle = "SELECT id FROM incidents ORDER BY id OFFSET 10000 LIMIT 1"
    incident_id = await connection.fetchval(middle)
    alert = await connection.fetchrow(
        "SELECT id, integration_id FROM alerts WHERE incident_id = $1 LIMIT 1",
        incident_id,
    )
    request = "SELECT id FROM inbound_requests ORDER BY id OFFSET 60000 LIMIT 1"
    there = await partitions.list_partitions(connection)
    yield Filled(
        url,
        world,
        alert["integration_id"],
        incident_id,
        await connection.fetchval(request),
        await connection.fetchval("SELECT user_id FROM notifications LIMIT 1"),
        alert["id"],
        await connection.fetchval(QUIET, alert["integration_id"]),
        frozenset({*(one.name for one in there), partitions.DEFAULT}),
    )
    await connection.close()
    await admin.execute("DROP DATABASE plans WITH (FORCE)")
    await admin.close()


Ask = Callable[[Tx, Filled], Awaitable[object]]


def _incidents(**wanted: Any) -> Ask:
    found = incidents.Filter(**wanted)
    return lambda tx, _: incidents.list_incidents(tx, found, None, LIMIT)


def _alerts(**wanted: Any) -> Ask:
    found = alerts.Filter(**wanted)
    return lambda tx, _: alerts.list_alerts(tx, found, None, LIMIT)


async def _keys(tx: Tx, filled: Filled) -> object:
    keys = [(filled.integration_id, f"disk/{n}/1") for n in range(100, 400)]
    return await batch_queries.lock_open(await driver(tx), sorted(keys))


async def _groups(tx: Tx, filled: Filled) -> object:
    wanted = [(filled.world.service_id, f"group {n}") for n in range(10, 300)]
    return await joining.lock_open_by_group(await driver(tx), wanted)


async def _escalations(tx: Tx, _: Filled) -> object:
    return await escalation.claim_due(await driver(tx), LATER, 100, LATER, 100)


async def _sending(tx: Tx, _: Filled) -> object:
    return await delivery.claim(await driver(tx), {"webhook": 50}, LATER, NOW)


async def _due_alerts(tx: Tx, _: Filled) -> object:
    return await due_queries.claim(await driver(tx), 100, LATER)


async def _counts(tx: Tx, _: Filled) -> object:
    wanted = {"open": incidents.Filter(statuses=incidents.OPEN)}
    day_ago = NOW - timedelta(days=1)
    return await incidents.count(tx, wanted, incidents.Filter(), day_ago)


async def _services(tx: Tx, _: Filled) -> object:
    return await directory.list_services(tx, services.Filter(), None, LIMIT)


def _insight(statement: str) -> Ask:
    """Of one day of the month."""

    async def ask(tx: Tx, _: Filled) -> object:
        window = Window(NOW - timedelta(days=3), NOW - timedelta(days=2))
        asked = insights.Question(window)
        return await insights.rows(await driver(tx), statement, asked, NOW)

    return ask


STATEMENTS: dict[str, tuple[Ask, int]] = {  # and the most rows that may be looked at
    "ingest: open alerts by key": (_keys, 1_000),
    "ingest: open incidents by group": (_groups, 1_000),
    "sweep of escalations": (_escalations, 1_000),
    "next escalation": (
        lambda tx, _: _on(tx, escalation.next_due_at),
        1_000,
    ),
    "sender": (_sending, 1_000),
    "alerts that are due": (_due_alerts, 1_000),
    "open incidents": (_incidents(statuses=incidents.OPEN), 1_000),
    "triggered incidents": (
        _incidents(statuses=frozenset({"triggered"})),
        1_000,
    ),
    "all incidents, by words": (_incidents(words=("node", "7")), 2_000),
    "incidents of a service": (
        lambda tx, f: incidents.list_incidents(
            tx, incidents.Filter(service_id=f.world.service_id), f.incident_id, LIMIT
        ),
        1_000,
    ),
    "incidents of a team": (
        lambda tx, f: incidents.list_incidents(
            tx, incidents.Filter(team_id=f.world.team_id), f.incident_id, LIMIT
        ),
        1_000,
    ),
    "my incidents": (
        lambda tx, f: incidents.list_incidents(
            tx, incidents.Filter(mine=f.user_id), None, LIMIT
        ),
        5_000,
    ),
    "an incident by its number": (lambda tx, _: incidents.get_id(tx, 777), 10),
    "how many incidents there are": (_counts, 5_000),
    "timeline of an incident": (
        lambda tx, f: timeline.list_of_incident(tx, f.incident_id, None, LIMIT),
        100,
    ),
    "notifications of an incident": (
        lambda tx, f: notifications.list_of_incident(tx, f.incident_id),
        1_000,
    ),
    "open alerts": (_alerts(status="open"), 1_000),
    "resolved alerts": (_alerts(status="resolved"), 1_000),
    "alerts by severity": (_alerts(severity=Severity.CRITICAL), 1_000),
    "alerts by words": (_alerts(query="node"), 1_000),
    "alerts of a service": (
        lambda tx, f: alerts.list_alerts(
            tx, alerts.Filter(service_id=f.world.service_id), f.alert_id, LIMIT
        ),
        1_000,
    ),
    "alerts of an incident": (
        lambda tx, f: alerts.list_alerts(
            tx, alerts.Filter(incident_id=f.incident_id), None, LIMIT
        ),
        1_000,
    ),
    "an alert with its last request": (
        lambda tx, f: alerts.get_alert(tx, f.alert_id),
        100,
    ),
    "who is on call": (lambda tx, _: schedules.board(tx, NOW), 1_000),
    "integrations": (
        lambda tx, _: services.list_integrations(tx, None, None, LIMIT, NOW),
        5_000,
    ),
    "requests of an integration": (
        lambda tx, f: alerts.list_requests(tx, f.integration_id, None, None, LIMIT),
        5_000,
    ),
    "requests of an integration, further down": (
        lambda tx, f: alerts.list_requests(
            tx, f.integration_id, None, f.request_id, LIMIT
        ),
        5_000,
    ),
    "one request": (lambda tx, f: alerts.get_request(tx, f.request_id), 10),
    "unreadable requests": (
        lambda tx, _: health_queries.list_unread(tx, None, LIMIT),
        1_000,
    ),
    "requests of an integration that sends nothing": (
        lambda tx, f: alerts.list_requests(tx, f.quiet_id, None, None, LIMIT),
        100,
    ),
    "the last request of an integration that sends nothing": (
        lambda tx, f: health_queries.last_received_at(tx, f.quiet_id),
        100,
    ),
    "services": (_services, 5_000),
    "requests of the last hour": (
        lambda tx, f: health_queries.list_hour_counts(
            tx, f.integration_id, NOW - timedelta(hours=1)
        ),
        5_000,
    ),
    "the last request": (
        lambda tx, f: health_queries.last_received_at(tx, f.integration_id),
        1_000,
    ),
    "insights: summary": (_insight(statements.SUMMARY), 10_000),
    "insights: teams": (_insight(statements.TEAMS), 10_000),
    "insights: folding": (_insight(statements.FOLDING), 10_000),
}


async def _on(tx: Tx, ask: Callable[[Any], Awaitable[object]]) -> object:
    return await ask(await driver(tx))


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("name", STATEMENTS)
async def test_no_big_table_is_looked_through(
    name: str, mode: str, filled: Filled
) -> None:
    ask, most = STATEMENTS[name]
    plans = await _explained(filled, ask, mode)

    assert plans.scanned_whole(BIG | filled.partitions) == []
    assert plans.most_rows() <= most


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("one request", 1),
        ("an alert with its last request", 1),
        ("requests of the last hour", 2),
    ],
)
async def test_only_the_days_that_are_asked_for_are_looked_into(
    name: str, days: int, filled: Filled
) -> None:
    ask, _ = STATEMENTS[name]
    plans = await _explained(filled, ask, "force_generic_plan")

    looked_into = plans.partitions() - {partitions.DEFAULT}
    assert len(looked_into) <= days + 7  # days to come are empty


async def _explained(filled: Filled, ask: Ask, mode: str) -> Plans:
    engine = create_engine(filled.url, pool_size=1)
    plans = Plans()
    async with engine.connect() as tx:
        await tx.execute(text(f"SET plan_cache_mode = {mode}"))
        await plans.hear(await driver(tx))
        await ask(tx, filled)
        await tx.rollback()
    await engine.dispose()
    assert plans.trees
    return plans
