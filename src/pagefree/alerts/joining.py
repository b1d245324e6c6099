"""Which incident each alert that people are told of belongs to: an open one, or a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.alerts.rulebook import Destination
from pagefree.core.alerts import AlertEvent, Severity, louder
from pagefree.core.grouping import Group, group
from pagefree.core.rules import Decision, louder_of, treated
from pagefree.incidents import service as incidents
from pagefree.incidents.service import Attachment, OpenIncident, Opening
from pagefree.infra.beginning import Beginning
from pagefree.infra.db import Connection
from pagefree.infra.ids import new_id
from pagefree.timeline.service import Cause

NO_TITLE = "(no title)"
DATA = {severity: {"severity": severity.value} for severity in Severity}
RELATED = timedelta(days=1)  # older incidents of other services explain nothing new


@dataclass(slots=True)
class Joiner:
    """An open alert that people are told of: it needs an incident."""

    id: UUID
    destination: Destination
    event: AlertEvent
    decision: Decision | None
    cause: Cause
    incident_id: UUID | None = None


@dataclass(slots=True)
class Found:
    """The incidents that alerts open, and those that they join."""

    openings: list[Opening]
    attachments: list[Attachment]


async def find_incidents(
    connection: Connection,
    alerts: Sequence[Joiner],
    now: datetime,
    beginning: Beginning | None = None,
) -> Found:
    """Give every alert its incident, the open ones locked in the order of their ids.

    `beginning`: of the transaction that they are locked in, if that has not begun yet.
    """
    groups = [group(a.destination.grouping, a.event, now) for a in alerts]
    if beginning and any(its.candidates or its.upstream for its in groups):
        await beginning.begin()
    open_ones = await _open_ones(connection, alerts, groups)
    related = await _related(connection, alerts, groups, now)
    found = Found([], [])
    founders: dict[tuple[UUID, str], list[Joiner]] = {}
    pairs = list(zip(alerts, groups, strict=True))
    # what a dependency has just opened is there for those who depend on it
    for alert, its in [p for p in pairs if not p[1].upstream]:
        _place(alert, its, open_ones, founders, found)
    _open_together(founders, found)
    opened = {o.service_id: o.incident_id for o in found.openings}
    founders = {}
    for alert, its in [p for p in pairs if p[1].upstream]:
        above = _above(alert.destination.upstream, related, opened)
        if above is not None:
            _join(alert, above, found)
        else:
            _place(alert, its, open_ones, founders, found)
    _open_together(founders, found)
    return found


async def _open_ones(
    connection: Connection, alerts: Sequence[Joiner], groups: Sequence[Group]
) -> Mapping[tuple[UUID, str], OpenIncident]:
    asked = {
        (alert.destination.service_id, candidate.key)
        for alert, its in zip(alerts, groups, strict=True)
        for candidate in its.candidates
    }
    return await incidents.open_by_group(connection, list(asked)) if asked else {}


async def _related(
    connection: Connection,
    alerts: Sequence[Joiner],
    groups: Sequence[Group],
    now: datetime,
) -> Mapping[UUID, UUID]:
    services = {
        service_id
        for alert, its in zip(alerts, groups, strict=True)
        if its.upstream
        for service_id in alert.destination.upstream
    }
    if not services:
        return {}
    return await incidents.newest_open(connection, services, now - RELATED)


def _above(
    upstream: Sequence[UUID], related: Mapping[UUID, UUID], opened: Mapping[UUID, UUID]
) -> UUID | None:
    for service_id in upstream:
        incident_id = related.get(service_id) or opened.get(service_id)
        if incident_id is not None:
            return incident_id
    return None


def _place(
    alert: Joiner,
    its: Group,
    open_ones: Mapping[tuple[UUID, str], OpenIncident],
    founders: dict[tuple[UUID, str], list[Joiner]],
    found: Found,
) -> None:
    service_id = alert.destination.service_id
    for candidate in its.candidates:
        there = open_ones.get((service_id, candidate.key))
        after = candidate.opened_after
        if there is not None and (after is None or there.opened_at > after):
            _join(alert, there.id, found)
            return
    if its.key is None:
        alert.incident_id = new_id()
        found.openings.append(_opening([alert], alert.incident_id, None))
    else:
        founders.setdefault((service_id, its.key), []).append(alert)


def _open_together(
    founders: Mapping[tuple[UUID, str], Sequence[Joiner]], found: Found
) -> None:
    for (_, key), together in founders.items():
        incident_id = new_id()
        for alert in together:
            alert.incident_id = incident_id
        found.openings.append(_opening(together, incident_id, key))


def _join(alert: Joiner, incident_id: UUID, found: Found) -> None:
    alert.incident_id = incident_id
    titles = (alert.event.title or NO_TITLE,)
    severity = alert.event.severity
    found.attachments.append(
        Attachment(incident_id, 1, 0, severity, titles, alert.cause)
    )


def _opening(
    together: Sequence[Joiner], incident_id: UUID, group_key: str | None
) -> Opening:
    first = together[0]
    severity = first.event.severity
    how = treated(first.decision, severity)
    for alert in together[1:]:
        severity = louder(severity, alert.event.severity)
        how = louder_of(how, treated(alert.decision, alert.event.severity))
    return Opening(
        incident_id=incident_id,
        service_id=first.destination.service_id,
        team_id=first.destination.team_id,
        policy=first.destination.policy,
        title=first.event.title or NO_TITLE,
        severity=severity,
        priority=how.priority,
        urgency=how.urgency,
        group_key=group_key,
        alert_count=len(together),
        cause=first.cause,
        data=DATA[severity],
    )
