"""10,000 notifications due at once through all channels; then again while one of them hangs."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bench.percentiles import percentile
from bench.processes import Child, free_port, running
from bench.providers import MAIL, Places, all_providers, settings_for
from bench.rig import LOOPBACK, PAGEFREE, WORKER_READY, Rig
from bench.scenario import Budget, Scenario, check
from bench.world import SECRET_KEY
from pagefree.accounts import contact_queries
from pagefree.accounts import service as accounts
from pagefree.accounts.contact_queries import NewContactMethod
from pagefree.accounts.contacts import secret_purpose
from pagefree.accounts.queries import NewUser
from pagefree.channels import all_channels
from pagefree.core.alerts import Severity
from pagefree.core.escalation import Policy, Step, Target, TargetKind
from pagefree.core.routing import Urgency
from pagefree.incidents.service import Opening, open_many
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Connection, Tx, create_engine, transaction
from pagefree.infra.ids import new_id
from pagefree.notifications import rule_queries
from pagefree.timeline.service import SYSTEM
from tests.fake_servers import Manner

NOTIFICATIONS = 10_000
HANGING = "slack"
AHEAD = timedelta(seconds=4)  # to have written all incidents by then
LOOK_S = 0.1
PATIENCE_S = 120.0  # on a machine that is busy with other things
GATE_MS = 10_000
DELAYED = 1.5  # times as long, at most, for the others while one hangs
STEP = timedelta(hours=1)

ATTEMPTED = """
SELECT n.channel, a.started_at, a.outcome
FROM attempts AS a JOIN notifications AS n ON n.id = a.notification_id
WHERE n.incident_id = ANY($1::uuid[])
"""
SENT = """
SELECT count(*) FROM notifications
WHERE incident_id = ANY($1::uuid[]) AND channel = ANY($2::text[])
    AND status IN ('accepted', 'delivered')
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """That one notification was handed over."""

    channel: str
    lag_s: float  # after it was due
    outcome: str


async def run(rig: Rig) -> dict[str, float]:
    """Every notification must arrive once, and as its provider wants it."""
    channels = set(all_channels())
    people = max(1, rig.size(NOTIFICATIONS) // len(channels))
    async with all_providers(people) as places:
        users = await _people(rig, places, people)
        async with _worker(rig, places) as worker, rig.database() as connection:
            cpu = worker.cpu_s()
            calm = await _page(rig, connection, users, channels)
            used = worker.cpu_s() - cpu
            await _check_arrived(places, people)
            await places[HANGING].remote.be(Manner.HANG)
            beside = await _page(rig, connection, users, channels - {HANGING})
            kept = (await places[HANGING].remote.seen()).accepted
            check(kept == people, f"{HANGING} took something while it hung")
    others = [one for one in calm if one.channel != HANGING]
    return {
        "attempted p50": percentile([one.lag_s for one in calm], 50),
        "all attempted": percentile([one.lag_s for one in calm], 100),
        "all but one that hangs": percentile([one.lag_s for one in beside], 100),
        "beside one that hangs": _last(beside) / _last(others),
        "worker CPU per notification": used / len(calm) * 1e6,
    }


def _last(attempts: Sequence[Attempt]) -> float:
    """When all but the slowest of a hundred were attempted."""
    return percentile([one.lag_s for one in attempts], 99)


async def _check_arrived(places: Places, people: int) -> None:
    for kind, place in places.items():
        seen = await place.remote.seen()
        check(seen.complaints == [], f"{kind}: {seen.complaints}")
        # whoever is on call in this installation may be mailed a quiet test meanwhile
        right = seen.accepted == people or (kind == MAIL and seen.accepted > people)
        check(right, f"{kind} took {seen.accepted} of {people}")


async def _people(rig: Rig, places: Places, count: int) -> list[UUID]:
    """People who are told everywhere at once."""
    engine = create_engine(rig.database_url)
    try:
        async with transaction(engine) as tx:
            return [await _person(tx, places, number) for number in range(count)]
    finally:
        await engine.dispose()


async def _person(tx: Tx, places: Places, number: int) -> UUID:
    now, vault = system_clock(), Vault(SECRET_KEY)
    email = str(places[MAIL].here.address(1000 + number)["email"])
    user = await accounts.create_user(tx, NewUser(email, f"Reached {number}"), now)
    await rule_queries.replace_rules(tx, user.id, [])
    methods = []
    for kind, place in places.items():
        if kind == MAIL:
            continue  # everybody has that from the start
        method_id, secret, address = (
            new_id(),
            place.here.secret,
            place.here.address(number),
        )
        sealed = (
            vault.seal(secret.encode(), secret_purpose(method_id)) if secret else None
        )
        new = NewContactMethod(method_id, user.id, kind, kind, address, sealed)
        methods.append(new)
    await contact_queries.insert_contact_methods(tx, methods, now)
    return user.id


@asynccontextmanager
async def _worker(rig: Rig, places: Places) -> AsyncIterator[Child]:
    """`pagefree worker` that knows the providers."""
    port = free_port()
    variables = {
        **settings_for(places),
        "PAGEFREE_DATABASE_URL": rig.database_url,
        "PAGEFREE_SECRET_KEY": SECRET_KEY,
        "PAGEFREE_PORT": str(port),
        "PAGEFREE_OUTBOUND_ALLOW": LOOPBACK,
        "PAGEFREE_LOG_LEVEL": "info",
    }
    command = (PAGEFREE, "worker")
    async with running(command, variables, port, WORKER_READY) as child:
        yield child


async def _page(
    rig: Rig, connection: Connection, users: Sequence[UUID], channels: Collection[str]
) -> list[Attempt]:
    """Page everybody at one instant; what was attempted through these channels."""
    due = system_clock() + AHEAD
    openings = [_opening(rig, user, n) for n, user in enumerate(users)]
    async with connection.transaction():
        await open_many(connection, openings, due)
    check(system_clock() < due, "planning took longer than expected")
    incidents = [opening.incident_id for opening in openings]
    expected = len(users) * len(channels)
    until = time.monotonic() + PATIENCE_S
    sent = 0
    while sent < expected and time.monotonic() < until:
        await asyncio.sleep(LOOK_S)
        sent = await connection.fetchval(SENT, incidents, list(channels))
    check(sent == expected, f"{sent} of {expected} were sent")
    rows = await connection.fetch(ATTEMPTED, incidents)
    attempts = [
        Attempt(channel, (at - due).total_seconds(), outcome)
        for channel, at, outcome in rows
        if channel in channels
    ]
    counted = Counter(one.channel for one in attempts if one.outcome == "accepted")
    wrong = {kind for kind in channels if counted[kind] != len(users)}
    check(not wrong, f"{wrong} were attempted more or less than once")
    check(len(attempts) == expected, f"{len(attempts)} attempts of {expected}")
    return attempts


def _opening(rig: Rig, user_id: UUID, number: int) -> Opening:
    step = Step(STEP, (Target(TargetKind.USER, user_id),))
    return Opening(
        incident_id=new_id(),
        service_id=rig.world.service_id,
        team_id=rig.world.team_id,
        policy=Policy(None, "Reach", (step,)),
        title=f"Disk is full on node {number}",
        severity=Severity.CRITICAL,
        priority="P1",
        urgency=Urgency.HIGH,
        group_key=None,
        alert_count=0,
        cause=SYSTEM,
    )


SCENARIO = Scenario(
    "reach",
    "10,000 notifications at once through all channels, and with one that hangs",
    (
        Budget("attempted p50", "ms"),
        Budget("all attempted", "ms", GATE_MS, at_least=False),
        Budget("all but one that hangs", "ms", GATE_MS, at_least=False),
        Budget("beside one that hangs", "x calm", DELAYED, at_least=False),
        Budget("worker CPU per notification", "us"),
    ),
    run,
)
