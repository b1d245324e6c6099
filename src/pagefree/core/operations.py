"""Whether the pager itself is healthy: what an operator has to look at, and what to do.

The limits are those of the alarms in deploy/prometheus/pagefree-alerts.yml.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pagefree.core.canary import STALE
from pagefree.core.silences import Silence

OVERDUE = timedelta(seconds=30)
UNREAD = timedelta(seconds=10)
UNCONFIRMED = timedelta(minutes=10)
SILENT = timedelta(minutes=1)  # processes beat every ten seconds
LEAST_SUCCESS = 0.95  # of calls to a provider in five minutes
LEAST_DISK = 0.15
LEAST_CERTIFICATE = timedelta(days=21)
MOST_CLOCK_OFFSET_S = 1.0
MOST_REPLICATION_LAG_S = 30.0
MOST_TRANSACTION_AGE = 1_000_000_000  # half of where PostgreSQL stops
KINDS = ("web", "worker")


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that an operator should look at."""

    alarm: str  # as Prometheus calls it
    says: str
    todo: str


@dataclass(frozen=True, slots=True)
class Canary:
    """How it flew the last time, if it flies at all."""

    on: bool
    age: timedelta | None  # none: it has not flown yet
    why: str | None  # it failed; none: it came back


@dataclass(frozen=True, slots=True)
class Provider:
    """What became of the calls to one provider in the last five minutes."""

    name: str
    attempts: int
    accepted: int
    broken_reason: str | None  # it refuses us

    @property
    def success(self) -> float:
        """The share of calls that were taken."""
        return self.accepted / self.attempts if self.attempts else 1.0


@dataclass(frozen=True, slots=True)
class Database:
    """How PostgreSQL and its disk are."""

    transaction_age: int
    replication_lag_s: float
    clock_offset_s: float
    disk_free: float | None  # 0 to 1; none: not known


@dataclass(frozen=True, slots=True)
class Ending:
    """How long a certificate is still valid, and is in all."""

    left: timedelta
    lifetime: timedelta

    @property
    def soon(self) -> bool:
        """Whether it should have been renewed by now; some live for a few days only."""
        return self.left < min(LEAST_CERTIFICATE, self.lifetime / 4)


@dataclass(frozen=True, slots=True)
class Seen:
    """All that the verdict is made of."""

    canary: Canary
    overdue: Mapping[str, timedelta]
    unread: Mapping[str, timedelta]
    unconfirmed: timedelta
    silent: Mapping[str, timedelta]  # the youngest process of a kind
    providers: Sequence[Provider]
    database: Database
    unreadable: int
    silences: Sequence[Silence]  # of integrations, longer than they ever were
    certificates: Mapping[str, Ending]  # by host
    broken: Sequence[str]  # promises
    notes: Sequence[str]  # what else somebody should look after


def concerns(seen: Seen) -> list[Concern]:
    """What is not as it should be, the gravest first; nothing in a healthy installation."""
    parts = (_canary, _promises, _processes, _work, _providers, _database, _rest)
    return [concern for part in parts for concern in part(seen)]


def verdict(found: Sequence[Concern]) -> str:
    """It all in one line."""
    if not found:
        return "The pager is healthy"
    rest = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return f"The pager needs you: {found[0].says}{rest}"


def _canary(seen: Seen) -> Iterator[Concern]:
    canary = seen.canary
    if not canary.on:
        return
    if canary.age is None or canary.age > STALE:
        yield Concern(
            "PageFreeCanarySilent",
            "the canary has not come back for three minutes",
            "Look whether a worker runs and reaches the public address.",
        )
    elif canary.why is not None:
        yield Concern(
            "PageFreeCanaryFailed",
            f"the canary failed: {canary.why}",
            "It names the step at which a real alert would be stuck: begin there.",
        )


def _promises(seen: Seen) -> Iterator[Concern]:
    for says in seen.broken:
        yield Concern(
            "PageFreeWorkOverdue",
            says,
            "Look whether workers run; what is due is done as soon as one does.",
        )


def _processes(seen: Seen) -> Iterator[Concern]:
    for kind in KINDS:
        silent = seen.silent.get(kind)
        if silent is None or silent > SILENT:
            yield Concern(
                "PageFreeProcessSilent",
                f"no {kind} process has been heard of for a minute",
                f"Start one: pagefree {kind}.",
            )


def _work(seen: Seen) -> Iterator[Concern]:
    for what, late in seen.overdue.items():
        if late > OVERDUE:
            yield Concern(
                "PageFreeWorkOverdue",
                f"{what} are late by {_seconds(late)}",
                "Look whether workers run, and at the load of the database.",
            )
    for reader, late in seen.unread.items():
        if late > UNREAD:
            yield Concern(
                "PageFreeReaderBehind",
                f"{reader} has not read events for {_seconds(late)}",
                "Look into the log of the workers for job.failed.",
            )
    if seen.unconfirmed > UNCONFIRMED:
        yield Concern(
            "PageFreeNotDelivered",
            f"a message is without its receipt for {_seconds(seen.unconfirmed)}",
            "Look at the provider's console, and whether its callbacks come in.",
        )


def _providers(seen: Seen) -> Iterator[Concern]:
    for one in seen.providers:
        if one.broken_reason is not None:
            yield Concern(
                "PageFreeProviderFailing",
                f"{one.name} refuses us: {one.broken_reason}",
                "Renew its credentials under Channels.",
            )
        elif one.success < LEAST_SUCCESS:
            yield Concern(
                "PageFreeProviderFailing",
                f"{one.name} took {one.accepted} of {one.attempts} messages",
                "Look at the delivery log under Channels for what it answers.",
            )


def _database(seen: Seen) -> Iterator[Concern]:
    has = seen.database
    if has.disk_free is not None and has.disk_free < LEAST_DISK:
        yield Concern(
            "PageFreeDiskFull",
            f"{has.disk_free:.0%} of the disk is free",
            "Make room, or keep things for fewer days under Limits.",
        )
    if has.replication_lag_s > MOST_REPLICATION_LAG_S:
        yield Concern(
            "PageFreeReplicaBehind",
            f"a replica is {has.replication_lag_s:.0f} s behind",
            "A failover now would lose so much: look at the replica.",
        )
    if has.transaction_age > MOST_TRANSACTION_AGE:
        yield Concern(
            "PageFreeTransactionAge",
            "PostgreSQL has not frozen old rows for too long",
            "Run VACUUM FREEZE, and look for transactions that never end.",
        )
    if abs(has.clock_offset_s) > MOST_CLOCK_OFFSET_S:
        yield Concern(
            "PageFreeClockOff",
            f"clocks differ by {abs(has.clock_offset_s):.1f} s",
            "Look whether NTP runs on this machine and on the database's.",
        )


def _rest(seen: Seen) -> Iterator[Concern]:
    if seen.unreadable:
        times = "1 request" if seen.unreadable == 1 else f"{seen.unreadable} requests"
        yield Concern(
            "PageFreeUnreadable",
            f"{times} of the last day could not be read",
            "Read under Integrations what came, and take it in again.",
        )
    for silence in seen.silences:
        yield Concern(
            "PageFreeIntegrationSilent",
            f"{silence.name} has sent nothing for {_hours(silence.lasts)},"
            f" before never for more than {_hours(silence.usual)}",
            "Look whether that tool runs and reaches PageFree.",
        )
    for host, certificate in seen.certificates.items():
        if certificate.soon:
            yield Concern(
                "PageFreeCertificateEnds",
                f"the certificate of {host} ends in {certificate.left.days} days",
                "Renew it if it is yours; else tell whose it is.",
            )
    for note in seen.notes:
        yield Concern("", note, "It goes away by itself once it is mended.")


def _hours(time: timedelta) -> str:
    return f"{time.total_seconds() / 3600:.0f} h"


def _seconds(late: timedelta) -> str:
    return f"{late.total_seconds():.0f} s"
