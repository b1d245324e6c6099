"""What a process tells of itself with its beat, so that any web process can show it."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from prometheus_client import Counter

from pagefree.infra import certificates, metrics
from pagefree.infra.certificates import Certificate


class ToldFigures(msgspec.Struct, frozen=True):
    """As they are kept beside the beat; what another release does not tell is empty."""

    job_failures: dict[str, float] = {}  # by job
    leases_lost: dict[str, float] = {}  # by lane
    certificates: dict[str, Certificate] = {}  # by host


def figures_told(now: datetime) -> dict[str, object]:
    """Those of this process."""
    told = ToldFigures(
        job_failures=_counted(metrics.JOB_FAILURES, "job"),
        leases_lost=_counted(metrics.LEASES_LOST, "lane"),
        certificates=certificates.MET.known(now),
    )
    found: dict[str, object] = msgspec.to_builtins(told)
    return found


def figures_read(kept: Mapping[str, object]) -> ToldFigures:
    """What a process has told; nothing where another release tells it in other words."""
    try:
        return msgspec.convert(kept, ToldFigures)
    except msgspec.ValidationError:
        return ToldFigures()


def _counted(counter: Counter, label: str) -> dict[str, float]:
    return {
        sample.labels[label]: sample.value
        for family in counter.collect()
        for sample in family.samples
        if sample.name.endswith("_total")
    }
