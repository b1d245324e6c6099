"""Figures of the whole installation, measured when somebody asks, and not more often than that."""

import asyncio
import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.app import figure_queries, queries
from pagefree.canary import queries as canary
from pagefree.infra import metrics
from pagefree.infra.db import Tx, is_down, transaction

FRESH = timedelta(seconds=5)  # who asks more often is told the same again
ATTEMPTS_OF = timedelta(minutes=5)


@dataclass(slots=True)
class Figures:
    """Keeps the database from scrapers that come too often, or all at once."""

    engine: AsyncEngine
    data_dir: Path | None = None
    _measured_at: datetime | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def measure(self, now: datetime) -> None:
        """Bring the gauges up to date; without a database those stay as they were."""
        async with self._turn:
            if self._measured_at is not None and now - self._measured_at < FRESH:
                return
            self._measured_at = now
            self._measure_disk()
            try:
                async with transaction(self.engine) as tx:
                    await _measure(tx, now)
            except Exception as e:
                if not is_down(e):
                    raise
                metrics.DATABASE_UP.set(0)
            else:
                metrics.DATABASE_UP.set(1)

    def _measure_disk(self) -> None:
        if self.data_dir is not None and self.data_dir.is_dir():
            usage = shutil.disk_usage(self.data_dir)
            metrics.DISK_FREE_RATIO.set(usage.free / usage.total)


async def _measure(tx: Tx, now: datetime) -> None:
    for what, late in (await queries.overdue(tx, now)).items():
        metrics.OVERDUE_SECONDS.labels(what).set(late.total_seconds())
    held = await figure_queries.held_alerts_overdue(tx, now)
    metrics.OVERDUE_SECONDS.labels("alerts").set(held.total_seconds())
    for kind, at in (await queries.beats(tx)).items():
        metrics.BEAT_AGE_SECONDS.labels(kind).set((now - at).total_seconds())
    for name, since in (await figure_queries.unread_since(tx)).items():
        metrics.LISTENER_LAG_SECONDS.labels(name).set(_age_s(since, now))
    unconfirmed = await figure_queries.unconfirmed_since(tx)
    metrics.UNCONFIRMED_SECONDS.set(_age_s(unconfirmed, now))
    await _measure_attempts(tx, now)
    await _measure_canary(tx, now)
    server = await figure_queries.server(tx)
    metrics.CLOCK_OFFSET_SECONDS.set((now - server.clock).total_seconds())
    metrics.TRANSACTION_AGE.set(server.xid_age)
    metrics.REPLICATION_LAG_SECONDS.set(server.replication_lag_s)


async def _measure_attempts(tx: Tx, now: datetime) -> None:
    metrics.ATTEMPTS.clear()  # who is not called any more has no attempts
    duplicates = 0
    for one in await figure_queries.list_attempts(tx, now - ATTEMPTS_OF):
        gauge = metrics.ATTEMPTS.labels(one.channel, one.provider, one.outcome)
        gauge.set(one.count)
        duplicates += one.possible_duplicates
    metrics.POSSIBLE_DUPLICATES.set(duplicates)


async def _measure_canary(tx: Tx, now: datetime) -> None:
    for run in await canary.list_runs(tx, 1):
        metrics.CANARY_OK.set(run.ok)
        metrics.CANARY_SECONDS.set(run.took.total_seconds())
        metrics.CANARY_AGE_SECONDS.set(_age_s(run.started_at + run.took, now))


def _age_s(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0) if since else 0
