"""Figures of the whole installation, measured when somebody asks, and not more often than that."""

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.app import figure_queries, queries, told
from pagefree.app.figure_queries import Attempts, Server
from pagefree.app.told import Silences, Told
from pagefree.canary import queries as canary
from pagefree.core.canary import Run
from pagefree.core.operations import KINDS
from pagefree.core.silences import Silence
from pagefree.infra import metrics
from pagefree.infra.clock import Clock
from pagefree.infra.db import Tx, is_down, transaction

FRESH = timedelta(seconds=5)  # who asks more often is told the same again
ATTEMPTS_OF = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Measured:
    """What the database told of itself and of the work in it."""

    at: datetime
    overdue: Mapping[str, timedelta]  # how late the most overdue of each is
    beats: Mapping[str, datetime]  # the latest of each kind of process
    unread: Mapping[str, timedelta]  # how far readers of the timeline are behind
    unconfirmed: timedelta  # of the oldest message without its receipt
    attempts: Sequence[Attempts]
    run: Run | None  # the canary's last
    told: Told
    silences: Sequence[Silence]
    server: Server
    clock_offset_s: float  # how far this process is ahead of the database


@dataclass(slots=True)
class Figures:
    """Keeps the database from scrapers that come too often, or all at once."""

    engine: AsyncEngine
    data_dir: Path | None = None
    disk_free: float | None = None  # 0 to 1; none: it is not known where data is
    _measured: Measured | None = None
    _silences: Silences = field(default_factory=Silences)
    _failed: tuple[datetime, Exception] | None = None  # when and why, if it did last
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def refresh(self, clock: Clock) -> None:
        """Bring the figures up to date; without a database those stay as they were."""
        try:
            await self.measure(clock)
        except Exception as e:
            if not is_down(e):
                raise
            metrics.DATABASE_UP.set(0)

    async def measure(self, clock: Clock) -> Measured:
        """The figures, not older than FRESH. Raises what a silent database does.

        What failed is not tried again before that either: a database that is slow has
        enough to do.
        """
        async with self._turn:
            last, now = self._measured, clock()
            if self._failed is not None and _is_fresh(self._failed[0], now):
                raise self._failed[1].with_traceback(None)
            if last is not None and _is_fresh(last.at, now):
                return last
            self._measure_disk()
            try:
                async with transaction(self.engine) as tx:
                    self._measured = measured = await _measure(
                        tx, self._silences, clock, now
                    )
            except Exception as e:
                self._failed = clock(), e
                raise
            self._failed = None
            metrics.DATABASE_UP.set(1)
            _publish(measured)
            return measured

    def _measure_disk(self) -> None:
        if self.data_dir is not None and self.data_dir.is_dir():
            usage = shutil.disk_usage(self.data_dir)
            self.disk_free = usage.free / usage.total
            metrics.DISK_FREE_RATIO.set(self.disk_free)


def _is_fresh(at: datetime, now: datetime) -> bool:
    return timedelta() <= now - at < FRESH


async def _measure(tx: Tx, silences: Silences, clock: Clock, now: datetime) -> Measured:
    asked = clock()
    server = await figure_queries.server(tx)
    between = asked + (clock() - asked) / 2  # the answer has been under way
    overdue = dict(await queries.overdue(tx, now))
    overdue["alerts"] = await figure_queries.held_alerts_overdue(tx, now)
    unread = await figure_queries.unread_since(tx)
    unconfirmed = await figure_queries.unconfirmed_since(tx)
    runs = await canary.list_runs(tx, 1)
    return Measured(
        at=now,
        overdue=overdue,
        beats=await queries.beats(tx),
        unread={name: _age(since, now) for name, since in unread.items()},
        unconfirmed=_age(unconfirmed, now),
        attempts=await figure_queries.list_attempts(tx, now - ATTEMPTS_OF),
        run=runs[0] if runs else None,
        told=await told.ask_processes(tx, now),
        silences=await silences.look(tx, now),
        server=server,
        clock_offset_s=(between - server.clock).total_seconds(),
    )


def _publish(measured: Measured) -> None:
    """Set the gauges that scrapers read."""
    for what, late in measured.overdue.items():
        metrics.OVERDUE_SECONDS.labels(what).set(late.total_seconds())
    for kind in {*KINDS, *measured.beats}:  # whoever stops takes its beat away
        at = measured.beats.get(kind)
        silent = (measured.at - at).total_seconds() if at else inf
        metrics.BEAT_AGE_SECONDS.labels(kind).set(silent)
    for name, age in measured.unread.items():
        metrics.LISTENER_LAG_SECONDS.labels(name).set(age.total_seconds())
    metrics.UNCONFIRMED_SECONDS.set(measured.unconfirmed.total_seconds())
    _publish_attempts(measured.attempts)
    told.publish(measured.told, measured.silences)
    if measured.run is not None:
        run = measured.run
        metrics.CANARY_OK.set(run.ok)
        metrics.CANARY_SECONDS.set(run.took.total_seconds())
        age = _age(run.started_at + run.took, measured.at)
        metrics.CANARY_AGE_SECONDS.set(age.total_seconds())
    metrics.CLOCK_OFFSET_SECONDS.set(measured.clock_offset_s)
    metrics.TRANSACTION_AGE.set(measured.server.xid_age)
    metrics.REPLICATION_LAG_SECONDS.set(measured.server.replication_lag_s)


def _publish_attempts(attempts: Sequence[Attempts]) -> None:
    metrics.ATTEMPTS.clear()  # who is not called any more has no attempts
    for one in attempts:
        gauge = metrics.ATTEMPTS.labels(one.channel, one.provider, one.outcome)
        gauge.set(one.count)
    duplicates = sum(one.possible_duplicates for one in attempts)
    metrics.POSSIBLE_DUPLICATES.set(duplicates)


def _age(since: datetime | None, now: datetime) -> timedelta:
    return max(now - since, timedelta()) if since else timedelta()
