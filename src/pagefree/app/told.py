"""What is known through others: what processes tell with their beats, and who has fallen silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pagefree.app import queries, silence_queries
from pagefree.core.silences import Silence, usual_silence
from pagefree.infra import metrics
from pagefree.infra.certificates import Certificate
from pagefree.infra.db import Tx
from pagefree.infra.told_figures import ToldFigures, figures_read

HEARD_OF = timedelta(minutes=5)  # a process that is silent for longer tells nothing
LOOK = timedelta(minutes=5)  # at the rhythm of integrations: it costs some milliseconds


@dataclass(frozen=True, slots=True)
class Told:
    """What processes have counted, and the certificates that they have met."""

    processes: Mapping[str, ToldFigures]  # by host:pid
    certificates: Mapping[str, Certificate]  # by host


async def ask_processes(tx: Tx, now: datetime) -> Told:
    """All that were heard of lately."""
    kept = await queries.figures_of_processes(tx, now - HEARD_OF)
    # a program that serves and works tells the same twice
    processes = {
        name.partition(":")[2]: figures_read(told) for name, told in kept.items()
    }
    certificates: dict[str, Certificate] = {}
    for one in processes.values():
        for host, certificate in one.certificates.items():
            before = certificates.get(host)
            if before is None or before.seen_s < certificate.seen_s:
                certificates[host] = certificate
    return Told(processes, certificates)


@dataclass(slots=True)
class Silences:
    """Integrations that used to send, looked after now and then."""

    _found: Sequence[Silence] = ()
    _looked_at: datetime | None = None

    async def look(self, tx: Tx, now: datetime) -> Sequence[Silence]:
        """Those with a rhythm that are silent for more than an hour."""
        last = self._looked_at
        if last is None or not timedelta() <= now - last < LOOK:
            self._found = await _silences(tx, now)
            self._looked_at = now
        return self._found


async def _silences(tx: Tx, now: datetime) -> list[Silence]:
    quiet = await silence_queries.list_quiet(tx, now)
    if not quiet:
        return []
    hours = await silence_queries.list_hours(tx, [one.id for one in quiet], now)
    return [
        Silence(one.id, one.name, now - one.heard_at, usual)
        for one in quiet
        if (usual := usual_silence(hours[one.id])) is not None
    ]


def publish(told: Told, silences: Sequence[Silence]) -> None:
    """Set the gauges that scrapers read."""
    gauges = (
        metrics.PROCESS_JOB_FAILURES,
        metrics.PROCESS_LEASES_LOST,
        metrics.CERTIFICATE_ENDS,
        metrics.CERTIFICATE_LIFETIME,
        metrics.SILENCE_SECONDS,
        metrics.USUAL_SILENCE_SECONDS,
    )
    for gauge in gauges:
        gauge.clear()  # who is gone is told of no more
    for node, one in told.processes.items():
        for job, count in one.job_failures.items():
            metrics.PROCESS_JOB_FAILURES.labels(node, job).set(count)
        for lane, count in one.leases_lost.items():
            metrics.PROCESS_LEASES_LOST.labels(node, lane).set(count)
    for host, certificate in told.certificates.items():
        metrics.CERTIFICATE_ENDS.labels(host).set(certificate.ends_s)
        metrics.CERTIFICATE_LIFETIME.labels(host).set(certificate.lifetime_s)
    for silence in silences:
        by = str(silence.integration_id), silence.name
        metrics.SILENCE_SECONDS.labels(*by).set(silence.lasts.total_seconds())
        metrics.USUAL_SILENCE_SECONDS.labels(*by).set(silence.usual.total_seconds())
