"""What an operator is told, and when the pager is called healthy."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from pagefree.core.canary import STALE
from pagefree.core.operations import (
    OVERDUE,
    SILENT,
    UNCONFIRMED,
    UNREAD,
    Canary,
    Database,
    Ending,
    Provider,
    Seen,
    concerns,
    verdict,
)
from pagefree.core.silences import Silence

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
SILENT_TOOL = Silence(UUID(int=1), "Prometheus", 9 * DAY, 2 * DAY)
NOTHING: Mapping[str, timedelta] = {}
HEALTHY_DATABASE = Database(
    transaction_age=1, replication_lag_s=0.0, clock_offset_s=0.0, disk_free=0.5
)
HEALTHY = Seen(
    canary=Canary(on=True, age=SECOND, why=None),
    overdue={"escalations": OVERDUE},
    unread={"audit": UNREAD},
    unconfirmed=UNCONFIRMED,
    silent={"web": SILENT, "worker": SECOND},
    providers=(Provider("twilio", 100, 95, None), Provider("aws_sns", 0, 0, None)),
    database=HEALTHY_DATABASE,
    unreadable=0,
    silences=(),
    certificates={"pager.example.org": Ending(21 * DAY, 90 * DAY)},
    broken=(),
    notes=(),
)


def test_up_to_each_limit_the_pager_is_healthy() -> None:
    assert concerns(HEALTHY) == []
    assert verdict([]) == "The pager is healthy"


def test_a_canary_that_is_switched_off_worries_nobody() -> None:
    assert concerns(replace(HEALTHY, canary=Canary(on=False, age=None, why="x"))) == []


@pytest.mark.parametrize(
    ("seen", "alarm", "says"),
    [
        (
            replace(HEALTHY, canary=Canary(on=True, age=None, why=None)),
            "PageFreeCanarySilent",
            "has not come back",
        ),
        (
            replace(HEALTHY, canary=Canary(on=True, age=STALE + SECOND, why=None)),
            "PageFreeCanarySilent",
            "has not come back",
        ),
        (
            replace(HEALTHY, canary=Canary(on=True, age=SECOND, why="it is lost")),
            "PageFreeCanaryFailed",
            "it is lost",
        ),
        (replace(HEALTHY, broken=("due work waits",)), "PageFreeWorkOverdue", "waits"),
        (
            replace(HEALTHY, silent={"web": SECOND}),
            "PageFreeProcessSilent",
            "no worker process",
        ),
        (
            replace(HEALTHY, silent={"web": SILENT + SECOND, "worker": SECOND}),
            "PageFreeProcessSilent",
            "no web process",
        ),
        (
            replace(HEALTHY, overdue={"escalations": OVERDUE + SECOND}),
            "PageFreeWorkOverdue",
            "escalations are late by 31 s",
        ),
        (
            replace(HEALTHY, unread={"audit": UNREAD + SECOND}),
            "PageFreeReaderBehind",
            "audit has not read events for 11 s",
        ),
        (
            replace(HEALTHY, unconfirmed=UNCONFIRMED + SECOND),
            "PageFreeNotDelivered",
            "601 s",
        ),
        (
            replace(HEALTHY, providers=(Provider("twilio", 100, 94, None),)),
            "PageFreeProviderFailing",
            "twilio took 94 of 100 messages",
        ),
        (
            replace(HEALTHY, providers=(Provider("twilio", 0, 0, "bad token"),)),
            "PageFreeProviderFailing",
            "twilio refuses us: bad token",
        ),
        (
            replace(HEALTHY, database=replace(HEALTHY_DATABASE, disk_free=0.149)),
            "PageFreeDiskFull",
            "15% of the disk is free",
        ),
        (
            replace(HEALTHY, database=replace(HEALTHY_DATABASE, replication_lag_s=31)),
            "PageFreeReplicaBehind",
            "31 s behind",
        ),
        (
            replace(
                HEALTHY,
                database=replace(HEALTHY_DATABASE, transaction_age=1_000_000_001),
            ),
            "PageFreeTransactionAge",
            "frozen",
        ),
        (
            replace(HEALTHY, database=replace(HEALTHY_DATABASE, clock_offset_s=-1.1)),
            "PageFreeClockOff",
            "1.1 s",
        ),
        (
            replace(HEALTHY, silences=[SILENT_TOOL]),
            "PageFreeIntegrationSilent",
            "Prometheus has sent nothing for 216 h, before never for more than 48 h",
        ),
        (
            replace(HEALTHY, certificates={"x": Ending(20 * DAY, 90 * DAY)}),
            "PageFreeCertificateEnds",
            "of x ends in 20 days",
        ),
        (
            replace(HEALTHY, certificates={"x": Ending(DAY, 6 * DAY)}),
            "PageFreeCertificateEnds",
            "of x ends in 1 days",
        ),
        (replace(HEALTHY, unreadable=1), "PageFreeUnreadable", "1 request of"),
        (replace(HEALTHY, unreadable=2), "PageFreeUnreadable", "2 requests of"),
        (replace(HEALTHY, notes=("a rota has a gap",)), "", "a rota has a gap"),
    ],
)
def test_beyond_a_limit_one_thing_is_said_and_what_to_do(
    seen: Seen, alarm: str, says: str
) -> None:
    (found,) = concerns(seen)

    assert found.alarm == alarm
    assert says in found.says
    assert found.todo
    assert verdict([found]) == f"The pager needs you: {found.says}"


def test_the_gravest_is_told_first_and_the_rest_is_counted() -> None:
    found = concerns(replace(HEALTHY, silent=NOTHING, unreadable=3, broken=("worse",)))

    assert [one.alarm for one in found] == [
        "PageFreeWorkOverdue",
        "PageFreeProcessSilent",
        "PageFreeProcessSilent",
        "PageFreeUnreadable",
    ]
    assert verdict(found) == "The pager needs you: worse, and 3 more"
