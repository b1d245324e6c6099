"""How the pager itself is: the figures of /metrics, and what else an operator looks at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pagefree.app import operation_queries as queries
from pagefree.app.figures import ATTEMPTS_OF, Measured
from pagefree.app.operation_queries import Process, Size
from pagefree.canary import queries as canary
from pagefree.core import operations as core
from pagefree.core.canary import Run
from pagefree.core.operations import Concern, Seen
from pagefree.infra.db import Tx, driver
from pagefree.invariants import queries as invariants
from pagefree.invariants.queries import Violation
from pagefree.notifications import provider_queries, readiness
from pagefree.notifications.provider_queries import ProviderHealth
from pagefree.notifications.readiness_queries import Found
from pagefree.retention import keeping
from pagefree.retention.keeping import Room

DAY = timedelta(days=1)
RUNS = 60  # of the canary: an hour
PROMISES = ("I-4", "I-5")  # those that the canary asks for every minute, too
MOST_BROKEN = 5


@dataclass(frozen=True, slots=True)
class Watched:
    """What this process was told of those who watch it."""

    canary: bool = True
    watchdog: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """What the figures do not tell."""

    runs: Sequence[Run]
    due: Mapping[str, int]
    processes: Sequence[Process]
    size: Size
    providers: Sequence[ProviderHealth]  # in the last five minutes
    unreadable: int
    findings: Sequence[Found]
    broken: Sequence[Violation]
    room: Room


async def look(tx: Tx, now: datetime) -> Looked:
    """Ask for it."""
    connection = await driver(tx)
    return Looked(
        runs=await canary.list_runs(tx, RUNS),
        due=await queries.count_due(tx, now),
        processes=await queries.list_processes(tx),
        size=await queries.size(tx),
        providers=await provider_queries.list_health(connection, now - ATTEMPTS_OF),
        unreadable=await queries.count_unreadable(tx, now - DAY),
        findings=await readiness.findings(tx),
        broken=[
            one
            for name in PROMISES
            for one in await invariants.list_violations(tx, name, MOST_BROKEN, now)
        ],
        room=await keeping.room(tx, now),
    )


def concerns(
    measured: Measured,
    looked: Looked,
    watched: Watched,
    disk_free: float | None,
    now: datetime,
) -> list[Concern]:
    """What is not as it should be, the gravest first."""
    run, server = measured.run, measured.server
    age = now - run.started_at - run.took if run else None
    seen = Seen(
        canary=core.Canary(watched.canary, age, run.why if run else None),
        overdue=measured.overdue,
        unread=measured.unread,
        unconfirmed=measured.unconfirmed,
        silent={kind: now - at for kind, at in measured.beats.items()},
        providers=[_provider(one) for one in looked.providers],
        database=core.Database(
            server.xid_age, server.replication_lag_s, measured.clock_offset_s, disk_free
        ),
        unreadable=looked.unreadable,
        silences=[one for one in measured.silences if one.unusual],
        certificates={
            host: core.Ending(
                timedelta(seconds=one.ends_s - now.timestamp()),
                timedelta(seconds=one.lifetime_s),
            )
            for host, one in measured.told.certificates.items()
        },
        broken=[one.says for one in looked.broken],
        # what hinders single people is shown, but does not make the pager ill
        notes=[looked.room.finding] if looked.room.finding else [],
    )
    return core.concerns(seen)


def _provider(one: ProviderHealth) -> core.Provider:
    name = f"{one.channel} ({one.provider})" if one.provider else one.channel
    return core.Provider(name, one.attempts, one.accepted, one.broken_reason)
