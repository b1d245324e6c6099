"""The page from which an operator knows that the pager is healthy."""

from datetime import datetime
from statistics import quantiles
from typing import Self
from uuid import UUID

from fastapi import APIRouter, Request

import pagefree
from pagefree.app import operations
from pagefree.app.figures import Figures, Measured
from pagefree.app.operations import Looked, Watched
from pagefree.core import operations as core
from pagefree.core.access import Can, require
from pagefree.core.canary import Run
from pagefree.infra.web import CurrentActor, Now, RequestTx, Shape

router = APIRouter(prefix="/v1/operations", tags=["operations"])


class OperationsConcern(Shape):
    """Something that an operator should look at; `alarm` is empty where there is none."""

    alarm: str
    says: str
    todo: str


class CanaryRun(Shape):
    """One flight of the canary; `why` it failed, or null."""

    started_at: datetime
    seconds: float
    why: str | None


class OperationsCanary(Shape):
    """How the canary flew in the last hour, the latest flight first."""

    on: bool
    watchdog: bool
    p95_seconds: float | None
    runs: list[CanaryRun]


class WaitingWork(Shape):
    """How much of one kind of work is due, and how late the most overdue is."""

    what: str
    due_count: int | None
    late_s: float
    most_s: float


class OperationsProcess(Shape):
    """One process that was heard of in the last day; `version` is empty if it is old."""

    kind: str
    host: str
    version: str
    started_at: datetime
    beat_at: datetime
    silent: bool


class OperationsDatabase(Shape):
    """How PostgreSQL is, and the disk with the data directory (null: not known)."""

    version: str
    bytes: int
    replica_count: int
    replication_lag_s: float
    transaction_age: int
    clock_offset_s: float
    disk_free: float | None


class OperationsProvider(Shape):
    """What became of the calls to one provider in the last five minutes."""

    channel: str
    provider: str
    attempts: int
    accepted: int
    rests_until: datetime | None
    broken_reason: str | None


class OperationsFinding(Shape):
    """What hinders people from being reached."""

    id: UUID
    kind: str
    user_id: UUID | None
    channel: str | None
    detail: str
    found_at: datetime


class BrokenPromise(Shape):
    """What breaks a promise of PageFree right now."""

    promise: str
    says: str


class OperationsRoom(Shape):
    """Whether raw requests have a partition to go to."""

    partition_count: int
    days_ahead: int
    unplaced_count: int
    finding: str | None


class Operations(Shape):
    """How the pager itself is: a verdict, and all it is made of."""

    measured_at: datetime
    healthy: bool
    verdict: str
    concerns: list[OperationsConcern]
    version: str
    canary: OperationsCanary
    work: list[WaitingWork]
    processes: list[OperationsProcess]
    database: OperationsDatabase
    providers: list[OperationsProvider]
    unreadable_count: int
    findings: list[OperationsFinding]
    broken: list[BrokenPromise]
    room: OperationsRoom

    @classmethod
    def of(cls, measured: Measured, looked: Looked, more: "_More") -> Self:
        """All of it; the figures are those of /metrics."""
        found = operations.concerns(
            measured, looked, more.watched, more.disk_free, more.now
        )
        room = looked.room
        return cls(
            measured_at=measured.at,
            healthy=not found,
            verdict=core.verdict(found),
            concerns=[OperationsConcern.model_validate(one) for one in found],
            version=pagefree.__version__,
            canary=_canary(looked, more.watched),
            work=_work(measured, looked),
            processes=_processes(looked, more.now),
            database=_database(measured, looked, more.disk_free),
            providers=[OperationsProvider.model_validate(p) for p in looked.providers],
            unreadable_count=looked.unreadable,
            findings=[OperationsFinding.model_validate(f) for f in looked.findings],
            broken=[BrokenPromise.model_validate(one) for one in looked.broken],
            room=OperationsRoom(
                partition_count=room.partition_count,
                days_ahead=room.days_ahead,
                unplaced_count=room.unplaced,
                finding=room.finding,
            ),
        )


class _More:
    """What is known without asking the database."""

    def __init__(self, request: Request, now: datetime) -> None:
        self.now = now
        self.watched: Watched = request.app.state.watched
        figures: Figures = request.app.state.figures
        self.disk_free = figures.disk_free


@router.get("")
async def get_operations(
    request: Request, actor: CurrentActor, tx: RequestTx, now: Now
) -> Operations:
    """Whether the pager itself is healthy, and what it is made of; for platform admins."""
    require(actor, Can.ADMINISTER)
    state = request.app.state
    measured = await state.figures.measure(state.clock)
    looked = await operations.look(tx, now)
    return Operations.of(measured, looked, _More(request, now))


def _canary(looked: Looked, watched: Watched) -> OperationsCanary:
    runs = [_run(run) for run in looked.runs]
    took = [run.seconds for run in runs]
    enough = len(took) > 1
    return OperationsCanary(
        on=watched.canary,
        watchdog=watched.watchdog,
        p95_seconds=quantiles(took, n=20, method="inclusive")[-1] if enough else None,
        runs=runs,
    )


def _run(run: Run) -> CanaryRun:
    seconds = run.took.total_seconds()
    return CanaryRun(started_at=run.started_at, seconds=seconds, why=run.why)


def _work(measured: Measured, looked: Looked) -> list[WaitingWork]:
    most, unread = core.OVERDUE.total_seconds(), core.UNREAD.total_seconds()
    due = [
        WaitingWork(
            what=what,
            due_count=looked.due.get(what),
            late_s=late.total_seconds(),
            most_s=most,
        )
        for what, late in measured.overdue.items()
    ]
    readers = [
        WaitingWork(
            what=name, due_count=None, late_s=late.total_seconds(), most_s=unread
        )
        for name, late in sorted(measured.unread.items())
    ]
    receipts = WaitingWork(
        what="receipts",
        due_count=None,
        late_s=measured.unconfirmed.total_seconds(),
        most_s=core.UNCONFIRMED.total_seconds(),
    )
    return [*due, receipts, *readers]


def _processes(looked: Looked, now: datetime) -> list[OperationsProcess]:
    return [
        OperationsProcess(
            kind=one.kind,
            host=one.host,
            version=one.version,
            started_at=one.started_at,
            beat_at=one.beat_at,
            silent=now - one.beat_at > core.SILENT,
        )
        for one in looked.processes
    ]


def _database(
    measured: Measured, looked: Looked, disk_free: float | None
) -> OperationsDatabase:
    server, size = measured.server, looked.size
    return OperationsDatabase(
        version=size.version,
        bytes=size.bytes,
        replica_count=size.replicas,
        replication_lag_s=server.replication_lag_s,
        transaction_age=server.xid_age,
        clock_offset_s=measured.clock_offset_s,
        disk_free=disk_free,
    )
