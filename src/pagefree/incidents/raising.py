"""An incident that gets worse: treated as the worse severity asks, never more quietly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.core.alerts import Severity, louder
from pagefree.core.incidents import Status
from pagefree.core.routing import Importance, raised
from pagefree.escalation import service as escalation
from pagefree.incidents import batch_queries
from pagefree.incidents.batch_queries import Locked
from pagefree.infra.db import Connection
from pagefree.timeline.service import Cause, Entry, record_many


@dataclass(frozen=True, slots=True)
class _Raised:
    """An incident as it was, and how it is treated from now on."""

    was: Locked
    severity: Severity
    treated: Importance
    cause: Cause


async def raise_many(
    connection: Connection,
    locked: Sequence[Locked],
    reported: Mapping[UUID, tuple[Severity, Cause]],
    now: datetime,
) -> None:
    """Make incidents of which worse is `reported` as loud as that; the others stay.

    One that nobody has and that becomes urgent escalates anew, so that people are told by
    their rules for what is urgent and not minutes later by those for what can wait.
    """
    worse = [r for incident in locked if (r := _raised(incident, reported))]
    if not worse:
        return
    rows = [
        (r.was.id, r.severity.value, r.treated.priority, r.treated.urgency.value)
        for r in worse
    ]
    numbers = await batch_queries.update_raised(connection, rows)
    await record_many(connection, [_entry(r, numbers[r.was.id]) for r in worse], now)
    urgent = [
        r.was.id
        for r in worse
        if r.treated.urgency is not r.was.urgency
        and r.was.life.status is Status.TRIGGERED
    ]
    if urgent:
        await escalation.restart_many(connection, urgent, now)


def _raised(
    was: Locked, reported: Mapping[UUID, tuple[Severity, Cause]]
) -> _Raised | None:
    if was.id not in reported:
        return None
    severity, cause = reported[was.id]
    if louder(was.severity, severity) is was.severity:
        return None
    return _Raised(was, severity, raised(was.urgency, was.priority, severity), cause)


def _entry(item: _Raised, number: int) -> Entry:
    was, treated = item.was, item.treated
    compared = {
        "severity": (was.severity.value, item.severity.value),
        "priority": (was.priority, treated.priority),
        "urgency": (was.urgency.value, treated.urgency.value),
    }
    changes = {
        name: {"from": before, "to": after}
        for name, (before, after) in compared.items()
        if before != after
    }
    data = {"changes": changes}
    return Entry("incident.updated", item.cause, was.id, was.team_id, data, number)
